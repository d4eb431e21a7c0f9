"""What terminals send, by the byte: keys are keys, a paste is none, and nothing that comes in ends the console.

OPSTERM_FUZZ=200000 tries that many streams.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest
from textual import events
from textual.message import Message

from screens.keys.terminal_reading import Reading
from tests.support.terminal_bytes import FUZZ, PASTED, SEQUENCES, TYPED, lines, mutated

#: Pieces that come one after the other, and how long nothing comes before each, in seconds.
AT_ONCE, SOON, LATER, MUCH_LATER = 0.0, 0.06, 0.2, 1.5
PASTE = b"\x1b[200~%b\x1b[201~"


def messages(pieces: Iterable[tuple[float, bytes]]) -> list[Message]:
    """What a console is told of these pieces."""
    reading, now, told = Reading(), 0.0, list[Message]()
    for wait, piece in pieces:
        now += wait
        told += reading.tick(now)
        told += reading.feed(piece, now)
    return told + reading.tick(now + MUCH_LATER)


def named(message: Message) -> str:
    match message:
        case events.Key():
            return message.key if message.character is None else message.character
        case events.Paste():
            return f"[{message.text}]"
    return type(message).__name__


def keys(*pieces: bytes, wait: float = AT_ONCE) -> list[str]:
    """Keys by their letters, where they have one; pastes in brackets."""
    return [named(message) for message in messages((wait, piece) for piece in pieces)]


# --- escape

UP, ESC = "up", "\x1b"


def test_escape_and_a_key_in_one_piece_are_two_keys() -> None:
    for key in "lqd1-[O]P_ü\t\r\x7f":
        assert keys(f"\x1b{key}".encode()) == [ESC, key], key
    assert keys(b"\x1b\x1b[A") == [ESC, UP]
    assert keys(b"\x1b\x1b\x1b") == [ESC] * 3


@pytest.mark.parametrize("sequence", [b"\x1b[A", b"\x1bOA", b"\x1b[1;1A", b"\x1b[1;1:1A"])
def test_an_escape_that_the_terminal_splits_stays_one(sequence: bytes) -> None:
    for at in range(1, len(sequence)):
        assert keys(sequence[:at], sequence[at:], wait=SOON) == [UP]
    assert keys(*(bytes([byte]) for byte in sequence), wait=SOON) == [UP]


def test_an_escape_with_nothing_behind_it_is_the_key() -> None:
    assert keys(b"\x1b", b"[A", wait=LATER) == [ESC, "[", "A"]


# --- what newer terminals report


def test_reports_with_parts_of_parts_and_impossible_ones() -> None:
    assert keys(b"\x1b[97:65;2;65u", b"\x1b[97;1:3u", b"\x1b[98;1:1;98u", b"\x1b[1114112u") == ["A", "b"]


@pytest.mark.parametrize(
    ("report", "key"),
    [
        (b"\x1b[97u", ["a"]),
        (b"\x1b[97:65;2u", ["A"]),
        (b"\x1b[98;2u", ["B"]),
        (b"\x1b[47:63;2u", ["?"]),
        (b"\x1b[97;1:2;97u", ["a"]),
        (b"\x1b[1;1:3A", []),
        (b"\x1b[3;1:3~", []),
        (b"\x1b[13u", ["enter"]),
        (b"\x1b[27u", ["escape"]),
        (b"\x1b[99;5u", ["ctrl+c"]),
        (b"\x1b[27;5;99~", ["ctrl+c"]),
        (b"\x1b[0;;22909:24687u", ["好", "息"]),
        (b"\x1b[8205;;8205u", ["\u200d"]),
        (b"\x1b[55296u", []),
        (b"\x1b[97;;1114112u", ["a"]),
        (b"\x1b[97;99999999999u", []),
        (b"\x1b[;;;;;u", []),
        (b"\x1b[99x", []),
        (b"\x1b[113~", []),
        (b"\x1b[113;5~", []),
        (b"\x1b[15;2~", ["shift+f5"]),
        (b"\x1b[2E", []),
        (b"\x1b[?64;1;2c", []),
        (b"\x1b]11;rgb:1c1c/1c1c/1c1c\x1b\\", []),
        (b"\x1bP>|xterm(370)\x1b\\", []),
        (b"\x1b[48;0;0;0;0t", []),
        (b"\x1b[48;99999999;9;9;9t", []),
    ],
)
def test_each_report_says_one_key_or_nothing(report: bytes, key: list[str]) -> None:
    assert keys(report) == key
    assert keys(report, b"l", wait=LATER) == [*key, "l"]


def test_a_number_without_end_says_nothing() -> None:
    assert keys(b"\x1b[" + b"9" * 5000 + b"u", b"l") == ["l"]


# --- letters


def test_a_byte_that_is_no_letter_stands_for_one() -> None:
    assert keys(b"queue at M\xfcnchen grows\r") == [*"queue at M\ufffdnchen grows\r"]
    assert keys(b"caf\xe9") == [*"caf\ufffd"]


def test_letters_that_only_join_others_are_typed() -> None:
    told = "نمی\u200cشود 👩\u200d🚒 co\xadop"
    assert keys(told.encode()) == [*told]
    for message in messages([(AT_ONCE, told.encode())]):
        assert isinstance(message, events.Key)


def test_a_letter_that_is_split_stays_one() -> None:
    assert keys(*(bytes([byte]) for byte in "好👩".encode())) == [*"好👩"]


# --- pastes

THREE = "13:10 queue grows\r13:12 srPnv1 kim looks\r13:20 drained\r"


def test_several_lines_in_one_piece_are_a_paste() -> None:
    assert keys(b"l" + THREE.encode()) == [f"[l{THREE}]"]
    assert keys(b"l", THREE.encode()) == ["l", f"[{THREE}]"]
    assert keys(THREE.replace("\r", "\n").encode()) == [f"[{THREE}]".replace("\r", "\n")]
    assert keys(b"ab\rcd\ref", b"gh\rij", b"\rq", wait=SOON) == ["[ab\rcd\refgh\rij\rq]"]


def test_one_line_in_one_piece_is_typed_and_so_is_enter_with_the_next_key() -> None:
    assert keys(b"queue grows\r") == [*"queue grows\r"]
    assert keys(b"queue grows\ro") == [*"queue grows\ro"]
    assert keys(b"\r\r") == ["\r", "\r"]


def test_sequences_in_a_paste_press_nothing() -> None:
    inside = b"a\x1b[A\x1b\x1b[3~q\x1b[99;5u\x03\x1bOPz"
    assert keys(PASTE % inside + b"l") == [f"[{inside.decode()}]", "l"]
    assert keys(b"ab\x1b[31m\rcd\x1b[0m\x1b[A\ref\r") == ["[ab\rcd\ref\r]"]


def test_a_paste_is_told_however_it_is_cut() -> None:
    whole = PASTE % b"one\rq\rtwo"
    for at in range(1, len(whole)):
        assert keys(whole[:at], whole[at:], wait=SOON) == ["[one\rq\rtwo]"], at


def test_the_end_of_a_paste_can_be_pasted() -> None:
    assert keys(PASTE % b"one\x1b[201~q\x1b[200~two") == ["[oneqtwo]"]
    assert keys(b"\x1b[201~q") == ["q"]


def test_a_paste_that_rests_goes_on_as_one() -> None:
    assert keys(b"\x1b[200~one\rq", b"q\rthree", b"\x1b[201~l", wait=MUCH_LATER) == ["[one\rq]", "[q\rthree]", "l"]


@pytest.mark.parametrize("end", [b"\x1b", b"\x03", b"\x1b[A", b"\x1bl"])
def test_a_paste_without_end_does_not_keep_the_keys(end: bytes) -> None:
    told = keys(b"\x1b[200~one", end, b"q", wait=MUCH_LATER)
    assert (told[0], told[-1]) == ("[one]", "q")


# --- anything


def stream(chance: Random) -> list[tuple[float, bytes]]:
    """Keys, sequences as they are and mutated, pastes with and without marks, cut anywhere."""
    pieces: list[tuple[float, bytes]] = []
    for _ in range(chance.randint(1, 8)):
        wait = chance.choice((AT_ONCE, SOON, LATER, MUCH_LATER))
        match chance.randrange(4):
            case 0:
                pieces.append((wait, "".join(chance.choices(TYPED, k=chance.randint(1, 5))).encode()))
            case 1:
                pieces.append((wait, mutated(chance, chance.choice(SEQUENCES).encode())))
            case 2:
                inside = lines(chance).encode() + chance.choice(SEQUENCES[:8]).encode() + lines(chance).encode()
                whole = PASTE % inside
                at = chance.randrange(len(whole))
                pieces += [(LATER, b""), (wait, whole[:at]), (chance.choice((AT_ONCE, SOON)), whole[at:])]
            case _:
                pieces += [(LATER, b""), (LATER, lines(chance).encode()), (LATER, b"")]
    return pieces


def test_whatever_comes_no_letter_of_a_paste_is_a_key_and_the_keys_go_on() -> None:
    for seed in range(FUZZ):
        told = messages([*stream(Random(seed)), (MUCH_LATER, b"\x1b"), (MUCH_LATER, b"l")])
        pressed = [one for one in told if isinstance(one, events.Key)]
        assert not [one for one in pressed if one.character and one.character in PASTED], seed
        assert pressed[-1].key == "l", seed
