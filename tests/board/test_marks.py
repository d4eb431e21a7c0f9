"""The marks that people say aloud: what two stations numbered alike apart gets a letter, alike on every board."""

from __future__ import annotations

from datetime import UTC
from itertools import permutations
from pathlib import Path

import pytest

from opsterm.board.marks import lettered
from opsterm.command.capture import parse
from opsterm.core.session import Rejected, Session
from opsterm.incidents.hypothesis import propose
from opsterm.incidents.incident import declare
from opsterm.incidents.same_mark import told_once
from opsterm.incidents.snapshot import find_incident, read_snapshot
from opsterm.records import Hypothesis, Incident
from tests.support.stations import Pair, everything, merge_all, station


def test_a_mark_alone_has_no_letter() -> None:
    assert lettered("h", 2, 0, 1) == "h2"


@pytest.mark.parametrize(("index", "mark"), [(0, "h2a"), (25, "h2z"), (26, "h2aa"), (701, "h2zz"), (702, "h2aaa")])
def test_letters_go_on_past_z(index: int, mark: str) -> None:
    assert lettered("h", 2, index, 1000) == mark


def marks(pair: Pair) -> list[dict[str, str]]:
    return [{h.text: h.mark for h in session.board.all(Hypothesis, pair.incident)} for session in (pair.mia, pair.ben)]


def test_what_was_numbered_alike_apart_is_lettered_alike_on_both_boards(pair: Pair) -> None:
    propose(pair.mia, pair.incident_at(pair.mia), "a bad deploy")
    propose(pair.ben, pair.incident_at(pair.ben), "a full disk")
    pair.meet()
    at_mia, at_ben = marks(pair)
    assert at_mia == at_ben
    assert sorted(at_mia.values()) == ["h1", "h2a", "h2b"]


def test_the_next_mark_follows_the_highest_that_the_board_knows(pair: Pair) -> None:
    propose(pair.mia, pair.incident_at(pair.mia), "a bad deploy")
    propose(pair.ben, pair.incident_at(pair.ben), "a full disk")
    pair.meet()
    propose(pair.ben, pair.incident_at(pair.ben), "a retry storm")
    assert marks(pair)[1]["a retry storm"] == "h3"


def test_a_mark_alone_again_loses_its_letter(pair: Pair) -> None:
    propose(pair.mia, pair.incident_at(pair.mia), "a bad deploy")
    other = propose(pair.ben, pair.incident_at(pair.ben), "a full disk").record
    pair.meet()
    pair.ben.write("hypothesis", other, pair.incident, {"deleted": True})
    pair.meet()
    assert marks(pair)[0]["a bad deploy"] == marks(pair)[1]["a bad deploy"] == "h2"


def test_a_bare_mark_that_names_two_is_refused_naming_both(pair: Pair) -> None:
    propose(pair.mia, pair.incident_at(pair.mia), "a bad deploy")
    propose(pair.ben, pair.incident_at(pair.ben), "a full disk")
    pair.meet()
    snapshot = read_snapshot(pair.mia.board, pair.incident)
    for line in ("h2 parked", "-h2 never seen"):
        with pytest.raises(Rejected, match="h2a or h2b"):
            parse(line, snapshot, now=pair.mia.board.now, zone=UTC, person="mia")
    understood = parse("h2b parked", snapshot, now=pair.mia.board.now, zone=UTC, person="mia")
    assert understood.targets[0][0].mark == "h2b"


def test_a_mark_means_what_was_selected_when_the_line_was_begun(pair: Pair) -> None:
    propose(pair.mia, pair.incident_at(pair.mia), "a bad deploy")
    selected = read_snapshot(pair.mia.board, pair.incident).hypotheses[-1]
    propose(pair.ben, pair.incident_at(pair.ben), "a full disk")
    pair.meet()
    snapshot = read_snapshot(pair.mia.board, pair.incident)
    for line in ("h2 parked", "-H2 never seen"):
        understood = parse(line, snapshot, now=pair.mia.board.now, zone=UTC, person="mia", about=selected)
        assert understood.targets[0][0].id == selected.id
        assert understood.targets[0][0].text == "a bad deploy"
    other = parse("h1 parked", snapshot, now=pair.mia.board.now, zone=UTC, person="mia", about=selected)
    assert other.targets[0][0].mark == "h1"


def test_an_incident_mark_that_names_two_is_refused_naming_both(tmp_path: Path) -> None:
    mia, ben = station(tmp_path, "mia"), station(tmp_path, "ben")
    declare(mia, "Checkout fails")
    declare(ben, "Search is slow")
    merge_all(mia, ben)
    with pytest.raises(Rejected, match="INC-1a, INC-1b"):
        find_incident(mia.board, "INC-1")
    assert find_incident(mia.board, "inc-1a").id == find_incident(ben.board, "INC-1a").id
    mia.board.close()
    ben.board.close()


def test_three_stations_letter_alike_in_whatever_order_they_meet(tmp_path: Path) -> None:
    people = [station(tmp_path, name) for name in ("mia", "ben", "noor")]
    for session in people:
        declare(session, f"seen by {session.person}")
    known = [everything(session.board) for session in people]
    seen = []
    for place, order in enumerate(permutations(known)):
        late = station(tmp_path, f"late{place}")
        for changes in order:
            late.board.merge(changes)
        seen.append({i.title: i.mark for i in late.board.all(Incident)})
        late.board.close()
    assert all(marks == seen[0] for marks in seen)
    assert sorted(seen[0].values()) == ["INC-1a", "INC-1b", "INC-1c"]
    for session in people:
        session.board.close()


def test_a_mark_that_became_two_is_told_once_with_the_words_of_both(pair: Pair) -> None:
    for person, text in ((pair.mia, "a bad deploy"), (pair.ben, "a full disk")):
        propose(person, pair.incident_at(person), text)
    assert told(pair.ben) == []
    pair.meet()
    for person in (pair.ben, pair.mia):
        assert told(person) == ["h2 is two now: h2a a bad deploy, h2b a full disk"]
        assert told(person) == []


def test_a_mark_that_becomes_one_and_two_again_is_told_again(pair: Pair) -> None:
    propose(pair.mia, pair.incident_at(pair.mia), "a bad deploy")
    other = propose(pair.ben, pair.incident_at(pair.ben), "a full disk").record
    pair.meet()
    told(pair.mia)
    pair.ben.write("hypothesis", other, pair.incident, {"deleted": True})
    pair.meet()
    assert told(pair.mia) == []
    pair.ben.write("hypothesis", other, pair.incident, {"deleted": False})
    pair.meet()
    assert told(pair.mia) == ["h2 is two now: h2a a bad deploy, h2b a full disk"]


def test_an_incident_that_was_declared_under_the_same_mark_is_told_too(pair: Pair) -> None:
    declare(pair.ben, "Mail is slow")
    declare(pair.mia, "Search is down")
    pair.meet()
    second = pair.mia.board.all(Incident)[1]
    words = f"{second.mark} {second.title}"
    [line] = told_once(pair.mia.board, second, ())
    assert line.startswith("INC-2 is two now: ")
    assert words in line
    assert told_once(pair.mia.board, second, ()) == []


def told(person: Session) -> list[str]:
    """What a person's board tells of the marks of the pair's incident now."""
    room = read_snapshot(person.board, person.board.all(Incident)[0].id)
    return told_once(person.board, room.incident, room.said_aloud())
