"""One text that reached one audience twice within a minute: asked about before it is sent again, and told once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from opsterm.core.times import between
from opsterm.records import Update
from opsterm.records.instant import Instant

#: The same text to the same audience within so many seconds is a slip of the hand, or two who did not see each other.
#: (opsterm)
TWICE_S = 60


def _words(text: str) -> str:
    return " ".join(text.split())


def just_sent(updates: Iterable[Update], audience: str, text: str, at: Instant) -> str:
    """That the same went to this audience just before, in words; empty where it did not."""
    same = [
        between(sent.at, at)
        for sent in updates
        if sent.audience == audience and _words(sent.text) == _words(text) and 0 <= between(sent.at, at) <= TWICE_S
    ]
    return f"the same went to {audience} {int(min(same))} s ago" if same else ""


def told_once(updates: Iterable[Update]) -> Sequence[Update]:
    """The updates in the order in which they were sent, without those that say the same to the same audience again
    within a minute."""
    kept: list[Update] = []
    for sent in sorted(updates, key=lambda update: (update.at, update.born)):
        if not just_sent(kept, sent.audience, sent.text, sent.at):
            kept.append(sent)
    return kept
