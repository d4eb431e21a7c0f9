"""When the next word is due by the record (`owed` has the table and its rules), the time that a draft names for it, and
the time that a text promises.

A time that a text names is rounded up to five minutes. [field notes on updates §5]
"""

import re
from datetime import timedelta

from opsterm.drafting.clock_times import chinese_time, clock_in, english_time, later, minutes_between, parse, stamp
from opsterm.drafting.facts import Facts
from opsterm.drafting.lexicon import Lang
from opsterm.drafting.reviewed_text import Prose, language
from opsterm.drafting.rules.next_word import has_next_word
from opsterm.drafting.stage import UNRESOLVED
from opsterm.drafting.update_schedule import (
    LastUpdate,
    NextUpdate,
    Table,
    UpdateSituation,
    at_end,
    due,
    interval,
    table,
)

__all__ = ["NextUpdate", "Table", "interval", "late_by", "next_due", "next_update_at", "promised_at", "table"]


def next_update_at(audience: str, severity: str, stage: str, now: str, own: Table | None = None) -> str | None:
    """The time that a draft names for the next word, rounded up to five minutes; None once nothing is owed.

    Where the table owes no regular word a draft still names a time: an unresolved text without one is a fault.
    """
    if stage not in UNRESOLVED:
        return None
    return later(now, interval(audience, severity, stage, own) or at_end())


def next_due(
    facts: Facts,
    audience: str,
    now: str,
    *,
    changed_at: str | None = None,
    own: Table | None = None,
    first: bool = True,
) -> NextUpdate | None:
    """When the next word to `audience` is due; None if none is owed.

    `changed_at` is when status or severity last changed, as the record has it; now where that is not known. Nobody told
    yet: the first word is due from detection (`first=False` for an audience that is told nothing unless someone
    begins).
    """
    told = facts.told(audience)
    if not told and not first:
        return None
    last = told[-1] if told else None
    changed = changed_at if changed_at and last and changed_at > last.update.at else now
    of = facts.incident
    standing = UpdateSituation(of.severity, of.status, of.detected_at or of.started_at, changed, changed)
    word = None
    if last:
        status, severity = (last.then.incident.status, last.then.incident.severity) if last.then else ("", "")
        word = LastUpdate(last.update.at, last.update.stage, status, severity, last.update.next_at, len(told))
    return due(standing, audience, word, own=own)


def late_by(due: NextUpdate, now: str) -> float:
    """Minutes by which the word is late; negative while there is time."""
    return minutes_between(due.at, now)


_WORD_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty-five": 45,
    "sixty": 60,
    "half an": 0.5,
    "half a": 0.5,
    "一": 1,
    "两": 2,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "十": 10,
    "半": 0.5,
    "半个": 0.5,
    "一个": 1,
    "两个": 2,
}


def promised_at(text: str, sent_at: str, zone: str = "UTC", lang: Lang | None = None) -> str | None:
    """The time of the next word that a text promises, or None if it promises none.

    A clock without a zone is in the reader's `zone`; a clock that would lie before `sent_at` is the next day's.
    """
    prose = Prose(text, lang or language(text))
    for sentence in reversed(prose.sentences):
        alone = Prose(sentence.text, prose.lang)
        if not has_next_word(alone):
            continue
        return clock_in(sentence.text, sent_at, zone) or _span_in(sentence.text, sent_at, prose.lang)
    return None


def _span_in(text: str, sent_at: str, lang: Lang) -> str | None:
    amount = re.search((chinese_time() if lang == "zh" else english_time())["amount"], text, re.IGNORECASE)
    if not amount:
        steady = re.search(r"\bhourly\b|\bdaily\b|every hour|每小时|每天|每日|\bhalf-hourly\b", text, re.IGNORECASE)
        if not steady:
            return None
        minutes = {"daily": 1440, "每天": 1440, "每日": 1440, "half-hourly": 30}.get(steady.group().lower(), 60)
        return stamp(parse(sent_at) + timedelta(minutes=minutes))
    said = amount.group().lower()
    digits = re.search(r"\d+(?:\.\d+)?", said)
    number = (
        float(digits.group())
        if digits
        else next(
            (
                value
                for word, value in sorted(_WORD_NUMBERS.items(), key=lambda pair: -len(pair[0]))
                if re.search(rf"(?<![a-z]){word}(?![a-z])", said)
            ),
            None,
        )
    )
    if number is None:
        return None
    unit = (
        1440
        if re.search(r"day|天|日", said)
        else 60
        if re.search(r"hour|hr|\bh\b|小时|钟头|\dh", said)
        else 10080
        if re.search(r"week|周|星期", said)
        else 1
    )
    return stamp(parse(sent_at) + timedelta(minutes=number * unit))
