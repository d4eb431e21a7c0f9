"""What is asked before a text is sent: whether it is meant, and what stands against it."""

from __future__ import annotations

from opsterm.records.instant import Instant
from opsterm.updates import approval
from opsterm.updates.told_twice import just_sent
from opsterm.updates.writing import others_at
from screens.composer.message import ComposedUpdate


def question(message: ComposedUpdate, person: str, now: Instant) -> str:
    """The question before a text is copied and recorded as sent; what stands against it comes first."""
    snapshot, audience, text = message.snapshot, message.audience, message.text
    send = f"to {audience} as {message.form}"
    again = just_sent(snapshot.updates, audience, text, now)
    no = approval.refused(snapshot.text_approvals, audience, text)
    if again:
        return f"{again}: again?"
    if no is not None and no.state_by != person:
        return f"Refused by {no.state_by}: send {send} anyway, on record as that?"
    return f"Send {send}{_left(message, person, now)}?"


def _left(message: ComposedUpdate, person: str, now: Instant) -> str:
    """What is open in the text, and who else is about to tell this audience."""
    said, may = message.standing
    missing, found = len(message.brackets()), len(message.findings)
    left = [f"{missing} still asked for"] if missing else []
    left += [f"{found} finding{'s' if found > 1 else ''} stand{'' if found > 1 else 's'}"] if found else []
    left += [said] if may and said else []
    left += [others] if (others := others_at(message.snapshot, message.audience, person, message.begun, now)) else []
    return f" ({', '.join(left)})" if left else ""
