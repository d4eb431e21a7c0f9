"""From the war room to sent, on the clipboard and recorded; and what may happen on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.drafting.facts import Facts
from opsterm.incidents import incident
from opsterm.incidents.snapshot import Snapshot, read_snapshot
from opsterm.records import TextApproval, Update
from opsterm.records.instant import Instant
from opsterm.updates import draft_facts
from opsterm.updates.draft_facts import facts_of
from tests.support.composer import at_console, clipboard, composer, in_parts, last_sent
from tests.support.console import Console, Scene, Steps


def test_three_keys_from_the_war_room_to_sent_copied_and_recorded(scene: Scene) -> None:
    in_parts(scene)

    async def steps(console: Console) -> None:
        copied = clipboard(console)
        await console.press("m", "S", "S")
        sent = last_sent(scene)
        assert copied == [sent.text]
        assert "Customers in the EU cannot pay by card." in sent.text
        assert (sent.audience, sent.stage, sent.form, sent.by) == ("customers", "scoping", "plain", "mia")
        assert sent.next_at
        assert sent.overridden == ()
        assert "recorded; next word due" in console.said

    at_console(scene, steps)


def test_draft_facts_and_findings_stand_side_by_side(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("m")
        shown = console.screen_text
        for word in ("To customers", "Known", "Suspected", "not for customers", "Changed", "Missing", "Findings"):
            assert word in shown

    at_console(scene, steps)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
def test_everything_is_seen_at_other_sizes(scene: Scene, size: tuple[int, int]) -> None:
    async def steps(console: Console) -> None:
        await console.press("m")
        shown = console.screen_text
        for word in ("To customers", "Known", "Findings", "PayPal"):
            assert word in shown

    at_console(scene, steps, size=size)


def test_enter_fills_what_is_missing_in_the_record_and_the_text_alike(scene: Scene) -> None:
    scene.as_("mia").set(scene.read(), {"impact": "Card payments fail"})

    async def steps(console: Console) -> None:
        await console.press("m")
        assert "[how many customers?]" in composer(console).message.text
        await console.press("enter")
        await console.type("about 3 in 10 card payments")
        await console.press("enter")
        assert scene.read().impact_extent == "about 3 in 10 card payments"
        assert "This affects about 3 in 10 card payments." in composer(console).message.text
        assert not composer(console).message.edited

    at_console(scene, steps)


def test_a_paste_into_the_text_lands_there_once_without_what_a_terminal_would_obey(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("m", "e")
        writing = composer(console).writing
        assert writing is not None
        writing.text = ""
        await console.paste("Cards fail.\r\x1b[31mPayPal works.\r\nSo does cash.")
        assert writing.text == "Cards fail.\n[31mPayPal works.\nSo does cash."

    at_console(scene, steps)


def test_what_is_typed_is_reviewed_once_the_keys_rest_and_a_number_takes_the_suggestion(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("m", "e")
        screen = composer(console)
        assert screen.writing is not None
        screen.writing.text = "Card payments fail with high latency. Next update at 14:30 UTC."
        await console.pilot.pause()
        screen._rested()
        assert "jargon" in [finding.rule for finding in screen.message.findings]
        await console.press("escape")
        number = next(n for n, f in enumerate(screen.message.suggestions(), 1) if f.text.endswith("latency"))
        await console.press(str(number))
        assert "latency" not in screen.message.text

    at_console(scene, steps)


def test_what_was_written_survives_a_kill_for_each_audience_language_and_person(scene: Scene) -> None:
    def written(audience: str, lang: str, person: str, text: str) -> Steps:
        async def steps(console: Console) -> None:
            await console.press("m")
            message = composer(console).message
            message.begin(audience, lang)  # type: ignore[arg-type]
            message.write(text)
            message.keep()

        return steps

    at_console(scene, written("customers", "en", "mia", "Mia writes."))
    at_console(scene, written("customers", "zh", "mia", "米娅在写。"))
    at_console(scene, written("customers", "en", "tom", "Tom writes."), person="tom")

    async def steps(console: Console) -> None:
        await console.press("m")
        assert composer(console).message.text == "Mia writes."
        await console.press("g")
        assert composer(console).message.text == "米娅在写。"

    at_console(scene, steps)


def test_an_untouched_draft_follows_the_record_and_a_written_one_is_stale(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("m")
        screen = composer(console)
        incident.set_words(scene.as_("noor"), scene.read(), "workaround", "Pay by PayPal.")
        screen.repaint()
        assert "PayPal" in screen.message.text
        screen.message.write("Card payments fail. Next update at 14:30 UTC.")
        incident.set_severity(scene.as_("noor"), scene.read(), "sev1")
        screen.repaint()
        assert screen.message.text == "Card payments fail. Next update at 14:30 UTC."
        assert "stale" in [finding.rule for finding in screen.message.findings]

    at_console(scene, steps)


def test_the_incident_is_read_once_and_again_only_where_something_was_recorded(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Facts] = []

    def counted(board: Board, now: Snapshot, at: Instant = "") -> Facts:
        read.append(facts_of(board, now, at))
        return read[-1]

    monkeypatch.setattr(draft_facts, "facts_of", counted)

    async def steps(console: Console) -> None:
        await console.press("m", "a", "1", "g", "s", "3")
        assert len(read) == 1
        incident.set_words(scene.as_("noor"), scene.read(), "workaround", "Pay by PayPal.")
        composer(console).repaint()
        assert [facts.incident.workaround for facts in read[1:]] == ["Pay by PayPal."]

    at_console(scene, steps)


def test_findings_never_block_and_what_was_let_stand_is_recorded(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        clipboard(console)
        await console.press("m")
        composer(console).message.write("It will be fixed within the hour.")
        composer(console).message.look()
        await console.press("S")
        assert "findings stand" in console.said
        await console.press("S")
        assert any(item.startswith("promise: ") for item in last_sent(scene).overridden)

    at_console(scene, steps)


def test_copying_records_nothing_and_takes_the_channels_form(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        copied = clipboard(console)
        await console.press("m", "f", "5", "y")
        assert '"status": "investigating"' in copied[0]
        assert "not recorded" in console.said
        assert len(scene.board.all(Update, scene.incident)) == 1

    at_console(scene, steps)


def test_the_commanders_yes_is_asked_and_given_across_consoles_for_exactly_that_text(
    scene: Scene, settings: Path
) -> None:
    settings.write_text('[updates]\napprove = ["customers"]\n')
    incident.take_command(scene.as_("mia"), scene.read())
    in_parts(scene)

    async def asks(console: Console) -> None:
        clipboard(console)
        await console.press("m", "S")
        assert "has not approved" in console.said
        await console.press("A")
        assert "mia is asked" in console.said
        await console.press("S")
        assert len(scene.board.all(Update, scene.incident)) == 1

    async def gives(console: Console) -> None:
        await console.press("4", "a")
        assert "Approve the words to customers?" in console.said
        await console.press("y")
        assert scene.board.all(TextApproval, scene.incident)[0].state == "approved"

    async def sends(console: Console) -> None:
        clipboard(console)
        await console.press("m", "S", "S")
        assert last_sent(scene).approved_by == "mia"

    at_console(scene, asks, person="tom")
    at_console(scene, gives)
    at_console(scene, sends, person="tom")


def test_what_is_sent_is_what_was_read(scene: Scene) -> None:
    in_parts(scene)

    async def steps(console: Console) -> None:
        copied = clipboard(console)
        await console.press("m", "S")
        with Board.open(scene.path, clock=scene.clock, machine="m", any_disk=True) as beside:
            Session(beside, "noor").set(scene.read(), {"impact_who": "customers everywhere"})
        await console.notice()
        await console.hit("S")
        assert "changed just now: press again" in console.said
        assert not copied

    at_console(scene, steps)


def test_unanswered_for_three_minutes_it_may_be_sent_as_not_approved(scene: Scene, settings: Path) -> None:
    settings.write_text('[updates]\napprove = ["customers"]\n')
    incident.take_command(scene.as_("mia"), scene.read())

    async def steps(console: Console) -> None:
        clipboard(console)
        await console.press("m")
        composer(console).message.write("Card payments fail. Next update at 14:30 UTC.")
        await console.press("A")
        scene.wait(3)
        await console.press("S")
        assert "did not answer" in console.said
        await console.press("S")
        assert (last_sent(scene).approved_by, last_sent(scene).text[:13]) == ("", "Card payments")

    at_console(scene, steps, person="tom")


def test_a_question_from_outside_is_due_until_it_is_answered(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("4", "n")
        await console.type("ceo: is our data safe? in 20m")
        await console.press("enter")
        assert "ceo asks: is our data safe?" in console.screen_text
        await console.press("a")
        await console.type("no data is affected")
        await console.press("enter")
        asked = read_snapshot(scene.board, scene.incident).questions[0]
        assert (asked.state, asked.state_why) == ("answered", "no data is affected")

    at_console(scene, steps)


def test_a_word_is_put_off_with_a_reason(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("4", "+")
        await console.press("enter")
        assert "Say why" in console.said
        await console.type("the bank calls back")
        await console.press("enter")
        assert "put off" in console.said

    at_console(scene, steps)
