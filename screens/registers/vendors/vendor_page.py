"""One contract in full: its days and how they were found, its price, what was promised and missed, whom to reach."""

from __future__ import annotations

from opsterm.calendar.due import next_due
from opsterm.core.calendar_dates import team_holidays
from opsterm.obligations.obligation import start_of
from opsterm.records.instant import Instant
from opsterm.registers.vendors.vendor import Contract, register
from screens.console import ConsoleContext
from screens.keys.actions import VENDOR, bindings
from screens.pages.rows import fixed
from screens.registers.vendors.contract_lines import page_rows
from screens.registers.vendors.vendor_actions import VendorActs
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class VendorPage(VendorActs):
    """One contract."""

    BINDINGS = bindings(VENDOR)
    place = VENDOR
    none_chosen = "this contract is no longer on the board"

    def __init__(self, context: ConsoleContext, record: str) -> None:
        super().__init__(context)
        self.record = record

    def read(self, now: Instant) -> None:
        board, today, holidays = self.context.board, self.today, team_holidays()
        contracts = register(board, today, holidays).contracts
        self.contract = next((c for c in contracts if c.vendor.id == self.record), None)
        self.due = next_due(board, start_of(today), holidays).get(self.record)

    def heading(self, now: Instant) -> str:
        if self.contract is None:
            return "Vendor"
        vendor = self.contract.vendor
        return f"{vendor.name}{f' {SIGNS.dot} {vendor.service}' if vendor.service else ''}"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        if self.contract is None:
            return [fixed(())]
        return page_rows(self.context.board, self.contract, self.due, self.today, columns)

    @property
    def here(self) -> Contract | None:
        return self.contract
