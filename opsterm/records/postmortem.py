"""The postmortem of an incident: who writes it by when, what only people know, its factors and improvements."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, Unsaid, record, since, stated, whose, why
from opsterm.records.timeline_entry import on_day

State = Literal["draft", "review", "published", "dropped"]
STATES: tuple[State, ...] = get_args(State)
#: States in which somebody still has to finish it.
OPEN: tuple[State, ...] = ("draft", "review")
#: Kinds, the stronger first [VA NCPS, RCA2: the hierarchy of actions].
Sort = Literal["eliminate", "guard", "automate", "detect", "document", "train"]
TYPES: tuple[Sort, ...] = get_args(Sort)


@record("postmortem")
class Postmortem(Record):
    """One a incident. What the record of the incident tells is not copied here: it is gathered when it is read."""

    owner: PersonName = stated("", "Who sees to it; empty while nobody was named.", called="given to")
    state: State | Other = stated("draft", "One of STATES.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
    reason: str = stated(
        "", "Why it is wanted, in words: the rule or the person that asks for it.", called="wanted because"
    )
    required: bool = stated(False, "Whether the rules require it; else it was offered and taken.", called="required:")
    draft_at: Instant = stated("", "By when the draft is to be there.", called="draft by", words=on_day)
    meet_at: Instant = stated("", "By when people meet on it.", called="meeting by", words=on_day)
    publish_at: Instant = stated("", "By when it is published.", called="published by", words=on_day)
    summary: str = stated(
        "", "The summary in its author's words; empty while the record's own stands.", called="summary:"
    )
    numbers: tuple[str, ...] = stated(
        (), "The impact in numbers, each with its basis, as added by hand.", called="numbers:"
    )
    obligation: str = stated("", "Id of the obligation that reminds of it.", called="")


@record("answer")
class Answer(Record):
    """What one person said to one question of the walk. People answer side by side, so each answer is a record."""

    postmortem: str = stated("", "Id of the postmortem.", called="")
    question: str = stated("", "Key of the question, as in the data file of the walk.", called="")
    text: str = stated("", "The answer.", called="reads")


@record("factor", letter="f")
class Factor(Record):
    """One contributing factor of one incident, by the taxonomy."""

    name: str = stated("", "Its name in the taxonomy; empty while nobody chose one.", called="kind")
    text: str = stated("", "What was so, in this incident.", called="reads")
    evidence: str = stated("", "What shows it: a graph, a line of the timeline, a document.", called="shown by")
    behind: str = stated(
        "", "What made it possible, where the text names a person or an error of one.", called="made possible by"
    )


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
