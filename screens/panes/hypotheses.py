"""Hypotheses: what could explain this, the least contradicted first; what was ruled out stays, struck, at the end."""

from __future__ import annotations

from functools import partial

from opsterm.command.room import Room
from opsterm.records import Evidence, Hypothesis
from opsterm.records.hypothesis import ALIVE
from opsterm.records.instant import Instant
from screens.actions import HYPOTHESES, bindings
from screens.cells import Cell, Line, fit, wrap
from screens.lines import Spot
from screens.pane import Pane, teaching
from screens.signs import SIGNS

#: Columns of state, owner and confidence at the right.
_STATE, _OWNER, _CONFIDENCE = 12, 9, 5
_INDENT = "   "


class HypothesesPane(Pane):
    """The board of hypotheses."""

    place, number, label = HYPOTHESES, 2, "Hypotheses"
    BINDINGS = bindings(HYPOTHESES)
    #: Whether every finding is shown, not just the last for and the last against.
    all_evidence = False

    def spots_of(self, room: Room, columns: int) -> list[Spot]:
        if not room.hypotheses:
            return teaching("No hypothesis yet.", "h  say what could explain this")
        spots: list[Spot] = []
        for hypothesis in room.ranked_hypotheses():
            spots += self._of(hypothesis, room, columns)
        return spots

    def _of(self, hypothesis: Hypothesis, room: Room, columns: int) -> list[Spot]:
        alive = hypothesis.state in ALIVE
        mark = f"{hypothesis.mark} "
        evidence = room.evidence.get(hypothesis.id, ())
        right = _right(hypothesis, columns)
        room_left = columns - sum(len(cell.text) for cell in right) - len(mark) - 1
        lines = wrap(hypothesis.text, max(room_left, 12), 0 if self.all_evidence and alive else 2 if alive else 1)
        tone = "" if alive else "struck"
        spots = [
            Spot(
                hypothesis.id,
                partial(_fixed, Line((Cell(mark, "strong" if alive else "muted"), Cell(lines[0], tone)), right)),
            )
        ]
        spots += [
            Spot(hypothesis.id, partial(_fixed, Line((Cell(" " * len(mark)), Cell(text, tone))))) for text in lines[1:]
        ]
        if alive or self.all_evidence:
            spots += [
                Spot(hypothesis.id, partial(_fixed, Line((Cell(" " * len(mark)), *cells))))
                for cells in self._findings(evidence, columns - len(mark))
            ]
        return spots

    def _findings(
        self, evidence: tuple[Evidence, ...] | list[Evidence] | object, columns: int
    ) -> list[tuple[Cell, ...]]:
        found = [item for item in evidence if isinstance(item, Evidence)]  # type: ignore[attr-defined]
        shown = found
        if not self.all_evidence:
            last_for = [item for item in found if item.supports][-1:]
            last_against = [item for item in found if not item.supports][-1:]
            shown = [*last_for, *last_against]
        return [
            (Cell(f"{'+' if item.supports else SIGNS.minus} ", "accent"), Cell(item.text, "muted")) for item in shown
        ]

    def summary(self, room: Room) -> tuple[Cell, ...]:
        alive = sum(h.state in ALIVE for h in room.hypotheses)
        out = len(room.hypotheses) - alive
        return (Cell(f"{alive} alive, {out} out" if room.hypotheses else "", "muted"),) if room.hypotheses else ()

    def badge(self, room: Room) -> tuple[Cell, ...]:
        alive = sum(h.state in ALIVE for h in room.hypotheses)
        return (Cell(f" {alive}"),) if alive else ()

    def text_of(self, key: str) -> str:
        room = self.room
        found = next((h for h in room.hypotheses if h.id == key), None) if room else None
        if room is None or found is None:
            return ""
        lines = [f"{found.mark} {found.text} ({_state_words(found)})"]
        lines += [f"  {'+' if item.supports else '-'} {item.text}" for item in room.evidence.get(key, ())]
        return "\n".join(lines)


def next_to_test(room: Room) -> Hypothesis | None:
    """The hypothesis whose test would tell most: the least contradicted that nobody tests yet, the likelier first."""
    waiting = [h for h in room.ranked_hypotheses() if h.state in ("proposed", "inconclusive")]
    return waiting[0] if waiting else None


def _right(hypothesis: Hypothesis, columns: int) -> tuple[Cell, ...]:
    state = _sign(hypothesis.state)
    if hypothesis.state not in ALIVE:
        return (Cell(f"  {state} "), Cell(""))
    tone = {"confirmed": "good", "supported": "good"}.get(hypothesis.state, "")
    confidence = "" if hypothesis.confidence is None else f"{hypothesis.confidence:.0%}".replace("%", " %")
    owner = hypothesis.owner if columns >= 48 else ""
    cells = [Cell("  "), Cell(fit(state, _STATE), tone)]
    if columns >= 48:
        cells.append(Cell(fit(owner or "-", _OWNER), "muted"))
    cells.append(Cell(f"{confidence:>{_CONFIDENCE}}"))
    return tuple(cells)


def _sign(state: str) -> str:
    return {
        "eliminated": f"{SIGNS.out} out",
        "confirmed": f"{SIGNS.done} confirmed",
        "parked": f"{SIGNS.dot} parked",
    }.get(state, state)


def _state_words(hypothesis: Hypothesis) -> str:
    why = f": {hypothesis.state_why}" if hypothesis.state_why else ""
    return f"{hypothesis.state}{why}"


def _fixed(line: Line, columns: int, now: Instant) -> Line:
    return line
