"""Private parts of Textual are used in one module, and no name of the console's own hides one."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from textwrap import dedent

import pytest

from tests.support.structure import modules, parsed

KNOWN = modules(tops=("opsterm", "screens", "benchmarks"))
#: The one module that may.
HERE = "screens.textual_private"


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name != "_"


def private_names(tree: ast.AST) -> set[str]:
    """The private methods and attributes that code defines."""
    found = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
    found |= {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute) and isinstance(n.ctx, ast.Store)}
    bodies = (statement for node in ast.walk(tree) if isinstance(node, ast.ClassDef) for statement in node.body)
    fields = (field for statement in bodies for field in ast.iter_child_nodes(statement) if isinstance(field, ast.Name))
    found |= {field.id for field in fields if isinstance(field.ctx, ast.Store)}
    return {name for name in found if is_private(name)}


@cache
def private_names_of(cls: type) -> frozenset[str]:
    return frozenset(private_names(ast.parse(dedent(inspect.getsource(cls)))))


def of_textual(cls: type) -> set[str]:
    """The private names that a class has from Textual."""
    bases = (base for base in cls.__mro__ if base.__module__.startswith("textual."))
    return {name for base in bases for name in private_names_of(base)}


def on_textual(name: str) -> Iterator[tuple[type, ast.ClassDef]]:
    """The classes of a module that are built on Textual's."""
    known = vars(import_module(name))
    for node in parsed(KNOWN[name]).body:
        cls: type = known[node.name] if isinstance(node, ast.ClassDef) else type
        if isinstance(node, ast.ClassDef) and any(base.__module__.startswith("textual.") for base in cls.__mro__):
            yield cls, node


@cache
def ours() -> set[str]:
    """The private names of the console's own code."""
    return set().union(*(private_names(parsed(path)) for path in KNOWN.values()))


def names_textual(name: str) -> bool:
    return "textual" in KNOWN[name].read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [name for name in KNOWN if name != HERE and names_textual(name)])
def test_nothing_private_is_imported_from_textual(name: str) -> None:
    for node in ast.walk(parsed(KNOWN[name])):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "textual":
            parts = [*(node.module or "").split("."), *(alias.name for alias in node.names)]
            assert not [part for part in parts if is_private(part)]
        elif isinstance(node, ast.Import):
            assert not [a.name for a in node.names if a.name.startswith("textual.") and "._" in a.name]


@pytest.mark.parametrize("name", [name for name in KNOWN if name.startswith(("screens", "opsterm.app"))])
def test_what_is_private_to_textual_is_neither_used_nor_hidden(name: str) -> None:
    if name != HERE:
        used = {node.attr for node in ast.walk(parsed(KNOWN[name])) if isinstance(node, ast.Attribute)}
        assert {attr for attr in used if is_private(attr)} <= ours()
    for cls, node in on_textual(name):
        inside = {part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute) and is_private(part.attr)}
        assert sorted((inside | private_names(node)) & of_textual(cls)) == [], cls.__name__
