"""The people of an imported file: who of them commands, and what the others do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from opsterm.exchange.file_format import Event, IncidentFile
from opsterm.incidents.incident import ROLE_NAMES, known_role
from opsterm.records.person_name import UNSEEN, person_key, same_person

#: Before the name of somebody who no longer commands: `li took command from kim`.
_LEAVES = re.compile(r"\b(?:from|for|after|relieves|relieved|replaces|replaced)\s+$")
#: Before the name of somebody who commands from then on: `kim hands command over to li`.
_COMES = re.compile(r"(?:\b(?:to|is now)|→|->)\s*$")
_OTHER_ROLE = re.compile(rf"\b(?:{'|'.join(name for name, role in ROLE_NAMES.items() if role != 'commander')})\b")


@dataclass(frozen=True, slots=True)
class FilePeople:
    """Everybody in a file's list of people, once in each role."""

    #: Empty where nobody in the list commands.
    commander: str
    #: (place in the file, name, role), the role by the board's name where it is one of ours.
    roles: tuple[tuple[int, str, str], ...]


def in_their_roles(file: IncidentFile) -> FilePeople:
    """Who of a file's people does what. Of several commanders the one commands whom the last change of command names,
    else the last of them."""
    roles: dict[tuple[str, str], tuple[int, str, str]] = {}
    for place, (name, said) in enumerate(file.people):
        role = known_role(said) or said
        roles.setdefault((person_key(name), role), (place, name, role))
    commanders = [name for _, name, role in roles.values() if role == "commander"]
    several = len(commanders) > 1
    commander = _last_named(file.events, commanders) if several else "".join(commanders)
    return FilePeople(commander, tuple(roles.values()))


def _last_named(events: Sequence[Event], commanders: Sequence[str]) -> str:
    changes = [event for event in events if event.kind == "role_change"]
    found = (in_command(event.text, event.by, commanders) for event in reversed(changes))
    return next(filter(None, found), commanders[-1])


def in_command(text: str, by: str, commanders: Iterable[str]) -> str:
    """Whom of these a change of roles leaves in command, by its words and by who said it; nobody where that is not
    plain, or where it is about another role."""
    words = " ".join(normalize("NFKC", UNSEEN.sub("", text)).casefold().split())
    if _OTHER_ROLE.search(words) and "command" not in words:
        return ""
    stay = []
    for name in commanders:
        found = re.search(rf"(?<!\w){re.escape(person_key(name))}(?!\w)", words)
        before = words[: found.start()].rstrip("@") if found else ""
        if _COMES.search(before):
            return name
        if found and not _LEAVES.search(before):
            stay.append(name)
    spoke = stay if len(stay) == 1 else [name for name in stay if same_person(name, by)]
    return spoke[0] if spoke else ""
