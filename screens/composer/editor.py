"""The text of a message, while it is written."""

from __future__ import annotations

from textual import events
from textual.widgets import TextArea

from opsterm.records.plain import plain
from screens.keys.actions import TEXT, bindings
from screens.keys.typed import unseen_letter


class Writing(TextArea):
    """A text editor into which only what can be shown gets."""

    BINDINGS = bindings(TEXT)

    def __init__(self, text: str) -> None:
        super().__init__(
            plain(text), id="writing", soft_wrap=True, show_line_numbers=False, compact=True, tab_behavior="focus"
        )
        self.cursor_blink = False

    def on_key(self, event: events.Key) -> None:
        """A letter that is not seen by itself is typed as any other."""
        if letter := unseen_letter(event):
            event.stop()
            event.prevent_default()
            self.insert(letter)

    def on_paste(self, event: events.Paste) -> None:
        """Only what can be shown gets in; the editor itself takes it after this."""
        event.text = plain(event.text)
