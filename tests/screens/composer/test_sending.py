"""What follows from a word that was sent: when the next is due, the page for outsiders, a stand-down; and what a team
sets of its own about its words."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsterm.incidents.snapshot import read_snapshot
from opsterm.records import System, Update
from opsterm.updates.next_update import next_word, next_words
from opsterm.updates.status_page import write_page
from screens.widgets.durations import seconds_between
from tests.support.composer import at_console, clipboard, composer, in_parts, last_sent
from tests.support.console import Console, Scene


def test_a_captured_word_is_one_that_was_sent_and_its_promise_is_the_next_due_time(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.say(">executives Card payments fail. We write again at 15:10 UTC.")
        sent = last_sent(scene)
        assert (sent.audience, sent.text) == ("executives", "Card payments fail. We write again at 15:10 UTC.")
        assert next_word(console.war_room.snapshot, "executives") == "2026-11-24T15:10:00Z"

    at_console(scene, steps)


def test_after_a_false_alarm_those_who_were_told_are_stood_down_and_nothing_more_is_owed(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        copied = clipboard(console)
        await console.say("#cancelled the probe was wrong")
        owed = next_words(read_snapshot(scene.board, scene.incident))
        assert [to for to, _ in owed] == ["customers"]
        await console.press("m")
        message = composer(console).message
        assert (message.audience, message.stage_now) == ("customers", "stand-down")
        assert "It was a false alarm." in message.text
        message.answered("[what was it that turned out to be nothing?]", "a broken check of ours")
        await console.press("S", "S")
        assert (last_sent(scene).stage, copied) == ("stand-down", [last_sent(scene).text])
        assert next_words(read_snapshot(scene.board, scene.incident)) == []

    at_console(scene, steps)


def test_the_page_for_outsiders_is_written_anew_on_every_send_to_customers(
    scene: Scene, settings: Path, tmp_path: Path
) -> None:
    page = tmp_path / "status.html"
    settings.write_text(f'[updates]\npage = "{page}"\n')
    in_parts(scene)

    async def steps(console: Console) -> None:
        clipboard(console)
        await console.say(">executives Orders are lost. Next update at 15:00 UTC.")
        assert not page.exists()
        await console.press("m", "a", "2", "S", "S")
        assert last_sent(scene).audience == "customers"
        assert "Customers in the EU cannot pay by card." in page.read_text(encoding="utf-8")
        assert "Orders are lost" not in page.read_text(encoding="utf-8")
        await console.press("escape")
        await console.say(">customers Cards work again.")
        assert "Cards work again." in page.read_text(encoding="utf-8")

    at_console(scene, steps)


def test_a_page_that_cannot_be_written_is_said_and_the_word_stands(
    scene: Scene, settings: Path, tmp_path: Path
) -> None:
    settings.write_text(f'[updates]\npage = "{tmp_path / "nowhere" / "status.html"}"\n')

    async def steps(console: Console) -> None:
        await console.say(">customers Cards work again.")
        assert "the page for outsiders is as it was" in console.said
        assert last_sent(scene).text == "Cards work again."

    at_console(scene, steps)


def test_a_drill_is_never_on_the_page(scene: Scene, tmp_path: Path) -> None:
    scene.as_("mia").set(scene.read(), {"drill": True})
    page = tmp_path / "status.html"
    assert scene.board.all(Update, scene.incident)
    assert write_page(scene.board, page, "UTC") == 0
    assert "Checkout" not in page.read_text(encoding="utf-8")


def test_a_team_sets_form_language_phrases_and_cadence(scene: Scene, settings: Path) -> None:
    settings.write_text(
        '[updates.form]\ncustomers = "teams"\n\n[updates.lang]\nexecutives = "zh"\n\n'
        '[phrases.en]\n"next.by" = "You hear from us by {time}; next update then."\n\n'
        "[cadence.customers]\nsev2 = [7, 7, 7, 7, 7]\n"
    )
    in_parts(scene)

    async def steps(console: Console) -> None:
        copied = clipboard(console)
        await console.press("m")
        message = composer(console).message
        assert (message.form, message.lang) == ("teams", "en")
        assert "You hear from us by" in message.text
        await console.press("y")
        assert copied[0].startswith("**Customers in the EU cannot pay by card.**")
        message.begin("executives")
        assert (message.form, message.lang) == ("plain", "zh")
        told = read_snapshot(scene.board, scene.incident).last_update("customers")
        assert told is not None
        assert seconds_between(told.at, next_word(read_snapshot(scene.board, scene.incident), "customers")) == 420

    at_console(scene, steps)


@pytest.mark.parametrize(("allowed", "found"), [("", ["kestrel"]), ('allow = ["kestrel"]', [])])
def test_a_system_of_the_catalog_is_foreign_to_customers_unless_the_team_allows_it(
    scene: Scene, settings: Path, allowed: str, found: list[str]
) -> None:
    settings.write_text(f"[words]\n{allowed}\n")
    for name in ("kestrel", "checkout"):
        scene.as_("mia").create(System, "", {"name": name})

    async def steps(console: Console) -> None:
        await console.press("m")
        message = composer(console).message
        message.write("The checkout fails: kestrel is slow. Next update at 14:30 UTC.")
        message.look()
        assert [finding.text for finding in message.findings if finding.rule == "jargon"] == found

    at_console(scene, steps)


def test_a_number_takes_what_can_stand_in_the_text_and_never_advice(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.press("m")
        message = composer(console).message
        message.write("Card payments fail; someone forgot to renew a key. We will tell you more soon.")
        message.look()
        assert "blame" in [finding.rule for finding in message.findings]
        assert "blame" not in [finding.rule for finding in message.suggestions()]
        number = 1 + [finding.rule for finding in message.suggestions()].index("no-next-update")
        await console.press(str(number))
        assert message.text.endswith("We will tell you more soon. Next update by [what time?].")

    at_console(scene, steps)


def test_a_late_word_stands_in_the_rooms_head(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        assert "word to" not in console.head
        scene.wait(600)
        console.war_room.tick(scene.board.now)
        await console.pilot.pause()
        assert "word to customers late" in console.head

    at_console(scene, steps)
