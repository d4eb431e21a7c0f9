"""Names taken out for outside readers: each becomes the part that the person had, the same everywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from opsterm.learn.account import Account
from opsterm.learn.document import Block, Document, Items, Quote, Table, Words

#: What the board itself writes where nobody did.
_NO_NAMES = frozenset({"", "import", "playback", "someone", "nobody"})
_SHORT = 2


def names_in(account: Account) -> dict[str, str]:
    """Every name in an account → what stands in its place: a role with a number where several had it."""
    parts: dict[str, str] = {}
    for role, name in account.people:
        parts.setdefault(name, role)
    others = [action.owner for action in account.actions]
    others += [inquiry.owner for inquiry in account.inquiries]
    others += [improvement.owner for improvement in account.improvements]
    others += [moment.by for moment in account.timeline] + [word.word.by for w in account.words for word in w.told]
    others += [decision.by for decision in account.decisions]
    others += [step.state_by for run in account.walked for step in run.steps]
    others += [str(head["by"]) for conflict in account.conflicts for head in conflict.heads]
    if account.postmortem:
        others.append(account.postmortem.owner)
    for name in others:
        parts.setdefault(name, "responder")
    parts = {name: part for name, part in parts.items() if name.lower() not in _NO_NAMES}
    several = Counter(parts.values())
    given: Counter[str] = Counter()
    out = {}
    for name, part in parts.items():
        given[part] += 1
        out[name] = f"{part} {given[part]}" if several[part] > 1 else part
    return out


def redact(document: Document, names: Mapping[str, str]) -> Document:
    """The document with every whole name replaced, its first and last word too where they can only be a name."""
    placed: dict[str, str] = {}
    for name, part in names.items():
        placed[name.lower()] = part
        for word in name.split():
            if len(word) > _SHORT and word[0].isupper() and len(name.split()) > 1 and word.isalpha():
                placed.setdefault(word.lower(), part)
    if not placed:
        return document
    longest = sorted(placed, key=lambda name: (-len(name), name))
    pattern = re.compile(r"(?<!\w)@?(?:" + "|".join(map(re.escape, longest)) + r")(?!\w)", re.IGNORECASE)

    def clean(text: str) -> str:
        return pattern.sub(lambda found: placed[found[0].lstrip("@").lower()], text)

    return Document(
        clean(document.title),
        clean(document.about),
        tuple(
            replace(section, blocks=tuple(_clean(block, clean) for block in section.blocks))
            for section in document.sections
        ),
    )


def _clean(block: Block, clean: Callable[[str], str]) -> Block:
    match block:
        case Words(text):
            return Words(clean(text))
        case Items(items):
            return Items(tuple((clean(text), tuple(map(clean, below))) for text, below in items))
        case Table(head, rows):
            return Table(head, tuple(tuple(map(clean, row)) for row in rows))
        case Quote(about, text):
            return Quote(clean(about), clean(text))
