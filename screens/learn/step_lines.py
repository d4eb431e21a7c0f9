"""The steps of the walk through a postmortem as lines: what is told, what is asked for, what the words point to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opsterm.learn import postmortem as postmortems
from opsterm.learn.account import Account, TrackedImprovement
from opsterm.learn.improvement_quality import check, prioritised
from opsterm.learn.postmortem_walk import (
    WHAT_MADE_IT_POSSIBLE,
    OpenPoint,
    PostmortemQuestion,
    PostmortemStep,
    open_points,
    steps,
)
from opsterm.learn.report_parts import Report
from opsterm.learn.seen_before import EarlierIncident
from opsterm.learn.taxonomy import kinds
from opsterm.learn.wording_review import review
from opsterm.records import Answer, Incident
from opsterm.records.instant import Instant
from opsterm.records.obligation import OPEN
from screens.learn.document_lines import section_rows
from screens.pages.rows import fixed, folded, heading, row, warned, words
from screens.widgets.cells import Cell
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: What a step shows of the record, by the sections of the postmortem.
_SECTIONS = {
    "numbers": "impact",
    "inquiries": "hypotheses",
    "roles": "people",
}
#: (step, part): what the questions' own side shows already.
_ON_THE_LEFT = frozenset({("factors", "causes"), ("improvements", "improvements")})
#: What is typed and is no record yet.
NEW = "new"


@dataclass(frozen=True, slots=True)
class StepLines:
    """What the walk has read of a postmortem, and how its steps look."""

    account: Account
    document: Report
    #: Earlier incidents of the same systems, with what they promised.
    earlier: Sequence[tuple[Incident, Sequence[TrackedImprovement]]]
    answers: Sequence[Answer]
    #: Names that a factor should not be about.
    people: frozenset[str]
    now: Instant
    #: Earlier incidents that it may repeat, as far as they were looked for.
    seen: Sequence[EarlierIncident] = ()
    #: The record that words are typed about now (empty: a new one), and what they point to.
    typing: tuple[str, Sequence[str]] | None = None

    def rows(self, step: PostmortemStep | None, columns: int) -> list[Row]:
        """The lines of a step, or of what went before."""
        rows = [fixed(())]
        if step is None:
            rows += self._before(columns)
        else:
            rows += words(step.says, columns, "muted")
            rows += self._typed_block("", columns)
            points = open_points(self.account, step.key)
            own = {q.key for q in step.questions}
            general = [point for point in points if not point.record]
            for point in general:
                rows += self._point(point, "", columns, indent=0)
            of_record: dict[str, list[OpenPoint]] = {}
            for point in points:
                if point.record and point.record not in own:
                    of_record.setdefault(point.record, []).append(point)
            if step.key == "factors":
                rows += self._factors(of_record, columns)
            if step.key == "improvements":
                rows += self._improvements(self.account.improvements, of_record, columns)
            if step.key == "priorities":
                rows += self._priorities(columns)
            for question in step.questions:
                rows += self._question(question, columns)
        return rows

    def _before(self, columns: int) -> list[Row]:
        item, of = self.account.postmortem, self.account.incident
        if item is None:
            asked = postmortems.wanted(of)
            dates = postmortems.due_dates(of.severity, of.resolved_at or self.now)
            who = of.review_owner or of.commander or "nobody yet"
            rows = folded("open", Cell("enter  ", "accent"), "open it: who drafts it, by when", columns, tone="strong")
            told = f"{asked.why}; {who} would draft it by {dates.draft[:10]}, people meet by {dates.meeting[:10]}"
            rows += folded("open", Cell("       "), told, columns, tone="muted")
        else:
            drafter = Cell(item.owner or "nobody yet", "name" if item.owner else "warn")
            rows = [row("owner", Cell("drafted by  ", "muted"), drafter, Cell(f"   {item.state}", "strong"))]
            told = f"draft by {item.draft_at[:10]}, meeting by {item.meet_at[:10]}, published by {item.publish_at[:10]}"
            rows += folded("owner", Cell("            "), told, columns)
            rows += folded("owner", Cell("            "), item.reason, columns, tone="muted") if item.reason else []
        rows += heading("What the last ones promised, for the same systems")
        for other, made in self.earlier:
            title = f"{other.title}, {(other.started_at or other.at)[:10]}"
            rows += folded("", Cell(f"{other.mark:<8}", "accent"), title, columns)
            for improvement in made:
                rows += self._promised(improvement, columns)
        if not self.earlier:
            rows += words("Nothing: no earlier incident of these systems left an improvement.", columns, "muted")
        rows += heading("The steps")
        for place, step in enumerate(steps(), 2):
            left = len([point for point in open_points(self.account, step.key) if point.holds])
            if left:
                state = Cell(f"  {left} asked for", "muted")
            elif self._begun(step):
                state = Cell(f"  {SIGNS.done} told", "good")
            else:
                state = Cell("  nothing yet", "muted")
            rows.append(row(f"step:{place}", Cell(f"{place}  ", "accent"), Cell(step.title), right=(state,)))
        return rows

    def _begun(self, step: PostmortemStep) -> bool:
        """Whether anything was told at a step."""
        made = any(item.record for item in self.account.improvements)
        own = {"factors": bool(self.account.causes), "improvements": made, "priorities": made}
        return own.get(step.key, False) or any(self.account.answers_to(q.key) for q in step.questions)

    def _promised(self, item: TrackedImprovement, columns: int) -> list[Row]:
        now = self.now
        late = item.state in OPEN and item.due_at and item.due_at < now
        tone = "alarm" if late else "good" if item.state == "done" else ""
        due = f", due {item.due_at[:10]}" if item.due_at and item.state != "done" else ""
        told = f"  {'late, ' if late else ''}{item.state}{f', {item.owner}' if item.owner else ''}{due}"
        return folded(item.record, Cell("        "), item.text, columns, right=(Cell(told, tone),))

    def _typed_block(self, key: str, columns: int) -> list[Row]:
        """What is found in the words that are typed just now, below what they are about."""
        if self.typing is None or self.typing[0] != key:
            return []
        found = self.typing[1]
        if not found:
            return [fixed((Cell(f"      {SIGNS.dot} as it is typed: nothing to point out", "muted"),), key=key or NEW)]
        return warned(found, columns, indent=6, key=key or NEW)

    def _point(self, point: OpenPoint, key: str, columns: int, *, indent: int = 6) -> list[Row]:
        tone = "warn" if point.holds else "muted"
        rows = folded(key, Cell(f"{' ' * indent}{SIGNS.alarm} ", tone), point.what, columns, tone=tone)
        if point.instead:
            rows += folded(key, Cell(f"{' ' * indent}  {SIGNS.right} ", "accent"), point.instead, columns)
        return rows

    def _seen(self, columns: int) -> list[Row]:
        told = [item for item in self.seen if item.repeat.verdict != "refused"]
        rows = heading("Seen before") if told else []
        for item in told:
            of = item.before.incident
            sure = "confirmed" if item.repeat.verdict == "confirmed" else item.how_sure
            start = Cell(f"{of.mark:<8}", "accent")
            rows += folded("", start, f"{of.title}, {(of.started_at or of.at)[:10]}: {sure}", columns)
            for label, texts in (("explained by", item.before.explained), ("helped", item.before.helped)):
                for text in texts:
                    rows += folded("", Cell(f"        {label:<14}", "muted"), text, columns)
        return rows

    def _question(self, question: PostmortemQuestion, columns: int) -> list[Row]:
        told = [answer for answer in self.answers if answer.question == question.key and answer.text]
        state = () if told else (Cell("  asked for" if question.wanted else "  if it helps", "muted"),)
        rows = [
            fixed(()),
            *folded(question.key, Cell("? ", "accent"), question.ask, columns, tone="strong", right=state),
        ]
        rows += self._typed_block(question.key, columns)
        for answer in told:
            rows += folded(answer.id, Cell("    "), answer.text, columns, right=(Cell(f"  {answer.by}", "muted"),))
            found = pointed(answer.text, self.people)
            rows += self._typed_block(answer.id, columns) or warned(found, columns, indent=6, key=answer.id)
        return rows

    def _factors(self, points: dict[str, list[OpenPoint]], columns: int) -> list[Row]:
        rows = [fixed(())]
        for place, cause in enumerate(self.account.causes):
            key = cause.record or f"cause:{place}"
            kind = kinds().get(cause.kind)
            named = kind.words if kind else "no kind"
            right = (Cell(f"  {named}{'' if cause.chosen else '?'}", "name" if cause.chosen else "muted"),)
            start = Cell(f"{cause.mark or SIGNS.dot:<5} ", "accent")
            rows += folded(key, start, cause.text, columns, tone="strong", right=right)
            if not cause.record:
                rows += folded(key, Cell("      "), "recorded with the incident: enter takes it", columns, tone="muted")
            for label, text in (("made possible by: ", cause.behind), ("shown by: ", cause.evidence)):
                rows += folded(key, Cell(f"      {label}", "muted"), text, columns) if text else []
            for point in points.get(cause.record, []) if cause.record else []:
                told = f"“{point.instead}”" if point.what == WHAT_MADE_IT_POSSIBLE and point.instead else ""
                shown = OpenPoint(f"{told} {point.what}".strip(), holds=point.holds)
                rows += self._point(shown, key, columns)
            rows += self._typed_block(key, columns)
        if not self.account.causes:
            rows += folded("", Cell("n  ", "accent"), "what had to be so for this to happen, or to last?", columns)
        return rows

    def _improvements(
        self, items: Sequence[TrackedImprovement], points: dict[str, list[OpenPoint]], columns: int
    ) -> list[Row]:
        rows = [fixed(())]
        factors = {cause.record: cause.mark for cause in self.account.causes if cause.record}
        for factor in factors:
            for point in points.get(factor, []):
                rows += self._point(point, "", columns, indent=0)
        for place, item in enumerate(items):
            key = item.record or f"line:{place}"
            start = Cell(f"{item.mark or SIGNS.dot:<5} ", "accent")
            sort = Cell(f"  {item.sort or 'no type'}", "name" if item.sort else "muted")
            tone = "strong" if item.chosen else "muted"
            rows += folded(key, start, item.text, columns, tone=tone, right=(sort,))
            for text in self._about(item, factors):
                rows += folded(key, Cell("      "), text, columns, tone="muted")
            for point in points.get(item.record, []) if item.record and item.chosen else []:
                shown = OpenPoint(point.what.removesuffix(f": {item.text}"), instead=point.instead, holds=point.holds)
                rows += self._point(shown, key, columns)
            rows += self._typed_block(key, columns)
        if not items:
            told = "verb first: what is changed so that it does not come back?"
            rows += folded("", Cell("n  ", "accent"), told, columns)
        return rows

    def _about(self, item: TrackedImprovement, factors: dict[str, str]) -> Iterator[str]:
        if not item.record:
            yield "recorded with the incident: enter takes it"
            return
        if not item.chosen:
            yield "kept as an idea: a takes it among the few"
        if item.owner or item.due_at:
            yield f"{item.owner or 'nobody'}, due {item.due_at[:10]}, {item.state}"
        if item.done_when:
            yield f"done when: {item.done_when}"
        if item.evidence or item.wanted:
            yield f"shown by: {item.evidence}" if item.evidence else f"to be shown by: {item.wanted}"
        if item.factor in factors:
            yield f"answers {factors[item.factor]}"

    def _priorities(self, columns: int) -> list[Row]:
        made = [item for item in self.account.improvements if item.record]
        chosen, ideas = prioritised([i for i in made if i.chosen]), [i for i in made if not i.chosen]
        whole = [point for point in open_points(self.account, "improvements") if not point.record]
        rows = [row for point in whole for row in self._point(point, "", columns, indent=0)]
        for title, items in (("Will be done", chosen), ("Kept as ideas", ideas)):
            rows += heading(title) if items else []
            for place, item in enumerate(items, 1):
                told = f"  {item.sort or 'no type'}, {item.owner or 'no owner'}, {item.due_at[:10] or 'no date'}"
                start = Cell(f"{place if item.chosen else SIGNS.dot!s:<3} {item.mark:<4} ", "accent")
                tone = "strong" if item.chosen else "muted"
                rows += folded(item.record, start, item.text, columns, tone=tone, right=(Cell(told, "muted"),))
                if item.state == "done":
                    rows += folded(item.record, Cell("         "), f"done: {item.evidence}", columns, tone="good")
                rows += self._typed_block(item.record, columns)
        if not made:
            rows += words("No improvement yet: the step before holds them.", columns, "muted")
        return rows

    def recorded(self, step: PostmortemStep | None, columns: int) -> list[Row]:
        """What stands beside the questions."""
        if step is None:
            return section_rows(self.document, ("summary", "impact", "milestones"), columns)
        rows: list[Row] = []
        for part in step.shows:
            if part == "taxonomy":
                rows += taxonomy(columns)
            elif part == "recurrences":
                rows += self._seen(columns)
            elif part == "earlier":
                for other, made in self.earlier:
                    rows += [*heading(f"{other.mark} {other.title}")]
                    rows += [row for item in made for row in self._promised(item, columns)]
            elif (step.key, part) not in _ON_THE_LEFT:
                rows += section_rows(self.document, (_SECTIONS.get(part, part),), columns)
        return rows


def pointed(text: str, people: frozenset[str]) -> list[str]:
    """What the language of a text points to, each with the better form."""
    return [f"{f.rule.replace('-', ' ')} “{f.text}”: {f.why}. {f.instead}" for f in review(text, people=people)]


def pointed_improvement(text: str) -> list[str]:
    """What makes an improvement a wish, with a form that can be done."""
    found = [f for f in check(TrackedImprovement(text, "")) if f.rule in ("wish", "verb")]
    return [f"{f.why}{f'. Better: {f.instead}' if f.instead else ''}" for f in found]


def taxonomy(columns: int, *, keys: bool = False) -> list[Row]:
    """The kinds of factor, by group."""
    rows: list[Row] = []
    group = ""
    for kind in kinds().values():
        if kind.group != group:
            group = kind.group
            rows += heading(group)
        start = Cell(f"  {kind.words:<24} ", "accent")
        rows += folded(kind.name if keys else "", start, kind.means, columns)
    return rows
