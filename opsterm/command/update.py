"""What was said to stakeholders, as it was sent."""

from __future__ import annotations

from opsterm.command.session import NOW, Refused, Said, Session, Told, some
from opsterm.records import Incident, Update
from opsterm.records.instant import Instant
from opsterm.records.update import AUDIENCES

#: What people call the audiences, and the one name that the board uses for each.
AUDIENCE_NAMES = {name: name for name in AUDIENCES} | {"public": "customers", "execs": "executives"}


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
    said: Said = NOW,
) -> Told:
    """Records an update that was sent. It can't be undone: a correction is an update of its own.

    Where `next_at` is not given, the time that the text itself promises is when the next word is due.
    """
    to = AUDIENCE_NAMES.get(audience.lower())
    if to is None:
        raise Refused(f"There is no audience {audience!r}: say one of {', '.join(AUDIENCES)}.")
    fields = {"audience": to, "text": some(text, "what was sent")}
    promised = next_at or promised_in(fields["text"], session.when(said), session.zone)
    optional = {"stage": stage, "lang": "" if lang == "en" else lang, "next_at": promised, "via": via}
    fields |= {name: value for name, value in optional.items() if value}
    return Told(f"told {to}", session.create(Update, incident.id, fields, said=said))


def promised_in(text: str, sent_at: Instant, zone: str) -> Instant:
    """When a text promises the next word; empty where it names no time."""
    from opsterm.words.cadence import promised_at

    return promised_at(text, sent_at, zone) or ""
