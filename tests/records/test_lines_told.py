"""Every change is told in people's words: the value, then the reason, as a person said it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest

from opsterm.board.timeline import Moment
from opsterm.records import KINDS
from opsterm.records.record import stated_columns
from opsterm.records.timeline_entry import NAMED, Names, Said, edit_entry, incident_words
from tests.support.lines_told import Field, Lines, every_field, every_line, told_fields, values_of

_IDS = "it is an id: people have no word for it"
_SUMS = "it is told with what it comes of"
_OWN = "it is the console's own: nobody said it"
#: Fields that a line doesn't tell of when they alone are set, and why.
UNTOLD: Mapping[str, str] = {
    **{f"{kind}.number": "it is in the mark" for kind, cls in KINDS.items() if cls.entry is not None},
    "action.extended": "it counts the times that it was given more time, each of which is a line",
    "action.heard_at": _OWN,
    "action.heard_of": _OWN,
    "evidence.hypothesis": _IDS,
    "evidence.closing": "it says that the line of a state tells it already",
    "hypothesis.parent": _IDS,
    "incident.severity_ruled": "it is what a person's severity is compared with",
    "incident.severity_knowing": _OWN,
    "incident.triaged_at": "it marks that the answers beside it were given together",
    "incident.taken_from": "it is told with who took command",
    "incident.reopened": _SUMS,
    "incident.causes": "it is told afterwards, of the whole",
    "incident.follow_ups": "it is told afterwards, of the whole",
    "involvement.vendor": _IDS,
    "objection.proposal": _IDS,
    "observation.topic": "it says which kind of line it is",
    "obligation.occurrence": _SUMS,
    "obligation.snoozes": _SUMS,
    "obligation.origin": _IDS,
    "probe.hypotheses": _IDS,
    "proof.run": _IDS,
    "proof.step": _IDS,
    "proposal.decision": _IDS,
    "role.known": _OWN,
    "run.source": "it is the text of the whole list",
    "run.repeat": _IDS,
    "run.repeat_of": _OWN,
    "run.deployment": _IDS,
    "run.left": _SUMS,
    "run.overridden": _SUMS,
    "run.failed": _SUMS,
    "run.killers_open": _SUMS,
    "run.follow_up": _IDS,
    "spell.line": _IDS,
    "spell.end_line": _IDS,
    "spell.past": "it is told by the line that began another",
    "step.run": _IDS,
    "step.position": "it is the place in the list",
    "step.item": "it names the step over all versions of its list",
    "step.asked_by": "it is told with the answer",
    "step.sensed": _SUMS,
    "update.knew": _OWN,
    "text_approval.text": "it is a whole text: it is read where it is approved",
    "text_approval.digest": "it names the text",
}
#: What people would not say.
RAW = re.compile(r"\b[0-9a-f]{16}\b|\d{4}-\d\d-\d\dT")


@pytest.fixture(scope="module")
def lines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lines]:
    made = Lines.at(tmp_path_factory.mktemp("lines"))
    yield made
    made.board.close()


def _word(field: Field, place: int) -> str:
    return "".join(Random(f"{field.name} {place}").choices("bcdfghklmnprstw", k=9))


def _told(field: Field, lines: Lines, value: Any, other: Any, why: str = "") -> list[Moment]:
    """The lines of a change from one value of a field to another."""
    cls = KINDS[field.kind]
    record = lines.make(cls)
    lines.set(cls, record, {field.column.name: other})
    return lines.set(cls, record, {field.column.name: value}, why)


def _raw_names(text: str) -> list[str]:
    names = {name for cls in KINDS.values() for name in stated_columns(cls) if "_" in name}
    return [name for name in names if re.search(rf"\b{name}\b", text)]


@pytest.mark.parametrize("field", told_fields(), ids=lambda field: field.name)
def test_a_line_tells_the_value_and_then_the_reason(lines: Lines, field: Field) -> None:
    value, other, *_ = values_of(field, lines, _word(field, 1), _word(field, 2))
    why = _word(field, 3)
    without, reasoned = _told(field, lines, value, other), _told(field, lines, value, other, why)
    back = _told(field, lines, other, value)
    if field.name in UNTOLD:
        assert [line.text for line in without] == [line.text for line in back]
        assert all(line.text in (why, f"{without[0].text}: {why}" if without else why) for line in reasoned)
    else:
        assert [line.why for line in reasoned] == [why]
        assert [line.text for line in reasoned] == [f"{line.text}: {why}" for line in without]
        assert all(why not in line.text for line in without)
        assert [line.text for line in without] != [line.text for line in back]
        if value == _word(field, 1):
            assert [value in line.text for line in without] == [True]


@pytest.mark.parametrize("field", told_fields(), ids=lambda field: field.name)
def test_no_line_holds_what_people_would_not_say(lines: Lines, field: Field) -> None:
    values = values_of(field, lines)
    for value, other in zip(values, (*values[1:], values[0]), strict=True):
        for why in ("", "fewer are hurt"):
            for line in _told(field, lines, value, other, why):
                assert RAW.findall(line.told) == []
                assert _raw_names(line.told) == []
                assert line.text == line.text.strip()


@pytest.mark.parametrize("field", every_field(), ids=lambda field: field.name)
def test_every_field_of_every_kind_has_a_name_and_words_that_people_would_say(lines: Lines, field: Field) -> None:
    name, column = field.column.name, field.column
    names = {name: Names(column.called, column.in_words)}
    for value in values_of(field, lines):
        entry = edit_entry(Said({name: value}, names=names))
        text = entry.text if entry else ""
        assert RAW.findall(re.sub(f"{NAMED}.*?{NAMED}", "INC-1 Uploads fail", text)) == []
        assert _raw_names(text) == []
    if column.doc.startswith(("Id of", "Ids of")):
        assert column.called == "" or column.in_words is incident_words


def test_what_is_left_untold_has_a_reason_and_is_there() -> None:
    assert UNTOLD.keys() - {field.name for field in told_fields()} == set()


def test_every_kind_of_line_is_told_with_its_reason(lines: Lines) -> None:
    told = [line for told in every_line(lines) for line in told.lines]
    assert [line.text for line in told if not line.text.endswith("fewer are hurt")] == []
    assert [line.text for line in told if RAW.findall(line.told) or _raw_names(line.told)] == []
