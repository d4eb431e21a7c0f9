"""What concerns me, and what happened since I last looked: the two questions of somebody who comes back to a screen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from opsterm.board.news import counts_since, moments_since, wrote_since
from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.command.transfer import transfer_notices
from opsterm.core.folds import RUNS_ON
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.core.times import age, between
from opsterm.incidents.notice import Notice
from opsterm.incidents.snapshot import Snapshot, is_late
from opsterm.records.action import OPEN
from opsterm.records.hypothesis_test import OPEN as TESTS_OPEN
from opsterm.records.instant import Instant, instant, moment
from opsterm.records.person_name import is_among, same_person
from opsterm.records.timeline_entry import kind_of_line
from opsterm.updates.approval import refusals, waiting


def concerns(
    snapshot: Snapshot,
    person: str,
    now: Instant,
    *,
    approvals: Iterable[tuple[str, str]] = (),
    limits: Thresholds = DEFAULTS,
) -> list[Notice]:
    """What one person is asked for, each a line with the action of one key: alarms first, then offers of command, what
    is late, what is to be acknowledged, approved, answered, tested. Texts to stakeholders that wait for the
    commander's yes are among them; `approvals` are (record, words) of what else does."""
    found = [_alarm(conflict.field, conflict.record) for conflict in snapshot.alarms()]
    found += [n for n in transfer_notices(snapshot, now, limits) if is_among(person, n.to)]
    found += _orders(snapshot, person, now)
    found += [
        Notice(f"approve:{record}", f"approve: {words}", "warning", (person,), "approve", record)
        for record, words in (*waiting(snapshot, person), *approvals)
    ]
    found += [
        Notice(f"refused:{record}", words, "warning", (person,), "message", record)
        for record, words in refusals(snapshot, person)
    ]
    found += [
        Notice(
            f"asked:{item.id}",
            f"{item.mark} {item.who} waits for an answer{_until(item.answer_by, now)}: {item.text}",
            "warning" if item.answer_by and item.answer_by < now else "offer",
            (person,),
            "answer_question",
            item.id,
        )
        for item in snapshot.questions
        if item.state == "open" and same_person(item.by, person)
    ]
    if same_person(snapshot.incident.commander, person):
        found += [
            Notice(
                f"decide:{item.id}",
                f"{item.mark} waits for your decision: {item.text}",
                "warning",
                (person,),
                "decide",
                item.id,
            )
            for item in snapshot.proposals
            if item.state == "open"
        ]
    found += [
        Notice(f"test:{test.id}", f"{test.mark} is yours to test: {test.text}", "offer", (person,), "end_test", test.id)
        for test in snapshot.probes
        if test.state in TESTS_OPEN and same_person(test.owner, person)
    ]
    found += [
        Notice(
            f"call:{item.id}",
            f"you are called{f' as {item.role}' if item.role else ''}: say yes or no",
            "warning",
            (person,),
            "answer_call",
            item.id,
        )
        for item in snapshot.summons
        if same_person(item.name, person) and item.state == "called"
    ]
    found += [
        Notice(
            f"owed:{item.id}",
            f"{item.mark} you owe: {item.what}, by {item.due_at[:16].replace('T', ' ')}",
            "offer",
            (person,),
            "obligation",
            item.id,
        )
        for item in snapshot.obligations
        if same_person(item.owner, person) and item.state == "open"
    ]
    return sorted(found, key=lambda notice: notice.rank)


def _until(at: Instant, now: Instant) -> str:
    if not at:
        return ""
    return f", {age(between(now, at))} left" if at > now else f", late {age(between(at, now))}"


#: Fields whose conflict is an alarm, in words.
_TWO = {
    "commander": "two believe to be in command",
    "severity": "two severities stand",
    "status": "two statuses stand",
    RUNS_ON: "folded into each other",
}


def _alarm(field: str, record: str) -> Notice:
    return Notice(f"conflict:{field}", f"{_TWO.get(field, field)}: say which", "alarm", (), "settle", record)


def _orders(snapshot: Snapshot, person: str, now: Instant) -> list[Notice]:
    out = []
    for action in snapshot.ordered_actions(now):
        if action.state not in OPEN or not same_person(action.owner, person):
            continue
        if is_late(action, now):
            text = f"{action.mark} late {age(between(action.due_at, now))}, say what came of it: {action.text}"
            out.append(Notice(f"mine late:{action.id}", text, "warning", (person,), "report", action.id))
        elif action.state == "ordered":
            left = f", {age(between(now, action.due_at))}" if action.due_at else ""
            text = f"{action.mark} is yours{left}: {action.text}"
            out.append(Notice(f"mine:{action.id}", text, "warning", (person,), "acknowledge", action.id))
        else:
            left = f", {age(between(now, action.due_at))} left" if action.due_at else ""
            text = f"{action.mark} is with you{left}: {action.text}"
            out.append(Notice(f"with me:{action.id}", text, "offer", (person,), "report", action.id))
    return out


#: Kinds of line that turn an incident, told each on its own, the weightiest first; the others are counted.
WEIGHTY = (
    "status",
    "severity",
    "role_change",
    "decision",
    "impact",
    "hypothesis_result",
    "action_done",
    "update_posted",
    "milestone",
    "proposal",
    "test_result",
    "plan",
    "exit",
    "hypothesis",
    "action_started",
)


def comes_late(
    board: Board, incident: str, person: str, looked: Instant, now: Instant, limits: Thresholds = DEFAULTS
) -> bool:
    """Whether news alone would tell a person little: who neither looked (`looked`: when last, empty for never) nor
    wrote anything here lately has to know first what holds."""
    begun = instant(moment(now) - timedelta(minutes=limits.away_minutes))
    return looked < begun and not wrote_since(board, incident, person, begun)


def since_last_look(board: Board, incident: str, version: int, person: str = "") -> list[str]:
    """What others wrote since that version of the board, in at most ten lines: turns each on its own, in order; the
    rest counted in a last line. Own lines are left out."""
    weighty = moments_since(board, incident, version, WEIGHTY, but=person)
    return _news_lines(weighty, counts_since(board, incident, version, but=person), DEFAULTS.news_lines)


def _news_lines(weighty: Sequence[Moment], counts: Mapping[str, int], most: int) -> list[str]:
    """The same from the weighty lines, oldest first, and the counts of all lines by kind."""
    told = list(weighty)
    if len(told) + (len(told) < sum(counts.values())) > most:
        told.sort(key=lambda line: (WEIGHTY.index(line.kind), -line.hlc))
        told = sorted(told[: most - 1], key=lambda line: (line.at, line.hlc))
    rest = Counter(counts)
    rest.subtract(line.kind for line in told)
    rest = +rest
    out = [f"{line.at[11:16]} {f'{line.by}: ' if line.by else ''}{_words(line)}" for line in told]
    if rest:
        named = [kind_of_line(kind).in_number(number) for kind, number in rest.most_common(4)]
        others = sum(rest.values()) - sum(count for _, count in rest.most_common(4))
        more = f", {others} more" if others else ""
        out.append(f"and {', '.join(named)}{more}")
    return out


def _words(line: Moment) -> str:
    text = " ".join(line.told.split())
    said = text if line.mark else f"{kind_of_line(line.kind).news}{text}"
    return said if len(said) <= 110 else f"{said[:109]}…"
