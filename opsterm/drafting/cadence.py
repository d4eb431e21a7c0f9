"""The time that a draft names for the next update, and the time that a text promises; `update_schedule` has when it is
due by the record.

A time that a text names is rounded up to five minutes. [field notes on updates §5]
"""

import re
from datetime import timedelta

from opsterm.drafting.clock_times import chinese_time, clock_in, english_time, later
from opsterm.drafting.lexicon import Lang
from opsterm.drafting.reviewed_text import ReviewedText, language
from opsterm.drafting.rules.next_update import has_next_update
from opsterm.drafting.stage import UNRESOLVED
from opsterm.drafting.update_schedule import Table, at_end, interval
from opsterm.records.instant import instant, moment


def next_update_at(audience: str, severity: str, stage: str, now: str, own: Table | None = None) -> str | None:
    """The time that a draft names for the next update, rounded up to five minutes; None once nothing is owed.

    Where the table owes no regular update a draft still names a time: an unresolved text without one is a fault.
    """
    if stage not in UNRESOLVED:
        return None
    return later(now, interval(audience, severity, stage, own) or at_end())


_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "fifteen": 15,
    "twenty": 20, "thirty": 30, "forty-five": 45, "sixty": 60, "half an": 0.5, "half a": 0.5,
    "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "十": 10, "半": 0.5, "半个": 0.5, "一个": 1, "两个": 2,
}  # fmt: skip
"""Numbers in words."""
_UNITS = ((1440, r"day|天|日"), (60, r"hour|hr|\bh\b|小时|钟头|\dh"), (10080, r"week|周|星期"))
"""Minutes of a unit, and how it is said; what is none of these is minutes."""
_STEADY = re.compile(r"\bhourly\b|\bdaily\b|every hour|每小时|每天|每日|\bhalf-hourly\b", re.IGNORECASE)
_INTERVALS = {"daily": 1440, "每天": 1440, "每日": 1440, "half-hourly": 30}
"""The same as an interval; what is none of these is an hour."""


def promised_at(text: str, sent_at: str, zone: str = "UTC") -> str | None:
    """The time of the next update that a text promises, or None if it promises none.

    A clock without a zone is in the reader's `zone`; a clock that would lie before `sent_at` is the next day's.
    """
    reviewed = ReviewedText(text, language(text))
    for sentence in reversed(reviewed.sentences):
        alone = ReviewedText(sentence.text, reviewed.lang)
        if not has_next_update(alone):
            continue
        minutes = _minutes_in(sentence.text, reviewed.lang)
        at = clock_in(sentence.text, sent_at, zone)
        return at or (None if minutes is None else instant(moment(sent_at) + timedelta(minutes=minutes)))
    return None


def _minutes_in(text: str, lang: Lang) -> float | None:
    """How many minutes a text names, as an amount or as an interval."""
    amount = re.search((chinese_time() if lang == "zh" else english_time())["amount"], text, re.IGNORECASE)
    if not amount:
        steady = _STEADY.search(text)
        return _INTERVALS.get(steady.group().lower(), 60) if steady else None
    said = amount.group().lower()
    number = _number_in(said)
    unit = next((minutes for minutes, pattern in _UNITS if re.search(pattern, said)), 1)
    return None if number is None else number * unit


def _number_in(said: str) -> float | None:
    digits = re.search(r"\d+(?:\.\d+)?", said)
    if digits:
        return float(digits.group())
    longest_first = sorted(_NUMBERS, key=len, reverse=True)
    return next((_NUMBERS[word] for word in longest_first if re.search(rf"(?<![a-z]){word}(?![a-z])", said)), None)
