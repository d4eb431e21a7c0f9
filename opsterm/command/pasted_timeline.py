"""Several pasted lines, read as a timeline: `HH:MM text`, as people keep them in chats and notes.

It is an offer: a paste stays one observation unless a person takes it as a timeline, and nothing in it acts. [GitLab
#368721: bulk backfill]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from opsterm.core.session import Attribution, Outcome, Rejected, Session
from opsterm.core.times import between, leading_time, lies_ahead
from opsterm.incidents.timeline import observe
from opsterm.records import Incident
from opsterm.records.instant import Instant, instant, moment

#: So many lines that begin with a time make a paste a timeline.
TIMES_MIN = 2
#: A log is no timeline: beyond this a paste stays whole.
LINES_MAX = 2000
#: A step back of so much from one line to the next is a midnight.
MIDNIGHT_SECONDS = 3600
_BULLET = re.compile(r"^\s*(?:[-*•–]\s+)?")
_BRACKETS = re.compile(r"^[\[(]([^\])]{4,25})[\])]\s*[:\-–—|]?\s*")
_AFTER = re.compile(r"^(\S+(?: \d{1,2}:\d{2}\S*)?)\s*(?:[:\-–—|]\s+|\t+|\s)\s*")
_CLOCK_COLON = re.compile(r"^(\d{1,2}:\d{2}(?::\d{2})?Z?):?(?=\s)")
_DAY = re.compile(r"^\s*+#*+\s*+(\d{4})-(\d{2})-(\d{2})\s*+:?\s*$")
_SAYS = re.compile(r"^(?:@?([\w.-]{2,30})|<([^>]{1,30})>):\s+(?=\S)")


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line of the offered timeline."""

    at: Instant
    text: str
    #: Who said it, where the line names someone before a colon.
    by: str = ""


@dataclass(frozen=True, slots=True)
class Pasted:
    """A paste as a timeline, and what came before its first time."""

    lines: tuple[PastedLine, ...]
    preface: str = ""

    @property
    def words(self) -> str:
        """The offer in one line."""
        first, last = self.lines[0].at, self.lines[-1].at
        day = f" on {first[:10]}" if first[:10] == last[:10] else f", {first[:10]} to {last[:10]}"
        return f"{len(self.lines)} lines from {first[11:16]} to {last[11:16]} UTC{day}: take them as a timeline?"


def read_paste(text: str, now: Instant, zone: tzinfo) -> Pasted | None:
    """The timeline in a paste; nothing where fewer than two of its lines begin with a time.

    A line without a time belongs to the one before it. A clock time is in the user's zone; the last one lies at or
    before now, and a step back of an hour or more from one line to the next is the midnight between them; less is
    disorder, and stays. A line that is only a date sets the day of those that follow.
    """
    rows = text.splitlines()
    if len(rows) > LINES_MAX:
        return None
    found: list[tuple[Instant, bool, list[str]]] = []
    preface: list[str] = []
    day: date | None = None
    for row in rows:
        if dated := _DAY.match(row):
            try:
                day = date(int(dated[1]), int(dated[2]), int(dated[3]))
                continue
            except ValueError:
                pass
        at, rest, fixed = _timed(row, now, zone, day)
        if at:
            found.append((at, fixed, [rest]))
        elif found:
            found[-1][2].append(row.rstrip())
        elif row.strip():
            preface.append(row.strip())
    if len(found) < TIMES_MIN:
        return None
    lines = [_said(at, "\n".join(texts).strip()) for at, texts in _unfolded(found)]
    return Pasted(tuple(lines), "\n".join(preface))


def _timed(row: str, now: Instant, zone: tzinfo, day: date | None) -> tuple[Instant, str, bool]:
    """(when, the rest, whether the day is certain) of a line that begins with a time."""
    body = _BULLET.sub("", row, count=1)
    if bracketed := _BRACKETS.match(body):
        body = f"{bracketed[1]} {body[bracketed.end() :]}"
    elif colon := _CLOCK_COLON.match(body):
        body = f"{colon[1]} {body[colon.end() :].lstrip()}"
    elif after := _AFTER.match(body):
        body = f"{after[1]} {body[after.end() :]}"
    if body.startswith("-"):
        return "", row, False
    at, rest = leading_time(body, now, zone)
    if not at:
        return "", row, False
    rest = rest.lstrip(":-–—| \t")
    if re.match(r"\d{4}-", body):
        return at, rest, True
    if day is not None:
        here = moment(at).astimezone(zone)
        placed = datetime(day.year, day.month, day.day, here.hour, here.minute, here.second, tzinfo=zone)
        return instant(placed), rest, True
    return at, rest, False


def _unfolded(found: list[tuple[Instant, bool, list[str]]]) -> list[tuple[Instant, list[str]]]:
    """Puts clock times on their days, from the last line backwards."""
    out: list[tuple[Instant, list[str]]] = []
    following = ""
    for at, fixed, texts in reversed(found):
        placed = at
        while not fixed and following and between(following, placed) >= MIDNIGHT_SECONDS:
            placed = instant(moment(placed) - timedelta(days=1))
        out.append((placed, texts))
        following = placed
    return out[::-1]


def _said(at: Instant, text: str) -> PastedLine:
    spoken = _SAYS.match(text)
    if spoken and not spoken[0].lower().startswith(("http", "note", "todo", "update", "status")):
        return PastedLine(at, text[spoken.end() :], spoken[1] or spoken[2])
    return PastedLine(at, text)


def take_paste(session: Session, incident: Incident, pasted: Pasted) -> Outcome:
    """Puts the lines on the timeline, as one act. Lines that lie ahead are refused: a timeline tells what was."""
    ahead = [line for line in pasted.lines if lies_ahead(line.at, session.board.now)]
    if ahead:
        raise Rejected(f"{ahead[0].at} lies ahead: a timeline tells what was.")
    kept = [line for line in pasted.lines if line.text]
    with session.board.transaction():
        if pasted.preface:
            observe(session, incident, pasted.preface, Attribution(at=pasted.lines[0].at))
        for line in kept:
            observe(session, incident, line.text, Attribution(at=line.at, by=line.by))
    return Outcome(f"{len(kept)} lines on the timeline", incident.id)
