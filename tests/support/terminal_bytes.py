"""What terminals send, as it is and mutated, and lines to paste."""

from __future__ import annotations

import os
from random import Random

#: How many streams are tried.
FUZZ = int(os.environ.get("OPSTERM_FUZZ", "2000"))
SEQUENCES = [
    "\x1b[A", "\x1b[1;5C", "\x1bOP", "\x1b[15~", "\x1b[3~", "\x1b[Z", "\x1b[I", "\x1b[O", "\x1b[200~", "\x1b[201~",
    "\x1b[<0;10;5M", "\x1b[<35;80;24m", "\x1b[<64;1;1M", "\x1b[M!!!", "\x1b[32;10;10M", "\x1b[?2026;2$y", "\x1b[[A",
    "\x1b[?2048;0$y", "\x1b[24;80R", "\x1b[97;5u", "\x1b[97:65;2;65u", "\x1b[57441;2:3u", "\x1b[13;1:3u", "\x1b[3$",
    "\x1b[48;24;80;480;800t", "\x1b[27;5;108~", "\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\", "\x1bP1$r0m\x1b\\", "\x1b[?62;c",
    "\x1b_Gi=1;OK\x1b\\",
]  # fmt: skip
#: Bytes that a mutation puts in. None of them is a key that leaves.
BYTES = b"\x00\x01\x07\x1b[]O;:?<~$uMm0199\x80\x9b\xc3\xe2\xfc\xff"
#: What the keys of a stream type; the pastes type another alphabet, whose numbers no report holds, mutated or not.
TYPED, PASTED = "abcdl é好", "DFHLNQSTUVWXY"


def mutated(chance: Random, sequence: bytes) -> bytes:
    """The sequence with some bytes gone, doubled, or others."""
    made = bytearray(sequence)
    for _ in range(chance.choice((0, 1, 1, 2, 5))):
        at = chance.randrange(len(made) + 1)
        made[at : at + chance.randrange(3)] = chance.choices(BYTES, k=chance.randrange(3))
    return bytes(made)


def lines(chance: Random) -> str:
    return "\r".join("".join(chance.choices(PASTED, k=chance.randint(2, 12))) for _ in range(chance.randint(2, 5)))
