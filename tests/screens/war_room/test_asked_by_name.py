"""What is asked of one person by name: on the line of every room, and on home; and who said what, on the panes."""

from __future__ import annotations

import json

import pytest

from opsterm.exchange.file_format import parse
from opsterm.exchange.importing import import_incident
from opsterm.incidents import actions, incident
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.template import import_text
from opsterm.records import Incident, Role, Run, Step
from screens.home.home import IncidentLines
from tests.support.cases import case
from tests.support.console import Console, Scene, at_console

FAILOVER = "# Failover\n\n- [ ] Name the replica\n- [ ] Say that it is complete\n"
ASKED = "noor asks you step 2 of Failover"


def ask_in_another_incident(scene: Scene) -> None:
    """noor reads step 2 aloud in an incident of hers, in which mia scribes."""
    noor = scene.as_("noor")
    import_text(noor, FAILOVER, "failover")
    other = scene.one(Incident, incident.declare(noor, "Mail is late").record)
    incident.give_role(scene.as_("mia"), other, "mia", "scribe")
    run = scene.one(Run, checklist.begin(noor, other.id, "Failover").record)
    checklist.ask(noor, next(step for step in checklist.steps_of(noor, run) if step.label == "2"))


def dismiss_until(console: Console, text: str) -> None:
    line = console.war_room.notice_line
    while line.shown is not None and text not in line.shown.text:
        line.dismiss()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
def test_a_step_asked_aloud_elsewhere_stands_on_home_and_enter_opens_it(scene: Scene, size: tuple[int, int]) -> None:
    async def steps(console: Console) -> None:
        assert console.where == "Home"
        assert ASKED in console.screen_text
        assert "For you" in console.screen_text
        lines = console.app.screen.query_one(IncidentLines)
        lines.select(next(row.key for row in lines.rows if row.key.startswith("asked:")))
        await console.press("enter")
        assert console.where == "Walkthrough"
        assert "noor asks: say what you see, and answer" in console.screen_text
        await console.press("space", "escape")
        await console.pilot.pause()
        assert ASKED not in console.screen_text
        (answered,) = [step for step in scene.board.all(Step) if step.state == "done"]
        assert (answered.label, answered.state_by, answered.asked_by) == ("2", "mia", "noor")

    ask_in_another_incident(scene)
    at_console(scene, steps, size=size)


def test_what_is_asked_while_one_is_on_home_leaves_enter_what_it_was(scene: Scene) -> None:
    scene.declare("Search is slow", by="li")
    first = scene.board.all(Incident)[0].id

    async def steps(console: Console) -> None:
        lines = console.app.screen.query_one(IncidentLines)
        assert lines.selected == first
        ask_in_another_incident(scene)
        await console.notice()
        console.app.screen.on_screen_resume()  # type: ignore[attr-defined]
        await console.pilot.pause()
        assert ASKED in console.screen_text
        assert lines.selected == first

    at_console(scene, steps)


def test_a_step_asked_aloud_elsewhere_reaches_me_in_this_room(scene: Scene) -> None:
    ask_in_another_incident(scene)

    async def steps(console: Console) -> None:
        console.app.open_incident(scene.incident)
        await console.pilot.pause()
        console.war_room.notice_line.read()
        dismiss_until(console, "asks you")
        await console.pilot.pause()
        assert f"{ASKED} (INC-2): Say that it is complete" in console.head
        await console.act("accept")
        assert console.where == "Walkthrough"
        assert "Say that it is complete" in console.screen_text

    at_console(scene, steps)


def test_who_is_given_a_role_is_told_there_and_on_home_and_says_that_they_know(scene: Scene) -> None:
    incident.give_role(scene.as_("mia"), scene.read(), "Kim", "scribe")
    scene.declare("Mail is late", by="noor")
    first = scene.board.all(Incident)[0].id

    async def steps(console: Console) -> None:
        assert "INC-1 you are the scribe, given by mia" in console.screen_text
        console.app.open_incident(first)
        await console.pilot.pause()
        console.war_room.notice_line.read()
        dismiss_until(console, "you are")
        await console.pilot.pause()
        assert "you are the scribe, given by mia" in console.head
        await console.act("accept")
        assert "you are the scribe" not in console.head
        role = next(role for role in scene.board.all(Role, first) if role.role == "scribe")
        assert role.known == role.name_since

    async def of_another(console: Console) -> None:
        assert "you are the scribe" not in console.screen_text

    at_console(scene, of_another, person="noor")
    at_console(scene, steps, person="kim")
    at_console(scene, of_another, person="kim")


def test_a_result_by_another_says_so_on_its_row_and_its_page(scene: Scene) -> None:
    actions.move(scene.as_("mia"), scene.orders()[1], "done", "capped")

    async def steps(console: Console) -> None:
        assert "done by mia" in console.screen_text
        pane = console.war_room.actions_pane
        assert "(done by mia: capped)" in pane.text_of(scene.orders()[1].id)
        console.war_room._push(console.war_room._page_of(scene.orders()[1].id), "")
        await console.pilot.pause()
        assert "done by mia" in console.screen_text

    at_console(scene, steps)


def test_a_line_that_names_nobody_is_nobodys_on_the_pane(empty: Scene) -> None:
    empty.board.remember("person", "mia")
    import_incident(empty.as_("mia"), parse(json.dumps(json.loads(case("import-commander.json"))).encode()))

    async def steps(console: Console) -> None:
        console.app.open_incident("ex-1")
        await console.pilot.pause()
        assert "commander kim" in console.head
        await console.press("6")
        line = next(line for line in console.screen_text.splitlines() if "queue grows" in line)
        assert "mia" not in line
        assert "· queue grows" in line

    at_console(empty, steps)
