"""Thinking together: which hypothesis stands least contradicted, which test tells most, and where minds are stuck."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from opsterm.core.session import NOW, Attribution, Outcome, Rejected, Session, filled, person_name, some
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.core.times import age, between
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.notice import Notice
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Action, Evidence, Hypothesis, HypothesisTest, Incident
from opsterm.records.action import OPEN
from opsterm.records.hypothesis import ALIVE
from opsterm.records.hypothesis_test import OPEN as TESTS_OPEN
from opsterm.records.hypothesis_test import RISKS
from opsterm.records.instant import Instant
from opsterm.records.person_name import each_once, person_key

#: How much a test's risk divides what it tells: looking, a change that can be undone, one that can't.
RISK_FACTOR = {"read-only": 1, "reversible": 2, "risky": 4}
#: "Something else" is always alive: what nobody has thought of yet.
SOMETHING_ELSE = 0.1


# --- ranking


def undiagnostic(snapshot: Snapshot) -> set[str]:
    """Texts of findings that speak for every live hypothesis, and so tell nothing between them [Heuer ch. 8]. Grey
    them."""
    alive = [item.id for item in snapshot.hypotheses if item.state in ALIVE]
    if len(alive) < 2:
        return set()
    favoured = [{e.text for e in snapshot.evidence.get(item, ()) if e.supports} for item in alive]
    return set.intersection(*favoured)


def contradiction(evidence: Iterable[Evidence]) -> float:
    """How strongly findings speak against a hypothesis: 1 for each, 2 for one that would rule it out alone, times how
    far its source is believed [Heuer ch. 8: rank by least inconsistency, not most support]."""
    return sum((2 if e.weight >= 2 else 1) * min(max(e.credibility, 0.5), 1.5) for e in evidence if not e.supports)


def ranked(snapshot: Snapshot) -> list[Hypothesis]:
    """Alive ones first, least contradicted before others, then likelier; those ruled out last, latest first."""
    alive = [item for item in snapshot.hypotheses if item.state in ALIVE]
    out = [item for item in snapshot.hypotheses if item.state not in ALIVE]
    alive.sort(
        key=lambda h: (
            h.state != "confirmed",
            contradiction(snapshot.evidence.get(h.id, ())),
            -(h.confidence or 0.0),
            h.born,
        )
    )
    return alive + sorted(out, key=lambda h: h.state_since, reverse=True)


def weights(snapshot: Snapshot) -> Mapping[str, float]:
    """Each live hypothesis's share of belief: as stated, else an even one, less by what contradicts it; together with
    `SOMETHING_ELSE` they make 1."""
    alive = [item for item in snapshot.hypotheses if item.state in ALIVE]
    if not alive:
        return {}
    even = 1 / len(alive)
    raw = {
        item.id: max(item.confidence if item.confidence is not None else even, 0.01)
        / (1 + contradiction(snapshot.evidence.get(item.id, ())))
        for item in alive
    }
    whole = sum(raw.values())
    return {name: value / whole * (1 - SOMETHING_ELSE) for name, value in raw.items()}


# --- saying more, all of it optional


def refine(session: Session, item: Hypothesis, said: Attribution = NOW, **parts: str) -> Outcome:
    """Says more of a hypothesis: `text`, `if_true`, `if_false`, `scope`, `plain`. Never required."""
    unknown = [name for name in parts if name not in ("text", "if_true", "if_false", "scope", "plain")]
    if unknown or not parts:
        raise Rejected("Say what we would see if it were true or false, its scope, or a customer's words for it.")
    session.set(item, {name: value.strip() for name, value in parts.items()}, said=said)
    return Outcome(f"{item.mark} says more", item.id)


def propose_under(session: Session, incident: Incident, parent: Hypothesis, text: str) -> Outcome:
    """Proposes a hypothesis that refines another."""
    told = propose(session, incident, text, parent=parent)
    return Outcome(f"{told.sentence}, under {parent.mark}", told.record)


# --- tests


def plan_test(
    session: Session,
    incident: Incident,
    text: str,
    hypotheses: Sequence[Hypothesis],
    *,
    minutes: int = 5,
    risk: str = "read-only",
    owner: str = "",
) -> Outcome:
    """Puts a test on the board: what is looked at, which hypotheses it could rule out, what it costs and risks."""
    if risk not in RISKS:
        raise Rejected(f"There is no risk {risk!r}: say one of {', '.join(RISKS)}.")
    if not hypotheses:
        raise Rejected("Say which hypothesis the test could rule out.")
    if minutes < 1:
        raise Rejected("A test takes a minute at least.")
    fields = filled(
        text=some(text, "what to look at"),
        hypotheses=[item.id for item in hypotheses],
        minutes=minutes,
        risk=risk,
        state="planned",
        owner=person_name(owner),
    )
    record = session.create(HypothesisTest, incident.id, fields)
    mark = session.read(HypothesisTest, record).mark
    return Outcome(f"{mark} planned, for {', '.join(h.mark for h in hypotheses)}", record)


def begin_test(session: Session, test: HypothesisTest, owner: str = "") -> Outcome:
    """Begins a test; its hypotheses are being tested from now. One change at a time: a second one that changes the
    system warns."""
    who = person_name(owner) or test.owner or session.person
    with session.board.transaction():
        others = [
            t for t in session.board.all(HypothesisTest, test.incident) if t.state == "running" and t.id != test.id
        ]
        session.set(test, {"state": "running", "owner": who})
        for name in test.hypotheses:
            item = session.board.get(Hypothesis, name)
            if item is not None and item.state == "proposed":
                session.set(item, {"state": "testing"})
    changing = [t for t in others if t.risk != "read-only"] if test.risk != "read-only" else []
    warning = f"{changing[0].mark} changes the system too: one change at a time" if changing else ""
    return Outcome(f"{test.mark} runs, with {who}", test.id, warning)


def end_test(session: Session, test: HypothesisTest, outcome: str) -> Outcome:
    """Notes what a test showed. What it means for the hypotheses is said by evidence."""
    seen = some(outcome, "what the test showed")
    session.set(test, {"state": "done", "outcome": seen})
    return Outcome(f"{test.mark} done: say what it speaks against, -h2 …", test.id)


def drop_test(session: Session, test: HypothesisTest, why: str = "") -> Outcome:
    """Leaves a test out."""
    session.set(test, {"state": "dropped"}, why=why)
    return Outcome(f"{test.mark} dropped", test.id)


@dataclass(frozen=True, slots=True)
class NextTest:
    """The test that tells most for what it costs, with its reason."""

    text: str
    why: str
    #: Ids of the hypotheses that it is about.
    hypotheses: tuple[str, ...]
    #: The planned test, or empty where one has to be thought of.
    record: str = ""
    gain: float = 0.0


def gain(test: HypothesisTest, belief: Mapping[str, float]) -> float:
    """Belief that a test would settle a minute: the smaller part of what it keeps and what it removes ÷ (minutes ×
    risk). The best splits belief in halves."""
    removed = sum(belief.get(name, 0.0) for name in test.hypotheses)
    kept = max(1.0 - removed, 0.0)
    return min(kept, removed) / (max(test.minutes, 1) * RISK_FACTOR.get(test.risk, 4)) if removed else 0.0


def next_test(snapshot: Snapshot) -> NextTest | None:
    """The next best test: the planned one with the most gain, looking before changing; where none is planned, a look at
    the least contradicted hypothesis that nobody has tried to refute. None where no hypothesis is alive."""
    belief = weights(snapshot)
    if not belief:
        return None
    marks = {item.id: item.mark for item in snapshot.hypotheses}
    planned = [t for t in snapshot.probes if t.state == "planned" and any(name in belief for name in t.hypotheses)]
    if planned:
        best = max(
            planned,
            key=lambda t: (gain(t, belief), -RISK_FACTOR.get(t.risk, 4), -abs(0.5 - _removed(t, belief)), -t.born),
        )
        of = ", ".join(marks[name] for name in best.hypotheses if name in belief)
        why = f"could rule out {of}, {_removed(best, belief):.0%} of belief, in {best.minutes}m, {best.risk}"
        return NextTest(best.text, why, best.hypotheses, best.id, gain(best, belief))
    running = {name for t in snapshot.probes if t.state == "running" for name in t.hypotheses}
    open_ones = [item for item in ranked(snapshot) if item.id in belief and item.state != "confirmed"]
    untried = [item for item in open_ones if item.id not in running and not _tried(snapshot, item)]
    candidates = untried or [item for item in open_ones if item.id not in running]
    if not candidates:
        return None
    item = candidates[0]
    text = (
        f"look for what {item.mark} forbids: {item.if_false}"
        if item.if_false
        else f"what would show {item.mark} false?"
    )
    why = "least contradicted, and nobody has tried to refute it" if untried else "least contradicted of what is alive"
    return NextTest(text, why, (item.id,))


def _removed(test: HypothesisTest, belief: Mapping[str, float]) -> float:
    return sum(belief.get(name, 0.0) for name in test.hypotheses)


def _tried(snapshot: Snapshot, item: Hypothesis) -> bool:
    """Whether anybody tried to refute it: a finding against it, or a test that is done."""
    against = any(not e.supports for e in snapshot.evidence.get(item.id, ()))
    return against or any(t.state == "done" and item.id in t.hypotheses for t in snapshot.probes)


# --- running dry


def ran_dry_notice(snapshot: Snapshot) -> Notice | None:
    """The room has no explanation left while it investigates. What is parked was put aside, not ruled out: it explains
    nothing as it stands, and is named as what could be taken up again. None where nobody raised a hypothesis yet, and
    where one is in a state that this version does not know."""
    if snapshot.incident.status != "investigating" or not snapshot.hypotheses:
        return None
    if any(item.state not in ("eliminated", "parked") for item in snapshot.hypotheses):
        return None
    parked = [item.mark for item in snapshot.hypotheses if item.state == "parked"]
    rest = (
        f"every hypothesis is ruled out or parked ({' '.join(parked)})" if parked else "every hypothesis is ruled out"
    )
    return Notice("ran dry", f"{rest}: h what else could explain it?", "warning", (), "hypothesis")


# --- fixation


def fixation_notices(
    snapshot: Snapshot, now: Instant, limits: Thresholds = DEFAULTS, *, people: int = 2
) -> list[Notice]:
    """Where minds are stuck on one thing [De Keyser & Woods 1990; Graber 2005: premature closure is the commonest].
    Only while investigating, and with two people or more: `people` who wrote lately."""
    if snapshot.incident.status not in ("triage", "investigating") or people < 2:
        return []
    found = [
        _one_theory(snapshot, now, limits),
        _untested_favourite(snapshot, now, limits),
        *_same_test(snapshot),
        _one_sided(snapshot, limits),
        _no_evidence(snapshot, now, limits),
        *_unanswered(snapshot, now, limits),
        _one_person(snapshot, limits),
    ]
    # They are questions that others can answer.
    return [replace(notice, alone_matters=False) for notice in found if notice is not None]


def _one_theory(snapshot: Snapshot, now: Instant, limits: Thresholds) -> Notice | None:
    alive = [item for item in snapshot.hypotheses if item.state in ALIVE]
    if len(alive) != 1 or alive[0].state == "confirmed":
        return None
    ended = [item.state_since for item in snapshot.hypotheses if item.state not in ALIVE]
    since = max([alive[0].at, *ended])
    seconds = between(since, now)
    if seconds <= limits.one_theory_minutes * 60:
        return None
    text = f"{alive[0].mark} is the only theory for {age(seconds)}: what else could explain it?"
    return Notice(f"one theory:{alive[0].id}", text, "warning", (), "hypothesis", alive[0].id)


def _untested_favourite(snapshot: Snapshot, now: Instant, limits: Thresholds) -> Notice | None:
    alive = [item for item in ranked(snapshot) if item.state in ALIVE]
    if not alive or alive[0].state == "confirmed":
        return None
    favourite = max(alive, key=lambda item: item.confidence or 0.0) if any(h.confidence for h in alive) else alive[0]
    against = [e.at for e in snapshot.evidence.get(favourite.id, ()) if not e.supports]
    tests = [t.state_since for t in snapshot.probes if favourite.id in t.hypotheses and t.state in ("running", "done")]
    seconds = between(max([favourite.at, *against, *tests]), now)
    if seconds <= limits.untested_minutes * 60:
        return None
    text = f"nobody tried to refute {favourite.mark} for {age(seconds)}: what would we see if it were wrong?"
    return Notice(f"untested:{favourite.id}", text, "warning", (), "next_test", favourite.id)


def _same_test(snapshot: Snapshot) -> list[Notice]:
    """Two people who test the same, by the same hypothesis and words alike."""
    tests = [t for t in snapshot.probes if t.state in TESTS_OPEN and t.owner]
    orders = [a for a in snapshot.actions if a.state in OPEN and a.owner]
    groups: dict[frozenset[str], list[tuple[str, str, str]]] = {}
    items: list[HypothesisTest | Action] = [*tests, *orders]
    for item in items:
        words = frozenset(word for word in item.text.lower().split() if len(word) > 2)
        groups.setdefault(words, []).append((item.owner, item.mark, item.id))
    running = [t for t in tests if t.state == "running"]
    for test in running:
        groups.setdefault(frozenset({"=", *test.hypotheses}), []).append((test.owner, test.mark, test.id))
    found: dict[str, Notice] = {}
    for words, same in groups.items():
        owners = list(dict.fromkeys(owner for owner, _, _ in same))
        if len(owners) > 1 and words:
            marks = " and ".join(dict.fromkeys(mark for _, mark, _ in same))
            key = f"same test:{marks}"
            text = f"{' and '.join(owners)} look at the same thing: {marks}"
            found.setdefault(key, Notice(key, text, "warning", (), "drop_test", same[-1][2]))
    return list(found.values())


def _one_sided(snapshot: Snapshot, limits: Thresholds) -> Notice | None:
    alive = [item for item in ranked(snapshot) if item.state in ALIVE]
    last = sorted((e for items in snapshot.evidence.values() for e in items), key=lambda e: (e.at, e.born))
    last = last[-limits.one_sided_evidence :]
    if len(alive) < 2 or len(last) < limits.one_sided_evidence:
        return None
    leader = alive[0]
    if leader.state == "confirmed" or not all(e.supports and e.hypothesis == leader.id for e in last):
        return None
    text = f"the last {len(last)} findings all favour {leader.mark}: what would we see if it were wrong?"
    return Notice(f"one-sided:{leader.id}", text, "warning", (), "next_test", leader.id)


def _no_evidence(snapshot: Snapshot, now: Instant, limits: Thresholds) -> Notice | None:
    if not any(item.state in ALIVE for item in snapshot.hypotheses):
        return None
    events = [e.at for items in snapshot.evidence.values() for e in items] + [item.at for item in snapshot.hypotheses]
    seconds = between(max(events), now)
    if seconds <= limits.no_evidence_minutes * 60:
        return None
    return Notice(
        "no evidence", f"no new finding for {age(seconds)}: what do we test next?", "warning", (), "next_test"
    )


def _unanswered(snapshot: Snapshot, now: Instant, limits: Thresholds) -> list[Notice]:
    """A strong contradiction that nobody took up: nothing was said of the hypothesis since."""
    found = []
    for item in snapshot.hypotheses:
        strong = [e for e in snapshot.evidence.get(item.id, ()) if not e.supports and e.weight >= 2]
        if item.state not in ALIVE or not strong:
            continue
        last = max(strong, key=lambda e: (e.at, e.born))
        later = [item.state_since, *(e.at for e in snapshot.evidence[item.id])]
        later += [t.state_since for t in snapshot.probes if item.id in t.hypotheses]
        seconds = between(last.at, now)
        if max(later) <= last.at and seconds > limits.contradiction_minutes * 60:
            text = f"a strong contradiction of {item.mark} stands for {age(seconds)}: rule it out, or answer it"
            found.append(Notice(f"contradicted:{last.id}", text, "warning", (), "next_test", item.id))
    return found


def _one_person(snapshot: Snapshot, limits: Thresholds) -> Notice | None:
    """Most of what is ordered stands with one person: the others wait, and see only that line."""
    owners = [action.owner for action in snapshot.actions if action.state in OPEN and action.owner]
    if len(owners) < limits.one_person_orders:
        return None
    load = Counter(map(person_key, owners))
    who = max(each_once(owners), key=lambda name: load[person_key(name)])
    most = load[person_key(who)]
    if most * 100 // len(owners) <= limits.one_person_percent:
        return None
    text = f"{most} of {len(owners)} open orders stand with {who}: who else can take one?"
    return Notice(f"one person:{who}", text, "warning", (), "roles")


# --- what changed?
