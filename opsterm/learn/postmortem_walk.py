"""The walk through a postmortem: its steps and questions as data, and what still has to be said at each."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from opsterm.learn.account import Account
from opsterm.learn.improvement_quality import point_out
from opsterm.learn.taxonomy import data, missing_groups
from opsterm.learn.wording_review import WordingFinding, review

#: Blame in a factor is asked behind, not struck out [VA NCPS: a human error has a preceding cause].
WHAT_MADE_IT_POSSIBLE = "What made that possible?"


@dataclass(frozen=True, slots=True)
class PostmortemQuestion:
    """One question of the walk."""

    key: str
    ask: str
    #: Whether a postmortem is not finished without an answer.
    wanted: bool


@dataclass(frozen=True, slots=True)
class PostmortemStep:
    """One screen of the walk."""

    key: str
    title: str
    says: str
    #: The parts of the account that stand beside the questions.
    shows: tuple[str, ...]
    questions: tuple[PostmortemQuestion, ...]


@cache
def steps() -> tuple[PostmortemStep, ...]:
    """The steps in order."""
    return tuple(
        PostmortemStep(
            item["key"],
            item["title"],
            item["says"],
            tuple(item["shows"]),
            tuple(PostmortemQuestion(q["key"], q["ask"], q.get("wanted", False)) for q in item["questions"]),
        )
        for item in data("walk")["step"]
    )


@cache
def questions() -> dict[str, PostmortemQuestion]:
    """Every question by its key."""
    return {question.key: question for step in steps() for question in step.questions}


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """Something that a step still asks for: what, of which record, and a better form where there is one."""

    what: str
    record: str = ""
    instead: str = ""
    #: Whether the postmortem can be published without it.
    holds: bool = False


def open_points(account: Account, step: str) -> list[OpenPoint]:
    """What a step of the walk still asks for, most pressing first."""
    of = next(item for item in steps() if item.key == step)
    out = [OpenPoint(q.ask, q.key, holds=True) for q in of.questions if q.wanted and not account.answers_to(q.key)]
    if step == "factors":
        out = _open_factors(account) + out
    if step == "improvements":
        out = [OpenPoint(f.why, f.record, f.instead, f.holds) for f in point_out(account)] + out
    return out


def _open_factors(account: Account) -> list[OpenPoint]:
    out = []
    if not account.causes:
        out.append(OpenPoint("No factor yet: which conditions had to meet?", holds=True))
    for cause in account.causes:
        named = blames(cause.text, account)
        if named and not cause.behind:
            out.append(OpenPoint(WHAT_MADE_IT_POSSIBLE, cause.record, named, holds=True))
        if cause.chosen and not cause.evidence:
            out.append(OpenPoint("What shows it?", cause.record))
    alike = missing_groups(cause.kind for cause in account.causes)
    return [*out, OpenPoint(alike, holds=True)] if alike and account.causes else out


def blames(text: str, account: Account) -> str:
    """The words of a factor that name a person or a human error, or nothing."""
    names = frozenset(name for _, name in account.people) | {action.owner for action in account.actions}
    found: list[WordingFinding] = [item for item in review(text, people=names) if item.rule == "blame"]
    return found[0].text if found else ""
