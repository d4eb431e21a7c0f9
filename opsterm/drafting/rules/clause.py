"""An English clause as who or what it is about and what it says of it. Rough, and quick enough for a key press."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_EDGE = re.compile(
    r"[,;:()!?]\s(?:(?:and|but|so|or|then)\s)?|\.\s|\s[-–—]\s|\s(?:and|but|while|because|although|though|so|as"
    r"|if)\s|(?<=\w)[.!?;:]+$",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"(?:(?<=\s)(?:is|are|was|were|has|have|had|can|could|cannot|may|might|will|would|should|must|do|does|did|see|sees"
    r"|saw|shows?|showed|gets?|got|receives?|received|finds?|loses?|lost|takes?|took|appears?|stays?|stayed|remains?"
    r"|remained|keeps?|kept|needs?|arrives?|arrived|comes?|goes|go|went|runs?|ran|ends?|ended"
    r"|accepts?|gives?|opens?|loads?|plays?|prints?|charges?|answers?|rings?|works?|leaves?|skips?|ignores?"
    r"|forgets?|repeats?"
    r"|returns?|displays?|drops?|mix(?:es)?|asks?|ends?|starts?|stops?|sends?|reads?|lags?|hangs?|rejects?"
    r"|turns?|behaves?)\b"
    r"|(?<=[a-z])(?:'s|'re)\b|(?<=\s)[a-z]{2,6}n't\b)",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:(?:since|from|as of|at|between|for|until|starting|beginning|currently|now|also|however|today|tonight"
    r"|please note that|note that|unfortunately)\b(?:\s(?:about|around|approximately|\d[\d:.]*\s?(?:am|pm|utc"
    r"|gmt|cet|est)?"
    r"|to|on|this|last|early|late|morning|afternoon|evening|night|noon|today|yesterday|then|monday|tuesday|wednesday"
    r"|thursday|friday|saturday|sunday|[a-z]{3,9}\s\d{1,2}))*\s*)+",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(
    r"\s(?:of|for|in|on|at|with|to|from|between|under|within|after|before|since|that|which|who|whose|using|via|by"
    r"|without|through|into|over|across|made|sent|due|set|begun|created|requested)\s",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z][\w'-]*")


@dataclass(frozen=True, slots=True)
class Clause:
    """`start` and `end` are its offsets in the sentence; `whole` is what it is about, `subject` the head of that, as
    written ("queues" of "Login queues on EU servers"); `verb` is the first inflected verb, `said` what follows it."""

    start: int
    end: int
    subject: str
    whole: str
    verb: str
    said: str


def clauses(text: str) -> Iterator[Clause]:
    """The clauses of a sentence that have a subject and a verb, in order."""
    begin = 0
    for end, following in [*((edge.start(), edge.end()) for edge in _EDGE.finditer(text)), (len(text), len(text))]:
        at, piece = begin, text[begin:end].strip()
        begin = following
        found = _LEADING.sub("", piece, count=1) if piece else ""
        verb = _VERB.search(found)
        if not verb:
            continue
        whole = found[: verb.start()].strip()
        head = [word for word in _WORD.findall(_PREPOSITION.split(f"{whole} ", maxsplit=1)[0]) if word[-2:] != "ly"]
        if head:
            yield Clause(at, end, head[-1], whole, verb.group().lower(), found[verb.end() :].strip())
