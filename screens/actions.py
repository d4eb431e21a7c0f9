"""The one table of what keys do. Bindings, footer, help, palette and docs derive from it, and cannot disagree.

A screen answers an action with its method `action_<name>`; a pane's actions are answered by the screen it stands on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from textual.binding import Binding, BindingType

ROOM = "war room"
STATUS, HYPOTHESES, ORDERS, UPDATES, CHECKLISTS, TIMELINE = (
    "status",
    "hypotheses",
    "actions",
    "updates",
    "checklists",
    "timeline",
)
PANES = (STATUS, HYPOTHESES, ORDERS, UPDATES, CHECKLISTS, TIMELINE)
HOME = "home"
LISTS = "lists"
PAGE = "page"
CAPTURE = "capture line"
COMPOSER = "composer"
TEXT = "composer's text"
WALK = "walkthrough"
PLAYBACK = "playback"

#: Places whose keys a screen answers for a widget that stands on it.
_ANSWERED_BY_SCREEN = frozenset({*PANES, PLAYBACK, TEXT})


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a key does."""

    name: str
    #: Keys as Textual names them, the one to show first.
    keys: tuple[str, ...]
    #: What the footer says: a verb, as short as it can be.
    verb: str
    #: What help and palette say.
    words: str
    places: tuple[str, ...]
    #: Whether the footer shows it while there is room.
    shown: bool = True


def _wide(sign: str, full_width: str) -> tuple[str, ...]:
    return (sign, full_width)


TABLE: tuple[Action, ...] = (
    # What the selected thing in a pane takes, most used first.
    Action("rule_out", ("x",), "rule out", "rule the hypothesis out, with a reason", (HYPOTHESES,)),
    Action("evidence_for", _wide("plus", "fullwidth_plus_sign"), "for", "evidence for the hypothesis", (HYPOTHESES,)),
    Action(
        "evidence_against",
        _wide("minus", "fullwidth_hyphen_minus"),
        "against",
        "evidence against the hypothesis",
        (HYPOTHESES,),
    ),
    Action("next_test", ("n",), "next test", "go to the hypothesis to test next", (HYPOTHESES,)),
    Action("acknowledge", ("a",), "acknowledge", "acknowledge the order", (ORDERS,)),
    Action("report", ("enter",), "say result", "say what came of the order", (ORDERS,)),
    Action("cancel", ("x",), "cancel", "cancel the order, with a reason", (ORDERS,)),
    Action("more_time", _wide("plus", "fullwidth_plus_sign"), "more time", "give the order more time", (ORDERS,)),
    Action("walk", ("enter",), "walk", "walk through the checklist", (CHECKLISTS,)),
    Action("filter", ("f",), "filter", "show one kind of line, then the next", (TIMELINE,)),
    Action(
        "open", ("enter", "e"), "open", "open it in full, with its history", (STATUS, HYPOTHESES, UPDATES, TIMELINE)
    ),
    Action("open", ("e",), "open", "open it in full, with its history", (ORDERS, CHECKLISTS)),
    # What is always one key away in the war room.
    Action("log", ("l",), "log", "log what you see", (ROOM,)),
    Action("hypothesis", ("h", "fullwidth_question_mark"), "hypothesis", "say what could explain this", (ROOM,)),
    Action("order", ("o", *_wide("exclamation_mark", "fullwidth_exclamation_mark")), "order", "order a task", (ROOM,)),
    Action("decision", ("d", *_wide("equals_sign", "fullwidth_equals_sign")), "decision", "note a decision", (ROOM,)),
    Action("message", ("m",), "message", "write a message to stakeholders", (ROOM,)),
    Action("status", ("s",), "status", "set the status", (ROOM,)),
    Action("severity", ("v",), "severity", "set the severity", (ROOM,)),
    Action("checklist", ("c",), "checklist", "walk the open checklist, or pick one", (ROOM,)),
    Action("roll_back", ("b",), "back out", "pick a rollback procedure", (ROOM,)),
    Action("waiting", ("w",), "waiting for", "what are we waiting for?", (ROOM,)),
    Action("since", ("i",), "news", "what happened since I last looked", (ROOM,)),
    Action("undo", ("u",), "undo", "undo my last act; it says which", (ROOM,)),
    Action("accept", ("a",), "accept", "accept or acknowledge what is asked of me", (ROOM,), shown=False),
    Action("transfer", ("t",), "command", "take, offer or accept command", (ROOM,)),
    Action("roles", ("r",), "roles", "say who takes which role", (ROOM,)),
    Action("copy", ("y",), "copy", "copy the selected thing", (ROOM,)),
    Action("zoom", ("z",), "zoom", "show this pane alone, or all again", (ROOM,)),
    Action("search", ("slash",), "search", "show only lines with these words", (ROOM, HOME)),
    Action(
        "hash",
        _wide("number_sign", "fullwidth_number_sign"),
        "set",
        "status, severity, milestone, impact",
        (ROOM,),
        shown=False,
    ),
    Action("person", _wide("at", "fullwidth_commercial_at"), "person", "a person and a role", (ROOM,), shown=False),
    Action(
        "said",
        _wide("greater_than_sign", "fullwidth_greater_than_sign"),
        "sent",
        "note an update that was sent",
        (ROOM,),
        shown=False,
    ),
    Action("keep_first", ("A",), "keep first", "settle the alarm: the first value stands", (ROOM,), shown=False),
    Action("keep_second", ("B",), "keep second", "settle the alarm: the second value stands", (ROOM,), shown=False),
    Action("go_status", ("1",), "status", "go to Status", (ROOM,), shown=False),
    Action("go_hypotheses", ("2",), "hypotheses", "go to Hypotheses", (ROOM,), shown=False),
    Action("go_actions", ("3",), "actions", "go to Actions", (ROOM,), shown=False),
    Action("go_updates", ("4",), "updates", "go to Updates", (ROOM,), shown=False),
    Action("go_checklists", ("5",), "checklists", "go to Checklists", (ROOM,), shown=False),
    Action("go_timeline", ("6",), "timeline", "go to Timeline", (ROOM,), shown=False),
    Action("next_pane", ("tab",), "next pane", "go to the next pane", (ROOM,), shown=False),
    Action("previous_pane", ("shift+tab",), "pane before", "go to the pane before", (ROOM,), shown=False),
    # Playback.
    Action("pause", ("p",), "pause", "pause the playback, or go on", (PLAYBACK,)),
    Action("slower", ("left_square_bracket",), "slower", "play slower", (PLAYBACK,)),
    Action("faster", ("right_square_bracket",), "faster", "play faster", (PLAYBACK,)),
    # Home.
    Action("open", ("enter",), "open", "open the incident", (HOME,)),
    Action("declare", ("n",), "declare", "declare an incident: a title and enter", (HOME,)),
    Action("undo", ("u",), "undo", "undo my last act; it says which", (HOME,)),
    Action("name", ("N",), "my name", "say who you are", (HOME,)),
    # A page that shows one thing in full.
    Action("open", ("enter",), "open", "open or take the selected line", (PAGE,)),
    Action("copy", ("y",), "copy", "copy this page", (PAGE,)),
    # The line that one types in.
    Action("enter", ("enter",), "do it", "do what the words say", (CAPTURE,)),
    Action("back", ("escape",), "back", "step back; what was typed is kept", (CAPTURE,)),
    Action("earlier", ("up",), "earlier", "the line typed before", (CAPTURE,)),
    Action("later", ("down",), "later", "the line typed after", (CAPTURE,), shown=False),
    # Composer.
    Action("send", ("S",), "send: copy and record", "copy the text and record it as sent", (COMPOSER,)),
    Action("edit", ("e",), "edit", "edit the text", (COMPOSER,)),
    Action("copy", ("y",), "copy only", "copy the text, record nothing", (COMPOSER,)),
    Action("audience", ("a",), "audience", "say to whom", (COMPOSER,)),
    Action("stage", ("s",), "stage", "say at which stage", (COMPOSER,)),
    Action("read", ("escape",), "read again", "leave the text; it is kept", (TEXT,)),
    # Walkthrough.
    Action("done", ("space", "enter"), "done", "the step is done", (WALK,)),
    Action("failed", ("f",), "failed", "the step failed, and how", (WALK,)),
    Action("skip", ("s",), "skip", "skip the step, and why", (WALK,)),
    Action("defer", ("d",), "defer", "leave the step for later, and why", (WALK,)),
    Action("not_applicable", ("n",), "not applicable", "the step does not apply here, and why", (WALK,)),
    Action("reopen", ("o",), "open again", "open the step again", (WALK,)),
    Action("pause", ("p",), "pause", "pause the run, for you or another", (WALK,)),
    Action("close", ("x",), "close", "close the run", (WALK,)),
    # Moving, in every list.
    Action("down", ("j", "down"), "down", "go down", (LISTS,), shown=False),
    Action("up", ("k", "up"), "up", "go up", (LISTS,), shown=False),
    Action("page_down", ("pagedown",), "page down", "go a page down", (LISTS,), shown=False),
    Action("page_up", ("pageup",), "page up", "go a page up", (LISTS,), shown=False),
    Action("first", ("g", "home"), "first", "go to the first", (LISTS,), shown=False),
    Action("last", ("G", "end"), "last", "go to the last", (LISTS,), shown=False),
    # On every screen.
    Action("help", ("question_mark", "f1"), "keys", "the keys of this screen", (ROOM, HOME, PAGE, COMPOSER, WALK)),
    Action("palette", ("colon", "ctrl+p"), "everything", "find any command by its words", (ROOM, HOME)),
    Action("step_back", ("escape",), "back", "step back one", (ROOM, HOME, PAGE, COMPOSER, WALK), shown=False),
    Action("leave", ("q",), "leave", "back to home; from home, quit", (ROOM, HOME, PAGE, COMPOSER, WALK)),
)

_SAID = {
    "exclamation_mark": "!",
    "equals_sign": "=",
    "number_sign": "#",
    "at": "@",
    "greater_than_sign": ">",
    "plus": "+",
    "minus": "-",
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "escape": "esc",
    "up": "↑",
    "down": "↓",
    "pagedown": "pgdn",
    "pageup": "pgup",
    "f1": "F1",
}


def say_key(key: str) -> str:
    """A key as people say and see it."""
    return _SAID.get(key, key)


def of(*places: str) -> Iterator[Action]:
    """The actions of these places, in the order of the table."""
    return (action for action in TABLE if any(place in action.places for place in places))


def bindings(*places: str) -> list[BindingType]:
    """The bindings of a screen or a widget for its places."""
    made: list[BindingType] = []
    for place in places:
        target = "screen." if place in _ANSWERED_BY_SCREEN else ""
        made += [
            Binding(
                ",".join(action.keys), f"{target}{action.name}", action.words, show=False, id=f"{place}:{action.name}"
            )
            for action in of(place)
        ]
    return made


def footer(places: Iterable[str]) -> list[Action]:
    """What the footer shows for where one is, most particular place first."""
    found: list[Action] = []
    taken: set[str] = set()
    for place in places:
        for action in of(place):
            if action.shown and action.keys[0] not in taken:
                found.append(action)
                taken.update(action.keys)
    return found
