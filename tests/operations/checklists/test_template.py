"""A team's lists are kept to the byte, by version, and each board writes on the same record."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.board.store import Board, seeded_token
from opsterm.core.session import Rejected, Session
from opsterm.operations.checklists import run as checklist
from opsterm.operations.checklists.template import (
    SOURCE_BYTES_MAX,
    care_of,
    find_template,
    fitting,
    import_file,
    import_text,
    known,
    packaged,
    retire,
    review,
    stale_since,
    versions,
)
from tests.support.bench import Bench


def test_a_list_goes_out_as_it_came_in(bench: Bench, tmp_path: Path) -> None:
    data = b"\xef\xbb\xbf# Wild\r\n\r\n* [ ] one  \r\n\t- [X] kid\n\n<!-- \x0b -->\n1) [ ] \xe6\xbc\xa2\r- [ ] no end"
    (tmp_path / "wild.md").write_bytes(data)
    import_file(bench.mia, tmp_path / "wild.md")
    assert find_template(bench.board, "wild").tasks.source.encode() == data


@given(source=st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_goes_out_as_it_came_in(bench: Bench, source: str) -> None:
    told = import_text(bench.mia, source, "list")
    template = next(t for t in known(bench.board) if t.record == told.record)
    assert template.tasks.source == source


def test_another_text_is_the_next_version_and_the_same_one_is_none(bench: Bench) -> None:
    first = import_text(bench.mia, "# L\n- [ ] a\n", "l")
    import_text(bench.noor, "# L\n- [ ] a\n", "l")
    import_text(bench.noor, "# L\n- [ ] b\n", "l")
    assert find_template(bench.board, "L").version == 2
    assert [(v.version, v.by, v.source) for v in versions(bench.board, first.record)] == [
        (1, "mia", "# L\n- [ ] a\n"),
        (2, "noor", "# L\n- [ ] b\n"),
    ]


def test_a_run_keeps_the_version_that_it_began_with(bench: Bench) -> None:
    run = bench.begin("# L\n- [ ] a\n")
    import_text(bench.mia, "# L\n- [ ] b\n- [ ] c\n", "l")
    again = bench.run(checklist.begin(bench.mia, "", "L").record)
    assert (run.version, [s.text for s in bench.steps(run)], bench.run(run.id).source) == (1, ["a"], "# L\n- [ ] a\n")
    assert (again.version, [s.text for s in bench.steps(again)]) == (2, ["b", "c"])


def test_a_run_of_a_half_ticked_list_begins_with_all_open(bench: Bench) -> None:
    assert {s.state for s in bench.steps(bench.begin("# L\n- [x] a\n- [ ] b\n"))} == {"open"}


def test_a_list_of_the_packages_name_takes_its_place(bench: Bench) -> None:
    import_text(bench.mia, "# Service deploy\n- [ ] ours\n", "service-deploy")
    template = find_template(bench.board, "service deploy")
    assert (template.version, [item.text for item in template.tasks.items]) == (2, ["ours"])
    assert sum(t.name == "Service deploy" for t in known(bench.board)) == 1


def test_a_list_is_found_by_its_file_or_by_the_beginning_of_its_name(bench: Bench) -> None:
    import_text(bench.mia, "# Paint the bikeshed\n- [ ] a\n", "shed")
    assert find_template(bench.board, "shed.md").name == find_template(bench.board, "paint").name
    with pytest.raises(Rejected, match="There is no checklist 'nothing'"):
        find_template(bench.board, "nothing")
    with pytest.raises(Rejected, match="could be"):
        find_template(bench.board, "C")


def test_what_is_no_text_is_refused_in_one_line(bench: Bench, tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_bytes(b"- [ ] \xff\xfe")
    with pytest.raises(Rejected, match="not in UTF-8"):
        import_file(bench.mia, bad)
    bad.write_bytes(b"x" * (SOURCE_BYTES_MAX + 1))
    with pytest.raises(Rejected, match="fits on a page"):
        import_file(bench.mia, bad)
    with pytest.raises(Rejected, match="can't be read"):
        import_file(bench.mia, tmp_path / "none.md")


def test_a_full_pause_point_is_warned_of_when_it_is_taken(bench: Bench) -> None:
    assert "past nine" in import_text(bench.mia, "# L\n" + "- [ ] x\n" * 10, "l").warning


def test_a_list_is_owed_a_review_that_its_review_moves_on(bench: Bench) -> None:
    record = import_text(bench.mia, "# L\n\nreview every: 90d\nowner: noor\n\n- [ ] a\n", "l").record
    care = care_of(bench.board, record)
    assert care is not None
    assert (care.sort, care.owner, care.due_at) == ("review", "noor", "2027-02-22T23:59:59Z")
    bench.wait(days=10)
    review(bench.noor, find_template(bench.board, "L"), "still true")
    after = care_of(bench.board, record)
    assert after is not None
    assert (after.due_at, after.evidence, after.state) == ("2027-03-04T23:59:59Z", "still true", "open")


def test_a_list_is_stale_once_its_systems_changed(bench: Bench) -> None:
    from opsterm.operations.deployments.deployment import deploy

    import_text(bench.mia, "# L\n\nsystems: web\n\n- [ ] a\n", "l")
    bench.wait(minutes=5)
    deploy(bench.mia, "api 3", systems=["api"])
    assert stale_since(bench.board, find_template(bench.board, "L")) == ("", "")
    deploy(bench.mia, "web 4", systems=["Web"])
    assert stale_since(bench.board, find_template(bench.board, "L")) == (bench.now, "DEP-2 web 4")


def test_a_retired_list_leaves_the_lists_and_keeps_its_runs(bench: Bench) -> None:
    run = bench.begin("# L\n- [ ] a\n")
    retire(bench.mia, find_template(bench.board, "L"), "nobody walks it")
    assert "L" not in [t.name for t in known(bench.board)]
    assert bench.steps(run)
    with pytest.raises(Rejected, match="comes with opsterm"):
        retire(bench.mia, find_template(bench.board, "Failover"), "ours is better")


def test_two_boards_that_import_a_list_apart_know_one_list(tmp_path: Path) -> None:
    boards = [
        Board.open(tmp_path / f"{n}.sqlite", machine=f"m{n}", token=seeded_token(n), any_disk=True) for n in (1, 2)
    ]
    for board, text in zip(boards, ("a", "b"), strict=True):
        import_text(Session(board, "mia"), f"# L\n- [ ] {text}\n", "l")
    for one, other in itertools.permutations(boards):
        one.merge(other.all_changes())
    found = [[t.tasks.source for t in known(board) if t.name == "L"] for board in boards]
    assert found[0] == found[1]
    assert len(found[0]) == 1
    for board in boards:
        board.close()


@pytest.mark.parametrize("folder", ["", "rollbacks"])
def test_the_starter_set_is_short_and_every_item_says_why(folder: str) -> None:
    for template in packaged(folder):
        assert template.tasks.about.get("mode") in ("read-do", "do-confirm"), template.name
        for item in template.tasks.items:
            assert item.reason, f"{template.name}: {item.text}"
            assert len(item.text) <= 90
        counts = [sum(i.section == s for i in template.tasks.items) for s in template.tasks.sections]
        assert max(counts) <= 9


def test_the_starter_set_covers_what_a_team_does() -> None:
    assert {t.file for t in packaged()} >= {
        "service-deploy",
        "database-migration",
        "configuration-change",
        "certificate-rotation",
        "failover",
        "first-fifteen-minutes",
        "closing-an-incident",
    }
    from opsterm.records.deployment import TYPES

    assert {t.tasks.rollback_of for t in packaged("rollbacks")} == set(TYPES)
    for template in packaged("rollbacks"):
        assert {"time", "no return", "decides", "drill every", "back if"} <= template.tasks.about.keys()


def test_lists_for_the_systems_come_before_those_for_the_type(bench: Bench) -> None:
    for name, systems in (("Web deploy", "web"), ("Service restart", "db"), ("Service start", ""), ("Other", "db")):
        import_text(bench.mia, f"# {name}\n\nsystems: {systems}\n\n- [ ] a\n", name)
    lists = [find_template(bench.board, name) for name in ("Other", "Service restart", "Service start", "Web deploy")]
    assert [t.name for t in fitting(lists, "service", ["WEB"])] == ["Web deploy", "Service restart", "Service start"]
    assert [t.name for t in fitting(lists, "service", ["db"])] == ["Other", "Service restart", "Service start"]
