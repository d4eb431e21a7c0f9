"""Triage: is it an incident, how bad is it, and when the facts change, is it another severity now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsterm.board.store import Board
from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, some
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.core.times import between
from opsterm.incidents.incident import known_severity, set_severity, triage_known
from opsterm.incidents.notice import Notice
from opsterm.incidents.severity import (
    STAKES,
    Answers,
    Assessed,
    Rules,
    assess,
    own_rules,
)
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Incident, Spell
from opsterm.records.incident import BLIND, EXPOSURES, REDUNDANCIES, TRENDS
from opsterm.records.instant import Instant
from opsterm.records.plain import lines_of, one_line
from opsterm.records.spell import hurt, hurt_seconds_within, hurting


@dataclass(frozen=True, slots=True)
class TriageQuestion:
    """One yes/no question, and the incident's field that keeps the answer."""

    field: str
    text: str
    yes: str


#: Any yes makes it an incident [Google SRE book ch. 14].
QUESTIONS: Sequence[TriageQuestion] = (
    TriageQuestion("second_team", "Does a second team have to help?", "a second team has to help"),
    TriageQuestion("customer_visible", "Can customers see it?", "customers can see it"),
    TriageQuestion("unsolved_hour", "Is it unsolved after an hour's concentrated work?", "unsolved after an hour"),
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether it is an incident: True, False, or None while no answer decides it."""

    incident: bool | None
    because: str


def is_incident(answers: Mapping[str, bool | None]) -> Verdict:
    """What the three answers say. Any yes decides; a no needs all three; not to know is a reason to declare
    [PagerDuty: if unsure, trigger], so an answer that is missing leaves it open and never makes it a no."""
    yes = [question.yes for question in QUESTIONS if answers.get(question.field)]
    if yes:
        return Verdict(True, " and ".join(yes))
    if all(answers.get(question.field) is False for question in QUESTIONS):
        return Verdict(False, "one team, nobody sees it, and it is young: log it and close it")
    return Verdict(None, "if unsure, declare: severity can follow")


def choices(rules: Rules) -> Mapping[str, Mapping[str, str]]:
    """The questions about weight, each with its possible answers and their words, in the order to ask them."""
    return {
        "breadth": rules.breadth,
        "depth": rules.depth,
        "trend": {name: name for name in TRENDS},
        "redundancy": {name: name for name in REDUNDANCIES},
        "exposure": {name: name for name in EXPOSURES},
        "blind": {name: name for name in BLIND},
        "stakes": {name: name for name in STAKES},
    }


def answer(
    session: Session,
    incident: Incident,
    answers: Mapping[str, Any],
    *,
    rules: Rules | None = None,
    said: Attribution = NOW,
) -> Outcome:
    """Records answers to triage questions, any of them, on the incident. Raises Rejected for an unknown answer."""
    known = choices(rules or own_rules())
    booleans = {*(question.field for question in QUESTIONS), "easy_way"}
    fields: dict[str, Any] = {}
    told: list[str] = []
    for name, value in answers.items():
        if name in booleans:
            if value is not None and not isinstance(value, bool):
                raise Rejected(f"{name.replace('_', ' ')} is yes or no.")
            fields[name] = value
            if value is not None:
                told.append(f"{name.replace('_', ' ')}: {'yes' if value else 'no'}")
        elif name == "stakes":
            fields[name] = [_known(name, item, known[name]) for item in value]
            told += [known[name][item] for item in fields[name]]
        elif name in known:
            fields[name] = _known(name, value, known[name]) if value else ""
            told.append(f"{name}: {known[name][value] if value else 'unknown'}")
        else:
            raise Rejected(f"There is no triage question {name!r}: say one of {', '.join([*booleans, *known])}.")
    if not fields:
        raise Rejected("Nothing to record: answer a question.")
    fields["triaged_at"] = session.when(said)
    words = "; ".join(told) or "triage answers taken back"
    session.set(incident, fields, said=said)
    return Outcome(words, incident.id)


def _known(name: str, value: Any, wanted: Mapping[str, str]) -> str:
    if value not in wanted:
        raise Rejected(f"{value!r} is no {name}: say one of {', '.join(wanted)}.")
    return str(value)


def answers_of(
    incident: Incident, now: Instant, earlier: Incident | None = None, spells: Sequence[Spell] = ()
) -> Answers:
    """What is known of an incident's weight at `now`; `earlier` is the incident that it repeats, `spells` are those of
    one that was opened again."""
    told = hurt(incident, spells)
    since = incident.declared_at or incident.at or now
    if incident.severity == "sev3" and incident.severity_since > since:
        since = incident.severity_since
    return Answers(
        breadth=incident.breadth,
        depth=incident.depth,
        trend=incident.trend,
        redundancy=incident.redundancy,
        exposure=incident.exposure,
        blind=incident.blind,
        stakes=incident.stakes,
        easy_way=incident.easy_way is True,
        minutes=hurt_seconds_within(told, since, now) / 60,
        hurting=hurting(told),
        stated=incident.severity,
        earlier=earlier.severity if earlier else "",
        earlier_mark=earlier.mark if earlier else "",
    )


def earlier_of(board: Board, incident: Incident) -> Incident | None:
    """The incident that this one repeats, where that was said and is known here."""
    return board.get(Incident, incident.recurrence_of) if incident.recurrence_of else None


@dataclass(frozen=True, slots=True)
class SeverityProposal:
    """Another severity, with the rule that gives it; one key takes it."""

    level: str
    because: str
    asks: str
    line: str


def propose_severity(
    snapshot: Snapshot,
    now: Instant,
    *,
    rules: Rules | None = None,
    limits: Thresholds = DEFAULTS,
    earlier: Incident | None = None,
) -> SeverityProposal | None:
    """The severity that the facts ask for, where it is not the one that stands.

    What a person said against the rules stays until the facts change: an answer was given since, or a time passed that
    a rule waits for. A refusal keeps the same level and better ones quiet for `limits.refusal_minutes`.
    """
    incident = snapshot.incident
    if snapshot.over:
        return None
    rules = rules or own_rules()
    found = assess(answers_of(incident, now, earlier, snapshot.spells), rules, limits)
    if not found.level or found.level == incident.severity:
        return None
    known = incident.triaged_at <= incident.severity_since or incident.triaged_at == incident.severity_knowing
    if incident.severity and known:
        then = assess(answers_of(incident, incident.severity_since, earlier, snapshot.spells), rules, limits)
        if then.level == found.level:
            return None
    if _refused(incident, found, now, limits):
        return None
    stands = incident.severity or "no severity yet"
    return SeverityProposal(found.level, found.because, found.asks, f"{stands} → {found.level}: {found.because}")


def _refused(incident: Incident, found: Assessed, now: Instant, limits: Thresholds) -> bool:
    refused, since = incident.severity_refused, incident.severity_refused_since
    return bool(refused) and found.level >= refused and abs(between(since, now)) < limits.refusal_minutes * 60


def severity_notice(snapshot: Snapshot, proposal: SeverityProposal | None) -> Notice | None:
    """The proposal as the one line that the screen shows, to whoever commands."""
    if proposal is None:
        return None
    worse = not snapshot.incident.severity or proposal.level < snapshot.incident.severity
    to = (snapshot.incident.commander,) if snapshot.incident.commander else ()
    key = f"severity:{proposal.level}"
    return Notice(key, proposal.line, "warning" if worse else "offer", to, "take_severity", snapshot.incident.id)


def take_proposal(session: Session, incident: Incident, proposal: SeverityProposal) -> Outcome:
    """Takes the severity that was proposed, with its rule as the reason."""
    fields = {"severity": proposal.level, "severity_ruled": proposal.level, "severity_rule": proposal.because}
    session.set(incident, fields)
    return Outcome(f"{incident.mark} is {proposal.level}: {proposal.because}", incident.id)


def refuse_proposal(session: Session, incident: Incident, proposal: SeverityProposal) -> Outcome:
    """Lets the severity stand; the same is not proposed again for half an hour. On record, so that it is quiet on
    every console."""
    stands = incident.severity or "without a severity"
    words = f"stays {stands}; {proposal.level} refused ({proposal.because})"
    session.set(incident, {"severity_refused": proposal.level, "severity_rule_refused": proposal.because})
    return Outcome(words, incident.id)


def override_severity(
    session: Session, incident: Incident, severity: str, why: str, *, said: Attribution = NOW
) -> Outcome:
    """A person's own word on severity. Against what the rules give it needs a reason, which stays on record."""
    level = known_severity(severity)
    spells = session.board.all(Spell, incident.id)
    answers = answers_of(incident, session.when(said), earlier_of(session.board, incident), spells)
    ruled = assess(answers, own_rules()).level
    if not (incident.breadth or incident.depth) and ruled == incident.severity:
        ruled = ""  # nobody asked the table: what stands was said by a person
    if ruled in ("", level):
        return set_severity(session, incident, level, why, said)
    if not why.strip():
        raise Rejected(f"The rules give {ruled}: say why it is {level}.")
    if session.outlived(incident, "severity", level, said):
        return set_severity(session, incident, level, why, said)
    rule = {"severity_rule": ""} if incident.severity_rule else {}
    fields = {"severity": level, "severity_ruled": ruled, **rule, **triage_known(incident, session.when(said))}
    session.set(incident, fields, why=why.strip(), said=said)
    return Outcome(f"{incident.mark} is {level}, where the rules give {ruled}", incident.id)


def log_anomaly(session: Session, text: str, *, services: Sequence[str] = ()) -> Outcome:
    """Logs a minor anomaly and closes it at once: nobody is paged, and it counts as alert load, not as an incident."""
    at = session.board.now
    fields = filled(
        title=some(one_line(text), "what you saw"),
        status="closed",
        severity="sev5",
        anomaly=True,
        started_at=at,
        resolved_at=at,
        services=lines_of(services),
    )
    record = session.create(Incident, "", fields)
    return Outcome(f"{session.read(Incident, record).mark} logged and closed", record)


def measured(incident: Incident) -> bool:
    """Whether it counts as an incident: no drill, no anomaly, no false alarm, not folded into another."""
    return not (incident.drill or incident.anomaly or incident.folded_into or incident.status == "cancelled")
