"""What is said later of a change: its words, its time, who said it, that it is struck out."""

from __future__ import annotations

import random
from contextlib import suppress
from pathlib import Path

import pytest

from opsterm.board.timeline import Moment
from opsterm.board.undo import Undo
from opsterm.core.session import Attribution, Rejected, Session
from opsterm.incidents import actions, hypothesis
from opsterm.incidents.incident import give_role, set_severity, set_status, set_words
from opsterm.incidents.timeline import correct, decide, observe, strike, unstrike
from opsterm.records import Action, Decision, Hypothesis
from opsterm.records.instant import from_ms
from opsterm.updates.update import sent
from tests.support.clock import BEGIN_MS
from tests.support.stations import Pair, folded_state, pair_at


def minutes(number: float) -> str:
    return from_ms(BEGIN_MS + int(number * 60_000))


def lines(session: Session, pair: Pair) -> list[str]:
    return [line.told for line in session.board.moments(pair.incident)]


def line(session: Session, pair: Pair, words: str) -> Moment:
    (found,) = [line for line in session.board.moments(pair.incident) if words in line.told]
    return found


def test_a_status_gets_better_words_another_time_and_who_said_it(pair: Pair) -> None:
    pair.clock.ms += 600_000
    set_status(pair.mia, pair.incident_at(pair.mia), "identified", "it was the report jb")
    correct(pair.mia, line(pair.mia, pair, "jb"), "it was the report job", Attribution(at=minutes(3), by="noor"))
    told = line(pair.mia, pair, "identified")
    assert (told.told, told.at, told.by) == ("investigating → identified: it was the report job", minutes(3), "noor")
    found = pair.incident_at(pair.mia)
    assert (found.status, found.status_since, found.status_why) == ("identified", minutes(3), "it was the report job")


def test_a_decision_a_result_and_a_role_are_corrected_like_what_was_seen(pair: Pair) -> None:
    incident = pair.incident_at(pair.mia)
    decision = decide(pair.mia, incident, "we fail ovr", why="db-2 is lost").record
    correct(pair.mia, line(pair.mia, pair, "ovr"), "we fail over")
    decided = pair.mia.board.get(Decision, decision)
    assert decided is not None
    assert (decided.text, decided.text_why) == ("we fail over", "db-2 is lost")
    order = actions.order(pair.mia, incident, "drain", owner="ben").record
    action = pair.mia.board.get(Action, order)
    assert action is not None
    actions.move(pair.mia, action, "failed", "stays slw")
    correct(pair.mia, line(pair.mia, pair, "slw"), "stays slow")
    after = pair.mia.board.get(Action, order)
    assert after is not None
    assert (after.state, after.state_why) == ("failed", "stays slow")
    assert "a1 failed: stays slow" in lines(pair.mia, pair)
    give_role(pair.mia, incident, "noor", "scribe")
    correct(pair.mia, line(pair.mia, pair, "noor is scribe"), "", Attribution(by="li"))
    assert line(pair.mia, pair, "noor is scribe").by == "li"


def test_the_last_note_stands_and_what_was_there_before_is_its_history(pair: Pair) -> None:
    record = observe(pair.mia, pair.incident_at(pair.mia), "erors").record
    pair.meet()
    correct(pair.mia, line(pair.mia, pair, "erors"), "errors")
    pair.clock.ms += 1000
    correct(pair.ben, line(pair.ben, pair, "erors"), "errors rise")
    pair.meet()
    assert [line(s, pair, "errors").told for s in (pair.mia, pair.ben)] == ["errors rise", "errors rise"]
    said = [change.values for change in pair.mia.board.changes_of_record(record)]
    assert [values.get("text", values.get("_words")) for values in said] == ["erors", "errors", "errors rise"]
    assert pair.mia.board.conflicts() == []


def test_a_correction_taken_back_brings_back_what_was_there(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    observe(pair.mia, pair.incident_at(pair.mia), "as it was")
    correct(pair.mia, line(pair.mia, pair, "as it was"), "worse")
    assert undo.undo("mia").sentence == "undone: correction of observation: worse"
    assert "as it was" in lines(pair.mia, pair)


def test_what_is_struck_out_counts_no_more_and_counts_again(pair: Pair) -> None:
    observe(pair.mia, pair.incident_at(pair.mia), "the bank is down")
    strike(pair.mia, line(pair.mia, pair, "bank"), "it was ours")
    pair.meet()
    assert line(pair.ben, pair, "bank").struck == "struck by mia: it was ours"
    assert not line(pair.ben, pair, "bank").counts
    unstrike(pair.ben, line(pair.ben, pair, "bank"))
    pair.meet()
    assert line(pair.mia, pair, "bank").counts


def test_what_was_sent_stays_as_it_was_sent(pair: Pair) -> None:
    sent(pair.mia, pair.incident_at(pair.mia), "customers", "We are looking into it.")
    with pytest.raises(Rejected, match="send a correction"):
        correct(pair.mia, line(pair.mia, pair, "looking into"), "We are on it.")


def test_undo_gives_back_what_would_stand_without_the_act(pair: Pair) -> None:
    set_words(pair.mia, pair.incident_at(pair.mia), "impact", "one")
    pair.meet()
    undo = Undo(pair.ben.board)
    set_words(pair.ben, pair.incident_at(pair.ben), "impact", "two")
    pair.meet()
    # mia goes on from ben's words: taken back, these don't come up as a second head
    set_words(pair.mia, pair.incident_at(pair.mia), "impact", "three")
    pair.meet()
    assert undo.undo("ben").left == ("impact was changed since and stays",)
    assert pair.incident_at(pair.ben).impact == "three"
    assert pair.ben.board.conflicts() == []


def test_undo_brings_a_conflict_back_that_was_settled(pair: Pair) -> None:
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1")
    set_severity(pair.ben, pair.incident_at(pair.ben), "sev3")
    pair.meet()
    undo = Undo(pair.mia.board)
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev2")
    assert pair.mia.board.conflicts() == []
    assert "(settled: sev1 / sev3)" in lines(pair.mia, pair)[-1]
    undo.undo("mia")
    assert [conflict.field for conflict in pair.mia.board.conflicts()] == ["severity"]


def test_undo_leaves_no_words_of_its_own_in_any_reason(pair: Pair) -> None:
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev3", "few")
    undo = Undo(pair.mia.board)
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1", "all")
    undo.undo("mia")
    found = pair.incident_at(pair.mia)
    assert (found.severity, found.severity_why, found.severity_by) == ("sev3", "few", "mia")
    assert not any("undone" in str(change.values) for change in pair.mia.board.all_changes())


def test_a_record_that_was_taken_back_and_written_on_apart_stays_and_says_so(pair: Pair) -> None:
    undo = Undo(pair.mia.board)
    order = actions.order(pair.mia, pair.incident_at(pair.mia), "drain", owner="ben").record
    pair.meet()
    undo.undo("mia")
    at_ben = pair.ben.board.get(Action, order)
    assert at_ben is not None
    actions.move(pair.ben, at_ben, "acknowledged")
    pair.meet()
    for session in (pair.mia, pair.ben):
        kept = session.board.get(Action, order)
        assert kept is not None
        assert (kept.text, kept.state) == ("drain", "acknowledged")
        assert [(c.field, [h["value"] for h in c.heads]) for c in session.board.conflicts()] == [
            ("deleted", [True, False])
        ]


def _act(rng: random.Random, session: Session, undo: Undo, pair: Pair) -> None:
    """One thing that a person does or says again, often late or of another's line."""
    said = Attribution(at=minutes(rng.randint(-9, 0)) if rng.random() < 0.4 else "", by=rng.choice(["", "noor"]))
    incident, told = pair.incident_at(session), session.board.moments(pair.incident)
    kinds = session.board.all(Hypothesis, pair.incident)
    match rng.randint(0, 8):
        case 0:
            observe(session, incident, f"seen {rng.randint(0, 99)}", said)
        case 1:
            set_severity(session, incident, f"sev{rng.randint(1, 4)}", rng.choice(["", "why"]), said)
        case 2:
            set_status(session, incident, rng.choice(["investigating", "identified", "monitoring"]), "", said)
        case 3 if kinds:
            hypothesis.move(
                session, rng.choice(kinds), rng.choice(["testing", "eliminated", "confirmed"]), "so", said=said
            )
        case 4:
            hypothesis.propose(session, incident, f"cause {rng.randint(0, 9)}", said=said)
        case 5:
            undo.undo(session.person)
        case 6 | 7:
            chosen = rng.choice(told)
            with suppress(Rejected):
                correct(session, chosen, f"better {rng.randint(0, 9)}", said)
        case 8:
            with suppress(Rejected):
                strike(session, rng.choice(told), "no")


@pytest.mark.parametrize("seed", range(12))
def test_boards_tell_the_same_whatever_was_noted_and_whenever_they_met(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    with pair_at(tmp_path) as pair:
        undos = {session.person: Undo(session.board) for session in (pair.mia, pair.ben)}
        for _ in range(25):
            session = rng.choice([pair.mia, pair.ben])
            _act(rng, session, undos[session.person], pair)
            pair.clock.ms += 1000 * rng.randint(0, 40)
            if rng.random() < 0.2:
                pair.meet()
        pair.meet()
        state = folded_state(pair.mia.board)
        assert folded_state(pair.ben.board) == state
        pair.mia.board.rebuild()
        assert folded_state(pair.mia.board) == state
