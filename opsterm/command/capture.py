"""The capture language: one line typed, one thing recorded.

A time comes first, then a sign that says what the rest is; plain text is an observation. `parse` only reads; what it
understood stands in `Captured.words` before anything is recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo

from opsterm.command import closing
from opsterm.core.session import Attribution, Outcome, Rejected, Session, person_name
from opsterm.core.times import DURATION, age, leading_time, parse_duration, time_ahead
from opsterm.incidents import actions, hypothesis, incident, timeline, triage
from opsterm.incidents.severity import own_rules
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Action, Hypothesis, Incident
from opsterm.records.action import STATES as ACTION_STATES
from opsterm.records.hypothesis import STATES as HYPOTHESIS_STATES
from opsterm.records.incident import MILESTONES, SEVERITIES, STATUSES
from opsterm.records.instant import Instant
from opsterm.records.plain import one_line
from opsterm.updates import update
from opsterm.updates.update import AUDIENCE_NAMES

_FULL_WIDTH = str.maketrans("？！＃＠＋－＝＞～", "?!#@+-=>~")
_QUOTED = r'"[^"]+"|“[^”]+”'
_NAME = rf"(?:{_QUOTED}|[^\s@~\"“”,;:]+)"
_BY = re.compile(rf"\s[~～]({_NAME})\s*$")
_MARK = re.compile(r"([hHaA]\d{1,6}[a-z]{0,3})(?=\s|$)")
_EVIDENCE = re.compile(r"([+＋]{1,2}|[\-－]{1,2})\s?([hH]\d{1,6}[a-z]{0,3})(?=\s|$)\s*")
_OWNER = re.compile(rf"(?<!\S)[@＠]({_NAME})(?=\s|$|[,:;])[,:;]?\s*")
_WITHIN = re.compile(rf"(?:^|\s)in\s+({DURATION})$", re.IGNORECASE)
_PERCENT = re.compile(r"(\d{1,3})\s?[%％](?=\s|$)\s*")
_LONGER = re.compile(r"[+＋](\S+)(?=\s|$)\s*")
_HASH = re.compile(r"#\s?([A-Za-z][\w-]*)(?=\s|$|[:：])[:：]?\s*")
_AUDIENCE = re.compile(r">\s?([A-Za-z]+)(?=\s|$|[:：])[:：]?\s*")
_AT = re.compile(rf"@({_NAME})\s+(\S.*)")


@dataclass(frozen=True, slots=True)
class Captured:
    """One line as it was understood; nothing is recorded yet."""

    verb: str
    words: str
    text: str = ""
    at: Instant = ""
    by: str = ""
    #: The records that marks named when the line was typed, each with whether evidence speaks for it.
    targets: tuple[tuple[Hypothesis | Action, bool], ...] = ()
    word: str = ""
    owner: str = ""
    span: timedelta | None = None
    confidence: float | None = None
    #: Until when, for what is only watched.
    until: Instant = ""


#: The record that a mark means; nothing where there is none. Raises Rejected where it names two.
Marked = Callable[[str], Hypothesis | Action | None]


def parse(
    line: str,
    snapshot: Snapshot,
    *,
    now: Instant,
    zone: tzinfo,
    person: str,
    strict: bool = False,
    about: Hypothesis | Action | None = None,
) -> Captured:
    """Reads one line. `strict` refuses a mark or a role that is not known, which otherwise makes it plain text; `about`
    is the record that was selected when the line was begun, and that its mark means, whatever it is called by now.

    Raises Rejected where a mark names two records, and, if `strict`, for what is not known.
    """

    def marked(mark: str) -> Hypothesis | Action | None:
        chosen = snapshot.item(about.id) if about is not None and mark.lower() == about.mark else None
        return chosen or snapshot.marked(mark)

    if "\n" in line.strip():
        return _some(Captured("observe", "on the timeline, as one observation", line.strip("\n")))
    at, rest = leading_time(line.strip(), now, zone)
    if rest.startswith("\\"):
        return _finish(_some(Captured("observe", "", rest[1:].strip())), at, "")
    body, by = who_said(rest)
    captured = _some(_read(body, marked, by or person, strict))
    return _finish(_watched(captured, now, zone), at, by or _for_whom(captured, snapshot, person))


def who_said(text: str) -> tuple[str, str]:
    """(the words, who said them) of a text that may end in `~name`; no name where it does not."""
    found = _BY.search(text)
    return (text[: found.start()].rstrip(), person_name(found[1])) if found else (text, "")


def _some(captured: Captured) -> Captured:
    if captured.verb == "observe" and not one_line(captured.text):
        raise Rejected("Nothing to record: say what you see.")
    return captured


def _for_whom(captured: Captured, snapshot: Snapshot, person: str) -> str:
    """A scribe's orders and decisions count as the commander's, unless said otherwise (`~name`, oneself included)."""
    commander = snapshot.incident.commander
    writes = any(role.role == "scribe" and role.name == person for role in snapshot.roles)
    return commander if writes and captured.verb in ("order", "decide") and commander != person else ""


def _watched(captured: Captured, now: Instant, zone: tzinfo) -> Captured:
    """`#monitoring until 09:00`: only watched till then."""
    head, _, rest = captured.text.partition(" ")
    if captured.verb != "status" or captured.word != "monitoring" or head.lower() != "until":
        return captured
    until, why = time_ahead(rest, now, zone)
    if not until:
        return captured
    owned = _OWNER.search(why)
    owner = person_name(owned[1]) if owned else ""
    words = f"status: monitoring, next check at {until[11:16]} UTC on {until[:10]}{f' by {owner}' if owner else ''}"
    return replace(captured, verb="watch", words=words, until=until, owner=owner)


def _finish(captured: Captured, at: Instant, by: str) -> Captured:
    words = captured.words or "on the timeline"
    when = f", at {at[11:16]} UTC on {at[:10]}" if at else ""
    return replace(captured, words=f"{words}{when}{f', said by {by}' if by else ''}", at=at, by=by)


def _read(body: str, marked: Marked, speaker: str, strict: bool) -> Captured:
    sign = body[:1].translate(_FULL_WIDTH)
    reader = _SIGNS.get(sign)
    captured = reader(sign + body[1:], marked, speaker, strict) if reader else _marked(body, marked, strict)
    return captured or Captured("observe", "on the timeline, as plain text" if reader else "", body)


def _hypothesis(body: str, marked: Marked, speaker: str, strict: bool) -> Captured | None:
    text = body[1:].strip()
    return Captured("propose", "a new hypothesis", text) if text else None


def _evidence(body: str, marked: Marked, speaker: str, strict: bool) -> Captured | None:
    targets: list[tuple[Hypothesis | Action, bool]] = []
    rest, strong = body, False
    while found := _EVIDENCE.match(rest):
        target = marked(found[2])
        if not isinstance(target, Hypothesis):
            _refuse_if(strict, f"hypothesis {found[2].lower()}", "opsterm show lists them")
            return None
        targets.append((target, found[1][0] in "+＋"))
        strong = strong or len(found[1]) == 2
        rest = rest[found.end() :]
    if not targets or not rest.strip():
        return None
    signs = " and ".join(f"{'for' if supports else 'against'} {item.mark}" for item, supports in targets)
    words = f"strong evidence {signs}" if strong else f"evidence {signs}"
    return Captured("evidence", words, rest.strip(), targets=tuple(targets), word="strong" if strong else "")


def _order(body: str, marked: Marked, speaker: str, strict: bool) -> Captured | None:
    text = body[1:].strip()
    owned = _OWNER.search(text)
    owner = person_name(owned[1]) if owned else ""
    if owned:
        text = f"{text[: owned.start()]}{text[owned.end() :]}".strip()
    boxed = _WITHIN.search(text)
    span = parse_duration(boxed[1]) if boxed else None
    if boxed and span is not None:
        text = text[: boxed.start()].strip()
    if not text:
        return None
    who = f"an order to {owner}" if owner else "an order, unassigned"
    back = f", check back in {age(span.total_seconds())}" if span is not None else ""
    return Captured("order", f"{who}{back}", text, owner=owner, span=span)


def _decision(body: str, marked: Marked, speaker: str, strict: bool) -> Captured | None:
    text = body[1:].strip()
    return Captured("decide", "a decision", text) if text else None


def _hash(body: str, marked: Marked, speaker: str, strict: bool) -> Captured | None:
    found = _HASH.match(body)
    if not found:
        return None
    word, text = found[1].lower(), body[found.end() :].strip()
    if word in STATUSES:
        return Captured("status", f"status: {word}", text, word=word)
    if word in SEVERITIES:
        return Captured("severity", f"severity: {word}", text, word=word)
    if word in MILESTONES:
        return Captured("milestone", f"milestone: {word}", text, word=word)
    if word == "services" and text:
        return Captured("services", "services that are hurt", text)
    if word == "exit" and text.lower() in _EXIT:
        met = _EXIT[text.lower()]
        return Captured("exit_met", f"the exit criteria {'hold' if met else 'do not hold'}", word="met" if met else "")
    if word in _WEIGHS and text:
        return _weighs(word, text, strict)
    if word in incident.STATUS_PANE and text:
        return Captured("words", incident.STATUS_PANE[word][1], text, word=word)
    return None


#: What `#exit` says beside the criteria themselves.
_EXIT = {"met": True, "holds": True, "not met": False, "does not hold": False}
#: Triage questions that `#word answer` answers.
_WEIGHS = ("breadth", "depth", "trend", "redundancy", "exposure", "blind", "stakes")


def _weighs(word: str, text: str, strict: bool) -> Captured | None:
    known = triage.choices(own_rules())[word]
    given = [part.strip().lower() for part in re.split(r"[,;，；]", text)] if word == "stakes" else [text.lower()]
    if not all(part in known for part in given):
        _refuse_if(strict, f"{word} {text!r}", f"say one of {', '.join(known)}, or begin with \\ for plain text")
        return None
    return Captured("weighs", f"{word}: {', '.join(known[part] for part in given)}", ",".join(given), word=word)


def _person(body: str, marked: Marked, speaker: str, strict: bool) -> Captured | None:
    found = _AT.match(body)
    if not found:
        return None
    name, role = person_name(found[1]), incident.known_role(found[2])
    if not role:
        roles = ", ".join(sorted(set(incident.ROLE_NAMES.values())))
        _refuse_if(strict, f"role {found[2]!r}", f"say one of {roles}, or begin with \\ for plain text")
        return None
    if role != "commander":
        return Captured("role", f"{name} is {role}", owner=name, word=role)
    takes = name == speaker
    return Captured("role", f"{name} takes command" if takes else f"command offered to {name}", owner=name, word=role)


def _update(body: str, marked: Marked, speaker: str, strict: bool) -> Captured | None:
    found = _AUDIENCE.match(body)
    audience = AUDIENCE_NAMES.get(found[1].lower()) if found else None
    text = body[found.end() :].strip() if found else ""
    if audience is None or not text:
        return None
    return Captured("sent", f"an update that was sent to {audience}", text, word=audience)


def _marked(body: str, marked: Marked, strict: bool) -> Captured | None:
    found = _MARK.match(body)
    if not found:
        return None
    rest = body[found.end() :].strip()
    states = HYPOTHESIS_STATES if found[1][0] in "hH" else ACTION_STATES
    move = _read_move(rest, states, is_action=found[1][0] in "aA")
    if move is None:
        return None
    target = marked(found[1])
    if target is None:
        what = "hypothesis" if found[1][0] in "hH" else "order"
        _refuse_if(strict, f"{what} {found[1].lower()}", "opsterm show lists them")
        return None
    parts = [
        *([move.word] if move.word else []),
        *([f"{move.confidence:.0%}"] if move.confidence is not None else []),
        *([f"{age(move.span.total_seconds())} more"] if move.span is not None else []),
        *([f"to {move.owner}"] if move.owner else []),
    ]
    return replace(move, words=f"{target.mark}: {', '.join(parts)}", targets=((target, True),))


def _read_move(rest: str, states: Sequence[str], *, is_action: bool) -> Captured | None:
    """What follows a mark: a state, a share, more time and an owner, each at most once, then why."""
    move = Captured("move", "")
    while rest:
        head, _, after = rest.partition(" ")
        if not move.word and head.lower() in states:
            move, rest = replace(move, word=head.lower()), after.lstrip()
        elif not is_action and move.confidence is None and (share := _PERCENT.match(rest)) and int(share[1]) <= 100:
            move, rest = replace(move, confidence=int(share[1]) / 100), rest[share.end() :]
        elif is_action and move.span is None and (more := _LONGER.match(rest)) and parse_duration(more[1]) is not None:
            move, rest = replace(move, span=parse_duration(more[1])), rest[more.end() :]
        elif not move.owner and (owned := _OWNER.match(rest)):
            move, rest = replace(move, owner=person_name(owned[1])), rest[owned.end() :]
        else:
            break
    said = move.word or move.owner or move.confidence is not None or move.span is not None
    return replace(move, text=rest.strip()) if said else None


def _refuse_if(strict: bool, what: str, do: str) -> None:
    if strict:
        raise Rejected(f"There is no {what} here: {do}.")


_SIGNS: Mapping[str, Callable[[str, Marked, str, bool], Captured | None]] = {
    "?": _hypothesis,
    "+": _evidence,
    "-": _evidence,
    "!": _order,
    "=": _decision,
    "#": _hash,
    "@": _person,
    ">": _update,
}


def perform(session: Session, of: Incident, captured: Captured) -> Outcome:
    """Records what a line says. Raises Rejected."""
    return _VERBS[captured.verb](session, of, captured, Attribution(at=captured.at, by=captured.by))


def _move(session: Session, of: Incident, captured: Captured, said: Attribution) -> Outcome:
    target = captured.targets[0][0]
    if isinstance(target, Hypothesis):
        return hypothesis.move(
            session,
            target,
            captured.word,
            captured.text,
            confidence=captured.confidence,
            owner=captured.owner,
            said=said,
        )
    told = Outcome("", target.id)
    with session.board.transaction():
        if captured.owner:
            told = actions.reassign(session, target, captured.owner, "" if captured.word else captured.text, said)
            target = session.board.get(Action, target.id) or target
        if captured.span is not None:
            told = actions.extend(session, target, captured.span, "" if captured.word else captured.text, said)
        if captured.word:
            told = actions.move(session, target, captured.word, captured.text, said)
    return told


def _severity(session: Session, of: Incident, captured: Captured, said: Attribution) -> Outcome:
    """A person's word stands; against what the rules give without a reason, it warns."""
    try:
        return triage.override_severity(session, of, captured.word, captured.text, said=said)
    except Rejected as refused:
        told = incident.set_severity(session, of, captured.word, captured.text, said)
        return Outcome(told.sentence, told.record, str(refused))


def _evidence_of(session: Session, of: Incident, captured: Captured, said: Attribution) -> Outcome:
    pairs = [(item, supports) for item, supports in captured.targets if isinstance(item, Hypothesis)]
    return hypothesis.add_evidence(session, pairs, captured.text, strong=captured.word == "strong", said=said)


_VERBS: Mapping[str, Callable[[Session, Incident, Captured, Attribution], Outcome]] = {
    "observe": lambda s, of, c, said: timeline.observe(s, of, c.text, said),
    "propose": lambda s, of, c, said: hypothesis.propose(s, of, c.text, said=said),
    "evidence": _evidence_of,
    "order": lambda s, of, c, said: actions.order(s, of, c.text, owner=c.owner, within=c.span, said=said),
    "decide": lambda s, of, c, said: timeline.decide(s, of, c.text, said=said),
    "move": _move,
    "status": lambda s, of, c, said: closing.change_status(s, of, c.word, c.text, said),
    "watch": lambda s, of, c, said: closing.watch(s, of, c.until, c.owner, said),
    "severity": _severity,
    "milestone": lambda s, of, c, said: incident.set_milestone(s, of, c.word, c.text, said),
    "exit_met": lambda s, of, c, said: closing.hold_exit(s, of, bool(c.word), said=said),
    "weighs": lambda s, of, c, said: triage.answer(
        s, of, {c.word: c.text.split(",") if c.word == "stakes" else c.text}, said=said
    ),
    "words": lambda s, of, c, said: incident.set_words(s, of, c.word, c.text, said),
    "services": lambda s, of, c, said: incident.set_services(s, of, re.split(r"[,;，；]", c.text), said),
    "role": lambda s, of, c, said: incident.give_role(s, of, c.owner, c.word, said),
    "sent": lambda s, of, c, said: update.sent(s, of, c.word, c.text, said=said),
}


def observe_paste(session: Session, of: Incident, text: str) -> Outcome:
    """A paste of several lines: one observation, kept whole."""
    return timeline.observe(session, of, text.strip("\n"))
