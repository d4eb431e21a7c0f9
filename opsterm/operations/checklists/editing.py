"""Taking what runs taught into a checklist: an item more or an item less, and every other byte as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence

from opsterm.core.session import Outcome, Rejected, Session
from opsterm.operations.checklists.lessons import ItemProposal
from opsterm.operations.checklists.tasklist import ITEMS_MAX, Item, TaskList, read_task_list
from opsterm.operations.checklists.template import Template, import_text, review
from opsterm.records.plain import one_line

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_BY_HAND = "change the Markdown by hand, and import it"


def take(session: Session, template: Template, proposal: ItemProposal, outcome: str = "") -> Outcome:
    """Does what is proposed: the list's next version, or that it was looked through with this `outcome`. Raises
    Rejected where the list is written in a way that this can't follow."""
    if proposal.kind == "review":
        return review(session, template, outcome)
    tasks = template.tasks
    if proposal.kind == "add":
        changed = with_item(tasks, proposal.text, proposal.why)
    else:
        changed = without_item(tasks, proposal.label)
    lesson = {
        "lesson": proposal.lesson,
        "lesson_item": proposal.text,
        "lesson_runs": proposal.runs,
        "lesson_of": proposal.incident,
    }
    return import_text(session, changed, template.file, lesson=lesson)


def with_item(tasks: TaskList, text: str, why: str) -> str:
    """The source with one more item, its reason under it: the last of the first pause point that has room."""
    counts = tasks.counts
    section = next((name for name, count in counts.items() if count < ITEMS_MAX), next(iter(counts), ""))
    tops = [item for item in tasks.items if item.section == section and "." not in item.label]
    if not tops:
        raise Rejected(f"The list has no item to write another after: {_BY_HAND}.")
    lines = _LINE.findall(tasks.source)
    start, end = _block(tasks.source, lines, tops[-1])
    marker = re.match(r"(\s*)([-*+]|\d+)([.)]?\s+)", lines[start])
    if marker is None:
        raise Rejected(f"The list has no line to write another like: {_BY_HAND}.")
    indent, bullet, gap = marker.groups()
    bullet = str(int(bullet) + 1) if bullet.isdecimal() else bullet
    ending = "\r\n" if lines[start].endswith("\r\n") else "\n"
    under = " " * len(indent + bullet + gap)
    written = f"{indent}{bullet}{gap}[ ] {one_line(text)}{ending}{under}why: {one_line(why)}{ending}"
    if not lines[end - 1].endswith("\n"):
        lines[end - 1] += ending
    changed = "".join([*lines[:end], written, *lines[end:]])
    return _sound(changed, [item.text for item in tasks.items], added=one_line(text))


def without_item(tasks: TaskList, label: str) -> str:
    """The source without one item and what is written under it."""
    if any(item.label.startswith(f"{label}.") for item in tasks.items):
        raise Rejected(f"Step {label} has steps of its own: {_BY_HAND}.")
    item = next((item for item in tasks.items if item.label == label), None)
    if item is None:
        raise Rejected(f"The list has no step {label}: it was changed meanwhile.")
    lines = _LINE.findall(tasks.source)
    start, end = _block(tasks.source, lines, item)
    changed = "".join([*lines[:start], *lines[end:]])
    return _sound(changed, [other.text for other in tasks.items if other is not item])


def _block(source: str, lines: Sequence[str], item: Item) -> tuple[int, int]:
    """The lines of an item: (its own, the one after the last that is written under it)."""
    start = len(_LINE.findall(source[: item.at])) - 1
    indent = _indent(lines[start])
    end = start + 1
    for place in range(start + 1, len(lines)):
        if not lines[place].strip():
            continue
        if _indent(lines[place]) <= indent:
            break
        end = place + 1
    return start, end


def _indent(line: str) -> int:
    return len(line.expandtabs(4)) - len(line.expandtabs(4).lstrip())


def _sound(changed: str, wanted: list[str], *, added: str = "") -> str:
    """The changed source, if it reads as meant. Raises Rejected."""
    texts = [item.text for item in read_task_list(changed).items]
    if added in texts:
        texts.remove(added)
    elif added:
        raise Rejected(f"The list can't hold such an item: {_BY_HAND}.")
    if texts != wanted:
        raise Rejected(f"The list is written in a way that opsterm can't change: {_BY_HAND}.")
    return changed
