"""In the war room: which vendor had a part in the incident, in one line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opsterm.core.session import Outcome
from opsterm.records import Vendor
from opsterm.registers.entry_line import INVOLVED, in_words, read
from opsterm.registers.vendors import vendor
from screens.widgets.prompt import Question

if TYPE_CHECKING:
    from screens.war_room.war_room import WarRoom


def ask_vendor(screen: WarRoom) -> None:
    """Asks which vendor, and what it did."""
    board = screen.context.board
    known = [item.name for item in board.all(Vendor) if not item.ended]
    if not known:
        screen.prompt.flash("no vendor is on record: q, then V and n record one")
        return
    key = f"vendor:{screen.incident}"
    some = ", ".join(sorted(dict.fromkeys(known), key=str.casefold)[:4])

    def words(line: str) -> str:
        if not line.strip():
            return f"{known[0]}; caused no mail since 13:05, or involved   ({some})"
        name, fields = read(line, INVOLVED, named=True)
        return ", ".join(filter(None, (vendor.find_vendor(board, name).name, in_words(fields) or "involved")))

    def done(line: str) -> bool:
        if line.strip():
            name, fields = read(line, INVOLVED, named=True)
            found = vendor.find_vendor(board, name)
            told: Outcome = vendor.involve(screen.session, screen.snapshot.incident, found, **fields)
            screen.done(told)
        return True

    screen.prompt.ask(
        Question(prompt="vendor", words=words, done=done, keep=lambda line: board.keep_draft(key, line)),
        board.draft(key),
    )
