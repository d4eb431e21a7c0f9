"""Coming, leaving, and the catalog of systems."""

from __future__ import annotations

from opsterm.records import Deployment, Document, Person, Vendor
from opsterm.registers.documents.document import add_document
from opsterm.registers.vendors.vendor import add_vendor
from tests.support.console import Console
from tests.support.register_console import LARGE, RegisterConsole, typed


def test_a_newcomer_has_milestones_and_a_map(context: RegisterConsole) -> None:
    async def steps(console: Console) -> None:
        await console.press("r")
        await typed(console, "n", "ada; from 2026-11-09; buddy noor; team payments")
        assert "1 new" in console.screen_text
        assert "ada: the checklist 'First week' is done" in console.screen_text
        await console.press("j")
        await typed(console, "space", "walked it with noor")
        assert "done 2026-11-24, after 11 working days" in console.screen_text
        await console.press("m")
        assert "Nothing on record yet." in console.screen_text

    context.run(steps)


def test_all_that_a_person_owns_is_passed_on_in_one_act_and_taken_back(context: RegisterConsole) -> None:
    add_vendor(context.as_(), "Mailer", {"owner": "noor"})
    add_document(context.as_(), "Restart", {"owner": "noor"})
    board = context.scene.board

    async def steps(console: Console) -> None:
        await console.press("r", "enter")
        shown = console.screen_text
        assert "What noor owns · 3" in shown
        assert "Mailer" in shown
        assert "Restart" in shown
        await typed(console, "o", "li")
        assert {v.owner for v in board.all(Vendor)} == {d.owner for d in board.all(Document)} == {"li"}
        assert board.all(Person)[0].heir == "li"
        await console.press("u")
        assert board.all(Vendor)[0].owner == "noor"
        await typed(console, "s", "ben")
        await console.press("escape")
        assert "ben" in console.screen_text

    context.run(steps, LARGE)
    assert board.all(Vendor)[0].owner == "ben"


def test_the_catalog_shows_what_hangs_on_what_and_who_alone_acted(context: RegisterConsole) -> None:
    session = context.as_()
    session.create(Deployment, "", {"title": "web 1", "systems": ["database"], "state": "done", "owner": "kai"})

    async def steps(console: Console) -> None:
        await console.press("s")
        await typed(console, "n", "checkout; team payments; critical 1; needs database, mail")
        await typed(console, "n", "database; critical 2")
        shown = console.screen_text
        assert "2, 2 critical" in shown
        assert "only kai ever acted on it" in shown
        assert "checkout depends on mail, not in the catalog" in shown
        await console.press("enter")
        assert "checkout, critical" in console.screen_text

    context.run(steps)
