"""Questions from outside: who asked what, and by when an answer was promised. Until it is answered a word is owed.

An executive who asks is the commonest interruption of an incident.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, tzinfo

from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, person_name, some
from opsterm.core.times import age, between, time_ahead
from opsterm.records import Incident, OutsideQuestion
from opsterm.records.instant import Instant, instant, moment
from opsterm.records.update import QUESTION_STATES as STATES

#: How soon an answer is owed where no time was said, in minutes. (opsterm)
ANSWER_MINUTES = 15

_WHO = re.compile(r"^\s*([^:：]{1,40})[:：]\s*(?=\S)")
_WHEN = re.compile(r"(?<!\s)\s+(?:in|by)\s+(\S+)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Typed:
    """A question as it was typed on one line: `ceo: is our data safe? by 14:30`."""

    who: str
    text: str
    answer_by: Instant


def read(line: str, now: Instant, zone: tzinfo = UTC) -> Typed:
    """Reads `WHO: WHAT [by 14:30 | in 20m]`. Raises Rejected where nobody is named, or nothing is asked."""
    found = _WHO.match(line)
    if not found:
        raise Rejected("Say who asks, then what: ceo: is our data safe? by 14:30")
    text = line[found.end() :]
    at = ""
    timed = _WHEN.search(text)
    if timed:
        ahead, rest = time_ahead(timed[1], now, zone)
        if ahead and not rest:
            at, text = ahead, text[: timed.start()]
    return Typed(
        person_name(found[1]),
        some(text, "what they ask"),
        at or instant(moment(now) + timedelta(minutes=ANSWER_MINUTES)),
    )


def ask(session: Session, incident: Incident, typed: Typed, said: Attribution = NOW) -> Outcome:
    """Records a question that somebody outside asked, with when an answer was promised."""
    fields = {"who": typed.who, "text": typed.text, "answer_by": typed.answer_by}
    record = session.create(OutsideQuestion, incident.id, fields, said=said)
    left = age(between(session.when(said), typed.answer_by))
    return Outcome(f"{typed.who} is owed an answer in {left}", record)


def settle(session: Session, question: OutsideQuestion, state: str, words: str) -> Outcome:
    """Answers a question, or drops it: with what was said, or why not."""
    if state not in STATES:
        raise Rejected(f"A question is {', '.join(STATES)}; not {state!r}.")
    reason = some(words, "what was answered" if state == "answered" else "why it needs no answer")
    session.set(question, {"state": state}, why=reason)
    return Outcome(f"{question.mark} of {question.who} is {state}", question.id)
