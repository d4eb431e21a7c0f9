"""A condition that had to be there for the incident to happen, or to last."""

from __future__ import annotations

from opsterm.records.record import Record, record, stated


@record("factor", letter="f")
class Factor(Record):
    """One contributing factor of one incident, by the taxonomy."""

    name: str = stated("", "Its name in the taxonomy; empty while nobody chose one.", called="kind")
    text: str = stated("", "What was so, in this incident.", called="reads")
    evidence: str = stated("", "What shows it: a graph, a line of the timeline, a document.", called="shown by")
    behind: str = stated(
        "", "What made it possible, where the text names a person or an error of one.", called="made possible by"
    )
