"""A document in plain parts, whatever it is written as: sections of paragraphs, tables, lists and quoted words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list; an item may have its own list below it."""

    items: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class ReportTable:
    """Rows under a head; every row is as long as the head."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Quote:
    """Words as they were sent, with their line breaks, under a line that says what they are."""

    about: str
    text: str


Block = Paragraph | Items | ReportTable | Quote


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A heading and what stands under it."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """A title, a line under it, and sections."""

    title: str
    about: str
    sections: tuple[ReportSection, ...]
