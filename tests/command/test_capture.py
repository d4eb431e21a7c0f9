"""The capture language, row by row of its table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from opsterm.command.capture import Captured, Verdict, as_text, parse, perform, scripted, typed
from opsterm.command.mistyped import OURS, ROLES, looks_obeyed, no_mark, no_word
from opsterm.core.session import Rejected
from opsterm.incidents.incident import ROLE_NAMES, known_role
from opsterm.records.hypothesis import STATES as HYPOTHESIS_STATES
from opsterm.records.incident import MILESTONES, SEVERITIES, STATUSES
from tests.support.capture_field import NOW, ZONE, Field


def read(field: Field, line: str, verdict: Verdict = "does") -> dict[str, Any]:
    """What a line says, without what it leaves open, where it is as sure as that."""
    captured = field.read(line)
    assert captured.verdict == verdict, captured
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
def test_a_line_says_what_the_table_says(field: Field, line: str, said: dict[str, Any]) -> None:
    assert read(field, line) == said


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


NEAR = [
    *(
        "-5 % conversions",
        "#channel",
        "#channel is full",
        "# of errors: 5",
        "+1",
        "- a list item",
        "->",
        "a1 is the motorway",
    ),
    *("@channel checkout is down", "@mia: look at db-2", "> quoted", "> custmers read this", "h1 101%", "h1 elimnated"),
    *("#1 priority is payments", "-7 of 9", "+a1 done", "# private", "@ben incident comander", ">>> trace", "#\u5df2"),
]
PLAIN = [
    *(
        "error rate doubled",
        "email @ben",
        "~mia",
        "3 + 4 = 7",
        "in 10m",
        "h2o rises",
        "a11y checks fail",
    ),
    *("at 25:99 it began", "1:2 odds", "h", "a 9 % rise"),
]
BEGUN = {
    "!": "! : @who what in 10m",
    "! @mia": "! : @who what in 10m",
    "! @mia in 10m": "! : @who what in 10m",
    "?": "? : what could explain it",
    "=": "= : what is decided",
    "#": "# : identified, sev2, started 12:10, impact and what people can't do",
    "@": "@ : who and a role: commander deputy operations scribe customers internal expert",
    ">": "> : customers and what they were told",
    "+": "+ : h1 and what speaks for it",
    "-": "- : h1 and what speaks against it, or 7m and what happened then",
    "-h2": "-h2 : what speaks against h2",
    "+h1 -h2": "+h1 -h2 : what speaks for h1 and against h2",
    "#impact": "#impact : impact, in words",
    "#services": "#services : services that are hurt, in words",
    "#trend": "#trend : growing, steady, shrinking",
    ">customers": ">customers : what they were told",
    "@ben": "@ben : commander deputy operations scribe customers internal expert",
    "h1": "h1 : supported eliminated 60% @who, and why",
    "a1": "a1 : done failed +10m @who, and why",
    "h1 @": "h1 @ : who tests it",
    "a1 ＠": "a1 ＠ : who does it",
    "a1 +": "a1 + : 10m more, and why",
    "10:42": "10:42 : what happened then",
    "-7m": "-7m : what happened then",
    "2017-07-31 21:00": "2017-07-31 21:00 : what happened then",
}
MISTYPED = {
    "h9 eliminated never seen": "no h9 here (h1 h2)",
    "H9 is what we think": "no h9 here (h1 h2)",
    "h9": "no h9 here (h1 h2)",
    "h1b eliminated never": "no h1b here (h1 h2)",
    "-h9 never seen": "no h9 here (h1 h2)",
    "+h1 +h9 seen": "no h9 here (h1 h2)",
    "a9 done": "no a9 here (a1)",
    "a9 +10m": "no a9 here (a1)",
    "@ben juggler":
        "no role juggler (commander deputy operations scribe customers internal expert)",
    "＠ben juggler":
        "no role juggler (commander deputy operations scribe customers internal expert)",
    ">nobody Hello": "no audience nobody (executives customers support engineers)",
    ">custmers: Hello": "no audience custmers (executives customers support engineers)",
    "#sev9": "no severity sev9 (sev1 is the worst, sev5 the least)",
    "#sev0 all is down": "no severity sev0 (sev1 is the worst, sev5 the least)",
    "#sev 1": "no severity sev (sev1 is the worst, sev5 the least)",
    "#identifed": "no #identifed here (did you mean #identified?)",
    "#resovled all good": "no #resovled here (did you mean #resolved?)",
    "#monitorin": "no #monitorin here (did you mean #monitoring?)",
    "#resolved, all good": "no #resolved, here (did you mean #resolved?)",
    "#private she is ill": "no #private here (all on this board see every line)",
    "#bridge is open": "no #bridge here (nobody is called by it: ! @who what is an order)",
    "#TAG payments": "no #tag here (opsterm keeps no labels)",
    "#trend sideways": "no trend sideways (growing, steady, shrinking)",
    "25:99 it began": "no time 25:99 (00:00 to 23:59)",
    "25:99": "no time 25:99 (00:00 to 23:59)",
    "24:00 it began": "no time 24:00 (00:00 to 23:59)",
    "2017-02-30T10:00Z deploy": "no time 2017-02-30T10:00Z (a day and a clock)",
    "#started 25:99": "no time 25:99 (00:00 to 23:59)",
    "#resolved 24:01 it holds": "no time 24:01 (00:00 to 23:59)",
}  # fmt: skip


@pytest.mark.parametrize("line", NEAR)
def test_what_is_only_near_is_plain_text_in_grey(field: Field, line: str) -> None:
    assert read(field, line, "text") == {"verb": "observe", "text": line}
    assert field.read(line).words == "on the timeline, as text"
    field.type(line)


@pytest.mark.parametrize("line", PLAIN)
def test_plain_text_is_plain_text(field: Field, line: str) -> None:
    assert read(field, line) == {"verb": "observe", "text": line}


@pytest.mark.parametrize(("line", "expected"), BEGUN.items())
def test_a_beginning_alone_says_what_is_expected_and_is_text_in_scripts(field: Field, line: str, expected: str) -> None:
    assert read(field, line, "begun")["verb"] == "observe"
    assert field.read(line).words == expected
    with pytest.raises(Rejected, match="Nothing to record yet"):
        typed(field.read(line))
    field.type(line)
    assert last_line(field) == line


@pytest.mark.parametrize(("line", "doubt"), MISTYPED.items())
def test_what_is_mistyped_is_said_and_is_text_in_the_console_and_refused_in_scripts(
    field: Field, line: str, doubt: str
) -> None:
    captured = field.read(line)
    assert (captured.verdict, captured.words) == ("mistyped", f"{doubt}: enter logs it as text")
    with pytest.raises(Rejected) as refused:
        field.type(line)
    assert str(refused.value) == f"There is {doubt}: begin with \\ for plain text, or say opsterm log --text."
    told = perform(field.session, field.snapshot.incident, typed(captured))
    assert told.warning == f"{doubt}: logged as text"
    assert last_line(field) == line
    field.type(f"\\{line}")
    assert last_line(field) == line


def test_the_roles_that_are_named_are_all_there_are() -> None:
    assert {known_role(word) for word in ROLES} == set(ROLE_NAMES.values())


def last_line(field: Field) -> str:
    return field.session.board.moments(field.incident)[-1].text


def test_a_mistyped_line_keeps_its_time_and_who_said_it(field: Field) -> None:
    captured = field.read("-7m h9 eliminated never ~ben")
    assert (captured.at, captured.by, captured.text) == ("2026-11-24T11:53:00Z", "ben", "h9 eliminated never")
    assert captured.words == ("no h9 here (h1 h2): enter logs it as text, at 11:53 UTC on 2026-11-24, said by ben")


def test_of_many_marks_the_first_and_the_last_are_said(field: Field) -> None:
    for number in range(3, 13):
        field.type(f"? number {number}")
    assert field.read("h99 eliminated no").doubt == "no h99 here (h1 h2 h3 h4 h5 h6 h7 … h12)"
    assert "no hypothesis yet" in no_mark("h1", [])


@pytest.mark.parametrize(
    ("line", "at", "why"),
    [("#started 12:10", "2026-11-24T11:10:00Z", ""),
     ("#started 12:10 the deploy", "2026-11-24T11:10:00Z", "the deploy"),
     ("#started -50m", "2026-11-24T11:10:00Z", ""), ("#detected 13:30", "2026-11-23T12:30:00Z", ""),
     ("#started: 2026-11-20T09:00Z", "2026-11-20T09:00:00Z", ""), ("#resolved 12:10", "2026-11-24T11:10:00Z", ""),
     ("12:30 #started 12:10", "2026-11-24T11:10:00Z", ""), ("#identified 12:10 half", "2026-11-24T11:10:00Z", "half"),
     ("12:30 #identified 12:10 deploy", "2026-11-24T11:30:00Z", "12:10 deploy")],
)  # fmt: skip
def test_a_time_behind_a_milestone_or_a_status_is_when_it_was(field: Field, line: str, at: str, why: str) -> None:
    captured = field.read(line)
    assert (captured.at, captured.text) == (at, why)
    assert f"at {at[11:16]} UTC on {at[:10]}" in captured.words


def test_a_time_behind_a_severity_is_a_part_of_why(field: Field) -> None:
    captured = field.read("#sev1 14:00 trading opens")
    assert (captured.at, captured.text) == ("", "14:00 trading opens")


def test_the_time_behind_a_milestone_is_recorded(field: Field) -> None:
    field.type("#started 12:10 the deploy")
    assert field.snapshot.incident.started_at == "2026-11-24T11:10:00Z"


@pytest.mark.parametrize("line", ["2031-01-01T00:00Z all quiet", "2031-01-01T00:00Z #resolved",
                                  "#started 2031-01-01T00:00Z", "2026-11-24T12:01:01Z h9 done",
                                  "2031-01-01T00:00Z \\#started"])  # fmt: skip
def test_what_happened_does_not_lie_ahead(field: Field, line: str) -> None:
    with pytest.raises(Rejected, match="lies ahead: give a time up to now"):
        field.read(line)


def test_a_minute_ahead_is_a_clock_that_differs(field: Field) -> None:
    assert field.read("2026-11-24T12:01:00Z back to normal").at == "2026-11-24T12:01:00Z"


def test_a_line_as_it_stands_is_plain_text_whatever_it_looks_like(field: Field) -> None:
    for line in (*MISTYPED, *BEGUN, *(line for line, _ in ROWS), "2031-01-01T00:00Z quiet", "\\x", "  indented ~mia"):
        perform(field.session, field.snapshot.incident, as_text(line))
        assert last_line(field) == line.strip()


def test_every_word_that_looks_obeyed_is_none_of_ours(field: Field) -> None:
    for word in looks_obeyed():
        assert word == word.lower()
        assert word not in OURS
        assert field.read(f"#{word}").doubt == no_word(word) != ""


@given(word=st.sampled_from(OURS), place=st.integers(0, 20), letter=st.sampled_from("abcxyz-"))
def test_a_word_one_letter_from_ours_is_mistyped(field: Field, word: str, place: int, letter: str) -> None:
    place = min(place, len(word) - 1)
    for typed_word in (word[:place] + letter + word[place:], word[:place] + word[place + 1 :],
                       word[:place] + letter + word[place + 1 :],
                       word[:place] + word[place : place + 2][::-1] + word[place + 2 :]):  # fmt: skip
        captured = field.read(f"#{typed_word} x") if typed_word[:1].isalpha() else None
        assert captured is None or captured.verdict == "mistyped" or typed_word in OURS


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


def refusal_of(read: Callable[[], Captured]) -> str:
    """Why a line is refused, or nothing; what was understood of it is said in words."""
    try:
        captured = read()
    except Rejected as error:
        return str(error) or "refused without a word"
    assert captured.words
    assert captured.text or captured.word or captured.owner or captured.targets
    return ""


@given(
    line=LINES
    | st.sampled_from([*MISTYPED, *NEAR, *BEGUN]).flatmap(lambda line: st.just(line) | LINES.map(line.__add__))
)
@example(line="-" + "99999d" * 20_000 + " x")
@example(line="! x in " + "99999d" * 20_000)
@example(line="-" + "99999d" * 9 + " x")
@example(line="0001-01-01T00:00 x")
@example(line="#started " + "1:" * 20_000)
def test_any_line_is_done_as_said_or_refused_or_text_and_amber_just_where_scripts_are_refused(
    field: Field, line: str
) -> None:
    unread = refusal_of(lambda: field.read(line))
    if unread:
        assert "Nothing to record" in unread or "lies ahead" in unread
        return
    captured = field.read(line)
    refused = refusal_of(lambda: scripted(field.read(line)))
    assert bool(refused) == (captured.verdict == "mistyped") == bool(captured.doubt)
    assert refused == (
        f"There is {captured.doubt}: begin with \\ for plain text, or say opsterm log --text." if refused else ""
    )
    assert bool(refusal_of(lambda: typed(field.read(line)))) == (captured.verdict == "begun")
    assert captured.verb == "observe" or captured.verdict == "does"
    if captured.verdict in ("text", "mistyped"):
        assert "as text" in captured.words
        assert captured.text in line


def test_reading_a_line_records_nothing(field: Field) -> None:
    before = field.session.board.version
    parse("h1 eliminated never", field.snapshot, now=NOW, zone=ZONE, person="mia")
    assert field.session.board.version == before
