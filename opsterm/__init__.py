"""opsterm: a keyboard-driven terminal console for live incident command."""

__version__ = "0.1.0"
#: The day on which this version was made: no clock that is right stands before it.
__date__ = "2026-11-30"
