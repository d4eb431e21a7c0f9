"""Walking through a checklist: what stands in the way, what is asked again, and who answers."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from opsterm.board.store import Board, seeded_token
from opsterm.core.session import Rejected, Session
from opsterm.incidents.incident import declare
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.pause_points import (
    current_section,
    interrupted,
    needs_two,
    needs_value,
    points,
    points_ahead,
    repeats_left,
)
from opsterm.operations.checklists.run import OpenKillers
from opsterm.operations.checklists.template import import_text
from opsterm.records import Obligation, Run
from tests.support.bench import Bench

LIST = """# Deploy

## Before
- [ ] (K) artifact
- [ ] graphs
- [ ] told
## During
- [ ] canary
  takes: 5m
  back if: errors double
- [ ] (K) counted
  approver: noor
## After
- [ ] versions
"""


def answer(bench: Bench, run: Run, *labels: str, seconds: float = 20, state: str = "done", note: str = "") -> None:
    for label in labels:
        bench.wait(seconds=seconds)
        checklist.tick(bench.mia, bench.step(run, label), state, note)


def test_a_run_can_not_be_closed_while_killer_items_are_open(bench: Bench) -> None:
    run = bench.begin(LIST)
    answer(bench, run, "2", "3", "4", "6")
    with pytest.raises(OpenKillers, match="artifact; counted") as stopped:
        checklist.close(bench.mia, run)
    assert [step.label for step in stopped.value.steps] == ["1", "5"]
    answer(bench, run, "1", "5")
    assert checklist.close(bench.mia, run).sentence == "Deploy complete"


@pytest.mark.parametrize("state", ["failed", "skipped", "deferred"])
def test_a_killer_item_that_was_not_met_still_stands_in_the_way(bench: Bench, state: str) -> None:
    run = bench.begin("# L\n- [ ] (K) a\n")
    told = checklist.tick(bench.mia, bench.step(run, "1"), state, "no time")
    assert "still stands in the way" in told.warning
    with pytest.raises(OpenKillers):
        checklist.close(bench.mia, run)


def test_a_killer_item_is_overridden_by_its_approver_with_a_reason(bench: Bench) -> None:
    run = bench.begin(LIST)
    with pytest.raises(Rejected, match="Say why"):
        checklist.tick(bench.noor, bench.step(run, "5"), "overridden")
    with pytest.raises(Rejected, match="Only noor may override"):
        checklist.tick(bench.mia, bench.step(run, "5"), "overridden", "we go on")
    checklist.tick(bench.mia, bench.step(run, "5"), "overridden", "we go on knowingly", approver="noor")
    checklist.tick(bench.mia, bench.step(run, "1"), "overridden", "it is in the cache")
    assert "2 overridden" in checklist.close(bench.mia, run).sentence
    assert (bench.step(run, "5").note, bench.step(run, "5").state_by) == ("we go on knowingly", "noor")


def test_a_pause_point_is_not_passed_with_killer_items_open_at_it_or_before(bench: Bench) -> None:
    run = bench.begin(LIST)
    with pytest.raises(OpenKillers, match="artifact"):
        checklist.pass_point(bench.mia, run, "Before")
    with pytest.raises(OpenKillers, match="artifact; counted"):
        checklist.pass_point(bench.mia, run, "During")
    answer(bench, run, "1")
    checklist.pass_point(bench.mia, run, "Before")
    assert bench.run(run.id).passed == ("Before",)


def test_an_emergency_passes_is_on_record_and_is_looked_at(bench: Bench) -> None:
    run = bench.begin(LIST)
    checklist.close(bench.mia, run, emergency="users are locked out")
    closed = bench.run(run.id)
    owed = bench.board.all(Obligation, where="origin = ?", args=(run.id,))
    assert (closed.state, closed.emergency, closed.emergency_by) == ("closed", "users are locked out", "mia")
    assert [(o.sort, o.owner, o.due_at) for o in owed] == [("review", "mia", "2026-11-26T23:59:59Z")]


def test_a_way_back_is_never_stopped(bench: Bench) -> None:
    for purpose in ("rollback", "drill"):
        run = bench.begin(LIST, purpose=purpose)
        checklist.pass_point(bench.mia, run, "During")
        checklist.close(bench.mia, bench.run(run.id))
        assert bench.run(run.id).state == "closed"


def test_a_deferred_item_is_seen_again_at_the_point_that_it_was_deferred_to(bench: Bench) -> None:
    run = bench.begin(LIST)
    checklist.tick(bench.mia, bench.step(run, "2"), "deferred", "graphs are slow", until="After")
    checklist.tick(bench.mia, bench.step(run, "3"), "deferred", "nobody there")
    before, during, after = points(run, bench.steps(run))
    assert (before.again, [s.label for s in during.again], [s.label for s in after.again]) == ((), ["3"], ["2"])
    answer(bench, run, "1")
    assert points(run, bench.steps(run))[0].said == "complete except 2 deferred"


def test_what_stays_deferred_is_owed_after_the_run(bench: Bench) -> None:
    run = bench.begin("# L\n- [ ] a\n- [ ] b\n")
    checklist.tick(bench.mia, bench.step(run, "1"), "deferred", "needs the vendor", until="2026-12-01")
    checklist.tick(bench.noor, bench.step(run, "2"), "deferred", "no access")
    assert checklist.close(bench.mia, run).sentence == "L complete except 2"
    owed = bench.board.all(Obligation, where="sort = 'follow-up'")
    assert [(o.owner, o.due_at[:10], o.reason) for o in owed] == [
        ("mia", "2026-12-01", "needs the vendor"),
        ("noor", "2026-12-01", "no access"),
    ]


def test_the_same_person_back_within_ten_minutes_is_asked_the_last_three_again(bench: Bench) -> None:
    run = bench.begin(LIST)
    answer(bench, run, "1", "2", "3", "4")
    checklist.pause(bench.mia, bench.run(run.id))
    bench.wait(minutes=9)
    checklist.resume(bench.mia, bench.run(run.id))
    again = bench.run(run.id)
    assert [s.label for s in repeats_left(again, bench.steps(run))] == ["2", "3", "4"]
    answer(bench, run, "2", "4")
    assert [s.label for s in repeats_left(again, bench.steps(run))] == ["3"]


def test_another_person_is_asked_every_unsensed_item_of_the_pause_point_again(bench: Bench) -> None:
    run = bench.begin("# L\n" + "- [ ] x\n" * 6)
    answer(bench, run, "1", "3", "4", "5")
    checklist.tick(bench.mia, bench.step(run, "2"), "done", sensed=True)
    bench.wait(seconds=1)
    answer(bench, run, "3", "4", "5")
    checklist.pause(bench.mia, bench.run(run.id))
    bench.wait(seconds=30)
    checklist.resume(bench.noor, bench.run(run.id))
    assert [s.label for s in repeats_left(bench.run(run.id), bench.steps(run))] == ["1", "3", "4", "5"]


def test_a_run_that_stood_for_long_counts_as_interrupted(bench: Bench) -> None:
    run = bench.begin(LIST)
    assert not interrupted(run, bench.steps(run), bench.now)
    answer(bench, run, "1")
    bench.wait(minutes=11)
    assert interrupted(bench.run(run.id), bench.steps(run), bench.now)
    assert current_section(bench.steps(run)) == "Before"


def test_at_a_hold_point_nobody_answers_alone(bench: Bench) -> None:
    run = bench.begin("# L\n- [ ] switch\n  who: a second person\n")
    with pytest.raises(Rejected, match="needs two people"):
        checklist.tick(bench.mia, bench.step(run, "1"), "done")
    with pytest.raises(Rejected, match="needs two people"):
        checklist.tick(bench.mia, bench.step(run, "1"), "done", asked_by="Mia")
    checklist.ask(bench.mia, bench.step(run, "1"))
    with pytest.raises(Rejected, match="needs two people"):
        checklist.tick(bench.mia, bench.step(run, "1"), "done")
    checklist.tick(bench.noor, bench.step(run, "1"), "done", "it is off")
    step = bench.step(run, "1")
    assert (step.asked_by, step.state_by, step.note) == ("mia", "noor", "it is off")


def test_killer_items_of_a_paired_run_have_an_asker_and_an_answerer(bench: Bench) -> None:
    run = bench.begin(LIST, paired=True)
    with pytest.raises(Rejected, match="needs two people"):
        checklist.tick(bench.mia, bench.step(run, "1"), "done")
    checklist.tick(bench.mia, bench.step(run, "2"), "done")
    checklist.tick(bench.mia, bench.step(run, "1"), "done", asked_by="noor")
    assert bench.step(run, "1").asked_by == "noor"
    checklist.tick(bench.mia, bench.step(run, "1"), "open")
    assert bench.step(run, "1").asked_by == ""


def test_two_consoles_ask_and_answer_over_one_share(tmp_path: Path) -> None:
    boards = [
        Board.open(tmp_path / f"{n}.sqlite", machine=f"m{n}", token=seeded_token(n), any_disk=True) for n in (1, 2)
    ]
    mia, noor = Session(boards[0], "mia"), Session(boards[1], "noor")

    def share() -> None:
        for one, other in itertools.permutations(boards):
            one.merge(other.all_changes())

    import_text(mia, "# L\n- [ ] switch\n  who: a second person\n", "l")
    run_id = checklist.begin(mia, "", "L").record
    share()
    run = boards[0].get(Run, run_id)
    assert run is not None
    checklist.ask(mia, checklist.steps_of(mia, run)[0])
    share()
    checklist.tick(noor, checklist.steps_of(noor, run)[0], "done", "off")
    share()
    assert [(s.state, s.asked_by, s.state_by) for s in checklist.steps_of(mia, run)] == [("done", "mia", "noor")]
    assert not boards[0].conflicts()
    for board in boards:
        board.close()


def test_a_failed_step_says_when_it_means_to_go_back(bench: Bench) -> None:
    run = bench.begin(LIST)
    assert checklist.tick(bench.mia, bench.step(run, "4"), "failed", "500s").warning == "go back: errors double"


def test_what_hangs_on_an_item_that_does_not_apply_does_not_apply(bench: Bench) -> None:
    run = bench.begin("# L\n- [ ] if a replica exists\n  - [ ] stop it\n  - [ ] start it\n- [ ] rest\n")
    checklist.tick(bench.mia, bench.step(run, "1.2"), "done")
    checklist.tick(bench.mia, bench.step(run, "1"), "not-applicable", "there is none")
    assert [s.state for s in bench.steps(run)] == ["not-applicable", "not-applicable", "done", "open"]


def test_a_closed_run_takes_no_answers(bench: Bench) -> None:
    run = bench.begin("# L\n- [ ] a\n")
    checklist.close(bench.mia, run)
    with pytest.raises(Rejected, match="is closed"):
        checklist.tick(bench.mia, bench.step(run, "1"), "done")


def test_evidence_of_a_step_is_kept_whole(bench: Bench) -> None:
    run = bench.begin("# L\n- [ ] a\n")
    checklist.prove(bench.mia, bench.step(run, "1"), "line 1\n  line 2\n")
    assert [p.text for p in checklist.proofs_of(bench.mia, bench.step(run, "1"))] == ["line 1\n  line 2"]


def test_a_step_of_three_hundred_asks_the_board_as_little_as_one_of_ten(bench: Bench) -> None:
    counts = []
    for size in (10, 300):
        run = bench.begin(f"# L{size}\n" + "- [ ] x\n" * size)
        step = bench.step(run, "5")
        seen: list[str] = []
        bench.board._db.set_trace_callback(seen.append)
        checklist.tick(bench.mia, step, "done")
        bench.board._db.set_trace_callback(None)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_run_reads_as_markdown_wherever_it_is_pasted(bench: Bench) -> None:
    run = bench.begin("# L\n\n1. [x] a  \n2. [ ] b\n   why: so\n- [ ] c\n- [ ] d\n")
    checklist.tick(bench.mia, bench.step(run, "1"), "done")
    checklist.tick(bench.mia, bench.step(run, "2"), "failed", "500s\nagain")
    checklist.tick(bench.mia, bench.step(run, "3"), "not-applicable", "no replica")
    assert checklist.as_markdown(bench.mia, run) == (
        "# L\n\n1. [x] a  \n2. [ ] b failed: 500s again\n   why: so\n- [x] ~~c~~ n/a: no replica\n- [ ] d\n"
    )


def test_a_way_back_begun_as_a_checklist_is_not_stopped_either(bench: Bench) -> None:
    run = bench.run(checklist.begin(bench.mia, "", "Roll back a database migration").record)
    assert run.purpose == "rollback"
    checklist.close(bench.mia, run)


def test_what_was_passed_and_waived_is_on_the_timeline(bench: Bench) -> None:
    incident = declare(bench.mia, "Checkout fails").record
    run = bench.run(checklist.begin(bench.mia, incident, "First fifteen minutes").record)
    checklist.waive(bench.noor, run, "no time")
    checklist.pass_point(bench.mia, bench.run(run.id), "Minute 0: lead")
    told = [line.text for line in bench.board.moments(incident) if line.kind == "checklist"]
    assert told == [
        "First fifteen minutes began",
        "First fifteen minutes waived by noor: no time",
        "First fifteen minutes: Minute 0: lead passed with 2 open",
    ]


def test_no_step_comes_before_the_killer_items_of_an_earlier_pause_point(bench: Bench) -> None:
    run = bench.begin(LIST)
    with pytest.raises(OpenKillers, match="an earlier pause point is not passed, it waits for 1 artifact") as stopped:
        checklist.check_order(run, bench.steps(run), bench.step(run, "4"))
    assert [step.label for step in stopped.value.steps] == ["1"]
    checklist.check_order(run, bench.steps(run), bench.step(run, "2"))
    answer(bench, run, "1")
    checklist.check_order(run, bench.steps(run), bench.step(run, "4"))


def test_in_an_emergency_and_on_a_way_back_every_step_may_come_first(bench: Bench) -> None:
    run = bench.begin(LIST)
    checklist.waive(bench.mia, run, "users are locked out")
    for of in (bench.run(run.id), bench.begin(LIST, purpose="rollback")):
        checklist.check_order(of, bench.steps(of), bench.step(of, "6"))


def test_a_step_is_put_off_to_points_ahead_and_asks_for_two_or_for_a_value_where_it_must(bench: Bench) -> None:
    points_of = "## One\n- [ ] (K) a\n  expect: its version\n## Two\n- [ ] b\n  expect: green\n## Three\n- [ ] c\n"
    run = bench.begin(f"# L\n\n- [ ] zero\n\n{points_of}")
    zero, killer, other, last = bench.steps(run)
    assert [points_ahead(bench.steps(run), step) for step in (zero, killer, last)] == [
        ["One", "Two", "Three"],
        ["Two", "Three"],
        [],
    ]
    assert (needs_value(killer), needs_value(other)) == (True, False)
    paired = bench.begin("# P\n- [ ] (K) a\n- [ ] b\n- [ ] c\n  who: a second person\n", paired=True)
    assert [needs_two(step, paired) for step in bench.steps(paired)] == [True, False, True]


def test_runs_to_go_on_with_are_the_open_ones_of_their_kind_the_latest_first(bench: Bench) -> None:
    first, second = bench.begin("# L\n- [ ] a\n"), bench.begin("# M\n- [ ] a\n")
    drill = bench.begin("# N\n- [ ] a\n", purpose="drill")
    closed = bench.begin("# O\n- [ ] a\n")
    checklist.close(bench.mia, closed)
    assert [run.id for run in checklist.open_runs(bench.board)] == [second.id, first.id]
    assert [run.id for run in checklist.open_runs(bench.board, rollback=True)] == [drill.id]
