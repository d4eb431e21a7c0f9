"""A text is held against the record: what it claims, and what has changed since it was begun."""

from typing import Any

import pytest

from opsterm.drafting.facts import Facts, Sent
from opsterm.drafting.review import review
from tests.drafting.incidents import CHECKOUT, altered, changed, effect, update

NOW = "2026-03-12T13:33:00Z"


def marked(text: str, rule: str = "contradiction", facts: Facts = CHECKOUT, now: str = NOW, **more: Any) -> list[str]:
    return [
        finding.text for finding in review(text, facts=facts, now=now, stage="scoping", **more) if finding.rule == rule
    ]


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Card payments have been fixed.", "have been fixed"),
        ("Card payments are back to normal.", "back to normal"),
        ("About 50 % of card payments fail.", "50 %"),
        ("5 in 10 card payments fail.", "5 in 10"),
        ("Card payments have failed since 11:20 UTC.", "11:20"),
        ("It started at 15:05 CET.", "15:05"),
        ("This is a sev3: card payments fail.", "sev3"),
        ("No data was lost.", "No data was lost"),
        ("Card payments fail, all systems are operational otherwise.", "all systems"),
        ("刷卡付款已经恢复。", "已经恢复"),
        ("没有数据丢失。", "没有数据丢失"),
        ("每 10 次付款中有 6 次失败。", "每 10 次付款中有 6"),
    ],
)
def test_what_the_record_speaks_against_is_found(text: str, wrong: str) -> None:
    assert wrong in marked(text)


@pytest.mark.parametrize(
    "text",
    [
        "Card payments fail; we can't say when they will be fixed.",
        "About 30 % of card payments fail.",
        "About 3 in 10 card payments fail.",
        "It started at 14:05 CET (13:05 UTC).",
        "Card payments have failed since 13:05 UTC.",
        "This is a sev1: card payments fail.",
        "We don't yet know whether data was affected.",
        "We will tell you once it is resolved.",
        "刷卡付款尚未恢复。",
    ],
)
def test_what_agrees_with_the_record_is_left_alone(text: str) -> None:
    assert marked(text, zone="Europe/Berlin") == []


def test_a_cause_that_was_ruled_out_may_not_be_told_as_the_cause() -> None:
    text = "Card payments fail because of the last release, which broke the retry loop."
    assert marked(text) == [text]
    assert marked("We have ruled out that the last release broke the retry loop.") == []


def test_a_cause_is_a_fact_only_once_it_is_confirmed() -> None:
    text = "Card payments fail due to a nightly report."
    assert marked(text, "unverified-cause") == ["due to a nightly report"]
    confirmed = changed(CHECKOUT, hypotheses=(altered(CHECKOUT.hypotheses[0], state="confirmed"),))
    assert marked(text, "unverified-cause", confirmed) == []


def test_a_promise_that_passed_may_not_go_unmentioned() -> None:
    promised = Sent(update("2026-03-12T13:10:00Z", "Card payments will be back by 13:20 UTC.", stage="first"))
    facts = changed(CHECKOUT, updates=(promised,))
    assert marked("Card payments fail.", facts=facts) == ["Card payments fail."]
    assert marked("Card payments fail for longer than we said; sorry.", facts=facts) == []
    assert marked("Card payments fail.", facts=facts, now="2026-03-12T13:15:00Z") == []


def test_facts_that_changed_since_the_draft_was_begun_make_it_stale() -> None:
    later = changed(CHECKOUT, severity="sev2", impact_extent="about 5 in 10 card payments")
    (finding,) = (
        finding
        for finding in review("Card payments fail.", facts=later, read=CHECKOUT, now=NOW, stage="scoping")
        if finding.rule == "stale"
    )
    assert "severity" in finding.why
    assert "extent" in finding.why
    assert marked("Card payments fail.", "stale", read=CHECKOUT) == []


def test_a_next_word_in_the_past_is_stale() -> None:
    assert marked("Card payments fail. Next update by 13:20 UTC.", "stale") == ["13:20"]
    assert marked("Card payments fail. Next update by 13:50 UTC.", "stale") == []


def test_this_morning_is_stale_on_the_next_day() -> None:
    text = "Card payments have failed since this morning."
    assert marked(text, "stale") == []
    assert marked(text, "stale", now="2026-03-13T08:00:00Z") == ["this morning"]


def test_numbers_recorded_elsewhere_are_no_contradiction() -> None:
    facts = changed(
        CHECKOUT,
        exit="failures under 2 % for 30 minutes",
        **effect(what="card payments fail", extent="30 %"),
    )
    assert marked("30 % of card payments fail. It is over when failures are under 2 %.", facts=facts) == []
