"""The house: what stands on what, what is loaded when, and how large anything may become."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import structure
from tests.support.structure import Import

OURS = structure.modules(tops=("opsterm", "screens", "styles"))
EVERY = structure.modules()


def among(name: str, packages: str) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages.split())


def imports_of(packages: str) -> Iterator[tuple[str, Import, str]]:
    """(who, the import, the module that it loads) of every module in some packages."""
    for name, path in OURS.items():
        if among(name, packages):
            for found in structure.imports(path):
                yield name, found, structure.module_of(found.name, OURS) or found.module


# --- what stands on what

#: Ground first. A module imports from its own folder and from those on lower floors: none from one on its own floor.
FLOORS = (
    "opsterm screens styles opsterm.gc_pause opsterm.records",
    "opsterm.drafting opsterm.board opsterm.settings",
    "opsterm.core opsterm.share",
    "opsterm.sharing",
    "opsterm.incidents opsterm.obligations",
    "opsterm.operations opsterm.updates",
    "opsterm.registers opsterm.exchange opsterm.learn",
    "opsterm.command opsterm.calendar opsterm.demo",
    "screens.textual_private",
    "screens.keys",
    "screens.widgets",
    "screens.console",
    "screens.pages",
    "screens.checklists screens.composer screens.learn screens.rules screens.share screens.tutorial",
    "screens.deployments screens.registers",
    "screens.calendar screens.incidents",
    "screens.war_room screens.home",
    "screens.linear screens.palette",
    "opsterm.app",
    "opsterm.cli",
    "opsterm.__main__",
)
FLOOR = {folder: floor for floor, folders in enumerate(FLOORS) for folder in folders.split()}


def folder_of(module: str) -> str:
    """`opsterm.board` of `opsterm.board.store`; a module that lies in no folder is one by itself."""
    parts = module.split(".")
    return parts[0] if parts[0] == "styles" else ".".join(parts[:2])


def test_every_folder_has_its_floor() -> None:
    assert {folder_of(module) for module in OURS} == set(FLOOR)


def test_a_module_imports_from_its_own_folder_and_from_lower_floors() -> None:
    climbing = [
        f"{who}:{found.line} imports {module}"
        for who, found, module in imports_of("opsterm screens styles")
        if module in OURS and folder_of(who) != folder_of(module) and FLOOR[folder_of(module)] >= FLOOR[folder_of(who)]
    ]
    assert not climbing, "\n".join(climbing)


def test_no_imports_go_round_in_a_circle() -> None:
    """Imports in functions and imports for types alone count too."""
    assert structure.circles(structure.graph(EVERY)) == []


#: What floors do not say: (who, must not import, but for, why).
RULES = (
    ("opsterm", "screens styles", "opsterm.app", "the engine does not know that there are screens"),
    ("opsterm", "textual rich", "opsterm.app", "the engine does not know that there is a terminal"),
    ("opsterm", "opsterm.app", "opsterm.cli.console", "only what opens the console knows it"),
    ("opsterm", "opsterm.share", "opsterm.share opsterm.sharing opsterm.cli", "a share is read by its process"),
    ("opsterm.board", "opsterm.records.tables sqlmodel sqlalchemy", "", "the quick path loads no SQLModel"),
    ("opsterm.drafting", "sqlite3", "", "words know records, not files"),
    ("screens", "opsterm.share sqlite3 sqlmodel", "", "screens read and call commands"),
)


@pytest.mark.parametrize(("who", "what", "but", "why"), RULES, ids=[f"{who}: {why}" for who, _, _, why in RULES])
def test_some_do_not_know_of_others(who: str, what: str, but: str, why: str) -> None:
    found = [
        f"{module}:{one.line} imports {loaded}"
        for module, one, loaded in imports_of(who)
        if among(loaded, what) and not among(module, but)
    ]
    assert not found, "\n".join([why, *found])


def test_no_test_borrows_from_another() -> None:
    """What several tests use stands in tests/support, or in a module of their folder that holds no test."""
    borrowed = [
        f"{who} imports {module}"
        for who, modules in structure.graph(structure.modules(tops=("tests", "benchmarks"))).items()
        for module in modules
        if module.rpartition(".")[2].startswith(("test_", "conftest"))
    ]
    assert not borrowed, "\n".join(borrowed)


# --- what is loaded when

#: Libraries that take long to load: neither `opsterm log` nor the first paint loads any.
LARGE = (
    "sqlmodel sqlalchemy pydantic watchfiles icalendar dateutil holidays markdown_it plotille pyperclip yaml tomlkit"
)
#: Why an import stands in a function: (who, what it imports there, why).
LAZY = (
    ("opsterm screens", LARGE, "a large library is loaded by what needs it"),
    ("opsterm.registers.systems.catalog", "opsterm.registers.systems.backstage", "it loads PyYAML"),
    ("opsterm.exchange.dump", "opsterm.records.tables", "it loads SQLModel"),
    ("opsterm", "platformdirs", "a board and settings that are named need no folder of the user's"),
    ("opsterm.cli", "opsterm", "a call loads what it does when it does it: help of all takes 0.15 s, and not 0.5"),
    ("opsterm.share", "opsterm.share opsterm.board", "every call knows its errors; few calls share"),
    ("opsterm.command.closing", "opsterm.learn", "`opsterm log` rarely resolves"),
    ("opsterm.updates", "opsterm.drafting opsterm.updates", "`opsterm log` rarely sends"),
    ("opsterm.app", "screens", "the console opens on home or in a war room, and needs no more than that one"),
    ("screens", "screens", "a page is loaded when it is opened"),
    ("screens.home screens.war_room screens.deployments.what_changed", "opsterm", "the first paint shows none of it"),
    ("screens.composer", "opsterm.drafting opsterm.updates", "words are loaded beside the console, while one reads"),
    ("screens.learn", "opsterm.learn", "likenesses are worked out beside the console, while one reads"),
)


def lazy_imports() -> list[tuple[str, Import, str]]:
    return [(who, found, loaded) for who, found, loaded in imports_of("opsterm screens styles") if found.lazy]


def test_an_import_stands_in_a_function_only_for_a_reason() -> None:
    unsaid = [
        f"{module}:{found.line} imports {loaded}"
        for module, found, loaded in lazy_imports()
        if not any(among(module, who) and among(loaded, what) for who, what, _ in LAZY)
    ]
    assert not unsaid, "\n".join(unsaid)


def test_every_reason_is_that_of_an_import() -> None:
    found = lazy_imports()
    assert [why for who, what, why in LAZY if not any(among(m, who) and among(to, what) for m, _, to in found)] == []


def test_an_import_that_is_not_at_the_top_spares_a_load() -> None:
    """What is loaded with a module anyway is imported at its top, neither in a function nor for types alone."""
    spares_none = [
        f"{module}:{found.line} imports {loaded}"
        for module, found, loaded in imports_of("opsterm screens styles")
        if (found.lazy or found.typing) and loaded in structure.loaded_with(OURS, module)
    ]
    assert not spares_none, "\n".join(spares_none)


def loaded_by(code: str, **environment: str) -> set[str]:
    """The modules that a process has loaded after some lines."""
    code += "\nimport sys; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ | environment
    )
    return set(done.stdout.split())


def call(*words: str) -> str:
    return f"from opsterm.cli.main import main; main({list(words)!r})"


#: What `opsterm log` may load in all; Python itself brings about 100 with argparse, json and sqlite3.
MODULES_MAX = 260


def test_logging_a_line_loads_no_textual_and_no_sqlmodel_and_little_else(tmp_path: Path) -> None:
    board = str(tmp_path / "board.sqlite")
    loaded_by(call("declare", "Checkout fails"), OPSTERM_BOARD=board)
    loaded = loaded_by(call("log", "-", "? pool"), OPSTERM_BOARD=board)
    assert {"screens", "textual", "rich", "asyncio", *LARGE.split()} & loaded == set()
    assert len(loaded) <= MODULES_MAX, sorted(loaded)


def test_the_help_of_all_calls_loads_nothing_of_what_they_do() -> None:
    loaded = loaded_by("from opsterm.cli.main import build_parser; build_parser()")
    between = range(FLOOR["opsterm.sharing"] + 1, FLOOR["opsterm.cli"])
    assert [name for name in loaded if FLOOR.get(folder_of(name)) in between] == []


def test_the_board_opens_without_sqlmodel(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from opsterm.board.store import Board
with Board.open(Path({str(tmp_path / "board.sqlite")!r})) as board:
    board.rebuild()
"""
    assert {"sqlmodel", "sqlalchemy", "textual", "opsterm.command"} & loaded_by(code) == set()


FIRST_PAINT = """
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


def test_the_first_paint_loads_only_what_it_shows() -> None:
    ran = subprocess.run([sys.executable, "-c", FIRST_PAINT], capture_output=True, text=True, check=True, timeout=60)
    loaded = set(ran.stdout.split())
    assert "screens.war_room.war_room" in loaded
    for name in (
        *LARGE.split(),
        "textual.widgets._text_area",
        "textual.widgets._markdown",
        "screens.composer.composer",
        "screens.checklists.walkthrough",
        "screens.pages.help",
        "screens.linear screens.palette",
        "screens.home.home",
        "screens.war_room.detail",
        "screens.widgets.clipboard",
    ):
        assert name not in loaded, f"{name} is loaded before it is needed"


# --- how large

MODULES_A_FOLDER_MAX = 28
LINES_A_MODULE_MAX = 600
METHODS_A_CLASS_MAX = 60
#: Tables, which are as long as what they list.
DATA = {"screens.keys.actions"}


def test_no_folder_holds_more_modules_than_one_looks_through() -> None:
    assert {folder: n for folder, n in structure.folders(OURS).items() if n > MODULES_A_FOLDER_MAX} == {}


def test_no_module_is_longer_than_one_reads() -> None:
    long = {name: n for name, path in OURS.items() if (n := structure.lines(path)) > LINES_A_MODULE_MAX}
    assert {name: n for name, n in long.items() if name not in DATA} == {}
    assert set(OURS) >= DATA


def test_no_class_does_everything() -> None:
    assert {name: n for name, n, _ in structure.classes(OURS) if n > METHODS_A_CLASS_MAX} == {}
