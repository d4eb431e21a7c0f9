"""Documents: how far each can be trusted stands before what it says."""

from __future__ import annotations

from pathlib import Path

from opsterm.incidents.incident import set_services
from opsterm.records import Reading, Verification
from opsterm.registers.documents.document import add_document, find_document, kept_text
from tests.support.console import Console
from tests.support.register_console import LARGE, RegisterConsole, typed


def test_a_document_is_recorded_kept_verified_and_its_path_copied(context: RegisterConsole, tmp_path: Path) -> None:
    (tmp_path / "restart.md").write_text("# Restart\n\nStop the pool first.\n", encoding="utf-8")

    async def steps(console: Console) -> None:
        await console.press("D")
        await typed(console, "n", "Restart of checkout; at docs/restart.md; on checkout; kind runbook; critical")
        assert "nobody ever followed it" in console.screen_text
        assert "To follow this week" in console.screen_text
        await typed(console, "t", str(tmp_path / "restart.md"))
        await console.press("y", "enter")
        shown = console.screen_text
        assert shown.index("likely stale; verified never") < shown.index("Stop the pool first.")
        assert "As it was on 2026-11-24" in shown
        await typed(console, "w", "step 2 is gone")
        assert "a reader found it wrong: step 2 is gone" in console.screen_text
        await typed(console, "v", "steps 1 to 3 on db-2; result fixed; by drill")
        assert "0% likely stale; verified 2026-11-24" in console.screen_text
        await console.press("escape")
        assert "All others" not in console.screen_text

    context.run(steps)
    board = context.scene.board
    assert context.copied == ["docs/restart.md"]
    document = find_document(board, "Restart")
    assert (document.wrong, document.critical) == ("", True)
    assert kept_text(board, document) is not None
    (verified,) = board.all(Verification)
    assert (verified.method, verified.result, verified.text) == ("drill", "fixed", "steps 1 to 3 on db-2")


def test_in_an_incident_the_documents_of_its_systems_open_and_that_is_no_act_to_undo(context: RegisterConsole) -> None:
    add_document(context.as_(), "Restart of checkout", {"systems": ["checkout"], "path": "docs/restart.md"})
    add_document(context.as_(), "Mail rota", {"systems": ["mail"]})
    context.scene.declare("Checkout fails")
    set_services(context.as_(), context.scene.read(), ["checkout"])

    async def steps(console: Console) -> None:
        await console.press("enter")
        await console.say("errors rise")
        await console.press("D")
        assert "Restart of checkout" in console.screen_text
        assert "Mail rota" not in console.screen_text
        await console.press("enter")
        assert "95% likely stale" in console.screen_text
        await console.press("escape", "escape", "u")
        assert "errors rise" in console.said

    context.run(steps, LARGE)
    (reading,) = context.scene.board.all(Reading)
    assert reading.incident == context.scene.incident
