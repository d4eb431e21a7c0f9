"""A change goes on once its level is answered for; an approval holds for the version approved."""

from __future__ import annotations

import pytest

from opsterm.core.session import Rejected
from opsterm.operations.checklists import run as checklist
from opsterm.operations.deployments import rollback
from opsterm.operations.deployments.planned_change import (
    NotReady,
    approve,
    assessment,
    close,
    collisions,
    edit,
    except_from_freeze,
    freeze,
    lift,
    missing,
    open_change,
    rigor,
    stage,
)
from opsterm.records import Freeze, Obligation, PlannedChange
from tests.support.bench import Bench

MODERATE = {"blast": 4, "reverse": 3}
HIGH = {"blast": 4, "reverse": 4, "evidence": 3, "data": 3, "novelty": 2}
CRITICAL = {"blast": 5, "reverse": 3, "evidence": 3}


def planned(bench: Bench, answers: dict[str, int], title: str = "x", **kwargs: object) -> PlannedChange:
    return fresh(bench, open_change(bench.mia, title, answers, **kwargs).record)  # type: ignore[arg-type]


def fresh(bench: Bench, record: str) -> PlannedChange:
    found = bench.board.get(PlannedChange, record)
    assert found is not None
    return found


def drilled(bench: Bench) -> None:
    run = bench.run(rollback.begin(bench.mia, "service", drill=True).record)
    rollback.finish(bench.mia, run, "passed")


def test_a_routine_change_is_recorded_and_goes(bench: Bench) -> None:
    change = planned(bench, {"blast": 1})
    stage(bench.mia, change)
    close(bench.mia, fresh(bench, change.id), "done")
    assert fresh(bench, change.id).state == "done"


def test_a_moderate_change_wants_another_person_and_a_checklist(bench: Bench) -> None:
    change = planned(bench, MODERATE)
    with pytest.raises(NotReady) as stopped:
        stage(bench.mia, change)
    assert [text.split(" ")[0] for text in stopped.value.missing] == ["1", "a"]
    approve(bench.noor, change)
    checklist.begin(bench.mia, "", "Failover", deployment=change.id)
    assert "killer item open" in missing(bench.board, change, bench.now)[0]
    run = bench.run(checklist.begin(bench.mia, "", "Failover", deployment=change.id).record)
    assert bench.steps(run)


def test_nobody_approves_their_own_change(bench: Bench) -> None:
    with pytest.raises(Rejected, match="another has to approve"):
        approve(bench.mia, planned(bench, MODERATE))


def test_an_approval_holds_for_the_version_approved(bench: Bench) -> None:
    change = planned(bench, MODERATE, version="a1")
    approve(bench.noor, change, version="a1")
    assert not any("approval" in text for text in missing(bench.board, change, bench.now))
    edit(bench.mia, change, "a2")
    after = fresh(bench, change.id)
    assert any("approval(s) of version a2" in text for text in missing(bench.board, after, bench.now))
    with pytest.raises(Rejected, match="version a2 by now, not a1"):
        approve(bench.noor, after, version="a1")
    with pytest.raises(Rejected, match="version a2 already"):
        edit(bench.mia, after, "a2")


def test_a_refusal_stands_until_it_is_taken_back(bench: Bench) -> None:
    change = planned(bench, {"blast": 1})
    with pytest.raises(Rejected, match="what speaks against it"):
        approve(bench.noor, change, yes=False)
    approve(bench.noor, change, yes=False, text="not before the release")
    assert missing(bench.board, change, bench.now) == ["noor refused version 1: not before the release"]
    approve(bench.noor, change)
    assert missing(bench.board, change, bench.now) == []


def test_a_high_change_wants_a_tested_way_back_stages_and_a_window(bench: Bench) -> None:
    change = planned(bench, HIGH)
    wanted = " | ".join(missing(bench.board, change, bench.now))
    assert all(text in wanted for text in ("2 approval(s)", "a tested way back: it never ran", "stages", "window"))
    drilled(bench)
    window = ("2026-11-24T14:00:00Z", "2026-11-24T16:00:00Z")
    ready = planned(bench, HIGH, stages=["one box, errors under 1 %, mia", "all, noor"], window=window)
    approve(bench.noor, ready)
    approve(bench.as_("ben"), ready)
    assert missing(bench.board, ready, bench.now) == ["a checklist run beside it"]


def test_a_critical_change_wants_one_who_is_accountable_and_a_deadline(bench: Bench) -> None:
    change = planned(bench, CRITICAL)
    approve(bench.noor, change)
    wanted = missing(bench.board, change, bench.now)
    assert {"the yes of one accountable approver", "a decision deadline"} <= set(wanted)
    approve(bench.as_("ben"), change, accountable=True)
    assert "the yes of one accountable approver" not in missing(bench.board, change, bench.now)


def test_stages_are_gone_through_one_by_one(bench: Bench) -> None:
    change = planned(bench, {"blast": 1}, stages=["canary", "all"])
    assert stage(bench.mia, change).sentence == "CHG-1 goes on: canary"
    assert stage(bench.mia, fresh(bench, change.id)).sentence == "CHG-1 goes on: all"
    with pytest.raises(Rejected, match="last stage"):
        stage(bench.mia, fresh(bench, change.id))
    close(bench.mia, fresh(bench, change.id), "rolled back", "errors doubled")
    with pytest.raises(Rejected, match="it is over"):
        stage(bench.mia, fresh(bench, change.id))


def test_an_emergency_passes_is_on_record_and_reviewed_within_two_working_days(bench: Bench) -> None:
    change = planned(bench, HIGH)
    stage(bench.mia, change, emergency="users are locked out")
    assert fresh(bench, change.id).emergency == "users are locked out"
    at_once = planned(bench, {}, emergency="the disk is full")
    assert (at_once.state, at_once.mark) == ("running", "CHG-2")
    owed = {o.id.removeprefix(c.id): o.due_at[:10] for c in (change, at_once) for o in bench.board.all(Obligation)
            if o.origin == c.id}  # fmt: skip
    assert owed == {"/review": "2026-11-26", "/form": "2026-11-25"}


def test_nothing_goes_on_in_a_freeze_but_what_ends_harm_or_is_excepted(bench: Bench) -> None:
    told = freeze(
        bench.mia, "the sale", "2026-11-24T00:00:00Z", "2026-11-28T00:00:00Z", systems=["web"], excepts=["ben"]
    )
    change = planned(bench, {"blast": 1}, systems=["Web"])
    with pytest.raises(NotReady, match="the sale: ben may let it through"):
        stage(bench.mia, change)
    assert missing(bench.board, planned(bench, {}, systems=["api"]), bench.now) == []
    assert missing(bench.board, planned(bench, {}, systems=["web"], sort="security"), bench.now) == []
    with pytest.raises(Rejected, match="noor may not"):
        except_from_freeze(bench.noor, change, "it is small")
    except_from_freeze(bench.as_("ben"), change, "it is small")
    assert missing(bench.board, fresh(bench, change.id), bench.now) == []
    item = bench.board.get(Freeze, told.record)
    assert item is not None
    lift(bench.mia, item, "the sale was called off")
    assert missing(bench.board, planned(bench, {}, systems=["web"]), bench.now) == []


def test_a_freeze_is_judged_at_the_time_a_change_is_scheduled_for(bench: Bench) -> None:
    freeze(bench.mia, "the sale", "2026-11-26T00:00:00Z", "2026-11-28T00:00:00Z")
    now, later = ("2026-11-24T14:00:00Z", "2026-11-24T15:00:00Z"), ("2026-11-27T14:00:00Z", "2026-11-27T15:00:00Z")
    assert missing(bench.board, planned(bench, {}, window=now), bench.now) == []
    assert missing(bench.board, planned(bench, {}, window=later), bench.now) != []


def test_changes_collide_on_systems_or_dependents_within_one_bake_window(bench: Bench) -> None:
    window = ("2026-11-24T14:00:00Z", "2026-11-24T15:00:00Z")
    soon = ("2026-11-24T15:30:00Z", "2026-11-24T16:00:00Z")
    late = ("2026-11-24T16:30:00Z", "2026-11-24T17:00:00Z")
    one = planned(bench, {}, systems=["web"], dependents=["checkout"], window=window)
    two = planned(bench, {}, systems=["Checkout"], window=soon)
    planned(bench, {}, systems=["checkout"], window=late)
    planned(bench, {}, systems=["mail"], window=soon)
    planned(bench, {}, systems=["web"])
    assert [(other.mark, both) for other, both in collisions(bench.board, one, bench.now)] == [
        (two.mark, ("Checkout",))
    ]


def test_what_share_took_which_path_and_how_each_failed_is_told(bench: Bench) -> None:
    for n in range(8):
        change = planned(bench, {"blast": 1})
        close(bench.mia, change, "failed" if n == 0 else "done", "x")
    for answers in (MODERATE, HIGH):
        planned(bench, answers)
    withdrawn = planned(bench, HIGH)
    close(bench.mia, withdrawn, "withdrawn", "no need")
    planned(bench, {}, emergency="disk")
    planned(bench, {}, emergency="disk again")
    told = rigor(bench.board)
    assert [(c.level, c.changes, c.failed, c.fail_rate) for c in told.levels] == [
        ("routine", 10, 1, 0.125),
        ("moderate", 1, 0, None),
        ("high", 1, 0, None),
        ("critical", 0, 0, None),
    ]
    assert told.emergencies == 2
    assert any("emergencies" in text for text in told.signals)


def test_levels_that_fail_alike_say_that_the_score_says_nothing(bench: Bench) -> None:
    for answers in ({"blast": 1}, MODERATE):
        for n in range(10):
            close(bench.mia, planned(bench, answers), "failed" if n == 0 else "done", "x")
    assert any("fail alike" in text for text in rigor(bench.board).signals)


def test_answers_kept_with_an_older_formula_are_still_read(bench: Bench) -> None:
    change = planned(bench, MODERATE)
    bench.mia.set(change, {"answers": ["blast=9", "mood=2"]})
    assert assessment(fresh(bench, change.id)).score == 20


def test_what_an_emergency_passed_is_counted_and_the_reason_stays_what_was_said(bench: Bench) -> None:
    change = planned(bench, MODERATE)
    stage(bench.mia, change, "no time", emergency="web is down")
    found = fresh(bench, change.id)
    assert (found.stage_why, found.emergency, found.unmet) == ("no time", "web is down", 2)
