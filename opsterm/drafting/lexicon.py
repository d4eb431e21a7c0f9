"""Word lists as data (`data/words.*.toml`, `data/jargon.*.toml`), read once a language and kept.

A list's entries are plain words: a trailing `*` stands for any ending, a space for any white space. `words()` turns a
list into one compiled pattern; the pattern finds whole words in English, and plain substrings in Chinese, which has no
spaces between words.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any, Literal

Lang = Literal["en", "zh"]
LANGS: tuple[Lang, ...] = ("en", "zh")


def lang_named(name: str, otherwise: Lang) -> Lang:
    """The language of that name; another where there is none."""
    return next((lang for lang in LANGS if lang == name), otherwise)


@cache
def data(name: str) -> dict[str, Any]:
    """The contents of `data/NAME.toml`."""
    return tomllib.loads((files("opsterm.drafting") / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def terms(lang: Lang, section: str, name: str) -> list[str]:
    """One word list as written in the data file."""
    found: list[str] = data(f"words.{lang}")[section][name]
    return found


@cache
def entries(lang: Lang, section: str, name: str) -> frozenset[str]:
    """One word list as a set."""
    return frozenset(terms(lang, section, name))


class _Node:
    """A place in the tree of a list's letters: what may follow, and whether an entry ends here."""

    __slots__ = ("ends", "next", "stem")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.ends = False
        self.stem = False


def _written(node: _Node) -> str:
    """The pattern of what may follow a place. Only where the tree branches or an entry ends does it call itself: what
    people write can be one word of thousands of letters."""
    run = ""
    while len(node.next) == 1 and not (node.ends or node.stem):
        ((char, node),) = node.next.items()
        run += _letter(char)
    tail = r"\w{0,20}" if node.stem else ""
    if not node.next:
        return run + tail
    branches = [_letter(char) + _written(child) for char, child in sorted(node.next.items())]
    body = branches[0] if len(branches) == 1 else "(?:" + "|".join(branches) + ")"
    if node.stem:
        return f"{run}(?:{body}|{tail})"
    return f"{run}(?:{body})?" if node.ends else run + body


def _letter(char: str) -> str:
    return r"\s{1,4}" if char == " " else re.escape(char)


def fragment(entries: Iterable[str]) -> str:
    """A regular expression for any of the entries, longest first, without word borders.

    It is written as a tree of letters: a flat list of a hundred words costs ten times as much at every place of a text.
    """
    root = _Node()
    for entry in set(entries):
        node = root
        for char in entry.rstrip("*"):
            node = node.next.setdefault(char, _Node())
        node.ends = True
        node.stem = node.stem or entry.endswith("*")
    return f"(?:{_written(root)})"


def bordered(entries: Iterable[str]) -> str:
    """A regular expression for any of the entries as whole words, apostrophes and hyphens included."""
    return r"(?<![\w'’])(?:" + fragment(entries) + r")(?![\w])"


@cache
def words(lang: Lang, section: str, name: str) -> re.Pattern[str]:
    """The compiled pattern of one word list.

    A contracted ending in an English list ("n't", "'ll") is found at the end of its word.
    """
    entries = terms(lang, section, name)
    if lang == "zh":
        return re.compile(fragment(entries))
    endings = [entry for entry in entries if entry[0] in "'’" or entry[:2] in ("n'", "n’")]
    whole = bordered(entry for entry in entries if entry not in endings)
    if endings:
        whole = f"(?:{whole}|(?<=[a-z]){fragment(endings)}(?!\\w))"
    return re.compile(whole, re.IGNORECASE)


@cache
def heads(lang: Lang, section: str, name: str) -> frozenset[str]:
    """The first words of a list's entries: a text that has none of them needs no pattern tried on it."""
    return frozenset(entry.split(" ")[0].rstrip("*").lower() for entry in terms(lang, section, name))
