"""The walk through a postmortem by keys: answers, factors, improvements, what is pointed out, and the text."""

from __future__ import annotations

from pathlib import Path

from opsterm.incidents.incident import declare, set_services, set_severity, set_status
from opsterm.learn.postmortem import add_improvement, postmortem_of
from opsterm.learn.recurrence import judge
from opsterm.records import Answer, Factor, Improvement, Incident, Obligation
from tests.support.console import Console, Scene
from tests.support.learn_console import at_console, resolved, worked_out


async def say(console: Console, text: str) -> None:
    """Types into the line that is open, in place of what stands there, and enters it."""
    assert console.prompt.field is not None
    console.prompt.field.value = ""
    await console.type(text)
    await console.press("enter")


def test_while_an_incident_runs_there_is_no_postmortem_and_the_foot_says_when(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("P")
        assert console.where == "WarRoom"
        assert "runs still" in console.said

    at_console(scene, steps)


def test_an_answer_is_reviewed_as_it_is_typed_and_kept(scene: Scene) -> None:
    resolved(scene)

    async def steps(console: Console) -> None:
        console.app.open_incident(scene.incident)
        await console.pilot.pause()
        await console.press("P")
        assert "1 of 9 · Before it begins" in console.screen_text
        assert "drafted by  mia" in console.screen_text
        await console.press("2", "j", "enter")
        await console.type("noor should have checked the pool")
        assert "counterfactual" in console.screen_text
        assert "counterfactual" in console.said
        await console.press("enter")
        assert [answer.text for answer in scene.board.all(Answer)] == ["noor should have checked the pool"]
        assert "counterfactual" in console.screen_text
        await console.press("e")
        await say(console, "the pool was looked at at 13:40")
        assert [answer.text for answer in scene.board.all(Answer)] == ["the pool was looked at at 13:40"]
        assert "counterfactual" not in console.screen_text
        await console.press("x")
        assert scene.board.all(Answer) == []
        await console.press("u")
        assert len(scene.board.all(Answer)) == 1

    at_console(scene, steps)


def test_one_types_for_all_in_a_meeting_and_earlier_ones_stand_beside(scene: Scene) -> None:
    resolved(scene)
    scene.wait(60)
    scene.declare("Checkout fails again")
    mia = scene.as_("mia")
    set_services(mia, scene.read(), ["checkout", "payments-db"])
    set_severity(mia, scene.read(), "sev2")
    resolved(scene)
    judge(mia, scene.incident, scene.board.all(Incident)[0].id, "confirmed", "the same pool")

    async def steps(console: Console) -> None:
        console.app.open_incident(scene.incident)
        await console.pilot.pause()
        await console.press("P", "3")
        await worked_out(console)
        assert "Checkout fails for some card payments" in console.screen_text.partition("Seen before")[2]
        await console.press("enter")
        await say(console, "that the pool would drain ~noor")
        assert [(a.text, a.by) for a in scene.board.all(Answer)] == [("that the pool would drain", "noor")]

    at_console(scene, steps, size=(200, 60))


def test_a_factor_that_names_a_person_is_asked_behind_then_its_kind_and_what_shows_it(scene: Scene) -> None:
    resolved(scene)

    async def steps(console: Console) -> None:
        console.app.open_incident(scene.incident)
        await console.pilot.pause()
        await console.press("P", "4", "n")
        await say(console, "human error: noor forgot the limit of the report job")
        assert "what made that possible?" in console.screen_text
        await say(console, "the job had no limit of its own")
        assert "f1 is" in console.said
        await console.press("m", "enter")
        await say(console, "queue of 400 on db-2")
        (factor,) = scene.board.all(Factor)
        assert factor.behind == "the job had no limit of its own"
        assert factor.name
        assert factor.evidence == "queue of 400 on db-2"

    at_console(scene, steps)


def test_a_wish_gets_a_form_that_can_be_done_and_the_rest_is_asked_for_one_by_one(scene: Scene) -> None:
    resolved(scene)

    async def steps(console: Console) -> None:
        console.app.open_incident(scene.incident)
        await console.pilot.pause()
        await console.press("P", "8", "n")
        await console.type("improve monitoring")
        assert "is a wish" in console.screen_text
        await console.press("enter")
        assert console.prompt.field is not None
        assert "‹" in console.prompt.field.value
        await say(console, "Alert when the pool is over 80 % for 5m")
        assert "1 eliminate" in console.said
        await console.press("4")
        await say(console, "noor 4w")
        await say(console, "the alert fired in a test")
        await say(console, "a link to the test")
        (item,) = scene.board.all(Improvement)
        assert (item.text, item.sort) == ("Alert when the pool is over 80 % for 5m", "detect")
        assert (item.done_when, item.wanted) == ("the alert fired in a test", "a link to the test")
        owed = scene.board.get(Obligation, item.obligation)
        assert owed is not None
        assert (owed.owner, owed.due_at[:10]) == ("noor", "2026-12-22")
        await console.press("d")
        assert "wanted: a link to the test" in console.said
        await console.press("enter")
        await console.press("d")
        await say(console, "https://ci.example/7")
        owed = scene.board.get(Obligation, item.obligation)
        assert owed is not None
        assert (owed.state, owed.evidence) == ("done", "https://ci.example/7")

    at_console(scene, steps)


def test_what_is_not_among_the_few_is_kept_with_the_reason_and_can_be_taken_back(scene: Scene) -> None:
    resolved(scene)
    add_improvement(
        scene.as_("mia"), scene.incident, "Rename the pool", sort="document", owner="li", due_at="2026-12-20"
    )

    async def steps(console: Console) -> None:
        console.app.open_incident(scene.incident)
        await console.pilot.pause()
        await console.press("P", "9")
        assert "Will be done" in console.screen_text
        await console.press("x")
        await say(console, "the limit makes it needless")
        assert "Kept as ideas" in console.screen_text
        assert scene.board.all(Improvement)[0].chosen is False
        await console.press("a")
        assert scene.board.all(Improvement)[0].chosen is True

    at_console(scene, steps)


def test_before_it_begins_the_last_promises_for_the_same_systems_are_shown_and_can_be_closed(scene: Scene) -> None:
    resolved(scene)
    mia = scene.as_("mia")
    add_improvement(mia, scene.incident, "Limit the report job", sort="guard", owner="noor", due_at="2026-12-20")
    scene.wait(60 * 24 * 40)
    scene.declare("Checkout refuses cards again")
    set_services(mia, scene.read(), ["checkout"])
    set_severity(mia, scene.read(), "sev3")
    resolved(scene)

    async def steps(console: Console) -> None:
        console.app.open_incident(scene.incident)
        await console.pilot.pause()
        await console.press("P")
        assert "late, open, noor" in console.screen_text
        assert "sev3: a review is offered" in " ".join(console.screen_text.split())
        await console.press("enter")
        assert postmortem_of(scene.board, scene.incident) is not None
        await console.press("j", "d")
        await say(console, "limit 10 is in the job's file")
        assert "done, noor" in console.screen_text

    at_console(scene, steps, size=(120, 40))


def test_it_is_read_copied_and_written_with_names_and_without(scene: Scene, tmp_path: Path) -> None:
    resolved(scene)

    async def steps(console: Console) -> None:
        console.app.open_incident(scene.incident)
        await console.pilot.pause()
        await console.press("P", "p")
        assert "# Postmortem: Checkout fails" in console.screen_text
        await console.press("r")
        assert "names taken out" in console.screen_text
        await console.press("w")
        await console.type(str(tmp_path / "out.html"))
        await console.press("enter")
        page = (tmp_path / "out.html").read_text(encoding="utf-8")
        assert page.startswith("<!doctype html>")
        assert "noor" not in page
        await console.press("w")
        await console.type(str(tmp_path / "missing" / "out.md"))
        await console.press("enter")
        assert "can't be written" in console.said

    at_console(scene, steps)


def test_a_drill_and_a_false_alarm_have_none_and_the_foot_says_why(empty: Scene) -> None:
    record = declare(empty.as_("mia"), "Fire drill", severity="sev2", drill=True).record
    of = empty.board.get(Incident, record)
    assert of is not None
    set_status(empty.as_("mia"), of, "resolved")

    async def steps(console: Console) -> None:
        console.app.open_incident(record)
        await console.pilot.pause()
        await console.press("P")
        assert "a drill has its own review" in console.said

    at_console(empty, steps)
