"""When the reader hears next, at what interval, and how long it has gone on."""

from opsterm.drafting.sentences.writer import Writer
from opsterm.drafting.update_schedule import at_end, interval


def next_update(writer: Writer, name: str = "next.by") -> str:
    """By when the next update comes, under the phrase `name`; "" once nothing is owed."""
    return writer.timed(name, writer.next_at) if writer.next_at else ""


def at_longer_intervals(writer: Writer) -> str:
    """At what interval updates come from now on, and the next of them; "" once nothing is owed."""
    if not writer.next_at:
        return ""
    return writer.say("next.longer", interval=_interval(writer), time=writer.clock.say(writer.next_at))


def _interval(writer: Writer) -> str:
    minutes = interval(writer.audience, writer.incident.severity, writer.stage, writer.cadence) or at_end()
    for size, one, many in ((1440, "next.day", "next.days"), (60, "next.hour", "next.hours")):
        if minutes % size == 0:
            return writer.say(one) if minutes == size else writer.say(many, n=str(minutes // size))
    return writer.say("next.minutes", n=str(minutes))


def going_on_for(writer: Writer) -> str:
    """How long it has gone on; "" for less than an hour."""
    hours = round(writer.facts.minutes_hurt(writer.now) / 60)
    if hours < 1:
        return ""
    unit, n = ("days", round(hours / 24)) if hours >= 48 else ("hours", hours)
    duration = writer.say(f"stage.duration_{unit}", n=str(n))
    if writer.facts.came_back:
        return writer.say("stage.long_spells", duration=duration, n=writer.number(len(writer.facts.hurt)))
    return writer.say("stage.long", duration=duration)
