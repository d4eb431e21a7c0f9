"""What a person said about two incidents that look alike."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.record import Other, Record, Unsaid, record, since, stated, whose, why

Verdict = Literal["confirmed", "refused"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)


@record("recurrence")
class Recurrence(Record):
    """A verdict on one pair. Its id follows from the two incidents, so that two people judge the same record."""

    later: str = stated("", "Id of the incident that may repeat the other.", called="")
    earlier: str = stated("", "Id of the incident before it.", called="")
    verdict: Verdict | Unsaid | Other = stated(
        "", "confirmed, refused, or empty once it was taken back.", called="repeats:"
    )
    verdict_since: Instant = since("verdict")
    verdict_by: str = whose("verdict")
    verdict_why: str = why("verdict")
