"""Putting a finding's suggestion into the text, so that what stands then is a sentence still."""

import re

from opsterm.drafting.audience_fit import upper_first
from opsterm.drafting.finding import Finding
from opsterm.drafting.lexicon import Lang
from opsterm.drafting.reviewed_text import ReviewedText

_ARTICLE = re.compile(r"(?:An?|The|Our|One|Some|Yesterday|Last|This|Two|Several|Slow|These|Those|It|There)\b")
_CLAUSE = re.compile(r"[;；]\s*|，(?=[^，]*$)")
_INDEFINITE = re.compile(r"\b[Aa]n? $")
_END = re.compile(r"[.!?。！？…]$")


def apply_suggestion(text: str, finding: Finding, lang: Lang) -> str:
    """The text with the suggestion taken as `finding.how` says; as it was where that is advice, or there is none."""
    way, put = finding.how, finding.instead
    if not put or way == "advice":
        return text
    before, after = text[: finding.start], text[finding.end :]
    gap = " " if lang == "en" else ""
    if way == "replace":
        return _replaced(before, finding, put, after, gap)
    if way == "before":
        start = _opening(text, finding, lang)
        before, rest = text[:start], text[start:]
        if put[-1].isalpha() and _ARTICLE.match(rest):
            rest = rest[0].lower() + rest[1:]
        opens = not before.strip() or bool(_END.search(before.strip()))
        return f"{before}{upper_first(put) if opens else put}{gap}{rest}"
    if way == "end":
        return _closed(text, _stopped(put, lang), gap)
    if way == "cut":
        return _cut(before, after, _stopped(put, lang), lang, gap)
    return _in_its_sentence(text, finding, lang)


def _stopped(words: str, lang: Lang) -> str:
    """A sentence of its own: with a capital, and a stop."""
    return upper_first(words) + ("" if _END.search(words) else "。" if lang == "zh" else ".")


def _closed(text: str, sentence: str, gap: str) -> str:
    kept = text.rstrip()
    if not kept:
        return sentence
    return kept + ("\n\n" if "\n\n" in kept else gap) + sentence


def _cut(before: str, after: str, sentence: str, lang: Lang, gap: str) -> str:
    """Takes the words out, with the comma that hung on them, and says the sentence right behind theirs."""
    kept, rest = before.rstrip(" ,，(（"), after.lstrip(" ,，)）")
    if not kept or _END.search(kept) or before.endswith("\n"):
        stop = ReviewedText(rest, lang).sentences
        length = stop[0].end if stop else 0
        return f"{before}{upper_first(rest[:length])}{gap if length else ''}{sentence}{rest[length:]}"
    mark = "" if rest[:1] in tuple(".!?。！？;；") else "。" if lang == "zh" else "."
    joined = f"{kept}{mark}{gap}{sentence}" if mark else f"{kept}{rest[0]}{gap}{sentence}"
    tail = rest if mark else rest[1:]
    return f"{joined}{gap if tail and not tail[0].isspace() else ''}{tail}"


def _replaced(before: str, finding: Finding, put: str, after: str, gap: str) -> str:
    """In place of the words: an article that no longer fits goes, and what opened a sentence keeps its capital."""
    space = gap if finding.start == finding.end and before and not before[-1].isspace() else ""
    article = _INDEFINITE.search(before)
    if article and put[0].isalpha() and put[-1] == "s":
        before = before[: article.start()]
    elif article and put[0].isalpha():
        before = f"{before[: article.start()]}{article.group()[0]}{'n' if put[0] in 'aeiou' else ''} "
    if finding.text[:1].isupper() and (not before.strip() or _END.search(before.strip())):
        put = upper_first(put)
    return f"{before}{space}{put}{after}"


def _sentence(text: str, finding: Finding, lang: Lang) -> tuple[int, int]:
    """Where the sentence of the words begins and ends; the words themselves where they stand in none."""
    for sentence in ReviewedText(text, lang).sentences:
        end = sentence.end
        if sentence.start <= finding.start < end:
            return sentence.start, end
    return finding.start, finding.end


def _opening(text: str, finding: Finding, lang: Lang) -> int:
    """Where the sentence of the words begins, or its part behind a semicolon."""
    start, _ = _sentence(text, finding, lang)
    return max((edge.end() for edge in _CLAUSE.finditer(text, start, finding.start)), default=start)


def _in_its_sentence(text: str, finding: Finding, lang: Lang) -> str:
    """In place of the sentence, or of its part behind a semicolon, that the words stand in."""
    begin, end = _sentence(text, finding, lang)
    start = _opening(text, finding, lang)
    said = upper_first(finding.instead) if start == begin else finding.instead
    last = _END.search(text[begin:end])
    mark = {"!": ".", "！": "。"}.get(last.group(), last.group()) if last else ""
    return f"{text[:start]}{said.rstrip('.。')}{mark}{text[end:]}"
