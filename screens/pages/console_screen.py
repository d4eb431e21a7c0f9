"""What a console screen is: everything that the console, the palette and the keys ask of any screen is said here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pkgutil import resolve_name
from typing import ClassVar, Self

from textual.screen import Screen

from opsterm.board.failure import BoardError
from opsterm.board.news import News
from opsterm.board.timeline import Moment
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import LISTS, SCREENS, TEXT, of
from screens.keys.elsewhere import elsewhere
from screens.widgets.lines import Row
from screens.widgets.prompt import Prompt, Question


class ConsoleScreen(Screen[None], inherit_bindings=False):
    """One screen of one person's console. Subclasses say their place, what they show, and what their own keys do."""

    AUTO_FOCUS = None
    #: Its place in the table of keys.
    place: ClassVar[str] = ""
    #: How one leaves, by which key.
    left_by: ClassVar[str] = "{key} leaves this page; at home it quits opsterm"

    def __init__(self, context: ConsoleContext) -> None:
        super().__init__()
        self.context = context
        self.prompt = Prompt(context.board)
        self.prompt.places = self.places

    # --- where one is

    @property
    def places(self) -> tuple[str, ...]:
        """The places whose keys work here, most particular first; the footer shows them."""
        return (self.place, LISTS)

    @property
    def help_places(self) -> tuple[str, ...]:
        """The places whose keys its help lists."""
        return self.places

    @property
    def palette_places(self) -> tuple[str, ...]:
        """The places whose actions the palette offers."""
        return tuple(place for place in self.prompt.places if place != LISTS)

    @property
    def where(self) -> str:
        """What is before a person's eyes, in a word."""
        return self.place

    def say_elsewhere(self, key: str) -> bool:
        """Says of a key that means nothing here where it means something; says whether it does anywhere."""
        if self.prompt.question is not None or self.prompt.choosing or TEXT in self.prompt.places:
            return False
        stack = reversed(self.app.screen_stack[:-1])
        below = [screen.place for screen in stack if isinstance(screen, ConsoleScreen)]
        told = elsewhere(key, self.places, below)
        if not told or key in self.active_bindings:
            return False
        self.prompt.flash_parts(told)
        return True

    # --- what it shows

    def repaint(self, news: News | None = None) -> None:
        """Reads and paints what it shows anew: the `news` tell what others touched; without them anything may be
        another."""
        raise NotImplementedError

    def tick(self, now: Instant) -> None:
        """A second has passed."""

    def on_screen_resume(self) -> None:
        if self.context.board.version != self.version:
            self.repaint()

    @property
    def version(self) -> int:
        """The version of the board that is painted here."""
        return self.context.board.version

    @property
    def text(self) -> str:
        """What is copied from here."""
        raise NotImplementedError

    def help_rows(self, columns: int) -> Sequence[Row]:
        """What its help says below the keys."""
        return ()

    # --- what keys act on

    def under_keys(self) -> Mapping[str, object]:
        """What is painted under the keys that act on it, by what they act on: record, notice, alarm, asked. It is
        compared: where it is another, the keys mean another thing. False where nothing is there; not named before it is
        painted for the first time."""
        return {}

    def pin(self) -> None:
        """Leaves the cursor on its record, wherever an act on it sorts it to."""

    def by_hand(self, what: str) -> bool:
        """Whether what stands under these keys since a key was pressed stands there by that key, as one expects."""
        return True

    # --- doing

    @property
    def session(self) -> Session:
        """Whoever acts has seen what is painted."""
        return self.context.session(self.version)

    def do(self, command: Callable[[Session], Outcome]) -> Outcome | None:
        """Runs a command of the field, and says what came of it; nothing where it was refused."""
        try:
            outcome = command(self.session)
        except (Rejected, BoardError) as refused:
            self.refuse(refused)
            return None
        self.done(outcome)
        return outcome

    def refuse(self, refused: Exception) -> None:
        """Says why something was not done."""
        self.prompt.flash(str(refused), tone="warn")

    def done(self, outcome: Outcome) -> None:
        """Shows what a command did; the cursor stays on its record."""
        self.pin()
        self.repaint()
        self.prompt.told(outcome)

    def answered(self, outcome: Outcome) -> None:
        """Shows what was done with words that were asked for."""
        self.done(outcome)

    def ask(
        self,
        prompt: str,
        words: str | Callable[[str], str],
        command: Callable[[Session, str], Outcome],
        text: str = "",
        *,
        key: str | None = None,
        may_be_empty: bool = False,
    ) -> None:
        """Asks for words, and runs a command of the field with them; a refusal leaves them in the line.

        `words` say what enter will do with what is typed; a plain text stands there until something is. `text` is there
        already. Half-typed words are kept under `key`, which follows from the prompt where it is not given; an empty
        one keeps none. Nothing typed does nothing, unless it may.
        """

        def done(typed: str) -> bool:
            if typed.strip() or may_be_empty:
                self.answered(command(self.session, typed.strip()))
            return True

        asked = words if callable(words) else until_typed(words)
        self.prompt.ask(Question(prompt, asked, done, self.draft_key(prompt) if key is None else key), text)

    def draft_key(self, prompt: str) -> str:
        """Under which half-typed words are kept; empty: they are not."""
        return ""

    def leave_for(self, incident: str, *, at: Moment | None = None) -> None:
        """Goes to the war room of an incident, at a line of its timeline if one is named, in place of this screen."""
        self.dismiss()
        self.app.call_later(lambda: self.context.console.open_incident(incident, at=at))

    # --- keys that work everywhere

    @classmethod
    def opened_from(cls, screen: ConsoleScreen) -> Self:
        """This screen as a key of another one opens it."""
        return cls(screen.context)

    def action_open_page(self, place: str) -> None:
        """Opens the screen of a place in the table of keys."""
        opened: type[ConsoleScreen] = resolve_name(SCREENS[place])
        self.app.push_screen(opened.opened_from(self))

    def action_copy(self) -> None:
        self.prompt.flash(self.context.copy(self.text), tone="good")

    def action_undo(self) -> None:
        try:
            undone = self.context.undo.undo(self.context.person)
        except BoardError as error:
            self.refuse(error)
            return
        self.repaint()
        self.prompt.flash("; ".join((undone.sentence, *undone.left)), tone="warn" if undone.left else "")

    def action_mute(self) -> None:
        self.prompt.flash(self.context.ringing.toggle())

    def action_help(self) -> None:
        self.context.console.open_help(self.help_places, self.help_rows)

    def action_palette(self) -> None:
        self.app.action_command_palette()

    def action_step_back(self) -> None:
        self.dismiss()

    def action_leave(self) -> None:
        self.dismiss()

    def action_how_to_leave(self) -> None:
        if not self.prompt.put_aside():
            leave = next(action.sign for action in of(*self.places) if action.name == "leave")
            self.prompt.flash(self.left_by.format(key=leave))

    def action_step_out(self) -> None:
        if not self.context.console.step_out():
            self.prompt.flash("there is no shell to go to", tone="warn")


def until_typed(teaching: str, words: Callable[[str], str] = str) -> Callable[[str], str]:
    """Says the teaching while the line is empty, then what is typed, in words, or why it is refused."""

    def said(typed: str) -> str:
        try:
            return words(typed) if typed.strip() else teaching
        except Rejected as refused:
            return str(refused)

    return said
