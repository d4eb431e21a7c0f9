"""The end of an incident: mitigated is not resolved until what was promised holds; what is left becomes somebody's.

*Mitigated* is: people are no longer hurt. *Resolved* is: all works as usual again [GitLab; Atlassian]. The list before
resolving is opsterm's own, after the closing checklists of PagerDuty and Google.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, person_name, some
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.core.times import age, between
from opsterm.drafting.data_state import data_said
from opsterm.incidents.actions import later
from opsterm.incidents.incident import set_milestone, set_status
from opsterm.incidents.notice import Notice
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.obligations.obligation import owe
from opsterm.records import Action, Incident, Obligation, Update
from opsterm.records.action import OPEN
from opsterm.records.incident import OVER
from opsterm.records.instant import Instant

#: An unmet point that was passed is due a day later unless its owner says otherwise. (opsterm)
PASSED_DUE_HOURS = 24
#: For so long after a status it is asked when people were no longer hurt. (opsterm)
MITIGATION_ASKED_MINUTES = 60
#: And for so long before anything but an alarm. (opsterm)
MITIGATION_FIRST_MINUTES = 2


@dataclass(frozen=True, slots=True)
class Unmet:
    """One thing that stands between mitigated and resolved. It never blocks: one key makes it an obligation."""

    #: Names the point; an obligation with this origin passes it.
    key: str
    text: str
    #: What the obligation says, once it is passed.
    duty: str
    #: Who would owe it, as far as that is known.
    owner: str = ""


def before_resolve(snapshot: Snapshot, now: Instant, limits: Thresholds = DEFAULTS) -> list[Unmet]:
    """What is not met yet, in the order to look at it; what was passed is left out."""
    of = snapshot.incident
    passed = {item.origin for item in snapshot.obligations}
    severe = of.severity in ("sev1", "sev2")
    points = [
        *_exit(of, now, limits),
        *_redundancy(of),
        *_named(of.silences, "silences", "alarms are still silenced", "arm again"),
        *_named(of.backlog, "backlog", "the backlog is not worked off", "work off"),
        *_orders(snapshot.actions),
        *_temporary(snapshot.actions),
        *(_data(of) if severe else ()),
        *_audiences(snapshot),
        *(_review(of) if severe else ()),
    ]
    return [point for point in points if point.key not in passed]


def asked_first(
    snapshot: Snapshot, status: str, now: Instant, limits: Thresholds = DEFAULTS
) -> Literal["", "why", "unmet"]:
    """What a change of status asks before it is made: why, where an incident that is over is opened again; to look at
    what is unmet, where anything is at resolving; else nothing."""
    if snapshot.over and status not in OVER:
        return "why"
    return "unmet" if status == "resolved" and before_resolve(snapshot, now, limits) else ""


def change_status(
    session: Session,
    incident: Incident,
    status: str,
    why: str = "",
    said: Attribution = NOW,
    limits: Thresholds = DEFAULTS,
) -> Outcome:
    """Changes the status by the rules of what it becomes: a false alarm is withdrawn, resolving warns of what is
    unmet."""
    if session.outlived(incident, "status", status, said):
        return set_status(session, incident, status, why, said)
    if status == "cancelled":
        return cancel(session, incident, why, said)
    if status == "resolved":
        return resolve(session, read_snapshot(session.board, incident.id), why, said, limits)
    return set_status(session, incident, status, why, said)


def _exit(of: Incident, now: Instant, limits: Thresholds) -> Sequence[Unmet]:
    if not of.exit:
        if of.severity not in ("sev1", "sev2", "sev3"):
            return ()
        return (Unmet("exit", "no exit criteria were written: when is it over?", "show that it is over", of.commander),)
    if not of.exit_met:
        return (Unmet("exit", f"exit criteria not met: {of.exit}", f"watch until: {of.exit}", of.commander),)
    minutes = limits.soak(of.severity)
    held = between(of.exit_met_since, now) / 60 if of.exit_met_since else 0
    if held < minutes:
        text = f"exit criteria hold for {age(held * 60)} of {minutes} min"
        return (Unmet("soak", text, f"watch until it has held for {minutes} min: {of.exit}", of.commander),)
    return ()


def _redundancy(of: Incident) -> Sequence[Unmet]:
    if of.redundancy in ("", "full"):
        return ()
    text = f"redundancy is not back: {of.redundancy}"
    return (Unmet("redundancy", text, f"bring redundancy back ({of.redundancy})", of.commander),)


def _named(value: str, key: str, text: str, verb: str) -> Sequence[Unmet]:
    if value.strip().lower() in ("", "none", "no", "nothing", "0"):
        return ()
    return (Unmet(key, f"{text}: {value}", f"{verb}: {value}"),)


def _orders(actions: Sequence[Action]) -> Sequence[Unmet]:
    return [
        Unmet(f"order:{action.id}", f"{action.mark} is still open: {action.text}", action.text, action.owner)
        for action in actions
        if action.state in OPEN
    ]


def _temporary(actions: Sequence[Action]) -> Sequence[Unmet]:
    return [
        Unmet(
            f"temporary:{action.id}",
            f"{action.mark} is temporary and has no {'end' if action.owner else 'owner'}: {action.text}",
            f"take away: {action.text}",
            action.owner,
        )
        for action in actions
        if action.temporary and action.state == "done" and not (action.until and action.owner)
    ]


def _data(of: Incident) -> Sequence[Unmet]:
    """The last word says whether data was lost, or that none was [PagerDuty]."""
    if data_said(of.data)[0] != "unknown" or of.exposure not in ("", "in doubt"):
        return ()
    doubt = f"customers' data is in doubt: {of.data}" if of.data else "nobody said what became of customers' data"
    return (Unmet("data", doubt, "find out what became of data", of.commander),)


def _audiences(snapshot: Snapshot) -> Sequence[Unmet]:
    out = []
    for audience in told_audiences(snapshot):
        last = snapshot.last_update(audience)
        if last is not None and last.stage not in ("resolved", "stand-down"):
            text = f"{audience} were told, and not yet that it is over"
            out.append(Unmet(f"told:{audience}", text, f"tell {audience} that it is over"))
    return out


def _review(of: Incident) -> Sequence[Unmet]:
    if of.review_owner:
        return ()
    return (
        Unmet("review", f"nobody sees to the review, which a {of.severity} requires", "name who sees to the review"),
    )


def pass_unmet(session: Session, incident: Incident, unmet: Unmet, *, owner: str = "") -> Outcome:
    """Passes an unmet point: it becomes somebody's by tomorrow."""
    who = person_name(owner) or unmet.owner or incident.commander or session.person
    due = later(session.board.now, timedelta(hours=PASSED_DUE_HOURS))
    reason = f"passed at resolving {incident.mark}: {unmet.text}"
    return owe(session, unmet.duty, due, owner=who, reason=reason, sort="exit", incident=incident.id, origin=unmet.key)


def pass_all(session: Session, incident: Incident, unmet: Sequence[Unmet]) -> Outcome:
    """Passes several unmet points at once."""
    with session.board.transaction():
        for point in unmet:
            pass_unmet(session, incident, point)
    return Outcome(f"{len(unmet)} points passed; each is somebody's by tomorrow")


def resolve(
    session: Session, snapshot: Snapshot, why: str = "", said: Attribution = NOW, limits: Thresholds = DEFAULTS
) -> Outcome:
    """Resolves. What is unmet warns and does not block; a postmortem that is required opens, with its dates."""
    from opsterm.learn.postmortem import open_on_resolve

    of = snapshot.incident
    unmet = before_resolve(snapshot, session.when(said), limits)
    with session.board.transaction():
        told = set_status(session, of, "resolved", why, said)
        open_on_resolve(session, of.id, said)
    warning = f"{len(unmet)} unmet: {unmet[0].text}" if unmet else ""
    return Outcome(told.sentence, of.id, warning)


def exit_notices(snapshot: Snapshot, now: Instant, limits: Thresholds = DEFAULTS) -> list[Notice]:
    """Exit criteria are written early, so that nobody argues at the end; and a check at night falls due."""
    of = snapshot.incident
    to = (of.commander,) if of.commander else ()
    found = []
    young = between(of.declared_at or of.at, now) < limits.exit_written_minutes * 60
    if not (snapshot.over or of.exit or young) and of.severity in ("sev1", "sev2"):
        found.append(Notice("no exit", "when is it over? write the exit criteria: #exit …", "offer", to, "exit"))
    if of.watch_until and of.watch_until <= now and not snapshot.over:
        owner = next((o.owner for o in snapshot.obligations if o.sort == "watch" and o.state == "open"), "")
        text = f"the watch is over: does it hold? {of.exit}".rstrip()
        found.append(Notice(f"watch:{of.watch_until}", text, "warning", (owner,) if owner else to, "status"))
    return found


# --- until when people were hurt


def mitigated_with_status(snapshot: Snapshot) -> Instant:
    """Since when nobody is hurt by the status alone: it is watched or resolved, and nobody said when it was mitigated;
    empty where somebody did."""
    of, told = snapshot.incident, snapshot.hurt
    if of.status not in ("monitoring", "resolved") or not told or told[-1].mitigated:
        return ""
    return of.status_since if of.status_since >= told[-1].begun else ""


def take_mitigated(session: Session, snapshot: Snapshot) -> Outcome:
    """Says that people were no longer hurt from when the status says that it is watched or resolved."""
    at = mitigated_with_status(snapshot)
    if not at:
        raise Rejected("It was said already when it was mitigated, or it is neither watched nor resolved.")
    return set_milestone(session, snapshot.incident, "mitigated", said=Attribution(at=at))


def newly_asked(before: Snapshot, after: Snapshot, now: Instant) -> str:
    """What a line that set a status asks for where no key takes the time: when it was mitigated. Else nothing."""
    at = mitigated_with_status(after)
    if not at or at == mitigated_with_status(before):
        return ""
    when = f"{at[11:16]}Z" if at[:10] == now[:10] else f"{at[:16]}Z"
    return f"was it mitigated when it was {after.incident.status}? say #mitigated {when}, or when it was"


def mitigation_notices(snapshot: Snapshot, now: Instant) -> list[Notice]:
    """One key takes the time of the status, for a while after it was said."""
    of, at = snapshot.incident, mitigated_with_status(snapshot)
    if not at or between(at, now) > MITIGATION_ASKED_MINUTES * 60:
        return []
    to = (of.commander,) if of.commander else ()
    text = f"mitigated at {at[11:16]} UTC? else #mitigated and when"
    just_now = between(at, now) <= MITIGATION_FIRST_MINUTES * 60
    return [Notice(f"mitigated:{at}", text, "offer", to, "take_mitigated", of.id, just_done=just_now)]


def hold_exit(session: Session, incident: Incident, holds: bool, *, said: Attribution = NOW) -> Outcome:
    """Notes that the exit criteria hold now, from which their soak counts, or that they do not any more."""
    stands = session.outlived(incident, "exit_met", holds, said)
    session.set(incident, {"exit_met": holds}, said=said)
    words = "the exit criteria hold" if holds else "the exit criteria do not hold"
    return Outcome(f"{words} as of then; {stands}" if stands else words, incident.id)


# --- opened again, or come back


def reopen(session: Session, incident: Incident, why: str, *, status: str = "investigating") -> Outcome:
    """Opens an incident again; counted, with the old milestone kept in its history. Asks why."""
    if incident.status not in OVER:
        raise Rejected(f"{incident.mark} is not over: {incident.status}.")
    reason = some(why, f"why {incident.mark} is opened again")
    return set_status(session, incident, status, reason)


# --- false alarm, night watch


def withdraw_by_rule(session: Session, incident: Incident, rule: str) -> Outcome:
    """Withdraws what is no incident by the rules of triage."""
    with session.board.transaction():
        session.set(incident, {"no_incident": rule})
        return cancel(session, incident)


def told_audiences(snapshot: Snapshot) -> list[str]:
    """Every audience that was told something, in the order in which they first were."""
    return list(dict.fromkeys(update.audience for update in snapshot.updates))


def cancel(session: Session, incident: Incident, why: str = "", said: Attribution = NOW) -> Outcome:
    """A false alarm: timers end, open orders and the offer of command are withdrawn, nothing more is asked for. The
    warning names the audiences that are owed a word to stand down."""
    with session.board.transaction():
        told = set_status(session, incident, "cancelled", why, said)
        for action in session.board.all(Action, incident.id):
            if action.state in OPEN:
                session.set(action, {"state": "cancelled"}, said=said)
        if incident.offered_to:
            session.set(incident, {"offered_to": ""}, said=said)
        for item in session.board.all(Obligation, incident.id, where="state IN ('open', 'snoozed')"):
            session.set(item, {"state": "dropped"}, said=said)
    owed = ", ".join(dict.fromkeys(update.audience for update in session.board.all(Update, incident.id)))
    return Outcome(told.sentence, incident.id, f"tell {owed} to stand down" if owed else "")


def watch(session: Session, incident: Incident, until: Instant, owner: str = "", said: Attribution = NOW) -> Outcome:
    """Only watched until a time: the next check is its owner's obligation, and the next word moves there."""
    if until <= session.when(said):
        raise Rejected("Watch until a time that lies ahead.")
    if session.outlived(incident, "status", "monitoring", said):
        return set_status(session, incident, "monitoring", said=said)
    who = person_name(owner) or incident.commander or session.speaker(said)
    with session.board.transaction():
        set_status(session, incident, "monitoring", said=said, watch_until=until)
        what = f"check whether {incident.mark} still holds"
        told = owe(session, what, until, owner=who, sort="watch", incident=incident.id, origin="watch", said=said)
    return Outcome(f"{incident.mark} is watched until {until[11:16]} UTC; {told.sentence}", told.record)
