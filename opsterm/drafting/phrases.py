"""The phrases of drafts: one TOML file a language, no logic in it, any phrase replaceable by a team.

A team's own phrases come as a mapping `{"en": {"next.short": "Next word by {time}."}}`. A replacement may leave
fields of the original out, but not use others: that is said when the phrases are loaded, not when an update is due.
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from opsterm.drafting.lexicon import Lang, data

Overrides = Mapping[str, Mapping[str, str]]
"""Language → phrase name → a team's own wording."""


class PhraseError(ValueError):
    """A team's phrase that cannot be used, and why."""


def _flat(table: Mapping[str, Any], lead: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        name = f"{lead}{key}"
        if isinstance(value, Mapping):
            found |= _flat(value, f"{name}.")
        elif isinstance(value, str):
            found[name] = value
    return found


@cache
def _own(lang: Lang) -> Mapping[str, str]:
    return MappingProxyType(_flat(data(lang)))


def fields(phrase: str) -> set[str]:
    """The `{fields}` of a phrase."""
    return {field for _, field, _, _ in string.Formatter().parse(phrase) if field}


@dataclass(frozen=True)
class Phrases:
    """What can be said in one language."""

    lang: Lang
    by_name: Mapping[str, str]

    def say(self, name: str, **values: str) -> str:
        """The phrase of that name, filled in."""
        return self.by_name[name].format(**values)

    def has(self, name: str) -> bool:
        """Whether there is a phrase of that name."""
        return name in self.by_name

    def question(self, name: str) -> tuple[str, str]:
        """For what is missing: the question to the writer, and the bracket that stands in the draft."""
        question, bracket = data(self.lang)["ask"][name]
        return question, bracket


def load(lang: Lang, overrides: Overrides | None = None) -> Phrases:
    """The phrases of a language with a team's own in place; PhraseError if one of those can't work."""
    own = _own(lang)
    changed = (overrides or {}).get(lang)
    if not changed:
        return Phrases(lang, own)
    for name, phrase in changed.items():
        if name not in own:
            raise PhraseError(f"there is no phrase {name!r} in {lang}")
        try:
            unknown = fields(phrase) - fields(own[name])
        except ValueError as error:
            raise PhraseError(f"phrase {name!r}: {error}") from error
        if unknown:
            raise PhraseError(f"phrase {name!r} has no {{{', '.join(sorted(unknown))}}}")
    return Phrases(lang, {**own, **changed})
