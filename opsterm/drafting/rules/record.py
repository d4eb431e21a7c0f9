"""`contradiction` and `stale`: what a text says against what is recorded now, and against when it is read.

Contradiction: over before the record says so; another number, start time or severity than recorded; a cause that was
ruled out; "no data lost" while that is unknown or false; "all systems" while a service is down; a promise in the last
text that passed unmentioned. Stale: facts changed since the draft was begun; a next update that lies in the past; "this
morning" on another day. [field notes §4]
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from opsterm.drafting.changes import changes
from opsterm.drafting.clock_times import ClockTime, clock_in, minutes_between, offsets
from opsterm.drafting.facts import Facts
from opsterm.drafting.finding import Finding, How, Reader, mark, pick
from opsterm.drafting.lexicon import Lang, lang_named, words
from opsterm.drafting.reviewed_text import ReviewedText, Sentence
from opsterm.drafting.rules import next_update, promise
from opsterm.records.instant import instant, moment

_DIGIT = re.compile(r"\d")
RULE = "contradiction"
NOT_OVER = frozenset({"triage", "investigating", "identified"})
"""Statuses in which nothing may be called fixed."""

_NOT_SAID = re.compile(
    r"\b(?:not|n't|never|until|once|when|if|whether|before|after|unless|will|would|should|to be|expected"
    r"|hope|working to|some|partially|parts?|most|not yet)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_NOT_SAID_ZH = re.compile(r"(?:尚未|还没|没有|未|不|待|直到|一旦|如果|之后|部分|将|会|预计|何时)[^，。；]{0,8}$")
_WHEN = re.compile(r"\s?(?:when|once|if|only|as soon as|after|之后|时|后)", re.IGNORECASE)
_PERCENT = re.compile(r"(?<![\d.])(\d{1,3}(?:\.\d+)?)\s?(?:%|％|percent|per cent)")
_RATIO = re.compile(
    r"(?<![\d.])(\d{1,4}) (?:in|of|out of) (?:every )?(\d{1,5})(?! ?%)(?![\d:])|每 ?(\d{1,5}) "
    r"?[次个名笔封条][^\d，。]{0,8}?有 ?(\d{1,4})"
)
_COUNT = re.compile(
    r"(?<![\d.:])(\d{1,3}(?:[,，]\d{3}){1,5}|\d+)\s?(?:个|名|位)?\s?(customers?|users?|accounts?|orders?"
    r"|payments?|requests?|projects?|merchants?|emails?|messages?|客户|用户|账户|订单|商户|项目)",
    re.IGNORECASE,
)
_SEVERITY = re.compile(r"\bsev-?\s?([1-5])\b", re.IGNORECASE)
_BEGAN = re.compile(
    r"\b(?:since|started (?:at|on|around)|began (?:at|on|around)|beginning at|starting at|start(?:ed)?:)"
    r"\s(?:about |around |approximately )?|自|从|开始于",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?<![\d:])(\d{1,2})[:：](\d{2})(?!\d)")
_WORDS = re.compile(r"[A-Za-z]{4,}|[\u3400-\u9fff]{2}")
_CAUSE_SAID = re.compile(
    r"\b(?:caused by|due to|because of|cause (?:is|was)|root cause|triggered by|result of|traced to)"
    r"\b|由于|原因是|导致|因为",
    re.IGNORECASE,
)
_RULED_OUT = re.compile(
    r"\b(?:ruled out|not (?:caused|due|because|the cause)|was not|were not|is not|no longer suspect"
    r"|excluded|eliminated)\b|已排除|排除了|不是",
    re.IGNORECASE,
)
_WELL = re.compile(
    r"\b(?:operational|working|work|normal|normally|fine|up|available|healthy|restored|unaffected)\b|正常|恢复|可用",
    re.IGNORECASE,
)
_FILLING = frozenset({
    "that", "this", "with", "from", "have", "been", "were", "cause", "causes", "caused", "because", "which",
    "their", "into", "than", "then", "they", "them", "the", "change", "time", "some", "itself", "first",
    "error", "errors", "service",
})  # fmt: skip


def contradictions(
    reviewed: ReviewedText, reader: Reader, facts: Facts, now: str | None, zone: str
) -> Iterator[Finding]:
    """Everything in the text that the record speaks against."""
    recorded = _recorded(facts)
    for sentence in reviewed.sentences:
        yield from _over_too_early(reviewed, sentence, facts)
        yield from _data(reviewed, sentence, facts)
        yield from _all_well(reviewed, sentence, facts)
        yield from _ruled_out(reviewed, sentence, facts)
        if reader.audience != "engineers":
            yield from _numbers(reviewed, sentence, recorded, facts)
        yield from _severity(reviewed, sentence, facts)
        yield from _start(reviewed, sentence, facts, now, zone)
    if now:
        yield from _broken_promise(reviewed, reader, facts, now, zone)


def _against(
    reviewed: ReviewedText, start: int, end: int, en: str, zh: str, instead: str = "", how: How = "replace"
) -> Finding:
    return mark(reviewed, RULE, start, end, pick(reviewed.lang, en, zh), instead, how)


def _unsaid(lang: Lang, before: str) -> bool:
    return bool((_NOT_SAID_ZH if lang == "zh" else _NOT_SAID).search(before))


def _over_too_early(reviewed: ReviewedText, sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    status = facts.incident.status
    if status not in NOT_OVER:
        return
    for match in words(reviewed.lang, "says", "fixed").finditer(sentence.text):
        if not _unsaid(reviewed.lang, sentence.text[: match.start()]) and not _WHEN.match(sentence.text, match.end()):
            yield _against(
                reviewed,
                *sentence.span(match),
                f"the record says {status}: nothing is fixed yet",
                f"记录中的状态是 {status}，还没有修好",
                pick(reviewed.lang, "we are working on it", "正在处理"),
                "sentence",
            )
            return


def _data(reviewed: ReviewedText, sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    match = words(reviewed.lang, "says", "no_data_loss").search(sentence.text)
    if (
        match
        and facts.data in ("unknown", "lost", "exposed")
        and not _unsaid(reviewed.lang, sentence.text[: match.start()])
    ):
        yield _against(
            reviewed,
            *sentence.span(match),
            f"the record says of the data: {facts.data}",
            f"记录中数据的状态是 {facts.data}",
            pick(reviewed.lang, "we don't yet know whether data was affected", "数据是否受影响，目前还不知道"),
            "sentence",
        )


def _all_well(reviewed: ReviewedText, sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    if facts.incident.status not in NOT_OVER | {"monitoring"} or not facts.incident.services:
        return
    match = words(reviewed.lang, "says", "all_well").search(sentence.text)
    if match and _WELL.search(sentence.text) and not _unsaid(reviewed.lang, sentence.text[: match.start()]):
        yield _against(
            reviewed, *sentence.span(match), "a service is still affected by the record", "按记录仍有服务受影响"
        )


def _keys(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORDS.findall(text)) - _FILLING


def _ruled_out(reviewed: ReviewedText, sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    if not _CAUSE_SAID.search(sentence.text) or _RULED_OUT.search(sentence.text):
        return
    said = _keys(sentence.text)
    living = [_keys(f"{held.text} {held.plain}") for held in facts.hypotheses if held.state != "eliminated"]
    for hypothesis in facts.hypotheses:
        if hypothesis.state != "eliminated":
            continue
        for told in (hypothesis.text, hypothesis.plain):
            keys = _keys(told)
            shared = len(keys & said)
            if (
                len(keys)
                and shared >= max(2, round(len(keys) * 0.5))
                and shared > max((len(other & said) for other in living), default=0)
            ):
                yield _against(
                    reviewed,
                    sentence.start,
                    sentence.end,
                    f"{hypothesis.mark} was ruled out",
                    f"{hypothesis.mark} 已被排除",
                )
                return


@dataclass(frozen=True, slots=True)
class _Recorded:
    """The numbers that the record has for the effect, and all other text in which a number may stand."""

    shares: frozenset[float]
    counts: frozenset[int]
    elsewhere: str


def _recorded(facts: Facts) -> _Recorded:
    of = facts.incident
    effect = f"{of.impact_extent} {of.impact}"
    shares = {round(float(value), 2) for value in _PERCENT.findall(effect)} | {
        _share(match) for match in _RATIO.finditer(effect)
    }
    counts = {_number(match.group(1)) for match in _COUNT.finditer(effect)}
    told = [of.exit, of.business, of.severity_why, of.data, of.data_detail, of.impact_what, of.impact_who, of.risk]
    told += [piece for action in facts.actions for piece in (action.text, action.plain, action.state_why)]
    told += [piece for held in facts.hypotheses for piece in (held.plain, held.text, held.state_why)]
    return _Recorded(frozenset(shares), frozenset(counts), " ".join(told))


def _numbers(reviewed: ReviewedText, sentence: Sentence, recorded: _Recorded, facts: Facts) -> Iterator[Finding]:
    if not _DIGIT.search(sentence.text) or (facts.estimate and facts.estimate in sentence.text):
        return
    extent = facts.incident.impact_extent
    right = extent or facts.incident.impact
    wrong = (f"recorded is: {right}", f"记录的是：{right}", extent)
    for pattern in (_PERCENT, _RATIO) if recorded.shares else ():
        for match in pattern.finditer(sentence.text):
            said = round(float(match.group(1)), 2) if pattern is _PERCENT else _share(match)
            ranged = re.search(r"–\d+ ?%|\d+–$", sentence.text[max(0, match.start() - 4) : match.end()])
            if (
                not any(abs(said - share) < 0.6 for share in recorded.shares)
                and match.group() not in recorded.elsewhere
                and not ranged
            ):
                yield _against(reviewed, *sentence.span(match), *wrong)
    for match in _COUNT.finditer(sentence.text) if recorded.counts else ():
        ratio = _RATIO.search(sentence.text[max(0, match.start() - 12) : match.end()])
        if _number(match.group(1)) not in recorded.counts and match.group() not in recorded.elsewhere and not ratio:
            yield _against(reviewed, *sentence.span(match), *wrong)


def _number(digits: str) -> int:
    return int(re.sub(r"\D", "", digits))


def _share(match: re.Match[str]) -> float:
    part, whole = (match.group(1), match.group(2)) if match.group(1) else (match.group(4), match.group(3))
    return round(100 * int(part) / max(1, int(whole)), 2)


def _severity(reviewed: ReviewedText, sentence: Sentence, facts: Facts) -> Iterator[Finding]:
    said = list(_SEVERITY.finditer(sentence.text))
    severity = facts.incident.severity
    if severity and said and not any(f"sev{match.group(1)}" == severity for match in said):
        yield _against(
            reviewed, *sentence.span(said[0]), f"the record says {severity}", f"记录的是 {severity}", severity
        )


def _start(reviewed: ReviewedText, sentence: Sentence, facts: Facts, now: str | None, zone: str) -> Iterator[Finding]:
    recorded = facts.effect_since
    if not recorded:
        return
    began = _BEGAN.search(sentence.text)
    if not began or re.search(
        r"\b(?:update|repair|fix|told|over|restored|recovered|back)\b[^.]{0,20}$|通报|生效|修复|结束",
        sentence.text[: began.end()][-40:],
        re.IGNORECASE,
    ):
        return
    clocks = list(_CLOCK.finditer(sentence.text, began.end(), min(len(sentence.text), began.end() + 45)))
    if not clocks or re.search(
        r"的通报|通报以来|update", sentence.text[began.end() : clocks[0].end() + 40], re.IGNORECASE
    ):
        return
    of = facts.incident
    told = (sent.update.at for sent in facts.updates)
    hurt = (at for spell in facts.hurt for at in (spell.begun, spell.ended))
    times = (recorded, of.started_at, of.detected_at, of.mitigated_at, of.resolved_at, *hurt, *told)
    if not any(_is(clock, sentence.text, moment(at), zone) for clock in clocks for at in times if at):
        right = ClockTime(zone, reviewed.lang, now or recorded).say(recorded)
        yield _against(
            reviewed, *sentence.span(clocks[0]), f"recorded as the start: {right}", f"记录的开始时间是 {right}", right
        )


def _is(clock: re.Match[str], text: str, at: datetime, zone: str) -> bool:
    """Whether a clock is that moment, in the zone written beside it, else in the reader's or UTC; to two minutes."""
    label = re.match(r"\s?[（(]?\s?([A-Za-z]{2,4}\b|北京时间)", text[clock.end() : clock.end() + 8])
    named = offsets().get(label.group(1).lower()) if label else None
    said = int(clock.group(1)) * 60 + int(clock.group(2))
    local = at.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
    for ahead in (named,) if named is not None else (timedelta(0), local):
        there = at + ahead
        apart = abs(there.hour * 60 + there.minute - said)
        if min(apart, 1440 - apart) <= 2:
            return True
    return False


def _broken_promise(reviewed: ReviewedText, reader: Reader, facts: Facts, now: str, zone: str) -> Iterator[Finding]:
    told = facts.told(reader.audience)
    if not told or facts.incident.status not in NOT_OVER:
        return
    last = told[-1].update
    earlier = ReviewedText(last.text, lang_named(last.lang, reviewed.lang))
    promised = next(iter(promise.find(earlier, Reader(last.audience, last.stage))), None)
    if promised is None:
        return
    due = clock_in(promised.text, last.at, zone)
    if due is None or minutes_between(due, now) <= 0:
        return
    if re.search(
        r"\b(?:earlier|we said|we told|as announced|promised|expected|not (?:been )?able|longer "
        r"than|missed|sorry)\b|先前|此前|原定|我们说过|未能|比预计|更正",
        reviewed.masked,
        re.IGNORECASE,
    ):
        return
    first = reviewed.sentences[0]
    yield _against(
        reviewed,
        first.start,
        first.end,
        f"the last update said “{promised.text}”, and that time has passed unmentioned",
        f"上次通报说“{promised.text}”，时间已过，这次却没有提",
        pick(reviewed.lang, "say that the earlier time was not kept", "说明先前说的时间没有做到"),
        "advice",
    )


def stale(
    reviewed: ReviewedText, reader: Reader, facts: Facts, read: Facts | None, now: str, zone: str
) -> Iterator[Finding]:
    """What was right when the draft was begun, and no longer is."""
    if read is not None:
        changed = changes(read, facts)
        if changed:
            names = ", ".join(dict.fromkeys(change.name.replace("_", " ") for change in changed))
            end = len(reviewed.text)
            yield mark(
                reviewed,
                "stale",
                end,
                end,
                pick(
                    reviewed.lang,
                    f"since the draft was begun the record has changed: {names}",
                    f"起草之后记录有了变化：{names}",
                ),
                pick(reviewed.lang, "draft it again", "重新起草"),
            )
    here = moment(now).astimezone(ZoneInfo(zone))
    for sentence in reviewed.sentences:
        yield from _passed(reviewed, sentence, now, zone)
        yield from _other_day(reviewed, sentence, facts, here.date().isoformat(), zone)


def _passed(reviewed: ReviewedText, sentence: Sentence, now: str, zone: str) -> Iterator[Finding]:
    clock = _CLOCK.search(sentence.text)
    if not clock or not words(reviewed.lang, "next", "say").search(sentence.text):
        return
    if not next_update.has_next_update(ReviewedText(sentence.text, reviewed.lang)):
        return
    # A clock counts as past if it lies within the last twelve hours: further back it is the next day's.
    at = clock_in(sentence.text, instant(moment(now) - timedelta(hours=12)), zone)
    if at is not None and minutes_between(at, now) > 0:
        yield mark(
            reviewed,
            "stale",
            *sentence.span(clock),
            pick(reviewed.lang, "this time has passed", "这个时间已经过了"),
            pick(reviewed.lang, "[what time?]", "[几点？]"),
        )


def _other_day(reviewed: ReviewedText, sentence: Sentence, facts: Facts, today: str, zone: str) -> Iterator[Finding]:
    began = facts.effect_since
    match = words(reviewed.lang, "says", "past_day").search(sentence.text)
    if not match or not began or match.group().lower() in ("yesterday", "昨天", "昨晚"):
        return
    if moment(began).astimezone(ZoneInfo(zone)).date().isoformat() != today and re.search(
        r"\b(?:since|started|began|from)\b[^.]{0,20}$|从|自", sentence.text[: match.start()], re.IGNORECASE
    ):
        yield mark(
            reviewed,
            "stale",
            *sentence.span(match),
            pick(reviewed.lang, "it began on another day", "不是今天开始的"),
            pick(reviewed.lang, "[which date?]", "[哪一天？]"),
        )
