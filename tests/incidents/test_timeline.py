"""The timeline: filtered, corrected, struck, dated."""

from __future__ import annotations

import pytest

from opsterm.board.window import Tally, place_of, window
from opsterm.core.session import Attribution, Rejected
from opsterm.incidents.actions import order
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.timeline import (
    GROUPS,
    Filter,
    correct,
    decide,
    next_group,
    observe,
    page,
    people_of,
    recorded_late,
    scan,
    shown,
    strike,
    struck_records,
    unstrike,
)
from opsterm.records import Observation
from tests.support.incidents import Scene


def texts(scene: Scene, **parts: str | bool) -> list[str]:
    filtered = Filter(**parts)  # type: ignore[arg-type]
    lines = shown(scene.board.moments(scene.incident_id), filtered)
    assert page(scene.board, scene.incident_id, filtered) == lines
    return [line.text for line in lines]


def observation(scene: Scene, record: str) -> Observation:
    found = scene.board.get(Observation, record)
    assert found is not None
    return found


def test_one_kind_one_person_some_words(scene: Scene) -> None:
    observe(scene.as_("li"), scene.incident, "errors rise")
    propose(scene.as_("noor"), scene.incident, "pool is full")
    order(scene.as_("mia"), scene.incident, "look at the pool")
    decide(scene.as_("mia"), scene.incident, "we wait")
    assert texts(scene, group="thinking") == ["pool is full"]
    assert texts(scene, group="doing") == ["look at the pool"]
    assert texts(scene, group="command") == ["we wait"]
    assert texts(scene, group="what was seen") == ["Checkout fails for some cards", "errors rise"]
    assert texts(scene, person="noor") == ["pool is full"]
    assert texts(scene, words="POOL look") == ["look at the pool"]
    assert people_of(scene.board.moments(scene.incident_id)) == ["mia", "li", "noor"]
    assert Filter(group="doing", person="mia", words="x").said == "doing, by mia, with “x”"


def test_the_filter_goes_round() -> None:
    seen = [""]
    while (name := next_group(seen[-1])) not in seen:
        seen.append(name)
    assert seen == ["", *GROUPS]


def test_backdated_lines_stand_where_they_happened_or_where_they_were_recorded(scene: Scene) -> None:
    observe(scene.as_("li"), scene.incident, "now")
    observe(scene.as_("li"), scene.incident, "before", Attribution(at=scene.in_(-30)))
    assert texts(scene)[0] == "before"
    assert texts(scene, by_recorded=True)[-1] == "before"
    moments = scene.board.moments(scene.incident_id)
    assert [recorded_late(line) for line in moments if line.by == "li"] == [1800, 0]


def test_a_correction_replaces_the_line_and_keeps_the_words_before_in_its_history(scene: Scene) -> None:
    record = observe(scene.as_("li"), scene.incident, "erors rise").record
    correct(scene.as_("li"), observation(scene, record), "errors rise")
    assert texts(scene, group="what was seen")[1:] == ["errors rise"]
    assert len(scene.board.changes_of_record(record)) == 2


def test_a_line_is_not_moved_to_where_it_lies_ahead(scene: Scene) -> None:
    record = observe(scene.as_("li"), scene.incident, "errors rise").record
    with pytest.raises(Rejected, match="lies ahead"):
        correct(scene.as_("li"), observation(scene, record), "errors rise", Attribution(at=scene.in_(2)))
    correct(scene.as_("li"), observation(scene, record), "errors rise", Attribution(at=scene.in_(-2)))
    assert len(scene.board.changes_of_record(record)) == 2


def test_a_struck_line_stays_with_author_and_reason(scene: Scene) -> None:
    record = observe(scene.as_("li"), scene.incident, "the bank is down").record
    with pytest.raises(Rejected, match="why it is struck"):
        strike(scene.as_("mia"), observation(scene, record), "")
    strike(scene.as_("mia"), observation(scene, record), "it was ours")
    assert struck_records(scene.board, scene.incident_id) == {record: "struck by mia: it was ours"}
    assert "the bank is down" in texts(scene)
    with pytest.raises(Rejected):
        strike(scene.as_("mia"), observation(scene, record), "again")
    unstrike(scene.as_("mia"), observation(scene, record))
    assert struck_records(scene.board, scene.incident_id) == {}


def test_pages_are_read_from_the_end_and_signs_are_only_signs(scene: Scene) -> None:
    for place in range(5):
        observe(scene.as_("li"), scene.incident, f"line {place} at 5 %")
    pages = [page(scene.board, scene.incident_id, Filter(person="li"), last=2, skip=skip) for skip in (0, 2, 4)]
    assert [[line.text[:6] for line in lines] for lines in pages] == [
        ["line 3", "line 4"],
        ["line 1", "line 2"],
        ["line 0"],
    ]
    assert len(texts(scene, words="5 %")) == 5
    assert texts(scene, words="5%") == texts(scene, words="_ine") == []
    assert len(window(scene.board, scene.incident_id, kinds=["observation"])) == 5


@pytest.mark.parametrize(
    "filtered",
    [
        Filter(),
        Filter(group="what was seen"),
        Filter(person="li"),
        Filter(words="errors 1"),
        Filter(by_recorded=True),
        Filter(group="thinking"),
        Filter(words="nothing like it"),
    ],
    ids=lambda filtered: filtered.said,
)
def test_lines_looked_for_a_stretch_at_a_time_are_those_that_pass(scene: Scene, filtered: Filter) -> None:
    with scene.board.transaction():
        for number in range(40):
            said = Attribution(at=scene.in_(-(number * 7 % 20)))
            observe(scene.as_("li" if number % 3 else "noor"), scene.incident, f"errors {number}", said)
        propose(scene.as_("noor"), scene.incident, "pool is full")
    found = scan(scene.board, scene.incident_id, filtered)
    stretches = 0
    while not found.done:
        found.go_on(7)
        stretches += 1
    assert stretches > 5
    wanted = shown(scene.board.moments(scene.incident_id), filtered)
    lines = found.read(0, len(found))
    assert {line.key for line in lines} == {line.key for line in wanted}
    if not filtered.by_recorded:
        assert [line.at for line in lines] == [line.at for line in wanted[::-1]]
    else:
        assert [line.hlc for line in lines] == [line.hlc for line in wanted[::-1]]


def test_a_tally_counts_on_from_what_it_counted(scene: Scene) -> None:
    tally = Tally(scene.board, scene.incident_id)
    for _ in range(3):
        observe(scene.as_("li"), scene.incident, "errors rise")
        assert tally.count() == scene.board.count_moments(scene.incident_id)
    scene.board.rebuild()
    observe(scene.as_("li"), scene.incident, "errors fall")
    assert tally.count() == scene.board.count_moments(scene.incident_id)


def test_a_line_has_its_place_however_far_down(scene: Scene) -> None:
    for number in range(6):
        observe(scene.as_("li"), scene.incident, f"errors {number}", Attribution(at=scene.in_(-number)))
    moments = scene.board.moments(scene.incident_id)
    assert [place_of(scene.board, line) for line in moments[::-1]] == list(range(len(moments)))


def test_words_that_go_on_are_looked_for_among_what_was_found(scene: Scene) -> None:
    for number in range(12):
        observe(scene.as_("li"), scene.incident, f"errors {number}")
    wider = scan(scene.board, scene.incident_id, Filter(words="err"))
    wider.go_on()
    narrowed = scan(scene.board, scene.incident_id, Filter(words="errors 1"))
    narrowed.narrow(wider)
    assert narrowed.done
    assert [line.text for line in narrowed.read(0, 9)] == ["errors 11", "errors 10", "errors 1"]
