"""What makes an improvement one that gets done: verb first, one owner, a date, how one tells that it is done, a factor
that it answers, and the stronger kinds before the weaker. Rules and better forms are data."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opsterm.learn.account import Account, TrackedImprovement
from opsterm.learn.cues import any_found, words_of
from opsterm.learn.taxonomy import data
from opsterm.learn.team_rules import postmortem_rules
from opsterm.learn.wording_review import review
from opsterm.records.postmortem import TYPES


@dataclass(frozen=True, slots=True)
class QualityFinding:
    """One thing to put right, of one improvement or factor or of the whole; a better form where there is one."""

    rule: str
    why: str
    record: str = ""
    instead: str = ""
    #: Whether the postmortem waits for it.
    holds: bool = True


def kind_of(text: str) -> str:
    """The type that the words suggest, or nothing: the weakest that fits, so that nothing is flattered."""
    words = words_of(text)
    return next((kind for kind, cues in data("improvements")["types"].items() if any_found(cues, words)), "")


def strength(sort: str) -> int:
    """0 for the strongest type; past the last for what has none."""
    return TYPES.index(sort) if sort in TYPES else len(TYPES)


def verb_first(text: str) -> bool:
    """Whether it begins with a verb, as far as words and endings tell."""
    words = words_of(text)
    if not words:
        return False
    rules = data("improvements")["not_verbs"]
    first = words[0]
    if first in rules["words"]:
        return False
    return not (len(first) > 6 and first.endswith(tuple(rules["endings"])))


def one_owner(name: str) -> bool:
    """Whether it is one person, not a team and not several."""
    words = words_of(name)
    several = re.search(r"[,;/&+]|\band\b", name.lower())
    return (
        bool(words) and not several and not any(word in data("improvements")["not_owners"]["words"] for word in words)
    )


def wish(text: str) -> str:
    """What is vague in it, or nothing."""
    found = review(text, rules=("vague-improvement",))
    return found[0].text if found else ""


def better_form(text: str) -> str:
    """A form of the wish that can be done, with ‹…› for people to fill."""
    words = words_of(text)
    forms = data("improvements")["better"]
    return next(str(form["form"]) for form in forms if not form["cues"] or any_found(form["cues"], words))


def check(item: TrackedImprovement) -> Iterator[QualityFinding]:
    """What is to be put right on one improvement."""
    vague = wish(item.text)
    if vague:
        yield QualityFinding(
            "wish", f"“{item.text}” is a wish: nobody can tell when it is done", item.record, better_form(item.text)
        )
    elif not verb_first(item.text):
        yield QualityFinding(
            "verb", f"“{item.text}” does not begin with a verb: who does what?", item.record, holds=False
        )
    if not item.owner:
        yield QualityFinding("owner", f"no owner: {item.text}", item.record)
    elif not one_owner(item.owner):
        yield QualityFinding("owner", f"{item.owner} is not one person: {item.text}", item.record, "name one of them")
    if not item.due_at:
        yield QualityFinding("date", f"no date: {item.text}", item.record)
    if not item.done_when:
        yield QualityFinding(
            "done", f"no done-condition: {item.text}", item.record, "done when ‹number, test or thing›"
        )
    if not item.sort:
        suggested = kind_of(item.text)
        yield QualityFinding("type", f"no type: {item.text}", item.record, suggested, holds=False)
    if not item.factor:
        yield QualityFinding("factor", f"answers no factor: {item.text}", item.record, holds=False)


def point_out(account: Account) -> list[QualityFinding]:
    """What is to be put right on the improvements of a postmortem: those that people made, and the whole."""
    made = [item for item in account.improvements if item.record and item.chosen]
    out = [finding for item in made for finding in check(item)]
    answered = {item.factor for item in made}
    for cause in account.causes:
        if cause.record and cause.record not in answered:
            out.append(QualityFinding("unanswered", f"no improvement answers {cause.mark}: {cause.text}", cause.record))
    rules = data("improvements")
    if made and not any(item.sort in rules["strong"] for item in made):
        kinds = ", ".join(rules["strong"])
        out.append(QualityFinding("weak", f"all are of the weaker kinds: one at least should {kinds}", holds=False))
    few = postmortem_rules().few
    if len(made) > few:
        later = prioritised(made)[few:]
        names = ", ".join(item.mark for item in later)
        out.append(
            QualityFinding(
                "many",
                f"{len(made)} are chosen; {few} that get done are worth more: keep {names} as ideas",
                holds=False,
            )
        )
    if not made and account.causes:
        out.append(QualityFinding("none", "no improvement yet: what is changed so that it does not come back?"))
    return out


def prioritised(items: Sequence[TrackedImprovement]) -> list[TrackedImprovement]:
    """The stronger first; among equals those that answer a factor, then those that say when they are done."""
    return sorted(items, key=lambda i: (strength(i.sort), not i.factor, not i.done_when, not i.owner))
