"""A station whose clock is ahead, by an hour, a day or three years: nobody else writes again and again, and what the
others record says the time on their own wall."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from opsterm.command.attention import all_notices, alone, present
from opsterm.core.session import Attribution, Session
from opsterm.incidents.actions import arrived, note_arrivals, order, reassign
from opsterm.incidents.incident import declare
from opsterm.incidents.roles import last_wrote
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.incidents.timeline import observe, recorded_late
from opsterm.incidents.triage import answer, override_severity, propose_severity, refuse_proposal
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.pause_points import repeats_left
from opsterm.operations.checklists.run import tick
from opsterm.operations.checklists.template import import_text
from opsterm.records import Incident, Run, Step
from opsterm.records.instant import instant, moment
from tests.support.clock import BEGIN_MS, HandClock
from tests.support.stations import merge_all, station

HOUR = 3_600
AHEAD_S = [HOUR, 24 * HOUR, 3 * 365 * 24 * HOUR]


class Apart:
    """ben, whose clock is right, and li, whose clock is ahead; both in one incident that li declared."""

    def __init__(self, folder: Path, ahead_s: int) -> None:
        self.clock = HandClock()
        self.clock_ahead = HandClock(BEGIN_MS + ahead_s * 1000)
        self.ben, self.li = station(folder, "ben", self.clock), station(folder, "li", self.clock_ahead)
        self.incident = declare(self.li, "Checkout fails").record
        self.meet()

    def meet(self) -> None:
        merge_all(self.ben, self.li)

    def wait(self, minutes: float) -> None:
        for clock in (self.clock, self.clock_ahead):
            clock.ms += round(minutes * 60_000)

    def room(self, of: Session) -> Snapshot:
        return read_snapshot(of.board, self.incident)

    def at(self, of: Session) -> Incident:
        return self.room(of).incident

    def heard(self) -> int:
        """How many arrivals ben's console notes, with what it learns and tells each time."""
        noted = 0
        for _ in range(5):
            noted += note_arrivals(self.ben, self.room(self.ben))
            self.meet()
            self.wait(1)
        return noted


@pytest.fixture(params=AHEAD_S, ids=["an hour", "a day", "three years"])
def apart(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Apart]:
    made = Apart(tmp_path, request.param)
    yield made
    made.ben.board.close()
    made.li.board.close()


def test_an_order_of_a_station_whose_clock_is_ahead_arrives_once(apart: Apart) -> None:
    order(apart.li, apart.at(apart.li), "drain the queue", owner="ben")
    apart.meet()
    assert apart.heard() == 1
    assert all(arrived(action) for action in apart.room(apart.li).actions)


def test_an_order_that_comes_back_to_somebody_arrives_again_once(apart: Apart) -> None:
    order(apart.li, apart.at(apart.li), "drain the queue", owner="ben")
    apart.meet()
    assert apart.heard() == 1
    for owner, times in (("noor", 0), ("ben", 1)):
        reassign(apart.li, apart.room(apart.li).actions[0], owner)
        apart.meet()
        assert apart.heard() == times


def test_the_time_to_acknowledge_runs_from_when_the_order_arrived_by_the_clock_it_arrived_at(apart: Apart) -> None:
    order(apart.li, apart.at(apart.li), "drain the queue", owner="ben")
    apart.meet()
    apart.heard()
    apart.wait(5)
    room = apart.room(apart.ben)
    moments = apart.ben.board.moments(apart.incident)
    told = [n.text for n in all_notices(room, moments, "li", apart.ben.board.now) if n.family == "unheard"]
    assert told == ["a1 not acknowledged by ben for 10m: give it to another"]


def test_a_severity_said_against_the_rules_is_asked_about_once_the_facts_change_and_not_before(apart: Apart) -> None:
    answer(apart.li, apart.at(apart.li), {"breadth": "half", "depth": "gone"})
    apart.meet()
    override_severity(apart.ben, apart.at(apart.ben), "sev3", "an exercise of the load test team")
    for _ in range(3):
        assert propose_severity(apart.room(apart.ben), apart.ben.board.now) is None
        apart.wait(1)
    answer(apart.ben, apart.at(apart.ben), {"trend": "growing"})
    again = propose_severity(apart.room(apart.ben), apart.ben.board.now)
    assert again is not None
    assert again.level == "sev1"


def test_a_severity_refused_on_a_clock_that_is_ahead_is_not_silent_for_as_long(apart: Apart) -> None:
    answer(apart.ben, apart.at(apart.ben), {"breadth": "half", "depth": "gone"})
    apart.meet()
    proposal = propose_severity(apart.room(apart.li), apart.li.board.now)
    assert proposal is not None
    refuse_proposal(apart.li, apart.at(apart.li), proposal)
    apart.meet()
    assert propose_severity(apart.room(apart.li), apart.li.board.now) is None
    assert propose_severity(apart.room(apart.ben), apart.ben.board.now) is not None
    refuse_proposal(apart.ben, apart.at(apart.ben), proposal)
    apart.wait(29)
    assert propose_severity(apart.room(apart.ben), apart.ben.board.now) is None


def test_the_steps_of_a_run_that_was_resumed_on_a_clock_that_is_ahead_are_asked_again_once(apart: Apart) -> None:
    import_text(apart.ben, "# Before\n\n- [ ] say it aloud\n- [ ] note the errors\n", "list")
    run = checklist.begin(apart.ben, apart.incident, "Before").record
    tick(apart.ben, steps(apart.ben, run)[0], "done")
    checklist.pause(apart.ben, run_at(apart.ben, run))
    apart.meet()
    checklist.resume(apart.li, run_at(apart.li, run))
    apart.meet()
    assert [step.label for step in repeats_left(run_at(apart.ben, run), steps(apart.ben, run))] == ["1"]
    apart.wait(1)
    tick(apart.ben, steps(apart.ben, run)[0], "done")
    assert repeats_left(run_at(apart.ben, run), steps(apart.ben, run)) == []


def run_at(of: Session, run: str) -> Run:
    found = of.board.get(Run, run)
    assert found is not None
    return found


def steps(of: Session, run: str) -> list[Step]:
    return sorted(of.board.all(Step, where="run = ?", args=(run,)), key=lambda step: step.position)


def test_lines_written_after_a_clock_that_is_ahead_are_not_recorded_late(apart: Apart) -> None:
    observe(apart.ben, apart.at(apart.ben), "errors rise")
    earlier = instant(moment(apart.ben.board.now) - timedelta(minutes=12))
    observe(apart.ben, apart.at(apart.ben), "first error", Attribution(at=earlier))
    lines = [line for line in apart.ben.board.moments(apart.incident) if line.by == "ben"]
    assert [(line.text, recorded_late(line)) for line in lines] == [
        ("first error", 720),
        ("errors rise", 0),
    ]


def test_who_wrote_lately_goes_by_no_clock_that_is_ahead(apart: Apart) -> None:
    observe(apart.ben, apart.at(apart.ben), "errors rise")
    wrote = apart.ben.board.now
    apart.wait(20)
    moments, now = apart.ben.board.moments(apart.incident), apart.ben.board.now
    assert last_wrote(moments, "ben") == wrote
    assert "ben" not in present(moments, now)


def test_one_is_alone_again_whatever_clock_was_heard_before(apart: Apart) -> None:
    record = declare(apart.ben, "Mail is slow").record
    noor = Session(apart.ben.board, "noor")
    observe(noor, apart.ben.read(Incident, record), "errors rise")
    for minutes, expected in ((14, False), (1, True)):
        apart.wait(minutes)
        moments = apart.ben.board.moments(record)
        assert alone(moments, "ben", apart.ben.read(Incident, record), apart.ben.board.now) is expected
