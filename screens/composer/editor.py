"""The text of a message, while it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.widgets import TextArea

from opsterm.records.plain import plain
from screens.keys.actions import TEXT, bindings

if TYPE_CHECKING:
    from screens.composer.composer import Composer


class Writing(TextArea):
    """A text editor that tells its composer of every change."""

    BINDINGS = bindings(TEXT)

    def __init__(self, text: str) -> None:
        super().__init__(
            plain(text), id="writing", soft_wrap=True, show_line_numbers=False, compact=True, tab_behavior="focus"
        )
        self.cursor_blink = False

    def on_paste(self, event: events.Paste) -> None:
        """Only what can be shown gets in; the editor itself takes it after this."""
        event.text = plain(event.text)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        event.stop()
        composer: Composer = self.screen  # type: ignore[assignment]
        composer.written(self.text)
