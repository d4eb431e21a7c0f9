"""The catalog of systems: small, imported, never required."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from opsterm.board.store import Board
from opsterm.core.lookup import named_id
from opsterm.core.session import Outcome, Rejected, Session, some
from opsterm.records import System
from opsterm.records.plain import one_line
from opsterm.records.record import as_fields
from opsterm.registers.csv_file import as_csv, decode, read_rows
from opsterm.registers.import_rows import import_rows

COLUMNS = ("name", "team", "criticality", "depends_on")
MORE = ("owner", "text", "retired")
#: Where a Backstage entity may say how critical it is: labels, annotations and spec, in that order.
_CRITICALITY_KEYS = ("criticality", "opsterm/criticality", "tier")
_CRITICAL_WORDS = {"critical": 1, "high": 1, "tier1": 1, "medium": 2, "tier2": 2, "low": 3, "tier3": 3}
#: Kinds of Backstage entity that are systems here.
_KINDS = ("component", "resource", "system", "api")


@dataclass(frozen=True, slots=True)
class Node:
    """One system in the tree of what hangs on what."""

    name: str
    depth: int
    criticality: int
    #: Whether it stands higher up in its own branch: what depends on itself ends there.
    again: bool = False


def systems(board: Board) -> list[System]:
    """The catalog by name, without what is gone."""
    return sorted((s for s in board.all(System) if not s.retired), key=lambda s: (s.name.casefold(), s.id))


def critical_systems(board: Board) -> frozenset[str]:
    """The names of the critical systems, and of all that those cannot do without, folded in case."""
    known = {s.name.casefold(): s for s in systems(board)}
    found: set[str] = set()
    todo = [name for name, system in known.items() if system.criticality == 1]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += [need.casefold() for need in known[name].depends_on] if name in known else []
    return frozenset(found)


def criticality_of(board: Board) -> Mapping[str, int]:
    """Folded name → 1, 2 or 3; systems of which nobody said are not there."""
    critical = critical_systems(board)
    given = {s.name.casefold(): s.criticality for s in systems(board) if s.criticality}
    return {**given, **dict.fromkeys(critical, 1)}


def hangs_on(board: Board, name: str) -> list[Node]:
    """The tree of what a system cannot do without, itself first."""
    return list(_walk({s.name.casefold(): s for s in systems(board)}, name, _needs))


def hang_on_it(board: Board, name: str) -> list[Node]:
    """The tree of what cannot do without a system, itself first."""
    known = {s.name.casefold(): s for s in systems(board)}
    needing: dict[str, list[str]] = {}
    for system in known.values():
        for need in system.depends_on:
            needing.setdefault(need.casefold(), []).append(system.name)
    return list(_walk(known, name, lambda _, at: needing.get(at, [])))


def _needs(known: Mapping[str, System], at: str) -> Sequence[str]:
    return known[at].depends_on if at in known else ()


def _walk(known: Mapping[str, System], name: str, follow: Any) -> Iterator[Node]:
    # What was shown with its branch once is named alone the next time: the tree stays as small as the catalog.
    shown: set[str] = set()
    todo: list[tuple[str, int]] = [(name, 0)]
    while todo:
        at, depth = todo.pop()
        key = at.casefold()
        system = known.get(key)
        again = key in shown
        yield Node(system.name if system else at, depth, system.criticality if system else 0, again)
        if not again:
            shown.add(key)
            todo += [(need, depth + 1) for need in reversed(list(follow(known, key)))]


def import_csv(session: Session, raw: bytes, name: str) -> Outcome:
    """Takes a file of columns COLUMNS, whole or not at all. Raises Rejected with the row and the column."""
    found: dict[str, dict[str, Any]] = {}
    for row in read_rows(raw, name, COLUMNS, MORE):
        record = named_id(System, row["name"].some("what the system is called"))
        if record in found:
            raise row["name"].refuse("it stands there twice.")
        found[record] = {
            "name": row["name"].text,
            "team": row["team"].text,
            "criticality": row["criticality"].whole(3),
            "depends_on": row["depends_on"].several(),
        }
        found[record] |= {key: row[key].text for key in ("owner", "text") if row[key]}
        if row["retired"]:
            found[record]["retired"] = row["retired"].yes()
    return import_rows(session, System, found.items(), "systems", name)


def import_backstage(session: Session, raw: bytes, name: str) -> Outcome:
    """Takes the entities of a `catalog-info.yaml` [backstage.io, descriptor format]. Raises Rejected."""
    from opsterm.registers.systems.backstage import read_entities

    found: dict[str, dict[str, Any]] = {}
    for entity in read_entities(decode(raw, name), name):
        if entity.kind in _KINDS:
            fields: dict[str, Any] = {"name": entity.name, "team": entity.owner, "depends_on": list(entity.depends_on)}
            fields |= {"text": entity.text} if entity.text else {}
            criticality = _criticality(entity.said)
            fields |= {"criticality": criticality} if criticality else {}
            found[named_id(System, entity.name)] = fields
    if not found:
        raise Rejected(f"{name} holds no {', '.join(_KINDS)}: it needs kind and metadata.name.")
    return import_rows(session, System, found.items(), "systems", name)


def _criticality(texts: Mapping[str, str]) -> int:
    for key in _CRITICALITY_KEYS:
        said = texts.get(key, "").casefold().replace("-", "").replace(" ", "")
        if said in ("1", "2", "3"):
            return int(said)
        if said in _CRITICAL_WORDS:
            return _CRITICAL_WORDS[said]
    return 0


def find_system(board: Board, name: str) -> System:
    """The system of a name, in any case. Raises Rejected."""
    found = board.get(System, named_id(System, name))
    if found is None:
        raise Rejected(f"There is no system {name} in the catalog.")
    return found


def add_system(session: Session, name: str, given: Mapping[str, Any]) -> Outcome:
    """Records one system; a retired one of that name comes back. Raises Rejected."""
    called = some(one_line(name), "what the system is called")
    record = named_id(System, called)
    before = session.board.get(System, record)
    if before is not None and not before.retired:
        raise Rejected(f"{called} is in the catalog already.")
    session.create(System, "", {"name": called, "retired": False, **given}, record=record)
    return Outcome(f"{called} is in the catalog", record)


def export_csv(board: Board) -> Iterator[str]:
    """The catalog as CSV, which imports again as it is."""
    columns = [*COLUMNS, *MORE]
    return as_csv(columns, ([as_fields(item)[column] for column in columns] for item in board.all(System)))


def gaps(board: Board) -> Iterator[str]:
    """What the catalog leaves open, in words: names that nothing answers to, and critical systems without a team."""
    known = {s.name.casefold() for s in systems(board)}
    for system in systems(board):
        missing = [need for need in system.depends_on if need.casefold() not in known]
        if missing:
            yield f"{system.name} depends on {', '.join(missing)}, not in the catalog"
        if system.criticality == 1 and not (system.team or system.owner):
            yield f"{system.name} is critical, and nobody answers for it"


def most_critical(names: Iterable[str], criticality: Mapping[str, int]) -> int:
    """The worst of some systems: 1, 2 or 3; 0 where nothing is known of any."""
    return min((criticality[n.casefold()] for n in names if n.casefold() in criticality), default=0)
