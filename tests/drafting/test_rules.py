"""Each rule finds what it is for, and leaves alone what only looks like it."""

from typing import Any

import pytest

from opsterm.drafting.review import RULES, review
from tests.drafting.cases import GUILTY, INNOCENT
from tests.drafting.incidents import CHECKOUT


def found(text: str, stage: str, **more: Any) -> set[str]:
    return {finding.rule for finding in review(text, stage=stage, **more)}


@pytest.mark.parametrize(("rule", "stage", "text"), [(rule, *case) for rule, cases in GUILTY.items() for case in cases])
def test_a_guilty_text_is_found(rule: str, stage: str, text: str) -> None:
    assert rule in found(text, stage)


@pytest.mark.parametrize(
    ("rule", "stage", "text"), [(rule, *case) for rule, cases in INNOCENT.items() for case in cases]
)
def test_an_innocent_text_is_left_alone(rule: str, stage: str, text: str) -> None:
    assert rule not in found(text, stage)


def test_every_finding_names_a_known_rule_and_says_why() -> None:
    for cases in GUILTY.values():
        for stage, text in cases:
            for finding in review(text, stage=stage):
                assert finding.rule in RULES
                assert finding.why


def test_jargon_offers_the_plain_word() -> None:
    offered = {
        finding.text: finding.instead
        for finding in review("A read replica of the newsletter shop is down.", stage="scoping")
        if finding.rule == "jargon"
    }
    assert offered == {"read replica": "copy of the database"}


def test_trade_words_of_developers_are_plain_to_developers_only() -> None:
    assert "jargon" not in found("API calls fail since pods in eu-west-1 restart.", "identified")
    assert "jargon" in found("Newsletters are late since pods restart.", "identified")


def test_a_team_can_allow_a_word() -> None:
    text = "The CDN does not deliver pictures of the shop."
    assert "jargon" in found(text, "identified")
    assert "jargon" not in found(text, "identified", allowed=["CDN"])


def test_engineers_may_hear_trade_words_and_executives_too() -> None:
    text = "Replication lag on db-1; p99 doubled; orders fail. Next update at 15:00 UTC."
    assert "jargon" not in found(text, "scoping", audience="engineers")
    assert "jargon" not in found(text, "scoping", audience="executives")


NAMED = ("internal", "jargon")


def test_names_of_people_and_of_internal_services_are_found_for_outsiders_only() -> None:
    text = "Noor restarts db-1; orders fail. Next update at 15:00 UTC."
    foreign = [(f.rule, f.text) for f in review(text, stage="scoping", facts=CHECKOUT) if f.rule in NAMED]
    assert foreign == [("internal", "Noor"), ("jargon", "db-1")]
    told = [(f.rule, f.text) for f in review(text, stage="scoping", facts=CHECKOUT, audience="executives")]
    assert ("internal", "db-1") in told
    assert "internal" not in found(text, "scoping", facts=CHECKOUT, audience="engineers")


def test_a_text_too_long_for_its_channel_is_marked_from_where_it_no_longer_fits() -> None:
    text = "Orders fail. " * 20
    (finding,) = (finding for finding in review(text, stage="scoping", channel="sms") if finding.rule == "too-long")
    assert finding.start >= 150
    assert "160" in finding.why


def test_long_sentences_and_hard_reading_are_found() -> None:
    text = (
        "Notwithstanding considerable organisational complexities characterising contemporary infrastructural "
        "configurations, participating institutions experience substantial deterioration of transactional "
        "responsiveness, necessitating comprehensive reconsideration of operational methodologies across "
        "geographically distributed administrative jurisdictions and interconnected subsidiaries everywhere."
    )
    assert {"long-sentence", "reading-level"} <= found(text, "scoping")


def test_plain_sentences_read_easily() -> None:
    text = (
        "You can't pay by card in our shop today. About one in ten orders fails. We know about it and look "
        "for the cause. "
        "Please pay by bank transfer for now. " * 2
    )
    assert not {"long-sentence", "reading-level"} & found(text, "scoping")


def test_the_stage_can_be_seen_from_the_words() -> None:
    assert "no-next-update" not in {finding.rule for finding in review("The shop works again. This is resolved.")}
    assert "no-next-update" in {finding.rule for finding in review("Orders fail. We are investigating.")}


def test_brackets_still_to_fill_are_no_faults() -> None:
    assert review("Customers cannot [do what?]. Next update by 15:00 UTC.", stage="scoping") == []
