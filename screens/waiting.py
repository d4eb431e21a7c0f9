"""What are we waiting for, and what happened since one last looked."""

from __future__ import annotations

from functools import partial

from opsterm.board.telling import Moment
from opsterm.command.cadence import next_words
from opsterm.command.room import Room
from opsterm.records import Action
from opsterm.records.instant import Instant
from screens.cells import Cell, Line, fit
from screens.desk import Desk
from screens.lines import Spot
from screens.page import Page, fixed, heading
from screens.panes.orders import time_left
from screens.panes.timeline import CALLED
from screens.panes.updates import draw_due
from screens.signs import SIGNS
from screens.spans import age, clock

#: So many lines tell the news; the rest is on the timeline.
NEWS_LINES_MAX = 10
#: Kinds of line that are told before others.
_WEIGHTY = (
    "declared",
    "status",
    "severity",
    "role_change",
    "decision",
    "update_posted",
    "hypothesis_result",
    "action_done",
    "impact",
)


def waiting_page(desk: Desk, room: Room) -> Page:
    """Everything that somebody else has to do or say before this goes on."""
    return Page(desk, "What are we waiting for?", partial(_waiting, room))


def _waiting(room: Room, columns: int, now: Instant) -> list[Spot]:
    spots: list[Spot] = []
    running = [a for a in room.ordered_actions(now) if a.state in ("ordered", "acknowledged")]
    if running:
        spots += [*heading("Results of orders"), *(Spot(a.id, partial(_order, a)) for a in running)]
    tested = [h for h in room.ranked_hypotheses() if h.state == "testing"]
    if tested:
        spots += heading("Tests of hypotheses")
        for h in tested:
            spots.append(
                fixed(
                    (Cell(f"  {h.mark:<5}", "strong"), Cell(fit(h.owner or "nobody", 11), "accent"), Cell(h.text)),
                    (Cell(f"  since {age(h.state_since, now)}"),),
                )
            )
    if room.incident.offered_to:
        spots += heading("Command")
        spots.append(
            fixed(
                (Cell(f"  {room.incident.offered_to} to accept command"),),
                (Cell(age(room.incident.offered_since, now)),),
            )
        )
    due = next_words(room)
    if due:
        spots += [
            *heading("Words that were promised"),
            *(Spot("", partial(_due, audience, at)) for audience, at in due),
        ]
    return spots or [fixed(()), fixed((Cell("For nobody: no order is out, no test runs, no word is due.", "muted"),))]


def _order(action: Action, columns: int, now: Instant) -> Line:
    return Line(
        (Cell(f"  {action.mark:<5}", "strong"), Cell(fit(action.owner or "nobody", 11), "accent"), Cell(action.text)),
        (Cell("  "), time_left(action, now)),
    )


def _due(audience: str, at: Instant, columns: int, now: Instant) -> Line:
    line = draw_due(audience, at, columns, now)
    return Line((Cell("  "), *line.left), line.right)


def news_page(desk: Desk, room: Room) -> Page:
    """What others did since this person last looked, in ten lines at the most. To open it is to look."""
    looked = desk.board.recall(_looked_key(room.incident.id))
    version, _, at = looked.partition(" ")
    when = f"since {clock(at, desk.zone, today=desk.board.now)}" if at else "since the beginning"
    found = desk.board.moments_since(room.incident.id, int(version or 0))
    others = [moment for moment in found if moment.by != desk.person]
    remember_looking(desk, room)
    return Page(desk, f"What happened {when}", partial(_news, desk, others))


def remember_looking(desk: Desk, room: Room) -> None:
    """Notes that this person has seen the incident as it is painted."""
    desk.board.remember(_looked_key(room.incident.id), f"{room.version} {desk.board.now}")


def _looked_key(incident: str) -> str:
    return f"looked:{incident}"


def _news(desk: Desk, found: list[Moment], columns: int, now: Instant) -> list[Spot]:
    told = chosen(found)
    spots: list[Spot] = [fixed(())]
    for moment in told:
        called = CALLED.get(moment.kind, "")
        start = f"{clock(moment.at, desk.zone, today=now)}  "
        spots.append(
            fixed(
                (
                    Cell(start, "muted"),
                    Cell(fit(moment.by or SIGNS.dot, 12), "accent"),
                    Cell(f"{called + ': ' if called else ''}{moment.text}"),
                )
            )
        )
    if len(found) > len(told):
        spots += [fixed(()), fixed((Cell(f"and {len(found) - len(told)} lines more, on the timeline (6)", "muted"),))]
    return spots if found else [fixed(()), fixed((Cell("Nothing that others did.", "muted"),))]


def chosen(found: list[Moment]) -> list[Moment]:
    """The lines that tell most: weighty kinds before others, later ones before earlier; told in order."""
    if len(found) <= NEWS_LINES_MAX:
        return found
    ranked = sorted(found, key=lambda m: (m.kind in _WEIGHTY, m.at, m.hlc), reverse=True)[:NEWS_LINES_MAX]
    return [moment for moment in found if moment in ranked]
