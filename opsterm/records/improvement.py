"""What is changed so that it does not come back."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.record import Other, Record, Unsaid, record, stated

#: Kinds, the stronger first [VA NCPS, RCA2: the hierarchy of actions].
Sort = Literal["eliminate", "guard", "automate", "detect", "document", "train"]
TYPES: tuple[Sort, ...] = get_args(Sort)


@record("improvement", letter="i")
class Improvement(Record):
    """One improvement. Owner, due date, state and evidence are those of its obligation: there is one list of what is
    due."""

    text: str = stated("", "What is done: verb first.", called="reads")
    sort: Sort | Unsaid | Other = stated("", "One of TYPES; empty while nobody said.", called="kind")
    done_when: str = stated("", "How one tells that it is done: a number, a test, a thing that exists.")
    wanted: str = stated("", "What evidence closes it: a link, a graph, a run.", called="shown by")
    factor: str = stated("", "Id of the factor that it answers.", called="")
    chosen: bool = stated(
        True, "Whether it is among the few that will be done; else it is kept as an idea.", called="among the few:"
    )
    obligation: str = stated("", "Id of the obligation that reminds of it; empty while it has no date.", called="")
