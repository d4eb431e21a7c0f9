"""Incidents that this one may repeat: why, how sure, what helped then, what was ruled out, what was to prevent it."""

from __future__ import annotations

from collections.abc import Sequence

from opsterm.board.store import Board
from opsterm.learn.recurrence import judge
from opsterm.learn.seen_before import EarlierIncident, seen_before
from opsterm.records import Incident
from opsterm.records.instant import Instant
from screens.console import ConsoleContext
from screens.keys.actions import SEEN_BEFORE, bindings
from screens.pages.background_work import BackgroundWork
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.list_page import ListPage
from screens.pages.rows import fixed, folded, heading, words
from screens.widgets.cells import Cell
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

_LABEL = 15


class SeenBefore(Choosing[EarlierIncident], ListPage):
    """The earlier incidents, likeliest first; each link can be confirmed or refused, which everybody sees."""

    BINDINGS = bindings(SEEN_BEFORE)
    place = SEEN_BEFORE
    none_chosen = "nothing like it is known here: esc goes back"

    def __init__(self, context: ConsoleContext, incident: str, seen: Sequence[EarlierIncident] = ()) -> None:
        super().__init__(context)
        self.incident = incident
        self.seen: Sequence[EarlierIncident] = seen
        self.looking = True
        self._aside = BackgroundWork(self, context.board, self._work, self._took)

    def _work(self, board: Board) -> tuple[EarlierIncident, ...]:
        return seen_before(board, self.incident)

    def _took(self, seen: tuple[EarlierIncident, ...]) -> None:
        self.seen, self.looking = seen, False
        self.paint()

    # --- what it shows

    def read(self, now: Instant) -> None:
        self.of = self.context.board.get(Incident, self.incident)
        self._aside.ask()

    def heading(self, now: Instant) -> str:
        return f"Seen before? {SIGNS.dot} {self.of.mark if self.of else ''}"

    def hint(self) -> tuple[Cell, ...]:
        return (Cell("what you say of a link is remembered, and all see it", "muted"),) if self.seen else super().hint()

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not self.seen:
            if self.looking:
                return [fixed(()), fixed((Cell("Looking through all incidents …", "muted"),))]
            return [
                *heading("Nothing like it is known here yet."),
                fixed(()),
                *words(
                    "It is compared with every incident before it: systems, symptom, what broke, the change before. "
                    "Hypotheses and what is seen count too: h and l in the war room say more.",
                    columns,
                    "muted",
                ),
            ]
        rows: list[Row] = []
        for item in self.seen:
            rows += self._item(item, columns)
        return rows

    def _item(self, item: EarlierIncident, columns: int) -> list[Row]:
        of, pair = item.before.incident, item.repeat
        key = of.id
        sure = (Cell(f"  {item.how_sure}", "accent"),)
        if pair.verdict:
            tone = "good" if pair.verdict == "confirmed" else "muted"
            sure = (Cell(f"  {pair.verdict} by {pair.verdict_by}", tone),)
        head = Cell(f"{of.mark:<8}", "accent")
        told = f"{of.title}, {(of.started_at or of.at)[:10]}"
        rows = [fixed(()), *folded(key, head, told, columns, tone="strong", right=sure)]
        if pair.verdict == "refused":
            return rows
        for label, tone, texts in (
            ("explained by", "", item.before.explained),
            ("helped", "", item.before.helped),
            ("ruled out", "", item.before.ruled_out),
            ("to prevent it", "", item.before.improvements),
            ("did it work?", "warn", tuple(f"closed before it came back: {text}" for text in item.doubted)),
            ("late", "alarm", tuple(f"overdue when it came back: {text}" for text in item.still_owed)),
            ("why", "muted", pair.why),
        ):
            for place, text in enumerate(texts):
                start = Cell(f"  {label if place == 0 else '':<{_LABEL}}", "muted")
                rows += folded(key, start, text, columns, tone=tone)
        return rows

    # --- what it does

    def listed(self) -> dict[str, EarlierIncident]:
        return {item.repeat.earlier: item for item in self.seen}

    @on_chosen
    def action_open(self, found: EarlierIncident) -> None:
        self.leave_for(found.repeat.earlier)

    @on_chosen
    def action_confirm(self, found: EarlierIncident) -> None:
        self.do(lambda session: judge(session, self.incident, found.repeat.earlier, "confirmed"))

    @on_chosen
    def action_refuse(self, found: EarlierIncident) -> None:
        self.ask(
            "it is another, why?",
            "what speaks against it; it is remembered",
            lambda session, why: judge(session, self.incident, found.repeat.earlier, "refused", why),
        )
