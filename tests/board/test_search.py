"""Search over all incidents."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opsterm.board.change import Write
from opsterm.board.search import SLICE, catch_up, search
from opsterm.board.store import Board
from opsterm.cli.main import main
from opsterm.incidents.incident import declare
from opsterm.incidents.timeline import observe
from tests.support.incidents import Scene


def texts(board: Board, text: str) -> list[str]:
    return [found.moment.text for found in search(board, text)]


def test_words_beginnings_names_and_titles_are_found(scene: Scene) -> None:
    observe(scene.as_("li"), scene.incident, "queue of 400 on db-2")
    observe(scene.as_("noor"), scene.incident, "pool at 40 % on every node")
    other = declare(scene.as_("mia"), "Search is slow").record
    assert texts(scene.board, "queue db-2") == ["queue of 400 on db-2"]
    assert texts(scene.board, "QUE") == ["queue of 400 on db-2"]
    assert texts(scene.board, "noor") == ["pool at 40 % on every node"]
    assert texts(scene.board, '"400 on"') == ["queue of 400 on db-2"]
    assert texts(scene.board, '"on 400"') == []
    assert texts(scene.board, "slow") == ["Search is slow"]
    assert [found.moment.incident for found in search(scene.board, "slow")] == [other]
    assert search(scene.board, "queue", incident=other) == []


def test_scripts_without_spaces_are_found_within_a_run(scene: Scene) -> None:
    observe(scene.as_("li"), scene.incident, "数据库连接池耗尽 on db-2")
    assert len(texts(scene.board, "连接池")) == 1
    assert len(texts(scene.board, "连接池 db-2")) == 1
    assert texts(scene.board, "连接网") == []


def test_what_is_recorded_after_a_search_is_found_by_the_next(scene: Scene) -> None:
    assert texts(scene.board, "cold") == []
    observe(scene.as_("li"), scene.incident, "cache is cold")
    assert texts(scene.board, "cold") == ["cache is cold"]
    assert catch_up(scene.board) == 0


def test_rebuild_makes_it_anew(scene: Scene) -> None:
    observe(scene.as_("li"), scene.incident, "cache is cold")
    before = texts(scene.board, "cold")
    scene.board.rebuild()
    assert texts(scene.board, "cold") == before == ["cache is cold"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=12) | st.sampled_from(["*", '"', "a OR", "NEAR(", "-x", "col:", "%", "_", "\\", "\x00", "''"]))
def test_no_text_that_a_person_types_breaks_it(scene: Scene, text: str) -> None:
    assert isinstance(search(scene.board, text), list)


def test_the_call(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSTERM_BOARD", str(tmp_path / "b.sqlite"))
    main(["declare", "Checkout fails"])
    main(["log", "INC-1", "pool is full"])
    capsys.readouterr()
    assert main(["search", "pool", "--json"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["found"]
    assert (found["mark"], found["text"]) == ("INC-1", "pool is full")


def test_a_long_history_is_searched_at_once_and_does_not_double_the_board(scene: Scene) -> None:
    lines = 3 * SLICE
    with scene.board.transaction():
        for place in range(lines):
            fields = {"text": f"node {place % 97} of pool {place} answers in {place % 13} ms"}
            scene.board.record("li", [Write("observation", f"o{place}", scene.incident_id, fields)])
    before = scene.board._db.execute(
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"
    ).fetchone()
    assert catch_up(scene.board, slices=1) == SLICE
    catch_up(scene.board)
    after = scene.board._db.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
    assert after[0] < before[0] * 1.25
    begin = time.perf_counter()
    assert texts(scene.board, "pool 2345") == ["node 17 of pool 2345 answers in 5 ms"]
    assert time.perf_counter() - begin < 0.25
