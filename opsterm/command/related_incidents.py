"""Several incidents at once: which run, which may be one, what links them. [FEMA ICS; PagerDuty]"""

from __future__ import annotations

from collections.abc import Sequence

from opsterm.board.store import Board
from opsterm.core.folds import is_folded
from opsterm.core.session import Outcome, Rejected, Session, filled
from opsterm.core.thresholds import DEFAULTS
from opsterm.core.times import between
from opsterm.incidents.actions import risky
from opsterm.incidents.incident import declare
from opsterm.incidents.notice import Notice
from opsterm.incidents.reading import all_incidents, running_incidents
from opsterm.incidents.snapshot import Snapshot
from opsterm.incidents.timeline import observe
from opsterm.learn.signature import generic, telling
from opsterm.records import Action, Hypothesis, Incident, Link
from opsterm.records.action import OPEN
from opsterm.records.incident import LINKS, in_order
from opsterm.records.instant import Instant


def _glance(board: Board, incident: Incident) -> Snapshot:
    """As much of the room as collisions are seen by."""
    return Snapshot(
        version=board.version,
        incident=incident,
        roles=(),
        hypotheses=(),
        evidence={},
        actions=board.all(Action, incident.id, where="state IN ('ordered', 'acknowledged')"),
        decisions=(),
        updates=(),
        runs=(),
        steps={},
        conflicts=(),
    )


def running(board: Board) -> list[Incident]:
    """Incidents that run, the worst first, then the oldest; parts stand after what they are a part of, drills last."""
    return in_order(running_incidents(board))


# --- which may be one


def fold_offers(board: Board) -> list[Notice]:
    """Two that run, declared within fifteen minutes of each other on a service that both name or under like titles, may
    be one. The younger is offered to be folded into the older."""
    found = [i for i in running(board) if i.declared_at and not i.drill]
    found.sort(key=lambda i: (i.declared_at, i.born))
    apart = _said_apart(board)
    offers = []
    for place, older in enumerate(found):
        for younger in found[place + 1 :]:
            if between(older.declared_at, younger.declared_at) > DEFAULTS.fold_minutes * 60:
                break
            shared = {s.lower() for s in older.services} & {s.lower() for s in younger.services}
            related = younger.parent == older.id or older.parent == younger.id
            if related or frozenset((older.id, younger.id)) in apart or not (shared or _called_alike(older, younger)):
                continue
            alike = f"are both on {', '.join(sorted(shared))}" if shared else "are called alike"
            text = f"{younger.mark} and {older.mark} {alike}: are they one?"
            to = tuple(dict.fromkeys(name for name in (older.commander, younger.commander) if name))
            offers.append(Notice(f"fold:{younger.id}:{older.id}", text, "offer", to, "fold", younger.id))
    return offers


def fold_offers_to(board: Board, snapshot: Snapshot, person: str, now: Instant) -> list[Notice]:
    """The same of one incident for one person in its room: once, for a dismissal lasts as long as it is young."""
    young_s = DEFAULTS.quiet_minutes * 60
    if snapshot.over or between(snapshot.incident.declared_at or now, now) > young_s:
        return []
    return [n for n in fold_offers(board) if snapshot.incident.id in n.key.split(":") and n.concerns(person)]


def _called_alike(one: Incident, other: Incident) -> bool:
    """Whether titles share at least half of the words that say what is broken."""
    said, also = (telling(item.title) - generic() for item in (one, other))
    return bool(said and also) and len(said & also) * 2 >= min(len(said), len(also))


def _said_apart(board: Board) -> set[frozenset[str]]:
    return {frozenset((link.incident, link.other)) for link in board.all(Link)}


def fold_into(session: Session, incident: Incident, into: Incident, why: str = "") -> Outcome:
    """Folds one incident into another: both timelines are kept, open orders are named, the folded one runs no more.
    Raises Rejected for itself or a circle."""
    if incident.id == into.id:
        raise Rejected("An incident can't be folded into itself.")
    if is_folded(session.board, into):
        raise Rejected(f"{into.mark} was folded into another itself: name that one.")
    if is_folded(session.board, incident):
        raise Rejected(f"{incident.mark} was folded already.")
    words = f"{incident.mark} folded into {into.mark}{f': {why}' if why else ''}"
    with session.board.transaction():
        fields = {"folded_into": into.id, **({"offered_to": ""} if incident.offered_to else {})}
        session.set(incident, fields, why=why)
        merged = list(dict.fromkeys([*into.services, *incident.services]))
        if merged != list(into.services):
            session.set(into, {"services": merged})
        link = {"other": incident.id, "how": "related"}
        session.create(Link, into.id, link, why=why)
    left = [a.mark for a in session.board.all(Action, incident.id) if a.state in OPEN]
    warning = f"open orders of {incident.mark}: {', '.join(left)}: give them again in {into.mark}" if left else ""
    return Outcome(words, into.id, warning)


def unfold(session: Session, incident: Incident, why: str = "") -> Outcome:
    """Takes a fold back: they were two after all."""
    if not incident.folded_into:
        raise Rejected(f"{incident.mark} is not folded into another.")
    words = f"{incident.mark} runs on its own again{f': {why}' if why else ''}"
    session.set(incident, {"folded_into": ""}, why=why)
    return Outcome(words, incident.id)


def link(session: Session, incident: Incident, other: Incident, how: str = "related", why: str = "") -> Outcome:
    """Says how one incident bears on another; both are two from then on, and are not offered to be folded."""
    if how not in LINKS:
        raise Rejected(f"There is no link {how!r}: say one of {', '.join(LINKS)}.")
    if incident.id == other.id:
        raise Rejected("An incident can't be linked to itself.")
    words = f"{incident.mark} {how} {'to ' if how == 'related' else 'with ' if how == 'collides' else ''}{other.mark}"
    record = session.create(Link, incident.id, {"other": other.id, "how": how}, why=why)
    return Outcome(words, record)


def links_of(board: Board, incident: Incident) -> list[tuple[str, Incident]]:
    """(how, the other incident) of all that this one is linked with, from either side, in words read from here."""
    back = {"caused by": "caused", "split from": "split into"}
    found: list[tuple[str, str]] = [(item.how, item.other) for item in board.all(Link, incident.id)]
    others = board.all(Link, where="other = ?", args=(incident.id,))
    found += [(back.get(item.how, item.how), item.incident) for item in others]
    if incident.folded_into:
        found.append(("folded into", incident.folded_into))
    if incident.parent:
        found.append(("part of", incident.parent))
    if incident.recurrence_of:
        found.append(("repeats", incident.recurrence_of))
    found += [("has part", item.id) for item in board.all(Incident, where="parent = ?", args=(incident.id,))]
    known = {item.id: item for item in all_incidents(board)}
    return [(how, known[other]) for how, other in dict.fromkeys(found) if other in known]


def open_part(session: Session, incident: Incident, title: str, commander: str = "") -> Outcome:
    """Declares a sub-incident: a part with its own commander, under this one."""
    with session.board.transaction():
        told = declare(session, title, commander=commander, severity=incident.severity, drill=incident.drill)
        session.write("incident", told.record, "", {"parent": incident.id})
        observe(session, incident, f"a part of it stands on its own: {told.sentence}: {title}")
    return Outcome(f"{told.sentence}; part of {incident.mark}", told.record)


def split(
    session: Session, incident: Incident, title: str, *, hypotheses: Sequence[Hypothesis] = (), commander: str = ""
) -> Outcome:
    """Declares a second incident out of one that turned out to be two. Hypotheses that belong to it are proposed there
    again and parked here, so that both keep their history."""
    with session.board.transaction():
        told = declare(session, title, commander=commander, drill=incident.drill)
        made = session.read(Incident, told.record)
        link(session, made, incident, "split from")
        for item in hypotheses:
            fields = filled(text=item.text, state="proposed", owner=item.owner)
            if item.confidence is not None:
                fields["confidence"] = item.confidence
            session.create(Hypothesis, made.id, fields)
            session.set(item, {"state": "parked", "goes_on_in": made.id})
    return Outcome(f"{told.sentence}; split from {incident.mark}", told.record)


def collisions(rooms: Sequence[Snapshot]) -> list[Notice]:
    """Two incidents with open orders that change the same service: an alarm on both."""
    found = []
    active = [r for r in rooms if not (r.over or r.incident.folded_into or r.incident.drill)]
    for place, first in enumerate(active):
        for second in active[place + 1 :]:
            shared = _changing(first) & _changing(second)
            if shared:
                names = ", ".join(sorted(shared))
                text = f"{first.incident.mark} and {second.incident.mark} both change {names}: one at a time"
                key = f"collides:{first.incident.id}:{second.incident.id}"
                found.append(Notice(key, text, "alarm", (), "link", first.incident.id))
    return found


def colliding(board: Board, snapshot: Snapshot) -> list[Notice]:
    """The same for one incident beside all that run."""
    if snapshot.over or not _changing(snapshot):
        return []
    services = {service.lower() for service in snapshot.incident.services}
    beside = [i for i in running(board) if i.id != snapshot.incident.id and services & {s.lower() for s in i.services}]
    return collisions([snapshot, *(_glance(board, item) for item in beside)])


def _changing(snapshot: Snapshot) -> set[str]:
    """Services of the incident that an open order of it which changes the system names."""
    texts = [a.text.lower() for a in snapshot.actions if a.state in OPEN and risky(a.text)]
    return {s.lower() for s in snapshot.incident.services if any(s.lower() in text for text in texts)}
