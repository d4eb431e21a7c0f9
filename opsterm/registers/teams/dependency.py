"""What teams need of each other: the slack that is left, what is said of it each week, and what blocks whom.

[field notes: cross-functional coordination]
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from math import prod
from typing import Any

from opsterm.board.as_of import as_of
from opsterm.board.store import Board
from opsterm.core.calendar_dates import NO_HOLIDAYS, add_working_days, day, is_working
from opsterm.core.lookup import find
from opsterm.core.session import Outcome, Rejected, Session, some
from opsterm.core.valid_dates import sound
from opsterm.obligations.settle import settle
from opsterm.records import BoundaryDecision, Dependency, StatusLine
from opsterm.records.dependency import KINDS_OF, STATES, STRENGTHS, Colour
from opsterm.records.plain import one_line

#: Working days of slack below which it is amber, and days after which a promise counts as unconfirmed.
SLACK_AMBER, CONFIRMED_DAYS = 5, 14
#: A chain of dependencies that holds less often than this is shown.
CHAIN_LOW = 0.70
#: A promise without a word on how sure it is.
CONFIDENCE_ELSE = 0.5
LINE_MAX = 140
#: Weeks of amber in a row after which it is planned anew, or red.
AMBER_WEEKS = 3
#: More than so many of the reds green a week before: the lines do not tell. (a watermelon: green outside)
WATERMELON = 0.5
#: Working days without an answer → what is done.
BLOCKER_STEPS = (
    (1, "ask by voice"),
    (2, "both leads"),
    (5, "the manager above both, with options and what each costs: one text that both sides agree on"),
)
CHECK_DAYS = 7
_LETTERS: dict[str, Colour] = {"g": "green", "a": "amber", "r": "red"}
_LINE = re.compile(r"\[?\s*(g(?:reen)?|a(?:mber)?|r(?:ed)?)\s*\]?\s*[:.]?\s*(.*)", re.IGNORECASE | re.DOTALL)
_DASH = re.compile(r"(?<!\s)\s++(?:[-–—]\s+|\|\s*)|\|\s*")

#: Kind → what carries it; strength → how it is held up [Thompson 1967; practice].
BY_KIND: Mapping[str, str] = {
    "pooled": "standards and quotas for what is shared",
    "sequential": "a plan with dates, and a list for the hand-off",
    "reciprocal": "one owner for both, and a word every day",
}
BY_STRENGTH: Mapping[str, str] = {
    "weak": "a ping: a note when something changes",
    "medium": "a shared board: a line each week, and one contact",
    "strong": "a call each fortnight, a milestone in common, one who decides",
    "critical": "a person of one team in the other, or one team",
}


@dataclass(frozen=True, slots=True)
class Slack:
    """What is left of a dependency on a day."""

    dependency: Dependency
    #: Working days; nothing while no day is promised or needed.
    working_days: float | None
    buffer: float
    colour: Colour
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DependencyLine:
    """One line of status, read."""

    colour: Colour
    outcome: str
    change: str
    next_on: str
    ask: str


@dataclass(frozen=True, slots=True)
class Blocked:
    """One node in the tree of what blocks whom."""

    dependency: Dependency
    depth: int
    again: bool = False


def working_days_between(start: date, end: date, holidays: Container[date] = NO_HOLIDAYS) -> int:
    """Working days after a day up to another, negative where that lies before."""
    if end < start:
        return -working_days_between(end, start, holidays)
    weeks, rest = divmod((end - start).days, 7)
    count = weeks * 5 + sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, rest + 1))
    if isinstance(holidays, frozenset) and not holidays:
        return count
    span = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(is_working(each, holidays) for each in span)


def sound_dependency(item: Dependency) -> Dependency:
    """The dependency without dates that are none: another station may have written it."""
    return sound(item, "needed_by", "promised", "confirmed_at", "next_check")


def slack(dependency: Dependency, today: date, holidays: Container[date] = NO_HOLIDAYS) -> Slack:
    """needed - promised - buffer, in working days; buffer = 0.5 × (1 - confidence) × working days remaining."""
    dependency = sound_dependency(dependency)
    if dependency.state != "open":
        return Slack(dependency, None, 0.0, "green", (dependency.state,))
    why: list[str] = []
    if not dependency.needed_by:
        return Slack(dependency, None, 0.0, "amber", ("nobody said by when it is needed",))
    needed = day(dependency.needed_by)
    if not dependency.promised:
        left = working_days_between(today, needed, holidays)
        colour: Colour = "red" if left < SLACK_AMBER else "amber"
        return Slack(dependency, None, 0.0, colour, (f"no day is promised, {left} working days are left",))
    promised = max(day(dependency.promised), today)
    remaining = max(0, working_days_between(today, promised, holidays))
    confidence = min(max(dependency.confidence or CONFIDENCE_ELSE, 0.0), 1.0)
    buffer = 0.5 * (1 - confidence) * remaining
    left_over = working_days_between(promised, needed, holidays) - buffer
    if day(dependency.promised) < today:
        why.append(f"it was promised for {dependency.promised}")
    why.append(f"{left_over:g} working days of slack, {buffer:g} of buffer taken off")
    colour = "red" if left_over < 0 else "amber" if left_over < SLACK_AMBER else "green"
    unconfirmed = (today - day(dependency.confirmed_at)).days if dependency.confirmed_at else None
    if unconfirmed is None or unconfirmed > CONFIRMED_DAYS:
        why.append(
            "the promise was never confirmed" if unconfirmed is None else f"not confirmed for {unconfirmed} days"
        )
        colour = "amber" if colour == "green" else colour
    if dependency.blocked:
        why.append(f"blocked: {dependency.blocked}")
        colour = "amber" if colour == "green" else colour
    return Slack(dependency, left_over, buffer, colour, tuple(why))


def by_slack(board: Board, today: date, holidays: Container[date] = NO_HOLIDAYS) -> list[Slack]:
    """All open dependencies, the least slack first."""
    work = partial(_by_slack, board, today, holidays)
    return list(as_of(board, "slack of dependencies", today, holidays, (Dependency,), work))


def _by_slack(board: Board, today: date, holidays: Container[date]) -> list[Slack]:
    found = [slack(item, today, holidays) for item in board.all(Dependency, where="state = 'open'")]
    order = {"red": 0, "amber": 1, "green": 2}
    return sorted(
        found,
        key=lambda s: (order[s.colour], s.working_days if s.working_days is not None else 0, s.dependency.needed_by),
    )


def chain(confidences: Sequence[float]) -> float:
    """How likely all links hold: five at 0.9 are 0.59."""
    return prod(confidences)


def chain_of(board: Board, dependency: Dependency) -> tuple[float, tuple[Dependency, ...]]:
    """(how likely it holds with all that it needs, those dependencies, itself first)."""
    links = [node.dependency for node in tree(board, dependency) if not node.again]
    open_ones = [item for item in links if item.state == "open"]
    return chain([min(item.confidence or CONFIDENCE_ELSE, 1.0) for item in open_ones]), tuple(links)


def tree(board: Board, dependency: Dependency) -> list[Blocked]:
    """What a dependency waits for, as a tree, itself first."""
    return _tree({item.id: item for item in board.all(Dependency)}, dependency)


def _tree(known: Mapping[str, Dependency], dependency: Dependency) -> list[Blocked]:
    out: list[Blocked] = []
    shown: set[str] = set()
    todo = [(dependency.id, 0)]
    while todo:
        at, depth = todo.pop()
        if at not in known:
            continue
        again = at in shown
        out.append(Blocked(known[at], depth, again))
        if not again:
            shown.add(at)
            todo += [(need, depth + 1) for need in reversed(known[at].needs)]
    return out


def who_blocks_whom(board: Board) -> list[tuple[str, int]]:
    """(line, depth) of the tree of teams: who waits for whom, and for what."""
    known = {item.id: item for item in board.all(Dependency)}
    items = [item for item in known.values() if item.state == "open"]
    needed = {need for item in items for need in item.needs}
    out = []
    for item in items:
        if item.id not in needed:
            for node in _tree(known, item):
                d = node.dependency
                stuck = " (blocked)" if d.blocked else ""
                again = ", see above" if node.again else ""
                out.append((f"{d.taker} waits for {d.giver}: {d.what}{stuck}{again}", node.depth))
    return out


def mechanism(dependency: Dependency) -> str:
    """How two teams should hold it together, by its kind and its strength."""
    by_strength = BY_STRENGTH.get(dependency.strength, BY_STRENGTH["medium"])
    return f"{by_strength}; {BY_KIND.get(dependency.sort, BY_KIND['sequential'])}"


def blocker_step(dependency: Dependency, today: date, holidays: Container[date] = NO_HOLIDAYS) -> str:
    """What is done about a question that nobody answered, by the working days that it has waited; empty before one."""
    if not dependency.blocked or not dependency.blocked_since:
        return ""
    waited = working_days_between(day(dependency.blocked_since), today, holidays)
    due = [step for days, step in BLOCKER_STEPS if waited >= days]
    return due[-1] if due else ""


# --- the weekly line


def read_line(text: str) -> DependencyLine:
    """A line such as `[A] export job - schema agreed - 2026-12-04 - a reviewer from data`, as a team without opsterm
    sends it. Raises Rejected with what is missing."""
    said = one_line(text)
    if len(said) > LINE_MAX:
        raise Rejected(f"The line has {len(said)} characters: {LINE_MAX} at the most.")
    found = _LINE.fullmatch(said)
    if not found:
        raise Rejected("The line begins with [G], [A] or [R]: [G] outcome - change - next date - ask.")
    parts = [part.strip() for part in _DASH.split(found[2])]
    if not parts or not parts[0]:
        raise Rejected("The line says no outcome: [G] outcome - change - next date - ask.")
    place = next((n for n, part in enumerate(parts) if re.fullmatch(r"\d{4}-\d\d-\d\d", part)), None)
    next_on = day(parts[place]).isoformat() if place is not None else ""
    before = parts[1:place] if place is not None else parts[1:2]
    after = parts[place + 1 :] if place is not None else parts[2:]
    ask = " - ".join(part for part in after if part)
    ask = "" if ask.casefold().strip(".") in ("none", "nothing", "no ask", "-", "–") else ask
    return DependencyLine(_LETTERS[found[1][0].lower()], parts[0], " - ".join(before), next_on, ask)


def lint(line: DependencyLine, before: Sequence[StatusLine], today: date, needed_by: str = "") -> list[str]:
    """What is wrong with a line in the light of those before, oldest first; empty for none."""
    out = []
    previous = before[-1] if before else None
    slipped = (
        previous is not None
        and previous.next_on
        and (
            (line.next_on and line.next_on > previous.next_on and previous.next_on >= today.isoformat())
            or (previous.next_on < today.isoformat() and line.next_on > previous.next_on and not line.change)
        )
    )
    late = bool(line.next_on and needed_by and line.next_on > needed_by)
    if line.colour == "green" and (slipped or late):
        out.append("it is green, and its date has slipped: amber or red")
    if line.colour == "red" and not line.ask:
        out.append("it is red and asks for nothing: say what is needed, of whom")
    if not line.next_on:
        out.append("it names no next date")
    ambers = [item.colour for item in before][-(AMBER_WEEKS - 1) :]
    if line.colour == "amber" and len(ambers) == AMBER_WEEKS - 1 and set(ambers) == {"amber"}:
        out.append(f"amber for {AMBER_WEEKS} weeks: plan it anew, or call it red")
    return out


def note_line(session: Session, dependency: Dependency, text: str) -> Outcome:
    """Keeps a week's line. A green one with a slipped date and a red one without an ask are refused."""
    line = read_line(text)
    today = day(session.board.now)
    before = lines_of(session.board, dependency)
    wrong = lint(line, before, today, dependency.needed_by)
    if refused := [item for item in wrong if item.startswith(("it is green", "it is red"))]:
        raise Rejected(f"{'; '.join(refused)}.")
    fields = {"dependency": dependency.id, "on": today.isoformat(), "colour": line.colour, "outcome": line.outcome}
    fields |= {"change": line.change, "next_on": line.next_on, "ask": line.ask}
    with session.board.transaction():
        record = session.create(StatusLine, "", fields, record=f"{dependency.id}/{today.isoformat()}")
        checked: dict[str, Any] = {"confirmed_at": today.isoformat()}
        checked["next_check"] = (today + timedelta(days=CHECK_DAYS)).isoformat()
        session.set(dependency, checked)
        settle(session, dependency.id, ("check",), line.outcome)
    return Outcome(f"{dependency.mark} is {line.colour}: {line.outcome}", record, "; ".join(wrong))


def ask_for_line(dependency: Dependency) -> str:
    """The text that asks a team for its line, to send wherever they read."""
    return (
        f"{dependency.taker} asks for one line on '{dependency.what}', {LINE_MAX} characters at the most:\n"
        f"[G/A/R] {dependency.what} - what changed - next date (YYYY-MM-DD) - what you need of us"
    )


def lines_of(board: Board, dependency: Dependency) -> list[StatusLine]:
    """What was said of it, oldest first."""
    found = board.all(StatusLine, where="dependency = ?", args=(dependency.id,))
    return sorted(found, key=lambda line: (line.on, line.born))


def watermelons(board: Board) -> tuple[int, int]:
    """(reds that were green a week before, reds): past WATERMELON of them the lines do not tell."""
    reds = green_before = 0
    for dependency in board.all(Dependency):
        lines = lines_of(board, dependency)
        for earlier, later in pairwise(lines):
            if later.colour == "red" and earlier.colour != "red":
                reds += 1
                green_before += earlier.colour == "green"
    return green_before, reds


# --- what people do


def need(session: Session, taker: str, giver: str, what: str, given: Mapping[str, Any]) -> Outcome:
    """Records that a team needs something of another. Raises Rejected."""
    wanted = some(one_line(what), "what is needed, so that one can test it")
    checks = (("sort", KINDS_OF), ("strength", STRENGTHS), ("state", STATES))
    for key, known in checks:
        if key in given and given[key] not in known:
            raise Rejected(f"{key} is one of {', '.join(known)}, not {given[key]!r}.")
    for key in ("needed_by", "promised", "confirmed_at", "next_check"):
        if given.get(key):
            day(str(given[key]))
    if not 0 <= float(given.get("confidence", 0)) <= 1:
        raise Rejected("Confidence is from 0 to 1.")
    teams = {"taker": some(one_line(taker), "who needs it"), "giver": some(one_line(giver), "who gives it")}
    record = session.create(Dependency, "", {**teams, "what": wanted, **given})
    made = session.read(Dependency, record)
    return Outcome(f"{made.mark}: {made.taker} needs {wanted} of {made.giver}; {mechanism(made)}", record)


def promise(session: Session, item: Dependency, on: str, confidence: float) -> Outcome:
    """Notes the day that was promised, and how sure the giver is. Raises Rejected."""
    if not 0 <= confidence <= 1:
        raise Rejected("Confidence is from 0 to 1.")
    fields = {"promised": day(on).isoformat(), "confidence": float(confidence), "confirmed_at": session.board.now[:10]}
    session.set(item, fields)
    return Outcome(f"{item.mark} is promised for {on}", item.id)


def block(session: Session, item: Dependency, question: str) -> Outcome:
    """Notes what was asked and is not answered."""
    session.set(item, {"blocked": some(one_line(question), "what stands in the way")})
    return Outcome(f"{item.mark} is blocked: {question}", item.id)


def unblock(session: Session, item: Dependency, answer: str) -> Outcome:
    """Notes the answer."""
    session.set(item, {"blocked": ""}, why=some(answer, "what the answer was"))
    return Outcome(f"{item.mark} goes on: {answer}", item.id)


def close(session: Session, item: Dependency, state: str, why: str) -> Outcome:
    """Notes that it was delivered, or is no longer needed. Raises Rejected."""
    if state not in ("delivered", "dropped"):
        raise Rejected(f"It was delivered or dropped, not {state!r}.")
    shown = some(why, "what shows it")
    with session.board.transaction():
        session.set(item, {"state": state}, why=shown)
        settle(session, item.id, ("check", "blocked", "late"), shown)
    return Outcome(f"{item.mark} is {state}", item.id)


def find_dependency(board: Board, name: str) -> Dependency:
    """The dependency of a mark or an id. Raises Rejected."""
    return find(board, Dependency, name, "dependency")


def resolve_needs(board: Board, fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with the marks of dependencies in `needs` as their ids. Raises Rejected."""
    if "needs" in fields:
        fields["needs"] = [find_dependency(board, name).id for name in fields["needs"]]
    return fields


def next_check(item: Dependency, holidays: Container[date] = NO_HOLIDAYS) -> date:
    """The day on which one asks again."""
    item = sound_dependency(item)
    if item.next_check:
        return day(item.next_check)
    base = day(item.confirmed_at or item.at or item.needed_by)
    return add_working_days(base, 5, holidays)


def lint_decision(item: BoundaryDecision) -> Iterator[str]:
    """What is wrong with how a decision is set up [RAPID; DACI]."""
    if len(item.decider) != 1:
        yield f"{len(item.decider)} people decide: exactly one does"
    if len(item.agrees) > 2:
        yield f"{len(item.agrees)} people can stop it: two at the most"
    if len(item.asked) > 5:
        yield f"{len(item.asked)} people are asked: five at the most"
    if not item.due_on:
        yield "no day is set"
    if item.reopened >= 3:
        yield f"opened again {item.reopened} times"
