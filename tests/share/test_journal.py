"""A journal's bytes are taken whole or refused in one line, whatever they are."""

from __future__ import annotations

import os
import random
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest

from opsterm.board.change import Change, Write, fault, make
from opsterm.share.journal import APPLICATION_ID, FORMAT, About, Malformed, NewerFormat, decode, encode

ABOUT = About("a1b2", "mia@laptop", "mia", 2)
FUZZ = int(os.environ.get("OPSTERM_FUZZ", "1500"))


def chain(count: int, station: str = "a1b2", text: str = "web is slow") -> list[Change]:
    out: list[Change] = []
    for seq in range(1, count + 1):
        write = Write("observation", f"r{seq}", "i1", {"text": f"{text} {seq}"})
        prev = out[-1].digest if out else ""
        out.append(make(prev, station, seq, (1 << 40) + seq, 1_700_000_000_000 + seq, "mia", write, {}))
    return out


def refused(data: bytes) -> str:
    with pytest.raises(Malformed) as caught:
        decode(data)
    text = str(caught.value)
    assert text
    assert text.isprintable(), "one line, nothing in it acts"
    return text


def test_what_is_written_is_read() -> None:
    changes = chain(50, text="数据库 \x1b]52;c;\x07 [bold]")
    journal = decode(encode(ABOUT, changes))
    assert journal.about == ABOUT
    assert journal.changes == changes


def test_the_same_changes_make_the_same_bytes() -> None:
    assert encode(ABOUT, chain(50)) == encode(ABOUT, chain(50))


def test_an_empty_journal_is_a_journal() -> None:
    assert decode(encode(ABOUT, [])).changes == []


def test_a_newer_format_says_which_version_it_needs() -> None:
    data = bytearray(encode(ABOUT, chain(2)))
    data[60:64] = (FORMAT + 4).to_bytes(4, "big")
    with pytest.raises(NewerFormat, match=f"journal format {FORMAT + 4}.*upgrade"):
        decode(bytes(data))


def test_every_cut_is_refused() -> None:
    data = encode(ABOUT, chain(30))
    for length in [*range(120), *range(120, len(data), 509)]:
        refused(data[:length])


def test_a_size_that_is_claimed_is_not_believed() -> None:
    data = bytearray(encode(ABOUT, chain(3)))
    data[28:32] = (10 * 2**30 // 4096).to_bytes(4, "big")
    assert "size" in refused(bytes(data))


def _database(script: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute(f"PRAGMA user_version = {FORMAT}")
        db.executescript(script)
        return db.serialize()


def _schema() -> str:
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(encode(ABOUT, []))
        return ";".join(row[0] for row in db.execute("SELECT sql FROM sqlite_master")) + ";"


@pytest.mark.parametrize(
    "extra",
    [
        "CREATE TRIGGER t AFTER INSERT ON change BEGIN DELETE FROM about; END;",
        "CREATE VIEW v AS SELECT * FROM change;",
        "CREATE TABLE more (x);",
        "CREATE INDEX i ON change (digest);",
        "CREATE VIRTUAL TABLE f USING fts5(x);",
        "DROP TABLE change; CREATE VIEW change AS SELECT 1;",
        "DROP TABLE about;",
        "DROP TABLE change; CREATE TABLE change (digest TEXT, x AS (zeroblob(1000000000)));",
        "DROP TABLE about; CREATE TABLE about (key TEXT NOT NULL, value TEXT NOT NULL) WITHOUT ROWID;",
    ],
)
def test_another_schema_is_refused(extra: str) -> None:
    try:
        data = _database(_schema() + extra)
    except sqlite3.OperationalError as error:
        pytest.skip(f"this SQLite can't make it: {error}")
    refused(data)


def test_another_programs_database_is_refused() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE change (x)")
        assert "another program" in refused(db.serialize())


def test_a_file_in_wal_mode_is_refused() -> None:
    data = bytearray(encode(ABOUT, chain(1)))
    data[18:20] = b"\2\2"
    refused(bytes(data))


def test_values_of_other_types_come_through_to_be_refused_one_by_one() -> None:
    row = ", ".join(["x'00'"] * 12)
    [change] = decode(_database(_schema() + f"INSERT INTO change VALUES ({row});")).changes
    assert fault(change) == "a text is of another type"


def test_a_text_that_is_no_utf8_is_refused() -> None:
    row = ", ".join(["CAST(x'ff' AS TEXT)"] * 12)
    refused(_database(_schema() + f"INSERT INTO change VALUES ({row});"))


def _flipped(data: bytes, rng: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 2, 8, 100))):
        out[rng.randrange(len(out))] = rng.randrange(256)
    return bytes(out)


def _swapped(data: bytes, rng: random.Random) -> bytes:
    pages = [data[at : at + 4096] for at in range(0, len(data), 4096)]
    rng.shuffle(pages[1:]) if rng.random() < 0.5 else pages.append(rng.choice(pages))
    return b"".join(pages)


def _random_after_header(data: bytes, rng: random.Random) -> bytes:
    return data[:100] + rng.randbytes(len(data) - 100)


def _pointers(data: bytes, rng: random.Random) -> bytes:
    """Damages where it hurts a reader most: the headers of b-tree pages."""
    out = bytearray(data)
    page = rng.randrange(len(out) // 4096)
    at = page * 4096 + (100 if page == 0 else 0)
    out[at : at + 12] = rng.randbytes(12)
    if rng.random() < 0.5:
        out[at] = rng.choice((2, 5, 10, 13))
    return bytes(out)


@pytest.mark.parametrize("hurt", [_flipped, _swapped, _random_after_header, _pointers])
def test_no_damage_does_more_than_be_refused(hurt: Callable[[bytes, random.Random], bytes]) -> None:
    rng = random.Random(hurt.__name__)
    samples = [encode(ABOUT, chain(n, text="x" * size)) for n, size in ((1, 5), (40, 300), (3, 9000))]
    for _ in range(FUZZ):
        said = ""
        try:
            decode(hurt(rng.choice(samples), rng))
        except Malformed as error:
            said = str(error)
        assert not said or said.isprintable()


def test_random_bytes_are_refused() -> None:
    rng = random.Random(1)
    for _ in range(FUZZ):
        refused(rng.choice((b"", b"SQLite format 3\0", encode(ABOUT, [])[:100])) + rng.randbytes(rng.randrange(3000)))
