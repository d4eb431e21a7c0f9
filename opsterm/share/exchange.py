"""One pass: take what others published, see whether this station is still itself, publish what is its own.

The own journal is read first, then the board, then they are compared. Whatever a file holds, and whatever the disk of
the share does, is a line in the outcome: a pass ends early only where the share itself can't be reached.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256

from opsterm import gc_pause
from opsterm.board.chains import chain_sizes, changes_of_station, last_changes, unknown
from opsterm.board.change import Change, fault
from opsterm.board.merging import SLICE_S
from opsterm.board.store import Board
from opsterm.share.carrier import Carrier, Listing, ShareUnreachable
from opsterm.share.chain_runs import ChainLink, ChainRun, SeqSpan, covered_seqs, joined, not_in, runs_of, spans_of
from opsterm.share.files_read import File, holds_all_of, keep_files, read_files
from opsterm.share.folder import SEALED
from opsterm.share.journal import About, Malformed, NewerFormat, decode, encode, is_database
from opsterm.share.layout import (
    SEAL_BYTES,
    Layout,
    changes_in,
    keep_layout,
    link,
    live_name,
    read_layout,
    sealed_name,
    size,
    with_full_files_sealed,
)
from opsterm.share.plain_words import shown, words
from opsterm.share.skew import ARRIVALS_MAX, skew
from opsterm.share.state import ShareProblem, StationSeen
from opsterm.share.station import of_another_self

#: An arrival tells of a clock only where the share was looked at so shortly before.
_FRESH_S = 15.0
#: Where so many changes are new at once, which is a first join, a slice may hold others up for so long: in slices as
#: short as usual, half of the time goes into commits.
_MANY, _LONG_SLICE_S = 1000, 0.2
#: So many changes of several files are taken together: slices that end with each file would be short ones.
_TOGETHER = 16_000
#: So many files that are not taken are named one by one.
PROBLEMS_MAX = 50
#: Nobody says so much of one record: it is taken, and a person is told.
FLOOD = 10_000


@dataclass(slots=True)
class Exchanged:
    """What one pass did."""

    #: Changes that the share holds now and did not before, and changes that came on the board.
    published: int = 0
    merged: int = 0
    problems: list[ShareProblem] = field(default_factory=list)
    #: What a person should know of it.
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _FileReading:
    """One file that was read, before what it holds is taken."""

    name: str
    #: The file as it was known before.
    before: File | None
    file: File
    #: Its changes that are sound, and those of them that the board lacks.
    sound: list[Change]
    fresh: list[Change]


class Exchange:
    """One board's part in one share. Not for use by several processes at once: hold the board's lock."""

    def __init__(
        self,
        board: Board,
        carrier: Carrier,
        *,
        label: str,
        person: str = "",
        patience_s: float = 0.0,
        delays: Mapping[str, list[float]] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """`patience_s` is how long changes of others must be missing in the share until this station carries them;
        `delays` are the arrivals that an earlier process noted."""
        self._board = board
        self._carrier = carrier
        self._label = label
        self._person = person
        self._patience_s = patience_s
        self._monotonic = monotonic
        self._files = read_files(board, carrier.where)
        self._kept = dict(self._files)
        #: Live file → the hashes of its rows that were verified and are on the board.
        self._sound: dict[str, frozenset[int]] = {}
        #: Name → version, where all of it has been read: while the share lists the same, nothing is to do.
        self._settled: Mapping[str, str] | None = None
        #: A live file tells of sealed ones that have not arrived.
        self._awaits_sealed = False
        self._own = _Own(board, board.station)
        self._look_for_lacking = True
        self._lacking_since: float | None = None
        self._last_pass: float | None = None
        self._last: dict[str, tuple[int, int]] = last_changes(board)
        self.delays: dict[str, list[float]] = dict(delays or {})
        self._moved = ""

    def once(self, *, thorough: bool = False, again: Iterable[str] = ()) -> Exchanged:
        """One pass. `thorough` lists sealed files anew; the files named in `again` are read whether they seem to have
        changed or not. Raises ShareUnreachable and BoardError."""
        outcome = Exchanged()
        self._know_self()
        known = [name for name, file in self._files.items() if file.about.station]
        listing = self._carrier.journals(thorough=thorough or self._awaits_sealed, known=known)
        named_again = set(again)
        if named_again or listing.versions != self._settled:
            self._take_all(listing, named_again, outcome)
        if self._moved:
            self._move_on(outcome)
        self._publish(outcome)
        self._carry(outcome)
        self._last_pass = self._monotonic()
        now = self._board.clock.now_ms()
        wrong = [ShareProblem(shown(name), what, now) for name, what in listing.refused.items()]
        wrong += [
            ShareProblem(shown(name), file.wrong, file.wrong_since_ms)
            for name, file in self._files.items()
            if file.wrong
        ]
        cut = [ShareProblem(shown(self._carrier.where), listing.cut, now)] if listing.cut else []
        outcome.problems += [*cut, *_in_few(wrong, shown(self._carrier.where), now)]
        return outcome

    def publish(self) -> Exchanged:
        """Publishes what is this board's own, and takes nothing: for a first publishing, and for measuring. Raises
        ShareUnreachable and BoardError."""
        outcome = Exchanged()
        self._publish(outcome)
        return outcome

    # --- what is known

    @property
    def station(self) -> str:
        """The station that publishes here."""
        return self._own.station

    @property
    def names(self) -> list[str]:
        """The files of the share, as of the last pass."""
        return list(self._files)

    def published_seq(self) -> int:
        """The highest seq of this station that the share holds."""
        own = self._own
        names = [live_name(own.station), *(sealed_name(own.station, n + 1) for n in range(len(own.layout.sealed)))]
        held = [self._files[name].runs for name in names if name in self._files]
        return max((run.last for runs in held for run in runs if run.station == own.station), default=0)

    def stations(self) -> list[StationSeen]:
        """All stations that have a journal or a change, this one too; whoever changed something last comes first."""
        about = {file.about.station: file.about for file in self._files.values() if file.about.station}
        about.update({f.about.station: f.about for n, f in self._files.items() if n == live_name(f.about.station)})
        self._count(self._own.live)
        out = []
        for station in {*self._last, *about}:
            seq, wall = self._last.get(station, (0, 0))
            told = about.get(station, About())
            out.append(
                StationSeen(
                    station=shown(station),
                    label=told.label,
                    person=told.person,
                    seq=seq,
                    last_change_ms=wall,
                    skew_s=skew(self.delays.get(station, ())),
                )
            )
        return sorted(out, key=lambda seen: (-seen.last_change_ms, seen.station))

    def _know_self(self) -> None:
        """Another process of this board may have sealed a file, or gone on as another station."""
        station = self._board.station
        if self._own.layout != read_layout(self._board, station):
            self._look_for_lacking |= self._own.station != station
            self._own = _Own(self._board, station)

    def _is_own(self, name: str) -> bool:
        station = self._own.station
        return name == live_name(station) or name.startswith(f"{SEALED}/{station}-")

    def _forget_absent(self, listing: Listing) -> None:
        for name in [name for name in self._files if name not in listing.versions]:
            del self._files[name]
            self._sound.pop(name, None)
            self._look_for_lacking = True

    def _count(self, changes: Iterable[Change]) -> None:
        for change in changes:
            if change.seq > self._last.get(change.station, (0, 0))[0]:
                self._last[change.station] = (change.seq, change.wall)

    # --- taking

    def _take_all(self, listing: Listing, named_again: Collection[str], outcome: Exchanged) -> None:
        """Reads what changed, the own journal first."""
        self._forget_absent(listing)
        held_back: list[_FileReading] = []
        with gc_pause.paused():
            for name in sorted(listing.versions, key=lambda name: (not self._is_own(name), name)):
                seen = self._files.get(name)
                if seen is not None and seen.version == listing.versions[name] and name not in named_again:
                    continue
                if (reading := self._read(name, outcome)) is None:
                    continue
                held_back.append(reading)
                many = _MANY <= sum(len(one.fresh) for one in held_back) < _TOGETHER
                if not many or self._is_own(name):
                    outcome.merged += self._take(held_back)
                    held_back = []
            outcome.merged += self._take(held_back)
        taken = {name: file.version for name, file in self._files.items()}
        self._settled = taken if taken == listing.versions else None
        self._awaits_sealed = any(
            file.about.sealed and sealed_name(file.about.station, file.about.sealed) not in self._files
            for file in self._files.values()
        )
        self._remember()

    def _read(self, name: str, outcome: Exchanged) -> _FileReading | None:
        """What one file holds, where there is anything to take or to note of it."""
        before = self._files.get(name)
        try:
            version, data = self._carrier.read(name)
        except FileNotFoundError:
            return None
        except OSError as error:
            outcome.problems.append(ShareProblem(shown(name), f"not read: {words(error)}", self._now_ms()))
            return None
        sha = sha256(data).hexdigest()
        if before is not None and before.sha == sha:
            self._files[name] = replace(before, version=version)
            return None
        try:
            journal = decode(data)
        except Malformed as error:
            if isinstance(error, NewerFormat) and self._is_own(name):
                self._moved = "a newer opsterm wrote this station's journal"
            if is_database(data) or name.endswith(".sqlite"):
                self._note(name, before, File(version, sha, wrong=str(error)))
            else:
                self._note(name, before, File(version, sha))
            return None
        sound, fresh, faults = self._verified(name, journal.changes)
        outcome.said += _floods(fresh)
        exceeds = name == live_name(self._own.station) and self._own.is_exceeded_by(journal.about, sound)
        if not faults and (exceeds or of_another_self(self._board, fresh, own_file=self._is_own(name))):
            self._moved = "this board was cloned or restored from a backup"
        wrong = f"{faults[0]}{f' and {len(faults) - 1} more' if len(faults) > 1 else ''}" if faults else ""
        whole = before is not None and before.whole and not wrong
        file = File(version, sha, journal.about, runs_of(map(link, sound)), wrong, whole=whole)
        return _FileReading(name, before, file, sound, fresh)

    def _take(self, readings: Sequence[_FileReading]) -> int:
        """Takes what files hold. Returns how many changes were new to the board."""
        fresh = {change.digest: change for reading in readings for change in reading.fresh}
        slice_s = _LONG_SLICE_S if len(fresh) >= _MANY else SLICE_S
        taken = self._board.merge(fresh.values(), slice_s=slice_s, verified=True).taken if fresh else 0
        for reading in readings:
            self._count(reading.sound)
            if reading.before is not None and not reading.before.wrong:
                self._note_arrival(reading.file.about.station, reading.fresh)
            if not reading.name.startswith(f"{SEALED}/"):
                self._sound[reading.name] = frozenset(map(hash, reading.sound))
            digests = {change.digest for change in reading.sound}
            self._note(reading.name, reading.before, reading.file, digests)
        return taken

    def _verified(self, name: str, changes: list[Change]) -> tuple[list[Change], list[Change], list[str]]:
        """(all sound changes, those of them that the board lacks, what is wrong with the others). A live file grows by
        a few changes at a time: rows that were taken from it before are neither verified nor looked up again."""
        before = self._sound.get(name, frozenset())
        sound, added, faults = [], [], []
        for change in changes:
            if hash(change) in before:
                sound.append(change)
            elif wrong := fault(change):
                faults.append(f"change {shown(str(change.seq))} of station {shown(str(change.station))}: {wrong}")
            else:
                sound.append(change)
                added.append(change)
        fresh = unknown(self._board, (change.digest for change in added))
        return sound, [change for change in added if change.digest in fresh], faults

    def _note(self, name: str, before: File | None, now: File, digests: Collection[str] = ()) -> None:
        if now.wrong:
            since = before.wrong_since_ms if before is not None and before.wrong else self._now_ms()
            now = replace(now, wrong_since_ms=since)
        if before is not None and not holds_all_of(now, digests, before.runs):
            self._look_for_lacking = True
        self._files[name] = now

    def _note_arrival(self, station: str, fresh: list[Change]) -> None:
        arrived = [change for change in fresh if change.station == station]
        if not arrived or self._last_pass is None:
            return
        delay = (self._now_ms() - arrived[-1].wall) / 1000
        if delay < 0 or self._monotonic() - self._last_pass < _FRESH_S:
            self.delays[station] = [*self.delays.get(station, []), delay][-ARRIVALS_MAX:]

    def _now_ms(self) -> int:
        return self._board.clock.now_ms()

    # --- being itself

    def _move_on(self, outcome: Exchanged) -> None:
        former, reason = self._own.station, self._moved
        self._moved = ""
        self._own = _Own(self._board, self._board.new_identity())
        self._look_for_lacking = True
        outcome.said.append(f"{reason}: station {former} goes on as {self._own.station}; nothing is lost")

    # --- publishing

    def _publish(self, outcome: Exchanged) -> None:
        """Makes the own files hold what they should: whatever is missing, damaged or behind is made from the board."""
        before = self.published_seq()
        own = self._own
        own.catch_up()
        try:
            for number, spans in enumerate(own.layout.sealed, start=1):
                self._publish_sealed(sealed_name(own.station, number), spans)
            about = About(own.station, self._label, own.person or self._person, len(own.layout.sealed))
            name = live_name(own.station)
            held = self._files.get(name)
            if held is None or held.wrong or held.about.sealed != about.sealed or held.runs != own.runs():
                self._write(name, about, own.live, own.runs())
        except (OSError, ShareUnreachable) as error:
            outcome.problems.append(ShareProblem(live_name(own.station), _not_published(error), self._now_ms()))
        outcome.published += max(0, self.published_seq() - before)

    def _publish_sealed(self, name: str, spans: tuple[SeqSpan, ...]) -> None:
        held = self._files.get(name)
        if held is not None and held.whole:
            return
        changes = list(changes_in(self._board, spans))
        runs = runs_of(map(link, changes))
        if held is not None and held.runs == runs:
            self._files[name] = replace(held, whole=True)
        else:
            self._write(name, About(self._own.station, self._label, self._person), changes, runs)

    def _write(self, name: str, about: About, changes: Iterable[Change], runs: tuple[ChainRun, ...]) -> None:
        data = encode(about, changes)
        version = self._carrier.write(name, data)
        self._files[name] = File(version, sha256(data).hexdigest(), about, runs, whole=name.startswith(f"{SEALED}/"))

    def _carry(self, outcome: Exchanged) -> None:
        """Publishes changes of other stations that the board knows and the share lacks."""
        if not self._look_for_lacking:
            return
        lacking = self._lacking()
        if not lacking:
            self._look_for_lacking, self._lacking_since = False, None
            return
        if self._lacking_since is None:
            self._lacking_since = self._monotonic()
        if self._monotonic() - self._lacking_since < self._patience_s:
            return
        if self._own.carry(spans_of(lacking)):
            fresh = Exchanged()
            self._publish(fresh)
            outcome.problems += fresh.problems
            outcome.published += fresh.published if fresh.problems else len(lacking)
        if not self._lacking():
            self._look_for_lacking, self._lacking_since = False, None

    def _lacking(self) -> list[ChainLink]:
        held: dict[str, list[ChainRun]] = {}
        for file in self._files.values():
            for run in file.runs:
                held.setdefault(run.station, []).append(run)
        out: list[ChainLink] = []
        for station, count in chain_sizes(self._board).items():
            runs = held.get(station, [])
            if station != self._own.station and covered_seqs(runs) != count:
                out += not_in([link(change) for change in changes_of_station(self._board, station)], runs)
        return out

    def _remember(self) -> None:
        """Keeps on the board which sealed files were read; of live ones it is enough to do so at the end."""
        sealed = {name: file for name, file in self._files.items() if name.startswith(f"{SEALED}/") and not file.wrong}
        if sealed != {name: file for name, file in self._kept.items() if name.startswith(f"{SEALED}/")}:
            self.remember_all()

    def remember_all(self) -> None:
        """Keeps on the board which files were read, so that the next process need not read them. Raises BoardError."""
        if self._files != self._kept:
            keep_files(self._board, self._carrier.where, self._files)
            self._kept = {name: file for name, file in self._files.items() if not file.wrong}


class _Own:
    """What this station's own journal should hold, by the board."""

    def __init__(self, board: Board, station: str) -> None:
        self._board = board
        self.station = station
        self.layout = read_layout(board, station)
        self.live: list[Change] = []
        self.person = ""
        self._size = 0
        self._seq = 0
        self._runs: tuple[ChainRun, ...] | None = None
        self._load()

    def _load(self) -> None:
        self.live, self._size, self._seq = [], 0, self.layout.own_sealed
        self._runs = None
        self._add(changes_in(self._board, self.layout.carried))
        self.catch_up()

    def _add(self, changes: Iterable[Change]) -> None:
        for change in changes:
            self.live.append(change)
            self._size += size(change)
            self._runs = None
            if change.station == self.station:
                self._seq, self.person = change.seq, shown(change.author)

    def catch_up(self) -> None:
        """Adds what was recorded since, and seals what is full."""
        self._add(changes_of_station(self._board, self.station, after=self._seq))
        if self._size >= SEAL_BYTES:
            self._relay(with_full_files_sealed(self.layout, self.live))

    def is_exceeded_by(self, about: About, changes: Iterable[Change]) -> bool:
        """Whether what was found in this journal's place is more than this board ever put there: another self did. What
        is less is an older version that came back."""
        spans = [*self.layout.carried, *(span for file in self.layout.sealed for span in file)]
        return about.sealed > len(self.layout.sealed) or any(
            change.station != self.station
            and not any(s.station == change.station and s.first <= change.seq <= s.last for s in spans)
            for change in changes
        )

    def carry(self, spans: Iterable[SeqSpan]) -> bool:
        """Adds changes of others; whether there was anything to add."""
        carried = joined([*self.layout.carried, *spans])
        changed = carried != self.layout.carried
        self._relay(replace(self.layout, carried=carried))
        return changed

    def _relay(self, layout: Layout) -> None:
        if layout != self.layout:
            keep_layout(self._board, layout)
            self.layout = layout
            self._load()

    def runs(self) -> tuple[ChainRun, ...]:
        """The stretches that the live file should hold."""
        if self._runs is None:
            self._runs = runs_of(map(link, self.live))
        return self._runs


def _in_few(problems: list[ShareProblem], where: str, now_ms: int) -> list[ShareProblem]:
    """As many as a person reads, and one line for the rest."""
    more = len(problems) - PROBLEMS_MAX
    if more <= 0:
        return problems
    rest = ShareProblem(where, f"{more} more files are not taken: opsterm check names them", now_ms)
    return [*problems[:PROBLEMS_MAX], rest]


def _floods(fresh: Sequence[Change]) -> list[str]:
    """Who sent more changes of one record than any person says, in words."""
    if len(fresh) < FLOOD:
        return []
    counts = Counter((change.station, change.author, change.record) for change in fresh)
    return [
        f"station {shown(station)} ({shown(author)}) sent {count} changes of one record: all are kept, and what is done"
        " on it is slow"
        for (station, author, _), count in counts.items()
        if count >= FLOOD
    ]


def _not_published(error: OSError | ShareUnreachable) -> str:
    return f"not published: {error if isinstance(error, ShareUnreachable) else words(error)}"
