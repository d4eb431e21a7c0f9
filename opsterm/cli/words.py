"""Drafting and reviewing what is said to stakeholders, and the page that outsiders may see."""

from __future__ import annotations

from pathlib import Path

from opsterm.cli.call import DONE, FOUND, Add, Call, text_of
from opsterm.core.as_document import json_of
from opsterm.core.session import Rejected
from opsterm.records.instant import Instant, normal
from opsterm.records.update import AUDIENCES, STAGES
from opsterm.settings import zone_name

#: The longest text that is reviewed: longer than any update, shorter than any log.
TEXT_CHARS_MAX = 200_000


def draft(call: Call) -> None:
    from opsterm.drafting.draft import draft as drafted
    from opsterm.incidents.snapshot import find_incident, read_snapshot
    from opsterm.updates.draft_facts import facts_of
    from opsterm.updates.settings import usable_phrases, word_settings

    args, settings = call.args, word_settings()
    with call.session() as session:
        incident = find_incident(session.board, args.incident)
        at = _at(args.at)
        facts = facts_of(session.board, read_snapshot(session.board, incident.id), at)
        now = at or session.board.now
        made = drafted(
            facts,
            audience=args.audience,
            now=now,
            stage=args.stage,
            lang=args.lang or settings.lang_of(args.audience),
            zone=zone_name(),
            phrases=usable_phrases(settings)[0],
            cadence=settings.cadence or None,
        )
    call.say(
        {
            "incident": incident.id,
            **json_of(made, "audience stage lang text"),
            "missing": [item.name for item in made.missing],
            "asked": [json_of(item, "name question bracket") for item in made.missing],
            "next_update_at": made.next_update_at,
        },
        made.text,
    )


def review(call: Call) -> int:
    from opsterm.drafting.review import review as reviewed
    from opsterm.incidents.snapshot import find_incident, read_snapshot
    from opsterm.updates.draft_facts import facts_of
    from opsterm.updates.settings import word_settings

    args = call.args
    text = _read(args.file)
    at = _at(args.at)
    facts = None
    now: Instant | None = at or None
    if args.incident:
        with call.session() as session:
            incident = find_incident(session.board, args.incident)
            facts = facts_of(session.board, read_snapshot(session.board, incident.id), at)
            now = at or session.board.now
    findings = reviewed(
        text,
        audience=args.audience or "customers",
        stage=args.stage,
        lang=args.lang,
        facts=facts,
        now=now,
        zone=zone_name(),
        allowed=word_settings().allow,
    )
    document = {"findings": [json_of(finding, "rule start end text why instead") for finding in findings]}
    lines = (
        f"{f.rule}: “{' '.join(f.text.split())}” – {f.why}{f' → {f.instead}' if f.instead else ''}" for f in findings
    )
    call.say(document, *lines)
    return FOUND if findings else DONE


def page(call: Call) -> None:
    from opsterm.updates.status_page import write_page

    with call.session() as session:
        count = write_page(session.board, Path(call.args.html), zone_name())
    call.say({"page": call.args.html, "updates": count}, f"{call.args.html}: {count} updates")


def _read(name: str) -> str:
    text = text_of(name, 4 * TEXT_CHARS_MAX, "an update")
    if len(text) > TEXT_CHARS_MAX:
        raise Rejected(f"{name} is too long for an update ({len(text)} characters).")
    return text


def _at(text: str | None) -> Instant:
    if not text:
        return ""
    try:
        return normal(text)
    except ValueError as error:
        raise Rejected(f"--at {text!r} is no time such as 2017-01-31T21:00Z.") from error


def add(call: Add) -> None:
    """The calls of this family."""

    made = call("draft", draft, "draft a stakeholder update from what is recorded")
    made.add_argument("incident", metavar="INCIDENT")
    made.add_argument("--audience", choices=AUDIENCES, required=True)
    made.add_argument("--stage", choices=STAGES)
    made.add_argument("--lang", choices=("en", "zh"))
    made.add_argument("--at", metavar="TIME", help="as of then")
    made = call("review", review, "review a text; exit 1 if it finds anything")
    made.add_argument("file", nargs="?", default="-", metavar="FILE|-")
    made.add_argument("--incident", metavar="ID")
    made.add_argument("--audience", choices=AUDIENCES)
    made.add_argument("--stage", choices=(*STAGES, "investigating", "other"))
    made.add_argument("--lang", choices=("en", "zh"))
    made.add_argument("--at", metavar="TIME", help="as of then")
    made = call("page", page, "write the read-only status page for outsiders")
    made.add_argument("--html", metavar="FILE", required=True)
