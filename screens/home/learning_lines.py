"""What home says of learning: postmortems to be finished, open improvements, problems; nothing before the first."""

from __future__ import annotations

from collections.abc import Sequence

from opsterm.board.store import Board
from opsterm.learn.open_improvements import open_improvements
from opsterm.records import Incident, Postmortem, Problem
from opsterm.records.instant import Instant
from opsterm.records.postmortem import OPEN
from screens.console import ConsoleContext
from screens.keys.actions import POSTMORTEMS, PROBLEMS
from screens.pages.console_screen import ConsoleScreen
from screens.pages.rows import fixed
from screens.widgets.cells import Cell
from screens.widgets.lines import Row
from screens.widgets.symbols import SIGNS

#: So many of each are shown; their pages show all.
SHOWN_MAX = 3
#: On a board with more incidents, home looks for three of a kind no more: the page of problems does.
INCIDENTS_MAX = 2000
_PAGE, _POSTMORTEM = "learning:", "postmortem:"
_PROPOSED = "proposed"


def learned(context: ConsoleContext) -> list[Row]:
    """The lines, none where nothing is to be said."""
    board, now = context.board, context.board.now
    rows = [*_postmortems(board, now), *_problems(board)]
    if not rows:
        return []
    return [fixed((Cell("Learning", "strong"),)), *rows]


def _postmortems(board: Board, now: Instant) -> list[Row]:
    rows = []
    found = sorted((item for item in board.all(Postmortem) if item.state in OPEN), key=_due)
    for item in found[:SHOWN_MAX]:
        of = board.get(Incident, item.incident)
        if of is None:
            continue
        late = bool(_due(item)) and _due(item) < now
        when = f"{SIGNS.alarm} late since {_due(item)[:10]}" if late else f"by {_due(item)[:10]}"
        right = (Cell(f"  {item.owner or 'nobody'}", "name"), Cell(f"  {when}", "alarm" if late else "muted"))
        cells = (Cell("postmortem  ", "muted"), Cell(f"{of.mark} ", "accent"), Cell(of.title))
        rows.append(fixed(cells, right, key=f"{_POSTMORTEM}{of.id}"))
    more = len(found) - SHOWN_MAX
    rows += [fixed((Cell(f"and {more} more postmortems: P shows all", "muted"),))] if more > 0 else []
    owed = open_improvements(board, now)
    if owed.open:
        told = Cell(owed.words, "warn" if owed.late else "")
        rows.append(fixed((Cell("promised    ", "muted"), told), (Cell("  P", "accent"),), key=f"{_PAGE}postmortems"))
    return rows


def _due(item: Postmortem) -> Instant:
    return item.draft_at if item.state == "draft" else item.publish_at


def _problems(board: Board) -> list[Row]:
    rows = []
    running = [item for item in board.all(Problem) if item.state in ("open", "watched")]
    for item in running[:SHOWN_MAX]:
        back = item.is_back
        right = (
            Cell(f"  {item.owner or 'nobody sees to it'}", "name" if item.owner else "warn"),
            Cell(f"  {len(item.cases)} times{', open again' if back else ''}", "warn" if back else "muted"),
        )
        cells = (Cell("problem     ", "muted"), Cell(f"{item.mark} ", "accent"), Cell(item.title))
        rows.append(fixed(cells, right, key=f"{_PAGE}problems"))
    more = len(running) - SHOWN_MAX
    told = [f"and {more} more problems"] if more > 0 else []
    proposed = int(board.recall(_PROPOSED) or 0)
    told += [f"{proposed} of a kind three times or more: is it a problem?"] if proposed else []
    if told:
        rows.append(
            fixed((Cell("            "), Cell("; ".join(told))), (Cell("  T", "accent"),), key=f"{_PAGE}problems:more")
        )
    return rows


def look_for_problems(board: Board) -> int:
    """How many of a kind are no problem yet; kept on the board for the next time that home is painted."""
    if board.next_number(Incident, "") > INCIDENTS_MAX:
        return int(board.recall(_PROPOSED) or 0)
    from screens.learn.problems import proposals

    found = len(proposals(board))
    if str(found) != (board.recall(_PROPOSED) or "0"):
        board.remember_aside(_PROPOSED, str(found))
    return found


def opens(screen: ConsoleScreen, key: str) -> bool:
    """Opens what a line of home is about; says whether it is one of these."""
    if key.startswith(_POSTMORTEM):
        from screens.learn.open_postmortem import open_walk

        open_walk(screen, screen.context, key.removeprefix(_POSTMORTEM))
        return True
    pages = {"postmortems": POSTMORTEMS, "problems": PROBLEMS, "problems:more": PROBLEMS}
    place = pages.get(key.removeprefix(_PAGE)) if key.startswith(_PAGE) else None
    if place is not None:
        screen.action_open_page(place)
    return place is not None


def texts(rows: Sequence[Row]) -> list[str]:
    """What lines say, to tell whether they changed."""
    drawn = [row.draw(200, "") for row in rows]
    return ["".join(cell.text for cell in (*line.left, *line.right)) for line in drawn]
