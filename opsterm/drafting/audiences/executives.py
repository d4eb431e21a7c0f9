"""What executives are told: effect, what is at stake, what is wanted of them; within 120 words, so that the least
worth is left out first."""

import re

from opsterm.drafting.lexicon import Lang
from opsterm.drafting.reading import WORD
from opsterm.drafting.sentences.earlier_updates import changed, correction
from opsterm.drafting.sentences.ending import data_if_told, data_said, review_day, stand_down
from opsterm.drafting.sentences.impact import extent, lasted, since, who_what
from opsterm.drafting.sentences.next_update import next_update
from opsterm.drafting.sentences.response import cause, doing, estimate, repair, watching
from opsterm.drafting.sentences.writer import Writer
from opsterm.records.record import as_said

EXECUTIVE_WORDS = 120
EXECUTIVE_WORDS_ZH = 220
"""Words that an update to executives has at most; in Chinese, characters."""
EFFECT_WORDS = 40
"""After so many words of the effect no further sentence of it is begun."""
SEVERITY_WHY_WORDS = 14
"""Words of a reason that still stand beside the severity."""

_SENTENCE = re.compile(r".+?(?:[.!?](?=\s|\Z)|[。！？]|\Z)", re.DOTALL)
_Part = tuple[int, int, str]
"""(paragraph, how soon it is left out: 0 never, text)."""


def paragraphs(writer: Writer) -> list[str]:
    """The update at the writer's stage."""
    of, stage = writer.incident, writer.stage
    if stage == "stand-down":
        return stand_down(writer)
    over = stage == "resolved"
    brief = stage in ("first", "scoping")
    parts: list[_Part] = [
        (0, 0, _effect(writer)),
        (0, 0, _severity(writer)),
        (0, 0, writer.join(*correction(writer)) if stage == "correction" else ""),
        (1, 1, changed(writer)),
        (2, 2, cause(writer) if stage not in ("first", "correction") else ""),
        (2, 3, "" if over else _doing(writer)),
        (2, 5, estimate(writer) if stage in ("identified", "long-running") else ""),
        (2, 4, data_said(writer) if over else data_if_told(writer)),
        (3, 3, _wanted(writer, "executives.stake", "business", of.business, asked=not brief)),
        (
            3,
            2,
            "" if over else _wanted(writer, "executives.decision", "decision", of.decision_wanted, stage != "first"),
        ),
        (3, 4, "" if over else _wanted(writer, "executives.risk", "risk", of.risk, not brief)),
        (3, 1, review_day(writer) if over else ""),
        (4, 0, next_update(writer, "next.short")),
    ]
    kept = _within(parts, writer.lang)
    return [writer.join(*(text for place, _, text in kept if place == paragraph)) for paragraph in range(5)]


def _severity(writer: Writer) -> str:
    severity = as_said(writer.incident, "severity") or writer.ask("severity")
    status = writer.word(writer.incident, "status")
    why = writer.piece(writer.incident.severity_why)
    if why and len(why.split()) <= SEVERITY_WHY_WORDS:
        return writer.say("executives.severity_why", severity=severity, why=why, status=status)
    return writer.say("executives.severity", severity=severity, status=status)


def _effect(writer: Writer) -> str:
    """The effect in few sentences: a long recorded text is cut after the sentence that still fits."""
    over = writer.stage in ("resolved", "monitoring")
    what = who_what(writer, over)
    sentences = [part for part in _SENTENCE.findall(what) if part[-1] in ".。!?！？"] or [what]
    short: list[str] = []
    size = 0
    for sentence in sentences:
        size += len(sentence.split()) if writer.lang == "en" else len(sentence) // 2
        if short and size > EFFECT_WORDS:
            break
        short.append(sentence.strip())
    began = lasted(writer) if writer.stage == "resolved" else since(writer)
    return writer.join(*short, extent(writer, over), began)


def _doing(writer: Writer) -> str:
    if writer.stage == "monitoring":
        return writer.join(repair(writer), watching(writer))
    return doing(writer)


def _wanted(writer: Writer, phrase: str, name: str, recorded: str, asked: bool) -> str:
    """What is recorded for executives; asked for where it is not, if it is `asked` at this stage."""
    return writer.fill(phrase, writer.piece(recorded), name) if recorded or asked else ""


def _within(parts: list[_Part], lang: Lang) -> list[_Part]:
    """The parts that fit, the least worth left out first."""
    limit = EXECUTIVE_WORDS_ZH if lang == "zh" else EXECUTIVE_WORDS
    kept = [part for part in parts if part[2]]
    while sum(len(WORD[lang].findall(text)) for _, _, text in kept) > limit:
        worst = max(kept, key=lambda part: part[1])
        if worst[1] == 0:
            break
        kept.remove(worst)
    return kept
