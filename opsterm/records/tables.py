"""The record tables as SQLModel classes, made from the same fields that the quick path reads.

SQLModel takes over half a second to import, so only what is in no hurry comes here: dumps, registers, rebuilding.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

from sqlalchemy import Column as SqlColumn
from sqlalchemy import Engine, NullPool
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Boolean, Field, Float, Integer, Session, SQLModel, Text, create_engine, select
from sqlmodel.main import SQLModelMetaclass

from opsterm.records.record import KINDS, Column, Record, columns


class TextList(TypeDecorator[tuple[str, ...]]):
    """A tuple of texts, kept as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else json.dumps(list(value), ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Any) -> tuple[str, ...] | None:
        return None if value is None else tuple(json.loads(value))


_SQL_TYPES: dict[type, TypeEngine[Any] | type[TypeEngine[Any]]] = {
    str: Text,
    int: Integer,
    float: Float,
    bool: Boolean,
    tuple: TextList,
}


def _field(column: Column) -> Any:
    made = SqlColumn(column.name, _SQL_TYPES[column.type], primary_key=column.name == "id", nullable=column.nullable)
    return Field(default=column.default, sa_column=made, description=column.doc)


@cache
def table(kind: str) -> type[SQLModel]:
    """The SQLModel class of a kind of record."""
    cls: type[Record] = KINDS[kind]
    hints: dict[str, Any] = {c.name: c.type | None if c.nullable else c.type for c in columns(cls)}
    hints = {name: tuple[str, ...] if hint is tuple else hint for name, hint in hints.items()}
    body: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": cls.__doc__,
        "__tablename__": f"record_{kind}",
        "__annotations__": hints,
        **{c.name: _field(c) for c in columns(cls)},
    }
    return cast("type[SQLModel]", SQLModelMetaclass(f"{cls.__name__}Table", (SQLModel,), body, table=True))


def engine(path: Path) -> Engine:
    """A read path to a board's file through SQLAlchemy."""
    named = f"file:{quote(str(path.absolute()))}?mode=ro"
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(named, uri=True), poolclass=NullPool)


def every_record(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """(kind, fields) of every record on a board, by kind and id."""
    source = engine(path)
    try:
        with Session(source) as session:
            for kind in sorted(KINDS):
                model = table(kind)
                for item in session.exec(select(model).order_by(model.id)):  # type: ignore[attr-defined]
                    yield kind, item.model_dump()
    except DBAPIError as error:
        raise sqlite3.DatabaseError(str(error.orig)) from error
    finally:
        source.dispose()
