"""What concerns this person now, on one line under the header: the worst first, one key acts on it, one dismisses it.

It is worked out after a paint, never before one: the rules are many, and a key does not wait for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from opsterm.core.session import Outcome, Session
from opsterm.core.thresholds import load_settings
from opsterm.incidents import actions
from opsterm.incidents import incident as incidents
from opsterm.incidents.actions import heard
from opsterm.incidents.notice import Notice
from opsterm.records import Action, Incident
from opsterm.records.instant import Instant, to_ms
from screens.checklists.open_run import open_step
from screens.keys.actions import NOTICE
from screens.keys.key_hold import CHANGED
from screens.pages.incident_screen import IncidentScreen
from screens.widgets.cells import Cell, Line
from screens.widgets.symbols import SIGNS

if TYPE_CHECKING:
    from opsterm.command.attention import Attention
    from opsterm.incidents.triage import SeverityProposal

#: How often the rules are asked anew while nothing but the time changes.
AGAIN_S = 5
#: What the key does about a line, in a verb: act → words.
VERBS = {
    "accept": "accept",
    "acknowledge": "acknowledge",
    "approve": "read it",
    "message": "message",
    "know_taken": "I know",
    "know_role": "I know",
    "answer_step": "answer",
    "take_command": "take it",
    "take_severity": "take it",
    "take_mitigated": "take it",
    "report": "say result",
    "answer_call": "say yes",
    "decide": "decide",
    "ask": "log the answer",
    "repeat": "heard it",
    "reassign": "give to another",
    "assign": "name who",
    "undo_of_order": "say how",
    "end_test": "say result",
    "next_test": "next test",
    "drop_test": "tests",
    "hypothesis": "another one",
    "transfer": "command",
    "roles": "people",
    "team": "people",
    "exit": "write it",
    "status": "status",
    "obligation": "open",
    "since": "news",
    "aloud": "show",
    "link": "incidents",
    "fold": "incidents",
    "seen_before": "what helped",
}


#: How it begins the line to type in: act → beginning, with `{}` for the mark of the order.
_BEGINNINGS = {
    "report": "{} done ",
    "ask": "{} ",
    "reassign": "{} @",
    "assign": "{} @",
    "hypothesis": "? ",
    "exit": "#exit ",
}


def _pressing(notices: Sequence[Notice]) -> list[Notice]:
    """Those that the line may show. What a person has already in hand is no news: it stands in its pane. Two values
    that stand have a row of their own in the header."""
    return [n for n in notices if n.family not in ("with me", "offer waits") and n.act != "settle"]


class Begins(Protocol):
    """Opens the line to type in with a beginning, about a record."""

    def __call__(self, beginning: str, *, about: Action | None = None) -> None: ...


class NoticeLine:
    """The line of one console in one incident."""

    def __init__(
        self,
        screen: IncidentScreen,
        *,
        more: Callable[[], Sequence[Notice]],
        begins: Begins,
        opens: Callable[[str, str], None],
        changed: Callable[[], None],
    ) -> None:
        self._screen = screen
        #: What else concerns this person, known without the rules.
        self._more = more
        #: Opens the line to type in, and where a thing is done (act, record).
        self._begins, self._opens = begins, opens
        #: Paints the line where another one is shown.
        self._changed = changed
        self._attention: Attention | None = None
        self.notices: list[Notice] = []
        #: From where whoever is here was taken along; until it is dismissed.
        self.moved: Notice | None = None
        #: The line that is shown.
        self.shown: Notice | None = None
        self._asked_ms = 0
        self._pending = False
        #: Whether only this person did anything since it was worked out.
        self.own_doing = False
        #: Whether the line that is shown came by that, and not in the place of one that was answered.
        self.by_hand = False
        self._answered = False

    # --- working it out

    def soon(self) -> None:
        """Works it out once what is painted now is on the screen."""
        if not self._pending:
            self._pending = True
            self._screen.call_after_refresh(self.read)

    def tick(self, now: Instant) -> None:
        """Works it out again from time to time: some lines come by waiting."""
        if to_ms(now) - self._asked_ms >= AGAIN_S * 1000:
            self.soon()

    def read(self) -> None:
        """Works it out, and paints the line where it changed."""
        self._pending = False
        if not self._screen.is_attached:
            return
        now = self._screen.context.board.now
        slept_s = (to_ms(now) - self._asked_ms) / 1000 if self._asked_ms else 0.0
        self._asked_ms = to_ms(now)
        before = self.shown
        self.notices = self._all(now)
        self.shown = self._pick(now, slept_s)
        if self.shown != before:
            self.by_hand = self.own_doing and not self._answered
        self.own_doing = self._answered = False
        self._screen.context.ringing.hear(self._screen.app, self._screen.snapshot.incident.mark, self.notices)
        if self.shown != before and self._screen.is_current:
            self._changed()

    def _all(self, now: Instant) -> list[Notice]:
        from opsterm.command.room_notices import room_notices

        context = self._screen.context
        return room_notices(context.board, self._screen.snapshot, context.person, now, more=self._more())

    def _pick(self, now: Instant, slept_s: float) -> Notice | None:
        from opsterm.command.attention import Attention, after_sleep

        if self._attention is None:
            self._attention = Attention(self._screen.context.board)
        slept = after_sleep(self.notices, slept_s)
        notices = [slept, *self.notices] if slept and slept_s else self.notices
        return self._attention.pick(self._pressing(notices), self._screen.incident, now)

    def _pressing(self, notices: Sequence[Notice]) -> list[Notice]:
        """What the line may show: where one is, before all that is asked for there."""
        return [*([self.moved] if self.moved else []), *_pressing(notices)]

    def under_keys(self) -> Mapping[str, object]:
        """The line that is answered; nothing before it was worked out for the first time."""
        shown = self.shown
        return {NOTICE: (shown.key, shown.act, shown.record) if shown else ""} if self._asked_ms else {}

    # --- drawing

    def line(self, key: str) -> Line | None:
        """The line under the header; `key` is the one that acts just now."""
        notice = self.shown
        if notice is None:
            return None
        tone = {"alarm": "alarm", "warning": "warn"}.get(notice.level, "accent")
        verb = VERBS.get(notice.act, "")
        acts = (Cell(key, "accent"), Cell(f" {verb}  ", "muted")) if verb else ()
        return Line(
            (Cell(f" {SIGNS.alarm if tone != 'accent' else SIGNS.right} ", tone), Cell(notice.text, "strong")),
            (Cell("  "), *acts, Cell(".", "accent"), Cell(" not now ", "muted")),
        )

    # --- acting

    def act(self) -> None:
        """Does what the line asks for."""
        notice = self.shown
        if notice is None:
            self._screen.prompt.flash("nothing waits for your yes")
            return
        self._answered = True
        if self._attention is not None:
            self._attention.acted(notice)
        doing = {
            "accept": self._accept_command,
            "know_taken": self._know_taken,
            "know_role": self._know_role,
            "answer_step": self._answer_step,
            "take_command": self._take_command,
            "acknowledge": self._acknowledge,
            "repeat": self._repeat,
            "undo_of_order": self._say_undo,
            "take_severity": self._take_severity,
            "take_mitigated": self._take_mitigated,
            "answer_call": self._answer_call,
            "approve": self._approve,
        }
        doing.get(notice.act, self._open)(notice)

    def dismiss(self) -> None:
        """Keeps the line away for a while."""
        notice = self.shown
        if notice is None or self._attention is None:
            self._screen.prompt.flash("nothing to dismiss")
            return
        self.by_hand, self._answered = False, True
        self._attention.dismiss(notice, self._screen.incident, self._screen.context.board.now)
        self.moved = None if notice is self.moved else self.moved
        minutes = self._attention.limits.quiet_minutes
        self.shown = self._attention.pick(
            [n for n in self._pressing(self.notices) if n.key != notice.key],
            self._screen.incident,
            self._screen.context.board.now,
        )
        self._changed()
        if notice.act == "take_severity":
            from opsterm.incidents.triage import refuse_proposal

            # On record, so that the same is not proposed on anybody's console for a while.
            if self._answer_severity(notice, refuse_proposal):
                return
        self._screen.prompt.flash(f"not shown again for {minutes} minutes: {notice.text}")

    def _do(self, command: Callable[[Session], Outcome]) -> None:
        self.shown = None
        self._screen.do(command)

    def _order(self, notice: Notice) -> Action | None:
        return next((item for item in self._screen.snapshot.actions if item.id == notice.record), None)

    def _accept_command(self, notice: Notice) -> None:
        self._do(lambda session: incidents.accept_command(session, self._screen.snapshot.incident))

    def _know_taken(self, notice: Notice) -> None:
        self._do(lambda session: incidents.know_taken(session, self._screen.snapshot.incident))

    def _know_role(self, notice: Notice) -> None:
        role = next((item for item in self._screen.snapshot.roles if item.id == notice.record), None)
        if role is not None:
            self._do(lambda session: incidents.know_role(session, role))

    def _answer_step(self, notice: Notice) -> None:
        open_step(self._screen, self._screen.context, notice.record)

    def _take_command(self, notice: Notice) -> None:
        self._do(lambda session: incidents.take_command(session, self._screen.snapshot.incident))

    def _acknowledge(self, notice: Notice) -> None:
        order = self._order(notice)
        if order is not None:
            self._do(lambda session: actions.move(session, order, "acknowledged"))

    def _repeat(self, notice: Notice) -> None:

        order = self._order(notice)
        if order is not None:
            self._do(lambda session: heard(session, order))

    def _say_undo(self, notice: Notice) -> None:
        from screens.war_room.hypothesis_edits import ask_undo

        order = self._order(notice)
        if order is not None:
            ask_undo(self._screen, order)

    def _take_severity(self, notice: Notice) -> None:
        from opsterm.incidents.triage import take_proposal

        if not self._answer_severity(notice, take_proposal):
            self._screen.prompt.flash(CHANGED, tone="warn")
            self.soon()

    def _take_mitigated(self, notice: Notice) -> None:
        from opsterm.command.closing import take_mitigated

        self._do(lambda session: take_mitigated(session, self._screen.snapshot))

    def _answer_severity(
        self, notice: Notice, answer: Callable[[Session, Incident, SeverityProposal], Outcome]
    ) -> bool:
        """Answers the severity that the line proposes; whether that still is the one."""
        from opsterm.incidents.triage import propose_severity, severity_notice

        screen, now = self._screen.snapshot, self._screen.context.board.now
        proposal = propose_severity(screen, now, limits=load_settings().thresholds)
        asked = severity_notice(screen, proposal)
        if proposal is None or asked is None or asked.key != notice.key:
            return False
        self._do(lambda session: answer(session, screen.incident, proposal))
        return True

    def _answer_call(self, notice: Notice) -> None:
        from opsterm.incidents.responders import mark_call

        call = next((item for item in self._screen.snapshot.summons if item.id == notice.record), None)
        if call is not None:
            self._do(
                lambda session: mark_call(session, self._screen.snapshot.incident, call.name, "reached", role=call.role)
            )

    def _approve(self, notice: Notice) -> None:
        """A text is approved where it is shown whole."""
        from screens.composer.words_to_approve import WordsToApprove

        asked = next((item for item in self._screen.snapshot.text_approvals if item.id == notice.record), None)
        if asked is not None:
            self._screen.app.push_screen(WordsToApprove(self._screen.context, asked))

    def _open(self, notice: Notice) -> None:
        """Opens where it is done: the line to type in with its beginning, or the screen."""
        order = self._order(notice)
        beginning = _BEGINNINGS.get(notice.act)
        if beginning is not None and (order is not None or "{}" not in beginning):
            self._begins(beginning, about=order if "{}" in beginning else None)
        elif notice.act == "aloud":
            from screens.share import share_page

            self._screen.app.push_screen(share_page(self._screen.context))
        else:
            self._opens(notice.act, notice.record)
