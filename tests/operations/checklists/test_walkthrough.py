"""Where a walk is and what comes next, of records alone; and lines typed for deployments and dates."""

from __future__ import annotations

import pytest

from opsterm.core.session import Rejected
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.pause_points import killers_before
from opsterm.operations.checklists.walkthrough import Course
from opsterm.operations.deployments.entry_line import day_and_why, read_line
from tests.support.bench import Bench

LIST = """# List

## First

- [ ] (K) one
- [ ] two

## Second

- [ ] three
- [ ] four
"""


def test_what_was_left_at_a_pause_point_comes_before_the_point(bench: Bench) -> None:
    run = bench.begin(LIST)
    checklist.tick(bench.mia, bench.step(run, "2"), "done")
    course = Course(bench.board, run.id)
    following = course.following(bench.step(run, "2").id)
    assert following is not None
    assert following.step is not None
    assert following.step.label == "1"


def test_killers_of_an_earlier_point_bar_a_step_and_bar_nothing_on_a_way_back(bench: Bench) -> None:
    run = bench.begin(LIST)
    assert [s.label for s in killers_before(run, bench.steps(run), bench.step(run, "3"))] == ["1"]
    back = bench.run(checklist.begin(bench.mia, "", "List", purpose="rollback").record)
    assert killers_before(back, bench.steps(back), bench.step(back, "3")) == ()
    assert not any(stop.key.startswith("point:") for stop in Course(bench.board, back.id).stops)


def test_a_walk_answers_nothing_behind_a_pause_point_that_killer_items_hold(bench: Bench) -> None:
    run = bench.begin(LIST)
    course = Course(bench.board, run.id)
    ahead = course.stop(bench.step(run, "3").id)
    assert ahead is not None
    with pytest.raises(Rejected, match="it waits for 1 one"):
        course.answer(bench.mia, ahead, "done")
    assert bench.step(run, "3").state == "open"


def test_a_step_deferred_again_where_it_was_asked_again_is_not_asked_a_third_time_there(bench: Bench) -> None:
    run = bench.begin(LIST)
    checklist.tick(bench.mia, bench.step(run, "2"), "deferred", "no graph")
    course = Course(bench.board, run.id)
    again = course.stop(f"again:{bench.step(run, '2').id}")
    assert again is not None
    assert (again.section, course.waits(again)) == ("Second", True)
    course.put_off(again)
    assert not course.waits(again)


def test_a_touch_reads_what_was_touched_and_no_more(bench: Bench) -> None:
    run = bench.begin(LIST)
    course = Course(bench.board, run.id)
    before = course.records_read
    checklist.tick(bench.mia, bench.step(run, "1"), "done")
    course.refresh([bench.step(run, "1").id, "somebody else's"])
    assert course.records_read == before + 1
    assert course.progress == (1, 4)


@pytest.mark.parametrize(
    ("line", "title", "version", "systems", "sort", "later"),
    [
        ("web 414", "web", "414", ("web",), "service", False),
        ("web 414 on web, checkout was 413", "web", "414", ("web", "checkout"), "service", False),
        ("raise the pool on db as config later", "raise the pool", "", ("db",), "configuration", True),
        ("搜索 7 on 搜索", "搜索", "7", ("搜索",), "service", False),
        ("[/b] 1", "[/b]", "1", ("[/b]",), "service", False),
    ],
)
def test_a_line_says_a_deployment(
    line: str, title: str, version: str, systems: tuple[str, ...], sort: str, later: bool
) -> None:
    said = read_line(f"{line} @noor")
    assert (said.title, said.version, said.systems, said.sort, said.later) == (title, version, systems, sort, later)
    assert said.owner == "noor"


@pytest.mark.parametrize("line", ["", "  ", "on web", "@noor"])
def test_a_line_without_a_title_is_refused(line: str) -> None:
    with pytest.raises(Rejected):
        read_line(line)


def test_a_day_and_a_reason() -> None:
    now = "2026-11-24T13:00:00Z"
    assert day_and_why("2w the vendor is away", now) == ("2026-12-08", "the vendor is away")
    assert day_and_why("2026-12-01 audit", now) == ("2026-12-01", "audit")
    for line in ("", "soon it will be", "3x why"):
        with pytest.raises(Rejected):
            day_and_why(line, now)
