"""The postmortem as a document: every part of the account under its heading, empty parts left out or asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from opsterm.board.timeline import Moment
from opsterm.incidents.incident import milestones
from opsterm.incidents.snapshot import given_by
from opsterm.learn.account import Account, Cause, Inquiry, TrackedImprovement
from opsterm.learn.postmortem_walk import steps
from opsterm.learn.report_parts import Block, Items, Paragraph, Quote, Report, ReportSection, ReportTable
from opsterm.learn.taxonomy import kinds
from opsterm.learn.update_lateness import HeardByAudience
from opsterm.records import Action
from opsterm.records.timeline_entry import kind_of_line

NOT_RECORDED = "not recorded"


def report(account: Account) -> Report:
    """The postmortem of an account."""
    of = account.incident
    about = [of.mark, of.severity or "no severity", of.status, *(["drill"] if of.drill else [])]
    if account.postmortem:
        about += [f"postmortem: {account.postmortem.state}, owner {account.postmortem.owner or 'nobody yet'}"]
    made = [
        ReportSection("summary", "Summary", (Paragraph(account.summary),)),
        ReportSection("impact", "Impact", tuple(_impact(account))),
        ReportSection("milestones", "Milestones and durations", tuple(_milestones(account))),
        ReportSection("causes", "Contributing factors", tuple(_causes(account))),
        ReportSection("change", "The change that came before", (Paragraph(of.changed),) if of.changed else ()),
        ReportSection("hypotheses", "Hypotheses", tuple(_inquiries(account))),
        ReportSection("actions", "Orders", tuple(_actions(account))),
        ReportSection("decisions", "Decisions", tuple(_decisions(account))),
        ReportSection("words", "What was said to whom", tuple(_words(account))),
        ReportSection("checklists", "Checklists", tuple(_walked(account))),
        ReportSection("improvements", "Improvements", tuple(_improvements(account))),
        *(ReportSection(step.key, step.title, blocks) for step, blocks in _answers(account)),
        ReportSection("conflicts", "Said apart, and not settled", tuple(_conflicts(account))),
        ReportSection("people", "People and parts", tuple(_people(account))),
        ReportSection("timeline", "Timeline", tuple(_timeline(account))),
        ReportSection("sources", "Sources", (Items(tuple((s, ()) for s in of.source.split())),) if of.source else ()),
    ]
    return Report(f"Postmortem: {of.title}", " · ".join(about), tuple(s for s in made if s.blocks))


def _impact(account: Account) -> Iterator[Block]:
    of = account.incident
    if of.impact:
        yield Paragraph(of.impact)
    facts = [
        ("Severity", f"{of.severity}{f': {of.severity_why}' if of.severity_why else ''}" if of.severity else ""),
        ("Who", of.impact_who),
        ("What", of.impact_what),
        ("How much", of.impact_extent),
        ("Not hurt", of.impact_unaffected),
        ("Workaround", of.workaround),
        ("Customers' data", of.data),
        ("Services", ", ".join(of.services)),
        ("Seen by customers", {True: "yes", False: "no", None: ""}[of.customer_visible]),
        ("Organisation", of.org),
        ("Repeats", of.recurrence_of),
        ("Over when", of.exit),
    ]
    yield ReportTable(("what", "as recorded"), tuple((name, value) for name, value in facts if value))
    if account.numbers:
        yield Paragraph("In numbers:")
        yield Items(tuple((number, ()) for number in account.numbers))


def _milestones(account: Account) -> Iterator[Block]:
    rows = tuple((name, at or NOT_RECORDED) for name, at in milestones(account.incident, account.spells).items())
    yield ReportTable(("milestone", "at (UTC)"), rows)
    if len(account.hurt) > 1:
        spells = enumerate(account.hurt, 1)
        yield ReportTable(
            ("spell of hurt", "began (UTC)", "ended (UTC)"),
            tuple((str(place), one.begun, one.ended or "people are still hurt") for place, one in spells),
        )
    yield ReportTable(
        ("duration", "from", "to", "took"),
        tuple((span.name, span.begins, span.ends, span.words) for span in account.spans),
    )


def _causes(account: Account) -> Iterator[Block]:
    if account.causes:
        yield Items(tuple((cause.text, tuple(_about_cause(cause))) for cause in account.causes))


def _about_cause(cause: Cause) -> Iterator[str]:
    kind = kinds().get(cause.kind)
    if kind:
        yield f"{kind.group}, {kind.words}: {kind.means}{'' if cause.chosen else ' (suggested)'}"
    if cause.evidence:
        yield f"shown by: {cause.evidence}"
    if cause.behind:
        yield f"what made it possible: {cause.behind}"


def _inquiries(account: Account) -> Iterator[Block]:
    if account.inquiries:
        out = account.eliminated
        followed = sum(inquiry.seconds or 0 for inquiry in out)
        if out:
            lines = "line of inquiry was" if len(out) == 1 else "lines of inquiry were"
            yield Paragraph(f"{len(out)} {lines} ruled out, followed for {followed / 60:.0f} minutes together.")
        yield Items(
            tuple((f"{i.mark} {i.stands}: {i.text}", tuple(_about_inquiry(i))) for i in account.inquiries),
        )


def _about_inquiry(inquiry: Inquiry) -> Iterator[str]:
    if inquiry.why and not inquiry.disputed:
        yield f"{inquiry.state}, as said: {inquiry.why}"
    for finding in inquiry.evidence:
        if finding.text != inquiry.why:
            yield f"{'for' if finding.supports else 'against'}: {finding.text}"
    yield from (f"test: {test}" for test in inquiry.tests)
    yield f"raised {inquiry.raised_at or NOT_RECORDED}; cost: {inquiry.cost}"


def _actions(account: Account) -> Iterator[Block]:
    rows = tuple((a.mark, a.at, a.owner or "nobody", a.text, a.state, _result(a)) for a in account.actions)
    if rows:
        yield ReportTable(("order", "given", "to", "what", "state", "result"), rows)


def _result(action: Action) -> str:
    result = action.state_why if action.state_why != action.text else ""
    by = f"by {given_by(action)}" if given_by(action) else ""
    return f"{result} ({by})" if result and by else result or by


def _decisions(account: Account) -> Iterator[Block]:
    if account.decisions:
        yield Items(
            tuple(
                (
                    f"{d.at} {d.mark}{f' ({d.by})' if d.by else ''}: {d.text}",
                    tuple(
                        line
                        for line in (
                            f"why: {d.text_why}" * bool(d.text_why),
                            f"not: {d.instead_of}" * bool(d.instead_of),
                        )
                        if line
                    ),
                )
                for d in account.decisions
            )
        )


def _words(account: Account) -> Iterator[Block]:
    for heard in account.words:
        yield Paragraph(_about_words(heard))
        for judged in heard.told:
            late = f", {judged.late} min late (due {judged.due_at})" if judged.late else ""
            stage = f", {judged.word.stage}" if judged.word.stage else ""
            by = f", by {judged.word.by}" if judged.word.by else ""
            anyway = f", {judged.word.sent_anyway}" if judged.word.sent_anyway else ""
            yield Quote(f"{judged.word.at} to {heard.audience}{stage}{by}{anyway}{late}", judged.word.text)


def _about_words(heard: HeardByAudience) -> str:
    parts = [f"To {heard.audience}: {len(heard.told)} sent"]
    if heard.first_after is not None and heard.first_after >= 0:
        parts.append(f"the first {heard.first_after} min after it was noticed")
    if heard.told:
        parts.append(f"{heard.late} late" + (f", by {heard.latest} min at the most" if heard.late else ""))
    return "; ".join([*parts, *heard.missing]) + "."


def _walked(account: Account) -> Iterator[Block]:
    if account.walked:
        yield Items(
            tuple(
                (
                    f"{run.name}: {run.settled} of {len(run.steps)} settled, {run.state}",
                    tuple(f"{step.state}: {step.text}{f' ({step.note})' if step.note else ''}" for step in run.left),
                )
                for run in account.walked
            )
        )


def _improvements(account: Account) -> Iterator[Block]:
    done = sorted(account.improvements, key=lambda item: not item.chosen)
    if done:
        yield Items(tuple((_improvement(item), tuple(_about_improvement(item))) for item in done))


def _improvement(item: TrackedImprovement) -> str:
    return f"{item.sort}: {item.text}" if item.sort else item.text


def _about_improvement(item: TrackedImprovement) -> Iterator[str]:
    if not item.record:
        return
    yield f"{item.owner or 'no owner yet'}, {f'due {item.due_at[:10]}' if item.due_at else 'no date yet'}, {item.state}"
    if item.done_when:
        yield f"done when: {item.done_when}"
    if item.evidence or item.wanted:
        yield f"shown by: {item.evidence}" if item.evidence else f"to be shown by: {item.wanted}"


def _answers(account: Account) -> Iterator[tuple[ReportSection, tuple[Block, ...]]]:
    for step in steps():
        said = [(q.ask, account.answers_to(q.key)) for q in step.questions if account.answers_to(q.key)]
        if said:
            yield ReportSection(f"walk-{step.key}", step.title, ()), (Items(tuple(said)),)


def _conflicts(account: Account) -> Iterator[Block]:
    if account.disputes:
        yield Items(account.disputes)


def _people(account: Account) -> Iterator[Block]:
    if account.people:
        yield ReportTable(("who", "part"), tuple((name, role) for role, name in account.people))


def _timeline(account: Account) -> Iterator[Block]:
    if account.timeline:
        rows = tuple(_line(moment, account.marks) for moment in account.timeline)
        yield ReportTable(("at (UTC)", "what", "text", "by"), rows)


def _line(moment: Moment, marks: Mapping[str, str]) -> tuple[str, ...]:
    kind = kind_of_line(moment.kind).in_exports
    mark = "" if moment.mark else marks.get(moment.record, "")
    return (moment.at, f"{kind} {mark}".rstrip(), moment.told, moment.by)
