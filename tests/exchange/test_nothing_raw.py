"""Nothing raw leaves: whatever another station wrote, no document holds what a terminal or an editor obeys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from opsterm.board.change import Write
from opsterm.board.store import Board
from opsterm.cli.main import main
from opsterm.drafting.channel import _RENDER, Outgoing, render
from opsterm.exchange.dump import dump
from opsterm.exchange.exporting import export_json
from opsterm.records.plain import escaped, json_text, plain
from tests.support.real_incidents import empty, take
from tests.support.stations import station

CONTROLS = "".join(map(chr, (*range(9), *range(11, 32), *range(127, 160))))
BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
UNASSIGNED = "\u0378\uffff\U000e0080\U0010ffff"
ODD = f"{CONTROLS}{BIDI}{UNASSIGNED}\u2028\u2029\ufeff"
#: Persian with its joiners, a family and a heart of emoji, a soft hyphen.
KEPT = "می‌خواهم \u0644\u200d \U0001f469\u200d\U0001f467 \u2764\ufe0f co\u00adop"


def raw_in(text: str) -> list[str]:
    return [f"{ord(sign):x}" for sign in sorted(set(ODD) & set(text))]


def test_what_leaves_says_by_its_number_what_acts_and_keeps_what_people_write() -> None:
    assert raw_in(escaped(f"a{ODD}b")) == []
    assert escaped("a\x1b\u202e\U000e0080\n\tb") == "a\\u001b\\u202e\\U000e0080\n\tb"
    assert escaped(KEPT) == plain(KEPT) == KEPT


@pytest.mark.parametrize("unicode", [True, False])
def test_json_loses_nothing(unicode: bool) -> None:
    said = {"text": f"{ODD}{KEPT}\n\t\ud800"}
    text = json_text(said, unicode=unicode)
    assert raw_in(text) == []
    assert "\ud800" not in text
    assert json.loads(text) == said
    assert (KEPT in text) is unicode


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A board that another station filled, every text of it with all that is odd."""
    odd = f"x{ODD}y"
    with station(tmp_path, "one", person="mia").board as made:
        incident = {"title": f"checkout {odd}", "number": 1, "status": "investigating", "impact": odd, "source": odd}
        made.record(f"li{odd}", [Write("incident", "i1", "", {**incident, "commander": f"noor{odd}"})])
        made.record(f"li{odd}", [Write("observation", "o1", "i1", {"text": f"{odd}{KEPT}"})])
        update = {"audience": "customers", "text": odd, "stage": odd}
        made.record(f"li{odd}", [Write("update", "u1", "i1", update)])
        owed = {"what": odd, "due_at": "2027-01-01T00:00:00Z", "sort": odd, "number": 1, "owner": odd}
        made.record(f"li{odd}", [Write("obligation", f"ob{odd}", "", owed)])
        return made.path


CALLS = (
    ("list", "--all"),
    ("list", "--all", "--json"),
    ("show", "INC-1"),
    ("show", "INC-1", "--json"),
    ("export", "INC-1"),
    ("export", "INC-1", "--format", "md"),
    ("dump",),
    ("dump", "--json"),
    ("postmortem", "INC-1"),
    ("postmortem", "INC-1", "--format", "html"),
    ("postmortem", "INC-1", "--json"),
    ("due",),
    ("due", "--json"),
    ("brief",),
)


@pytest.mark.parametrize("words", CALLS, ids=" ".join)
def test_no_call_prints_what_acts_on_a_terminal(
    board: Path, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--board", str(board), *words]) == 0
    out = capsys.readouterr().out
    assert out
    assert raw_in(out) == []


@pytest.mark.parametrize("words", [("due", "--ics"), ("due", "--todo", "--ics"), ("page", "--html")], ids=" ".join)
def test_no_file_that_is_written_holds_it(
    board: Path, words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "out"
    assert main(["--board", str(board), *words, str(file)]) == 0
    written = file.read_bytes().decode().replace("\r\n", "\n").replace("\n ", "")
    assert "\\u0378" in written
    assert raw_in(written) == []


@pytest.mark.parametrize("form", [*_RENDER])
def test_no_channel_is_given_it(form: str) -> None:
    assert raw_in(render(Outgoing(f"Payments {ODD} fail.", "customers", "identified", "en", title=ODD), form)) == []


def test_an_export_comes_back_the_same(board: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--board", str(board), "export", "INC-1"]) == 0
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    there, again = empty("there", tmp_path), empty("again", tmp_path)
    take(there, document)
    take(again, json.loads(json_text(export_json(there.board, "i1"))))
    with Board.open(board) as own:
        said = [record for record in dump(own) if record["kind"] != "obligation"]
        assert list(dump(there.board)) == list(dump(again.board)) == said
        assert [e["text"] for e in export_json(again.board, "i1")["events"]] == [e["text"] for e in document["events"]]
    assert any(KEPT in event["text"] for event in document["events"])
