"""What runs taught is taken into a list, and every other byte of it stays."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.core.session import Rejected
from opsterm.incidents.incident import declare
from opsterm.operations.checklists.editing import take, with_item, without_item
from opsterm.operations.checklists.lessons import ItemProposal
from opsterm.operations.checklists.tasklist import read_task_list
from opsterm.operations.checklists.template import find_template, import_text, versions
from tests.support.bench import Bench
from tests.support.task_lists import documents

LIST = """# Deploy

systems: web

## Before

1. [ ] (K) name the artifact
   expect: its version

   ```
   docker pull web
   ```
2. [ ] tell support

## After

* [ ] watch for ten minutes
"""


def test_an_item_comes_last_at_the_first_pause_point_with_its_reason() -> None:
    changed = with_item(read_task_list(LIST), "Rule out: full disk", "INC-7 Uploads fail")
    assert "2. [ ] tell support\n3. [ ] Rule out: full disk\n   why: INC-7 Uploads fail\n\n## After" in changed
    added = read_task_list(changed).items[2]
    assert (added.text, added.section, added.reason) == ("Rule out: full disk", "Before", "INC-7 Uploads fail")


def test_a_full_pause_point_is_passed_over() -> None:
    full = "# L\n## Before\n" + "".join(f"- [ ] item {n}\n" for n in range(9)) + "## After\n- [ ] last"
    assert with_item(read_task_list(full), "new", "INC-1").endswith("- [ ] last\n- [ ] new\n  why: INC-1\n")


def test_an_item_goes_with_all_that_is_written_under_it() -> None:
    assert without_item(read_task_list(LIST), "1") == LIST.replace(LIST[LIST.index("1. [") : LIST.index("2. [")], "")


def test_what_has_steps_of_its_own_is_left_to_a_person() -> None:
    with pytest.raises(Rejected, match="steps of its own"):
        without_item(read_task_list("- [ ] a\n  - [ ] b\n"), "1")


_SKIPPED = ItemProposal("retire", "tell support", "skipped in all of 10 runs", "2", lesson="skipped", runs=10)


def test_a_proposal_taken_is_the_lists_next_version_with_why(bench: Bench) -> None:
    record = import_text(bench.mia, LIST, "deploy").record
    take(bench.mia, find_template(bench.board, "Deploy"), _SKIPPED)
    incident = declare(bench.mia, "Uploads fail").record
    add = ItemProposal("add", "Rule out: full disk", "INC-1 Uploads fail", incident=incident, lesson="incident")
    take(bench.noor, find_template(bench.board, "Deploy"), add)
    take(bench.noor, find_template(bench.board, "Deploy"), ItemProposal("review", "Deploy", "stale"), "still true")
    texts = [item.text for item in find_template(bench.board, "Deploy").tasks.items]
    assert texts == ["name the artifact", "Rule out: full disk", "watch for ten minutes"]
    assert [(v.version, v.by, v.why) for v in versions(bench.board, record)][1:] == [
        (2, "mia", "tell support: skipped in all of 10 runs"),
        (3, "noor", "Rule out: full disk: INC-1 Uploads fail"),
    ]
    import_text(bench.mia, LIST, "deploy")
    assert [v.why for v in versions(bench.board, record)][3:] == [""]
    assert find_template(bench.board, "Deploy").reviewed_at == bench.now


@given(documents(), st.data())
def test_any_list_reads_as_meant_after_or_is_left_alone(
    document: tuple[str, list[tuple[str, bool]]], data: st.DataObject
) -> None:
    tasks = read_task_list(document[0])
    before = [item.text for item in tasks.items]
    with suppress(Rejected):
        more = with_item(tasks, "one more", "INC-1")
        texts = [item.text for item in read_task_list(more).items]
        assert sorted(texts) == sorted([*before, "one more"])
    if tasks.items:
        item = data.draw(st.sampled_from(tasks.items))
        with suppress(Rejected):
            less = without_item(tasks, item.label)
            assert len(read_task_list(less).items) == len(before) - 1
