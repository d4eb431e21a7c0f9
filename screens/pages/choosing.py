"""Keys that are about one record: the one before the person, or it is said what to press where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ClassVar, Generic, TypeVar

from screens.keys.actions import RECORD
from screens.pages.lines_screen import LinesScreen

T = TypeVar("T")
P = TypeVar("P")
S = TypeVar("S", bound="Choosing[Any]")


class Choosing(LinesScreen, Generic[T]):
    """A page of records of one kind. Subclasses say which are listed, and what to press where none is selected."""

    none_chosen: ClassVar[str] = "nothing here"

    def listed(self) -> Mapping[str, T]:
        """What its lines are about, by their keys."""
        raise NotImplementedError

    @property
    def here(self) -> T | None:
        """What is selected, if anything."""
        return self.listed().get(self.lines.selected)

    def under_keys(self) -> Mapping[str, object]:
        """The record as it stands: where another began it, the same key ends it."""
        found = super().under_keys()
        return {**found, RECORD: self.here or found[RECORD]} if found else {}

    def chosen(self) -> T | None:
        """What keys are about; says so where there is nothing."""
        found = self.here
        if found is None:
            self.prompt.flash(self.none_chosen)
        return found


def about(choose: Callable[[P], T | None]) -> Callable[[Callable[[P, T], None]], Callable[[P], None]]:
    """What a key does to what is chosen on its page, and to nothing else; choosing says so where nothing is."""

    def bound(act: Callable[[P, T], None]) -> Callable[[P], None]:
        @wraps(act)
        def of_key(page: P) -> None:
            item = choose(page)
            if item is not None:
                act(page, item)

        return of_key

    return bound


def on_chosen(act: Callable[[S, T], None]) -> Callable[[S], None]:
    """What a key does to the chosen record of a page."""

    def choose(page: S) -> T | None:
        found: T | None = page.chosen()
        return found

    return about(choose)(act)
