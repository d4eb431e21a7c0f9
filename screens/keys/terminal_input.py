"""What a terminal sends, told apart: a key, a sequence that stands for one, a text that was pasted.

A terminal sends all three as one stream of bytes. What comes in one piece was not typed by fingers: several lines are a
paste even where the terminal does not say so, and no letter of one is a key.
"""

from __future__ import annotations

import re
from codecs import getincrementaldecoder
from dataclasses import dataclass

#: What marks a paste where the terminal does say so.
BEGINS, ENDS = "\x1b[200~", "\x1b[201~"
ESC, CTRL_C = "\x1b", "\x03"
#: A paste that goes on is waited for so long; one that rests for longer is shown as far as it came.
GOES_ON_S, RESTS_S = 0.1, 1.0
#: So many letters at once were not typed either.
TYPED_MAX = 512
#: A sequence that is longer than this is none: what it says is forgotten while its end is awaited.
_SEQUENCE_MAX = 4096

_STRING = r"\x1b(?:\]\d+;|P[\d;]*[>+$!=|]|_G)[^\x07\x18\x1a\x1b\x9c]*"
_BEGINNING = re.compile(r"(\x1b(?:\[[0-?]|\]\d{1,9};|P[\d;]{0,9}[>+$!=|]|_G)).*", re.DOTALL)
_PART = re.compile(
    "|".join(
        (
            r"(?P<text>[^\x1b]+)",
            # F1 to F5 of the Linux console, the mouse as the oldest terminals say it, five keys of rxvt
            r"(?P<sequence>\x1b\[\[[A-E]|\x1b\[M[^\x1b]{3}|\x1b\[(?:3|7|8|23|24)\$"
            r"|\x1b\[(?!M)[0-?]*[ -/]*[@-Z\\-~]|\x1bO[A-DFHMPQRSa-dj-y]|" + _STRING + r"(?:[\x07\x18\x1a\x9c]|\x1b\\))",
            r"(?P<begun>\x1b(?:\[\[|\[M[^\x1b]{0,2}|\[[0-?]*[ -/]*|O|\]\d*|P[\d;]*|_|" + _STRING[4:] + r"\x1b?)?\Z)",
            # what breaks off in the middle
            r"(?P<broken>\x1b\[[0-?]+[ -/]*|\x1b\[M|" + _STRING + ")",
            r"(?P<escape>\x1b)",
        )
    )
)
#: What a sequence begins with, and fingers may have typed.
_FINGERS = re.compile(r"\x1b(?:\[\[?|O|\]\d*|P[\d;]*|_)?")
#: Enter, and the next key right behind it, which a slow line sends together.
_NEXT_KEY = re.compile(r"[^\r\n]*[\r\n][^\r\n]")


@dataclass(frozen=True, slots=True)
class Letter:
    """One key, by what it types; escape is one."""

    text: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """A key without a letter, or what else the terminal tells."""

    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """Text that is no keys."""

    text: str


Told = Letter | Sequence | Pasted


class TerminalInput:
    """Tells apart what comes in, in pieces of any size. Times are seconds of one clock."""

    def __init__(self, escape_s: float = GOES_ON_S) -> None:
        self._escape_s = escape_s
        self._decoder = getincrementaldecoder("utf-8")("replace")
        #: A sequence that has begun.
        self._begun = ""
        #: What came of a paste that the terminal marks; none is under way.
        self._paste: str | None = None
        #: Whether that paste rests: no end came, and may never come.
        self._rests = False
        #: Lines that came in one piece.
        self._lines = ""
        self._heard = 0.0

    def feed(self, data: bytes, now: float) -> list[Told]:
        """What came now."""
        self._heard = now
        text = self._begun + self._decoder.decode(data)
        self._begun = ""
        told: list[Told] = []
        if self._paste is not None and self._rests:
            text = self._after_rest(self._paste + text)
        while text:
            if self._paste is None:
                outside, begins, text = text.partition(BEGINS)
                told += self._outside(outside, goes_on=not begins)
                if begins:
                    told += [*self._lines_over(), *self._broke_off()]
                    self._paste = ""
            else:
                text = self._inside(self._paste + text, told)
        return told

    def tick(self, now: float) -> list[Told]:
        """What is settled by nothing coming for a while."""
        quiet = now - self._heard
        told: list[Told] = []
        if quiet >= self._escape_s:
            if self._rests and self._paste:
                self._begun, self._paste, self._rests = self._paste, None, False
            cut = self._decoder.decode(b"", final=True)
            self._decoder.reset()
            told += [*self._broke_off(), *map(Letter, cut if self._paste is None else "")]
        if quiet >= GOES_ON_S:
            told += self._lines_over()
        if self._paste is not None and quiet >= RESTS_S and not self._rests:
            told += [Pasted(self._paste)] if self._paste else []
            self._paste, self._rests = "", True
        return told

    # --- a paste that the terminal marks

    def _after_rest(self, text: str) -> str:
        """What comes once a paste rested: a key that gives up what one is at ends it, should its end have been lost."""
        self._paste = ""
        if text.startswith((ESC, CTRL_C)) and not text.startswith(ENDS):
            if ENDS.startswith(text):
                self._paste = text
                return ""
            self._paste = None
        self._rests = False
        return text

    def _inside(self, text: str, told: list[Told]) -> str:
        """Goes on with the paste; gives back what comes after it. An end that another one follows was pasted too."""
        ends = text.rfind(ENDS)
        if ends < 0:
            self._paste = text
            return ""
        told += self._paste_over(text[:ends])
        return text[ends + len(ENDS) :]

    def _paste_over(self, text: str) -> list[Told]:
        self._paste, self._rests = None, False
        text = text.replace(BEGINS, "").replace(ENDS, "")
        return [Pasted(text)] if text else []

    # --- what the terminal does not mark

    def _outside(self, text: str, *, goes_on: bool) -> list[Told]:
        """What stands outside of marked pastes; `goes_on`: its last sequence may be whole in the next piece."""
        parts = [(part.lastgroup or "", part.group()) for part in _PART.finditer(text)]
        if parts and parts[-1][0] == "begun" and goes_on:
            self._begun = parts.pop()[1]
            if len(self._begun) > _SEQUENCE_MAX:
                self._begun = _BEGINNING.sub(r"\1", self._begun)
        letters = "".join(part for kind, part in parts if kind == "text")
        if letters and (self._lines or not _may_be_typed(letters)):
            self._lines += letters
            return []
        told: list[Told] = []
        for kind, part in parts:
            if kind == "sequence":
                told.append(Sequence(part))
            elif kind in ("text", "escape") or (kind == "begun" and _FINGERS.fullmatch(part)):
                told += map(Letter, part)
        return told

    def _lines_over(self) -> list[Told]:
        lines, self._lines = self._lines, ""
        return [Pasted(lines)] if lines else []

    def _broke_off(self) -> list[Told]:
        """A sequence that did not go on: keys, where fingers may have typed it."""
        begun, self._begun = self._begun, ""
        return [Letter(letter) for letter in begun] if _FINGERS.fullmatch(begun) else []


def _may_be_typed(letters: str) -> bool:
    """Whether fingers may have typed it since one last looked."""
    if len(letters) > TYPED_MAX:
        return False
    return sum(bool(line.strip()) for line in re.split(r"[\r\n]", letters)) < 2 or bool(_NEXT_KEY.fullmatch(letters))
