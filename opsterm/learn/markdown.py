"""A document as Markdown. Texts stand as they were written: only what Markdown would act on is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator

from opsterm.learn.report_parts import Block, Items, Paragraph, Quote, Report, ReportTable
from opsterm.records.plain import escaped, plain

_ACTS = re.compile(
    r"""[\\`*<]            # escapes, code, stress, HTML
    | (?<!\w)_ | _(?!\w)   # stress at the border of a word
    | ~(?=~) | ~(?<=~~)    # struck out
    | !(?=\[)              # a picture
    | &(?=\#?\w+;)         # an entity
    """,
    re.VERBOSE,
)
#: What makes a line a heading, a list, a quotation, a rule or a table where it begins one.
_LINKS = ("(", "[", ":")
_BEGINS = re.compile(r"^(\s*)([#>+=|-]|\d{1,9}(?=[.)](?:\s|$)))")


def line(text: str) -> str:
    """A text on one line that Markdown shows as it stands."""
    return _safe(" ".join(plain(text).split()))


def _safe(text: str) -> str:
    escaped = _escaped(text)
    begun = _BEGINS.match(escaped)
    if not begun:
        return escaped
    if begun[2].isdigit():
        return escaped[: begun.end()] + "\\" + escaped[begun.end() :]
    return f"{begun[1]}\\{escaped[begun.start(2) :]}"


def _escaped(text: str) -> str:
    """What acts is escaped; `[` where the next `]` makes a link of it, told part by part: texts can be long."""
    parts = text.split("]")
    return "]".join(
        acted.replace("[", "\\[") if follows[:1] in _LINKS else acted
        for part, follows in zip(parts, [*parts[1:], ""], strict=True)
        for acted in [_ACTS.sub(lambda found: "\\" + found[0], part)]
    )


def _cell(text: str) -> str:
    return line(text).replace("|", "\\|") or " "


def as_markdown(document: Report) -> str:
    """The document, ending in a newline."""
    out = [f"# {line(document.title)}", "", line(document.about)]
    for section in document.sections:
        out += ["", f"## {line(section.title)}"]
        for block in section.blocks:
            out += ["", *_block(block)]
    return escaped("\n".join(out) + "\n")


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield line(text)
        case Items(items):
            for text, below in items:
                yield f"- {line(text)}"
                yield from (f"  - {line(item)}" for item in below)
        case ReportTable(head, rows):
            yield f"| {' | '.join(head)} |"
            yield f"|{' --- |' * len(head)}"
            yield from (f"| {' | '.join(_cell(cell) for cell in row)} |" for row in rows)
        case Quote(about, text):
            yield f"{line(about)}:"
            yield ""
            for said in plain(text).strip().split("\n"):
                yield f"> {_safe(said.rstrip())}".rstrip()
