"""All that one person is told in a room now, whatever tells it to them: the screen's one line, or the linear mode."""

from __future__ import annotations

from collections.abc import Iterable

from opsterm.board.store import Board
from opsterm.command.asked_aloud import asked_aloud
from opsterm.command.attention import all_notices
from opsterm.command.concerns import concerns
from opsterm.command.disk_space import disk_notice
from opsterm.command.related_incidents import colliding, fold_offers_to
from opsterm.core.thresholds import load_settings
from opsterm.core.times import rough_age
from opsterm.incidents.notice import Notice
from opsterm.incidents.snapshot import Snapshot
from opsterm.records.instant import Instant
from opsterm.sharing.status import sharing_state

#: The timeline's last lines that the rules look at.
_MOMENTS = 400


def room_notices(
    board: Board, snapshot: Snapshot, person: str, now: Instant, *, more: Iterable[Notice] = ()
) -> list[Notice]:
    """What concerns a person, what the rules say, and `more`, the worst first and each once."""
    limits = load_settings().thresholds
    share = sharing_state(board, now)
    found = concerns(snapshot, person, now, limits=limits)
    if share.shared and share.late:
        found.append(Notice("unheard share", unheard_words(share.heard_s), "warning", (), "aloud"))
    if disk := disk_notice(board):
        found.append(disk)
    moments = board.moments(snapshot.incident.id, last=_MOMENTS)
    found += more
    found += asked_aloud(board, person)
    found += colliding(board, snapshot)
    found += fold_offers_to(board, snapshot, person, now)
    found += all_notices(snapshot, moments, person, now, limits=limits, shared=share.shared)
    known: dict[str, Notice] = {}
    for notice in sorted(found, key=lambda notice: notice.rank):
        known.setdefault(notice.key, notice)
    return list(known.values())


def unheard_words(seconds: int | None) -> str:
    """What a share that is late says, short enough for the smallest screen."""
    unheard = "not heard yet" if seconds is None else f"unheard {rough_age(seconds)}"
    return f"share {unheard}: others may not see this, say it aloud"
