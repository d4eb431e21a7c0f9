"""`promise`: a time by which service is back, or a fix is in place. `guarantee`: that it never happens again.

Estimates made inside an incident run short by factors of two and more; a missed one costs more trust than none given.
[Kahneman & Tversky 1979; Buehler 1994] Innocent and near: the time of the next word, of a retry, of something past, of
planned work, the length of a delay, "no estimate yet", and a range whose condition is named.
"""

import re
from collections.abc import Iterator
from functools import cache

from opsterm.words.finding import Finding, Reader, mark, pick
from opsterm.words.lexicon import fragment, terms, words
from opsterm.words.moments import chinese_time, english_time
from opsterm.words.prose import Prose, Sentence

_CLAUSE = re.compile(r"[;—–]\s|,\s(?=but\b|while\b|so\b|although\b|though\b|however\b)|\s-\s|\sbut\s")
_PERFECT = re.compile(
    r"\b(?:should|must|may|might|could) have (?:been |all |now |fully )?\w+(?:ed|n)\b"
    r"|\b(?:will|would) have (?:been |all |now |fully )?\w+(?:ed|n)\b(?! by)",
    re.IGNORECASE,
)
_PAST = re.compile(
    r"\b(?:was|were|had been|has been|have been|had) (?:\w+ ){0,2}?(?:expect|hop|plan|estimat|suppos|due|schedul|anticipat|restor|resolv|recover|fix|mitigat|complet|back|deploy|revert)\w*"
    r"|\b(?:recovered|restored|resolved|fixed|returned|completed|mitigated)\b (?:at|by|within|in|around|on)\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:(?:can|could|may|might|should|will|would|'ll|likely to|expect(?:ed|s)? to|going to|estimated to)\s(?:\w+\s){0,2}?|(?:takes|requires|needs)\s|usually\s)"
    r"(?:take|takes|need|needs|require|requires|last|run)?\b",
    re.IGNORECASE,
)
_NOT_OF_REPAIR = re.compile(
    r"\s{0,2}(?:to|for \w+(?: \w+){0,3} to|before (?:it|they|the \w+))\s(?:load|open|arrive|deliver|be delivered|be received|appear|display|show|respond|start|send|be sent|refresh|render|sync|sign|log)",
    re.IGNORECASE,
)
_CLOCK_ONLY = re.compile(r"[^\w]{0,3}\d{4}-\d{2}-\d{2}[\sT]")


@cache
def _when() -> dict[str, re.Pattern[str]]:
    t = english_time()
    moment = rf"(?:{t['clock']}|{t['day']})"
    until = (
        rf"(?:\b(?:by|before|until|till|no later than|not later than|around|at|on|for|from|after|sometime|some time|later|in|within|over|during)\s{{1,3}}"
        rf"(?:(?:about|around|approximately|roughly|the|early|late|end of|the end of|later|sometime|next|coming|this|our|latest|at the latest|course of)\s{{1,3}}){{0,4}}(?:{moment}|week of|weekend))"
    )
    span = (
        rf"(?:\b(?:within|in|over|during|after)\s{{1,3}}(?:the\s{{1,3}})?(?:(?:next|coming|following|another|course of the next)\s{{1,3}}){{0,2}}(?:{t['amount']}|(?:few|couple of|the)?\s?(?:hour|minutes|hours|day|days|weeks)\b)"
        rf"|\bnext\s{{1,3}}{t['amount']})"
    )
    bare = rf"(?:{t['day']}|{t['soon']})"
    time = rf"(?:{span}|{until}|{bare})"
    repair = rf"(?<![\w'])(?:{fragment(terms('en', 'promise', 'repair'))})(?!\w)"
    modal = words("en", "promise", "modal").pattern
    other = words("en", "promise", "other_business").pattern
    return {
        "ahead": re.compile(
            rf"(?P<modal>{modal})(?P<gap>[^\n]{{0,110}}?)(?P<repair>{repair})(?P<rest>[^\n]{{0,120}}?)(?P<time>{time})",
            re.IGNORECASE,
        ),
        "time_first": re.compile(
            rf"(?P<time>{time})(?P<lead>[^\n.;]{{0,60}}?)(?P<modal>{modal})(?P<gap>[^\n]{{0,80}}?)(?P<repair>{repair})",
            re.IGNORECASE,
        ),
        "inside": re.compile(
            rf"(?P<modal>{modal})(?P<gap>[^\n]{{0,60}}?)(?P<time>{t['soon']})(?P<rest>[^\n]{{0,30}}?)(?P<repair>{repair})",
            re.IGNORECASE,
        ),
        "estimate": re.compile(
            rf"(?<![\w'])(?:{fragment(terms('en', 'promise', 'estimate'))})(?!\w)(?P<gap>[^\n]{{0,90}}?)(?P<time>{t['amount']}|{t['clock']}|{t['day']}|{t['soon']}|~\s?\d{{1,3}}\s?\w{{1,7}})",
            re.IGNORECASE,
        ),
        "hoped": re.compile(
            rf"(?P<modal>\bin\s)?(?P<repair>{repair}|(?:full|normal) (?:service|access|operations?))(?P<rest>[^\n]{{0,20}}?)\b(?:expected|due|estimated|anticipated|forecast|planned|targeted|scheduled)\b(?P<gap>[^\n]{{0,30}}?)(?P<time>{time}|{t['clock']}|{t['amount']})",
            re.IGNORECASE,
        ),
        "power": re.compile(
            rf"\b(?:expect\w*|hop\w{{1,3}}|promis\w*|estimat\w*|told us)\b(?P<gap>[^\n]{{0,60}}?)\b(?P<repair>power|service|connection|connectivity|network|water|access|electricity)\b(?P<rest>[^\n]{{0,40}}?)(?P<time>{span}|{until})",
            re.IGNORECASE,
        ),
        "taken": re.compile(
            rf"{_TAKEN.pattern}(?P<gap>[^\n,]{{0,30}}?)(?<!every )(?P<time>{t['amount']})", re.IGNORECASE
        ),
        "until": re.compile(
            rf"(?<![\w'])(?P<state>{fragment(terms('en', 'promise', 'lasting'))})(?!\w)(?P<gap>[^\n]{{0,25}}?)\b(?:until|till)\s{{1,3}}(?:at least\s|about\s|around\s|approximately\s|the\s|end of\s){{0,3}}(?P<time>{moment})",
            re.IGNORECASE,
        ),
        "coming": re.compile(
            rf"\b(?:(?:a|the|our|this)\s(?:\w+\s){{0,2}})?(?:fix|hotfix|patch|repair|mitigation|correction|workaround release|solution)\s(?:\w+\s){{0,3}}?(?:goes|is going|comes|coming|on its way|on the way|is coming|lands|ships|arrives|follows|is on its way|will follow)\s?(?:out|up|live|in)?\s?(?P<time>{time})",
            re.IGNORECASE,
        ),
        "other": re.compile(other, re.IGNORECASE),
        "work": re.compile(rf"(?<![\w'])(?:{fragment(terms('en', 'promise', 'work'))})(?!\w)", re.IGNORECASE),
    }


def _clauses(sentence: Sentence) -> Iterator[tuple[int, str]]:
    begin = 0
    for match in _CLAUSE.finditer(sentence.text):
        yield begin, sentence.text[begin : match.start()]
        begin = match.end()
    yield begin, sentence.text[begin:]


def _denied(clause: str, match: re.Match[str]) -> bool:
    """Whether the expectation is denied ("we do not expect", "no ETA") rather than stated."""
    before = clause[max(0, match.start() - 40) : match.start()]
    gap = match.groupdict().get("gap") or ""
    refusal = words("en", "promise", "no_promise")
    latest = re.compile(r"\bno(?:t)? (?:later|more|longer) than\b|\bnot only\b|\bif not\b", re.IGNORECASE)
    modal = match.groupdict().get("modal") or ""
    return bool(refusal.search(latest.sub("", before)) or refusal.search(latest.sub("", gap)) or refusal.search(modal))


def _english(prose: Prose, sentence: Sentence) -> tuple[int, int] | None:
    when = _when()
    text = sentence.text
    for offset, clause in _clauses(sentence):
        for kind in ("estimate", "ahead", "time_first", "inside", "hoped", "coming", "power"):
            for match in when[kind].finditer(clause):
                parts = match.groupdict()
                head = (
                    clause[max(0, match.start() - 12) : match.start("time")]
                    if kind != "time_first"
                    else clause[: match.end()]
                )
                if _denied(clause, match) or when["other"].search(parts.get("rest") or ""):
                    continue
                if kind != "estimate" and when["other"].search(parts.get("gap") or "") and kind != "coming":
                    continue
                if kind == "time_first" and when["other"].search(parts.get("lead") or ""):
                    continue
                if (
                    kind == "time_first"
                    and re.match(r"(?:at|on|in|from|after|since)\b", match.group("time"), re.IGNORECASE)
                    and _PAST.search(clause)
                ):
                    continue
                if _PERFECT.search(match.group()) or _PAST.search(head):
                    continue
                if re.search(
                    r"\b(?:the|last|past|previous) (?:last|past|previous|few)\b|\bago\b|\bsince\b",
                    match.group("time") + clause[match.end() : match.end() + 5],
                ):
                    continue
                if (
                    re.search(r"\b(?:report|get|check|write) back\b|\b(?:come|be) back (?:with|here)\b", clause)
                    and "back" in (parts.get("repair") or "").lower()
                ):
                    continue
                return offset + match.start(), offset + match.end()
        for match in when["taken"].finditer(clause):
            left = text[max(0, offset + match.start() - 70) : offset + match.start()]
            if re.search(r"\bseconds?\b|\bsecs?\b|\bms\b", match.group("time")) or _NOT_OF_REPAIR.match(
                clause[match.end() :]
            ):
                continue
            if "take" not in match.group() and "require" not in match.group() and "need" not in match.group():
                continue
            if (
                not when["work"].search(left)
                or _denied(clause, match)
                or when["other"].search(left + match.group("gap"))
            ):
                continue
            return offset + match.start(), offset + match.end()
        for match in when["until"].finditer(clause):
            left = clause[max(0, match.start() - 25) : match.start()]
            if re.search(r"\b(?:was|were|had|been)\b", left + match.group("gap")) or _denied(clause, match):
                continue
            return offset + match.start(), offset + match.end()
    return None


def _conditional(sentence: Sentence, span: tuple[int, int]) -> bool:
    """A range with its condition ("2 to 4 hours if the copy is intact") is an estimate, not a promise. [§4]"""
    said = sentence.text[span[0] : span[1]]
    ranged = re.search(
        r"(?:\d|one|two|three|four|six|eight)\s{0,2}(?:-|–|to|and|or|到|至|~|～)\s{0,2}(?:\d|one|two|three|four|six|eight|ten|twelve)",
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
            rf"(?P<time>{time})\s?(?:（[^（）]{{1,20}}）)?(?:内|之内|以内|后|之后|左右|前|之前|以前){gap % 20}(?P<repair>{repair})"
        ),
        "modal_repair": re.compile(
            rf"(?:预计|预期|预估|争取|力争|有望|计划){gap % 30}(?P<repair>{repair}){gap % 10}(?P<time>{time})"
        ),
        "soon": re.compile(rf"(?P<time>{soon}){gap % 14}(?P<repair>{repair})"),
        "takes": re.compile(
            rf"(?:{repair}|修复|回滚|重启|恢复|切换){gap % 20}(?:需要|约需|仍需|还需|预计需|大概要|要花|耗时|用时){gap % 6}(?P<time>{t['amount']})(?P<repair>)"
        ),
        "estimate": re.compile(
            rf"(?:预计|预期|预估)?(?:恢复|修复|完成|解决)时间(?:预计)?(?:为|是|在|约|：|:)\s?{gap % 6}(?P<time>{time})(?P<repair>)"
        ),
        "until": re.compile(
            rf"(?:{fragment(terms('zh', 'promise', 'lasting'))}){gap % 6}(?:到|至|直到|直至)\s?(?P<time>{time})(?P<repair>)"
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


def find(prose: Prose, reader: Reader) -> Iterator[Finding]:
    """Promised times of repair, one a sentence; nothing in announcements of planned work."""
    if reader.stage == "planned" or _planned(prose):
        return
    for sentence in prose.sentences:
        span = _chinese(sentence) if prose.lang == "zh" else _english(prose, sentence)
        if span is None or _conditional(sentence, span):
            continue
        yield mark(
            prose,
            "promise",
            sentence.start + span[0],
            sentence.start + span[1],
            pick(
                prose.lang,
                "a time of repair that may turn out wrong; say when you speak again instead",
                "承诺了恢复时间，落空比不说更伤信任；改说下次通报的时间",
            ),
            pick(prose.lang, "we can't yet say when it will be fixed", "目前还不能确定恢复时间"),
        )


def _planned(prose: Prose) -> bool:
    """Whether the text announces planned work: its end is a plan, not a promise of repair."""
    opening = prose.masked[:200]
    found = words(prose.lang, "promise", "planned").search(opening)
    if not found:
        return False
    if prose.lang == "zh":
        return not re.search(r"故障|异常|修复", opening)
    return bool(
        re.search(
            r"\b(?:scheduled|planned) (?:\w+ ){0,2}(?:maintenance|migration|upgrade|work|downtime)|\bmaintenance (?:window|work)|storage move",
            opening,
            re.IGNORECASE,
        )
    )


def find_guarantees(prose: Prose, reader: Reader) -> Iterator[Finding]:
    """`guarantee`: a certainty that nobody has. Saying what is done "to prevent" a repetition is none."""
    for sentence in prose.sentences:
        match = words(prose.lang, "guarantee", "phrase").search(sentence.text)
        if match and not words(prose.lang, "guarantee", "innocent").search(sentence.text[: match.start()]):
            start, end = sentence.span(match)
            yield mark(
                prose,
                "guarantee",
                start,
                end,
                pick(
                    prose.lang,
                    "nobody can know this; say what you change instead",
                    "没有人能保证这一点；改说具体改进什么",
                ),
                pick(prose.lang, "we are changing what let this happen", "我们正在改进，减少再次发生的可能"),
            )
