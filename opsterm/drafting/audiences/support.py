"""What support is told: what customers hear, what to say to those who call, and what not to."""

from opsterm.drafting.audiences import customers
from opsterm.drafting.sentences.writer import Writer

_SETTLED = {"monitoring": ("repair", "say_monitoring"), "resolved": ("over", "say_resolved")}
"""Stage → what must be on record for it, and the words for callers once it is."""


def paragraphs(writer: Writer) -> list[str]:
    """The customers' update, with the guidance before its last paragraph."""
    body = customers.paragraphs(writer)
    last = [body.pop()] if writer.next_at else []
    return [*body, writer.join(*_guidance(writer)), *last]


def _guidance(writer: Writer) -> list[str]:
    words = []
    if writer.stage != "stand-down":
        asked, settled = _SETTLED.get(writer.stage, ("", ""))
        words.append(writer.say(f"support.{settled if settled and asked not in writer.missing else 'say_first'}"))
    if writer.next_at:
        words.append(writer.say("support.say_next", time=writer.clock.say(writer.next_at)))
    guidance = [writer.say("support.say", words=writer.join(*words))] if words else []
    if writer.stage in ("resolved", "stand-down"):
        return [*guidance, writer.say("support.over")]
    dont = "support.dont_estimate" if "estimate" in writer.told else "support.dont"
    return [*guidance, writer.say(dont), writer.say("support.link", ask=writer.ask("tickets"))]
