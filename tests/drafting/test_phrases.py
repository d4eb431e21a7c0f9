"""Phrase files are complete in both languages, calibrated words are fixed, and the package stays light and pure."""

import subprocess
import sys

import pytest

from opsterm.drafting import calibrated_wording
from opsterm.drafting.lexicon import data
from opsterm.drafting.phrases import PhraseError, fields, load
from tests.drafting.incidents import hypothesis


def test_both_languages_have_the_same_phrases_with_the_same_fields() -> None:
    en, zh = load("en").by_name, load("zh").by_name
    own = {name for name in [*en, *zh] if name.startswith(("zones.", "grammar."))}
    assert set(en) - own == set(zh) - own
    assert {name for name in set(en) - own if fields(en[name]) != fields(zh[name])} == set()
    assert set(data("en")["ask"]) == set(data("zh")["ask"])


def test_every_bracket_is_one_that_can_be_found_in_a_text() -> None:
    from opsterm.drafting.reviewed_text import asks

    for lang in ("en", "zh"):
        for _, bracket in data(lang)["ask"].values():
            assert asks(bracket) == [(0, len(bracket))]


@pytest.mark.parametrize(("name", "phrase"), [("next.bye", "x"), ("next.by", "{when}"), ("next.by", "{time")])
def test_a_phrase_that_cannot_work_is_refused_when_it_is_set(name: str, phrase: str) -> None:
    with pytest.raises(PhraseError, match=name):
        load("en", {"en": {name: phrase}})


@pytest.mark.parametrize(
    ("state", "confidence", "step"),
    [
        ("proposed", None, "possible"),
        ("proposed", 0.1, "unknown"),
        ("proposed", 0.9, "possible"),
        ("testing", 0.54, "possible"),
        ("testing", 0.55, "likely"),
        ("testing", 0.9, "likely"),
        ("supported", None, "likely"),
        ("supported", 0.8, "very_likely"),
        ("supported", 0.99, "very_likely"),
        ("supported", 0.6, "likely"),
        ("confirmed", None, "confirmed"),
        ("eliminated", 0.9, "eliminated"),
        ("parked", 0.9, "unknown"),
        ("inconclusive", 0.5, "unknown"),
    ],
)
def test_state_and_confidence_have_one_step(state: str, confidence: float | None, step: str) -> None:
    assert calibrated_wording.step(hypothesis("h1", "x", state, confidence)) == step


def test_the_table_for_the_documentation_has_every_step_and_audience() -> None:
    table = calibrated_wording.table()
    assert [row["step"] for row in table] == list(calibrated_wording.STEPS)
    assert all(all(row.values()) for row in table)
    assert table[2]["customers (en)"] == "We suspect …; this is not confirmed."


def test_the_words_load_neither_the_screen_nor_the_board() -> None:
    code = (
        "import sys, opsterm.drafting.draft, opsterm.drafting.review, opsterm.drafting.cadence;"
        "import opsterm.drafting.channel;"
        "import opsterm.drafting.status_page_html;"
        "foreign = ('textual', 'rich', 'sqlmodel', 'sqlalchemy', 'sqlite3', 'pydantic');"
        "inner = ('opsterm.board', 'opsterm.share', 'opsterm.command');"
        "bad = [name for name in sys.modules if name.split('.')[0] in foreign or name.startswith(inner)];"
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
