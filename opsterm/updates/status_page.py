"""The status page for people outside, made from what was sent to customers and from nothing else."""

from __future__ import annotations

from pathlib import Path

from opsterm.board.store import Board
from opsterm.core.whole_file import export_whole
from opsterm.drafting.status_page_html import PageIncident, render
from opsterm.records import Incident, Update
from opsterm.updates.settings import usable_phrases, word_settings
from opsterm.updates.told_twice import told_once


def write_page(board: Board, path: Path, zone: str) -> int:
    """Writes the page whole, or leaves the old one as it is. Returns how many updates stand on it. Raises
    Rejected where it can't be written."""
    settings = word_settings()
    problems = told_outside(board)
    html = render(
        problems,
        lang="en",
        now=board.now,
        zone=zone,
        overrides=usable_phrases(settings)[0],
        organisation=settings.organisation,
    )
    export_whole(path, html)
    return sum(len(problem.updates) for problem in problems)


def told_outside(board: Board) -> list[PageIncident]:
    """Each incident of which customers were told, with what they were told; drills never."""
    by_incident: dict[str, list[Update]] = {}
    for update in board.all(Update, where="audience = 'customers'"):
        by_incident.setdefault(update.incident, []).append(update)
    return [
        PageIncident(incident.title, tuple(told_once(by_incident[incident.id])))
        for incident in board.all(Incident)
        if incident.id in by_incident and not incident.drill
    ]
