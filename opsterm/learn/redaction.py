"""Names taken out for outside readers: each becomes the part that the person had, the same everywhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from opsterm.learn.account import Account
from opsterm.learn.report_parts import Block, Items, Paragraph, Quote, Report, ReportTable
from opsterm.records.person_name import UNSEEN, person_key, written

#: What the board itself writes where nobody did.
_NO_NAMES = frozenset({"", "import", "playback", "someone", "nobody"})
_SHORT = 2


def names_in(account: Account) -> dict[str, str]:
    """Every name in an account → what stands in its place: a role with a number where several had it."""
    #: Spelling → its part: one person has one, however the name is spelled.
    parts: dict[str, str] = {}
    known: dict[str, str] = {}
    for role, name in account.people:
        parts[name] = known.setdefault(person_key(name), role)
    others = [name for action in account.actions for name in (action.owner, action.state_by)]
    others += [inquiry.owner for inquiry in account.inquiries]
    others += [improvement.owner for improvement in account.improvements]
    others += [moment.by for moment in account.timeline] + [word.word.by for w in account.words for word in w.told]
    others += [word.word.refused_by for w in account.words for word in w.told]
    others += [decision.by for decision in account.decisions]
    others += [step.state_by for run in account.walked for step in run.steps]
    others += [str(head["by"]) for conflict in account.conflicts for head in conflict.heads]
    if account.postmortem:
        others.append(account.postmortem.owner)
    for name in others:
        parts[name] = known.setdefault(person_key(name), "responder")
    parts = {name: part for name, part in parts.items() if name.lower() not in _NO_NAMES}
    people = {person_key(name): part for name, part in parts.items()}
    several = Counter(people.values())
    given: Counter[str] = Counter()
    called: dict[str, str] = {}
    for key, part in people.items():
        given[part] += 1
        called[key] = f"{part} {given[part]}" if several[part] > 1 else part
    return {name: called[person_key(name)] for name in parts}


#: Names that are also words: they are taken for the name only where they are written as one.
_WORDS_TOO = frozenset(
    (
        "art",
        "bill",
        "bob",
        "dale",
        "dean",
        "drew",
        "faith",
        "frank",
        "grace",
        "hope",
        "ivy",
        "jack",
        "joy",
        "june",
        "may",
        "mark",
        "max",
        "mike",
        "nick",
        "pat",
        "penny",
        "ray",
        "rich",
        "rob",
        "rose",
        "sue",
        "summer",
        "ted",
        "victor",
        "wade",
        "will",
    )
)
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def _cleaner(names: Mapping[str, str]) -> Callable[[str], str]:
    """A function that puts the parts in the place of whole names, and of a full name's words."""
    placed: dict[str, str] = {}
    for name, part in names.items():
        name = written(name)
        placed[name.lower()] = part
        words = name.split()
        if len(words) > 1 and all(word[0].isupper() and word.isalpha() and len(word) > _SHORT for word in words):
            for word in words:
                placed.setdefault(word.lower(), part)
    if not placed:
        return lambda text: text
    patterns = []
    for name in sorted(placed, key=lambda name: (-len(name), name)):
        escaped = _anyhow(name)
        if _UNSPACED.search(name):
            patterns.append(escaped)
        elif name in _WORDS_TOO:
            said = "|".join(_anyhow(form) for form in (name.capitalize(), name.upper()))
            patterns.append(rf"(?<!\w)(?:(?i:@{escaped})|(?-i:{said}))(?!\w)|\A(?i:{escaped})\Z")
        else:
            patterns.append(rf"(?<!\w)@?(?i:{escaped})(?!\w)")
    pattern = re.compile("|".join(patterns))
    return lambda text: pattern.sub(lambda found: placed[written(found[0]).lstrip("@").lower()], normalize("NFC", text))


def _anyhow(name: str) -> str:
    """A pattern for a name, in a text, between whose letters there may be what nobody sees."""
    return f"{UNSEEN.pattern}*".join(map(re.escape, name))


def redact(document: Report, names: Mapping[str, str]) -> Report:
    """The document with every name of `names` replaced by its part."""
    clean = _cleaner(names)
    return Report(
        clean(document.title),
        clean(document.about),
        tuple(
            replace(section, blocks=tuple(_clean(block, clean) for block in section.blocks))
            for section in document.sections
        ),
    )


def redact_json(value: Any, names: Mapping[str, str]) -> Any:
    """The same for what `as_json` gives: every text in it, keys not."""
    clean = _cleaner(names)

    def walk(item: Any) -> Any:
        if isinstance(item, str):
            return clean(item)
        if isinstance(item, Mapping):
            return {key: walk(kept) for key, kept in item.items()}
        return [walk(kept) for kept in item] if isinstance(item, list | tuple) else item

    return walk(value)


def _clean(block: Block, clean: Callable[[str], str]) -> Block:
    match block:
        case Paragraph(text):
            return Paragraph(clean(text))
        case Items(items):
            return Items(tuple((clean(text), tuple(map(clean, below))) for text, below in items))
        case ReportTable(head, rows):
            return ReportTable(head, tuple(tuple(map(clean, row)) for row in rows))
        case Quote(about, text):
            return Quote(clean(about), clean(text))
