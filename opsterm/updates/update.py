"""What was said to stakeholders, as it was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, some
from opsterm.records import Incident, TextApproval, Update
from opsterm.records.instant import Instant
from opsterm.records.record import as_said
from opsterm.records.update import AUDIENCES, Audience
from opsterm.updates.approval import in_words, refused
from opsterm.updates.settings import word_settings
from opsterm.updates.told_twice import just_sent

#: What people call the audiences, and the one name that the board uses for each.
AUDIENCE_NAMES: Mapping[str, Audience] = {
    **{name: name for name in AUDIENCES},
    "public": "customers",
    "execs": "executives",
}


def sent(
    session: Session,
    incident: Incident,
    audience: str,
    text: str,
    *,
    stage: str = "",
    lang: str = "en",
    next_at: Instant = "",
    via: str = "",
    form: str = "",
    approved_by: str = "",
    overridden: Sequence[str] = (),
    said: Attribution = NOW,
) -> Outcome:
    """Records an update that was sent. It can't be undone: a correction is an update of its own.

    Where `next_at` is not given, the time that the text itself promises is when the next word is due. A text that was
    refused is on record as sent anyway. That the same went out just before is a warning. The page for outsiders is
    written anew where the team has one; if that fails, the warning says so, and the update stands.
    """
    to = AUDIENCE_NAMES.get(audience.lower())
    if to is None:
        raise Rejected(f"There is no audience {audience!r}: say one of {', '.join(AUDIENCES)}.")
    words = some(text, "what was sent")
    at = session.when(said)
    board = session.board
    earlier = [u for u in board.all(Update, incident.id) if u.audience == to and u.at <= at]
    no = refused(board.all(TextApproval, incident.id), to, words)
    if no is not None and no.state_by == session.speaker(said):
        no = None  # who said no, and sends it, says yes
    fields = filled(
        audience=to,
        text=words,
        stage=stage,
        lang="" if lang == "en" else lang,
        next_at=next_at or promised_in(words, at, session.zone),
        via=via,
        form=form,
        approved_by=approved_by,
        overridden=list(overridden),
        status=as_said(incident, "status"),
        severity=as_said(incident, "severity"),
        refused_by=no.state_by if no else "",
        refused_why=no.state_why if no else "",
    )
    fields["knew"] = len(earlier)
    with board.transaction():
        if no is not None:
            session.set(no, {"state": "sent anyway"}, said=said)
        record = session.create(Update, incident.id, fields, said=said)
    warnings = (just_sent(earlier, to, words, at), _page_anew(session, to))
    sentence = f"told {to}, though {in_words(no)}" if no else f"told {to}"
    return Outcome(sentence, record, "; ".join(warning for warning in warnings if warning))


def _page_anew(session: Session, audience: Audience) -> str:
    """Writes the page for outsiders; says what stood against it."""
    page = word_settings().page
    if page is None or audience != "customers":
        return ""
    from opsterm.updates.status_page import write_page

    try:
        write_page(session.board, page, session.zone)
    except Rejected as refused:
        return f"the page for outsiders is as it was: {refused}"
    return ""


def promised_in(text: str, sent_at: Instant, zone: str) -> Instant:
    """When a text promises the next word; empty where it names no time."""
    from opsterm.drafting.cadence import promised_at

    return promised_at(text, sent_at, zone) or ""
