"""Registers as CSV files: read as untrusted input, refused whole with the row and the column, written so that a
spreadsheet runs nothing.

Rows are counted as a spreadsheet shows them: the header is row 1.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from opsterm.core.session import Rejected
from opsterm.core.valid_dates import YEAR_MAX, YEAR_MIN, is_day
from opsterm.records.instant import Instant, normal
from opsterm.records.plain import one_line

T = TypeVar("T")

BYTES_MAX = 4 * 1024 * 1024
ROWS_MAX = 10_000
#: The longest text of one cell, in characters.
CELL_MAX = 4_000
#: A spreadsheet takes a cell that begins so for a formula [OWASP, CSV injection]; it is written with a ' before it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NUMBER = re.compile(r"\d{1,15}(\.\d{1,6})?")


@dataclass(frozen=True, slots=True)
class CsvCell:
    """One cell and its place. What it asks raises Refused, naming the place."""

    file: str
    row: int
    column: str
    text: str

    def refuse(self, what: str) -> Rejected:
        return Rejected(f"{self.file} row {self.row}, column {self.column}: {what}")

    def __bool__(self) -> bool:
        return bool(self.text)

    def some(self, what: str) -> str:
        if not self.text:
            raise self.refuse(f"it is empty: say {what}.")
        return self.text

    def day(self) -> str:
        """A day as YYYY-MM-DD; empty where there is none."""
        if not self.text:
            return ""
        try:
            if _DAY.fullmatch(self.text) and is_day(self.text):
                return date.fromisoformat(self.text).isoformat()
        except ValueError:
            pass
        raise self.refuse(f"{_short(self.text)} is no date from {YEAR_MIN} to {YEAR_MAX}: say YYYY-MM-DD.")

    def moment(self) -> Instant:
        """A day, or a moment in UTC; empty where there is none."""
        if len(self.text) <= 10:
            return self.day()
        try:
            return normal(self.text)
        except ValueError:
            raise self.refuse(f"{_short(self.text)} is no time: say YYYY-MM-DD, or a time in ISO 8601.") from None

    def number(self, most: float) -> float:
        """A number from 0 to `most`; 0 where there is none."""
        if not self.text:
            return 0.0
        if not _NUMBER.fullmatch(self.text) or float(self.text) > most:
            raise self.refuse(f"{_short(self.text)} is no number from 0 to {most:,.0f}: say it as 12000 or 12000.50.")
        return float(self.text)

    def whole(self, most: int) -> int:
        """A whole number from 0 to `most`; 0 where there is none."""
        if self.text and not (self.text.isascii() and self.text.isdigit() and int(self.text[:18]) <= most):
            raise self.refuse(f"{_short(self.text)} is no whole number from 0 to {most:,}.")
        return int(self.text or 0)

    def one_of(self, words: Sequence[str], default: str) -> str:
        """One of some words, in any case; the default where the cell is empty."""
        said = self.text.casefold() or default
        if said not in words:
            raise self.refuse(f"{_short(self.text)} is not known: say {', '.join(words)}.")
        return said

    def yes(self) -> bool:
        return self.one_of(("yes", "no"), "no") == "yes"

    def several(self) -> list[str]:
        """Texts parted by semicolons, each once."""
        return list(dict.fromkeys(part.strip() for part in self.text.split(";") if part.strip()))

    def understood(self, read: Callable[[str], T]) -> T:
        """What `read` makes of the text; what it refuses is said with the place."""
        try:
            return read(self.text)
        except Rejected as error:
            raise self.refuse(str(error)) from None


CsvRow = Mapping[str, CsvCell]


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:57]}...")


def decode(raw: bytes, name: str) -> str:
    """A file's text. Raises Rejected where it is too large or no UTF-8."""
    if len(raw) > BYTES_MAX:
        raise Rejected(f"{name} is larger than {BYTES_MAX // (1024 * 1024)} MiB: split it.")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1) + 1
        raise Rejected(
            f"{name} row {line}, column {column}: it is not UTF-8: save it as UTF-8, then try again."
        ) from None
    if "\0" in text:
        raise Rejected(
            f"{name} row {text.count(chr(10), 0, text.index(chr(0))) + 1}: it holds a NUL: it is no CSV file."
        )
    return text


def read_rows(raw: bytes, name: str, columns: Sequence[str], more: Sequence[str] = ()) -> list[CsvRow]:
    """The rows of a CSV file, each with all `columns` and those of `more` that it has, in any order; blank rows are
    passed over. Raises Rejected."""
    reader = csv.reader(io.StringIO(decode(raw, name), newline=""), strict=True)
    out: list[CsvRow] = []
    row = 0
    try:
        head: list[str] | None = None
        for cells in reader:
            row += 1
            if head is None:
                head = [one_line(cell).casefold() for cell in cells]
                _check_head(head, name, columns, more)
            elif any(cell.strip() for cell in cells):
                if len(out) >= ROWS_MAX:
                    raise Rejected(f"{name} row {row}: more than {ROWS_MAX:,} rows: split the file.")
                out.append(_row(name, row, head, cells, more))
        if head is None:
            raise Rejected(f"{name} row 1: it is empty: begin with the columns {','.join(columns)}.")
    except csv.Error as error:
        raise Rejected(f"{name} row {row + 1}: {error}: quote texts that hold commas, quotes or line ends.") from None
    return out


def _check_head(head: Sequence[str], name: str, columns: Sequence[str], more: Sequence[str]) -> None:
    for place, column in enumerate(head, 1):
        if column not in columns and column not in more:
            known = ",".join([*columns, *more])
            raise Rejected(f"{name} row 1, column {place}: {_short(column)} is no column: say some of {known}.")
        if column in head[: place - 1]:
            raise Rejected(f"{name} row 1, column {place}: {column} stands there twice.")
    for column in columns:
        if column not in head:
            raise Rejected(f"{name} row 1, column {column}: it is missing: the columns are {','.join(columns)}.")


def _row(name: str, row: int, head: Sequence[str], cells: Sequence[str], more: Sequence[str]) -> CsvRow:
    if len(cells) != len(head):
        place = head[len(cells)] if len(cells) < len(head) else str(len(head) + 1)
        raise Rejected(f"{name} row {row}, column {place}: {len(cells)} cells where the header has {len(head)}.")
    made = {}
    for column, cell in zip(head, cells, strict=True):
        text = one_line(cell)
        if len(text) > CELL_MAX:
            raise Rejected(f"{name} row {row}, column {column}: longer than {CELL_MAX:,} characters.")
        made[column] = CsvCell(name, row, column, text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text)
    for column in more:
        made.setdefault(column, CsvCell(name, row, column, ""))
    return made


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str | int | float | bool | Sequence[str]]]) -> Iterator[str]:
    """The lines of a CSV file, header first; each reads back as it was."""
    for row in ([*columns], *rows):
        line = io.StringIO(newline="")
        csv.writer(line, lineterminator="\n").writerow([_written(value) for value in row])
        yield line.getvalue()


def _written(value: str | int | float | bool | Sequence[str]) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:.6f}".rstrip("0").rstrip(".") if value else ""
    text = value if isinstance(value, str) else "; ".join(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
