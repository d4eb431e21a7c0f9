"""In the war room: which vendor had a part in the incident, in one line."""

from __future__ import annotations

from opsterm.core.session import Outcome, Session
from opsterm.records import Vendor
from opsterm.registers.entry_line import INVOLVED, in_words, read
from opsterm.registers.vendors import vendor
from screens.pages.console_screen import until_typed
from screens.pages.incident_screen import IncidentScreen


def ask_vendor(screen: IncidentScreen) -> None:
    """Asks which vendor, and what it did."""
    board = screen.context.board
    known = [item.name for item in board.all(Vendor) if not item.ended]
    if not known:
        screen.prompt.flash("no vendor is on record: q, then V and n record one")
        return
    some = ", ".join(sorted(dict.fromkeys(known), key=str.casefold)[:4])

    def words(line: str) -> str:
        name, fields = read(line, INVOLVED, named=True)
        return ", ".join(filter(None, (vendor.find_vendor(board, name).name, in_words(fields) or "involved")))

    def involve(session: Session, line: str) -> Outcome:
        name, fields = read(line, INVOLVED, named=True)
        return vendor.involve(session, screen.snapshot.incident, vendor.find_vendor(board, name), **fields)

    teaching = f"{known[0]}; caused no mail since 13:05, or involved   ({some})"
    screen.ask("vendor", until_typed(teaching, words), involve, key=f"vendor:{screen.incident}")
