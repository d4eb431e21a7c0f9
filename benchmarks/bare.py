"""What everything is measured beside: a bare Textual application with one list."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.widgets import OptionList


class Bare(App[None]):
    """One list of twelve lines."""

    def compose(self) -> ComposeResult:
        yield OptionList(*(f"line{number}" for number in range(1, 13)))


if __name__ == "__main__":
    Bare().run()
