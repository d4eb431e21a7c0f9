"""People: who does what since when, who is free, whom the severity calls for; and giving roles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial

from opsterm.core.session import Outcome, Rejected, Session, person_name
from opsterm.core.thresholds import load_settings
from opsterm.core.times import parse_duration
from opsterm.incidents import incident as incidents
from opsterm.incidents.responders import (
    Responder,
    WantedRole,
    add_contact,
    called_for,
    contacts,
    exposure_notice,
    mark_call,
    page_text,
    people,
)
from opsterm.incidents.roles import Duties, duties, form_team, reports
from opsterm.records import Role
from opsterm.records.contact import Mark
from opsterm.records.instant import Instant
from opsterm.records.person_name import each_once, person_key, same_person
from screens.console import ConsoleContext
from screens.keys.actions import PEOPLE, RECORD, TRANSFER, bindings
from screens.pages.incident_page import IncidentPage
from screens.pages.rows import fixed, folded, heading, row, warned
from screens.widgets.cells import Cell, fit
from screens.widgets.durations import age
from screens.widgets.lines import Row
from screens.widgets.prompt import Choice
from screens.widgets.symbols import SIGNS

#: Roles with the key that gives each.
ROLE_KEYS = {
    "d": "deputy",
    "o": "operations",
    "s": "scribe",
    "c": "customer liaison",
    "i": "internal liaison",
    "e": "expert",
}
_TEAM = re.compile(r"^\s*([^:：]+?)\s*[:：]\s*([^;；]+?)\s*[;；]\s*(.+?)(?:\s+in\s+(\S+))?\s*$")
_CONTACT = re.compile(r"^\s*([^:：]+?)\s*[:：]\s*([^,，]+?)\s*(?:[,，]\s*(.+))?$")


class People(IncidentPage):
    """One line a person; then whom to call, and the duties of whoever is selected."""

    BINDINGS = bindings(PEOPLE)
    place = PEOPLE

    def __init__(self, context: ConsoleContext, incident: str) -> None:
        super().__init__(context, incident)
        self.limits = load_settings().thresholds

    # --- what it shows

    def heading(self, now: Instant) -> str:
        free = sum(person.free for person in people(self.snapshot, now))
        count = len(reports(self.snapshot))
        many = f", {count} report to {self.snapshot.in_command or 'nobody'}" if count else ""
        return f"People {SIGNS.dot} {self.snapshot.incident.mark}{many}{f', {free} free' if free else ''}"

    def rows(self, columns: int, now: Instant) -> list[Row]:
        rows: list[Row] = []
        rows += self._warnings(columns)
        rows += heading("In the room")
        there = people(self.snapshot, now)
        if not there:
            rows.append(fixed((Cell("  Nobody has a role or an order yet.  enter  give one", "muted"),)))
        for person in there:
            rows += self._person(person, columns, now)
        rows += self._wanted(columns, now)
        rows += self._others_called(columns, now)
        return [*rows, *self._duties(columns)]

    def _warnings(self, columns: int) -> list[Row]:
        notice = exposure_notice(self.snapshot, shared=bool(self.context.board.recall("share")))
        found = [notice.text] if notice else []
        commander = self.snapshot.incident.commander
        second = [role.role for role in self.snapshot.roles if same_person(role.name, commander)]
        if second:
            found.append(f"{commander} commands and is {second[0]}: a commander holds no other role")
        if len(reports(self.snapshot)) >= self.limits.reports_warn:
            found.append(f"{len(reports(self.snapshot))} report to {commander or 'nobody'}: s forms a sub-team")
        return warned(found, columns)

    def _person(self, person: Responder, columns: int, now: Instant) -> list[Row]:
        since = age(person.since, now)
        role = ", ".join(person.roles)
        team = f" (in {person.leader}'s team)" if person.leader else ""
        what = "; ".join(person.on)
        name = Cell(f"  {fit(person.name, 12)} ", "strong")
        if not what and person.free:
            told = Cell("free", "good")
            cells = (name, Cell(fit(f"{role}{team}", 24)), told)
        else:
            cells = (name, Cell(fit(f"{role}{team}", 24)), Cell(what))
        return [row(f"person:{person.name}", *cells, right=(Cell("  "), Cell(since, "muted")))]

    def _wanted(self, columns: int, now: Instant) -> list[Row]:
        wanted = called_for(self.snapshot, contacts(self.context.board))
        if not wanted:
            return []
        rows = heading(f"{self.snapshot.incident.severity} calls for")
        for item in wanted:
            rows += self._contacts(item, now)
        return rows

    def _contacts(self, item: WantedRole, now: Instant) -> list[Row]:
        marks = {person_key(name): (mark, at) for name, mark, at in item.called}
        known = {person_key(contact.name): contact.reach for contact in item.contacts}
        names = each_once([*(contact.name for contact in item.contacts), *(name for name, _, _ in item.called)])
        role = Cell(f"  {fit(item.role, 18)} ", "strong")
        if not names:
            teaching = Cell("nobody holds it, no contact is known.  enter  give it  e  add a contact", "muted")
            return [row(f"role:{item.role}", role, teaching)]
        rows = []
        for place, name in enumerate(names):
            start = role if place == 0 else Cell(" " * 21)
            rows.append(
                self._callee(
                    start,
                    f"call:{item.role}:{name}",
                    name,
                    known.get(person_key(name), ""),
                    marks.get(person_key(name)),
                    now,
                )
            )
        return rows

    def _callee(
        self, start: Cell, key: str, name: str, reach: str, mark: tuple[str, Instant] | None, now: Instant
    ) -> Row:
        state, at = mark or ("not called", "")
        tone = {"reached": "good", "no answer": "warn", "not called": "muted"}.get(state, "accent")
        told = f"{state} {age(at, now)} ago" if at else state
        return row(key, start, Cell(fit(name, 12)), Cell(f" {reach}", "muted"), right=(Cell("  "), Cell(told, tone)))

    def _others_called(self, columns: int, now: Instant) -> list[Row]:
        wanted = {item.role for item in called_for(self.snapshot, ())}
        others = [item for item in self.snapshot.summons if item.role not in wanted and item.state != "reached"]
        if not others:
            return []
        rows = heading("Called besides")
        for item in others:
            rows.append(
                self._callee(
                    Cell("  "),
                    f"call:{item.role}:{item.name}",
                    item.name,
                    item.role,
                    (item.state, item.state_since),
                    now,
                )
            )
        return rows

    def _duties(self, columns: int) -> list[Row]:
        role = self._selected_role()
        found: Duties | None = duties().get(role)
        if found is None:
            return []
        rows = heading(f"The {role}")
        for text in found.does:
            rows += folded("", Cell(f"  {SIGNS.dot} ", "accent"), text, columns)
        for text in found.never:
            rows += folded("", Cell("  never  ", "warn"), text, columns)
        return rows

    def hint(self) -> tuple[Cell, ...]:
        kind = self.lines.selected.partition(":")[0]
        if kind in ("call", "role"):
            return (Cell("y", "accent"), Cell(" copies what to send;  then c called, a reached, n no answer", "muted"))
        return (Cell("enter", "accent"), Cell(" gives a role;  esc back", "muted"))

    # --- what is selected

    def _selected_name(self) -> str:
        kind, _, rest = self.lines.selected.partition(":")
        if kind == "person":
            return rest
        return rest.partition(":")[2] if kind == "call" else ""

    def _selected_role(self) -> str:
        kind, _, rest = self.lines.selected.partition(":")
        if kind == "role":
            return rest
        if kind == "call":
            return rest.partition(":")[0]
        if same_person(rest, self.snapshot.incident.commander):
            return "commander"
        return next((role.role for role in self.snapshot.roles if same_person(role.name, rest)), "")

    def _held(self) -> Role | None:
        name = self._selected_name()
        return next((role for role in self.snapshot.roles if same_person(role.name, name)), None)

    def under_keys(self) -> Mapping[str, object]:
        held = self._held()
        return {RECORD: (self.lines.selected, held.id if held else "")} if self.lines.selected else {RECORD: ""}

    # --- what it does

    def action_give(self) -> None:
        kind = self.lines.selected.partition(":")[0]
        if kind in ("role", "call") and self._selected_role() != "commander":
            self._ask_name(self._selected_role(), self._selected_name())
        elif kind in ("role", "call"):
            self.action_open_page(TRANSFER)
        else:
            name = self._selected_name()
            self.prompt.choose(
                f"{name} is" if name else "Who is",
                [Choice(key, role, partial(self._chosen, role, name)) for key, role in ROLE_KEYS.items()],
            )

    def _chosen(self, role: str, name: str) -> None:
        if name:
            self.do(lambda session: incidents.give_role(session, self.snapshot.incident, name, role))
        else:
            self._ask_name(role)

    def _ask_name(self, role: str, name: str = "") -> None:
        self.ask(
            f"{role}: who",
            lambda typed: f"{person_name(typed)} is {role}" if typed.strip() else "a name, then enter",
            lambda session, typed: incidents.give_role(session, self.snapshot.incident, typed, role),
            name,
            key=self._about(role, name),
        )

    def _about(self, *what: str) -> str:
        """Under which a half-typed line is kept: one about another person or role is another one."""
        return ":".join((self.place, self.incident, *what))

    def action_stand_down(self) -> None:
        role = self._held()
        if role is None:
            self.prompt.flash("no role to end here: choose a person who has one", tone="warn")
        else:
            self.do(lambda session: incidents.stand_down(session, role))

    def action_called(self) -> None:
        self._mark("called")

    def action_reached(self) -> None:
        self._mark("reached")

    def action_no_answer(self) -> None:
        self._mark("no answer")

    def _mark(self, mark: Mark) -> None:
        kind = self.lines.selected.partition(":")[0]
        role = self._selected_role() if kind in ("call", "role") else ""
        name = self._selected_name()
        if kind == "call":
            self.do(lambda session: mark_call(session, self.snapshot.incident, name, mark, role=role))
        else:
            self.ask(
                f"who was {mark}" if mark != "no answer" else "who did not answer",
                lambda typed: f"{person_name(typed)}: {mark}{f', as {role}' if role else ''}",
                lambda session, typed: mark_call(session, self.snapshot.incident, typed, mark, role=role),
                name,
                key=self._about(mark, role, name),
            )

    def action_copy(self) -> None:
        kind = self.lines.selected.partition(":")[0]
        role = self._selected_role() if kind in ("call", "role") else ""
        text = page_text(self.snapshot, self._selected_name(), role)
        self.prompt.flash(self.context.copy(text), tone="good")

    def action_contact(self) -> None:
        role = self._selected_role()
        known = next((c for c in contacts(self.context.board) if same_person(c.name, self._selected_name())), None)
        text = f"{known.name}: {known.reach}, {'; '.join(known.roles)}" if known else ""
        given, key = text or (f": , {role}" if role else ""), self._about("contact", role, self._selected_name())
        self.ask("contact", self._contact_words, self._keep_contact, given, key=key)

    def _contact_words(self, typed: str) -> str:
        found = _CONTACT.match(typed)
        if not found:
            return "name: how to reach, roles parted by ;   li: @li, scribe; deputy"
        return f"{found[1]} is reached by {found[2]}{f', for {found[3]}' if found[3] else ''}"

    def _keep_contact(self, session: Session, typed: str) -> Outcome:
        found = _CONTACT.match(typed)
        if not found:
            raise Rejected("Say name: how to reach, roles.")
        said = [part for part in re.split(r"[;；]", found[3] or "") if part.strip()]
        unknown = [part.strip() for part in said if not incidents.known_role(part)]
        if unknown:
            raise Rejected(
                f"There is no role {unknown[0]!r}: say one of {', '.join(sorted(set(incidents.ROLE_NAMES.values())))}."
            )
        return add_contact(session, found[1], found[2], roles=[incidents.known_role(part) for part in said])

    def action_team(self) -> None:
        name = self._selected_name()
        text = f"{name}: " if name and not same_person(name, self.snapshot.incident.commander) else ""
        self.ask("sub-team", self._team_words, self._form, text, key=self._about("sub-team", name))

    def _team_words(self, typed: str) -> str:
        found = _TEAM.match(typed)
        if not found:
            return "leader: members; the task in 20m    noor: ben, li; find the slow query in 20m"
        box = f", {found[4]}" if found[4] and parse_duration(found[4]) else ""
        return f"{found[1]} leads {found[2]}: {found[3]}{box}"

    def _form(self, session: Session, typed: str) -> Outcome:
        found = _TEAM.match(typed)
        if not found:
            raise Rejected("Say leader: members; the task in 20m.")
        within = parse_duration(found[4]) if found[4] else None
        task = found[3] if within is not None or not found[4] else f"{found[3]} in {found[4]}"
        members: Sequence[str] = re.split(r"[,，]", found[2])
        return form_team(session, self.snapshot.incident, found[1], members, task, within)
