"""Checklists: kept as Markdown, walked through step by step, and looked after."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from opsterm.cli.call import DONE, FOUND, Add, Call, warn
from opsterm.cli.nested import nested
from opsterm.core.as_document import json_of
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.records import Checklist, Deployment, PlannedChange, Run, Step

if TYPE_CHECKING:
    from opsterm.operations.checklists.run import OpenKillers
    from opsterm.operations.checklists.template import Template


def import_files(call: Call) -> None:
    with call.session() as session, session.board.transaction():
        found = list(imported(call, session))
    for told, _ in found:
        warn(told.warning)
    call.say({"checklists": [as_document(t) for _, t in found]}, *(told.sentence for told, _ in found))


def imported(call: Call, session: Session) -> Iterator[tuple[Outcome, Template]]:
    """(what came of it, the list) of each Markdown file that the call names."""
    from opsterm.operations.checklists.template import import_file, of_record

    for name in call.args.file:
        told = import_file(session, Path(name))
        yield told, of_record(session.board, session.read(Checklist, told.record))


def export(call: Call) -> None:
    """The text as it was written, to the byte; on a terminal without what would act on it, with --json in a key."""
    from opsterm.operations.checklists.template import find_template

    with call.session() as session:
        template = find_template(session.board, call.args.name)
    if call.as_json:
        call.say({"checklists": [{**as_document(template), "markdown": template.tasks.source}]})
    elif sys.stdout.isatty():
        call.say({}, template.tasks.source)
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(template.tasks.source.encode("utf-8"))
        sys.stdout.buffer.flush()


def list_all(call: Call) -> None:
    from opsterm.operations.checklists.template import known

    with call.session() as session:
        found = known(session.board, rollback=False)
    lines = [f"{t.name:<40} version {t.version}, {len(t.tasks.items)} items" for t in found]
    call.say({"checklists": [as_document(template) for template in found]}, *lines)


def show(call: Call) -> None:
    from opsterm.operations.checklists.template import find_template, stale_since

    with call.session() as session:
        template = find_template(session.board, call.args.name)
        since, what = stale_since(session.board, template)
    lines = [f"{template.name}, version {template.version}"]
    if since:
        lines.append(f"stale: {what} changed its systems on {since[:10]}")
    section = ""
    for item in template.tasks.items:
        if item.section != section:
            section = item.section
            lines += ["", section]
        lines.append(f"  {item.label:<4} {'(K) ' if item.killer else ''}{item.text}")
        if item.reason:
            lines.append(f"       why: {item.reason}")
    call.say({"checklists": [{**as_document(template), "stale_since": since or None}]}, *lines)


def versions(call: Call) -> None:
    from opsterm.operations.checklists.template import find_template
    from opsterm.operations.checklists.template import versions as history

    with call.session() as session:
        template = find_template(session.board, call.args.name)
        found = history(session.board, template.record) if template.record else []
    document = [json_of(v, "version at by why markdown=source") for v in found]
    call.say({"name": template.name, "versions": document}, *(f"{v.version}  {v.at}  {v.by}  {v.why}" for v in found))


def review(call: Call) -> None:
    from opsterm.operations.checklists.template import find_template
    from opsterm.operations.checklists.template import review as note

    with call.session() as session:
        told = note(session, find_template(session.board, call.args.name), " ".join(call.args.outcome))
    call.say({"checklist": told.record, "said": told.sentence}, told.sentence)


def retire(call: Call) -> None:
    from opsterm.operations.checklists.template import find_template
    from opsterm.operations.checklists.template import retire as take_off

    with call.session() as session:
        told = take_off(session, find_template(session.board, call.args.name), " ".join(call.args.why))
    call.say({"checklist": told.record, "said": told.sentence}, told.sentence)


def learn(call: Call) -> None:
    from opsterm.operations.checklists.lessons import item_statistics, proposals
    from opsterm.operations.checklists.template import find_template

    with call.session() as session:
        template = find_template(session.board, call.args.name)
        counted = item_statistics(session.board, template)
        proposed = proposals(session.board, template, session.board.now)
    call.say(
        {
            "name": template.name,
            "items": [
                json_of(item, "mark=label text killer runs caught skipped catch_rate last_catch_at?")
                for item in counted
            ],
            "proposals": [json_of(p, "kind text why mark=label?") for p in proposed],
        },
        *(f"{i.label:<4} {i.catch_rate:>4.0%} of {i.runs} runs  {i.text}" for i in counted),
        *(f"{p.kind}: {p.text} ({p.why})" for p in proposed),
    )


# --- runs


def run(call: Call) -> None:
    from opsterm.incidents.snapshot import find_incident
    from opsterm.operations.checklists import run as checklist

    args = call.args
    with call.session() as session:
        incident = find_incident(session.board, args.incident).id if args.incident else ""
        told = checklist.begin(
            session,
            incident,
            args.name,
            paired=args.paired,
            deployment=_belongs(session, args.to),
            emergency=args.emergency or "",
        )
        _answer_run(call, session, session.read(Run, told.record))


def _belongs(session: Session, name: str | None) -> str:
    """The id of the deployment or planned change that a run belongs to."""
    from opsterm.core.lookup import find

    if not name:
        return ""
    if name.lower().startswith("dep"):
        return find(session.board, Deployment, name, "deployment").id
    return find(session.board, PlannedChange, name, "planned change").id


def steps(call: Call) -> None:
    from opsterm.operations.checklists.run import as_markdown

    with call.session() as session:
        if call.args.md:
            markdown = as_markdown(session, find_run(session, call.args.run))
            call.say({"markdown": markdown}, markdown.rstrip("\n"))
            return
        _answer_run(call, session, find_run(session, call.args.run))


def runs(call: Call) -> None:

    with call.session() as session:
        found = [r for r in session.board.all(Run) if call.args.all or r.state != "closed"]
    document = [json_of(r, "run=id mark name state purpose") for r in found]
    call.say({"runs": document}, *(f"{r.id}  {r.mark:<4} {r.state:<7} {r.name}" for r in found))


def tick(call: Call) -> None:
    from opsterm.operations.checklists import run as checklist

    args = call.args
    with call.session() as session, session.board.transaction():
        step = find_step(session, find_run(session, args.run), args.mark)
        told = checklist.tick(
            session,
            step,
            args.state,
            args.note or "",
            asked_by=args.asked_by or "",
            approver=args.approver or "",
            until=args.until or "",
            sensed=args.sensed,
        )
        if args.evidence:
            checklist.prove(session, step, args.evidence)
        after = find_step(session, find_run(session, args.run), args.mark)
    warn(told.warning)
    call.say(step_document(after), told.sentence)


def pass_point(call: Call) -> int:
    from opsterm.operations.checklists import run as checklist
    from opsterm.operations.checklists.pause_points import current_section, sections_of

    with call.session() as session:
        found = find_run(session, call.args.run)
        all_steps = checklist.steps_of(session, found)
        wanted = " ".join(call.args.section).casefold()
        sections = sections_of(all_steps)
        matching = [section for section in sections if wanted and section.casefold().startswith(wanted)]
        left = [section for section in sections if section not in found.passed]
        section = matching[0] if matching else left[0] if left and not wanted else current_section(all_steps)
        if wanted and not matching:
            raise Rejected(f"{found.name} has no pause point {wanted!r}: say one of {', '.join(sections)}.")
        try:
            if call.args.emergency:
                checklist.waive(session, found, call.args.emergency)
            told = checklist.pass_point(session, find_run(session, found.id), section)
        except checklist.OpenKillers as stopped:
            return _stopped(call, session, found, stopped)
    call.say({"run": found.id, "section": section, "passed": True}, told.sentence)
    return DONE


def close(call: Call) -> int:
    from opsterm.operations.checklists import run as checklist

    with call.session() as session:
        found = find_run(session, call.args.run)
        if found.state == "closed":
            raise Rejected(f"{found.name} is closed already.")
        try:
            told = checklist.close(session, found, emergency=call.args.emergency or "")
        except checklist.OpenKillers as stopped:
            return _stopped(call, session, found, stopped)
        after = find_run(session, found.id)
        call.say(run_document(after, checklist.steps_of(session, after)), told.sentence)
    return DONE


def _stopped(call: Call, session: Session, found: Run, stopped: OpenKillers) -> int:
    from opsterm.operations.checklists import run as checklist

    open_items = [step_document(step) for step in stopped.steps]
    document = {**run_document(found, checklist.steps_of(session, found)), "open": open_items, "said": str(stopped)}
    call.say(document, *(f"killer item open: {step.label} {step.text}" for step in stopped.steps))
    warn(str(stopped))
    return FOUND


def pause(call: Call) -> None:
    from opsterm.operations.checklists import run as checklist

    with call.session() as session:
        told = checklist.pause(session, find_run(session, call.args.run))
        call.say({"run": told.record, "state": "paused"}, told.sentence)


def resume(call: Call) -> None:
    from opsterm.operations.checklists import run as checklist
    from opsterm.operations.checklists.pause_points import to_repeat

    with call.session() as session:
        found = find_run(session, call.args.run)
        all_steps = checklist.steps_of(session, found)
        again = to_repeat(found, all_steps, session.person, session.board.now)
        told = checklist.resume(session, found)
    warn(told.warning)
    call.say({"run": found.id, "state": "open", "again": [step_document(s) for s in again]}, told.sentence)


# --- shapes


def as_document(template: Template) -> dict[str, Any]:
    """A template as `checklist list` gives it."""
    said = "why=reason? mode? expected? who? command? link? condition? rollback?"
    return {
        **json_of(template, "name version"),
        "items": [json_of(item, "mark=label text killer section ticked", said) for item in template.tasks.items],
        **json_of(template, "file?"),
        "own": bool(template.record),
        **json_of(template, "since? by? reviewed_at?"),
        **json_of(template.tasks, "systems rollback_of?"),
    }


def step_document(step: Step) -> dict[str, Any]:
    """A step as `checklist tick` gives it."""
    answer = "note? by=state_by? asked_by? at=state_since? deferred_to?"
    return json_of(step, "mark=label text state killer section", answer, "run")


def run_document(found: Run, all_steps: list[Step]) -> dict[str, Any]:
    """A run as `checklist run` gives it."""
    about = json_of(found, "run=id mark name version state purpose result? incident? emergency?")
    return {**about, "steps": [step_document(step) for step in all_steps]}


def _answer_run(call: Call, session: Session, found: Run) -> None:
    from opsterm.operations.checklists import run as checklist

    all_steps = checklist.steps_of(session, found)
    lines = [f"{found.id}  {found.name}, version {found.version}"]
    lines += [f"  {s.label:<4} {s.state:<14} {'(K) ' if s.killer else ''}{s.text}" for s in all_steps]
    call.say(run_document(found, all_steps), *lines)


def find_run(session: Session, name: str) -> Run:
    """The run of an id, or of a mark that one open run has."""
    from opsterm.core.lookup import find, only

    everything = session.board.all(Run)
    open_ones = [item for item in everything if item.state != "closed"]
    found = only([item for item in open_ones if item.mark.lower() == name.strip().lower()])
    return found or find(session.board, Run, name, "run", everything)


def find_step(session: Session, found: Run, mark: str) -> Step:
    """The step of a mark. Raises Rejected."""
    from opsterm.operations.checklists import run as checklist

    all_steps = checklist.steps_of(session, found)
    step = next((step for step in all_steps if step.label == mark.strip().rstrip(".")), None)
    if step is None:
        raise Rejected(
            f"{found.name} has no step {mark}: its marks are 1 to {all_steps[-1].label if all_steps else 0}."
        )
    return step


_STATES = "open, done, failed, skipped, deferred, not-applicable, overridden"


def add_tick(call: Add) -> None:
    """`tick` under `checklist` and `rollback` alike."""
    made = call("tick", tick, "answer one step")
    made.add_argument("run", metavar="RUN")
    made.add_argument("mark", metavar="MARK")
    made.add_argument("--state", default="done", metavar="S", help=_STATES)
    made.add_argument("--note", metavar="TEXT", help="the value seen; why, for all but done and open")
    made.add_argument("--asked-by", metavar="NAME", help="who asked, where another answers")
    made.add_argument("--approver", metavar="NAME", help="who overrides it")
    made.add_argument("--until", metavar="WHEN", help="the pause point or day of a deferred one")
    made.add_argument("--evidence", metavar="TEXT", help="what was seen, kept whole")
    made.add_argument("--sensed", action="store_true", help="a machine answers")


def add(call: Add) -> None:
    """The calls of this family."""
    nested(call("checklist", list_all, "checklists: kept, walked through, looked after"), _fill)


def _fill(calls: Add) -> None:
    calls("import", import_files, "take Markdown task lists").add_argument("file", nargs="+", metavar="FILE.md")
    calls("export", export, "a checklist as it was written").add_argument("name", metavar="NAME")
    calls("list", list_all, "all checklists")
    calls("show", show, "one checklist, each item with its reason").add_argument("name", metavar="NAME")
    calls("versions", versions, "the history of a checklist").add_argument("name", metavar="NAME")
    made = calls("review", review, "note that a checklist was looked through")
    made.add_argument("name", metavar="NAME")
    made.add_argument("outcome", nargs="+", metavar="OUTCOME")
    made = calls("retire", retire, "take a checklist off the lists")
    made.add_argument("name", metavar="NAME")
    made.add_argument("why", nargs="+", metavar="WHY")
    calls("learn", learn, "what its items caught, and what to add or drop").add_argument("name", metavar="NAME")
    made = calls("run", run, "begin a walk through a checklist")
    made.add_argument("name", metavar="NAME")
    made.add_argument("--incident", metavar="ID")
    made.add_argument("--for", dest="to", metavar="ID", help="the deployment or planned change it belongs to")
    made.add_argument("--paired", action="store_true", help="two people at each killer item")
    made.add_argument("--emergency", metavar="REASON", help="goes on past open killer items, on record")
    calls("runs", runs, "runs that are open").add_argument("--all", action="store_true", help="closed ones too")
    made = calls("steps", steps, "how a run stands")
    made.add_argument("run", metavar="RUN")
    made.add_argument("--md", action="store_true", help="as Markdown, its boxes ticked")
    add_tick(calls)
    made = calls("pass", pass_point, "go past a pause point; exit 1 while killer items are open")
    made.add_argument("run", metavar="RUN")
    made.add_argument("section", nargs="*", metavar="SECTION")
    made.add_argument("--emergency", metavar="REASON")
    calls("pause", pause, "leave a run for later").add_argument("run", metavar="RUN")
    calls("resume", resume, "go on with a run").add_argument("run", metavar="RUN")
    made = calls("close", close, "end a run; exit 1 while killer items are open")
    made.add_argument("run", metavar="RUN")
    made.add_argument("--emergency", metavar="REASON", help="ends it all the same, on record and to be reviewed")
