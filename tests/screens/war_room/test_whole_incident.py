"""An incident from an empty board to resolved, on two consoles that share a folder, by keys alone.

No key waits for a time to pass: each waits until the screen says what it should, and what the timeline says is read
there, not in the field where it was typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.terminal import Terminal, missing

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "tmux is there")


@pytest.fixture
def mia(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal("mia", tmp_path)
    yield made
    made.close()


@pytest.fixture
def noor(tmp_path: Path) -> Iterator[Terminal]:
    made = Terminal("noor", tmp_path)
    yield made
    made.close()


def walk_through(person: Terminal, steps: int) -> None:
    """Does every step of the checklist that is open; says a value where one is asked for."""
    for _ in range(4 * steps):
        before = person.screen
        if f"{steps} of {steps}" in before:
            return
        person.press("Space").changes(before)
        if "enter do it" in person.screen:
            person.type("seen").press("Enter").changes(person.screen)
    person.sees(f"{steps} of {steps}")


def test_an_incident_from_an_empty_board_to_resolved(mia: Terminal, noor: Terminal, tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    for person in (mia, noor):
        person.start().sees("your name").press("Enter").sees("shared folder")
        person.type(str(share)).press("Enter").sees("Shared through")

    # Declared: one key, the words, enter.
    mia.press("n").sees("effect first").type("Checkout fails in the EU").press("Enter").sees("INC-1", "investigating")
    # Triage: three yes or no, two numbers, enter.
    mia.press("T").sees("Triage").press("y", "y", "n", "2", "1").sees("enter takes sev2").press("Enter").sees("SEV2")
    noor.sees("Checkout fails in the EU").press("Enter").sees("SEV2", "commander mia")

    # Roles: from what the severity calls for, and in words.
    mia.press("r").sees("sev2 calls for", "scribe").press("G", "k", "Enter").sees("scribe: who").type("li").press(
        "Enter"
    )
    mia.sees("li is scribe").press("Escape").sees("2 Hypotheses")
    mia.press("@").type("noor operations").press("Enter").sees("role: noor is operations")

    # Three hypotheses, two of them out.
    for number, words in enumerate(("web 413 broke tokens", "the CDN drops requests", "the pool is exhausted"), 1):
        mia.press("h").type(words).press("Enter").sees(f"hypothesis h{number}: {words}")
    mia.press("2", "g", "x").type("rolled back, still failing").press("Enter").sees(
        "rolled back, still failing", "1 out"
    )
    mia.press("g", "x").type("errors with the CDN bypassed too").press("Enter").sees("2 out")
    mia.press("g", "+").type("queue of 400 on db-2").press("Enter").sees("evidence +h3: queue of 400 on db-2")

    # Four orders: given, heard, done.
    orders = ("roll back web", "cap the report job", "export the pool graphs", "ask the bank")
    for number, words in enumerate(orders, 1):
        mia.press("o").type(f"@noor {words} in 10m").press("Enter").sees(f"order a{number}: {words}")
    noor.sees(orders[-1]).press("3")
    for number in range(1, 5):
        noor.press("g", "a").sees(f"a{number} acknowledged")
        noor.press("l").type(f"a{number} done as asked").press("Enter").sees(f"a{number} done: as asked")
    mia.sees("a4 done: as asked")

    # Two words to customers.
    mia.press(">").type("customers Some card payments in the EU fail. We look into it.").press("Enter").sees(
        "told: Some card payments in the EU fail."
    )
    mia.press(">").type("customers Payments work again.").press("Enter").sees("told: Payments work again.")

    # A checklist, step by step.
    mia.press("c").sees("First fifteen minutes").press(*"jjjjj", "Enter").sees("First fifteen minutes", "0 of 8")
    walk_through(mia, 8)
    mia.press("q").sees("2 Hypotheses")

    # Command changes hands between the consoles; until the yes the first stays in command.
    mia.press("t").sees("mia is in command").press("o").type("noor").press("Enter").sees("Offered to noor").press(
        "Escape"
    ).sees("2 Hypotheses")
    noor.press("t").sees("offers you command", "Ruled out, and why").press("PageDown").sees("Orders out").press("a")
    noor.sees("commander noor")
    mia.sees("commander noor")

    # Resolved by the new commander: what is unmet is passed, and becomes somebody's.
    noor.press("s", "r").sees("unmet", "no exit criteria were written").press("P").sees("Nothing is unmet", "Passed on")
    noor.press("Enter").sees("resolved")
    mia.sees("resolved")
    noor.press("q").sees("Recent").press("q").gone()
    mia.press("q").sees("Recent").press("q").gone()

    shown = mia.call("show", "INC-1")
    assert "resolved" in shown
    assert mia.call("check")
