"""What runs teach: items that caught something, lists that are only ticked, what to add and what to drop."""

from __future__ import annotations

import pytest

from opsterm.incidents.incident import declare, set_status
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.lessons import box_ticking, item_statistics, proposals, spotless
from opsterm.operations.checklists.template import find_template, import_text
from opsterm.operations.deployments.deployment import deploy
from opsterm.records import Incident, Run
from tests.support.bench import Bench

LIST = "# L\n\nsystems: web\n\n- [ ] a\n- [ ] b\n- [ ] (K) c\n"


def walk(bench: Bench, answers: dict[str, str], seconds: float = 20) -> Run:
    run = bench.run(checklist.begin(bench.mia, "", "L").record)
    for step in bench.steps(run):
        bench.wait(seconds=seconds)
        state = answers.get(step.label, "done")
        checklist.tick(bench.mia, step, state, "" if state == "done" else "no time")
    checklist.close(bench.mia, run)
    return bench.run(run.id)


def test_an_item_is_credited_with_what_it_caught_also_where_that_was_put_right(bench: Bench) -> None:
    import_text(bench.mia, LIST, "l")
    walk(bench, {})
    run = bench.run(checklist.begin(bench.mia, "", "L").record)
    checklist.tick(bench.mia, bench.step(run, "1"), "failed", "the artifact was gone")
    caught_at = bench.now
    bench.wait(minutes=1)
    for label in ("1", "2", "3"):
        checklist.tick(bench.mia, bench.step(run, label), "done")
    checklist.close(bench.mia, run)
    import_text(bench.mia, LIST.replace("- [ ] a", "- [ ] new\n- [ ] a"), "l")
    counted = {i.text: i for i in item_statistics(bench.board, find_template(bench.board, "L"))}
    assert [(i.runs, i.caught, i.catch_rate) for i in counted.values()] == [
        (0, 0, 0),
        (2, 1, 0.5),
        (2, 0, 0),
        (2, 0, 0),
    ]
    assert counted["a"].last_catch_at == caught_at


def test_an_item_that_was_skipped_in_every_run_is_proposed_to_go(bench: Bench) -> None:
    import_text(bench.mia, LIST, "l")
    for _ in range(10):
        walk(bench, {"2": "skipped"})
    template = find_template(bench.board, "L")
    assert [(p.kind, p.label) for p in proposals(bench.board, template, bench.now)] == [("retire", "2")]


def test_an_item_without_a_catch_goes_after_fifty_runs_and_a_year_but_no_killer(bench: Bench) -> None:
    import_text(bench.mia, "# L\n- [ ] a\n- [ ] (K) b\n", "l")
    for _ in range(50):
        walk(bench, {}, seconds=1)
    template = find_template(bench.board, "L")
    assert proposals(bench.board, template, bench.now) == []
    bench.wait(days=366)
    assert [(p.kind, p.text) for p in proposals(bench.board, template, bench.now)] == [("retire", "a")]


def test_each_contributing_factor_on_its_systems_is_proposed_as_an_item_once(bench: Bench) -> None:
    import_text(bench.mia, LIST, "l")
    for title, service in (("web fails", "Web"), ("mail fails", "mail")):
        incident = bench.board.get(Incident, declare(bench.mia, title, services=[service]).record)
        assert incident is not None
        bench.mia.set(incident, {"causes": ["No alarm on the number of threads", "One cell takes all load"]})
        set_status(bench.mia, incident, "resolved")
    found = proposals(bench.board, find_template(bench.board, "L"), bench.now)
    assert [(p.kind, p.text, p.why) for p in found] == [
        ("add", "Rule out: No alarm on the number of threads", "INC-1 web fails"),
        ("add", "Rule out: One cell takes all load", "INC-1 web fails"),
    ]
    import_text(bench.mia, LIST + "- [ ] Count threads\n  why: INC-1\n", "l")
    assert proposals(bench.board, find_template(bench.board, "L"), bench.now) == []


def test_a_full_list_is_told_to_name_the_item_that_goes(bench: Bench) -> None:
    import_text(bench.mia, "# L\n\nsystems: web\n\n" + "".join(f"- [ ] {n}\n" for n in range(9)), "l")
    incident = bench.board.get(Incident, declare(bench.mia, "web fails", services=["web"]).record)
    assert incident is not None
    bench.mia.set(incident, {"causes": ["No alarm"]})
    set_status(bench.mia, incident, "closed")
    (found,) = proposals(bench.board, find_template(bench.board, "L"), bench.now)
    assert "name the item that goes" in found.why


@pytest.mark.parametrize(("seconds", "sign"), [(1, "too quick to read"), (0, "one burst"), (30, "")])
def test_ticks_too_quick_to_read_are_seen(bench: Bench, seconds: float, sign: str) -> None:
    import_text(bench.mia, "# L\n" + "- [ ] x\n" * 6, "l")
    run = walk(bench, {}, seconds=seconds)
    signs = box_ticking(run, bench.steps(run))
    assert any(sign in text for text in signs) if sign else signs == []


def test_the_same_words_in_every_value_and_a_list_closed_afterwards_are_seen(bench: Bench) -> None:
    run = bench.begin("# L\n- [ ] x\n- [ ] y\n- [ ] z\n")
    for step in bench.steps(run):
        bench.wait(seconds=30)
        checklist.tick(bench.mia, step, "done", "OK")
    ended = bench.now
    bench.wait(minutes=5)
    checklist.close(bench.mia, run)
    signs = box_ticking(bench.run(run.id), bench.steps(run), changed_until=ended)
    assert signs == ["the same words in every value: ok", "closed after the change had ended"]


def test_thirty_runs_without_one_finding_are_seen(bench: Bench) -> None:
    import_text(bench.mia, "# L\n- [ ] a\n", "l")
    for _ in range(30):
        walk(bench, {}, seconds=1)
    assert spotless(bench.board, find_template(bench.board, "L"))
    walk(bench, {"1": "failed"})
    assert not spotless(bench.board, find_template(bench.board, "L"))


def test_a_list_without_systems_learns_from_those_that_it_was_walked_for(bench: Bench) -> None:
    import_text(bench.mia, "# L\n- [ ] a\n", "l")
    incident = bench.board.get(Incident, declare(bench.mia, "web fails", services=["web"]).record)
    assert incident is not None
    bench.mia.set(incident, {"causes": ["No alarm"]})
    set_status(bench.mia, incident, "resolved")
    assert proposals(bench.board, find_template(bench.board, "L"), bench.now) == []
    made = deploy(bench.mia, "web", systems=["web"]).record
    checklist.begin(bench.mia, "", "L", deployment=made)
    assert [p.text for p in proposals(bench.board, find_template(bench.board, "L"), bench.now)] == [
        "Rule out: No alarm"
    ]
