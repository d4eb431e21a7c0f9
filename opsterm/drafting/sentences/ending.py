"""What is said once it is over, or was nothing: since when, what people must do now, their data, the report to come."""

from opsterm.drafting.sentences.writer import Writer


def is_over(writer: Writer) -> str:
    """That it is over, if the record says so; else the question."""
    at = writer.incident.resolved_at
    if at and at <= writer.now:
        return writer.timed("stage.resolved", at)
    if writer.incident.status in ("resolved", "closed"):
        return writer.say("stage.resolved_undated")
    return writer.say("stage.resolved_ask", ask=writer.ask("over"))


def retry(writer: Writer, name: str) -> str:
    """What people must still do, under the phrase `name`."""
    return writer.fill(name, writer.piece(writer.incident.retry), "retry")


def data_said(writer: Writer) -> str:
    """What became of people's data."""
    state = writer.facts.data
    if state == "none":
        return writer.say("data.none")
    if state != "unknown":
        return writer.fill(f"data.{state}", writer.piece(writer.facts.data_detail), "data_detail")
    if writer.stage != "resolved":
        return writer.say("data.unknown")
    name = "data.unknown_ask_inside" if writer.audience == "executives" else "data.unknown_ask"
    return writer.say(name, ask=writer.ask("data"))


def data_if_told(writer: Writer) -> str:
    """Before the end only what is known about data is said, and only if something is."""
    return data_said(writer) if writer.facts.data in ("lost", "delayed", "exposed") else ""


def review_day(writer: Writer) -> str:
    """When the report on the incident comes."""
    return writer.fill("stage.review", writer.piece(writer.incident.review_on), "review")


def stand_down(writer: Writer) -> list[str]:
    """A false alarm told to those who had heard of it; asked about where the record does not say so."""
    if writer.incident.status != "cancelled":
        return [
            writer.say("stand_down.ask", ask=writer.ask("false_alarm")),
            writer.say("stand_down.what", ask=writer.ask("alarm")),
        ]
    inside = writer.audience == "executives"
    told = writer.timed("stand_down.told", writer.last.at) if writer.last else writer.say("stand_down.untold")
    return [
        writer.join(told, writer.say("stand_down.nothing_inside" if inside else "stand_down.nothing")),
        writer.join(
            writer.say("stand_down.what", ask=writer.ask("alarm")),
            writer.say("executives.sorry" if inside else "stand_down.sorry"),
        ),
    ]
