"""Keys are acted on in the order in which they are pressed, however fast they come."""

from __future__ import annotations

import asyncio

import pytest
from textual import events
from textual.message import Message
from textual.message_pump import MessagePump

from screens.keys.key_order import KeyOrder
from screens.war_room.transfer import Transfer
from screens.widgets.prompt import Prompt
from tests.support.console import Console, Scene, at_console


@pytest.mark.parametrize("seed", range(4))
def test_letters_that_follow_the_key_that_opens_the_line_at_once_keep_their_order(scene: Scene, seed: int) -> None:
    async def steps(console: Console) -> None:
        words = "o@noor export the pool graphs in 10m\nhthe cache is cold\nlqueue of 12 on db-2\n"
        await console.burst(words, ">customers Payments work again.\n", seed=seed)

    at_console(scene, steps)
    order = scene.orders()[-1]
    assert (order.text, order.owner) == ("export the pool graphs", "noor")
    assert scene.hypotheses()[-1].text == "the cache is cold"
    assert [moment.text for moment in scene.board.moments(scene.incident, last=2)] == [
        "queue of 12 on db-2",
        "Payments work again.",
    ]


def test_the_very_first_keys_find_the_line_before_it_was_made(scene: Scene) -> None:
    async def run() -> None:
        app = scene.app()
        async with app.run_test(size=(120, 36)) as pilot:
            await Console(app, pilot).burst("hthe cache is cold\n")

    asyncio.run(run())
    assert scene.hypotheses()[-1].text == "the cache is cold"


def test_the_line_can_take_a_key_as_soon_as_it_is_made(scene: Scene) -> None:
    async def run() -> None:
        app = scene.app()
        async with app.run_test(size=(120, 36)):
            prompt = app.screen.query_one(Prompt)
            prompt.make_field()
            assert prompt.field is not None
            assert prompt.field.prompt is prompt

    asyncio.run(run())


def test_whoever_leaves_before_the_line_was_made_just_leaves(scene: Scene) -> None:
    async def run() -> None:
        app = scene.app()
        async with app.run_test(size=(120, 36)):
            app.exit()
            app.screen.query_one(Prompt).make_field()
        assert app.return_code == 0

    asyncio.run(run())


@pytest.mark.parametrize("seed", range(4))
def test_keys_that_go_through_pages_reach_the_one_that_is_open_by_then(scene: Scene, seed: int) -> None:
    async def steps(console: Console) -> None:
        await console.burst("tonoor\n", seed=seed)
        assert scene.read().offered_to == "noor"
        await console.burst("x\x1bhthe cache is cold\nto", seed=seed)
        assert scene.read().offered_to == ""
        assert isinstance(console.app.screen, Transfer)
        assert console.prompt.question is not None

    at_console(scene, steps)
    assert scene.hypotheses()[-1].text == "the cache is cold"


def test_a_paste_between_letters_stays_between_them(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.burst("lqueue of ", events.Paste("400"), " on db-2\n")

    at_console(scene, steps)
    (said,) = scene.board.moments(scene.incident, last=1)
    assert said.text == "queue of 400 on db-2"


def test_a_paste_comes_to_the_line_once_and_whole(scene: Scene) -> None:
    async def steps(console: Console) -> None:
        await console.burst("l", events.Paste("\n  errors at 2 %\n"))
        assert console.prompt.typed.strip() == "errors at 2 %"
        await console.burst("\x1b", "to", events.Paste("noor\nof payments\n"))
        assert console.prompt.typed == "noor of payments"

    at_console(scene, steps)


def test_keys_go_on_where_the_widget_that_was_given_one_has_left() -> None:
    """Nothing comes back from it, or comes late, and then says nothing of the key that is on its way by then."""
    sent: list[KeyOrder.Passed] = []
    looked_at: list[str] = []

    class Given(MessagePump):
        here = True

        def post_message(self, message: Message) -> bool:
            sent.extend([message] if isinstance(message, KeyOrder.Passed) else [])
            return self.here

    class App:
        focused = Given()
        post_message = sent.append

    async def look_at(typed: events.Key | events.Paste) -> None:
        assert isinstance(typed, events.Key)
        typed._set_forwarded()
        looked_at.append(typed.key)

    async def run() -> None:
        keys = KeyOrder(App(), look_at)  # type: ignore[arg-type]
        for key in "abc":
            await keys.take(events.Key(key, key))
        keys.go_on()
        assert looked_at == ["a"]
        App.focused.here, App.focused = False, Given()
        keys.go_on()
        await keys.passed(sent.pop())
        assert looked_at == ["a", "b"]
        late, current = sent
        await keys.passed(late)
        assert looked_at == ["a", "b"]
        await keys.passed(current)
        assert looked_at == ["a", "b", "c"]

    asyncio.run(run())
