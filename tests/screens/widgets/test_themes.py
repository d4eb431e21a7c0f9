"""Our themes can be read: WCAG AA contrast of every tone on every ground, on terminals of many, few and no colours."""

from __future__ import annotations

import asyncio

import pytest
from rich.color import Color as RichColor
from rich.color import ColorSystem
from textual.color import Color
from textual.theme import Theme

from screens.widgets import tones
from screens.widgets.symbols import ASCII, UNICODE
from screens.widgets.themes import DARK, LIGHT, THEMES
from screens.widgets.tones import AA, TONES, contrast, cursor_of, readable, tones_of
from tests.support.console import Scene

TEXT = ("foreground", "muted", "accent", "alarm", "warn", "good")
GROUNDS = ("background", "cursor", "bar")
FEW = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT}


def named(theme: Theme, name: str) -> str:
    found = theme.variables.get(name) or getattr(theme, name)
    assert isinstance(found, str)
    return found


def colour(theme: Theme, name: str) -> RichColor:
    return Color.parse(named(theme, name)).rich_color


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("text", TEXT)
def test_contrast_is_enough(theme: Theme, text: str, ground: str) -> None:
    assert contrast(colour(theme, text), colour(theme, ground)) >= AA


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
@pytest.mark.parametrize("terminal", FEW)
@pytest.mark.parametrize("ground", ["background", "bar"])
def test_a_terminal_of_few_colours_shows_a_tone_only_where_it_can_be_read(
    theme: Theme, terminal: str, ground: str
) -> None:
    for text in TEXT:
        shown = text if readable(named(theme, text), named(theme, ground), terminal) else "foreground"
        one, other = (colour(theme, name).downgrade(FEW[terminal]) for name in (shown, ground))
        assert contrast(one, other) >= AA


def test_the_alarm_keeps_its_colour_on_a_dark_terminal_of_sixteen() -> None:
    for tone in ("alarm", "warn", "accent"):
        assert readable(named(DARK, tone), named(DARK, "background"), "standard")


def test_where_colours_are_few_or_none_the_selected_line_is_reversed(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = scene.app()
    monkeypatch.setattr(tones, "terminal_of", lambda app: "truecolor")
    assert cursor_of(app).bgcolor is not None
    app.no_color = True
    assert cursor_of(app).reverse
    app.no_color = False
    monkeypatch.setattr(tones, "terminal_of", lambda app: "standard")
    assert cursor_of(app).reverse
    assert not readable(named(LIGHT, "muted"), named(LIGHT, "background"), "standard")
    assert tones_of(app)["alarm"].bold


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=str)
def test_without_colours_the_room_says_all_in_words_and_signs(
    scene: Scene, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """NO_COLOR and terminals without any: what is late, unheard, selected and ruled out stands there without it."""
    monkeypatch.setenv("NO_COLOR", "1")

    async def run() -> None:
        async with scene.console(size=size) as console:
            app = console.app
            assert app.no_color
            await console.press("3")
            told = console.screen_text
            assert f"{UNICODE.alarm} 1 late" in told or f"{UNICODE.alarm}1" in told
            assert "not acknowledged" in told
            assert f"{UNICODE.cursor} {UNICODE.alarm} a2" in told
            await console.press("2")
            assert f"{UNICODE.out} out" in console.screen_text
            for line in app.screen._compositor.render_strips():
                for segment in line:
                    style = segment.style
                    assert style is None or style.color is None or style.color.is_default or _grey(style.color)

    asyncio.run(run())


def _grey(found: RichColor) -> bool:
    red, green, blue = found.get_truecolor()
    return max(red, green, blue) - min(red, green, blue) <= 1


def test_a_tone_alone_never_says_anything() -> None:
    """Each tone is set apart without colour too, or only stands beside a word that says the same."""
    assert {tone for tone, (_, look) in TONES.items() if look} == {"strong", "accent", "alarm", "struck"}
    assert all(sign.isascii() for sign in ASCII)
