"""Times as people write them: saying one in the reader's zone and UTC, and reading those that stand in a text.

A time is said as "14:30 CET (13:30 UTC)", in Chinese as "14:30（北京时间，06:30 UTC）", with a date when it is not today for
either clock, always by the 24-hour clock. [field notes on stakeholder updates, §5 and §7]
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from opsterm.words.lexicon import Lang, bordered, data, fragment, terms

ROUND_MINUTES = 5
"""A next-update time is rounded up to this many minutes. [field notes, §5]"""


def parse(at: str) -> datetime:
    """A recorded time, `YYYY-MM-DDTHH:MM:SSZ`, as an aware datetime in UTC."""
    return datetime.fromisoformat(at.replace("Z", "+00:00")).astimezone(UTC)


def stamp(at: datetime) -> str:
    """A moment in the record's form, `YYYY-MM-DDTHH:MM:SSZ`."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def later(at: str, minutes: float) -> str:
    """The moment so many minutes after `at`, rounded up to five minutes."""
    moment = parse(at) + timedelta(minutes=minutes)
    past = timedelta(minutes=moment.minute % ROUND_MINUTES, seconds=moment.second, microseconds=moment.microsecond)
    return stamp(moment if not past else moment - past + timedelta(minutes=ROUND_MINUTES))


def minutes_between(earlier: str, later_: str) -> float:
    """Minutes from one recorded time to another; negative if the second is earlier."""
    return (parse(later_) - parse(earlier)).total_seconds() / 60


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def zone_label(at: str, zone: str, lang: Lang) -> str:
    """What readers call the zone at that moment: `CET`, `北京时间`, or `UTC+8` where there is no name."""
    named: dict[str, str] = data(lang)["zones"]
    if zone in named:
        return named[zone]
    moment = parse(at).astimezone(_zone(zone))
    label = moment.tzname() or zone
    if label[0] in "+-":
        return f"UTC{label[0]}{label[1:3].lstrip('0') or '0'}{':' + label[3:5] if label[3:5].strip('0') else ''}"
    return label


def _date(moment: datetime, lang: Lang) -> str:
    if lang == "zh":
        return f"{moment.month}月{moment.day}日"
    return f"{moment.day} {moment.strftime('%B')}"


@dataclass(frozen=True, slots=True)
class Clock:
    """Says moments to one reader: in `zone` and UTC, in `lang`, with dates left out for what is today at `now`."""

    zone: str
    lang: Lang
    now: str

    def say(self, at: str) -> str:
        """One moment; the date stands only if it is not today in the reader's zone or in UTC."""
        there, utc = parse(at).astimezone(_zone(self.zone)), parse(at)
        now = parse(self.now)
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
    """Fragments of patterns for English times: `clock`, `amount` (a duration), `day`, `soon`."""
    number = rf"(?:\d{{1,4}}(?:[.,]\d{{1,3}})?|{fragment(terms('en', 'time', 'number'))}\b)"
    unit = fragment(terms("en", "time", "unit"))
    about = fragment(terms("en", "time", "about"))
    month = fragment(terms("en", "time", "month"))
    meridiem = r"(?:\s{0,2}[ap]\.?m\b\.?)"
    zone = fragment(terms("en", "time", "zone"))
    return {
        "clock": rf"(?<![\d:.])(?:\d{{1,2}}[:.]\d{{2}}(?::\d{{2}})?{meridiem}?(?![\d%])|\d{{1,2}}{meridiem}"
        rf"|\d{{1,2}}h\d{{2}}\b|\d{{3,4}}\s{{0,2}}{zone}\b)(?:\s?\(?{zone}\b\)?)?",
        "amount": rf"(?:~\s?|\b{about}\s{{1,3}}){{0,3}}\b{number}(?:\s{{0,2}}(?:-|–|to\s|or\s)\s{{0,2}}{number})?[\s-]{{0,2}}(?:{unit})\b",
        "day": rf"(?:{bordered(terms('en', 'time', 'day'))}|\b\d{{1,2}}(?:st|nd|rd|th)?\s(?:of\s)?{month}\b|\b{month}\s\d{{1,2}}(?:st|nd|rd|th)?\b|\b\d{{4}}-\d{{2}}-\d{{2}}\b)",
        "soon": bordered(terms("en", "time", "soon")) + r"(?!\s{1,3}as\b)(?<!\bas\ssoon)",
    }


@cache
def chinese_time() -> dict[str, str]:
    """Fragments of patterns for Chinese times: `clock`, `amount`, `day`, `soon`."""
    number = r"(?:\d{1,4}(?:\.\d{1,2})?|[一二两三四五六七八九十半几数]{1,3}个?)"
    unit = r"(?:秒钟?|分钟|分|个?小时|个?钟头|刻钟|天|个?工作日|周|个?星期|个?月)"
    return {
        "clock": r"(?:(?:上午|下午|凌晨|晚上|晚间|今晚|明早|北京时间)\s?)?\d{1,2}\s?(?:[:：]\s?\d{2}|[点时](?!间)(?:\s?\d{1,2}\s?分?|半)?)",
        "amount": rf"(?:约|大约|最多|至少|最迟)?\s?{number}\s?(?:(?:-|~|～|—|到|至)\s?{number}\s?)?{unit}",
        "day": rf"(?:{fragment(terms('zh', 'time', 'day'))}|\d{{1,2}}\s?月\s?\d{{1,2}}\s?[日号])",
        "soon": fragment(terms("zh", "time", "soon")),
    }
