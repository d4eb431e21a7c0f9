"""A share that others filled: the team's own journals are heard all the same, and one line says what was cut."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from opsterm.board.change import Change
from opsterm.board.store import Board
from opsterm.records import Incident, Observation
from opsterm.share import check_share, exchange, folder, join, sync_once
from opsterm.share.exchange import PROBLEMS_MAX
from opsterm.share.journal import About, encode
from opsterm.share.layout import live_name
from tests.support.clock import BEGIN_MS
from tests.support.shares import OpenBoard, declare, journals, observe
from tests.support.stations import change_of

_JUNK = 100_000 if os.environ.get("OPSTERM_CROWD") else 3_000


@pytest.fixture
def few_names(monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder may have no more names than a test makes quickly; with OPSTERM_CROWD as many as it really may."""
    if _JUNK < folder.NAMES_MAX:
        monkeypatch.setattr(folder, "NAMES_MAX", 1_000)


def cut(board: Board) -> list[str]:
    return [problem.what for problem in sync_once(board).problems if "not looked at" in problem.what]


@pytest.mark.usefixtures("few_names")
@pytest.mark.parametrize("name", ["0{:06}.sqlite", "{:016x}.sqlite", "junk {:06}"])
def test_junk_names_keep_no_journal_of_the_team_from_being_heard(name: str, share: Path, open_board: OpenBoard) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    join(mia, share)
    join(ben, share)
    about = declare(ben)
    sync_once(ben)
    sync_once(mia)
    for number in range(_JUNK):
        (journals(share) / name.format(number)).touch()
    observe(ben, about, "the pool is full")
    assert len(cut(ben)) == 1
    (said,) = cut(mia)
    assert said.endswith(f" of {_JUNK + 2} names were not looked at: move away what is no journal")
    assert [one.text for one in mia.all(Observation)] == ["the pool is full"]
    assert len([p for p in check_share(mia) if "not looked at" in p.what]) == 1


@pytest.mark.usefixtures("few_names")
@pytest.mark.parametrize("name", ["0{:06}.sqlite", "junk {:06}"])
def test_who_joins_a_crowded_share_hears_the_team_too(name: str, share: Path, open_board: OpenBoard) -> None:
    ben = open_board("ben")
    join(ben, share)
    about = declare(ben)
    sync_once(ben)
    for number in range(_JUNK):
        (journals(share) / name.format(number)).touch()
    mia = open_board("mia")
    join(mia, share, anyway=True)
    assert mia.get(Incident, about.id) is not None


def test_of_many_files_that_are_not_taken_some_are_named_and_the_rest_counted(
    share: Path, open_board: OpenBoard
) -> None:
    mia = open_board("mia")
    join(mia, share)
    for number in range(PROBLEMS_MAX + 70):
        (journals(share) / f"junk{number}.sqlite").write_bytes(b"SQLite format 3\0 and no more")
    problems = sync_once(mia).problems
    assert len(problems) == PROBLEMS_MAX + 1
    assert problems[-1].what == "70 more files are not taken: opsterm check names them"


def test_thirty_stations_that_nobody_knows_take_no_others_place(share: Path, open_board: OpenBoard) -> None:
    mia, ben = open_board("mia"), open_board("ben")
    join(mia, share)
    join(ben, share)
    about = declare(ben)
    sync_once(ben)
    for number in range(30):
        station = f"{number:016x}"
        (journals(share) / live_name(station)).write_bytes(encode(About(station, "mia's laptop", "mia"), []))
    seen = sync_once(mia).stations
    assert len({one.station for one in seen}) == 32
    assert mia.get(Incident, about.id) is not None


def test_who_floods_one_record_is_named_once(
    share: Path, open_board: OpenBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exchange, "FLOOD", 40)
    mia = open_board("mia")
    join(mia, share)
    about = declare(mia)
    flood: list[Change] = []
    for seq in range(1, 61):
        prev = flood[-1].digest if flood else ""
        flood.append(
            change_of(
                {"text": f"{seq}"}, station="far", seq=seq, hlc=(BEGIN_MS << 16) + seq, prev=prev, incident=about.id
            )
        )
    (journals(share) / "far.sqlite").write_bytes(encode(About("far"), flood))
    said = sync_once(mia).said
    assert said[-1].startswith("station far (mia) sent 60 changes of one record: all are kept")
    assert not any("of one record" in line for line in sync_once(mia).said)
