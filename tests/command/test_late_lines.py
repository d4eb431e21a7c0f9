"""What is recorded late belongs to its time: states stay as they stand, facts are corrected by whoever speaks last."""

from __future__ import annotations

from datetime import UTC

import pytest

from opsterm.board.undo import Undo
from opsterm.command.capture import Captured, parse, perform, typed
from opsterm.command.late import with_what_stands
from opsterm.command.pasted_timeline import read_paste, take_paste
from opsterm.core.session import Rejected
from opsterm.records.record import KINDS, columns
from tests.support.cases import case
from tests.support.incidents import Scene


def read(scene: Scene, line: str, person: str = "mia") -> Captured:
    return parse(line, scene.snapshot, now=scene.now, zone=UTC, person=person)


def log(scene: Scene, *lines: str, person: str = "mia") -> str:
    told = ""
    for line in lines:
        told = perform(scene.as_(person), scene.incident, typed(read(scene, line, person))).sentence
        scene.wait(0.2)
    return told


def told(scene: Scene) -> list[str]:
    return [f"{line.at[11:16]} {line.told}" for line in scene.board.moments(scene.incident_id)]


def test_a_severity_of_before_stands_at_its_time_and_leaves_what_stands(scene: Scene) -> None:
    log(scene, *case("backfill-severity.txt").splitlines())
    assert scene.incident.severity == "sev2"
    assert scene.incident.severity_why == "half of all mails late"
    assert told(scene)[0] == "12:50 sev3: a few mails late"
    assert told(scene)[-1] == "13:00 sev3 → sev2: half of all mails late"


def test_a_status_of_before_stands_at_its_time_and_is_said_so_before_enter(scene: Scene) -> None:
    scene.wait(30)
    now, before = case("backfill-status.txt").splitlines()
    log(scene, now)
    line = with_what_stands(scene.as_("mia"), scene.snapshot, read(scene, before))
    assert line.words.endswith("; monitoring stands since 13:30 UTC")
    sentence = log(scene, before)
    assert sentence == "INC-1 was identified then; monitoring stands since 13:30 UTC"
    assert scene.incident.status == "monitoring"
    assert [line[6:] for line in told(scene) if "report job" in line] == [
        "investigating → identified: it was the report job"
    ]
    assert "13:30 identified → monitoring: the queue drains" in told(scene)


def test_what_an_incident_was_declared_with_makes_nothing_late(scene: Scene) -> None:
    log(scene, "-50m #resolved quiet")
    assert scene.incident.status == "resolved"
    assert scene.incident.resolved_at == scene.in_(-50.2)


def test_without_a_typed_time_it_stands_now(scene: Scene) -> None:
    log(scene, "#monitoring", "#investigating it is back")
    assert scene.incident.status == "investigating"


def test_an_end_is_late_against_another_end_only(scene: Scene) -> None:
    log(scene, "! @ben drain", "a1 acknowledged", "-1m a1 done drained")
    assert scene.snapshot.actions[0].state == "done"
    log(scene, "-2m a1 failed")
    assert scene.snapshot.actions[0].state == "done"
    log(scene, "-5m a1 acknowledged")
    assert scene.snapshot.actions[0].state == "done"


def test_a_late_resolution_sets_no_milestone_and_withdraws_nothing(scene: Scene) -> None:
    log(scene, "! @ben drain", "#monitoring", "-20m #resolved", "-30m #cancelled")
    assert (scene.incident.status, scene.incident.resolved_at) == ("monitoring", "")
    assert scene.snapshot.actions[0].state == "ordered"


def test_who_commanded_before_commands_no_more(scene: Scene) -> None:
    log(scene, "@ben commander", person="ben")
    log(scene, "-10m @li commander", person="li")
    assert (scene.incident.commander, scene.incident.taken_from) == ("ben", "mia")


@pytest.mark.parametrize("word", ["impact", "who", "workaround", "data", "exit", "silenced", "backlog"])
def test_what_the_status_pane_holds_is_a_state(scene: Scene, word: str) -> None:
    log(scene, f"#{word} as it is", f"-10m #{word} as it was")
    text = {line.was: line.now for line in scene.board.moments(scene.incident_id) if "as it" in line.now}
    assert set(text.values()) == {"as it is", "as it was"}
    held = [c.name for c in columns(KINDS["incident"]) if c.holds and getattr(scene.incident, c.name) == "as it is"]
    assert len(held) == 1


def test_a_title_is_corrected_by_whoever_speaks_last_whatever_the_time(scene: Scene) -> None:
    log(scene, "#title Mail is late", "-10m #title All mail is late")
    assert scene.incident.title == "All mail is late"


def test_what_was_corrected_to_an_earlier_time_lets_a_late_line_stand(scene: Scene) -> None:
    from opsterm.core.session import Attribution
    from opsterm.incidents.timeline import correct

    log(scene, "#monitoring drains", "-20m #identified the job")
    line = next(line for line in scene.board.moments(scene.incident_id) if line.why == "drains")
    correct(scene.as_("mia"), line, "", Attribution(at=scene.in_(-30)))
    assert scene.incident.status == "identified"


def test_a_late_line_is_struck_by_undo(scene: Scene) -> None:
    log(scene, "#sev2 half")
    undo = Undo(scene.board)
    log(scene, "-10m #sev3 a few")
    assert undo.undo("mia").sentence == "undone: severity sev3: a few"
    assert scene.incident.severity == "sev2"
    (line,) = [line for line in scene.board.moments(scene.incident_id) if line.why == "a few" and line.kind != "undone"]
    assert (line.text, line.struck) == ("sev3: a few", "taken back by mia")


def test_a_pasted_timeline_taken_back_is_one_line(scene: Scene) -> None:
    scene.wait(60)
    pasted = read_paste(case("undo-paste.txt"), scene.now, UTC)
    assert pasted is not None
    undo = Undo(scene.board)
    take_paste(scene.as_("mia"), scene.incident, pasted)
    assert undo.undo("mia").sentence == "undone: 3 lines from 13:10 to 13:20 UTC"
    lines = scene.board.moments(scene.incident_id)
    assert [line.text for line in lines if line.struck] == ["queue grows", "kim looks", "drained"]
    assert [line.text for line in lines if line.kind == "undone"] == ["3 lines from 13:10 to 13:20 UTC"]


def test_what_happened_does_not_lie_ahead(scene: Scene) -> None:
    with pytest.raises(Rejected, match="lies ahead"):
        read(scene, "2026-11-24T13:05Z #mitigated")
