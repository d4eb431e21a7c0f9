"""The commander's yes to a text before it leaves: asked and given across consoles, for exactly the text approved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from opsterm.core.session import Outcome, Rejected, Session, some
from opsterm.core.times import age, between
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Incident, TextApproval, Update
from opsterm.records.instant import Instant, instant, moment
from opsterm.records.person_name import same_person
from opsterm.records.update import AUDIENCES
from opsterm.updates.settings import word_settings


def digest(text: str) -> str:
    """Names a text: white space at its ends does not count, every other sign does."""
    return sha256(text.strip().encode("utf-8", "surrogatepass")).hexdigest()


def wanted(audience: str) -> bool:
    """Whether the team wants the commander's yes before this audience is told."""
    return audience in word_settings().approve


def approval_of(snapshot: Snapshot, audience: str, text: str) -> TextApproval | None:
    """What was asked last about exactly this text; nothing where nobody asked."""
    return _asked_last(snapshot.text_approvals, audience, text)


def _asked_last(approvals: Iterable[TextApproval], audience: str, text: str) -> TextApproval | None:
    name = digest(text)
    asked = [item for item in approvals if item.audience == audience and item.digest == name]
    asked = [item for item in asked if item.state != "withdrawn"]
    return max(asked, key=lambda item: (item.state == "approved", item.at, item.born), default=None)


def asked_of(snapshot: Snapshot, audience: str, text: str, person: str) -> TextApproval | None:
    """What waits for this person's yes to exactly this text."""
    found = approval_of(snapshot, audience, text)
    return found if found and found.state == "asked" and same_person(person, snapshot.incident.commander) else None


def ask(session: Session, incident: Incident, audience: str, text: str, *, lang: str = "en") -> Outcome:
    """Asks the commander to approve a text. What was asked before for this audience and language is withdrawn."""
    who = incident.commander
    if not who:
        raise Rejected("Nobody is in command who could approve: @name commander says who is.")
    kept = some(text, "what is to be approved")
    with session.board.transaction():
        for old in session.board.all(TextApproval, incident.id, where="state = 'asked'"):
            if (old.audience, old.lang) == (audience, lang) and same_person(old.by, session.person):
                session.set(old, {"state": "withdrawn"})
        fields = {"audience": audience, "lang": lang, "text": kept, "digest": digest(kept), "asked_of": who}
        record = session.create(TextApproval, incident.id, fields)
    return Outcome(f"{who} is asked to approve the words to {audience}", record)


def approve_or_ask(session: Session, snapshot: Snapshot, audience: str, text: str, *, lang: str = "en") -> Outcome:
    """The commander's yes, where exactly this text waits for it; else it is asked for."""
    asked = asked_of(snapshot, audience, text, session.person)
    if asked is not None:
        return answer(session, asked, True)
    return ask(session, snapshot.incident, audience, text, lang=lang)


def answer(session: Session, asked: TextApproval, yes: bool, why: str = "") -> Outcome:
    """The yes or no of whoever is in command."""
    incident = session.board.get(Incident, asked.incident)
    if incident is None or not same_person(session.person, incident.commander):
        who = incident.commander if incident else ""
        raise Rejected(f"Only {who or 'the commander'} approves this: t takes command.")
    if asked.state == "withdrawn":
        raise Rejected("It was withdrawn: another text was put in its place.")
    session.set(asked, {"state": "approved" if yes else "refused"}, why=why)
    return Outcome(f"the words to {asked.audience} are {'approved' if yes else 'refused'}", asked.id)


def unanswered(asked: TextApproval, now: Instant) -> bool:
    """Whether it has waited for so long that the text may be sent as not approved."""
    return asked.state == "asked" and now >= expires(asked)


def expires(asked: TextApproval) -> Instant:
    """When an unanswered text may be sent as not approved."""
    return instant(moment(asked.at) + timedelta(minutes=word_settings().approval_minutes))


def standing(snapshot: Snapshot, audience: str, text: str, now: Instant) -> tuple[str, bool]:
    """How it stands with the approval of a text, in words, and whether anybody may send it unasked; ("", True) where
    none is wanted and none was asked for."""
    found = approval_of(snapshot, audience, text)
    if found is None and not wanted(audience):
        return "", True
    if found is None:
        return f"{snapshot.incident.commander or 'nobody in command'} has not approved this text", False
    if found.state == "approved":
        return f"approved by {found.state_by}", True
    if found.state in ("refused", "sent anyway"):
        return in_words(found), False
    if unanswered(found, now):
        return f"{found.asked_of} did not answer for {age(between(found.at, now))}: may be sent as not approved", True
    return f"{found.asked_of} is asked, {age(between(now, expires(found)))} left to answer", False


def refusal(snapshot: Snapshot, audience: str, text: str, sender: str, now: Instant) -> str:
    """Why `sender` may not send a text yet; empty where they may. The commander's own sending is an approval, and a
    text that was refused may be sent anyway: that is on record."""
    if not wanted(audience) or refused(snapshot.text_approvals, audience, text):
        return ""
    said, may = standing(snapshot, audience, text, now)
    return "" if may or same_person(sender, snapshot.incident.commander) else said


def refused(approvals: Iterable[TextApproval], audience: str, text: str) -> TextApproval | None:
    """The no that exactly this text was given, where that is the last word on it."""
    found = _asked_last(approvals, audience, text)
    return found if found is not None and found.state == "refused" else None


def last_refusal(snapshot: Snapshot, audience: str, person: str) -> TextApproval | None:
    """The no to what a person asked for last for an audience, until they ask again or the audience is told."""
    asked = [a for a in snapshot.text_approvals if (a.audience, a.by) == (audience, person) and a.state != "withdrawn"]
    last = max(asked, key=lambda item: (item.at, item.born), default=None)
    told = snapshot.last_update(audience)
    answered = last is not None and last.state == "refused" and (told is None or told.at < last.state_since)
    return last if answered else None


def refusals(snapshot: Snapshot, person: str) -> Iterable[tuple[str, str]]:
    """(record, words) of the answers to this person's texts that were no, and that nothing was done about yet."""
    for audience in AUDIENCES:
        no = last_refusal(snapshot, audience, person)
        if no is not None:
            yield no.id, f"your words to {audience} are {in_words(no)}"


def in_words(refusal: TextApproval) -> str:
    """Who refused a text, and why; who sent it all the same."""
    if refusal.state == "sent anyway":
        return f"refused, and sent anyway by {refusal.state_by}"
    return f"refused by {refusal.state_by}{f': {refusal.state_why}' if refusal.state_why else ''}"


def sent_anyway(update: Update) -> str:
    """That an update was sent though it was refused, by whom and why; empty where it was not."""
    if not update.refused_by:
        return ""
    return f"refused by {update.refused_by}{f' ({update.refused_why})' if update.refused_why else ''}, sent anyway"


def approved_by(snapshot: Snapshot, audience: str, text: str, sender: str) -> str:
    """Whose yes a text has once `sender` sends it: that of whoever approved exactly this text, else the commander's own
    where the team wants one; empty where it goes out without."""
    asked = approval_of(snapshot, audience, text)
    yes = asked.state_by if asked is not None and asked.state == "approved" else ""
    return yes or (sender if wanted(audience) and same_person(sender, snapshot.incident.commander) else "")


def waiting(snapshot: Snapshot, person: str) -> Iterable[tuple[str, str]]:
    """(record, words) of the texts that wait for this person's yes."""
    if same_person(person, snapshot.incident.commander):
        for item in snapshot.text_approvals:
            if item.state == "asked":
                yield item.id, f"{item.by}’s words to {item.audience}: {' '.join(item.text.split())}"
