"""Screens of learning: postmortems, what repeats, problems, measures."""
