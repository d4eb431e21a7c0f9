"""A page of a register: it teaches while it is empty, and takes lines of the register's own words to add and edit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from opsterm.core.session import Outcome, Session
from opsterm.records import Record
from opsterm.records.instant import moment
from opsterm.registers.entry_line import Words, amend, in_words, read
from screens.console import ConsoleContext
from screens.keys.actions import of
from screens.pages.console_screen import until_typed
from screens.pages.list_page import ListPage
from screens.pages.rows import fixed, folded, heading
from screens.widgets.cells import Cell
from screens.widgets.lines import Row


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a page says before its first record: what is missing, what fills it, and a line to type as it stands."""

    nothing: str
    #: (key or nothing, what it does) in order.
    keys: Sequence[tuple[str, str]]
    #: Actions that work before the first record; the footer shows no others.
    works: Sequence[str] = ("new",)


class RegisterPage(ListPage):
    """One register. Subclasses say what it reads and shows."""

    lesson: ClassVar[Lesson] = Lesson("Nothing yet.", ())
    #: The words that a line of this register understands; `?` lists them.
    words: ClassVar[Words] = {}

    def __init__(self, context: ConsoleContext, selected: str = "") -> None:
        super().__init__(context)
        self.lines.cursor_key = selected

    @property
    def today(self) -> date:
        """The day where this person is."""
        return moment(self.context.board.now).astimezone(self.context.zone).date()

    def paint(self) -> None:
        self.prompt.hinted = frozenset()
        super().paint()

    def rows_of_nothing(self, columns: int) -> list[Row]:
        """What stands there before the first record."""
        works = (*self.lesson.works, "help")
        self.prompt.hinted = frozenset(action.keys[0] for action in of(self.place) if action.name not in works)
        rows = [*heading(self.lesson.nothing), fixed(())]
        for key, does in self.lesson.keys:
            rows += folded("", Cell(f"{key:<3}", "accent"), does, columns, tone="muted")
        return rows

    # --- asking

    def ask_words(
        self,
        prompt: str,
        empty: str,
        words: Words,
        take: Callable[[Session, str, dict[str, Any]], Outcome],
        *,
        named: bool = False,
    ) -> None:
        """Asks for a line of a register's words; `take` gets what they say. `named`: the first part is a name."""

        def command(session: Session, line: str) -> Outcome:
            return take(session, *read(line, words, named=named))

        def preview(line: str) -> str:
            name, fields = read(line, words, named=named)
            # What was typed last comes first: in a narrow window it is what one looks for.
            return ": ".join(filter(None, (name, in_words(dict(reversed(fields.items()))))))

        self.ask(prompt, until_typed(empty, preview), command)

    def ask_edit(self, item: Record, called: str, empty: str) -> None:
        """Asks for what is different about a record of this register."""
        self.ask_words("edit", empty, self.words, lambda s, name, fields: amend(s, item, fields, called))

    def help_rows(self, columns: int) -> list[Row]:
        if not self.words:
            return []
        return [
            *heading("Words that begin a part of a line here, with ; between the parts"),
            *folded("", Cell("  "), ", ".join(self.words), columns),
        ]


def days_until(by: date, today: date) -> str:
    """`in 5d`, `today`, `late 3d`."""
    days = (by - today).days
    return f"late {-days}d" if days < 0 else "today" if days == 0 else f"in {days}d"
