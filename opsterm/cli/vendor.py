"""Vendors: contracts in and out, their days of notice, and how much hangs on how few."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from opsterm.cli.call import Add, Call, warn
from opsterm.cli.nested import nested
from opsterm.cli.registers import asks_file, asks_line, asks_today, bring_up, give, holidays, say, take, today_of
from opsterm.core.as_document import json_of
from opsterm.core.session import Rejected, filled

if TYPE_CHECKING:
    from opsterm.registers.vendors.vendor import Contract, Register


def import_files(call: Call) -> None:
    from opsterm.registers.vendors.vendor_file import import_vendors

    take(call, import_vendors)


def export(call: Call) -> None:
    from opsterm.registers.vendors.vendor_file import export_vendors

    with call.session() as session:
        give(call, export_vendors(session.board))


def list_all(call: Call) -> None:
    from opsterm.registers.vendors.vendor import register

    with call.session() as session:
        found = register(session.board, today_of(call, session), holidays())
    for text in found.warnings:
        warn(text)
    lines = [_line(contract) for contract in found.contracts] or ["No vendor yet: opsterm vendor import FILE.csv."]
    lines += [f"! {text}" for text in found.concentration.warnings]
    lines += [f"! {point.why}" for point in found.concentration.single_points]
    call.say(_document(found), *lines)


def _line(contract: Contract) -> str:
    vendor, term = contract.vendor, contract.term
    ends = str(term.end or "no end") if term.in_force else "over"
    notice = f"notice by {term.notice}, act by {contract.act_by}" if term.in_force and term.notice else ""
    missed = f"  renewed itself: notice was due {term.missed}" if term.missed and term.in_force else ""
    return f"{vendor.name:<24} {vendor.owner or 'nobody':<12} {ends:<10}  {notice}{missed}".rstrip()


def as_document(contract: Contract) -> dict[str, Any]:
    """One contract as `vendor list --json` gives it."""
    vendor, term = contract.vendor, contract.term
    return {
        **json_of(vendor, "id name parent? service? tier owner? systems"),
        **json_of(term, "in_force term_end=end notice_at=notice notice_for"),
        **json_of(contract, "act_by"),
        **json_of(term, "missed_at=missed"),
        **json_of(vendor, "renewal"),
        **json_of(term, "renewals how=steps"),
        **json_of(vendor, "annual_cost currency?"),
        "share_of_spend": round(contract.share_of_spend, 6),
        "price_of_silence": round(contract.silence, 2),
        "stages": [{"what": what, "by": by.isoformat()} for what, by in contract.stages],
        **json_of(vendor, "decision? decided_for?"),
    }


def _document(found: Register) -> dict[str, Any]:
    parts = found.concentration
    return {
        "vendors": [as_document(contract) for contract in found.contracts],
        "concentration": {
            **json_of(parts, "hhi_spend hhi_systems"),
            "spend": {group: round(share, 6) for group, share in parts.spend.items()},
            "systems": {group: round(share, 6) for group, share in parts.systems.items()},
            "single_points": [json_of(point, "system parent=group vendors why") for point in parts.single_points],
            **json_of(parts, "warnings"),
        },
        "warnings": list(found.warnings),
    }


def show(call: Call) -> None:
    from opsterm.registers.vendors.vendor import find_vendor, register

    with call.session() as session:
        wanted = find_vendor(session.board, call.args.name)
        found = register(session.board, today_of(call, session), holidays())
    contract = next(c for c in found.contracts if c.vendor.id == wanted.id)
    call.say({"vendors": [as_document(contract)]}, _line(contract), *(f"  {step}" for step in contract.term.steps))


def brief(call: Call) -> None:
    from opsterm.registers.vendors.vendor import find_vendor
    from opsterm.registers.vendors.vendor_brief import renewal_brief

    with call.session() as session:
        vendor = find_vendor(session.board, call.args.name)
        text = renewal_brief(session.board, vendor, today_of(call, session), holidays())
    call.say({"vendor": vendor.id, "markdown": text}, text.rstrip("\n"))


def add_one(call: Call) -> None:
    from opsterm.registers.vendors.vendor import add_vendor

    args = call.args
    given = call.given(
        "parent", "service", "tier", "owner", "term_end", "notice", "renewal", "renewal_term", "currency"
    )
    given |= call.given("annual_cost") | filled(systems=args.system)
    with call.session() as session:
        say(call, add_vendor(session, " ".join(args.name), given))


def set_words(call: Call) -> None:
    from opsterm.registers.entry_line import VENDOR
    from opsterm.registers.vendors.vendor import find_vendor

    bring_up(call, find_vendor, VENDOR, lambda item: item.name)


def claim(call: Call) -> None:
    from opsterm.registers.vendors.commitment import claim as keep
    from opsterm.registers.vendors.vendor import find_vendor, reviews_of

    with call.session() as session:
        found = find_vendor(session.board, call.args.name)
        missed = [r for r in reviews_of(session.board, found) if r.outcome == "missed" and r.month == call.args.month]
        if not missed:
            raise Rejected(f"{found.name} missed nothing in {call.args.month}.")
        say(call, keep(session, missed[-1], " ".join(call.args.what)))


def decide(call: Call) -> None:
    from opsterm.registers.vendors import vendor

    with call.session() as session:
        found = vendor.find_vendor(session.board, call.args.name)
        today, why = today_of(call, session), " ".join(call.args.why)
        if call.args.decision == "accept":
            say(call, vendor.accept_renewal(session, found, why, today))
        else:
            say(call, vendor.decide(session, found, call.args.decision, why, today))


def notice(call: Call) -> None:
    from opsterm.registers.vendors.vendor import find_vendor, send_notice

    with call.session() as session:
        found = find_vendor(session.board, call.args.name)
        say(call, send_notice(session, found, " ".join(call.args.proof), today_of(call, session)))


def review(call: Call) -> None:
    from opsterm.registers.vendors.vendor import find_vendor, review_vendor

    with call.session() as session:
        found = find_vendor(session.board, call.args.name)
        say(call, review_vendor(session, found, " ".join(call.args.text), call.args.outcome))


def promise(call: Call) -> None:
    from opsterm.registers.vendors.commitment import promise as keep
    from opsterm.registers.vendors.vendor import find_vendor

    with call.session() as session:
        found = find_vendor(session.board, call.args.name)
        text = " ".join(call.args.text)
        say(call, keep(session, found, text, percent=call.args.percent, bands=call.args.credit or ()))


def measure(call: Call) -> None:
    from opsterm.registers.vendors.commitment import measure as keep
    from opsterm.registers.vendors.vendor import commitments_of, find_vendor

    with call.session() as session:
        found = find_vendor(session.board, call.args.name)
        promised = [c for c in commitments_of(session.board, found) if c.percent]
        if len(promised) != 1:
            wanted = call.args.commitment or ""
            promised = [c for c in promised if wanted and wanted.casefold() in c.text.casefold()]
        if len(promised) != 1:
            raise Rejected(f"Say which commitment of {found.name} with --commitment TEXT.")
        say(call, keep(session, found, promised[0], call.args.month, call.args.percent))


def involve(call: Call) -> None:
    from opsterm.incidents.snapshot import find_incident
    from opsterm.registers.vendors.vendor import find_vendor
    from opsterm.registers.vendors.vendor import involve as note

    with call.session() as session:
        incident = find_incident(session.board, call.args.incident)
        found = find_vendor(session.board, call.args.name)
        part = "caused" if call.args.caused else "involved"
        say(call, note(session, incident, found, part, " ".join(call.args.text)))


def end(call: Call) -> None:
    from opsterm.registers.vendors.vendor import end_contract, find_vendor

    with call.session() as session:
        say(call, end_contract(session, find_vendor(session.board, call.args.name), " ".join(call.args.why)))


def add(call: Add) -> None:
    """The calls of this family."""
    made = call("vendor", list_all, "contracts, their days of notice, and concentration")
    asks_today(made)
    nested(made, _fill)


def _fill(calls: Add) -> None:
    from opsterm.registers.entry_line import VENDOR

    asks_file(calls("import", import_files, "take contracts from CSV files, whole or not at all"))
    calls("export", export, "all contracts as CSV")
    asks_today(calls("list", list_all, "all contracts, the soonest notice first"))
    for name, handler, help_text in (
        ("show", show, "one contract, and how its days are worked out"),
        ("brief", brief, "what to know before it renews, as Markdown"),
    ):
        made = calls(name, handler, help_text)
        made.add_argument("name", metavar="NAME")
        asks_today(made)
    made = calls("add", add_one, "record a new contract; its due diligence is owed")
    made.add_argument("name", nargs="+", metavar="NAME")
    for option in ("parent", "service", "owner", "term-end", "notice", "renewal", "renewal-term", "currency"):
        made.add_argument(f"--{option}", metavar="TEXT")
    made.add_argument("--tier", type=int, choices=(1, 2, 3))
    made.add_argument("--annual-cost", type=float, metavar="N")
    made.add_argument("--system", action="append", metavar="NAME")
    asks_line(calls("set", set_words, "change what is known of a contract, by a line of words"), VENDOR)
    made = calls("claim", claim, "note what came of the credit for a month that was missed")
    made.add_argument("name", metavar="NAME")
    made.add_argument("month", metavar="YYYY-MM")
    made.add_argument("what", nargs="+", metavar="WHAT")
    made = calls("decide", decide, "renew, renegotiate or leave; accept that it renewed itself")
    made.add_argument("name", metavar="NAME")
    made.add_argument("decision", choices=("renew", "renegotiate", "leave", "accept"))
    made.add_argument("why", nargs="+", metavar="WHY")
    asks_today(made)
    made = calls("notice", notice, "keep the proof that notice was given")
    made.add_argument("name", metavar="NAME")
    made.add_argument("proof", nargs="+", metavar="PROOF")
    asks_today(made)
    made = calls("review", review, "keep what a review came to")
    made.add_argument("name", metavar="NAME")
    made.add_argument("text", nargs="+", metavar="TEXT")
    made.add_argument("--outcome", choices=("met", "missed", "unknown"), default="unknown")
    made = calls("promise", promise, "record a figure that a vendor promised")
    made.add_argument("name", metavar="NAME")
    made.add_argument("text", nargs="+", metavar="TEXT")
    made.add_argument("--percent", type=float, default=0.0, metavar="N", help="time up in a month")
    made.add_argument("--credit", action="append", metavar="BELOW=PERCENT", help="credit of the month's fee")
    made = calls("measure", measure, "keep what was reached in a month")
    made.add_argument("name", metavar="NAME")
    made.add_argument("month", metavar="YYYY-MM")
    made.add_argument("percent", type=float, metavar="PERCENT")
    made.add_argument("--commitment", metavar="TEXT")
    made = calls("involve", involve, "note in an incident that a vendor had a part in it")
    made.add_argument("name", metavar="NAME")
    made.add_argument("incident", metavar="INCIDENT")
    made.add_argument("text", nargs="*", metavar="TEXT")
    made.add_argument("--caused", action="store_true")
    made = calls("end", end, "take a contract out of force")
    made.add_argument("name", metavar="NAME")
    made.add_argument("why", nargs="+", metavar="WHY")
