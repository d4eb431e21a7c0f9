"""Backstage's `catalog-info.yaml`, read without a YAML library: maps, lists, plain and quoted texts, block texts and
comments. What can act or refer (anchors, aliases, tags) is refused with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from opsterm.core.session import Rejected
from opsterm.records.plain import one_line

LINES_MAX, LINE_MAX = 50_000, 4_000
DEPTH_MAX = 30
_KEY = re.compile(
    r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s\-?:,\[\]{}#&*!|>'"%@`][^:#]*?|-[^\s:#][^:#]*?)\s*:(?:\s+|$)"""
)
_KEY_WITH_COLON = re.compile(r"([A-Za-z][\w./-]*(?::[\w./-]+)+)\s*:(?:\s+|$)")
_BLOCK = re.compile(r"[|>][+-]?\d?[+-]?\s*(#.*)?")
_TEMPLATE = re.compile(r"(?:[a-z]+:)?(?:[\w.-]+/)?([\w.-]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity of the catalog."""

    kind: str
    name: str
    owner: str
    text: str
    depends_on: tuple[str, ...]
    #: What its labels, annotations and spec say in texts.
    said: Mapping[str, str]


@dataclass(slots=True)
class _Line:
    number: int
    indent: int
    text: str


class _Reader:
    """One document's lines, read from the top."""

    def __init__(self, file: str, lines: list[_Line], raw: list[str]) -> None:
        self.file, self.lines, self.raw = file, lines, raw
        self.place = 0

    def refuse(self, line: _Line, what: str) -> Rejected:
        return Rejected(f"{self.file} row {line.number}, column {line.indent + 1}: {what}")

    def node(self, indent: int, depth: int = 0) -> Any:
        if depth > DEPTH_MAX:
            raise self.refuse(self.lines[self.place], "it is nested too deep.")
        line = self.lines[self.place]
        if line.text == "-" or line.text.startswith("- "):
            return self._list(line.indent, depth)
        if self._key(line.text):
            return self._map(line.indent, depth)
        if line.indent < indent:
            return ""
        self.place += 1
        return self._scalar(line, line.text)

    def _key(self, text: str) -> re.Match[str] | None:
        return _KEY_WITH_COLON.match(text) or _KEY.match(text)

    def _map(self, indent: int, depth: int) -> dict[str, Any]:
        out: dict[str, Any] = {}
        while self.place < len(self.lines):
            line = self.lines[self.place]
            if line.indent < indent or line.text.startswith("- "):
                break
            found = self._key(line.text)
            if line.indent > indent or not found:
                raise self.refuse(line, "no key stands there: check its indentation.")
            key = _unquoted(found[1])
            if key in out:
                raise self.refuse(line, f"{key} stands there twice.")
            rest = line.text[found.end() :].strip()
            self.place += 1
            out[key] = self._value(line, rest, indent, depth, in_map=True)
        return out

    def _list(self, indent: int, depth: int) -> list[Any]:
        out: list[Any] = []
        while self.place < len(self.lines):
            line = self.lines[self.place]
            if line.indent != indent or not (line.text == "-" or line.text.startswith("- ")):
                if line.indent > indent:
                    raise self.refuse(line, "no item stands there: check its indentation.")
                break
            rest = line.text[1:].lstrip()
            inner = indent + len(line.text) - len(rest)
            if rest and self._key(rest) and not rest.startswith(("'", '"')):
                line.indent, line.text = inner, rest
                out.append(self._map(inner, depth + 1))
            else:
                self.place += 1
                out.append(self._value(line, rest, indent, depth, in_map=False))
        return out

    def _value(self, line: _Line, rest: str, indent: int, depth: int, *, in_map: bool) -> Any:
        if _BLOCK.fullmatch(rest):
            return self._block(line, indent)
        if rest and not rest.startswith("#"):
            return self._scalar(line, self._continued(rest, indent))
        if self.place >= len(self.lines):
            return ""
        following = self.lines[self.place]
        same_list = in_map and following.indent == indent and following.text.startswith("-")
        return self.node(indent + 1, depth + 1) if following.indent > indent or same_list else ""

    def _continued(self, rest: str, indent: int) -> str:
        """A text that goes on over deeper lines."""
        while self.place < len(self.lines) and self.lines[self.place].indent > indent:
            rest += f" {self.lines[self.place].text}"
            self.place += 1
        return rest

    def _block(self, line: _Line, indent: int) -> str:
        """A block text: its lines are taken as they stand, comments too."""
        last = line.number
        for text in self.raw[line.number :]:
            if text.strip() and len(text) - len(text.lstrip(" ")) <= indent:
                break
            last += 1
        while self.place < len(self.lines) and self.lines[self.place].number <= last:
            self.place += 1
        return "\n".join(text.strip() for text in self.raw[line.number : last]).strip()

    def _scalar(self, line: _Line, text: str) -> Any:
        if text[0] in "&*!%@`":
            raise self.refuse(line, f"{text[0]!r} begins nothing that is read here: anchors, aliases and tags are not.")
        if text[0] == "[":
            inner = text.partition("#")[0].strip() if "'" not in text and '"' not in text else text
            if not inner.endswith("]"):
                raise self.refuse(line, "a list that begins with [ ends with ] on the same line.")
            return [_unquoted(part) for part in _parts(inner[1:-1])]
        if text[0] == "{":
            return {}
        if text[0] in "'\"":
            return _unquoted(text)
        return re.split(r"\s#", text, maxsplit=1)[0].strip()


def _parts(text: str) -> Iterator[str]:
    for found in re.finditer(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^,'"]+)+""", text):
        if found[0].strip():
            yield found[0].strip()


def _unquoted(text: str) -> str:
    if text[:1] == "'":
        end = re.match(r"'((?:[^']|'')*)'", text)
        return end[1].replace("''", "'") if end else text
    if text[:1] == '"':
        end = re.match(r'"((?:[^"\\]|\\.)*)"', text)
        return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m[1], m[1]), end[1]) if end else text
    return text.strip()


def read_documents(text: str, file: str) -> list[Any]:
    """The documents of a YAML file, as maps, lists and texts. Raises Rejected with the row and the column."""
    raw = text.replace("\r\n", "\n").split("\n")
    if len(raw) > LINES_MAX:
        raise Rejected(f"{file} has more than {LINES_MAX:,} lines: split it.")
    parts: list[list[_Line]] = [[]]
    for number, line in enumerate(raw, 1):
        if len(line) > LINE_MAX:
            raise Rejected(f"{file} row {number}: the line is longer than {LINE_MAX:,} characters.")
        body = line.strip()
        if re.fullmatch(r"(---|\.\.\.)(\s.*)?", line):
            parts.append([])
        elif body and not body.startswith("#") and not line.startswith("%"):
            margin = line[: len(line) - len(line.lstrip())]
            if "\t" in margin:
                raise Rejected(f"{file} row {number}, column 1: YAML is indented with spaces, not with tabs.")
            parts[-1].append(_Line(number, len(margin), body))
    out = []
    for lines in parts:
        if lines:
            reader = _Reader(file, lines, raw)
            out.append(reader.node(0))
            if reader.place < len(lines):
                raise reader.refuse(lines[reader.place], "it is not understood: check its indentation.")
    return out


def read_entities(text: str, file: str) -> list[Entity]:
    """The entities of a `catalog-info.yaml`. Raises Rejected."""
    return [entity for document in read_documents(text, file) if (entity := _entity(document, file)) is not None]


def _entity(document: Any, file: str) -> Entity | None:
    if not isinstance(document, dict) or "kind" not in document:
        return None
    about, spec = _map_of(document, "metadata"), _map_of(document, "spec")
    name = about.get("name")
    if not isinstance(name, str) or not one_line(name):
        raise Rejected(f"{file}: an entity of kind {document['kind']} has no metadata.name.")
    said = {
        key: one_line(value)
        for part in (_map_of(spec, ""), _map_of(about, "annotations"), _map_of(about, "labels"), spec)
        for key, value in part.items()
        if isinstance(value, str)
    }
    needs = spec.get("dependsOn", [])
    used = spec.get("consumesApis", [])
    listed = [item for group in (needs, used) if isinstance(group, list) for item in group if isinstance(item, str)]
    description = about.get("description")
    return Entity(
        str(document["kind"]).casefold(),
        one_line(name),
        _plain_reference(str(spec.get("owner", ""))),
        one_line(description) if isinstance(description, str) else "",
        tuple(dict.fromkeys(_plain_reference(item) for item in listed if item.strip())),
        said,
    )


def _map_of(document: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = document.get(key)
    return found if isinstance(found, dict) else {}


def _plain_reference(text: str) -> str:
    """The name in a reference such as `component:default/checkout`."""
    found = _TEMPLATE.fullmatch(one_line(text))
    return found[1] if found else one_line(text)
