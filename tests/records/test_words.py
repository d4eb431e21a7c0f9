"""Fields of closed words: what each can say, and that code asks for nothing else."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from opsterm.learn.postmortem import Level as Wanted
from opsterm.obligations.obligation import Standing
from opsterm.records.record import KINDS, OTHER, Column, columns

ROOT = Path(__file__).parents[2]
ALL = [(kind, column) for kind, cls in sorted(KINDS.items()) for column in columns(cls)]
CLOSED = [(kind, column) for kind, column in ALL if column.words]


@pytest.mark.parametrize(("kind", "column"), CLOSED, ids=lambda part: getattr(part, "name", part))
def test_a_field_of_closed_words_reads_each_of_them_and_other_for_any_else(kind: str, column: Column) -> None:
    assert column.default in column.words
    assert OTHER not in column.words
    assert {column.coerce(word) for word in column.words} == column.words
    assert column.coerce("a newer opsterm's word") == OTHER
    assert column.coerce(5) == column.coerce(None) == column.default


def words_asked_for() -> Iterator[tuple[str, str, set[str]]]:
    """(where, field, words) of every `x.field in (…)`: mypy sees a typo in `==`, and none in a tuple."""
    for path in sorted([*(ROOT / "opsterm").rglob("*.py"), *(ROOT / "screens").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Compare) and isinstance(node.left, ast.Attribute):
                among = node.comparators[0]
                if isinstance(among, ast.Tuple | ast.Set | ast.List) and isinstance(node.ops[0], ast.In | ast.NotIn):
                    words = {
                        item.value
                        for item in among.elts
                        if isinstance(item, ast.Constant) and isinstance(item.value, str)
                    }
                    yield f"{path.relative_to(ROOT)}:{node.lineno}", node.left.attr, words


def test_code_asks_for_no_word_that_no_field_of_that_name_can_say() -> None:
    open_names = {column.name for _, column in ALL if not column.words}
    known = {"state": {*get_args(Standing)}, "level": {*get_args(Wanted)}}
    for _, column in CLOSED:
        known.setdefault(column.name, set()).update(column.words)
    asked = [(where, name, words) for where, name, words in words_asked_for() if name in known.keys() - open_names]
    assert len(asked) > 20
    assert [(where, words - known[name]) for where, name, words in asked if words - known[name]] == []
