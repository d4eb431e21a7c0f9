"""Which changes a file holds, in few words: the same words whatever order the changes came in."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from opsterm.share.chain_runs import ChainLink, ChainRun, covered_seqs, not_in, runs_of


def chain(station: str, branch: str, first: int, last: int, prev: str) -> list[ChainLink]:
    """A stretch of a station's changes, named by its branch."""
    names = [prev, *(f"{branch}{seq}" for seq in range(first, last + 1))]
    return [ChainLink(station, seq, names[at], names[at + 1]) for at, seq in enumerate(range(first, last + 1))]


#: A station with a gap, one that was cloned after its third change, one whole.
LINKS = [
    *chain("a", "a", 1, 4, ""),
    *chain("a", "a", 7, 9, "a6"),
    *chain("b", "b", 1, 5, ""),
    *chain("b", "clone", 4, 8, "b3"),
    *chain("c", "c", 1, 6, ""),
]


@given(st.sets(st.sampled_from(LINKS)), st.randoms(use_true_random=False))
def test_stretches_are_the_same_in_any_order_and_stand_for_all_their_changes(
    links: set[ChainLink], rng: random.Random
) -> None:
    ordered = sorted(links)
    shuffled = [*ordered, *ordered[:3]]
    rng.shuffle(shuffled)
    runs = runs_of(ordered)
    assert runs_of(shuffled) == runs
    assert sum(run.last - run.first + 1 for run in runs) == len(links)
    for station in "abc":
        own = [run for run in runs if run.station == station]
        known = [link for link in LINKS if link.station == station]
        assert {*known} - {*not_in(known, own)} == {link for link in links if link.station == station}
        assert covered_seqs(own) == len({link.seq for link in links if link.station == station})


def test_an_unbroken_chain_is_one_stretch() -> None:
    assert runs_of(chain("c", "c", 1, 6, "")) == (ChainRun("c", 1, 6, "c6"),)
    assert runs_of([]) == ()
