"""Which changes a file holds, told in few words.

Each change names the one before it, so the last digest of an unbroken stretch of a station's changes stands for all of
them: a stretch of a thousand changes is one small tuple.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple


class ChainLink(NamedTuple):
    """What of a change says where it stands in its station's chain."""

    station: str
    seq: int
    prev: str
    digest: str


class ChainRun(NamedTuple):
    """An unbroken stretch of a station's changes, `first` to `last`, the last one named `digest`."""

    station: str
    first: int
    last: int
    digest: str


class SeqSpan(NamedTuple):
    """A station's changes from seq `first` to `last`."""

    station: str
    first: int
    last: int


def runs_of(links: Iterable[ChainLink]) -> tuple[ChainRun, ...]:
    """The stretches that changes form, in one order whatever theirs."""
    given = [*links]
    if given and all(b[:3] == (a.station, a.seq + 1, a.digest) for a, b in pairwise(given)):
        return (ChainRun(given[0].station, given[0].seq, given[-1].seq, given[-1].digest),)
    open_runs: dict[tuple[str, str], ChainRun] = {}
    for link in sorted(set(given)):
        before = open_runs.get((link.station, link.prev))
        if before is not None and before.last == link.seq - 1:
            del open_runs[link.station, link.prev]
            open_runs[link.station, link.digest] = before._replace(last=link.seq, digest=link.digest)
        else:
            open_runs[link.station, link.digest] = ChainRun(link.station, link.seq, link.seq, link.digest)
    return tuple(sorted(open_runs.values()))


def covered_seqs(runs: Iterable[ChainRun]) -> int:
    """How many different seqs one station's runs hold."""
    count, reached = 0, 0
    for run in sorted(runs, key=lambda run: run.first):
        count += max(0, run.last - max(reached, run.first - 1))
        reached = max(reached, run.last)
    return count


def not_in(links: Sequence[ChainLink], runs: Iterable[ChainRun]) -> list[ChainLink]:
    """The changes of one station that none of its runs holds."""
    by_digest: Mapping[str, ChainLink] = {link.digest: link for link in links}
    held: set[str] = set()
    for run in runs:
        digest, seq = run.digest, run.last
        while seq >= run.first and digest not in held and (link := by_digest.get(digest)) is not None:
            held.add(digest)
            digest, seq = link.prev, seq - 1
    return [link for link in links if link.digest not in held]


def spans_of(links: Iterable[ChainLink]) -> list[SeqSpan]:
    """The same changes as spans of seqs."""
    spans: list[SeqSpan] = []
    for link in sorted(links):
        last = spans[-1] if spans else None
        if last is not None and last.station == link.station and link.seq <= last.last + 1:
            spans[-1] = last._replace(last=link.seq)
        else:
            spans.append(SeqSpan(link.station, link.seq, link.seq))
    return spans


def joined(spans: Iterable[SeqSpan]) -> tuple[SeqSpan, ...]:
    """The same spans in order, those that touch or overlap as one."""
    out: list[SeqSpan] = []
    for span in sorted(spans):
        last = out[-1] if out else None
        if last is not None and last.station == span.station and span.first <= last.last + 1:
            out[-1] = last._replace(last=max(last.last, span.last))
        else:
            out.append(span)
    return tuple(out)
