"""When the next word is due, by what is recorded: table and rules are those of `opsterm.drafting.update_schedule`."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from opsterm.core.session import Outcome, Rejected, Session, some
from opsterm.core.times import age, between
from opsterm.drafting import update_schedule
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Incident, Update, WordPlan
from opsterm.records.instant import Instant, instant, moment
from opsterm.records.update import AUDIENCES
from opsterm.updates.settings import word_settings

#: Told unasked; the others hear regularly once somebody has begun to tell them.
TOLD_UNASKED = ("customers",)


def next_words(snapshot: Snapshot) -> list[tuple[str, Instant]]:
    """(to whom, when the next word is due), soonest first: each audience, and whoever asked from outside and was
    promised an answer. Once an incident is over, only its last word is owed, to those who were told."""
    due: list[tuple[str, Instant]] = [(audience, next_word(snapshot, audience)) for audience in AUDIENCES]
    due += [(question.who, question.answer_by) for question in snapshot.questions if question.state == "open"]
    return sorted(((audience, at) for audience, at in due if at), key=lambda pair: pair[1])


def next_word(snapshot: Snapshot, audience: str) -> Instant:
    """When the next word to an audience is due; empty where none is."""
    due = due_word(snapshot, audience)
    return due.at if due else ""


def first_to_tell(snapshot: Snapshot) -> str:
    """The audience that is owed a word first; customers where none is."""
    due = [(at, audience) for audience in AUDIENCES if (at := next_word(snapshot, audience))]
    return min(due)[1] if due else "customers"


def due_word(snapshot: Snapshot, audience: str) -> update_schedule.NextUpdate | None:
    """The same, and why it is due then."""
    of = snapshot.incident
    last = snapshot.last_update(audience)
    if last is None and audience not in TOLD_UNASKED:
        return None
    word = None
    if last is not None:
        count = sum(update.audience == audience for update in snapshot.updates)
        promised = promised_to(snapshot, audience)
        word = update_schedule.LastUpdate(last.at, last.stage, last.status, last.severity, promised, count)
    began = of.declared_at or of.at
    if word is not None and of.status == "monitoring" and of.watch_until:
        word = replace(word, status=of.status)  # it is only watched: what was promised stands
    standing = update_schedule.UpdateSituation(of.severity, of.status, began, of.status_since, of.severity_since)
    due = update_schedule.due(standing, audience, word, plan=_plan(snapshot, audience), own=word_settings().cadence)
    if due and due.why == "table" and of.status == "monitoring" and of.watch_until > due.at:
        return update_schedule.NextUpdate(of.watch_until, "watch")  # a night watch; a time that was promised stands
    return due


#: Two texts within so many seconds: neither is the next word that the other promised. (opsterm)
TOGETHER_S = 60


def promised_to(snapshot: Snapshot, audience: str) -> Instant:
    """When an audience was promised its next word: the earliest time that no later word has kept; empty where nothing
    is promised."""
    sent = sorted((u for u in snapshot.updates if u.audience == audience), key=lambda u: (u.at, u.born))
    standing = (
        update.next_at
        for place, update in enumerate(sent)
        if update.next_at and not any(_keeps(later, update, place) for later in sent[place + 1 :])
    )
    return min(standing, default="")


def _keeps(later: Update, promise: Update, place: int) -> bool:
    """Whether a word is the next one that an earlier one promised, before which `place` others were sent: who sent it
    knew of that, as far as is recorded, or it was written down afterwards."""
    knew = later.knew is None or later.knew > place or promise.born > later.born
    return knew and between(promise.at, later.at) > TOGETHER_S


def plan_of(snapshot: Snapshot, audience: str) -> WordPlan | None:
    """What was agreed on the words to an audience."""
    return next((plan for plan in snapshot.word_plans if plan.audience == audience), None)


def _plan(snapshot: Snapshot, audience: str) -> update_schedule.Plan:
    found = plan_of(snapshot, audience)
    if found is None:
        return update_schedule.Plan()
    put_off = [(found.snoozed_until, found.snoozed_until_since)]
    for conflict in snapshot.conflicts:
        if conflict.record == found.id and conflict.field == "snoozed_until":
            put_off = [(str(head["value"] or ""), str(head["at"])) for head in conflict.heads]
    return update_schedule.Plan(*min(put_off), found.regular)


def put_off(session: Session, incident: Incident, audience: str, by: timedelta, why: str) -> Outcome:
    """Puts the next word to an audience off to so long from now, with a reason. Ends with the next word that is sent; a
    changed status or a worse severity is still told within ten minutes."""
    reason = some(why, "why the word can wait")
    if by <= timedelta(0):
        raise Rejected("Put it off to a time that lies ahead, such as 20m.")
    now = session.board.now
    until = instant(moment(now) + by)
    record = _keep(session, incident, audience, {"snoozed_until": until}, reason)
    return Outcome(f"the next word to {audience} is put off by {age(between(now, until))}", record)


def set_regular(session: Session, incident: Incident, audience: str, regular: bool, why: str) -> Outcome:
    """Whether an audience hears regularly; without that only promises, changes and the end are told."""
    reason = why.strip() if regular else some(why, "why there are no regular updates")
    record = _keep(session, incident, audience, {"regular": regular}, reason)
    return Outcome(f"{'regular words' if regular else 'no regular words'} to {audience}", record)


def _keep(session: Session, incident: Incident, audience: str, fields: dict[str, object], why: str) -> str:
    if audience not in AUDIENCES:
        raise Rejected(f"There is no audience {audience!r}: say one of {', '.join(AUDIENCES)}.")
    # One record an audience, named by it: two who put it off apart are in conflict, and seen to be.
    record = f"{incident.id}/words/{audience}"
    session.write(WordPlan.kind, record, incident.id, {"audience": audience, **fields}, why=why)
    return record
