"""Stations, faults and time from a seed: after the faults end, everybody knows everything that was acknowledged.

One seed replays one history: OPSTERM_SEED=123 pytest tests/share/test_simulation.py. OPSTERM_SEEDS=10000 runs more.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.share.world import World, told

SEEDS = int(os.environ.get("OPSTERM_SEEDS", "200"))
#: So many parts, for running side by side.
PARTS = 8
STEPS = 55


def run_seed(seed: int) -> World:
    """One history, judged. Raises AssertionError with the seed and what happened."""
    shm = Path("/dev/shm")
    root = Path(tempfile.mkdtemp(prefix=f"opsterm-{seed}-", dir=shm if shm.is_dir() else None))
    world = World(seed, root)
    try:
        _live(world)
        world.heal()
        world.converge()
        _judge(world)
    except BaseException as error:
        error.add_note(f"seed {seed} ({'synced' if world.synced else 'one folder'}): {'; '.join(world.story)}")
        raise
    finally:
        world.close()
        shutil.rmtree(root, ignore_errors=True)
    return world


def _live(world: World) -> None:
    rng = world.rng
    world.command(world.places[0])
    rare: dict[Callable[[], object], float] = {
        world.vanish: 1.0,
        world.come_back: 2.0,
        world.snapshot: 1.0,
        world.hurt_share: 1.5,
        world.lose_journal: 1.0,
        lambda: world.back_up(rng.choice(world.places)): 2.0,
        lambda: world.restore(rng.choice(world.places)): 1.0,
        lambda: world.clone(rng.choice(world.places)): 0.7,
        lambda: world.retire(rng.choice(world.places)): 0.7,
        lambda: world.die(rng.choice(world.places)): 1.0,
        world.arrive: 0.5,
        lambda: _jump(world): 1.0,
    }
    for _ in range(STEPS):
        world.time_ms += rng.choice((5, 200, 3_000, 60_000))
        place = rng.choice(world.places)
        luck = rng.random()
        if luck < 0.45:
            for _ in range(rng.choice((1, 1, 2, 5))):
                world.command(place)
        elif luck < 0.75:
            world.exchange(place, patience_s=rng.choice((0.0, 60.0)))
        elif luck < 0.88:
            for _ in range(3):
                world.deliver()
        else:
            rng.choices(list(rare), list(rare.values()))[0]()


def _jump(world: World) -> None:
    clock = world.rng.choice(world.places).clock
    clock.offset_ms += world.rng.choice((-86_400_000, -61_000, 3_600_000, 400 * 86_400_000))


def _judge(world: World) -> None:
    first = world.places[0].board
    before = told(first)
    for place in world.places:
        digests = {change.digest for change in place.board.all_changes()}
        missing = world.owed - digests
        assert not missing, f"{place.name} lacks {len(missing)}: {[world.acknowledged[d] for d in missing][:2]}"
        assert digests <= set(world.acknowledged)
        difference = _difference(told(place.board), before)
        assert not difference, f"{place.name} and {world.places[0].name} tell different things: {difference}"
    if world.seed % 4:
        return
    first.rebuild()
    difference = _difference(told(first), before)
    assert not difference, f"the tables do not say what the changes say: {difference}"


def _difference(one: list[Any], other: list[Any]) -> list[Any]:
    return [
        pair
        for a, b in zip(one, other, strict=True)
        if a != b
        for pair in zip(a, b, strict=False)
        if pair[0] != pair[1]
    ]


def seeds_of(part: int) -> list[int]:
    if "OPSTERM_SEED" in os.environ:
        return [int(os.environ["OPSTERM_SEED"])] if part == 0 else []
    return list(range(part, SEEDS, PARTS))


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_acknowledged_is_lost_and_all_boards_tell_the_same(part: int) -> None:
    for seed in seeds_of(part):
        run_seed(seed)
