"""When the next word is due: minutes by audience, severity and stage, as data (`data/cadence.toml`, with its source).

Three rules on top of the table: a changed status or a worse severity is told within ten minutes; a time promised in a sent
text is the next due time; a time is rounded up to five minutes. [field notes on incident command §6, on updates §5]
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from zoneinfo import ZoneInfo

from opsterm.words.facts import Facts
from opsterm.words.lexicon import Lang, data, terms
from opsterm.words.moments import chinese_time, english_time, later, minutes_between, parse, stamp
from opsterm.words.prose import Prose, language
from opsterm.words.rules.next_word import has_next_word
from opsterm.words.stage import UNRESOLVED, stage_of

Table = Mapping[str, Mapping[str, Sequence[int]]]
"""Audience → severity → minutes, in the order of `stages` in the data file."""


@dataclass(frozen=True, slots=True)
class Due:
    """When the next word to an audience is due, and why then: `promised`, `changed` or `table`."""

    at: str
    why: str


def table() -> Table:
    """opsterm's own cadence."""
    found = data("cadence")
    return {audience: rows for audience, rows in found.items() if isinstance(rows, dict)}


def interval(audience: str, severity: str, stage: str, own: Table | None = None) -> int | None:
    """Minutes to the next word; None where no regular word is owed (only at the end, or never)."""
    if stage not in UNRESOLVED:
        return None
    stages: list[str] = data("cadence")["stages"]
    rows = (own or table()).get(audience) or table().get(audience) or table()["customers"]
    row = rows.get(severity) or rows.get("sev2") or rows[min(rows)]
    return row[stages.index(stage) if stage in stages else stages.index("scoping")] or None


def next_update_at(audience: str, severity: str, stage: str, now: str, own: Table | None = None) -> str | None:
    """The time that a draft names for the next word, rounded up to five minutes; None once nothing is owed.

    Where the table owes no regular word a draft still names a time: an unresolved text without one is a fault.
    """
    if stage not in UNRESOLVED:
        return None
    return later(now, interval(audience, severity, stage, own) or data("cadence")["at_end"])


def next_due(facts: Facts, audience: str, now: str, *, changed_at: str | None = None, own: Table | None = None, first: bool = True) -> Due | None:
    """When the next word to `audience` is due; None if none is owed.

    `changed_at` is when status or severity last changed, as the record has it. Nobody told yet: the first word is due from
    the incident's beginning (`first=False` for an audience that is told nothing unless someone begins).
    """
    stage = stage_of(facts, audience, now)
    told = facts.told(audience)
    if not told:
        began = facts.detected_at or facts.started_at
        wait = interval(audience, facts.severity, "first", own)
        if not first or stage not in UNRESOLVED or began is None or wait is None:
            return None
        return Due(later(began, wait), "table")
    last = told[-1]
    over = stage not in UNRESOLVED
    if over and last.stage == stage:
        return None
    due: Due | None = None
    if last.next_update_at:
        due = Due(last.next_update_at, "promised")
    else:
        wait = interval(audience, facts.severity, stage, own)
        if wait is not None:
            due = Due(later(last.at, wait), "table")
    then = last.then
    turned = then is not None and (then.status != facts.status or bool(facts.severity and then.severity and facts.severity < then.severity))
    if changed_at is not None and changed_at > last.at:
        turned = turned or then is None
    if turned or over:
        since = changed_at if changed_at and changed_at > last.at else now
        soon = stamp(parse(since) + timedelta(minutes=data("cadence")["on_change"]))
        if due is None or soon < due.at:
            due = Due(soon, "changed")
    return due


def late_by(due: Due, now: str) -> float:
    """Minutes by which the word is late; negative while there is time."""
    return minutes_between(due.at, now)


@cache
def _zones() -> dict[str, timedelta]:
    hours = {"utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 1, "cet": 1, "west": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "ist": 5.5, "sgt": 8, "hkt": 8, "北京时间": 8, "beijing time": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11}
    hours |= {"est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7}
    return {name: timedelta(hours=value) for name, value in hours.items()}


_CLOCK = re.compile(r"(?<![\d:])(\d{1,2})[:：.](\d{2})(?!\d)\s?([ap])?\.?(?:m\b\.?)?\s?[（(]?\s?([A-Za-z]{1,4}\b|北京时间)?", re.IGNORECASE)
_HOUR = re.compile(r"(?<![\d:])(\d{1,2})\s?([ap])\.?m\b\.?()()", re.IGNORECASE)
_UTC = re.compile(r"(\d{1,2})[:：](\d{2})\s?(?:UTC|GMT|Z)\b")
_DATE = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s(?:of\s)?([A-Z][a-z]{2,8})|([A-Z][a-z]{2,8})\s(\d{1,2})\b|(\d{1,2})\s?月\s?(\d{1,2})\s?[日号]|(\d{4})-(\d{2})-(\d{2})")
_WORD_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10, "fifteen": 15, "twenty": 20, "thirty": 30, "forty-five": 45, "sixty": 60, "half an": 0.5, "half a": 0.5, "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "十": 10, "半": 0.5, "半个": 0.5, "一个": 1, "两个": 2}


def promised_at(text: str, sent_at: str, zone: str = "UTC", lang: Lang | None = None) -> str | None:
    """The time of the next word that a text promises, or None if it promises none.

    A clock without a zone is in the reader's `zone`; a clock that would lie before `sent_at` is the next day's.
    """
    prose = Prose(text, lang or language(text))
    for sentence in reversed(prose.sentences):
        alone = Prose(sentence.text, prose.lang)
        if not has_next_word(alone):
            continue
        return _clock_in(sentence.text, sent_at, zone) or _span_in(sentence.text, sent_at, prose.lang)
    return None


def _clock_in(text: str, sent_at: str, zone: str) -> str | None:
    utc = _UTC.search(text)
    match = utc or _CLOCK.search(text) or _HOUR.search(text)
    if not match:
        return None
    sent = parse(sent_at)
    hour = int(match.group(1))
    if utc:
        minute, offset = int(utc.group(2)), timedelta(0)
    else:
        timed = match.re is _CLOCK
        minute = int(match.group(2)) if timed else 0
        half = (match.group(3) if timed else match.group(2)) or ""
        hour = hour % 12 + (12 if half.lower() == "p" else 0) if half else hour
        known = _zones().get((match.group(4) or "").lower()) if timed else None
        offset = known if known is not None else sent.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
    if hour > 23 or minute > 59:
        return None
    there = sent + offset
    moment = there.replace(hour=hour, minute=minute, second=0, microsecond=0)
    date = _DATE.search(text[max(0, match.start() - 30) : match.start()])
    if date:
        day = _day_of(date, moment.year)
        if day:
            moment = moment.replace(month=day[0], day=day[1])
            return stamp(moment - offset)
    if moment < there:
        moment += timedelta(days=1)
    return stamp(moment - offset)


def _day_of(match: re.Match[str], year: int) -> tuple[int, int] | None:
    months = terms("en", "time", "month")
    day, name, name_first, day_after, month_zh, day_zh, _, month_iso, day_iso = match.groups()
    if month_zh:
        found = (int(month_zh), int(day_zh))
    elif month_iso:
        found = (int(month_iso), int(day_iso))
    else:
        word = (name or name_first).lower()[:3]
        month = next((place for place, month in enumerate(months[:12], 1) if month.startswith(word)), 0)
        found = (month, int(day or day_after))
    try:
        parse(f"{year}-{found[0]:02}-{found[1]:02}T00:00:00Z")
    except ValueError:
        return None
    return found


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
    number = float(digits.group()) if digits else next((value for word, value in sorted(_WORD_NUMBERS.items(), key=lambda pair: -len(pair[0])) if re.search(rf"(?<![a-z]){word}(?![a-z])", said)), None)
    if number is None:
        return None
    unit = 1440 if re.search(r"day|天|日", said) else 60 if re.search(r"hour|hr|\bh\b|小时|钟头|\dh", said) else 10080 if re.search(r"week|周|星期", said) else 1
    return stamp(parse(sent_at) + timedelta(minutes=number * unit))
