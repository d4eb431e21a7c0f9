"""A file that is not of the form is refused whole, with the place and the reason, and nothing of it is kept."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.board.check import check
from opsterm.board.failure import BoardError
from opsterm.core.session import Rejected, Session
from opsterm.exchange.exporting import export_json
from opsterm.exchange.file_format import load, parse
from opsterm.exchange.importing import import_incident
from tests.support.capture_field import Field
from tests.support.exchange_file import document_of, event
from tests.support.real_incidents import NAMES, empty, raw, take


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\xff\xfe{}", "not UTF-8 text (byte 0)"),
        (b"{", "not JSON (line 1"),
        (b'{"id": "x",\n "title": }', "not JSON (line 2, column 11"),
        (b"[]", "should be one JSON object, an incident, and is a list"),
        (b'"x"', "and is text"),
        (b"null", "and is null"),
        (b"[" * 200_000, "nested too deeply"),
        (b'{"id":NaN}', "NaN is no number"),
        (b'{"id":"x","title":"X","started_at":"2026-11-24T13:00:00Z","events":[],"x":1e999}', "no number"),
        (b'{"id":' + b"9" * 5000 + b"}", "not JSON"),
        (bytes(range(256)) * 100, "not UTF-8"),
    ],
)
def test_bytes_that_are_no_incident_are_refused_with_the_reason(content: bytes, said: str) -> None:
    with pytest.raises(Rejected, match=re.escape(said)):
        parse(content)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"id": ""}, "id: should have 1 to 120"),
        ({"id": "x" * 121}, "id: should have 1 to 120"),
        ({"title": " "}, "title: should not be empty"),
        ({"started_at": None}, "started_at: should be a time"),
        ({"started_at": "yesterday"}, "started_at: 'yesterday' is no time"),
        ({"started_at": "0001-01-01T00:00:00+14:00"}, "is no time"),
        ({"severity": "bad"}, "severity: 'bad' is none of sev1"),
        ({"events": {}}, "events: should be a list"),
        ({"events": [7]}, "events[0]: should be an object, and is a number"),
        ({"events": [event("rumour", "x", "")]}, "events[0].kind: 'rumour' is none of"),
        ({"events": [{"kind": "observation", "text": "x"}]}, "events[0].at: a time is missing"),
        ({"events": [event("status", "x", "")]}, "events[0].status: '' is none of"),
        ({"events": [event("hypothesis", "x", "")]}, "events[0].ref: is missing"),
        ({"events": [event("hypothesis", "x", "H" * 41)]}, "events[0].ref: should have at most 40"),
        ({"events": [event("hypothesis_result", "x", "H1", outcome="confirmed")]}, "opened by no hypothesis"),
        ({"events": [event("action_done", "x", "H1"), event("hypothesis", "x", "H1")]}, "opened by no action_started"),
        ({"events": [event("action_done", "x", "A1"), event("action_started", "x", "A1")]}, "before it is opened"),
        ({"events": [event("hypothesis", "x", "H1"), event("hypothesis_result", "x", "H1", outcome="maybe")]},
         "events[1].outcome: 'maybe' is none of"),
        ({"events": [event("hypothesis", "x", "H1", confidence=7)]}, "events[0].confidence: should be a number"),
        ({"people": [{"role": "scribe"}]}, "people[0].name: is missing"),
        ({"services": ["web", 1]}, "services[1]: should be text"),
        ({"customer_visible": "yes"}, "customer_visible: should be true or false"),
        ({"follow_ups": ["fix"]}, "follow_ups[0]: should be an object"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_by_its_place(change: dict[str, Any], said: str) -> None:
    session = empty()
    with pytest.raises(Rejected, match=re.escape(said)):
        take(session, {**document_of(), **change})
    assert session.board.count_changes() == 0


@pytest.mark.parametrize("missing", ["id", "title", "started_at", "events"])
def test_what_has_to_be_there_is_named_where_it_is_missing(missing: str) -> None:
    document = {key: value for key, value in document_of().items() if key != missing}
    with pytest.raises(Rejected, match=f"{missing} is missing"):
        take(empty(), document)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The paths of all that a document holds."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, item in inside for place in [(*path, key), *places(item, (*path, key))]]


WRONG: list[Any] = [
    None,
    True,
    -1,
    1e300,
    2**70,
    "",
    "x",
    "\x1b[31m\ud800",
    "x" * 5000,
    [],
    [None],
    {},
    {"a": {"b": []}},
]
DOCUMENTS = {name: raw(name) for name in NAMES}
PLACES = [(name, place) for name, document in DOCUMENTS.items() for place in places(document)]


def mutated(document: Any, place: tuple[Any, ...], value: Any, *, drop: bool) -> Any:
    made = copy.deepcopy(document)
    inside = made
    for key in place[:-1]:
        inside = inside[key]
    if drop:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    return made


def taken_whole_or_not_at_all(session: Session, document: Any) -> None:
    """The document is imported and the board is sound, or it is refused in one line and nothing is kept."""
    try:
        take(session, document)
        said = ""
    except (Rejected, BoardError) as error:
        said = str(error)
    assert said.count("\n") == 0
    assert check(session.board) == []
    assert (session.board.count_changes() == 0) is bool(said)


@given(where=st.sampled_from(PLACES), value=st.sampled_from(WRONG), drop=st.booleans())
def test_any_value_dropped_or_of_another_type_is_taken_or_refused_whole(
    where: tuple[str, tuple[Any, ...]], value: Any, drop: bool
) -> None:
    name, place = where
    taken_whole_or_not_at_all(empty(), mutated(DOCUMENTS[name], place, value, drop=drop))


@given(data=st.data())
def test_an_export_with_any_value_of_its_log_altered_is_taken_or_refused_whole(
    field: Field, data: st.DataObject
) -> None:
    from opsterm.exchange.change_log import seal

    exported = export_json(field.session.board, field.incident)
    place = data.draw(st.sampled_from([p for p in places(exported) if p[0] == "opsterm"]))
    altered = mutated(exported, place, data.draw(st.sampled_from(WRONG)), drop=data.draw(st.booleans()))
    if isinstance(altered.get("opsterm"), dict):
        altered["opsterm"]["of"] = seal(altered)
    taken_whole_or_not_at_all(empty(), altered)


def test_a_folder_a_missing_file_and_one_too_large_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Rejected, match="is a folder"):
        load(tmp_path)
    with pytest.raises(Rejected, match="can't be read"):
        load(tmp_path / "nowhere.json")
    large = tmp_path / "large.json"
    with large.open("wb") as stream:
        stream.truncate(50 << 20)
    with pytest.raises(Rejected, match=r"too large for an incident \(over 16 MB\)"):
        load(large)


def test_a_refusal_halfway_keeps_nothing_of_the_file() -> None:
    session = empty()
    late = document_of(event("observation", "x" * (1 << 21), ""))
    with pytest.raises(Exception, match="more than one entry holds"):
        import_incident(session, parse(json.dumps(late).encode()))
    assert session.board.count_changes() == 0


def test_a_log_with_values_that_other_boards_would_refuse_is_refused_whole(field: Field) -> None:
    from opsterm.exchange.change_log import seal

    deep: Any = []
    for _ in range(40):
        deep = [deep]
    exported = export_json(field.session.board, field.incident)
    exported["opsterm"]["changes"][0]["fields"]["text"] = deep
    exported["opsterm"]["of"] = seal(exported)
    taken_whole_or_not_at_all(empty(), exported)
    exported["opsterm"]["changes"][0]["record"] = "half a \ud800 character"
    taken_whole_or_not_at_all(empty(), exported)
