"""Hypotheses: what could explain this, the least contradicted first; what was ruled out stays, struck, at the end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Evidence, Hypothesis
from opsterm.records.hypothesis import ALIVE
from screens.console import Viewpoint
from screens.keys.actions import HYPOTHESES, bindings
from screens.pages.rows import row
from screens.war_room.panes.pane import Pane, teaching
from screens.widgets.cells import Cell, cut, fit, width, wrap
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: Columns that an owner's name gets at the most.
_OWNER_MAX = 10
#: Lines that the text of one that is alive gets before it is cut.
_LINES_MAX = 3

_SIGNED = {
    "eliminated": f"{SIGNS.out} out",
    "confirmed": f"{SIGNS.done} confirmed",
    "parked": f"{SIGNS.dot} parked",
    "disputed": f"{SIGNS.apart} disputed",
}


class _Columns(NamedTuple):
    """How wide the columns at the right are: as wide as what stands in them, and none where nothing does."""

    mark: int
    state: int
    owner: int
    confidence: int


class HypothesesPane(Pane):
    """The board of hypotheses."""

    place, number, label = HYPOTHESES, 2, "Hypotheses"
    BINDINGS = bindings(HYPOTHESES)
    #: Whether every finding is shown, not just the last for and the last against.
    all_evidence = False

    def __init__(self, context: Viewpoint) -> None:
        super().__init__(context)
        self._blocks: dict[str, tuple[tuple[object, ...], list[Row]]] = {}
        #: How many are alive.
        self._living = 0

    @property
    def chosen(self) -> Hypothesis | None:
        """The selected hypothesis."""
        return next((h for h in self.snapshot.hypotheses if h.id == self.selected), None) if self.snapshot else None

    def made_of(self, snapshot: Snapshot) -> tuple[object, ...]:
        return snapshot.hypotheses, snapshot.evidence, self.all_evidence

    def rows_of(self, snapshot: Snapshot, columns: int) -> list[Row]:
        disputed = snapshot.disputed_causes
        self._living = sum(h.state in ALIVE or h.id in disputed for h in snapshot.hypotheses)
        if not snapshot.hypotheses:
            return teaching("No hypothesis yet.", "h  say what could explain this")
        shape = _shape(snapshot)
        marks = {item.id: item.mark for item in snapshot.hypotheses}
        blocks: dict[str, tuple[tuple[object, ...], list[Row]]] = {}
        for hypothesis in snapshot.ranked_hypotheses():
            found = snapshot.evidence.get(hypothesis.id, ())
            under = marks.get(hypothesis.parent, "")
            stands = snapshot.stands(hypothesis)
            plain = (shape, columns, self.all_evidence, under, stands)
            known, rows = self._blocks.get(hypothesis.id, ((), []))
            if not (known and known[0] is hypothesis and known[1] is found and known[2] == plain):
                rows = self._block(hypothesis, stands, found, shape, columns, under)
            blocks[hypothesis.id] = ((hypothesis, found, plain), rows)
        self._blocks = blocks
        return [row for _, rows in blocks.values() for row in rows]

    def _block(
        self, hypothesis: Hypothesis, stands: str, found: Sequence[Evidence], shape: _Columns, columns: int, under: str
    ) -> list[Row]:
        if stands == "disputed" or hypothesis.state in ALIVE:
            return self._alive(hypothesis, stands, found, shape, columns, under)
        return self._out(hypothesis, found, shape, columns, under)

    def _alive(
        self, hypothesis: Hypothesis, stands: str, found: Sequence[Evidence], shape: _Columns, columns: int, under: str
    ) -> list[Row]:
        right = _right(hypothesis, stands, shape)
        text_columns = columns - shape.mark
        text = _under(hypothesis.text, under)
        lines = wrap(text, text_columns, _LINES_MAX, first=max(text_columns - width(right) - 1, 12))
        mark = Cell(fit(hypothesis.mark, shape.mark), "strong")
        return [
            row(hypothesis.id, mark, Cell(lines[0]), right=right),
            *(row(hypothesis.id, _space(shape), Cell(text)) for text in lines[1:]),
            *self._findings(hypothesis, found, shape, text_columns),
        ]

    def _out(
        self, hypothesis: Hypothesis, found: Sequence[Evidence], shape: _Columns, columns: int, under: str
    ) -> list[Row]:
        """Struck, with what ruled it out in the same line; on a large screen with all that was found."""
        state = _SIGNED.get(hypothesis.state, hypothesis.state)
        mark = Cell(fit(hypothesis.mark, shape.mark), "muted")
        why = hypothesis.state_why
        text_columns = columns - shape.mark - len(state) - 2
        if why and not self.all_evidence:
            told = cut(_under(hypothesis.text, under), max(text_columns * 6 // 10, 16))
            cells = [Cell(told, "struck"), Cell("  "), Cell(why, "muted")]
        else:
            cells = [Cell(_under(hypothesis.text, under), "struck")]
        rows = [row(hypothesis.id, mark, *cells, right=(Cell("  "), Cell(state, "muted")))]
        return [*rows, *(self._findings(hypothesis, found, shape, columns - shape.mark) if self.all_evidence else ())]

    def _findings(self, hypothesis: Hypothesis, found: Sequence[Evidence], shape: _Columns, columns: int) -> list[Row]:
        shown = list(found)
        if not self.all_evidence:
            last_for = [item for item in found if item.supports][-1:]
            last_against = [item for item in found if not item.supports][-1:]
            shown = [*last_for, *last_against]
        rows: list[Row] = []
        for item in shown:
            lines = wrap(item.text, columns - 3, 4 if self.all_evidence else 1)
            sign = f"{('+' if item.supports else SIGNS.minus) * (2 if item.weight >= 2 else 1)} "
            rows += [
                row(hypothesis.id, _space(shape), Cell("  " if n else sign, "accent"), Cell(text, "muted"))
                for n, text in enumerate(lines)
            ]
        return rows

    def summary(self, snapshot: Snapshot) -> tuple[Cell, ...]:
        alive, known = self._living, len(snapshot.hypotheses)
        return (Cell(f"{alive} alive, {known - alive} out", "muted"),) if known else ()

    def badge(self, snapshot: Snapshot) -> tuple[Cell, ...]:
        return (Cell(f" {self._living}"),) if self._living else ()

    def text_of(self, key: str) -> str:
        snapshot = self.snapshot
        found = next((h for h in snapshot.hypotheses if h.id == key), None) if snapshot else None
        if snapshot is None or found is None:
            return ""
        why = f": {found.state_why}" if found.state_why else ""
        lines = [f"{found.mark} {found.text} ({snapshot.stands(found)}{why})"]
        lines += [f"  {'+' if item.supports else '-'} {item.text}" for item in snapshot.evidence.get(key, ())]
        return "\n".join(lines)


def _shape(snapshot: Snapshot) -> _Columns:
    disputed = snapshot.disputed_causes
    alive = [h for h in snapshot.hypotheses if h.state in ALIVE or h.id in disputed]
    states = [snapshot.stands(h) for h in alive]
    return _Columns(
        mark=max(len(h.mark) for h in snapshot.hypotheses) + 1,
        state=max((len(_SIGNED.get(state, state)) for state in states), default=0),
        owner=min(max((len(h.owner) for h in alive), default=0), _OWNER_MAX),
        confidence=5 if any(h.confidence is not None for h in alive) else 0,
    )


def _right(hypothesis: Hypothesis, stands: str, shape: _Columns) -> tuple[Cell, ...]:
    state = _SIGNED.get(stands, stands)
    tone = {"confirmed": "good", "supported": "good", "testing": "accent", "disputed": "warn"}.get(stands, "")
    cells = [Cell("  "), Cell(fit(state, shape.state), tone)]
    if shape.owner:
        cells += [Cell("  "), Cell(fit(hypothesis.owner or "-", shape.owner), "" if hypothesis.owner else "muted")]
    if shape.confidence:
        likely = "" if hypothesis.confidence is None else f"{hypothesis.confidence * 100:.0f} %"
        cells.append(Cell(f"{likely:>{shape.confidence + 1}}"))
    return tuple(cells)


def _under(text: str, parent: str) -> str:
    """The text, with the mark of the hypothesis that it refines."""
    return f"({parent}) {text}" if parent else text


def _space(shape: _Columns) -> Cell:
    return Cell(" " * shape.mark)
