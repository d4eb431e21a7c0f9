"""The risk of a change: the notes' own examples, floors, and the one answer that lowers it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.core.session import Rejected
from opsterm.operations.deployments.change_risk import (
    RiskAssessment,
    assess,
    from_texts,
    packaged_formula,
    rate,
    team_formula,
    to_texts,
)
from opsterm.records.planned_change import LEVELS

FACTORS = packaged_formula().factors
ANSWERS = st.fixed_dictionaries({}, optional={f.name: st.integers(0, f.most) for f in FACTORS})


def level(**answers: int) -> tuple[int, str]:
    found = assess(answers)
    return found.score, found.level


def test_a_deploy_with_a_canary_is_routine() -> None:
    assert level(blast=2, reverse=1, dependents=2, recent=1) == (18, "routine")


def test_a_dropped_column_is_high_and_still_after_a_drill() -> None:
    assert level(blast=4, reverse=4, evidence=3, data=3, novelty=2, dependents=2) == (58, "high")
    assert level(blast=4, reverse=3, evidence=1, data=3, novelty=2, dependents=2) == (48, "high")


def test_the_worst_of_everything_is_a_hundred() -> None:
    assert level(**{factor.name: factor.most for factor in FACTORS}) == (100, "critical")
    assert level() == (0, "routine")


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"reverse": 5}, "high"),
        ({"data": 4}, "high"),
        ({"timing": 4}, "high"),
        ({"blast": 5, "evidence": 3}, "critical"),
        ({"blast": 5, "evidence": 2}, "moderate"),
    ],
)
def test_a_sum_hides_no_cliff(answers: dict[str, int], expected: str) -> None:
    found = assess(answers)
    assert found.level == expected
    assert (expected == "moderate") or found.because[0].startswith("at least")


@pytest.mark.parametrize(("score", "expected"), [(24, "routine"), (25, "moderate"), (44, "moderate")])
def test_levels_begin_at_their_scores(score: int, expected: str) -> None:
    found = next(
        a
        for a in (
            {"blast": b, "reverse": r, "evidence": e, "novelty": n}
            for b in range(5)
            for r in range(5)
            for e in range(5)
            for n in range(5)
        )
        if rate(a, packaged_formula())[0] == score
    )
    assert assess(found).level == expected


@given(ANSWERS)
def test_what_lowers_the_level_does_so_alone_and_by_the_smallest_step(answers: dict[str, int]) -> None:
    found = assess(answers)
    for lower in found.lowers:
        assert assess({**answers, lower.answer: lower.to}).level == lower.level
        assert LEVELS.index(lower.level) < LEVELS.index(found.level)
        assert lower.to < answers[lower.answer]
        assert assess({**answers, lower.answer: lower.to + 1}).level == found.level
    named = {lower.answer for lower in found.lowers}
    for name, points in answers.items():
        if name not in named and points:
            assert assess({**answers, name: 0}).level == found.level


@given(ANSWERS, ANSWERS)
def test_a_worse_answer_never_lowers_the_score_the_level_or_what_is_asked(
    one: dict[str, int], two: dict[str, int]
) -> None:
    worse = {name: max(one.get(name, 0), two.get(name, 0)) for name in one | two}
    before, after = assess(one), assess(worse)
    assert after.score >= before.score
    assert LEVELS.index(after.level) >= LEVELS.index(before.level)
    assert set(before.asks) <= set(after.asks)


def test_each_level_asks_what_the_ones_below_ask_and_more() -> None:
    found: list[RiskAssessment] = [
        assess(a)
        for a in ({}, {"blast": 4, "reverse": 3}, {"reverse": 5, "blast": 1}, {"blast": 5, "evidence": 4, "reverse": 5})
    ]
    assert [a.level for a in found] == list(LEVELS)
    own = packaged_formula().asks
    for at, one in enumerate(found):
        assert set(one.asks) >= {text for name in LEVELS[: at + 1] for text in own[name]}


@pytest.mark.parametrize("answers", [{"blast": 6}, {"evidence": 5}, {"recent": 4}, {"blast": -1}, {"mood": 1}])
def test_an_answer_that_there_is_not_is_refused(answers: dict[str, int]) -> None:
    with pytest.raises(Rejected):
        assess(answers)


def test_questions_without_an_answer_are_named() -> None:
    assert assess({"blast": 1}).unanswered == tuple(f.name for f in FACTORS if f.name != "blast")


def test_a_team_moves_thresholds_in_its_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.toml"
    monkeypatch.setenv("OPSTERM_SETTINGS", str(file))
    assert team_formula() == packaged_formula()
    file.write_text("[change.levels]\nmoderate = 10\nhigh = 20\ncritical = 30\n")
    assert assess({"blast": 4}, team_formula()).level == "moderate"
    file.write_text("[[change.floor]]\nwhen = {mood = 1}\nlevel = 'high'\nwhy = 'x'\n")
    assert team_formula().warnings
    assert assess({"blast": 4}, team_formula()).level == "routine"
    file.write_text("not toml at all [")
    assert team_formula().warnings


def test_answers_are_kept_and_read_back() -> None:
    assert from_texts(to_texts({"blast": 4, "data": 0})) == {"blast": 4, "data": 0}
    assert from_texts(["blast", "x=y", "blast=99999"]) == {}
