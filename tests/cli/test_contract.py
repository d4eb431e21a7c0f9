"""The public command line: shapes of the answers, exit codes, and what counts as an option or as text."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from contextlib import redirect_stdout
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from opsterm.board.change import Write
from opsterm.board.clock import HLC_LIMIT
from opsterm.board.store import Board
from opsterm.cli.main import FAMILIES, build_parser, main
from opsterm.records import Incident
from tests.support.call import Done, refused, run
from tests.support.cases import case
from tests.support.stations import change_of

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@pytest.fixture
def board(tmp_path: Path) -> Path:
    """A board on which one incident runs."""
    path = tmp_path / "board.sqlite"
    assert run(path, "declare", "Checkout fails", "for EU cards", "--severity", "SEV2", "--service", "web").code == 0
    return path


def answered(done: Done) -> Any:
    """The one JSON document that the call gave."""
    assert done.code == 0, done
    return done.json


def typed(board: Path, *lines: str) -> None:
    for line in lines:
        assert run(board, "log", "-", line).code == 0


def test_declaring_prints_the_short_id(tmp_path: Path) -> None:
    done = run(tmp_path / "b.sqlite", "declare", "Checkout fails")
    assert (done.code, done.out, done.err) == (0, "INC-1\n", "")


def test_declare_answers_with_the_incident(tmp_path: Path) -> None:
    words = ("declare", "X", "--service", "web", "--service", "db", "--commander", "@noor", "--json")
    (made,) = answered(run(tmp_path / "b.sqlite", *words))["incidents"]
    assert (made["title"], made["mark"], made["commander"]) == ("X", "INC-1", "noor")
    assert re.fullmatch("[0-9a-f]{16}", made["id"])


def test_list_answers_with_what_runs_and_with_all_if_asked(board: Path) -> None:
    (listed,) = answered(run(board, "list", "--json"))["incidents"]
    assert {"id", "title", "severity", "status", "commander", "started_at"} <= set(listed)
    assert (listed["severity"], listed["status"], listed["commander"]) == ("sev2", "investigating", "mia")
    typed(board, "#cancelled the probe was wrong")
    assert answered(run(board, "list", "--json"))["incidents"] == []
    assert [i["status"] for i in answered(run(board, "list", "--all", "--json"))["incidents"]] == ["cancelled"]


def test_show_has_the_shape_of_the_contract(board: Path) -> None:
    typed(board, "? pool", "-h1 40 %", "! @ben cap it in 10m", ">customers We are on it.", "@noor scribe", "seen")
    shown = answered(run(board, "show", "INC-1", "--json"))
    assert {
        "id", "title", "severity", "status", "started_at", "detected_at", "declared_at", "mitigated_at", "resolved_at",
        "commander", "services", "impact",
    } <= set(shown["incident"])  # fmt: skip
    assert shown["roles"] == [{"role": "commander", "name": "mia"}, {"role": "scribe", "name": "noor"}]
    (hypothesis,) = shown["hypotheses"]
    assert {"id", "text", "state", "confidence", "owner", "evidence", "scope"} <= set(hypothesis)
    assert (hypothesis["evidence"][0]["text"], hypothesis["evidence"][0]["supports"]) == ("40 %", False)
    (action,) = shown["actions"]
    assert {"id", "text", "state", "owner", "due_at"} <= set(action)
    assert TIME.fullmatch(action["due_at"])
    (update,) = shown["updates"]
    assert {"at", "audience", "stage", "text", "by"} <= set(update)
    assert all({"at", "kind", "text", "by"} <= set(line) for line in shown["timeline"])
    assert (shown["checklists"], shown["conflicts"]) == ([], [])


@pytest.mark.parametrize(
    "words",
    [("list",), ("list", "--all"), ("show", "-"), ("export", "-"), ("export", "-", "--format", "md"), ("dump",),
     ("check",), ("rebuild",), ("declare", "Search is slow"), ("search", "cards"), ("due",), ("recurrences",)],
)  # fmt: skip
def test_with_json_standard_output_is_one_document_and_nothing_else(board: Path, words: tuple[str, ...]) -> None:
    for call in (("--json", *words), (*words, "--json")):
        done = run(board, *call)
        assert (done.code, done.err) == (0, "")
        assert isinstance(done.json, dict)


def test_check_answers_ok_and_how_much_it_read(board: Path) -> None:
    said = answered(run(board, "check", "--json"))
    assert (said["ok"], said["changes"], said["stations"], said["problems"]) == (True, 1, 1, [])


def test_check_names_whose_clock_nobody_follows_and_calls_it_no_damage(board: Path) -> None:
    far = change_of({"text": "x"}, kind="observation", station="far", hlc=HLC_LIMIT - 1, author="noor")
    with Board.open(board, any_disk=True) as opened:
        opened.merge([far])
    done = run(board, "check")
    assert done.code == 0
    assert "station far (noor): its clock stood in the year 6429 at one change" in done.out
    assert answered(run(board, "check", "--json"))["clocks_ahead"][0]["where"] == "station far (noor)"


def test_check_exits_1_and_names_damage(board: Path) -> None:
    import sqlite3

    db = sqlite3.connect(board)
    with db:
        db.execute("UPDATE change SET author = 'somebody else'")
    db.close()
    done = run(board, "check", "--json")
    assert (done.code, done.json["ok"]) == (1, False)
    assert {"where", "what"} <= set(done.json["problems"][0])


def test_dump_is_one_record_a_line_sorted_by_kind_and_id(board: Path) -> None:
    typed(board, "? pool", "? deploy", "seen", "应急 🔥")
    rows = [json.loads(line) for line in run(board, "dump").out.splitlines()]
    assert [(row["kind"], row["id"]) for row in rows] == sorted((row["kind"], row["id"]) for row in rows)
    assert {row["kind"] for row in rows} == {"incident", "hypothesis", "observation"}
    assert all("station" not in row and "born" not in row for row in rows)


def test_a_dump_is_the_same_after_a_rebuild(board: Path) -> None:
    typed(board, "? pool", "h1 60% @noor", "! @ben cap it in 10m", "#sev1 all")
    before = run(board, "dump").out
    assert run(board, "rebuild").code == 0
    assert run(board, "dump").out == before


def test_import_answers_with_the_files_ids_and_export_gives_them_back(tmp_path: Path) -> None:
    board = tmp_path / "b.sqlite"
    folder = files("opsterm") / "data" / "incidents"
    names = sorted(str(f) for f in folder.iterdir())
    taken = answered(run(board, "import", *names, "--json"))["incidents"]
    assert [i["id"] for i in taken] == [Path(name).stem for name in names]
    before = run(board, "dump").out
    assert run(board, "import", *names).code == 0
    assert run(board, "dump").out == before
    for item in taken:
        exported = tmp_path / f"{item['id']}.json"
        exported.write_text(run(board, "export", item["id"]).out, encoding="utf-8")
        other = tmp_path / f"{item['id']}.sqlite"
        assert run(other, "import", str(exported)).code == 0
        marks = [answered(run(path, "show", item["id"], "--json")) for path in (board, other)]
        for shown in marks:
            shown["incident"].pop("mark")
        assert marks[0] == marks[1]


def test_of_several_files_none_is_kept_where_one_is_refused(tmp_path: Path) -> None:
    board, bad = tmp_path / "b.sqlite", tmp_path / "bad.json"
    bad.write_text('{"id": "x"}')
    good = str(files("opsterm") / "data" / "incidents" / "slack-2021-01-04.json")
    refused(run(board, "import", good, str(bad)), "bad.json: title is missing")
    assert answered(run(board, "list", "--all", "--json"))["incidents"] == []


def test_an_incident_is_named_by_its_short_id_a_beginning_of_its_id_or_a_dash(board: Path) -> None:
    (listed,) = answered(run(board, "list", "--json"))["incidents"]
    for name in ("INC-1", "inc-1", listed["id"], listed["id"][:5], "-"):
        assert answered(run(board, "show", name, "--json"))["incident"]["id"] == listed["id"]
    refused(run(board, "show", "INC-9"), "There is no incident INC-9")
    refused(run(board, "show", ""), "There is no incident")
    run(board, "declare", "Search is slow")
    refused(run(board, "show", "-"), "INC-1, INC-2")


def test_a_beginning_that_fits_two_is_refused_naming_both(tmp_path: Path) -> None:
    board = tmp_path / "b.sqlite"
    folder = files("opsterm") / "data" / "incidents"
    names = [str(f) for f in folder.iterdir() if f.name.startswith("moj-")]
    assert run(board, "import", *names).code == 0
    refused(run(board, "show", "moj-"), "INC-1", "INC-2")


TEXTS = [
    ["-h1", "pool", "at", "40 %"], ["--json is not an option here"], ["--board", "x"], ["--", "dashes"], ["-"],
    ["--help"], ["-h"], ["#channel"], ["-7m", "back", "to", "normal"], ["log", "log"], ["a", "", "b"], ["😀 应急"],
]  # fmt: skip


@pytest.mark.parametrize("words", TEXTS)
def test_all_that_follows_the_incident_is_text_whatever_it_begins_with(board: Path, words: list[str]) -> None:
    typed(board, "? pool")
    done = run(board, "--json", "log", "INC-1", *words)
    assert done.code == 0, done
    shown = answered(run(board, "show", "-", "--json"))
    texts = [line["text"] for line in shown["timeline"]] + [e["text"] for e in shown["hypotheses"][0]["evidence"]]
    said = " ".join(words).removeprefix("-h1 ").removeprefix("-7m ")
    assert said in texts


def test_options_may_stand_before_the_call_and_after_it(board: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    assert main(["--board", str(other), "declare", "X"]) == 0
    assert main(["declare", "Y", "--board", str(other)]) == 0
    assert main([f"--board={other}", "--as", "noor", "log", "INC-1", "seen"]) == 0
    shown = answered(run(other, "show", "INC-1", "--json"))
    assert shown["timeline"][-1]["by"] == "noor"


def test_the_board_and_the_name_may_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSTERM_BOARD", str(tmp_path / "env.sqlite"))
    monkeypatch.setenv("OPSTERM_USER", "noor")
    out = io.StringIO()
    with redirect_stdout(out):
        assert main(["declare", "X", "--json"]) == 0
    assert json.loads(out.getvalue())["incidents"][0]["commander"] == "noor"
    assert (tmp_path / "env.sqlite").exists()


def test_each_line_of_standard_input_is_one_and_may_speak_of_those_before_it(board: Path) -> None:
    done = run(board, "--json", "log", "-", stdin="first\n\n? pool\nh1 eliminated never\n! @ben cap it\nlast")
    assert [line["said"] for line in answered(done)["logged"]] == [
        "on the timeline", "h1 is on the board", "h1 ruled out", "a1 ordered ben", "on the timeline"
    ]  # fmt: skip


def test_of_several_lines_none_is_kept_where_any_is_refused_and_those_are_named_by_number(board: Path) -> None:
    before = run(board, "dump").out
    lines = "first\n\nh9 eliminated never\n? pool\nh1 eliminated\n@ben juggler\n2031-01-01T00:00Z all quiet\nlast"
    done = run(board, "log", "-", stdin=lines)
    assert (done.code, done.out) == (2, "")
    assert [line.split(": ")[:2] for line in done.err.splitlines()] == [
        ["opsterm", "line 3"], ["opsterm", "line 5"], ["opsterm", "line 6"], ["opsterm", "line 7"]
    ]  # fmt: skip
    assert "line 3: There is no h9 here (no hypothesis yet): begin with \\ for plain text" in done.err
    assert run(board, "dump").out == before
    told = run(board, "--json", "log", "-", stdin=lines).json
    assert (told["logged"], [line["line"] for line in told["refused"]]) == ([], [3, 5, 6, 7])
    assert run(board, "dump").out == before
    assert run(board, "check").code == 0


def test_log_text_takes_every_line_as_it_stands(board: Path) -> None:
    plain = ["h9 eliminated never", "#sev9", "\\x", "2031-01-01T00:00Z quiet", "! @ben cap it ~mia", "25:99"]
    assert run(board, "log", "--text", "INC-1", stdin="\n".join(plain)).code == 0
    assert run(board, "log", "--text", "--json", "INC-1", "--text", "#sev1", "all").code == 0
    shown = answered(run(board, "show", "-", "--json"))
    assert [line["text"] for line in shown["timeline"][-7:]] == [*plain, "--text #sev1 all"]
    assert (shown["actions"], shown["incident"]["severity"]) == ([], "sev2")
    refused(run(board, "log", "--text", "INC-1", " "), "Nothing to record")
    typed(board, "--text is text behind the incident", "\\h9 eliminated never")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("log", "-", "h9 eliminated never"), "There is no h9 here (no hypothesis yet): begin with \\ for plain text"),
        (("log", "-", "@ben juggler"), "There is no role juggler (commander deputy"),
        (("log", "-", "h1 eliminated"), "There is no h1 here"),
        (("log", "-", ">custmers We are on it"), "There is no audience custmers (executives customers"),
        (("log", "-", "#sev9"), "There is no severity sev9"),
        (("log", "-", "#identifed"), "There is no #identifed here (did you mean #identified?)"),
        (("log", "-", "#private she is ill"), "There is no #private here (all on this board see every line)"),
        (("log", "-", "25:99 it began"), "There is no time 25:99"),
        (("log", "-", "#started 25:99"), "There is no time 25:99"),
        (("log", "-", "2031-01-01T00:00Z all quiet"), "lies ahead: give a time up to now"),
        (("log", "-", "  "), "Nothing to record"),
        (("log",), "INCIDENT"),
        (("declare",), "TITLE"),
        (("declare", " "), "Nothing to record"),
        (("declare", "X", "--severity", "bad"), "There is no severity 'bad'"),
        (("declare", "X", "--sever", "sev1"), "--sever"),
        (("export", "-", "--format", "pdf"), "pdf"),
        (("import", "/nowhere/x.json"), "can't be read"),
        (("import", "/"), "is a folder"),
        (("explode",), "explode"),
        (("--nonsense", "list"), "--nonsense"),
        (("demo", "nothing like it"), "terminal"),
        ((), "needs a terminal"),
    ],
)
def test_a_wrong_call_exits_2_with_one_line_that_says_what(board: Path, words: tuple[str, ...], said: str) -> None:
    refused(run(board, *words), said)
    refused(run(board, "--json", *words), said)


def calls_of(*families: str) -> dict[str, str | None]:
    """Name → its help, of the calls that the parser of these families has; of all, without one."""
    parser = build_parser(families) if families else build_parser()
    (calls,) = [action for action in parser._actions if action.metavar == "CALL"]
    assert isinstance(calls.choices, dict)
    return {name: made.description for name, made in calls.choices.items()}


def test_every_call_has_help() -> None:
    assert [name for name, said in calls_of().items() if not said] == []


@pytest.mark.parametrize("family", FAMILIES)
def test_each_family_has_just_the_calls_by_which_it_is_found(family: str) -> None:
    assert sorted(calls_of(family)) == sorted(FAMILIES[family])


def test_help_shows_the_calls_of_all_families(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    shown = capsys.readouterr().out
    assert [name for names in FAMILIES.values() for name in names if name not in shown] == []


def opsterm(board: Path, *words: str, **more: Any) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "OPSTERM_BOARD": str(board), **more.pop("env", {})}
    return subprocess.run([sys.executable, "-m", "opsterm", *words], stderr=subprocess.PIPE, env=environment, **more)


def test_bytes_that_are_no_text_are_taken_as_far_as_they_are(board: Path) -> None:
    done = opsterm(board, "log", "-", input=b"caf\xe9 is down\n", stdout=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (0, b"")
    assert (
        opsterm(board, "log", "-", b"b\xff\xfeb".decode("utf-8", "surrogateescape"), stdout=subprocess.PIPE).returncode
        == 0
    )
    shown = answered(run(board, "show", "-", "--json"))
    assert [line["text"] for line in shown["timeline"]][-2:] == ["caf\ufffd is down", "bb"]
    assert run(board, "check").code == 0


def test_a_locale_that_can_write_little_loses_nothing_of_json(board: Path) -> None:
    typed(board, "应急 🔥")
    done = opsterm(board, "export", "-", stdout=subprocess.PIPE, env={"PYTHONIOENCODING": "ascii"})
    assert "应急 🔥" in [event["text"] for event in json.loads(done.stdout)["events"]]


def test_a_reader_that_goes_away_is_no_error(board: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = opsterm(board, "show", "-", stdout=writer)
    os.close(writer)
    assert done.stderr == b""
    assert done.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_an_answer_that_can_not_be_written_is_an_error_in_one_line(board: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = opsterm(board, "list", stdout=full)
    assert done.returncode == 2
    assert done.stderr.count(b"\n") == 1
    assert b"No space left" in done.stderr


def test_the_same_text_within_a_minute_is_warned_of_and_shown_once(board: Path, tmp_path: Path) -> None:
    for place, line in enumerate(case("update-twice.txt").splitlines()):
        done = run(board, "log", "-", line)
        assert done.code == 0
        assert bool(re.search(r"the same went to customers \d s ago", done.err)) == bool(place)
    told = [line for line in run(board, "show", "-").out.splitlines() if "Mail is late." in line]
    assert len(told) == 2  # among the updates, and on the timeline
    assert len(run(board, "show", "-", "--json").json["updates"]) == 1
    page = tmp_path / "status.html"
    assert run(board, "page", "--html", str(page)).code == 0
    assert page.read_text(encoding="utf-8").count("Mail is late.") == 1


def test_what_two_said_apart_is_listed_with_both_and_programs_read_what_stands(board: Path) -> None:
    with Board.open(board, any_disk=True) as opened:
        (incident,) = opened.all(Incident)
        begun = opened.changes_of_record(incident.id)[0].digest
        for name, level in (("li", "sev1"), ("tom", "sev3")):
            fields = {"commander": name, "severity": level}
            basis = {"commander": [begun], "severity": [begun]}
            opened.record(name, [Write("incident", incident.id, "", fields, basis)])
    assert " li / tom? " in run(board, "list").out
    assert run(board, "list").out.split()[1] == "sev1"
    (listed,) = answered(run(board, "list", "--json"))["incidents"]
    assert (listed["commander"], listed["severity"]) == ("tom", "sev1")
    shown = run(board, "show", "-").out
    assert "commander li / tom?" in shown
    assert "INC-1: commander: li (li) or tom (tom)" in shown
    assert [c["field"] for c in answered(run(board, "show", "-", "--json"))["conflicts"]] == ["commander", "severity"]
