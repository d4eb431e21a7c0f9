"""The severity rules with the field's own numbers, and their promises over all answers."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsterm.incidents.severity import (
    STAKES,
    Answers,
    assess,
    own_rules,
    read_rules,
)
from opsterm.records.incident import BLIND, EXPOSURES, REDUNDANCIES, TRENDS, Trend

RULES = own_rules()
TABLE = {
    "half": "12345",
    "quarter": "22345",
    "some": "23345",
    "few": "33445",
    "nobody": "44455",
}


@pytest.mark.parametrize(("breadth", "depth"), list(product(TABLE, range(5))))
def test_the_table_is_the_fields(breadth: str, depth: int) -> None:
    found = assess(Answers(breadth=breadth, depth=list(RULES.depth)[depth]), RULES)
    assert found.level == f"sev{TABLE[breadth][depth]}"
    assert RULES.breadth[breadth] in found.because


@pytest.mark.parametrize(
    ("answers", "level"),
    [
        (Answers(exposure="exposed"), "sev1"),
        (Answers(exposure="lost"), "sev1"),
        (Answers(exposure="corrupted"), "sev1"),
        (Answers(stakes=("people at risk",)), "sev1"),
        (Answers(stakes=("regulator",)), "sev1"),
        (Answers(exposure="in doubt"), "sev2"),
        (Answers(stakes=("payments",)), "sev2"),
        (Answers(stakes=("contract",)), "sev2"),
        (Answers(blind="both"), "sev2"),
        (Answers(redundancy="none and failing"), "sev2"),
        (Answers(redundancy="none"), "sev3"),
        (Answers(blind="paging"), "sev3"),
        (Answers(blind="monitoring"), "sev3"),
        (Answers(redundancy="reduced"), ""),
        (Answers(exposure="none", blind="no"), ""),
    ],
)
def test_floors(answers: Answers, level: str) -> None:
    assert assess(answers, RULES).level == level


def test_the_worst_of_base_and_floors_stands_with_its_own_reason() -> None:
    found = assess(Answers(breadth="few", depth="slow", exposure="exposed"), RULES)
    assert (found.level, found.because) == ("sev1", "customers' data exposed, lost or corrupted")
    assert "who must know" in found.also
    worse_base = assess(Answers(breadth="half", depth="gone", redundancy="none"), RULES)
    assert worse_base.level == "sev1"


@pytest.mark.parametrize(
    ("breadth", "depth", "level"),
    [
        ("half", "degraded", "sev3"),
        ("half", "side", "sev3"),  # never past sev3 at half or more
        ("half", "slow", "sev4"),  # it was past it before
        ("some", "degraded", "sev4"),
        ("few", "cosmetic", "sev5"),
    ],
)
def test_an_easy_workaround_makes_it_one_better_and_stops_at_sev3_for_half(
    breadth: str, depth: str, level: str
) -> None:
    assert assess(Answers(breadth=breadth, depth=depth, easy_way=True), RULES).level == level


def test_growing_makes_it_one_worse_and_shrinking_changes_nothing() -> None:
    levels: dict[Trend, str] = {"growing": "sev2", "steady": "sev3", "shrinking": "sev3"}
    for trend, level in levels.items():
        assert assess(Answers(breadth="few", depth="gone", trend=trend), RULES).level == level
    assert assess(Answers(breadth="half", depth="gone", trend="growing"), RULES).level == "sev1"


@pytest.mark.parametrize(
    ("minutes", "hurting", "level"), [(59.9, True, "sev3"), (60, True, "sev2"), (90, False, "sev3")]
)
def test_sev3_unsolved_at_sixty_minutes_is_sev2(minutes: float, hurting: bool, level: str) -> None:
    answers = Answers(breadth="few", depth="gone", minutes=minutes, hurting=hurting)
    assert assess(answers, RULES).level == level
    said = assess(Answers(stated="sev3", minutes=minutes, hurting=hurting), RULES)
    assert said.level == level


@pytest.mark.parametrize(
    ("breadth", "depth", "minutes", "level"),
    [
        ("", "gone", 9.9, ""),
        ("", "gone", 10, "sev1"),
        ("nobody", "", 10, "sev4"),
        ("few", "", 10, "sev3"),
        ("", "", 9.9, ""),
        ("", "", 10, "sev2"),
    ],
)
def test_what_is_unknown_at_ten_minutes_counts_as_its_worse_guess(
    breadth: str, depth: str, minutes: float, level: str
) -> None:
    assert assess(Answers(breadth=breadth, depth=depth, minutes=minutes), RULES).level == level


def test_a_recurrence_of_a_worse_one_is_one_worse() -> None:
    again = Answers(breadth="few", depth="slow", earlier="sev1", earlier_mark="INC-3")
    found = assess(again, RULES)
    assert found.level == "sev3"
    assert "INC-3" in found.because
    assert assess(Answers(breadth="few", depth="slow", earlier="sev4"), RULES).level == "sev4"


ANSWERS = st.builds(
    Answers,
    breadth=st.sampled_from(["", *RULES.breadth]),
    depth=st.sampled_from(["", *RULES.depth]),
    trend=st.sampled_from(["", *TRENDS]),
    redundancy=st.sampled_from(["", *REDUNDANCIES]),
    exposure=st.sampled_from(["", *EXPOSURES]),
    blind=st.sampled_from(["", *BLIND]),
    stakes=st.lists(st.sampled_from(STAKES), max_size=2).map(tuple),
    easy_way=st.booleans(),
    minutes=st.sampled_from([0.0, 9.9, 10.0, 59.9, 60.0, 600.0]),
    earlier=st.sampled_from(["", "sev1", "sev3", "sev5"]),
)


@settings(max_examples=120, deadline=None)
@given(ANSWERS)
def test_every_answer_has_a_level_with_its_reason_or_asks_for_more(answers: Answers) -> None:
    found = assess(answers, RULES)
    assert found.because
    assert found.level in ("", "sev1", "sev2", "sev3", "sev4", "sev5")
    assert bool(found.level) == bool(found.asks)
    for floor in RULES.floors:
        if floor.holds(answers):
            assert found.level <= f"sev{floor.level}"


@settings(max_examples=80, deadline=None)
@given(ANSWERS)
def test_bad_news_never_makes_it_better(answers: Answers) -> None:
    from dataclasses import replace

    before = assess(replace(answers, trend="steady"), RULES).level or "sev9"
    assert (assess(replace(answers, trend="growing"), RULES).level or "sev9") <= before
    assert (assess(replace(answers, trend="steady", exposure="exposed"), RULES).level or "sev9") == "sev1"


def test_a_team_replaces_a_row_and_keeps_the_rest() -> None:
    rules, warnings = read_rules({"shift": {"growing": 2}, "base": {**RULES.base, "few": [2, 3, 4, 4, 5]}})
    assert warnings == ()
    assert assess(Answers(breadth="few", depth="gone"), rules).level == "sev2"
    assert assess(Answers(breadth="nobody", depth="gone", trend="growing"), rules).level == "sev2"
    assert rules.floors == RULES.floors


@pytest.mark.parametrize(
    "broken",
    [
        {"base": {"half": [1, 2]}},
        {"base": 3},
        {"floor": [{"level": 9, "words": "x", "when": {}}]},
        {"floor": [{"level": 1, "words": "x", "when": {"moon": ["full"]}}]},
        {"unknown": {"breadth": "moon"}},
        {"breadth": {}},
    ],
)
def test_tables_that_do_not_fit_leave_opsterms_own(broken: dict[str, object]) -> None:
    rules, warnings = read_rules(broken)
    assert rules == RULES
    assert len(warnings) == 1
    assert "\n" not in warnings[0]


def test_an_unknown_table_is_named_and_ignored() -> None:
    rules, warnings = read_rules({"moods": {}})
    assert rules == RULES
    assert warnings == ("severity: no table is called moods; it is ignored.",)
