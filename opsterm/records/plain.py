"""Text that may be shown: nothing in it can act on a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable

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
