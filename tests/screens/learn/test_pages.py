"""Pages of learning by keys: what ran before, postmortems, problems, measures; and what home says of them."""

from __future__ import annotations

import json

import pytest

from opsterm.exchange.file_format import parse
from opsterm.exchange.importing import import_incident
from opsterm.incidents import actions, hypothesis, timeline
from opsterm.incidents.incident import declare, set_status
from opsterm.learn.postmortem import add_factor, add_improvement, answer, close, open_postmortem
from opsterm.learn.recurrence import judge
from opsterm.records import Action, Hypothesis, Improvement, Incident, Obligation, Postmortem, Problem, Recurrence
from tests.learn.invented import document, families
from tests.support.console import Console, Scene
from tests.support.learn_console import at_console, worked_out

POOL = families()[0]


def earlier(scene: Scene, name: str, part: str, place: int) -> Incident:
    """An invented incident of before, resolved."""
    import_incident(scene.as_("mia"), parse(json.dumps(document(name, POOL[part], place)).encode()))
    found = scene.board.get(Incident, name)
    assert found is not None
    set_status(scene.as_("mia"), found, "resolved", "over")
    return found


def running_like_it(scene: Scene) -> Scene:
    """An earlier incident with what helped, and one that runs and looks like it."""
    mia = scene.as_("mia")
    before = earlier(scene, "old", "first", 1)
    hypothesis.propose(mia, before, "the CDN serves stale scripts")
    hypothesis.move(mia, scene.board.all(Hypothesis, "old")[0], "eliminated", "fails with the CDN bypassed too")
    actions.order(mia, before, "cap the report job", owner="noor")
    actions.move(mia, scene.board.all(Action, "old")[0], "done", "failures gone")
    made = declare(mia, "Card payments time out at checkout", services=["checkout", "payments-db"]).record
    scene.incident = made
    timeline.observe(mia, scene.read(), "all connections of the payments database pool are taken by a report job")
    hypothesis.propose(mia, scene.read(), "the connection pool is exhausted by a report job")
    return scene


async def say(console: Console, text: str) -> None:
    await console.type(text)
    await console.press("enter")


# --- seen before


def test_a_sure_likeness_is_one_line_and_a_key_tells_what_helped_then(empty: Scene) -> None:
    running_like_it(empty)

    async def steps(console: Console) -> None:
        await worked_out(console)
        assert "like INC-1 (" in console.head
        await console.press("a")
        assert console.where == "SeenBefore"
        await worked_out(console)
        for told in ("cap the report job → failures gone", "fails with the CDN bypassed", "same systems: checkout"):
            assert told in " ".join(console.screen_text.split())
        await console.press("a")
        await worked_out(console)
        assert "confirmed by mia" in console.screen_text
        await console.press("x")
        await say(console, "another pool")
        await worked_out(console)
        assert [(v.verdict, v.verdict_why) for v in empty.board.all(Recurrence)] == [("refused", "another pool")]
        await console.press("u")
        assert [v.verdict for v in empty.board.all(Recurrence)] == ["confirmed"]

    at_console(empty, steps)


def test_what_was_refused_is_said_no_more(empty: Scene) -> None:
    running_like_it(empty)
    judge(empty.as_("li"), empty.incident, "old", "refused", "another pool")

    async def steps(console: Console) -> None:
        await worked_out(console)
        assert "like INC-1" not in console.head

    at_console(empty, steps, size=(200, 60))


def test_with_nothing_before_it_the_page_says_what_is_compared(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("K")
        await worked_out(console)
        assert "Nothing like it is known here yet." in console.screen_text
        await console.press("enter")
        assert "esc goes back" in console.said

    at_console(scene, steps)


# --- home and postmortems


def test_home_says_nothing_of_learning_before_there_is_anything(empty: Scene) -> None:
    async def steps(console: Console) -> None:
        await worked_out(console)
        assert "Learning" not in console.screen_text
        await console.press("P")
        assert "No postmortem yet." in console.screen_text
        await console.press("enter")
        assert "one opens when an incident is resolved" in console.said

    at_console(empty, steps)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_home_names_what_is_to_be_finished_and_promised_and_enter_opens_it(empty: Scene, size: tuple[int, int]) -> None:
    mia = empty.as_("mia")
    open_postmortem(mia, earlier(empty, "old", "first", 1), "li")
    add_improvement(mia, "old", "Limit the report job", sort="guard", owner="noor", due_at="2026-11-20")

    async def steps(console: Console) -> None:
        await worked_out(console)
        assert "late since 2025-01-" in console.screen_text
        assert "1 improvement open, 1 late" in console.screen_text
        await console.press("enter")
        assert console.where == "PostmortemWalk"
        await console.press("escape", "P", "j")
        assert "1 open, 1 late" in console.screen_text
        assert "late since 2026-11-20" in console.screen_text
        await console.press("o")
        await say(console, "tom")
        await console.press("d")
        await say(console, "the limit is in the job's file")
        (owed,) = empty.board.all(Obligation, where="sort = 'improvement'")
        assert (owed.owner, owed.state) == ("tom", "done")
        assert "Improvements" not in console.screen_text
        await console.press("o")
        await say(console, "ben")
        assert [item.owner for item in empty.board.all(Postmortem)] == ["ben"]

    at_console(empty, steps, size=size)


# --- problems


def test_three_of_a_kind_are_a_problem_in_one_key_and_come_back_when_there_is_a_fourth(empty: Scene) -> None:
    for place, name in enumerate(("one", "two", "three")):
        earlier(empty, name, "first" if place == 0 else "again", place * 20)

    async def steps(console: Console) -> None:
        await worked_out(console)
        await console.press("T")
        await worked_out(console)
        assert "Three of a kind" in console.screen_text
        await console.press("enter")
        (problem,) = empty.board.all(Problem)
        assert (problem.sort, problem.cases, problem.owner) == ("incident", ("one", "two", "three"), "mia")
        await console.press("n")
        await say(console, "a bigger pool")
        await console.press("w")
        await say(console, "no repetition for 90 days")
        await console.press("o")
        await say(console, "noor")
        await console.press("s", "e")
        await say(console, "90 days without")
        (problem,) = empty.board.all(Problem)
        assert (problem.tried, problem.ends_when) == (("a bigger pool",), "no repetition for 90 days")
        assert (problem.owner, problem.state) == ("noor", "ended")
        earlier(empty, "four", "again", 80)
        await console.press("escape", "T")
        await worked_out(console)
        assert "P1 came back: 1 more" in console.screen_text
        console.app.screen.lines.select(f"proposal:{problem.id}")  # type: ignore[attr-defined]
        await console.press("enter")
        assert "open again" in console.screen_text
        assert empty.board.all(Problem)[0].state == "open"

    at_console(empty, steps)


def test_a_problem_asks_whether_what_was_done_has_worked(empty: Scene) -> None:
    mia = empty.as_("mia")
    for place, name in enumerate(("one", "two")):
        earlier(empty, name, "first" if place == 0 else "again", place * 20)
    add_improvement(mia, "one", "Double the pool", sort="guard", owner="noor", due_at="2026-12-20")
    close(mia, empty.board.all(Improvement)[0], "pool is 40 now")
    empty.wait(60)
    made = declare(mia, "Card orders time out at the till", services=["checkout", "payments-db"]).record
    judge(mia, made, "one", "confirmed")

    async def steps(console: Console) -> None:
        console.app.go_home()
        await console.press("T")
        await worked_out(console)
        await console.press("enter")
        told = " ".join(console.screen_text.split())
        assert "Double the pool (done, and it came back: did it work?, noor)" in told

    at_console(empty, steps, size=(200, 60))


def test_hostile_words_are_only_words(empty: Scene) -> None:
    evil = "[/red] [@click=app.bell]x \x1b]52;c;aGk=\x07 \x1b[31mnoor\u202e"
    mia = empty.as_("mia")
    for name in ("one", "two", "three"):
        of = earlier(empty, name, "again", 1)
        mia.set(of, {"title": evil})
        add_improvement(mia, name, evil, owner=evil, due_at="2026-11-20")
    add_factor(mia, "one", evil, evidence=evil)
    answer(mia, "one", "happened.impact", evil)
    open_postmortem(mia, empty.board.get(Incident, "one") or of, evil)

    async def steps(console: Console) -> None:
        await worked_out(console)
        for keys in (["P", "enter", "2"], ["4"], ["8"], ["9"], ["p"], ["escape", "escape", "escape", "T"]):
            await console.press(*keys)
            await worked_out(console)
            assert not {"\x1b", "\x07", "\u202e"} & set(console.screen_text)
            assert "[/red]" in console.screen_text

    at_console(empty, steps)


def test_without_three_of_anything_the_page_says_what_would_be_found(empty: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("T")
        await worked_out(console)
        assert "Nothing happened three times." in console.screen_text
        await console.press("w")
        assert "no problem is selected here" in console.said

    at_console(empty, steps)


# --- measures


def test_measures_say_too_few_where_they_are_and_plot_each_value(empty: Scene) -> None:
    for place, name in enumerate(("one", "two", "three")):
        earlier(empty, name, "first" if place == 0 else "again", place * 20)
    drill = declare(empty.as_("mia"), "Fire drill", drill=True).record
    set_status(empty.as_("mia"), empty.board.get(Incident, drill) or empty.read(), "resolved")
    empty.wait(1)

    async def steps(console: Console) -> None:
        await console.press("v")
        await worked_out(console)
        assert "1 drill apart" in console.screen_text
        await console.press("d", "d")
        await worked_out(console)
        text = console.screen_text
        assert "3 incidents, 1 drill apart" in text
        assert "2 of 3 repeat another" in text
        assert "too few to say" in text
        assert "to mitigate, by severity" in text
        assert "2025-01" in text
        await console.press("n", "s")
        assert "to resolve, by system" in console.screen_text

    at_console(empty, steps, size=(200, 60))


def test_measures_of_nothing_say_what_counts(empty: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("v")
        await worked_out(console)
        assert "Nothing to measure in this time." in console.screen_text

    at_console(empty, steps)
