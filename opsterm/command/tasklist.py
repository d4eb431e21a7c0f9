"""Checklists as Markdown task lists: the format that people already write.

An item is a GitHub task list item. `(K)` at its beginning makes it a killer item: one that skilled people do skip, and
whose omission is a disaster [Gawande 2009]. An indented line `why: …` under it says why it is on the list. Headings are
sections: pause points.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_ITEM = re.compile(r"^(?P<indent>[ \t]*)(?:[-*+]|\d{1,9}[.)])[ \t]{1,4}\[(?P<tick>[ xX])\][ \t]+(?P<text>\S.*?)[ \t]*$")
_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*$")
_WHY = re.compile(r"^[ \t]+why:[ \t]*(\S.*?)[ \t]*$", re.IGNORECASE)
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})")
_KILLER = re.compile(r"^\(K\)\s+")


@dataclass(frozen=True, slots=True)
class Item:
    """One task of a list."""

    label: str
    text: str
    section: str
    killer: bool
    ticked: bool
    reason: str


@dataclass(frozen=True, slots=True)
class TaskList:
    """A checklist as it was written."""

    name: str
    items: tuple[Item, ...]
    source: str


def read_task_list(source: str, name: str = "") -> TaskList:
    """The tasks of a Markdown text, in order; `name` is used where the text has no heading of the first level."""
    title, section, fence = "", "", ""
    items: list[Item] = []
    for line in source.splitlines():
        fenced = _FENCE.match(line)
        if fenced and (not fence or fenced[1].startswith(fence)):
            fence = "" if fence else fenced[1]
            continue
        if fence:
            continue
        if heading := _HEADING.match(line):
            if len(heading[1]) == 1 and not title:
                title = heading[2]
            else:
                section = heading[2]
        elif found := _ITEM.match(line):
            text = _KILLER.sub("", found["text"])
            killer = text != found["text"]
            items.append(Item(str(len(items) + 1), text, section, killer, found["tick"] != " ", ""))
        elif items and not items[-1].reason and (why := _WHY.match(line)):
            last = items[-1]
            items[-1] = Item(last.label, last.text, last.section, last.killer, last.ticked, why[1])
    return TaskList(title or name, tuple(items), source)
