"""opsterm: a keyboard-driven terminal console for live incident command."""

__version__ = "0.1.0"
