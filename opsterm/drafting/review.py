"""Reviewing a text: every rule over it, sorted by place. Pure and quick enough for every key press.

Without a record the stage decides what may be said; with one, the record does. A finding never blocks sending.
"""

from collections.abc import Iterable

from opsterm.drafting.facts import Facts
from opsterm.drafting.finding import Finding, reader_of
from opsterm.drafting.lexicon import Lang
from opsterm.drafting.reviewed_text import ReviewedText, language
from opsterm.drafting.rules import blame, cause, effect, form, jargon, next_update, promise, record, vague
from opsterm.drafting.stage import canonical, stage_of

RULES = (
    "promise",
    "unverified-cause",
    "jargon",
    "no-impact",
    "no-next-update",
    "vague",
    "blame",
    "contradiction",
    "stale",
    "internal",
    "guarantee",
    "too-long",
    "long-sentence",
    "reading-level",
    "plain-word",
)
"""Every rule that a finding can name, in order of weight."""


def review(
    text: str,
    *,
    audience: str = "customers",
    stage: str | None = None,
    lang: Lang | None = None,
    facts: Facts | None = None,
    read: Facts | None = None,
    now: str | None = None,
    zone: str = "UTC",
    channel: str | None = None,
    allowed: Iterable[str] = (),
) -> list[Finding]:
    """The findings on `text`, by place.

    `stage` follows from `facts`, else from the words; `lang` from the words. `read` is the record as it was when the
    draft was begun, for `stale`; `now` and `zone` let times be judged; `allowed` are trade words that the readers know.
    """
    reviewed = ReviewedText(text, lang or language(text))
    if not reviewed.masked.strip():
        return []
    if stage is None:
        stage = stage_of(facts, audience, now) if facts and now else form.guess_stage(reviewed)
    reader = reader_of(facts, audience, canonical(stage), allowed)
    known = bool(facts.confirmed) if facts else None
    found = [
        *promise.find(reviewed, reader),
        *promise.find_guarantees(reviewed, reader),
        *cause.find(reviewed, reader, known),
        *_apart(list(jargon.find_internal(reviewed, reader)), jargon.find(reviewed, reader)),
        *effect.find(reviewed, reader),
        *next_update.find(reviewed, reader),
        *vague.find(reviewed, reader),
        *blame.find(reviewed, reader),
        *form.find(reviewed, reader, channel),
    ]
    if facts:
        found += record.contradictions(reviewed, reader, facts, now, zone)
        if now:
            found += record.stale(reviewed, reader, facts, read, now, zone)
    order = {rule: place for place, rule in enumerate(RULES)}
    return sorted(found, key=lambda finding: (finding.start, finding.end, order[finding.rule]))


def _apart(named: list[Finding], terms: Iterable[Finding]) -> list[Finding]:
    """The team's own names, and those trade words that are no part of one: a word is told once."""
    return named + [term for term in terms if not any(term.start < own.end and own.start < term.end for own in named)]
