"""Text is cut and wrapped by the columns that it takes, and the panes fill the terminal without overlapping."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size

from screens.keys.actions import PANES, STATUS
from screens.war_room.layout import is_small, is_wide, places, share_rows
from screens.widgets import cells
from screens.widgets.cells import PAGE_LINES_MAX, Cell, Line, cut, fit, paint, wrap
from screens.widgets.durations import age, clock, countdown, span
from screens.widgets.tones import TONES

TEXTS = (
    "",
    "pool exhausted by the report job",
    "支付服务在欧盟地区不可用，请稍候",
    "🔥 outage 🚨 in 東京",
    "a" * 200,
    "e\u0301 combining",
)
STYLES = dict.fromkeys(TONES, Style())


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("columns", [1, 2, 7, 20, 59])
def test_nothing_is_wider_than_its_columns(text: str, columns: int) -> None:
    assert cell_len(cut(text, columns)) <= columns
    assert cell_len(fit(text, columns)) == columns
    if columns > 1:
        assert all(cell_len(line) <= columns for line in wrap(text, columns))
    painted = paint(Line((Cell(text), Cell(text)), (Cell(" 42m"),)), columns, Style(), STYLES)
    assert cell_len(painted.text) == columns


def test_what_is_cut_says_so() -> None:
    assert cut("pool exhausted", 8) == "pool ex…"
    assert cut("支付服务", 5) == "支付…"
    assert wrap("one two three four", 9, 2) == ("one two", "three fo…")


def test_wrapping_loses_no_word() -> None:
    text = TEXTS[1] + " " + TEXTS[2] + " " + TEXTS[3]
    for columns in (10, 23, 60):
        assert "".join("".join(wrap(text, columns)).split()) == "".join(text.split())


LONG = {
    "one word": "QUJD" * 225_000,
    "words": "é b " * 225_000,
    "no blanks": "漢" * 900_000,
    "lines": "\n" * 900_000,
    "no width": "\u200d" * 900_000,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
@pytest.mark.parametrize(("lines_max", "looked_at_most"), [(2, 20_000), (0, 1_000_000)])
def test_a_long_text_is_cut_to_what_is_shown_before_it_is_laid_out(
    text: str, lines_max: int, looked_at_most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = 0

    def counted(text: str) -> int:
        nonlocal looked_at
        looked_at += len(text)
        assert looked_at <= looked_at_most
        return cell_len(text)

    monkeypatch.setattr(cells, "cell_len", counted)
    lines = wrap.__wrapped__(text, 80, lines_max)
    assert len(lines) <= (lines_max or PAGE_LINES_MAX + 1)
    assert " kB more: " in lines[-1]
    assert all(cell_len(line) <= 80 for line in lines)
    looked_at = 0
    paint(Line((Cell(text),), (Cell(text),)), 80, Style(), STYLES)
    assert looked_at < 10_000


def test_a_long_text_says_how_much_more_there_is_and_where() -> None:
    assert wrap("x" * 900_000, 60, 2)[-1].endswith("x … 899 kB more: enter")
    assert wrap("x" * 900_000, 60)[-1] == "… 798 kB more: opsterm dump has all of it"
    assert wrap("x" * 900, 60, 2)[-1].endswith("xx…")


def test_two_emoji_that_are_joined_stay_on_one_line() -> None:
    assert wrap("ab \U0001f469\u200d\U0001f467", 4) == ("ab", "\U0001f469\u200d\U0001f467")


def test_a_wide_sign_in_one_column_comes_to_an_end() -> None:
    assert wrap("漢字", 1) == ("漢", "字")


def test_a_line_keeps_what_stands_at_its_right() -> None:
    painted = paint(Line((Cell("a very long title that will not fit"),), (Cell("late 4m"),)), 20, Style(), STYLES)
    assert painted.text == "a very long… late 4m"


def test_no_control_character_reaches_a_line() -> None:
    line = Line((Cell("a\x1b]52;c;eHh4\x07b\u202ec\nd\te"),), (Cell("x\x1b[2Jy"),))
    assert "".join(ch for ch in paint(line, 60, Style(), STYLES).text if not ch.isprintable()) == ""


@pytest.mark.parametrize("size", [(100, 30), (120, 36), (160, 50), (180, 45), (250, 80)])
def test_panes_tile_the_terminal(size: tuple[int, int]) -> None:
    room = Size(size[0], size[1] - 4)
    for wanted in (2, 9, 60):
        found = places(room, dict.fromkeys(PANES, wanted))
        assert set(found) == set(PANES)
        regions = list(found.values())
        assert all(
            region.height >= 2 and region.bottom <= room.height and region.right <= room.width for region in regions
        )
        assert not any(a.overlaps(b) for i, a in enumerate(regions) for b in regions[i + 1 :])


def test_small_terminals_show_one_pane() -> None:
    assert is_small(99, 40)
    assert is_small(120, 29)
    assert not is_small(100, 30)
    assert is_wide(180, 40)
    assert not is_wide(180, 29)
    assert list(places(Size(80, 20), dict.fromkeys(PANES, 9), STATUS)) == [STATUS]


def test_rows_go_to_those_that_need_them() -> None:
    assert share_rows(30, [5, 5, 5, 3], [4, 4, 3, 2], [12, 12, 7, 4]) == [5, 5, 5, 15]
    assert sum(share_rows(26, [20, 40, 9, 2], [4, 4, 3, 2], [12, 12, 7, 4])) == 26


def test_spans_are_said_in_two_units() -> None:
    assert [span(s) for s in (0, 59, 60, 3599, 3600, 90061)] == ["0s", "59s", "1m", "59m", "1h 00m", "1d 01h"]
    now = "2026-11-24T13:47:00Z"
    assert age("2026-11-24T13:05:00Z", now) == "42m"
    assert countdown("2026-11-24T13:48:30Z", now) == "in 90s"
    assert countdown("2026-11-24T14:00:00Z", now) == "in 13m"
    assert countdown("2026-11-24T13:43:00Z", now) == "late 4m"


def test_another_day_is_told_with_its_date() -> None:
    from datetime import UTC

    assert clock("2026-11-23T23:05:00Z", UTC, today="2026-11-24T13:47:00Z") == "23 Nov 23:05"
    assert clock("2026-11-24T13:05:00Z", UTC, today="2026-11-24T13:47:00Z") == "13:05"
