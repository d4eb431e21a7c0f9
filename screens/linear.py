"""The linear mode: one column of plain lines for screen readers, braille and slow lines. Nothing moves, nothing is
painted twice; what others do is said in a line of its own, and what is typed is the capture language."""

from __future__ import annotations

import select
import sys
from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import TextIO

from opsterm.board.failure import BoardError
from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.board.undo import Undo
from opsterm.command import capture, closing
from opsterm.command.transfer import brief
from opsterm.core.folds import fold_in_words, is_folded, where_it_runs
from opsterm.core.session import Rejected, Session
from opsterm.core.times import age, between
from opsterm.incidents.actions import note_arrivals
from opsterm.incidents.incident import declare
from opsterm.incidents.reading import running_incidents
from opsterm.incidents.responders import people
from opsterm.incidents.same_mark import told_once
from opsterm.incidents.snapshot import Snapshot, find_incident, is_late, read_snapshot
from opsterm.incidents.spells import hurt_words
from opsterm.records import Incident
from opsterm.records.hypothesis import ALIVE
from opsterm.records.instant import moment as at_moment
from opsterm.records.person_name import same_person
from opsterm.records.plain import one_line
from opsterm.records.timeline_entry import kind_of_line
from opsterm.settings import zone_name
from opsterm.updates.next_update import next_words
from screens.console import Viewpoint
from screens.war_room.pressing import PressingWatch

#: How often it looks for what others did and for what became late, in seconds.
LOOK_S = 1.0


class Linear:
    """One person at one board, by lines."""

    def __init__(self, board: Board, person: str, zone: tzinfo, *, read: TextIO, write: TextIO) -> None:
        self._board, self._person, self._zone = board, person, zone
        self._read, self._write = read, write
        self._undo = Undo(board)
        self._pressing = PressingWatch(Viewpoint(board, person, zone))
        self._incident = ""
        self._last: Snapshot | None = None
        #: The incident that was opened although it is folded into another.
        self._stays_in = ""
        self._seen = board.version
        self._data_version = board.data_version

    def run(self) -> None:
        """Reads lines until `:quit` or the end of the input."""
        self._say("opsterm, linear mode. :help says the commands, :quit leaves.")
        try:
            self._enter(find_incident(self._board, "-").id)
        except Rejected as refused:
            self._say(str(refused), *self._list())
        while (line := self._next_line()) is not None:
            if line in (":quit", ":q", ":leave"):
                break
            if line:
                self._obey(line)
        self._say("Nothing is lost.")

    # --- reading

    def _next_line(self) -> str | None:
        """The next line typed; meanwhile what others did is said."""
        self._write.write("> ")
        self._write.flush()
        while not self._ready():
            self._tell_news()
        line = self._read.readline()
        return line.strip() if line else None

    def _ready(self) -> bool:
        try:
            return bool(select.select([self._read], [], [], LOOK_S)[0])
        except (OSError, ValueError):
            return True  # what can't be waited for is read at once

    def _tell_news(self) -> None:
        """Says what others did, and what is red or amber now and was not."""
        told: list[str] = []
        version = self._board.data_version
        if version != self._data_version:
            self._data_version = version
            told += [self._told(m) for m in self._news() if not same_person(m.by, self._person)]
            told += self._go_along()
        told += self._became()
        if told:
            self._say("", *told)
            self._write.write("> ")
            self._write.flush()

    def _became(self) -> list[str]:
        """What is red or amber in the room since it was last looked for."""
        if not self._incident:
            return []
        before = self._last if self._last and self._last.incident.id == self._incident else None
        try:
            self._last = read_snapshot(self._board, self._incident, before)
            with self._undo.aside():
                note_arrivals(self._session(self._last), self._last)
            same = told_once(self._board, self._last.incident, self._last.said_aloud())
        except (Rejected, BoardError):
            return []  # the incident is gone or the board is held: the next thing that is typed says so
        return [*same, *self._pressing.news(self._last, self._board.now)]

    def _go_along(self) -> list[str]:
        """Goes on in the incident that this one was folded into, and says so."""
        of = self._board.get(Incident, self._incident) if self._incident else None
        into = where_it_runs(self._board, of) if of is not None else None
        if of is None or into is None or into.id == of.id or self._stays_in == of.id:
            return []
        self._incident = into.id
        return [fold_in_words(self._board, of, into)]

    def _news(self) -> list[Moment]:
        since, self._seen = self._seen, self._board.version
        return self._board.moments_since(self._incident, since) if self._incident else []

    # --- doing

    def _obey(self, line: str) -> None:
        try:
            if line.startswith(":"):
                self._command(line[1:].strip())
            elif not self._incident:
                self._say("No incident is open: :declare and a title, or :open INC-1.")
            else:
                self._capture(line)
        except (Rejected, BoardError) as refused:
            self._say(str(refused))
        self._say(*self._became())
        self._seen = self._board.version
        self._data_version = self._board.data_version

    def _capture(self, line: str) -> None:
        snapshot = read_snapshot(self._board, self._incident)
        captured = capture.typed(
            capture.parse(line, snapshot, now=self._board.now, zone=self._zone, person=self._person)
        )
        told = capture.perform(self._session(snapshot), snapshot.incident, captured)
        asked = closing.newly_asked(snapshot, self._room(), self._board.now)
        warnings = "; ".join(filter(None, (told.warning, asked)))
        self._say(f"{told.sentence}{f'. Warning: {warnings}' if warnings else ''}")

    def _session(self, snapshot: Snapshot | None = None) -> Session:
        seen = snapshot.version if snapshot else None
        return Session(self._board, self._person, basis_version=seen, zone=zone_name(self._zone))

    def _command(self, typed: str) -> None:
        word, _, rest = typed.partition(" ")
        known = [name for name in _COMMANDS if name.startswith(word)] if word else []
        if len(known) != 1 and word not in _COMMANDS:
            self._say(f"There is no command {word!r}." if not known else f"Say one of {', '.join(known)}.", ":help")
            return
        name = word if word in _COMMANDS else known[0]
        self._say(*_COMMANDS[name][1](self, rest.strip()))

    def _enter(self, incident: str) -> None:
        self._incident = incident
        self._say(*self.status(""), *self._became())

    def _room(self) -> Snapshot:
        if not self._incident:
            raise Rejected("No incident is open: :declare and a title, or :open INC-1.")
        return read_snapshot(self._board, self._incident)

    def _list(self) -> list[str]:
        running = running_incidents(self._board)
        return [f"{i.mark} {i.severity or 'no severity'}, {i.status}: {i.title}" for i in running]

    # --- what it says

    def help(self, rest: str) -> list[str]:
        return [
            "Type what you see; ? a hypothesis, ! @name an order in 10m, = a decision, #identified, #sev2, @name role.",
            "h2 eliminated why; a3 done result; +h2 or -h2 evidence; >customers an update that was sent.",
            "A beginning alone (! or #) says what goes on; what is mistyped is kept as text, and said.",
            *(f":{name} {words}" for name, (words, _) in _COMMANDS.items()),
        ]

    def status(self, rest: str) -> list[str]:
        snapshot, now = self._room(), self._board.now
        of = snapshot.incident
        lines = [
            f"{'Drill. ' if of.drill else ''}{of.mark}: {of.title}",
            f"{of.severity or 'No severity'}, {of.status}, hurt for {hurt_words(snapshot.hurt, now) or 'no time'}",
            f"Command: {snapshot.in_command or 'nobody'}" + (f", offered to {of.offered_to}" if of.offered_to else ""),
            f"Impact: {of.impact or 'not said'}",
        ]
        lines += [f"Next word to {who} at {self._clock(at)}" for who, at in next_words(snapshot)[:1]]
        return lines

    def now(self, rest: str) -> list[str]:
        return self._pressing.all(self._room(), self._board.now) or ["Nothing is late, unheard or in doubt."]

    def hypotheses(self, rest: str) -> list[str]:
        snapshot = self._room()
        lines = []
        for item in snapshot.ranked_hypotheses():
            share = "" if item.confidence is None else f", {item.confidence:.0%}"
            why = f": {item.state_why}" if item.state_why and item.state not in ALIVE else ""
            lines.append(f"{item.mark}, {snapshot.stands(item)}{share}: {item.text}{why}")
            lines += [f"   {'for' if e.supports else 'against'}: {e.text}" for e in snapshot.evidence.get(item.id, ())]
        return lines or ["No hypothesis yet: ? and what could explain this."]

    def orders(self, rest: str) -> list[str]:
        snapshot, now = self._room(), self._board.now
        lines = []
        for item in snapshot.ordered_actions(now):
            due = f", late {age(between(item.due_at, now))}" if is_late(item, now) else ""
            lines.append(f"{item.mark}, {item.owner or 'nobody'}, {item.state}{due}: {item.text}")
        return lines or ["No order yet: ! @name what, in 10m."]

    def timeline(self, rest: str) -> list[str]:
        self._room()
        count = int(rest) if rest.isdigit() else 10
        return [self._told(m) for m in self._board.moments(self._incident, last=max(count, 1))]

    def who(self, rest: str) -> list[str]:
        now = self._board.now
        return [person.words(now) for person in people(self._room(), now)] or ["Nobody has a role or an order yet."]

    def brief(self, rest: str) -> list[str]:
        snapshot = self._room()
        sections = brief(snapshot, self._board.moments(self._incident, last=500), self._board.now)
        return [line for section in sections for line in (f"{section.title}:", *section.lines)]

    def declare(self, rest: str) -> list[str]:
        told = declare(self._session(), rest)
        self._incident = told.record
        return [told.sentence]

    def open(self, rest: str) -> list[str]:
        found = find_incident(self._board, rest or "-")
        self._incident = found.id
        self._stays_in = found.id if is_folded(self._board, found) else ""
        return self.status("")

    def all(self, rest: str) -> list[str]:
        return self._list() or ["No incident runs: :declare and a title."]

    def undo(self, rest: str) -> list[str]:
        undone = self._undo.undo(self._person)
        return [undone.sentence, *undone.left]

    def quit(self, rest: str) -> list[str]:
        return []

    def _clock(self, at: str) -> str:
        return f"{at_moment(at).astimezone(self._zone):%H:%M}"

    def _told(self, line: Moment) -> str:
        struck = f"{line.struck}: " if line.struck else ""
        kind, text = kind_of_line(line.kind).in_words, " ".join(line.told.split())
        who = f"{line.by}, " if line.by else ""
        return f"{self._clock(line.at)} {who}{struck}{kind}: {text}"

    def _say(self, *lines: str) -> None:
        for line in lines:
            self._write.write(f"{one_line(line) if line.strip() else ''}\n")
        self._write.flush()


_COMMANDS: Mapping[str, tuple[str, Callable[[Linear, str], list[str]]]] = {
    "now": ("all that is red or amber on the screen", Linear.now),
    "status": ("where it stands", Linear.status),
    "hypotheses": ("with their evidence, the least contradicted first", Linear.hypotheses),
    "orders": ("late ones first", Linear.orders),
    "timeline": ("the last ten lines; :timeline 30 the last thirty", Linear.timeline),
    "who": ("who does what since when", Linear.who),
    "brief": ("what a successor has to know", Linear.brief),
    "declare": ("and a title declares an incident", Linear.declare),
    "open": ("and INC-1 opens another incident", Linear.open),
    "all": ("incidents that run", Linear.all),
    "undo": ("takes back your last act", Linear.undo),
    "help": ("says this", Linear.help),
    "quit": ("leaves", Linear.quit),
}


def run(board: Board, person: str, zone: tzinfo) -> None:
    """The linear mode on this terminal."""
    Linear(board, person, zone, read=sys.stdin, write=sys.stdout).run()
