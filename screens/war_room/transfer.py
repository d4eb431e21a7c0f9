"""Transfer of command: a successor is named, reads the brief that writes itself, and says yes; then it is announced.

Until the firm yes the outgoing commander stays in command.
"""

from __future__ import annotations

from collections.abc import Mapping

from opsterm.board.news import News
from opsterm.command.transfer import announcement, brief, offer_of
from opsterm.core.session import Outcome, Rejected, Session, person_name
from opsterm.core.thresholds import load_settings
from opsterm.incidents import incident as incidents
from opsterm.records.instant import Instant
from opsterm.records.person_name import same_person
from screens.console import ConsoleContext
from screens.keys.actions import ASKED, TRANSFER, bindings
from screens.pages.incident_page import IncidentPage
from screens.pages.rows import fixed, flowing, folded, heading, warned
from screens.widgets.cells import Cell
from screens.widgets.durations import age, span
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: So many of the timeline's last lines are read for the brief's history.
_LINES = 2000


class Transfer(IncidentPage):
    """Where command stands, which key says what, and under it the brief."""

    BINDINGS = bindings(TRANSFER)
    place = TRANSFER

    def __init__(self, context: ConsoleContext, incident: str) -> None:
        super().__init__(context, incident)
        self.limits = load_settings().thresholds

    # --- what it shows

    def heading(self, now: Instant) -> str:
        return f"Command {SIGNS.dot} {self.snapshot.incident.mark} {self.snapshot.incident.title}"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows = [fixed(()), *self._stands(columns, now), *self._next(columns, now)]
        for section in brief(self.snapshot, self.context.board.moments(self.incident, last=_LINES), now):
            rows += heading(section.title)
            for text in section.lines:
                rows += folded(
                    "", Cell("  "), text, columns, tone="muted" if text in ("none", "not written yet") else ""
                )
        return rows

    def _stands(self, columns: int, now: Instant) -> list[Row]:
        of = self.snapshot.incident
        if not of.commander:
            since = age(of.commander_since or of.declared_at or of.at, now)
            return [fixed((Cell(f"{SIGNS.alarm} Nobody is in command for {since}.", "alarm"),))]
        who = Cell(self.snapshot.in_command, "strong")
        return [fixed((who, Cell(f" is in command for {age(of.commander_since, now)}.")))]

    def _next(self, columns: int, now: Instant) -> list[Row]:
        """What this person can do about it, in one line."""
        of, me = self.snapshot.incident, self.context.person
        offer = offer_of(of, now, self.limits)
        if offer is None:
            keys = [("o", "name a successor, who reads this brief and says yes")]
            keys = keys if same_person(of.commander, me) else [("t", "take command at once"), *keys]
            return _keys(keys, columns)
        if offer.expired:
            told = f"{offer.to} did not answer within {self.limits.offer_minutes} min: the offer has expired."
            return [
                *warned([told], columns),
                *_keys([("o", "offer it again, or to another"), ("x", "withdraw")], columns),
            ]
        left = span(round(offer.left))
        if same_person(offer.to, me):
            asked = f"{of.commander or offer.by} offers you command; {left} left."
            told = f"{asked} Read back aloud: situation, top risk, next due."
            return [*warned([told], columns), *_keys([("a", "yes, I accept"), ("x", "decline")], columns)]
        told = f"Offered to {offer.to}, who has {left} to accept. Until the yes, {of.commander or 'nobody'} commands."
        return [
            *warned([told], columns),
            *_keys([("h", f"I heard {offer.to}'s yes on the call"), ("x", "withdraw")], columns),
        ]

    def under_keys(self) -> Mapping[str, object]:
        """Who commands, and to whom command is offered by whom: each yes here is to that."""
        of = self.snapshot.incident
        return {ASKED: (of.commander, of.offered_to, of.offered_since)}

    def hint(self) -> tuple[Cell, ...]:
        return (Cell("y", "accent"), Cell(" copies the brief;  esc back", "muted"))

    # --- what it reacts to

    def repaint(self, news: News | None = None) -> None:
        """Once another answered, what the foot said of the offer is over."""
        before = self._in_hand
        super().repaint(news)
        if self._in_hand != before:
            self.prompt.forget(self.prompt.flashed)

    @property
    def _in_hand(self) -> tuple[str, str]:
        """Who commands, and to whom it is offered."""
        return self.snapshot.incident.commander, self.snapshot.incident.offered_to

    # --- what it does

    def action_offer(self) -> None:
        self.ask("successor", self._offer_words, self._offer)

    def _offer_words(self, typed: str) -> str:
        who = person_name(typed)
        return f"offers command to {who}, who reads the brief and says yes" if who else "a name, then enter"

    def _offer(self, session: Session, typed: str) -> Outcome:
        who = person_name(typed)
        if same_person(who, self.context.person):
            raise Rejected("That is you: t takes command.")
        return incidents.offer_command(session, self.snapshot.incident, who)

    def action_accept(self) -> None:
        if not same_person(self.snapshot.incident.offered_to, self.context.person):
            self.prompt.flash("command is not offered to you: t takes it, h accepts as heard on the call", tone="warn")
        else:
            self._accept()

    def action_heard(self) -> None:
        if not self.snapshot.incident.offered_to:
            self.prompt.flash("command is offered to nobody: o names a successor", tone="warn")
        else:
            self._accept()

    def _accept(self) -> None:
        minutes = self.limits.offer_minutes
        told = self.do(lambda s: incidents.accept_command(s, self.snapshot.incident, within_minutes=minutes))
        if told is not None:
            self.back_with(Outcome(f"say to all: {announcement(self.snapshot.incident)}", told.record))

    def action_take(self) -> None:
        if same_person(self.snapshot.incident.commander, self.context.person):
            self.prompt.flash("you are in command: o offers it to another")
            return

        def take(session: Session) -> Outcome:
            return incidents.take_command(session, self.snapshot.incident)

        told = self.do(take)
        if told is not None:
            self.back_with(Outcome(f"say to all: {announcement(self.snapshot.incident)}", told.record))

    def action_withdraw(self) -> None:
        self.do(lambda session: incidents.withdraw_offer(session, self.snapshot.incident))


def _keys(keys: list[tuple[str, str]], columns: int) -> list[Row]:
    """Keys and what they do, on one line while there is room."""
    return flowing([(Cell(key, "accent"), Cell(f" {words}   ")) for key, words in keys], columns)
