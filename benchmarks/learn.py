"""Comparing a new incident with ten thousand old ones, beside a bare FTS5 query of the same words.

    python -m benchmarks.learn [COUNT]

Prints milliseconds and their ratio: milliseconds vary by machine, the ratio hardly.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from opsterm.board import similarity_index
from opsterm.board.change import Write
from opsterm.board.store import Board
from opsterm.core.session import Session
from opsterm.incidents.incident import declare
from opsterm.incidents.timeline import observe
from opsterm.learn.recurrence import catch_up, similar_incidents
from opsterm.records import Incident

COUNT = 10_000
ROUNDS = 15
LIMIT_MS = 100

_SYSTEMS = [
    "checkout",
    "payments",
    "search",
    "auth",
    "billing",
    "ingress",
    "queue",
    "cache",
    "media",
    "warehouse",
    "dns",
    "gateway",
    "reports",
    "mail",
]
_PARTS = [
    "pool",
    "disk",
    "certificate",
    "memory",
    "lock",
    "replica",
    "probe",
    "route",
    "firewall",
    "secret",
    "thread",
    "quota",
    "header",
    "label",
    "clock",
]
_HAPPENED = [
    "exhausted",
    "full",
    "expired",
    "leaked",
    "held",
    "lagged",
    "failed",
    "flapped",
    "blocked",
    "rotated",
    "hung",
    "reached",
    "dropped",
    "grew",
    "drifted",
]
_EXTRA = [f"word{n}" for n in range(4000)]


def _old(place: int, rng: random.Random) -> Write:
    system, part, happened = rng.choice(_SYSTEMS), rng.choice(_PARTS), rng.choice(_HAPPENED)
    rare = " ".join(rng.sample(_EXTRA, 12))
    fields = {
        "title": f"{system} fails: {part} {happened}",
        "severity": "sev2",
        "status": "resolved",
        "services": [system, f"{system}-db"],
        "impact": f"{rng.randint(1, 90)} % of calls to {system} failed. {rare}",
        "causes": [f"the {part} of {system} {happened} after {rare}", f"no alarm on the {part}"],
        "changed": f"{system} {place} deployed",
        "started_at": f"2020-01-01T{place % 24:02d}:{place % 60:02d}:00Z",
        "number": place + 1,
    }
    return Write(Incident.kind, f"old-{place}", "", fields)


def fill(session: Session, count: int) -> None:
    """Puts so many old incidents on the board."""
    rng = random.Random(11)
    for start in range(0, count, 500):
        session.board.record(session.person, [_old(place, rng) for place in range(start, min(count, start + 500))])


def compare(count: int = COUNT) -> tuple[float, float, int]:
    """(milliseconds to compare a running incident with all before it, milliseconds of a bare query of its words, how
    many were found), medians."""
    with tempfile.TemporaryDirectory() as folder, Board.open(Path(folder) / "b.sqlite", any_disk=True) as board:
        session = Session(board, "bench")
        fill(session, count)
        begun = time.perf_counter()
        catch_up(board)
        print(f"gists of {count} incidents: {time.perf_counter() - begun:.1f} s, once")
        made = declare(session, "checkout refuses cards", services=["checkout", "checkout-db"]).record
        of = board.get(Incident, made)
        assert of is not None
        observe(session, of, "the connection pool of checkout is exhausted, word17 word99 word1234 in the log")
        catch_up(board)
        words = next(g.words for g in similarity_index.every(board) if g.incident == made).split()
        match = " OR ".join(f'"{word}"' for word in words)
        bare, whole, found = [], [], 0
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            board._db.execute(
                "SELECT rowid FROM gist_words WHERE gist_words MATCH ? ORDER BY rank LIMIT 40", (match,)
            ).fetchall()
            bare.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            found = len(similar_incidents(board, made, at_least=0.0, limit=40))
            whole.append(time.perf_counter() - begun)
        return median(whole) * 1000, median(bare) * 1000, found


def main() -> int:
    """Runs it; 1 where the comparison takes longer than it may."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    whole, bare, found = compare(count)
    print(
        f"compared with {count}: {whole:.1f} ms for the {found} likest; bare FTS5 query of the same words {bare:.1f} ms"
    )
    print(f"ratio {whole / bare:.1f}")
    return int(whole > LIMIT_MS)


if __name__ == "__main__":
    raise SystemExit(main())
