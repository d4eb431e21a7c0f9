"""People: who does what since when, who is free, whom the severity calls for, and what came of calling them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from opsterm.board.store import Board
from opsterm.core.session import Outcome, Rejected, Session, filled, person_name, some
from opsterm.core.times import age, between
from opsterm.incidents.notice import Notice
from opsterm.incidents.reading import said_to_command
from opsterm.incidents.severity import own_rules
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Contact, Incident, PageOut
from opsterm.records.action import OPEN
from opsterm.records.contact import MARKS
from opsterm.records.instant import Instant
from opsterm.records.person_name import each_once, is_among, person_key, same_person


@dataclass(frozen=True, slots=True)
class Responder:
    """One person in the room."""

    name: str
    #: Roles, the weightiest first; empty for who has none.
    roles: tuple[str, ...]
    #: What they are on: marks and words of orders and tests; empty for who is free.
    on: tuple[str, ...]
    #: Since when they are on the first of these, or in their role.
    since: Instant
    leader: str = ""

    @property
    def free(self) -> bool:
        """Nothing to do, and no role that fills one's hands."""
        return not self.on and not any(role not in ("expert",) for role in self.roles)

    def words(self, now: Instant) -> str:
        """`noor  operations  a6 cap the report job, 7m`, or `ben  free for 4m`."""
        role = ", ".join(self.roles)
        what = "; ".join(self.on) or ("free" if self.free else "")
        team = f"in {self.leader}'s team" if self.leader else ""
        since = f"for {age(between(self.since, now))}" if self.since else ""
        return "  ".join(part for part in (self.name, role, team, what, since) if part)


def people(snapshot: Snapshot, now: Instant) -> list[Responder]:
    """Everybody with a role, an order or a test, and who was reached: the commander first, the free ones last."""
    of = snapshot.incident
    said = said_to_command(of, snapshot.conflicts)
    part = "commander, disputed" if len(said) > 1 else "commander"
    held = [(name, part, of.commander_since, "") for name in said]
    held += [(role.name, role.role, role.name_since, role.leader) for role in snapshot.roles]
    on = [
        (action.owner, f"{action.mark} {action.text}", action.owner_since or action.at)
        for action in snapshot.ordered_actions(now)
        if action.state in OPEN
    ]
    on += [
        (test.owner, f"{test.mark} {test.text}", test.state_since)
        for test in snapshot.probes
        if test.state == "running"
    ]
    reached = [(s.name, s.state_since) for s in snapshot.summons if s.state == "reached"]
    out = []
    for name in each_once(named[0] for named in (*held, *on, *reached)):
        roles = [role for who, *role in held if same_person(who, name)]
        work = [task for who, *task in on if same_person(who, name)]
        came = next((at for who, at in reached if same_person(who, name)), "")
        starts = [at for _, at in work] or [at for _, at, _ in roles if at] or [came]
        leader = next((led for _, _, led in roles if led), "")
        out.append(Responder(name, tuple(r for r, _, _ in roles), tuple(text for text, _ in work), starts[0], leader))
    return sorted(out, key=lambda person: ("commander" not in person.roles, person.free, not person.roles))


@dataclass(frozen=True, slots=True)
class WantedRole:
    """One role that the severity calls for and nobody holds, with whom to call for it."""

    role: str
    contacts: tuple[Contact, ...]
    #: What came of calling: name → (mark, since when).
    called: tuple[tuple[str, str, Instant], ...]

    def words(self, now: Instant) -> str:
        """`scribe: li (@li), tom (+44 …)`, with what came of calling them."""
        marks = {person_key(name): f", {mark} {age(between(since, now))} ago" for name, mark, since in self.called}
        names = [f"{c.name} ({c.reach}{marks.get(person_key(c.name), '')})" for c in self.contacts]
        known = [c.name for c in self.contacts]
        others = [called for called in self.called if not is_among(called[0], known)]
        names += [f"{name} ({mark} {age(between(at, now))} ago)" for name, mark, at in others]
        return f"{self.role}: {', '.join(names) or 'no contact is known'}"


def called_for(snapshot: Snapshot, contacts: Sequence[Contact]) -> list[WantedRole]:
    """The roles that the severity's response asks for and that are not filled, with their contacts: those who know the
    hurt services first."""
    asks = own_rules().asks.get(snapshot.incident.severity)
    if asks is None or snapshot.over:
        return []
    filled = {role.role for role in snapshot.roles} | ({"commander"} if snapshot.incident.commander else set())
    hurt = {service.lower() for service in snapshot.incident.services}
    out = []
    for role in asks.roles:
        if role in filled:
            continue
        able = [c for c in contacts if role in c.roles]
        able.sort(key=lambda c: (not hurt & {service.lower() for service in c.services}, c.born))
        called = tuple((s.name, s.state, s.state_since) for s in snapshot.summons if s.role == role)
        out.append(WantedRole(role, tuple(able), called))
    return out


def contacts(board: Board) -> list[Contact]:
    """Everybody that can be called."""
    return board.all(Contact)


def add_contact(
    session: Session, name: str, reach: str, *, roles: Sequence[str] = (), services: Sequence[str] = ()
) -> Outcome:
    """Puts a person on the contacts, or changes how to reach them."""
    who = some(person_name(name), "who")
    fields = {
        "name": who,
        "reach": some(reach, f"how to reach {who}"),
        "roles": list(roles),
        "services": list(services),
    }
    known = session.board.all(Contact, where="person_key(name) = ?", args=(person_key(who),))
    if known:
        session.set(known[0], fields)
        return Outcome(f"{who}: {reach}", known[0].id)
    return Outcome(f"{who}: {reach}", session.create(Contact, "", fields))


def mark_call(session: Session, incident: Incident, name: str, mark: str, *, role: str = "") -> Outcome:
    """Notes what came of calling a person: called, reached or no answer."""
    if mark not in MARKS:
        raise Rejected(f"There is no mark {mark!r}: say one of {', '.join(MARKS)}.")
    who = some(person_name(name), "who was called")
    words = f"{who} {mark}{f' for {role}' if role else ''}"
    known = session.board.all(PageOut, incident.id, where="person_key(name) = ?", args=(person_key(who),))
    if known:
        session.set(known[-1], filled(state=mark, role=role))
        return Outcome(words, known[-1].id)
    fields = filled(name=who, state=mark, role=role)
    return Outcome(words, session.create(PageOut, incident.id, fields))


def page_text(snapshot: Snapshot, name: str = "", role: str = "") -> str:
    """What to send to somebody who is called, for the clipboard: what is hurt, how badly, what is wanted, where."""
    of = snapshot.incident
    drill = "DRILL, no emergency: " if of.drill else ""
    who = f"{name}, " if name else ""
    wanted = f"you are asked to join as {role}" if role else "you are asked to join"
    weight = f"{of.severity.upper()} " if of.severity else ""
    commander = f" {snapshot.in_command} is in command." if snapshot.in_command else " Nobody is in command yet."
    impact = of.impact or of.title
    stop = "" if impact.endswith((".", "!", "?", "。")) else "."
    return f"{drill}{who}{wanted}: {weight}{of.mark}, {impact}{stop}{commander} Say yes or no now, please."


def exposure_notice(snapshot: Snapshot, *, shared: bool) -> Notice | None:
    """At a data exposure: everyone in the share reads everything, so what only some may know belongs elsewhere."""
    if snapshot.incident.exposure not in ("exposed", "lost", "corrupted", "in doubt") or snapshot.over or not shared:
        return None
    text = "everyone in the share reads everything here: keep names and data out, or use another share"
    return Notice("exposure", text, "warning", (), "other_share", snapshot.incident.id)
