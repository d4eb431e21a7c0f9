"""What README and the page on command say of the capture language: each line of their tables is tried."""

from __future__ import annotations

import re

import pytest

from opsterm.command.capture import perform, scripted
from tests.support.capture_field import capture_field
from tests.support.structure import ROOT

PAGE = (ROOT / "docs" / "command.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def typed_in(table: str) -> list[str]:
    """Every line that the first column of a table types; `…` alone behind a time stands for any words."""
    cells = [row.split("|")[1] for row in table.splitlines() if row.startswith("| `")]
    return [line.replace(" …", " errors rise") for cell in cells for line in re.findall("`([^`]+)`", cell)]


#: Lines of the capture tables.
TYPED = [
    *typed_in(README.split("| type | and it is |")[1].split("\n\n")[0]),
    *typed_in(PAGE.split("## Said in the capture line")[1].split("\n\n")[1]),
]
#: Those that are observations.
OBSERVED = [
    *("error rate doubled at 13:02", "-7m errors rise", "13:05 errors rise", "-7m error rate back to 0.1 %"),
    *("2017-01-31T21:00Z deploy", "\\#channel is full"),
]


@pytest.mark.parametrize("line", TYPED)
def test_each_line_of_the_capture_tables_does_what_it_says(line: str) -> None:
    with capture_field() as field:
        for more in ("? a third", "? a fourth", "! @mia look at db-2", "! @noor look at db-1"):
            field.type(more)
        captured = field.read(line)
        assert captured.verdict == "does"
        assert (captured.verb == "observe") == (line in OBSERVED)
        perform(field.session, field.snapshot.incident, scripted(captured))
        lines = [moment.text for moment in field.session.board.moments(field.incident)]
        assert line not in lines or line in OBSERVED


def test_what_the_page_names_as_mistyped_and_as_near_is() -> None:
    told = PAGE.split("Under the line stands")[1].split("\n## ")[0]
    amber, grey = told.split("in grey:")
    with capture_field() as field:
        for line in re.findall(r"\(`([^`]+)`", amber):
            assert field.read(line.replace("…", "x")).verdict == "mistyped", line
        for line in re.findall(r"`([^`]+)`", grey.split("\n\n")[0]):
            assert field.read(line).verdict == "text", line
