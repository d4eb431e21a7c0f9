"""A line of a register's own words: what it says, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.records import Vendor
from opsterm.registers import entry_line
from opsterm.registers.entry_line import DEPENDENCY, INVOLVED, NEW_RITUAL, OCCURRENCE, VENDOR, amend, in_words, read
from opsterm.registers.vendors.vendor import add_vendor
from tests.support.bench import Bench, refusal

ALL = [
    words for name, words in vars(entry_line).items() if name.isupper() and name[0] != "_" and isinstance(words, dict)
]


def test_a_line_says_a_name_and_fields() -> None:
    line = "Mailer; for mail; on mail, checkout,mail; tier 1; ends 2027-05-31; notice 3 months; renews 12 months; "
    line += "costs 12,000.50 eur; rises 5 %; on the way 3; leaving costs 900；@noor"
    assert read(line, VENDOR, named=True) == (
        "Mailer",
        {
            "service": "mail",
            "systems": ["mail", "checkout"],
            "tier": 1,
            "term_end": "2027-05-31",
            "notice": "3 months",
            "renewal": "tacit",
            "renewal_term": "12 months",
            "annual_cost": 12_000.5,
            "currency": "EUR",
            "uplift": 5.0,
            "received": True,
            "delivery_days": 3,
            "exit_cost": 900.0,
            "owner": "noor",
        },
    )
    assert read("sure 80 %", DEPENDENCY, named=False)[1] == {"confidence": 0.8}
    assert read("x; owner away; left out; decided a | b", OCCURRENCE, named=True)[1] == {
        "owner_there": False,
        "held": False,
        "decisions": ["a", "b"],
    }
    assert read("A; caused all mail; ", INVOLVED, named=True) == ("A", {"part": "caused", "what": "all mail"})
    assert in_words({"systems": ["a", "b"], "owner_there": False, "annual_cost": 12_000.0}) == (
        "systems a + b, owner there no, annual cost 12,000"
    )


@pytest.mark.parametrize(
    ("line", "words", "said"),
    [
        ("A; colour red", VENDOR, "'colour' is no word here: for, on, tier"),
        ("A; ends 2027-02-30", VENDOR, "'2027-02-30' is no date"),
        ("A; tier 9", VENDOR, "no whole number from 1 to 3"),
        ("A; notice soon", VENDOR, "no length of time"),
        ("A; minutes 20.5", NEW_RITUAL, "no whole number"),
        ("A; every blue moon", NEW_RITUAL, "say day, week"),
        ("A; sure 8", DEPENDENCY, "no number from 0 to 1"),
        ("A; sure nan", DEPENDENCY, "no number from 0 to 1"),
    ],
)
def test_what_is_wrong_is_one_line(line: str, words: Any, said: str) -> None:
    told = refusal(lambda: read(line, words, named=True))
    assert said in told
    assert "\n" not in told


@given(st.sampled_from(ALL), st.text(), st.booleans())
def test_any_line_is_read_or_refused(words: Any, line: str, named: bool) -> None:
    assert "\n" not in refusal(lambda: read(line, words, named=named))


@given(st.sampled_from(ALL), st.data(), st.text(max_size=20))
def test_any_text_after_a_word_is_read_or_refused(words: Any, data: st.DataObject, text: str) -> None:
    word = data.draw(st.sampled_from(sorted(words)))
    assert "\n" not in refusal(lambda: in_words(read(f"{word} {text}", words, named=False)[1]))


def test_a_record_is_brought_up_to_a_line_and_nothing_else_changes(bench: Bench) -> None:
    add_vendor(bench.as_("mia"), "A", {"systems": ["mail"], "owner": "mia"})
    item = bench.one(Vendor, "vendor:a")
    told = amend(bench.as_("mia"), item, {"systems": ["mail"], "owner": "noor"}, "A")
    assert told.sentence == "A: owner noor"
    changed = bench.one(Vendor, "vendor:a")
    assert "so already" in refusal(lambda: amend(bench.as_("mia"), changed, {"owner": "noor"}, "A"))
