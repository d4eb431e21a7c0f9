"""What a walk looks like: the stop that it is at as a card, and as much of its pause point around it as there is room.

Nothing beyond that window is drawn, so that a list of 300 steps costs a key no more than one of 10.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from opsterm.operations.checklists.pause_points import LEFT, UNSETTLED, needs_two, never_stopped, outcome
from opsterm.operations.checklists.walkthrough import Course, Stop
from opsterm.records import Proof, Run, Step
from opsterm.records.checklist import StepState, how_it_ended
from opsterm.records.instant import Instant
from opsterm.records.person_name import same_person
from opsterm.records.record import Other
from screens.pages.rows import fixed
from screens.widgets.cells import Cell, Line, cut, width, wrap
from screens.widgets.durations import age, clock, seconds_between, span
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

_SIGNS = {"done": SIGNS.done, "open": SIGNS.dot, "deferred": SIGNS.dot}
#: A card is read best at no more than so many columns.
CARD_COLUMNS_MAX = 108
#: Lines that one part of a card gets; `y` copies all of a command.
PART_LINES_MAX = 5
#: So many pause points are told ahead.
POINTS_AHEAD_MAX = 4
_LABEL = 11
_INDENT = 9


def number_of(course: Course, section: str) -> str:
    """A pause point as it is called: by number and name."""
    if not section or section not in course.sections:
        return ""
    return f"pause point {course.sections.index(section) + 1}: {section}"


def mode_words(step: Step, run: Run) -> str:
    """How the step is walked, said beside it."""
    if step.mode == "do-confirm":
        return "confirm aloud: say the value" if step.expected else "confirm aloud"
    if step.expected:
        return "read, do, say the value"
    return "read, then do" if step.mode == "read-do" or run.purpose != "checklist" else "do, then confirm"


class View:
    """Draws a course for one person and one size."""

    def __init__(self, course: Course, person: str, zone: tzinfo, columns: int, height: int) -> None:
        self.course = course
        self.person = person
        self.zone = zone
        self.columns = columns
        self.height = height

    def rows(self, key: str, proofs: Sequence[Proof], now: Instant) -> list[Row]:
        """The lines of the walk with the stop `key` as its card."""
        course = self.course
        place = max(course.place(key), 0)
        if not course.stops:
            return [fixed(()), fixed((Cell("This list has no step.", "muted"),))]
        stop = course.stops[place]
        card = self._card(stop, proofs, now)
        here = [other for other in course.stops if other.section == stop.section]
        at = here.index(stop)
        title = [fixed((Cell(number_of(course, stop.section), "strong"),))] if stop.section else []
        later = self._sections_after(stop)
        room = max(self.height - len(card) - len(title) - min(len(later), 3) - 2, 4)
        below = self._fill(here[at + 1 :], room, now)
        above = self._fill(here[:at][::-1], max(room - _lines(below), room // 2), now)[::-1]
        below = self._fill(here[at + 1 :], room - _lines(above), now)
        drawn = [*title]
        if at > len(above):
            drawn.append(fixed((Cell(f"   {SIGNS.cut} {at - len(above)} more above", "muted"),)))
        drawn += [line for row in above for line in row]
        drawn += card
        drawn += [line for row in below for line in row]
        left = len(here) - at - 1 - len(below)
        if left:
            drawn.append(fixed((Cell(f"   {SIGNS.cut} {left} more below", "muted"),)))
        return drawn + self._later(later, self.height - len(drawn), now)

    # --- the rest of the pause point

    def _fill(self, stops: Sequence[Stop], room: int, now: Instant) -> list[list[Row]]:
        """As many stops as there is room for, the first ones first."""
        rows: list[list[Row]] = []
        for stop in stops:
            row = self._row(stop, now)
            if _lines(rows) + len(row) > room:
                break
            rows.append(row)
        return rows

    def _row(self, stop: Stop, now: Instant) -> list[Row]:
        """One stop in a line; in two where what was said of it does not fit beside it."""
        step = stop.step
        if step is None:
            return [self._row_of_point(stop)]
        waits = self.course.waits(stop)
        state = "open" if stop.again and waits else step.state
        killer = step.killer and state in UNSETTLED
        sign = "K" if killer and state == "open" else _SIGNS.get(state, SIGNS.out)
        tone = {"done": "good", "open": "muted", "deferred": "warn", "failed": "alarm"}.get(state, "muted")
        again = "asked again  " if stop.again and waits else ""
        right = self._right(step, state, tone, now)
        note = step.note if state != "open" else ""
        start = (Cell(f"{sign:>4} ", "alarm" if killer else tone), Cell(f"{step.label:<4}", "muted"))
        room = self.columns - width((*start, *right)) - len(again) - 2
        beside = f"{step.text}: {note}" if note and width((Cell(step.text), Cell(note))) + 2 <= room else step.text
        first = fixed((*start, Cell(again, "warn"), Cell(beside, "" if waits else "muted")), right)
        if not note or beside != step.text:
            return [first]
        return [first, fixed((Cell(" " * _INDENT), Cell(note, "muted")))]

    def _right(self, step: Step, state: StepState | Other, tone: str, now: Instant) -> tuple[Cell, ...]:
        if step.id in self.course.apart:
            return (Cell(f"  {SIGNS.apart} disputed", "warn"),)
        if state == "open":
            return (Cell(f"  asked by {step.asked_by}", "accent"),) if step.asked_by else ()
        word = "" if state == "done" else f"  {state.replace('-', ' ')}"
        who = f"{step.asked_by}, {step.state_by}" if step.asked_by else step.state_by
        return (Cell(word, tone), Cell(f"  {who} {clock(step.state_since, self.zone, today=now)}", "muted"))

    def _row_of_point(self, stop: Stop) -> Row:
        if stop.is_end:
            return fixed((Cell(f"{SIGNS.rule * 2:>4} ", "muted"), Cell("the end of the run", "muted")))
        waits = self.course.waits(stop)
        words = "pass this pause point" if waits else "passed"
        return fixed((Cell(f"{SIGNS.rule * 2 if waits else SIGNS.done:>4} ", "muted"), Cell(words, "muted")))

    def _sections_after(self, stop: Stop) -> Sequence[str]:
        """The pause points that come next, as many as are told."""
        sections = self.course.sections
        place = sections.index(stop.section) if stop.section in sections else 0
        return sections[place + 1 :][:POINTS_AHEAD_MAX]

    def _later(self, sections: Sequence[str], room: int, now: Instant) -> list[Row]:
        """The pause points that come, each with how much is left there; the next ones with their steps, as far as there
        is room for all of a point."""
        drawn: list[Row] = []
        spare, unfolds = room - len(sections) - 1, True
        for section in sections:
            drawn += [fixed(())] if unfolds else []
            drawn.append(self._title_of(section))
            stops = [other for other in self.course.stops if other.section == section and other.step is not None]
            rows = self._fill(stops, spare, now) if unfolds else []
            unfolds = bool(rows) and len(rows) == len(stops)
            if unfolds:
                drawn += [line for row in rows for line in row]
                spare -= _lines(rows) + 1
        return drawn

    def _title_of(self, section: str) -> Row:
        left = len(self.course.open_here(section))
        right = (Cell(f"  {left} left" if left else "  answered", "muted"),)
        return fixed((Cell(number_of(self.course, section) or "then", "muted"),), right)

    # --- the card

    def _card(self, stop: Stop, proofs: Sequence[Proof], now: Instant) -> list[Row]:
        key = stop.key
        body = self._card_of_step(stop, stop.step, proofs, now) if stop.step else self._card_of_point(stop)
        return [fixed(()), *(Row(key, row.draw) for row in body), Row(key, _blank), fixed(())]

    def _card_of_step(self, stop: Stop, step: Step, proofs: Sequence[Proof], now: Instant) -> list[Row]:
        run = self.course.run
        assert run is not None
        columns = min(self.columns, CARD_COLUMNS_MAX)
        killer = step.killer
        sign = "K" if killer else _SIGNS.get(step.state, SIGNS.out)
        tone = "alarm" if killer and step.state not in ("done", "overridden", "not-applicable") else "accent"
        mode = mode_words(step, run)
        lines = wrap(step.text, columns - _INDENT - 1, first=max(columns - _INDENT - 3 - len(mode), 20))
        drawn = [
            fixed(
                (Cell(f"{sign:>4} ", tone), Cell(f"{step.label:<4}", "muted"), Cell(lines[0], "strong")),
                (Cell(f"  {mode}", "muted"),),
            ),
            *(fixed((Cell(" " * (_INDENT)), Cell(line, "strong"))) for line in lines[1:]),
        ]
        if killer:
            drawn += self._part("killer", "skilled people skip it: nobody goes past it unanswered", columns)
        drawn += self._part("if", step.condition, columns)
        drawn += self._part("expect", step.expected, columns, "strong")
        drawn += self._command(step, columns)
        drawn += self._part("link", step.link, columns)
        drawn += self._part("go back if", step.rollback, columns, "warn")
        drawn += self._part("why", step.reason, columns, "muted")
        if step.approver:
            drawn += self._part("approver", f"only {step.approver} may override it", columns)
        drawn += self._two(step, run, now, columns)
        drawn += self._pace(step)
        drawn += self._stands(stop, step, now, columns)
        return [*drawn, *self._proofs(proofs, now, columns)]

    def _command(self, step: Step, columns: int) -> list[Row]:
        if not step.command:
            return []
        given = step.command.strip("\n").split("\n")
        lines = [cut(line, columns - _INDENT - _LABEL) for line in given[:PART_LINES_MAX]]
        drawn = []
        for place, line in enumerate(lines):
            label = "run" if place == 0 else ""
            keys = (Cell("  y", "accent"), Cell(" copy", "muted")) if place == 0 else ()
            drawn.append(fixed((_label(label), Cell(line, "name")), keys))
        if len(given) > len(lines):
            drawn.append(fixed((_label(""), Cell(f"{SIGNS.cut} {len(given) - len(lines)} more lines", "muted"))))
        return drawn

    def _two(self, step: Step, run: Run, now: Instant, columns: int) -> list[Row]:
        if step.state not in LEFT or not (needs_two(step, run) or step.asked_by):
            return self._part("who", step.who, columns)
        if not step.asked_by:
            words = "two people: a asks it here, another answers on a console of their own; A names who asks it"
            return self._part("who", words, columns, "warn")
        if same_person(step.asked_by, self.person):
            return [self._since("who", "you asked it: another answers", "accent", step.asked_since)]
        told = f"{step.asked_by} asks: say what you see, and answer"
        return [self._since("who", told, "accent", step.asked_since)]

    def _pace(self, step: Step) -> list[Row]:
        """How long the step takes as a rule, and for how long it is open now."""
        run = self.course.run
        if not step.minutes or step.state != "open" or run is None:
            return []
        answered = [s.state_since for s in self.course.steps if s.state != "open"]
        begun = max([run.at, *answered])

        def draw(columns: int, now: Instant) -> Line:
            taken = seconds_between(begun, now)
            over = taken > step.minutes * 60
            told = f"{span(taken)} of {step.minutes}m" + ("  longer than as a rule" if over else "")
            return Line((_label("takes"), Cell(told, "warn" if over else "")))

        return [Row("", draw)]

    def _stands(self, stop: Stop, step: Step, now: Instant, columns: int) -> list[Row]:
        """What was answered, and why it is asked again."""
        apart = self.course.apart.get(step.id, "")
        if apart:
            tone = "alarm" if step.killer else "warn"
            return self._part("disputed", f"{apart}: look, and answer it anew", columns, tone)
        drawn = []
        repeated = any(other.id == step.id for other in self.course.repeats)
        if repeated:
            drawn += self._part("again", "the walk broke off: is it still so?", columns, "warn")
        elif stop.again and self.course.waits(stop):
            drawn += self._part("again", "it was deferred to here", columns, "warn")
        if step.state != "open":
            when = clock(step.state_since, self.zone, today=now)
            note = f": {step.note}" if step.note else ""
            told = f"{step.state.replace('-', ' ')} by {step.state_by} {when}{note}"
            tone = {"done": "good", "failed": "alarm"}.get(step.state, "warn")
            drawn += self._part("now", told, columns, tone)
        return drawn

    def _proofs(self, proofs: Sequence[Proof], now: Instant, columns: int) -> list[Row]:
        drawn: list[Row] = []
        for proof in proofs[-3:]:
            lines = proof.text.strip().splitlines() or [""]
            more = f"  ({len(lines)} lines)" if len(lines) > 1 else ""
            told = f"{lines[0]}{more}"
            right = (Cell(f"  {proof.by} {clock(proof.at, self.zone, today=now)}", "muted"),)
            drawn.append(fixed((_label("evidence" if not drawn else ""), Cell(told)), right))
        return drawn

    def _part(self, label: str, text: str, columns: int, tone: str = "") -> list[Row]:
        if not text:
            return []
        lines = wrap(text, columns - _INDENT - _LABEL, PART_LINES_MAX)
        return [fixed((_label(label if place == 0 else ""), Cell(line, tone))) for place, line in enumerate(lines)]

    def _since(self, label: str, text: str, tone: str, since: Instant) -> Row:
        def draw(columns: int, now: Instant) -> Line:
            return Line((_label(label), Cell(text, tone), Cell(f"  {age(since, now)}", "muted")))

        return Row("", draw)

    # --- the card of a pause point, and of the end

    def _card_of_point(self, stop: Stop) -> list[Row]:
        course = self.course
        run = course.run
        assert run is not None
        columns = min(self.columns, CARD_COLUMNS_MAX)
        killers = list(course.killers(stop))
        barred = bool(killers) and not never_stopped(run)
        left = course.open_here(stop.section) if not stop.is_end else [s for s in course.steps if s.state in LEFT]
        if stop.is_end:
            name = "The end of the run"
            stands = outcome(course.steps)
        else:
            name = number_of(course, stop.section)
            name = name[:1].upper() + name[1:]
            stands = f"{len(left)} left" if left else "complete"
        sign, tone = (SIGNS.alarm, "alarm") if barred else (SIGNS.dot, "warn") if left else (SIGNS.done, "good")
        drawn = [
            fixed((Cell(f"{sign:>4} ", tone), Cell(name, "strong")), (Cell(f"  {stands}", tone),)),
        ]
        for step in killers[:6]:
            drawn.append(
                fixed(
                    (Cell(f"{'K':>8} ", "alarm"), Cell(f"{step.label:<4}", "muted"), Cell(step.text)),
                    (Cell(f"  {step.state}", "alarm"),),
                )
            )
        if len(killers) > 6:
            drawn.append(fixed((Cell(f"         {SIGNS.cut} {len(killers) - 6} killer items more", "muted"),)))
        return [*drawn, *self._part("", self._point_words(stop, barred), columns, "muted")]

    def _point_words(self, stop: Stop, barred: bool) -> str:
        run = self.course.run
        assert run is not None
        if run.state == "closed":
            return f"this run is closed: {how_it_ended(run.left, run.overridden, run.failed)}"
        if barred:
            return "killer items hold it: answer them, or go up to one and O overrides it, with a reason on the record"
        if run.purpose != "checklist":
            return "space ends it: passed or failed"
        if stop.is_end:
            return "say that it is complete; space closes the run. What is deferred is owed from then on"
        if not self.course.waits(stop):
            return "passed"
        return "say aloud that it is complete, then space passes it"


def _lines(rows: Sequence[Sequence[Row]]) -> int:
    return sum(len(row) for row in rows)


def _label(text: str) -> Cell:
    return Cell(f"{'':<{_INDENT}}{text:<{_LABEL}}", "muted")


def _blank(columns: int, now: Instant) -> Line:
    return Line()


def answered_words(step: Step) -> str:
    """How a step was answered, by whom, and which key leads on."""
    state = "" if step.state == "done" else f"{step.state.replace('-', ' ')} "
    return f"{state}by {step.state_by}, space goes on"


def hint_cells(course: Course, stop: Stop | None) -> tuple[Cell, ...]:
    """What can be done at a stop."""
    run, prompt = course.run, Cell(f"{SIGNS.prompt} ", "accent")
    if run is None or stop is None:
        return ()
    if run.state == "closed":
        return (Cell("this run is closed; esc goes back", "muted"),)
    step = stop.step
    if step is None:
        return (prompt, Cell("space closes the run" if stop.is_end else "space passes the pause point", "muted"))
    if any(other.id == step.id for other in course.repeats):
        return (prompt, Cell("asked again since the walk broke off: space where it is still so", "warn"))
    if step.state not in LEFT:
        sign = SIGNS.done if step.state == "done" else SIGNS.out
        return (prompt, Cell(f"{sign} {answered_words(step)}; o opens it again", "muted"))
    if step.expected:
        return (prompt, Cell("space, and say the value that you see", "muted"))
    return (prompt, Cell("what is recorded stays recorded; esc leaves, and others go on", "muted"))


def head_lines(course: Course, run: Run, stop: Stop | None, told: str, now: Instant) -> Sequence[Line]:
    """Which run, of what, by whom; how far, at which pause point, and for how long. What a run goes on past stands on
    the rule below."""
    done, of = course.progress
    by, asker = course.people()
    kind = {"drill": f"  drill {SIGNS.dot} nothing real", "rollback": "  way back"}.get(run.purpose, "")
    state = f"  {run.state}" if run.state != "open" else ""
    who = f" {SIGNS.dot} run by {by}" + (f", checked by {asker}" if asker else "")
    of_what = f" {SIGNS.dot} {told}" if told else ""
    point = number_of(course, stop.section) if stop else ""
    right = [Cell(f"  {done} of {of}", "strong"), Cell(f" {SIGNS.dot} {point}" if point else "", "muted")]
    until = run.state_since if run.state == "closed" else now
    right.append(Cell(f" {SIGNS.dot} {age(run.at, until)} ", "muted"))
    left = (Cell(f" {run.name}", "accent"), Cell(kind, "warn"), Cell(state, "warn"), Cell(f"{of_what}{who}", "muted"))
    waived = (
        (Cell(f" {SIGNS.alarm} goes on past killer items: {run.emergency} ({run.emergency_by}) ", "warn"),)
        if run.emergency
        else ()
    )
    return [Line(left, tuple(right)), Line(waived, fill=Cell(SIGNS.rule, "rule"))]
