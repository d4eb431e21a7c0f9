"""What was said to stakeholders, as it was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, some
from opsterm.records import Incident, Update
from opsterm.records.instant import Instant
from opsterm.records.record import as_said
from opsterm.records.update import AUDIENCES, Audience
from opsterm.updates.settings import word_settings

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

    Where `next_at` is not given, the time that the text itself promises is when the next word is due. The page for
    outsiders is written anew where the team has one; if that fails, the warning says so, and the update stands.
    """
    to = AUDIENCE_NAMES.get(audience.lower())
    if to is None:
        raise Rejected(f"There is no audience {audience!r}: say one of {', '.join(AUDIENCES)}.")
    words = some(text, "what was sent")
    fields = filled(
        audience=to,
        text=words,
        stage=stage,
        lang="" if lang == "en" else lang,
        next_at=next_at or promised_in(words, session.when(said), session.zone),
        via=via,
        form=form,
        approved_by=approved_by,
        overridden=list(overridden),
        status=as_said(incident, "status"),
        severity=as_said(incident, "severity"),
    )
    record = session.create(Update, incident.id, fields, said=said)
    return Outcome(f"told {to}", record, _page_anew(session, to))


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
