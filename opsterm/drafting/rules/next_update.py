"""`no-next-update`: an unresolved text without a time, an interval or a trigger with a time for the next update.

84 % of live public updates lack it (523 read); it is the cheapest trust there is. "As soon as possible", "shortly",
"when we know more" are no times. [field notes §1, §4; baselines of the labelled texts]
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from opsterm.drafting.clock_times import chinese_time, english_time
from opsterm.drafting.finding import Finding, Reader, mark, pick
from opsterm.drafting.lexicon import bordered, fragment, terms, words
from opsterm.drafting.reviewed_text import ReviewedText, asks
from opsterm.drafting.update_schedule import OWES_NONE


@cache
def _english() -> dict[str, re.Pattern[str]]:
    t = english_time()
    rhythm = bordered(terms("en", "next", "rhythm"))
    day = (
        r"\b(?:(?:by|at|before|on)\s(?:the\s)?)?(?:end of (?:the )?(?:day|business|week)|close of business"
        r"|eod|cob|noon|midnight|tomorrow"
        r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
    )
    found = {
        "say": bordered(terms("en", "next", "say")) + r"(?!\s(?:of|that)\b|\sfrom\s(?!us\b))"
        r"|^\W{0,4}more(?= (?:at|by|in)\b)",
        "time": rf"(?:{t['clock']}|{t['spoken']}|{t['amount']}|{rhythm}\s{{0,2}}(?:{t['amount']}|(?:half\s)?(?:hour|day"
        rf"|morning|evening))|\b(?:half-)?hourly\b|\bdaily\b|{day}"
        r"|\bthe (?:next |coming )?(?:half )?(?:hour|half-hour)\b)",
        "ahead": r"(?:^(?:\W{0,4}(?:next |further |more )?(?:update|news|word|more)"
        r" (?:at|by|in|around|follows|due))"
        r"|\bwill\b|'ll\b|\b(?:next|further|another|every|each|hourly|daily|again|shall)\b"
        r"|\b(?:hope|aim|plan|expect|intend|going) to\b|\bexpect\b"
        r"|\bshould (?:have|post|be able)|\bto (?:be provided|follow)\b|\bupdates?:)",
        "steady": r"\s(?:\w+\s){0,3}?(?:every|each|hourly|daily)\b",
        "check": r"\bcheck\s(?:back|in|again)\b",
    }
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in found.items()}


@lru_cache(maxsize=1024)
def _says_when(text: str) -> bool:
    """Whether a sentence joins a word to come with a time: "we will post again at 15:00", "hourly updates"."""
    patterns = _english()
    says = [match.span() for match in patterns["say"].finditer(text)]
    if not says and "check" not in text.lower():
        return False
    times = [match.span() for match in patterns["time"].finditer(text)]
    if not times and not re.search(r"\b(?:every|each)\b", text, re.IGNORECASE):
        return False
    ahead = [match.span() for match in patterns["ahead"].finditer(text)]
    for start, end in says:
        for begin, stop in times:
            near = 0 <= begin - end <= 90 or 0 <= start - stop <= 80
            low, high = min(start, begin), max(end, stop)
            cued = any(low - 50 <= cue and cue_end <= high + 8 for cue, cue_end in ahead)
            if near and cued and not _PAST_SAY.search(text, max(0, low - 60), high + 20):
                return True
            if 0 <= start - stop <= 1 and "ly" in text[begin:stop].lower():
                return True
        if patterns["steady"].match(text, end):
            return True
    return any(0 <= begin - match.end() <= 30 for match in patterns["check"].finditer(text) for begin, _ in times)


@cache
def _chinese() -> list[re.Pattern[str]]:
    t = chinese_time()
    say = fragment(terms("zh", "next", "say"))
    time = (
        rf"(?:{t['clock']}|{t['amount']}(?:内|后|之内|之后|以内|左右)?"
        rf"|(?:{fragment(terms('zh', 'next', 'rhythm'))})\s?(?:{t['amount']}|小时|天|日|半小时)?|明天|明早|明晚|今晚)"
    )
    return [
        re.compile(rf"(?:将|会|于|在|下次|下一次|最迟|再次|每)[^。！？；\n]{{0,20}}?{time}[^。！？；\n]{{0,24}}?{say}"),
        re.compile(rf"{time}[^。！？；\n]{{0,14}}?(?:将|会|再次|再|前|继续)[^。！？；\n]{{0,14}}?{say}"),
        re.compile(rf"(?:下次|下一次|下一轮|后续)\s?(?:{say})[^。！？；\n]{{0,14}}?{time}"),
        re.compile(rf"每\s?(?:隔\s?)?(?:{t['amount']}|小时|天|日)[^。！？；\n]{{0,10}}?{say}"),
    ]


_PAST_SAY = re.compile(
    r"\b(?:was|were) (?:due|supposed|expected) to\b|\b(?:posted|sent|gave|shared) (?:an|the|our) update\b"
    r"|\blast update\b"
    r"|\bif you (?:do not|don't|haven't|have not)\b",
    re.IGNORECASE,
)


def has_next_update(reviewed: ReviewedText) -> bool:
    """Whether the text says by the clock, or at what interval, when the next update comes."""
    for sentence in reviewed.sentences:
        if reviewed.lang == "en" and _says_when(sentence.text):
            return True
        if reviewed.lang == "zh" and words("zh", "next", "say").search(sentence.text):
            for pattern in _chinese():
                match = pattern.search(sentence.text)
                if match and not words("zh", "next", "past").search(match.group()):
                    return True
    return False


def find(reviewed: ReviewedText, reader: Reader) -> Iterator[Finding]:
    """At most one finding: on the phrase that stands in place of a time, or at the end of the text; none while a
    bracket still asks for the time."""
    if reader.stage in OWES_NONE or not reviewed.masked.strip() or has_next_update(reviewed):
        return
    say = words(reviewed.lang, "next", "say")
    if any(say.search(reviewed.masked[max(0, start - 30) : start]) for start, _ in asks(reviewed.text)):
        return
    start = end = len(reviewed.text)
    weak = words(reviewed.lang, "next", "weak")
    for sentence in reviewed.sentences:
        match = weak.search(sentence.text)
        if match and say.search(sentence.text):
            start, end = sentence.span(match)
    yield mark(
        reviewed,
        "no-next-update",
        start,
        end,
        pick(reviewed.lang, "nobody can tell from this when you speak again", "看不出下次通报是什么时候"),
        pick(reviewed.lang, "Next update by [what time?].", "我们将在[几点？]前再次通报。"),
        "end",
    )
