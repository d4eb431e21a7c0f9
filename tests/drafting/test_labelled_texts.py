"""On real, hand-labelled updates each rule finds what two readers found. The texts lie beside the checkout."""

import json
from collections import Counter
from typing import Any

import pytest

from opsterm.drafting.review import review
from tests.drafting.agreement import WANTED
from tests.drafting.incidents import SHARED

TEXTS = SHARED / "updates" / "open.jsonl"
pytestmark = pytest.mark.skipif(not TEXTS.exists(), reason="the labelled texts are not beside this checkout")


def rows() -> list[dict[str, Any]]:
    return [json.loads(line) for line in TEXTS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def score() -> Counter[tuple[str, bool, bool]]:
    counted: Counter[tuple[str, bool, bool]] = Counter()
    for row in rows():
        found = {finding.rule for finding in review(row["text"], stage=row["stage"], lang=row["lang"])}
        for rule, label in row["labels"].items():
            if label is not None:
                counted[rule, label, rule in found] += 1
    return counted


@pytest.mark.parametrize("rule", WANTED)
def test_a_rule_agrees_with_the_readers(rule: str, score: Counter[tuple[str, bool, bool]]) -> None:
    hit, false, missed = score[rule, True, True], score[rule, False, True], score[rule, True, False]
    precision, recall = WANTED[rule]
    assert hit + missed >= 10
    assert hit / (hit + false) >= precision
    assert hit / (hit + missed) >= recall


def test_promises_causes_and_jargon_are_marked_where_the_readers_marked_them() -> None:
    apart = []
    for row in rows():
        for rule, spans in row["spans"].items():
            marked = [
                finding for finding in review(row["text"], stage=row["stage"], lang=row["lang"]) if finding.rule == rule
            ]
            for span in spans:
                at = row["text"].find(span)
                if marked and not any(finding.start < at + len(span) and at < finding.end for finding in marked):
                    apart.append((row["id"], rule, span))
    # Two readers may mark another of several terms; more than one in ten would mean that we find things by luck.
    assert len(apart) <= 6, apart


def test_offsets_are_exact_on_real_texts() -> None:
    for row in rows():
        for finding in review(row["text"], stage=row["stage"], lang=row["lang"]):
            assert row["text"][finding.start : finding.end] == finding.text
