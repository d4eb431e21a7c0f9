"""The week ahead: what will hurt, by owner, acted on by key."""

from __future__ import annotations

from opsterm.obligations.obligation import owe
from opsterm.records import Document, Obligation, Verification
from opsterm.registers.documents.document import add_document
from opsterm.registers.vendors.vendor import add_vendor
from screens.calendar.week_ahead import WeekAhead
from tests.support.console import Console
from tests.support.register_console import LARGE, RegisterConsole, typed


def test_each_line_is_acted_on_by_key_and_what_does_not_fit_is_named(context: RegisterConsole) -> None:
    for n in range(8):
        owe(context.as_(), f"task {n}", "2026-11-26", owner="noor")
    told = owe(context.as_(), "sign the paper", "2026-11-27", owner="mia", hard_at="2026-11-27", missed="it lapses")
    owe(context.as_(), "far away", "2027-11-27", owner="mia")
    board = context.scene.board

    async def steps(console: Console) -> None:
        await console.press("w")
        shown = console.screen_text
        assert "The week ahead · 2026-11-24 to 2026-11-30" in shown
        assert shown.index("mia") < shown.index("noor")
        assert "12 h over, 6 left out. What goes?" in shown
        assert "far away" not in shown
        assert "it lapses" in shown
        await typed(console, "space", "signed, in the safe")
        assert "sign the paper" not in console.screen_text
        await typed(console, "s", "2w the office is closed")
        await console.press("f")
        assert "Nothing of yours will hurt if nobody acts." in console.screen_text
        await console.press("y")

    context.run(steps)
    done = board.get(Obligation, told.record)
    assert done is not None
    assert (done.state, done.evidence) == ("done", "signed, in the safe")
    assert [item.state_why for item in board.all(Obligation) if item.state == "snoozed"]
    assert context.copied[-1].startswith("# 2026-11-24 to 2026-11-30")


def test_what_a_register_owes_is_opened_and_a_review_that_is_done_verifies(context: RegisterConsole) -> None:
    add_document(context.as_(), "Restart", {"owner": "mia", "verified_at": "2026-01-02", "sort": "runbook"})
    add_vendor(context.as_(), "Mailer", {"owner": "mia", "term_end": "2026-12-31", "notice": "30 days", "tier": 3})
    board = context.scene.board

    async def steps(console: Console) -> None:
        await console.press("w")
        while "Restart" not in _selected(console):
            await console.press("j")
        await console.press("enter")
        assert console.where == "DocumentPage"
        await console.press("escape")
        await typed(console, "space", "followed it on db-2")
        assert "verified" in console.said
        await console.press("g")
        while "Mailer" not in _selected(console):
            await console.press("j")
        await console.press("enter")
        assert console.where == "VendorPage"
        await console.press("escape", "l")
        assert "30 days ahead" in console.screen_text

    context.run(steps, LARGE)
    assert board.all(Document)[0].verified_at.startswith("2026-11-24")
    assert [v.text for v in board.all(Verification)] == ["followed it on db-2"]


def _selected(console: Console) -> str:
    page = console.app.screen
    assert isinstance(page, WeekAhead)
    return next(d.obligation.what for d in page.due if d.obligation.id == page.lines.selected)
