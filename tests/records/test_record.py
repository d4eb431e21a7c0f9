"""A record is made by keyword, never changes, and equals another that says the same."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from opsterm.records import Hypothesis, Observation, Record
from opsterm.records.record import as_fields, columns, from_row


def made_of(cls: type[Record], **fields: Any) -> Any:
    """A record of a kind with these fields, and the others as they are unsaid."""
    return cls(**fields)


def test_what_is_not_given_is_as_the_field_says() -> None:
    made = made_of(Hypothesis, id="h", text="pool")
    assert (made.text, made.state, made.confidence, made.number) == ("pool", "proposed", None, 0)
    assert (made.kind, made.letter) == ("hypothesis", "h")


def test_an_id_has_to_be_given_and_no_unknown_field() -> None:
    with pytest.raises(TypeError, match="id is missing"):
        made_of(Hypothesis)
    with pytest.raises(TypeError, match="has no taste"):
        made_of(Hypothesis, id="h", taste="sour")


@pytest.mark.parametrize("name", ["text", "id", "taste"])
def test_a_record_never_changes(name: str) -> None:
    made = made_of(Hypothesis, id="h")
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(made, name, "other")
    with pytest.raises(dataclasses.FrozenInstanceError):
        delattr(made, name)


def test_records_that_say_the_same_are_equal_and_hash_alike() -> None:
    one, same = made_of(Hypothesis, id="h", text="pool"), made_of(Hypothesis, id="h", text="pool")
    assert one == same
    assert len({one, same, dataclasses.replace(one, text="deploy")}) == 2
    assert one != made_of(Observation, id="h", text="pool")
    assert "text='pool'" in repr(one)


def test_a_row_of_the_table_is_the_record_again() -> None:
    made = made_of(Hypothesis, id="h", text="pool", confidence=0.5)
    row = [column.to_sql(as_fields(made)[column.name]) for column in columns(Hypothesis)]
    assert from_row(Hypothesis, row) == made
    with pytest.raises(ValueError, match="shorter"):
        from_row(Hypothesis, row[:-1])
