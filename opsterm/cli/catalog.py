"""The catalog of systems, and the people who come and go."""

from __future__ import annotations

from opsterm.cli.call import Add, Call
from opsterm.cli.nested import nested
from opsterm.cli.registers import asks_file, asks_line, asks_today, bring_up, give, holidays, say, take, today_of
from opsterm.core.as_document import json_of
from opsterm.core.session import Outcome, Session


def import_files(call: Call) -> None:
    take(call, _import_one)


def _import_one(session: Session, raw: bytes, name: str) -> Outcome:
    from opsterm.registers.systems.catalog import import_backstage, import_csv

    yaml = name.casefold().endswith((".yaml", ".yml"))
    return import_backstage(session, raw, name) if yaml else import_csv(session, raw, name)


def export(call: Call) -> None:
    from opsterm.registers.systems.catalog import export_csv

    with call.session() as session:
        give(call, export_csv(session.board))


def list_all(call: Call) -> None:
    from opsterm.registers.systems.catalog import critical_systems, gaps, systems
    from opsterm.registers.teams.onboarding import sole_actors

    with call.session() as session:
        found, critical = systems(session.board), critical_systems(session.board)
        missing, alone = list(gaps(session.board)), sole_actors(session.board)
    listed = [
        {
            **json_of(item, "name team? owner? criticality?"),
            "critical": item.name.casefold() in critical,
            **json_of(item, "depends_on"),
        }
        for item in found
    ]
    lines = [f"{'critical' if i['critical'] else '':<8}  {i['name']:<24} {i['team'] or 'no team'}" for i in listed]
    lines = lines or ["No system yet: opsterm system import FILE."]
    sole = [json_of(s, "system person acts") for s in alone]
    call.say({"systems": listed, "gaps": missing, "sole": sole}, *lines, *missing, *(s.why for s in alone))


def add_one(call: Call) -> None:
    from opsterm.registers.entry_line import SYSTEM, read
    from opsterm.registers.systems.catalog import add_system

    with call.session() as session:
        _, fields = read(" ".join(call.args.line), SYSTEM, named=False)
        say(call, add_system(session, call.args.name, fields))


def set_words(call: Call) -> None:
    from opsterm.registers.entry_line import SYSTEM
    from opsterm.registers.systems.catalog import find_system

    bring_up(call, find_system, SYSTEM, lambda item: item.name)


def tree(call: Call) -> None:
    from opsterm.registers.systems.catalog import hang_on_it, hangs_on

    with call.session() as session:
        found = (hang_on_it if call.args.up else hangs_on)(session.board, call.args.name)
    nodes = [json_of(n, "name depth criticality? again") for n in found]
    call.say({"tree": nodes}, *(f"{'  ' * n.depth}{n.name}{' (see above)' if n.again else ''}" for n in found))


def handover(call: Call) -> None:
    """Lists what a person owns; with --to passes it on."""
    from opsterm.registers.teams.onboarding import hand_over, held_by

    name = " ".join(call.args.name)
    with call.session() as session:
        found = held_by(session.board, name)
        done = None
        if call.args.to:
            done = hand_over(session, name, call.args.to, today_of(call, session), left=not call.args.stays).sentence
    document = {
        "name": name,
        "owns": [json_of(h, "kind name id=record due_on?") for h in found],
        "said": done,
    }
    lines = [f"{h.kind:<20} {h.name}{f' by {h.due_on}' if h.due_on else ''}" for h in found]
    lines = lines or [f"{name} owns nothing on record."]
    call.say(document, *lines, *([done] if done else []))


def welcome(call: Call) -> None:
    from opsterm.registers.teams.onboarding import welcome as begin

    args = call.args
    with call.session() as session:
        told = begin(
            session,
            " ".join(args.name),
            args.first_day or "",
            buddy=args.buddy or "",
            team=args.team or "",
            holidays=holidays(),
        )
        say(call, told)


def milestones(call: Call) -> None:
    from opsterm.registers.teams.onboarding import milestones as steps_of

    with call.session() as session:
        found = steps_of(session.board, " ".join(call.args.name), holidays())
    steps = [json_of(s, "what due_on done_on? working_days=took") for s in found]
    lines = [f"{s.done_on or 'open':<10}  by {s.due_on}  {s.what}" for s in found]
    call.say({"milestones": steps}, *(lines or ["Nobody of that name began here."]))


def whole_map(call: Call) -> None:
    from opsterm.registers.teams.onboarding import map_of

    with call.session() as session:
        text = map_of(session.board, today_of(call, session))
    call.say({"markdown": text}, text.rstrip("\n"))


def add(call: Add) -> None:
    """The calls of this family."""
    nested(call("system", list_all, "the catalog of systems"), _fill_systems)
    made = call("handover", handover, "all that a person owns; --to passes it on")
    made.add_argument("name", nargs="+", metavar="NAME")
    made.add_argument("--to", metavar="NAME", help="who takes it on")
    made.add_argument("--stays", action="store_true", help="the person does not leave")
    asks_today(made)
    made = call("onboard", whole_map, "a newcomer's map of what there is")
    made.set_defaults(today=None)
    nested(made, _fill_people)


def _fill_systems(calls: Add) -> None:
    from opsterm.registers.entry_line import SYSTEM

    asks_line(calls("add", add_one, "record a system, by a line of words"), SYSTEM)
    asks_line(calls("set", set_words, "change what is known of it, by a line of words"), SYSTEM)
    asks_file(calls("import", import_files, "take systems from CSV or from Backstage's catalog-info.yaml"))
    calls("export", export, "the catalog as CSV")
    calls("list", list_all, "all systems")
    made = calls("tree", tree, "what a system cannot do without")
    made.add_argument("name", metavar="NAME")
    made.add_argument("--up", action="store_true", help="what cannot do without it")


def _fill_people(calls: Add) -> None:
    made = calls("begin", welcome, "somebody begins: milestones are owed")
    made.add_argument("name", nargs="+", metavar="NAME")
    made.add_argument("--first-day", metavar="DATE")
    made.add_argument("--buddy", metavar="NAME")
    made.add_argument("--team", metavar="NAME")
    made = calls("show", milestones, "how far a newcomer is")
    made.add_argument("name", nargs="+", metavar="NAME")
    asks_today(calls("map", whole_map, "systems, documents, vendors, rituals and people, as Markdown"))
