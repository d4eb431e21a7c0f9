"""Home and the walkthrough."""

from __future__ import annotations

from tests.support.console import CHECKOUT, Console, Scene, at_console


def test_a_first_run_asks_for_a_name_on_one_line_and_can_be_left(empty: Scene) -> None:
    async def steps(console: Console) -> None:
        assert "No incident yet" in console.screen_text
        assert "your name" in console.screen_text
        await console.press("escape")
        assert empty.board.recall("person") == "mia"

    async def again(console: Console) -> None:
        assert "your name" not in console.screen_text

    at_console(empty, steps)
    at_console(empty, again)


def test_a_title_and_enter_declare(empty: Scene) -> None:
    empty.board.remember("person", "mia")

    async def steps(console: Console) -> None:
        await console.press("n")
        await console.type("Search returns nothing")
        assert "mia is in command" in console.said
        await console.press("enter")
        assert console.where == "WarRoom"
        assert "Search returns nothing" in console.head
        assert "commander mia" in console.head
        for taught in ("h  say what could explain this", "o  order a task", "m  write to", "c  pick one", "# impact"):
            assert taught in console.screen_text

    at_console(empty, steps)


def test_home_tells_each_incidents_truth_in_a_line_and_filters(scene: Scene) -> None:
    scene.declare("搜索服务返回空结果 🔥")

    async def steps(console: Console) -> None:
        assert console.where == "Home"
        shown = console.screen_text
        for text in (CHECKOUT, "SEV2", "commander mia", "▲ 1 late", "next word to customers", "搜索服务返回空结果"):
            assert text in shown
        await console.press("/")
        await console.type("checkout")
        await console.press("enter")
        assert "搜索" not in console.screen_text
        await console.press("enter")
        assert console.where == "WarRoom"

    at_console(scene, steps)


def test_incidents_that_are_over_stand_under_recent(scene: Scene) -> None:
    from opsterm.incidents.incident import set_status

    set_status(scene.as_("mia"), scene.read(), "resolved")

    async def steps(console: Console) -> None:
        assert "Nothing runs." in console.screen_text
        assert "resolved 0s ago" in console.screen_text

    at_console(scene, steps)


def test_a_removal_is_told_for_a_day_and_two_enters_take_it_back(empty: Scene) -> None:
    from opsterm.board.undo import Undo
    from opsterm.incidents.incident import declare
    from opsterm.records import Incident

    empty.board.remember("person", "mia")
    undo = Undo(empty.board)
    declare(empty.as_("ben"), "Search returns nothing")
    undo.undo("ben")

    async def steps(console: Console) -> None:
        assert "Removed" in console.screen_text
        assert "by ben 0s ago" in console.screen_text
        await console.press("G", "enter")
        assert "enter brings it back whole" in console.said
        await console.press("escape")
        assert empty.board.all(Incident) == []
        await console.press("enter", "enter")
        assert "INC-1 is back" in console.said
        assert [item.title for item in empty.board.all(Incident)] == ["Search returns nothing"]
        assert "Removed" not in console.screen_text

    async def after_a_day(console: Console) -> None:
        assert "Removed" not in console.screen_text

    at_console(empty, steps)
    undo.undo("ben")
    declare(empty.as_("ben"), "Again")
    undo.undo("ben")
    empty.clock.ms += 25 * 3600 * 1000
    at_console(empty, after_a_day)
