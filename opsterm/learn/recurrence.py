"""Which incidents repeat which: found by their telling words, compared in full, told with reasons, judged by people."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib.resources import files

from opsterm.board import similarity_index
from opsterm.board.similarity_index import Gist
from opsterm.board.store import Board
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.incidents.reading import read_incident
from opsterm.learn.signature import BELIEVED, Signature, Statement, signature
from opsterm.learn.similarity import Rarity, Similarity, compare_above
from opsterm.learn.taxonomy import data
from opsterm.records import (
    Action,
    Factor,
    Hypothesis,
    Improvement,
    Incident,
    Obligation,
    Observation,
    Recurrence,
)
from opsterm.records.instant import Instant
from opsterm.records.record import Other, Unsaid
from opsterm.records.recurrence import VERDICTS, Verdict

#: So many of its rarest words, and of what it is about, find the candidates.
_ASKED_MAX = 28
#: On a board of thousands of incidents the commoner ones are left out once the rarer ones find so many.
_READS_MAX, _ASKED_MIN = 6000, 8
#: Observations that stand for a cause while none is known.
_FINDINGS_MAX = 6
#: How many earlier incidents the war room shows at the most.
SHOWN_MAX = 3


@dataclass(frozen=True, slots=True)
class LastTime:
    """What is worth knowing of an earlier incident while a like one runs."""

    incident: Incident
    #: Orders that were done, with what came of them; and what explained it.
    helped: tuple[str, ...]
    explained: tuple[str, ...]
    #: What was ruled out, with why.
    ruled_out: tuple[str, ...]
    #: Improvements that were to prevent it, each with its state.
    improvements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A pair that a person should see: why, how sure, and what a person said of it."""

    later: str
    earlier: str
    later_mark: str
    earlier_mark: str
    score: float
    why: tuple[str, ...]
    verdict: Verdict | Unsaid | Other = ""
    verdict_by: str = ""


# --- gists


@cache
def form() -> str:
    """Names what the gists are made by: where it differs, they are made anew."""
    made = sha256()
    for name in ("concepts", "recurrence", "taxonomy"):
        made.update((files("opsterm") / "data" / "learn" / f"{name}.toml").read_bytes())
    return f"1.{made.hexdigest()[:12]}"


def catch_up(board: Board, changes: int | None = None) -> int:
    """Brings the gists up to date; with `changes`, by so many changes at the most: the console calls it when idle.
    Returns how many incidents were told anew."""
    touched, upto = similarity_index.behind(board, form(), changes)
    if not touched and upto == board.version:
        return 0
    made: list[Gist] = []
    gone: list[str] = []
    for incident in touched:
        found = read_signature(board, incident)
        if found is None:
            gone.append(incident)
        else:
            made.append(Gist(found.id, found.at, " ".join(sorted(_tokens(found))), _packed(found)))
    similarity_index.keep(board, form(), upto, made, gone)
    return len(touched)


def read_signature(board: Board, incident: str) -> Signature | None:
    """What an incident is like, as recorded now; nothing for drills, cancelled and folded ones, and mere anomalies."""
    of = read_incident(board, incident)
    if of is None or of.drill or of.anomaly or of.status == "cancelled" or of.folded_into:
        return None
    hypotheses = board.all(Hypothesis, incident)
    factors = board.all(Factor, incident)
    unexplained = not (of.causes or factors or any(h.state in BELIEVED for h in hypotheses))
    seen = board.all(Observation, incident)[:_FINDINGS_MAX] if unexplained else []
    return signature(of, hypotheses, factors, (item.text for item in seen))


def _tokens(of: Signature) -> set[str]:
    """What a gist is found by: plain words, and what it is about as words of their own."""
    about = {name for cause in of.causes for name in cause.concepts} | of.symptom_concepts
    return {word for word in of.stems if word.isalnum()} | {_about(name) for name in about}


def _about(concept: str) -> str:
    return f"about{concept.replace('_', '')}"


def _packed(of: Signature) -> str:
    return json.dumps(
        [
            of.id,
            of.mark,
            of.title,
            of.at,
            of.org,
            [*of.services],
            sorted(of.systems),
            sorted(of.system_concepts),
            sorted(of.symptom),
            sorted(of.symptom_concepts),
            [[c.text, sorted(c.stems), sorted(c.concepts), c.weight] for c in of.causes],
            of.change,
            sorted(of.changes),
            sorted(of.factors),
            sorted(of.stems),
        ],
        ensure_ascii=False,
        separators=(",", ":"),
    )


def _read(of: Gist) -> Signature:
    said = json.loads(of.made)
    systems, system_concepts, symptom, symptom_concepts = map(frozenset, said[6:10])
    changes, factors, stems = map(frozenset, said[12:15])
    return Signature(
        id=said[0],
        mark=said[1],
        title=said[2],
        at=said[3],
        org=said[4],
        services=tuple(said[5]),
        systems=systems,
        system_concepts=system_concepts,
        symptom=symptom,
        symptom_concepts=symptom_concepts,
        causes=tuple(
            Statement(text, frozenset(kept), frozenset(about), weight) for text, kept, about, weight in said[10]
        ),
        change=said[11],
        changes=changes,
        factors=factors,
        stems=stems,
    )


# --- comparing


def similar_incidents(
    board: Board, incident: str, *, at_least: float | None = None, limit: int = SHOWN_MAX
) -> list[Similarity]:
    """The earlier incidents that this one is most like, likeliest first; it may still run. Pairs that a person refused
    are left out."""
    catch_up(board)
    of = read_signature(board, incident)
    if of is None:
        return []
    refused = {v.earlier for v in board.all(Recurrence) if v.later == incident and v.verdict == "refused"}
    least = data("recurrence")["show"] if at_least is None else at_least
    found = _compared(board, of, least)
    return [likeness for likeness in found if likeness.earlier not in refused][:limit]


def _compared(
    board: Board,
    of: Signature,
    at_least: float,
    *,
    always: Container[str] = (),
    unpacked: Callable[[Gist], Signature] | None = None,
) -> list[Similarity]:
    """The candidates before it that are so much like it, likeliest first; those of `always` whatever they are like."""
    tokens = _tokens(of)
    spread = similarity_index.spread(board, tokens)
    rarity = Rarity(similarity_index.count(board), spread)
    asked = _asked(sorted(tokens, key=lambda word: (-rarity(word), word)), spread)
    limit: int = data("recurrence")["candidates"]
    before = [g for g in similarity_index.near(board, asked, limit + 1) if (g.at, g.incident) < (of.at, of.id)]
    read = unpacked or _read
    told = (compare_above(of, read(g), rarity, at_least=0.0 if g.incident in always else at_least) for g in before)
    return sorted((found for found in told if found is not None), key=lambda found: -found.score)


def _asked(words: Sequence[str], spread: Mapping[str, int]) -> list[str]:
    """The rarest words of those given, rarest first: so many that they find others, so few that it is quick."""
    out: list[str] = []
    reads = 0
    for word in words[:_ASKED_MAX]:
        reads += spread.get(word, 0)
        if reads > _READS_MAX and len(out) >= _ASKED_MIN:
            break
        out.append(word)
    return out


def repeats(board: Board, incident: str | None = None) -> list[Repeat]:
    """The pairs of all incidents, or of one, that a person should see, likeliest first; those that a person confirmed
    come whatever their score, those refused last."""
    catch_up(board)
    judged = {(v.later, v.earlier): v for v in board.all(Recurrence) if v.verdict in VERDICTS}
    marks = {of.id: of.mark for of in board.all(Incident)}
    read = lru_cache(maxsize=None)(_read)
    asked = map(read, similarity_index.every(board)) if incident is None else [read_signature(board, incident)]
    out: dict[tuple[str, str], Repeat] = {}
    for of in asked:
        if of is None:
            continue
        always = {earlier for later, earlier in judged if later == of.id}
        for found in _compared(board, of, data("recurrence")["show"], always=always, unpacked=read):
            out[found.later, found.earlier] = _repeat(found, marks, judged.get((found.later, found.earlier)))
    for pair, verdict in judged.items():
        if pair not in out and pair[0] in marks and pair[1] in marks and (incident is None or incident in pair):
            why = (verdict.verdict_why or f"{verdict.verdict} by {verdict.verdict_by}",)
            said = (verdict.verdict, verdict.verdict_by)
            out[pair] = Repeat(*pair, marks[pair[0]], marks[pair[1]], 0.0, why, *said)
    return sorted(out.values(), key=lambda r: (r.verdict == "refused", r.verdict != "confirmed", -r.score, r.later))


def _repeat(found: Similarity, marks: dict[str, str], verdict: Recurrence | None) -> Repeat:
    said = (verdict.verdict, verdict.verdict_by) if verdict else ("", "")
    why = (*found.why, *([verdict.verdict_why] if verdict and verdict.verdict_why else []))
    ends = (marks.get(found.later, ""), marks.get(found.earlier, ""))
    return Repeat(found.later, found.earlier, *ends, found.score, why, *said)


def last_time(board: Board, incident: str) -> LastTime | None:
    """What was done in an earlier incident, what was ruled out, and what became of its improvements."""
    of = read_incident(board, incident)
    if of is None:
        return None
    hypotheses = board.all(Hypothesis, incident)
    owed = {item.id: item for item in board.all(Obligation, incident)}
    improvements = [
        f"{owed[item.obligation].state if item.obligation in owed else 'idea'}: {item.text}"
        for item in board.all(Improvement, incident)
    ]
    return LastTime(
        of,
        tuple(
            f"{action.text}{f' → {action.state_why}' if action.state_why not in ('', 'done', action.text) else ''}"
            for action in board.all(Action, incident)
            if action.state == "done"
        ),
        tuple(h.text for h in hypotheses if h.state in BELIEVED),
        tuple(
            f"{h.text}{f': {h.state_why}' if h.state_why != h.text else ''}"
            for h in hypotheses
            if h.state == "eliminated"
        ),
        (*improvements, *(f"recorded: {text}" for text in of.follow_ups)),
    )


# --- verdicts


def judge(session: Session, later: str, earlier: str, verdict: str, why: str = "") -> Outcome:
    """Confirms or refuses a pair, or takes that back with an empty verdict. Raises Rejected."""
    if verdict not in (*VERDICTS, ""):
        raise Rejected(f"There is no verdict {verdict!r}: say {' or '.join(VERDICTS)}.")
    board = session.board
    pair = [board.get(Incident, later), board.get(Incident, earlier)]
    first, second = pair
    if first is None or second is None or first.id == second.id:
        raise Rejected("A verdict is on two incidents of this board.")
    record = f"pair:{sha256(f'{later}|{earlier}'.encode()).hexdigest()[:24]}"
    kept = board.get(Recurrence, record)
    fields = {"verdict": verdict} if kept else {"later": later, "earlier": earlier, "verdict": verdict}
    session.write(Recurrence.kind, record, "", fields, why=why)
    sentence = {
        "confirmed": f"{first.mark} repeats {second.mark}",
        "refused": f"{first.mark} does not repeat {second.mark}",
        "": f"nothing said of {first.mark} and {second.mark}",
    }
    return Outcome(sentence[verdict], record)


def doubted(board: Board, pair: Repeat) -> list[Improvement]:
    """Improvements of the earlier incident that were closed before the later one began: did they work?"""
    return [item for item, owed, begun in _promised(board, pair) if owed.state == "done" and owed.state_since < begun]


def still_owed(board: Board, pair: Repeat) -> list[Improvement]:
    """Improvements of the earlier incident that were overdue when the later one began: an alarm [field notes §8]."""
    return [
        item
        for item, owed, begun in _promised(board, pair)
        if owed.due_at < begun and (owed.state != "done" or owed.state_since > begun)
    ]


def _promised(board: Board, pair: Repeat) -> Iterator[tuple[Improvement, Obligation, Instant]]:
    """The earlier incident's improvements, each with what is owed of it, and when the later one began."""
    later = board.get(Incident, pair.later)
    if later is None or pair.verdict == "refused":
        return
    owed = {item.id: item for item in board.all(Obligation, pair.earlier)}
    for item in board.all(Improvement, pair.earlier):
        if item.obligation in owed:
            yield item, owed[item.obligation], later.started_at or later.at
