"""The form of a text: its length by channel, long sentences, reading level; its stage, if none is given. [§1, §3]"""

import re
from collections.abc import Iterator
from itertools import islice

from opsterm.drafting.finding import Finding, Reader, mark, pick
from opsterm.drafting.lexicon import data
from opsterm.drafting.reading import MAX_GRADE, MAX_SENTENCE_HAN, MAX_SENTENCE_WORDS, WORD, grade
from opsterm.drafting.reviewed_text import ReviewedText

GRADE_TOLERANCE = 1.0
"""Names of products weigh on the grade as if they were hard words: only what is a full grade over is told."""

_RESOLVED = re.compile(
    r"\b(?:has|have|is|are|was|were) (?:now |been |fully |all )*(?:resolved|fixed|over|closed)\b"
    r"|\bresolved\b|(?:已|已经)(?:解决|恢复|修复)",
    re.IGNORECASE,
)
_MONITORING = re.compile(
    r"\bmonitor\w*|\bfix (?:has been|is|was) (?:\w+ )?(?:implemented|deployed|applied|in place"
    r"|released)|\bmitigat(?:ed|ion is in place)|正在观察|持续观察|密切观察",
    re.IGNORECASE,
)
_IDENTIFIED = re.compile(
    r"\b(?:identified|found) (?:the|a|an)? ?(?:root )?(?:cause|issue|problem)|\b(?:working on"
    r"|implementing|deploying|testing|applying|rolling out|preparing) (?:a|the|this) (?:fix"
    r"|mitigation|patch|hotfix|change)|\brolling back\b|\brestoring\b|\broot cause (?:is|was|has been)"
    r"|已(?:定位|查明|确认)[^。]{0,6}原因|正在(?:修复|恢复|回滚|切换)",
    re.IGNORECASE,
)


def guess_stage(reviewed: ReviewedText) -> str:
    """The stage that the words themselves show, by the labelling guide; `scoping` where nothing shows one."""
    text = reviewed.masked
    if _MONITORING.search(text):
        return "monitoring"
    if _RESOLVED.search(text):
        return "resolved"
    return "identified" if _IDENTIFIED.search(text) else "scoping"


def count(reviewed: ReviewedText) -> int:
    """Words of an English text, Han characters and Latin words of a Chinese one."""
    return len(WORD[reviewed.lang].findall(reviewed.masked))


def find(reviewed: ReviewedText, reader: Reader, channel: str | None) -> Iterator[Finding]:
    """Length by channel and audience, long sentences, reading level."""
    limits = data("channels")["audience" if channel is None else "channel"].get(
        reader.audience if channel is None else channel, {}
    )
    for unit, size in (("characters", len(reviewed.text)), (f"words_{reviewed.lang}", count(reviewed))):
        limit = limits.get(unit)
        if limit and size > limit:
            noun = {"characters": pick(reviewed.lang, "characters", "个字符"), "words_en": "words", "words_zh": "个字"}[
                unit
            ]
            span = (limit, len(reviewed.text)) if unit == "characters" else _beyond(reviewed, limit)
            yield mark(
                reviewed,
                "too-long",
                span[0],
                span[1],
                pick(reviewed.lang, f"{size} {noun}, {limit} fit here", f"共 {size} {noun}，这里只容 {limit} {noun}"),
                pick(reviewed.lang, "keep effect, workaround and next update", "只留影响、临时办法和下次通报时间"),
                "advice",
            )
    if reader.audience == "engineers":
        return
    for sentence in reviewed.sentences:
        long = (
            len(re.findall(r"[\u3400-\u9fff]", sentence.text)) > MAX_SENTENCE_HAN
            if reviewed.lang == "zh"
            else len(WORD["en"].findall(sentence.text)) > MAX_SENTENCE_WORDS
        )
        if long:
            yield mark(
                reviewed,
                "long-sentence",
                sentence.start,
                sentence.end,
                pick(
                    reviewed.lang,
                    f"more than {MAX_SENTENCE_WORDS} words in one sentence",
                    f"一句超过 {MAX_SENTENCE_HAN} 个字",
                ),
                pick(reviewed.lang, "make two sentences of it", "拆成两句"),
                "advice",
            )
    level, limit = grade(reviewed), MAX_GRADE.get(reader.audience)
    if level is not None and limit is not None and level > limit + GRADE_TOLERANCE:
        hardest = max(reviewed.sentences, key=lambda sentence: len(sentence.text))
        yield mark(
            reviewed,
            "reading-level",
            hardest.start,
            hardest.end,
            f"reads like school grade {level:.0f}, {limit:.0f} is meant for {reader.audience}",
            "shorter sentences, shorter words",
            "advice",
        )


def _beyond(reviewed: ReviewedText, limit: int) -> tuple[int, int]:
    end = len(reviewed.text)
    starts = (match.start() for match in WORD[reviewed.lang].finditer(reviewed.masked))
    return next(islice(starts, limit, None), end), end
