"""What is learned from incidents: postmortems, recurrence, measures. Nothing here knows that there are screens."""
