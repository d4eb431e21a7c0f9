"""What a team sets about its words: who approves, in which form and language, its phrases, names and cadence.

In the team's settings file:

    [updates]
    approve = ["customers"]           # audiences whose text the commander approves
    approval_minutes = 3              # unanswered so long, it may be sent as not approved
    page = "/srv/www/status.html"     # the page for outsiders, written anew on every send to customers
    organisation = "Example Ltd"

    [updates.form]                    # plain, markdown, slack, html, statuspage or teams
    customers = "statuspage"

    [updates.lang]                    # en or zh
    customers = "zh"

    [words]
    services = ["payments-api"]       # the team's own names, never for outsiders
    allow = ["API"]                   # trade words that this team's customers know

    [cadence.customers]               # minutes: first, scoping, identified, monitoring, long-running; 0: at the end
    sev1 = [5, 20, 20, 60, 60]

    [phrases.en]                      # any phrase of opsterm/drafting/data/en.toml, under its name
    "next.short" = "Next word by {time}."
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from opsterm.records.incident import SEVERITIES
from opsterm.records.update import AUDIENCES, FORMS
from opsterm.settings import kept_until_changed, settings_document

#: Unanswered for so many minutes, a text may be sent as not approved. [spec of the composer]
APPROVAL_MINUTES = 3


@dataclass(frozen=True, slots=True)
class WordSettings:
    """What the file says; and what in it was not understood, a line each."""

    approve: frozenset[str] = frozenset()
    approval_minutes: int = APPROVAL_MINUTES
    page: Path | None = None
    organisation: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    lang: Mapping[str, str] = field(default_factory=dict)
    services: tuple[str, ...] = ()
    allow: tuple[str, ...] = ()
    cadence: Mapping[str, Mapping[str, tuple[int, ...]]] = field(default_factory=dict)
    phrases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def form_of(self, audience: str) -> str:
        return self.form.get(audience, "plain")

    def lang_of(self, audience: str) -> Literal["en", "zh"]:
        return "zh" if self.lang.get(audience) == "zh" else "en"


@kept_until_changed
def word_settings(file: Path | None) -> WordSettings:
    """The settings as the file has them now. Never raises: what is not understood is left out, and named in a
    warning."""
    if file is None:
        return WordSettings()
    try:
        document = settings_document(file)
    except (OSError, ValueError) as error:
        return WordSettings(warnings=(f"{file} is not read, defaults hold: {' '.join(str(error).split())}",))
    return read_word_settings(document, str(file))


def read_word_settings(document: Mapping[str, Any], where: str = "settings") -> WordSettings:
    """The same from a parsed file; other parts' sections are left alone."""
    warnings: list[str] = []

    def section(source: Mapping[str, Any], name: str) -> Mapping[str, Any]:
        found = source.get(name, {})
        if isinstance(found, Mapping):
            return found
        warnings.append(f"{where}: [{name}] should be a table; it is ignored.")
        return {}

    def texts(source: Mapping[str, Any], name: str) -> tuple[str, ...]:
        found = source.get(name, [])
        if isinstance(found, list) and all(isinstance(item, str) for item in found):
            return tuple(found)
        warnings.append(f"{where}: {name} should be a list of texts; it is ignored.")
        return ()

    def by_audience(source: Mapping[str, Any], name: str, known: tuple[str, ...]) -> dict[str, str]:
        kept: dict[str, str] = {}
        for audience, value in section(source, name).items():
            if audience in AUDIENCES and value in known:
                kept[audience] = str(value)
            else:
                warnings.append(f"{where}: updates.{name}.{audience} = {value!r} is ignored: say {', '.join(known)}.")
        return kept

    updates, words = section(document, "updates"), section(document, "words")
    asked = texts(updates, "approve")
    warnings += [f"{where}: there is no audience {name!r} to approve for." for name in asked if name not in AUDIENCES]
    minutes, page = updates.get("approval_minutes", APPROVAL_MINUTES), updates.get("page", "")
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 0 < minutes <= 1440:
        warnings.append(f"{where}: approval_minutes should be a whole number above 0; {APPROVAL_MINUTES} holds.")
        minutes = APPROVAL_MINUTES
    return WordSettings(
        approve=frozenset(name for name in asked if name in AUDIENCES),
        approval_minutes=minutes,
        page=Path(page).expanduser() if isinstance(page, str) and page else None,
        organisation=str(updates.get("organisation", "")),
        form=by_audience(updates, "form", FORMS),
        lang=by_audience(updates, "lang", ("en", "zh")),
        services=texts(words, "services"),
        allow=texts(words, "allow"),
        cadence=_cadence(section(document, "cadence"), where, warnings),
        phrases=_phrases(section(document, "phrases"), where, warnings),
        warnings=tuple(warnings),
    )


def _cadence(source: Mapping[str, Any], where: str, warnings: list[str]) -> dict[str, dict[str, tuple[int, ...]]]:
    kept: dict[str, dict[str, tuple[int, ...]]] = {}
    for audience, rows in source.items():
        for severity, row in rows.items() if isinstance(rows, Mapping) else ():
            whole = isinstance(row, list) and len(row) == 5 and all(type(n) is int and 0 <= n <= 100_000 for n in row)
            if whole and audience in AUDIENCES and severity in SEVERITIES:
                kept.setdefault(audience, {})[severity] = tuple(row)
            else:
                warnings.append(f"{where}: cadence.{audience}.{severity} should be five whole numbers of minutes.")
    return kept


def _phrases(source: Mapping[str, Any], where: str, warnings: list[str]) -> dict[str, dict[str, str]]:
    """The team's phrases; each is checked against opsterm's own when the words are first used."""
    kept: dict[str, dict[str, str]] = {}
    for lang, phrases in source.items():
        for name, phrase in phrases.items() if isinstance(phrases, Mapping) else ():
            if lang in ("en", "zh") and isinstance(phrase, str):
                kept.setdefault(lang, {})[name] = phrase
            else:
                warnings.append(f'{where}: phrases.{lang}."{name}" should be a text in en or zh; it is ignored.')
    return kept


def usable_phrases(settings: WordSettings) -> tuple[dict[str, dict[str, str]], list[str]]:
    """The team's phrases that can be used, and why the others can't: a slip in one leaves the others standing."""
    from opsterm.drafting.phrases import PhraseError, load

    kept: dict[str, dict[str, str]] = {}
    refused = []
    for lang, phrases in settings.phrases.items():
        for name, phrase in phrases.items():
            try:
                load("zh" if lang == "zh" else "en", {lang: {name: phrase}})
            except PhraseError as error:
                refused.append(str(error))
            else:
                kept.setdefault(lang, {})[name] = phrase
    return kept, refused
