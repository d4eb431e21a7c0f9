"""Drafting an update from what is recorded: for one audience, at one stage, in one language. No guess, no invented
word.

What a stage must say and the record lacks becomes a bracket, and is in `Draft.missing`, worth most first. A draft
passes the review of this package without a finding.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from opsterm.drafting.audiences import customers, engineers, executives, support
from opsterm.drafting.facts import Facts
from opsterm.drafting.lexicon import Lang
from opsterm.drafting.phrases import Overrides, load
from opsterm.drafting.sentences.writer import Missing, Writer
from opsterm.drafting.stage import canonical, stage_of
from opsterm.drafting.update_schedule import Table

WORTH = (
    "over", "repair", "false_alarm", "impact", "what", "said", "right", "alarm", "extent", "extent_of",
    "since", "works", "data", "data_detail", "matters", "cause", "doing", "tried", "watch", "retry",
    "workaround", "decision", "business", "risk", "review", "severity", "commander", "help",
    "channel", "tickets",
)  # fmt: skip
"""What is asked for first: what readers lose most by not knowing."""

_PARAGRAPHS: dict[str, Callable[[Writer], list[str]]] = {
    "customers": customers.paragraphs,
    "support": support.paragraphs,
    "executives": executives.paragraphs,
    "engineers": engineers.paragraphs,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A drafted update. Each bracket in `text` is one of `missing`."""

    text: str
    audience: str
    stage: str
    lang: Lang
    missing: tuple[Missing, ...]
    next_update_at: str | None


def draft(
    facts: Facts,
    *,
    audience: str,
    now: str,
    stage: str | None = None,
    lang: Lang = "en",
    zone: str = "UTC",
    phrases: Overrides | None = None,
    cadence: Table | None = None,
) -> Draft:
    """An update on `facts` as of `now` (UTC), times in `zone` and UTC. `stage` follows from the record if not given."""
    stage = canonical(stage) if stage else stage_of(facts, audience, now)
    writer = Writer(facts, audience, stage, lang, now, zone, load(lang, phrases), cadence)
    paragraphs = [part for part in _PARAGRAPHS.get(audience, customers.paragraphs)(writer) if part]
    if facts.incident.drill:
        paragraphs.insert(0, writer.say("engineers.drill" if audience == "engineers" else "drill.mark"))
    text = "\n\n".join(paragraphs)
    if lang == "zh":
        text = _spaced(text)
    missing = _worth_most_first(writer, text)
    return Draft(text, audience, stage, lang, missing, writer.next_at)


def _worth_most_first(writer: Writer, text: str) -> tuple[Missing, ...]:
    """What the text still asks for."""
    order = [*WORTH, *(name for name in writer.missing if name not in WORTH)]
    asked = (writer.missing[name] for name in order if name in writer.missing)
    return tuple(missing for missing in asked if missing.bracket in text)


def _spaced(text: str) -> str:
    """One space between Han and Latin or digits, everywhere. [field notes §7]"""
    text = re.sub(r"(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9%])(?=[\u3400-\u9fff])", " ", text)
    return re.sub(r" {2,}", " ", text)
