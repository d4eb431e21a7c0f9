"""What recorded free text is fit to stand in a draft: in its language, for its audience, free of what the review
would find.

A draft never mixes languages and never passes on a name, a guess or a promise that someone typed in a hurry. What is
not fit becomes a bracket, and the writer is asked.
"""

import re
from functools import cache, lru_cache

from opsterm.drafting.finding import Reader
from opsterm.drafting.lexicon import Lang, data
from opsterm.drafting.reading import MAX_SENTENCE_HAN, MAX_SENTENCE_WORDS
from opsterm.drafting.reviewed_text import ReviewedText, asks, language
from opsterm.drafting.rules import blame, cause, jargon, promise
from opsterm.records.update import OUTSIDE

_LETTERS = re.compile(r"[A-Za-z]{2,}|[\u3400-\u9fff]")
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|can|could|cannot|can't|will|would|may|fails?|failed"
    r"|gets?|got|goes|went|runs?|ran|broke|breaks|fell|falls|loses?|lost|takes?|took|makes?|made|keeps?|kept"
    r"|needs?|shows?|stops?|stopped|works?|worked|times?|loads?|arrives?|returns?|sees?|saw|hangs?"
    r"|crash(?:es|ed)?)\b"
    r"|(?<!\ba )(?<!\ban )(?<!\bthe )(?<!\bof )\b[a-z]{2,}ed\b(?= (?:up|by|in|out|on|to|from|with|at|the|a"
    r"|an|all|every|after|before|when|its|their)\b|$)"
    r"|\b[a-z]{3,}s\b (?:our|the|a|an|all|its|their|too|every|up|down|out)\b",
    re.IGNORECASE,
)


def spoken_in(text: str, lang: Lang) -> bool:
    """Whether a text can stand in a draft of that language; bare numbers can in any."""
    if not _LETTERS.search(text):
        return True
    if lang == "en":
        return not re.search(r"[\u3400-\u9fff]", text)
    return language(text) == "zh"


def is_clause(text: str) -> bool:
    """Whether an English piece is a whole clause ("card payments fail") rather than a noun ("a failed update")."""
    return _FINITE.search(text) is not None


def bare(text: str) -> str:
    """A piece without its outer white space and its closing full stop, on one line."""
    return " ".join(text.split()).rstrip(" .。;；,，")


def first_sentence(text: str) -> str:
    """The first sentence of a text, on one line."""
    match = re.match(r".+?(?:[.!?](?=\s)|[。！？]|$)", " ".join(text.split()))
    return match.group() if match else ""


@cache
def _small_words() -> frozenset[str]:
    return frozenset(data("en")["grammar"]["small_words"])


def lower_first(text: str) -> str:
    """A piece to stand inside a sentence: a capital that is only the sentence's own goes."""
    first = text.split(" ", 1)[0]
    if first[:1].isupper() and first[1:].islower() and first.lower() in _small_words():
        return text[0].lower() + text[1:]
    return text


def upper_first(text: str) -> str:
    """A piece to begin a sentence."""
    first = text.split(" ", 1)[0]
    return text if any(char.isupper() or char == "." for char in first) else text[:1].upper() + text[1:]


@lru_cache(maxsize=4096)
def fit_for_audience(text: str, lang: Lang, reader: Reader, known_cause: bool, is_cause: bool = False) -> str:
    """The sentences of `text` that may stand in a draft, in plain words for outsiders; "" if none may.

    `is_cause`: the text is a cause that its phrase hedges, so it may read like one.
    """
    text = " ".join(text.split())
    if not text or not spoken_in(text, lang) or asks(text):
        return ""
    if reader.audience in OUTSIDE:
        text = jargon.plain_words(text, lang, reader.allowed)
    pieces = (text[sentence.start : sentence.end].strip() for sentence in ReviewedText(text, lang).sentences)
    kept = [piece for piece in pieces if piece and _passes(ReviewedText(piece, lang), reader, known_cause, is_cause)]
    return ("" if lang == "zh" else " ").join(kept)


def _passes(reviewed: ReviewedText, reader: Reader, known_cause: bool, is_cause: bool) -> bool:
    zh = reviewed.lang == "zh"
    size = len(re.findall(r"[\u3400-\u9fff]", reviewed.text)) if zh else len(reviewed.text.split())
    if reader.audience != "engineers" and size > (MAX_SENTENCE_HAN if zh else MAX_SENTENCE_WORDS) - 4:
        return False
    rules = [
        promise.find(reviewed, reader),
        promise.find_guarantees(reviewed, reader),
        blame.find(reviewed, reader),
        jargon.find_internal(reviewed, reader),
        jargon.find(reviewed, reader),
    ]
    if not is_cause:
        rules.append(cause.find(reviewed, reader, known_cause))
    return not any(finding for found in rules for finding in found)


_EXTENT = re.compile(
    r"^(?P<bound>[a-z]+(?: (?:most|to|than|least))?\s+)?(?P<number>\d[\d,. ]*+\s?+(?:%|percent|per cent)?"
    r"|\d+\s(?:in|of|out of)\s(?:every\s)?\d[\d,]*)\s*+(?:of\s++(?:all\s++|the\s++)?)?(?P<noun>[a-z][a-z -]*)?$",
    re.IGNORECASE,
)
_EXTENT_ZH = re.compile(
    r"^(?P<bound>约|大约|最多|超过|不到|至少)?\s*+(?:每\s*+(?P<out>\d++)\s*+(?:次|个|名|笔|封|条)?[^\d]{0,6}?中?(?:有"
    r"|就有)?\s*+(?P<part>\d++)\s*+(?:次|个|名|笔|封|条)?|(?P<number>\d[\d,.]*+\s?+%?))\s*+(?:个|名|次|笔|封|条)"
    r"?(?:的)?(?P<noun>[\u3400-\u9fff]+)?$"
)


def _pairs(lang: Lang) -> dict[str, str]:
    pairs: dict[str, str] = data("terms")["pairs"]
    return pairs if lang == "zh" else {chinese: english for english, chinese in reversed(pairs.items())}


def _noun(chinese: str) -> str:
    """The English noun for something counted: the pair in the plural, where a verb has the same Chinese word."""
    pairs: dict[str, str] = data("terms")["pairs"]
    return next((english for english, said in pairs.items() if said == chinese and english.endswith("s")), "")


def translated(text: str, lang: Lang) -> str:
    """A recorded part in the other language, if it is made of known words; "" if not."""
    return _pairs(lang).get(bare(text).lower(), "")


def extent_in(text: str, lang: Lang) -> tuple[str, bool]:
    """A recorded extent said in `lang`, and whether its noun is known: the number always comes along."""
    bounds: dict[str, str] = data("terms")["bounds"]
    if lang == "zh":
        match = _EXTENT.match(bare(text))
        if not match:
            return "", False
        bound = (match.group("bound") or "").strip().lower()
        if bound and bound not in bounds:
            return "", False
        number = " ".join(match.group("number").split())
        share = re.match(r"(\d+) (?:in|of|out of) (?:every )?(\d[\d,]*)", number)
        number = re.sub(r"\s?(?:%|percent|per cent)$", "%", number)
        noun = match.group("noun")
        said = translated(noun, "zh") if noun else ""
        if share:
            part, out = share.groups()
            return f"每 {out} {'次' + said if said else '次'}中{bounds.get(bound, '')}有 {part} 次", bool(said)
        counted = "名" if said.endswith(("客户", "用户", "商户", "会员", "访问者")) else "个"
        link = "" if not said else "的" if number.endswith("%") else f" {counted}"
        return f"{bounds.get(bound, '')} {number}{link}{said}".strip(), bool(said)
    match = _EXTENT_ZH.match(bare(text))
    if not match:
        return "", False
    back = {chinese: english for english, chinese in reversed(bounds.items())}
    bound = back.get((match.group("bound") or "").replace("大约", "约"), "")
    noun = _noun(match.group("noun")) if match.group("noun") else ""
    number = f"{match.group('part')} in {match.group('out')}" if match.group("part") else match.group("number")
    link = " of " if number.endswith("%") and noun else " "
    return " ".join(f"{bound} {number}{link if noun else ''}{noun}".split()), bool(noun)
