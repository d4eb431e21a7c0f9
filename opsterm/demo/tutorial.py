"""The tutorial: five minutes on a real incident, each step done by oneself and seen to be done. It can be left at any
time, and goes on from there."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from opsterm.board.store import Board
from opsterm.board.timeline import Moment
from opsterm.core.session import Session
from opsterm.demo.demo import HEAD_START, incident_file
from opsterm.demo.playback import PlaybackClock
from opsterm.exchange.importing import Importer
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records import Incident
from opsterm.records.instant import to_ms
from opsterm.records.person_name import same_person

_KEY = "tutorial"


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen of a person's doing since a step began."""

    before: Snapshot
    snapshot: Snapshot
    #: What this person wrote since.
    wrote: Sequence[Moment]
    #: The pane or page that is before their eyes.
    place: str

    def has(self, *kinds: str) -> bool:
        """Whether they wrote a line of such a kind."""
        return any(moment.kind in kinds for moment in self.wrote)


@dataclass(frozen=True, slots=True)
class TutorialStep:
    """One thing to do, why one does it, and how it is seen to be done."""

    name: str
    do: str
    why: str
    done: Callable[[Sight], bool]


def _at(*places: str) -> Callable[[Sight], bool]:
    return lambda sight: sight.place in places


def _wrote(*kinds: str) -> Callable[[Sight], bool]:
    return lambda sight: sight.has(*kinds)


STEPS: Sequence[TutorialStep] = (
    TutorialStep(
        "look", "press 6 for the timeline; 1 to 6 and tab go to the panes", "everything stands there", _at("timeline")
    ),
    TutorialStep(
        "log",
        "press l, type what you see, such as: CPU at 100 % everywhere; then enter",
        "the line below says what enter will do",
        _wrote("observation"),
    ),
    TutorialStep(
        "hypothesis",
        "press h, say what could explain it: a firewall rule burns the CPU; then enter",
        "what can be shown false is worth testing",
        _wrote("hypothesis"),
    ),
    TutorialStep(
        "evidence",
        "press 2, choose one with j and k, then - and what speaks against it; enter",
        "ranked by what speaks against, not by what supports",
        _wrote("evidence"),
    ),
    TutorialStep(
        "rule out", "press x and say why it is out; enter", "it stays, with its reason", _wrote("hypothesis_result")
    ),
    TutorialStep(
        "order",
        "press o, then: @noor read the CPU profile in 10m; enter",
        "one named person, one task, a time to check back",
        _wrote("action_started"),
    ),
    TutorialStep(
        "waiting", "press w: what are we waiting for? then esc", "late comes first", _at("What are we waiting for?")
    ),
    TutorialStep(
        "decision", "press d, say what is decided and why; enter", "a wrong decision beats none", _wrote("decision")
    ),
    TutorialStep(
        "undo",
        "press u: it takes back your last act, and says which",
        "nothing typed is ever lost: it stays in the history",
        lambda sight: len(sight.snapshot.decisions) < len(sight.before.decisions),
    ),
    TutorialStep(
        "triage",
        "press T, answer y or n and by numbers, or go down with j; enter takes the severity",
        "the rule that gave it stands beside it",
        lambda sight: sight.snapshot.incident.severity_since > sight.before.incident.severity_since,
    ),
    TutorialStep(
        "roles",
        "press r, then enter on a person and a letter: s for scribe",
        "whoever commands holds no other role",
        lambda sight: len(sight.snapshot.roles) > len(sight.before.roles) or sight.has("role_change"),
    ),
    TutorialStep(
        "transfer",
        "esc, then t, o, noor, enter: read the brief; h says that you heard the yes on the call",
        "until the yes you stay in command",
        lambda sight: sight.snapshot.incident.commander_since > sight.before.incident.commander_since,
    ),
    TutorialStep(
        "message",
        "press m: a draft for customers writes itself; esc comes back",
        "nothing leaves without you",
        _at("composer"),
    ),
    TutorialStep("search", "press S and type a word: all incidents are searched; esc, esc", "at once", _at("search")),
    TutorialStep(
        "resolve",
        "press s, r: what is unmet; p passes a point on, enter resolves",
        "mitigated is not resolved",
        lambda sight: sight.snapshot.over,
    ),
    TutorialStep(
        "week ahead",
        "press q for home, then w: what will hurt if nobody acts, by owner; esc",
        "nothing comes here before something was recorded",
        _at("week ahead"),
    ),
    TutorialStep(
        "registers",
        "on home V vendors, D documents, m meetings, t teams: open one; n records",
        "what nobody owned the reminder for",
        _at("vendors", "documents", "meetings", "dependencies", "coming and leaving", "systems"),
    ),
    TutorialStep(
        "keys", "press ? for the keys of any screen; : finds every command by its words", "that is all", _at("Keys")
    ),
)


def open_tutorial(folder: Path, *, again: bool = False, ticking: Callable[[], float] = time.monotonic) -> Board:
    """The tutorial's own board in that folder, as it was left; `again` begins anew."""
    path = folder / "tutorial.sqlite"
    folder.mkdir(parents=True, exist_ok=True)
    if again:
        for old in folder.glob("tutorial.sqlite*"):
            old.unlink()
    file = incident_file("")
    head = min(HEAD_START, len(file.events))
    clock = PlaybackClock(to_ms(file.events[head - 1].at) + 1000, ticking)
    board = Board.open(path, clock=clock, any_disk=True)
    known = board.all(Incident)
    if not known:
        importer = Importer(Session(board, "playback"), file)
        with board.transaction():
            importer.begin()
            for event in file.events[:head]:
                importer.event(event)
        known = board.all(Incident)
    else:
        last = max((moment.at for moment in board.moments(known[0].id, last=50)), default="")
        clock = PlaybackClock(max(to_ms(last) if last else 0, clock.now_ms()) + 1000, ticking)
        board.clock = clock
    clock.speed = 1.0
    return board


class Tutorial:
    """Where one person is in the tutorial, kept on its board."""

    def __init__(self, board: Board, person: str) -> None:
        self.board, self.person = board, person
        self.incident = board.all(Incident)[0].id
        kept = board.recall(_KEY)
        self.place = min(int(kept), len(STEPS)) if kept.isdigit() else 0
        self._begin()

    def _begin(self) -> None:
        self.before = read_snapshot(self.board, self.incident)
        self.since = self.board.version

    @property
    def over(self) -> bool:
        return self.place >= len(STEPS)

    @property
    def step(self) -> TutorialStep:
        """The step that one is at, the last one once it is over."""
        return STEPS[min(self.place, len(STEPS) - 1)]

    def look(self, place: str) -> bool:
        """Whether the step is done by now; goes on to the next one where it is."""
        if self.over:
            return False
        snapshot = self.before
        wrote: Sequence[Moment] = ()
        if self.board.version != self.since:
            snapshot = read_snapshot(self.board, self.incident)
            found = self.board.moments_since(self.incident, self.since)
            wrote = [moment for moment in found if same_person(moment.by, self.person)]
        if not self.step.done(Sight(self.before, snapshot, wrote, place)):
            return False
        self.move(1)
        return True

    def move(self, by: int) -> None:
        """Goes to another step."""
        self.place = min(max(self.place + by, 0), len(STEPS))
        self.board.remember(_KEY, str(self.place))
        self._begin()
