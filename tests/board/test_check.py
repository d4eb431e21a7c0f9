"""`check` names what is damaged or missing, and nothing else."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from opsterm.board.change import Change, digest_of
from opsterm.board.check import check
from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents.incident import declare, set_severity, set_words
from opsterm.records import Incident
from tests.support.stations import change_of


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The file of a board with five changes."""
    path = tmp_path / "board.sqlite"
    with Board.open(path, machine="m") as board:
        session = Session(board, "mia")
        declare(session, "Checkout fails")
        (incident,) = board.all(Incident)
        for severity in ("sev2", "sev1"):
            set_severity(session, incident, severity)
        for text in ("cards fail", "all cards fail"):
            set_words(session, incident, "impact", text)
    return path


def said(path: Path) -> list[str]:
    with Board.open(path, machine="m") as board:
        return [f"{problem.where}: {problem.what}" for problem in check(board)]


def alter(path: Path, sql: str, *args: object) -> None:
    db = sqlite3.connect(path)
    with db:
        db.execute(sql, args)
    db.close()


def test_a_sound_board_has_no_problems(path: Path) -> None:
    assert said(path) == []


def test_an_altered_change_is_named(path: Path) -> None:
    alter(path, "UPDATE change SET author = 'ben' WHERE seq = 3")
    assert any("change 3: its digest does not match" in line for line in said(path))


def test_a_missing_change_is_named(path: Path) -> None:
    alter(path, "DELETE FROM change WHERE seq IN (2, 3)")
    assert any("changes 2 to 3 before it are not known here" in line for line in said(path))


def test_a_missing_beginning_is_named(path: Path) -> None:
    alter(path, "DELETE FROM change WHERE seq = 1")
    assert any("changes 1 to 1 before it are not known here" in line for line in said(path))


def test_a_change_that_does_not_follow_is_named_though_its_digest_fits(path: Path) -> None:
    with Board.open(path, machine="m") as board:
        third = next(c for c in board.all_changes() if c.seq == 3)
    moved = third._replace(prev="0" * 64)
    moved = moved._replace(digest=digest_of(moved[1:]))
    alter(path, "UPDATE change SET prev = ?, digest = ? WHERE seq = 3", moved.prev, moved.digest)
    lines = said(path)
    assert any("change 3: it does not follow" in line for line in lines)
    assert any("change 4: it does not follow" in line for line in lines)


def chain(*seqs: tuple[int, str, str]) -> list[Change]:
    """Changes of one station: (seq, text, text of the one before)."""
    made: dict[str, Change] = {}
    for seq, text, before in seqs:
        prev = made[before].digest if before else ""
        made[text] = change_of({"text": text}, kind="observation", record=text, station="far", seq=seq, prev=prev)
    return list(made.values())


@pytest.mark.parametrize("heir", ["two", "another two"])
def test_a_fork_is_named_once_whichever_branch_goes_on(path: Path, heir: str) -> None:
    changes = chain((1, "one", ""), (2, "two", "one"), (2, "another two", "one"), (3, "three", heir))
    with Board.open(path, machine="m") as board:
        assert board.merge(changes).taken == 4
    (line,) = said(path)
    assert "station far, change 2: another change has the same number" in line


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE record_incident SET severity = 'sev5'",
        "DELETE FROM record_incident",
        'INSERT INTO record_observation (id, incident, at, "by", number, mark, born, text, topic)'
        " VALUES ('o', '', '', '', 0, '', 1, 'made up', '')",
    ],
)
def test_a_table_that_says_other_than_the_changes_is_named_and_made_anew(path: Path, sql: str) -> None:
    alter(path, sql)
    assert any("opsterm rebuild" in line for line in said(path))
    with Board.open(path, machine="m") as board:
        board.rebuild()
    assert said(path) == []


@pytest.mark.parametrize("sql", ["DELETE FROM moment WHERE kind = 'impact'", "UPDATE moment SET text = 'all is well'"])
def test_a_timeline_that_says_other_than_the_changes_is_named(path: Path, sql: str) -> None:
    alter(path, sql)
    assert any("timeline" in line and "opsterm rebuild" in line for line in said(path))


def test_a_file_damaged_in_the_middle_is_named(path: Path) -> None:
    with path.open("r+b") as stream:
        stream.seek(4096 * 3)
        stream.write(b"\xff" * 4096 * 2)
    lines = said(path)
    assert lines
    assert all("damaged" in line for line in lines)
