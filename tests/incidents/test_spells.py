"""Spells of hurt: begun again by what is said of the status or the start, ended, corrected, told as a sum."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC
from importlib.resources import files
from itertools import permutations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.board.undo import Undo
from opsterm.command.capture import parse, perform, scripted
from opsterm.command.closing import mitigation_notices, newly_asked, take_mitigated
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.exchange.file_format import parse as read_file
from opsterm.incidents.incident import declare
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.incidents.spells import hurt_words
from opsterm.incidents.triage import answers_of
from opsterm.learn.account import gather
from opsterm.learn.measures import measures
from opsterm.records import Spell
from opsterm.records.instant import Instant, to_ms
from opsterm.records.spell import hurt_seconds, hurting
from tests.support.call import run
from tests.support.cases import case
from tests.support.clock import HandClock
from tests.support.incidents import Scene, incident_at
from tests.support.stations import Pair, merge_all, station

REOPENED = case("reopened.txt").splitlines()


def log(session: Session, incident: str, line: str) -> Outcome:
    snapshot = read_snapshot(session.board, incident)
    captured = parse(line, snapshot, now=session.board.now, zone=UTC, person=session.person)
    return perform(session, snapshot.incident, scripted(captured))


def say(scene: Scene, *lines: str) -> None:
    for line in lines:
        log(scene.as_("mia"), scene.incident_id, line)


def minutes(snapshot: Snapshot, now: Instant) -> float:
    return hurt_seconds(snapshot.hurt, now) / 60


def parts(scene: Scene) -> list[tuple[int, int]]:
    """Each spell as minutes ago, from and to; to 0 while it lasts."""

    def ago(at: Instant) -> int:
        return (to_ms(scene.now) - to_ms(at)) // 60_000

    return [(ago(one.begun), ago(one.ended or scene.now)) for one in scene.snapshot.hurt]


def test_time_hurt_is_the_sum_of_both_spells_in_whatever_order_they_are_told(tmp_path: Path) -> None:
    for place, lines in enumerate([*permutations(REOPENED)][::7]):
        with TemporaryDirectory(dir=tmp_path) as folder, incident_at(Path(folder)) as scene:
            say(scene, *lines)
            assert parts(scene) == [(120, 60), (30, 10)], (place, lines)
            assert hurt_words(scene.snapshot.hurt, scene.now) == "1h20m in two spells (1h00m, then 20m)"


def test_what_is_opened_again_is_not_mitigated_and_counts_on(scene: Scene) -> None:
    say(scene, *REOPENED[:-1])
    assert (scene.incident.mitigated_at, scene.incident.resolved_at, scene.incident.reopened) == ("", "", 1)
    assert hurting(scene.snapshot.hurt)
    assert hurt_words(scene.snapshot.hurt, scene.now) == "1h30m in two spells (1h00m, then 30m) so far"
    scene.wait(5)
    assert minutes(scene.snapshot, scene.now) == 95


TOLD: list[tuple[str, list[str], list[tuple[int, int]]]] = [
    ("one that was resolved alone ends then", ["-90m #started", "-50m #resolved"], [(90, 50)]),
    ("mitigated comes before resolved", ["-90m #started", "-60m #mitigated", "-50m #resolved"], [(90, 60)]),
    ("mitigated said again corrects it", ["-90m #started", "-60m #mitigated", "-70m #mitigated"], [(90, 70)]),
    ("to be identified is no return", ["-90m #started", "-60m #mitigated", "-50m #identified"], [(90, 60)]),
    ("started again is one", ["-90m #started", "-60m #mitigated", "-40m #started", "-30m #mitigated"],
     [(90, 60), (40, 30)]),
    ("back from being watched is one",
     ["-90m #started", "-60m #mitigated", "-55m #monitoring", "-40m #investigating", "-30m #mitigated"],
     [(90, 60), (40, 30)]),
    ("watched without having been mitigated is no end",
     ["-90m #started", "-55m #monitoring", "-40m #investigating", "-30m #mitigated"], [(90, 30)]),
    ("watched again after it was resolved hurts nobody",
     ["-90m #started", "-60m #resolved", "-40m #monitoring one more look", "-30m #resolved"], [(90, 60)]),
    ("a start is corrected in its own spell", [*REOPENED, "-130m #started", "-35m #started"], [(130, 60), (35, 10)]),
    ("an end is corrected in its own spell", [*REOPENED, "-65m #mitigated", "-15m #mitigated"], [(120, 65), (30, 15)]),
    ("resolved again corrects its own spell", ["-90m #started", "-60m #resolved", "-50m #resolved"], [(90, 50)]),
    ("three of them",
     [*REOPENED, "-8m #identified again", "-3m #mitigated", "-2m #resolved"], [(120, 60), (30, 10), (8, 3)]),
    ("closed without a word ends it", ["-90m #started", "-50m #closed"], [(90, 50)]),
    ("a false alarm hurt nobody", ["-90m #started", "-50m #cancelled the probe was wrong"], []),
    ("one that began again before it was resolved",
     ["-90m #started", "-60m #mitigated", "-50m #started", "-45m #mitigated", "-40m #resolved"], [(90, 60), (50, 45)]),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "told"), [row[1:] for row in TOLD], ids=[row[0] for row in TOLD])
def test_a_spell_begins_and_ends_as_it_was_said(
    scene: Scene, lines: Sequence[str], told: Sequence[tuple[int, int]]
) -> None:
    say(scene, *lines)
    assert parts(scene) == told


def test_what_is_said_of_a_past_spell_is_a_line_at_its_time_and_leaves_what_stands(scene: Scene) -> None:
    say(scene, *REOPENED[:-1], "-65m #mitigated the pool was drained then")
    assert scene.incident.mitigated_at == ""
    told = [(line.kind, line.at, line.text) for line in scene.board.moments(scene.incident_id)]
    text = "mitigated at 11:55 UTC (before: 12:00 UTC): the pool was drained then"
    assert ("milestone", scene.in_(-65), text) in told


def test_a_start_after_the_end_is_one_line_and_undone_whole(scene: Scene) -> None:
    say(scene, "-90m #started", "-60m #mitigated")
    before, lines = parts(scene), len(scene.board.moments(scene.incident_id))
    undo = Undo(scene.board)
    say(scene, "-40m #started failures are back")
    assert parts(scene) == [(90, 60), (40, 0)]
    (line,) = [line for line in scene.board.moments(scene.incident_id)[lines - 1 :] if "again" in line.text]
    assert (line.at, line.text) == (scene.in_(-40), "started again at 12:20 UTC: failures are back")
    assert len(scene.board.moments(scene.incident_id)) == lines + 1
    undo.undo("mia")
    assert (parts(scene), scene.incident.mitigated_at) == (before, scene.in_(-60))


def test_what_a_line_does_to_the_spells_is_said(scene: Scene) -> None:
    say(scene, *REOPENED[:3])
    session, incident = scene.as_("mia"), scene.incident_id
    again = log(session, incident, "-30m #investigating it is back").sentence
    assert again == "INC-1 is investigating; hurt again since 12:30 UTC"
    corrected = log(session, incident, "-65m #mitigated").sentence
    assert corrected == "INC-1 mitigated at 11:55 UTC, in the spell that began at 11:00 UTC"
    log(session, incident, "-20m #mitigated")
    assert log(session, incident, "-5m #started").sentence.endswith("; hurt again since 12:55 UTC")


def test_a_spell_names_the_lines_that_began_and_ended_it(scene: Scene) -> None:
    say(scene, *REOPENED)
    first, second = scene.board.all(Spell, scene.incident_id)
    lines = {line.digest: line.text for line in scene.board.moments(scene.incident_id)}
    assert lines[first.end_line] == "mitigated at 12:00 UTC: drained"
    assert lines[second.line] == "resolved → investigating: it is back"
    assert (first.id, second.id) == (f"{scene.incident_id}/spell", f"{scene.incident_id}/spell {second.line[:32]}")


def test_an_incident_that_was_never_opened_again_has_no_records_of_spells(scene: Scene) -> None:
    say(scene, *REOPENED[:3])
    assert scene.board.all(Spell) == []
    assert parts(scene) == [(120, 60)]


def test_opening_again_is_undone_whole(scene: Scene) -> None:
    say(scene, *REOPENED[:3])
    before = (scene.incident.mitigated_at, scene.incident.resolved_at, scene.incident.status, parts(scene))
    undo = Undo(scene.board)
    say(scene, REOPENED[3])
    undo.undo("mia")
    after = (scene.incident.mitigated_at, scene.incident.resolved_at, scene.incident.status, parts(scene))
    assert after == before


def test_severity_counts_minutes_of_hurt_and_knows_that_they_hurt_again(scene: Scene) -> None:
    scene.wait(60)
    say(scene, "#mitigated", "#resolved")
    scene.wait(30)
    assert not answers_of(scene.incident, scene.now, spells=scene.snapshot.spells).hurting
    say(scene, "#investigating it is back")
    scene.wait(20)
    answers = answers_of(scene.incident, scene.now, spells=scene.snapshot.spells)
    assert (answers.hurting, answers.minutes) == (True, 80)


def test_what_two_open_again_apart_is_one_spell(pair: Pair) -> None:
    for line in ("-90m #started", "-60m #mitigated", "-50m #resolved"):
        log(pair.mia, pair.incident, line)
    pair.meet()
    log(pair.mia, pair.incident, "-30m #investigating it is back")
    log(pair.ben, pair.incident, "-28m #investigating failures again")
    pair.meet()
    log(pair.ben, pair.incident, "-10m #mitigated")
    pair.meet()
    for session in (pair.mia, pair.ben):
        snapshot = read_snapshot(session.board, pair.incident)
        assert [one.seconds(pair.mia.board.now) / 60 for one in snapshot.hurt] == [30, 20]


def show(board: Path) -> dict[str, Any]:
    shown: dict[str, Any] = run(board, "show", "INC-1", "--json").json["incident"]
    return shown


def test_every_way_out_tells_the_sum_and_an_import_brings_it_back(tmp_path: Path) -> None:
    board, other, edited = (tmp_path / f"{name}.sqlite" for name in ("board", "other", "edited"))
    run(board, "declare", "Checkout fails", "--severity", "sev3")
    assert run(board, "log", "INC-1", stdin=case("reopened.txt")).code == 0
    words = "1h20m in two spells (1h00m, then 20m)"
    shown = show(board)
    assert (shown["hurt_seconds"], len(shown["spells"]), shown["mitigated_at"]) == (4800, 2, None)
    assert f"Hurt        {words}\n" in run(board, "show", "INC-1").out
    assert f"- **Hurt**: {words}" in run(board, "export", "INC-1", "--format", "md").out
    postmortem = run(board, "postmortem", "INC-1").out
    assert f"| hurt | started | mitigated | {words} |" in postmortem
    assert "| in all | started | resolved | 1h30m in two spells (1h10m, then 20m) |" in postmortem
    draft = run(board, "draft", "INC-1", "--audience", "customers", "--stage", "resolved").out
    assert "It lasted for 1 h 20 min in two spells, from " in draft
    exported = run(board, "export", "INC-1").out
    (tmp_path / "whole.json").write_text(exported)
    # A file that somebody edited is read by what it says itself.
    (tmp_path / "edited.json").write_text(json.dumps(json.loads(exported) | {"impact": "cards fail"}))
    for path, name in ((other, "whole"), (edited, "edited")):
        for _ in range(2):
            assert run(path, "import", str(tmp_path / f"{name}.json")).code == 0
        assert (show(path)["hurt_seconds"], show(path)["spells"]) == (4800, shown["spells"])


def test_an_import_without_spells_has_the_one_of_its_milestones(tmp_path: Path) -> None:
    board = tmp_path / "board.sqlite"
    path = str(files("opsterm") / "data" / "incidents" / "gitlab-2017-01-31.json")
    run(board, "import", path)
    told = json.loads(Path(path).read_text())
    end = told["mitigated_at"] or told["resolved_at"]
    assert show(board)["spells"] == [{"begun_at": told["started_at"], "ended_at": end}]


@pytest.mark.parametrize(
    ("spells", "why"),
    [
        ([{"begun_at": "soon"}], r"spells\[0\].begun_at"),
        ([{"begun_at": "2026-01-01T10:00Z"}, {"begun_at": "2026-01-01T09:00Z"}], r"spells\[1\].begun_at"),
        ([{}], r"spells\[0\].begun_at"),
        (["10:00"], r"spells\[0\]"),
    ],
)
def test_spells_that_are_none_refuse_the_file(spells: list[Any], why: str) -> None:
    told = {"id": "x", "title": "x", "started_at": "2026-01-01T09:00Z", "events": [], "spells": spells}
    with pytest.raises(Rejected, match=why):
        read_file(json.dumps(told).encode())


def test_measures_add_up_the_spells(scene: Scene) -> None:
    say(scene, "-115m #detected", *REOPENED)
    told = measures(scene.board, scene.in_(-600), scene.in_(1))
    assert {spread.name: [value / 60 for value in spread.values] for spread in told.durations} == {
        "to detect": [5],
        "to declare": [115],
        "to mitigate": [55 + 20],
        "to resolve": [65 + 20],
        "hurt": [60 + 20],
        "in all": [70 + 20],
    }


def test_a_postmortem_of_what_came_back_says_that_nobody_knows_yet(scene: Scene) -> None:
    say(scene, *REOPENED[:-1])
    told = {span.name: span.words for span in gather(scene.board, scene.incident_id).spans}
    assert told["hurt"] == "not known since it was opened again"


@pytest.mark.parametrize(("line", "at"), [("#monitoring", 0), ("-20m #monitoring", 20), ("#resolved", 0)])
def test_one_key_takes_the_time_of_a_status_that_nobody_said_mitigated_before(scene: Scene, line: str, at: int) -> None:
    say(scene, "-60m #started")
    before = scene.snapshot
    say(scene, line)
    (asked,) = mitigation_notices(scene.snapshot, scene.now)
    assert (asked.act, asked.to, asked.just_done) == ("take_mitigated", ("mia",), at == 0)
    assert "say #mitigated" in newly_asked(before, scene.snapshot, scene.now)
    take_mitigated(scene.as_("mia"), scene.snapshot)
    assert scene.incident.mitigated_at == scene.in_(-at)
    assert parts(scene) == [(60, at)]
    assert mitigation_notices(scene.snapshot, scene.now) == []
    assert newly_asked(before, scene.snapshot, scene.now) == ""
    with pytest.raises(Rejected, match="was said already"):
        take_mitigated(scene.as_("mia"), scene.snapshot)


def test_it_is_asked_for_an_hour_and_not_where_it_was_said(scene: Scene) -> None:
    say(scene, "-60m #started", "-30m #mitigated", "#monitoring")
    assert mitigation_notices(scene.snapshot, scene.now) == []
    say(scene, "#investigating it is back", "#monitoring")
    scene.wait(60)
    assert len(mitigation_notices(scene.snapshot, scene.now)) == 1
    scene.wait(1)
    assert mitigation_notices(scene.snapshot, scene.now) == []


def test_the_command_line_asks_once_for_all_its_lines(tmp_path: Path) -> None:
    board = tmp_path / "board.sqlite"
    run(board, "declare", "Checkout fails")
    asks = "was it mitigated when it was monitoring? say #mitigated "
    assert asks in run(board, "log", "INC-1", "#monitoring").err
    assert asks not in run(board, "log", "INC-1", "all quiet").err
    assert asks not in run(board, "log", "INC-1", stdin="#investigating again\n#monitoring\n#mitigated\n").err


WORDS = ("#started", "#mitigated", "#resolved", "#investigating again", "#monitoring", "#identified", "#closed")
STEPS = st.lists(
    st.tuples(st.sampled_from(WORDS), st.integers(0, 300), st.sampled_from("mb"), st.booleans()), max_size=8
)


@given(steps=STEPS)
def test_time_hurt_is_the_measure_of_the_spells_and_the_same_for_all_who_know_the_same(
    steps: Sequence[tuple[str, int, str, bool]],
) -> None:
    with TemporaryDirectory() as folder:
        clock = HandClock()
        mia, ben, late = (station(Path(folder), name, clock) for name in ("mia", "ben", "late"))
        for session in (mia, ben, late):
            session.board._db.execute("PRAGMA synchronous=OFF")  # rules are tried here, not the disk
        incident = declare(mia, "Checkout fails").record
        merge_all(mia, ben)
        for word, ago, who, meet in steps:
            clock.ms += 1000
            log(mia if who == "m" else ben, incident, f"-{ago}m {word}")
            if meet:
                merge_all(mia, ben)
        late.board.merge([*ben.board.all_changes()][::-1])
        merge_all(mia, ben, late)
        now = mia.board.now
        told = [read_snapshot(session.board, incident).hurt for session in (mia, ben, late)]
        assert told[0] == told[1] == told[2]
        begun = [to_ms(one.begun) for one in told[0]]
        ended = [to_ms(one.ended or now) for one in told[0]]
        measured = hurt_seconds(told[0], now) * 1000
        covered = sum(
            any(b <= at < e for b, e in zip(begun, ended, strict=True)) for at in range(min(begun), max(ended), 1000)
        )
        assert 0 <= measured == covered * 1000 <= max(ended) - min(begun)
        assert max(ended) <= to_ms(now)
        for session in (mia, ben, late):
            session.board.close()


@given(st.lists(st.tuples(st.sampled_from(WORDS[:6]), st.integers(1, 40)), min_size=1, max_size=12))
def test_told_in_order_people_are_hurt_from_each_start_to_its_end(steps: Sequence[tuple[str, int]]) -> None:
    """Against a reckoning by hand: [begun, mitigated, resolved] of each spell, in minutes."""
    spells: list[list[int | None]] = [[0, None, None]]
    status, now = "investigating", 0
    with TemporaryDirectory() as folder, incident_at(Path(folder)) as scene:
        for word, wait in steps:
            scene.wait(wait)
            say(scene, word)
            now += wait
            said = word.split()[0][1:]
            last = spells[-1]
            over = last[1] or last[2]
            if said == "started" and not over:
                last[0] = now
            elif said == "started" or (over and said in BACK and status in ("monitoring", "resolved")):
                spells.append([now, None, None])
            elif said == "mitigated":
                last[1] = now
            elif said == "resolved":
                last[2] = now
            elif said == "monitoring" and status == "resolved":
                last[1:] = [over, None]
            status = said if said not in ("started", "mitigated") else status
        sums = [(mitigated or resolved or now) - (begun or 0) for begun, mitigated, resolved in spells]
        assert minutes(scene.snapshot, scene.now) == sum(sums)


BACK = ("investigating", "identified")
