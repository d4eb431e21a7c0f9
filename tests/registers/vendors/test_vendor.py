"""The register of contracts: in, out, what it says, and what is owed for it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.calendar.due import due, find_obligation, owed_by_registers
from opsterm.core.session import Rejected
from opsterm.incidents.incident import set_milestone
from opsterm.obligations.obligation import complete, snooze, start_of
from opsterm.records import Obligation, Vendor
from opsterm.registers.csv_file import BYTES_MAX, as_csv, read_rows
from opsterm.registers.vendors.concentration import Money, effective, index
from opsterm.registers.vendors.vendor import accept_renewal, decide, find_vendor, involve, register, send_notice
from opsterm.registers.vendors.vendor_brief import renewal_brief
from opsterm.registers.vendors.vendor_file import export_vendors, import_vendors, read_vendors
from opsterm.registers.vendors.vendor_obligations import obligations_of_vendors
from tests.support.bench import HEADER, TODAY, Bench, csv_of, refusal

SHARES = (
    "A,,compute,1,mia,2027-05-31,3 months,tacit,12 months,40,EUR,checkout;db",
    "B,,mail,2,mia,2027-05-31,90 days,express,,25,EUR,web",
    "C,,pay,3,ben,2026-12-31,60 days,none,,15,EUR,",
    "D,Group,dns,1,ben,2025-08-28,2 months,tacit,12 months,10,EUR,checkout",
    "E,Group,cdn,3,ben,2023-07-31,3 months,tacit,12 months,10,EUR,web",
)


def test_concentration_by_group_and_its_single_points(bench: Bench) -> None:
    assert index([0.4, 0.25, 0.15, 0.1, 0.1]) == 2650
    assert round(effective(2650), 1) == 3.8
    import_vendors(bench.as_("mia"), csv_of(HEADER, *SHARES), "v.csv")
    found = register(bench.board, TODAY, rates=Money())
    assert found.concentration.hhi_spend == 40**2 + 25**2 + 15**2 + 20**2
    assert sum(c.share_of_spend for c in found.contracts) == pytest.approx(1)
    # Critical: checkout by A and by the group, db by A alone.
    assert found.concentration.hhi_systems == pytest.approx(index([2 / 3, 1 / 3]))
    assert [p.system for p in found.concentration.single_points] == ["db"]
    assert "A has 100% of the critical systems" in " ".join(found.concentration.warnings)


def test_only_contracts_in_force_count(bench: Bench) -> None:
    rows = ("A,,x,3,m,2026-01-31,,none,,100,EUR,", "B,,x,3,m,2026-12-31,,none,,50,EUR,")
    import_vendors(bench.as_("mia"), csv_of(HEADER, *rows), "v.csv")
    found = {c.vendor.name: c for c in register(bench.board, date(2026, 2, 1), rates=Money()).contracts}
    assert (found["A"].term.in_force, found["A"].share_of_spend, found["B"].share_of_spend) == (False, 0, 1)
    assert register(bench.board, date(2026, 1, 31), rates=Money()).concentration.hhi_spend < 10_000


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        (b"", "row 1"),
        (b"name,parent\n", "row 1, column service"),
        (csv_of(HEADER + ",colour"), "row 1, column 13"),
        (csv_of(HEADER + ",name"), "row 1, column 13"),
        (csv_of(HEADER, SHARES[0], "B,,x"), "row 3, column tier"),
        (csv_of(HEADER, SHARES[0], ",,x,3,m,,,none,,,,"), "row 3, column name"),
        (csv_of(HEADER, SHARES[0], "B,,x,3,m,31.12.2026,,none,,,,"), "row 3, column term_end"),
        (csv_of(HEADER, SHARES[0], "B,,x,3,m,2026-02-30,,none,,,,"), "row 3, column term_end"),
        (csv_of(HEADER, SHARES[0], "B,,x,9,m,,,none,,,,"), "row 3, column tier"),
        (csv_of(HEADER, SHARES[0], "B,,x,3,m,,soon,none,,,,"), "row 3, column notice"),
        (csv_of(HEADER, SHARES[0], "B,,x,3,m,,,maybe,,,,"), "row 3, column renewal"),
        (csv_of(HEADER, SHARES[0], "B,,x,3,m,2026-12-31,,tacit,,,,"), "row 3, column renewal_term"),
        (csv_of(HEADER, SHARES[0], "B,,x,3,m,,,none,,1e999,,"), "row 3, column annual_cost"),
        (csv_of(HEADER, SHARES[0], "B,,x,3,m,,,none,,-5,,"), "row 3, column annual_cost"),
        (csv_of(HEADER, SHARES[0], SHARES[0]), "row 3, column service"),
        (csv_of(HEADER, SHARES[0], 'B,,"x,3,m'), "row 3"),
        (csv_of(HEADER, SHARES[0]) + b"\xff\xfe", "row 3, column 1"),
        (csv_of(HEADER, SHARES[0]) + b"\x00", "row 3"),
        (csv_of(HEADER, "B,,x,3,m,,,none,,,," + "s" * 5000), "row 2, column systems"),
        (b"x" * (BYTES_MAX + 1), "larger"),
    ],
)
def test_a_file_of_another_form_is_refused_whole_with_its_place(bench: Bench, rows: bytes, place: str) -> None:
    with pytest.raises(Rejected, match=place) as refused:
        import_vendors(bench.as_("mia"), rows, "v.csv")
    assert "\n" not in str(refused.value)
    assert not bench.board.all(Vendor)


def test_the_same_file_twice_changes_nothing_and_an_export_comes_back(bench: Bench) -> None:
    session = bench.as_("mia")
    hostile = 'B,,"=cmd()|x, \x1b]52;c;eA==\x07[/x]",3,@noor,,,none,,12.5,usd,"a; b ;a"'
    assert import_vendors(session, csv_of(HEADER, *SHARES[:1], hostile), "v.csv").sentence.startswith("vendors: 2 new")
    version = bench.board.version
    import_vendors(session, csv_of(HEADER, *SHARES[:1], hostile), "v.csv")
    assert bench.board.version == version
    kept = find_vendor(bench.board, "B")
    assert (kept.service[0], kept.owner, kept.currency, kept.systems) == ("=", "noor", "USD", ("a", "b"))
    assert "\x1b" not in kept.service
    text = "".join(export_vendors(bench.board))
    assert "'=cmd()" in text
    import_vendors(session, text.encode(), "v.csv")
    assert bench.board.version == version


@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_any_text_comes_back_from_a_csv(texts: list[str]) -> None:
    names = [f"c{n}" for n in range(len(texts))]
    cells = [" ".join(text.encode("utf-8", "replace").decode().split()) for text in texts]
    cells = ["".join(c for c in cell if c.isprintable()).strip("'") or "x" for cell in cells]
    raw = "".join(as_csv(names, [cells])).encode()
    (row,) = read_rows(raw, "f", names)
    assert [row[name].text for name in names] == [" ".join(cell.split()) for cell in cells]


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused_in_one_line(raw: bytes) -> None:
    assert "\n" not in refusal(lambda: read_vendors(HEADER.encode() + b"\n" + raw, "v.csv"))


def _states(bench: Bench, day: date) -> dict[str, str]:
    return {line.obligation.id.partition("/")[2]: line.state for line in due(bench.board, start_of(day), done_days=0)}


def test_windows_open_are_late_and_are_settled_by_a_decision(bench: Bench) -> None:
    session = bench.as_("mia")
    import_vendors(session, csv_of(HEADER, SHARES[0]), "v.csv")
    vendor = find_vendor(bench.board, "A")
    assert _states(bench, date(2026, 8, 1))["evaluate/2027-02-26"] == "ahead"
    assert _states(bench, date(2026, 8, 20))["evaluate/2027-02-26"] == "notice"
    late = _states(bench, date(2026, 9, 2))
    assert late["evaluate/2027-02-26"] == "overdue"
    assert _states(bench, date(2027, 2, 12))["notice/2027-02-26"] == "notice"
    missed = _states(bench, date(2027, 2, 27))
    assert missed["missed/2027-02-26"] == "overdue"
    decide(session, vendor, "renew", "cheapest of three", date(2026, 9, 2))
    assert not [name for name in _states(bench, date(2026, 9, 2)) if not name.startswith("review")]
    assert "missed/2027-02-26" not in _states(bench, date(2027, 2, 27))


def test_leaving_wants_proof_and_a_missed_notice_wants_a_word(bench: Bench) -> None:
    session = bench.as_("mia")
    import_vendors(session, csv_of(HEADER, SHARES[3]), "v.csv")
    vendor = find_vendor(bench.board, "D")
    decide(session, vendor, "leave", "too dear", TODAY)
    names = _states(bench, date(2026, 6, 20))
    assert names["notice/2026-06-26"] == "notice"
    assert not [name for name in names if name.startswith(("evaluate", "decide"))]
    send_notice(session, find_vendor(bench.board, "D"), "receipt 77", date(2026, 6, 20))
    assert not [name for name in _states(bench, date(2026, 6, 21)) if name.startswith("notice/2026")]
    other = "F,,x,3,m,2025-08-28,2 months,tacit,12 months,10,EUR,"
    import_vendors(session, csv_of(HEADER, other), "f.csv")
    day = date(2026, 7, 1)
    assert "missed/2026-06-26" in _states(bench, day)
    accept_renewal(session, find_vendor(bench.board, "F"), "fine for a year", day)
    assert not [item for item in obligations_of_vendors(bench.board, day) if "/missed/" in item.id and ":f/" in item.id]


def test_one_that_is_done_or_put_off_is_a_record(bench: Bench) -> None:
    session = bench.as_("mia")
    import_vendors(session, csv_of(HEADER, SHARES[0]), "v.csv")
    derived = len(owed_by_registers(bench.board, TODAY))
    item = find_obligation(session, "vendor:a/evaluate", TODAY)
    assert item.mark
    snooze(session, item, "2026-03-01", "waiting for the figures")
    assert len(owed_by_registers(bench.board, TODAY)) == derived - 1
    assert _states(bench, TODAY)["evaluate/2027-02-26"] == "snoozed"
    complete(session, bench.one(Obligation, item.id), "two compared")
    assert "evaluate/2027-02-26" not in _states(bench, TODAY)


def test_a_review_that_is_done_comes_again(bench: Bench) -> None:
    session = bench.as_("mia")
    import_vendors(session, csv_of(HEADER, SHARES[0]), "v.csv")
    review = find_obligation(session, "vendor:a/review", TODAY)
    assert review.due_at[:10] == "2026-05-11"
    bench.on(date(2026, 5, 1))
    complete(session, review, "met")
    again = [item for item in owed_by_registers(bench.board, bench.today) if "/review/" in item.id]
    assert [item.due_at[:10] for item in again] == ["2026-08-01"]


def test_a_vendor_that_caused_an_incident_is_reviewed(bench: Bench) -> None:
    session = bench.as_("mia")
    import_vendors(session, csv_of(HEADER, SHARES[0]), "v.csv")
    incident = bench.declared("Cards fail", TODAY, services=["checkout"])
    told = involve(session, incident, find_vendor(bench.board, "A"), "caused", "its region was down")
    assert "vendor A caused" in told.sentence
    set_milestone(session, incident, "resolved")
    owed = [item for item in obligations_of_vendors(bench.board, TODAY) if "/incident/" in item.id]
    assert [item.due_at[:10] for item in owed] == ["2026-02-18"]
    page = renewal_brief(bench.board, find_vendor(bench.board, "A"), TODAY)
    for text in ("Cards fail", "notice by **2027-02-26**", "never rehearsed", "## Ask"):
        assert text in page


def test_only_a_vendor_that_nobody_knew_is_owed_its_due_diligence(bench: Bench) -> None:
    session = bench.as_("mia")
    import_vendors(session, csv_of(HEADER, *SHARES), "v.csv")
    assert not bench.board.all(Obligation)
    import_vendors(session, csv_of(HEADER, "New,,x,3,noor,,,none,,1,EUR,"), "w.csv")
    assert [(o.owner, o.due_at[:10]) for o in bench.board.all(Obligation)] == [("noor", "2026-02-25")]
