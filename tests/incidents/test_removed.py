"""An incident that was taken off the board is listed with who did it, and comes back with all that was said of it."""

from __future__ import annotations

import pytest

from opsterm.board.fold import DELETED
from opsterm.board.undo import Undo
from opsterm.core.session import Rejected
from opsterm.incidents.incident import declare
from opsterm.incidents.removed import bring_back, find_removed, removed_incidents
from opsterm.records import Incident
from tests.support.bench import Bench
from tests.support.call import refused, run


def by_undo(bench: Bench) -> str:
    undo = Undo(bench.board)
    record = declare(bench.mia, "Checkout fails", severity="sev2").record
    undo.undo("mia")
    return record


def as_such(bench: Bench) -> str:
    record = declare(bench.mia, "Checkout fails", severity="sev2").record
    bench.mia.set(bench.one(Incident, record), {DELETED: True})
    return record


@pytest.mark.parametrize("remove", [by_undo, as_such])
def test_a_removed_incident_is_listed_as_it_was_and_comes_back_whole(bench: Bench, remove: object) -> None:
    assert callable(remove)
    record = remove(bench)
    assert bench.board.all(Incident) == []
    (gone,) = removed_incidents(bench.board)
    assert (gone.incident.id, gone.incident.mark, gone.incident.title) == (record, "INC-1", "Checkout fails")
    assert (gone.by, gone.at) == ("mia", bench.now)
    assert find_removed(bench.board, "inc-1") == find_removed(bench.board, record[:5]) == gone
    assert bring_back(bench.as_("ben"), record).sentence == "INC-1 is back: Checkout fails"
    back = bench.one(Incident, record)
    assert (back.title, back.severity, back.commander) == ("Checkout fails", "sev2", "mia")
    assert removed_incidents(bench.board) == []
    assert bench.board.conflicts() == []


def test_what_is_on_the_board_or_never_was_cant_be_brought_back(bench: Bench) -> None:
    record = declare(bench.mia, "Checkout fails").record
    with pytest.raises(Rejected, match="on the board"):
        bring_back(bench.mia, record)
    with pytest.raises(Rejected, match="never on this board"):
        bring_back(bench.mia, "f00")
    with pytest.raises(Rejected, match="No incident INC-1 was removed"):
        find_removed(bench.board, "INC-1")


def test_two_that_had_one_mark_are_told_apart_by_their_ids(bench: Bench) -> None:
    first, second = by_undo(bench), by_undo(bench)
    with pytest.raises(Rejected, match=f"{first}.*say one of these ids|{second}.*say one of these ids"):
        find_removed(bench.board, "INC-1")
    assert find_removed(bench.board, second).incident.id == second


def test_the_command_line_lists_and_brings_back(bench: Bench) -> None:
    record = by_undo(bench)
    path = bench.board.path
    bench.board.close()
    (listed,) = run(path, "list", "--removed", "--json").json["incidents"]
    assert (listed["id"], listed["mark"], listed["removed_by"]) == (record, "INC-1", "mia")
    assert "removed by mia" in run(path, "list", "--removed").out
    assert run(path, "bring-back", "INC-1").out == "INC-1 is back: Checkout fails\n"
    assert "Checkout fails" in run(path, "list").out
    assert run(path, "list", "--removed").out == "No incident was removed.\n"
    refused(run(path, "bring-back", "INC-1"), "No incident INC-1 was removed")
