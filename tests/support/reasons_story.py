"""A story in which people give, or don't give, a reason with everything that they can say one with."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from opsterm.board.change import Write
from opsterm.board.undo import Undo
from opsterm.command import closing, related_incidents
from opsterm.core.conflicts import conflicts_of, pair_of, settle
from opsterm.exchange.file_format import parse
from opsterm.exchange.importing import import_incident
from opsterm.incidents import actions, hypothesis_testing, proposal, timeline, triage
from opsterm.incidents import hypothesis as hypotheses
from opsterm.incidents import incident as incidents
from opsterm.learn import postmortem, problems, recurrence, revising
from opsterm.obligations import obligation
from opsterm.operations.checklists import editing, lessons, template
from opsterm.operations.checklists import run as checklist
from opsterm.operations.deployments import deployment, planned_change, rollback
from opsterm.records import (
    Action,
    Answer,
    BoundaryDecision,
    Dependency,
    Deployment,
    Document,
    Factor,
    Freeze,
    Hypothesis,
    HypothesisTest,
    Improvement,
    Incident,
    Obligation,
    OutsideQuestion,
    PlannedChange,
    Postmortem,
    Problem,
    Proposal,
    Ritual,
    Run,
    TextApproval,
    Vendor,
    VendorReview,
)
from opsterm.records.record import Record
from opsterm.records.timeline_entry import WHY
from opsterm.registers import entry_line
from opsterm.registers.documents import document
from opsterm.registers.documents.document_file import import_documents
from opsterm.registers.systems.catalog import import_csv
from opsterm.registers.teams import boundary_decision, dependency, meeting, onboarding
from opsterm.registers.vendors import commitment, vendor
from opsterm.registers.vendors.vendor_file import import_vendors
from opsterm.updates import approval, next_update, outside_questions
from tests.support.bench import DOCUMENTS, HEADER, Bench, csv_of
from tests.support.exchange_file import document_of, event

R = TypeVar("R", bound=Record)
LIST = "# Deploy\n\n## Before\n\n- [ ] name the artifact\n- [ ] tell support\n"


@dataclass
class Story:
    """What happens on a board. `reasons` says whether people give one where they need not."""

    bench: Bench
    reasons: bool
    #: All that people said as a reason.
    said: set[str] = field(default_factory=set)
    _rng: Random = field(default_factory=lambda: Random(16))

    def word(self) -> str:
        """A reason that has to be given."""
        made = "".join(self._rng.choices("bcdfghklmnprstw", k=9))
        self.said.add(made)
        return made

    def why(self) -> str:
        """A reason that may be given."""
        return self.word() if self.reasons else ""

    def one(self, cls: type[R], record: str) -> R:
        return self.bench.one(cls, record)

    def fresh(self, item: R) -> R:
        return self.bench.one(type(item), item.id)

    def incident(self, title: str = "Uploads fail", severity: str = "sev2") -> Incident:
        record = incidents.declare(self.bench.mia, title, severity=severity, services=["web"]).record
        return self.one(Incident, record)

    def runs(self) -> None:
        for chapter in _CHAPTERS:
            chapter(self)


def _incident(story: Story) -> None:
    mia, noor, of = story.bench.mia, story.bench.noor, story.incident()
    incidents.take_command(mia, of, story.why())
    incidents.take_command(noor, story.fresh(of), story.why())
    incidents.offer_command(noor, story.fresh(of), "mia")
    incidents.take_command(mia, story.fresh(of), story.why())
    incidents.set_severity(mia, story.fresh(of), "sev1", story.why())
    triage.answer(mia, story.fresh(of), {"breadth": "half", "depth": "gone"})
    triage.override_severity(mia, story.fresh(of), "sev4", story.word())
    incidents.set_milestone(mia, story.fresh(of), "mitigated", story.why())
    for status in ("identified", "monitoring", "resolved"):
        closing.change_status(mia, story.fresh(of), status, story.why())
    closing.reopen(mia, story.fresh(of), story.word())
    seen = timeline.observe(mia, story.fresh(of), "5xx from 13:02").record
    timeline.strike(mia, story.bench.board.lines_of_record(seen)[0], story.word())
    timeline.unstrike(mia, story.bench.board.lines_of_record(seen)[0])
    closing.cancel(mia, story.incident("A cable"), story.why())
    closing.withdraw_by_rule(mia, story.incident("A blip"), "one team, nobody sees it")


def _apart(story: Story) -> None:
    """Two say a severity apart; whichever is kept keeps the reason that was given with it."""
    board, of, why = story.bench.board, story.incident(), story.word()
    (begun,) = (change.digest for change in board.changes_of_record(of.id))
    for level in ("sev1", "sev3"):
        fields = {"severity": level, WHY: why}
        board.record("li", [Write("incident", of.id, "", fields, {"severity": [begun]})])
    (conflict,) = (one for one in conflicts_of(board, of.id) if one.field == "severity")
    settle(story.bench.mia, conflict, pair_of(conflict)[0])


def _work(story: Story) -> None:
    mia, of = story.bench.mia, story.incident()
    order = story.one(Action, actions.order(mia, of, "raise the limit", owner="noor").record)
    actions.heard(mia, order)
    actions.extend(mia, story.fresh(order), timedelta(minutes=10), story.why())
    actions.reassign(mia, story.fresh(order), "li", story.why())
    actions.move(mia, story.fresh(order), "failed", story.why())
    guess = story.one(Hypothesis, hypotheses.propose(mia, of, "the pool is full", confidence=0.4).record)
    test = hypothesis_testing.plan_test(mia, of, "look at the pool", [guess]).record
    hypothesis_testing.drop_test(mia, story.one(HypothesisTest, test), story.why())
    hypotheses.move(mia, story.fresh(guess), "supported", story.why())
    hypotheses.move(mia, story.fresh(guess), "eliminated", story.word())
    timeline.decide(mia, of, "fail over", why=story.why())
    for end in (proposal.carry, proposal.drop):
        put = story.one(Proposal, proposal.put_to_room(mia, of, "fail over", why=story.why()).record)
        end(mia, put, why=story.word() if end is proposal.drop else story.why())


def _related(story: Story) -> None:
    mia, of, into = story.bench.mia, story.incident(), story.incident("Mail waits")
    related_incidents.link(mia, of, into, why=story.why())
    related_incidents.fold_into(mia, of, into, story.why())
    related_incidents.unfold(mia, story.fresh(of), story.why())
    recurrence.judge(mia, of.id, into.id, "refused", story.why())


def _updates(story: Story) -> None:
    mia, of = story.bench.mia, story.incident()
    incidents.take_command(mia, of)
    asked = story.one(
        TextApproval, approval.ask(story.bench.noor, story.fresh(of), "customers", "Uploads fail.").record
    )
    approval.answer(mia, asked, False, story.why())
    next_update.put_off(mia, of, "customers", timedelta(minutes=20), story.word())
    next_update.set_regular(mia, of, "support", False, story.word())
    next_update.set_regular(mia, of, "support", True, story.why())
    typed = outside_questions.read("ceo: is our data safe?", story.bench.now)
    question = story.one(OutsideQuestion, outside_questions.ask(mia, of, typed).record)
    outside_questions.settle(mia, question, "answered", story.word())


def _files(story: Story) -> None:
    file = document_of(
        event("status", story.word(), "s1", 1, status="identified"),
        event("hypothesis", "the pool is full", "H1", 2),
        event("hypothesis_result", story.word(), "H1", 3, outcome="eliminated"),
        event("action_started", "raise the limit", "A1", 4),
        event("action_done", story.word(), "A1", 5),
    )
    import_incident(
        story.bench.mia, parse(json.dumps({**file, "severity": "sev2", "severity_reason": story.word()}).encode())
    )
    for owner in ("mia", "noor"):
        import_vendors(story.bench.mia, csv_of(HEADER, f"A,,x,1,{owner},,,none,,5,EUR,web"), "v.csv")
        import_documents(story.bench.mia, csv_of(DOCUMENTS, f"Failover,doc.md,{owner},web,runbook,,90"), "d.csv")
        import_csv(story.bench.mia, csv_of("name,team,criticality,depends_on", f"web,{owner},1,"), "s.csv")


def _obligations(story: Story) -> None:
    mia = story.bench.mia
    owed = story.one(Obligation, obligation.owe(mia, "raise the limit", "2027-01-10").record)
    obligation.snooze(mia, owed, "2026-12-10", story.word())
    obligation.redate(mia, story.fresh(owed), "2027-01-20", story.word())
    obligation.drop(mia, story.fresh(owed), story.word())


def _checklists(story: Story) -> None:
    mia = story.bench.mia
    template.import_text(mia, LIST, "deploy")
    gone = lessons.ItemProposal("retire", "tell support", "skipped", "2", lesson="skipped", runs=10)
    editing.take(mia, template.find_template(story.bench.board, "Deploy"), gone)
    template.review(mia, template.find_template(story.bench.board, "Deploy"), story.word())
    run = story.one(Run, checklist.begin(mia, "", "Deploy").record)
    checklist.tick(mia, story.bench.step(run, "1"), "skipped", "no time")
    checklist.pause(mia, run)
    checklist.resume(story.bench.noor, story.fresh(run))
    checklist.close(mia, story.fresh(run))
    template.retire(mia, template.find_template(story.bench.board, "Deploy"), story.word())


def _deployments(story: Story) -> None:
    mia, board = story.bench.mia, story.bench.board
    for sort, end in (("failed", story.word), ("done", story.why)):
        item = story.one(Deployment, deployment.deploy(mia, "web 413", systems=["web"], running=False).record)
        deployment.start(mia, item)
        deployment.finish(mia, story.fresh(item), sort, end())
    item = story.one(Deployment, deployment.deploy(mia, "web 414", systems=["web"]).record)
    deployment.turn_bad(mia, item, why=story.why())
    for result in ("failed", "passed"):
        back = story.one(Run, rollback.for_deployment(mia, story.fresh(item)).record)
        rollback.finish(mia, back, result, story.word() if result == "failed" else story.why())
        drill = story.one(Run, rollback.begin(mia, "service", drill=True).record)
        rollback.finish(mia, drill, result, story.word() if result == "failed" else story.why())
    change = story.one(PlannedChange, planned_change.open_change(mia, "web 415", {"blast": 4, "reverse": 3}).record)
    planned_change.edit(mia, change, "2")
    frozen = planned_change.freeze(mia, "year's end", story.bench.now, "2027-01-02T00:00:00Z", excepts=["noor"]).record
    planned_change.except_from_freeze(story.bench.noor, story.fresh(change), story.word())
    planned_change.stage(mia, story.fresh(change), story.why(), emergency="web is down")
    planned_change.close(mia, story.fresh(change), "done", story.why())
    planned_change.lift(mia, board.all(Freeze, where="id = ?", args=(frozen,))[0], story.word())


def _registers(story: Story) -> None:
    mia, board, today = story.bench.mia, story.bench.board, date(2026, 11, 24)
    # A reading is no reason, and what was found wrong stands in its own field.
    runbook = story.one(Document, document.add_document(mia, "Mail", {}).record)
    document.verify(mia, runbook, story.word())
    document.call_wrong(mia, story.fresh(runbook), "the host moved")
    entry_line.amend(mia, story.fresh(runbook), {"path": "mail.md"}, "Mail")
    asked = boundary_decision.put(mia, "one queue or two", {"decider": ["ben"]}).record
    boundary_decision.take(mia, story.one(BoundaryDecision, asked), "two", story.word())
    boundary_decision.reopen(mia, story.one(BoundaryDecision, asked), story.word())
    needed = story.one(Dependency, dependency.need(mia, "web", "mail", "a queue", {}).record)
    dependency.promise(mia, needed, "2026-12-10", 0.8)
    dependency.block(mia, needed, "which host")
    dependency.unblock(mia, story.fresh(needed), story.word())
    dependency.close(mia, story.fresh(needed), "delivered", story.word())
    weekly = story.one(Ritual, meeting.add_ritual(mia, "Weekly", {"minutes": 60}).record)
    meeting.change(mia, weekly, {"minutes": 30}, "nobody hears of it")
    meeting.end(mia, story.fresh(weekly), story.word())
    given = {"service": "cdn", "term_start": "2024-01-01", "term_end": "2025-01-01", "notice": "90 days"}
    cdn = story.one(
        Vendor, vendor.add_vendor(mia, "CDN", {**given, "renewal": "tacit", "renewal_term": "12 months"}).record
    )
    vendor.accept_renewal(mia, cdn, story.word(), today)
    vendor.decide(mia, story.fresh(cdn), "leave", story.word(), today)
    vendor.send_notice(mia, story.fresh(cdn), "letter 7", today)
    vendor.review_vendor(mia, story.fresh(cdn), story.word())
    promised = commitment.promise(mia, cdn, "up", percent=99.9, bands=["99.9=10"]).record
    seen = commitment.measure(mia, cdn, vendor.commitments_of(board, cdn)[0], "2026-10", 99.0).record
    assert promised
    commitment.claim(mia, story.one(VendorReview, seen), "claimed")
    vendor.end_contract(mia, story.fresh(cdn), story.word())
    onboarding.hand_over(mia, "mia", "noor", today)


def _learning(story: Story) -> None:
    mia, board, of = story.bench.mia, story.bench.board, story.incident("Login slow")
    item = story.one(Postmortem, postmortem.open_postmortem(mia, of, "mia").record)
    for state in ("review", "published"):
        postmortem.set_state(mia, story.fresh(item), state, story.why())
    other = story.one(Postmortem, postmortem.open_postmortem(mia, story.incident("Mail waits"), "mia").record)
    postmortem.set_state(mia, other, "dropped", story.word())
    idea = story.one(Improvement, postmortem.add_improvement(mia, of.id, "Alert at 80 %").record)
    postmortem.promise(mia, idea, "2027-01-10", "noor")
    postmortem.promise(mia, story.fresh(idea), "2027-01-20", "li")
    postmortem.keep_as_idea(mia, story.fresh(idea), story.word())
    postmortem.add_factor(mia, of.id, "no alert")
    postmortem.answer(mia, of.id, "factors.lucky", "It was a Sunday.")
    revising.take_away(mia, board.all(Factor, of.id)[0])
    revising.take_away(mia, board.all(Answer, of.id)[0])
    group = problems.Group("incident", "web", "web fails again and again", (of.id,))
    problem = story.one(Problem, problems.open_problem(mia, group).record)
    problems.set_end(mia, problem, "no more of it")
    problems.move(mia, story.fresh(problem), "ended", story.word())
    problems.open_problem(mia, replace(group, cases=(of.id, "b", "c")))


def _undone(story: Story) -> None:
    undo = Undo(story.bench.board)
    incidents.set_severity(story.bench.mia, story.incident(), "sev1", story.why())
    undo.undo("mia")


_CHAPTERS: tuple[Callable[[Story], None], ...] = (
    _incident,
    _apart,
    _work,
    _related,
    _updates,
    _files,
    _obligations,
    _checklists,
    _deployments,
    _registers,
    _learning,
    _undone,
)
