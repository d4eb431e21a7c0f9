"""Postmortems that somebody has to finish, incidents that are offered one, and the improvements that are open."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from opsterm.core.calendar_dates import team_holidays
from opsterm.incidents.reading import all_incidents
from opsterm.learn import postmortem as postmortems
from opsterm.learn import revising
from opsterm.learn.open_improvements import open_improvements, owed_improvements
from opsterm.learn.team_rules import postmortem_rules
from opsterm.obligations import obligation as obligations
from opsterm.records import Improvement, Obligation, Postmortem
from opsterm.records.instant import Instant
from opsterm.records.postmortem import OPEN
from screens.keys.actions import POSTMORTEMS, bindings
from screens.pages.list_page import ListPage
from screens.pages.rows import facts, fixed, folded, heading, warned, words
from screens.widgets.cells import Cell, Line
from screens.widgets.durations import age
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: So many that are over are shown.
RECENT_MAX = 50


class Postmortems(ListPage):
    """What is to be finished first, then what was promised, then what is published."""

    BINDINGS = bindings(POSTMORTEMS)
    place = POSTMORTEMS

    # --- what it shows

    def read(self, now: Instant) -> None:
        board = self.context.board
        self.incidents = {of.id: of for of in all_incidents(board)}
        every = [item for item in board.all(Postmortem) if item.incident in self.incidents]
        self.open = sorted((item for item in every if item.state in OPEN), key=_due)
        self.ended = sorted((i for i in every if i.state not in OPEN), key=lambda i: i.state_since, reverse=True)
        self.ended = self.ended[:RECENT_MAX]
        told = {item.incident for item in every}
        self.offered = [of for of in self.incidents.values() if of.id not in told and postmortems.is_offered(of, now)]
        made = {item.id: item for item in board.all(Improvement)}
        self.owed: Sequence[tuple[Improvement, Obligation]] = sorted(
            ((made[duty.origin], duty) for duty in owed_improvements(board) if duty.origin in made),
            key=lambda pair: pair[1].due_at,
        )
        self.promised = open_improvements(board, now)

    def heading(self, now: Instant) -> str:
        late = sum(bool(_due(item)) and _due(item) < now for item in self.open)
        told = f"{len(self.open)} open{f', {late} late' if late else ''}"
        return f"Postmortems {SIGNS.dot} {told}" if self.open else "Postmortems"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows = warned(postmortem_rules().warnings, columns)
        if not (self.open or self.offered or self.owed or self.ended):
            return [*rows, *_teaching(columns)]
        if self.open:
            rows += heading("To be finished")
            rows += [Row(item.incident, partial(self._postmortem, item)) for item in self.open]
        if self.offered:
            rows += heading("None yet: enter opens one")
            for of in self.offered:
                right = (Cell(f"  {postmortems.wanted(of).why}", "muted"),)
                rows += folded(of.id, Cell(f"{of.mark:<8}", "accent"), of.title, columns, right=right)
        if self.owed:
            rows += [fixed(()), fixed((Cell(f"Improvements {SIGNS.dot} ", "strong"), Cell(self.promised.words)))]
            for item, duty in self.owed:
                rows.append(Row(item.id, partial(self._improvement, item, duty)))
                if item.id == self.lines.selected:
                    rows += self._about(item, duty, columns, now)
        if self.ended:
            rows += heading("Published or dropped")
            rows += [Row(item.incident, partial(self._postmortem, item)) for item in self.ended]
        return rows

    def _postmortem(self, item: Postmortem, columns: int, now: Instant) -> Line:
        of = self.incidents[item.incident]
        due = _due(item)
        late = item.state in OPEN and bool(due) and due < now
        when = f"{'late since' if late else 'by'} {due[:10]}" if item.state in OPEN else item.state_since[:10]
        return Line(
            (Cell(f"{SIGNS.alarm if late else ' '} ", "alarm"), Cell(f"{of.mark:<8}", "accent"), Cell(of.title)),
            (
                Cell(f"  {item.owner or 'nobody'}", "name" if item.owner else "warn"),
                Cell(f"  {item.state}"),
                Cell(f"  {when}", "alarm" if late else "muted"),
            ),
        )

    def _improvement(self, item: Improvement, duty: Obligation, columns: int, now: Instant) -> Line:
        late = bool(duty.due_at) and duty.due_at < now
        of = self.incidents.get(item.incident)
        when = f"{'late since' if late else 'by'} {duty.due_at[:10]}"
        return Line(
            (
                Cell(f"{SIGNS.alarm if late else ' '} ", "alarm"),
                Cell(f"{of.mark if of else '':<8}", "muted"),
                Cell(item.text),
            ),
            (
                Cell(f"  {duty.owner or 'nobody'}", "name" if duty.owner else "warn"),
                Cell(f"  open {age(duty.at, now)}", "muted"),
                Cell(f"  {when}", "alarm" if late else "muted"),
            ),
        )

    def _about(self, item: Improvement, duty: Obligation, columns: int, now: Instant) -> list[Row]:
        rung = obligations.rung_on(duty, now, team_holidays())
        told = (
            ("done when", item.done_when),
            ("to be shown by", item.wanted),
            ("reminder", f"{rung.day} {', '.join(rung.to) or 'nobody'}: {rung.asks}" if rung else ""),
        )
        return facts(told, columns, indent=10, label_width=16, key=item.id)

    # --- what it does

    def _chosen_improvement(self) -> tuple[Improvement, Obligation] | None:
        return next((pair for pair in self.owed if pair[0].id == self.lines.selected), None)

    def action_open(self) -> None:
        from screens.learn.postmortem_walk import PostmortemWalk

        found = self._chosen_improvement()
        if found is not None:
            self.app.push_screen(PostmortemWalk(self.context, found[0].incident, step="improvements"))
        elif self.lines.selected in self.incidents:
            self.app.push_screen(PostmortemWalk(self.context, self.lines.selected))
        else:
            self.prompt.flash("no postmortem here: one opens when an incident is resolved")

    def action_done(self) -> None:
        found = self._chosen_improvement()
        if found is None:
            self.prompt.flash("choose an improvement first, with j and k", tone="warn")
            return
        item = found[0]
        empty = f"wanted: {postmortems.what_shows_it(item)}"
        self.ask("done, shown by", empty, lambda session, text: postmortems.close(session, item, text))

    def action_give(self) -> None:
        found, key = self._chosen_improvement(), self.lines.selected
        if found is not None:
            duty = found[1]
            self.ask("give to", "whose it is from now on", lambda s, who: obligations.give(s, duty, who))
        elif any(item.incident == key for item in self.open):
            self.ask("drafted by", "who drafts it", lambda s, who: revising.give_postmortem(s, key, who))
        else:
            self.prompt.flash("choose a postmortem that is open, or an improvement", tone="warn")


def _due(item: Postmortem) -> Instant:
    """By when the next thing is due of it: the draft, then the publishing."""
    return item.draft_at if item.state == "draft" else item.publish_at


def _teaching(columns: int) -> list[Row]:
    return [
        *heading("No postmortem yet."),
        fixed(()),
        *words(
            "One opens by itself when a sev1 or sev2 is resolved (s in the war room), with an owner and dates; at sev3 "
            "it is offered. P in the war room walks through it. What people promise there is listed here until it is "
            "done.",
            columns,
            "muted",
        ),
    ]
