"""Vendors: added by a line, ordered by what is next due, and a missed notice that nobody can overlook."""

from __future__ import annotations

from collections.abc import Callable

from opsterm.board.change import Write
from opsterm.records import Run
from opsterm.registers.vendors.vendor import add_vendor, commitments_of, find_vendor, incidents_of, reviews_of
from screens.palette import Commands
from tests.support.console import Console
from tests.support.register_console import LARGE, RegisterConsole, typed

#: Notice was due on 2026-10-30 for the end of December; a day in November is too late.
MISSED = {
    "service": "mail",
    "systems": ["mail", "checkout"],
    "term_end": "2026-12-31",
    "notice": "60 days",
    "renewal": "tacit",
    "renewal_term": "12 months",
    "annual_cost": 12_000.0,
    "currency": "EUR",
    "owner": "mia",
    "tier": 1,
}


def test_a_missed_notice_stands_on_home_on_the_list_and_on_the_page_until_somebody_acts(
    context: RegisterConsole,
) -> None:
    add_vendor(context.as_(), "Calm", {"term_end": "2029-01-31", "notice": "30 days", "owner": "li"})
    add_vendor(context.as_(), "Mailer", MISSED)

    async def steps(console: Console) -> None:
        assert "late since 2026-10-30" in console.screen_text
        await console.press("V")
        shown = console.screen_text
        assert "1 renewed unseen: notice was missed" in shown
        assert "NOTICE MISSED on 2026-10-30" in shown
        assert shown.index("Mailer") < shown.index("Calm")
        await console.press("enter")
        assert console.where == "VendorPage"
        assert "NOTICE MISSED on 2026-10-30" in console.screen_text
        await console.press("d", "a")
        await console.type("the price is good")
        await console.press("enter")
        assert "Mailer goes on past 2026-12-31" in console.said
        assert "NOTICE MISSED" not in console.screen_text
        await console.press("escape")
        assert "NOTICE MISSED" not in console.screen_text

    context.run(steps)


def test_a_contract_is_one_line_and_its_days_are_worked_out(context: RegisterConsole) -> None:
    async def steps(console: Console) -> None:
        await console.press("V", "n")
        await console.type("Mailer; for mail; on mail, checkout; ends 2027-05-31; notice 3 months; renews 12 months; "
                           "costs 12,000 EUR; contacts Ann 0800; escalation Bo, Cy; @noor")  # fmt: skip
        assert (
            "Mailer: owner noor, escalation Bo + Cy, contacts Ann 0800, currency EUR, annual cost 12,000"
            in console.said
        )
        await console.press("enter")
        assert "by 2027-02-26, act by 2027-02-12" in console.screen_text
        await console.press("enter")
        for text in ("Sunday, back to the working day before", "12,000 EUR, 100% of all spend", "Bo → Cy"):
            assert text in console.screen_text
        await typed(console, "e", "costs 9000; backup li; ends soon")
        assert "'soon' is no date" in console.said
        await console.press("escape")

    context.run(steps, LARGE)
    made = find_vendor(context.scene.board, "Mailer")
    assert (made.owner, made.annual_cost, made.renewal, made.notice) == ("noor", 12_000, "tacit", "3 months")


def test_promises_are_measured_and_a_credit_is_claimed(context: RegisterConsole) -> None:
    add_vendor(context.as_(), "Mailer", MISSED)
    board = context.scene.board

    async def steps(console: Console) -> None:
        await console.press("V", "enter")
        await typed(console, "p", "99.9 % a month; percent 99.9; credit 99.9=10, 99=30")
        await typed(console, "f", "2026-10 98")
        assert "300.00 EUR can be claimed until 2026-12-31" in console.said
        await console.press("G")
        await typed(console, "l", "claimed today")
        await typed(console, "r", "two outages, both explained; outcome missed")
        await typed(console, "m", "2025 11800")
        text = console.app.screen.text  # type: ignore[attr-defined]
        for told in ("1 of 1 months missed", "credit: claimed today", "two outages", "2025: 11,800"):
            assert told in text
        await console.press("b")
        assert "Mailer: renewal" in console.screen_text
        assert "y copies it as Markdown" in console.said
        await console.press("y")

    context.run(steps)
    vendor = find_vendor(board, "Mailer")
    assert [c.percent for c in commitments_of(board, vendor)] == [99.9]
    assert [r.outcome for r in reviews_of(board, vendor)] == ["missed", "missed"]
    assert context.copied[-1].startswith("# Mailer: renewal\n\n")


def test_due_diligence_is_walked_and_concentration_is_shown(context: RegisterConsole) -> None:
    add_vendor(context.as_(), "Mailer", MISSED)

    async def steps(console: Console) -> None:
        await console.press("V", "c")
        assert "index 10,000 of 10,000, high" in console.screen_text
        assert "only Mailer serves mail" in console.screen_text
        await console.press("escape", "w")
        assert console.where == "Walkthrough"
        await console.press("escape")
        await console.press("escape") if console.where == "Walkthrough" else None
        await console.press("w")
        assert len(context.scene.board.all(Run)) == 1

    context.run(steps, LARGE)


def test_in_the_war_room_a_vendor_had_a_part(context: RegisterConsole) -> None:
    context.scene.declare("No mail leaves")

    async def steps(console: Console) -> None:
        await console.press("enter", "V")
        assert "no vendor is on record" in console.said
        add_vendor(context.as_(), "Mailer", MISSED)
        await console.press("V")
        await console.type("mai; caused no mail since 13:05")
        assert "Mailer, part caused" in console.said
        await console.press("enter")
        assert "vendor Mailer caused: no mail since 13:05" in console.said

    context.run(steps)
    board = context.scene.board
    ((incident, part),) = incidents_of(board, find_vendor(board, "Mailer"))
    assert (incident.id, part.part) == (context.scene.incident, "caused")


def offered(console: Console) -> dict[str, Callable[[], object]]:
    """What the palette offers here: words → what it does."""
    return dict(Commands(console.app.screen).commands())


def test_a_vendor_of_which_two_said_different_things_is_marked_and_the_palette_settles_it(
    context: RegisterConsole,
) -> None:
    item = add_vendor(context.as_(), "Mailer", MISSED).record
    (begun,) = (change.digest for change in context.scene.board.changes_of_record(item))
    for name in ("li", "tom"):
        context.scene.board.record(name, [Write("vendor", item, "", {"owner": name}, basis={"owner": [begun]})])

    async def steps(console: Console) -> None:
        await console.press("V")
        assert "≠ disputed: owner: li (li) or tom (tom)" in console.screen_text
        offered(console)["disputed: what people said apart, and which of it holds"]()
        await console.settled()
        assert "≠ disputed  vendor Mailer: owner" in console.screen_text
        await console.press("A")
        assert "vendor Mailer: owner is li, settled" in console.said
        await console.press("escape")
        assert "disputed" not in console.screen_text

    context.run(steps)
