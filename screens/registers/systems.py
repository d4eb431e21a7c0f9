"""The catalog of systems: what is critical, what needs what, who alone ever acted on it; small, never required."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from opsterm.records import System
from opsterm.records.instant import Instant
from opsterm.registers.entry_line import SYSTEM
from opsterm.registers.systems import catalog
from opsterm.registers.systems.catalog import Node
from opsterm.registers.teams.onboarding import sole_actors
from screens.keys.actions import SYSTEMS, bindings
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.page import Page
from screens.pages.register_page import Lesson, RegisterPage
from screens.pages.rows import facts, fixed, heading, listing, warned
from screens.pages.text_page import nothing_rows, tree_rows
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class Systems(Choosing[System], RegisterPage):
    """The critical ones first, then by name."""

    BINDINGS = bindings(SYSTEMS)
    place = SYSTEMS
    none_chosen = "no system here: n records one"
    words = SYSTEM
    lesson = Lesson(
        "No system yet; all works without.",
        (
            ("n", "record one: checkout; team payments; critical 1; needs database, mail; @noor"),
            ("", "critical 1 stops the business within 4 hours, 2 within days, 3 later or never"),
            ("", "opsterm system import FILE  takes CSV, or Backstage's catalog-info.yaml"),
        ),
    )

    # --- what it shows

    def read(self, now: Instant) -> None:
        board = self.context.board
        found = catalog.systems(board)
        self.critical = catalog.critical_systems(board) if found else frozenset()
        self.systems: Sequence[System] = sorted(found, key=lambda s: s.name.casefold() not in self.critical)
        self.gaps = list(catalog.gaps(board)) if found else []
        self.sole = {sole.system.casefold(): sole for sole in sole_actors(board)} if found else {}

    def heading(self, now: Instant) -> str:
        if not self.systems:
            return "Systems"
        critical = sum(s.name.casefold() in self.critical for s in self.systems)
        return f"Systems {SIGNS.dot} {len(self.systems)}, {critical} critical"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not self.systems:
            return self.rows_of_nothing(columns)
        rows = [fixed(())]
        groups = [("", self.systems)]
        rows += listing(groups, self.lines.selected, columns, lambda item: item.id, self._first, self._rest)
        rows += heading("What the catalog leaves open") if self.gaps else []
        return [*rows, *warned(self.gaps, columns, indent=2, tone="")]

    def _first(self, item: System, columns: int, now: Instant) -> Line:
        critical = item.name.casefold() in self.critical
        alone = self.sole.get(item.name.casefold())
        told = (Cell(f"  {SIGNS.alarm} only {alone.person} ever acted on it", "warn"),) if alone else ()
        return Line(
            (Cell(f"{'critical' if critical else '':<10}", "accent"), Cell(item.name, "strong")),
            (*told, Cell(f"  {item.team or 'no team'}", "" if item.team or not critical else "warn")),
        )

    def _rest(self, item: System, columns: int) -> list[Row]:
        told = (
            ("for", item.text),
            ("owner", item.owner),
            ("needs", ", ".join(item.depends_on)),
            ("criticality", f"{item.criticality} as recorded" if item.criticality else "nobody said: e  critical 2"),
            ("from", item.source),
        )
        return facts(told, columns, indent=10, key=item.id)

    # --- what it does

    def listed(self) -> dict[str, System]:
        return {item.id: item for item in self.systems}

    @on_chosen
    def action_open(self, item: System) -> None:
        self.app.push_screen(Page(self.context, f"{item.name}: what hangs on what", partial(self._trees, item.name)))

    def _trees(self, name: str, columns: int, now: Instant) -> list[Row]:
        board = self.context.board
        rows: list[Row] = []
        for title, nodes in (
            ("What it cannot do without", catalog.hangs_on(board, name)[1:]),
            ("What cannot do without it", catalog.hang_on_it(board, name)[1:]),
        ):
            rows += heading(title)
            rows += tree_rows([_node(node) for node in nodes], columns) or nothing_rows("nothing on record", columns)
        return rows

    def action_new(self) -> None:
        empty = "checkout; team payments; critical 1; needs database, mail; @noor"
        self.ask_words("new system", empty, SYSTEM, catalog.add_system, named=True)

    @on_chosen
    def action_edit(self, item: System) -> None:
        empty = "team payments; critical 1; needs database, mail; retired   ? lists the words"
        self.ask_edit(item, item.name, empty)


def _node(node: Node) -> tuple[str, int]:
    critical = ", critical" if node.criticality == 1 else ""
    return f"{node.name}{critical}{' (see above)' if node.again else ''}", node.depth - 1
