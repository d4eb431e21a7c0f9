"""Keys of the war room and of home for decisions, several incidents, alerts, corrections and overrides."""

from __future__ import annotations

from pathlib import Path

from opsterm.board.chains import changes_of_station, stations
from opsterm.board.store import Board
from opsterm.incidents import actions, hypothesis, hypothesis_testing, incident, timeline, triage
from opsterm.incidents.alert_inbox import inbox, receive
from opsterm.incidents.alerts import Payload, Proposed
from opsterm.records import Action, Decision, Hypothesis, HypothesisTest, Incident, Link, Proposal
from opsterm.records.hypothesis import ALIVE
from tests.support.console import Console, Scene, at_console


async def fill(console: Console, text: str) -> None:
    await console.type(text)
    await console.press("enter")


def test_a_proposal_hears_objections_and_becomes_a_decision_with_why_and_instead_of_what(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("Y")
        assert "Nothing waits for a decision.  n  put a proposal to the room" in console.screen_text
        await console.press("n")
        await fill(console, "fail over to eu-west")
        assert "Any strong objections?" in console.said
        await console.press("o")
        await fill(console, "its replica lags 40 s ~noor")
        assert "noor objects: its replica lags 40 s" in console.screen_text
        await console.press("enter")
        await fill(console, "customers hurt now, instead of waiting for the bank")
        assert "unanswered: noor: its replica lags 40 s" in console.said
        assert "instead of: waiting for the bank" in console.screen_text
        await console.press("p")
        await fill(console, "serve read only")
        assert "serve read only" in console.screen_text

    at_console(scene, steps)
    decided = scene.board.all(Decision, scene.incident)[-1]
    assert (decided.text, decided.instead_of) == ("fail over to eu-west", "waiting for the bank")
    assert (decided.text_why, decided.objections) == ("customers hurt now", 1)
    assert [item.state for item in scene.board.all(Proposal, scene.incident)] == ["decided"]
    assert scene.read().plan_b == "serve read only"


def test_an_objection_is_answered_and_a_proposal_dropped_with_a_reason(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("Y", "n")
        await fill(console, "restart all nodes")
        await console.press("o")
        await fill(console, "it loses the queue")
        await console.press("a")
        await fill(console, "the queue is on disk")
        assert "answer: the queue is on disk" in console.screen_text
        await console.press("x")
        await fill(console, "not needed any more")
        assert "Nothing waits for a decision" in console.screen_text

    at_console(scene, steps)
    told = [(m.kind, m.text) for m in scene.board.moments(scene.incident, last=4)]
    assert told[-2:] == [
        ("objection", "answered: the queue is on disk"),
        ("proposal", "dropped, restart all nodes: not needed any more"),
    ]


def test_a_hypothesis_is_refined_and_says_what_we_would_see(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("2")
        selected = console.war_room.hypotheses_pane.selected
        await console.press("H")
        await fill(console, "the report job leaks connections")
        child = scene.hypotheses()[-1]
        assert child.parent == selected
        assert f"({next(h.mark for h in scene.hypotheses() if h.id == selected)}) the report" in console.screen_text
        await console.press("W", "f")
        await fill(console, "the pool stays full with the job off")

    at_console(scene, steps)
    assert "the pool stays full with the job off" in [h.if_false for h in scene.hypotheses()]
    assert not [m for m in scene.board.moments(scene.incident) if "parent" in m.text]


def test_incidents_are_linked_split_parted_and_folded(scene: Scene) -> None:
    first = scene.incident
    other = scene.declare("Search is slow")
    scene.incident = first

    async def steps(console: Console) -> None:
        await console.press("enter")
        assert console.where == "WarRoom"
        await console.press("I")
        assert "Running beside it" in console.screen_text
        await console.press("n", "c")
        assert "caused by" in console.screen_text
        await console.press("s")
        await console.type("h2 bank payments time out @noor")
        assert "with h2; noor is in command" in console.said
        await console.press("enter", "p")
        await fill(console, "customers' words @li")
        assert "has part" in console.screen_text
        console.app.screen.query_one("#page").select(other)  # type: ignore[attr-defined]
        await console.press("f")
        await console.press("enter")
        assert "folded into INC-2" in console.said
        await console.press("x")
        await console.press("enter")
        assert "runs on its own again" in console.said

    at_console(scene, steps)
    assert [link.how for link in scene.board.all(Link, first)][:1] == ["caused by"]
    made = {item.title: item for item in scene.board.all(Incident)}
    assert made["bank payments time out"].commander == "noor"
    assert made["customers' words"].parent == first
    moved = scene.board.all(Hypothesis, made["bank payments time out"].id)
    assert [h.text for h in moved] == ["pool exhausted by the report job"]
    assert scene.hypotheses()[1].state == "parked"
    assert not scene.read().folded_into


def test_two_that_change_one_service_are_an_alarm_on_home_and_in_the_room(scene: Scene) -> None:
    first = scene.incident
    incident.set_services(scene.as_("mia"), scene.read(), ["web"])
    actions.order(scene.as_("mia"), scene.read(), "restart web", owner="noor")
    scene.declare("Search is slow")
    incident.set_services(scene.as_("mia"), scene.read(), ["web"])
    actions.order(scene.as_("mia"), scene.read(), "roll back web to 411", owner="li")
    scene.incident = first

    async def steps(console: Console) -> None:
        assert "INC-1 and INC-2 both change web" in console.head
        await console.press("enter")
        assert "INC-1 and INC-2 both change web" in console.head
        await console.press("a")
        assert console.where == "RelatedIncidents"

    at_console(scene, steps)


def test_a_minor_anomaly_is_logged_and_closed_in_two_keys_from_home(empty: Scene) -> None:
    empty.board.remember("person", "mia")

    async def steps(console: Console) -> None:
        await console.press("a")
        await console.type("one probe flapped")
        assert "nobody is paged" in console.said
        await console.press("enter")
        assert "INC-1 logged and closed" in console.said

    at_console(empty, steps)
    logged = empty.board.all(Incident)[0]
    assert (logged.status, logged.anomaly) == ("closed", True)


def test_alerts_wait_on_home_folded_until_one_is_declared_or_logged(empty: Scene) -> None:
    empty.board.remember("person", "mia")
    disk = Proposed("Disk full on db-2", "sev2", "severity critical", ("db",), "disk")
    slow = Proposed("Search is slow", "sev4", "severity warning", (), "slow")
    for _ in range(2):
        receive(empty.as_("hook"), Payload((disk, slow), ()))

    async def steps(console: Console) -> None:
        assert "Disk full on db-2  2 times" in console.screen_text
        await console.press("i", "j", "c")
        assert "logged and closed" in console.said
        await console.press("g", "enter")
        assert console.where == "WarRoom"

    at_console(empty, steps, size=(80, 24))
    assert not inbox(empty.board)
    declared = [item for item in empty.board.all(Incident) if not item.anomaly]
    assert [(item.title, item.severity, item.services) for item in declared] == [("Disk full on db-2", "sev2", ("db",))]


def test_a_line_is_corrected_moved_in_time_struck_out_and_counts_again(scene: Scene) -> None:
    timeline.observe(scene.as_("li"), scene.read(), "erors at 3 %")

    async def steps(console: Console) -> None:
        await console.press("6")
        seen = next(m for m in scene.board.moments(scene.incident) if m.text == "failures rise to 30 %")
        assert console.war_room.timeline_pane.reveal(seen)
        await console.press("e")
        assert console.prompt.field is not None
        console.prompt.field.value = ""
        await fill(console, "13:20 errors at 3 %")
        assert "13:20 li   errors at 3 %" in " ".join(console.screen_text.split("│"))
        pane = console.war_room.timeline_pane
        line = next(m for m in scene.board.moments(scene.incident) if m.text == "errors at 3 %")
        assert pane.reveal(line)
        await console.press("x")
        await fill(console, "it was another graph")
        assert "struck by mia: it was another graph" in console.screen_text
        await console.press("x")
        assert "counts again" in console.said
        await console.press("O")
        assert "as recorded" in console.screen_text

    at_console(scene, steps, size=(160, 40))
    found = [line for line in scene.board.moments(scene.incident) if line.text == "errors at 3 %"]
    assert [(line.at[11:16], line.struck) for line in found] == [("13:20", "")]


def test_a_paste_of_lines_with_times_is_taken_as_a_timeline(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.paste("13:10 li: errors rise\n13:12 noor: pool is full\nstill full")
        assert "t take 2 lines as a timeline" in console.said
        await console.press("t")

    at_console(scene, steps)
    found = [
        (m.at[11:16], m.by, m.text) for m in scene.board.moments(scene.incident) if m.at[11:16] in ("13:10", "13:12")
    ]
    assert found == [("13:10", "li", "errors rise"), ("13:12", "noor", "pool is full\nstill full")]


async def on_last_order(scene: Scene, console: Console, key: str) -> None:
    await console.press("3")
    console.war_room.actions_pane.select(scene.orders()[-1].id)
    await console.press(key)


def test_a_risky_order_is_asked_how_it_is_undone(scene: Scene) -> None:
    actions.order(scene.as_("mia"), scene.read(), "drop the old index", owner="noor")

    async def steps(console: Console) -> None:
        await on_last_order(scene, console, "U")
        await fill(console, "create it again, 4 min")

    at_console(scene, steps)
    assert scene.orders()[-1].undo == "create it again, 4 min"


def test_what_an_order_put_in_force_for_a_time_says_until_when(scene: Scene) -> None:
    actions.order(scene.as_("mia"), scene.read(), "shed the search traffic", owner="noor")

    async def steps(console: Console) -> None:
        await on_last_order(scene, console, "L")
        await fill(console, "soon")
        assert "Say until when" in console.screen_text
        await console.press(*["backspace"] * 4)
        await fill(console, "2h")

    at_console(scene, steps)
    order = scene.orders()[-1]
    assert (order.temporary, order.until[:16]) == (True, scene.ago(-120).at[:16])


def test_a_severity_that_is_not_taken_stays_on_record_as_refused(scene: Scene) -> None:
    stands = scene.read().severity
    scene.wait(1)
    triage.answer(scene.as_("mia"), scene.read(), {"breadth": "few", "depth": "slow"})

    async def steps(console: Console) -> None:
        await console.notice()
        for _ in range(5):
            shown = console.war_room.notice_line.shown
            assert shown is not None
            await console.act("not_now")
            if shown.act == "take_severity":
                break
        assert "refused" in console.said
        assert all(notice.act != "take_severity" for notice in console.war_room.notice_line.notices)

    at_console(scene, steps)
    assert (scene.read().severity, scene.read().severity_refused) == (stands, "sev4")


def test_what_speaks_for_all_that_are_alive_is_said_to_tell_nothing(scene: Scene) -> None:
    for one in scene.hypotheses():
        if one.state in ALIVE:
            hypothesis.add_evidence(scene.as_("noor"), [(one, True)], "it was slow before")

    async def steps(console: Console) -> None:
        await console.press("2", "g", "e")
        assert "tells nothing between them" in " ".join(console.screen_text.split())

    at_console(scene, steps)


def test_what_is_waited_for_has_running_tests_and_the_next_check(scene: Scene) -> None:
    asked = next(one for one in scene.hypotheses() if one.state in ALIVE)
    test = scene.board.get(
        HypothesisTest, hypothesis_testing.plan_test(scene.as_("mia"), scene.read(), "read db-2's log", [asked]).record
    )
    assert test is not None
    hypothesis_testing.begin_test(scene.as_("noor"), test)
    scene.as_("mia").set(scene.read(), {"watch_until": scene.ago(-30).at})
    scene.wait(2)

    async def steps(console: Console) -> None:
        await console.press("w")
        assert "read db-2's log" in console.screen_text
        assert "for 2m" in console.screen_text
        assert "says whether it holds" in console.screen_text

    at_console(scene, steps)


def test_search_jumps_to_a_line_far_down(scene: Scene) -> None:
    with scene.board.transaction():
        for number in range(150):
            timeline.observe(scene.as_("li"), scene.read(), f"probe {number}", scene.ago(number / 60))
    timeline.observe(scene.as_("li"), scene.read(), "the needle", scene.ago(600))

    async def steps(console: Console) -> None:
        await console.press("S")
        await console.type("needle")
        await console.press("enter", "enter")
        await console.pilot.pause()
        moment = console.war_room.timeline_pane.selected_moment()
        assert moment is not None
        assert moment.text == "the needle"
        assert "the needle" in console.screen_text

    at_console(scene, steps)


def test_only_what_was_touched_is_read_and_made_anew(scene: Scene) -> None:
    from opsterm.incidents.snapshot import read_snapshot

    before = read_snapshot(scene.board, scene.incident)
    hypothesis.add_evidence(scene.as_("li"), [(scene.hypotheses()[1], False)], "pool is empty", strong=True)
    hypothesis.move(scene.as_("li"), scene.hypotheses()[2], "testing")
    after = read_snapshot(scene.board, scene.incident, before)
    afresh = read_snapshot(scene.board, scene.incident)
    told = [(h.id, h.state, [e.text for e in after.evidence.get(h.id, ())]) for h in after.hypotheses]
    assert told == [(h.id, h.state, [e.text for e in afresh.evidence.get(h.id, ())]) for h in afresh.hypotheses]
    assert after.hypotheses[0] is before.hypotheses[0]
    assert after.evidence[after.hypotheses[2].id] is before.evidence[before.hypotheses[2].id]
    assert after.hypotheses[2] is not before.hypotheses[2]
    assert after.actions is before.actions


def test_marks_given_twice_are_read_anew_with_their_letters(scene: Scene, tmp_path: Path) -> None:
    from opsterm.incidents.snapshot import read_snapshot

    before = read_snapshot(scene.board, scene.incident)
    actions.order(scene.as_("mia"), scene.read(), "look at the pool", owner="noor")
    with Board.open(tmp_path / "other.sqlite", clock=scene.clock, machine="n", any_disk=True) as other:
        other.merge(
            c for s in stations(scene.board) for c in changes_of_station(scene.board, s) if "pool" not in c.fields
        )
        far = Scene(other, scene.clock, tmp_path, scene.incident)
        actions.order(far.as_("li"), far.read(), "call the bank", owner="li")
        scene.board.merge(c for s in stations(other) for c in changes_of_station(other, s))
    after = read_snapshot(scene.board, scene.incident, before)
    assert [a.mark for a in after.actions] == [a.mark for a in scene.board.all(Action, scene.incident)]
    assert any(a.mark.endswith("b") for a in after.actions)


def test_a_severity_against_the_rules_asks_why_and_is_counted_as_overridden(scene: Scene) -> None:
    from opsterm.incidents.triage import answer

    answer(scene.as_("mia"), scene.read(), {"breadth": "some", "depth": "degraded"})

    async def steps(console: Console) -> None:
        await console.press("v", "1")
        assert "The rules give" in console.said
        await fill(console, "the press has it")
        assert "INC-1 is sev1, where the rules give" in console.said

    at_console(scene, steps)
    assert scene.read().severity == "sev1"
    assert scene.read().severity_ruled
    assert scene.read().severity_why == "the press has it"


def test_opening_an_ended_incident_again_asks_why(scene: Scene) -> None:
    incident.set_status(scene.as_("mia"), scene.read(), "resolved")

    async def steps(console: Console) -> None:
        await console.press("enter", "s", "i")
        assert "why it is opened again" in console.said
        await fill(console, "failures are back")

    at_console(scene, steps)
    assert (scene.read().status, scene.read().reopened) == ("investigating", 1)


def test_the_bell_is_off_by_a_key_and_on_again(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("M")
        assert "the bell is off; alarms stay on the screen" in console.said
        assert console.app.ringing.muted
        await console.press("M")
        assert not console.app.ringing.muted

    at_console(scene, steps)


def test_after_a_laptops_sleep_one_line_says_what_piled_up(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        console.war_room.notice_line.read()
        scene.wait(90)
        console.war_room.notice_line.read()
        await console.pilot.pause()
        assert "away for 1h30m" in console.head.replace(" 30m", "30m")
        assert console.head.count("away for") == 1

    at_console(scene, steps)


def test_what_the_room_waits_for_names_decisions_and_people(scene: Scene) -> None:
    from opsterm.incidents.proposal import put_to_room
    from opsterm.incidents.responders import mark_call

    put_to_room(scene.as_("noor"), scene.read(), "fail over to eu-west")
    mark_call(scene.as_("mia"), scene.read(), "tom", "called", role="customer liaison")

    async def steps(console: Console) -> None:
        await console.press("w")
        assert "fail over to eu-west" in console.screen_text
        assert "customer liaison" in console.screen_text

    at_console(scene, steps)


def test_a_drill_is_declared_from_home_and_marked(empty: Scene) -> None:
    empty.board.remember("person", "mia")

    async def steps(console: Console) -> None:
        await console.press("n")
        await console.type("drill: region lost")
        assert "declares a drill" in console.said
        await console.press("enter")
        assert "DRILL" in console.head

    at_console(empty, steps)
    assert [(item.title, item.drill) for item in empty.board.all(Incident)] == [("region lost", True)]
