"""Merging is union: in any order, any number of times; what is malformed is refused alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from opsterm.board.change import Change, Write
from opsterm.board.check import check
from opsterm.board.clock import HLC_LIMIT
from opsterm.board.store import Board
from opsterm.incidents.hypothesis import move, propose
from opsterm.incidents.incident import declare, set_severity
from opsterm.incidents.timeline import observe
from opsterm.records import Hypothesis, Incident, Observation
from tests.support.stations import NOWHERE, Pair, change_of, everything, folded_state, station

#: One act of one of three people; `meet` lets two of them learn of each other.
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["mia", "ben", "noor"]),
        st.sampled_from(["declare", "propose", "move", "sev", "meet"]),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=14,
)


def play(acts: list[tuple[str, str, int]]) -> list[Change]:
    """All changes that came of it."""
    people = {name: station(NOWHERE, name) for name in ("mia", "ben", "noor")}
    for name, act, pick in acts:
        session = people[name]
        incidents, hypotheses = session.board.all(Incident), session.board.all(Hypothesis)
        if act == "declare":
            declare(session, f"{name} saw it")
        elif act == "propose" and incidents:
            propose(session, incidents[pick % len(incidents)], f"{name} thinks so")
        elif act == "move" and hypotheses:
            move(session, hypotheses[pick % len(hypotheses)], ("parked", "testing", "confirmed")[pick % 3], "why not")
        elif act == "sev" and incidents:
            set_severity(session, incidents[pick % len(incidents)], f"sev{pick % 5 + 1}")
        elif act == "meet":
            session.board.merge(everything(people[("mia", "ben", "noor")[pick % 3]].board))
    found = {change.digest: change for session in people.values() for change in everything(session.board)}
    for session in people.values():
        session.board.close()
    return list(found.values())


@given(acts=ACTS, random=st.randoms(use_true_random=False))
def test_boards_that_know_the_same_changes_say_the_same(acts: list[tuple[str, str, int]], random: Any) -> None:
    changes = play(acts)
    states = []
    for name in ("one", "another"):
        random.shuffle(changes)
        late = station(NOWHERE, name)
        cut = random.randint(0, len(changes))
        late.board.merge(changes[:cut])
        late.board.merge(changes[cut // 2 :], slice_s=0)
        states.append(folded_state(late.board))
        assert check(late.board) == []
        late.board.rebuild()
        states.append(folded_state(late.board))
        late.board.close()
    assert all(state == states[0] for state in states)


def test_merging_the_same_again_takes_nothing(pair: Pair) -> None:
    before = folded_state(pair.mia.board)
    assert pair.mia.board.merge(everything(pair.ben.board)).taken == 0
    assert folded_state(pair.mia.board) == before


def test_a_malformed_change_is_refused_alone_and_named(pair: Pair) -> None:
    sound = change_of({"text": "seen"}, kind="observation", record="o1", incident=pair.incident, station="far")
    bad = sound._replace(author="somebody else")
    merged = pair.mia.board.merge([bad, sound, bad])
    assert merged.taken == 1
    assert len(merged.faults) == 2
    assert "station 'far'" in merged.faults[0]
    assert [o.text for o in pair.mia.board.all(Observation, pair.incident)] == ["seen"]


def test_a_station_years_ahead_does_not_keep_the_others_from_having_the_last_word(pair: Pair) -> None:
    ahead = change_of(
        {"severity": "sev5"}, kind="incident", record=pair.incident, incident="", station="far", hlc=HLC_LIMIT - 1
    )
    pair.mia.board.merge([ahead])
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1")
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev2")
    pair.meet()
    for session in (pair.mia, pair.ben):
        assert pair.incident_at(session).severity == "sev2"
        assert session.board.conflicts() == []
        assert check(session.board) == []


def test_a_change_that_gives_a_record_of_one_kind_the_id_of_another_harms_neither(pair: Pair) -> None:
    set_severity(pair.mia, pair.incident_at(pair.mia), "sev1")
    twin = change_of(
        {"severity": "sev9", "text": "x", "deleted": True}, record=pair.incident, station="far", incident=pair.incident
    )
    pair.mia.board.merge([twin])
    assert pair.incident_at(pair.mia).severity == "sev1"
    assert check(pair.mia.board) == []
    before = folded_state(pair.mia.board)
    pair.mia.board.rebuild()
    assert folded_state(pair.mia.board) == before


def test_a_merge_in_slices_of_no_time_still_takes_everything(pair: Pair) -> None:
    for number in range(300):
        observe(pair.mia, pair.incident_at(pair.mia), f"line {number}")
    merged = pair.ben.board.merge(everything(pair.mia.board), slice_s=0)
    assert merged.taken == 300
    assert folded_state(pair.ben.board) == folded_state(pair.mia.board)


def test_half_a_character_from_a_shell_reaches_the_other_board(pair: Pair) -> None:
    observe(pair.mia, pair.incident_at(pair.mia), "caf\udce9 is down")
    pair.meet()
    assert [o.text for o in pair.ben.board.all(Observation)] == ["caf is down"]
    assert check(pair.ben.board) == []


def test_what_is_recorded_while_a_merge_is_prepared_is_not_lost(tmp_path: Path) -> None:
    """A merge works out what records amount to before it holds the others up; one of them may change meanwhile."""
    there = station(tmp_path, "ben")
    incident = there.board.get(Incident, declare(there, "checkout fails").record)
    assert incident is not None
    with Board.open(tmp_path / "a.sqlite", any_disk=True) as console, Overtaken.open(tmp_path / "a.sqlite") as beside:
        console.merge(everything(there.board))
        set_severity(there, incident, "sev2")
        said = Write("incident", incident.id, "", {"title": "checkout is down"})
        beside.meanwhile = lambda: console.record("mia", [said])
        assert beside.merge(everything(there.board)).taken > 0
        kept = console.get(Incident, incident.id)
        assert kept is not None
        assert (kept.title, kept.severity) == ("checkout is down", "sev2")
        assert check(console) == []


def test_what_another_process_merged_meanwhile_is_taken_once(tmp_path: Path) -> None:
    there = station(tmp_path, "ben")
    declare(there, "checkout fails")
    with Board.open(tmp_path / "a.sqlite", any_disk=True) as console, Overtaken.open(tmp_path / "a.sqlite") as beside:
        beside.meanwhile = lambda: console.merge(everything(there.board))
        assert beside.merge(everything(there.board)).taken == 0
        assert console.count_changes() == len(everything(there.board))
        assert check(console) == []


class Overtaken(Board):
    """A board whose merges find that something happened once they have prepared."""

    meanwhile: Callable[[], object] = staticmethod(lambda: None)

    @contextmanager
    def _merging(self) -> Iterator[None]:
        self.meanwhile()
        with super()._merging():
            yield
