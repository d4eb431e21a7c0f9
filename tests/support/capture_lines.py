"""Lines of the capture language, whatever is said in them: odd texts, full-width signs, markup, times of every sort."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import strategies as st

from opsterm.command.capture import parse, perform
from opsterm.command.mistyped import OURS, ROLES, WEIGHS
from opsterm.core.session import Rejected, Session
from opsterm.incidents.incident import STATUS_PANE
from opsterm.incidents.severity import own_rules
from opsterm.incidents.snapshot import read_snapshot
from opsterm.incidents.triage import choices
from opsterm.records.action import STATES as ACTION_STATES
from opsterm.records.hypothesis import STATES as HYPOTHESIS_STATES
from opsterm.records.incident import MILESTONES
from opsterm.updates.update import AUDIENCE_NAMES
from tests.support.capture_field import ZONE

#: What people write, and what breaks those who read it: brackets, braces, markup, other scripts, long words.
TEXTS = (
    "some may have been charged twice", "3 in 10 card payments fail", "pool at 40 %", "none", "lost", "delayed: mails",
    "exposed, names of 40 customers", "no idea", "about 40 %", "all good", "fewer are hurt", "unknown", "other",
    "[bold]loud[/] [@click=app.exit()]x[/]", "[/x]", "{text} {0} {", "%s %(a)s \\1 \\", "<b>&amp;</b> | a | b |",
    "支付失败，约三成", "数据可能丢失", "メールが届かない", "אין דואר", "İ ß ﬁ ǆ",
    "👩\u200d👩\u200d👧 down", "e\u0301te\u0301",
    "z" * 300, "word " * 60, "a.b.c! d? e; f: g, h", "...", "?", "-", "#", "1", "0", "-1", "1e9", "web; db; ;", ";",
    "by 25:99", "at 12:30 UTC", "Next update by 15:00 UTC.", "next update in 20 minutes", "on 31 February at 10:00",
    "下次通报：15:00", "14:30 CET (13:30 UTC)", "12:10 it began", "until 09:00 @ben", "until 23:59", "~mia", "x ~",
    "https://example.org/a?b=[c]", "`code` *bold* _it_", "\u202eright to left", "\x1b[31mred", "tab\there", "\u2028",
    "he said \"it's\" down", "“quoted”", "null", "true", "0001-01-01T00:00Z", "9999-12-31T23:59Z", "{}", "[]", "''",
)  # fmt: skip
NAMES = ("mia", "ben", '"Li Wei"', "“Noor O”", "王芳", "İpek", "[b]eve[/]", "@", "z" * 60, "nobody", "scribe")
TIMES = (
    "-7m", "-2h", "-3d", "-99999d", "10:42", "23:59:59", "10:42Z", "2017-01-31T21:00Z", "2026-11-24 10:00",
    "2026-11-24T10:00:00+08:00", "0001-01-01T00:00Z", "0001-01-01T00:00+14:00", "2026-10-25T02:30", "9999-12-31T23:59Z",
)  # fmt: skip
SPANS = ("10m", "1h30m", "1s", "0m", "99999d", "99999h", "2 hours")

_free = st.one_of(
    st.sampled_from(TEXTS), st.text(max_size=40), st.lists(st.sampled_from(TEXTS), max_size=3).map(" ".join)
)
_marks = st.integers(1, 4).map(str)
_share = st.integers(0, 101).map("{}%".format)
_name = st.sampled_from(NAMES).map("@{}".format)
_span = st.sampled_from(SPANS)


def _said(*parts: st.SearchStrategy[str] | str) -> st.SearchStrategy[str]:
    """The parts, one after the other."""
    return st.tuples(*(st.just(part) if isinstance(part, str) else part for part in parts)).map("".join)


def _maybe(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), part)


def _weighed() -> st.SearchStrategy[str]:
    known = choices(own_rules())
    return st.sampled_from(WEIGHS).flatmap(lambda word: _said(f"#{word} ", st.sampled_from(tuple(known[word]))))


_hypothesis_moves = st.one_of(st.sampled_from(HYPOTHESIS_STATES), _share, _name)
_action_moves = st.one_of(st.sampled_from(ACTION_STATES), _span.map("+{}".format), _name)

#: Each row of the capture language, with whatever words.
_ROWS = st.one_of(
    _free,
    _said("?", _maybe(st.just(" ")), _free),
    _said(st.sampled_from(("+", "-", "++", "--", "＋")), "h", _marks, _maybe(_said(" -h", _marks)), " ", _free),
    _said(st.sampled_from("!！"), " ", _maybe(_said(_name, " ")), _free, _maybe(_said(" in ", _span))),
    _said(st.sampled_from("=＝"), " ", _free),
    _said("h", _marks, " ", _hypothesis_moves, _maybe(_said(" ", _hypothesis_moves)), " ", _free),
    _said("a", _marks, " ", _action_moves, _maybe(_said(" ", _action_moves)), " ", _free),
    _said(st.sampled_from("#＃"), st.sampled_from(OURS), _maybe(st.just(":")), " ", _free),
    _said(st.sampled_from("#＃"), st.sampled_from(OURS)),
    _said("#", st.sampled_from(tuple(STATUS_PANE)), " ", _free),
    _said(_maybe(_said(st.sampled_from(TIMES), " ")), "#", st.sampled_from(MILESTONES), _maybe(_said(" ", _free))),
    _said("#monitoring until ", st.sampled_from(("09:00", *SPANS, *TIMES)), " ", _maybe(_name), " ", _free),
    _weighed(),
    _said(_name, " ", st.sampled_from(ROLES)),
    _said(st.sampled_from(">＞"), st.sampled_from(tuple(AUDIENCE_NAMES)), " ", _free),
    _said("\\", _free),
    _said(_free, "\n", _free),
)

#: A line, with a time before it and a name behind it now and then.
lines = _said(
    _maybe(_said(st.sampled_from(TIMES), " ")), _ROWS, _maybe(_said(" ~", st.sampled_from(NAMES))),
)  # fmt: skip

#: An incident as people type it: (a line, who types it, the seconds that pass then).
spoken = st.lists(
    st.tuples(lines, st.sampled_from(("mia", "ben", "li")), st.sampled_from((0, 1, 90, 7200))), max_size=12
)


def say(session: Session, incident: str, line: str) -> None:
    """A line as a person types it, who saw its words; what is refused stays unsaid."""
    with suppress(Rejected):
        snapshot = read_snapshot(session.board, incident)
        captured = parse(line, snapshot, now=session.board.now, zone=ZONE, person=session.person)
        perform(session, snapshot.incident, captured)
