"""Text that may be shown or leave: nothing in it can act on a terminal or an editor.

What is shown is without what acts (`plain`); what leaves says it by its number (`escaped`, `json_text`). Joiners, soft
hyphens and the signs that choose how a letter looks act on nothing: Persian and emoji need them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from unicodedata import category

#: C0 but newline and tab, DEL, C1; line and paragraph separators; bidirectional controls; lone surrogates;
#: the byte order mark. A terminal or an editor obeys these instead of showing them.
_ACTS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def plain(text: str) -> str:
    """The text without characters that act on a terminal; newlines and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return _ACTS.sub("", text.replace("\r\n", "\n"))


#: Cc, Cs: controls and half characters; Cn: what no character stands for as yet; Zl, Zp: ends of lines but newline.
_UNFIT = frozenset(("Cc", "Cs", "Cn", "Zl", "Zp"))


def _unfit(text: str) -> set[str]:
    """The characters of a text that do not leave as they are."""
    odd = {sign for sign in set(text) if not sign.isprintable()} - {"\n", "\t"}
    return {sign for sign in odd if category(sign) in _UNFIT or _ACTS.match(sign)}


def _said(text: str, number: Callable[[str], str]) -> str:
    odd = () if text.isascii() and text.isprintable() else _unfit(text)
    return text.translate({ord(sign): number(sign) for sign in odd}) if odd else text


def escaped(text: str) -> str:
    """The text as it may leave in a document, in Markdown, HTML, a calendar or plain lines: what acts on a terminal or
    stands for nothing as yet is said by its number, `\\u202e`; newlines and tabs stay."""
    return _said(text, lambda sign: f"\\u{ord(sign):04x}" if ord(sign) < 0x10000 else f"\\U{ord(sign):08x}")


def json_text(document: Any, *, indent: int | None = 2, unicode: bool = True) -> str:
    """The document as JSON in which nothing is raw and nothing lost: whoever reads it has every character back. Without
    `unicode` it is ASCII alone."""
    text = json.dumps(document, ensure_ascii=not unicode, indent=indent)
    return _said(text, lambda sign: json.dumps(sign)[1:-1] if sign != "\x7f" else "\\u007f")


def one_line(text: str) -> str:
    """The same on one line, with runs of white space folded."""
    return " ".join(plain(text).split())


def disarmed(text: str) -> str:
    """The same for Markdown: what it acts on is escaped."""
    return re.sub(r"[\\<\[`]", r"\\\g<0>", one_line(text))


def lines_of(texts: Iterable[str]) -> list[str]:
    """Those of some texts that say anything, each on one line."""
    return [kept for text in texts if (kept := one_line(text))]


def filled_lines(text: str) -> list[str]:
    """Its lines, but those that say nothing."""
    return [line for line in text.splitlines() if line.strip()]


def whole(text: str) -> str:
    """The text as UTF-8 can hold it: half a character, which JSON can say, becomes a question mark."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
