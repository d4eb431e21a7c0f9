"""What teams need of each other: slack, weekly lines, and who waits for whom."""

from __future__ import annotations

from typing import Any

from opsterm.cli.call import Add, Call
from opsterm.cli.nested import nested
from opsterm.cli.registers import asks_line, asks_today, holidays, say, today_of
from opsterm.core.as_document import json_of
from opsterm.records.dependency import KINDS_OF, STRENGTHS


def list_all(call: Call) -> None:
    from opsterm.registers.teams.dependency import by_slack, chain_of, mechanism

    with call.session() as session:
        found = by_slack(session.board, today_of(call, session), holidays())
        chains = {s.dependency.id: chain_of(session.board, s.dependency)[0] for s in found}
    listed = [
        {
            **json_of(s.dependency, "id=mark giver taker what needed_by? promised?"),
            **json_of(s, "colour slack=working_days why"),
            "chain": round(chains[s.dependency.id], 4),
            "mechanism": mechanism(s.dependency),
        }
        for s in found
    ]
    lines = []
    for s in found:
        d = s.dependency
        lines.append(f"{s.colour:<6} {d.mark:<6} {d.giver} → {d.taker}: {d.what}  ({s.why[0]})")
    call.say({"dependencies": listed}, *(lines or ["No dependency yet: opsterm dependency add."]))


def tree(call: Call) -> None:
    from opsterm.registers.teams.dependency import who_blocks_whom

    with call.session() as session:
        found = who_blocks_whom(session.board)
    document = {"tree": [{"text": text, "depth": depth} for text, depth in found]}
    call.say(document, *([f"{'  ' * depth}{text}" for text, depth in found] or ["Nobody waits for anybody."]))


def add_one(call: Call) -> None:
    from opsterm.registers.teams.dependency import find_dependency, need

    args = call.args
    given = call.given("sort", "strength", "needed_by", "promised", "confidence", "owner", "fallback", "risk")
    with call.session() as session:
        given.setdefault("owner", session.person)
        if args.needs:
            given["needs"] = [find_dependency(session.board, name).id for name in args.needs]
        say(call, need(session, args.taker, args.giver, " ".join(args.what), given))


def set_words(call: Call) -> None:
    from opsterm.registers.entry_line import DEPENDENCY, amend, read
    from opsterm.registers.teams.dependency import find_dependency, resolve_needs

    with call.session() as session:
        item = find_dependency(session.board, call.args.name)
        _, fields = read(" ".join(call.args.line), DEPENDENCY, named=False)
        say(call, amend(session, item, resolve_needs(session.board, fields), item.mark))


def line(call: Call) -> None:
    from opsterm.registers.teams.dependency import find_dependency, note_line

    with call.session() as session:
        item = find_dependency(session.board, call.args.dependency)
        say(call, note_line(session, item, " ".join(call.args.text)))


def ask(call: Call) -> None:
    from opsterm.registers.teams.dependency import ask_for_line, find_dependency

    with call.session() as session:
        text = ask_for_line(find_dependency(session.board, call.args.dependency))
    call.say({"text": text}, text)


def promise(call: Call) -> None:
    from opsterm.registers.teams.dependency import find_dependency
    from opsterm.registers.teams.dependency import promise as keep

    with call.session() as session:
        item = find_dependency(session.board, call.args.dependency)
        say(call, keep(session, item, call.args.on, call.args.confidence))


def block(call: Call) -> None:
    from opsterm.registers.teams.dependency import block as stop
    from opsterm.registers.teams.dependency import find_dependency

    with call.session() as session:
        item = find_dependency(session.board, call.args.dependency)
        say(call, stop(session, item, " ".join(call.args.text)))


def unblock(call: Call) -> None:
    from opsterm.registers.teams.dependency import find_dependency
    from opsterm.registers.teams.dependency import unblock as go_on

    with call.session() as session:
        item = find_dependency(session.board, call.args.dependency)
        say(call, go_on(session, item, " ".join(call.args.text)))


def close(call: Call) -> None:
    from opsterm.registers.teams.dependency import close as end
    from opsterm.registers.teams.dependency import find_dependency

    with call.session() as session:
        item = find_dependency(session.board, call.args.dependency)
        say(call, end(session, item, call.args.state, " ".join(call.args.text)))


def ask_decision(call: Call) -> None:
    from opsterm.registers.teams.boundary_decision import put

    args = call.args
    given: dict[str, Any] = {"decider": args.decider, "one_way": args.one_way, "due_on": args.by or ""}
    given |= call.given("agrees", "asked", "told")
    with call.session() as session:
        say(call, put(session, " ".join(args.question), given))


def take_decision(call: Call) -> None:
    from opsterm.registers.teams.boundary_decision import find_question, take

    with call.session() as session:
        item = find_question(session.board, call.args.question)
        say(call, take(session, item, call.args.outcome, " ".join(call.args.why)))


def list_decisions(call: Call) -> None:
    from opsterm.registers.teams.boundary_decision import open_decisions

    with call.session() as session:
        found = open_decisions(session.board)
    listed = [json_of(d, "id question decider due_on?") for d in found]
    lines = [f"{d.due_on or 'no date':<10}  {', '.join(d.decider)}: {d.question}" for d in found]
    call.say({"decisions": listed}, *(lines or ["Nothing waits for a decision."]))


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("dependency", list_all, "what teams need of each other, the least slack first")
    asks_today(made)
    nested(made, _fill)


def _fill(calls: Add) -> None:
    from opsterm.registers.entry_line import DEPENDENCY

    asks_line(calls("set", set_words, "change what is known of it, by a line of words"), DEPENDENCY, name="ID")
    asks_today(calls("list", list_all, "all that is open, the least slack first"))
    calls("tree", tree, "who waits for whom")
    made = calls("add", add_one, "record that a team needs something of another")
    made.add_argument("taker", metavar="TAKER")
    made.add_argument("giver", metavar="GIVER")
    made.add_argument("what", nargs="+", metavar="WHAT")
    made.add_argument("--sort", choices=KINDS_OF)
    made.add_argument("--strength", choices=STRENGTHS)
    made.add_argument("--needed-by", metavar="DATE")
    made.add_argument("--promised", metavar="DATE")
    made.add_argument("--confidence", type=float, metavar="0–1")
    made.add_argument("--owner", metavar="NAME")
    made.add_argument("--fallback", metavar="TEXT")
    made.add_argument("--risk", metavar="TEXT", help="what happens if it is late")
    made.add_argument("--needs", action="append", metavar="ID", help="what has to be delivered before it")
    made = calls("line", line, "keep a week's line: [G/A/R] outcome - change - next date - ask")
    made.add_argument("dependency", metavar="ID")
    made.add_argument("text", nargs="+", metavar="LINE")
    calls("ask", ask, "a text that asks a team for its line").add_argument("dependency", metavar="ID")
    made = calls("promise", promise, "note the day that was promised, and how sure it is")
    made.add_argument("dependency", metavar="ID")
    made.add_argument("on", metavar="DATE")
    made.add_argument("--confidence", type=float, default=0.5, metavar="0–1")
    for name, handler, help_text in (
        ("block", block, "note what was asked and is not answered"),
        ("unblock", unblock, "note the answer"),
    ):
        made = calls(name, handler, help_text)
        made.add_argument("dependency", metavar="ID")
        made.add_argument("text", nargs="+", metavar="TEXT")
    made = calls("question", ask_decision, "put a question that crosses teams: one decides")
    made.add_argument("question", nargs="+", metavar="QUESTION")
    made.add_argument("--decider", action="append", required=True, metavar="NAME")
    made.add_argument("--by", metavar="DATE")
    made.add_argument("--one-way", action="store_true", help="it cannot be undone")
    for option, help_text in (("agrees", "can stop it"), ("asked", "is asked"), ("told", "is told")):
        made.add_argument(f"--{option}", action="append", metavar="NAME", help=f"who {help_text}")
    calls("questions", list_decisions, "what waits for a decision")
    made = calls("decide", take_decision, "note what was decided, and why")
    made.add_argument("question", metavar="QUESTION")
    made.add_argument("outcome", metavar="OUTCOME")
    made.add_argument("why", nargs="+", metavar="WHY")
    made = calls("close", close, "delivered, or no longer needed")
    made.add_argument("dependency", metavar="ID")
    made.add_argument("state", choices=("delivered", "dropped"))
    made.add_argument("text", nargs="+", metavar="TEXT")
