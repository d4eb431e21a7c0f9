"""What is kept as a reason is what a person said: no sentence of the machine is stored."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from opsterm.board.change import Change
from opsterm.board.store import Board
from opsterm.records.timeline_entry import STRUCK, UNDOES, WHY
from tests.support import reasons_story
from tests.support.bench import Bench
from tests.support.reasons_story import Story

ROOT = Path(__file__).parents[1]
#: Invented people speak in these.
STORIES = ("opsterm/demo/",)
#: The commands that record a change take its reason by this name.
_WRITES = frozenset({"set", "create", "write", "note"})


def _sources() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("opsterm", "screens"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if not name.startswith(STORIES):
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def _made(value: ast.expr, within: ast.AST) -> bool:
    """Whether a value is words of the program: a text, or one put together, here or where its name got it."""
    if isinstance(value, ast.Constant):
        return isinstance(value.value, str) and value.value != ""
    if isinstance(value, ast.JoinedStr | ast.BinOp):
        return True
    if isinstance(value, ast.BoolOp):
        return any(_made(one, within) for one in value.values)
    if isinstance(value, ast.IfExp):
        return _made(value.body, within) or _made(value.orelse, within)
    if isinstance(value, ast.Name):
        given = (n for n in ast.walk(within) if isinstance(n, ast.Assign | ast.AnnAssign | ast.AugAssign) and n.value)
        return any(_made(n.value, ast.Pass()) for n in given if value.id in map(ast.unparse, _targets(n)) and n.value)
    return False


def _targets(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> list[ast.expr]:
    return node.targets if isinstance(node, ast.Assign) else [node.target]


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def _reasons() -> Iterator[tuple[str, str, ast.expr, ast.AST]]:
    """(file, function, the reason, where it stands) of every change that is recorded with one."""
    for name, tree in _sources():
        for function in _functions(tree):
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _WRITES:
                    yield from ((name, function.name, k.value, function) for k in node.keywords if k.arg == "why")
                elif isinstance(node, ast.Dict):
                    for key, value in zip(node.keys, node.values, strict=True):
                        if key is not None and ast.unparse(key) in ("WHY", f"'{WHY}'"):
                            yield name, function.name, value, function
                elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]).endswith(("[WHY]", f"['{WHY}']")):
                    yield name, function.name, node.value, function


def _takes_reasons() -> dict[str, set[int]]:
    """Name of a command → the places at which those of that name take a reason."""
    places: dict[str, set[int]] = {}
    for name, tree in _sources():
        for function in _functions(tree) if name.startswith("opsterm/") else ():
            args = [arg.arg for arg in (*function.args.posonlyargs, *function.args.args)]
            if args[:1] == ["session"] and "why" in args:
                places.setdefault(function.name, set()).add(args.index("why"))
    return places


def test_no_change_is_recorded_with_a_reason_that_the_program_made() -> None:
    found = list(_reasons())
    assert len(found) > 40
    assert [f"{file} {name}: {ast.unparse(why)}" for file, name, why, within in found if _made(why, within)] == []


def test_no_command_is_given_a_reason_that_the_program_made() -> None:
    places, found, calls = _takes_reasons(), [], 0
    for file, tree in _sources():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            named = node.func.attr if isinstance(node.func, ast.Attribute) else ast.unparse(node.func)
            given = [node.args[place] for place in places.get(named, ()) if place < len(node.args)]
            given += [k.value for k in node.keywords if k.arg == "why" and named in places]
            calls += len(given)
            found += [f"{file}: {ast.unparse(node)}" for value in given if _made(value, ast.Pass())]
    assert calls > 20
    assert found == []


@pytest.mark.parametrize("reasons", [True, False], ids=["with", "without"])
def test_every_reason_on_a_board_is_what_a_person_said(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, reasons: bool
) -> None:
    called: set[tuple[str, str]] = set()
    record = Board.record

    def seen(self: Board, *args: Any, **kwargs: Any) -> list[Change]:
        frame: FrameType | None = sys._getframe(1)
        while frame is not None and frame.f_code.co_filename != reasons_story.__file__:
            called.add((frame.f_code.co_filename.removeprefix(f"{ROOT}/"), frame.f_code.co_name))
            frame = frame.f_back
        return record(self, *args, **kwargs)

    monkeypatch.setattr(Board, "record", seen)
    story = Story(bench, reasons)
    story.runs()
    kept = [(change.kind, change.values[WHY]) for change in bench.board.all_changes() if WHY in change.values]
    assert [(kind, why) for kind, why in kept if why not in story.said] == []
    assert {why for _, why in kept} == story.said
    struck = [change.values for change in bench.board.all_changes() if STRUCK in change.values]
    assert any(UNDOES in values for values in struck)
    # No command that records a reason is left out.
    assert {(file, name) for file, name, *_ in _reasons()} - called == set()
