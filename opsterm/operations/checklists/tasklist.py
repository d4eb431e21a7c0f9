"""Checklists as Markdown task lists: the format that people already write.

An item is a GitHub task list item [GFM spec, task list items]; where one begins and ends is the CommonMark parser's
word, so that code, HTML comments, links and nesting mean here what they mean there. What opsterm adds is plain text:

- `(K)` at an item's beginning makes it a killer item: one that skilled people do skip, and whose omission is a disaster
  [Gawande 2009].
- A line under it that begins with one of KEYS says more of it: `why: …`, `expect: …`, `who: a second person`.
- Headings are sections: pause points. A paragraph that begins with `Read-do` or `Do-confirm` says the mode of the
  section that it stands in, or of the whole list.
- A line before the first item that begins with one of LIST_KEYS says more of the list: `systems: web, api`.

A text is kept as it was written, to the character: ticking changes the one between the brackets and no other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from opsterm.core.times import parse_duration
from opsterm.records.checklist import StepState
from opsterm.records.plain import plain
from opsterm.records.record import Other

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

#: More than so many items at one pause point are not read with care [Gawande 2009: 5 to 9].
ITEMS_MAX = 9

#: What a line under an item may begin with, and the item's field that it fills.
KEYS: Mapping[str, str] = {
    "why": "reason",
    "expect": "expected",
    "expected": "expected",
    "who": "who",
    "run": "command",
    "command": "command",
    "link": "link",
    "if": "condition",
    "condition": "condition",
    "back if": "rollback",
    "rollback if": "rollback",
    "rollback trigger": "rollback",
    "approver": "approver",
    "takes": "takes",
}
#: What a line before the first item may begin with.
LIST_KEYS = (
    "mode",
    "systems",
    "owner",
    "approver",
    "review every",
    "rollback of",
    "time",
    "no return",
    "decides",
    "drill every",
    "back if",
)
MODES = ("read-do", "do-confirm")

_TASK = re.compile(r"\[([ \txX])\][ \t]+(\S.*)")
_EOL = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
_KEY = re.compile(
    rf"({'|'.join(sorted(KEYS, key=len, reverse=True))})[ \t]*:[ \t]*+(\S(?:.*[^ \t])?)[ \t]*", re.IGNORECASE
)
_LIST_KEY = re.compile(rf"({'|'.join(LIST_KEYS)})[ \t]*:[ \t]*+(\S(?:.*[^ \t])?)[ \t]*", re.IGNORECASE)
_KILLER = re.compile(r"\(K\)[ \t]+")
_ID = re.compile(r"(?:(?<![ \t])[ \t]+)?+<!--[ \t]*id:[ \t]*([\w.-]{1,60})[ \t]*-->")
_HOLD = re.compile(r"\b(second person|two people|another person)\b", re.IGNORECASE)
_URL = re.compile(r"https?://[^\s)>\]]+")
_FRONT_KEY = re.compile(r"[\w-]+[ \t]*:")


@dataclass(frozen=True, slots=True)
class Item:
    """One task of a list."""

    label: str
    text: str
    section: str
    killer: bool
    ticked: bool
    reason: str
    #: The same over all versions of a list: its id, or its text's hash and which one of that text it is.
    key: str = ""
    #: Where the character between the brackets stands in the source.
    at: int = 0
    mode: str = ""
    expected: str = ""
    who: str = ""
    command: str = ""
    link: str = ""
    condition: str = ""
    rollback: str = ""
    approver: str = ""
    #: How long it takes as a rule, in minutes; 0 where the list does not say.
    minutes: int = 0

    @property
    def hold(self) -> bool:
        """Whether the list wants a second person here."""
        return bool(_HOLD.search(self.who))


@dataclass(frozen=True, slots=True)
class TaskList:
    """A checklist as it was written."""

    name: str
    items: tuple[Item, ...]
    source: str
    #: What the list says of itself, by LIST_KEYS.
    about: Mapping[str, str] = field(default_factory=dict)
    #: What stands before its first section, in plain words.
    intro: str = ""

    @property
    def sections(self) -> tuple[str, ...]:
        """Its pause points that have items, in order."""
        return tuple(dict.fromkeys(item.section for item in self.items))

    @property
    def counts(self) -> Mapping[str, int]:
        """Pause point → how many items it has, in order."""
        return Counter(item.section for item in self.items)

    @property
    def systems(self) -> tuple[str, ...]:
        return tuple(part for part in re.split(r"[,;][ \t]*", self.about.get("systems", "")) if part)

    @property
    def rollback_of(self) -> str:
        """The type of deployment that it is the way back of; empty for a checklist."""
        return self.about.get("rollback of", "").lower()


@lru_cache(maxsize=64)
def read_task_list(source: str, name: str = "") -> TaskList:
    """The tasks of a Markdown text, in order; `name` is used where the text has no heading of the first level.

    Its parts are fit to be shown; `source` is as it was written."""
    reading = _Reading(source)
    reading.read()
    about, items = reading.about, reading.items
    mode = about.get("mode", "")
    made = tuple(draft.item(i, about, mode) for i, draft in zip(_keys(items), items, strict=True))
    title, intro = plain(reading.title) or name, plain(" ".join(reading.intro))
    return TaskList(title, made, source, about, intro)


def ticked(tasks: TaskList, ticks: Mapping[str, bool]) -> str:
    """The source with items ticked or opened, by label. Nothing else in it changes: an `X` that is there stays one."""
    out = list(tasks.source)
    for item in tasks.items:
        if item.label in ticks and ticks[item.label] != item.ticked:
            out[item.at] = "x" if ticks[item.label] else " "
    return "".join(out)


def answered(tasks: TaskList, answers: Mapping[str, tuple[StepState | Other, str]]) -> str:
    """The source with the answers of a run, by label: (state, note). What is done is ticked, what does not apply is
    struck through and ticked, and any other state stands as words at the end of the item's line, so that the list reads
    well wherever Markdown does."""
    out, last = [], 0
    for item in tasks.items:
        state, note = answers.get(item.label, ("open", ""))
        end = next((i for i in range(item.at, len(tasks.source)) if tasks.source[i] in "\r\n"), len(tasks.source))
        line = tasks.source[item.at + 2 : end]
        text = line.rstrip(" \t")
        box = tasks.source[item.at]
        if state == "open":
            box, text = (" " if item.ticked else box), line
        elif state == "done":
            box, text = (box if item.ticked else "x"), (f"{text} ({_words(note)})" if note else line)
        elif state == "not-applicable":
            box, text = "x", f" ~~{text.strip()}~~ n/a: {_words(note)}"
        else:
            box, text = " ", f"{text} {state}: {_words(note)}"
        out += [tasks.source[last : item.at], box, "]", text]
        last = end
    return "".join([*out, tasks.source[last:]])


def _words(note: str) -> str:
    return " ".join(plain(note).split())


def crowded(tasks: TaskList) -> list[tuple[str, int]]:
    """(pause point, items) of those with more items than are read with care."""
    return [(section, count) for section, count in tasks.counts.items() if count > ITEMS_MAX]


@dataclass(slots=True)
class _Draft:
    """An item while its lines are read."""

    label: str
    text: str
    section: str
    killer: bool
    ticked: bool
    at: int
    id: str
    mode: str = ""
    said: dict[str, str] = field(default_factory=dict)

    def add(self, lines: Sequence[str]) -> None:
        """Takes the lines that follow its first one: keys, or more of its text."""
        for line in lines:
            found = _KEY.fullmatch(line.strip())
            if found:
                self.said.setdefault(KEYS[found[1].lower()], found[2])

    def more(self, lines: Sequence[str]) -> None:
        """The same within its first paragraph, where what is no key goes on with its text."""
        self.add(lines)
        rest = [line.strip() for line in lines if not _KEY.fullmatch(line.strip())]
        self.text = " ".join([self.text, *(line for line in rest if line)])

    def item(self, key: str, about: Mapping[str, str], mode: str) -> Item:
        said = {name: plain(text) for name, text in self.said.items()}
        url = _URL.search(self.text)
        takes = parse_duration(said.get("takes", ""))
        return Item(
            label=self.label,
            text=plain(self.text),
            section=plain(self.section),
            killer=self.killer,
            ticked=self.ticked,
            reason=said.get("reason", ""),
            key=key,
            at=self.at,
            mode=self.mode or mode,
            expected=said.get("expected", ""),
            who=said.get("who", ""),
            command=_without_quotes(said.get("command", "")),
            link=said.get("link", url[0] if url else ""),
            condition=said.get("condition", ""),
            rollback=said.get("rollback", ""),
            approver=said.get("approver", about.get("approver", "")),
            minutes=round(takes.total_seconds() / 60) if takes else 0,
        )


def _without_quotes(command: str) -> str:
    """A command that stands in backquotes, without them."""
    quoted = len(command) > 2 and command[0] == command[-1] == "`" and "`" not in command[1:-1]
    return command[1:-1] if quoted else command


def _keys(drafts: Sequence[_Draft]) -> list[str]:
    out: list[str] = []
    seen: dict[str, int] = {}
    for draft in drafts:
        key = draft.id or sha256(draft.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        seen[key] = seen.get(key, 0) + 1
        out.append(key if draft.id and seen[key] == 1 else f"{key}.{seen[key]}")
    return out


@dataclass(slots=True)
class _Frame:
    """A list item of the text that the reading is inside of."""

    first: bool = True
    draft: _Draft | None = None


class _Reading:
    """One pass over the blocks of a text."""

    def __init__(self, source: str) -> None:
        self.lines = [line for line in _EOL.split(source) if line]
        self.starts: list[int] = []
        start = 0
        for line in self.lines:
            self.starts.append(start)
            start += len(line)
        self.title = ""
        self.section = ""
        self.mode = ""
        self.intro: list[str] = []
        self.about: dict[str, str] = {}
        self.items: list[_Draft] = []
        self.frames: list[_Frame] = []
        self.numbers: dict[str, int] = {}

    def read(self) -> None:
        blocks = _parser().parse(self._body())
        for place, block in enumerate(blocks):
            inside = self.frames[-1] if self.frames else None
            if block.type == "list_item_open":
                if inside:
                    inside.first = False
                self.frames.append(_Frame())
            elif block.type == "list_item_close":
                self.frames.pop()
            elif block.type == "heading_open" and inside is None:
                self._heading(int(block.tag[1]), " ".join(blocks[place + 1].content.split()))
            elif block.type == "paragraph_open":
                self._paragraph(block, blocks[place + 1].content, inside)
            elif block.type == "fence" and inside and inside.draft:
                inside.draft.said.setdefault("command", block.content.strip("\n"))
            if inside and block.type != "list_item_close":
                inside.first = False

    def _body(self) -> str:
        """The text that is parsed: as many lines, without a byte order mark and front matter."""
        lines = [self.lines[0].removeprefix("\ufeff"), *self.lines[1:]] if self.lines else []
        for index in range(_front_matter(lines)):
            lines[index] = "\n"
        return "".join(lines)

    def _heading(self, level: int, text: str) -> None:
        if level == 1 and not self.title:
            self.title = text
        else:
            self.section, self.mode = text, ""

    def _paragraph(self, block: Token, content: str, inside: _Frame | None) -> None:
        lines = content.split("\n")
        if inside is None:
            self._prose(lines)
        elif inside.first:
            inside.draft = self._task(block.map[0] if block.map else 0, lines)
        else:
            owner = next((frame.draft for frame in reversed(self.frames) if frame.draft), None)
            if owner:
                owner.add(lines)

    def _prose(self, lines: Sequence[str]) -> None:
        for line in lines:
            stripped = line.strip()
            mode = next((m for m in MODES if stripped.lower().startswith(m)), "")
            found = _LIST_KEY.fullmatch(stripped)
            if mode and self.section:
                self.mode = mode
            elif mode:
                self.about.setdefault("mode", mode)
            elif found and not self.items:
                self.about.setdefault(found[1].lower(), plain(found[2]))
                continue
            if not self.section:
                self.intro.append(stripped)

    def _task(self, line: int, content: Sequence[str]) -> _Draft | None:
        found = _TASK.fullmatch(content[0].rstrip())
        raw = self.lines[line].replace("\0", "\ufffd").rstrip()
        place = len(raw) - len(content[0].rstrip())
        if not found or not raw.endswith(content[0].rstrip()) or place < 1 or raw[place - 1] not in " \t":
            return None
        text = found[2]
        named = _ID.search(text)
        text = _ID.sub("", text).rstrip()
        bare = _KILLER.sub("", text, count=1) if _KILLER.match(text) else text
        draft = _Draft(
            label=self._label(),
            text=bare,
            section=self.section,
            killer=bare != text,
            ticked=found[1] in "xX",
            at=self.starts[line] + place + 1,
            id=named[1] if named else "",
            mode=self.mode,
        )
        draft.more(content[1:])
        self.items.append(draft)
        return draft

    def _label(self) -> str:
        above = next((frame.draft.label for frame in reversed(self.frames) if frame.draft), "")
        self.numbers[above] = self.numbers.get(above, 0) + 1
        return f"{above}.{self.numbers[above]}" if above else str(self.numbers[above])


def _front_matter(lines: Sequence[str]) -> int:
    """How many lines of front matter a text begins with: `---`, keys, `---`."""
    if not lines or lines[0].rstrip() != "---" or len(lines) < 2 or not _FRONT_KEY.match(lines[1]):
        return 0
    for index, line in enumerate(lines[1:], 1):
        if line.rstrip() in ("---", "..."):
            return index + 1
    return 0


@cache
def _parser() -> MarkdownIt:
    """The block parser alone: inline markup needs no reading, and costs the most."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 100})
    parser.core.ruler.enableOnly(["normalize", "block"])
    return parser
