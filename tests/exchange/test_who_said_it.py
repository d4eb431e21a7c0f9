"""Who said a line of an imported file, and who of its people commands."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from opsterm.command.concerns import since_last_look
from opsterm.command.transfer import brief
from opsterm.exchange.as_text import as_markdown, as_text
from opsterm.exchange.exporting import export_json, show
from opsterm.exchange.file_format import parse
from opsterm.exchange.people_of_file import in_command
from opsterm.incidents.snapshot import read_snapshot
from opsterm.incidents.timeline import people_of
from opsterm.learn.account import gather
from opsterm.records import Incident
from opsterm.updates.draft_facts import facts_of
from tests.support.call import run
from tests.support.cases import FOLDER, case
from tests.support.exchange_file import document_of, event
from tests.support.real_incidents import empty, take
from tests.support.stations import everything

KIM = json.loads(case("import-commander.json"))


def with_people(*people: tuple[str, str], changes: tuple[tuple[str, str], ...] = (), **more: Any) -> dict[str, Any]:
    """The case's incident with other people, and changes of roles as (text, by)."""
    listed = [{"name": name, "role": role} for name, role in people]
    turned = [
        {"at": f"2026-11-20T13:{30 + place}Z", "kind": "role_change", "text": text, "by": by or None}
        for place, (text, by) in enumerate(changes)
    ]
    return {**KIM, "people": listed, "events": [*KIM["events"], *turned], **more}


def commander_of(document: dict[str, Any]) -> str:
    session = empty()
    take(session, document)
    return show(session.board, document["id"])["incident"]["commander"] or ""


def test_an_imported_commander_commands_and_stands_among_the_roles_once(tmp_path: Path) -> None:
    board = tmp_path / "b.sqlite"
    assert run(board, "import", str(FOLDER / "import-commander.json")).code == 0
    assert [one["commander"] for one in run(board, "list", "--json").json["incidents"]] == ["kim"]
    assert "kim" in run(board, "list").out
    shown = run(board, "show", "INC-1", "--json").json
    assert (shown["incident"]["commander"], shown["roles"]) == ("kim", [{"role": "commander", "name": "kim"}])
    assert "commander kim" in run(board, "show", "INC-1").out
    events = json.loads(run(board, "export", "INC-1").out)["events"]
    assert [event["by"] for event in events] == [None, None]
    assert [line["by"] for line in shown["timeline"]] == [None, None]


@pytest.mark.parametrize(
    "role", ["commander", "Commander", "IC", "ic", "Incident Commander", "incident-commander", "ＩＣ"]
)
def test_the_commander_commands_in_whatever_words_the_file_calls_the_role(role: str) -> None:
    assert commander_of(with_people(("kim", role))) == "kim"


def test_a_commander_commands_an_incident_that_is_over_too() -> None:
    over = [*KIM["events"], {"at": "2026-11-20T14:00Z", "kind": "status", "text": "sent", "status": "resolved"}]
    assert commander_of({**KIM, "events": over, "resolved_at": "2026-11-20T14:00Z"}) == "kim"


def test_nobody_commands_where_no_commander_is_among_the_people() -> None:
    assert commander_of(with_people(("kim", "scribe"), ("li", "chief of staff"))) == ""


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ((), "li"),
        ((("kim hands command to li", ""), ("li hands back over to @Kim", "")), "kim"),
        ((("li took command from kim", ""),), "li"),
        ((("kim takes over from li", ""),), "kim"),
        ((("command: li → kim", ""),), "kim"),
        ((("I take command from li", "kim"), ("kim is scribe from now on", "")), "li"),
        ((("kim commands; li stands down", "kim"),), "kim"),
        ((("Kimberly joins", ""), ("more people are paged", "li")), "li"),
    ],
)
def test_of_two_commanders_the_last_change_of_command_decides_else_the_list(
    changes: tuple[tuple[str, str], ...], expected: str
) -> None:
    document = with_people(("kim", "IC"), ("li", "incident commander"), changes=changes)
    assert commander_of(document) == expected


def test_who_commanded_before_is_told_as_such_and_nobody_twice() -> None:
    session = empty()
    people = (("kim", "commander"), ("Kim", "IC"), ("li", "commander"), ("KIM", "Scribe"), ("kim", "scribe"))
    take(session, with_people(*people))
    shown = show(session.board, KIM["id"])["roles"]
    told = [(role["name"], role["role"]) for role in shown]
    assert told == [("kim", "earlier commander"), ("li", "commander"), ("KIM", "scribe")]
    room = read_snapshot(session.board, KIM["id"])
    assert [role.role for role in room.roles] == ["scribe"]
    account = gather(session.board, KIM["id"])
    assert account.people == (("commander", "li"), ("earlier commander", "kim"), ("scribe", "KIM"))
    assert {"kim", "li"} <= set(facts_of(session.board, room).people)


def test_another_who_takes_command_afterwards_is_the_only_commander() -> None:
    session = empty()
    take(session, KIM)
    of = session.board.all(Incident)[0]
    session.set(of, {"commander": "li"})
    assert [(role["name"], role["role"]) for role in show(session.board, of.id)["roles"]] == [
        ("li", "commander"),
        ("kim", "earlier commander"),
    ]


def test_the_commander_comes_back_by_the_events_alone_and_by_the_log() -> None:
    session = empty()
    take(session, KIM)
    exported = export_json(session.board, KIM["id"])
    for document in (exported, {key: value for key, value in exported.items() if key != "opsterm"}):
        other = empty("other")
        take(other, document)
        again = export_json(other.board, KIM["id"])
        assert again["people"] == KIM["people"]
        assert [event["by"] for event in again["events"]] == [None, None]


def test_what_a_file_says_by_nobody_is_nobodys_wherever_it_is_told() -> None:
    events = [
        event("hypothesis", "the queue is full", "H1"),
        event("hypothesis_result", "it is not", "H1", 1, outcome="eliminated"),
        event("action_started", "drain it", "A1", 2),
        event("action_done", "drained", "A1", 3),
        event("decision", "we wait", "", 4),
        event("update_posted", "Mail is late.", "", 5),
        event("role_change", "more join", "", 6),
        event("observation", "it grows", "", 7, by="li"),
    ]
    session = empty()
    take(session, {**document_of(*events), "severity": "sev2", "declared_at": "2026-11-24T13:00Z"})
    of = session.board.all(Incident)[0]
    shown, said = show(session.board, of.id), session.board.moments(of.id)
    assert "importer" not in json.dumps([shown, export_json(session.board, of.id)])
    assert "importer" not in "\n".join(as_text(shown)) + as_markdown(shown)
    assert people_of(said) == ["li"]
    assert "importer" not in str(brief(read_snapshot(session.board, of.id), said, session.board.now))
    assert "importer" not in repr(gather(session.board, of.id))


def test_what_names_nobody_is_news_to_others_and_not_to_who_imported_it() -> None:
    one, other = empty("one"), empty("other")
    take(one, KIM)
    other.board.merge(everything(one.board))
    assert since_last_look(other.board, KIM["id"], 0, "noor") == [
        "13:20 status investigating: looking",
        "and 1 line logged",
    ]
    assert since_last_look(one.board, KIM["id"], 0, "importer") == []


@pytest.mark.parametrize("by", ["", None])
def test_no_name_and_null_say_the_same(by: str | None) -> None:
    parsed = parse(json.dumps({**KIM, "events": [{**KIM["events"][0], "by": by}]}).encode())
    session = empty()
    take(session, json.loads(json.dumps({**KIM, "events": [{**KIM["events"][0], "by": by}]})))
    assert parsed.events[0].by == ""
    assert [line.by for line in session.board.moments(KIM["id"])] == [""]


def test_a_change_of_another_role_leaves_command_alone() -> None:
    assert in_command("li is scribe now", "kim", ["kim", "li"]) == ""
    assert in_command("nothing of note", "kim", ["kim", "li"]) == ""
