"""The checklists and rollback procedures that a board knows: those of the package, and a team's own in their place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from opsterm.board.fold import said_at, said_by
from opsterm.board.store import Board
from opsterm.core.calendar_dates import cadence, day
from opsterm.core.given_file import bytes_given
from opsterm.core.lookup import first_of, folded, named_id
from opsterm.core.session import Outcome, Rejected, Session, filled, some
from opsterm.obligations.obligation import complete, owe
from opsterm.operations.checklists.tasklist import TaskList, crowded, read_task_list
from opsterm.records import Checklist, Deployment, Incident, Obligation
from opsterm.records.checklist import what_it_was_taught
from opsterm.records.instant import Instant
from opsterm.records.obligation import OVER
from opsterm.records.plain import one_line
from opsterm.records.timeline_entry import WHY, said

#: A version that people wrote.
NO_LESSON: Mapping[str, Any] = {"lesson": "", "lesson_item": "", "lesson_runs": 0, "lesson_of": ""}
#: How large a list may be, in bytes of UTF-8: what a change may carry leaves room for more, people do not.
SOURCE_BYTES_MAX = 512 * 1024
#: How often a checklist is looked through, and how often a way back is rehearsed, where the list does not say.
REVIEW_EVERY = "180d"
DRILL_EVERY = "90d"


@dataclass(frozen=True, slots=True)
class Template:
    """A checklist or a rollback procedure at its present version."""

    name: str
    version: int
    tasks: TaskList
    #: Id of its record; empty for one that comes with opsterm and that nobody changed.
    record: str = ""
    file: str = ""
    #: When this version was written, and by whom.
    since: Instant = ""
    by: str = ""
    reviewed_at: Instant = ""

    @property
    def is_rollback(self) -> bool:
        return bool(self.tasks.rollback_of)


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a template, as it was written."""

    version: int
    at: Instant
    by: str
    #: What taught it, in words; empty for one that people wrote.
    why: str
    source: str


@cache
def packaged(folder: str = "") -> Sequence[Template]:
    """What comes with opsterm, by name: checklists, or with `rollbacks` the ways back."""
    place = files("opsterm") / "data" / "checklists"
    found = []
    for file in (place / folder if folder else place).iterdir():
        if file.name.endswith(".md"):
            stem = file.name.removesuffix(".md")
            tasks = read_task_list(file.read_text(encoding="utf-8"), stem)
            found.append(Template(tasks.name, 1, tasks, file=stem))
    return tuple(sorted(found, key=lambda template: template.name))


def known(board: Board, *, rollback: bool | None = None) -> list[Template]:
    """All templates by name, a team's own in place of those of the package; checklists or ways back alone, if so
    asked."""
    own = board.all(Checklist)
    taken = {item.id for item in own}
    found = [of_record(board, item) for item in own if not item.retired]
    found += [t for folder in ("", "rollbacks") for t in packaged(folder) if named_id(Checklist, t.name) not in taken]
    chosen = [t for t in found if rollback is None or t.is_rollback == rollback]
    return sorted(chosen, key=lambda template: (template.name.casefold(), template.name))


def fitting(templates: Sequence[Template], sort: str, systems: Sequence[str]) -> list[Template]:
    """Those of the templates that are for one of these systems, then those for the type of deployment by their name."""
    wanted = {system.casefold() for system in systems}
    own = [t for t in templates if wanted & {system.casefold() for system in t.tasks.systems}]
    return [*own, *(t for t in templates if t.name.casefold().startswith(sort.casefold()) and t not in own)]


def of_record(board: Board, item: Checklist) -> Template:
    """The template of a record, its text to the character as it was written."""
    folded = board.folded(item.id)
    setting = folded.standing.get("source") if folded else None
    source = setting.value if setting and isinstance(setting.value, str) else item.source
    tasks = read_task_list(source, item.file or item.name)
    return Template(
        item.name, item.version, tasks, item.id, item.file, item.source_since, item.source_by, item.reviewed_at
    )


def find_template(board: Board, name: str, *, rollback: bool | None = None) -> Template:
    """The template of a name, of its file's name, or of an unambiguous beginning of its name. Raises Rejected."""
    wanted, templates = folded(name), known(board, rollback=rollback)
    found = first_of(
        name,
        lambda t: t.name,
        "say all of it",
        [t for t in templates if t.name == name],
        [t for t in templates if folded(t.name) == wanted],
        [t for t in templates if wanted and wanted.removesuffix(".md") == t.file.casefold()],
        [t for t in templates if wanted and t.name.casefold().startswith(wanted)],
    )
    if found is None:
        raise Rejected(f"There is no checklist {name!r}: say one of {', '.join(t.name for t in templates[:30])}.")
    return found


def import_file(session: Session, path: Path) -> Outcome:
    """Takes a checklist from a Markdown file. Raises Rejected where it is no text."""
    data = bytes_given(path, SOURCE_BYTES_MAX)
    if len(data) > SOURCE_BYTES_MAX:
        raise Rejected(f"{path} is larger than {SOURCE_BYTES_MAX // 1024} KiB: a checklist fits on a page.")
    try:
        return import_text(session, data.decode("utf-8"), path.stem)
    except UnicodeDecodeError as error:
        raise Rejected(f"{path} is not in UTF-8 (byte {error.start}): save it as UTF-8, then try again.") from error


def import_text(session: Session, source: str, file: str, *, lesson: Mapping[str, Any] = NO_LESSON) -> Outcome:
    """Takes a list as it is written. What differs from the version that is known becomes the next one; the same text
    changes nothing. A review of it is owed from then on. `lesson` holds the fields of a Checklist that say what taught
    it. `Outcome.record` is the template's record."""
    tasks = read_task_list(source, file)
    name = one_line(tasks.name) or one_line(file) or "Checklist"
    record = named_id(Checklist, name)
    with session.board.transaction():
        before = session.board.get(Checklist, record)
        if before and not before.retired and of_record(session.board, before).tasks.source == source:
            return Outcome(f"{before.name} is version {before.version} already", record)
        version = before.version + 1 if before else _version_of_package(record, source)
        fields = {"name": name, "version": version, "source": source, "file": one_line(file), "retired": False}
        session.create(Checklist, "", fields | dict(lesson if before else filled(**lesson)), record=record)
        if not before:
            _owe_care(session, name, tasks, record)
    return Outcome(f"{name} is version {version}", record, _warning(tasks))


def _version_of_package(record: str, source: str) -> int:
    packed = [t for folder in ("", "rollbacks") for t in packaged(folder) if named_id(Checklist, t.name) == record]
    return 2 if packed and packed[0].tasks.source != source else 1


def _warning(tasks: TaskList) -> str:
    full = [f"{section or tasks.name} has {count} items" for section, count in crowded(tasks)]
    if full:
        return f"{'; '.join(full)}: past nine at a pause point people tick without reading"
    return "" if tasks.items else "it has no task: a line such as - [ ] text is one"


def _owe_care(session: Session, name: str, tasks: TaskList, record: str) -> None:
    """A checklist is looked through by cadence, and a way back is rehearsed: both are owed from the first day."""
    drill = bool(tasks.rollback_of)
    every = tasks.about.get("drill every" if drill else "review every", DRILL_EVERY if drill else REVIEW_EVERY)
    try:
        first = cadence(every).occurrence(day(session.board.now), 1)
    except Rejected:
        every = DRILL_EVERY if drill else REVIEW_EVERY
        first = cadence(every).occurrence(day(session.board.now), 1)
    owe(
        session,
        f"Rehearse the way back: {name}" if drill else f"Look through the checklist: {name}",
        first.isoformat(),
        reason="a way back that was not run for long is untested" if drill else "a list that nobody tends grows stale",
        sort="drill" if drill else "review",
        owner=tasks.about.get("owner", ""),
        every=every,
        missed="it is shown as untested wherever a deployment is planned" if drill else "it is shown as stale",
        origin=record,
        record=f"{record}/care",
    )


def care_of(board: Board, record: str) -> Obligation | None:
    """What is owed to a template: its review, or its rehearsal."""
    return board.get(Obligation, f"{record}/care")


def review(session: Session, template: Template, outcome: str) -> Outcome:
    """Notes that a template was looked through and what came of it. One of the package becomes the team's own."""
    found = some(outcome, "what came of the review: still true, or what was changed")
    record = template.record
    with session.board.transaction():
        if not record:
            record = import_text(session, template.tasks.source, template.file).record
        reviewed = {"reviewed_at": session.board.now}
        session.set(session.read(Checklist, record), reviewed, why=found)
        care = care_of(session.board, record)
        if care and not template.is_rollback and care.state not in OVER:
            complete(session, care, found)
    return Outcome(f"{template.name} was looked through: {found}", record)


def retire(session: Session, template: Template, why: str) -> Outcome:
    """Takes a team's own template off the lists; its history and its runs stay."""
    reason = some(why, "why it goes")
    item = session.board.get(Checklist, template.record) if template.record else None
    if item is None:
        raise Rejected(f"{template.name} comes with opsterm: import one of that name to put your own in its place.")
    session.set(item, {"retired": True}, why=reason)
    return Outcome(f"{template.name} is retired", item.id)


def versions(board: Board, record: str) -> list[Version]:
    """All versions of a template's text that are known here, oldest first."""
    out: list[Version] = []
    for change in board.changes_of_record(record):
        values = change.values
        if isinstance(values.get("source"), str):
            number = values.get("version")
            out.append(
                Version(
                    number if isinstance(number, int) else len(out) + 1,
                    said_at(change, values),
                    said_by(change, values),
                    _why(board, values),
                    values["source"],
                )
            )
    return out


def _why(board: Board, values: Mapping[str, Any]) -> str:
    lesson, item, runs, of = (values.get(name) or default for name, default in NO_LESSON.items())
    incident = board.get(Incident, of) if isinstance(of, str) and of else None
    called = f"{incident.mark} {incident.title}" if incident else "an incident"
    return said(values.get(WHY, "")) or what_it_was_taught(said(lesson), said(item), runs, called)


def stale_since(board: Board, template: Template) -> tuple[Instant, str]:
    """(when, what) of the first deployment on a template's systems after it was last looked through or rewritten;
    empty texts where none was."""
    looked = max(template.reviewed_at, template.since)
    systems = {system.casefold() for system in template.tasks.systems}
    if not systems or not looked:
        return "", ""
    for item in sorted(board.all(Deployment), key=lambda d: d.started_at):
        if item.started_at > looked and systems & {system.casefold() for system in item.systems}:
            return item.started_at, f"{item.mark} {item.title}"
    return "", ""
