"""A share that means harm: no crash, no hang, nothing written outside, one clear line a file, nothing shown that acts.

OPSTERM_FUZZ=100000 makes the run longer.
"""

from __future__ import annotations

import json
import os
import random
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from opsterm.board.change import Change, canonical, digest_of
from opsterm.board.check import check
from opsterm.board.store import Board
from opsterm.exchange.exporting import export_json
from opsterm.records import KINDS, Incident
from opsterm.records.record import as_fields, columns
from opsterm.share import ShareError, check_share, join, sync_once
from opsterm.share.journal import About, encode
from tests.support.shares import OpenBoard, declare, journals, observe

FUZZ = int(os.environ.get("OPSTERM_FUZZ", "1500"))
NASTY = (
    "\x1b]52;c;aGVsbG8=\x07",
    "\x1b[2J\x9b31m",
    "[/var/log] [@click=app.quit()]x[/] [bold]",
    "\u202eevil\u2066\u200f",
    "a\nb\tc\r\n\x00\x08",
    "应急" * 50,
    "x" * 5000,
)
ACTS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def tree(folder: Path) -> dict[str, str]:
    """All files and links below a folder, and what they are."""
    out = {}
    for path in sorted(folder.rglob("*")):
        out[str(path)] = f"link {path.readlink()}" if path.is_symlink() else str(path.is_file() and path.stat().st_size)
    return out


def craft(
    fields: str, *, kind: str = "incident", record: str = "r1", incident: str = "", seq: int = 1, **more: Any
) -> Change:
    """A change with a right digest and whatever else one likes."""
    row = (
        more.get("prev", ""),
        more.get("station", "dead"),
        seq,
        more.get("hlc", 1 << 50),
        more.get("wall", 1_700_000_000_000),
        more.get("author", "eve"),
        kind,
        record,
        incident,
        fields,
        more.get("basis", "{}"),
    )
    return Change(digest_of(row), *row)


def put(share: Path, name: str, changes: Iterable[Change], station: str = "dead") -> None:
    (journals(share) / name).write_bytes(encode(About(station, "eve@evil", "eve"), changes))


def test_every_bad_file_is_one_line_and_the_good_ones_are_taken(
    share: Path, open_board: OpenBoard, tmp_path: Path
) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    join(mia, share)
    join(ben, share)
    about = declare(ben)
    sync_once(ben)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.sqlite").write_bytes(encode(About("beef"), []))
    folder = journals(share)
    bad: dict[str, Callable[[Path], object]] = {
        "random.sqlite": lambda p: p.write_bytes(random.Random(1).randbytes(9000)),
        "empty.sqlite": lambda p: p.touch(),
        "cut.sqlite": lambda p: p.write_bytes(encode(About("c"), [craft("{}")])[:5000]),
        "other.sqlite": lambda p: _other(p),
        "link.sqlite": lambda p: p.symlink_to(outside / "secret.sqlite"),
        "linked-folder.sqlite": lambda p: p.symlink_to(outside),
        "pipe.sqlite": lambda p: os.mkfifo(p),
        "folder.sqlite": lambda p: p.mkdir(),
        "sparse.sqlite": lambda p: _sparse(p),
        "\x1b]0;evil\x07name.sqlite": lambda p: p.write_bytes(b"SQLite format 3\0 and no more"),
        "\u202ename.sqlite": lambda p: p.write_bytes(b"SQLite format 3\0 and no more"),
        os.fsdecode(b"\xff\xfe.sqlite"): lambda p: p.write_bytes(b"SQLite format 3\0 and no more"),
        f"{'n' * 200}.sqlite": lambda p: p.write_bytes(b"SQLite format 3\0 and no more"),
        "dead.sqlite": lambda p: p.write_bytes(encode(About("dead"), [craft("{}")._replace(seq=7)])),
    }
    for name, make in bad.items():
        make(folder / name)
    (folder / ".syncthing.mia.sqlite.tmp").write_bytes(b"half")
    (folder / "desktop.ini").write_bytes(b"[.ShellClassInfo]")
    before = tree(outside)
    result = sync_once(mia)
    assert mia.get(Incident, about.id) is not None
    assert len(result.problems) == len(bad)
    for problem in result.problems:
        assert problem.file.isprintable()
        assert problem.what.isprintable()
        assert len(problem.file) <= 100
    assert tree(outside) == before
    assert (folder / ".syncthing.mia.sqlite.tmp").exists()
    found = check_share(mia)
    assert any("change 7 of station dead" in problem.what for problem in found)
    assert all(problem.what.isprintable() and problem.where.isprintable() for problem in found)


def _other(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE change (x)")


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.write(encode(About("dead"), []))
        file.truncate(10 << 30)


@pytest.mark.parametrize("linked", ["opsterm", "opsterm/journals", "opsterm/journals/sealed"])
def test_nothing_is_written_through_a_linked_folder(
    share: Path, open_board: OpenBoard, tmp_path: Path, linked: str
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (share / linked).parent.mkdir(parents=True, exist_ok=True)
    (share / linked).symlink_to(outside)
    mia = open_board("mia")
    observe(mia, declare(mia), "x")
    try:
        said = join(mia, share)
    except ShareError as error:
        said = str(error)
    assert "link" in said
    assert list(outside.iterdir()) == []


def test_a_link_in_place_of_the_own_journal_is_replaced_not_followed(
    share: Path, open_board: OpenBoard, tmp_path: Path
) -> None:
    mia = open_board("mia")
    join(mia, share)
    victim = tmp_path / "victim"
    victim.write_text("mine")
    own = journals(share) / f"{mia.station}.sqlite"
    own.unlink()
    own.symlink_to(victim)
    declare(mia)
    sync_once(mia)
    assert victim.read_text() == "mine"
    assert own.is_file()
    assert not own.is_symlink()


def shown_texts(board: Board) -> Iterable[str]:
    """Every text that a screen shows of the board's tables; ids are none."""
    for cls in KINDS.values():
        for item in board.all(cls):
            for value in (v for name, v in as_fields(item).items() if name not in ("id", "incident")):
                yield from value if isinstance(value, tuple) else [value] if isinstance(value, str) else []
    for about in board.all(Incident):
        for moment in board.moments(about.id):
            yield from (moment.text, moment.by)


VALUES: tuple[str, ...] = (
    "null",
    "true",
    "-1",
    "1e999",
    "-Infinity",
    "NaN",
    "9223372036854775808",
    "1" * 4000,
    '"\\ud800"',
    '"\\u0000\\u001b]52;c;x\\u0007"',
    "[" * 900 + "]" * 900,
    "[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]",
    '{"a":' * 400 + "1" + "}" * 400,
    '["a", 1, null, {"b": []}]',
    '"9999-12-31T23:59:59-23:59"',
    '"0001-01-01T00:00:00+23:59"',
    '"2026-13-45"',
    *(json.dumps(text) for text in NASTY),
)


def test_whatever_a_sound_change_says_the_board_takes_it_or_refuses_it(open_board: OpenBoard) -> None:
    """Each kind, each field, each value; then all that screens and exports read."""
    board = open_board("mia")
    changes = []
    for kind, cls in KINDS.items():
        fields = [column.name for column in columns(cls)]
        for field in [
            *fields,
            "_at",
            "_by",
            "_why",
            "_ref",
            "deleted",
            "unheard_of",
            "\x1b[2J",
        ]:
            changes += [
                craft(
                    f"{{{json.dumps(field)}: {value}}}", kind=kind, record=f"{kind}-{field}-{i}", incident="r1", seq=1
                )
                for i, value in enumerate(VALUES)
            ]
            changes += [
                craft(
                    f'{{{json.dumps(field)}: {value}, "number": 1}}',
                    kind=kind,
                    record=f"{kind}-{field}",
                    incident="r1",
                    seq=2,
                    hlc=(1 << 50) + i,
                )
                for i, value in enumerate(VALUES)
            ]
    rng = random.Random(3)
    changes = rng.sample(changes, min(len(changes), FUZZ))
    merged = board.merge(changes)
    assert merged.taken > len(changes) // 2
    assert all(fault.isprintable() for fault in merged.faults)
    for text in shown_texts(board):
        assert not ACTS.search(text), repr(text)
    about = declare(board)
    observe(board, about, "work goes on")
    board.rebuild()
    assert board.all(Incident)
    for item in board.all(Incident)[:50]:
        json.dumps(export_json(board, item.id))
    json.dumps([c.heads for c in board.conflicts()])
    assert not [problem for problem in check(board) if "table" in problem.what]


def test_random_sound_changes_merge_in_any_order_to_the_same_board(open_board: OpenBoard) -> None:
    rng = random.Random(5)
    changes: list[Change] = []
    kinds = list(KINDS)
    for index in range(FUZZ // 5):
        kind = rng.choice(kinds)
        names = [c.name for c in columns(KINDS[kind])]
        fields = ", ".join(f"{json.dumps(rng.choice(names))}: {rng.choice(VALUES)}" for _ in range(3))
        basis = canonical({rng.choice(names): [rng.choice(changes).digest]}) if changes and rng.random() < 0.5 else "{}"
        changes.append(
            craft(
                f"{{{fields}}}",
                kind=kind,
                record=f"{kind}{rng.randrange(9)}",
                incident=rng.choice(("", "r1", "incident1")),
                seq=index + 1,
                hlc=rng.choice((1, 1 << 40, (1 << 63) - 1)),
                wall=rng.choice((0, -(1 << 61), 1_700_000_000_000)),
                basis=basis,
            )
        )
    boards = [open_board(name) for name in ("one", "two")]
    for board in boards:
        rng.shuffle(changes)
        board.merge(changes)
    for cls in KINDS.values():
        assert [as_fields(item) for item in boards[0].all(cls)] == [as_fields(item) for item in boards[1].all(cls)]
    assert boards[0].conflicts() == boards[1].conflicts()


def test_texts_of_the_share_itself_do_not_act(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    join(mia, share)
    evil = encode(About("\x1b[2Jdead", "eve\x1b]0;x\x07@evil\u202e", "\x9b31m"), [])
    (journals(share) / "evil.sqlite").write_bytes(evil)
    told = json.dumps(sync_once(mia).as_json(), ensure_ascii=False)
    assert "eve" in told
    assert not ACTS.search(told)
    assert "\\u001b" not in told


def test_a_flood_of_forged_own_changes_costs_an_identity_and_nothing_else(share: Path, open_board: OpenBoard) -> None:
    mia = open_board("mia")
    join(mia, share)
    about = declare(mia)
    sync_once(mia)
    first = mia.station
    put(share, "evil.sqlite", [craft('{"title": "x"}', station=first, seq=99)], station=first)
    result = sync_once(mia)
    assert mia.station != first
    assert result.said
    assert mia.get(Incident, about.id) is not None
    assert sync_once(mia).said == ()
