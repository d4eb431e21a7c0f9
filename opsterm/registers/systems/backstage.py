"""Backstage's `catalog-info.yaml`: what its entities say. What can act, refer or swell (tags, anchors, aliases) is
refused with its place, and every scalar is the text that stands there: a version stays 1.10, and `no` is a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from opsterm.core.session import Rejected
from opsterm.records.plain import one_line

#: Far above any catalog; the file's bytes are bounded where they are decoded.
NODES_MAX, DEPTH_MAX = 200_000, 30
#: libyaml where PyYAML came with it, as its wheels do: 14 times as fast.
_LOADER = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader
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


class _Documents:
    """Maps, lists and texts, made of the events of a YAML file one by one, so that nothing is built that is refused."""

    def __init__(self, text: str, file: str) -> None:
        self.file = file
        self.events = yaml.parse(text, Loader=_LOADER)
        self.nodes = 0

    def __iter__(self) -> Iterator[Any]:
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                yield self._node(next(self.events), 0)

    def _node(self, event: yaml.Event, depth: int) -> Any:
        self.nodes += 1
        if self.nodes > NODES_MAX:
            raise self._refuse(event, f"it holds more than {NODES_MAX:,} values: split it.")
        if depth > DEPTH_MAX:
            raise self._refuse(event, "it is nested too deep.")
        if not isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)) or event.anchor or event.tag:
            raise self._refuse(event, "anchors, aliases and tags are not read here.")
        if isinstance(event, yaml.ScalarEvent):
            return event.value
        if isinstance(event, yaml.SequenceStartEvent):
            return [self._node(item, depth + 1) for item in self._inside()]
        return self._map(depth + 1)

    def _map(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key in self._inside():
            name = self._node(key, depth)
            if not isinstance(name, str):
                raise self._refuse(key, "a key is a text, no map and no list.")
            if name in found:
                raise self._refuse(key, f"{one_line(name)} stands there twice.")
            found[name] = self._node(next(self.events), depth)
        return found

    def _inside(self) -> Iterator[yaml.Event]:
        """What a map or a list holds, up to its end."""
        for event in self.events:
            if isinstance(event, yaml.CollectionEndEvent):
                return
            yield event

    def _refuse(self, event: yaml.Event, what: str) -> Rejected:
        return Rejected(f"{_place(self.file, event.start_mark)}: {what}")


def _place(file: str, mark: Any) -> str:
    return f"{file} row {mark.line + 1}, column {mark.column + 1}"


def read_documents(text: str, file: str) -> list[Any]:
    """The documents of a YAML file, as maps, lists and texts. Raises Rejected with the row and the column."""
    try:
        return list(_Documents(text, file))
    except yaml.MarkedYAMLError as error:
        # A scanner knows where the text began that it could not read, which is nearer than where it gave up.
        began = error.context_mark if isinstance(error, yaml.scanner.ScannerError) else None
        said = ", ".join(words for words in (error.problem, error.context) if words)
        raise Rejected(
            f"{_place(file, began or error.problem_mark)}: check its indentation and its quotes ({said})."
        ) from None
    except yaml.reader.ReaderError as error:
        row = text.count("\n", 0, text.find(chr(error.character))) + 1
        raise Rejected(f"{file} row {row}: {error.reason} (U+{error.character:04X}).") from None


def read_entities(text: str, file: str) -> list[Entity]:
    """The entities of a `catalog-info.yaml`. Raises Rejected."""
    return [entity for document in read_documents(text, file) if (entity := _entity(document, file)) is not None]


def _entity(document: Any, file: str) -> Entity | None:
    if not isinstance(document, dict) or "kind" not in document:
        return None
    about, spec = _map_of(document, "metadata"), _map_of(document, "spec")
    name = about.get("name")
    if not isinstance(name, str) or not one_line(name):
        raise Rejected(f"{file}: an entity of kind {one_line(str(document['kind']))} has no metadata.name.")
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
