"""A suggestion taken leaves sentences, and what it was for is gone; advice is never put into a text."""

import pytest

from opsterm.drafting.apply_suggestion import apply_suggestion
from opsterm.drafting.review import review
from opsterm.drafting.reviewed_text import language
from tests.drafting.cases import GUILTY

#: Rules of which one suggestion mends all that the finding is about. Jargon may have more terms beside it.
WHOLE = ("promise", "unverified-cause", "no-impact", "no-next-update", "vague", "guarantee")


@pytest.mark.parametrize(
    ("rule", "stage", "text"), [(rule, *case) for rule in WHOLE for case in GUILTY[rule]], ids=lambda text: text[:24]
)
def test_what_was_found_is_gone_once_its_suggestion_is_taken(rule: str, stage: str, text: str) -> None:
    finding = next(found for found in review(text, stage=stage) if found.rule == rule)
    after = apply_suggestion(text, finding, language(text))
    assert after[0] == after[0].upper()
    assert rule not in [found.rule for found in review(after, stage=stage)]


@pytest.mark.parametrize(
    ("text", "stage", "rule", "after"),
    [
        ("Orders fail because of a bug.", "scoping", "unverified-cause", "Orders fail. We're looking into the cause."),
        ("Due to a full disk, pages fail.", "scoping", "unverified-cause", "Pages fail. We're looking into the cause."),
        ("A bug is blocking uploads.", "scoping", "unverified-cause", "We suspect that a bug is blocking uploads."),
        (
            "Orders fail; it will be fixed by noon.",
            "scoping",
            "promise",
            "Orders fail; we can't yet say when it will be fixed.",
        ),
        ("Some readers get a 503 when they pay.", "scoping", "jargon", "Some readers get errors when they pay."),
        ("网站打不开,预计 30 分钟内恢复。", "scoping", "promise", "目前还不能确定恢复时间。"),
        ("订单页面返回 502 错误。", "scoping", "jargon", "订单页面报错。"),
    ],
)
def test_what_stands_then_reads_as_a_sentence(text: str, stage: str, rule: str, after: str) -> None:
    finding = next(found for found in review(text, stage=stage) if found.rule == rule)
    assert apply_suggestion(text, finding, language(text)) == after


@pytest.mark.parametrize("text", [text for _, text in GUILTY["blame"]])
def test_advice_to_the_writer_is_not_put_into_the_text(text: str) -> None:
    (finding, *_) = (found for found in review(text, stage="resolved") if found.rule == "blame")
    assert apply_suggestion(text, finding, language(text)) == text
