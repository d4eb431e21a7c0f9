"""`vague`: a text from which a reader learns only that there is some problem and that somebody works on it.

One concrete fact cures it: a component, a symptom, a cause, a region, an action of its own kind. A promised time of the
next update alone does not. So the rule strips all words that tell nothing; if none is left, the text is empty talk.
[§2, §4]
"""

import re
from collections.abc import Iterator
from functools import cache

from opsterm.drafting.finding import Finding, Reader, mark, pick
from opsterm.drafting.lexicon import entries, terms
from opsterm.drafting.reviewed_text import ReviewedText, asks
from opsterm.drafting.rules import effect
from opsterm.drafting.rules.courtesy import without_courtesy

_TOKEN = re.compile(r"[A-Za-z][A-Za-z'-]{0,40}|\d+(?:[.,:]\d+)*\s?%?")
_STAMP = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[T\s]\d{2}:\d{2}(?::\d{2})?)?|\b\d{1,2}:\d{2}(?::\d{2})?|\b\d{3,4}\s?(?=UTC|GMT)"
    r"|\b\d{1,3}\s(?=minutes?|mins?|hours?|hrs?|h\b|seconds?|days?)"
)


_DEED = re.compile(
    r"\b(?:put(?:ting)?|roll(?:ed|ing|s)?|fail(?:ed|ing)?|switch(?:ed|ing)?) (?:\w+ ){0,3}?(?:back|over)\b"
    r"|\b(?:re(?:boot|start|build|built|plac|vert|rout|balanc|index|issu)|undo|undid|switch|isolat|scal|migrat"
    r"|rewir|splic)\w*\b",
    re.IGNORECASE,
)
"""What is done in particular, though each of its words alone tells nothing."""
_AIRY = re.compile(r"[a-z]+(?:ly|ness|ing|ed|ish|'d)", re.IGNORECASE)
_BEFORE_NOUN = re.compile(r"an?|the|our|your|their|its|of|for|with|to|in|on|and|or|affecting|by", re.IGNORECASE)
_PRODUCT = re.compile(
    r"(?<=[a-z] )(?!(?:I|UTC|GMT|[ECMPB][SDE]?T|AM|PM|OK|Engineer\w*|Operations?|Support|Teams?|Customers?|Services?"
    r"|Technical|Technology|Network|Infrastructure|Platform|Status|Systems?|Incidents?|Updates?|Site|Data|Cent(?:er|re)"
    r"|Development|Product|Response|Reliability|Today|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|We|This|The|Our|Please"
    r"|Thank|Root|Cause|Analysis|End|Day|Business|Help|Desk|Helpdesk|Centre|Officers?|Departments?|Division|Colleagues|IT|ICT|ITS|ETA|ETR"
    r"|NOC|SRE|RCA|PIR|SMC|UPDATE|INVESTIGATING|IDENTIFIED|MONITORING|RESOLVED|Investigating|Identified|Monitoring|Resolved|Major|Minor)\b)[A-Z][\w-]+"
)
"""A name amid a sentence, even where its word is common: "trouble with Reports"."""


_TROUBLES = frozenset({
    "issue", "issues", "problem", "problems", "error", "errors", "trouble", "outage", "outages", "incident",
    "failure", "failures", "fault", "disruption",
})  # fmt: skip
"""What a word before them is of: "telephony issues"."""


@cache
def _nothing_zh() -> re.Pattern[str]:
    entries = sorted(set(terms("zh", "vague", "nothing")), key=lambda word: -len(word))
    return re.compile(
        "|".join(re.escape(entry) for entry in entries) + r"|[\W\d_]+|(?:UTC|GMT|北京时间|[点时分半年月日秒前])"
    )


def _tells(word: str) -> bool:
    low = word.lower().strip("'-")
    nothing = entries("en", "vague", "nothing")
    if low in nothing or ("'" in low and low.split("'", 1)[0] in nothing):
        return False
    return not nothing.issuperset(low.split("-"))


def _airy(before: str, word: str, after: str) -> bool:
    """Whether an unknown word is a manner or a doing rather than a thing: "weirdness", "brought", "frantically"."""
    if word[-4:] in ("ness", "ught"):
        return True
    if (
        word.islower()
        and before
        and not (_BEFORE_NOUN.fullmatch(before) or before[-3:] == "ing" or before[-2:] == "ed")
    ):
        return word[-1] != "s" and after.lower() not in _TROUBLES
    return bool(_AIRY.fullmatch(word)) and not _BEFORE_NOUN.fullmatch(before)


def is_vague(reviewed: ReviewedText) -> bool:
    """Whether no word of the text tells anything."""
    masked = _STAMP.sub(" ", reviewed.masked)
    if not masked.strip():
        return False
    if reviewed.lang == "zh":
        return not _nothing_zh().sub("", masked).strip()
    masked = without_courtesy(masked)
    if _DEED.search(masked) or _PRODUCT.search(masked):
        return False
    said = _TOKEN.findall(masked)
    if any(
        _tells(word) and not _airy(before, word, after)
        for before, word, after in zip(["", *said], said, [*said[1:], ""], strict=False)
    ):
        return False
    return not effect.has_effect(reviewed)


def find(reviewed: ReviewedText, reader: Reader) -> Iterator[Finding]:
    """At most one finding, over the sentences; none while brackets are still to be filled."""
    if not reviewed.sentences or asks(reviewed.text) or not is_vague(reviewed):
        return
    first, last = reviewed.sentences[0], reviewed.sentences[-1]
    yield mark(
        reviewed,
        "vague",
        first.start,
        last.end,
        pick(
            reviewed.lang,
            "tells only that there is a problem and that you are on it",
            "只说了有问题、在处理，没有任何具体内容",
        ),
        pick(reviewed.lang, "[what fails, for whom, since when?]", "[什么坏了、谁受影响、从何时起？]"),
        "before",
    )
