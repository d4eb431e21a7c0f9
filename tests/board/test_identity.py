"""A station is a board and a machine; all processes of one board go on as the same station."""

from __future__ import annotations

from pathlib import Path

from opsterm.board.chains import chain_sizes, unknown
from opsterm.board.change import Write
from opsterm.board.store import Board
from tests.support.clock import HandClock
from tests.support.stations import NOWHERE, station

WRITE = Write("observation", "r1", "i1", {"text": "web is slow"})


def test_another_process_learns_of_a_new_identity_at_its_next_change(tmp_path: Path) -> None:
    with Board.open(tmp_path / "b.sqlite", any_disk=True) as console, Board.open(tmp_path / "b.sqlite") as beside:
        first = console.record("mia", [WRITE])[0]
        taken = beside.new_identity()
        second = console.record("mia", [WRITE])[0]
        assert (first.station, second.station, second.seq) == (console.known_as()[0], taken, 1)
        assert console.station == beside.station == taken


def test_the_clock_goes_on_after_all_that_a_former_self_recorded() -> None:
    session = station(NOWHERE, "mia", HandClock())
    board, clock = session.board, session.board.clock
    assert isinstance(clock, HandClock)
    before = board.record("mia", [WRITE])[0]
    clock.ms -= 3_600_000
    board.new_identity()
    assert board.record("mia", [WRITE])[0].hlc > before.hlc


def test_unknown_names_the_changes_that_the_board_lacks(tmp_path: Path) -> None:
    with Board.open(tmp_path / "b.sqlite", any_disk=True) as board:
        known = board.record("mia", [WRITE])[0]
        assert unknown(board, [known.digest, "0" * 64]) == {"0" * 64}
        assert chain_sizes(board) == {board.station: 1}
