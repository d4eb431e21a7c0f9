"""Textual CSS, a file a screen."""
