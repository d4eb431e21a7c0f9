"""Decisions put to the room: a proposal, strong objections, a pause, the decision and why; and the standing plan B."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from opsterm.core.session import Attribution, Outcome, Session, person_name
from opsterm.incidents.incident import set_words
from opsterm.incidents.proposal import answer_objection, carry, drop, object_to, open_proposals, put_to_room
from opsterm.records import Objection, Proposal
from opsterm.records.instant import Instant
from screens.keys.actions import DECIDING, RECORD, bindings
from screens.pages.choosing import about
from screens.pages.incident_page import IncidentPage
from screens.pages.rows import fixed, folded, heading
from screens.widgets.cells import Cell
from screens.widgets.durations import age, clock
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class Decisions(IncidentPage):
    """What waits for a decision, what was decided, and what is done if it does not help."""

    BINDINGS = bindings(DECIDING)
    place = DECIDING

    # --- what it shows

    def heading(self, now: Instant) -> str:
        count = len(open_proposals(self.snapshot))
        return f"Decisions {SIGNS.dot} {self.snapshot.incident.mark}{f', {count} waiting' if count else ''}"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows: list[Row] = []
        waiting = open_proposals(self.snapshot)
        if waiting:
            rows += heading("Put to the room: any strong objections?")
        for proposal, objections in waiting:
            right = (Cell(f"  {proposal.by}", "name"), Cell(f"  {age(proposal.at, now)}"))
            rows += folded(
                proposal.id, Cell(f"  {proposal.mark} ", "strong"), proposal.text, columns, tone="strong", right=right
            )
            rows += [line for item in objections for line in _objection(item, columns)]
        if not waiting:
            told = "Nothing waits for a decision.  n  put a proposal to the room"
            rows += [fixed(()), *folded("", Cell(""), told, columns, tone="muted")]
        plan = self.snapshot.incident.plan_b
        rows += heading("Plan B, if what runs now does not help")
        rows += folded("", Cell("  "), plan or "None yet.  p  what is done then", columns, tone="" if plan else "muted")
        if self.snapshot.decisions:
            rows += heading("Decided, the last first")
        for decision in reversed(self.snapshot.decisions):
            when = clock(decision.at, self.context.zone, today=now)
            right = (Cell(f"  {decision.by}", "name"), Cell(f"  {when}", "muted"))
            rows += folded(decision.id, Cell(f"  {decision.mark} "), decision.text, columns, right=right)
            against = f"instead of: {decision.instead_of}" if decision.instead_of else ""
            for told in (decision.text_why, against):
                rows += folded(decision.id, Cell("     "), told, columns, tone="muted") if told else []
        return rows

    def hint(self) -> tuple[Cell, ...]:
        if self._proposal() is not None:
            return (Cell("Hearing none, we proceed:  ", "muted"), Cell("enter", "accent"), Cell(" decides", "muted"))
        return (Cell("n", "accent"), Cell(" puts a proposal to the room;  esc back", "muted"))

    # --- what is selected

    def _waiting(self) -> Sequence[tuple[Proposal, Sequence[Objection]]]:
        return open_proposals(self.snapshot)

    def _proposal(self) -> Proposal | None:
        """The proposal under the cursor, or the one that the objection there is to."""
        key = self.lines.selected
        return next((p for p, objections in self._waiting() if key in (p.id, *(o.id for o in objections))), None)

    def _chosen(self) -> Proposal | None:
        found = self._proposal()
        if found is None:
            self.prompt.flash("choose a proposal that waits; n puts one to the room", tone="warn")
        return found

    def _objection(self) -> Objection | None:
        """The objection under the cursor, else the first one to the proposal there that nobody answered."""
        of = self._proposal()
        objections = [o for p, found in self._waiting() if of is not None and p.id == of.id for o in found]
        selected = next((o for o in objections if o.id == self.lines.selected), None)
        return selected or next((o for o in objections if not o.answer), None)

    def under_keys(self) -> Mapping[str, object]:
        answered = self._objection()
        return {RECORD: (self.lines.selected, answered.id if answered else "")} if self.lines.selected else {RECORD: ""}

    # --- what it does

    def action_put(self) -> None:
        self.ask(
            "the proposal is",
            lambda typed: f"puts to the room: {typed.strip()}" if typed.strip() else "what to do, then enter",
            lambda session, typed: put_to_room(session, self.snapshot.incident, typed),
        )

    @about(_chosen)
    def action_object(self, of: Proposal) -> None:
        self.ask(
            f"strong objection to {of.mark}",
            lambda typed: "what speaks strongly against it; ~name at the end: whose it is",
            partial(self._object, of),
        )

    def _object(self, of: Proposal, session: Session, typed: str) -> Outcome:
        text, _, whose = typed.rpartition(" ~")
        return object_to(session, of, text or typed, Attribution(by=person_name(whose) if text else ""))

    def action_answer(self) -> None:
        item = self._objection()
        if item is None:
            self.prompt.flash("no objection waits for an answer here", tone="warn")
            return
        self.ask(
            f"answer to {item.by}",
            lambda typed: f"what was said to: {item.text}",
            lambda session, typed: answer_objection(session, item, typed),
            item.answer,
            key=f"objection:{item.id}",
        )

    @about(_chosen)
    def action_decide(self, of: Proposal) -> None:
        def decide(session: Session, typed: str) -> Outcome:
            why, _, instead = typed.partition("instead of ")
            return carry(session, of, why=why.strip(" ,;"), instead_of=instead.strip())

        teaching = "why, where it is not plain; … instead of …: what was decided against"
        self.ask(f"we decide {of.mark}; why", lambda typed: teaching, decide, key="", may_be_empty=True)

    @about(_chosen)
    def action_drop(self, of: Proposal) -> None:
        self.ask(
            f"drop {of.mark}, why", lambda typed: "why, then enter", lambda session, typed: drop(session, of, typed)
        )

    def action_plan_b(self) -> None:
        self.ask(
            "plan B",
            lambda typed: "what is done if what runs now does not help",
            lambda session, typed: set_words(session, self.snapshot.incident, "plan-b", typed),
            self.snapshot.incident.plan_b,
        )


def _objection(item: Objection, columns: int) -> list[Row]:
    sign = Cell(f"     {SIGNS.out if not item.answer else SIGNS.done} ", "" if item.answer else "warn")
    told = f"{item.by} objects: {item.text}"
    rows = folded(item.id, sign, told, columns, tone="muted" if item.answer else "")
    return rows + (folded(item.id, Cell("       "), f"answer: {item.answer}", columns) if item.answer else [])
