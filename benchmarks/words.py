"""How long words take: reviewing a text of 300 words at a key press, beside one bare regex pass over it; drafting.

    python benchmarks/words.py

Prints milliseconds of the processor (median, 99th percentile), so that a busy machine counts for nothing, and ratios.
Exits 1 where a budget is missed: review at most 10 ms at p99, drafting at most 20 ms.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Callable

from opsterm.drafting.draft import draft
from opsterm.drafting.facts import Facts
from opsterm.drafting.review import review
from tests.drafting.incidents import action, hypothesis, incident

NOW = "2026-03-12T13:33:00Z"
FACTS = Facts(
    incident(
        severity="sev1",
        status="investigating",
        started_at="2026-03-12T13:05:00Z",
        services=("checkout", "payments"),
        impact_who="customers in the EU",
        impact_what="pay by card",
        impact_extent="about 3 in 10 card payments",
        workaround="Pay by PayPal.",
    ),
    hypotheses=(
        hypothesis("h1", "Connection pool exhausted", "testing", 0.6, plain="a report overloads our database"),
    ),
    actions=(action("a1", "Roll back web", "acknowledged", "mia", plain="we are undoing our latest change"),),
)
SENTENCES = (
    "Card payments from the EU have been failing since 13:05 UTC for about 3 in 10 customers. "
    "We are undoing our latest change and are checking the payment database. "
    "If a payment failed, your card was not charged, and you can pay by PayPal meanwhile. "
    "Latency is high and the failover should be done within the hour. "
    "Next update by 14:30 UTC. "
)
REVIEW_MS_MAX, DRAFT_MS_MAX = 10.0, 20.0


def timed(work: Callable[[int], object], times: int) -> list[float]:
    """Milliseconds of each call, sorted."""
    found = []
    for n in range(times):
        start = time.thread_time()
        work(n)
        found.append((time.thread_time() - start) * 1000)
    return sorted(found)


def main() -> int:
    words = (SENTENCES * 20).split()[:300]
    text = " ".join(words)
    bare = re.compile(r"\b(?:will be|should be|due to|caused by|latency|failover|shortly|asap)\b", re.IGNORECASE)

    def at_key(n: int) -> object:
        # As one types: another letter at another place each time, so that nothing is remembered of the whole.
        place = n * 7 % len(text)
        return review(f"{text[:place]}x{text[place:]}", facts=FACTS, now=NOW, lang="en")

    rows: list[tuple[str, list[float], float]] = []
    review(text, facts=FACTS, now=NOW)
    base = timed(lambda n: bare.findall(text), 400)
    for name, work, most in (
        ("review of 300 words", at_key, REVIEW_MS_MAX),
        *(
            (f"draft for {audience}", lambda n, a=audience: draft(FACTS, audience=a, now=NOW), DRAFT_MS_MAX)
            for audience in ("customers", "support", "executives", "engineers")
        ),
    ):
        work(0)
        rows.append((name, timed(work, 400), most))
    print(f"{'bare regex pass of 300 words':32} median {base[200]:7.3f} ms   p99 {base[-4]:7.3f} ms")
    late = False
    for name, found, most in rows:
        ratio = found[200] / base[200]
        late = late or found[-4] > most
        print(
            f"{name:32} median {found[200]:7.3f} ms   p99 {found[-4]:7.3f} ms   {ratio:6.1f} x bare, at most {most} ms"
        )
    return int(late)


if __name__ == "__main__":
    sys.exit(main())
