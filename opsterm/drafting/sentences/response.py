"""What is known of the cause, what is done about it, and what is watched: in words fit for the audience."""

import re

from opsterm.drafting import calibrated_wording
from opsterm.drafting.audience import OUTSIDE
from opsterm.drafting.audience_fit import bare, is_clause, spoken_in, upper_first
from opsterm.drafting.facts import OPEN_ACTIONS
from opsterm.drafting.sentences.writer import Writer

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
    writer.use("hypotheses")
    if voice == "customers" and (step == "possible" or (step == "likely" and not held.approved)):
        return writer.say("cause.customers.possible")
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
        writer.use("actions")
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
        if action.state in OPEN_ACTIONS:
            text = writer.piece(action.plain or ("" if outside else _without_asides(action.text)))
            if text and len(text.split()) <= ACTION_WORDS:
                return text
    return ""


def estimate(writer: Writer) -> str:
    """A time of repair that someone owns, as a range with its condition; else nothing."""
    given = writer.facts.estimate
    if given is None or not given.owner:
        return ""
    if not (spoken_in(given.text, writer.lang) and spoken_in(given.condition, writer.lang)):
        return ""
    if not re.search(r"\d\s?(?:-|–|to|到|至)\s?\d", given.text):
        return ""
    writer.use("estimate")
    told = writer.say("stage.estimate", range=bare(given.text), condition=bare(given.condition))
    return writer.join(told, writer.timed("stage.estimate_check", given.check_at) if given.check_at else "")


def repair(writer: Writer) -> str:
    """That a repair is in place, if the record says so; else the question."""
    at = writer.facts.mitigated_at
    if at and at <= writer.now:
        return writer.timed("doing.repair", at)
    if writer.facts.status in ("monitoring", "resolved", "closed"):
        return writer.say("doing.repair_undated")
    return writer.say("doing.repair_ask", ask=writer.ask("repair"))


def watching(writer: Writer) -> str:
    """What is watched until it counts as over, else the question."""
    said = writer.piece(writer.facts.exit_criteria)
    if said:
        writer.use("exit_criteria")
        return writer.say("stage.watch", what=said)
    return writer.say("stage.watch_ask", ask=writer.ask("watch"))
