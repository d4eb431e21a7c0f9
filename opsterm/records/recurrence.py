"""What a person said about two incidents that look alike."""

from __future__ import annotations

from opsterm.records.instant import Instant
from opsterm.records.record import Record, record, since, stated, whose, why

VERDICTS = ("confirmed", "refused")


@record("recurrence")
class Recurrence(Record):
    """A verdict on one pair. Its id follows from the two incidents, so that two people judge the same record."""

    later: str = stated("", "Id of the incident that may repeat the other.")
    earlier: str = stated("", "Id of the incident before it.")
    verdict: str = stated("", "confirmed, refused, or empty once it was taken back.")
    verdict_since: Instant = since("verdict")
    verdict_by: str = whose("verdict")
    verdict_why: str = why("verdict")
