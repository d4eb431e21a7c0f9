"""Undo acts on this console's own last act, and only on what nobody touched since."""

from __future__ import annotations

from datetime import timedelta

from opsterm.board.undo import Undo
from opsterm.incidents.actions import extend, move, order, reassign
from opsterm.incidents.hypothesis import add_evidence
from opsterm.incidents.hypothesis import move as move_hypothesis
from opsterm.incidents.incident import set_severity, set_words
from opsterm.incidents.timeline import observe
from opsterm.records import Action, Evidence, Hypothesis, Observation, Update
from opsterm.updates.update import sent
from tests.support.stations import Pair


def test_nothing_to_undo_is_said(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    assert undo.undo("mia").sentence == "nothing to undo"


def test_a_field_gets_the_value_back_that_it_had(pair: Pair) -> None:
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev3")
    undo = Undo(pair.mia.board)
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1", "all cards fail")
    assert undo.undo("mia").sentence == "undone: severity sev3 → sev1: all cards fail"
    assert pair.incident_at(pair.mia).severity == "sev3"
    assert pair.mia.board.conflicts() == []


def test_a_field_that_had_no_value_has_none_again(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    move_hypothesis(pair.mia, pair.hypothesis_at(pair.mia), confidence=0.6, owner="noor")
    undo.undo("mia")
    found = pair.hypothesis_at(pair.mia)
    assert (found.confidence, found.owner) == (None, "")


def test_a_creation_undone_is_removed_everywhere_and_stays_on_the_timeline(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    observe(pair.mia, pair.incident_at(pair.mia), "wrong window, sorry")
    undo.undo("mia")
    pair.meet()
    for session in (pair.mia, pair.ben):
        assert session.board.all(Observation) == []
        lines = session.board.moments(pair.incident)[-2:]
        assert [(line.kind, line.struck) for line in lines] == [("observation", "taken back by mia"), ("undone", "")]
        assert lines[-1].text == "observation: wrong window, sorry"


def test_a_creation_that_others_wrote_on_stays(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    record = order(pair.mia, pair.incident_at(pair.mia), "roll back", owner="ben").record
    pair.meet()
    at_ben = pair.ben.board.get(Action, record)
    assert at_ben is not None
    move(pair.ben, at_ben, "acknowledged")
    pair.meet()
    undone = undo.undo("mia")
    assert undone.left == ("others wrote on it since, so it stays",)
    kept = pair.mia.board.get(Action, record)
    assert kept is not None
    assert kept.state == "acknowledged"


def test_a_field_that_another_changed_since_stays_and_is_named(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    move_hypothesis(pair.mia, pair.hypothesis_at(pair.mia), "testing", confidence=0.4)
    pair.meet()
    move_hypothesis(pair.ben, pair.hypothesis_at(pair.ben), "parked")
    pair.meet()
    undone = undo.undo("mia")
    assert undone.left == ("state was changed since and stays",)
    found = pair.hypothesis_at(pair.mia)
    assert (found.state, found.confidence) == ("parked", None)


def test_a_sent_update_is_never_undone(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    sent(pair.mia, pair.incident_at(pair.mia), "customers", "We are looking into it.")
    changes = pair.mia.board.count_changes()
    assert "can't be undone" in undo.undo("mia").sentence
    assert len(pair.mia.board.all(Update)) == 1
    assert pair.mia.board.count_changes() == changes


def test_one_act_of_several_changes_is_undone_as_one(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    move_hypothesis(pair.mia, pair.hypothesis_at(pair.mia), "eliminated", "pool at 40 %")
    undo.undo("mia")
    assert pair.hypothesis_at(pair.mia).state == "proposed"
    assert pair.mia.board.all(Evidence) == []


def test_acts_are_undone_last_first_and_undoing_is_no_act(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    for text in ("one", "two"):
        set_words(pair.mia, pair.incident_at(pair.mia), "impact", text)
    undo.undo("mia")
    assert pair.incident_at(pair.mia).impact == "one"
    undo.undo("mia")
    assert pair.incident_at(pair.mia).impact == ""
    assert undo.undo("mia").sentence == "nothing to undo"


def test_what_other_stations_did_is_not_undone(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    set_severity(pair.ben, pair.incident_at(pair.ben), "sev1")
    pair.meet()
    assert undo.undo("mia").sentence == "nothing to undo"
    assert pair.incident_at(pair.mia).severity == "sev1"


def test_the_kept_part_of_an_order_stays_when_its_extension_is_undone(pair: Pair) -> None:
    record = order(pair.mia, pair.incident_at(pair.mia), "roll back", within=timedelta(minutes=10)).record
    undo = Undo(pair.mia.board)
    before = pair.mia.board.get(Action, record)
    assert before is not None
    extend(pair.mia, before, timedelta(minutes=5))
    undo.undo("mia")
    after = pair.mia.board.get(Action, record)
    assert after is not None
    assert (after.due_at, after.extended) == (before.due_at, before.extended)


def test_an_undone_act_that_others_had_seen_is_undone_there_too(pair: Pair) -> None:
    record = order(pair.mia, pair.incident_at(pair.mia), "roll back", owner="ben").record
    undo = Undo(pair.mia.board)
    given = pair.mia.board.get(Action, record)
    assert given is not None
    reassign(pair.mia, given, "noor")
    pair.meet()
    undo.undo("mia")
    pair.meet()
    at_ben = pair.ben.board.get(Action, record)
    assert at_ben is not None
    assert at_ben.owner == "ben"
    assert pair.ben.board.conflicts() == []


def test_evidence_undone_leaves_the_hypothesis_alone(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    add_evidence(pair.mia, [(pair.hypothesis_at(pair.mia), True)], "queue of 400")
    undo.undo("mia")
    assert pair.mia.board.all(Evidence) == []
    assert pair.mia.board.get(Hypothesis, pair.hypothesis) == pair.hypothesis_at(pair.ben)


def test_what_a_file_or_a_playback_says_is_no_act_of_this_console(pair: Pair) -> None:
    from opsterm.demo.demo import incident_file
    from opsterm.exchange.importing import import_incident

    undo = Undo(pair.mia.board)
    import_incident(pair.mia, incident_file("cloudflare"))
    assert undo.undo("mia").sentence == "nothing to undo"
