"""A world of stations, folders and a sync tool between them, all of whose bad luck follows from one seed.

The boards, the exchange and the folder are the real ones. What is simulated is what lies around them: clocks, people,
disks that fill and processes that die, a tool that delivers files late, twice, in pieces and under other names.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from opsterm.board.change import Change, fault
from opsterm.board.merging import Merged
from opsterm.board.store import Board, seeded_token
from opsterm.board.undo import Undo
from opsterm.core.conflicts import settle, sides_of
from opsterm.core.session import Rejected, Session
from opsterm.incidents import actions, hypothesis, incident, timeline
from opsterm.records import KINDS, Action, Hypothesis, Incident
from opsterm.records.record import as_fields
from opsterm.share.carrier import ShareUnreachable
from opsterm.share.exchange import Exchange
from opsterm.share.folder import JOURNALS, ROOT, TEMPORARY, Folder
from opsterm.share.journal import Malformed, decode
from opsterm.share.membership import open_share, seen_device

YEAR_MS = 365 * 86_400_000
START_MS = 1_790_000_000_000
STATIONS_MAX = 12
PEOPLE = ("mia", "ben", "noor", "ada", "liu", "sam", "eva", "tom", "ida", "max", "zoe", "kim")

#: What tools call a copy that they could not reconcile; `{}` is the name without its ending.
CONFLICT_COPIES = (
    "{}.sync-conflict-20261123-141502-7LYYVKF.sqlite",
    "{} (Mia's conflicted copy 2026-11-23).sqlite",
    "{} (Mia's conflicted copy 2026-11-23) (1).sqlite",
    "{} (in Konflikt stehende Kopie von Mia 2026-11-23).sqlite",
    "{}-LAPTOP7.sqlite",
    "{}-LAPTOP7-2.sqlite",
    "{} (1).sqlite",
    "{} (conflicted copy 2026-11-23 141502).sqlite",
    "{}_conflict-20261123-141502.sqlite",
    "{} 2.sqlite",
    "{}.Conflict.sqlite",
    "{} (SFConflict mia@example.org 2026-11-23-14-15-02).sqlite",
)


class Crash(BaseException):
    """The process died here."""


class SteppedClock:
    """A wall clock that may be years off and jump."""

    def __init__(self, world: World, offset_ms: int) -> None:
        self._world = world
        self.offset_ms = offset_ms

    def now_ms(self) -> int:
        return self._world.time_ms + self.offset_ms


class WatchedBoard(Board):
    """A board that dies now and then at a commit, and refuses to take what nobody ever said."""

    world: World

    @contextmanager
    def _merging(self) -> Iterator[None]:
        self.world.maybe_crash()
        with super()._merging():
            yield
        self.world.maybe_crash()

    def merge(self, changes: Any, **more: Any) -> Merged:
        given = list(changes)
        for change in given:
            assert self.world.acknowledged.get(change.digest) == change, f"nobody said {change}"
        return super().merge(given, **more)


class FaultyFolder(Folder):
    """A folder on a disk that fills, whose writer may die at each step."""

    world: World

    def _fill(self, path: Path, data: bytes, mode: int) -> os.stat_result:
        if self.world.maybe_crash_half(path, data) or self.world.chance("full"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        return super()._fill(path, data, mode)

    def _rename(self, temporary: Path, target: Path) -> None:
        self.world.maybe_crash()
        super()._rename(temporary, target)
        self.world.written(self.directory, str(target.relative_to(self.journals_folder)), target.read_bytes())
        self.world.maybe_crash()

    def read(self, name: str) -> tuple[str, bytes]:
        if self.world.chance("unreadable"):
            raise OSError(errno.EIO, os.strerror(errno.EIO), name)
        return super().read(name)


@dataclass(slots=True)
class Place:
    """One station: a board, the folder that it sees, a person."""

    name: str
    board: WatchedBoard
    folder: Path
    clock: SteppedClock
    machine: str
    exchange: Exchange | None = None
    undo: Undo | None = None
    backup: Path | None = None
    joining: bool = True


@dataclass(slots=True)
class Delivery:
    """A version of a file on its way to a folder."""

    to: Path
    name: str
    data: bytes


#: Fault → how likely, at each occasion, while there are faults.
FAULTS = {"full": 0.03, "unreadable": 0.02, "crash": 0.01}


@dataclass
class World:
    """All of it."""

    seed: int
    root: Path
    synced: bool = False
    rng: random.Random = field(init=False)
    time_ms: int = START_MS
    faults: bool = True
    places: list[Place] = field(default_factory=list)
    acknowledged: dict[str, Change] = field(default_factory=dict)
    #: Acknowledged, and not lost with a disk that nobody had a copy of.
    owed: set[str] = field(default_factory=set)
    deliveries: list[Delivery] = field(default_factory=list)
    #: Every file as last written by anyone: what all folders hold once a sync tool has done its work.
    latest: dict[str, bytes] = field(default_factory=dict)
    older: list[Delivery] = field(default_factory=list)
    story: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.synced = self.rng.random() < 0.6
        self._made = 0
        WatchedBoard.world = FaultyFolder.world = self
        for _ in range(self.rng.choice((2, 2, 3, 3, 4, 5, 7, 12))):
            self.arrive()

    # --- luck

    def chance(self, fault: str) -> bool:
        return self.faults and self.rng.random() < FAULTS[fault]

    def maybe_crash(self) -> None:
        if self.chance("crash"):
            raise Crash

    def maybe_crash_half(self, path: Path, data: bytes) -> bool:
        """Dies with half a temporary file written, which stays."""
        if self.chance("crash"):
            path.with_name(f"{path.name}-left.tmp").write_bytes(data[: len(data) // 2])
            raise Crash
        return False

    # --- places

    def folder_of(self, name: str) -> Path:
        folder = self.root / (f"share-{name}" if self.synced else "share")
        folder.mkdir(exist_ok=True)
        return folder

    def open(self, path: Path, clock: SteppedClock, machine: str) -> WatchedBoard:
        self._made += 1
        token = seeded_token(self.seed * 1000 + self._made)
        board = WatchedBoard.open(path, clock=clock, machine=machine, token=token, any_disk=True)
        assert isinstance(board, WatchedBoard)
        board.on_recorded.append(self.acknowledge)
        return board

    def acknowledge(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self.acknowledged[change.digest] = change
            self.owed.add(change.digest)

    def arrive(self) -> None:
        if len(self.places) >= STATIONS_MAX:
            return
        name = f"{PEOPLE[len(self.places) % len(PEOPLE)]}{self._made}"
        offset = self.rng.choice((0, 0, 0, 40, -3000, 86_400_000, -5 * YEAR_MS, 30 * YEAR_MS))
        clock = SteppedClock(self, offset)
        (self.root / f"{name}.sqlite").write_bytes(_empty_board())
        board = self.open(self.root / f"{name}.sqlite", clock, name)
        place = Place(name, board, self.folder_of(name), clock, name, undo=Undo(board))
        self.places.append(place)
        if self.synced and len(self.places) > 1:
            self._copy_folder(self.places[0].folder, place.folder)

    def _copy_folder(self, source: Path, target: Path) -> None:
        if (source / ROOT).exists():
            shutil.copytree(source / ROOT, target / ROOT, dirs_exist_ok=True)

    # --- what people do

    def command(self, place: Place) -> None:
        rng, board = self.rng, place.board
        session = Session(board, place.name)
        incidents = board.all(Incident)
        try:
            with suppress(Rejected):
                if not incidents or rng.random() < 0.05:
                    incident.declare(
                        session, f"checkout fails {rng.random():.3f}", severity=rng.choice(("sev1", "sev2"))
                    )
                    return
                self._say(place, session, rng.choice(incidents))
        except Crash:
            self.die(place)

    def _say(self, place: Place, session: Session, about: Incident) -> None:
        rng, board = self.rng, place.board
        hypotheses = board.all(Hypothesis, about.id)
        given = board.all(Action, about.id)
        acts: list[Callable[[], object]] = [
            lambda: timeline.observe(session, about, f"error rate {rng.random():.2f}"),
            lambda: timeline.observe(session, about, "数据库 [bold]slow[/] " + "x" * rng.choice((10, 200, 3000))),
            lambda: incident.set_status(session, about, rng.choice(("identified", "monitoring", "resolved"))),
            lambda: incident.set_severity(session, about, rng.choice(("sev1", "sev2", "sev3"))),
            lambda: incident.take_command(session, about),
            lambda: incident.give_role(session, about, rng.choice(PEOPLE), rng.choice(("scribe", "ops", "expert"))),
            lambda: hypothesis.propose(session, about, f"pool exhausted {rng.random():.2f}"),
            lambda: actions.order(session, about, "roll back", owner=rng.choice(PEOPLE)),
        ]
        if hypotheses:
            chosen = rng.choice(hypotheses)
            acts += [
                lambda: hypothesis.add_evidence(session, [(chosen, rng.random() < 0.5)], "pool never above 40 %"),
                lambda: hypothesis.move(session, chosen, rng.choice(("testing", "eliminated", "confirmed")), "seen"),
            ]
        if given:
            order = rng.choice(given)
            acts.append(lambda: actions.move(session, order, rng.choice(("acknowledged", "done", "failed")), "ok"))
        conflicts = [c for c in board.conflicts(about.id) if c.kind == "incident" and c.field in ("status", "severity")]
        if conflicts:
            acts.append(lambda: settle(session, conflicts[0], sides_of(conflicts[0])[0]))
        if place.undo is not None:
            acts.append(lambda: place.undo.undo(place.name))  # type: ignore[union-attr]
        rng.choice(acts)()

    # --- what the machine does

    def exchange(self, place: Place, *, patience_s: float = 0.0) -> int:
        """One pass; returns how much it moved. The share may be gone; then nothing may be made in it."""
        is_new = seen_device(place.board, place.folder) is None
        may_make = (place.folder / ROOT).exists() or place.joining or is_new
        try:
            if place.exchange is None:
                share = open_share(place.board, place.folder, joining=place.joining, anyway=True, folder=FaultyFolder)
                place.joining = False
                place.exchange = Exchange(
                    place.board,
                    share,
                    label=f"{place.name}@{place.machine}",
                    patience_s=patience_s,
                    monotonic=lambda: self.time_ms / 1000,
                )
            known = list(place.exchange.names)
            again = [self.rng.choice(known)] if known and self.rng.random() < 0.1 else []
            outcome = place.exchange.once(thorough=self.rng.random() < 0.2 or not self.faults, again=again)
            if self.rng.random() < 0.2:
                place.exchange.remember_all()
            assert may_make, "a share that is gone was taken for one that is there"
            return outcome.merged + outcome.published
        except ShareUnreachable:
            place.exchange = None
            assert may_make or not (place.folder / ROOT).exists()
            return 0
        except Crash:
            self.die(place)
            return 1

    def die(self, place: Place) -> None:
        """The process dies, and is started again."""
        self.story.append(f"{place.name} died")
        place.board.close()
        self._reopen(place)

    def _reopen(self, place: Place) -> None:
        place.exchange = None
        place.board = self.open(place.board.path, place.clock, place.machine)
        place.undo = Undo(place.board)

    def back_up(self, place: Place) -> None:
        place.backup = self.root / f"{place.name}-backup.sqlite"
        place.backup.unlink(missing_ok=True)
        _copy_database(place.board.path, place.backup)

    def restore(self, place: Place) -> None:
        if place.backup is None:
            return
        self.story.append(f"{place.name} restored from a backup")
        place.board.close()
        for file in self.root.glob(f"{place.board.path.name}*"):
            file.unlink()
        _copy_database(place.backup, place.board.path)
        self._reopen(place)
        self.settle_debts()

    def clone(self, place: Place) -> None:
        """A machine is copied with all that is on it: two boards that believe to be the same station."""
        if len(self.places) >= STATIONS_MAX:
            return
        self._made += 1
        name = f"{place.name}c{self._made}"
        self.story.append(f"{place.name} cloned as {name}")
        path = self.root / f"{name}.sqlite"
        _copy_database(place.board.path, path)
        clock = SteppedClock(self, place.clock.offset_ms)
        board = self.open(path, clock, place.machine)
        twin = Place(name, board, self.folder_of(name), clock, place.machine, undo=Undo(board), joining=place.joining)
        self.places.append(twin)
        if self.synced:
            twin.joining = True
            self._copy_folder(place.folder, twin.folder)

    def retire(self, place: Place) -> None:
        """Someone leaves; the laptop is wiped."""
        if len(self.places) <= 2:
            return
        self.story.append(f"{place.name} left")
        self.places.remove(place)
        place.board.close()
        self.settle_debts()

    def lose_journal(self) -> None:
        """A file of someone who is no longer there is deleted everywhere."""
        present = {place.board.station for place in self.places}
        orphans = [name for name in self.files() if not any(station in name for station in present)]
        if not orphans:
            return
        name = self.rng.choice(orphans)
        self.story.append(f"{name} was deleted")
        self.latest.pop(name, None)
        self.deliveries = [d for d in self.deliveries if d.name != name]
        for folder in self.folders():
            (folder / ROOT / JOURNALS / name).unlink(missing_ok=True)
        self.settle_debts()

    # --- what happens to the share

    def folders(self) -> list[Path]:
        return sorted(self.root.glob("share*"))

    def files(self) -> dict[str, bytes]:
        """What the share holds, as it will once everything is delivered."""
        if self.synced:
            return self.latest
        journals = self.root / "share" / ROOT / JOURNALS
        found = [f for f in journals.rglob("*.sqlite") if not f.name.startswith(TEMPORARY)]
        return {str(f.relative_to(journals)): f.read_bytes() for f in found}

    def written(self, folder: Path, name: str, data: bytes) -> None:
        if not self.synced:
            return
        self.latest[name] = data
        for other in self.folders():
            if other != folder:
                self.deliveries.append(Delivery(other, name, data))

    def deliver(self) -> None:
        """One file arrives somewhere: late, early, twice, in pieces, or as a copy beside."""
        if not self.deliveries:
            return
        delivery = self.deliveries.pop(self.rng.randrange(len(self.deliveries)))
        luck = self.rng.random()
        stem, data = Path(delivery.name).stem, delivery.data
        if luck < 0.1:
            self._put(delivery.to, delivery.name, data[: self.rng.randrange(len(data))])
            self.deliveries.append(delivery)
        elif luck < 0.2:
            self._put(delivery.to, delivery.name, _torn(self._now_there(delivery), data, self.rng))
            self.deliveries.append(delivery)
        elif luck < 0.3:
            name = self.rng.choice(CONFLICT_COPIES).format(stem)
            self._put(delivery.to, name, self.rng.choice((data, data[: len(data) // 2])))
            self.deliveries.append(delivery)
        elif luck < 0.35 and self.older:
            old = self.rng.choice(self.older)
            self._put(old.to, old.name, old.data)
            if old.name in self.latest:
                self.deliveries.append(Delivery(old.to, old.name, self.latest[old.name]))
        else:
            self._put(delivery.to, delivery.name, data)
            self.older = [*self.older[-20:], delivery]
            if self.rng.random() < 0.1:
                self.deliveries.append(delivery)

    def _now_there(self, delivery: Delivery) -> bytes:
        try:
            return (delivery.to / ROOT / JOURNALS / delivery.name).read_bytes()
        except OSError:
            return b""

    def _put(self, folder: Path, name: str, data: bytes) -> None:
        """As tools do: a hidden temporary file, then a rename. Nothing is put into a folder that is not there."""
        target = folder / ROOT / JOURNALS / name
        if not (folder / ROOT).exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        hidden = target.with_name(f".syncthing.{target.name}.tmp")
        hidden.write_bytes(data)
        hidden.replace(target)

    def hurt_share(self) -> None:
        """Outside a sync tool: files are damaged in place, or copied by hand."""
        folder = self.rng.choice(self.folders())
        files = sorted(f for f in (folder / ROOT / JOURNALS).glob("*.sqlite") if f.is_file())
        if not files:
            return
        file = self.rng.choice(files)
        data = bytearray(file.read_bytes())
        if self.rng.random() < 0.5 and len(data) > 200:
            used = [at for at in range(len(data) // 3, len(data)) if data[at]] or [100]
            for _ in range(self.rng.randrange(1, 5)):
                data[self.rng.choice(used)] ^= 1 << self.rng.randrange(8)
            self._put(folder, file.name, bytes(data))
        else:
            self._put(folder, self.rng.choice(CONFLICT_COPIES).format(file.stem), bytes(data))
        self.settle_debts()

    def vanish(self) -> None:
        """The share is unmounted, and an empty folder is left."""
        folder = self.rng.choice(self.folders())
        if (folder / ROOT).exists():
            self.story.append(f"{folder.name} vanished")
            away = folder.with_name(f"away-{folder.name}")
            if away.exists():
                shutil.rmtree(away)
            (folder / ROOT).rename(away)

    def come_back(self) -> None:
        """A share that was unmounted is there again: as it was, old, or empty and joined again."""
        for folder in self.folders():
            if not (folder / ROOT).exists() and self.rng.random() < 0.7:
                self._come_back(folder)

    def _come_back(self, folder: Path) -> None:
        away, old = folder.with_name(f"away-{folder.name}"), folder.with_name(f"old-{folder.name}")
        way = self.rng.choice(("as it was", "old", "empty"))
        self.story.append(f"{folder.name} came back {way}")
        if way == "as it was" and away.exists():
            away.rename(folder / ROOT)
        elif way == "old" and old.exists():
            shutil.copytree(old, folder / ROOT)
        else:
            for place in self.places:
                if place.folder == folder:
                    place.joining, place.exchange = True, None
        self.settle_debts()

    def snapshot(self) -> None:
        """What a share that comes back old will hold."""
        folder = self.rng.choice(self.folders())
        old = folder.with_name(f"old-{folder.name}")
        if (folder / ROOT).exists():
            if old.exists():
                shutil.rmtree(old)
            shutil.copytree(folder / ROOT, old)

    # --- accounts

    def settle_debts(self) -> None:
        """Something was destroyed: what only it held is owed to nobody any more."""
        on_boards = {c.digest for place in self.places for c in place.board.all_changes()}
        if not self.owed <= on_boards:
            self.owed &= on_boards | _digests(self.files().values())

    # --- the end of bad luck

    def heal(self) -> None:
        """No more faults: every share is there, every file is delivered, copies made by the tool too."""
        self.faults = False
        for folder in self.folders() if self.synced else ():
            for file in sorted((folder / ROOT / JOURNALS).rglob("*.sqlite")):
                if not file.name.startswith(".") and file.is_file():
                    self.latest.setdefault(str(file.relative_to(folder / ROOT / JOURNALS)), file.read_bytes())
        for folder in self.folders():
            if not (folder / ROOT).exists():
                for place in self.places:
                    if place.folder == folder:
                        place.joining, place.exchange = True, None
        self.settle_debts()

    def converge(self, rounds_max: int = 12) -> None:
        """Passes until nothing moves any more."""
        for _ in range(rounds_max):
            moved = 0
            for place in self.places:
                self._deliver_all(place)
                moved += self.exchange(place)
            self.time_ms += 120_000
            if not moved:
                return
        raise AssertionError(f"still moving after {rounds_max} rounds")

    def _deliver_all(self, place: Place) -> None:
        if not self.synced:
            return
        if not (place.folder / ROOT).exists():
            (place.folder / ROOT).mkdir()
        for name, data in self.latest.items():
            delivery = Delivery(place.folder, name, data)
            if self._now_there(delivery) != data:
                self._put(place.folder, name, data)

    def close(self) -> None:
        for place in self.places:
            place.board.close()


@cache
def _empty_board() -> bytes:
    """The file of a board that has its tables and is no station yet: making them takes longer than all the rest."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "board.sqlite"
        Board.open(path, any_disk=True).close()
        with closing(sqlite3.connect(path)) as db:
            db.execute("DELETE FROM meta WHERE key IN ('station', 'machine')")
            db.commit()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.read_bytes()


def told(board: Board) -> list[Any]:
    """All that screens read of a board, in canonical order."""
    records = [
        (kind, {k: v for k, v in as_fields(item).items() if k != "born"})
        for kind, cls in sorted(KINDS.items())
        for item in sorted(board.all(cls), key=lambda item: item.id)
    ]
    incidents = sorted(item.id for item in board.all(Incident))
    moments = [board.moments(i) for i in incidents]
    return [records, moments, board.conflicts()]


def _torn(old: bytes, new: bytes, rng: random.Random) -> bytes:
    """Some pages of one version and some of another."""
    pages = [new[at : at + 4096] for at in range(0, len(new), 4096)]
    for index in range(len(pages)):
        before = old[index * 4096 : index * 4096 + 4096]
        if before and rng.random() < 0.5:
            pages[index] = before
    return b"".join(pages)


def _copy_database(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as a, sqlite3.connect(target) as b:
        a.backup(b)
    a.close()
    b.close()


def _digests(files: Any) -> set[str]:
    found: set[str] = set()
    for data in files:
        with suppress(Malformed):
            # A row that was damaged there is lost with its last board: it may name itself, and says nothing.
            found |= {change.digest for change in decode(data).changes if not fault(change)}
    return found
