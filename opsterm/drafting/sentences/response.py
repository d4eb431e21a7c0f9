"""What is known of the cause, what is done about it, and what is watched: in words fit for the audience."""

import re

from opsterm.drafting import calibrated_wording
from opsterm.drafting.audience_fit import bare, is_clause, spoken_in, upper_first
from opsterm.drafting.sentences.writer import Writer
from opsterm.records.action import OPEN
from opsterm.records.update import OUTSIDE

CAUSE_WORDS = 18
"""Words of a cause that still make a readable sentence."""
ACTION_WORDS = 22
"""The same of an action under way."""


def cause(writer: Writer) -> str:
    """The suspected or known cause at its confidence, in this audience's fixed words."""
    voice = "customers" if writer.audience in OUTSIDE else "executives"
    held = calibrated_wording.leading(writer.facts.hypotheses)
    if held is None:
        return writer.say(f"cause.{voice}.unknown")
    step = calibrated_wording.step(held)
    if writer.audience in OUTSIDE and not calibrated_wording.may_go_outside(held):
        return writer.say("cause.customers.possible")
    if voice == "executives" and held.id in writer.facts.disputed:
        step = "disputed"
    recorded = held.plain or ("" if voice == "customers" else held.text)
    said = writer.piece(_without_asides(recorded), is_cause=True)
    if len(said.split()) > CAUSE_WORDS:
        said = ""
    if not said and voice == "executives" and step == "possible":
        return writer.say("cause.customers.possible")
    if not said:
        return writer.say(f"cause.{voice}.{step}_ask", ask=writer.ask("cause"))
    kind = "clause" if is_clause(said) else "noun"
    return writer.say(f"cause.{voice}.{step}_{kind}", cause=said)


def _without_asides(text: str) -> str:
    return re.sub(r"\s*[(（][^()（）]*[)）]", "", text)


def doing(writer: Writer) -> str:
    """What the responders do: the action begun last that can be told, else that they look, else the question."""
    inside = writer.audience == "executives"
    told = _last_under_way(writer)
    if told:
        if re.match(r"(?:we|our team|our engineers) |我们", told):
            return writer.say("doing.plain_whole", what=upper_first(told))
        return writer.say("executives.doing" if inside else "doing.plain_one", what=told)
    if writer.stage in ("first", "scoping"):
        held = calibrated_wording.leading(writer.facts.hypotheses)
        step = calibrated_wording.step(held) if held else ""
        said_already = writer.stage == "scoping" and step in ("possible", "likely")
        return "" if said_already else writer.say("doing.looking")
    if inside:
        return writer.say("executives.doing", what=writer.ask("doing"))
    return writer.say("doing.generic", ask=writer.ask("doing"))


def _last_under_way(writer: Writer) -> str:
    """The open action ordered last whose words are fit for this audience."""
    outside = writer.audience in OUTSIDE
    for action in reversed(writer.facts.actions):
        if action.state in OPEN:
            text = writer.piece(action.plain or ("" if outside else _without_asides(action.text)))
            if text and len(text.split()) <= ACTION_WORDS:
                return text
    return ""


def estimate(writer: Writer) -> str:
    """A time of repair that someone owns, as a range with its condition; else nothing."""
    given, condition, check_at = writer.facts.estimate, writer.incident.estimate_if, writer.facts.estimate_check_at
    if not (spoken_in(given, writer.lang) and spoken_in(condition, writer.lang)):
        return ""
    if not re.search(r"\d\s?(?:-|–|to|到|至)\s?\d", given):
        return ""
    writer.told.add("estimate")
    told = writer.say("stage.estimate", range=bare(given), condition=bare(condition))
    return writer.join(told, writer.timed("stage.estimate_check", check_at) if check_at else "")


def repair(writer: Writer) -> str:
    """That a repair is in place, if the record says so; else the question."""
    at = writer.incident.mitigated_at
    if at and at <= writer.now:
        return writer.timed("doing.repair", at)
    if writer.incident.status in ("monitoring", "resolved", "closed"):
        return writer.say("doing.repair_undated")
    return writer.say("doing.repair_ask", ask=writer.ask("repair"))


def watching(writer: Writer) -> str:
    """What is watched until it counts as over, else the question."""
    said = writer.piece(writer.incident.exit)
    if said:
        return writer.say("stage.watch", what=said)
    return writer.say("stage.watch_ask", ask=writer.ask("watch"))
