"""What "saw" means: the version that was painted when the key was pressed."""

from __future__ import annotations

from opsterm.board.change import Write
from opsterm.board.fold import DELETED
from opsterm.core.conflicts import conflicts_of, settle, sides_of
from opsterm.incidents.hypothesis import add_evidence, move
from opsterm.incidents.incident import set_severity, set_status
from opsterm.records import Evidence, Hypothesis
from tests.support.stations import Pair, everything


def test_two_who_did_not_see_each_other_are_in_conflict_on_both_boards(pair: Pair) -> None:
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1")
    set_severity(pair.ben, pair.incident_at(pair.ben), "sev3")
    pair.meet()
    for session in (pair.mia, pair.ben):
        (conflict,) = session.board.conflicts(pair.incident)
        assert conflict.field == "severity"
        assert {head["value"] for head in conflict.heads} == {"sev1", "sev3"}
        assert pair.incident_at(session).severity == conflict.heads[-1]["value"]
    assert pair.mia.board.conflicts() == pair.ben.board.conflicts()


def test_who_writes_after_a_merge_has_seen_it(pair: Pair) -> None:
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1")
    pair.meet()
    set_severity(pair.ben, pair.incident_at(pair.ben), "sev3")
    pair.meet()
    assert pair.mia.board.conflicts() == []
    assert pair.incident_at(pair.mia).severity == "sev3"


def test_a_merge_a_moment_before_the_key_press_was_not_seen(pair: Pair) -> None:
    painted = pair.ben.board.version
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1")
    pair.ben.board.merge(everything(pair.mia.board))
    set_severity(pair.ben.having_seen(painted), pair.incident_at(pair.ben), "sev3")
    assert [c.field for c in pair.ben.board.conflicts(pair.incident)] == ["severity"]


def test_what_this_console_recorded_since_it_painted_was_seen(pair: Pair) -> None:
    looking = pair.ben.having_seen(pair.ben.board.version)
    set_severity(looking, pair.incident_at(pair.ben), "sev3")
    set_severity(looking, pair.incident_at(pair.ben), "sev2")
    assert pair.ben.board.conflicts() == []
    assert pair.incident_at(pair.ben).severity == "sev2"


def test_what_one_command_recorded_a_moment_ago_was_seen_by_it(pair: Pair) -> None:
    looking = pair.ben.having_seen(pair.ben.board.version)
    with pair.ben.board.transaction():
        set_severity(looking, pair.incident_at(pair.ben), "sev3")
        set_severity(looking, pair.incident_at(pair.ben), "sev1")
    assert pair.ben.board.conflicts() == []


def test_what_another_process_of_the_same_board_recorded_was_not_seen(pair: Pair) -> None:
    from opsterm.board.store import Board

    painted = pair.ben.board.version
    path = pair.ben.board.path
    with Board.open(path, machine="machine of ben", any_disk=True) as other:
        fields = {"severity": "sev1"}
        other.record("ben", [Write("incident", pair.incident, "", fields)])
    set_severity(pair.ben.having_seen(painted), pair.incident_at(pair.ben), "sev3")
    assert [c.field for c in pair.ben.board.conflicts()] == ["severity"]


def test_two_who_said_the_same_are_not_in_conflict(pair: Pair) -> None:
    for session in (pair.mia, pair.ben):
        set_status(session, pair.incident_at(session), "identified", "the job")
    pair.meet()
    assert pair.mia.board.conflicts() == []


def test_a_settled_conflict_is_settled_everywhere(pair: Pair) -> None:
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1")
    set_severity(pair.ben, pair.incident_at(pair.ben), "sev3")
    pair.meet()
    (conflict,) = conflicts_of(pair.mia.board, pair.incident)
    settle(pair.mia, conflict, next(side for side in sides_of(conflict) if side.value == "sev1"))
    pair.meet()
    for session in (pair.mia, pair.ben):
        assert session.board.conflicts() == []
        assert pair.incident_at(session).severity == "sev1"


def test_what_people_add_side_by_side_is_never_in_conflict(pair: Pair) -> None:
    for session in (pair.mia, pair.ben):
        add_evidence(session, [(pair.hypothesis_at(session), False)], f"seen by {session.person}")
    pair.meet()
    assert {e.text for e in pair.mia.board.all(Evidence)} == {"seen by mia", "seen by ben"}
    assert pair.mia.board.conflicts() == []


def remove(pair: Pair) -> None:
    pair.mia.write("hypothesis", pair.hypothesis, pair.incident, {DELETED: True})


def test_a_removed_record_is_gone_on_every_board(pair: Pair) -> None:
    remove(pair)
    pair.meet()
    assert pair.ben.board.get(Hypothesis, pair.hypothesis) is None
    assert pair.ben.board.conflicts() == []


def test_an_edit_that_the_removal_did_not_see_keeps_the_record_and_says_so(pair: Pair) -> None:
    move(pair.ben, pair.hypothesis_at(pair.ben), "testing")
    remove(pair)
    assert pair.mia.board.get(Hypothesis, pair.hypothesis) is None
    pair.meet()
    for session in (pair.mia, pair.ben):
        assert pair.hypothesis_at(session).state == "testing"
        (conflict,) = session.board.conflicts()
        assert (conflict.field, [head["by"] for head in conflict.heads]) == (DELETED, ["mia", "ben"])


def test_who_removes_it_again_having_seen_the_edit_removes_it(pair: Pair) -> None:
    move(pair.ben, pair.hypothesis_at(pair.ben), "testing")
    remove(pair)
    pair.meet()
    remove(pair)
    pair.meet()
    for session in (pair.mia, pair.ben):
        assert session.board.get(Hypothesis, pair.hypothesis) is None
        assert session.board.conflicts() == []
