"""`blame`: fault put on a person, a team or a supplier so that it points the finger, or shifts the duty away.

Neutral naming is fine: "our payment provider reports a disruption; we are working with them", "human error" or "a
faulty change of ours" with nobody singled out, who reported what. [§4 and the labelling guide]
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from opsterm.drafting.finding import Finding, Reader, mark, pick
from opsterm.drafting.lexicon import Lang, fragment, heads, terms, words
from opsterm.drafting.reviewed_text import ReviewedText

_FAULTS = frozenset({
    "mistake", "error", "fault", "negligence", "carelessness", "failure", "oversight", "incompetence",
    "inability", "refusal",
})  # fmt: skip
_DEEDS = frozenset({
    "broke", "botched", "mishandled", "ignored", "messed", "screwed", "let", "failed", "refused", "keep",
    "bothered", "changed", "deleted", "removed", "fault", "blame", "disabled", "misconfigured", "pushed",
    "forgot", "accidentally", "mistakenly",
})  # fmt: skip


@cache
def _patterns() -> list[tuple[frozenset[str], re.Pattern[str]]]:
    """Ways to put fault on somebody, each with words of which a sentence must have one to be looked through."""
    person = fragment(terms("en", "blame", "person"))
    fault = fragment(terms("en", "blame", "fault_verb"))
    late = fragment(terms("en", "blame", "late"))
    not_done = fragment(terms("en", "blame", "not_done"))
    wait = fragment(terms("en", "blame", "wait"))
    supplier = fragment(terms("en", "cause", "supplier"))
    return [
        (
            heads("en", "blame", "fault_verb"),
            re.compile(
                rf"\b(?:(?:an?|the|one of our|our|their|some|one)\s(?:(?!and\b|or\b)\w+\s){{0,2}}?(?:{person})|someone"
                rf"|somebody)\s(?:\w+\s){{0,4}}?(?:{fault})(?!\w)[^.;\n]{{0,60}}",
                re.IGNORECASE,
            ),
        ),
        (
            _FAULTS,
            re.compile(
                rf"(?<!\w)(?:{person})(?:'s?|s')\s(?:\w+\s){{0,2}}?(?:mistake|error|fault|negligence"
                rf"|carelessness|failure|oversight)\b",
                re.IGNORECASE,
            ),
        ),
        (
            _FAULTS,
            re.compile(
                rf"\b(?:error|mistake|oversight|negligence|failure) (?:made )?(?:by|of|from) (?:an?|the|one "
                rf"of our|our) (?:\w+\s){{0,2}}?(?:{person})\b",
                re.IGNORECASE,
            ),
        ),
        (
            _FAULTS,
            re.compile(
                rf"\b(?:our|the|their|its)\s(?:\w+\s){{0,3}}?(?:{supplier})(?:'s?|s')\s(?:\w+\s){{0,"
                rf"2}}?(?:failure|mistake|fault|negligence|incompetence|error|inability|refusal)\b",
                re.IGNORECASE,
            ),
        ),
        (
            _FAULTS,
            re.compile(
                r"\bbecause of (?:[A-Z]\w+|our \w+)'s? (?:\w+\s)?(?:failure|mistake|fault|incompetence|negligence)\b"
            ),
        ),
        (
            heads("en", "blame", "late"),
            re.compile(
                rf"(?<!\w)(?:they|{supplier}|team|company|{person})\s(?:[\w()]+\s){{0,3}}?(?:{late})(?!\w)"
                rf"[^.;\n]{{0,90}}?(?<!\w)(?:{not_done})(?!\w)[^.;\n]{{0,40}}",
                re.IGNORECASE,
            ),
        ),
        (
            _DEEDS,
            re.compile(
                rf"(?<!\w)(?<!\bby )(?<!\bby the )(?<!\bby our )(?:they"
                rf"|{supplier})\s(?:[\w()]+\s){{0,2}}?(?:broke|botched|mishandled|ignored"
                rf"|messed up|screwed up|let us down|failed us|refused to|keep failing"
                r"|have not bothered|(?:are|is|were|was) (?:entirely |fully |solely |clearly )?(?:at fault|to blame)"
                r"|failed to (?:tell|warn|notify|inform|meet|deliver|respond|act))(?!\w)"
                r"[^.;\n]{0,50}",
                re.IGNORECASE,
            ),
        ),
        (heads("en", "blame", "wait"), re.compile(rf"(?<!\w)(?:{wait})(?!\w)[^.;\n]{{0,60}}", re.IGNORECASE)),
        (
            _DEEDS,
            re.compile(
                r"\b(?:group|team|department|vendor|contractor)\s[A-Z]\w*\s(?:changed|broke|deleted|removed"
                r"|disabled|misconfigured|pushed|forgot|failed to)\b[^.;\n]{0,80}"
            ),
        ),
        (
            _DEEDS | heads("en", "blame", "fault_verb"),
            re.compile(
                r"\b(?:[A-Z][a-z]+ (?:from|on|in) (?:the )?\w+ (?:team )?)(?:accidentally|mistakenly|forgot"
                r"|failed to|misconfigured|deleted|broke)\b[^.;\n]{0,60}"
            ),
        ),
    ]


@cache
def _patterns_zh() -> list[re.Pattern[str]]:
    supplier = fragment(terms("zh", "cause", "supplier"))
    late = fragment(terms("zh", "blame", "late"))
    not_done = fragment(terms("zh", "blame", "not_done"))
    return [
        re.compile(rf"(?:{late})[^。！？；\n]{{0,30}}?(?:{not_done})[^。！？；\n]{{0,12}}"),
        re.compile(rf"(?:{supplier}|对方|他们)[^。！？；，\n]{{0,10}}?(?:{not_done})[^。！？；，\n]{{0,12}}"),
        re.compile(
            r"(?:某|一名|一位|有)(?:同事|工程师|员工|运维|管理员|操作员|外包)[^。！？；\n]{0,20}?(?:误|错|忘"
            r"|失误|擅自|违规)[^。！？；，\n]{0,10}"
        ),
    ]


@lru_cache(maxsize=1024)
def _blames(text: str, lang: Lang) -> tuple[int, int] | None:
    if words(lang, "blame", "neutral").search(text):
        return None
    listed = words(lang, "blame", "phrase").search(text)
    if listed and not (lang == "zh" and re.search(r"责怪不|奇怪|怪异", text)):
        return listed.span()
    if lang == "zh":
        return next((match.span() for pattern in _patterns_zh() if (match := pattern.search(text))), None)
    said = frozenset(re.findall(r"[a-z-]{2,20}", text.lower()))
    for signs, pattern in _patterns():
        if not said.isdisjoint(signs) and (match := pattern.search(text)):
            return match.span()
    return None


def find(reviewed: ReviewedText, reader: Reader) -> Iterator[Finding]:
    """Blame, one finding a sentence."""
    for sentence in reviewed.sentences:
        span = _blames(sentence.text, reviewed.lang)
        if span:
            yield mark(
                reviewed,
                "blame",
                *sentence.at(*span),
                pick(
                    reviewed.lang,
                    "points the finger, or shifts the duty; readers want to know what you do",
                    "在指责或推卸；读者想知道的是你们在做什么",
                ),
                pick(
                    reviewed.lang,
                    "a change of ours caused this / we are working with our provider",
                    "是我方的一次变更引起的／我们正与服务商一起处理",
                ),
                "advice",
            )
