"""Whatever is typed or pasted, the review answers, quickly, and marks exactly what it names."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opsterm.drafting.review import review
from opsterm.drafting.reviewed_text import ReviewedText
from tests.drafting.incidents import AUDIENCES, CHECKOUT

PIECES = [
    "we expect", "will be", "fixed", "by 15:00 UTC", "shortly", "due to", "a full disk",
    "next update", "in 30 minutes", "5xx", "db-1", "`x` pod",
    "[how many?]", "https://status.example.org/1", "预计", "30 分钟内", "恢复",
    "由于", "通报", "。", ". ", "\n\n", "- ", "’", "“", "\u200b", "\x00", "😀", "e.g. ",
    "not", "no ETA", "our provider", "is down", "so", "30 %", "3 in 10",
    "since 14:05 CET", "is causing", "an engineer mistakenly", "\r\n", "ﬁ", "İ", "ß",
]  # fmt: skip

texts = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(
    texts,
    st.sampled_from(AUDIENCES),
    st.sampled_from(["first", "identified", "resolved", "nonsense", None]),
    st.booleans(),
)
def test_every_finding_is_where_it_says(text: str, audience: str, stage: str | None, recorded: bool) -> None:
    facts = CHECKOUT if recorded else None
    for finding in review(
        text,
        audience=audience,
        stage=stage,
        facts=facts,
        read=facts,
        now="2026-03-12T13:33:00Z",
        zone="Asia/Shanghai",
        channel="sms",
    ):
        assert text[finding.start : finding.end] == finding.text
        assert 0 <= finding.start <= finding.end <= len(text)


@settings(max_examples=100, deadline=None)
@given(texts, st.sampled_from(["en", "zh"]))
def test_the_masked_text_keeps_every_offset(text: str, lang: str) -> None:
    reviewed = ReviewedText(text, lang)  # type: ignore[arg-type]
    assert len(reviewed.masked) == len(text)
    for sentence in reviewed.sentences:
        assert reviewed.masked[sentence.start : sentence.start + len(sentence.text)] == sentence.text


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        " ",
        "will ",
        "due to ",
        "[?",
        "12:30 ",
        "`",
        "网",
        "预计",
        "a_b",
        "-",
        "A_B_",
        "1.2.3.",
        "our provider ",
        "the end of ",
        "\n",
        "not ",
        "db-1.",
    ],
)
def test_hostile_text_of_twenty_thousand_characters_takes_no_second(unit: str) -> None:
    text = (unit * 20_000)[:20_000]
    begin = time.process_time()
    review(text, stage="scoping", facts=CHECKOUT, now="2026-03-12T13:33:00Z")
    assert time.process_time() - begin < 3.0
