"""The review agrees with readers on updates of many organisations, beyond those whose texts it was built on."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from opsterm.drafting.finding import Finding
from opsterm.drafting.review import review
from tests.drafting.agreement import WANTED

TEXTS = Path(__file__).parent / "organisations.txt"
RULES = {
    "P": "promise",
    "C": "unverified-cause",
    "J": "jargon",
    "I": "no-impact",
    "N": "no-next-update",
    "V": "vague",
    "B": "blame",
}
STAGES = {"i": "investigating", "d": "identified", "m": "monitoring", "r": "resolved", "o": "other"}
_MARK = re.compile(r"<(/?)([PCJB])>")


@dataclass(slots=True)
class Labelled:
    stage: str
    text: str = ""
    true: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    spans: list[tuple[str, int, int]] = field(default_factory=list)


def labelled(line: str) -> Labelled:
    _, stage, labels, marked = (part.strip() for part in line.split("|", 3))
    row = Labelled(STAGES[stage])
    for letter, doubt in re.findall(r"([A-Z])(\??)", labels):
        (row.unsure if doubt else row.true).add(RULES[letter])
    if stage in "ro":
        row.unsure.add("no-next-update")
    opened: dict[str, int] = {}
    begin = 0
    for mark in _MARK.finditer(marked):
        row.text += marked[begin : mark.start()]
        begin = mark.end()
        rule = RULES[mark.group(2)]
        row.true.add(rule)
        if mark.group(1):
            row.spans.append((rule, opened.pop(rule), len(row.text)))
        else:
            opened[rule] = len(row.text)
    row.text += marked[begin:]
    return row


def rows() -> Iterator[Labelled]:
    for line in TEXTS.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            yield labelled(line)


@pytest.fixture(scope="module")
def reviewed() -> list[tuple[Labelled, list[Finding]]]:
    return [(row, review(row.text, stage=row.stage)) for row in rows()]


@pytest.mark.parametrize("rule", WANTED)
def test_a_rule_agrees_on_other_organisations(rule: str, reviewed: list[tuple[Labelled, list[Finding]]]) -> None:
    counted: Counter[tuple[bool, bool]] = Counter()
    for row, found in reviewed:
        if rule not in row.unsure:
            counted[rule in row.true, any(finding.rule == rule for finding in found)] += 1
    hit, false, missed = counted[True, True], counted[False, True], counted[True, False]
    precision, recall = WANTED[rule]
    assert hit + missed >= 20
    assert hit / (hit + false) >= precision
    assert hit / (hit + missed) >= recall


def test_what_is_found_is_what_was_marked(reviewed: list[tuple[Labelled, list[Finding]]]) -> None:
    apart = [
        (row.text, rule)
        for row, found in reviewed
        for rule, start, end in row.spans
        if (same := [finding for finding in found if finding.rule == rule])
        and not any(finding.start < end and start < finding.end for finding in same)
    ]
    assert len(apart) <= 5, apart


def test_offsets_are_exact_there_too(reviewed: list[tuple[Labelled, list[Finding]]]) -> None:
    for row, found in reviewed:
        for finding in found:
            assert row.text[finding.start : finding.end] == finding.text
