"""What README, CONTRIBUTING and docs/ say is so: nothing that the code has is missing there, nothing is named that is
gone."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from opsterm.core.calendar_dates import team_holidays
from opsterm.core.thresholds import Thresholds, load_settings, read_settings
from opsterm.incidents.severity import own_rules, read_rules
from opsterm.learn.team_rules import postmortem_rules
from opsterm.operations.deployments.change_risk import team_formula
from opsterm.registers.teams.meeting import hour_rate
from opsterm.registers.vendors.concentration import money
from opsterm.updates.settings import usable_phrases, word_settings
from screens.keys.actions import HOME, LISTS, PANES, POSTMORTEM, ROOM, TABLE, WALK, say_key
from screens.keys.keymap import keys_in_file, remapped
from tests.support.reference import PLACES, calls, calls_page, keys_page
from tests.support.structure import ROOT, folders, modules, parsed

DOCS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in
        (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md")))}  # fmt: skip
_FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"`([^`\n]+(?:\n[^`\n]+)?)`")


def spans(page: str) -> list[str]:
    """What stands between backticks on a page, each on one line."""
    return [" ".join(found.split()) for found in _SPAN.findall(_FENCE.sub("", DOCS[page]))]


def fences(page: str, *languages: str) -> list[str]:
    """The blocks of code of a page in these languages; `` is none."""
    return [block for language, block in _FENCE.findall(DOCS[page]) if language in languages]


# --- pages that are lists


def test_the_lists_of_calls_and_keys_are_as_the_code_is() -> None:
    for page, wanted in (("docs/calls.md", calls_page()), ("docs/keys.md", keys_page())):
        assert DOCS[page] == wanted, "python -m tests.support.reference writes it anew"


def test_every_place_of_keys_is_listed() -> None:
    assert {place for action in TABLE for place in action.places} == set(PLACES)


# --- calls


def _calls_in(page: str) -> Iterator[str]:
    for span in spans(page):
        if span.startswith("opsterm "):
            yield span
    for block in fences(page, "", "console"):
        for line in block.splitlines():
            # Two calls may stand beside each other.
            yield from (part for part in re.split(r"\s{2,}|#", line.removeprefix("$ ")) if part.startswith("opsterm "))


@pytest.mark.parametrize("page", DOCS)
def test_calls_in_the_docs_are_calls_that_there_are_with_options_that_they_have(page: str) -> None:
    known = {(): {"--linear", "--version", "--help"}} | {
        call.path: {option for action in call.parser._actions for option in action.option_strings} for call in calls()
    }
    wrong = []
    for said in _calls_in(page):
        words = shlex.split(re.sub(r"[\[\]…\\]", "", said))[1:]
        path: tuple[str, ...] = ()
        while words and (*path, words[0]) in known:
            path = (*path, words.pop(0))
        has_calls = any(other[:-1] == path for other in known if other)
        if has_calls and words and re.fullmatch(r"[a-z-]+", words[0]) and not words[0].startswith("-"):
            wrong.append(said)
        if path != ("log",) and not {word for word in words if word.startswith("--")} <= known[path]:
            wrong.append(said)
    assert wrong == []


# --- keys


#: (page, heading above the table, column of the keys, places in which they act)
_TABLES = (
    ("README.md", "The keys", 0, (ROOM, *PANES, LISTS, HOME)),
    ("docs/checklists.md", "Walking through it", 0, (WALK, LISTS)),
    ("docs/command.md", "Keys of command, and how many presses", 1, PLACES),
    ("docs/learn.md", "Screens", 0, (ROOM, HOME, POSTMORTEM)),
    ("docs/registers.md", "The pages", 0, (HOME,)),
    ("docs/registers.md", "The pages", 2, PLACES),
)


@pytest.mark.parametrize(("page", "heading", "column", "places"), _TABLES, ids=[f"{p} {c}" for p, _, c, _ in _TABLES])
def test_keys_in_the_docs_do_something(page: str, heading: str, column: int, places: tuple[str, ...]) -> None:
    section = re.split(r"^#+ ", DOCS[page].split(f"# {heading}\n")[1], flags=re.MULTILINE)[0]
    rows = [line.split("|")[1:-1] for line in section.splitlines() if line.startswith("|")][2:]
    told = {key for row in rows for span in _SPAN.findall(row[column]) for key in span.split()}
    known = {say_key(key) for action in TABLE if set(action.places) & set(places) for key in action.keys}
    assert rows
    assert told - known == set()


# --- the settings file


class Noted(dict[str, Any]):
    """A table of the settings file that notes which of its names are asked for, each with those above it."""

    def __init__(self, table: dict[str, Any], asked: set[tuple[str, ...]], above: tuple[str, ...] = ()) -> None:
        super().__init__(
            {
                name: Noted(value, asked, (*above, name)) if isinstance(value, dict) else value
                for name, value in table.items()
            }
        )
        self._asked, self._above = asked, above

    def _note(self, name: str) -> None:
        self._asked.add((*self._above, name))

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self._note(name)
        return super().get(name, default)

    def __iter__(self) -> Iterator[str]:
        for name in super().__iter__():
            self._note(name)
            yield name

    def items(self) -> Any:
        return [(name, self[name]) for name in self]


#: What reads the settings file, by its module, and answers with what it did not understand.
READERS: dict[str, Callable[[], object]] = {
    "opsterm.core.calendar_dates": lambda: () if date(2026, 12, 25) in team_holidays() else "no holidays",
    "opsterm.core.thresholds": lambda: (*load_settings().warnings, *read_rules(load_settings().severity)[1]),
    "opsterm.learn.team_rules": lambda: postmortem_rules().warnings,
    "opsterm.operations.deployments.change_risk": lambda: team_formula().warnings,
    "opsterm.registers.teams.meeting": lambda: () if hour_rate() else "no rate",
    "opsterm.registers.vendors.concentration": lambda: () if money().rates else "no rates",
    "opsterm.updates.settings": lambda: (*word_settings().warnings, *usable_phrases(word_settings())[1]),
    "screens.keys.keymap": lambda: remapped(keys_in_file()).warnings,
}
#: What knows of the file and reads no setting of its own: it says where it is, or changes it.
_OTHERS = {"opsterm.app", "opsterm.incidents.team_file", "opsterm.settings", "screens.rules"}


def test_whatever_reads_the_settings_file_is_known_here() -> None:
    ways = re.compile(r"\b(?:settings_path|team_table|kept_until_changed)\b")
    known = modules(tops=("opsterm", "screens"))
    found = {name for name, path in known.items() if ways.search(path.read_text(encoding="utf-8"))}
    assert found == set(READERS) | _OTHERS


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    both = {name for name in one.keys() & other.keys() if isinstance(one[name], dict)}
    return {**one, **other, **{name: _merged(one[name], other[name]) for name in both}}


def _paths(table: dict[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in table.items():
        yield (*above, name)
        if isinstance(value, dict):
            yield from _paths(value, (*above, name))


def test_every_setting_stands_in_an_example_and_is_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document: dict[str, Any] = {}
    for page in DOCS:
        for example in fences(page, "toml"):
            document = _merged(document, tomllib.loads(example))
    file = tmp_path / "settings.toml"
    file.write_text(tomlkit.dumps(document), encoding="utf-8")
    monkeypatch.setenv("OPSTERM_SETTINGS", str(file))
    asked: set[tuple[str, ...]] = set()
    loads = tomllib.loads
    written = file.read_text(encoding="utf-8")
    monkeypatch.setattr(tomllib, "loads", lambda text: Noted(loads(text), asked) if text == written else loads(text))
    assert {name: said for name, read in READERS.items() if (said := read())} == {}
    told = set(_paths(document))
    assert asked - told == set(), "no example says it"
    assert told - asked == set(), "nothing reads it"


def test_every_table_of_the_rules_that_a_team_may_replace_is_named() -> None:
    for name in ("severity", "change_risk"):
        data = tomllib.loads((ROOT / f"opsterm/data/{name}.toml").read_text(encoding="utf-8"))
        (row,) = [line for line in DOCS["docs/settings.md"].splitlines() if f"opsterm/data/{name}.toml" in line]
        assert [table for table in data if f"`{table}`" not in row] == []


def test_every_variable_of_the_environment_is_told_and_none_that_is_gone() -> None:
    named = re.compile(r"OPSTERM_[A-Z_]+")
    code = [*modules().values(), ROOT / ".ci" / "run"]
    used = {name for path in code for name in named.findall(path.read_text(encoding="utf-8"))}
    assert {name for text in DOCS.values() for name in named.findall(text)} == used


# --- the rules of command


COMMAND = DOCS["docs/command.md"]


def test_every_threshold_stands_there_with_its_default_and_source() -> None:
    for field in fields(Thresholds):
        assert f"| `{field.name}` | {field.default} | {field.metadata['doc']} |" in COMMAND


def test_the_severity_table_and_its_floors_stand_there() -> None:
    rules = own_rules()
    for name, row in rules.base.items():
        assert f"| {rules.breadth[name]} | {' | '.join(map(str, row))} |" in COMMAND
    for floor in rules.floors:
        assert f"| {floor.level} | {floor.words} |" in COMMAND
    for name, asks in rules.asks.items():
        assert f"| {name} | {asks.words} |" in COMMAND


def test_its_example_is_understood() -> None:
    found = read_settings(tomllib.loads(fences("docs/command.md", "toml")[0]))
    assert (found.warnings, found.thresholds.repeat_minutes) == ((), 3)
    rules, warnings = read_rules(found.severity)
    assert (warnings, rules.growing, rules.base["half"][1]) == ((), 2, 1)


# --- files, names in them, and links


@pytest.mark.parametrize("page", DOCS)
def test_files_and_folders_in_the_docs_are_there(page: str) -> None:
    tops = "opsterm|screens|styles|tests|benchmarks|docs"
    prose = _FENCE.sub("", DOCS[page])
    files = re.findall(rf"(?<![\w/.])(?:{tops})/[\w./*-]+\.(?:py|toml|tcss|md|svg)\b", prose)
    of_folders = [span for span in spans(page) if re.fullmatch(rf"(?:{tops})(?:/\w+)*/", span)]
    assert [name for name in (*files, *of_folders) if not [*ROOT.glob(name)]] == []


def _defined(path: Path) -> set[str]:
    """The names that a module defines, those of a class also with its name before them."""
    found = set()
    for node in parsed(path).body:
        for name in _names(node):
            found.add(name)
            found |= {f"{name}.{part}" for inner in getattr(node, "body", ()) for part in _names(inner)}
    return found


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


@pytest.mark.parametrize("page", DOCS)
def test_names_in_the_docs_are_defined_in_the_files_that_are_named_with_them(page: str) -> None:
    found = re.findall(r"`([A-Za-z_.]+)(?:\(\))?`\s(?:in\s|\()`([\w/]+\.py)`", DOCS[page])
    assert [(name, file) for name, file in found if name not in _defined(ROOT / file)] == []


def _anchors(text: str) -> set[str]:
    """The anchors of a page, made from its headings as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", DOCS)
def test_links_between_the_docs_lead_somewhere(page: str) -> None:
    dead = []
    for link in re.findall(r"\]\(([^)\s]+)\)", DOCS[page]):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        target = (ROOT / page).parent / file if file else ROOT / page
        if not target.exists() or (anchor and anchor not in _anchors(target.read_text(encoding="utf-8"))):
            dead.append(link)
    assert dead == []


# --- pages for those who work on it


def test_every_folder_of_code_has_a_line_in_the_architecture_and_every_target_of_make_is_told() -> None:
    known = modules(tops=("opsterm", "screens"))
    wanted = {name.replace(".", "/") + "/" for name in folders(known) if "." in name}
    told = set(spans("docs/architecture.md"))
    assert sorted(wanted - told) == []
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony
    targets = {f"make {target}" for target in phony[1].split()}
    assert targets - set(spans("CONTRIBUTING.md")) == set()
    named = {span.split(" PYTHON")[0] for page in DOCS for span in spans(page) if re.match(r"make [a-z]+$", span)}
    assert named <= targets
