"""`unverified-cause`: a cause told as fact that is not known to be one.

Without a record that is so while the stage is the first word or scoping; with one, while no hypothesis is confirmed. A
hedge in the same clause, evidence beside the claim, the incident itself as the cause, and the search for a cause are
innocent. [field notes §2, §4]
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from opsterm.drafting.finding import Finding, Reader, mark, pick
from opsterm.drafting.lexicon import bordered, fragment, terms, words
from opsterm.drafting.reviewed_text import ReviewedText

EARLY = frozenset({"first", "scoping"})
"""Stages in which, without a record, nobody can know the cause."""

_RANGED = re.compile(r"[(（]\d+–\d+ %[)）]|\bruled out:|held unlikely \(|已排除：|可能性小（")
"""A calibrated word with its range beside it, or what is listed as ruled out: told as no fact."""
_CLAUSE_EDGE = re.compile(r"[;–—]\s|,\s(?:but|and|while|so|although|though|however)\s|\.\s")
_STATUS_LINK = re.compile(r"https?://[^\s)>]{0,120}(?:status|incident|health|outage)", re.IGNORECASE)
_SYMPTOM_TOLD = re.compile(
    r"\b(?:(?:users?|customers?|people|some|many|several|clients|students|members)"
    r" (?:have |are |has )?report(?:ed|ing)?"
    r"|(?:been|being|was|were|are|is|as) (?:\w+ly )?reported|(?:have|has) (?:received |had )?reports)\b",
    re.IGNORECASE,
)
"""Reports of what people see are no evidence of why."""
_MAY_SEE = re.compile(
    r"\b(?:may|might|could)(?: also| still| not| now| currently| therefore| \w+ly)*+"
    r" (?:see|experience|notice|encounter|observe|have (?:trouble|problems|issues|difficulty)|find|receive|get"
    r"|face|fail|lose|take|appear|load|arrive|miss|need|wait|hear"
    r"|be (?!due|caus|related|the |an? |because|down to|linked|triggered|behind|connected|respons|to blame|part))"
    r"|\b(?:potential|possible) (?:delays?|disruptions?|impact|interruptions?|errors|outages?)\b",
    re.IGNORECASE,
)
"""Leaves open who is hit, not why."""
_DUE_TO_DO = re.compile(
    r"\s(?:be|provide|start|begin|end|finish|report|come|return|complete|go|run|expire|arrive|happen|take"
    r"|receive|post|update|resume|reopen|land|ship|speak|meet)\b",
    re.IGNORECASE,
)
_OBJECT_UNKNOWN = re.compile(
    r"\s{0,3}(?:(?:is|was|are|remains?)\s)?(?:still\s|yet\s|currently\s|being\s|as yet\s|so far\s)"
    r"*(?:unknown|not\s(?:yet\s)?(?:known|clear|understood|confirmed)|unclear|under\sinvestigation"
    r"|investigated|undetermined|being\s(?:established|determined|sought|looked|traced|analy[sz]ed|examined)|an?\sunknown|to\sbe\s(?:determined|confirmed))",
    re.IGNORECASE,
)
_OBJECT_SYMPTOM = re.compile(
    r"\s{1,3}(?:an?\s|the\s|an?\s\w+\s|their\s)?(?:[`\"“'«]|HTTP\b|[45]\d\d\b|[45]xx|errors?\b|timeouts?\b"
    r"|time-outs?\b|[A-Z]{2,}_[A-Z_]+)",
    re.IGNORECASE,
)
_NEGATED = re.compile(
    r"\b(?:not|never|neither|nor|ruled out|rule out|unrelated|(?:is|was|are|were|do|does|did|has|have)n't)\s"
    r"(?:(?:\w+ly|yet|been|be|it|this|that|to be|believed|thought|known) )*$"
    r"|\b(?:not|n't) (?:believe|think|expect|appear|seem|consider)\b[^.]{0,40}$|\bruled out\b[^.]{0,25}$",
    re.IGNORECASE,
)
_IS_WHY = re.compile(
    r"\s(?:is|are|was|were) (?:responsible(?! for\b)|at fault\b"
    r"|what (?:causes?|caused|is causing|keeps|made|makes)|to blame|behind (?:this|it"
    r"|that|these)\b"
    r"|the (?:cause|reason|culprit)\b)",
    re.IGNORECASE,
)
_UNSPOKEN = re.compile(
    r"\b(?:not|n't|what|which|whether|who|nobody|no one|unclear|unknown|looking|investigating|it|this|that|there)\b",
    re.I,
)
"""Left of "is what causes it": words that say of nothing in particular that it is why."""
_AFTER = re.compile(
    r"(?:following|after) (?:an?|the|our|last \w+'s|yesterday's|today's|this morning's|a recent) (?:\w+ ){0,3}?"
    r"(?:upgrade|update|maintenance|migration|change|release|deployment|switch|failover|restart|move|power cut)\b"
    r"[^,.;]{0,60}(?=,)",
    re.IGNORECASE,
)
"""Opens a sentence with what came before, and so with why."""
_LABELLED = re.compile(
    r"(?:^|[.;\n]\s?|\*)(?:the |its )?(?:root |probable )?(?:cause|reason|culprit)\s?[:=–]\*{0,2}\s{0,3}"
    r"(?!(?:still |yet |as yet |currently )?(?:unknown|not\b|under|tbd|being|pending|n/a|to be|none|investigat"
    r"|unclear|open))\w",
    re.IGNORECASE,
)
"""A form's field: "Cause: out of disk space"."""
_SEARCH = re.compile(
    r"\b(?:what|whether|why|how|if|determin\w+|find\w* out|understand\w*|identify\w*|investigat\w+ (?:the )"
    r"?(?:root )?)\b[^,.;]{0,25}$",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"\b(?:investigat|look\w* into|aware of|reports? of|examin|diagnos|check)\w*\b[^.;]{0,80}$", re.IGNORECASE
)
_OUR_DEED = re.compile(r"\b(?:we|our (?:team|engineers))\b", re.IGNORECASE)
_WEAK_DOWN = re.compile(r"(?:is|was|are|were|be|it's|that's)\s$", re.IGNORECASE)
_OUR_REASON = re.compile(r"\s(?:we|you|they|i|our\s(?:team|priority)|customers may|users may)\b", re.IGNORECASE)
_OWNER = re.compile(r"\b(?:our|the|their|its)\s", re.IGNORECASE)
_ARTICLE = re.compile(r"\b(?:an?|the|our|some|this|one|two|several|recent|unexpected)\s", re.IGNORECASE)
_AUXILIARY = re.compile(
    r"(?:\s(?:is|are|was|were|has|have|had|been|that|which|currently|also|now|being|be)){1,4}$", re.IGNORECASE
)
_NOUN = re.compile(r"\b(?:root|the|a|this|underlying|possible|likely|exact|common)\s$", re.IGNORECASE)
"""Before "cause": it is the thing, no doing."""
_PASSIVE = re.compile(r"\b(?:is|are|was|were|be|been|being|got) (?:\w+ly )?$", re.IGNORECASE)
_GAVE_OUT = re.compile(
    r"\b(?:the|our|an?|one of (?:our|the)) (?:[\w'-]+ ){1,6}?(?:(?:is|are|was|were|has|have|had|became) "
    r"(?:\w+ly |now |been )?(?:full|overloaded|overwhelmed|saturated|exhausted|misconfigured|corrupt(?:ed)?|expired"
    r"|out of (?:memory|disk|space|capacity))|(?:ran|run) out of \w+(?: space| capacity)?"
    r"|(?<=broker )crashed|(?<=server )crashed|(?<=database )crashed|(?<=process )crashed|(?<=router )crashed"
    r"|(?<=switch )crashed"
    r"|(?:has |have )?(?:come down|fallen|collapsed|burst|caught fire|landed|come off|snapped)"
    r" ?(?:on|onto|across|in|at)?"
    r"|(?:died|gave out|fell over|lost (?:its|their) \w+|used up (?:\w+ ){0,3}\w+))(?!\w)",
    re.IGNORECASE,
)
"""What gives out explains what people see, though no word says "because": "our disk is full"."""
_STRONG = re.compile(
    r"(?<=\w)\s(?:has |have |had )?(?:took down|taken down|knocked out|brought down|severed|sliced through"
    r"|blocked|broke(?:n)?"
    r"|damaged|wiped out|cut (?:through|off)|swamped|flooded|fried|struck|burned|burnt|destroyed|melted|crushed"
    r"|overwhelmed|tripped|corrupted)\s(?!by\b|down\b|and\b|out\b)\w",
    re.IGNORECASE,
)
"""What only a cause does, whatever it is."""
_WHICH = re.compile(
    r",\swhich (?:is |now |then |in turn |also )*(?:stops?|stopping|prevents?|preventing|blocks?|blocking"
    r"|breaks?|breaking"
    r"|keeps?|keeping|causes?|causing)\b",
    re.IGNORECASE,
)
_TALKED_OF = re.compile(
    r"\b(?:issues?|problems?|errors?|incidents?|outages?|we|delays?|failures|disruptions?|slow\w*)\b", re.I
)
"""Left of "which causes …": the trouble itself, no cause of it."""
_NO_CAUSE = re.compile(
    r"\b(?:we|i|you|they|it|this|that|which|who|what|users?|customers?|issues?|problems?|incidents?|outages?|errors?"
    r"|(?:is|are|was|were|been|being|be|or|and))\s*$|^\W*$",
    re.IGNORECASE,
)
_LOOSE_LINK = re.compile(
    r"(?:due to|because(?: of)?|as a (?:result|consequence) of|owing to|on account of|thanks to)\b", re.IGNORECASE
)
"""Begins a part that can be taken out of its sentence."""
_NO_SUBJECT = re.compile(
    r"\b(?:will|can|would|to|not|n't)\s*$|\b(?:rate|rates|errors|latenc\w+|slowness|timeouts|delays)\s*$"
    r"|\b(?:we|our (?:team|engineers))\b",
    re.IGNORECASE,
)
_LOOSE = frozenset({
    "this follows", "an effect of", "it follows", "related to", "result of", "comes from", "linked to",
    "tied to", "associated with", "lies with", "lies in", "lies at", "sits with", "introduced by",
    "in the wake of", "on the back of", "side effect of",
})  # fmt: skip
"""Links that tell a cause only where a defect or somebody else's part follows."""
_DONE_BY = re.compile(
    r"\b(?:cut off|cut|brought down|taken down|knocked out|damaged|broken|severed|interrupted|disrupted|overloaded"
    r"|overwhelmed|blocked|triggered|hit|destroyed|introduced)"
    r" (?:\w+ly )?by\s[^,.;]{3,60}"
    r"|\b(?:we|i) (?:have |had )?(?:broke|broken|caused|introduced|triggered|misconfigured|overloaded)\s[^,.;]{2,60}",
    re.IGNORECASE,
)
"""Who or what did it, in the passive; or that we did."""
_STRIKES = re.compile(r"(?:is|are|has|have)?\s?(?:currently )?(?:impact|affect|mean)", re.IGNORECASE)
_FOLLOWS = re.compile(
    r"\b(?:after|following)\s(?:an?|the|our|this|last|yesterday's|today's|some|one|two|several|recent|we|they)\s[^,.;]{3,90}",
    re.IGNORECASE,
)
"""What came before is told as why."""
_IS_WITH = re.compile(
    r"\b(?:issue|problem|fault|error|failure|trouble)s? (?:is|are) (?:not ours but )?"
    r"(?:with|at|on|in|within)\s[^,.;]{3,60}",
    re.IGNORECASE,
)
"""Where the fault is said to be."""
_THEREFORE = re.compile(
    r"\b(?:so|which means|meaning|which is why|hence|thus|therefore)\s(?!that\s|far\b|we\b|you\b|please\b|our\b)",
    re.IGNORECASE,
)
_SERVER = re.compile(r"\bservers?\b|\b(?:api|interface|service|system)s? (?:is|are|has|have)\b", re.IGNORECASE)
_BROKEN = re.compile(
    r"\b(?:overloaded|full|exhausted|out of (?:memory|disk|space)|having (?:issues|problems|trouble)|ha(?:s"
    r"|ve) (?:issues|problems)|fail\w*|broken|corrupt\w*|"
    r"misconfigured|crashed|died|stopped working|expired|offline|down)\b",
    re.IGNORECASE,
)


@cache
def _english() -> dict[str, re.Pattern[str]]:
    defect = bordered(terms("en", "cause", "defect"))
    supplier = bordered(terms("en", "cause", "supplier"))
    return {
        "defect": re.compile(
            defect
            + r"|\b(?:failure|outage|problems? (?:with|in|at)|issues? (?:with|in|at)|fault|error in|load|traffic)\b",
            re.IGNORECASE,
        ),
        "bare_defect": re.compile(defect, re.IGNORECASE),
        "of_weight": re.compile(rf"{supplier}|{bordered(terms('en', 'cause', 'of_weight'))}", re.IGNORECASE),
        "supplier": re.compile(supplier, re.IGNORECASE),
        "trouble": re.compile(
            rf"\s(?:{fragment(terms('en', 'cause', 'supplier_trouble'))}"
            r"|(?:has|have) an? (?:\w+ ){0,2}(?:fault|problem|issue|outage|failure|incident|bug))(?!\w)",
            re.IGNORECASE,
        ),
    }


def _left(text: str, at: int, reach: int, edges: str) -> tuple[int, str]:
    """What stands before a place, back to the nearest of the edges: its offset and the piece."""
    begin = max(0, at - reach)
    piece = text[begin:at]
    cut = max(piece.rfind(edge) for edge in edges) + 1
    return begin + cut, piece[cut:]


def supplier_troubles(text: str) -> Iterator[tuple[int, int]]:
    """Where a text tells of a supplier's trouble ("our carrier is down"): a cause, no effect."""
    patterns = _english()
    for trouble in patterns["trouble"].finditer(text):
        offset, left = _left(text, trouble.start(), 70, ".,;\n")
        suppliers = [found for found in patterns["supplier"].finditer(left) if len(left) - found.end() <= 25]
        if suppliers:
            owner = _OWNER.search(left, max(0, suppliers[0].start() - 34), suppliers[0].start())
            yield offset + (owner.start() if owner else suppliers[0].start()), trouble.end()


def _subjects(text: str) -> Iterator[tuple[int, int, int]]:
    """Defects that do something ("a bug in … is causing"): begin, where the verb begins, end."""
    patterns = _english()
    for verb in words("en", "cause", "effect_verb").finditer(text):
        offset, left = _left(text, verb.start(), 150, ".,;\n")
        if verb.group().lower() in ("cause", "causes") and _NOUN.search(left):
            continue
        if _PASSIVE.search(left) and verb.group()[-2:].lower() in ("ed", "en"):
            continue
        left = _AUXILIARY.sub("", left.rstrip())
        found = patterns["of_weight" if _STRIKES.match(verb.group()) else "bare_defect"].search(left)
        if found and len(left) - found.end() <= 52:
            article = _ARTICLE.search(left, max(0, found.start() - 70), found.start())
            yield offset + (article.start() if article else found.start()), offset + len(left), verb.end()


def _clause(text: str, at: int) -> tuple[int, str]:
    begin, end = 0, len(text)
    for edge in _CLAUSE_EDGE.finditer(text):
        if edge.end() <= at:
            begin = edge.end()
        elif edge.start() >= at:
            end = edge.start()
            break
    return begin, text[begin:end]


@lru_cache(maxsize=1024)
def _asserted(text: str) -> tuple[int, int] | None:
    patterns = _english()
    for link in words("en", "cause", "link").finditer(text):
        begin, clause = _clause(text, link.start())
        before, after = text[begin : link.start()], text[link.end() :]
        said = link.group().lower()
        if text.count('"', 0, link.start()) % 2 or text.count("“", 0, link.start()) > text.count("”", 0, link.start()):
            continue
        if _excused(clause):
            continue
        if words("en", "cause", "itself").match(after.lstrip()) and not re.match(
            r"\s*(?:the|this|an?)\s\w+\s(?:with|in|at|of)\b", after
        ):
            continue
        if (
            _OBJECT_UNKNOWN.match(after)
            or _OBJECT_SYMPTOM.match(after)
            or _NEGATED.search(before)
            or _SEARCH.search(before)
        ):
            continue
        if said == "due to" and _DUE_TO_DO.match(after):
            continue
        if said == "down to" and (
            not _WEAK_DOWN.search(before) or re.match(r"\s(?:\d|about|around|under|zero|a few|less)", after)
        ):
            continue
        if said in ("because", "thanks to", "as a result of", "driven by") and (
            _OUR_REASON.match(after) or re.match(r"\s(?:your|everyone|all of)\b", after)
        ):
            continue
        if said in _LOOSE and not (patterns["defect"].search(after[:80]) or patterns["supplier"].search(after[:80])):
            continue
        if not after.strip(" .,;:!?"):
            continue
        stop = re.search(r"[,;.]\s|[.]$|$|\sand (?:we|are)\b", after)
        return link.start(), link.end() + (stop.start() if stop else len(after))
    for start, verb, end in _subjects(text):
        begin, clause = _clause(text, verb)
        whole, before = text[start:verb], text[begin:start]
        if _excused(clause) or _ASIDE.search(f"{before}{whole}") or _SEARCH.search(f"{before} {whole}"):
            continue
        if _NO_SUBJECT.search(whole):
            continue
        return start, end
    for link in _THEREFORE.finditer(text):
        offset, left = _left(text, link.start(), 120, ".;\n")
        part = patterns["defect"].search(left) or patterns["supplier"].search(left) or _SERVER.search(left)
        if part and _BROKEN.search(left) and not (_excused(left) or _ASIDE.search(left)):
            return offset, link.end()
    if (since := _AFTER.match(text)) and not _excused(text):
        return since.start(), since.end()
    for where in _IS_WITH.finditer(text):
        if patterns["supplier"].search(where.group()) and not (_excused(text) or _SEARCH.search(text[: where.start()])):
            return where.span()
    for deed in _DONE_BY.finditer(text):
        left = text[: deed.start()]
        if not (
            _excused(_clause(text, deed.start())[1])
            or _ASIDE.search(left)
            or _SEARCH.search(left)
            or _NEGATED.search(left)
            or words("en", "cause", "itself").search(deed.group())
        ):
            return deed.span()
    for past in _FOLLOWS.finditer(text):
        left = text[: past.start()]
        if patterns["of_weight"].search(past.group()) and not (
            _excused(text) or _ASIDE.search(past.group()) or _SEARCH.search(left) or _NEGATED.search(left)
        ):
            return past.span()
    for why in _IS_WHY.finditer(text):
        offset, left = _left(text, why.start(), 120, ".;\n")
        if left.strip() and not (_excused(left) or _UNSPOKEN.search(left)):
            return offset + len(left) - len(left.lstrip()), why.end()
    if (field := _LABELLED.search(text)) and not _excused(text[field.start() :]):
        return field.end() - 1, len(text.rstrip(" ."))
    for strong in _STRONG.finditer(text):
        offset, left = _left(text, strong.start(), 90, ".,;:\n")
        if (
            _NO_CAUSE.search(left)
            or _excused(_clause(text, strong.start())[1])
            or _ASIDE.search(text[: strong.start()])
        ):
            continue
        if not (_SEARCH.search(left) or _OUR_DEED.search(left)):
            return offset + len(left) - len(left.lstrip()), strong.end() - 1
    for which in _WHICH.finditer(text):
        offset, left = _left(text, which.start(), 120, ".;\n")
        if not (_excused(left) or _ASIDE.search(left) or _SEARCH.search(left) or _TALKED_OF.search(left)):
            return offset + len(left) - len(left.lstrip()), which.end()
    for gone in _GAVE_OUT.finditer(text):
        _, clause = _clause(text, gone.start())
        if not (_excused(clause) or _ASIDE.search(text[: gone.start()]) or _SEARCH.search(text[: gone.start()])):
            return gone.span()
    for start, end in supplier_troubles(text):
        _, clause = _clause(text, start)
        if not (_hedged(clause) or words("en", "cause", "shown").search(text) or _ASIDE.search(text[:start])):
            return start, end
    return None


def _excused(clause: str) -> bool:
    """Whether a clause hedges, shows evidence, or says sorry."""
    return (
        _hedged(clause)
        or words("en", "cause", "shown").search(_SYMPTOM_TOLD.sub("", clause)) is not None
        or words("en", "cause", "sorry").search(clause) is not None
    )


def _hedged(clause: str) -> bool:
    return words("en", "cause", "hedge").search(_MAY_SEE.sub("", clause)) is not None


_ZH_SEARCH = re.compile(
    r"(?:排查|调查|查明|查找|定位|寻找|分析|确认)[^，。；]{0,12}$|什么[^，。]{0,4}$|是否[^，。]{0,10}$"
)
_ZH_BECAUSE = re.compile(r"(?<![原起成])因(?!此|为|素|而|故)(?=[^，。；]{2,24}(?:导致|造成|故障|[，,]|无法|暂停|中断))")
_ZH_STRUCK = re.compile(r"受(?!到|此|本次|该|影响|这)[^，。；]{2,18}?影响(?=[，,])")
_ZH_OWING = re.compile(r"(?:系|是|为)?[^，。；\n]{2,24}所致")
_ZH_LEADS = re.compile(r"[^，。；\n]{2,30}?(?:导致|造成|引起|引发|致使|触发)(?!的(?:不便|影响|困扰)|原因)")


@cache
def _supplier_zh() -> re.Pattern[str]:
    supplier, trouble = (fragment(terms("zh", "cause", name)) for name in ("supplier", "supplier_trouble"))
    return re.compile(rf"(?:{supplier})[^，。；]{{0,10}}?(?:{trouble})")


@lru_cache(maxsize=1024)
def _asserted_zh(text: str) -> tuple[int, int] | None:
    if words("zh", "cause", "hedge").search(text) or words("zh", "cause", "shown").search(text):
        return None
    supplier = _supplier_zh()
    for pattern in (words("zh", "cause", "link"), _ZH_BECAUSE, _ZH_STRUCK, _ZH_LEADS, _ZH_OWING, supplier):
        for match in pattern.finditer(text):
            after = text[match.end() :].lstrip()
            if (
                pattern is not supplier
                and pattern is not _ZH_STRUCK
                and (words("zh", "cause", "itself").match(after) or words("zh", "cause", "sorry").search(after[:14]))
            ):
                continue
            if (
                words("zh", "cause", "itself").match(match.group())
                or _ZH_SEARCH.search(text[: match.start()])
                or re.match(r"(?:尚|仍|还)?(?:不明|未知|未明|不清楚|待查|在排查)", after)
            ):
                continue
            if pattern is _ZH_LEADS and re.search(
                r"(?:排查|调查|查明|什么|是否|对由此|由此|对此|因此|给您)", match.group()
            ):
                continue
            stop = re.search(r"[，,。；]|$", after)
            end = match.end() + (len(text[match.end() :]) - len(after)) + (stop.start() if stop else 0)
            return match.start(), max(match.end(), end)
    return None


def find(reviewed: ReviewedText, reader: Reader, known: bool | None = None) -> Iterator[Finding]:
    """Causes told as fact. `known`: whether the record has a confirmed cause; None without a record."""
    if known or (known is None and reader.stage not in EARLY):
        return
    if known is None and _STATUS_LINK.search(reviewed.text):
        return
    for sentence in reviewed.sentences:
        if _RANGED.search(sentence.text):
            continue
        span = _asserted_zh(sentence.text) if reviewed.lang == "zh" else _asserted(sentence.text)
        if span:
            linked = _can_go(reviewed, sentence.text, span[0])
            yield mark(
                reviewed,
                "unverified-cause",
                *sentence.at(*span),
                pick(
                    reviewed.lang,
                    "told as the cause, but nothing has confirmed it yet",
                    "当作原因说了，但还没有得到确认",
                ),
                pick(reviewed.lang, "we're looking into the cause", "正在排查原因")
                if linked
                else pick(reviewed.lang, "we suspect that", "我们怀疑，"),
                "cut" if linked else "before",
            )


def _can_go(reviewed: ReviewedText, text: str, start: int) -> bool:
    """Whether the words are a part that can go ("due to a full disk"), not the sentence itself."""
    if reviewed.lang == "zh":
        return text.startswith(("由于", "因为"), start) or _ZH_BECAUSE.match(text, start) is not None
    return bool(_LOOSE_LINK.match(text, start)) and not _WEAK_DOWN.search(text[:start])
