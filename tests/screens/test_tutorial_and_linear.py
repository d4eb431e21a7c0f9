"""The tutorial sees what was done, and goes on where it was left; the linear mode says all in plain lines."""

from __future__ import annotations

import asyncio
import io
from datetime import UTC
from pathlib import Path

from opsterm.app import OpstermApp
from opsterm.board.change import Write
from opsterm.command.related_incidents import fold_into
from opsterm.demo.tutorial import STEPS, Tutorial, open_tutorial
from opsterm.incidents.incident import declare
from opsterm.incidents.timeline import observe
from opsterm.records import Incident
from screens.linear import Linear
from screens.widgets.bar import Bar
from screens.widgets.bell import Bell
from screens.widgets.symbols import SIGNS
from tests.support.console import Console, Scene


def guide(console: Console) -> str:
    console.app._guide.look()  # type: ignore[union-attr]
    return console.app.screen.query_one("#guide", Bar).text


def test_each_step_is_seen_to_be_done_and_it_goes_on_where_it_was_left(tmp_path: Path) -> None:
    async def first() -> None:
        with open_tutorial(tmp_path, ticking=lambda: 0.0) as board:
            app = OpstermApp(board, "mia", tutorial=True)
            async with app.run_test(size=(120, 36)) as pilot:
                console = Console(app, pilot)
                await pilot.pause()
                guide(console)
                await pilot.pause()
                assert f"1 of {len(STEPS)}" in guide(console)
                await console.press("6")
                assert f"{SIGNS.done} look" in guide(console)
                await console.say("CPU at 100 % everywhere")
                assert "press h" in guide(console)
                await console.press("h")
                await console.type("a rule burns the CPU")
                await console.press("enter")
                assert f"4 of {len(STEPS)}" in guide(console)
                await console.press("f2")
                assert f"5 of {len(STEPS)}" in guide(console)

    async def second() -> None:
        with open_tutorial(tmp_path, ticking=lambda: 0.0) as board:
            course = Tutorial(board, "mia")
            assert course.step.name == STEPS[4].name
            assert any("CPU at 100" in m.text for m in board.moments(course.incident))

    asyncio.run(first())
    asyncio.run(second())
    with open_tutorial(tmp_path, again=True, ticking=lambda: 0.0) as board:
        assert Tutorial(board, "mia").place == 0


def linear(scene: Scene, typed: str) -> list[str]:
    out = io.StringIO()
    Linear(scene.board, "mia", UTC, read=io.StringIO(typed), write=out).run()
    return out.getvalue().splitlines()


def test_the_linear_mode_takes_the_capture_language_and_says_what_it_did(scene: Scene) -> None:
    said = "\n".join(
        linear(scene, "errors fall\n! @kai watch it in 5m\n:orders\n:hyp\n:brief\n:undo\n:nonsense\n:quit\n")
    )
    assert "INC-1: Checkout fails for some card payments in the EU" in said
    assert "a4 ordered kai" in said
    assert "a2, noor, acknowledged, late 9m: cap the report job at 10 connections" in said
    assert "h1, eliminated: web 413 broke tokens: rolled back, still failing" in said
    assert "Ruled out, and why:" in said
    assert "undone" in said
    assert "There is no command 'nonsense'." in said
    assert said.endswith("Nothing is lost.")


def test_the_linear_mode_says_what_is_mistyped_what_is_only_begun_and_what_lies_ahead(scene: Scene) -> None:
    said = linear(scene, "h9 eliminated never\n!\n2031-01-01T00:00Z all quiet\n:timeline 1\n")
    assert "> on the timeline. Warning: no h9 here (h1 h2 h3): logged as text" in said
    assert "> Nothing to record yet: ! : @who what in 10m" in said
    assert any("lies ahead: give a time up to now" in line for line in said)
    assert any(line.endswith("mia, observation: h9 eliminated never") for line in said)


def test_the_linear_mode_asks_when_it_was_mitigated_and_adds_up_what_came_back(scene: Scene) -> None:
    said = linear(scene, "#monitoring\n#mitigated\n#investigating again\n:status\n")
    assert any(
        "INC-1 is monitoring. Warning: was it mitigated when it was monitoring? say #mitigated" in x for x in said
    )
    assert "Warning" not in said[said.index("> INC-1 mitigated at 13:47 UTC")]
    assert "sev2, investigating, hurt for 42m in two spells (42m, then 0s) so far" in said


def test_the_linear_mode_says_what_others_did_and_sends_no_escapes(scene: Scene) -> None:
    out = io.StringIO()
    mode = Linear(scene.board, "mia", UTC, read=io.StringIO(""), write=out)
    mode.run()
    observe(scene.as_("noor"), scene.read(), "queue \x1b]52;c;aGk=\x07 empties")
    mode._data_version = -1
    mode._tell_news()
    assert "13:47 noor, observation: queue" in out.getvalue()
    assert "\x1b" not in out.getvalue()
    assert "\x07" not in out.getvalue()


def test_the_linear_mode_goes_along_to_the_incident_that_this_one_is_folded_into(scene: Scene) -> None:
    first = scene.read()
    second = declare(scene.as_("noor"), "Mail is late").record
    out = io.StringIO()
    mode = Linear(scene.board, "mia", UTC, read=io.StringIO(":open INC-2\n"), write=out)
    mode.run()
    fold_into(scene.as_("noor"), scene.one(Incident, second), first)
    mode._data_version = -1
    mode._tell_news()
    assert "INC-2 was folded into INC-1 by noor: you are in INC-1 now" in out.getvalue()
    assert mode._incident == first.id


def test_the_linear_mode_says_what_is_disputed(scene: Scene) -> None:
    for name, word in (("li", "by link"), ("tom", "by phone")):
        scene.board.record(name, [Write("incident", scene.incident, "", {"commander": name}, basis={})])
        fields = {"workaround": word}
        scene.board.record(name, [Write("incident", scene.incident, "", fields, basis={})])
    said = "\n".join(linear(scene, ":status\n:now\n"))
    assert "Command: mia / li / tom?" in said
    assert "Who commands?" in said
    assert "disputed: workaround:" in said


def test_an_empty_board_says_how_to_declare(empty: Scene) -> None:
    said = "\n".join(linear(empty, "hello\n:declare Web is down\n:status\n"))
    assert ":declare and a title" in said
    assert "INC-1: Web is down" in said


def test_the_bell_rings_once_for_an_alarm_and_a_key_switches_it_off(scene: Scene) -> None:
    from opsterm.incidents.notice import Notice

    rung: list[int] = []

    async def run() -> None:
        async with scene.console() as console:
            console.app.bell = lambda: rung.append(1)  # type: ignore[method-assign]
            ringing = Bell(console.app.board)
            alarm = [Notice("no commander", "no commander for 6m", "alarm")]
            ringing.hear(console.app, "INC-1", [Notice("span:1", "six report to you", "warning")])
            assert rung == []
            ringing.hear(console.app, "INC-1", alarm)
            ringing.hear(console.app, "INC-1", alarm)
            assert rung == [1]
            ringing.hear(console.app, "INC-1", [])
            await console.press("M")
            assert "the bell is off" in console.said
            ringing.hear(console.app, "INC-1", alarm)
            assert rung == [1]

    asyncio.run(run())
