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
    """Records an update that was sent. It can't be undone: a correction is an update of its own."""
    to = AUDIENCE_NAMES.get(audience.lower())
    if to is None:
        raise Refused(f"There is no audience {audience!r}: say one of {', '.join(AUDIENCES)}.")
    fields = {"audience": to, "text": some(text, "what was sent")}
    optional = {"stage": stage, "lang": "" if lang == "en" else lang, "next_at": next_at, "via": via}
    fields |= {name: value for name, value in optional.items() if value}
    return Told(f"told {to}", session.create(Update, incident.id, fields, said=said))
