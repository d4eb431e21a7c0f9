"""Vendors: every contract by what is next due of it; what renewed itself unseen stands on top until somebody acts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from opsterm.calendar.due import next_due
from opsterm.core.calendar_dates import team_holidays
from opsterm.core.session import Outcome, Session
from opsterm.obligations.obligation import start_of
from opsterm.records.instant import Instant
from opsterm.registers.vendors.vendor import Contract, add_vendor, register
from screens.keys.actions import VENDORS, bindings
from screens.pages.choosing import on_chosen
from screens.pages.register_page import Lesson
from screens.pages.rows import fixed, folded
from screens.registers.vendors.contract_lines import brief_rows, first_line, unseen
from screens.registers.vendors.vendor_actions import VendorActs
from screens.widgets.cells import Cell, Line
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class Vendors(VendorActs):
    """The list, the selected contract with its days."""

    BINDINGS = bindings(VENDORS)
    place = VENDORS
    none_chosen = "no vendor here: n records one"
    lesson = Lesson(
        "No vendor yet.",
        (
            ("n", "record one: Mailer; for mail delivery; on mail, checkout; ends 2027-05-31; notice 3 months; "
             "renews 12 months; costs 12000 EUR; @noor"),
            ("", "its last day of notice, and the time to compare before it, are worked out from these and owed"),
            ("", "opsterm vendor import FILE.csv  takes a list"),
        ),
    )  # fmt: skip

    # --- what it shows

    def read(self, now: Instant) -> None:
        board, today, holidays = self.context.board, self.today, team_holidays()
        found = register(board, today, holidays)
        self.due = next_due(board, start_of(today), holidays) if found.contracts else {}
        self.contracts: Sequence[Contract] = sorted(found.contracts, key=self._order)
        self.told = (*found.warnings, *found.concentration.warnings)
        self.unseen = [contract for contract in self.contracts if unseen(contract)]

    def _order(self, contract: Contract) -> tuple[bool, bool, str, str]:
        due = self.due.get(contract.vendor.id)
        by = (due.due_at if due else "") or "9999"
        return not unseen(contract), not contract.term.in_force, by, contract.vendor.name.casefold()

    def heading(self, now: Instant) -> str:
        if self.unseen:
            return f"Vendors {SIGNS.dot} {SIGNS.alarm} {len(self.unseen)} renewed unseen: notice was missed"
        late = sum(due.late for due in self.due.values())
        return f"Vendors {SIGNS.dot} {late} late" if late else "Vendors"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if not self.contracts:
            return self.rows_of_nothing(columns)
        rows = [fixed(())]
        here = self.lines.selected or self.contracts[0].vendor.id
        for contract in self.contracts:
            key = contract.vendor.id
            rows.append(Row(key, partial(self._first, contract)))
            if alarm := unseen(contract):
                rows += folded(key, Cell("    ", "alarm"), alarm, columns, tone="alarm")
            if key == here:
                rows += brief_rows(contract, self.due.get(key), columns)
        for text in self.told:
            rows += [fixed(()), *folded("", Cell(f"{SIGNS.alarm} ", "warn"), text, columns, tone="warn")]
        return rows

    def _first(self, contract: Contract, columns: int, now: Instant) -> Line:
        return first_line(contract, self.due.get(contract.vendor.id), self.today, columns)

    # --- what it does

    def listed(self) -> dict[str, Contract]:
        return {contract.vendor.id: contract for contract in self.contracts}

    @on_chosen
    def action_open(self, found: Contract) -> None:
        from screens.registers.vendors.vendor_page import VendorPage

        self.app.push_screen(VendorPage(self.context, found.vendor.id))

    def action_new(self) -> None:
        example = "Mailer; on mail; ends 2027-05-31; notice 3 months; @noor"
        self.ask_words("new vendor", example, self.words, _add, named=True)

    def action_concentration(self) -> None:
        from screens.registers.vendors.concentration import concentration_page

        self.app.push_screen(
            concentration_page(self.context, register(self.context.board, self.today, team_holidays()))
        )


def _add(session: Session, name: str, fields: dict[str, Any]) -> Outcome:
    return add_vendor(session, name, {"owner": session.person, **fields})
