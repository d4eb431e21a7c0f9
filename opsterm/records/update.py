"""What was said to whom, when the next word is due, who approved it, and what outsiders ask."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.incident import Severity, Status
from opsterm.records.instant import Instant
from opsterm.records.record import Other, Record, Unsaid, record, since, stated, whose, why
from opsterm.records.timeline_entry import Entry, Said, clock_of, edit_entry, line_kind, text_entry

ApprovalState = Literal["asked", "approved", "refused", "withdrawn", "sent anyway"]
BegunState = Literal["open", "left", "sent"]
QuestionState = Literal["open", "answered", "dropped"]
QUESTION_STATES: tuple[QuestionState, ...] = get_args(QuestionState)
Audience = Literal["executives", "customers", "support", "engineers"]
AUDIENCES: tuple[Audience, ...] = get_args(Audience)
#: What an update can be: the first word; who and how much; cause or repair known; repair in place; over; still going on
#: after hours; taking back what was said; a false alarm told to those who had heard of it.
STAGES = ("first", "scoping", "identified", "monitoring", "resolved", "long-running", "correction", "stand-down")

#: Those whose text must be fit for anybody: what support is told reaches callers word for word. [field notes §3]
OUTSIDE = ("customers", "support")
#: The forms of the channels that a text goes out by.
FORMS = ("plain", "markdown", "slack", "html", "statuspage", "teams")

SENT = line_kind(
    "update_posted", "told", "told", exported="told", counted=("update sent", "updates sent"), news="told: "
)
PLAN = line_kind("word_plan")
APPROVAL = line_kind("approval")
QUESTION = line_kind("question")

_APPROVALS = {
    "approved": "the update to {} is approved",
    "refused": "the update to {} is refused",
    "withdrawn": "no yes to the update to {} is asked for any more",
    "sent anyway": "the update to {} was refused, and sent anyway",
}


@record("update", entry=text_entry(SENT))
class Update(Record):
    """One text as it was sent. Sent words can't be unsaid: corrections are updates of their own."""

    audience: Audience | Other = stated("customers", "One of AUDIENCES.")
    stage: str = stated("", "The stage it was written for; empty where it was not said.")
    lang: str = stated("en", "Language of the text: en or zh.")
    text: str = stated("", "The words as sent.")
    next_at: Instant = stated("", "When the next word was promised.")
    via: str = stated("", "How it left: which clipboard, or a file's path.")
    form: str = stated("", "One of FORMS, in which it was copied; empty where it was not said.")
    approved_by: str = stated("", "Who approved exactly this text.")
    refused_by: str = stated("", "Who had refused exactly this text: it was sent all the same.")
    refused_why: str = stated("", "Why they had refused it, in their words.")
    knew: int | None = stated(
        None, "How many updates to this audience its sender knew of; nothing where that is not known."
    )
    overridden: tuple[str, ...] = stated((), "Findings of the review that the sender let stand: rule and words.")
    status: Status | Unsaid | Other = stated(
        "", "The incident's status when it was sent; empty where that is not known."
    )
    severity: Severity | Unsaid | Other = stated(
        "", "The incident's severity when it was sent; empty where that is not known."
    )


def _plan_entry(told: Said) -> Entry | None:
    to = told.of("audience") or "stakeholders"
    if told.values.get("regular") is False:
        return told.line(PLAN, f"no regular updates to {to}")
    if told.values.get("regular") is True:
        return told.line(PLAN, f"regular updates to {to} again")
    until = told.now("snoozed_until")
    return told.line(PLAN, f"the next update to {to} is put off until {clock_of(until)}") if until else None


@record("word_plan", entry=_plan_entry)
class WordPlan(Record):
    """What was agreed on the words to one audience: none before a time, or none regularly."""

    audience: Audience | Other = stated("customers", "One of AUDIENCES.")
    snoozed_until: Instant = stated("", "No word is due before; empty where none was put off.")
    snoozed_until_since: Instant = since("snoozed_until")
    snoozed_until_by: str = whose("snoozed_until")
    snoozed_until_why: str = why("snoozed_until")
    regular: bool = stated(True, "Whether words are due regularly; else only what is promised, and what changed.")
    regular_since: Instant = since("regular")
    regular_by: str = whose("regular")
    regular_why: str = why("regular")


def _approval_entry(told: Said) -> Entry | None:
    audience = told.of("audience") or "customers"
    if "text" in told:
        return told.line(APPROVAL, f"{told.now('asked_of') or 'a yes'} is asked to approve the update to {audience}")
    state = told.now("state")
    if not state:
        return None
    what = _APPROVALS.get(state, f"the update to {{}}: {state}").format(audience)
    return told.line(APPROVAL, what, was=told.was("state"), now=state)


@record("text_approval", entry=_approval_entry)
class TextApproval(Record):
    """A yes that is asked for one text to one audience. It holds for exactly that text."""

    audience: Audience | Other = stated("customers", "One of AUDIENCES.")
    lang: str = stated("en", "Language of the text: en or zh.")
    text: str = stated("", "The words that are to be approved.")
    digest: str = stated("", "SHA-256 of the text, in hexadecimal.")
    asked_of: str = stated("", "Whose yes is asked for.")
    state: ApprovalState | Other = stated(
        "asked", "asked, approved, refused, withdrawn, or sent anyway: though it was refused."
    )
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")


@record("text_begun")
class TextBegun(Record):
    """Somebody writes a text of their own to one audience: who is about to tell the same sees it, until it is left or
    sent."""

    audience: Audience | Other = stated("customers", "One of AUDIENCES.")
    state: BegunState | Other = stated("open", "open, left or sent.")


def _question_entry(told: Said) -> Entry | None:
    if "number" in told:
        return told.line(QUESTION, f"{told.now('who') or 'somebody'} asks: {told.now('text')}")
    state = told.now("state")
    if not state:
        return edit_entry(told, QUESTION)
    what = "open again" if state == "open" else state
    return told.line(QUESTION, what, was=told.was("state"), now=state, marked=True)


@record("question", letter="q", entry=_question_entry)
class OutsideQuestion(Record):
    """Something that somebody outside asks. Until it is answered, a word is owed."""

    who: str = stated("", "Who asked, by name or role.")
    text: str = stated("", "What they want to know.")
    answer_by: Instant = stated("", "By when an answer was promised; empty where none was.")
    state: QuestionState | Other = stated("open", "open, answered or dropped.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
