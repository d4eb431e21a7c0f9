"""What is said of people's data in free words: told where it says one of four things, and never taken for another."""

from __future__ import annotations

import pytest

from opsterm.drafting.data_state import DataState, data_said
from opsterm.drafting.draft import draft
from opsterm.drafting.facts import Facts
from tests.drafting.incidents import AUDIENCES, LANGS, action, hypothesis, incident

NOW = "2026-03-12T13:30:00Z"

SAID: tuple[tuple[str, DataState, str], ...] = (
    ("", "unknown", ""),
    ("None.", "none", ""),
    ("nothing was lost", "none", ""),
    ("none, as far as we know", "unknown", ""),
    ("no idea", "unknown", ""),
    ("lost", "lost", ""),
    ("Lost: orders of 40 people", "lost", "orders of 40 people"),
    ("delayed, none lost", "delayed", ""),
    ("exposed: none", "unknown", ""),
    ("exposed names of 3 customers", "exposed", "names of 3 customers"),
    ("lost or exposed, we don't know", "unknown", ""),
    ("lost? nobody knows", "unknown", ""),
    ("some may have been charged twice", "unknown", ""),
    ("数据可能丢失", "unknown", ""),
)


@pytest.mark.parametrize(("text", "state", "detail"), SAID)
def test_only_what_says_so_alone_or_first_is_one_of_the_four(text: str, state: DataState, detail: str) -> None:
    assert data_said(text) == (state, detail)


def drawn(data: str, audience: str, stage: str = "resolved") -> str:
    return draft(Facts(incident(data=data)), audience=audience, now=NOW, stage=stage).text


def test_what_is_in_doubt_is_asked_for_outside_and_told_to_engineers_as_it_was_said() -> None:
    doubt = "some may have been charged twice"
    assert "[was any data lost, delayed or exposed?]" in drawn(doubt, "customers")
    assert f"Data: {doubt}." in drawn(doubt, "engineers")
    assert "Data: not known yet." in drawn("", "engineers")


def test_the_state_and_its_detail_may_be_said_in_one_line() -> None:
    assert "Some data was lost: orders of 40 people." in drawn("lost: orders of 40 people", "customers")
    assert "No data was lost." in drawn("none", "customers")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_words_of_a_newer_version_are_told_as_they_were_said(audience: str, lang: str) -> None:
    of = incident(status="other", severity="other", unread='{"status": "paused", "severity": "sev0"}')
    facts = Facts(
        of,
        hypotheses=(hypothesis("h1", "the pool", "other"),),
        actions=(action("a1", "roll back web", "other", unread='{"state": "paused"}'),),
    )
    made = draft(facts, audience=audience, now=NOW, stage="scoping", lang=lang)  # type: ignore[arg-type]
    assert ("paused" in made.text) == (audience in ("executives", "engineers"))
