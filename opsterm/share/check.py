"""Verifying a share: every file and every change; what is wrong is named by file, station and first bad seq."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from opsterm.board.chains import changes_of_station, stations
from opsterm.board.change import Change, fault
from opsterm.board.check import BoardProblem
from opsterm.board.store import Board
from opsterm.share.carrier import Carrier
from opsterm.share.folder import SEALED
from opsterm.share.journal import About, Malformed, decode, is_database
from opsterm.share.layout import live_name, sealed_name
from opsterm.share.plain_words import shown, words
from opsterm.share.skew import noticed
from opsterm.share.state import State


@dataclass(slots=True)
class _Chains:
    """All sound changes of the share: station → seq → the digests found there, and where."""

    seqs: dict[str, dict[int, set[str]]] = field(default_factory=dict)

    def add(self, change: Change) -> None:
        self.seqs.setdefault(change.station, {}).setdefault(change.seq, set()).add(change.digest)


def check_journals(board: Board, carrier: Carrier, state: State) -> list[BoardProblem]:
    """All that is wrong with a share's journals. Reads everything; changes nothing. Raises ShareUnreachable."""
    listing = carrier.journals(thorough=True)
    problems = [BoardProblem(shown(carrier.where), listing.cut)] if listing.cut else []
    problems += [BoardProblem(shown(name), what) for name, what in listing.refused.items()]
    chains = _Chains()
    abouts: dict[str, About] = {}
    for name in sorted(listing.versions):
        problems += _check_file(carrier, name, chains, abouts)
    problems += _check_chains(board, chains)
    problems += _check_sealed(abouts)
    for seen in state.stations:
        if seen.skew_s is not None and noticed(seen.skew_s):
            way = "ahead" if seen.skew_s > 0 else "behind"
            problems.append(
                BoardProblem(
                    f"station {seen.station} {seen.label}".strip(), f"its clock is {abs(seen.skew_s):g} s {way}"
                )
            )
    return problems


def _check_file(carrier: Carrier, name: str, chains: _Chains, abouts: dict[str, About]) -> list[BoardProblem]:
    where = shown(name)
    try:
        data = carrier.read(name)[1]
        journal = decode(data)
    except OSError as error:
        return [BoardProblem(where, f"not read: {words(error)}")]
    except Malformed as error:
        return [BoardProblem(where, str(error))] if is_database(data) or name.endswith(".sqlite") else []
    abouts[name] = journal.about
    problems = []
    wrong = ""
    count = 0
    for change in journal.changes:
        said = fault(change)
        if said:
            count += 1
            wrong = wrong or f"change {shown(str(change.seq))} of station {shown(str(change.station))}: {said}"
        else:
            chains.add(change)
    if wrong:
        problems.append(BoardProblem(where, f"{wrong}{f', and {count - 1} more' if count > 1 else ''}"))
    station = journal.about.station
    if name != live_name(station) and not name.startswith(f"{SEALED}/{station}-"):
        problems.append(
            BoardProblem(
                where,
                f"a copy of the journal of station {station} ({journal.about.label}), as sync tools make them; what is"
                " in it was taken: it may be removed once all have synced",
            )
        )
    return problems


def _check_chains(board: Board, chains: _Chains) -> Iterator[BoardProblem]:
    for station, seqs in sorted(chains.seqs.items()):
        where = f"station {shown(station)}"
        forked = [seq for seq, digests in seqs.items() if len(digests) > 1]
        if forked:
            yield BoardProblem(
                where, f"change {min(forked)} is there twice, differently: it was cloned or restored; both are kept"
            )
        missing = _first_gap(seqs)
        if missing:
            known = any(change.seq == missing for change in changes_of_station(board, station, after=missing - 1))
            cure = "this board knows it: opsterm sync publishes it" if known else "no journal here has it yet"
            yield BoardProblem(where, f"change {missing} is missing: {cure}")
    for station, last in sorted(stations(board).items()):
        if station not in chains.seqs and station != board.station:
            yield BoardProblem(
                f"station {shown(station)}", f"changes up to {last} are in no journal: opsterm sync adds them"
            )


def _first_gap(seqs: dict[int, set[str]]) -> int:
    """The first seq that is missing below the last one, or 0."""
    return next((seq for seq in range(1, max(seqs)) if seq not in seqs), 0) if len(seqs) < max(seqs) else 0


def _check_sealed(abouts: dict[str, About]) -> Iterator[BoardProblem]:
    for name, about in sorted(abouts.items()):
        for number in range(1, about.sealed + 1):
            if sealed_name(about.station, number) not in abouts:
                yield BoardProblem(shown(name), f"its sealed file {number} of {about.sealed} is not here, or not sound")
                break
