"""A key never acts on what another put under it.

What a key acts on may become another thing while the finger is on its way: a merge sorts the list anew, another answers
the step, a notice gives way to a worse one. So each screen says what stands under its keys, and a key is refused, once
and with a word, where that changed within the last second and not by this person's own hand. Pressed again it acts: by
then it has been read, and what stood there when it was refused is what it acts on. Where yet another thing came in
between, it is refused anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol
from weakref import WeakKeyDictionary

from screens.keys.actions import LISTS, NOTICE, RECORD, SHOWN, KeyAction, asked_for

#: How long what another changed is held from keys, in seconds (opsterm): one looks up, and reads a line.
HOLD_S = 1.0
#: What is said instead.
CHANGED = "changed just now: press again"
#: What is worked out after the key, once all is painted.
_LATER = frozenset({NOTICE})


class Painted(Protocol):
    """A screen that says what its keys act on."""

    @property
    def places(self) -> tuple[str, ...]: ...

    def under_keys(self) -> Mapping[str, object]:
        """What is painted under the keys that act on it, by what they act on; false where nothing is there."""

    def pin(self) -> None:
        """Leaves the cursor on its record, wherever that is sorted to."""

    def by_hand(self, what: str) -> bool:
        """Whether the person at the keys knows of what is under them now, where it came there by an own key: not of a
        record that only took the place of one that left, nor of what is worked out later, for another's doing."""


@dataclass(slots=True)
class _Under:
    """What stands under some keys of a screen."""

    thing: object
    #: Whether another thing stood there before.
    instead: bool = False
    #: When it came there by another's doing, in seconds; nothing where it did not.
    came: float | None = None
    #: Keys that were refused since: they may be pressed again.
    told: set[str] = field(default_factory=set)


class KeyHold:
    """What stands under the keys of one console, and since when.

    `seconds` only grow; `active` says whether anything is held at all: not where a playback plays.
    """

    def __init__(self, seconds: Callable[[], float], *, active: bool = True) -> None:
        self._seconds = seconds
        self._active = active
        self._known: WeakKeyDictionary[Painted, dict[str, _Under]] = WeakKeyDictionary()
        self._last: Painted | None = None
        #: Whether what changes now is done by what was pressed.
        self._by_hand = False

    # --- whose doing it is

    def pressed(self, screen: Painted) -> None:
        """A key, or the mouse, is about to do what it does."""
        self.look(screen)
        self._by_hand = True

    def rested(self, screen: Painted) -> None:
        """All was done that was pressed: what changes from now on is not by this person's hand."""
        self.look(screen)
        self._by_hand = False

    @contextmanager
    def elsewhere(self, screen: Painted) -> Iterator[None]:
        """What changes meanwhile came from another, or with time."""
        self.look(screen)
        by_hand, self._by_hand = self._by_hand, False
        try:
            yield
        finally:
            self.look(screen)
            self._by_hand = by_hand

    def look(self, screen: Painted) -> None:
        """Notes what stands under the keys of a screen now, and what of it is new."""
        known = self._known.setdefault(screen, {})
        # What changed on a screen while another one stood over it was not done there by hand.
        pressed, self._last = self._by_hand and screen is self._last, screen
        for what, thing in screen.under_keys().items():
            before = known.get(what)
            if before is not None and before.thing == thing:
                continue
            by_hand = screen.by_hand(what) and (pressed or what in _LATER)
            since = None if before is None or by_hand else self._seconds()
            known[what] = _Under(thing, before is not None and bool(before.thing), since)

    # --- asking

    def lets(self, screen: Painted, call: str) -> bool:
        """Whether what a key calls may be done now; what it acts on is pinned then."""
        if asked_for(call, LISTS) is not None:
            self._moved(screen)
        action = asked_for(call, *screen.places)
        if action is None or not action.acts_on:
            return True
        if self._holds(screen, action):
            return False
        if action.acts_on in (RECORD, SHOWN):
            screen.pin()
        return True

    def _moved(self, screen: Painted) -> None:
        """Whoever moves in a list looks at it: wherever the cursor is then, it was sent there."""
        record = self._known.get(screen, {}).get(RECORD)
        if record is not None:
            record.came = None

    def _holds(self, screen: Painted, action: KeyAction) -> bool:
        self.look(screen)
        shows = action.acts_on == SHOWN
        under = self._known[screen].get(RECORD if shows else action.acts_on)
        if not self._active or under is None or not under.thing or under.came is None:
            return False
        if shows and not under.instead:
            return False
        if self._seconds() - under.came >= HOLD_S or action.name in under.told:
            return False
        under.told.add(action.name)
        return True
