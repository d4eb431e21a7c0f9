"""A pass under the lock of the board, told in the state beside it; and the one that a person asks for and waits for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from opsterm.board.store import Board
from opsterm.records.instant import from_ms
from opsterm.share.carrier import ShareError, ShareUnreachable
from opsterm.share.exchange import Exchange, Exchanged
from opsterm.share.lock import held
from opsterm.share.membership import open_share
from opsterm.share.state import ShareProblem, State, StationSeen, read_state, write_state
from opsterm.share.station import own_label

#: What was said of the last passes that a person may still want to read.
SAID_MAX = 5


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What one publish and merge did."""

    published: int
    merged: int
    stations: tuple[StationSeen, ...]
    problems: tuple[ShareProblem, ...]
    said: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it; times are ISO 8601 in UTC, skews seconds ahead."""
        return {
            "published": self.published,
            "merged": self.merged,
            "stations": [
                {
                    "station": seen.station,
                    "label": seen.label,
                    "person": seen.person,
                    "seq": seen.seq,
                    "last_change_at": from_ms(seen.last_change_ms) if seen.last_change_ms else "",
                    "skew_seconds": seen.skew_s,
                }
                for seen in self.stations
            ],
            "problems": [{"file": problem.file, "what": problem.what} for problem in self.problems],
            "said": list(self.said),
        }


def pass_lock(board: Path) -> Path:
    """The file whose lock is held during a pass."""
    return board.with_name(f"{board.name}-share-lock")


@contextmanager
def turn(board: Board, timeout_s: float) -> Iterator[None]:
    """This process's turn with the share. Raises ShareUnreachable where another holds it for longer."""
    with held(pass_lock(board.path), timeout_s) as got:
        if not got:
            raise ShareUnreachable(
                f"Another process has been exchanging with the share for {timeout_s:g} s: the share may hang; check"
                " the network and the mount."
            )
        yield


def sync_here(
    board: Board, directory: Path, *, timeout_s: float, joining: bool = False, anyway: bool = False
) -> SyncResult:
    """One publish and merge in this process. Raises ShareUnreachable, ShareRefused and BoardError."""
    with turn(board, timeout_s):
        state = read_state(board.path)
        if state.directory != str(directory):
            state = State(directory=str(directory))
        try:
            share = open_share(board, directory, joining=joining, anyway=anyway)
            exchange = Exchange(board, share, label=own_label(), delays=state.delays)
            outcome = exchange.once(thorough=True)
            exchange.remember_all()
        except ShareError as error:
            write_state(board.path, troubled(state, str(error), board.clock.now_ms()))
            raise
        told = heard(state, exchange, outcome, board.clock.now_ms())
        write_state(board.path, told)
        return SyncResult(
            outcome.published, outcome.merged, told.stations, tuple(outcome.problems), tuple(outcome.said)
        )


def heard(state: State, exchange: Exchange, outcome: Exchanged, now_ms: int) -> State:
    """The state after a pass."""
    return replace(
        state,
        heard_ms=now_ms,
        station=exchange.station,
        published_seq=exchange.published_seq(),
        stations=tuple(exchange.stations()),
        problems=_since(state.problems, outcome.problems),
        trouble="",
        trouble_since_ms=0,
        said=(*state.said, *outcome.said)[-SAID_MAX:],
        delays=exchange.delays,
    )


def troubled(state: State, why: str, now_ms: int) -> State:
    """The state after a pass that could not be: since when stays, while it is the same."""
    since = state.trouble_since_ms if state.trouble else now_ms
    return replace(state, trouble=why, trouble_since_ms=since)


def _since(before: tuple[ShareProblem, ...], now: list[ShareProblem]) -> tuple[ShareProblem, ...]:
    """The problems, each since it was first seen."""
    known = {(problem.file, problem.what): problem.since_ms for problem in before}
    return tuple(replace(p, since_ms=known.get((p.file, p.what), p.since_ms)) for p in now)
