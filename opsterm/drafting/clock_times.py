"""Times as people write them: saying one in the reader's zone and UTC, and reading those that stand in a text.

A time is said as "14:30 CET (13:30 UTC)", in Chinese as "14:30（北京时间，06:30 UTC）", with a date when it is not
today for either clock, always by the 24-hour clock. [field notes on stakeholder updates, §5 and §7]
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from opsterm.drafting.lexicon import Lang, bordered, data, fragment, terms
from opsterm.records.instant import instant, moment

ROUND_MINUTES = 5
"""A next-update time is rounded up to this many minutes. [field notes, §5]"""


def later(at: str, minutes: float) -> str:
    """The moment so many minutes after `at`, rounded up to five minutes."""
    then = moment(at) + timedelta(minutes=minutes)
    past = timedelta(minutes=then.minute % ROUND_MINUTES, seconds=then.second, microseconds=then.microsecond)
    return instant(then if not past else then - past + timedelta(minutes=ROUND_MINUTES))


def minutes_between(earlier: str, later_: str) -> float:
    """Minutes from one recorded time to another; negative if the second is earlier."""
    return (moment(later_) - moment(earlier)).total_seconds() / 60


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_label(at: str, zone: str, lang: Lang) -> str:
    """What readers call the zone at that moment: `CET`, `北京时间`, or `UTC+8` where there is no name."""
    named: dict[str, str] = data(lang)["zones"]
    if zone in named:
        return named[zone]
    label = moment(at).astimezone(_zone(zone)).tzname() or zone
    if label[0] in "+-":
        return f"UTC{label[0]}{label[1:3].lstrip('0') or '0'}{':' + label[3:5] if label[3:5].strip('0') else ''}"
    return label


def _date(of: datetime, lang: Lang) -> str:
    if lang == "zh":
        return f"{of.month}月{of.day}日"
    return f"{of.day} {of.strftime('%B')}"


@dataclass(frozen=True, slots=True)
class ClockTime:
    """Says moments to one reader: in `zone` and UTC, in `lang`, with dates left out for what is today at `now`."""

    zone: str
    lang: Lang
    now: str

    def say(self, at: str) -> str:
        """One moment; the date stands only if it is not today in the reader's zone or in UTC."""
        there, utc = moment(at).astimezone(_zone(self.zone)), moment(at)
        now = moment(self.now)
        dated = there.date() != now.astimezone(_zone(self.zone)).date() or utc.date() != now.date()
        lead = _date(there, self.lang) if dated else ""
        same_day = there.date() == utc.date()
        label = zone_label(at, self.zone, self.lang)
        if there.utcoffset() == timedelta(0):
            label = "UTC" if label in ("UTC", "Etc/UTC") or self.zone in ("UTC", "Etc/UTC") else label
        clock = f"{there:%H:%M}"
        if label == "UTC":
            return self._joined(lead, f"{clock} UTC")
        other = f"{utc:%H:%M} UTC" if same_day else self._joined(_date(utc, self.lang), f"{utc:%H:%M} UTC")
        if self.lang == "zh":
            return self._joined(lead, f"{clock}（{label}，{other}）")
        return self._joined(lead, f"{clock} {label} ({other})")

    def _joined(self, lead: str, rest: str) -> str:
        if not lead:
            return rest
        return f"{lead}{rest}" if self.lang == "zh" else f"{lead} at {rest}"


@cache
def english_time() -> dict[str, str]:
    """Fragments of patterns for English times: `clock`, `spoken` (in words), `amount` (a duration), `day`, `soon`."""
    number = rf"(?:\d{{1,4}}(?:[.,]\d{{1,3}})?|{fragment(terms('en', 'time', 'number'))}\b)"
    unit = fragment(terms("en", "time", "unit"))
    about = fragment(terms("en", "time", "about"))
    month = fragment(terms("en", "time", "month"))
    meridiem = r"(?:\s{0,2}[ap]\.?m\b\.?)"
    zone = fragment(terms("en", "time", "zone"))
    return {
        "clock": rf"(?<![\d:.])(?:\d{{1,2}}[:.]\d{{2}}(?::\d{{2}})?{meridiem}?(?![\d%])|\d{{1,2}}{meridiem}"
        rf"|\d{{1,2}}h\d{{2}}\b|\d{{3,4}}\s{{0,2}}{zone}\b)(?:\s?\(?{zone}\b\)?)?",
        "amount": rf"(?:(?:next |coming )?quarter of an hour\b"
        rf"|(?:~\s?|\b{about}\s{{1,3}}){{0,3}}\b{number}(?:\s{{0,2}}(?:-|–|to\s|or\s)\s{{0,"
        rf"2}}{number})?[\s-]{{0,2}}(?:{unit})\b)",
        "day": rf"(?:{bordered(terms('en', 'time', 'day'))}|\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)"
        rf"?{month}\b|\b{month}\s\d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b)",
        "spoken": r"(?:half past|quarter past|quarter to|ten to|ten past|five past|five to|twenty to|twenty past)\s"
        r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d{1,2})\b"
        r"|(?<=around )(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=\W|$)(?!\s[a-z])"
        r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) o'clock\b",
        "soon": bordered(terms("en", "time", "soon")) + r"(?!\s{1,3}as\b)(?<!\bas\ssoon)",
    }


@cache
def chinese_time() -> dict[str, str]:
    """Fragments of patterns for Chinese times: `clock`, `amount`, `day`, `soon`."""
    number = r"(?:\d{1,4}(?:\.\d{1,2})?|[一二两三四五六七八九十半几数]{1,3}个?)"
    unit = r"(?:秒钟?|分钟|分|个?小时|个?钟头|刻钟|天|个?工作日|周|个?星期|个?月)"
    return {
        "clock": r"(?:(?:上午|下午|凌晨|晚上|晚间|今晚|明早|北京时间)\s?)?"
        r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3}(?=[点时]))\s?(?:[:：]\s?\d{2}|[点时](?!间)"
        r"(?:\s?\d{1,2}\s?分?|半)?)",
        "amount": rf"(?:约|大约|最多|至少|最迟)?\s?{number}\s?(?:(?:-|~|～|—|到|至)\s?{number}\s?)?{unit}",
        "day": rf"(?:{fragment(terms('zh', 'time', 'day'))}|\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号])",
        "soon": fragment(terms("zh", "time", "soon")),
    }


@cache
def offsets() -> dict[str, timedelta]:
    """What the usual names of zones are ahead of UTC, in lower case."""
    hours = {
        "utc": 0, "gmt": 0, "z": 0, "wet": 0, "bst": 1, "cet": 1, "west": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3,
        "ist": 5.5, "sgt": 8, "hkt": 8, "北京时间": 8, "beijing time": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11,
        "edt": -4, "est": -5, "cdt": -5, "cst": -6, "mdt": -6, "mst": -7, "pdt": -7, "pst": -8,
    }  # fmt: skip
    return {name: timedelta(hours=value) for name, value in hours.items()}


_CLOCK = re.compile(
    r"(?<![\d:])(\d{1,2})[:：.](\d{2})(?!\d)\s?([ap])?\.?(?:m\b\.?)?\s?[（(]?\s?([A-Za-z]{1,4}\b|北京时间)?",
    re.IGNORECASE,
)
_HOUR = re.compile(r"(?<![\d:])(\d{1,2})\s?([ap])\.?m\b\.?()()", re.IGNORECASE)
_UTC = re.compile(r"(\d{1,2})[:：](\d{2})\s?(?:UTC|GMT|Z)\b")
_DATE = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?\s(?:of\s)?([A-Z][a-z]{2,8})|([A-Z][a-z]{2,8})\s(\d{1,2})\b|(\d{1,2})"
    r"\s?月\s?(\d{1,2})\s?[日号]|(\d{4})-(\d{2})-(\d{2})"
)


def clock_in(text: str, sent_at: str, zone: str) -> str | None:
    """The first clock time in a text as a moment, the first such one after `sent_at` unless a date stands before it.

    A UTC clock is preferred to another beside it; a clock without a zone is in the reader's `zone`. None if there is
    none.
    """
    utc = _UTC.search(text)
    match = utc or _CLOCK.search(text) or _HOUR.search(text)
    if not match:
        return None
    sent = moment(sent_at)
    hour = int(match.group(1))
    if utc:
        minute, offset = int(utc.group(2)), timedelta(0)
    else:
        timed = match.re is _CLOCK
        minute = int(match.group(2)) if timed else 0
        half = (match.group(3) if timed else match.group(2)) or ""
        hour = hour % 12 + (12 if half.lower() == "p" else 0) if half else hour
        known = offsets().get((match.group(4) or "").lower()) if timed else None
        offset = known if known is not None else sent.astimezone(_zone(zone)).utcoffset() or timedelta(0)
    if hour > 23 or minute > 59:
        return None
    there = sent + offset
    found = there.replace(hour=hour, minute=minute, second=0, microsecond=0)
    dates = list(_DATE.finditer(text, max(0, match.start() - 30), match.start()))
    date = dates[-1] if dates else None
    if date:
        day = _day_of(date, found.year)
        if day:
            return instant(found.replace(month=day[0], day=day[1]) - offset)
    if found < there:
        found += timedelta(days=1)
    return instant(found - offset)


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
        moment(f"{year}-{found[0]:02}-{found[1]:02}T00:00:00Z")
    except ValueError:
        return None
    return found
