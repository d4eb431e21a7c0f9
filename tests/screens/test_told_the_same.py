"""Who can't see the screen is told the same: every line that is red or amber in the war room, in the same words, when
it becomes so and on `:now`, over a whole incident."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, timedelta
from itertools import islice
from pathlib import Path

import pytest

from opsterm.core.conflicts import conflicts_of, settle, sides_of
from opsterm.core.times import parse_duration
from opsterm.incidents import actions, hypothesis, incident, roles, timeline
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.template import import_text
from opsterm.records import Run
from opsterm.records.instant import instant, moment
from opsterm.updates import approval, outside_questions, update
from screens.linear import Linear
from screens.war_room.panes.timeline import PAGE
from screens.widgets.cells import Line
from screens.widgets.symbols import SIGNS
from tests.support.console import Console
from tests.support.pty_console import PtyConsole
from tests.support.team import Team

PRESSING = ("alarm", "warn")


def toned(line: Line) -> str:
    """What is red or amber in a line."""
    return " ".join(cell.text for cell in (*line.left, *line.right) if cell.tone in PRESSING)


def whole(line: Line) -> str:
    return " ".join("".join(cell.text for cell in cells) for cells in (line.left, line.right))


def painted(console: Console) -> tuple[list[str], list[str]]:
    """(the lines that are red or amber, what is in titles): of the head what is so, of a pane's line all of it."""
    room = console.war_room
    tabs = [line for line in room.head.lines if "[" in whole(line) and "1 Status" in whole(line)]
    standing, below = room.head.lines[:2], [line for line in room.head.lines[2:] if line not in tabs]
    lines = [cell.text for line in standing for cell in (*line.left, *line.right) if cell.tone in PRESSING]
    lines += [whole(Line(line.left)) for line in below if toned(line)]
    titles = [cell.text for line in tabs for cell in line.left if cell.tone in PRESSING]
    for pane in room.panes.values():
        rows = [row.draw(pane.columns, pane.now) for row in islice(pane.rows, PAGE)]
        lines += [whole(line) for line in rows if toned(line)]
        titles += [toned(pane.title())] if toned(pane.title()) else []
    return lines, titles


def words(text: str) -> set[str]:
    for sign in (SIGNS.alarm, SIGNS.right, SIGNS.dot):
        text = text.replace(sign, " ")
    return set(re.findall(r"[^\s,:;()]+", text.casefold()))


def without_times(found: set[str]) -> set[str]:
    return {word for word in found if not re.fullmatch(r"\+?\d+[smhd]?", word)}


class Heard:
    """The linear mode of mia beside her screen."""

    def __init__(self, team: Team) -> None:
        self._out = io.StringIO()
        self._mode = Linear(team.mia.board, "mia", UTC, read=io.StringIO(""), write=self._out)
        self._mode._enter(team.mia.incident)
        self.since = self.take()

    def take(self) -> list[str]:
        lines = self._out.getvalue().splitlines()
        self._out.seek(0)
        self._out.truncate()
        return lines

    def became(self) -> list[str]:
        """What it says by itself."""
        self._mode._tell_news()
        told = self.take()
        self.since += told
        return told

    def now(self) -> list[str]:
        self._mode._obey(":now")
        return self.take()


def incident_of(team: Team) -> Iterator[tuple[str, Callable[[], object]]]:
    """A whole incident, by steps: each with the words that are red or amber after it."""
    mia, it = team.mia.as_("mia"), team.mia.read
    yield "no severity", lambda: team.mia.declare("Search is slow")
    yield "not said yet", lambda: incident.set_severity(mia, it(), "sev2")
    yield "", lambda: incident.set_words(mia, it(), "impact", "every search takes 30 s")
    yield "", lambda: [hypothesis.propose(mia, it(), text) for text in ("pool is full", "a bad rule")]
    yield "", lambda: hypothesis.move(mia, team.mia.hypotheses()[0], "eliminated", "pool at 40")
    yield (
        "every hypothesis is ruled out: h what else could explain it?",
        lambda: hypothesis.move(mia, team.mia.hypotheses()[1], "eliminated", "no such rule"),
    )
    yield "not acknowledged", lambda: actions.order(mia, it(), "drain it", owner="noor", within=timedelta(minutes=9))
    yield "", team.sync
    yield "say it again", lambda: team.wait(3)
    yield "give it to another", lambda: team.wait(3)
    yield "late", lambda: team.wait(5)
    yield "nobody named", lambda: actions.order(mia, it(), "watch the graphs")
    yield "", lambda: actions.order(mia, it(), "restart search", owner="mia")
    yield "Alarm: Next word to customers, late 26m", lambda: team.wait(30)
    yield "unheard", lambda: None
    yield "", team.sync
    yield "", lambda: update.sent(mia, it(), "customers", "Search is slow.")
    yield "", lambda: outside_questions.ask(mia, it(), _asked("ceo", team))
    yield "ceo asks: is our data safe?", lambda: team.wait(6)
    yield "Approve?", lambda: approval.ask(mia, it(), "executives", "Search is slow.")
    yield "offered to noor", lambda: incident.offer_command(mia, it(), "noor")
    yield "did not answer", lambda: team.wait(11)
    yield "find the slow query", lambda: roles.form_team(mia, it(), "noor", ["ben"], "find the slow query")
    yield "paused by", lambda: _pause(team)
    yield "Which severity?", lambda: _apart(team)
    yield "", lambda: _settle_on(team, "sev1")
    yield "took command from you", lambda: _taken(team)
    yield "", lambda: timeline.observe(mia, it(), "it falls")
    yield "", lambda: incident.set_status(mia, it(), "monitoring", "")
    yield "", lambda: team.wait(60)
    yield "", lambda: incident.set_status(mia, it(), "resolved", "back to 1 s")


def _settle_on(team: Team, severity: str) -> None:
    conflict = next(c for c in conflicts_of(team.mia.board, team.mia.incident) if c.field == "severity")
    settle(team.mia.as_("mia"), conflict, next(side for side in sides_of(conflict) if side.value == severity))


def _asked(who: str, team: Team) -> outside_questions.Typed:
    by = moment(team.mia.board.now) + (parse_duration("5m") or timedelta())
    return outside_questions.Typed(who, "is our data safe?", instant(by))


def _pause(team: Team) -> None:
    mia = team.mia.as_("mia")
    import_text(mia, "# Before a restart\n\n- [ ] say it aloud\n- [ ] note the errors\n", "list")
    begun = checklist.begin(mia, team.mia.incident, "Before a restart").record
    found = team.mia.board.get(Run, begun)
    assert found is not None
    checklist.pause(mia, found)


def _taken(team: Team) -> None:
    incident.take_command(team.noor.as_("noor"), team.noor.read())
    team.sync()


def _apart(team: Team) -> None:
    """Two severities, said apart, and a merge."""
    team.sync()
    team.noor.incident = team.mia.incident
    incident.set_severity(team.mia.as_("mia"), team.mia.read(), "sev1", "it grows")
    incident.set_severity(team.noor.as_("noor"), team.noor.read(), "sev3", "it shrinks")
    team.sync()


@pytest.mark.parametrize("size", [(80, 24), (160, 50)])
def test_whoever_cannot_see_the_screen_is_told_every_line_that_is_red_or_amber(
    team: Team, size: tuple[int, int]
) -> None:
    async def run() -> None:
        steps = incident_of(team)
        next(steps)[1]()
        heard = Heard(team)
        async with team.mia.console(size=size) as console:
            console.app.open_incident(team.mia.incident)
            await console.pilot.pause()
            for awaited, happen in steps:
                happen()
                await told_the_same(console, heard, awaited)

    asyncio.run(run())


async def told_the_same(console: Console, heard: Heard, awaited: str) -> None:
    room = console.war_room
    heard.became()
    room.repaint()
    room.notice_line.read()
    await console.pilot.pause()
    lines, titles = painted(console)
    lines += [notice.text for notice in room.notice_line.notices if notice.level != "offer" and notice.act != "settle"]
    told = heard.now()
    assert awaited in "\n".join(told)
    now = [words(line) for line in told]
    for line in (*lines, *titles):
        assert any(words(line) <= said for said in now), f"{line!r} is not said on :now"
    since = [without_times(words(line)) for line in heard.since]
    for line in lines:
        assert any(without_times(words(line)) <= said for said in since), f"{line!r} was not said when it became so"


def test_what_became_red_or_amber_is_said_once_while_only_its_time_goes_on(team: Team) -> None:
    heard = Heard(team)
    team.mia.wait(20)
    assert any(re.match("Alarm: a3 .* late", line) for line in heard.became())
    for _ in range(5):
        team.mia.wait(1)
        assert not any("a3" in line for line in heard.became())
    assert any(re.match("Alarm: a3 .* late", line) for line in heard.now())


def test_a_room_where_nothing_presses_says_so(team: Team) -> None:
    mia, it = team.mia.as_("mia"), team.mia.read
    for order in team.mia.orders():
        if order.state in ("ordered", "acknowledged"):
            actions.move(mia, order, "done", "seen")
    incident.set_status(mia, it(), "closed", "over")
    update.sent(mia, it(), "customers", "It is over.", stage="resolved")
    assert Heard(team).now() == ["Nothing is late, unheard or in doubt."]


def test_another_incident_begins_anew(team: Team) -> None:
    heard = Heard(team)
    heard._mode._obey(":declare Search is slow")
    assert "Warning: no severity" in heard.take()
    heard._mode._obey(":declare Mail is slow")
    assert "Warning: no severity" in heard.take()


def test_a_dumb_terminal_gets_plain_lines_by_itself_and_one_line_says_so(tmp_path: Path) -> None:
    console = PtyConsole(tmp_path, term="dumb").start()
    try:
        console.sees("TERM is dumb: all is said in plain lines, as by opsterm --linear.", "opsterm, linear mode")
        console.send(b":declare Search is slow\n").sees("INC-1 declared", "Warning: no severity")
        console.send(b":quit\n").sees("Nothing is lost.")
        assert b"\x1b" not in console.painted
        assert console.ends() == 0
    finally:
        console.close()


def test_what_needs_a_screen_says_so_at_a_dumb_terminal(tmp_path: Path) -> None:
    console = PtyConsole(tmp_path, term="dumb").start(words=("tutorial",))
    try:
        console.sees("TERM is dumb, and this needs a screen: opsterm alone says all in plain lines.")
        assert console.ends() == 2
    finally:
        console.close()


def test_a_mark_that_another_station_gave_too_is_said_once(team: Team) -> None:
    heard = Heard(team)
    hypothesis.propose(team.mia.as_("mia"), team.mia.read(), "a full disk")
    hypothesis.propose(team.noor.as_("noor"), team.noor.read(), "a bad deploy")
    team.sync()
    assert "h4 is two now: h4a a full disk, h4b a bad deploy" in heard.became()
    assert heard.became() == []
