"""What was said to whom, and when the next word is due."""

from __future__ import annotations

from opsterm.records.instant import Instant
from opsterm.records.record import Record, record, stated

AUDIENCES = ("executives", "customers", "support", "engineers")


@record("update")
class Update(Record):
    """One text as it was sent. Sent words can't be unsaid: corrections are updates of their own."""

    audience: str = stated("customers", "One of AUDIENCES.")
    stage: str = stated("", "The stage it was written for; empty where it was not said.")
    lang: str = stated("en", "Language of the text: en or zh.")
    text: str = stated("", "The words as sent.")
    next_at: Instant = stated("", "When the next word was promised.")
    via: str = stated("", "How it left: which clipboard, or a file's path.")
    approved_by: str = stated("", "Who approved exactly this text.")
