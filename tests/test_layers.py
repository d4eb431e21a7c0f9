"""What may know what: imports point one way, and what has to be quick loads little."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = [path for folder in ("opsterm", "screens", "styles") for path in sorted((ROOT / folder).rglob("*.py"))]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@cache
def imported(path: Path) -> tuple[str, ...]:
    """The modules that a module imports, wherever in it."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports by a relative name"
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def among(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


#: (who, must not import, but for, why)
RULES: list[tuple[str, tuple[str, ...], tuple[str, ...], str]] = [
    ("opsterm", ("screens", "styles"), ("opsterm.app",), "the engine does not know that there are screens"),
    ("opsterm", ("textual", "rich"), ("opsterm.app",), "the engine does not know that there is a terminal"),
    ("opsterm", ("opsterm.app",), ("opsterm.cli.console",), "only what opens the console knows it"),
    ("opsterm.records", ("opsterm.board", "opsterm.command", "opsterm.share"), (), "records know nothing below them"),
    ("opsterm.board", ("opsterm.command", "opsterm.share", "opsterm.cli", "opsterm.drafting"), (), "commands call it"),
    ("opsterm.command", ("opsterm.cli",), (), "calls call commands"),
    ("opsterm.drafting", ("opsterm.cli", "opsterm.share", "sqlite3"), (), "words know records, not files"),
    ("opsterm.board", ("sqlmodel", "sqlalchemy", "opsterm.records.tables"), (), "the quick path loads no SQLModel"),
    ("screens", ("opsterm.share", "opsterm.cli", "sqlite3", "sqlmodel"), (), "screens read and call commands"),
    ("screens", ("opsterm.app",), (), "the app knows the screens"),
    ("styles", ("opsterm", "screens"), (), "styles are for screens, and know nothing"),
]  # fmt: skip


@pytest.mark.parametrize(("who", "what", "but", "why"), RULES, ids=[f"{who}: {why}" for who, _, _, why in RULES])
def test_imports_point_one_way(who: str, what: tuple[str, ...], but: tuple[str, ...], why: str) -> None:
    found = [
        f"{name_of(path)} imports {name}"
        for path in MODULES
        if among(name_of(path), (who,)) and not among(name_of(path), but)
        for name in imported(path)
        if among(name, what)
    ]
    assert found == [], why


def loaded_by(*words: str, board: Path) -> set[str]:
    """The modules that a process has loaded when a call has ended."""
    code = f"import sys; from opsterm.cli.main import main; main({list(words)!r}); print('\\n'.join(sys.modules))"
    environment = {**os.environ, "OPSTERM_BOARD": str(board)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    return set(done.stdout.split())


#: What `opsterm log` may load in all; Python itself brings about 100 with argparse, json and sqlite3.
MODULES_MAX = 260


def test_logging_a_line_loads_no_textual_and_no_sqlmodel_and_little_else(tmp_path: Path) -> None:
    board = tmp_path / "board.sqlite"
    loaded_by("declare", "Checkout fails", board=board)
    loaded = loaded_by("log", "-", "? pool", board=board)
    heavy = {"textual", "rich", "sqlmodel", "sqlalchemy", "pydantic", "watchfiles", "asyncio", "icalendar", "holidays"}
    heavy |= {"yaml", "tomlkit"}
    assert heavy & loaded == set()
    assert len(loaded) <= MODULES_MAX, sorted(loaded)


def test_the_board_opens_without_sqlmodel(tmp_path: Path) -> None:
    code = f"""
import sys
from pathlib import Path
from opsterm.board.store import Board
with Board.open(Path({str(tmp_path / "board.sqlite")!r})) as board:
    board.rebuild()
print("\\n".join(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {"sqlmodel", "sqlalchemy", "textual", "opsterm.command"} & set(done.stdout.split()) == set()
