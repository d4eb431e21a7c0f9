"""The parts of the composer as lines: the text with its marks, the facts beside it, and the findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from opsterm.records.update import OUTSIDE
from opsterm.updates import approval
from screens.composer.message import ComposedUpdate
from screens.console import ConsoleContext
from screens.pages.rows import fixed, words
from screens.widgets.cells import Cell, wrap
from screens.widgets.durations import clock
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

if TYPE_CHECKING:
    from opsterm.drafting.finding import Finding

#: Rules whose breach costs trust; the others are matters of style.
HEAVY = frozenset({"promise", "unverified-cause", "contradiction", "internal", "blame", "stale", "guarantee"})
_LABEL = 11
#: Columns from which a list beside the text is no longer narrow.
_ROOMY = 44
#: Changes of the record in words; the others are called by their field.
_CHANGES = {
    "impact": "what is affected",
    "extent": "how many are affected",
    "since": "when it started",
    "confirmed": "cause confirmed",
    "likelier": "hypothesis likelier",
    "less_likely": "hypothesis less likely",
    "ruled_out": "hypothesis ruled out",
    "set_aside": "hypothesis set aside",
    "new_idea": "new hypothesis",
    "started": "order given",
    "under_way": "order acknowledged",
    "done": "order done",
    "failed": "order failed",
    "dropped": "order cancelled",
    "decided": "decision",
    "exit": "exit criteria",
    "severity_worse": "severity",
    "severity_better": "severity",
    "services_more": "more services",
    "services_less": "fewer services",
    "workaround_gone": "workaround gone",
}


def text_rows(message: ComposedUpdate, columns: int) -> list[Row]:
    """The text, with what is new since the last word, what is asked for, and what the review marks."""
    text = message.text
    tones = [""] * len(text)
    new = message.new_sentences()
    for finding in message.findings:
        for place in range(finding.start, finding.end):
            tones[place] = "warn" if finding.rule in HEAVY else "accent"
    for _, _, bracket in message.brackets():
        start = text.find(bracket)
        while start >= 0:
            tones[start : start + len(bracket)] = ["strong"] * len(bracket)
            start = text.find(bracket, start + 1)
    rows: list[Row] = []
    at = 0
    for paragraph in text.split("\n"):
        cursor = at
        for line in wrap(paragraph, columns - 2):
            start = text.find(line, cursor, at + len(paragraph)) if line else cursor
            if start < 0:
                cells: tuple[Cell, ...] = (Cell(line),)
            else:
                cursor = start + len(line)
                cells = tuple(_toned(line, tones[start:cursor]))
            fresh = bool(line) and any(begin < cursor and start < end for begin, end in new)
            rows.append(fixed((Cell("+ " if fresh else "  ", "accent"), *cells)))
        at += len(paragraph) + 1
    return rows


def refusal_rows(message: ComposedUpdate, context: ConsoleContext, columns: int) -> list[Row]:
    """The no to what this person asked for last, and why."""
    no = approval.last_refusal(message.snapshot, message.audience, context.person)
    if no is None:
        return []
    when = clock(no.state_since, context.zone, today=context.board.now)
    these = "this text" if no.digest == approval.digest(message.text) else "what you asked about before"
    why = f": {no.state_why}" if no.state_why else ", without a reason"
    told = f"{SIGNS.alarm} {no.state_by} refused {these} at {when}{why}"
    return [fixed(()), *words(told, columns, "warn", indent=2)]


def _toned(line: str, tones: Sequence[str]) -> Iterator[Cell]:
    start = 0
    for place in range(1, len(line) + 1):
        if place == len(line) or tones[place] != tones[start]:
            yield Cell(line[start:place], tones[start])
            start = place


def fact_rows(message: ComposedUpdate, columns: int) -> list[Row]:
    """Known, suspected, changed since the last word, missing."""
    asked = [question for _, question, _ in message.brackets()]
    missing = _rows("Missing", asked, columns, "warn", "enter to fill" if columns >= _ROOMY else "enter")
    known = [
        *_rows("Known", _known(message), columns),
        *_rows("Suspected", _suspected(message), columns),
        *_rows("Changed", _changed(message), columns),
    ]
    # Where there is little room, what a person can do something about comes first.
    return [*missing, *known] if asked and columns < _ROOMY else [*known, *missing]


def _rows(label: str, texts: Sequence[str], columns: int, tone: str = "", hint: str = "") -> list[Row]:
    if not texts:
        return [fixed((Cell(f"{label:<{_LABEL}}", "muted"), Cell("nothing", "muted")))]
    rows = []
    for number, text in enumerate(texts):
        room = columns - _LABEL - (len(hint) + 1 if hint and not number else 0)
        for place, line in enumerate(wrap(text, room)):
            head = label if not number and not place else ""
            last = (Cell(f" {hint}", "muted"),) if hint and not number and not place else ()
            rows.append(fixed((Cell(f"{head:<{_LABEL}}", "muted"), Cell(line, tone)), last))
    return rows


def _known(message: ComposedUpdate) -> list[str]:
    of = message.snapshot.incident
    effect = " ".join(part for part in (of.impact_who, of.impact_what, of.impact_extent) if part)
    hurt = message.snapshot.hurt
    again = hurt[-1].begun if len(hurt) > 1 else ""
    began = f"{'again ' * bool(again)}since {(again or of.started_at)[11:16]} UTC" if again or of.started_at else ""
    spared = f"not affected: {of.impact_unaffected}" if of.impact_unaffected else ""
    meanwhile = f"meanwhile: {of.workaround}" if of.workaround else ""
    data = f"data: {of.data}" if of.data else ""
    return [part for part in (effect or of.impact, began, spared, meanwhile, data) if part]


def _suspected(message: ComposedUpdate) -> list[str]:
    from opsterm.drafting import calibrated_wording

    if message.facts is None:
        return []
    outside = message.audience in OUTSIDE
    found = []
    for held in message.facts.hypotheses:
        step = calibrated_wording.step(held)
        if step in ("unknown", "eliminated"):
            continue
        share = "" if held.confidence is None or step == "confirmed" else f" {held.confidence:.0%}"
        hidden = outside and not calibrated_wording.may_go_outside(held)
        told = f": not for {message.audience}" if hidden else f" {held.plain or held.text}"
        found.append(f"{held.mark} {step.replace('_', ' ')}{share}{told}")
    return found


def _changed(message: ComposedUpdate) -> list[str]:
    from opsterm.drafting.changes import changes

    told = message.facts.told(message.audience) if message.facts else ()
    if message.facts is None or not told or told[-1].then is None:
        return []
    found = []
    for change in changes(told[-1].then, message.facts):
        moved = f" {change.before} {SIGNS.right} {change.after}" if change.before and change.after else ""
        count = f" ×{change.n}" if change.n > 1 else ""
        name = _CHANGES.get(change.name, "status" if change.before else change.name.replace("_", " "))
        found.append(f"{name}{moved}{count}")
    return found


def finding_rows(message: ComposedUpdate, columns: int) -> list[Row]:
    """Each finding: its rule and words, why, and what to write instead under its number."""
    if not message.findings:
        asked = len(message.brackets())
        left = f"; {asked} still asked for" if asked else ""
        return [fixed((Cell(f"{SIGNS.done} nothing found{left}", "good" if not asked else "muted"),))]
    numbers = {id(finding): str(n) for n, finding in enumerate(message.suggestions(), 1)}
    return [row for finding in message.findings for row in _finding(finding, numbers.get(id(finding), ""), columns)]


def _finding(finding: Finding, number: str, columns: int) -> list[Row]:
    heavy = finding.rule in HEAVY
    sign = Cell(f"{SIGNS.alarm if heavy else SIGNS.dot} ", "warn" if heavy else "muted")
    quoted = f"“{' '.join(finding.text.split())}” " if finding.text else ""
    instead = f"{SIGNS.right} {finding.instead}" if finding.instead else ""
    lines = wrap(f"{quoted}{finding.why} {instead}".rstrip(), max(columns - _LABEL - 2, 20), 4)
    name = f"{finding.rule[: _LABEL + 5]} "
    key = (Cell(number, "accent"), Cell(" mends it", "muted")) if number else ()
    rows = [fixed((sign, Cell(name, "warn" if heavy else "strong"), *key))]
    return [*rows, *(fixed((Cell("  "), Cell(line))) for line in lines)]
