"""The foot of a screen: one line to type in or to answer with one key, and the keys that work here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.timer import Timer
from textual.widget import Widget

from opsterm.board.failure import BoardError
from opsterm.board.store import Board
from opsterm.core.session import Outcome, Rejected
from screens.keys.actions import CAPTURE, KeyAction, footer, of, say_key
from screens.keys.typed import unseen_letter
from screens.widgets.bar import Bar
from screens.widgets.cells import Cell, Line, cut, width
from screens.widgets.symbols import SIGNS

if TYPE_CHECKING:
    from screens.widgets.prompt_field import Field

#: How long what was just done stays to be read, and how long what was refused or is warned of does, unless another key
#: does something before.
FLASH_S, WARNING_S = 6.0, 15.0
#: When the line to type in is made, unless a key asks for it before: after the first paint, which does not show it.
FIELD_AFTER_S = 0.1
#: Half-typed text is kept once the keys rest for so long.
KEEP_AFTER_S = 0.15


@dataclass(slots=True)
class Question:
    """What is typed for, and what becomes of it."""

    prompt: str
    #: What enter will do with the text, in words; in a tone where they are more or less than that. Raises Rejected.
    words: Callable[[str], str | Cell]
    #: Does it; says whether that ends the typing. Raises Rejected.
    done: Callable[[str], bool]
    #: Under which half-typed text is kept on the board, to be there again when it is asked anew; empty: it is not kept.
    key: str = ""
    #: Is told of every change, for what goes along with the typing.
    follow: Callable[[str], None] = field(default=lambda text: None)
    #: Takes a paste of several lines.
    paste: Callable[[str], None] | None = None
    #: Called when the line is left with esc.
    left: Callable[[], None] = field(default=lambda: None)
    #: Lines typed before, oldest first.
    history: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Choice:
    """One key of a choice at the foot."""

    key: str
    words: str
    does: Callable[[], None]


class Prompt(Vertical):
    """Rests on two lines, a hint and the keys; opens for typing, or for a choice by one key."""

    class Choices(Bar, can_focus=True):
        """The lines themselves: they take the keys while a choice is open."""

        def on_key(self, event: events.Key) -> None:
            prompt = self.parent
            if isinstance(prompt, Prompt) and prompt.choosing and not event.key.startswith("ctrl+"):
                event.stop()
                event.prevent_default()
                prompt.take(event)

    def __init__(self, board: Board) -> None:
        super().__init__(id="foot")
        self._board = board
        self.bar = Prompt.Choices(id="foot-bar", lines=(Line(), Line()))
        self.field: Field | None = None
        self.label = Bar(id="prompt", lines=(Line(),))
        self.row: Horizontal | None = None
        self.question: Question | None = None
        self.choices: Sequence[Choice] = ()
        #: What the first line says while nothing else is to be said.
        self.hint: tuple[Cell, ...] = ()
        self.hint_right: tuple[Cell, ...] = ()
        self.places: tuple[str, ...] = ()
        #: Keys that the hint says already.
        self.hinted: frozenset[str] = frozenset()
        self._asked = Cell("")
        self._flash: tuple[Cell, ...] = ()
        #: Whether what it says is so still.
        self._holds: Callable[[], bool] | None = None
        self._flash_timer: Timer | None = None
        self._keep_timer: Timer | None = None
        #: What the key that opened the line put there: nobody typed it.
        self._given = ""
        self._before: Widget | None = None
        self._recalled = 0

    def compose(self) -> ComposeResult:
        yield self.bar

    def on_mount(self) -> None:
        self.set_timer(FIELD_AFTER_S, self.make_field)

    # --- resting

    def rest(self) -> None:
        """Paints the lines for the state that it is in."""
        if self.question is not None:
            self._say_words()
        elif self.choices:
            self.bar.show(self._choice_lines())
        else:
            if self._flash and self._holds is not None and not self._holds():
                self._flash = ()
            first = self._flash or self._whole(self.hint)
            self.bar.show((Line((Cell(" "), *first), (*self.hint_right, Cell(" "))), self._keys_of_places()))

    def _whole(self, hint: tuple[Cell, ...]) -> tuple[Cell, ...]:
        """The hint without the pairs of key and words that it has no room for."""
        room = self._columns - width(self.hint_right) - 2
        while len(hint) > 2 and width(hint) > room:
            hint = hint[:-2]
        return hint

    def _choice_lines(self) -> tuple[Line, Line]:
        """The choices, on a second line where the first one is full."""
        first, second = [Cell(" ")], [Cell(" ")]
        first.append(self._asked)
        for choice in self.choices:
            one = [Cell(choice.key, "accent"), Cell(f" {choice.words}   ")]
            row = first if len(second) == 1 and width([*first, *one]) <= self._columns else second
            row += one
        return Line(tuple(first)), Line(tuple(second), (Cell("esc", "accent"), Cell(" back ", "muted")))

    @property
    def _columns(self) -> int:
        return self.size.width or self.app.size.width

    def _keys_of_places(self) -> Line:
        """The keys that work here, as many as there is room for; the one for help always."""
        keys = [action for action in footer(self.places) if action.keys[0] not in self.hinted]
        right = tuple(cell for action in keys if action.name == "help" for cell in _said(action))
        left: list[Cell] = [Cell(" ")]
        for action in keys:
            if action.name in ("help", "palette", "leave"):
                continue
            one = (*_said(action), Cell(" "))
            if width([*left, *one]) > self._columns - width(right) - 2:
                break
            left += one
        return Line(tuple(left), right)

    def flash(self, sentence: str, *, tone: str = "", holds: Callable[[], bool] | None = None) -> None:
        """Says for some seconds what was done, or why not: for as long as its tone asks for, until another key does
        something, and no longer than it `holds`."""
        sign = {"warn": f"{SIGNS.alarm} ", "good": f"{SIGNS.done} "}.get(tone, "")
        self._flash, self._holds = (Cell(f"{sign}{sentence}", tone),), holds
        if self._flash_timer is not None:
            self._flash_timer.stop()
        self._flash_timer = self.set_timer(WARNING_S if tone == "warn" else FLASH_S, self._flash_over)
        self.rest()

    def flash_parts(self, parts: Sequence[str]) -> None:
        """Says as many of these parts as there is room for, the first in any case."""
        room = self._columns - 2
        while len(parts) > 1 and width((Cell("; ".join(parts)),)) > room:
            parts = parts[:-1]
        self.flash("; ".join(parts))

    @property
    def flashed(self) -> object:
        """What it says for some seconds: another object for each time that it says something."""
        return self._flash

    def forget(self, flashed: object) -> None:
        """Says no longer what it said before another key did something."""
        if self._flash and self._flash is flashed:
            self._flash_over()

    def told(self, told: Outcome) -> None:
        """Says what a command did, and what it warns of."""
        if told.warning:
            self.flash(f"{told.sentence}: {told.warning}", tone="warn")
        else:
            self.flash(told.sentence, tone="good")

    @property
    def free(self) -> bool:
        """Whether it says nothing, asks nothing and takes no text just now."""
        return not self._flash and self.question is None and not self.choosing

    def _flash_over(self) -> None:
        self._flash = ()
        if self._flash_timer is not None:
            self._flash_timer.stop()
            self._flash_timer = None
        self.rest()

    # --- typing

    def ask(
        self, question: Question, given: str = "", *, cursor: int | None = None, offered: int = 0, pasted: str = ""
    ) -> None:
        """Opens the line with what was half typed, else with what its key puts there: `cursor` says where in that
        typing goes on, and of its last `offered` letters that typing replaces them. What was pasted goes on behind
        either."""
        kept = self._board.draft(question.key) if question.key else ""
        text = kept or given
        if pasted and text.strip() and not text.endswith(" "):
            text += " "
        text += pasted
        field = self._line()
        self._leave_choices()
        if self.question is None:
            focused = self.screen.focused
            self._before = focused if focused is not self.bar else self._before
        self.question, self._given = question, given
        self._recalled = len(question.history)
        self.label.show([Line((Cell(f" {question.prompt} ", "accent"),))])
        self.label.styles.width = width(self.label.lines[0].left)
        self._show_row(True)
        self.bar.show((Line(),))
        if cursor is None or text != given:
            cursor = len(text)
        field.fill(text, cursor - (offered if text == given else 0), cursor)
        self.screen.set_focus(field)
        self.rest()

    @property
    def typed(self) -> str:
        """What stands in the line while it is open."""
        return self._line().value if self.question is not None else ""

    def close(self) -> None:
        """Ends the typing, and goes back to where one was."""
        if self.question is None:
            return
        self._keep_now()
        self.question = None
        self._show_row(False)
        self._go_back()
        self.rest()

    def leave(self) -> None:
        """Steps out of the line; what was typed is kept, and what its key put there goes."""
        question = self.question
        self.close()
        if question is not None:
            question.left()

    def enter(self) -> None:
        """Does what the words say."""
        question = self.question
        if question is None:
            return
        text, recalled = self._line().value, self.is_recalled
        try:
            ended = question.done(text)
        except (Rejected, BoardError) as refused:
            self._say(str(refused), "warn")
            return
        if text.strip() and text not in question.history[-1:]:
            question.history.append(text)
        if ended and self.question is question:
            self._stop_keeping()
            if not recalled:
                self._keep(question, "")
            self.question = None
            self._line().value = ""
            self._show_row(False)
            self._go_back()
            self.rest()

    def earlier(self) -> None:
        """Puts the line typed before into the field."""
        self._recall(-1)

    def later(self) -> None:
        """Puts the line typed after into the field."""
        self._recall(1)

    def clear(self) -> None:
        """Empties the line; an empty one says how it is left."""
        question, field = self.question, self._line()
        if question is None:
            return
        if not field.value:
            self._say("esc leaves this line", "")
            return
        if self._by_hand(field.value).strip() and field.value not in question.history:
            question.history.append(field.value)
        self._recalled = len(question.history)
        field.value = ""

    def _recall(self, by: int) -> None:
        question = self.question
        if question is None:
            return
        field = self._line()
        self._keep_now()
        unfinished = self._recalled == len(question.history) and self._by_hand(field.value).strip()
        if unfinished and field.value not in question.history:
            question.history.append(field.value)
            self._recalled = len(question.history) - 1
        place = self._recalled + by
        while 0 <= place < len(question.history) and question.history[place] == field.value:
            place += by
        if place < 0:
            return
        place = min(place, len(question.history))
        self._recalled = place
        field.value = question.history[place] if place < len(question.history) else ""
        field.cursor_position = len(field.value)

    def _line(self) -> Field:
        """The field, made when it is first needed or once all is painted."""
        if self.field is None:
            self.make_field()
        assert self.field is not None
        return self.field

    def make_field(self) -> None:
        """Makes the line to type in, unseen."""
        if self.field is None:
            from screens.widgets.prompt_field import Field

            self.field = Field(self)
            self.row = Horizontal(id="ask")
            self.row.display = False
            if self.is_attached:  # not while the console is being left
                self.mount(self.row, before=self.bar)
            # Not as its children to be: those would stand nowhere, and could take no key, until it is composed.
            if self.row.is_attached:
                self.row.mount(self.label, self.field)

    def _show_row(self, shown: bool) -> None:
        if self.row is not None:
            self.row.display = shown

    def typed_on(self, text: str) -> None:
        """The text in the line is another one now."""
        if self.question is None:
            return
        self.question.follow(text)
        self._stop_keeping()
        self._keep_timer = self.set_timer(KEEP_AFTER_S, self._keep_now)
        self.rest()

    def pasted(self, text: str) -> bool:
        """Several lines were pasted; says whether somebody takes them."""
        if self.question is None or self.question.paste is None:
            return False
        self.question.paste(text)
        return True

    def _keep_now(self) -> None:
        self._stop_keeping()
        if self.question is not None and not self.is_recalled:
            self._keep(self.question, self._line().value)

    @property
    def is_recalled(self) -> bool:
        """Whether a line typed before stands there as it was: what was half typed here then stays kept."""
        history = self.question.history if self.question is not None else []
        return self._recalled < len(history) and history[self._recalled] == self._line().value

    def _keep(self, question: Question, text: str) -> None:
        if question.key:
            self._board.keep_draft(question.key, self._by_hand(text))

    def _by_hand(self, text: str) -> str:
        """What of a text somebody typed: all of it, or nothing where it is what the key of the line put there."""
        return text if text.strip() != self._given.strip() else ""

    def _stop_keeping(self) -> None:
        if self._keep_timer is not None:
            self._keep_timer.stop()
            self._keep_timer = None

    def _say_words(self) -> None:
        assert self.question is not None
        try:
            words = self.question.words(self._line().value)
            said = words if isinstance(words, Cell) else Cell(words)
        except Rejected as refused:
            said = Cell(str(refused), "warn")
        self._say(*said)

    def _say(self, words: str, tone: str) -> None:
        keys = keys_of(CAPTURE, only=("enter", "back", "earlier"))
        room = self._columns - 4
        right = keys if width(keys) < room // 2 else keys[:4]
        if tone == "warn" and width((Cell(words),)) + width(right) > room:
            right = ()
        sign = f"{SIGNS.alarm} " if tone == "warn" else f"{SIGNS.right} "
        self.bar.show(
            (
                Line(
                    (
                        Cell(f" {sign}", tone or "accent"),
                        Cell(cut(words, max(room - width(right), 20)), tone or "strong"),
                    ),
                    right,
                ),
            )
        )

    def typed_ahead(self, event: events.Key) -> bool:
        """Takes a key that was pressed while the line or the choice was just opening; says whether it did. Fast hands
        and slow machines lose no letter, and no letter becomes a command."""
        letter = event.character if event.is_printable else unseen_letter(event)
        if self.question is not None and letter:
            self._line().insert_text_at_cursor(letter)
            return True
        if self.choosing and event.is_printable:
            self.take(event)
            return True
        return False

    # --- choosing

    @property
    def choosing(self) -> bool:
        return bool(self.choices)

    def choose(self, question: str, choices: Sequence[Choice]) -> None:
        """Asks for one key."""
        if self.screen.focused is not self.bar:
            self._before = self.screen.focused
        self.choices = choices
        self._asked = Cell(f"{question}  ", "strong")
        self.bar.focus()
        self.rest()

    def take(self, event: events.Key) -> None:
        """Answers the choice that is open; a key that it does not know leaves it open."""
        pressed = event.character if event.character and event.character.isprintable() else event.key
        chosen = next((c for c in self.choices if c.key in (pressed, say_key(event.key))), None)
        if chosen is None and event.key != "escape":
            return
        self.put_aside()
        if chosen is not None:
            chosen.does()

    def put_aside(self) -> bool:
        """Leaves the choice that is open; says whether one was."""
        if not self.choosing:
            return False
        self._leave_choices()
        self._go_back()
        self.rest()
        return True

    def _leave_choices(self) -> None:
        self.choices = ()

    def _go_back(self) -> None:
        if self._before is not None and self._before.is_attached:
            self.screen.set_focus(self._before)
        self._before = None


def keys_of(place: str, *, only: Sequence[str] = ()) -> tuple[Cell, ...]:
    """Keys and what they do, in the table's order; `only` some actions where they are named."""
    chosen = [action for action in of(place) if not only or action.name in only]
    return tuple(cell for action in chosen for cell in _said(action))


def _said(action: KeyAction) -> tuple[Cell, Cell]:
    return Cell(action.sign, "accent"), Cell(f" {action.verb}  ", "muted")
