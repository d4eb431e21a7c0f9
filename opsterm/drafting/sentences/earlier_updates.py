"""What is said of earlier updates: what changed since the last one, and what it said wrongly."""

from opsterm.drafting.audience_fit import first_sentence, upper_first
from opsterm.drafting.changes import TextChange, changes
from opsterm.drafting.sentences.writer import Writer
from opsterm.records.update import OUTSIDE

ON_THE_WAY = frozenset(
    {"severity_worse", "severity_better", "workaround", "services_more", "services_less", "new_idea", "set_aside"}
    | {"started", "under_way", "likelier", "less_likely", "dropped"}
)
"""Changes that matter to those outside only while it lasts."""
CHANGES_TOLD = 3
"""Changes that one update tells outsiders and executives; more is a log, not an update."""
QUOTED_WORDS = 20
"""Words of an earlier text that a correction quotes at most."""
_STAGE_ITSELF = {"monitoring": "to_monitoring", "resolved": "to_resolved", "stand-down": "to_cancelled"}
"""The change that an update at this stage tells anyway."""


def changed(writer: Writer, most: int = CHANGES_TOLD) -> str:
    """What changed since the last update to this audience, the `most` important; "" if there was none."""
    if writer.last is None or writer.then is None:
        return ""
    inside = writer.audience == "engineers"
    executives = writer.audience == "executives"
    found = changes(writer.then, writer.facts)
    said_already = _STAGE_ITSELF.get(writer.stage)
    news = any(change.name == said_already for change in found)
    found = [change for change in found if change.name != said_already]
    if not inside:
        kept_inside = {"exit"} if executives else {"exit", "decided"}
        if news:
            # Once it is over, or repaired, how it went on the way is no news to those outside.
            kept_inside |= ON_THE_WAY
        found = [change for change in found if change.name not in kept_inside]
    if not found and not news:
        return writer.timed("change.nothing_inside" if inside or executives else "change.nothing", writer.last.at)
    if not found:
        return ""
    told = (_change(writer, change) for change in found[:most])
    return writer.join(writer.timed("change.lead", writer.last.at), *told)


def _change(writer: Writer, change: TextChange) -> str:
    name = f"change.{change.name}"
    if change.name in ("severity_worse", "severity_better"):
        if writer.audience in OUTSIDE:
            return writer.say(f"{name}_outside")
        return writer.say(name, before=change.before, after=change.after)
    if writer.phrases.has(f"{name}_one"):
        return upper_first(writer.say(f"{name}_{'one' if change.n == 1 else 'many'}", n=writer.number(change.n)))
    return writer.say(name)


def correction(writer: Writer) -> tuple[str, str, str]:
    """That something said was wrong, what it was, and the question for what is right."""
    return (
        writer.say("correction.title"),
        _said_before(writer),
        writer.say("correction.right_ask", ask=writer.ask("right")),
    )


def _said_before(writer: Writer) -> str:
    """What was said wrongly: the last text's first sentence stands there to begin with, where it can be quoted."""
    if writer.last is not None and writer.last.lang == writer.lang:
        quoted = writer.fit(first_sentence(writer.last.text))
        if 2 < len(quoted.split()) <= QUOTED_WORDS or (writer.lang == "zh" and 4 < len(quoted) <= QUOTED_WORDS * 2):
            return writer.timed("correction.said_at", writer.last.at, said=quoted.strip())
    return writer.say("correction.said", ask=writer.ask("said"))
