"""Every register at once: empty ones teach and take no room on home; no key does nothing; no text is cut unsaid."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from opsterm.app import OpstermApp
from opsterm.demo.tutorial import STEPS, open_tutorial
from opsterm.obligations.obligation import owe
from opsterm.registers.documents.document import add_document
from opsterm.registers.systems.catalog import add_system
from opsterm.registers.teams.boundary_decision import put
from opsterm.registers.teams.dependency import need
from opsterm.registers.teams.meeting import add_ritual
from opsterm.registers.vendors.vendor import add_vendor
from screens.calendar.week_ahead import WeekAhead
from screens.keys import actions
from screens.pages.list_page import ListPage
from screens.pages.register_page import RegisterPage
from screens.registers.documents.document_page import DocumentPage
from screens.registers.documents.documents import Documents
from screens.registers.systems import Systems
from screens.registers.teams.boundary_decisions import Questions
from screens.registers.teams.dependencies import Dependencies
from screens.registers.teams.handover import Handover
from screens.registers.teams.meetings import Meetings
from screens.registers.teams.onboarding import Onboarding
from screens.registers.vendors.vendor_page import VendorPage
from screens.registers.vendors.vendors import Vendors
from tests.support.console import Console
from tests.support.keys import back_to, try_key
from tests.support.register_console import LARGE, SMALL, RegisterConsole

#: Key on home → the page.
PAGES = {
    "w": "WeekAhead",
    "V": "Vendors",
    "D": "Documents",
    "m": "Meetings",
    "t": "Dependencies",
    "r": "Onboarding",
    "s": "Systems",
}
#: Who answers the keys of a place.
ANSWERS: dict[str, type[ListPage]] = {
    actions.WEEK: WeekAhead,
    actions.VENDORS: Vendors,
    actions.VENDOR: VendorPage,
    actions.DOCUMENTS: Documents,
    actions.DOCUMENT: DocumentPage,
    actions.MEETINGS: Meetings,
    actions.DEPENDENCIES: Dependencies,
    actions.QUESTIONS: Questions,
    actions.COMING: Onboarding,
    actions.HANDOVER: Handover,
    actions.SYSTEMS: Systems,
}
#: Keys from home to each place.
WAYS = {
    actions.WEEK: ("w",),
    actions.VENDORS: ("V",),
    actions.VENDOR: ("V", "enter"),
    actions.DOCUMENTS: ("D",),
    actions.DOCUMENT: ("D", "enter"),
    actions.MEETINGS: ("m",),
    actions.DEPENDENCIES: ("t",),
    actions.QUESTIONS: ("t", "d"),
    actions.COMING: ("r",),
    actions.HANDOVER: ("r", "enter"),
    actions.SYSTEMS: ("s",),
}


@pytest.mark.parametrize("size", [SMALL, LARGE])
def test_what_is_empty_teaches_shows_only_keys_that_work_and_nothing_on_home(
    context: RegisterConsole, size: tuple[int, int]
) -> None:
    async def steps(console: Console) -> None:
        home = console.screen_text.casefold()
        assert not any(word in home for word in ("vendor", "document", "meeting", "due"))
        for key, page in PAGES.items():
            await console.press(key)
            assert console.where == page
            shown = console.screen_text
            assert "…" not in shown
            screen = console.app.screen
            if isinstance(screen, RegisterPage):
                assert screen.lesson.nothing in shown
                assert f" {screen.lesson.keys[0][0]}  " in shown
                assert "enter open" not in console.said
            else:
                assert "Nothing will hurt if nobody acts." in shown
            await console.press("q")

    context.run(steps, size)


def fill(context: RegisterConsole, more: str = "") -> None:
    """One record of everything, owned by mia."""
    session = context.as_()
    add_vendor(session, f"Mailer{more}", {"owner": "mia", "term_end": "2027-01-31", "notice": "30 days", "tier": 1})
    add_document(session, f"Restart{more}", {"owner": "mia", "path": "docs/restart.md"})
    add_ritual(session, f"Sync{more}", {"minutes": 30, "every": "week", "owner": "mia"})
    need(session, "shop", "data", f"export job{more}", {"needed_by": "2026-12-01", "owner": "mia"})
    put(session, f"one queue or two?{more}", {"decider": ["mia"], "due_on": "2026-12-01"})
    add_system(session, f"checkout{more}", {"criticality": 1, "owner": f"mia{more}"})
    owe(session, f"sign the paper{more}", "2026-11-25", owner="mia", link="https://example.org")


def test_no_key_of_a_register_does_nothing(context: RegisterConsole) -> None:
    fill(context)
    tried: list[actions.KeyAction] = []

    async def steps(console: Console) -> None:
        for place, way in WAYS.items():
            await console.press(*way)
            where = console.where
            for action in actions.of(place):
                if action.name in ("step_back", "leave") or action in tried:
                    continue
                tried.append(action)
                await try_key(console, action, action.keys[0])
                if console.where != where or console.prompt.question is not None or console.prompt.choosing:
                    await back_to(console, where)
                console.prompt.flash("")
            await back_to(console, "Home")

    context.run(steps)


@pytest.mark.parametrize("place", ANSWERS)
def test_every_action_of_a_register_is_answered_by_one_key_of_its_own(place: str) -> None:
    moving = {key for action in actions.of(actions.LISTS) for key in action.keys}
    keys = [key for action in actions.of(place) for key in action.keys]
    assert [a.name for a in actions.of(place) if not hasattr(ANSWERS[place], f"action_{a.method}")] == []
    assert len(keys) == len(set(keys))
    assert not moving & set(keys)


def test_help_lists_the_keys_and_the_words_of_a_register(context: RegisterConsole) -> None:
    async def steps(console: Console) -> None:
        await console.press("V", "?")
        told = console.app.screen.text  # type: ignore[attr-defined]
        assert all(action.words in told for action in actions.of(actions.VENDORS))
        assert "leaving costs" in told

    context.run(steps)


HOSTILE = "[@click=app.bell()]\x1b]52;c;eA==\x07[/log] \u202e100 %\nx"


def test_text_of_others_is_shown_and_never_obeyed(context: RegisterConsole) -> None:
    fill(context, HOSTILE)

    async def steps(console: Console) -> None:
        for way in WAYS.values():
            await console.press(*way)
            shown = console.screen_text
            assert "[@click=app.bell()]" in shown
            assert not {"\x1b", "\x07", "\u202e"} & set(shown)
            await back_to(console, "Home")

    context.run(steps, LARGE)


def test_the_tutorial_leads_to_the_week_and_to_a_register(tmp_path: Path) -> None:
    async def steps() -> None:
        with open_tutorial(tmp_path, ticking=lambda: 0.0) as board:
            board.remember("tutorial", str([step.name for step in STEPS].index("week ahead")))
            app = OpstermApp(board, "mia", tutorial=True)
            async with app.run_test(size=SMALL) as pilot:
                console = Console(app, pilot)
                await console.press("q", "w")
                app._guide.look()  # type: ignore[union-attr]
                await console.press("escape", "V")
                app._guide.look()  # type: ignore[union-attr]
                await pilot.pause()
                assert board.recall("tutorial") == str([step.name for step in STEPS].index("keys"))
                assert "press ? for the keys" in console.screen_text

    asyncio.run(steps())
