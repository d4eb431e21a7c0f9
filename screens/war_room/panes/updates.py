"""Updates: what is due to whom, what waits for a yes or an answer, and the words that were sent."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from opsterm.board.failure import BoardError
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.core.times import parse_duration
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records import OutsideQuestion as OutsideQuestion
from opsterm.records import TextApproval, Update
from opsterm.records.instant import Instant
from opsterm.records.update import AUDIENCES
from opsterm.updates import approval, next_update, outside_questions
from opsterm.updates.next_update import next_words, plan_of
from screens.keys.actions import UPDATES, bindings
from screens.war_room.panes.pane import Pane, teaching
from screens.widgets.cells import Cell, Line, fit
from screens.widgets.durations import age, clock, countdown
from screens.widgets.lines import Row
from screens.widgets.prompt import Choice, Prompt, Question
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

    def action_question(self) -> None:
        """Somebody outside asks: one line, and an answer is owed."""
        board, zone = self.context.board, self.context.zone

        def words(line: str) -> str:
            if not line.strip():
                return "who asks: what? by 14:30 or in 20m"
            typed = outside_questions.read(line, board.now, zone)
            return f"{typed.who} is owed an answer by {clock(typed.answer_by, zone)}: {typed.text}"

        def done(line: str) -> bool:
            typed = outside_questions.read(line, board.now, zone)
            return self._did(lambda session, snapshot: outside_questions.ask(session, snapshot.incident, typed))

        self._prompt.ask(Question(prompt="Asked by", words=words, done=done))

    def action_answer(self) -> None:
        """Answers what is selected, else the first thing that waits."""
        snapshot = self.snapshot
        if snapshot is None:
            return
        asked = [q for q in snapshot.questions if q.state == "open"]
        texts = [a for a in snapshot.text_approvals if a.state == "asked"]
        chosen = next((item for item in (*asked, *texts) if item.id == self.selected), None)
        item = chosen or next(iter((*texts, *asked)), None)
        if isinstance(item, TextApproval):
            self._prompt.choose(
                f"Approve the words to {item.audience}?",
                [
                    Choice("y", "yes, exactly these", partial(self._approve, item, True)),
                    Choice("n", "no", partial(self._approve, item, False)),
                ],
            )
        elif isinstance(item, OutsideQuestion):
            self._prompt.ask(
                Question(
                    prompt=f"{item.mark} {item.who}",
                    words=lambda text: "what was answered" if text.strip() else f"{item.text} - say what was answered",
                    done=lambda text: self._did(lambda s, r: outside_questions.settle(s, item, "answered", text)),
                )
            )
        else:
            self._prompt.flash("nobody waits for an answer: n notes who asked what")

    def _approve(self, item: TextApproval, yes: bool) -> None:
        try:
            self._did(lambda session, snapshot: approval.answer(session, item, yes))
        except (Rejected, BoardError) as refused:
            self._prompt.flash(str(refused), tone="warn")

    def action_put_off(self) -> None:
        """Puts the next word off, or says that none are due regularly; always with a reason."""
        to = self.selected.partition(":")[2] if self.selected.startswith("due:") else ""
        to = (
            to or next((name for name, _ in next_words(self.snapshot) if name in AUDIENCES), "")
            if self.snapshot
            else ""
        )
        if not to:
            self._prompt.flash("no word is due that could be put off")
            return

        def read(line: str) -> tuple[str, str]:
            head, _, why = line.strip().partition(" ")
            if parse_duration(head) is None and head not in ("never", "again"):
                raise Rejected("Begin with a time such as 20m, or never, or again; then why.")
            if not why.strip() and head != "again":
                raise Rejected("Say why, after the time.")
            return head, why

        def words(line: str) -> str:
            head, why = read(line)
            told = {"never": f"no regular words to {to}", "again": f"regular words to {to} again"}
            return f"{told.get(head, f'the next word to {to} waits {head}')}{f': {why}' if why else ''}"

        def done(line: str) -> bool:
            head, why = read(line)
            by = parse_duration(head)
            if by is not None:
                return self._did(lambda s, r: next_update.put_off(s, r.incident, to, by, why))
            return self._did(lambda s, r: next_update.set_regular(s, r.incident, to, head == "again", why))

        self._prompt.ask(Question(prompt=f"Put off {to}", words=words, done=done), "20m ")

    @property
    def _prompt(self) -> Prompt:
        return self.screen.query_one(Prompt)

    def _did(self, command: Callable[[Session, Snapshot], Outcome]) -> bool:
        """Runs a command, and shows the room as it is then. Raises Rejected."""
        assert self.snapshot is not None
        snapshot = read_snapshot(self.context.board, self.snapshot.incident.id)
        told = command(self.context.session(self.snapshot.version), snapshot)
        repaint = getattr(self.screen, "repaint", None)
        if repaint is not None:
            repaint()
        self._prompt.told(told)
        return True

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
