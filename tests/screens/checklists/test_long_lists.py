"""A list of 300 steps costs a key no more than one of 10: counted, not timed."""

from __future__ import annotations

import asyncio

from tests.support.walk import WalkBench


def cost_of_keys(bench: WalkBench, steps: int) -> tuple[int, int, int]:
    """(records read, lines made, lines on the screen) of three answers in a list of so many steps."""
    items = "".join(f"- [ ] step number {n}\n  why: reason {n}\n" for n in range(1, steps + 1))
    run = bench.begin(f"# List of {steps}\n\n{items}")
    counts: list[int] = []

    async def go() -> None:
        async with bench.console() as console:
            from screens.checklists.walkthrough import Walkthrough

            walk = Walkthrough(console.app.context, run.id)
            console.app.push_screen(walk)
            await console.pilot.pause()
            await console.press("space", "space", "space", "space")
            before = walk.course.records_read
            made = len(walk.lines.rows)
            await console.press("space", "space", "space")
            counts.extend((walk.course.records_read - before, made, len(walk.lines.rows)))

    asyncio.run(go())
    return counts[0], counts[1], counts[2]


def test_300_steps_walk_as_fast_as_10(bench: WalkBench) -> None:
    short, long = cost_of_keys(bench, 10), cost_of_keys(bench, 300)
    assert long[0] == short[0] == 3
    assert max(long[1:]) <= 34
