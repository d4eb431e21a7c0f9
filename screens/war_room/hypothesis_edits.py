"""Saying more of a hypothesis or an order: what refines it, what we would see, how it is undone. All of it optional."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from opsterm.core.session import NOW, Outcome, Rejected, Session
from opsterm.core.times import time_ahead
from opsterm.incidents import actions
from opsterm.incidents.hypothesis_testing import propose_under, refine
from opsterm.records import Action, Hypothesis
from screens.widgets.prompt import Choice, Question

if TYPE_CHECKING:
    from screens.war_room.war_room import WarRoom

#: Key → (field, what the choice and the line say).
_MORE = {
    "t": ("if_true", "if true we would see"),
    "f": ("if_false", "if false we would see"),
    "s": ("scope", "what it explains"),
    "w": ("plain", "in customers' words"),
    "e": ("text", "the statement itself"),
}


def ask_child(screen: WarRoom, item: Hypothesis) -> None:
    """Asks for a hypothesis that refines another."""
    _ask(
        screen,
        f"under {item.mark}",
        f"a narrower cause, if this holds: {item.text}",
        lambda session, typed: propose_under(session, screen.snapshot.incident, item, typed),
        "",
        key=f"under:{item.id}",
    )


def ask_predictions(screen: WarRoom, item: Hypothesis) -> None:
    """Asks what more is to be said of a hypothesis, then for the words."""
    screen.prompt.choose(
        item.mark, [Choice(key, words, partial(_say_more, screen, item, key)) for key, (_, words) in _MORE.items()]
    )


def _say_more(screen: WarRoom, item: Hypothesis, key: str) -> None:
    field, words = _MORE[key]
    _ask(
        screen,
        f"{item.mark} {words}",
        item.text,
        lambda session, typed: refine(session, item, NOW, **{field: typed}),
        getattr(item, field),
        key=f"{field}:{item.id}",
    )


def ask_undo(screen: WarRoom, order: Action) -> None:
    """Asks how what was ordered is undone."""
    _ask(
        screen,
        f"{order.mark} is undone by",
        order.text,
        lambda session, typed: actions.say_undo(session, order, typed),
        order.undo,
        key=f"undo:{order.id}",
    )


def ask_until(screen: WarRoom, order: Action) -> None:
    """Asks until when what was ordered stays: closing the incident then minds that it ends."""

    def until(session: Session, typed: str) -> Outcome:
        at, _ = time_ahead(typed, session.board.now, screen.context.zone)
        if not at:
            raise Rejected("Say until when: 18:00, 2h, or 2026-12-01T18:00.")
        return actions.make_temporary(session, order, at)

    _ask(screen, f"{order.mark} stays until", f"{order.text}: 18:00, 2h", until, "", key=f"until:{order.id}")


def _ask(
    screen: WarRoom, prompt: str, words: str, command: Callable[[Session, str], Outcome], text: str, *, key: str
) -> None:
    board = screen.context.board

    def done(typed: str) -> bool:
        if typed.strip():
            screen.done(command(screen.session, typed.strip()))
        return True

    keep = partial(board.keep_draft, key)
    screen.prompt.ask(
        Question(prompt=prompt, words=lambda typed: words, done=done, keep=keep), board.draft(key) or text
    )
