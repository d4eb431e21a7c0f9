"""The fold: what a set of changes amounts to, whatever order they arrived in."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from opsterm.board.change import Change
from opsterm.board.clock import HLC_LIMIT
from opsterm.board.fold import DELETED, Folded, fold, project
from opsterm.records import Hypothesis
from opsterm.records.instant import from_ms
from opsterm.records.record import stated_columns
from opsterm.records.timeline_entry import AT, OF, STRUCK, WORDS
from tests.support.clock import BEGIN_MS
from tests.support.stations import change_of

LATER = (BEGIN_MS << 16) + 1
_NOTED: dict[str, Any] = {STRUCK: st.booleans(), WORDS: st.just("better"), AT: st.just(from_ms(BEGIN_MS - 2000))}


@st.composite
def histories(draw: st.DrawFn) -> list[Change]:
    """Changes of three stations to one record, each of which saw some of those before it."""
    changes: list[Change] = []
    for number in range(draw(st.integers(1, 7))):
        fields: dict[str, Any] = draw(
            st.dictionaries(
                st.sampled_from(["text", "state", "confidence", "nobody knows"]),
                st.sampled_from(["proposed", "testing", "a", "b", 0.5, None, True, [1]]),
                max_size=3,
            )
        )
        if draw(st.booleans()):
            fields[DELETED] = draw(st.booleans())
        if draw(st.booleans()):
            fields[AT] = from_ms(BEGIN_MS + 1000 * draw(st.integers(-3, 3)))
        if draw(st.booleans()) and changes:
            fields = draw(st.fixed_dictionaries({OF: st.sampled_from([c.digest for c in changes])}, optional=_NOTED))
        seen = [c for c in changes if draw(st.booleans())]
        basis = {f: d for f in fields if (d := [c.digest for c in seen if f in c.values])}
        hlc = (BEGIN_MS << 16) + draw(st.integers(0, 3))
        changes.append(change_of(fields, station=draw(st.sampled_from("abc")), seq=number + 1, hlc=hlc, basis=basis))
    return changes


def said(folded: Folded) -> Any:
    return (
        {field: setting.value for field, setting in folded.standing.items()},
        {field: [(s.change.digest, s.value) for s in heads] for field, heads in folded.heads.items()},
        {field: [(s.change.digest, s.value) for s in heads] for field, heads in folded.conflicts.items()},
        folded.deleted,
        project(Hypothesis, folded),
    )


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(changes: list[Change], random: Any) -> None:
    shuffled = changes[:]
    random.shuffle(shuffled)
    assert said(fold(shuffled)) == said(fold(changes))


@given(histories())
def test_the_value_that_stands_is_never_one_that_somebody_replaced_knowingly(changes: list[Change]) -> None:
    folded = fold(changes)
    for field, heads in folded.heads.items():
        if heads:
            assert folded.standing[field] is heads[-1]


@given(histories())
def test_every_field_that_was_set_has_a_value_that_somebody_said(changes: list[Change]) -> None:
    folded = fold(changes)
    for field, setting in folded.standing.items():
        assert field in setting.change.values
        assert setting.change in changes


def test_later_values_replace_earlier_ones_field_by_field() -> None:
    first = change_of({"text": "pool", "confidence": 0.5, "number": 1})
    second = change_of({"confidence": 0.8}, seq=2, hlc=LATER, basis={"confidence": [first.digest]})
    row = project(Hypothesis, fold([second, first]))
    assert (row["text"], row["confidence"], row["number"]) == ("pool", 0.8, 1)


def test_heads_of_different_value_are_in_conflict_and_the_later_one_stands() -> None:
    first = change_of({"state": "testing"}, station="a")
    second = change_of({"state": "eliminated"}, station="b", hlc=LATER)
    folded = fold([first, second])
    assert [head.value for head in folded.conflicts["state"]] == ["testing", "eliminated"]
    assert folded.standing["state"].value == "eliminated"


def test_heads_of_equal_value_are_one() -> None:
    first = change_of({"state": "testing"}, station="a")
    second = change_of({"state": "testing"}, station="b", hlc=LATER)
    assert fold([first, second]).conflicts == {}


def test_a_change_that_saw_both_heads_settles_the_conflict() -> None:
    first = change_of({"state": "testing"}, station="a")
    second = change_of({"state": "eliminated"}, station="b", hlc=LATER)
    settled = change_of(
        {"state": "testing"}, station="a", seq=2, hlc=LATER + 1, basis={"state": [first.digest, second.digest]}
    )
    folded = fold([first, second, settled])
    assert folded.conflicts == {}
    assert folded.standing["state"].value == "testing"


def test_what_a_change_says_about_itself_is_never_in_conflict() -> None:
    first = change_of({"state": "testing", "_why": "a"}, station="a")
    second = change_of({"state": "testing", "_why": "b"}, station="b", hlc=LATER)
    folded = fold([first, second])
    assert folded.conflicts == {}
    assert "_why" not in folded.standing


def test_at_the_end_of_time_the_change_that_saw_the_other_still_stands() -> None:
    last = HLC_LIMIT - 1
    for name in "abcdefgh":
        first = change_of({"state": "testing"}, station=name, hlc=last)
        second = change_of({"state": "parked"}, station="a", seq=2, hlc=last, basis={"state": [first.digest]})
        assert fold([first, second]).standing["state"].value == "parked"


def test_a_removal_that_saw_everything_takes_the_record_off() -> None:
    first = change_of({"text": "pool", "state": "proposed"})
    names = {"text": [first.digest], "state": [first.digest]}
    removed = change_of({DELETED: True}, seq=2, hlc=LATER, basis=names)
    assert fold([first, removed]).deleted


def test_an_edit_that_a_removal_did_not_see_keeps_the_record_in_conflict() -> None:
    first = change_of({"text": "pool"}, station="a")
    edit = change_of({"text": "pool on db-2"}, station="b", hlc=LATER, basis={"text": [first.digest]})
    removed = change_of({DELETED: True}, station="a", seq=2, hlc=LATER + 1, basis={"text": [first.digest]})
    folded = fold([first, edit, removed])
    assert not folded.deleted
    assert folded.standing["text"].value == "pool on db-2"
    assert [(head.value, head.change) for head in folded.conflicts[DELETED]] == [(True, removed), (False, edit)]


def test_saying_that_a_kept_record_stays_settles_it() -> None:
    first = change_of({"text": "pool"}, station="a")
    edit = change_of({"text": "pool on db-2"}, station="b", hlc=LATER, basis={"text": [first.digest]})
    removed = change_of({DELETED: True}, station="a", seq=2, hlc=LATER + 1, basis={"text": [first.digest]})
    stays = change_of({DELETED: False}, station="b", seq=2, hlc=LATER + 2, basis={DELETED: [removed.digest]})
    folded = fold([first, edit, removed, stays])
    assert not folded.deleted
    assert folded.conflicts == {}


@given(
    st.sampled_from(sorted(stated_columns(Hypothesis))),
    st.sampled_from([None, True, 1, -1.5, 1e300, 2**80, "x\x1b[31m", [], ["a", 1], {"a": 1}]),
)
def test_a_value_of_another_type_leaves_the_field_as_it_would_be_unsaid(field: str, value: Any) -> None:
    row = project(Hypothesis, fold([change_of({field: value})]))
    usual = project(Hypothesis, fold([change_of({})]))
    assert type(row[field]) in (type(usual[field]), float)
    assert "\x1b" not in str(row[field])
