"""The structure of the code, read from its files: who imports whom, how large what is, and how much of it is loose.

    python -m tests.support.structure [ROOT]

prints the figures of a checkout, this one or another, so that two can be held side by side.
"""

from __future__ import annotations

import ast
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
TOPS = ("opsterm", "screens", "styles", "tests", "benchmarks")


class Import(NamedTuple):
    """One import: what it names, which may be a module or something in one, and the module that it surely loads.

    It is `lazy` where it stands in a function, and for `typing` where no program comes by.
    """

    name: str
    module: str
    line: int
    lazy: bool
    typing: bool


def modules(root: Path = ROOT, tops: tuple[str, ...] = TOPS) -> dict[str, Path]:
    """Dotted name → file of each module, packages among them."""
    found = (path for top in tops for path in sorted((root / top).rglob("*.py")))
    return {_name(root, path): path for path in found}


def _name(root: Path, path: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> tuple[Import, ...]:
    """All imports of a module, wherever in it."""
    return tuple(_imports(parsed(path), lazy=False, typing=False))


def _imports(node: ast.AST, *, lazy: bool, typing: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (Import(alias.name, alias.name, child.lineno, lazy, typing) for alias in child.names)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, f"line {child.lineno} imports by a relative name"
            module = child.module or ""
            names = (f"{module}.{alias.name}" for alias in child.names)
            yield from (Import(name, module, child.lineno, lazy, typing) for name in names)
        else:
            inner = lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            guarded = typing or (isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test))
            yield from _imports(child, lazy=inner, typing=guarded)


def module_of(name: str, known: Mapping[str, Path]) -> str:
    """The module that an imported name is, or lies in; empty where it is none of ours."""
    if name in known:
        return name
    above = name.rpartition(".")[0]
    return above if above in known else ""


def graph(known: Mapping[str, Path]) -> dict[str, set[str]]:
    """Module → the modules of ours that it imports, lazily and for types too."""
    return {
        name: {to for found in imports(path) if (to := module_of(found.name, known)) and to != name}
        for name, path in known.items()
    }


def loaded_with(known: Mapping[str, Path], name: str) -> set[str]:
    """All that a program has loaded once it has imported a module: ours, and what ours import of others."""
    found: set[str] = set()
    waiting = {name}
    while waiting:
        module = waiting.pop()
        found.add(module)
        plain = [one for one in imports(known[module]) if not (one.lazy or one.typing)] if module in known else []
        named = {module.rpartition(".")[0], *(module_of(one.name, known) or one.module for one in plain)}
        waiting |= named - found - {""}
    return found


def circles(of: Mapping[str, set[str]]) -> list[list[str]]:
    """The groups of modules that import each other round about, largest first. [Tarjan 1972]"""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    stack: list[str] = []
    found: list[list[str]] = []

    def visit(name: str) -> None:
        order[name] = lowest[name] = len(order)
        stack.append(name)
        for other in sorted(of[name]):
            if other not in order:
                visit(other)
                lowest[name] = min(lowest[name], lowest[other])
            elif other in stack:
                lowest[name] = min(lowest[name], order[other])
        if lowest[name] == order[name]:
            group: list[str] = []
            while not group or group[-1] != name:
                group.append(stack.pop())
            if len(group) > 1:
                found.append(sorted(group))

    for name in sorted(of):
        if name not in order:
            visit(name)
    return sorted(found, key=lambda group: (-len(group), group))


def folders(known: Mapping[str, Path]) -> Counter[str]:
    """Folder → how many modules it has itself, packages' own files left out."""
    return Counter(name.rpartition(".")[0] for name, path in known.items() if path.stem != "__init__")


def classes(known: Mapping[str, Path]) -> Iterator[tuple[str, int, int]]:
    """(name, methods, lines) of each class."""
    for name, path in known.items():
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.ClassDef):
                methods = sum(isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef) for part in node.body)
                yield f"{name}.{node.name}", methods, (node.end_lineno or node.lineno) - node.lineno + 1


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def figures(root: Path = ROOT) -> list[tuple[str, str]]:
    """What is counted, and how much it is."""
    ours = modules(root, ("opsterm", "screens"))
    every = modules(root, ("opsterm", "screens", "tests"))
    round_about = circles(graph(every))
    fullest = folders(ours).most_common(6)
    longest = sorted(ours.items(), key=lambda item: -lines(item[1]))[:6]
    largest = sorted(classes(ours), key=lambda item: -item[1])[:6]
    texts = {name: path.read_text(encoding="utf-8") for name, path in ours.items()}
    return [
        ("circles of imports", f"{len(round_about)}, of {sum(map(len, round_about))} modules"),
        *((f"  circle of {len(group)}", ", ".join(group)) for group in round_about),
        ("modules a folder, the fullest", ", ".join(f"{folder} {count}" for folder, count in fullest)),
        ("longest modules, in lines", ", ".join(f"{name} {lines(path)}" for name, path in longest)),
        ("largest classes, in methods", ", ".join(f"{name} {methods}" for name, methods, _ in largest)),
        ("type: ignore", str(sum(text.count("# type: ignore") for text in texts.values()))),
        ("getattr", str(sum(text.count("getattr(") for text in texts.values()))),
        *(
            (f"lines of {top}", f"{sum(map(lines, found.values())):,}")
            for top in ("opsterm", "screens", "tests")
            if (found := modules(root, (top,)))
        ),
    ]


if __name__ == "__main__":
    for what, much in figures(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT):
        print(f"{what}: {much}")
