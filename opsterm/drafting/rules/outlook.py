"""Ways to tell when things will be well that name no repair: "refunds will reach accounts overnight", "gimme an hour".

The other half of `promise`: there a hope, a repair and a time stand together; here anything but a word, a try or the
reader's own step is told for a time to come.
"""

import re
from functools import cache

from opsterm.drafting.clock_times import english_time
from opsterm.drafting.lexicon import bordered, terms, words

_SAID_DONE = re.compile(r"\b(?:was|were|had|has|have|been|did)\b", re.IGNORECASE)
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|been|will|can|could|may|might|do|does|did|\w{3,}ed)\b|'(?:s|re|ve|ll)\b"
)
_OURS = re.compile(
    r"\b(?:we|i|our (?:\w+ ){0,2}?(?:teams?|engineers|staff)|engineers|technicians|crews)(?:\s+\w+)?\s*$", re.I
)
_READERS = re.compile(r"\b(?:you|users|customers|everyone|players|people)\s*$", re.IGNORECASE)
_SEES = re.compile(r"\s(?:\w+ly )?(?:be able|see|receive|get|notice|have|find)\b", re.IGNORECASE)
_EASES = re.compile(
    r"\b(?:disappear|end|ease|go away|pass|fall|shrink|drop|be gone|be over|cease|stop|lift)\w*\b", re.I
)
_PERFECT = re.compile(r"\s(?:\w+ly |already |now )*have (?:\w+ ){0,2}?\w+(?:ed|n)\b")
MISSED = re.compile(
    r"\s?(?:(?:has|have|did|do|was|were|is|are)(?:n't| not| yet to| failed)|never|no longer"
    r"|(?:has|have) passed|slipped)\b",
    re.IGNORECASE,
)
"""After what was expected: it did not come, so nothing is told of when."""
_WORD_TO_COME = re.compile(
    r"\b(?:updates?|news|announcements?|posts?|messages?|statements?|briefings?|communications?|notes?|word|information"
    r"|details|report|reviews?|post-?mortems?|call|meeting|bulletins?|summary)(?:\s(?:on|about|of|to"
    r"|for)\s[\w ]{1,20})?\s*$",
    re.IGNORECASE,
)
"""What the coming time is of, where it is of a word."""
_SECONDS = re.compile(r"\bsec(?:ond)?s?\b", re.IGNORECASE)


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    t = english_time()
    moment = rf"(?:{t['clock']}|{t['day']}|{t['spoken']})"
    lead = (
        r"(?:(?:about|around|approximately|roughly|the|early|late|end of|later|sometime|next|coming|this|our|course of"
        r"|start of|beginning of|opening)\s){0,4}"
    )
    when = (
        rf"(?:\b(?:by|before|around|at|on|from|after|sometime|later|in|over|during|within|inside(?: of)?|for)\s{lead}"
        rf"(?:{moment}|{t['amount']}|(?:few|next few|couple of)?\s?(?:minutes|hours?|days)\b|lectures?|school|weekend"
        rf"|close|the day is (?:out|over)|the (?:night|week) is (?:out|over))|{t['day']}|{t['soon']}|\b(?:early "
        rf"|late )?(?:this|next|tomorrow) (?:morning|afternoon|evening|night"
        rf"|week|month|business day|working day)\b|\bnext (?:business|working) day\b)"
    )
    amount = rf"(?:{t['amount']}|(?:the )?rest of the (?:day|week|night)|a few minutes)"
    ill = bordered(terms("en", "promise", "ill"))
    found = {
        "when": when,
        "will": r"(?:\b(?:will|shall|should|going to|(?:un)?likely to"
        r"|set to|bound to|due to be|due back)\b|(?<=\w)'ll\b)",
        "expect": r"\b(?:expect|anticipate|foresee|hope|predict|forecast|reckon|trust|estimate)(?:s|ing|ed)?\b",
        "wait": rf"\b(?:most likely|probably|hopefully|presumably) (?:{t['day']}|{t['soon']})"
        rf"|(?:\b(?:will|to|going to)|'ll|could|might|may) be (?:another )?{amount} (?:before|until|till)\b"
        rf"|\b(?:is|are|we're|'re|still) (?:about |around |roughly )*{amount} (?:away|out)\b(?! of\b)"
        rf"|\blooking at (?:another |about |around |maybe |roughly )*{amount}"
        rf"|\b(?:gimme|give us|give me|give it|allow us) (?:another |about |maybe )*{amount}"
        rf"|\b(?:estimates?|expects?|quotes?|quoted|reckons?|predicts?|says?)\s(?:it |this |that |the work |us )?"
        rf"(?:will take |to take |takes |needs )?{amount}"
        rf"|\b(?:will|could|may|might|can|should|to) (?:\w+ly )?(?:take|last|go on) (?:until|till|up to"
        rf"|into) {lead}(?:{moment})"
        rf"|\bpromised (?:to us |us )?(?:for|by|on|at) {lead}(?:{moment})(?! (?:and|but))"
        rf"|\btakes? (?:about |around |roughly |up to )*{amount} to (?:catch up|recover|clear|drain|complete|finish"
        rf"|process|propagate|rebuild|return|come back|settle|sync|refill|warm)",
        "due": rf"\b(?:is|are|now|currently) (?:\w+ )?"
        rf"(?:planned|scheduled|expected|due|pencilled in|foreseen|on course)"
        rf"(?: back)? (?:for|at|by|on|in|before|after)? ?{lead}(?:{moment}|{t['amount']})"
        rf"|\bexpect (?:them|it|this|that|those|\w+ \w+) (?:no later than|by|before|around|at|within"
        rf"|in)\s{lead}(?:{moment}|{t['amount']})"
        rf"|\b(?:usually|normally|typically|generally) (?:runs?|lasts?|takes?) (?:for |about |around |up to )*{amount}"
        rf"|\b(?:out|live|back|done|ready|fixed|up|sorted) (?:again )?in (?:five|ten|fifteen|twenty|thirty"
        rf"|\d{{1,3}})(?!\s?[a-z%])",
        "bare": rf"\b(?:normal (?:operations?|service|running)|back (?:to normal|online|up|on|in business)?|fix(?:ed)?"
        rf"|repair(?:ed|s)?|resolution|restoration|recovery|restored|resolved|sorted|all clear|return to service)"
        rf"[:,]?\s(?:(?:expected|likely|hopefully|probably|should be|due)\s)*{when}",
        "downtime": rf"\b(?:down ?time|outage|time to (?:fix|repair|restore)|expected (?:duration|downtime)"
        rf"|remaining(?: time)?|time remaining|back up|ready)\s?(?:[:=–-]|is|of)\s?(?:(?:about|around|approx\.?|~)\s?)?"
        rf"(?:{amount}|{moment})",
        "lasting": rf"(?:\b(?:expected|likely|forecast|anticipated|predicted)\b|\b(?:will|may|might|could|should|to)"
        rf"\s(?:\w+ly )?(?:be|last|continue|remain|persist|stay|go on|have|see)\b)[^.;\n]{{0,60}}?\s"
        rf"(?:until|till|through(?:out)?|for (?:about |around |at least )*(?:another|the (?:rest|remainder) of|the next"
        rf"|a further))\s(?:{lead}(?:{moment}|{t['amount']})|the (?:last|end|rest|day|evening|morning|weekend))",
        "ill": ill,
        "present": rf"(?:^|\.\s)rolling out (?:\w+ ){{0,3}}?{when}"
        rf"|\b(?:re-?opens?|resumes?|returns?|opens? again|starts? again|runs? again|go(?:es)? live"
        rf"|follows?|finish(?:es)?|ends?|takes? effect|comes? into (?:force|effect)|(?:is|are) (?:done|through"
        rf"|over|fixed|ready|filled in|repaired)|is back|are back|comes? (?:back|out)"
        rf"|lands?)\b[^.;,\n]{{0,20}}?\s{when}",
    }
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in found.items()}


@cache
def _undertaken() -> re.Pattern[str]:
    """A first verb that promises no state: talk, a try, a watch, the reader's step."""
    return re.compile(
        rf"\s(?:\w+ly |also |then |not |be |to |that |this |it |have to |need to )*"
        rf"{bordered(terms('en', 'promise', 'undertaken'))}",
        re.IGNORECASE,
    )


def told(clause: str) -> tuple[int, int] | None:
    """Where a clause tells when things will be well again, as (start, end); None if it does not."""
    found = _patterns()
    other, refused = words("en", "promise", "other_business"), words("en", "promise", "no_promise")
    for name in ("wait", "due", "downtime", "present", "lasting", "bare"):
        for match in found[name].finditer(clause):
            left = clause[max(0, match.start() - 60) : match.start()]
            said = match.group()
            if _SECONDS.search(said) or _WORD_TO_COME.search(left) or other.search(said) or refused.search(left[-30:]):
                continue
            if name == "bare" and _FINITE.search(clause[: match.start()]):
                continue
            if name == "present" and re.match(r"follows? (?:an?|the|our|last|yesterday)\b", said, re.IGNORECASE):
                continue
            if name == "present" and _SAID_DONE.search(left[-25:].rpartition(" and ")[2]):
                continue
            if name == "lasting" and (not found["ill"].search(clause) or refused.search(said)):
                continue
            return match.span()
    times = [match.span() for match in found["when"].finditer(clause)]
    if not times:
        return None
    for name in ("will", "expect"):
        for match in found[name].finditer(clause):
            time = next((span for span in times if match.end() <= span[0] <= match.end() + 90), None)
            if not time or _SECONDS.search(clause[slice(*time)]):
                continue
            left, gap = clause[: match.start()], clause[match.end() : time[0]]
            if (
                other.search(gap)
                or _WORD_TO_COME.search(left[-30:])
                or refused.search(gap)
                or refused.search(left[-20:])
            ):
                continue
            if _PERFECT.match(gap) or MISSED.match(clause[time[1] :]):
                continue
            if not gap.strip() and other.search(clause[time[1] : time[1] + 30]):
                continue
            if (
                _undertaken().match(gap)
                or (found["ill"].search(gap) and not _EASES.search(gap))
                or re.search(r"[;.:]\s", gap)
            ):
                continue
            if name == "will" and _OURS.search(left.rstrip()):
                continue
            if _READERS.search(left) and not _SEES.match(gap):
                continue
            return match.start(), time[1]
    return None
