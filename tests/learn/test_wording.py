"""What the language of a postmortem points to: right nearly always, on sentences half of which are innocent."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from opsterm.learn.wording_review import RULES, review

LABELLED: dict[str, list[str]] = tomllib.loads((Path(__file__).parent / "wording.toml").read_text(encoding="utf-8"))
PRECISION_MIN, RECALL_MIN = 0.9, 0.8
#: Sentences that a second rule points to as well, rightly.
BOTH = {
    "This could easily have been prevented.": "hindsight",
    "They simply forgot the second region.": "blame",
    "Anyone could have seen that the disk was filling up.": "counterfactual",
}


def _found(sentence: str) -> set[str]:
    return {finding.rule for finding in review(sentence)} - {BOTH.get(sentence, "")}


def test_the_set_is_large_enough_and_half_innocent() -> None:
    total = sum(map(len, LABELLED.values()))
    assert total >= 100
    assert len(LABELLED["innocent"]) >= 0.5 * total
    assert set(LABELLED) == {*RULES, "innocent"}


@pytest.mark.parametrize("rule", RULES)
def test_precision_and_recall(rule: str) -> None:
    pointed = [(label, sentence) for label, of in LABELLED.items() for sentence in of if rule in _found(sentence)]
    right = [sentence for label, sentence in pointed if label == rule]
    assert len(right) / len(pointed) >= PRECISION_MIN, [s for label, s in pointed if label != rule]
    assert len(right) / len(LABELLED[rule]) >= RECALL_MIN, [s for s in LABELLED[rule] if s not in right]


def test_a_finding_marks_its_words() -> None:
    text = "It began at 10:00. The root cause was a full disk.\n- Improve monitoring.\n"
    found = review(text)
    assert [finding.rule for finding in found] == ["single-cause", "vague-improvement"]
    assert all(text[finding.start : finding.end] == finding.text for finding in found)
    assert all(finding.why and finding.instead for finding in found)


def test_names_that_the_board_knows_count_as_people() -> None:
    assert review("noor missed the alert.") == []
    assert [finding.rule for finding in review("noor missed the alert.", people=["noor"])] == ["blame"]


def test_hostile_text_is_only_text() -> None:
    assert review("") == []
    assert review("\x1b]52;c;aGk=\x07 [/] " * 50) == []
    assert isinstance(review("should " * 3000 + "have been"), list)
