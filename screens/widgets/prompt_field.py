"""The one line to type in."""

from __future__ import annotations

from typing import Protocol

from textual import events
from textual.widgets import Input
from textual.widgets.input import Selection

from opsterm.records.plain import filled_lines, plain
from screens.keys.actions import CAPTURE, bindings
from screens.keys.typed import unseen_letter


class Typing(Protocol):
    """What the keys of the line do, and who is told of its text."""

    def enter(self) -> None: ...
    def leave(self) -> None: ...
    def earlier(self) -> None: ...
    def later(self) -> None: ...
    def clear(self) -> None: ...
    def typed_on(self, text: str) -> None: ...
    def pasted(self, text: str) -> bool: ...


class Field(Input):
    """An input whose words below say what enter will do. A paste of several lines goes to whoever asked."""

    BINDINGS = bindings(CAPTURE)

    def __init__(self, prompt: Typing) -> None:
        super().__init__(id="field", select_on_focus=False, compact=True)
        self.prompt = prompt

    def fill(self, text: str, start: int, end: int) -> None:
        """Puts a text there, of which typing replaces what stands between two places."""
        self.value = text
        self.selection = Selection(start, end)

    def insert_text_at_cursor(self, text: str) -> None:
        """What is selected is replaced, by whichever way letters come."""
        self.replace(text, *sorted(self.selection))

    def action_enter(self) -> None:
        self.prompt.enter()

    def action_back(self) -> None:
        self.prompt.leave()

    def action_earlier(self) -> None:
        self.prompt.earlier()

    def action_later(self) -> None:
        self.prompt.later()

    def action_clear(self) -> None:
        self.prompt.clear()

    def on_key(self, event: events.Key) -> None:
        """A letter that is not seen by itself is typed as any other."""
        if letter := unseen_letter(event):
            event.stop()
            event.prevent_default()
            self.insert_text_at_cursor(letter)

    def validate_value(self, value: str) -> str:
        """What was pasted may hold anything; only what can be shown gets in."""
        return plain(value).replace("\n", " ").replace("\t", " ")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.prompt.typed_on(self.value)

    def on_paste(self, event: events.Paste) -> None:
        """What somebody takes whole does not come to the line; all else the input takes after this, as one line."""
        lines = filled_lines(event.text)
        if len(lines) > 1 and self.prompt.pasted(event.text):
            event.stop()
            event.prevent_default()
        else:
            event.text = " ".join(lines)
