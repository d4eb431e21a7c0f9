"""Declaring an incident, and what the status pane holds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations
from unicodedata import normalize

from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, person_name, some
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.core.times import between, lies_ahead
from opsterm.incidents.spells import SPELL_MILESTONES, take, turn_by_milestone, turn_by_status
from opsterm.records import Incident, Role, Spell
from opsterm.records.incident import OVER, SEVERITIES, STATUSES, Severity
from opsterm.records.instant import Instant
from opsterm.records.person_name import same_person
from opsterm.records.plain import lines_of, one_line
from opsterm.records.spell import spells_of

#: What people call the roles, and the one name that the board uses for each.
ROLE_NAMES = {
    "commander": "commander",
    "incident commander": "commander",
    "ic": "commander",
    "deputy": "deputy",
    "operations": "operations",
    "operations lead": "operations",
    "ops": "operations",
    "scribe": "scribe",
    "customer liaison": "customer liaison",
    "customers": "customer liaison",
    "internal liaison": "internal liaison",
    "internal": "internal liaison",
    "expert": "expert",
    "subject expert": "expert",
}

#: What `#word text` sets beside statuses, severities and milestones: word → (field, what it is in words).
STATUS_PANE = {
    "impact": ("impact", "impact"),
    "who": ("impact_who", "who is hurt"),
    "what": ("impact_what", "what they can't do"),
    "extent": ("impact_extent", "how much"),
    "unaffected": ("impact_unaffected", "who is not hurt"),
    "workaround": ("workaround", "workaround"),
    "data": ("data", "customers' data"),
    "objectives": ("objectives", "objectives"),
    "exit": ("exit", "exit criteria"),
    "plan-b": ("plan_b", "plan B"),
    "silenced": ("silences", "silenced alarms"),
    "backlog": ("backlog", "backlog"),
    "review": ("review_owner", "who sees to the review"),
    "changed": ("changed", "what changed"),
    "title": ("title", "title"),
}

#: Objectives that are open at once, at the most; people first, then data, stop it spreading, restore [FEMA ICS].
OBJECTIVES_MAX = 3


def declare(
    session: Session,
    title: str,
    *,
    severity: str = "",
    services: Sequence[str] = (),
    commander: str = "",
    drill: bool = False,
    said: Attribution = NOW,
) -> Outcome:
    """Declares an incident. Whoever declares commands until someone else does; all but the title can follow later."""
    named = some(one_line(title), "what fails, for whom")
    at = session.when(said)
    fields = filled(
        title=named,
        status="investigating",
        commander=person_name(commander) or session.speaker(said),
        started_at=at,
        declared_at=at,
        severity=known_severity(severity) if severity else "",
        services=lines_of(services),
        drill=drill,
    )
    with session.board.transaction():
        record = session.create(Incident, "", fields, said=said)
        mark = session.read(Incident, record).mark
    return Outcome(f"{mark} declared; {fields['commander']} is in command", record)


def known_severity(text: str) -> Severity:
    """The severity of that name. Raises Rejected."""
    wanted = text.strip().lower()
    if wanted not in SEVERITIES:
        raise Rejected(f"There is no severity {text!r}: say sev1 (worst) to sev5.")
    return wanted


def set_status(
    session: Session,
    incident: Incident,
    status: str,
    why: str = "",
    said: Attribution = NOW,
    *,
    watch_until: Instant = "",
) -> Outcome:
    """Moves the incident on, or back; resolving notes when. Reopening keeps the history, and begins another spell of
    hurt. What is told late of a time before what stands belongs to its time, and changes what people were hurt, not the
    status. `watch_until` is for one that is only watched."""
    if status not in STATUSES:
        raise Rejected(f"There is no status {status!r}: say one of {', '.join(STATUSES)}.")
    stands = session.outlived(incident, "status", status, said)
    turn = turn_by_status(session.board, incident, status, session.when(said))
    reopened = not stands and incident.status in OVER and status not in OVER
    more = {} if stands else filled(watch_until=watch_until, reopened=incident.reopened + 1 if reopened else 0)
    with session.board.transaction():
        session.set(incident, {"status": status, **turn.fields, **more}, why=why, said=said)
        take(session, turn, said=said)
    if stands:
        return Outcome(f"{incident.mark} was {status} then{turn.words}; {stands}", incident.id)
    warning = "say why it was reopened" if reopened and not why else ""
    return Outcome(f"{incident.mark} is {status}{turn.words}", incident.id, warning)


def set_severity(
    session: Session, incident: Incident, severity: str, why: str = "", said: Attribution = NOW
) -> Outcome:
    """Says how bad it is. In doubt take the worse level [PagerDuty; GitLab]."""
    level = known_severity(severity)
    stands = session.outlived(incident, "severity", level, said)
    if stands:
        session.set(incident, {"severity": level}, why=why, said=said)
        return Outcome(f"{incident.mark} was {level} then; {stands}", incident.id)
    rule = {"severity_rule": ""} if incident.severity_rule else {}
    fields = {"severity": level, **rule, **triage_known(incident, session.when(said))}
    session.set(incident, fields, why=why, said=said)
    return Outcome(f"{incident.mark} is {level}", incident.id)


def triage_known(incident: Incident, at: Instant) -> dict[str, Instant]:
    """With a severity said at `at`: which triage its author knew, where a clock that is ahead puts that triage after
    it. By the times alone the facts would seem to have changed, and the severity be asked about again and again."""
    return {"severity_knowing": incident.triaged_at} if incident.triaged_at > at else {}


def set_milestone(
    session: Session, incident: Incident, milestone: str, why: str = "", said: Attribution = NOW
) -> Outcome:
    """Says when it started, was detected, declared, mitigated or resolved. An impossible order is warned of, not
    refused: clocks and guesses are wrong in incidents. Said again it corrects the spell in whose time it lies; to have
    started after it was mitigated begins another."""
    at = session.when(said)
    if lies_ahead(at, session.board.now):
        raise Rejected(f"{milestone} can't lie ahead: give a time up to now.")
    beyond = ""
    if milestone in SPELL_MILESTONES:
        turn = turn_by_milestone(session.board, incident, milestone, at)
        with session.board.transaction():
            if turn.fields:
                session.set(incident, turn.fields, why=why, said=said)
            take(session, turn, why=why, said=said)
        beyond = turn.words
    else:
        session.set(incident, {f"{milestone}_at": at}, why=why, said=said)
    after = session.board.get(Incident, incident.id) or incident
    told = f"{incident.mark} {milestone} at {at[11:16]} UTC{beyond}"
    return Outcome(told, incident.id, "; ".join(impossible_order(after)))


def follow_up(line: str) -> tuple[str, str]:
    """(its type, its words) of a follow-up that was recorded with an incident; no type where it names none."""
    kind, colon, text = line.partition(": ")
    return (kind, text) if colon and " " not in kind else ("", line)


def milestones(incident: Incident, spells: Sequence[Spell] = ()) -> dict[str, Instant]:
    """When it started, was detected, declared, mitigated and resolved; empty where nobody said. What ended a spell
    before the one that stands now is not among them."""
    stands = spells_of(incident, spells)[-1]
    return {
        "started": incident.started_at,
        "detected": incident.detected_at,
        "declared": incident.declared_at,
        "mitigated": stands.mitigated,
        "resolved": stands.resolved,
    }


def impossible_order(incident: Incident) -> list[str]:
    """Which milestones stand before one that they follow. Declared before started is legal: it was foreseen."""
    names = ("started", "detected", "mitigated", "resolved")
    follows = [*combinations(names, 2), ("detected", "declared"), ("declared", "resolved")]
    at = milestones(incident)
    return [
        f"{later} ({at[later]}) lies before {earlier} ({at[earlier]})"
        for earlier, later in follows
        if at[earlier] and at[later] and at[later] < at[earlier]
    ]


def asks_what_changed(incident: Incident, now: Instant, limits: Thresholds = DEFAULTS) -> bool:
    """Whether it is still to be asked what changed before it began: it is young, and nobody said. [Google SRE workbook
    app. C: 68 % of outages were triggered by a change]"""
    young = between(incident.declared_at or incident.at, now) <= limits.what_changed_minutes * 60
    return young and not (incident.changed or incident.status in OVER)


def set_words(session: Session, incident: Incident, word: str, text: str, said: Attribution = NOW) -> Outcome:
    """Sets what the status pane holds under a word: impact, workaround, exit criteria …"""
    field, called = STATUS_PANE[word]
    value = person_name(text) if field == "review_owner" else text
    stands = session.outlived(incident, field, value, said)
    fields = {field: some(value, called)}
    if field == "data" and incident.data_detail and not stands:
        fields["data_detail"] = ""  # it was of what was said of the data before
    session.set(incident, fields, said=said)
    many = field == "objectives" and len([part for part in value.split(";") if part.strip()]) > OBJECTIVES_MAX
    warning = f"more than {OBJECTIVES_MAX} at once: which come first? people, data, stop it spreading, restore"
    noted = f"{called} noted as of then; {stands}" if stands else f"{called} noted"
    return Outcome(noted, incident.id, warning if many else "")


def set_services(session: Session, incident: Incident, services: Sequence[str], said: Attribution = NOW) -> Outcome:
    """Says which services are hurt."""
    listed = lines_of(services)
    stands = session.outlived(incident, "services", listed, said)
    session.set(incident, {"services": listed}, said=said)
    then = f" then; {stands}" if stands else ""
    return Outcome(f"services: {', '.join(listed) or 'none'}{then}", incident.id)


def known_role(text: str) -> str:
    """The board's name of a role, in whatever case and width it is written, or nothing."""
    return ROLE_NAMES.get(re.sub(r"[\s_-]+", " ", normalize("NFKC", text).casefold()).strip(), "")


def give_role(session: Session, incident: Incident, name: str, role: str, said: Attribution = NOW) -> Outcome:
    """Gives a role to a person. Command is taken at once by naming oneself, and offered by naming another: until the
    firm yes the outgoing commander stays in command [Google SRE book, ch. 14]."""
    who = some(person_name(name), "who")
    if role == "commander":
        if same_person(who, session.speaker(said)):
            offered = same_person(who, incident.offered_to)
            if offered and not _expired(incident, session.when(said), DEFAULTS.offer_minutes):
                return accept_command(session, incident, said=said)
            return take_command(session, incident, said=said)
        return offer_command(session, incident, who, said=said)
    with session.board.transaction():
        held = [r for r in session.board.all(Role, incident.id) if r.role == role]
        if role == "expert":
            held = [r for r in held if same_person(r.name, who)]
        if held:
            session.set(held[0], {"name": who}, said=said)
            record = held[0].id
        else:
            record = session.create(Role, incident.id, {"role": role, "name": who}, said=said)
        known = session.read(Role, record).name
    double = same_person(who, incident.commander)
    warning = f"{known} commands as well: a commander holds no other role" if double else ""
    return Outcome(f"{known} is {role}", record, warning)


def know_role(session: Session, role: Role) -> Outcome:
    """Whoever was given a role has seen that they have it."""
    session.set(role, {"known": role.name_since})
    return Outcome(f"{role.name} is {role.role}", role.id)


def stand_down(session: Session, role: Role) -> Outcome:
    """Ends a person's part; the role stays, with nobody in it."""
    session.set(role, {"name": ""})
    return Outcome(f"{role.name} stood down as {role.role}", role.id)


def take_command(session: Session, incident: Incident, why: str = "", said: Attribution = NOW) -> Outcome:
    """Takes command at once; whoever had it is told."""
    who = session.speaker(said)
    before = incident.commander
    stands = session.outlived(incident, "commander", who, said)
    if stands:
        session.set(incident, {"commander": who}, why=why, said=said)
        return Outcome(f"{who} was in command then; {stands}", incident.id)
    fields = {"commander": who, **({"offered_to": ""} if incident.offered_to else {})}
    if before and not same_person(before, who):
        fields["taken_from"] = before
    session.set(incident, fields, why=why, said=said)
    return Outcome(f"{who} is in command", incident.id)


def offer_command(session: Session, incident: Incident, to: str, said: Attribution = NOW) -> Outcome:
    """Offers command to another, who has to accept it."""
    if same_person(to, incident.commander):
        raise Rejected(f"{to} is in command already.")
    session.set(incident, {"offered_to": to}, said=said)
    known = session.read(Incident, incident.id).offered_to
    return Outcome(
        f"command is offered to {known}; {incident.commander or 'nobody'} stays in command until the yes", incident.id
    )


def accept_command(
    session: Session, incident: Incident, said: Attribution = NOW, *, within_minutes: int = DEFAULTS.offer_minutes
) -> Outcome:
    """The successor's firm yes, from their own console or as heard on the call. An offer expires: a yes to what was
    asked long ago may not be a yes to what has become of it."""
    if not incident.offered_to:
        raise Rejected("Command is not offered to anybody: name a successor first.")
    if _expired(incident, session.when(said), within_minutes):
        raise Rejected(f"The offer to {incident.offered_to} has expired after {within_minutes} min: offer it again.")
    to = incident.offered_to
    session.set(incident, {"commander": to, "offered_to": ""}, said=said)
    return Outcome(f"{to} is in command", incident.id)


def _expired(incident: Incident, at: Instant, within_minutes: int) -> bool:
    return bool(incident.offered_since) and between(incident.offered_since, at) > within_minutes * 60


def know_taken(session: Session, incident: Incident) -> Outcome:
    """The former commander has seen that another took command."""
    session.set(incident, {"taken_from": ""})
    return Outcome(f"{incident.commander} is in command", incident.id)


def withdraw_offer(session: Session, incident: Incident) -> Outcome:
    """Declines or withdraws an offer of command: nothing changes hands."""
    if not incident.offered_to:
        raise Rejected("Command is not offered to anybody.")
    to = incident.offered_to
    declined = same_person(to, session.person)
    words = f"{to} declined command" if declined else f"the offer of command to {to} was withdrawn"
    session.set(incident, {"offered_to": ""})
    return Outcome(words, incident.id)
