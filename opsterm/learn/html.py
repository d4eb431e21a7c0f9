"""A document as one HTML file: nothing is loaded from elsewhere, nothing in a text can act."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from opsterm.learn.report_parts import Block, Items, Paragraph, Quote, Report, ReportTable
from opsterm.records.plain import escaped, plain

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
       color: #1b1b1b; background: #fff; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.2rem; margin-top: 2rem; border-bottom: 1px solid #ccc; }
table { border-collapse: collapse; width: 100%; margin: .8rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #e4e4e4;
         overflow-wrap: anywhere; }
blockquote { margin: .2rem 0 1rem; padding-left: .8rem; border-left: 3px solid #999; white-space: pre-wrap; }
.about { color: #555; } nav a { margin-right: 1rem; }
@media (prefers-color-scheme: dark) { body { color: #e6e6e6; background: #161616; } .about { color: #aaa; }
  h2, th, td { border-color: #3a3a3a; } a { color: #8ab4f8; } }
@media print { nav { display: none; } }
"""
#: The page may load nothing and run nothing, whatever a text in it holds.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def _text(text: str) -> str:
    return escape(plain(text), quote=True)


def as_html(document: Report) -> str:
    """The document as a page."""
    return escaped("\n".join(_lines(document)) + "\n")


def _lines(document: Report) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{_text(document.title)}</title><style>{_STYLE}</style></head><body>"
    yield f'<h1>{_text(document.title)}</h1><p class="about">{_text(document.about)}</p>'
    links = "".join(f'<a href="#{_text(s.key)}">{_text(s.title)}</a> ' for s in document.sections)
    yield f"<nav>{links}</nav><main>"
    for section in document.sections:
        yield f'<section id="{_text(section.key)}"><h2>{_text(section.title)}</h2>'
        for block in section.blocks:
            yield from _block(block)
        yield "</section>"
    yield "</main></body></html>"


def _block(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(text):
            yield f"<p>{_text(text)}</p>"
        case Items(items):
            yield "<ul>"
            for text, below in items:
                nested = "".join(f"<li>{_text(item)}</li>" for item in below)
                yield f"<li>{_text(text)}{f'<ul>{nested}</ul>' if nested else ''}</li>"
            yield "</ul>"
        case ReportTable(head, rows):
            yield f"<table><tr>{''.join(f'<th>{_text(cell)}</th>' for cell in head)}</tr>"
            yield from (f"<tr>{''.join(f'<td>{_text(cell)}</td>' for cell in row)}</tr>" for row in rows)
            yield "</table>"
        case Quote(about, text):
            yield f'<p class="about">{_text(about)}:</p><blockquote>{_text(text.strip())}</blockquote>'
