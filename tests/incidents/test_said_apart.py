"""What people said apart is read the same everywhere, and a person settles it by naming what was on the screen."""

from __future__ import annotations

import pytest

from opsterm.board.fold import DELETED
from opsterm.command.related_incidents import fold_into, running
from opsterm.command.transfer import brief
from opsterm.core.conflicts import MACHINES_OWN, conflicts_of, settle, sides_of, told
from opsterm.core.field_words import field_words, is_worded
from opsterm.core.folds import circle_of, is_folded, where_it_runs
from opsterm.core.session import Rejected, Session
from opsterm.drafting.draft import draft
from opsterm.incidents import actions
from opsterm.incidents.hypothesis import move
from opsterm.incidents.incident import declare, set_severity, set_status, set_words, take_command
from opsterm.incidents.reading import all_incidents, running_incidents
from opsterm.incidents.snapshot import read_snapshot
from opsterm.learn.account import gather
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.tasklist import read_task_list
from opsterm.operations.checklists.template import Template
from opsterm.records import Hypothesis, Incident, Run, Step
from opsterm.records.record import KINDS, stated_columns
from opsterm.updates.draft_facts import facts_of
from tests.support.stations import Pair, merge_all, station

LIST = "- [ ] (K) the old pool is drained\n- [ ] tell support\n"


def keep(session: Session, field: str, value: object) -> None:
    """Settles the conflict about a field."""
    conflict = next(c for c in conflicts_of(session.board) if c.field == field)
    settle(session, conflict, next(side for side in sides_of(conflict) if side.value == value))


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_that_people_can_dispute_has_words(kind: str) -> None:
    table = {field: field_words(kind, field) for field in stated_columns(KINDS[kind])}
    assert not [field for field, words in table.items() if "_" in words or not words or not is_worded(kind, field)]
    assert MACHINES_OWN.get(kind, frozenset()) <= table.keys()


def test_any_field_of_any_kind_is_settled_and_named_in_words(pair: Pair) -> None:
    for session, text in ((pair.mia, "a lock"), (pair.ben, "a leak")):
        session.set(pair.hypothesis_at(session), {"text": text, "if_true": f"{text} is seen"})
    pair.meet()
    words = [told(pair.mia.board, conflict) for conflict in conflicts_of(pair.mia.board, pair.incident)]
    assert "what is seen if it is true: a lock is seen (mia) or a leak is seen (ben)" in words
    keep(pair.mia, "text", "a lock")
    keep(pair.ben, "if_true", "a leak is seen")
    pair.meet()
    for session in (pair.mia, pair.ben):
        assert conflicts_of(session.board) == []
        assert (pair.hypothesis_at(session).text, pair.hypothesis_at(session).if_true) == ("a lock", "a leak is seen")


def value_of(form: type, which: int) -> object:
    """One of two values of a type."""
    return {bool: bool(which), int: which, float: which / 2, tuple: [f"word {which}"]}.get(form, f"word {which}")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("kept", [0, 1])
def test_whatever_field_two_said_apart_either_can_be_kept(pair: Pair, kind: str, kept: int) -> None:
    about = (kind, pair.incident, "") if kind == "incident" else (kind, "x" * 16, pair.incident)
    if kind != "incident":
        pair.mia.write(*about, {"number": 9})
        pair.meet()
    stated = stated_columns(KINDS[kind])
    for which, session in enumerate((pair.mia, pair.ben)):
        session.write(*about, {name: value_of(column.type, which) for name, column in stated.items()})
    pair.meet()
    found = conflicts_of(pair.mia.board, pair.incident)
    assert {c.field for c in found} == stated.keys() - MACHINES_OWN.get(kind, frozenset()) - {"number"}
    for conflict in found:
        what, _, sides = told(pair.mia.board, conflict).partition(": ")
        assert what == field_words(kind, conflict.field)
        assert "(mia)" in sides
        assert "(ben)" in sides
        settle(pair.mia, conflict, next(side for side in sides_of(conflict) if side.by == ("mia", "ben")[kept]))
    pair.meet()
    for session in (pair.mia, pair.ben):
        assert conflicts_of(session.board) == []
        folded = session.board.folded(about[1], kind)
        assert folded is not None
        people = stated.keys() - MACHINES_OWN.get(kind, frozenset()) - {"number"}
        for name in people:
            assert folded.standing[name].value == value_of(stated[name].type, kept)


def test_settling_names_what_was_seen_and_no_more(pair: Pair) -> None:
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1")
    set_severity(pair.ben, pair.incident_at(pair.ben), "sev3")
    pair.meet()
    (painted,) = conflicts_of(pair.mia.board, pair.incident)
    unseen = station(pair.mia.board.path.parent, "li", pair.clock)
    merge_all(unseen, pair.mia)
    keep(pair.ben, "severity", "sev1")
    set_severity(unseen.having_seen(1), pair.incident_at(unseen), "sev4")
    pair.mia.board.merge(unseen.board.all_changes())
    settle(pair.mia, painted, sides_of(painted)[0])
    (left,) = conflicts_of(pair.mia.board, pair.incident)
    assert {head["value"] for head in left.heads} >= {"sev4"}
    unseen.board.close()


def test_what_was_settled_meanwhile_is_not_settled_again(pair: Pair) -> None:
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1")
    set_severity(pair.ben, pair.incident_at(pair.ben), "sev3")
    pair.meet()
    (painted,) = conflicts_of(pair.mia.board, pair.incident)
    keep(pair.ben, "severity", "sev3")
    pair.meet()
    with pytest.raises(Rejected, match="settled meanwhile"):
        settle(pair.mia, painted, sides_of(painted)[0])
    assert pair.incident_at(pair.mia).severity == "sev3"


@pytest.mark.parametrize("removed", [True, False])
def test_a_removal_against_an_edit_says_so_and_either_is_kept(pair: Pair, removed: bool) -> None:
    move(pair.ben, pair.hypothesis_at(pair.ben), "testing")
    pair.mia.write("hypothesis", pair.hypothesis, pair.incident, {DELETED: True})
    pair.meet()
    (conflict,) = conflicts_of(pair.ben.board)
    assert told(pair.ben.board, conflict) == "removed by mia, while ben changed it"
    keep(pair.ben, DELETED, removed)
    pair.meet()
    for session in (pair.mia, pair.ben):
        assert conflicts_of(session.board) == []
        assert (session.board.get(Hypothesis, pair.hypothesis) is None) is removed


def test_what_the_machine_notes_is_no_conflict(pair: Pair) -> None:
    given = actions.order(pair.mia, pair.incident_at(pair.mia), "drain", owner="noor").record
    pair.meet()
    for session, at in ((pair.mia, "2026-11-24T13:05:00Z"), (pair.ben, "2026-11-24T13:06:00Z")):
        session.write("action", given, pair.incident, {"heard_at": at})
    pair.meet()
    assert pair.mia.board.conflicts()
    assert conflicts_of(pair.mia.board) == read_snapshot(pair.mia.board, pair.incident).conflicts == []


def test_of_two_severities_the_worse_is_read_and_the_later_does_not_hide_it(pair: Pair) -> None:
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1", "all of the EU")
    set_severity(pair.ben, pair.incident_at(pair.ben), "sev3", "few")
    pair.meet()
    for session in (pair.mia, pair.ben):
        assert pair.incident_at(session).severity == "sev3"
        of = read_snapshot(session.board, pair.incident).incident
        assert (of.severity, of.severity_by, of.severity_why) == ("sev1", "mia", "all of the EU")
        assert [item.severity for item in all_incidents(session.board)] == ["sev1"]


def test_two_commanders_are_both_named(pair: Pair) -> None:
    for session in (pair.mia, pair.ben):
        take_command(session, pair.incident_at(session))
    take_command(Session(pair.ben.board, "tom"), pair.incident_at(pair.ben))
    pair.meet()
    snapshot = read_snapshot(pair.mia.board, pair.incident)
    assert snapshot.in_command == "mia / tom?"
    assert snapshot.incident.commander == "tom"
    situation = brief(snapshot, (), pair.mia.board.now)[0]
    assert "command is disputed: mia / tom?" in situation.lines


def disputed_cause(pair: Pair) -> None:
    move(pair.mia, pair.hypothesis_at(pair.mia), "confirmed", "pool at 100 %")
    move(pair.ben, pair.hypothesis_at(pair.ben), "eliminated", "pool at 40 %")
    pair.meet()


def test_a_disputed_cause_is_told_as_disputed_in_the_brief(pair: Pair) -> None:
    disputed_cause(pair)
    for session in (pair.mia, pair.ben):
        snapshot = read_snapshot(session.board, pair.incident)
        parts = {part.title: part.lines for part in brief(snapshot, (), session.board.now)}
        assert "h1 disputed: the pool is exhausted (confirmed by mia, ruled out by ben)" in parts["Open hypotheses"]
        assert parts["Ruled out, and why"] == ("none",)


@pytest.mark.parametrize("confirmed_last", [True, False])
def test_a_disputed_cause_is_no_cause_in_a_draft(pair: Pair, confirmed_last: bool) -> None:
    set_status(pair.mia, pair.incident_at(pair.mia), "identified")
    pair.meet()
    first, last = (pair.ben, pair.mia) if confirmed_last else (pair.mia, pair.ben)
    states = {"mia": ("confirmed", "pool at 100 %"), "ben": ("eliminated", "pool at 40 %")}
    for session in (first, last):
        pair.clock.ms += 1000
        move(session, pair.hypothesis_at(session), *states[session.person])
    pair.meet()
    snapshot = read_snapshot(pair.mia.board, pair.incident)
    facts = facts_of(pair.mia.board, snapshot)
    assert facts.confirmed == ()
    for audience in ("engineers", "executives", "customers"):
        text = draft(facts, audience=audience, now=pair.mia.board.now).text
        assert "The cause is the pool" not in text
        assert ("disputed" in text) is (audience != "customers")


def test_a_disputed_cause_is_told_as_disputed_in_the_postmortem(pair: Pair) -> None:
    disputed_cause(pair)
    account = gather(pair.mia.board, pair.incident)
    assert "Disputed: the pool is exhausted (confirmed by mia, ruled out by ben)." in account.summary
    assert "Confirmed" not in account.summary
    assert account.eliminated == ()
    assert account.inquiries[0].stands == "disputed (confirmed by mia, ruled out by ben)"


def a_run(pair: Pair) -> tuple[str, str]:
    """A run and its killer item, which both know."""
    template = Template("go", 1, read_task_list(LIST, "go"))
    run = checklist.begin(pair.mia, pair.incident, template).record
    pair.meet()
    return run, next(s.id for s in read_snapshot(pair.mia.board, pair.incident).steps[run] if s.killer)


def test_a_killer_item_that_two_answered_apart_is_open_until_it_is_answered_anew(pair: Pair) -> None:
    run, killer = a_run(pair)
    checklist.tick(pair.mia, pair.mia.read(Step, killer), "done")
    checklist.tick(pair.ben, pair.ben.read(Step, killer), "not-applicable", "no old pool")
    pair.meet()
    for session in (pair.mia, pair.ben):
        with pytest.raises(checklist.OpenKillers):
            checklist.close(session, session.read(Run, run))
        steps = read_snapshot(session.board, pair.incident).steps[run]
        assert [step.state for step in steps] == ["open", "open"]
    answered = checklist.steps_of(pair.mia, pair.mia.read(Run, run))[0]
    checklist.tick(pair.mia, answered, "done")
    assert checklist.steps_of(pair.mia, pair.mia.read(Run, run))[0].state == "done"
    checklist.close(pair.mia, pair.mia.read(Run, run))


def crossed(pair: Pair) -> str:
    """Another incident; mia folds it into the first, ben the first into it. Returns its id."""
    pair.clock.ms += 60_000
    other = declare(pair.ben, "Mail is late").record
    pair.meet()
    one, two = ({s.person: s.read(Incident, i) for s in (pair.mia, pair.ben)} for i in (pair.incident, other))
    fold_into(pair.mia, two["mia"], one["mia"])
    fold_into(pair.ben, one["ben"], two["ben"])
    pair.meet()
    return other


def test_folds_that_cross_leave_the_older_running_on_every_board(pair: Pair) -> None:
    other = crossed(pair)
    for session in (pair.mia, pair.ben):
        assert [item.id for item in running_incidents(session.board)] == [pair.incident]
        assert [item.id for item in running(session.board)] == [pair.incident]
        assert not read_snapshot(session.board, pair.incident).incident.folded_into
        assert read_snapshot(session.board, other).incident.folded_into == pair.incident
        assert where_it_runs(session.board, session.read(Incident, other)).id == pair.incident
        for record in (pair.incident, other):
            assert [c.field for c in read_snapshot(session.board, record).alarms()] == ["runs on"]


@pytest.mark.parametrize("kept", [0, 1])
def test_folds_that_cross_are_settled_by_saying_which_runs_on(pair: Pair, kept: int) -> None:
    other = crossed(pair)
    (conflict,) = read_snapshot(pair.mia.board, pair.incident).alarms()
    runs = (pair.incident, other)[kept]
    side = next(side for side in sides_of(conflict) if side.value == runs)
    assert side.by == ("mia", "ben")[kept]
    assert settle(pair.mia, conflict, side).sentence == f"INC-{kept + 1} runs on, settled"
    pair.meet()
    for session in (pair.mia, pair.ben):
        assert [item.id for item in running_incidents(session.board)] == [runs]
        assert conflicts_of(session.board) == []


def test_a_circle_of_three_leaves_the_oldest_and_what_hangs_on_it_goes_along(pair: Pair) -> None:
    made = [pair.incident]
    for title in ("Mail is late", "Search fails", "Login fails"):
        pair.clock.ms += 60_000
        made.append(declare(pair.mia, title).record)
    for of, into in ((0, 2), (2, 1), (1, 0), (3, 1)):
        pair.mia.write("incident", made[of], "", {"folded_into": made[into]})
    pair.meet()
    for session in (pair.mia, pair.ben):
        known = [session.read(Incident, record) for record in made]
        assert [is_folded(session.board, item) for item in known] == [False, True, True, True]
        assert {where_it_runs(session.board, item).id for item in known} == {pair.incident}
        assert circle_of(session.board, known[3]) == ()
        (conflict,) = read_snapshot(session.board, made[1]).alarms()
        assert len(sides_of(conflict)) == 3


def test_a_disputed_word_of_the_status_pane_is_told_in_words(pair: Pair) -> None:
    set_words(pair.mia, pair.incident_at(pair.mia), "workaround", "pay by link")
    set_words(pair.ben, pair.incident_at(pair.ben), "workaround", "call support")
    pair.meet()
    (conflict,) = conflicts_of(pair.mia.board, pair.incident)
    assert told(pair.mia.board, conflict) == "workaround: pay by link (mia) or call support (ben)"
