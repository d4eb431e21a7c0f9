"""Coming and leaving: a newcomer's map and milestones, and all that goes to somebody else when a person leaves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from opsterm.board.store import Board
from opsterm.core.calendar_dates import NO_HOLIDAYS, add_working_days, day
from opsterm.core.lookup import named_id
from opsterm.core.session import Outcome, Rejected, Session, person_name, some
from opsterm.core.valid_dates import is_day
from opsterm.obligations.obligation import open_obligations, owe
from opsterm.records import (
    Action,
    Contact,
    Dependency,
    Deployment,
    Document,
    Incident,
    Obligation,
    Person,
    Ritual,
    System,
    Vendor,
)
from opsterm.records.person_name import person_key, same_person
from opsterm.records.plain import one_line
from opsterm.records.record import Record
from opsterm.registers.documents import document as documents
from opsterm.registers.systems.catalog import critical_systems, systems
from opsterm.registers.teams import dependency as dependencies

CHECKLIST = "First week"
#: (which, what, working days after the first day). Alone on call after two shifts beside somebody and one with somebody
#: beside [field notes: meetings and rituals].
MILESTONES = (
    ("week", f"the checklist '{CHECKLIST}' is done", 5),
    ("shadow 1", "first shift on call beside somebody", 10),
    ("shadow 2", "second shift on call beside somebody", 20),
    ("reverse", "a shift on call with somebody beside", 30),
    ("alone", "first shift on call alone", 40),
)
#: Actions on a system by fewer people than this make it hang on them.
ACTORS_MIN = 2


@dataclass(frozen=True, slots=True)
class Milestone:
    """One step of a newcomer."""

    obligation: Obligation

    what: str
    due_on: str
    #: The day on which it was done; empty while open.
    done_on: str
    #: Working days from the first day, once done.
    took: int | None


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing that a person answers for."""

    #: One of those in _OWNED.
    kind: str
    name: str
    record: str
    due_on: str = ""


@dataclass(frozen=True, slots=True)
class Sole:
    """A critical system that only one person ever acted on."""

    system: str
    person: str
    acts: int

    @property
    def why(self) -> str:
        return f"only {self.person} ever acted on {self.system} ({self.acts} times on record): let another do the next"


def welcome(
    session: Session,
    name: str,
    first_day: str = "",
    *,
    buddy: str = "",
    team: str = "",
    holidays: Container[date] = NO_HOLIDAYS,
) -> Outcome:
    """Begins somebody's first weeks: milestones are owed, each by its day; the buddy hears of them. Raises Rejected."""
    who = some(person_name(name), "who begins")
    begin = day(first_day or session.board.now)
    with session.board.transaction():
        fields = {"name": who, "team": one_line(team), "joined_at": begin.isoformat(), "left_at": ""}
        session.create(Person, "", fields, record=named_id(Person, who))
        for which, what, after in MILESTONES:
            owe(
                session,
                f"{who}: {what}",
                add_working_days(begin, after, holidays).isoformat(),
                reason="what a newcomer can do alone is told by what they have done, not by weeks",
                sort="onboarding",
                owner=who,
                backup=buddy,
                origin=named_id(Person, who),
                record=f"{named_id(Person, who)}/{which}/{begin}",
            )
    return Outcome(f"{who} begins on {begin}: {len(MILESTONES)} milestones are owed", named_id(Person, who))


def milestones(board: Board, name: str, holidays: Container[date] = NO_HOLIDAYS) -> list[Milestone]:
    """How far a newcomer is, and how long each step took."""
    person = board.get(Person, named_id(Person, name))
    if person is None or not is_day(person.joined_at):
        return []
    out = []
    for item in board.all(Obligation, where="origin = ? AND sort = 'onboarding'", args=(person.id,)):
        done = item.state_since[:10] if item.state == "done" else ""
        took = dependencies.working_days_between(day(person.joined_at), day(done), holidays) if done else None
        out.append(Milestone(item, item.what, item.due_at[:10], done, took))
    return sorted(out, key=lambda step: step.due_on)


def map_of(board: Board, today: date) -> str:
    """Systems, documents, vendors, rituals and people on one page of Markdown, from what is recorded."""
    return "\n".join(_map(board, today)) + "\n"


def _map(board: Board, today: date) -> Iterator[str]:
    yield "# What there is"
    sections = (
        ("Systems", (_system_line(item) for item in systems(board))),
        ("Documents", (f"{s.document.title} ({s.line}): {s.document.path}" for s in _documents(board, today))),
        ("Vendors", (f"{v.name}: {v.service or 'service not said'}, {v.owner or 'nobody'}" for v in _vendors(board))),
        (
            "Rituals",
            (f"{r.name}: every {r.every}, {r.minutes} minutes, {r.owner or 'nobody'}" for r in _rituals(board)),
        ),
        ("People", (f"{c.name}: {', '.join((*c.roles, *c.services))} {c.reach}" for c in board.all(Contact))),
    )
    for name, lines in sections:
        yield ""
        yield f"## {name}"
        yield ""
        shown = [f"- {one_line(line)}" for line in lines]
        yield from shown or ["Nothing on record yet."]


def _system_line(item: System) -> str:
    needs = f"; needs {', '.join(item.depends_on)}" if item.depends_on else ""
    return f"{item.name}: {item.team or 'no team'}{', critical' if item.criticality == 1 else ''}{needs}"


def _documents(board: Board, today: date) -> Sequence[documents.DocumentState]:
    return sorted(documents.standings(board, today), key=lambda s: -s.staleness.need)


def _vendors(board: Board) -> Sequence[Vendor]:
    return sorted(board.all(Vendor, where="NOT ended"), key=lambda v: (v.tier, v.name.casefold()))


def _rituals(board: Board) -> Sequence[Ritual]:
    return [item for item in board.all(Ritual) if item.state != "ended"]


# --- leaving


def held_by(board: Board, name: str) -> list[Holding]:
    """All that a person answers for; what registers owe goes with what they list."""
    who = person_name(name)
    out = [Holding("contract", v.name, v.id) for v in _vendors(board) if same_person(v.owner, who)]
    out += [Holding("contract as backup", v.name, v.id) for v in _vendors(board) if same_person(v.backup, who)]
    kept = board.all(Document, where="NOT retired")
    out += [Holding("document", d.title, d.id) for d in kept if same_person(d.owner, who)]
    out += [Holding("ritual", r.name, r.id) for r in _rituals(board) if same_person(r.owner, who)]
    needed = board.all(Dependency, where="state = 'open'")
    out += [Holding("dependency", f"{d.mark} {d.what}", d.id, d.needed_by) for d in needed if same_person(d.owner, who)]
    out += [Holding("system", s.name, s.id) for s in systems(board) if same_person(s.owner, who)]
    owed = [item for item in open_obligations(board) if same_person(item.owner, who)]
    return out + [Holding("obligation", item.what, item.id, item.due_at[:10]) for item in owed]


#: What one answers for → (its kind, the field that names who does, which of them count).
_OWNED: Mapping[str, tuple[type[Record], str, str]] = {
    "contract": (Vendor, "owner", "NOT ended"),
    "contract as backup": (Vendor, "backup", "NOT ended"),
    "document": (Document, "owner", "NOT retired"),
    "ritual": (Ritual, "owner", "state <> 'ended'"),
    "dependency": (Dependency, "owner", "state = 'open'"),
    "system": (System, "owner", "NOT retired"),
    "obligation": (Obligation, "owner", "state IN ('open', 'snoozed')"),
}


@dataclass(frozen=True, slots=True)
class Owner:
    """One name that registers know, and how much hangs on it."""

    name: str
    things: int
    #: The day of the first and of the last day, where the person came or left.
    joined_on: str = ""
    left_on: str = ""

    @property
    def record(self) -> str:
        """The id of what is recorded of the person."""
        return named_id(Person, self.name)


def owners(board: Board) -> list[Owner]:
    """Who answers for anything, came or left: newcomers first, those who left and still own something, then by how much
    hangs on each."""
    names: dict[str, str] = {}
    things: dict[str, int] = defaultdict(int)
    for kind, field, where in _OWNED.values():
        for (name,) in board.fields(kind, field, where=f"{where} AND {field} <> ''"):
            names.setdefault(person_key(name), name)
            things[person_key(name)] += 1
    people = {person_key(person.name): person for person in board.all(Person) if person.name}
    for key, person in people.items():
        names.setdefault(key, person.name)
    found = [
        Owner(
            name,
            things[key],
            people[key].joined_at[:10] if key in people else "",
            people[key].left_at[:10] if key in people else "",
        )
        for key, name in names.items()
    ]
    return sorted(found, key=lambda o: (not (o.left_on and o.things), not o.joined_on, -o.things, o.name.casefold()))


def hand_over(session: Session, name: str, heir: str, today: date, *, left: bool = True) -> Outcome:
    """Passes all that a person answers for on to another, as one act that can be undone. Raises Rejected."""
    who, to = some(person_name(name), "who leaves"), some(person_name(heir), "who takes it on")
    if same_person(who, to):
        raise Rejected(f"{who} can't take over from {who}: name another.")
    board = session.board
    found = held_by(board, who)
    with board.transaction():
        for item in found:
            kind, field, _ = _OWNED[item.kind]
            if record := board.get(kind, item.record):
                session.set(record, {field: to})
        if left:
            fields = {"name": who, "left_at": today.isoformat(), "heir": to}
            session.create(Person, "", fields, record=named_id(Person, who))
    return Outcome(f"{len(found)} things of {who} are {to}'s", named_id(Person, who))


def sole_actors(board: Board) -> list[Sole]:
    """Critical systems that one person alone ever acted on: who deployed to them, and who carried out orders in their
    incidents."""
    kinds = (System, Vendor, Deployment, Incident, Action)
    return list(board.worked_out("sole actors", "", kinds, lambda: _sole_actors(board)))


def _sole_actors(board: Board) -> list[Sole]:
    wanted = critical_systems(board)
    served = board.fields(Vendor, "systems", where="tier = 1 AND NOT ended")
    wanted |= {system.casefold() for (names_served,) in served for system in names_served}
    if not wanted:
        return []
    names: dict[str, str] = {}
    people: dict[str, str] = {}
    acts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))

    def count(services: Sequence[str], person: str) -> None:
        for system in services:
            if system.casefold() in wanted and person:
                names.setdefault(system.casefold(), system)
                people.setdefault(person_key(person), person)
                acts[system.casefold()][person_key(person)] += 1

    for systems_of, owner, by in board.fields(Deployment, "systems", "owner", "by", where="state <> 'planned'"):
        count(systems_of, owner or by)
    services = dict(board.fields(Incident, "id", "services"))
    for incident, owner in board.fields(Action, "incident", "owner", where="state IN ('done', 'failed')"):
        count(services.get(incident, ()), owner)
    alone = ((key, *next(iter(who.items()))) for key, who in sorted(acts.items()) if len(who) < ACTORS_MIN)
    return [Sole(names[system], people[who], times) for system, who, times in alone]
