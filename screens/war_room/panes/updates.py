"""Updates: what is due to whom, what waits for a yes or an answer, and the words that were sent."""

from __future__ import annotations

from functools import partial

from opsterm.core.session import Outcome, Rejected, Session
from opsterm.core.times import parse_duration
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import OutsideQuestion as OutsideQuestion
from opsterm.records import TextApproval, Update
from opsterm.records.instant import Instant
from opsterm.records.update import AUDIENCES
from opsterm.updates import approval, next_update, outside_questions
from opsterm.updates.next_update import next_words, plan_of
from screens.keys.actions import UPDATES, bindings
from screens.pages.console_screen import until_typed
from screens.pages.incident_screen import IncidentScreen
from screens.war_room.panes.pane import Pane, teaching
from screens.widgets.cells import Cell, Line, fit
from screens.widgets.durations import age, clock, countdown
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS


class UpdatesPane(Pane):
    """What stakeholders were told, latest first, under what is due to them."""

    place, number, label = UPDATES, 4, "Updates"
    BINDINGS = bindings(UPDATES)

    def rows_of(self, snapshot: Snapshot, columns: int) -> list[Row]:
        due = [
            Row(f"due:{to}" if to in AUDIENCES else "", partial(draw_due, to, at))
            for to, at in next_words(snapshot)
            if to in AUDIENCES
        ]
        due += [Row(q.id, partial(_draw_question, q)) for q in snapshot.questions if q.state == "open"]
        due += [Row(a.id, partial(_draw_approval, a)) for a in snapshot.text_approvals if a.state == "asked"]
        due += [
            Row(f"due:{to}", partial(_draw_irregular, to))
            for to in AUDIENCES
            if (plan := plan_of(snapshot, to)) is not None and not plan.regular and not snapshot.over
        ]
        if not snapshot.updates:
            return [*due, *teaching("Nobody was told yet.", "m  write to customers or executives")]
        sent = sorted(snapshot.updates, key=lambda update: (update.at, update.born), reverse=True)
        return [*due, *(Row(update.id, partial(self._draw, update)) for update in sent)]

    def summary(self, snapshot: Snapshot) -> tuple[Cell, ...]:
        late = [to for to, at in next_words(snapshot) if at < self.now]
        if late:
            return (Cell(f"{SIGNS.alarm} {len(late)} late", "alarm"),)
        last = snapshot.last_update()
        return (Cell(f"{last.audience} told {age(last.at, self.now)} ago", "muted"),) if last else ()

    def badge(self, snapshot: Snapshot) -> tuple[Cell, ...]:
        due = next_words(snapshot)
        return (Cell(" "), _left(due[0][1], self.now)) if due else ()

    def text_of(self, key: str) -> str:
        if self.snapshot is None:
            return ""
        sent = next((u.text for u in self.snapshot.updates if u.id == key), "")
        return sent or next((a.text for a in self.snapshot.text_approvals if a.id == key), "")

    # --- what one key does here

    @property
    def _room(self) -> IncidentScreen:
        """The screen that it stands on."""
        assert isinstance(self.screen, IncidentScreen)
        return self.screen

    def action_question(self) -> None:
        """Somebody outside asks: one line, and an answer is owed."""
        board, zone = self.context.board, self.context.zone

        def words(line: str) -> str:
            typed = outside_questions.read(line, board.now, zone)
            return f"{typed.who} is owed an answer by {clock(typed.answer_by, zone)}: {typed.text}"

        def ask(session: Session, line: str) -> Outcome:
            typed = outside_questions.read(line, board.now, zone)
            return outside_questions.ask(session, self._room.snapshot.incident, typed)

        teaching = "who asks: what? by 14:30 or in 20m"
        self._room.ask("Asked by", until_typed(teaching, words), ask, may_be_empty=True)

    @property
    def _answered(self) -> OutsideQuestion | TextApproval | None:
        """What the key answers: what is selected, else the first thing that waits."""
        if self.snapshot is None:
            return None
        asked = [q for q in self.snapshot.questions if q.state == "open"]
        texts = [a for a in self.snapshot.text_approvals if a.state == "asked"]
        waiting: list[OutsideQuestion | TextApproval] = [*texts, *asked]
        return next((item for item in waiting if item.id == self.selected), waiting[0] if waiting else None)

    @property
    def _put_off(self) -> str:
        """Whose next word the key puts off: of what is selected, else the first that is due."""
        to = self.selected.partition(":")[2] if self.selected.startswith("due:") else ""
        due = next_words(self.snapshot) if self.snapshot else ()
        return to or next((name for name, _ in due if name in AUDIENCES), "")

    @property
    def under_keys(self) -> object:
        item = self._answered
        found = (self.selected, item.id if item else "", self._put_off)
        return found if any(found) else ""

    def action_answer(self) -> None:
        """Answers a question, or shows the text to approve whole."""
        room, item = self._room, self._answered
        if isinstance(item, TextApproval):
            from screens.composer.words_to_approve import WordsToApprove

            room.app.push_screen(WordsToApprove(room.context, item))
        elif isinstance(item, OutsideQuestion):
            room.ask(
                f"{item.mark} {item.who}",
                lambda text: "what was answered" if text.strip() else f"{item.text} - say what was answered",
                lambda session, text: outside_questions.settle(session, item, "answered", text),
                may_be_empty=True,
            )
        else:
            room.prompt.flash("nobody waits for an answer: n notes who asked what")

    def action_put_off(self) -> None:
        """Puts the next word off, or says that none are due regularly; always with a reason."""
        room, to = self._room, self._put_off
        if not to:
            room.prompt.flash("no word is due that could be put off")
            return

        def read(line: str) -> tuple[str, str]:
            head, _, why = line.strip().partition(" ")
            if parse_duration(head) is None and head not in ("never", "again"):
                raise Rejected("Begin with a time such as 20m, or never, or again; then why.")
            if parse_duration(why.strip().partition(" ")[0]) is not None:
                raise Rejected(f"Give one time, then why: not both {head} and {why.strip().partition(' ')[0]}.")
            if not why.strip() and head != "again":
                raise Rejected("Say why, after the time.")
            return head, why

        def words(line: str) -> str:
            head, why = read(line)
            told = {"never": f"no regular words to {to}", "again": f"regular words to {to} again"}
            return f"{told.get(head, f'the next word to {to} waits {head}')}{f': {why}' if why else ''}"

        def put_off(session: Session, line: str) -> Outcome:
            head, why = read(line)
            by = parse_duration(head)
            if by is not None:
                return next_update.put_off(session, room.snapshot.incident, to, by, why)
            return next_update.set_regular(session, room.snapshot.incident, to, head == "again", why)

        room.ask(f"Put off {to}", words, put_off, "20m ", may_be_empty=True)

    def _draw(self, update: Update, columns: int, now: Instant) -> Line:
        return Line(
            (
                Cell(f"{clock(update.at, self.context.zone, today=now)} ", "muted"),
                Cell(fit(update.audience, 11), "name"),
                Cell(update.text),
            )
        )


def draw_due(audience: str, at: Instant, columns: int, now: Instant) -> Line:
    """When the next word to an audience, or to somebody who asked, is due."""
    left = _left(at, now)
    sign = f"{SIGNS.alarm} " if left.tone else ""
    what = "Next word to" if audience in AUDIENCES else "Answer to"
    return Line((Cell(sign, left.tone), Cell(f"{what} {audience}")), (left,))


def _draw_question(asked: OutsideQuestion, columns: int, now: Instant) -> Line:
    left = _left(asked.answer_by, now)
    sign = f"{SIGNS.alarm} " if left.tone else ""
    return Line(
        (
            Cell(sign, left.tone),
            Cell(f"{asked.mark} ", "strong"),
            Cell(f"{asked.who} asks: ", "name"),
            Cell(asked.text),
        ),
        (Cell(" "), left),
    )


def _draw_approval(asked: TextApproval, columns: int, now: Instant) -> Line:
    told = "unanswered" if approval.unanswered(asked, now) else f"asked {age(asked.at, now)} ago"
    words = " ".join(asked.text.split())
    return Line(
        (Cell("Approve? ", "warn"), Cell(f"{asked.by} to {asked.audience}: ", "name"), Cell(words)),
        (Cell(f" {told}", "muted"),),
    )


def _draw_irregular(audience: str, columns: int, now: Instant) -> Line:
    return Line((Cell(f"No regular words to {audience}", "muted"),), (Cell("+ again", "muted"),))


def _left(at: Instant, now: Instant) -> Cell:
    words = countdown(at, now)
    return Cell(words, "alarm" if words.startswith("late") else "")
