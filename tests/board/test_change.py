"""A change's canonical bytes and digest, and what is refused of a change that came from elsewhere."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.board.change import FIELDS_BYTES_MAX, Change, canonical, digest_of, fault
from opsterm.board.clock import HLC_LIMIT
from tests.support.stations import change_of

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=[]), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def resealed(change: Change, **fields: Any) -> Change:
    """The change with other fields and the digest that fits them."""
    altered = change._replace(**fields)
    return altered._replace(digest=digest_of(altered[1:]))


def test_the_canonical_form_does_not_depend_on_the_order_of_keys() -> None:
    assert canonical({"b": 1, "a": [1, "ü"]}) == canonical({"a": [1, "ü"], "b": 1}) == '{"a":[1,"ü"],"b":1}'


def test_the_digest_is_of_the_chain_and_the_canonical_bytes() -> None:
    change = change_of({"text": "应急 ①"})
    row = [*change[1:]]
    expected = sha256(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()
    assert change.digest == expected
    assert '"text":"应急 ①"' in change.fields


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_has_no_canonical_form(number: float) -> None:
    with pytest.raises(ValueError, match="JSON compliant"):
        canonical({"confidence": number})


@given(VALUES)
def test_canonical_bytes_say_the_value_again_and_are_utf_8(value: Any) -> None:
    text = canonical(value)
    text.encode("utf-8")
    again = json.loads(text)
    assert canonical(again).encode() == canonical(json.loads(canonical(again))).encode()


def test_half_a_character_survives_as_it_came() -> None:
    assert json.loads(canonical("log\udcff")) == "log\udcff"
    assert fault(change_of({"text": "log\udcff"})) == ""


@given(st.dictionaries(st.text(min_size=1, max_size=8), VALUES, max_size=4))
def test_whatever_a_command_can_write_is_no_fault_elsewhere(fields: dict[str, Any]) -> None:
    assert fault(change_of(fields)) == ""


@pytest.mark.parametrize("column", Change._fields)
def test_a_change_altered_in_any_column_is_refused(column: str) -> None:
    change = change_of()
    value = getattr(change, column)
    other: Any = value + 1 if isinstance(value, int) else f"{value} "
    assert fault(change._replace(**{column: other}))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"seq": 0}, "out of range"),
        ({"hlc": HLC_LIMIT}, "out of range"),
        ({"wall": 1 << 62}, "out of range"),
        ({"record": ""}, "empty or too long"),
        ({"record": "r" * 201}, "empty or too long"),
        ({"fields": "[]"}, "not an object"),
        ({"fields": "{"}, "not JSON"),
        ({"fields": '{"confidence":NaN}'}, "not JSON"),
        ({"fields": '{"confidence":1e999}'}, "not JSON"),
        ({"fields": '{"a":' + "[" * 100_000 + "]" * 100_000 + "}"}, "not JSON"),
        ({"fields": '{"a":' + "[" * 17 + "]" * 17 + "}"}, "too deep"),
        ({"fields": json.dumps({"text": "x" * FIELDS_BYTES_MAX})}, "too large"),
        ({"basis": '{"text":"abc"}'}, "not a list of digests"),
        ({"basis": '{"text":[1]}'}, "not a list of digests"),
    ],
)
def test_a_malformed_change_is_refused_though_its_digest_fits(fields: dict[str, Any], said: str) -> None:
    assert said in fault(resealed(change_of(), **fields))


@pytest.mark.parametrize(
    ("column", "value"), [("seq", "1"), ("seq", True), ("hlc", 1.5), ("fields", b"{}"), ("kind", 7)]
)
def test_a_column_of_another_type_is_refused(column: str, value: Any) -> None:
    assert "of another type" in fault(change_of()._replace(**{column: value}))


def test_a_text_that_utf_8_cant_hold_is_refused() -> None:
    assert fault(change_of()._replace(author="ben\ud800")) == "a text in it is not Unicode"
