"""The steps of the walk through a postmortem as lines: what is told, what is asked for, what the words point to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from opsterm.learn import postmortem as postmortems
from opsterm.learn.account import Account, Improving
from opsterm.learn.improvement_quality import check, prioritised
from opsterm.learn.postmortem_walk import WHAT_MADE_IT_POSSIBLE, Open, Question, Step, open_points, steps
from opsterm.learn.report_parts import Document
from opsterm.learn.seen_before import Seen
from opsterm.learn.taxonomy import kinds
from opsterm.learn.wording_review import review
from opsterm.records import Answer, Incident
from opsterm.records.instant import Instant
from screens.learn.document_lines import section_spots
from screens.pages.incident_page import folded, row
from screens.pages.page import fixed, heading, words
from screens.widgets.cells import Cell
from screens.widgets.lines import Spot
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
    document: Document
    #: Earlier incidents of the same systems, with what they promised.
    earlier: Sequence[tuple[Incident, Sequence[Improving]]]
    answers: Sequence[Answer]
    #: Names that a factor should not be about.
    people: frozenset[str]
    now: Instant
    #: Earlier incidents that it may repeat, as far as they were looked for.
    seen: Sequence[Seen] = ()
    #: The record that words are typed about now (empty: a new one), and what they point to.
    typing: tuple[str, Sequence[str]] | None = None

    def spots(self, step: Step | None, columns: int) -> list[Spot]:
        """The lines of a step, or of what went before."""
        spots = [fixed(())]
        if step is None:
            spots += self._before(columns)
        else:
            spots += words(step.says, columns, "muted")
            spots += self._typed_block("", columns)
            points = open_points(self.account, step.key)
            own = {q.key for q in step.questions}
            general = [point for point in points if not point.record]
            for point in general:
                spots += self._point(point, "", columns, indent=0)
            of_record: dict[str, list[Open]] = {}
            for point in points:
                if point.record and point.record not in own:
                    of_record.setdefault(point.record, []).append(point)
            if step.key == "factors":
                spots += self._factors(of_record, columns)
            if step.key == "improvements":
                spots += self._improvements(self.account.improvements, of_record, columns)
            if step.key == "priorities":
                spots += self._priorities(columns)
            for question in step.questions:
                spots += self._question(question, columns)
        return spots

    def _before(self, columns: int) -> list[Spot]:
        item, of = self.account.postmortem, self.account.incident
        if item is None:
            asked = postmortems.wanted(of)
            dates = postmortems.due_dates(of.severity, of.resolved_at or self.now)
            who = of.review_owner or of.commander or "nobody yet"
            spots = folded("open", Cell("enter  ", "accent"), "open it: who drafts it, by when", columns, tone="strong")
            told = f"{asked.why}; {who} would draft it by {dates.draft[:10]}, people meet by {dates.meeting[:10]}"
            spots += folded("open", Cell("       "), told, columns, tone="muted")
        else:
            drafter = Cell(item.owner or "nobody yet", "name" if item.owner else "warn")
            spots = [row("owner", Cell("drafted by  ", "muted"), drafter, Cell(f"   {item.state}", "strong"))]
            told = f"draft by {item.draft_at[:10]}, meeting by {item.meet_at[:10]}, published by {item.publish_at[:10]}"
            spots += folded("owner", Cell("            "), told, columns)
            spots += folded("owner", Cell("            "), item.reason, columns, tone="muted") if item.reason else []
        spots += heading("What the last ones promised, for the same systems")
        for other, made in self.earlier:
            title = f"{other.title}, {(other.started_at or other.at)[:10]}"
            spots += folded("", Cell(f"{other.mark:<8}", "accent"), title, columns)
            for improvement in made:
                spots += self._promised(improvement, columns)
        if not self.earlier:
            spots += words("Nothing: no earlier incident of these systems left an improvement.", columns, "muted")
        spots += heading("The steps")
        for place, step in enumerate(steps(), 2):
            left = len([point for point in open_points(self.account, step.key) if point.holds])
            if left:
                state = Cell(f"  {left} asked for", "muted")
            elif self._begun(step):
                state = Cell(f"  {SIGNS.done} told", "good")
            else:
                state = Cell("  nothing yet", "muted")
            spots.append(row(f"step:{place}", Cell(f"{place}  ", "accent"), Cell(step.title), right=(state,)))
        return spots

    def _begun(self, step: Step) -> bool:
        """Whether anything was told at a step."""
        made = any(item.record for item in self.account.improvements)
        own = {"factors": bool(self.account.causes), "improvements": made, "priorities": made}
        return own.get(step.key, False) or any(self.account.answers_to(q.key) for q in step.questions)

    def _promised(self, item: Improving, columns: int) -> list[Spot]:
        now = self.now
        late = item.state in ("open", "snoozed") and item.due_at and item.due_at < now
        tone = "alarm" if late else "good" if item.state == "done" else ""
        due = f", due {item.due_at[:10]}" if item.due_at and item.state != "done" else ""
        told = f"  {'late, ' if late else ''}{item.state}{f', {item.owner}' if item.owner else ''}{due}"
        return folded(item.record, Cell("        "), item.text, columns, right=(Cell(told, tone),))

    def _typed_block(self, key: str, columns: int) -> list[Spot]:
        """What is found in the words that are typed just now, below what they are about."""
        if self.typing is None or self.typing[0] != key:
            return []
        found = self.typing[1]
        if not found:
            return [fixed((Cell(f"      {SIGNS.dot} as it is typed: nothing to point out", "muted"),), key=key or NEW)]
        return [
            spot
            for text in found
            for spot in folded(key or NEW, Cell(f"      {SIGNS.alarm} ", "warn"), text, columns, tone="warn")
        ]

    def _point(self, point: Open, key: str, columns: int, *, indent: int = 6) -> list[Spot]:
        tone = "warn" if point.holds else "muted"
        spots = folded(key, Cell(f"{' ' * indent}{SIGNS.alarm} ", tone), point.what, columns, tone=tone)
        if point.instead:
            spots += folded(key, Cell(f"{' ' * indent}  {SIGNS.right} ", "accent"), point.instead, columns)
        return spots

    def _seen(self, columns: int) -> list[Spot]:
        told = [item for item in self.seen if item.repeat.verdict != "refused"]
        spots = heading("Seen before") if told else []
        for item in told:
            of = item.before.incident
            sure = "confirmed" if item.repeat.verdict == "confirmed" else item.how_sure
            start = Cell(f"{of.mark:<8}", "accent")
            spots += folded("", start, f"{of.title}, {(of.started_at or of.at)[:10]}: {sure}", columns)
            for label, texts in (("explained by", item.before.explained), ("helped", item.before.helped)):
                for text in texts:
                    spots += folded("", Cell(f"        {label:<14}", "muted"), text, columns)
        return spots

    def _question(self, question: Question, columns: int) -> list[Spot]:
        told = [answer for answer in self.answers if answer.question == question.key and answer.text]
        state = () if told else (Cell("  asked for" if question.wanted else "  if it helps", "muted"),)
        spots = [
            fixed(()),
            *folded(question.key, Cell("? ", "accent"), question.ask, columns, tone="strong", right=state),
        ]
        spots += self._typed_block(question.key, columns)
        for answer in told:
            spots += folded(answer.id, Cell("    "), answer.text, columns, right=(Cell(f"  {answer.by}", "muted"),))
            spots += self._typed_block(answer.id, columns) or self._found(answer.text, answer.id, columns)
        return spots

    def _found(self, text: str, key: str, columns: int) -> list[Spot]:
        spots: list[Spot] = []
        for line in pointed(text, self.people):
            spots += folded(key, Cell(f"      {SIGNS.alarm} ", "warn"), line, columns, tone="warn")
        return spots

    def _factors(self, points: dict[str, list[Open]], columns: int) -> list[Spot]:
        spots = [fixed(())]
        for place, cause in enumerate(self.account.causes):
            key = cause.record or f"cause:{place}"
            kind = kinds().get(cause.kind)
            named = kind.words if kind else "no kind"
            right = (Cell(f"  {named}{'' if cause.chosen else '?'}", "name" if cause.chosen else "muted"),)
            start = Cell(f"{cause.mark or SIGNS.dot:<5} ", "accent")
            spots += folded(key, start, cause.text, columns, tone="strong", right=right)
            if not cause.record:
                spots += folded(
                    key, Cell("      "), "recorded with the incident: enter takes it", columns, tone="muted"
                )
            for label, text in (("made possible by: ", cause.behind), ("shown by: ", cause.evidence)):
                spots += folded(key, Cell(f"      {label}", "muted"), text, columns) if text else []
            for point in points.get(cause.record, []) if cause.record else []:
                told = f"“{point.instead}”" if point.what == WHAT_MADE_IT_POSSIBLE and point.instead else ""
                shown = Open(f"{told} {point.what}".strip(), holds=point.holds)
                spots += self._point(shown, key, columns)
            spots += self._typed_block(key, columns)
        if not self.account.causes:
            spots += folded("", Cell("n  ", "accent"), "what had to be so for this to happen, or to last?", columns)
        return spots

    def _improvements(self, items: Sequence[Improving], points: dict[str, list[Open]], columns: int) -> list[Spot]:
        spots = [fixed(())]
        factors = {cause.record: cause.mark for cause in self.account.causes if cause.record}
        for factor in factors:
            for point in points.get(factor, []):
                spots += self._point(point, "", columns, indent=0)
        for place, item in enumerate(items):
            key = item.record or f"line:{place}"
            start = Cell(f"{item.mark or SIGNS.dot:<5} ", "accent")
            sort = Cell(f"  {item.sort or 'no type'}", "name" if item.sort else "muted")
            tone = "strong" if item.chosen else "muted"
            spots += folded(key, start, item.text, columns, tone=tone, right=(sort,))
            for text in self._about(item, factors):
                spots += folded(key, Cell("      "), text, columns, tone="muted")
            for point in points.get(item.record, []) if item.record and item.chosen else []:
                shown = Open(point.what.removesuffix(f": {item.text}"), instead=point.instead, holds=point.holds)
                spots += self._point(shown, key, columns)
            spots += self._typed_block(key, columns)
        if not items:
            told = "verb first: what is changed so that it does not come back?"
            spots += folded("", Cell("n  ", "accent"), told, columns)
        return spots

    def _about(self, item: Improving, factors: dict[str, str]) -> Iterator[str]:
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

    def _priorities(self, columns: int) -> list[Spot]:
        made = [item for item in self.account.improvements if item.record]
        chosen, ideas = prioritised([i for i in made if i.chosen]), [i for i in made if not i.chosen]
        whole = [point for point in open_points(self.account, "improvements") if not point.record]
        spots = [spot for point in whole for spot in self._point(point, "", columns, indent=0)]
        for title, items in (("Will be done", chosen), ("Kept as ideas", ideas)):
            spots += heading(title) if items else []
            for place, item in enumerate(items, 1):
                told = f"  {item.sort or 'no type'}, {item.owner or 'no owner'}, {item.due_at[:10] or 'no date'}"
                start = Cell(f"{place if item.chosen else SIGNS.dot!s:<3} {item.mark:<4} ", "accent")
                tone = "strong" if item.chosen else "muted"
                spots += folded(item.record, start, item.text, columns, tone=tone, right=(Cell(told, "muted"),))
                if item.state == "done":
                    spots += folded(item.record, Cell("         "), f"done: {item.evidence}", columns, tone="good")
                spots += self._typed_block(item.record, columns)
        if not made:
            spots += words("No improvement yet: the step before holds them.", columns, "muted")
        return spots

    def recorded(self, step: Step | None, columns: int) -> list[Spot]:
        """What stands beside the questions."""
        if step is None:
            return section_spots(self.document, ("summary", "impact", "milestones"), columns)
        spots: list[Spot] = []
        for part in step.shows:
            if part == "taxonomy":
                spots += taxonomy(columns)
            elif part == "recurrences":
                spots += self._seen(columns)
            elif part == "earlier":
                for other, made in self.earlier:
                    spots += [*heading(f"{other.mark} {other.title}")]
                    spots += [spot for item in made for spot in self._promised(item, columns)]
            elif (step.key, part) not in _ON_THE_LEFT:
                spots += section_spots(self.document, (_SECTIONS.get(part, part),), columns)
        return spots


def pointed(text: str, people: frozenset[str]) -> list[str]:
    """What the language of a text points to, each with the better form."""
    return [f"{f.rule.replace('-', ' ')} “{f.text}”: {f.why}. {f.instead}" for f in review(text, people=people)]


def pointed_improvement(text: str) -> list[str]:
    """What makes an improvement a wish, with a form that can be done."""
    found = [f for f in check(Improving(text, "")) if f.rule in ("wish", "verb")]
    return [f"{f.why}{f'. Better: {f.instead}' if f.instead else ''}" for f in found]


def taxonomy(columns: int, *, keys: bool = False) -> list[Spot]:
    """The kinds of factor, by group."""
    spots: list[Spot] = []
    group = ""
    for kind in kinds().values():
        if kind.group != group:
            group = kind.group
            spots += heading(group)
        start = Cell(f"  {kind.words:<24} ", "accent")
        spots += folded(kind.name if keys else "", start, kind.means, columns)
    return spots
