"""What was said to whom, when the next word is due, who approved it, and what outsiders ask."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.incident import Severity, Status
from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
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
    "asked": "a yes to the update to {} is asked for again",
    "approved": "the update to {} is approved",
    "refused": "the update to {} is refused",
    "withdrawn": "no yes to the update to {} is asked for any more",
    "sent anyway": "the update to {} was refused, and sent anyway",
}


@record("update", entry=text_entry(SENT))
class Update(Record):
    """One text as it was sent. Sent words can't be unsaid: corrections are updates of their own."""

    audience: Audience | Other = stated("customers", "One of AUDIENCES.", called="to")
    stage: str = stated("", "The stage it was written for; empty where it was not said.")
    lang: str = stated("en", "Language of the text: en or zh.", called="language")
    text: str = stated("", "The words as sent.", called="reads")
    next_at: Instant = stated("", "When the next word was promised.", called="next update promised for")
    via: str = stated("", "How it left: which clipboard, or a file's path.", called="sent by")
    form: str = stated("", "One of FORMS, in which it was copied; empty where it was not said.", called="copied as")
    approved_by: PersonName = stated("", "Who approved exactly this text.")
    refused_by: PersonName = stated("", "Who had refused exactly this text: it was sent all the same.")
    refused_why: str = stated("", "Why they had refused it, in their words.", called="it was refused because")
    knew: int | None = stated(
        None, "How many updates to this audience its sender knew of; nothing where that is not known.", called=""
    )
    overridden: tuple[str, ...] = stated(
        (), "Findings of the review that the sender let stand: rule and words.", called="sent in spite of"
    )
    status: Status | Unsaid | Other = stated(
        "",
        "The incident's status when it was sent; empty where that is not known.",
        called="status then",
    )
    severity: Severity | Unsaid | Other = stated(
        "",
        "The incident's severity when it was sent; empty where that is not known.",
        called="severity then",
    )


def _plan_entry(told: Said) -> Entry | None:
    to = told.of("audience") or "stakeholders"
    if told.values.get("regular") is False:
        return told.line(PLAN, f"no regular updates to {to}")
    if told.values.get("regular") is True:
        return told.line(PLAN, f"regular updates to {to} again")
    until, was = told.now("snoozed_until"), told.was("snoozed_until")
    if until:
        return told.line(PLAN, f"the next update to {to} is put off until {clock_of(until)}", was=was, now=until)
    if "snoozed_until" in told:
        return told.line(PLAN, f"the next update to {to} is put off no more", was=was)
    return edit_entry(told, PLAN, marked=False)


@record("word_plan", entry=_plan_entry)
class WordPlan(Record):
    """What was agreed on the words to one audience: none before a time, or none regularly."""

    audience: Audience | Other = stated("customers", "One of AUDIENCES.", called="to")
    snoozed_until: Instant = stated("", "No word is due before; empty where none was put off.", called="put off until")
    snoozed_until_since: Instant = since("snoozed_until")
    snoozed_until_by: str = whose("snoozed_until")
    snoozed_until_why: str = why("snoozed_until")
    regular: bool = stated(
        True, "Whether words are due regularly; else only what is promised, and what changed.", called="regularly told:"
    )
    regular_since: Instant = since("regular")
    regular_by: str = whose("regular")
    regular_why: str = why("regular")


def _approval_entry(told: Said) -> Entry | None:
    audience = told.of("audience") or "customers"
    if "text" in told:
        return told.line(APPROVAL, f"{told.now('asked_of') or 'a yes'} is asked to approve the update to {audience}")
    state = told.now("state")
    if not state:
        return edit_entry(told, APPROVAL, marked=False)
    known = _APPROVALS.get(state)
    what = known.format(audience) if known else f"the update to {audience}: {state}"
    return told.line(APPROVAL, what, was=told.was("state"), now=state)


@record("text_approval", entry=_approval_entry)
class TextApproval(Record):
    """A yes that is asked for one text to one audience. It holds for exactly that text."""

    audience: Audience | Other = stated("customers", "One of AUDIENCES.", called="to")
    lang: str = stated("en", "Language of the text: en or zh.", called="language")
    text: str = stated("", "The words that are to be approved.", called="")
    digest: str = stated("", "SHA-256 of the text, in hexadecimal.", called="")
    asked_of: PersonName = stated("", "Whose yes is asked for.")
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

    audience: Audience | Other = stated("customers", "One of AUDIENCES.", called="to")
    state: BegunState | Other = stated("open", "open, left or sent.")


def _question_entry(told: Said) -> Entry | None:
    if "number" in told:
        return told.line(QUESTION, f"{told.of('who') or 'somebody'} asks: {told.of('text')}")
    state = told.now("state")
    if not state:
        return edit_entry(told, QUESTION)
    what = "open again" if state == "open" else state
    return told.line(QUESTION, what, was=told.was("state"), now=state, marked=True)


@record("question", letter="q", entry=_question_entry)
class OutsideQuestion(Record):
    """Something that somebody outside asks. Until it is answered, a word is owed."""

    who: str = stated("", "Who asked, by name or role.", called="asked by")
    text: str = stated("", "What they want to know.", called="reads")
    answer_by: Instant = stated(
        "", "By when an answer was promised; empty where none was.", called="answer promised by"
    )
    state: QuestionState | Other = stated("open", "open, answered or dropped.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
