"""What customers are told. The order is the same everywhere: what it means for you, what we know, what we do and what
you can do, when you hear next. [CDC CERC; GOV.UK service manual; field notes §1, §3]
"""

from collections.abc import Callable

from opsterm.drafting.sentences.earlier_updates import changed, correction
from opsterm.drafting.sentences.ending import data_if_told, data_said, is_over, retry, review_day, stand_down
from opsterm.drafting.sentences.impact import effect, extent, lasted, since, who_what, workaround
from opsterm.drafting.sentences.next_update import at_longer_intervals, going_on_for, next_update
from opsterm.drafting.sentences.response import cause, doing, estimate, repair, watching
from opsterm.drafting.sentences.writer import Writer


def paragraphs(writer: Writer) -> list[str]:
    """The update at the writer's stage; what is told of planned work is told as in scoping."""
    return _STAGES[writer.stage](writer)


def _first(writer: Writer) -> list[str]:
    return [effect(writer), writer.join(writer.say("doing.first"), workaround(writer)), next_update(writer)]


def _scoping(writer: Writer) -> list[str]:
    told = effect(writer)
    says_extent = writer.incident.impact_extent or "impact" in writer.told
    return [
        told,
        changed(writer),
        writer.join(
            cause(writer),
            "" if says_extent else writer.say("doing.finding_extent"),
            doing(writer),
            data_if_told(writer),
        ),
        workaround(writer),
        next_update(writer),
    ]


def _identified(writer: Writer) -> list[str]:
    return [
        effect(writer),
        changed(writer),
        writer.join(cause(writer), doing(writer), estimate(writer), data_if_told(writer)),
        workaround(writer),
        next_update(writer),
    ]


def _monitoring(writer: Writer) -> list[str]:
    return [
        writer.join(repair(writer), writer.say("stage.works", ask=writer.ask("works"))),
        writer.join(who_what(writer, over=True), extent(writer, over=True), since(writer)),
        changed(writer),
        writer.join(watching(writer), data_if_told(writer)),
        retry(writer, "stage.retry"),
        next_update(writer),
    ]


def _resolved(writer: Writer) -> list[str]:
    confirmed = any(writer.piece(cause.plain, is_cause=True) for cause in writer.facts.confirmed)
    return [
        writer.join(is_over(writer), retry(writer, "stage.after")),
        writer.join(who_what(writer, over=True), extent(writer, over=True), lasted(writer)),
        changed(writer),
        writer.join(data_said(writer), cause(writer) if confirmed else ""),
        writer.join(writer.say("stage.sorry"), review_day(writer), writer.say("next.last")),
    ]


def _long_running(writer: Writer) -> list[str]:
    ruled_out = [writer.piece(held.plain) for held in writer.facts.hypotheses if held.state == "eliminated"]
    told = [text for text in ruled_out if text][:3]
    tried = ("，" if writer.lang == "zh" else "; ").join(told) or writer.ask("tried")
    return [
        workaround(writer, "workaround.top") or writer.fill("workaround.top", "", "workaround"),
        writer.join(effect(writer), going_on_for(writer)),
        changed(writer),
        writer.join(
            cause(writer),
            writer.say("stage.long_tried", what=tried),
            doing(writer),
            estimate(writer),
            data_if_told(writer),
        ),
        at_longer_intervals(writer),
    ]


def _correction(writer: Writer) -> list[str]:
    title, said, right = correction(writer)
    return [
        writer.join(title, said),
        writer.join(right, writer.say("correction.matters", ask=writer.ask("matters"))),
        effect(writer),
        changed(writer),
        workaround(writer),
        next_update(writer),
    ]


_STAGES: dict[str, Callable[[Writer], list[str]]] = {
    "first": _first,
    "scoping": _scoping,
    "identified": _identified,
    "monitoring": _monitoring,
    "resolved": _resolved,
    "long-running": _long_running,
    "correction": _correction,
    "stand-down": stand_down,
    "planned": _scoping,
}
