"""Changes with rigor in proportion: assessed, opened, approved, staged, closed."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from opsterm.cli.call import DONE, FOUND, Add, Call, warn
from opsterm.cli.nested import nested
from opsterm.core.as_document import json_of
from opsterm.core.session import Outcome, Rejected, Session, filled
from opsterm.records import PlannedChange
from opsterm.records.instant import normal
from opsterm.records.planned_change import OPEN

if TYPE_CHECKING:
    from opsterm.operations.deployments.change_risk import RiskAssessment

#: The questions of the packaged formula; a team's own are given with --answer.
QUESTIONS = ("blast", "reverse", "evidence", "data", "novelty", "dependents", "timing", "recent", "budget")


def assess(call: Call) -> None:
    from opsterm.operations.deployments.change_risk import assess as rate
    from opsterm.operations.deployments.change_risk import team_formula

    formula = team_formula()
    for warning in formula.warnings:
        warn(warning)
    found = rate(_answers(call), formula)
    call.say(_risk(found), *_lines(found))


def _answers(call: Call) -> dict[str, int]:
    answers: dict[str, int] = call.given(*QUESTIONS)
    for text in call.args.answer or ():
        name, sign, points = text.partition("=")
        if not sign or not points.strip().isdecimal() or len(points) > 3:
            raise Rejected(f"{text!r} is no answer: say QUESTION=NUMBER.")
        answers[name.strip()] = int(points)
    return answers


def _risk(found: RiskAssessment) -> dict[str, Any]:
    lowers = [json_of(way, "answer to level text") for way in found.lowers]
    return {**json_of(found, "score level because asks"), "lowers": lowers, **json_of(found, "unanswered")}


def _lines(found: RiskAssessment) -> list[str]:
    return [
        f"{found.level}, {found.score} of 100 points",
        *(f"  because  {text}" for text in found.because),
        *(f"  asks     {text}" for text in found.asks),
        *(f"  lowers   {lower.text} would make it {lower.level}" for lower in found.lowers),
    ]


def open_one(call: Call) -> None:
    from opsterm.operations.deployments.planned_change import open_change

    args = call.args
    with call.session() as session:
        told = open_change(
            session,
            " ".join(args.title),
            _answers(call),
            sort=args.type,
            systems=args.system or (),
            dependents=args.dependent or (),
            version=args.version or "1",
            plan=args.plan or "",
            owner=args.owner or "",
            stages=args.stage or (),
            window=(_time(args.window_from), _time(args.window_to)),
            bake_minutes=args.bake,
            way_back=args.rollback or "",
            decide_by=_time(args.decide_by),
            emergency=args.emergency or "",
        )
        _answer(call, session, told)


def _time(text: str | None) -> str:

    if not text:
        return ""
    try:
        return normal(text)
    except ValueError:
        raise Rejected(f"{text!r} is no time: say it in ISO 8601, such as 2026-11-24T13:00Z.") from None


def edit(call: Call) -> None:
    from opsterm.operations.deployments import planned_change
    from opsterm.operations.deployments.change_risk import from_texts

    args = call.args
    with call.session() as session:
        item = _find(session, call)
        given = _answers(call)
        merged = {**from_texts(item.answers), **given} if given else None
        fields = filled(
            plan=args.plan,
            stages=args.stage,
            window_from=_time(args.window_from),
            window_to=_time(args.window_to),
            decide_by=_time(args.decide_by),
            rollback=args.rollback,
        )
        _answer(call, session, planned_change.edit(session, item, args.version, answers=merged, **fields))


def approve(call: Call) -> None:
    from opsterm.operations.deployments import planned_change

    args = call.args
    with call.session() as session:
        item = _find(session, call)
        told = planned_change.approve(
            session,
            item,
            version=args.version or "",
            yes=not args.refuse,
            accountable=args.accountable,
            text=args.note or "",
        )
        call.say(as_document(session, item), told.sentence)


def stage(call: Call) -> int:
    from opsterm.operations.deployments import planned_change

    args = call.args
    with call.session() as session:
        item = _find(session, call)
        try:
            told = planned_change.stage(session, item, args.note or "", emergency=args.emergency or "")
        except planned_change.NotReady as stopped:
            call.say(as_document(session, item), *(f"missing: {text}" for text in stopped.missing))
            warn(str(stopped))
            return FOUND
        _answer(call, session, told)
    return DONE


def close(call: Call) -> None:
    from opsterm.operations.deployments import planned_change

    with call.session() as session:
        state = call.args.state.replace("-", " ")
        _answer(call, session, planned_change.close(session, _find(session, call), state, call.args.note or ""))


def let_through(call: Call) -> None:
    from opsterm.operations.deployments.planned_change import except_from_freeze

    with call.session() as session:
        told = except_from_freeze(session, _find(session, call), " ".join(call.args.why))
        _answer(call, session, told)


def freeze(call: Call) -> None:
    from opsterm.operations.deployments.planned_change import freeze as begin

    args = call.args
    with call.session() as session:
        told = begin(
            session,
            " ".join(args.why),
            _time(args.from_at),
            _time(args.to_at),
            systems=args.system or (),
            excepts=args.excepts or (),
        )
        call.say({"freeze": told.record, "said": told.sentence}, told.sentence)


def list_all(call: Call) -> None:

    with call.session() as session:
        found = [c for c in session.board.all(PlannedChange) if call.args.all or c.state in OPEN]
        documents = [as_document(session, item) for item in found]
    lines = [
        f"{d['mark']:<7} {d['level']:<9} {d['state']:<11} {d['title']} (version {d['version']})" for d in documents
    ]
    call.say({"changes": documents}, *(lines or ["No change is open: opsterm change open TITLE."]))


def show(call: Call) -> None:
    with call.session() as session:
        document = as_document(session, _find(session, call))
    lines = [f"{document['mark']}  {document['title']}, version {document['version']}: {document['level']}"]
    lines += [f"  approved by {a['name']}" if a["yes"] else f"  refused by {a['name']}" for a in document["approvals"]]
    lines += [f"  missing  {text}" for text in document["missing"]]
    lines += [f"  collides {c['mark']} on {', '.join(c['systems'])}" for c in document["collisions"]]
    call.say(document, *lines)


def statistics(call: Call) -> None:
    from opsterm.operations.deployments.planned_change import rigor

    with call.session() as session:
        found = rigor(session.board, _time(call.args.since))
    levels = [json_of(count, "level changes share ended failed fail_rate") for count in found.levels]
    call.say(
        {"levels": levels, **json_of(found, "changes emergencies approvals refused signals")},
        *(
            f"{c.level:<9} {c.changes:>4}  {c.share:>4.0%}"
            + ("" if c.fail_rate is None else f"  {c.fail_rate:.0%} of {c.ended} failed")
            for c in found.levels
        ),
        *found.signals,
    )


def as_document(session: Session, item: PlannedChange) -> dict[str, Any]:
    """A planned change as the calls give it."""
    from opsterm.operations.deployments import planned_change

    now = session.board.now
    found = planned_change.assessment(item)
    over = item.state not in ("open", "running")
    return {
        **json_of(item, "id mark title type=sort systems version state level score"),
        **json_of(found, "because asks"),
        "lowers": [json_of(way, "answer to level") for way in found.lowers],
        **json_of(item, "owner stages stage emergency?"),
        "window": [item.window_from, item.window_to] if item.window_from else None,
        "approvals": [
            json_of(said, "name yes accountable at note=text?")
            for said in planned_change.approvals_of(session.board, item)
        ],
        "missing": [] if over else planned_change.missing(session.board, item, now),
        "collisions": [
            {**json_of(other, "id mark title"), "systems": list(both)}
            for other, both in ([] if over else planned_change.collisions(session.board, item, now))
        ],
    }


def _find(session: Session, call: Call) -> PlannedChange:
    from opsterm.core.lookup import find

    return find(session.board, PlannedChange, call.args.change, "planned change")


def _answer(call: Call, session: Session, told: Outcome) -> None:

    warn(told.warning)
    call.say(as_document(session, session.read(PlannedChange, told.record)), told.sentence)


def _questions(made: argparse.ArgumentParser) -> None:
    for name in QUESTIONS:
        made.add_argument(f"--{name}", type=int, metavar="N")
    made.add_argument("--answer", action="append", metavar="QUESTION=N", help="a question of the team's own formula")


def _plan(made: argparse.ArgumentParser) -> None:
    made.add_argument("--plan", metavar="TEXT")
    made.add_argument("--stage", action="append", metavar="TEXT", help="a stage, its criterion and its owner")
    made.add_argument("--from", dest="window_from", metavar="TIME", help="when its window opens")
    made.add_argument("--to", dest="window_to", metavar="TIME", help="when its window ends")
    made.add_argument("--decide-by", metavar="TIME")
    made.add_argument("--rollback", metavar="TEXT", help="the way back, where it is not that of its type")
    _questions(made)


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("change", list_all, "planned changes: assessed, approved, staged, closed")
    made.set_defaults(all=False)
    nested(made, _fill)


def _fill(calls: Add) -> None:
    _questions(calls("assess", assess, "how risky a change is, what that asks, what would lower it"))
    made = calls("open", open_one, "record a planned change")
    made.add_argument("title", nargs="+", metavar="TITLE")
    made.add_argument("--type", default="service", metavar="T")
    made.add_argument("--system", action="append", metavar="S")
    made.add_argument("--dependent", action="append", metavar="S", help="a system that hangs on those")
    made.add_argument("--version", metavar="V", help="what exactly: a commit, a number")
    made.add_argument("--owner", metavar="NAME")
    made.add_argument("--bake", type=int, default=60, metavar="MINUTES", help="how long its effects are watched")
    made.add_argument("--emergency", metavar="REASON", help="runs at once, on record, reviewed within two working days")
    _plan(made)
    made = calls("edit", edit, "plan another version: it is approved anew")
    made.add_argument("change", metavar="CHG")
    made.add_argument("--version", required=True, metavar="V")
    _plan(made)
    made = calls("approve", approve, "approve the version that is planned, or refuse it")
    made.add_argument("change", metavar="CHG")
    made.add_argument("--version", metavar="V", help="the version that was looked at")
    made.add_argument("--accountable", action="store_true", help="answers for going ahead")
    made.add_argument("--refuse", action="store_true")
    made.add_argument("--note", metavar="TEXT")
    made = calls("stage", stage, "begin the next stage; exit 1 while something is missing")
    made.add_argument("change", metavar="CHG")
    made.add_argument("--note", metavar="TEXT")
    made.add_argument("--emergency", metavar="REASON", help="goes on all the same, on record and to be reviewed")
    made = calls("close", close, "say how it went")
    made.add_argument("change", metavar="CHG")
    made.add_argument("state", nargs="?", default="done", choices=("done", "failed", "rolled-back", "withdrawn"))
    made.add_argument("--note", metavar="TEXT")
    made = calls("except", let_through, "let a change through a freeze")
    made.add_argument("change", metavar="CHG")
    made.add_argument("why", nargs="+", metavar="WHY")
    made = calls("freeze", freeze, "change nothing for a time")
    made.add_argument("why", nargs="+", metavar="WHY")
    made.add_argument("--from", dest="from_at", required=True, metavar="TIME")
    made.add_argument("--to", dest="to_at", required=True, metavar="TIME")
    made.add_argument("--system", action="append", metavar="S")
    made.add_argument("--by", dest="excepts", action="append", metavar="NAME", help="who may let a change through")
    calls("list", list_all, "planned changes that are open").add_argument("--all", action="store_true")
    calls("show", show, "one planned change, and what is missing").add_argument("change", metavar="CHG")
    made = calls("stats", statistics, "what share took which path, and how each failed")
    made.add_argument("--since", metavar="TIME")
