"""Floods: more changes of one record than any person says are taken in few steps, and go as deep as they like."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from opsterm.board import derived, fold, merging
from opsterm.board.change import Change
from opsterm.board.check import check
from opsterm.incidents.hypothesis import move
from opsterm.records.timeline_entry import OF, STRUCK
from tests.support.clock import BEGIN_MS
from tests.support.stations import NOWHERE, Pair, change_of, everything, folded_state, pair_at

MANY = 1500


@pytest.fixture
def pair() -> Iterator[Pair]:
    with pair_at(NOWHERE) as made:
        yield made


def flood(pair: Pair, fields: Callable[[int, str], dict[str, Any]], basis: str = "") -> list[Change]:
    """Changes of one station to the hypothesis, each given its place and the digest of the one before it."""
    last = next(c for c in everything(pair.mia.board) if c.record == pair.hypothesis).digest
    out: list[Change] = []
    for number in range(MANY):
        made = change_of(
            fields(number, last),
            station="far",
            seq=number + 1,
            hlc=(BEGIN_MS << 16) + 100 + number,
            record=pair.hypothesis,
            incident=pair.incident,
            prev=out[-1].digest if out else "",
            basis={basis: [last]} if basis else {},
        )
        out.append(made)
        last = made.digest
    return out


def test_notes_on_notes_go_as_deep_as_they_like(pair: Pair) -> None:
    pair.mia.board.merge(flood(pair, lambda _, last: {OF: last, STRUCK: True}))
    folded = pair.mia.board.folded(pair.hypothesis)
    assert folded is not None
    assert folded.first.struck is None, "an even number of notes, each striking the one before it"
    move(pair.mia, pair.hypothesis_at(pair.mia), "testing")
    assert pair.hypothesis_at(pair.mia).state == "testing"


def test_a_flood_to_one_record_works_it_out_a_few_times_and_not_for_each_slice(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    lengths: list[int] = []
    real = fold.fold

    def counted(changes: Any) -> fold.Folded:
        lengths.append(len(changes))
        return real(changes)

    monkeypatch.setattr(derived, "fold", counted)
    monkeypatch.setattr(merging, "_SLICE_FIRST", 5)
    monkeypatch.setattr(merging, "_SLICE_MIN", 5)
    changes = flood(pair, lambda number, _: {"text": f"line {number}"}, basis="text")
    assert pair.mia.board.merge(changes, slice_s=0).taken == MANY
    assert sum(lengths) < 4 * MANY
    assert pair.hypothesis_at(pair.mia).text == f"line {MANY - 1}"


def test_what_stood_before_each_of_many_changes_is_found_without_a_look_at_all_of_them(pair: Pair) -> None:
    """Each change was said after the one before it, and its line tells from what to what."""
    pair.mia.board.merge(flood(pair, lambda number, _: {"text": f"line {number}"}, basis="text"))
    lines = [line for line in pair.mia.board.moments(pair.incident) if line.station == "far"]
    assert [(line.was, line.now) for line in lines][-1] == (f"line {MANY - 2}", f"line {MANY - 1}")
    pair.ben.board.merge(everything(pair.mia.board))
    assert folded_state(pair.ben.board) == folded_state(pair.mia.board)
    assert check(pair.mia.board) == []
    folded = pair.mia.board.folded(pair.hypothesis)
    assert folded is not None
    at_looked: list[str] = []
    history = folded.fields["text"]
    watched = [_Watched(one, at_looked) for one in history.settings]
    object.__setattr__(history, "settings", watched)
    history.before(folded.readings[-1])
    assert len(at_looked) <= 3


class _Watched:
    """A setting that notes that it was looked at."""

    def __init__(self, setting: fold.Setting, looked: list[str]) -> None:
        self._setting = setting
        self._looked = looked

    def __getattr__(self, name: str) -> Any:
        self._looked.append(json.dumps(name))
        return getattr(self._setting, name)
