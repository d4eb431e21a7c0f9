"""Documents: how stale each is and why, which to look at first, and what people do about it."""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from opsterm.board.store import Board
from opsterm.core.calendar_dates import day
from opsterm.core.folds import running_in_circles
from opsterm.core.given_file import bytes_given
from opsterm.core.lookup import find, first_of, folded, named_id
from opsterm.core.session import Outcome, Rejected, Session, filled, some
from opsterm.core.valid_dates import sound
from opsterm.obligations.obligation import end_of, start_of
from opsterm.obligations.settle import settle
from opsterm.records import Deployment, Document, Incident, KeptText, Person, Reading, System, Vendor, Verification
from opsterm.records.document import METHODS, RESULTS
from opsterm.records.instant import Instant
from opsterm.records.person_name import person_key
from opsterm.records.plain import one_line, plain
from opsterm.registers.documents import repository as git
from opsterm.registers.documents.git_history import Repository
from opsterm.registers.documents.staleness import STALE_FROM, Since, Staleness, cadence_of, staleness
from opsterm.registers.systems.catalog import criticality_of, most_critical

#: Readings count for so many days [field notes: documentation staleness].
READINGS_DAYS = 90
#: How many documents a week people review, at the most.
REVIEW_TOP = 5
#: How much of a critical document's text the board keeps, in characters.
KEPT_MAX = 48_000
#: The longest cadence that counts, in days.
CADENCE_MAX = 36_500
#: Reviews that end in fixed should be so many of all: fewer is too early, more too late.
FIXED_LOW, FIXED_HIGH = 0.40, 0.60
FIXED_REVIEWS = 10
_TITLE_MAX = 120
#: So many systems at the most are asked for by name.
_NAMED_SYSTEMS_MAX = 8
#: What a pattern of SQL's LIKE acts on.
_WILD = re.compile(r"[%_!]")
_ESCAPED = r"!\g<0>"


@dataclass(frozen=True, slots=True)
class DocumentState:
    """One document and how it stands."""

    document: Document
    staleness: Staleness

    @property
    def line(self) -> str:
        """What is shown before anyone trusts it."""
        likely = f"{self.staleness.stale:.0%} likely stale"
        return f"{likely}; verified {self.document.verified_at[:10] or 'never'}"


def record_of(title: str) -> str:
    """The id of a document, of which titles are longer than names."""
    return named_id(Document, title, most=_TITLE_MAX)


def standings(board: Board, today: date, among: Iterable[Document] | None = None) -> list[DocumentState]:
    """How documents stand on a day, the most dangerous first; all of them where none are named."""
    if among is not None:
        return _standings(board, today, among)
    return list(
        board.worked_out("standings of documents", today, _KINDS, lambda: _standings(board, today, board.all(Document)))
    )


#: All that staleness is worked out from.
_KINDS = (Document, Deployment, Incident, Person, Reading, Vendor, System)


def _standings(board: Board, today: date, given: Iterable[Document]) -> list[DocumentState]:
    documents = [sound(document, "verified_at") for document in given if not document.retired]
    if not documents:
        return []
    earliest = min((d.verified_at[:10] for d in documents if d.verified_at), default=today.isoformat())
    known = _Known(board, today, earliest, _few_systems(documents), documents[0].id if len(documents) == 1 else "")
    first = {d.id: staleness(d, known.since(d, ()), today) for d in documents}
    stale = {d.title.casefold() for d in documents if first[d.id].stale >= STALE_FROM}
    out = []
    for document in documents:
        linked = tuple(title for title in document.linked if title.casefold() in stale)
        found = staleness(document, known.since(document, linked), today) if linked else first[document.id]
        out.append(DocumentState(document, found))
    return sorted(out, key=lambda s: (-s.staleness.danger, -s.staleness.stale, s.document.title.casefold()))


@dataclass(slots=True)
class _Known:
    """What the board knows up to the end of a day, by system."""

    board: Board
    today: date
    #: Nothing that happened before this day matters.
    earliest: str
    #: Nothing on other systems than these matters; None for any.
    systems: Sequence[str] | None = None
    #: Nothing of other documents than this matters; empty for any.
    document: str = ""
    #: System → (when, id) of what happened to it, in order.
    deployments: dict[str, list[tuple[Instant, str]]] = field(default_factory=lambda: defaultdict(list))
    incidents: dict[str, list[tuple[Instant, str]]] = field(default_factory=lambda: defaultdict(list))
    left: set[str] = field(default_factory=set)
    #: Document → the incident, or none, of each time that it was opened.
    readings: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    criticality: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        end = end_of(self.today)
        begun = "CASE started_at WHEN '' THEN at ELSE started_at END"
        of_ours, names = _naming("systems", self.systems)
        within = f"state <> 'planned' AND {begun} BETWEEN ? AND ? AND {of_ours}"
        dated = self.board.fields(
            Deployment, "id", "started_at", "at", "systems", where=within, args=(self.earliest, end, *names)
        )
        for record, started, at, systems in dated:
            _note(self.deployments, record, started or at, systems, end)
        of_ours, names = _naming("services", self.systems)
        running = sorted(running_in_circles(self.board))
        on_its_own = f"(folded_into = '' OR id IN ({', '.join('?' * len(running))}))"
        counted = f"NOT drill AND NOT anomaly AND status <> 'cancelled' AND {on_its_own} AND {of_ours}"
        for record, started, declared, at, services in self.board.fields(
            Incident, "id", "started_at", "declared_at", "at", "services", where=counted, args=(*running, *names)
        ):
            _note(self.incidents, record, started or declared or at, services, end)
        for happened in (*self.deployments.values(), *self.incidents.values()):
            happened.sort()
        self.left = {person_key(p.name) for p in self.board.all(Person) if p.left_at and p.left_at[:10] <= end[:10]}
        since = start_of(self.today - timedelta(days=READINGS_DAYS))
        opened = "at >= ? AND at <= ? AND ? IN ('', document)"
        for document, incident in self.board.fields(
            Reading, "document", "incident", where=opened, args=(since, end, self.document)
        ):
            self.readings[document].append(incident)
        for tier, served in self.board.fields(Vendor, "tier", "systems", where="NOT ended"):
            for system in served:
                key = system.casefold()
                self.criticality[key] = min(tier, self.criticality.get(key, 3))
        self.criticality |= criticality_of(self.board)

    def since(self, document: Document, linked: tuple[str, ...]) -> Since:
        verified = document.verified_at
        if len(verified) == 10:
            verified = start_of(day(verified))
        systems = {system.casefold() for system in document.systems}
        opened = self.readings.get(document.id, [])
        return Since(
            deployments=_count_since(self.deployments, systems, verified) if verified else 0,
            incidents=_count_since(self.incidents, systems, verified) if verified else 0,
            owner_left=bool(document.owner) and person_key(document.owner) in self.left,
            linked_stale=linked,
            opens=len(opened),
            opened_in_incident=any(opened),
            criticality=most_critical(document.systems, self.criticality),
        )


_Events = dict[str, list[tuple[Instant, str]]]


def _note(events: _Events, record: str, at: Instant, systems: Sequence[str], end: Instant) -> None:
    if at and at <= end:
        for system in systems:
            events[system.casefold()].append((at, record))


def _count_since(events: _Events, systems: Iterable[str], since: Instant) -> int:
    """How many of them happened to any of some systems from a moment on, each once."""
    found: set[str] = set()
    for system in systems:
        happened = events.get(system, [])
        found.update(record for _, record in happened[bisect_left(happened, (since, "")) :])
    return len(found)


def _few_systems(documents: Sequence[Document]) -> Sequence[str] | None:
    """The systems that documents cover, where they are few enough to ask for by name."""
    systems = list(dict.fromkeys(system for document in documents for system in document.systems))
    return systems if len(systems) <= _NAMED_SYSTEMS_MAX and all(map(str.isascii, systems)) else None


def _naming(column: str, systems: Sequence[str] | None) -> tuple[str, list[str]]:
    """SQL, with its arguments, for records whose list names one of some systems, in any case; for all where `systems`
    is None. SQLite folds the case of ASCII alone."""
    if not systems:
        return ("0" if systems is not None else "1"), []
    patterns = [f"%{_WILD.sub(_ESCAPED, json.dumps(system, ensure_ascii=False))}%" for system in systems]
    likes = [f"{column} LIKE ? ESCAPE '!'"] * len(patterns)
    return f"({' OR '.join(likes)})", patterns


def review_queue(board: Board, today: date) -> list[DocumentState]:
    """What to follow this week: the most dangerous of those that are likely stale or past their day."""
    return to_follow(standings(board, today), today)


def to_follow(found: Iterable[DocumentState], today: date) -> list[DocumentState]:
    """The same of standings at hand, the most dangerous first."""
    return [s for s in found if s.staleness.stale >= STALE_FROM or _past(s.document, today)][:REVIEW_TOP]


def review_by(document: Document) -> date | None:
    """The day by which somebody is to follow it; nothing for what is only superseded."""
    cadence = cadence_of(document)
    if not 0 < cadence <= CADENCE_MAX:
        return None
    verified = sound(document, "verified_at").verified_at
    if not verified:
        return day(document.at) if document.at else None
    return day(verified) + timedelta(days=cadence)


def _past(document: Document, today: date) -> bool:
    by = review_by(document)
    return by is not None and by <= today


def documents_for(board: Board, systems: Iterable[str], today: date) -> list[DocumentState]:
    """The documents that cover any of some systems, the most needed first: what an incident opens."""
    wanted = {system.casefold() for system in systems}
    among = [d for d in board.all(Document) if wanted & {system.casefold() for system in d.systems}]
    return sorted(standings(board, today, among), key=lambda s: (-s.staleness.need, s.document.title.casefold()))


def find_document(board: Board, name: str) -> Document:
    """The document of a title, of an id, of a path, or of an unambiguous beginning of its title. Raises Rejected."""
    named = board.get(Document, name)
    if named is not None and not named.retired:
        return named
    wanted, documents = folded(name), [d for d in board.all(Document) if not d.retired]
    found = first_of(
        name,
        lambda d: d.title,
        "say all of it",
        [d for d in documents if d.title.casefold() == wanted],
        [d for d in documents if d.path == name.strip()],
        [d for d in documents if wanted and d.title.casefold().startswith(wanted)],
    )
    return found or find(board, Document, name, "document", documents)


# --- what people do


def add_document(session: Session, title: str, given: Mapping[str, Any]) -> Outcome:
    """Records a document; nobody has followed it yet unless a day is given. Raises Rejected."""
    called = some(one_line(title), "what people call it")
    record = record_of(called)
    if session.board.get(Document, record):
        raise Rejected(f"{called} is on the register already.")
    session.create(Document, "", {"title": called, **given}, record=record)
    owner = given.get("owner") or "nobody"
    return Outcome(f"{called} is on the register, {owner} keeps it", record)


def verify(
    session: Session,
    document: Document,
    checked: str,
    *,
    method: str = "walked through",
    result: str = "still true",
    commit: str = "",
) -> Outcome:
    """Notes that somebody followed it, and what was checked: an edit is no verification. Raises Rejected."""
    if method not in METHODS:
        raise Rejected(f"Say how: {', '.join(METHODS)}, not {method!r}.")
    if result not in RESULTS:
        raise Rejected(f"It is {', '.join(RESULTS)}, not {result!r}.")
    text = some(checked, "what was checked")
    when = session.board.now
    before = standings(session.board, day(when), [document])
    fields = filled(
        document=document.id,
        result=result,
        method=method,
        text=text,
        commit=commit,
        stale=round(before[0].staleness.stale, 4) if before else 0.0,
    )
    with session.board.transaction():
        record = session.create(Verification, "", fields)
        seen = {"verified_at": when, "commits": 0, "dead_links": [], "wrong": "", **filled(retired=result == "retired")}
        session.set(document, seen, why=text)
        settle(session, document.id, ("review",), text)
    return Outcome(f"{document.title}: {result}", record)


def call_wrong(session: Session, document: Document, what: str) -> Outcome:
    """Notes what a reader found wrong."""
    found = some(one_line(what), "what is wrong with it")
    session.set(document, {"wrong": found})
    return Outcome(f"{document.title} is called wrong: {document.owner or 'nobody'} looks at it", document.id)


def opened(session: Session, document: Document, incident: str = "") -> Outcome:
    """Notes that somebody opened it, in an incident or for no one."""
    record = session.create(Reading, incident, {"document": document.id})
    return Outcome(f"{document.title} was opened", record)


def keep_text(session: Session, document: Document, text: str) -> Outcome:
    """Keeps a copy of its text on the board, cut at KEPT_MAX characters; the same text changes nothing."""
    shown = plain(text)[:KEPT_MAX]
    before = kept_text(session.board, document)
    if before and before.text == shown:
        return Outcome(f"the copy of {document.title} is up to date", before.id)
    fields = {
        "document": document.id,
        "text": shown,
        "cut": len(text) > KEPT_MAX,
        "copied_at": session.board.now,
    }
    record = session.create(KeptText, "", fields, record=f"{document.id}/text")
    cut = f", cut at {KEPT_MAX:,} characters" if len(text) > KEPT_MAX else ""
    return Outcome(f"the board keeps {document.title}{cut}", record)


def keep_file(session: Session, document: Document, path: Path) -> Outcome:
    """The same for the text of a file on this machine. Raises Rejected where it can't be read."""
    return keep_text(session, document, bytes_given(path, 4 * KEPT_MAX).decode("utf-8", "replace"))


def verifications_of(board: Board, document: Document) -> list[Verification]:
    """Each time that it was verified, oldest first."""
    return board.all(Verification, where="document = ?", args=(document.id,))


def kept_text(board: Board, document: Document) -> KeptText | None:
    """The copy that the board keeps, with its date."""
    return board.get(KeptText, f"{document.id}/text")


def scan(session: Session, found: Repository) -> list[Outcome]:
    """Looks at the repository for all documents that are in it: commits since each was verified, links to nothing,
    and a copy of the critical ones. Only what differs is recorded. Raises Rejected where git does not answer."""
    looked = []
    for document in session.board.all(Document):
        if document.retired or (document.repository and document.repository != found.name):
            continue
        text = git.text_of(found, document.path)
        if text is not None:
            looked.append((document, text, _scan_one(session.board, found, document, text)))
    out = []
    with session.board.transaction():
        for document, text, (commits, dead) in looked:
            if (commits, tuple(dead)) != (document.commits, document.dead_links):
                fields = {"commits": commits, "dead_links": dead, "scanned_at": session.board.now}
                session.set(document, fields)
            if document.critical:
                keep_text(session, document, text)
            out.append(Outcome(f"{document.title}: {commits} commits, {len(dead)} dead links", document.id))
    return out


def _scan_one(board: Board, found: Repository, document: Document, text: str) -> tuple[int, list[str]]:
    last = verifications_of(board, document)
    commit = last[-1].commit if last else ""
    since = sound(document, "verified_at").verified_at
    since = start_of(day(since)) if len(since) == 10 else since
    paths = document.watches or git.subjects_of(found, document.path, text)
    return git.commits_since(found, paths, since, commit), git.dead_links(found, document.path, text)


def advice_on_cadence(board: Board) -> str:
    """Whether people look too early or too late, from how reviews ended; empty while too few did."""
    results = [v.result for v in board.all(Verification)]
    if len(results) < FIXED_REVIEWS:
        return ""
    fixed = sum(result != "still true" for result in results) / len(results)
    if fixed < FIXED_LOW:
        return f"{fixed:.0%} of {len(results)} reviews found something: you look too early, lengthen cadences"
    if fixed > FIXED_HIGH:
        return f"{fixed:.0%} of {len(results)} reviews found something: you look too late, shorten cadences"
    return ""


def is_address(path: str) -> bool:
    """Whether it is on the web, not in a repository."""
    return bool(re.match(r"https?://", path, re.IGNORECASE))
