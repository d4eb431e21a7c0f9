"""Clocks that can't be right: what such a station said counts, its clock drives nobody's."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from opsterm.board import meta
from opsterm.board.change import Change, Write
from opsterm.board.check import check, clocks_ahead
from opsterm.board.clock import HLC_LIMIT, hlc_ms, latest_followed
from opsterm.board.fold import fold
from opsterm.board.news import moments_since
from opsterm.incidents.hypothesis import move
from opsterm.incidents.timeline import correct
from opsterm.records import Hypothesis
from opsterm.records.instant import from_ms
from opsterm.records.timeline_entry import OF, WORDS
from tests.support.clock import BEGIN_MS
from tests.support.stations import NOWHERE, Pair, change_of, everything, folded_state, pair_at, station

NOW = BEGIN_MS << 16
FAR = HLC_LIMIT - 1000
YEAR_MS = 365 * 86_400_000


@pytest.fixture
def pair() -> Iterator[Pair]:
    with pair_at(NOWHERE) as made:
        yield made


def last_of(changes: list[Change], name: str) -> Change:
    return max((change for change in changes if change.station == name), key=lambda change: change.seq)


def test_a_change_from_far_ahead_is_taken_and_its_clock_is_not(pair: Pair) -> None:
    pair.ben.board.merge([change_of({"text": "from the year 6000"}, kind="observation", station="far", hlc=FAR)])
    move(pair.ben, pair.hypothesis_at(pair.ben), "testing")
    own = last_of(everything(pair.ben.board), pair.ben.board.station)
    assert hlc_ms(own.hlc) == BEGIN_MS
    assert any(change.hlc == FAR for change in everything(pair.ben.board))


def test_a_clock_that_may_be_right_is_followed(pair: Pair) -> None:
    ahead = (BEGIN_MS + 9 * YEAR_MS) << 16
    pair.ben.board.merge([change_of({"text": "x"}, kind="observation", station="far", hlc=ahead)])
    move(pair.ben, pair.hypothesis_at(pair.ben), "testing")
    assert last_of(everything(pair.ben.board), pair.ben.board.station).hlc == ahead + 1


def test_another_identity_follows_no_such_clock_either_nor_does_a_board_that_once_did(pair: Pair) -> None:
    pair.ben.board.merge([change_of({"text": "x"}, kind="observation", station="far", hlc=FAR)])
    pair.ben.board.remember("hlc", str(FAR))
    pair.ben.board.new_identity()
    move(pair.ben, pair.hypothesis_at(pair.ben), "testing")
    assert hlc_ms(last_of(everything(pair.ben.board), pair.ben.board.station).hlc) == BEGIN_MS
    assert int(pair.ben.board.recall("hlc")) <= latest_followed(BEGIN_MS)
    assert meta.stations_been(pair.ben.board._db)[-1] == pair.ben.board.station


def test_who_changes_what_a_clock_far_ahead_made_did_not_make_it(pair: Pair) -> None:
    made = change_of(
        {"text": "the pool", "state": "proposed", "number": 7},
        station="far",
        hlc=FAR,
        record="h",
        incident=pair.incident,
        author="noor",
    )
    pair.ben.board.merge([made])
    theirs = pair.ben.board.get(Hypothesis, "h")
    assert theirs is not None
    move(pair.ben, theirs, "testing")
    pair.meet()
    for session in (pair.mia, pair.ben):
        folded = session.board.folded("h", "hypothesis")
        assert folded is not None
        assert folded.first.change == made
        found = session.board.get(Hypothesis, "h")
        assert found is not None
        assert (found.by, found.state, found.mark) == ("noor", "testing", "h7")
        assert [line.by for line in session.board.lines_of_record("h")] == ["noor", "ben"]
        assert session.board.conflicts() == []
        assert check(session.board) == []


def test_what_is_said_of_a_field_that_nobody_had_set_stands_after_the_making_too(pair: Pair) -> None:
    made = change_of({"text": "slow"}, kind="observation", station="far", hlc=FAR, record="o", incident=pair.incident)
    pair.ben.board.merge([made])
    pair.ben.board.record("ben", [Write("observation", "o", pair.incident, {"note": "from the graph"})])
    folded = pair.ben.board.folded("o", "observation")
    assert folded is not None
    assert folded.first.change == made


def test_a_correction_made_after_one_from_far_ahead_stands(pair: Pair) -> None:
    proposed = next(c for c in everything(pair.mia.board) if c.record == pair.hypothesis)
    theirs = change_of(
        {OF: proposed.digest, WORDS: "the cache"},
        station="far",
        hlc=FAR,
        record=pair.hypothesis,
        incident=pair.incident,
    )
    pair.ben.board.merge([theirs])
    line = next(line for line in pair.ben.board.moments(pair.incident) if line.digest == proposed.digest)
    correct(pair.ben, line, "the pool of the cache")
    pair.meet()
    assert pair.hypothesis_at(pair.ben).text == pair.hypothesis_at(pair.mia).text == "the pool of the cache"


def test_in_whatever_order_they_arrive_boards_agree_on_what_comes_after_a_clock_far_ahead(pair: Pair) -> None:
    pair.ben.board.merge(
        [change_of({"state": "eliminated"}, station="far", hlc=FAR, record=pair.hypothesis, incident=pair.incident)]
    )
    for state in ("supported", "testing"):
        move(pair.ben, pair.hypothesis_at(pair.ben), state, "seen")
    changes = everything(pair.ben.board)
    for seed in range(5):
        random.Random(seed).shuffle(changes)
        late = station(NOWHERE, f"late{seed}")
        late.board.merge(changes, slice_s=0)
        assert folded_state(late.board) == folded_state(pair.ben.board)
        late.board.close()


def test_a_change_with_an_early_clock_is_not_the_one_that_made_a_record(pair: Pair) -> None:
    before = pair.hypothesis_at(pair.mia)
    early = change_of(
        {"state": "eliminated"}, station="old", hlc=1, record=pair.hypothesis, incident="elsewhere", author="nobody"
    )
    pair.mia.board.merge([early])
    after = pair.hypothesis_at(pair.mia)
    assert (after.by, after.incident, after.state) == (before.by, pair.incident, before.state)
    assert [conflict.field for conflict in pair.mia.board.conflicts()] == ["state"]
    assert check(pair.mia.board) == []


def of_one_clock() -> list[Change]:
    """Three changes of one station whose clock stands at its end: their digests sort in another order."""
    for salt in range(100):
        first = change_of({"text": "a", "number": 1}, station="s", seq=1, hlc=HLC_LIMIT - 1, author=f"mia{salt}")
        second = change_of({"text": "b"}, station="s", seq=2, hlc=HLC_LIMIT - 1, prev=first.digest)
        third = change_of({"text": "c"}, station="s", seq=3, hlc=HLC_LIMIT - 1, prev=second.digest)
        if first.digest > second.digest > third.digest:
            return [first, second, third]
    raise AssertionError("no such digests")


def test_one_stations_changes_stand_in_the_order_in_which_it_made_them() -> None:
    changes = of_one_clock()
    folded = fold(reversed(changes))
    assert [reading.change.values["text"] for reading in folded.readings] == ["a", "b", "c"]
    assert folded.standing["text"].value == "c"


def test_lines_of_one_clock_are_told_in_the_order_in_which_they_were_made(pair: Pair) -> None:
    for salt in range(100):
        told: list[Change] = []
        for seq, text in enumerate("abc", start=1):
            made = change_of(
                {"text": text},
                kind="observation",
                record=f"{'zyx'[seq - 1]}{salt}",
                incident=pair.incident,
                station="s",
                seq=seq,
                hlc=HLC_LIMIT - 1,
                prev=told[-1].digest if told else "",
            )
            told.append(made)
        if told[0].digest > told[1].digest > told[2].digest:
            break
    before = pair.mia.board.version
    pair.mia.board.merge(told)
    kinds = ["observation"]
    news = moments_since(pair.mia.board, pair.incident, before, kinds)
    assert [line.text for line in news] == ["a", "b", "c"]
    assert [line.text for line in pair.mia.board.moments_since(pair.incident, before)] == ["a", "b", "c"]
    assert [line.text for line in pair.mia.board.moments(pair.incident, last=3)] == ["a", "b", "c"]
    assert [c.values.get("text") for c in pair.mia.board.changes_of_incident(pair.incident)][-3:] == ["a", "b", "c"]


def test_check_says_whose_clock_is_not_followed(pair: Pair) -> None:
    assert clocks_ahead(pair.mia.board) == []
    pair.mia.board.merge([change_of({"text": "x"}, kind="observation", station="far", hlc=FAR, author="noor\n")])
    (said,) = clocks_ahead(pair.mia.board)
    assert said.where == "station far (noor)"
    assert f"the year {from_ms(hlc_ms(FAR))[:4]} at one change" in said.what
