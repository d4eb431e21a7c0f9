"""`promise`: a time by which service is back, or a fix is in place. `guarantee`: that it never happens again.

Estimates made inside an incident run short by factors of two and more; a missed one costs more trust than none given.
[Kahneman & Tversky 1979; Buehler 1994] Innocent and near: the time of the next update, of a retry, of something past,
of planned work, the length of a delay, "no estimate yet", and a range whose condition is named.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from opsterm.drafting.clock_times import chinese_time, english_time
from opsterm.drafting.finding import Finding, Reader, mark, pick
from opsterm.drafting.lexicon import bordered, fragment, terms, words
from opsterm.drafting.reviewed_text import ReviewedText, Sentence
from opsterm.drafting.rules import outlook

_CLAUSE = re.compile(r"[;—–]\s|,\s(?=but\b|while\b|so\b|although\b|though\b|however\b)|\s-\s|\sbut\s")
_PERFECT = re.compile(
    r"\b(?:should|must|may|might|could) have (?:been |all |now |fully )?\w+(?:ed|n)\b"
    r"|\b(?:will|would) have (?:been |all |now |fully )?\w+(?:ed|n)\b(?! by)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had been|has been|have been|had) (?:\w+ ){0,2}?(?:expect|hop|plan|estimat|suppos|due"
    r"|schedul|anticipat|restor|resolv|recover|fix|mitigat|complet|back|deploy|revert)\w*"
    r"|\b(?:recovered|restored|resolved|fixed|returned|completed|mitigated)\b (?:at|by|within|in|around|on)\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:(?:can|could|may|might|should|will|would|'ll|likely to|expect(?:ed|s)? to|going to|estimated to)"
    r"\s(?:\w+\s){0,2}?|(?:takes|requires|needs)\s|usually\s)"
    r"(?:take|takes|need|needs|require|requires|last|run)?\b",
    re.IGNORECASE,
)
_NOT_OF_REPAIR = re.compile(
    r"\s{0,2}(?:to|for \w+(?: \w+){0,3} to|(?:before|until) (?:it|they|you|the \w+))\s(?:load|open|arrive|deliver|be "
    r"delivered|be received|shows?|appears?|see|appear|display|show|respond|start|send|be sent|refresh|render"
    r"|sync|sign|log)",
    re.IGNORECASE,
)


@cache
def _when() -> dict[str, re.Pattern[str]]:
    t = english_time()
    moment = rf"(?:{t['clock']}|{t['day']})"
    until = (
        rf"(?:\b(?:by|before|until|till|no later than|not later than|around|at|on|for|from|after|sometime"
        rf"|some time|later|in|within|over|during)\s{{1,3}}"
        rf"(?:(?:about|around|approximately|roughly|at least|the|early|late|end of|the end of|later|sometime"
        rf"|next|coming|this|our|latest|at the latest|course of)\s{{1,3}}){{0,4}}"
        rf"(?:{moment}|week of|weekend))"
    )
    span = (
        rf"(?:\b(?:within|in|over|during|after)\s{{1,3}}(?:the\s{{1,3}})?(?:(?:next|coming|following|another"
        rf"|course of the next)\s{{1,3}}){{0,2}}"
        rf"(?:{t['amount']}|(?:few|couple of|the)?\s?(?:half )?(?:hour|minutes|hours|day|days|weeks)\b)|\bnext\s{{1,"
        rf"3}}{t['amount']})"
    )
    found = {
        "hint": bordered(terms("en", "time", "day"))
        + r"|\d|\b(?:hour|minute|day|week|month|morning|afternoon|evening|night|noon|midnight|weekend)"
        r"s?\b|tonight|tomorrow|overnight|\beod\b|\bcob\b|\bsoon\b|shortly"
        r"|imminently|momentarily|any m|before long|in no time|in a (?:moment|short|little)|near future"
        r"|right away|presently|day\b|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
        r"|business|lectures?)\b|january|february|march|april|may|june|july|august|september|october"
        r"|november|december",
        "cue": rf"{words('en', 'promise', 'modal').pattern}|\b(?:until|till|takes?|needs?|requires?"
        rf"|expected|due|hop\w+|goes|coming|comes|way|lands|ships|arrives|follows?)\b"
        rf"|{bordered(terms('en', 'promise', 'estimate'))}",
        "time": rf"(?:{span}|{until}|{t['day']}|{t['soon']})",
        "loose": rf"(?:{t['amount']}|{t['clock']}|{t['day']}|{t['soon']}|~\s?\d{{1,3}}\s?\w{{1,7}})",
        "soon": t["soon"],
        "amount": t["amount"],
        "estimate": bordered(terms("en", "promise", "estimate")),
        "expected": r"\b(?:expected|due|estimated|anticipated|forecast|planned|targeted|scheduled)\b",
        "full": r"\b(?:full|normal) (?:service|access|operations?)\b",
        "hope": r"\b(?:expect\w*|hop(?:e|es|ing)|promis\w*|estimat\w*|told us)\b",
        "supply": r"\b(?:power|service|connection|connectivity|network|water|access|electricity)\b",
        "state": bordered(terms("en", "promise", "lasting")),
        "coming": r"\b(?:(?:a|the|our|this)\s(?:\w+\s){0,2})?(?:fix|hotfix|patch|repair|mitigation"
        r"|correction|solution)\s(?:\w+\s){0,3}?"
        r"(?:goes|going|comes|coming|on its way|on the way|lands|ships|arrives|follows|will follow)\s?(?:out"
        r"|up|live|in)?\s?",
        "work": bordered(terms("en", "promise", "work")),
    }
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in found.items()}


@dataclass(frozen=True, slots=True)
class _Expectation:
    """An expectation in a clause: from `start` to `end`, with the words between its parts."""

    start: int
    end: int
    time: str
    modal: str = ""
    gap: str = ""
    repair: str = ""
    rest: str = ""
    leading: bool = False
    """Whether the time stands first ("within the hour everything should be back")."""
    plain: bool = False
    """Whether its first part alone says what is estimated, so that the words after it need no look."""


def _clauses(text: str) -> Iterator[tuple[int, str]]:
    begin = 0
    for match in _CLAUSE.finditer(text):
        yield begin, text[begin : match.start()]
        begin = match.end()
    yield begin, text[begin:]


Spans = list[tuple[int, int]]


def _spans(pattern: re.Pattern[str], clause: str) -> Spans:
    return [match.span() for match in pattern.finditer(clause)]


def _after(spans: Spans, at: int, reach: int) -> tuple[int, int] | None:
    """The first span that begins at or after `at`, within `reach` characters."""
    return next(((start, end) for start, end in spans if at <= start <= at + reach), None)


def _expectations(clause: str) -> Iterator[_Expectation]:
    """Every way in which a clause can join a hope, a repair and a time."""
    when = _when()
    estimates = _spans(when["estimate"], clause)
    expected = _spans(when["expected"], clause)
    loose = _spans(when["loose"], clause) if estimates or expected else []
    for start, end in estimates:
        if time := _after(loose, end, 90):
            yield _Expectation(start, time[1], clause[slice(*time)], gap=clause[end : time[0]], plain=True)
    times = _spans(when["time"], clause)
    if not times and not expected:
        return
    modals, repairs = _spans(words("en", "promise", "modal"), clause), _spans(words("en", "promise", "repair"), clause)
    for start, end in modals:
        if (repair := _after(repairs, end, 110)) and (time := _after(times, repair[1], 120)):
            yield _Expectation(
                start,
                time[1],
                clause[slice(*time)],
                clause[start:end],
                clause[end : repair[0]],
                clause[slice(*repair)],
                clause[repair[1] : time[0]],
            )
    for start, end in times:
        if (modal := _after(modals, end, 60)) and (repair := _after(repairs, modal[1], 80)):
            between = f"{clause[end : modal[0]]} {clause[modal[1] : repair[0]]}"
            if re.search(r"[.;]", clause[end : modal[0]]):
                continue
            yield _Expectation(
                start,
                repair[1],
                clause[start:end],
                clause[slice(*modal)],
                between,
                clause[slice(*repair)],
                leading=True,
            )
    soon = _spans(when["soon"], clause)
    for start, end in modals if soon else ():
        if (time := _after(soon, end, 60)) and (repair := _after(repairs, time[1], 30)):
            yield _Expectation(
                start,
                repair[1],
                clause[slice(*time)],
                clause[start:end],
                clause[end : time[0]],
                clause[slice(*repair)],
                clause[time[1] : repair[0]],
            )
    for start, end in [*repairs, *_spans(when["full"], clause)] if expected else ():
        if (hoped := _after(expected, end, 20)) and (
            time := _after(loose, hoped[1], 30) or _after(times, hoped[1], 30)
        ):
            yield _Expectation(
                start,
                time[1],
                clause[slice(*time)],
                gap=clause[hoped[1] : time[0]],
                repair=clause[start:end],
                rest=clause[end : hoped[0]],
            )
    for start, end in _spans(when["coming"], clause):
        if time := _after(times, end, 2):
            yield _Expectation(start, time[1], clause[slice(*time)], plain=True)
    supplies = _spans(when["supply"], clause)
    for start, end in _spans(when["hope"], clause) if supplies else ():
        if (supply := _after(supplies, end, 60)) and (
            time := _after([span for span in times if not when["soon"].fullmatch(clause[slice(*span)])], supply[1], 40)
        ):
            yield _Expectation(
                start, time[1], clause[slice(*time)], gap=clause[end : supply[0]], rest=clause[supply[1] : time[0]]
            )


_NO_LIMIT = re.compile(r"\bno(?:t)? (?:later|more|longer) than\b|\bnot only\b|\bif not\b", re.IGNORECASE)
_GONE_BY = re.compile(r"\b(?:the|last|past|previous) (?:last|past|previous|few)\b|\bago\b|\bsince\b", re.IGNORECASE)
_TALK_BACK = re.compile(r"\b(?:report|get|check|write) back\b|\b(?:come|be) back (?:with|here|to you)\b", re.IGNORECASE)
_DUTY = re.compile(r"\b(?:has|have|had|needs?|what|ought|remains?)\s$", re.IGNORECASE)
"""Before "to be": something has to be repaired, which says nothing of when."""
_FIXED_MOMENT = re.compile(r"(?:at|on|in|from|after|since)\b", re.IGNORECASE)


def _refused(piece: str) -> bool:
    return words("en", "promise", "no_promise").search(_NO_LIMIT.sub("", piece)) is not None


def _promises(clause: str, found: _Expectation) -> bool:
    """Whether an expectation promises a repair: not denied, not past, not about the next update."""
    other = words("en", "promise", "other_business")
    if _refused(clause[max(0, found.start - 40) : found.start]) or _refused(found.gap) or _refused(found.modal):
        return False
    if other.search(found.rest) or (not found.plain and other.search(found.gap)):
        return False
    if found.modal.lower() == "to be" and _DUTY.search(clause[: clause.lower().find(found.modal.lower(), found.start)]):
        return False
    if found.leading and _FIXED_MOMENT.match(found.time) and _PAST.search(clause):
        return False
    head = clause[: found.end] if found.leading else clause[max(0, found.start - 12) : found.end - len(found.time)]
    if _PERFECT.search(clause[found.start : found.end]) or _PAST.search(head):
        return False
    if outlook.MISSED.match(clause[found.end :]):
        return False
    if _GONE_BY.search(found.time + clause[found.end : found.end + 5]):
        return False
    return not ("back" in found.repair.lower() and _TALK_BACK.search(clause))


@lru_cache(maxsize=1024)
def _english(text: str) -> tuple[int, int] | None:
    when = _when()
    if not when["hint"].search(text):
        return None
    for offset, clause in _clauses(text):
        for found in _expectations(clause):
            if _promises(clause, found):
                return offset + found.start, offset + found.end
        span = _lasting_repair(clause, text[max(0, offset - 70) : offset]) or _lasting_state(clause)
        span = span or outlook.told(clause)
        if span:
            return offset + span[0], offset + span[1]
    return None


def _lasting_repair(clause: str, before: str) -> tuple[int, int] | None:
    """How long a repair takes: "the rebuild should take 40 minutes", but not "pages take 30 seconds to load"."""
    when = _when()
    for match in _TAKEN.finditer(clause):
        if not re.search(r"take|require|need", match.group()):
            continue
        amount = when["amount"].search(clause, match.end(), match.end() + 70)
        if (
            not amount
            or amount.start() - match.end() > 30
            or re.search(r",|\bevery\b", clause[match.end() : amount.start()])
        ):
            continue
        left = f"{before}{clause[: match.start()]}"[-70:]
        if re.search(r"\b(?:seconds?|secs?|ms)\b", amount.group()) or _NOT_OF_REPAIR.match(clause[amount.end() :]):
            continue
        gap = clause[match.end() : amount.start()]
        if when["work"].search(left) and not (
            _refused(left[-40:]) or _refused(gap) or words("en", "promise", "other_business").search(left + gap)
        ):
            return match.start(), amount.end()
    return None


def _lasting_state(clause: str) -> tuple[int, int] | None:
    """How long it stays broken: "remains down until Monday", but not "was down until 14:00"."""
    when = _when()
    for match in when["state"].finditer(clause):
        until = re.compile(r"[^\n]{0,25}?\b(?:until|till)\s").match(clause, match.end())
        time = when["time"].search(clause, until.end() - 6, until.end() + 60) if until else None
        if not until or not time or time.start() > until.end() or when["soon"].fullmatch(time.group()):
            continue
        left = clause[max(0, match.start() - 25) : until.end()]
        if not re.search(r"\b(?:was|were|had|been)\b", left) and not _refused(
            clause[max(0, match.start() - 40) : match.start()]
        ):
            return match.start(), time.end()
    return None


def _conditional(sentence: Sentence, span: tuple[int, int]) -> bool:
    """A range with its condition ("2 to 4 hours if the copy is intact") is an estimate, not a promise. [§4]"""
    said = sentence.text[span[0] : span[1]]
    ranged = re.search(
        r"(?:\d|one|two|three|four|six|eight)\s{0,2}(?:-|–|to|and|or|到|至|~|～)\s{0,2}(?:\d|one|two|three"
        r"|four|six|eight|ten|twelve)",
        said,
    )
    return bool(ranged and words("en", "promise", "condition").search(sentence.text))


@cache
def _zh() -> dict[str, re.Pattern[str]]:
    t = chinese_time()
    time = rf"(?:(?:{t['day']})?\s?(?:{t['clock']})|{t['amount']}|{t['day']})"
    modal = fragment(terms("zh", "promise", "modal"))
    repair = fragment(terms("zh", "promise", "repair"))
    soon = t["soon"]
    gap = r"[^。！？；\n]{0,%d}?"
    return {
        "modal_time": re.compile(rf"(?:{modal}){gap % 12}(?P<time>{time}){gap % 24}(?P<repair>{repair})"),
        "time_within": re.compile(
            rf"(?P<time>{time})\s?(?:（[^（）]{{1,20}}）)?(?:内|之内|以内|后|之后|左右|前|之前|以前)"
            rf"{gap % 20}(?P<repair>{repair})"
        ),
        "modal_repair": re.compile(
            rf"(?:预计|预期|预估|争取|力争|有望|计划){gap % 30}(?P<repair>{repair}){gap % 10}(?P<time>{time})"
        ),
        "soon": re.compile(rf"(?P<time>{soon}){gap % 14}(?P<repair>{repair})"),
        "takes": re.compile(
            rf"(?:{repair}|修复|回滚|重启|恢复|切换){gap % 20}(?:需要|约需|仍需|还需|预计需|大概要|要花|耗时|用时)"
            rf"{gap % 6}(?P<time>{t['amount']})(?P<repair>)"
        ),
        "estimate": re.compile(
            rf"(?:预计|预期|预估)?(?:恢复|修复|完成|解决)时间(?:预计)?(?:为|是|在|约|：|:)"
            rf"\s?{gap % 6}(?P<time>{time})(?P<repair>)"
        ),
        "until": re.compile(
            rf"(?:{fragment(terms('zh', 'promise', 'lasting'))}){gap % 6}(?:到|至|直到|直至)"
            rf"\s?(?P<time>{time})(?P<repair>)"
        ),
    }


def _chinese(sentence: Sentence) -> tuple[int, int] | None:
    text = sentence.text
    if words("zh", "promise", "no_promise").search(text):
        return None
    other, done = words("zh", "promise", "other_business"), words("zh", "promise", "done")
    for pattern in _zh().values():
        for match in pattern.finditer(text):
            tail = text[match.start() : match.end() + 3]
            if other.search(match.group()) or done.search(text[max(0, match.start() - 4) : match.end()]):
                continue
            if re.search(
                r"(?:立即|立刻|马上|即将)(?:着手|开始|组织|展开|投入|进行|处理|排查|联系|启动)", tail
            ) or re.search(
                r"(?:开始|着手|抓紧|全力|紧急|正在|进行)$",
                text[: match.end("repair")][:-2] if match.group("repair") else "",
            ):
                continue
            return match.span()
    return None


def find(reviewed: ReviewedText, reader: Reader) -> Iterator[Finding]:
    """Promised times of repair, one a sentence; nothing in announcements of planned work."""
    if reader.stage == "planned" or _planned(reviewed):
        return
    for sentence in reviewed.sentences:
        span = _chinese(sentence) if reviewed.lang == "zh" else _english(sentence.text)
        if span is None or _conditional(sentence, span):
            continue
        yield mark(
            reviewed,
            "promise",
            *sentence.at(*span),
            pick(
                reviewed.lang,
                "a time of repair that may turn out wrong; say when you speak again instead",
                "承诺了恢复时间，落空比不说更伤信任；改说下次通报的时间",
            ),
            pick(reviewed.lang, "we can't yet say when it will be fixed", "目前还不能确定恢复时间"),
            "sentence",
        )


def _planned(reviewed: ReviewedText) -> bool:
    """Whether the text announces planned work: its end is a plan, not a promise of repair."""
    opening = reviewed.masked[:200]
    found = words(reviewed.lang, "promise", "planned").search(opening)
    if not found:
        return False
    if reviewed.lang == "zh":
        return not re.search(r"故障|异常|修复", opening)
    return bool(
        re.search(
            r"\b(?:scheduled|planned) (?:\w+ ){0,2}(?:maintenance|migration|upgrade|work|downtime)"
            r"|\bmaintenance (?:window|work)|storage move",
            opening,
            re.IGNORECASE,
        )
    )


def find_guarantees(reviewed: ReviewedText, reader: Reader) -> Iterator[Finding]:
    """`guarantee`: a certainty that nobody has. Saying what is done "to prevent" a repetition is none."""
    for sentence in reviewed.sentences:
        match = words(reviewed.lang, "guarantee", "phrase").search(sentence.text)
        if match and not words(reviewed.lang, "guarantee", "innocent").search(sentence.text[: match.start()]):
            yield mark(
                reviewed,
                "guarantee",
                *sentence.span(match),
                pick(
                    reviewed.lang,
                    "nobody can know this; say what you change instead",
                    "没有人能保证这一点；改说具体改进什么",
                ),
                pick(reviewed.lang, "we are changing what let this happen", "我们正在改进，减少再次发生的可能"),
                "sentence",
            )
