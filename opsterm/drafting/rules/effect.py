"""`no-impact`: a text that says neither what people can't do, nor what they see, nor who is hit.

An effect is something used (a page, sign-in, a product, a region, an audience) and what is wrong with it. "An issue
with X", "degraded performance", a fault of power or cooling alone name none; "no customer is affected" does. [§4]
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from opsterm.drafting.finding import Finding, Reader, mark, pick
from opsterm.drafting.lexicon import bordered, entries, fragment, terms, words
from opsterm.drafting.reviewed_text import ReviewedText, Sentence, asks, blanked
from opsterm.drafting.rules import cause
from opsterm.drafting.rules.clause import Clause, clauses
from opsterm.drafting.rules.courtesy import without_courtesy

_NOT_A_SYMPTOM = re.compile(
    r"\bno longer (?:see|seeing|observ\w+|experienc\w+|have|having)\b"
    r"|\b(?:narrow|track|slow|calm|shut|settl|bring|power|wind|scal)\w* down\b|\bdown to\b|\bwaiting (?:for"
    r"|on) (?:a |an |the |their |them|more|further|our|confirmation|info)"
    r"|\bfail(?:ed|ing|s)? over\b|\b(?:unable|not able|cannot|can't|could not|couldn't) to? ?(?:provide|give"
    r"|offer|say|tell|estimate|share|confirm|commit|determine|reproduce|identify|find)\b"
    r"|\b(?:cannot|can't) (?:yet )?(?:provide|give|say|tell|estimate|share|confirm|commit|determine|promise)"
    r"\b|\bwithout (?:further )?delay\b|\bsorry for (?:the|any) (?:delay|disruption|interruption)\w*"
    r"|\bapolog\w+ for [^.]{0,50}"
    r"|\bno data (?:was |has been |is )?los[ts]\b|\bnot (?:received|seen) (?:anything|any (?:update|news"
    r"|word|response))\b|\bstill waiting\b|\blatest\b|\bpreviously reported\b"
    r"|\b(?:lost|no|without|loss of|restored?) (?:\w+ )?(?:power|cooling|redundancy|electricity)\b|\bpower "
    r"(?:is |was )?(?:loss|lost|out|down|cut|outage|failure)\b"
    r"|\b(?:failed|broken|faulty|damaged|wrong|bad|defective|lost|missing) (?:\w+ )?(?:unit|disk|drive|part|plug|cable"
    r"|switch|router|server|module|component|card|hardware|controller|power|pump|fan|fibre|fiber|battery)s?\b"
    r"|\bfail(?:ed|s|ing)? to (?:send|tell|inform|answer|act|reply|respond|provide|come|deliver on|meet|agree)\b"
    r"|\b(?:what|something|that)(?:'s| is| was| has gone| went) (?:\w+ )?wrong\b|\bsomething broke\b|\b(?:tak\w+"
    r"|took|put\w*) (?:\w+ ){1,3}out of service\b|\bhanging (?:on|in|tight)\b|\b(?:thanks"
    r"|thank you) for (?:your )?waiting\b|\bIT (?:disruption|outage|incident)s?\b"
    r"|\bnot available (?:at this time|yet)\b|\b(?:has|have|had|been) (?:paused|stopped|suspended|blocked"
    r"|rejected)\b|\bwe (?:have )?(?:paused|stopped|suspended|blocked|disabled|restarted)\b|\bservice "
    r"restart\b|\b(?:disruption|interruption|loss)s? (?:this|that|it) (?:has|may have)? ?caused\b"
    r"|\b(?:prevent|avoid|reduce|minimi[sz]e)\w* (?:any |further |future )?(?:delay|disruption|interruption"
    r"|loss)\w*|\bnot yet received\b|\bnot (?:be )?(?:resolved|fixed|over|finished|identified)\b",
    re.IGNORECASE,
)
_NOT_DO = re.compile(
    r"\b(?:do|does|did)(?: not|n't) (?!know|yet|have|believe|expect|anticipate|currently|want|need|see any"
    r"|think|appear|bother|answer|report|respond|tell|give|seem|foresee|intend|plan)\w+",
    re.IGNORECASE,
)
_NOT_DOING = re.compile(
    r"\b(?:is|are|was|were|been|has|have|had)(?: not|n't) (?:been )?(?!investigating|monitoring|expecting"
    r"|planning|seeing|going|aware|yet)\w{3,}ing\b",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"\b(?:return|returning|returns|returned|show|shows|showing|give|gives|giving|get|gets|getting|answers?"
    r"|responds? with|throw|throws|throwing) (?:with )?(?:an? |only )?"
    r"(?:HTTP|errors?\b|[45]\d\d\b|[45]xx|blank|empty|white)|\b[45]\d\d (?:errors?|responses?)\b|\b[45]xx\b"
    r"|\bHTTP[ /-]?[45]\d\d\b",
    re.IGNORECASE,
)
_CAUSE_PART = re.compile(
    r"^(?:due to|because of|owing to|as a result of)\b(?:[^,.;]{0,120},|(?:\s[\w'-]+){1,4})|(?<!^)\b(?:due "
    r"to|because of|caused by|owing to|as a result of)\b[^,.;]{0,120}",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"`[^`\n]{1,60}`|\b[\w-]{1,40}(?:\.[\w-]{1,40}){1,4}\.?(?:com|org|net|io|dev|cloud|app|ac|co|gov|edu|uk"
    r"|cn|eu)\b|(?<=[a-z,:;'\")\]] )\(?[A-Z][\w-]{1,30}|\b[A-Z][a-z]+[A-Z]\w*|\b[A-Z]{2,}[a-z]?\b|\b[A-Z]{2,"
    r"5}-?\d\b|\b[a-z]{2}-[a-z]{4,9}(?:-\d)?\b|(?:^|\n)[A-Z][\w.-]{1,30}(?= (?:is|are|was|were|has|have|API"
    r"|service|users|customers|site)\b)"
)
_NO_NAME = re.compile(
    r"^\(?(?:UTC|GMT|PDT|PST|EDT|EST|CET|CEST|BST|IST|EU|ETA|We|We're|We've|We'll|Our|The|This|It|An|A|On|In"
    r"|At|As|All|Next|Update|Status|Investigating|Identified|Monitoring|Resolved|January|February|March"
    r"|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday"
    r"|Friday|Saturday|Sunday|AM|PM|Thank|Thanks|Please|Sorry|Apologies|Engineering|Support|Operations|I|UPS"
    r"|OK|Root|RCA|SLA|SLO\w*|API)$"
)
_REGION = re.compile(
    r"\b(?:in|across|to|from|for|throughout|at)\s(?:the\s|our\s|all\s)?(?!UTC|GMT|The|This|Our|We)"
    r"(?:[A-Z][A-Za-z]\w*(?:[\s-]\(?[A-Z]\w*\)?){0,3}|[a-z]{2}-[a-z]+-?\d?\b)"
)
_USED = re.compile(
    r"\b(?:website|site|login|sign-in|sign-up|search|checkout|emails?|mail|pages?|maps?|tiles|workloads?"
    r"|dashboard|app|apps|payments?|orders?|calls?|"
    r"messages?|uploads?|downloads?|bookings?|campaigns?|newsletters?|videos?|meetings?|calendars?|API"
    r"|virtual machines?|builds?|queries|logins)\b",
    re.IGNORECASE,
)
_STRIKES = re.compile(
    rf"\b(?:affecting|impacting|affects?|impacts?|hits?"
    rf"|hitting)\s(?:\w+\s){{0,3}}?(?:{fragment(terms('en', 'effect', 'audience'))})(?!\w)",
    re.IGNORECASE,
)
"""Whom it hits; beside a thing that they use, that says who cannot count on what."""
_BARE = re.compile(r"\bdegraded (?:performance|availability|experience|state)\b", re.IGNORECASE)
"""Says of a component that it is worse, and of nobody what it means."""
_CONNECTION = re.compile(
    r"\b(?:connect(?:ion|ivity)|network(?:ing)?|internet|packet|routing|traffic|dns)\b[^.]{0,30}\b(?:issues?"
    r"|problems?|loss|drops?|failures?|errors?|disruption)"
    r"|\b(?:affecting|impacting|affects|impacts) (?:\w+ )?(?:connectivity|network|traffic|access)\b",
    re.IGNORECASE,
)
_ASIDE_USE = re.compile(
    r"\b(?:prevent|affecting|impacting|disruption (?:in|to|of)|problems? (?:accessing|reaching|loading"
    r"|logging|signing|sending|opening|using|connecting|uploading|viewing|with accessing)|issues? "
    r"(?:accessing|reaching|loading|logging|signing|sending|opening|connecting|uploading|viewing|creating"
    r"|launching|when|while)|trouble (?:accessing|reaching|loading|logging|signing|sending|opening"
    r"|connecting|uploading|viewing|with))\b",
    re.IGNORECASE,
)
_WORKS_AGAIN = re.compile(
    r"\byou can now\b|\bcan (?:now|again)\b|\b(?:now )?able to\b"
    r"|(?<!everything )(?<!everything is )(?<!everything's )(?<!everything should be )(?<!things should be )"
    r"(?<!now be )(?<!all systems are )"
    r"(?<!all services are )(?<!services are )(?<!systems are )(?<!services should be )(?<!should now be )"
    r"\bwork(?:s|ing)? (?:again|normally|as expected)\b",
    re.IGNORECASE,
)


@cache
def _english() -> dict[str, re.Pattern[str]]:
    trouble = bordered(terms("en", "effect", "trouble"))
    linking = rf"(?:{fragment(terms('en', 'effect', 'linking'))})(?!\w)"
    audience = r"(?!(?<=our )(?:teams|developers)\b)" + bordered(terms("en", "effect", "audience"))
    return {
        "trouble": re.compile(
            rf"{trouble}\s(?:rates?\s)?{linking}\s(?!(?:this|that|these|the (?:issue|incident|problem)s?|our "
            rf"(?:data cent\w+|provider|partner))\b)"
            rf"(?!(?:(?:some|certain|several|many|multiple|all|a (?:few|\w++ ?\w*+ of)|of|our)\s){{0,4}}{audience}\W*$)"
            rf"(?!(?:the )?(?:EU|US|UK|Europe|Asia|America|APAC"
            rf"|EMEA)\W?(?:$|\s))\S+",
            re.IGNORECASE,
        ),
        "before_trouble": re.compile(rf"(?P<thing>[\w.'`-]{{3,40}})\s{trouble}", re.IGNORECASE),
        "audience": re.compile(
            rf"{audience}[^.;\n]{{0,20}}?\s(?:{fragment(terms('en', 'effect', 'audience_of'))})(?!\w)\s\S{{2,}}",
            re.IGNORECASE,
        ),
        "audience_see": re.compile(
            rf"{audience}[^.;\n]{{0,40}}?\b(?:see|seeing|experience|experiencing|experienced|encounter\w*"
            rf"|receiv\w*|report\w*|notice|notic\w+|get|getting|find|have trouble|have been|had|were|are)\b",
            re.IGNORECASE,
        ),
    }


def _names_a_thing(sentence: Sentence) -> bool:
    for match in _NAMED.finditer(sentence.text):
        name = match.group().strip().rstrip(".,:;")
        if not _NO_NAME.match(name) and name.lower() not in _generic():
            return True
    return False


def has_effect(reviewed: ReviewedText) -> bool:
    """Whether the text names an effect, an audience of a named thing, or says that nobody is hit."""
    return any(_says_zh(sentence) if reviewed.lang == "zh" else _says(sentence) for sentence in reviewed.sentences)


@lru_cache(maxsize=1024)
def _says(sentence: Sentence) -> bool:
    text = told = without_courtesy(sentence.text)
    if not told.strip():
        return False
    for aside in (_NOT_A_SYMPTOM, _CAUSE_PART):
        text = blanked(text, aside)
    for part in clauses(text):
        if part.subject.lower() in entries("en", "effect", "hardware"):
            text = text[: part.start] + " " * (part.end - part.start) + text[part.end :]
    for start, end in cause.supplier_troubles(text):
        text = text[:start] + " " * (end - start) + text[end:]
    if (
        words("en", "effect", "no_effect").search(text)
        or _symptom(sentence, text)
        or _NOT_DO.search(text)
        or _NOT_DOING.search(text)
        or _ANSWERS.search(text)
    ):
        return True
    patterns = _english()
    named = _names_a_thing(sentence)
    if patterns["trouble"].search(text) or patterns["audience"].search(text):
        return True
    for match in patterns["before_trouble"].finditer(text):
        thing = match.group("thing").lower()
        if thing not in _generic() and not thing.endswith("ing"):
            return True
    if _REGION.search(sentence.text) and _USED.search(text) and not _BARE.search(text):
        return True
    if _STRIKES.search(text) and _USED.search(text):
        return True
    if _CONNECTION.search(text) and (_REGION.search(sentence.text) or named):
        return True
    if _ASIDE_USE.search(text) and re.search(
        r"\b(?:accessing|reaching|loading|logging|signing|sending|opening|connecting|uploading|viewing"
        r"|creating|launching|when|while)\b",
        text,
    ):
        return True
    if (
        named
        or _USED.search(text)
        or re.search(
            r"\b(?:website|site|login|sign-in|search|checkout|emails?|pages?|workloads?|support|dashboard"
            r"|app|machines|sites|lists|tools|accounts)\b",
            text,
            re.IGNORECASE,
        )
    ) and words("en", "effect", "restored").search(text):
        return not re.search(r"\bfix\b[^.]{0,30}$", text[:40])
    if re.search(
        r"\brestor\w+ (?:the )?(?:affected|impacted) (?!services?\b|systems?\b|customers?\b|resources?\b)\w+", text
    ):
        return True
    return bool(_WORKS_AGAIN.search(text) or _NOTHING_OF.search(text)) or any(
        _tells(part) for part in clauses(_CAUSE_PART.sub("", told))
    )


_NOTHING_OF = re.compile(
    rf"(?:^|[;:,]\s|\b(?:have|has|had|get|gets|with|sees?|there (?:is|are|were|was))\s)no\s"
    rf"(?!{bordered(terms('en', 'effect', 'no_what'))})[a-z]{{3,}}",
    re.IGNORECASE,
)
"""What people go without: "no trains between …", "2,300 homes have no broadband"."""
_READS_ON = re.compile(
    r"\s?(?:find|follow|read|contact|monitor|subscribe|check|reach|visit|write|call|email|see (?:updates|more"
    r"|the latest)"
    r"|expect)\b",
    re.IGNORECASE,
)


_OURSELVES = re.compile(
    r"(?:we|they|i|it|this|that|there|he|she|let|is|are|was|were|has|have|will|our (?:\w+ ){0,2}(?:team|partner"
    r"|provider)s?)\b",
    re.I,
)
_AT_WORK = re.compile(
    r"(?:now |still |currently |being )*(?:re(?:placing|pairing|storing|building|starting|verting)|fixing"
    r"|working (?:on|to|with|towards?|hard|closely|as|around|flat)|looking"
    r"|investigating|checking|testing|digging|preparing|trying|reported|confirmed|applied|identified|deployed"
    r"|implemented"
    r"|notified|acknowledged|seeing|found|isolated|begun|started work|on (?:it|site|the case)|on (?:its|their) way)\b",
    re.IGNORECASE,
)


def _tells(part: Clause) -> bool:
    """Whether a clause says of something that people use more than that it has a problem."""
    head = part.subject.lower()
    if head == "you":
        return part.verb in ("can", "cannot", "can't", "could", "couldn't", "may") and not _READS_ON.match(part.said)
    if head in entries("en", "effect", "plant") or _OURSELVES.match(part.whole) or _AT_WORK.match(part.said):
        return False
    told = {word.lower() for word in re.findall(r"[A-Za-z][\w'-]*", part.said)} - entries("en", "effect", "idle")
    hollow = entries("en", "vague", "nothing")
    return bool(told - hollow if head in hollow and head not in _THINGS else told)


_THINGS = frozenset({"reports", "report", "accounts", "account", "page", "pages", "support", "logging", "data"})
"""Words of empty talk that are yet things people use: what is said of them counts."""
_WEAK = frozenset({
    "latency", "latencies", "disrupted", "interrupted", "disruption", "interruption", "interruptions",
    "response times", "response time",
})  # fmt: skip
"""Symptoms that say nothing unless it is said of what."""


def _symptom(sentence: Sentence, text: str) -> bool:
    """Whether a symptom stands there; a weak one only beside something that is used."""
    found = [match.group().lower() for match in words("en", "effect", "symptom").finditer(text)]
    if not found or any(said not in _WEAK for said in found):
        return bool(found)
    return bool(
        _names_a_thing(sentence)
        or _USED.search(text)
        or re.search(r"\b(?:when|while|accessing|using|customers?|users?|people|requests?)\b", text, re.IGNORECASE)
    )


@cache
def _generic() -> frozenset[str]:
    return entries("en", "vague", "nothing") | frozenset({
        "increased", "elevated", "reducing", "high", "higher", "error", "internal", "unexpected", "fewer",
        "power", "hardware", "cooling", "network", "human", "of", "technical", "recent", "overall", "root",
        "our", "exception", "sporadic", "widespread", "complete", "total", "undiagnosed", "reduced", "p50",
        "p95", "p99",
    })  # fmt: skip


_UNABLE_ZH = re.compile(
    r"(?<![我])(?:无法|不能|打不开|听不到|看不到|收不到|登不上|连不上|进不去|用不了|晚点|停运|闪退|白屏|停水"
    r"|停电)(?!解决|定位|排查|处理)"
)
"""Says what cannot be done, whatever the thing."""


def _says_zh(sentence: Sentence) -> bool:
    text = sentence.text
    for hollow in terms("zh", "effect", "unnamed"):
        text = text.replace(hollow, "")
    text = re.sub(r"原因(?:是|为|在于)[^。！？]*|[^，。！？]{0,40}的原因", "", text)
    text = re.sub(
        r"[给对][^，。]{0,8}(?:造成|带来)[^，。]{0,8}不便|(?:尚|暂|还)?(?:无法|不能)(?:确定|预计|估计"
        r"|给出|判断|提供|确认)|造成的(?:不便|影响)",
        "",
        text,
    )
    if words("zh", "effect", "no_effect").search(text):
        return True
    thing = words("zh", "effect", "thing").search(text) or re.search(r"[A-Za-z][\w.-]{2,}", text)
    if _UNABLE_ZH.search(text):
        return True
    return bool(
        thing and (words("zh", "effect", "symptom").search(text) or words("zh", "effect", "restored").search(text))
    )


def find(reviewed: ReviewedText, reader: Reader) -> Iterator[Finding]:
    """At most one finding, on the first sentence; none while brackets are still to be filled."""
    if not reviewed.sentences or reader.stage == "stand-down" or asks(reviewed.text) or has_effect(reviewed):
        return
    first = reviewed.sentences[0]
    yield mark(
        reviewed,
        "no-impact",
        first.start,
        first.end,
        pick(reviewed.lang, "does not say what people can't do, or who is hit", "没有说明谁受影响、不能做什么"),
        pick(reviewed.lang, "[who can't do what?]", "[谁不能做什么？]"),
        "before",
    )
