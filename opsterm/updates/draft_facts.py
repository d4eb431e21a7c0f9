"""What is recorded of an incident, as drafting and review take it: now, or as it was up to a moment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from unicodedata import normalize

from opsterm.board.store import Board
from opsterm.drafting.facts import Facts, Sent
from opsterm.drafting.lexicon import terms
from opsterm.incidents.reading import undisputed
from opsterm.incidents.snapshot import Snapshot, snapshot_at, timed
from opsterm.records import System
from opsterm.records.instant import Instant
from opsterm.records.person_name import each_once
from opsterm.updates.settings import word_settings

#: Names that are no person's and say nothing of anybody: roles and teams may be told.
_NOT_NAMES = ("team", "engineer", "support", "communications", "operations", "responder", "on-call", "monitoring")


def facts_of(board: Board, now: Snapshot, at: Instant = "") -> Facts:
    """What is recorded of the incident that was read `now`, or was up to `at`; each sent update with what was recorded
    when it was sent. Raises Rejected where nothing was by then."""
    incident = now.incident.id
    history = timed(board, incident)
    snapshot = snapshot_at(history, incident, at, now) if at else now
    told = sorted(snapshot.updates, key=lambda update: (update.at, update.born))
    catalog = tuple(system.name for system in board.all(System) if not system.retired)
    sent = [Sent(update, _facts(snapshot_at(history, incident, update.at, now), catalog)) for update in told]
    return _facts(snapshot, catalog, sent)


def _facts(snapshot: Snapshot, catalog: Sequence[str], updates: Sequence[Sent] = ()) -> Facts:
    return Facts(
        incident=snapshot.incident,
        hypotheses=undisputed(snapshot.hypotheses, snapshot.disputed_causes),
        disputed=frozenset(snapshot.disputed_causes),
        in_command=snapshot.in_command,
        actions=tuple(snapshot.actions),
        decisions=tuple(snapshot.decisions),
        people=_people(snapshot),
        internal_words=_internal(snapshot, catalog),
        allowed_words=word_settings().allow,
        updates=tuple(updates),
        hurt=tuple(snapshot.hurt),
    )


#: What a name looks like that only a team uses: a host, a process, a repository.
_ONE_WORD = re.compile(r"[a-z]{3,30}")
_INTERNAL = re.compile(r"[a-z0-9]+[-_.][a-z0-9._-]*\d|[a-z]+[-_][a-z0-9_-]+|[a-z]+\d+", re.IGNORECASE)


def _internal(snapshot: Snapshot, catalog: Sequence[str]) -> tuple[str, ...]:
    """Names that no outsider knows: those that the team lists, and services and systems of the catalog that are called
    as hosts are, or by one word that is nothing a customer uses."""
    named = (name for name in snapshot.incident.services if _INTERNAL.fullmatch(name))
    return tuple(dict.fromkeys((*word_settings().services, *named, *filter(_secret, catalog))))


def _secret(name: str) -> bool:
    """Whether a system's name says nothing to those outside: `payments-api`, `kestrel`, but not `checkout`."""
    if _INTERNAL.fullmatch(name):
        return True
    return bool(_ONE_WORD.fullmatch(name)) and name not in terms("en", "effect", "offered")


def _people(snapshot: Snapshot) -> tuple[str, ...]:
    """Everybody named on the board, in the forms in which a text may spell them: their names are nobody's business
    outside."""
    of = snapshot.incident
    named = each_once(
        [
            of.commander,
            *snapshot.listed_commanders,
            *(r.name for r in snapshot.roles),
            *(a.owner for a in snapshot.actions),
            *(h.owner for h in snapshot.hypotheses),
        ]
    )
    spelled = {normalize(form, name) for name in named for form in ("NFC", "NFD")}
    return tuple(sorted(name for name in spelled if not any(word in name.lower() for word in _NOT_NAMES)))
