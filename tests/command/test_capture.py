"""The capture language, row by row of its table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opsterm.command.capture import parse
from opsterm.core.session import Rejected
from opsterm.records.hypothesis import STATES as HYPOTHESIS_STATES
from opsterm.records.incident import MILESTONES, SEVERITIES, STATUSES
from tests.support.capture_field import NOW, ZONE, Field


def read(field: Field, line: str, *, strict: bool = False) -> dict[str, Any]:
    """What a line says, without what it leaves open."""
    captured = field.read(line, strict=strict)
    said = {
        "verb": captured.verb,
        "text": captured.text,
        "at": captured.at,
        "by": captured.by,
        "word": captured.word,
        "owner": captured.owner,
        "span": captured.span,
        "confidence": captured.confidence,
        "targets": [(item.mark, supports) for item, supports in captured.targets],
    }
    return {name: value for name, value in said.items() if value not in ("", None, [])}


ROWS: list[tuple[str, dict[str, Any]]] = [
    ("error rate doubled", {"verb": "observe", "text": "error rate doubled"}),
    ("? connection pool exhausted", {"verb": "propose", "text": "connection pool exhausted"}),
    ("?pool", {"verb": "propose", "text": "pool"}),
    ("-h2 pool at 40 % on every node",
     {"verb": "evidence", "text": "pool at 40 % on every node", "targets": [("h2", False)]}),
    ("+ h1 queue of 400", {"verb": "evidence", "text": "queue of 400", "targets": [("h1", True)]}),
    ("+h1 -H2 queue of 400 on db-2",
     {"verb": "evidence", "text": "queue of 400 on db-2", "targets": [("h1", True), ("h2", False)]}),
    ("! @mia roll back web to 412 in 15m",
     {"verb": "order", "text": "roll back web to 412", "owner": "mia", "span": timedelta(minutes=15)}),
    ("! roll back web, @\"Mia Chen\": in 1h30m",
     {"verb": "order", "text": "roll back web,", "owner": "Mia Chen", "span": timedelta(minutes=90)}),
    ("!roll back web", {"verb": "order", "text": "roll back web"}),
    ("! mail ops@example.com in English", {"verb": "order", "text": "mail ops@example.com in English"}),
    ("= we fail over to eu-west", {"verb": "decide", "text": "we fail over to eu-west"}),
    ("h2 eliminated pool never above 40 %",
     {"verb": "move", "word": "eliminated", "text": "pool never above 40 %", "targets": [("h2", True)]}),
    ("a1 done web is on 412", {"verb": "move", "word": "done", "text": "web is on 412", "targets": [("a1", True)]}),
    ("A1 Acknowledged", {"verb": "move", "word": "acknowledged", "targets": [("a1", True)]}),
    ("h1 60% @noor", {"verb": "move", "confidence": 0.6, "owner": "noor", "targets": [("h1", True)]}),
    ("h1 @noor testing 60 % she has the logs",
     {"verb": "move", "word": "testing", "confidence": 0.6, "owner": "noor", "text": "she has the logs",
      "targets": [("h1", True)]}),
    ("a1 +10m", {"verb": "move", "span": timedelta(minutes=10), "targets": [("a1", True)]}),
    ("a1 @ben", {"verb": "move", "owner": "ben", "targets": [("a1", True)]}),
    ("#identified", {"verb": "status", "word": "identified"}),
    ("#cancelled the probe was wrong", {"verb": "status", "word": "cancelled", "text": "the probe was wrong"}),
    ("#sev1 checkout is down for everyone",
     {"verb": "severity", "word": "sev1", "text": "checkout is down for everyone"}),
    ("# SEV2: cards only", {"verb": "severity", "word": "sev2", "text": "cards only"}),
    ("13:05Z #started", {"verb": "milestone", "word": "started", "at": "2026-11-23T13:05:00Z"}),
    ("#mitigated", {"verb": "milestone", "word": "mitigated"}),
    ("#impact 3 in 10 card payments fail", {"verb": "words", "word": "impact", "text": "3 in 10 card payments fail"}),
    ("#workaround pay by PayPal", {"verb": "words", "word": "workaround", "text": "pay by PayPal"}),
    ("#exit failures under 0.5 % for 30m", {"verb": "words", "word": "exit", "text": "failures under 0.5 % for 30m"}),
    ("#services web, checkout", {"verb": "services", "text": "web, checkout"}),
    ("@mia commander", {"verb": "role", "word": "commander", "owner": "mia"}),
    ('@"operations team" operations', {"verb": "role", "word": "operations", "owner": "operations team"}),
    ("@ben scribe", {"verb": "role", "word": "scribe", "owner": "ben"}),
    (">customers We are looking into failed checkouts…",
     {"verb": "sent", "word": "customers", "text": "We are looking into failed checkouts…"}),
    ("> execs: Payments fail.", {"verb": "sent", "word": "executives", "text": "Payments fail."}),
    ("-7m error rate back to 0.1 %",
     {"verb": "observe", "text": "error rate back to 0.1 %", "at": "2026-11-24T11:53:00Z"}),
    ("10:42 first alert", {"verb": "observe", "text": "first alert", "at": "2026-11-24T09:42:00Z"}),
    ("13:30 first alert", {"verb": "observe", "text": "first alert", "at": "2026-11-23T12:30:00Z"}),
    ("2017-01-31T21:00Z deploy", {"verb": "observe", "text": "deploy", "at": "2017-01-31T21:00:00Z"}),
    ("2017-07-31 21:00 deploy", {"verb": "observe", "text": "deploy", "at": "2017-07-31T19:00:00Z"}),
    ("-7m #identified", {"verb": "status", "word": "identified", "at": "2026-11-24T11:53:00Z"}),
    ("-7m -h2 never seen",
     {"verb": "evidence", "text": "never seen", "at": "2026-11-24T11:53:00Z", "targets": [("h2", False)]}),
    ("\\#channel is full", {"verb": "observe", "text": "#channel is full"}),
    ("10:42 \\! means danger", {"verb": "observe", "text": "! means danger", "at": "2026-11-24T09:42:00Z"}),
    ("! @noor cap the report job in 10m ~mia",
     {"verb": "order", "text": "cap the report job", "owner": "noor", "span": timedelta(minutes=10), "by": "mia"}),
    ("it is slow ~\"Mia Chen\"", {"verb": "observe", "text": "it is slow", "by": "Mia Chen"}),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), ROWS)
def test_a_line_says_what_the_table_says_in_the_console_and_in_scripts(
    field: Field, line: str, said: dict[str, Any]
) -> None:
    assert read(field, line) == said
    assert read(field, line, strict=True) == said


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [("？ pool", "? pool"), ("！ @ben 回滚 in 15m", "! @ben 回滚 in 15m"), ("＃sev1 所有人", "#sev1 所有人"),
     ("＠mia commander", "@mia commander"), ("＋h1 队列 400", "+h1 队列 400"), ("－h2 从未", "-h2 从未"),
     ("！ ＠ben 回滚", "! @ben 回滚"), ("＝ 切换", "= 切换"), ("＞customers 正在处理", ">customers 正在处理"),
     ("慢 ～mia", "慢 ~mia")],
)  # fmt: skip
def test_full_width_signs_count_as_their_ascii_ones(field: Field, wide: str, narrow: str) -> None:
    assert read(field, wide) == read(field, narrow)
    assert read(field, narrow)["verb"] != "observe" or "by" in read(field, narrow)


LOOK_ALIKES = [
    *("-5 % conversions", "#channel", "# of errors: 5", "+1", "- a list item", "->", "a1 is what we call it", "h1"),
    *("#impact", "@here", "email @ben", "!", "?", ">nobody Hello", "> quoted", "~mia", "3 + 4 = 7", "10:42", "-7m"),
    *("25:00 is no time", "2017-02-30T10:00Z is no day", "in 10m", "h1 101%", "#sev9"),
]


@pytest.mark.parametrize("line", LOOK_ALIKES)
def test_a_line_that_only_looks_like_one_is_plain_text_whole(field: Field, line: str) -> None:
    for strict in (False, True):
        assert read(field, line, strict=strict) == {"verb": "observe", "text": line}


@pytest.mark.parametrize(
    ("line", "said"),
    [("h9 eliminated never seen", "no hypothesis h9"), ("-h9 never seen", "no hypothesis h9"),
     ("+h1 +h9 seen", "no hypothesis h9"), ("a9 done", "no order a9"), ("a9 +10m", "no order a9"),
     ("@ben juggler", "no role 'juggler'"), ("@channel checkout is down", "no role 'checkout is down'")],
)  # fmt: skip
def test_an_unknown_mark_or_role_is_plain_text_in_the_console_and_refused_in_scripts(
    field: Field, line: str, said: str
) -> None:
    assert read(field, line) == {"verb": "observe", "text": line}
    with pytest.raises(Rejected, match=said):
        field.read(line, strict=True)


@pytest.mark.parametrize("line", ["", "   ", "\\", "-7m \\", "\x00\x1b", "\u200f"])
def test_a_line_without_words_records_nothing(field: Field, line: str) -> None:
    with pytest.raises(Rejected, match="Nothing to record"):
        field.type(line)


def test_a_paste_of_several_lines_is_one_observation_kept_whole(field: Field) -> None:
    paste = "? not a hypothesis\n\n! not an order\n  indented\n"
    field.type(paste)
    (line,) = [line for line in field.session.board.moments(field.incident) if line.kind == "observation"]
    assert line.text == paste.strip("\n")


def test_naming_oneself_commander_takes_command_and_naming_another_offers_it(field: Field) -> None:
    field.type("@mia commander")
    field.type("@ben commander")
    of = field.snapshot.incident
    assert (of.commander, of.offered_to) == ("mia", "ben")
    field.type("@ben commander ~ben")
    of = field.snapshot.incident
    assert (of.commander, of.offered_to) == ("ben", "")


def test_each_line_does_what_it_said_it_would(field: Field) -> None:
    for line in ("-h2 never above 40 %", "h2 eliminated", "h1 confirmed the job held 400 connections", "h1 80%",
                 "! @noor cap the job in 10m", "a2 acknowledged", "a2 +5m", "a2 done capped", "#resolved",
                 "#services web; checkout", "@noor scribe", ">customers Fixed."):  # fmt: skip
        field.type(line)
    snapshot = field.snapshot
    assert [(h.mark, h.state, h.confidence) for h in snapshot.hypotheses] == [
        ("h1", "confirmed", 0.8),
        ("h2", "eliminated", None),
    ]
    assert [(a.mark, a.state, a.owner, a.due_at, a.state_why) for a in snapshot.actions][1:] == [
        ("a2", "done", "noor", "2026-11-24T12:15:00Z", "capped")
    ]
    assert (snapshot.incident.status, snapshot.incident.resolved_at) == ("resolved", NOW)
    assert snapshot.incident.services == ("web", "checkout")
    assert [(r.name, r.role) for r in snapshot.roles] == [("noor", "scribe")]
    assert [(u.audience, u.text) for u in snapshot.updates] == [("customers", "Fixed.")]


def test_nothing_is_eliminated_without_a_reason(field: Field) -> None:
    with pytest.raises(Rejected, match="Say why"):
        field.type("h1 eliminated")
    assert field.snapshot.hypotheses[0].state == "proposed"


@pytest.mark.parametrize("word", [*STATUSES, *SEVERITIES, *MILESTONES])
def test_every_status_severity_and_milestone_can_be_typed(field: Field, word: str) -> None:
    field.type(f"#{word}")
    of = field.snapshot.incident
    kept = getattr(of, f"{word}_at") if word in MILESTONES and word != "resolved" else ""
    assert kept == NOW or word in (of.status, of.severity)


@pytest.mark.parametrize("state", HYPOTHESIS_STATES)
def test_every_state_of_a_hypothesis_can_be_typed(field: Field, state: str) -> None:
    field.type(f"h1 {state} that is why")
    assert field.snapshot.hypotheses[0].state == state


SIGNS = st.sampled_from(
    [
        *("h1", "h2", "h9", "a1", "10:42", "-7m", "in 10m", "60%", "eliminated", "done", "sev1", "customers", "impact"),
        *("commander", "2017-01-31T21:00Z", "0001-01-01T00:00", "9999-12-31T23:59", "99999d", "٣", "\x00", "\ud800"),
        *'?!#@+-=>~\\？！＃＠＋－"% \n',
    ]
)
LINES = st.lists(SIGNS | st.text(st.characters(exclude_categories=[]), max_size=4), max_size=12).map("".join)


def refusal_of(field: Field, line: str, *, strict: bool) -> str:
    """Why a line is refused, or nothing; what was understood of it is said in words."""
    try:
        captured = field.read(line, strict=strict)
    except Rejected as error:
        return str(error) or "refused without a word"
    assert captured.words
    assert captured.text or captured.word or captured.owner or captured.targets
    return ""


@given(line=LINES, strict=st.booleans())
@example(line="-" + "99999d" * 20_000 + " x", strict=False)
@example(line="! x in " + "99999d" * 20_000, strict=False)
@example(line="-" + "99999d" * 9 + " x", strict=False)
@example(line="0001-01-01T00:00 x", strict=True)
def test_any_line_is_read_or_refused_in_words(field: Field, line: str, strict: bool) -> None:
    assert refusal_of(field, line, strict=strict) != "refused without a word"


@given(line=LINES)
def test_a_line_in_the_console_is_only_refused_where_there_is_nothing_to_record(field: Field, line: str) -> None:
    said = refusal_of(field, line, strict=False)
    assert not said or "Nothing to record" in said


def test_reading_a_line_records_nothing(field: Field) -> None:
    before = field.session.board.version
    parse("h1 eliminated never", field.snapshot, now=NOW, zone=ZONE, person="mia")
    assert field.session.board.version == before
