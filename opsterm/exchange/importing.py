"""Importing an incident: the file's events become changes, as if they had been said when they happened.

Ids follow from the incident's id and the ref or place of the event, so that two stations may import the same file, and
importing it twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from opsterm.board.change import Write
from opsterm.core.session import UNSAID, Attribution, Rejected, Session, filled
from opsterm.exchange.change_log import Carried, carried
from opsterm.exchange.file_format import Event, IncidentFile
from opsterm.exchange.people_of_file import in_their_roles
from opsterm.incidents import hypothesis as hypotheses
from opsterm.incidents.incident import impossible_order
from opsterm.records import Action, Decision, Hypothesis, Incident, Observation, Role, Spell, Update
from opsterm.records.record import Record
from opsterm.records.spell import first_spell
from opsterm.records.timeline_entry import OF, REF
from opsterm.updates.update import AUDIENCE_NAMES


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did."""

    id: str
    title: str
    mark: str
    #: How many changes it added: none where all was known.
    added: int
    warnings: tuple[str, ...]


@dataclass(slots=True)
class Importer:
    """Puts one file's incident on a board, event by event; knows what is there already."""

    session: Session
    file: IncidentFile
    added: int = 0
    _refs: dict[str, set[str]] = field(default_factory=dict)

    def begin(self) -> None:
        """The incident itself and its people, without the outcome that the file knows."""
        file, people = self.file, in_their_roles(self.file)
        existing = self.session.board.get(Incident, file.id)
        if existing is None and self.session.board.folded(file.id) is not None:
            raise Rejected(f"{file.id} was removed from this board, or is the id of something else there.")
        declared = file.milestones["declared_at"]
        first = file.events[0] if file.events else None
        given = filled(
            title=file.title,
            status="investigating" if not first or first.kind != "status" else first.status,
            severity=file.severity,
            commander=people.commander,
            services=list(file.services),
            **{name: file.milestones[name] for name in ("started_at", "detected_at", "declared_at")},
            **{name: file.texts[name] for name in ("org", "source", "impact", "recurrence_of")},
            changed=file.texts["triggering_change"],
        )
        if file.customer_visible is not None:
            given["customer_visible"] = file.customer_visible
        said = Attribution(at=declared or file.milestones["started_at"], by=UNSAID, ref="incident")
        self._add(Incident, file.id, given, why=file.severity_why, said=said)
        for place, name, role in people.roles:
            self._add(Role, f"{file.id}/p{place}", {"name": name, "role": role}, said=replace(said, ref=f"p{place}"))

    def event(self, event: Event) -> None:
        """One event of the file."""
        said = Attribution(at=event.at, by=event.by or UNSAID, ref=f"e{event.place}")
        _EVENTS[event.kind](self, event, said)

    def finish(self) -> None:
        """What was known only afterwards: when it was over, causes and follow-ups."""
        file = self.file
        ends = {name: file.milestones[name] for name in ("mitigated_at", "resolved_at")}
        given = filled(**ends, causes=list(file.causes), follow_ups=list(file.follow_ups))
        for name, value in given.items():
            at = value if isinstance(value, str) else self._end()
            self._set(Incident, file.id, {name: value}, said=Attribution(at=at, by=UNSAID, ref=name))

    def spells(self) -> None:
        """The spells of hurt, where the file tells of more than one. The last one's end is the incident's own."""
        first = first_spell(self.file.id)
        for place, told in enumerate(self.file.spells if len(self.file.spells) > 1 else ()):
            begun = {"begun": told["begun_at"], "line": f"s{place}"} if place else {}
            ends = filled(mitigated=told["mitigated_at"], resolved=told["resolved_at"])
            past = {"past": True, **ends} if place < len(self.file.spells) - 1 else {}
            said = Attribution(at=told["begun_at"], ref=f"s{place}")
            self._add(Spell, f"{first} s{place}" if place else first, {**begun, **past}, said=said)

    def _end(self) -> str:
        last = max((event.at for event in self.file.events), default="")
        return max(last, self.file.milestones["resolved_at"] or self.file.milestones["started_at"])

    # --- one change, unless it is there

    def _add(self, cls: type[Any], record: str, fields: Mapping[str, Any], *, why: str = "", said: Attribution) -> None:
        if self._known(record, said.ref):
            return
        incident = "" if cls is Incident else self.file.id
        numbered = dict(fields)
        if cls.letter:
            numbered["number"] = self._number(cls, record, incident)
        self.session.write(cls.kind, record, incident, numbered, why=why, said=said)
        self._note(record, said.ref)

    def _set(self, cls: type[Any], record: str, fields: Mapping[str, Any], *, why: str = "", said: Attribution) -> None:
        if self._known(record, said.ref):
            return
        self.session.write(cls.kind, record, "" if cls is Incident else self.file.id, fields, why=why, said=said)
        self._note(record, said.ref)

    def _number(self, cls: type[Any], record: str, incident: str) -> int:
        """The number of a ref such as H2 where it is free, else the next."""
        following = self.session.board.next_number(cls, incident)
        named = re.fullmatch(rf"{cls.letter}(\d{{1,6}})", record.rpartition("/")[2], re.IGNORECASE)
        taken = self.session.board.all(cls, incident, where='"number" = ?', args=(int(named[1]),)) if named else []
        return int(named[1]) if named and int(named[1]) and not taken else following

    def _of_ref(self, cls: type[Record], event: Event) -> str:
        """The id of what an event's ref names: a hypothesis and an action may have the same ref."""
        usual = re.fullmatch(rf"{cls.letter}\d{{1,6}}", event.ref, re.IGNORECASE | re.ASCII)
        return f"{self.file.id}/{event.ref}" if usual else f"{self.file.id}/{cls.kind} {event.ref}"

    def _known(self, record: str, ref: str) -> bool:
        if record not in self._refs:
            changes = self.session.board.changes_of_record(record)
            self._refs[record] = {str(change.values.get(REF, "")) for change in changes}
        return ref in self._refs[record]

    def _note(self, record: str, ref: str) -> None:
        self._refs[record].add(ref)
        self.added += 1

    # --- the kinds of event

    def _observation(self, event: Event, said: Attribution) -> None:
        topic = event.kind if event.kind == "role_change" else ""
        fields = {"text": event.text, **filled(topic=topic)}
        self._add(Observation, f"{self.file.id}/e{event.place}", fields, said=said)

    def _status(self, event: Event, said: Attribution) -> None:
        self._set(Incident, self.file.id, {"status": event.status}, why=_reason(event, event.status), said=said)

    def _decision(self, event: Event, said: Attribution) -> None:
        self._add(Decision, f"{self.file.id}/e{event.place}", {"text": event.text}, said=said)

    def _update(self, event: Event, said: Attribution) -> None:
        audience = AUDIENCE_NAMES.get(event.audience, "customers")
        fields = {"text": event.text, "audience": audience, **filled(stage=event.stage)}
        self._add(Update, f"{self.file.id}/e{event.place}", fields, said=said)

    def _hypothesis(self, event: Event, said: Attribution) -> None:
        record = self._of_ref(Hypothesis, event)
        confidence = {} if event.confidence is None else {"confidence": event.confidence}
        if self.session.board.get(Hypothesis, record) is None:
            self._add(Hypothesis, record, {"text": event.text, "state": "proposed", **confidence}, said=said)
        else:
            self._set(Hypothesis, record, {"state": "proposed", **confidence}, why=_reason(event), said=said)

    def _hypothesis_result(self, event: Event, said: Attribution) -> None:
        record = self._of_ref(Hypothesis, event)
        if self._known(record, said.ref):
            return
        item = self.session.board.get(Hypothesis, record)
        if item is None:
            raise Rejected(f"events[{event.place}].ref: {event.ref!r} has its result before it is opened.")
        why = _reason(event, event.outcome)
        hypotheses.move(self.session, item, event.outcome, why, confidence=event.confidence, said=said)
        self._note(record, said.ref)

    def _action_started(self, event: Event, said: Attribution) -> None:
        record = self._of_ref(Action, event)
        if self.session.board.get(Action, record) is None:
            fields = {"text": event.text, "state": "ordered", **filled(owner=event.by)}
            self._add(Action, record, fields, said=said)
        else:
            self._set(Action, record, {"state": "ordered"}, why=_reason(event), said=said)

    def _action_done(self, event: Event, said: Attribution) -> None:
        record = self._of_ref(Action, event)
        state = event.outcome or "done"
        self._set(Action, record, {"state": state}, why=_reason(event, state), said=said)


def _reason(event: Event, state: str = "") -> str:
    """Why, as an event says it: an export without a reason says the state again."""
    return "" if event.text == state else event.text


_EVENTS: Mapping[str, Callable[[Importer, Event, Attribution], None]] = {
    "observation": Importer._observation,
    "role_change": Importer._observation,
    "status": Importer._status,
    "decision": Importer._decision,
    "update_posted": Importer._update,
    "hypothesis": Importer._hypothesis,
    "hypothesis_result": Importer._hypothesis_result,
    "action_started": Importer._action_started,
    "action_done": Importer._action_done,
}


def import_incident(session: Session, file: IncidentFile) -> Imported:
    """Puts a file's incident on the board, whole or not at all. What is there already stays as it is."""
    with session.board.transaction():
        log = carried(file)
        importer = Importer(session, file)
        if log is not None:
            added = replay(session, file, log)
        else:
            importer.begin()
            for event in file.events:
                importer.event(event)
            importer.finish()
            importer.spells()
            added = importer.added
        made = session.board.get(Incident, file.id)
        if made is None:
            raise Rejected(f"{file.id} was removed from this board: undo that first.")
    return Imported(made.id, made.title, made.mark, added, tuple(impossible_order(made)))


def replay(session: Session, file: IncidentFile, log: Iterable[Carried]) -> int:
    """Says again what an export's own log says, each change once, conflicts included. Returns how many were new."""
    board = session.board
    added = 0
    #: Record → what names a change in the file, its digest there or its ref → the digest of the change here.
    here: dict[str, dict[str, str]] = {}
    for entry in log:
        if entry.record not in here:
            changes = board.changes_of_record(entry.record)
            if any(c.kind != entry.kind or (c.incident or c.record) != file.id for c in changes):
                raise Rejected(f"{entry.record} is a record of something else on this board.")
            here[entry.record] = {c.digest: c.digest for c in changes}
            here[entry.record] |= {str(ref): c.digest for c in changes if (ref := c.values.get(REF))}
        names = here[entry.record]
        known = names.get(entry.digest) or names.get(entry.ref)
        if known is None:
            basis = {f: [names[d] for d in digests if d in names] for f, digests in entry.basis.items()}
            incident = "" if entry.kind == "incident" else file.id
            of = entry.fields.get(OF)
            noted = {OF: names.get(of, of)} if isinstance(of, str) else {}
            fields = {**entry.fields, **noted, REF: entry.ref}
            write = Write(entry.kind, entry.record, incident, fields, {f: d for f, d in basis.items() if d})
            known = board.record(session.person, [write])[0].digest
            added += 1
        names[entry.digest] = names[entry.ref] = known
    return added
