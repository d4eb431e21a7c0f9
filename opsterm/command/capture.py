"""The capture language: one line typed, one thing recorded.

A time comes first, then a sign that says what the rest is; plain text is an observation. `parse` only reads; what it
understood stands in `Captured.words` before anything is recorded, and how sure that is in `Captured.verdict`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from typing import Literal

from opsterm.command import closing, mistyped
from opsterm.core.session import Attribution, Outcome, Rejected, Session, person_name
from opsterm.core.times import (
    DURATION,
    age,
    leading_time,
    lies_ahead,
    parse_duration,
    seeming_time,
    time_ahead,
    time_first,
)
from opsterm.incidents import actions, hypothesis, incident, timeline, triage
from opsterm.incidents.severity import own_rules
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Action, Hypothesis, Incident
from opsterm.records.action import STATES as ACTION_STATES
from opsterm.records.hypothesis import STATES as HYPOTHESIS_STATES
from opsterm.records.incident import MILESTONES, SEVERITIES, STATUSES
from opsterm.records.instant import Instant
from opsterm.records.person_name import same_person
from opsterm.records.plain import one_line
from opsterm.updates import update
from opsterm.updates.told_twice import just_sent
from opsterm.updates.update import AUDIENCE_NAMES

_FULL_WIDTH = str.maketrans("？！＃＠＋－＝＞～", "?!#@+-=>~")
_QUOTED = r'"[^"]+"|“[^“”]+”'
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
_AT = re.compile(rf"@({_NAME})(?:\s+(\S.*))?$")

#: What becomes of a line. "does": what its words say. "text": it is only near a row of the table, and plain text.
#: "begun": a row's beginning and no more. "mistyped": it names what there is not. "again": the same went out just now.
Verdict = Literal["does", "text", "begun", "mistyped", "again"]


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
    verdict: Verdict = "does"
    #: What is mistyped, after "there is": `no h9 here (h1 h2)`.
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class _Marks:
    """What the marks of a line mean; `about` is the record that was selected when the line was begun."""

    snapshot: Snapshot
    about: Hypothesis | Action | None

    def record(self, mark: str) -> Hypothesis | Action | None:
        """The record of a mark; nothing where there is none. Raises Rejected where it names two."""
        chosen = self.about is not None and mark.lower() == self.about.mark and self.snapshot.item(self.about.id)
        return chosen or self.snapshot.marked(mark)

    def named(self, mark: str) -> bool:
        """Whether a mark names anything, be it one or two."""
        try:
            return self.record(mark) is not None
        except Rejected:
            return True

    def missing(self, mark: str) -> str:
        """That there is no such mark, and which there are."""
        items: Sequence[Hypothesis | Action] = self.snapshot.hypotheses
        if mark[0] not in "hH":
            items = self.snapshot.actions
        return mistyped.no_mark(mark, [item.mark for item in items])


def parse(
    line: str,
    snapshot: Snapshot,
    *,
    now: Instant,
    zone: tzinfo,
    person: str,
    about: Hypothesis | Action | None = None,
) -> Captured:
    """Reads one line. `about` is the record that was selected when the line was begun, and that its mark means,
    whatever it is called by now.

    Raises Rejected where there are no words, where a mark names two records, and for what would have happened more than
    a minute ahead.
    """
    if "\n" in line.strip():
        return _some(Captured("observe", "on the timeline, as one observation", line.strip("\n")))
    at, rest = leading_time(line.strip(), now, zone)
    if rest.startswith("\\"):
        return _finish(_some(Captured("observe", "", rest[1:].strip())), at, "", now)
    if not at and (captured := _timeless(rest, now, zone)):
        return captured
    body, by = who_said(rest)
    captured = _timed(_some(_read(body, _Marks(snapshot, about), by or person)), body, at, now, zone)
    captured = _again(_watched(captured, now, zone), snapshot, now)
    return _finish(captured, captured.at, by or _for_whom(captured, snapshot, person), now)


def as_text(line: str) -> Captured:
    """The line as it stands, whatever it looks like. Raises Rejected where there are no words."""
    return _some(Captured("observe", "on the timeline, as it stands", line))


def typed(captured: Captured) -> Captured:
    """A line that a person enters, who saw its words: what is mistyped is text. Raises Rejected where it is only
    begun."""
    if captured.verdict == "begun":
        raise Rejected(f"Nothing to record yet: {captured.words}")
    return captured


def scripted(captured: Captured) -> Captured:
    """A line from where nobody sees its words: what is only begun is text. Raises Rejected for what is mistyped."""
    if captured.verdict == "mistyped":
        raise Rejected(f"There is {captured.doubt}: begin with \\ for plain text, or say opsterm log --text.")
    return captured


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
    writes = any(role.role == "scribe" and same_person(role.name, person) for role in snapshot.roles)
    if not writes or captured.verb not in ("order", "decide"):
        return ""
    return "" if same_person(commander, person) else commander


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


def _again(captured: Captured, snapshot: Snapshot, now: Instant) -> Captured:
    """An update whose very words went to its audience just before: it is asked about."""
    if captured.verb != "sent":
        return captured
    same = just_sent(snapshot.updates, captured.word, captured.text, captured.at or now)
    return replace(captured, verdict="again", words=f"{same}: again?") if same else captured


def _timeless(line: str, now: Instant, zone: tzinfo) -> Captured | None:
    """What a line is that begins like a time, and has none or nothing after it; nothing where it doesn't."""
    at, rest = time_first(line, now, zone)
    if at and not rest:
        return _begun(line, f"{line} : what happened then")
    seeming = "" if at else seeming_time(line)
    return _mistyped(line, mistyped.no_time(seeming)) if seeming else None


def _timed(captured: Captured, body: str, at: Instant, now: Instant, zone: tzinfo) -> Captured:
    """With the time at which it happened. It may stand behind the word (`#started 12:10`); a time before a milestone is
    then when it was said."""
    timed = replace(captured, at=at)
    if captured.verb != "milestone" and (at or captured.verb != "status"):
        return timed
    behind, why = time_first(captured.text, now, zone)
    if behind:
        return replace(timed, at=behind, text=why)
    seeming = seeming_time(captured.text)
    return replace(_mistyped(body, mistyped.no_time(seeming)), at=at) if seeming else timed


def _mistyped(body: str, doubt: str) -> Captured:
    return Captured("observe", f"{doubt}: enter logs it as text", body, verdict="mistyped", doubt=doubt)


def _begun(body: str, awaits: str) -> Captured:
    return Captured("observe", awaits, body, verdict="begun")


def _finish(captured: Captured, at: Instant, by: str, now: Instant) -> Captured:
    if lies_ahead(at, now):
        raise Rejected(f"{at} lies ahead: give a time up to now, or begin with \\ for plain text.")
    words = captured.words or "on the timeline"
    when = f", at {at[11:16]} UTC on {at[:10]}" if at else ""
    return replace(captured, words=f"{words}{when}{f', said by {by}' if by else ''}", at=at, by=by)


def _read(body: str, marks: _Marks, speaker: str) -> Captured:
    sign = body[:1].translate(_FULL_WIDTH)
    reader = _SIGNS.get(sign)
    if reader and not body[1:].strip():
        return _begun(body, _AWAITED[sign])
    found = reader(sign + body[1:], marks, speaker) if reader else _marked(body, marks)
    if found is None:
        near = reader is not None or ((mark := _MARK.match(body)) is not None and marks.named(mark[1]))
        return Captured("observe", "on the timeline, as text", body, verdict="text") if near else _observed(body)
    return replace(found, text=body) if found.verb == "observe" else found


def _observed(body: str) -> Captured:
    return Captured("observe", "", body)


#: What goes on after a sign alone.
_AWAITED: Mapping[str, str] = {
    "?": "? : what could explain it",
    "+": "+ : h1 and what speaks for it",
    "-": "- : h1 and what speaks against it, or 7m and what happened then",
    "!": "! : @who what in 10m",
    "=": "= : what is decided",
    "#": "# : identified, sev2, started 12:10, impact and what people can't do",
    "@": f"@ : who and a role: {' '.join(mistyped.ROLES)}",
    ">": "> : customers and what they were told",
}


def _hypothesis(body: str, marks: _Marks, speaker: str) -> Captured:
    return Captured("propose", "a new hypothesis", body[1:].strip())


def _evidence(body: str, marks: _Marks, speaker: str) -> Captured | None:
    targets: list[tuple[Hypothesis | Action, bool]] = []
    rest, strong = body, False
    while found := _EVIDENCE.match(rest):
        target = marks.record(found[2])
        if not isinstance(target, Hypothesis):
            return _mistyped(body, marks.missing(found[2]))
        targets.append((target, found[1][0] in "+＋"))
        strong = strong or len(found[1]) == 2
        rest = rest[found.end() :]
    if not targets:
        return None
    signs = " and ".join(f"{'for' if supports else 'against'} {item.mark}" for item, supports in targets)
    if not rest.strip():
        return _begun(body, f"{body} : what speaks {signs}")
    words = f"strong evidence {signs}" if strong else f"evidence {signs}"
    return Captured("evidence", words, rest.strip(), targets=tuple(targets), word="strong" if strong else "")


def _order(body: str, marks: _Marks, speaker: str) -> Captured:
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
        return _begun(body, _AWAITED["!"])
    who = f"an order to {owner}" if owner else "an order, unassigned"
    back = f", check back in {age(span.total_seconds())}" if span is not None else ""
    return Captured("order", f"{who}{back}", text, owner=owner, span=span)


def _decision(body: str, marks: _Marks, speaker: str) -> Captured:
    return Captured("decide", "a decision", body[1:].strip())


def _hash(body: str, marks: _Marks, speaker: str) -> Captured | None:
    found = _HASH.match(body)
    known = _hashed(found[1].lower(), body[found.end() :].strip()) if found else None
    if known or body[1].isspace():
        return known
    doubt = mistyped.no_word(body[1:].split()[0])
    return _mistyped(body, doubt) if doubt else None


def _hashed(word: str, text: str) -> Captured | None:
    """What `#word text` does; nothing where the word is none of ours."""
    if word in STATUSES:
        return Captured("status", f"status: {word}", text, word=word)
    if word in SEVERITIES:
        return Captured("severity", f"severity: {word}", text, word=word)
    if word in MILESTONES:
        return Captured("milestone", f"milestone: {word}", text, word=word)
    if word not in mistyped.OURS:
        return None
    if word == "exit" and text.lower() in _EXIT:
        met = _EXIT[text.lower()]
        return Captured("exit_met", f"the exit criteria {'hold' if met else 'do not hold'}", word="met" if met else "")
    if word in mistyped.WEIGHS:
        return _weighs(word, text)
    called = "services that are hurt" if word == "services" else incident.STATUS_PANE[word][1]
    if not text:
        return _begun(f"#{word}", f"#{word} : {called}, in words")
    return Captured("services", called, text) if word == "services" else Captured("words", called, text, word=word)


#: What `#exit` says beside the criteria themselves.
_EXIT = {"met": True, "holds": True, "not met": False, "does not hold": False}


def _weighs(word: str, text: str) -> Captured:
    known = triage.choices(own_rules())[word]
    if not text:
        return _begun(f"#{word}", f"#{word} : {', '.join(known)}")
    given = [part.strip().lower() for part in re.split(r"[,;，；]", text)] if word == "stakes" else [text.lower()]
    if not all(part in known for part in given):
        return _mistyped(text, mistyped.no_answer(word, text, known))
    return Captured("weighs", f"{word}: {', '.join(known[part] for part in given)}", ",".join(given), word=word)


def _person(body: str, marks: _Marks, speaker: str) -> Captured | None:
    found = _AT.match(body)
    if not found:
        return None
    name = person_name(found[1])
    if not found[2]:
        return _begun(body, f"{body} : {' '.join(mistyped.ROLES)}")
    role = incident.known_role(found[2])
    if not role:
        return _mistyped(body, mistyped.no_role(found[2])) if len(found[2].split()) == 1 else None
    if role != "commander":
        return Captured("role", f"{name} is {role}", owner=name, word=role)
    takes = same_person(name, speaker)
    return Captured("role", f"{name} takes command" if takes else f"command offered to {name}", owner=name, word=role)


def _update(body: str, marks: _Marks, speaker: str) -> Captured | None:
    found = _AUDIENCE.match(body)
    if not found:
        return None
    audience = AUDIENCE_NAMES.get(found[1].lower())
    if audience is None:
        return None if body[1].isspace() else _mistyped(body, mistyped.no_audience(found[1]))
    text = body[found.end() :].strip()
    if not text:
        return _begun(body, f"{body} : what they were told")
    return Captured("sent", f"an update that was sent to {audience}", text, word=audience)


def _marked(body: str, marks: _Marks) -> Captured | None:
    found = _MARK.match(body)
    if not found:
        return None
    mark, rest = found[1], body[found.end() :].strip()
    is_action = mark[0] in "aA"
    move = _read_move(rest, ACTION_STATES if is_action else HYPOTHESIS_STATES, is_action=is_action)
    if not marks.named(mark):
        # A letter behind the number is seldom meant as a mark: `h2o`, `a11y`.
        return _mistyped(body, marks.missing(mark)) if move or mark[-1].isdigit() else None
    awaits = _MARK_AWAITS[mark[0].lower()].get(rest.translate(_FULL_WIDTH))
    if awaits:
        return _begun(body, f"{body} : {awaits}")
    target = marks.record(mark) if move else None
    if move is None or target is None:
        return None
    parts = [
        *([move.word] if move.word else []),
        *([f"{move.confidence:.0%}"] if move.confidence is not None else []),
        *([f"{age(move.span.total_seconds())} more"] if move.span is not None else []),
        *([f"to {move.owner}"] if move.owner else []),
    ]
    moved = replace(move, words=f"{target.mark}: {', '.join(parts)}", targets=((target, True),))
    return _with_reason(moved, target, marks) if move.word and not move.text else moved


#: What goes on after a mark, and what its words or one sign behind it say.
_MARK_AWAITS: Mapping[str, Mapping[str, str]] = {
    "h": {"": "supported eliminated 60% @who, and why", "@": "who tests it"},
    "a": {"": "done failed +10m @who, and why", "@": "who does it", "+": "10m more, and why"},
}
#: What a state wants to be said with it.
_STATE_AWAITS: Mapping[str, str] = {
    "eliminated": "what rules it out",
    "supported": "what speaks for it",
    "confirmed": "what shows it",
    "done": "what came of it",
    "failed": "what came of it",
    "cancelled": "why",
}


def _with_reason(move: Captured, target: Hypothesis | Action, marks: _Marks) -> Captured:
    """A move that gives no reason, with what is expected; where it can't be done without one, with nothing else."""
    awaited = _STATE_AWAITS.get(move.word)
    if awaited is None:
        return move
    lacks = hypothesis.lacks_reason(move.word, "", marks.snapshot.evidence.get(target.id, ()))
    return replace(move, words=f"{target.mark} {move.word} : {awaited}" if lacks else f"{move.words}; say {awaited}")


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


_SIGNS: Mapping[str, Callable[[str, _Marks, str], Captured | None]] = {
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
    """Records what a line says, and warns where it may have been meant otherwise. Raises Rejected."""
    told = _VERBS[captured.verb](session, of, captured, Attribution(at=captured.at, by=captured.by))
    return replace(told, warning=f"{captured.doubt}: logged as text") if captured.doubt else told


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
