"""Alerts in: what a payload proposes. It declares nothing."""

from __future__ import annotations

from opsterm.cli.call import Add, Call, bytes_of


def triage(call: Call) -> None:
    from opsterm.incidents.alerts import BYTES_MAX, read_payload

    payload = read_payload(bytes_of(call.args.file, BYTES_MAX))
    if call.args.inbox:
        from opsterm.incidents.alert_inbox import receive

        with call.session() as session:
            receive(session, payload)
    lines = [f"{p.severity}  {p.title}  ({', '.join(p.services) or '–'}): {p.because}" for p in payload.proposals]
    document = {"proposals": [p.document() for p in payload.proposals], "resolved": list(payload.resolved)}
    call.say(document, *(lines or ["Nothing to propose."]))


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("triage", triage, "what an alert's payload proposes; declares nothing")
    made.add_argument("file", metavar="FILE", help="the payload, or - for standard input")
    made.add_argument("--inbox", action="store_true", help="keep it in the inbox on home for a person to decide")
