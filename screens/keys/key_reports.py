"""Keys as newer terminals report them, said as Textual understands all of: no sub-parameters, no impossible letters."""

from __future__ import annotations

import re

from screens.keys.typed import types_itself

#: Key, with its other letters; modifiers, with pressed, repeated or released; the text that it types.
_REPORT = re.compile(r"\x1b\[([\d:]*)(?:;([\d:]*))?(?:;([\d:]*))?([u~ABCDEFHPQRS])")
#: The same as xterm says it.
_XTERM = re.compile(r"\x1b\[27;(\d+);(\d+)~")
#: How large a terminal can say that it became, in rows, columns and pixels.
_SIZE = re.compile(r"\x1b\[48;([\d:]+);([\d:]+);([\d:]+);([\d:]+)t")
_SIZE_MAX = (2000, 4000, 100_000, 100_000)
_SHIFT, _MODIFIERS_MAX = 1, 255
#: The locks, which change no key.
_LOCKS = 64 | 128
_RELEASED = "3"
#: No key and no answer is said at greater length.
_LONGEST = 256


def said_plainly(sequence: str) -> list[str]:
    """The sequence, or letters that it types; nothing where it says what can't be, or that a key was released."""
    if sequence[1] not in "[O" or len(sequence) > _LONGEST:
        return []
    if size := _SIZE.fullmatch(sequence):
        sizes = [_number(part.partition(":")[0]) for part in size.groups()]
        return [sequence] if all(0 < n <= most for n, most in zip(sizes, _SIZE_MAX, strict=True)) else []
    if xterm := _XTERM.fullmatch(sequence):
        sequence = f"\x1b[{xterm[2]};{xterm[1]}u"
    report = _REPORT.fullmatch(sequence)
    if report is None or (sequence[-1] != "u" and ":" not in sequence):
        return [sequence]
    letters, how, text, end = report.groups("")
    key, _, others = letters.partition(":")
    pressed, _, event = how.partition(":")
    modifiers = _number(pressed or "1") or 1
    if event.partition(":")[0] == _RELEASED or modifiers - 1 > _MODIFIERS_MAX:
        return []
    typed = [letter for part in text.split(":") if types_itself(letter := _letter(part))]
    if len(typed) > 1 or (typed and end == "u" and not _letter(key)):
        return typed
    if end == "u" and not _letter(key):
        return []
    if not typed and end == "u" and (modifiers - 1) & ~_LOCKS == _SHIFT:
        typed = _shifted(_letter(key), _letter(others.partition(":")[0]))
    said = f"\x1b[{key or '1'};{modifiers}"
    return [f"{said};{ord(typed[0])}{end}" if typed else f"{said}{end}"]


def _shifted(letter: str, other: str) -> list[str]:
    """What a letter types with shift, where the terminal names only the keys."""
    shifted = other or (letter.upper() if letter.isalpha() else "")
    return [shifted] if len(shifted) == 1 and types_itself(shifted) else []


def _letter(number: str) -> str:
    """The letter of this number; nothing where there is none."""
    code = _number(number)
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code <= 0x10FFFF else ""


def _number(digits: str) -> int:
    """What they say, and where it is more than can be meant, that it is much; 0 where they are none."""
    return int(digits[:9]) if digits.isdecimal() else 0
