"""When an audience was promised different times: the earlier one is due, until a word has kept it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from opsterm.core.session import Attribution
from opsterm.records import Update
from opsterm.updates.next_update import next_word, promised_to, put_off
from opsterm.updates.update import sent
from tests.support.incidents import Scene
from tests.support.stations import NOWHERE, everything, station


def tell(scene: Scene, minutes: float, by: str = "mia") -> str:
    """A word that promises the next one so many minutes from now."""
    return sent(
        scene.as_(by), scene.incident, "customers", f"Cards fail ({minutes}).", next_at=scene.in_(minutes)
    ).record


@pytest.mark.parametrize(("first", "second"), [(30, 60), (60, 30)])
def test_of_two_words_sent_together_the_earlier_promise_is_due(scene: Scene, first: int, second: int) -> None:
    earlier = scene.in_(30)
    tell(scene, first)
    tell(scene, second, by="noor")
    assert next_word(scene.snapshot, "customers") == earlier


def test_the_next_word_keeps_what_was_promised(scene: Scene) -> None:
    tell(scene, 30)
    scene.wait(5)
    later = scene.in_(60)
    tell(scene, 60, by="noor")
    assert next_word(scene.snapshot, "customers") == later


def test_of_two_words_sent_apart_neither_keeps_what_the_other_promised(scene: Scene) -> None:
    """A partition of some minutes, then a heal, then a word of somebody who knows both."""
    noor = station(NOWHERE, "noor", scene.clock)
    noor.board.merge(everything(scene.board))
    earlier = scene.in_(30)
    tell(scene, 30)
    scene.wait(5)
    sent(noor, scene.incident, "customers", "Cards fail.", next_at=scene.in_(60))
    scene.board.merge(everything(noor.board))
    noor.board.close()
    assert next_word(scene.snapshot, "customers") == earlier
    scene.wait(5)
    later = scene.in_(90)
    tell(scene, 90)
    assert next_word(scene.snapshot, "customers") == later


def test_words_of_an_older_version_are_taken_to_know_those_before_them(scene: Scene) -> None:
    for minutes in (30, 60):
        at = scene.in_(minutes)
        scene.mia.create(Update, scene.incident_id, {"audience": "customers", "text": "x", "next_at": at})
        scene.wait(2)
    assert promised_to(scene.snapshot, "customers") == at


def test_a_word_that_is_written_down_late_was_kept_by_the_one_that_followed(scene: Scene) -> None:
    scene.wait(30)
    later = scene.in_(60)
    tell(scene, 60)
    said = Attribution(at=scene.in_(-20))
    sent(scene.mia, scene.incident, "customers", "Cards fail.", next_at=scene.in_(-5), said=said)
    assert next_word(scene.snapshot, "customers") == later


def test_of_two_times_that_it_was_put_off_to_apart_the_earlier_is_due(scene: Scene) -> None:
    tell(scene, 10)
    noor = station(NOWHERE, "noor", scene.clock)
    noor.board.merge(everything(scene.board))
    earlier = scene.in_(20)
    put_off(scene.mia, scene.incident, "customers", timedelta(minutes=20), "nothing new")
    put_off(noor, scene.incident, "customers", timedelta(minutes=40), "the bank answers late")
    scene.board.merge(everything(noor.board))
    noor.board.close()
    assert next_word(scene.snapshot, "customers") == earlier
