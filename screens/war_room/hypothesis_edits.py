"""Saying more of a hypothesis or an order: what refines it, what we would see, how it is undone. All of it optional."""

from __future__ import annotations

from functools import partial

from opsterm.core.session import NOW, Outcome, Rejected, Session
from opsterm.core.times import time_ahead
from opsterm.incidents import actions
from opsterm.incidents.hypothesis_testing import propose_under, refine
from opsterm.records import Action, Hypothesis
from screens.pages.incident_screen import IncidentScreen
from screens.widgets.prompt import Choice

#: Key → (field, what the choice and the line say).
_MORE = {
    "t": ("if_true", "if true we would see"),
    "f": ("if_false", "if false we would see"),
    "s": ("scope", "what it explains"),
    "w": ("plain", "in customers' words"),
    "e": ("text", "the statement itself"),
}


def ask_child(screen: IncidentScreen, item: Hypothesis) -> None:
    """Asks for a hypothesis that refines another."""
    screen.ask(
        f"under {item.mark}",
        lambda typed: f"a narrower cause, if this holds: {item.text}",
        lambda session, typed: propose_under(session, screen.snapshot.incident, item, typed),
        key=f"under:{item.id}",
    )


def ask_predictions(screen: IncidentScreen, item: Hypothesis) -> None:
    """Asks what more is to be said of a hypothesis, then for the words."""
    screen.prompt.choose(
        item.mark,
        [Choice(key, words, partial(_say_more, screen, item, field, words)) for key, (field, words) in _MORE.items()],
    )


def _say_more(screen: IncidentScreen, item: Hypothesis, field: str, words: str) -> None:
    screen.ask(
        f"{item.mark} {words}",
        lambda typed: item.text,
        lambda session, typed: refine(session, item, NOW, **{field: typed}),
        getattr(item, field),
        key=f"{field}:{item.id}",
    )


def ask_undo(screen: IncidentScreen, order: Action) -> None:
    """Asks how what was ordered is undone."""
    screen.ask(
        f"{order.mark} is undone by",
        lambda typed: order.text,
        lambda session, typed: actions.say_undo(session, order, typed),
        order.undo,
        key=f"undo:{order.id}",
    )


def ask_until(screen: IncidentScreen, order: Action) -> None:
    """Asks until when what was ordered stays: closing the incident then minds that it ends."""

    def until(session: Session, typed: str) -> Outcome:
        at, _ = time_ahead(typed, session.board.now, screen.context.zone)
        if not at:
            raise Rejected("Say until when: 18:00, 2h, or 2026-12-01T18:00.")
        return actions.make_temporary(session, order, at)

    screen.ask(f"{order.mark} stays until", lambda typed: f"{order.text}: 18:00, 2h", until, key=f"until:{order.id}")
