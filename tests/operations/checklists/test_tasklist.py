"""Task lists mean here what they mean on GitHub, and come back as they were written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opsterm.operations.checklists.tasklist import TaskList, crowded, read_task_list, ticked
from tests.support.task_lists import documents


def texts(source: str) -> list[str]:
    return [item.text for item in read_task_list(source).items]


@pytest.mark.parametrize(
    "source",
    [
        "- [] no space",
        "- [ ]",
        "- [ ] ",
        "- [x](https://example.org) a link",
        "- [-] a state of another tool",
        "- [/] half",
        "- [>] forwarded",
        "- [ ]no space after",
        "[ ] no list",
        "-     [ ] five spaces are code",
        "    - [ ] indented code",
        "```\n- [ ] fenced\n```",
        "~~~\n- [ ] fenced\n```\n- [ ] still\n~~~",
        "<!--\n- [ ] hidden\n-->",
        "- text\n\n  [ ] not in the first paragraph",
        "- # [ ] a heading",
        "- `[ ]` code",
        "1234567890. [ ] ten digits",
        "text\n2. [ ] only 1 interrupts a paragraph",
        "---\ntitle: x\n- [ ] front matter\n---\n",
        "\\- [ ] escaped",
    ],
)
def test_what_github_shows_without_a_box_is_no_task(source: str) -> None:
    assert texts(source) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("- [ ] a\n* [x] b\n+ [X] c", ["a", "b", "c"]),
        ("1. [ ] a\n1. [ ] b\n10) [ ] c", ["a", "b", "c"]),
        ("-\t[ ]\ta", ["a"]),
        ("- [\t] a tab between", ["a tab between"]),
        ("> - [ ] quoted", ["quoted"]),
        ("- - [ ] a list in a list", ["a list in a list"]),
        ("- [ ] a\r\n- [ ] b\r- [ ] c", ["a", "b", "c"]),
        ("\ufeff- [ ] after a mark", ["after a mark"]),
        ("- [x] (https://example.org) with a space it is one", ["(https://example.org) with a space it is one"]),
        ("- [ ] a\n\n      code\n- [ ] b", ["a", "b"]),
        ("text\n1. [ ] one may interrupt", ["one may interrupt"]),
        ("- [ ] more\n  lines of it", ["more lines of it"]),
        ("---\n- [ ] a rule is no front matter\n---\n", ["a rule is no front matter"]),
    ],
)
def test_what_github_shows_with_a_box_is_a_task(source: str, found: list[str]) -> None:
    assert texts(source) == found


def test_children_stand_at_their_parents_text() -> None:
    source = (
        "- [ ] a\n  - [ ] a child\n1. [ ] b\n   - [x] b child\n10. [ ] c\n    - [ ] c child\n- [ ] d\n - [ ] sibling"
    )
    labels = {item.text: item.label for item in read_task_list(source).items}
    assert labels == {
        "a": "1", "a child": "1.1", "b": "2", "b child": "2.1", "c": "3", "c child": "3.1", "d": "4", "sibling": "5",
    }  # fmt: skip


def test_markers_of_a_checklist_are_plain_markdown() -> None:
    tasks = read_task_list(
        "# Deploy\n\nsystems: web, api\n\nRead-do: aloud.\n\n## Before\n\n"
        "- [ ] (K) Pull the old artifact <!-- id:old -->\n  why: INC-7 had none\n  expect: 412\n"
        "  who: a second person\n  back if: it is gone\n  takes: 5m\n  approver: noor\n"
        "- [ ] Run it\n\n  ```sh\n  make deploy\n  ```\n\n  if: web is up\n  see https://example.org/run.\n"
    )
    first, second = tasks.items
    assert (tasks.name, tasks.systems, first.mode, first.section) == ("Deploy", ("web", "api"), "read-do", "Before")
    assert (first.text, first.killer, first.key, first.hold) == ("Pull the old artifact", True, "old", True)
    assert (first.reason, first.expected, first.rollback) == ("INC-7 had none", "412", "it is gone")
    assert (first.minutes, first.approver) == (5, "noor")
    assert (second.command, second.condition) == ("make deploy", "web is up")


def test_an_item_is_the_same_over_versions_by_its_text_and_which_one_it_is() -> None:
    before = read_task_list("- [ ] same\n- [ ] same\n- [ ] other\n").items
    after = read_task_list("- [ ] new\n- [x] same\n- [ ] same\n").items
    assert [item.key for item in before[:2]] == [item.key for item in after[1:]]
    assert len({item.key for item in before}) == 3


def test_a_tenth_item_at_a_pause_point_is_warned_of() -> None:
    nine = "## A\n" + "- [ ] x\n" * 9
    assert crowded(read_task_list(nine)) == []
    assert crowded(read_task_list(f"{nine}## B\n" + "- [ ] y\n" * 10)) == [("B", 10)]


# --- generated lists


@given(documents())
def test_the_tasks_of_any_list_are_found_and_no_other(document: tuple[str, list[tuple[str, bool]]]) -> None:
    source, tasks = document
    found = read_task_list(source)
    assert [(item.text, item.ticked) for item in found.items] == tasks
    assert all(source[item.at - 1] == "[" and source[item.at + 1] == "]" for item in found.items)
    assert ticked(found, {item.label: item.ticked for item in found.items}) == source


@given(documents(), st.randoms(use_true_random=False))
def test_ticking_changes_the_byte_between_the_brackets_and_no_other(
    document: tuple[str, list[tuple[str, bool]]], rng: object
) -> None:
    source, _ = document
    tasks = read_task_list(source)
    chosen = {item.label: bool(rng.getrandbits(1)) for item in tasks.items}  # type: ignore[attr-defined]
    after = ticked(tasks, chosen)
    before_bytes, after_bytes = source.encode(), after.encode()
    assert len(before_bytes) == len(after_bytes)
    places = {len(source[: item.at].encode()) for item in tasks.items if chosen[item.label] != item.ticked}
    assert {i for i, (a, b) in enumerate(zip(before_bytes, after_bytes, strict=True)) if a != b} == places
    assert [item.ticked for item in read_task_list(after).items] == [chosen[item.label] for item in tasks.items]


@given(st.text(alphabet="-*+1. [x]\n\r\t>`~#<!(K):wé\ufeff\u2028\x0b\0", max_size=120))
def test_no_text_is_too_wild_to_read(source: str) -> None:
    tasks = read_task_list(source)
    assert isinstance(tasks, TaskList)
    assert all(source[item.at - 1] == "[" and source[item.at + 1] == "]" for item in tasks.items)
    assert ticked(tasks, {}) == source


def test_deep_nesting_is_read_in_bounded_depth() -> None:
    read_task_list("\n".join(f"{'  ' * depth}- [ ] {depth}" for depth in range(400)) + "\n" + ">" * 3000 + " - [ ] x")


def test_three_hundred_items_are_read() -> None:
    assert len(read_task_list("".join(f"- [ ] item {n}\n  why: it is so\n" for n in range(300))).items) == 300


def test_the_lists_of_the_package_come_back_as_they_are() -> None:
    import opsterm

    folder = Path(opsterm.__file__).parent / "data" / "checklists"
    for file in folder.rglob("*.md"):
        source = file.read_bytes().decode()
        tasks = read_task_list(source)
        every = {item.label: True for item in tasks.items}
        assert ticked(read_task_list(ticked(tasks, every)), dict.fromkeys(every, False)) == source


def test_what_acts_on_a_terminal_is_in_no_part_that_is_shown() -> None:
    source = "# T\x1b[2Jitle\n\n## S\x9bone\n- [ ] a\u202eb\x1b]52;c;eA\x07\n  why: \x1bcbecause\n"
    tasks = read_task_list(source)
    (item,) = tasks.items
    assert (tasks.name, item.section, item.text, item.reason) == ("T[2Jitle", "Sone", "ab]52;c;eA", "cbecause")
    assert tasks.source == source
