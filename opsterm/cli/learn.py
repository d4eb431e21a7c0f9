"""Learning from incidents: postmortems, what repeats, problems, measures."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from opsterm.cli.call import DONE, FOUND, Add, Call, text_of
from opsterm.core.as_document import json_of
from opsterm.core.whole_file import export_whole
from opsterm.records import Alert, Problem
from opsterm.records.instant import instant, moment
from opsterm.settings import local_zone

#: A postmortem is text that people read.
POSTMORTEM_BYTES_MAX = 4 << 20


def postmortem(call: Call) -> None:
    """The postmortem as Markdown, HTML or JSON; it is gathered anew each time."""
    from opsterm.incidents.snapshot import find_incident
    from opsterm.learn.account import gather
    from opsterm.learn.export import export_text
    from opsterm.learn.postmortem import open_postmortem

    args = call.args
    with call.session() as session:
        incident = find_incident(session.board, args.incident)
        if args.open:
            told = open_postmortem(session, incident, args.owner or "")
            call.say({"postmortem": told.record}, told.sentence)
            return
        account = gather(session.board, incident.id)
    form = "json" if call.as_json and args.format == "md" else args.format
    text = export_text(account, form, redacted=args.redact)
    if args.out:
        export_whole(Path(args.out), text)
        call.say({"file": args.out}, f"written to {args.out}")
    else:
        print(text, end="")


def wording(call: Call) -> int:
    """Points to the language of a postmortem; exit 1 if it finds anything."""

    from opsterm.learn.wording_review import review

    found = review(text_of(call.args.file, POSTMORTEM_BYTES_MAX, "a postmortem"))
    lines = (f"{item.rule}: “{item.text}”: {item.why}. {item.instead}" for item in found)
    call.say({"findings": [json_of(item, "rule start end text why instead") for item in found]}, *lines)
    return FOUND if found else DONE


def recurrences(call: Call) -> None:
    """Pairs of incidents that look alike, with why; `confirm` and `refuse` remember what a person says of one."""
    from opsterm.incidents.snapshot import find_incident
    from opsterm.learn.recurrence import judge, repeats

    args = call.args
    with call.session() as session:
        board = session.board
        if args.confirm or args.refuse:
            later, earlier = (find_incident(board, name).id for name in args.confirm or args.refuse)
            verdict = "confirmed" if args.confirm else "refused"
            told = judge(session, later, earlier, verdict, " ".join(args.why or ()))
            call.say({"later": later, "earlier": earlier, "verdict": verdict}, told.sentence)
            return
        pairs = repeats(board, find_incident(board, args.incident).id if args.incident else None)
    lines = []
    for pair in pairs:
        said = f", {pair.verdict} by {pair.verdict_by}" if pair.verdict else ""
        lines.append(f"{pair.later_mark} repeats {pair.earlier_mark}? {pair.score:.0%} sure{said}")
        lines += [f"  {reason}" for reason in pair.why]
    shown = "later earlier score why verdict? later_mark earlier_mark"
    document = {"pairs": [json_of(pair, shown) for pair in pairs]}
    call.say(document, *(lines or ["No incident repeats another, as far as is recorded."]))


_NOT_OPENED: dict[str, Any] = {"owner": None, "state": "not opened", "tried": [], "ends_when": None}


def problems(call: Call) -> None:
    """Three of a kind, and the problems that were opened for them."""
    from opsterm.learn.problems import found, open_problem, problem_id, unopened
    from opsterm.learn.recurrence import repeats

    with call.session() as session:
        board = session.board
        pairs = repeats(board)
        groups = found(board, board.now, pairs=pairs)
        if call.args.open:
            for group in unopened(board, board.now, pairs=pairs):
                open_problem(session, group)
        known = {problem.id: problem for problem in board.all(Problem)}
    documents, lines = [], []
    for group in groups:
        kept = known.get(problem_id(group))
        lines.append(f"{kept.mark if kept else '–':<5} {len(group.cases)} {group.sort}: {group.title}")
        about = {"mark": kept.mark if kept else None, **json_of(group, "sort title cases")}
        documents.append(about | (json_of(kept, "owner? state tried ends_when?") if kept else _NOT_OPENED))
    call.say({"problems": documents}, *(lines or ["Nothing happened three times."]))


def measures(call: Call) -> None:
    """Counts, medians and p90 with n, lateness, improvements in time, recurrence; alert load."""

    from opsterm.learn.alert_load import idle_alerts, load_lines, shifts
    from opsterm.learn.measures import as_lines, measures_json
    from opsterm.learn.measures import measures as measured

    with call.session() as session:
        board = session.board
        until = board.now
        since = instant(moment(until) - timedelta(days=call.args.days))
        found = measured(board, since, until)
        load = shifts(board, since, until, local_zone())
        idle = idle_alerts(board.all(Alert))
    document = {
        **measures_json(found),
        "alert_load": [json_of(shift, "begins ends alerts acted at_night incidents warnings") for shift in load],
        "idle_alerts": [json_of(item, "dedupe title times") for item in idle],
    }
    call.say(document, *as_lines(found), *load_lines(load), *(item.proposal for item in idle))


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("postmortem", postmortem, "the postmortem of an incident, filled from its record")
    made.add_argument("incident", metavar="INCIDENT")
    made.add_argument("--format", choices=("md", "html", "json"), default="md")
    made.add_argument("--redact", action="store_true", help="take names out, for outside readers")
    made.add_argument("--out", metavar="FILE", help="write it there")
    made.add_argument("--open", action="store_true", help="open it, with an owner and dates")
    made.add_argument("--owner", metavar="NAME", help="who sees to it")
    made = call("wording", wording, "what the language of a postmortem points to; exit 1 if anything")
    made.add_argument("file", metavar="FILE|-")
    made = call("recurrences", recurrences, "incidents that repeat, and why each pair was linked")
    made.add_argument("--incident", metavar="INCIDENT", help="only what this one repeats")
    made.add_argument("--confirm", nargs=2, metavar=("LATER", "EARLIER"), help="say that one repeats the other")
    made.add_argument("--refuse", nargs=2, metavar=("LATER", "EARLIER"), help="say that it does not")
    made.add_argument("--why", nargs="+", metavar="TEXT", help="why")
    made = call("problems", problems, "what happened three times, and what became of it")
    made.add_argument("--open", action="store_true", help="open a problem for each that has none")
    made = call("measures", measures, "counts, medians and p90 with n; drills apart")
    made.add_argument("--days", type=int, default=90, metavar="N", help="of the last N days (90)")
