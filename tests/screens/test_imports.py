"""What is loaded when: imports point one way, and the first paint waits for nothing that it does not show."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import opsterm
import screens

ROOT = Path(opsterm.__file__).parent
SCREENS = Path(screens.__file__).parent

_FIRST_PAINT = """
import asyncio, gc, sys, tempfile
from pathlib import Path
from textual.css.stylesheet import Stylesheet
from opsterm import gc_pause as collector
from opsterm.app import OpstermApp
from opsterm.board.store import Board
from opsterm.incidents.incident import declare
from opsterm.core.session import Session
async def main():
    with tempfile.TemporaryDirectory() as folder:
        board = Board.open(Path(folder) / "b.sqlite", any_disk=True)
        declare(Session(board, "mia"), "web is slow")
        collector.begin_start()
        app = OpstermApp(board, "mia")
        loaded, read_again = set(), []
        Stylesheet.reparse = lambda sheet: read_again.append(sheet)
        async with app.run_test(size=(120, 36)) as pilot:
            loaded = set(sys.modules)
            await pilot.pause()
            assert gc.isenabled() and gc.get_freeze_count(), "the collector runs again"
        assert not read_again, "the style sheets are read once"
        board.close()
        print("\\n".join(sorted(loaded)))
asyncio.run(main())
"""


def imported_by(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_the_engine_knows_no_screen_but_in_its_app() -> None:
    for path in ROOT.rglob("*.py"):
        if path.name != "app.py":
            about = {name for name in imported_by(path) if name.split(".")[0] in ("screens", "styles", "textual")}
            assert not about, f"{path} imports {about}"


def test_screens_import_neither_the_app_nor_the_share_nor_a_database() -> None:
    for path in SCREENS.rglob("*.py"):
        for name in imported_by(path):
            assert not name.startswith(("opsterm.app", "opsterm.share", "sqlite3", "sqlmodel")), f"{path}: {name}"


def test_the_first_paint_loads_only_what_it_shows() -> None:
    ran = subprocess.run([sys.executable, "-c", _FIRST_PAINT], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(ran.stdout.split())
    assert "screens.war_room.war_room" in loaded
    for name in (
        "sqlmodel",
        "sqlalchemy",
        "pydantic",
        "pyperclip",
        "watchfiles",
        "yaml",
        "tomlkit",
        "textual.widgets._text_area",
        "textual.widgets._markdown",
        "screens.composer.composer",
        "screens.checklists.walkthrough",
        "screens.pages.help",
        "screens.palette",
        "screens.home.home",
        "screens.war_room.detail",
        "screens.widgets.clipboard",
    ):
        assert name not in loaded, f"{name} is loaded before it is needed"


def test_the_command_line_loads_no_screen() -> None:
    script = (
        "import sys, opsterm.cli.main; print([m for m in sys.modules if m.split('.')[0] in ('textual', 'screens')])"
    )
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"
