"""What engineers are told: who is in command and where, every hypothesis and action with its mark, what was decided."""

from opsterm.drafting import calibrated_wording
from opsterm.drafting.audience_fit import bare, first_sentence
from opsterm.drafting.sentences.earlier_updates import changed, correction
from opsterm.drafting.sentences.ending import stand_down
from opsterm.drafting.sentences.impact import extent, spared, who_what, workaround
from opsterm.drafting.sentences.next_update import next_update
from opsterm.drafting.sentences.writer import Writer
from opsterm.drafting.stage import UNRESOLVED
from opsterm.records import Action, Hypothesis
from opsterm.records.action import OPEN
from opsterm.records.record import as_said

LISTED = 8
"""Lines of one kind that the text carries at most."""
_GROUPS = {"confirmed": "confirmed", "eliminated": "out"}
"""State of a hypothesis → the list that it stands in; the others are alive."""


def paragraphs(writer: Writer) -> list[str]:
    """The update at the writer's stage."""
    over = writer.stage in ("resolved", "monitoring")
    body = [
        writer.join(*_head(writer)),
        writer.join(who_what(writer, over), extent(writer, over), spared(writer)),
    ]
    if writer.stage == "correction":
        body.append(writer.join(*correction(writer)))
    if writer.stage == "stand-down":
        body.append(stand_down(writer)[0])
    return [
        *body,
        changed(writer, LISTED),
        *_hypotheses(writer),
        *_actions(writer),
        writer.join(*_decisions_and_exit(writer)),
        next_update(writer, "next.short"),
    ]


def _head(writer: Writer) -> list[str]:
    of = writer.incident
    status, severity = writer.word(of, "status"), as_said(of, "severity") or writer.ask("severity")
    began = writer.facts.effect_since
    return [
        writer.say("engineers.state", status=status, severity=severity),
        writer.timed("engineers.since", began)
        if began and began <= writer.now
        else writer.say("effect.since_ask", ask=writer.ask("since")),
        writer.say("engineers.commander", who=writer.facts.in_command or of.commander or writer.ask("commander")),
        writer.say("engineers.channel", where=of.channel or writer.ask("channel")),
    ]


def _hypotheses(writer: Writer) -> list[str]:
    """Confirmed, alive and ruled out, each with its fixed phrase; what is ruled out saves others the work."""
    groups: dict[str, list[str]] = {"confirmed": [], "alive": [], "out": []}
    for hypothesis in writer.facts.hypotheses:
        groups[_GROUPS.get(hypothesis.state, "alive")].append(_hypothesis(writer, hypothesis))
    lists = [_listed(writer.say(f"engineers.{name}"), lines) for name, lines in groups.items() if lines]
    if not groups["alive"] and not groups["confirmed"]:
        lists.insert(0, writer.say("engineers.alive_none"))
    return lists


def _hypothesis(writer: Writer, hypothesis: Hypothesis) -> str:
    step = calibrated_wording.step(hypothesis)
    if step == "unknown":
        step = "parked" if hypothesis.state in ("parked", "inconclusive") else "unlikely"
    if hypothesis.id in writer.facts.disputed:
        step = "disputed"
    why = writer.piece(hypothesis.state_why, is_cause=True)
    said = bare(writer.fit(first_sentence(hypothesis.text), is_cause=True)) or writer.ask_record(hypothesis.mark)
    name = f"cause.engineers.{step}"
    if why and writer.phrases.has(f"{name}_by"):
        return writer.say(f"{name}_by", mark=hypothesis.mark, cause=said, why=why)
    return writer.say(name, mark=hypothesis.mark, cause=said)


def _actions(writer: Writer) -> list[str]:
    """The open ones with their owners, and how others ended."""
    actions = writer.facts.actions
    running = [_running(writer, action) for action in actions if action.state in OPEN]
    ended = [_action(writer, "engineers.result", action) for action in actions if action.state in ("done", "failed")]
    if running:
        lists = [_listed(writer.say("engineers.orders"), running[:LISTED])]
    else:
        lists = [writer.say("engineers.orders_none")]
    return [*lists, _listed(writer.say("engineers.done"), ended[-LISTED:])] if ended else lists


def _running(writer: Writer, action: Action) -> str:
    if action.owner:
        return _action(writer, "engineers.order", action, owner=action.owner)
    return _action(writer, "engineers.order_unowned", action)


def _action(writer: Writer, phrase: str, action: Action, **more: str) -> str:
    fitted = writer.fit(first_sentence(action.text))
    text = bare(fitted) if fitted else writer.ask_record(action.mark)
    return writer.say(phrase, mark=action.mark, state=writer.word(action, "state"), text=text, **more)


def _decisions_and_exit(writer: Writer) -> list[str]:
    facts, of = writer.facts, writer.incident
    decided = [text for decision in facts.decisions[-2:] if (text := writer.piece(decision.text))]
    exit_said = writer.fit(of.exit)
    asks_for_help = writer.stage in UNRESOLVED and writer.stage != "monitoring"
    return [
        *(writer.say("engineers.decided", what=text) for text in decided),
        workaround(writer, "engineers.workaround"),
        writer.say("engineers.data", state=_data(writer)),
        writer.say("engineers.exit", what=bare(exit_said)) if exit_said else "",
        writer.fill("engineers.help", writer.piece(of.help_needed), "help") if asks_for_help else "",
    ]


def _data(writer: Writer) -> str:
    """What became of people's data: what is not settled is told as it was said."""
    state = writer.facts.data
    said = writer.piece(writer.incident.data) if state == "unknown" else ""
    return said or writer.say(f"state.{state}")


def _listed(lead: str, lines: list[str]) -> str:
    return "\n".join([lead, *(f"- {line}" for line in lines)])
