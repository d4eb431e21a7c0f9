"""Roles: what each does, who holds which, and when command is too much, too long or missing."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files

from opsterm.board.timeline import Moment
from opsterm.core.session import Outcome, Rejected, Session, person_name, some
from opsterm.core.thresholds import DEFAULTS, Thresholds
from opsterm.core.times import age, between
from opsterm.incidents.actions import order
from opsterm.incidents.notice import Notice
from opsterm.incidents.snapshot import Snapshot
from opsterm.records import Incident, Role
from opsterm.records.action import OPEN
from opsterm.records.instant import Instant, from_ms
from opsterm.records.person_name import each_once, is_among, person_key, same_person


@dataclass(frozen=True, slots=True)
class Duties:
    """What a role does, and what it never does."""

    does: tuple[str, ...]
    never: tuple[str, ...]


@cache
def duties() -> Mapping[str, Duties]:
    """The duties of each role, by the board's name of it."""
    source = (files("opsterm") / "data" / "roles.toml").read_text(encoding="utf-8")
    return {name: Duties(tuple(d["does"]), tuple(d["never"])) for name, d in tomllib.loads(source).items()}


def reports(snapshot: Snapshot) -> list[str]:
    """Who reports to the commander directly: everyone with a role or an open order who is in nobody's sub-team."""
    led = [role.name for role in snapshot.roles if role.leader]
    people = [role.name for role in snapshot.roles if not role.leader]
    people += [action.owner for action in snapshot.actions if action.state in OPEN]
    return [name for name in each_once(people) if not is_among(name, (*led, snapshot.incident.commander))]


def last_wrote(moments: Sequence[Moment], person: str) -> Instant:
    """When a person's last line was recorded, by their own clock; empty where they wrote none."""
    written = [line.wall for line in moments if same_person(line.by, person)]
    return from_ms(max(written)) if written else ""


def role_notices(
    snapshot: Snapshot, moments: Sequence[Moment], now: Instant, limits: Thresholds = DEFAULTS
) -> list[Notice]:
    """What is wrong with command and roles, as lines. `moments` are the timeline's last lines, an hour's at least."""
    if snapshot.over:
        return []
    found = [
        _two_commanders(snapshot),
        _nobody(snapshot, now, limits),
        _long_in_command(snapshot, now, limits),
        _silent(snapshot, moments, now, limits),
        _second_role(snapshot),
        _span(snapshot, limits),
        *given(snapshot),
        named_commander(snapshot, moments),
        *_long_in_role(snapshot, now, limits),
    ]
    return [notice for notice in found if notice is not None]


def _two_commanders(snapshot: Snapshot) -> Notice | None:
    """Two who both believe to command are an alarm on both screens, and on every other."""
    for conflict in snapshot.alarms():
        if conflict.field == "commander":
            names = " and ".join(dict.fromkeys(str(head["value"]) or "nobody" for head in conflict.heads))
            text = f"both believe to be in command: {names}; say who is"
            return Notice("two commanders", text, "alarm", (), "settle", conflict.record)
    return None


def _nobody(snapshot: Snapshot, now: Instant, limits: Thresholds) -> Notice | None:
    incident = snapshot.incident
    if incident.commander or incident.severity not in ("sev1", "sev2"):
        return None
    since = incident.commander_since or incident.declared_at or incident.at
    seconds = between(since, now)
    if seconds < limits.no_commander_minutes * 60:
        return None
    return Notice("no commander", f"no commander for {age(seconds)}: take command", "alarm", (), "take_command")


def _long_in_command(snapshot: Snapshot, now: Instant, limits: Thresholds) -> Notice | None:
    """No software source sets hours; 17 h awake are worth 0.05 % alcohol, 24 h 0.10 % [Dawson & Reid 1997]."""
    who, since = snapshot.incident.commander, snapshot.incident.commander_since
    if not who or not since:
        return None
    hours = between(since, now) / 3600
    said = age(hours * 3600)
    deputies = [role.name for role in snapshot.roles if role.role == "deputy"]
    to = (who, *deputies)
    if hours >= limits.command_alarm_hours:
        return Notice("long in command:3", f"{who} commands for {said}: hand over now", "alarm", to, "transfer")
    if hours >= limits.command_urge_hours:
        return Notice("long in command:2", f"{who} commands for {said}: name a successor", "warning", to, "transfer")
    if hours >= limits.command_suggest_hours:
        return Notice("long in command:1", f"{who} commands for {said}: who takes over?", "offer", to, "transfer")
    return None


def _silent(snapshot: Snapshot, moments: Sequence[Moment], now: Instant, limits: Thresholds) -> Notice | None:
    who = snapshot.incident.commander
    if not who or snapshot.incident.severity not in ("sev1", "sev2") or snapshot.incident.status == "monitoring":
        return None
    since = max(last_wrote(moments, who), snapshot.incident.commander_since)
    seconds = between(since, now) if since else 0
    if seconds < limits.silent_minutes * 60:
        return None
    deputies = tuple(role.name for role in snapshot.roles if role.role == "deputy")[:1]
    ask = f"{deputies[0]}, are you in command?" if deputies else "who takes over?"
    text = f"{who} wrote nothing for {age(seconds)}: {ask}"
    return Notice("silent commander", text, "warning", deputies, "transfer", alone_matters=False)


def _second_role(snapshot: Snapshot) -> Notice | None:
    """The commander holds no other role [PagerDuty; Google SRE book ch. 14]."""
    who = snapshot.incident.commander
    held = [role for role in snapshot.roles if same_person(role.name, who)]
    if not held:
        return None
    text = f"{who} commands and is {held[0].role}: give that role away"
    return Notice("second role", text, "warning", (who,), "roles", held[0].id, alone_matters=False)


def _span(snapshot: Snapshot, limits: Thresholds) -> Notice | None:
    """3 to 7 reports, 5 best [FEMA ICS]; 7 or 8 overwhelm [PagerDuty]."""
    if not snapshot.incident.commander:
        return None
    count, to = len(reports(snapshot)), (snapshot.incident.commander,)
    if count >= limits.reports_split:
        text = f"{count} people report to you: form a sub-team with a leader"
        return Notice("span:2", text, "warning", to, "team", alone_matters=False)
    if count >= limits.reports_warn:
        text = f"{count} people report to you: a sub-team soon?"
        return Notice("span:1", text, "offer", to, "team", alone_matters=False)
    return None


#: What one is who has a role, where that is not "the" and its name.
_YOU_ARE = {"operations": "operations", "expert": "an expert here"}


def given(snapshot: Snapshot) -> list[Notice]:
    """To whoever was given a role by another, until they say that they know: the others rely on it."""
    if snapshot.over:
        return []
    return [
        Notice(
            f"given:{role.id}:{role.name_since}",
            f"you are {_YOU_ARE.get(role.role, f'the {role.role}')}, given by {role.name_by}",
            "warning",
            (role.name,),
            "know_role",
            role.id,
        )
        for role in snapshot.roles
        if role.name_by and not same_person(role.name_by, role.name) and role.known != role.name_since
    ]


def named_commander(snapshot: Snapshot, moments: Sequence[Moment]) -> Notice | None:
    """To whoever commands because another said so, until they write their first line as commander: nobody else may
    wait for a commander who does not know."""
    of = snapshot.incident
    if snapshot.over or not of.commander_by or same_person(of.commander, of.commander_by):
        return None
    if not of.commander or last_wrote(moments, of.commander) > of.commander_since:
        return None
    text = f"you are in command, named by {of.commander_by}"
    return Notice(f"in command:{of.commander_since}", text, "warning", (of.commander,), "transfer", of.id)


def _long_in_role(snapshot: Snapshot, now: Instant, limits: Thresholds) -> list[Notice]:
    return [
        Notice(
            f"long in role:{role.id}",
            f"{role.name} is {role.role} for {age(between(role.name_since, now))}: who relieves {role.name}?",
            "offer",
            tuple(each_once((snapshot.incident.commander, role.name))),
            "roles",
            role.id,
            alone_matters=False,
        )
        for role in snapshot.roles
        if role.name_since and between(role.name_since, now) >= limits.role_hours * 3600
    ]


def form_team(
    session: Session,
    incident: Incident,
    leader: str,
    members: Sequence[str],
    task: str,
    within: timedelta | None = None,
) -> Outcome:
    """Forms a sub-team: one leader, one task, one time box; the commander talks to the leader alone [PagerDuty]."""
    head = some(person_name(leader), "who leads")
    names = [name for name in each_once(map(person_name, members)) if not same_person(name, head)]
    if not names:
        raise Rejected(f"Say who is in {head}'s team.")
    with session.board.transaction():
        held = {person_key(role.name): role for role in session.board.all(Role, incident.id) if role.name}
        for name in names:
            if person_key(name) in held:
                session.set(held[person_key(name)], {"leader": head})
            else:
                fields = {"role": "expert", "name": name, "leader": head}
                session.create(Role, incident.id, fields)
        told = order(session, incident, task, owner=head, within=within)
    return Outcome(f"{head} leads {', '.join(names)}; {told.sentence}", told.record)


def role_clashes(rooms: Sequence[Snapshot]) -> list[Notice]:
    """One active role a person across incidents [FEMA]: a clash shows on both."""
    held: dict[str, list[str]] = {}
    names: dict[str, str] = {}
    for snapshot in rooms:
        if snapshot.over or snapshot.incident.folded_into:
            continue
        here = [*((role.name, role.role) for role in snapshot.roles), (snapshot.incident.commander, "commander")]
        for key, role in {person_key(name): role for name, role in here if name}.items():
            held.setdefault(key, []).append(f"{role} in {snapshot.incident.mark}")
        names = {person_key(name): name for name, _ in here} | names
    return [
        Notice(f"clash:{key}", f"{names[key]} is {' and '.join(parts)}: one role at a time", "warning", (), "roles")
        for key, parts in held.items()
        if len(parts) > 1
    ]
