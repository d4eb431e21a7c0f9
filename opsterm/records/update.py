"""What was said to whom, when the next word is due, who approved it, and what outsiders ask."""

from __future__ import annotations

from opsterm.records.instant import Instant
from opsterm.records.record import Record, record, since, stated, whose, why

AUDIENCES = ("executives", "customers", "support", "engineers")
#: Those whose text must be fit for anybody: what support is told reaches callers word for word. [field notes §3]
OUTSIDE = ("customers", "support")
#: The forms of the channels that a text goes out by.
FORMS = ("plain", "markdown", "slack", "html", "statuspage", "teams")


@record("update")
class Update(Record):
    """One text as it was sent. Sent words can't be unsaid: corrections are updates of their own."""

    audience: str = stated("customers", "One of AUDIENCES.")
    stage: str = stated("", "The stage it was written for; empty where it was not said.")
    lang: str = stated("en", "Language of the text: en or zh.")
    text: str = stated("", "The words as sent.")
    next_at: Instant = stated("", "When the next word was promised.")
    via: str = stated("", "How it left: which clipboard, or a file's path.")
    form: str = stated("", "One of FORMS, in which it was copied; empty where it was not said.")
    approved_by: str = stated("", "Who approved exactly this text.")
    overridden: tuple[str, ...] = stated((), "Findings of the review that the sender let stand: rule and words.")
    status: str = stated("", "The incident's status when it was sent; empty where that is not known.")
    severity: str = stated("", "The incident's severity when it was sent; empty where that is not known.")


@record("word_plan")
class WordPlan(Record):
    """What was agreed on the words to one audience: none before a time, or none regularly."""

    audience: str = stated("customers", "One of AUDIENCES.")
    snoozed_until: Instant = stated("", "No word is due before; empty where none was put off.")
    snoozed_until_since: Instant = since("snoozed_until")
    snoozed_until_by: str = whose("snoozed_until")
    snoozed_until_why: str = why("snoozed_until")
    regular: bool = stated(True, "Whether words are due regularly; else only what is promised, and what changed.")
    regular_since: Instant = since("regular")
    regular_by: str = whose("regular")
    regular_why: str = why("regular")


@record("text_approval")
class TextApproval(Record):
    """A yes that is asked for one text to one audience. It holds for exactly that text."""

    audience: str = stated("customers", "One of AUDIENCES.")
    lang: str = stated("en", "Language of the text: en or zh.")
    text: str = stated("", "The words that are to be approved.")
    digest: str = stated("", "SHA-256 of the text, in hexadecimal.")
    asked_of: str = stated("", "Whose yes is asked for.")
    state: str = stated("asked", "asked, approved, refused or withdrawn.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")


@record("question", letter="q")
class OutsideQuestion(Record):
    """Something that somebody outside asks. Until it is answered, a word is owed."""

    who: str = stated("", "Who asked, by name or role.")
    text: str = stated("", "What they want to know.")
    answer_by: Instant = stated("", "By when an answer was promised; empty where none was.")
    state: str = stated("open", "open, answered or dropped.")
    state_since: Instant = since("state")
    state_by: str = whose("state")
    state_why: str = why("state")
