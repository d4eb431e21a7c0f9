"""Sharing from within the console: a folder is asked for on one line, joined beside all else, and shown in words."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from textual.app import App

from opsterm.board.failure import BoardError
from opsterm.core.times import rough_age
from opsterm.records.instant import Instant
from opsterm.sharing.status import (
    ShareState,
    delay_of,
    delay_words,
    set_usual_delay,
    sharing_state,
    state_words,
    station_words,
    usual_delay,
)
from screens.console import ConsoleContext
from screens.pages.console_screen import ConsoleScreen, until_typed
from screens.pages.page import Page
from screens.pages.rows import fixed, heading, words
from screens.widgets.cells import Cell, wrap
from screens.widgets.lines import Row
from screens.widgets.prompt import Choice, Question
from screens.widgets.symbols import SIGNS

#: What to do, in words, while others may not see it.
SAY_IT_ALOUD = "others may not see what you type: say it aloud"
#: Stations that the status pane names; the page of the share names all.
OTHERS_SHOWN = 3


def ask_folder(screen: ConsoleScreen, *, once: bool = False) -> None:
    """Asks which folder the team shares, on one line; `once` says where to find it again."""
    later = "esc: not now; ctrl+p, join, does it later" if once else "esc: leave it as it is"
    words = until_typed(f"which folder? {later}", lambda typed: f"shares this board with all who join {typed.strip()}")
    screen.prompt.ask(Question("shared folder", words, partial(_named, screen)))


def _named(screen: ConsoleScreen, folder: str) -> bool:
    if folder.strip():
        join(screen, folder.strip())
    return True


def ask_delay(screen: ConsoleScreen) -> None:
    """Asks how long the share may be unheard before it warns."""
    now_s = usual_delay(screen.context.board)
    teaching = f"now {rough_age(now_s)}; say 90s, 5m or 2h; esc leaves it"
    words = until_typed(teaching, lambda text: delay_words(delay_of(text)))
    screen.prompt.ask(Question("unheard for", words, partial(_delayed, screen)))


def _delayed(screen: ConsoleScreen, text: str) -> bool:
    if text.strip():
        seconds = delay_of(text)
        set_usual_delay(screen.context.board, seconds)
        screen.prompt.flash(delay_words(seconds))
    return True


def join(screen: ConsoleScreen, folder: str, *, anyway: bool = False) -> None:
    """Joins a folder beside all else; what came of it is said later, on the screen that is there then."""
    app, context = screen.app, screen.context
    answered: list[str] = []

    def answer(said: str, ask_again: bool) -> None:
        answered.append(said)
        with suppress(RuntimeError):
            app.call_later(_answered, app, context, folder, said, ask_again)

    screen.prompt.flash(f"joining {folder} … go on working", holds=lambda: not answered)
    context.sharing.join(folder, answer, anyway=anyway)


def _answered(app: App[Any], context: ConsoleContext, folder: str, said: str, ask_again: bool) -> None:
    """Says what came of joining; asks once where the folder may be another team's."""
    context.sharing.start()
    screen = app.screen
    if not isinstance(screen, ConsoleScreen):
        return
    prompt = screen.prompt
    if ask_again and prompt.question is None and not prompt.choosing:
        choices = [
            Choice("j", "join anyway", lambda: join(screen, folder, anyway=True)),
            Choice("n", "another folder", lambda: ask_folder(screen)),
        ]
        prompt.choose("Nobody there was ever met: another team's folder?", choices)
    else:
        prompt.flash(said, tone="" if context.sharing.named else "warn")


def leave(screen: ConsoleScreen) -> None:
    """Ends sharing; what is on the board stays."""
    try:
        screen.prompt.flash(screen.context.sharing.leave())
    except BoardError as error:
        screen.refuse(error)


def show(screen: ConsoleScreen) -> None:
    """Opens the page of the share."""
    screen.app.push_screen(share_page(screen.context))


def share_page(context: ConsoleContext) -> Page:
    """All that is known of the share."""
    return Page(context, f"Share {SIGNS.dot} how far others see what you type", partial(_page, context))


def _page(context: ConsoleContext, columns: int, now: Instant) -> list[Row]:
    state = sharing_state(context.board, now)
    if not state.shared:
        return [
            *heading("This board is not shared."),
            *words("ctrl+p, join: names a folder that the team has in common. Nothing else is needed.", columns),
        ]
    rows = [fixed(()), *words(state.folder, columns, "strong"), *words(heard_words(state), columns, tone_of(state))]
    rows += words(waiting_words(state), columns)
    rows += words(f"{delay_words(state.usual_s)} (ctrl+p, unheard, changes it)", columns, "muted")
    rows += heading(f"Who else is there: {len(state.others)}")
    rows += [line for seen in state.others for line in words(station_words(seen), columns, indent=2)]
    if not state.others:
        rows.append(fixed((Cell("  nobody yet", "muted"),)))
    for title, lines in (("What stands against it", state.problems), ("What was done", state.said)):
        if lines:
            rows += [*heading(title), *(row for text in lines for row in words(text, columns, indent=2))]
    return rows


def heard_words(state: ShareState) -> str:
    """When all that is in the share was last taken."""
    if state.heard_s is None:
        return f"not heard yet: {SAY_IT_ALOUD}"
    ago = f"{rough_age(state.heard_s)} ago"
    return f"last heard {ago}: {SAY_IT_ALOUD}" if state.late else f"last heard {ago}"


def waiting_words(state: ShareState) -> str:
    """What waits to be published."""
    if not state.waiting:
        return "all that you typed is published"
    one = state.waiting == 1
    return f"{state.waiting} {'change of yours waits' if one else 'changes of yours wait'} to be published"


def tone_of(state: ShareState) -> str:
    """Amber while others may not see what is typed."""
    return "warn" if state.late or state.problems else ""


def usual_lines(state: ShareState) -> int:
    """How many lines the status pane has of a share with which nothing is wrong."""
    stations = min(len(state.others), OTHERS_SHOWN) + (len(state.others) > OTHERS_SHOWN)
    return 1 + max(stations, 1) if state.shared else 1


def status_words(state: ShareState, columns: int) -> list[tuple[str, str]]:
    """The lines of the status pane, each with its tone."""
    if not state.shared:
        return [(state_words(state), "muted")]
    published = f" {SIGNS.dot} {state.waiting} to publish" if state.waiting and not state.late else ""
    lines = [(line, tone_of(state)) for line in wrap(f"{heard_words(state)}{published}", columns, 1 + state.late)]
    for problem in state.problems:
        lines += [(line, "warn") for line in wrap(problem, columns, 2)]
    if state.waiting and state.late:
        lines.append((waiting_words(state), ""))
    lines += [(station_words(seen), "muted") for seen in state.others[:OTHERS_SHOWN]]
    more = len(state.others) - OTHERS_SHOWN
    if more > 0:
        lines.append((f"and {more} more stations: ctrl+p, share", "muted"))
    if not state.others:
        lines.append(("nobody else is there", "muted"))
    return lines
