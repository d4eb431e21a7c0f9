"""One line typed, one record of a register: `Mailer; for mail delivery; ends 2027-05-31; notice 3 months; @noor`.

Semicolons part it. The first part of a new record is its name; each other part begins with a word of the register's
table, which is data below. A word alone empties its field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from opsterm.core.calendar_dates import day
from opsterm.core.session import Outcome, Rejected, Session, person_name
from opsterm.core.valid_dates import YEAR_MAX, YEAR_MIN, is_day
from opsterm.records.dependency import KINDS_OF, STRENGTHS
from opsterm.records.document import METHODS, RESULTS
from opsterm.records.plain import one_line
from opsterm.records.record import Record
from opsterm.records.ritual import AGENDAS, EVERY, SORTS
from opsterm.records.vendor import OUTCOMES, RENEWALS
from opsterm.registers.import_rows import differing
from opsterm.registers.vendors.contract import period

Fields = dict[str, Any]
#: Word → what the text after it says, as fields. Raises Rejected.
Words = Mapping[str, Callable[[str], Fields]]

_AMOUNT_MAX = 1e12
_YES = {"yes": True, "": True, "no": False}


def read(line: str, words: Words, *, named: bool) -> tuple[str, Fields]:
    """(the name, the fields) that a line says; without `named` every part begins with a word. Raises Rejected."""
    parts = [part.strip() for part in one_line(line).replace("；", ";").split(";")]
    name = parts.pop(0) if named else ""
    fields: Fields = {}
    for part in filter(None, parts):
        word, rest = ("owner", part[1:]) if part[0] in "@＠" else _parted(part, words)
        if word not in words:
            raise Rejected(f"{part.split()[0]!r} is no word here: {', '.join(words)}.")
        fields |= words[word](rest.strip())
    return name, fields


def _parted(part: str, words: Words) -> tuple[str, str]:
    """The word that a part begins with, the longest where several do, and the rest."""
    said = part.casefold()
    found = [word for word in words if said == word or said.startswith(f"{word} ")]
    word = max(found, key=len, default=part.split()[0])
    return word, part[len(word) :]


def in_words(fields: Mapping[str, Any]) -> str:
    """Fields as a person reads them back before enter."""
    return ", ".join(f"{name.replace('_', ' ').removesuffix(' at')} {_value(value)}" for name, value in fields.items())


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}" if value < 1000 else f"{value:,.0f}"
    return " + ".join(value) if isinstance(value, list) else str(value) or "none"


def amend(session: Session, item: Record, fields: Mapping[str, Any], called: str) -> Outcome:
    """Brings a record of a register up to what a line says. Raises Rejected where that changes nothing."""
    differs = differing(item, fields)
    if not differs:
        raise Rejected(f"{called} is so already: say what is different.")
    session.set(item, differs)
    return Outcome(f"{called}: {in_words(differs)}", item.id)


# --- what stands after a word


def _text(field: str) -> Callable[[str], Fields]:
    return lambda text: {field: text}


def _person(field: str) -> Callable[[str], Fields]:
    return lambda text: {field: person_name(text)}


def _several(field: str, mark: str = ",") -> Callable[[str], Fields]:
    """Texts parted by a mark, each once."""
    return lambda text: {field: list(dict.fromkeys(part.strip() for part in text.split(mark) if part.strip()))}


def _people(field: str) -> Callable[[str], Fields]:
    return lambda text: {field: [person_name(part) for part in text.split(",") if part.strip()]}


def _day(field: str) -> Callable[[str], Fields]:
    def read_day(text: str) -> Fields:
        if text and not is_day(text):
            raise Rejected(f"{text!r} is no date from {YEAR_MIN} to {YEAR_MAX}: say YYYY-MM-DD.")
        return {field: day(text).isoformat() if text else ""}

    return read_day


def _number(field: str, least: float, most: float, *, whole: bool = False) -> Callable[[str], Fields]:
    def read_number(text: str) -> Fields:
        head = text.removesuffix("%").strip().split(" ")[0].replace(",", "")
        try:
            value = float(head or 0)
        except ValueError:
            raise Rejected(f"{text!r} is no number.") from None
        if not least <= value <= most or (whole and value != int(value)):
            raise Rejected(f"{text!r} is no {'whole ' if whole else ''}number from {least:g} to {most:g}.")
        return {field: int(value) if whole else value}

    return read_number


def _share(field: str) -> Callable[[str], Fields]:
    """A part of a whole, as 0.8 or 80 %."""

    def read_share(text: str) -> Fields:
        percent = text.endswith("%")
        value = float(_number(field, 0, 100 if percent else 1)(text)[field])
        return {field: value / 100 if percent else value}

    return read_share


def _one_of(field: str, known: Sequence[str]) -> Callable[[str], Fields]:
    def read_one(text: str) -> Fields:
        if text.casefold() not in known:
            raise Rejected(f"{text!r} is not known: say {', '.join(filter(None, known))}.")
        return {field: text.casefold()}

    return read_one


def _flag(field: str, when_said: bool = True) -> Callable[[str], Fields]:
    def read_flag(text: str) -> Fields:
        if text.casefold() not in _YES:
            raise Rejected(f"{text!r} is neither yes nor no.")
        return {field: _YES[text.casefold()] == when_said}

    return read_flag


def _period(field: str) -> Callable[[str], Fields]:
    def read_period(text: str) -> Fields:
        return {field: str(period(text) or "")}

    return read_period


def _renewal(text: str) -> Fields:
    """`tacit 12 months`, `express`, `none`; a length alone is tacit."""
    head, _, rest = text.partition(" ")
    if head.casefold() in RENEWALS:
        return {"renewal": head.casefold(), **_period("renewal_term")(rest)}
    return {"renewal": "tacit" if text else "none", **_period("renewal_term")(text)}


def _cost(text: str) -> Fields:
    """`12,000 EUR`."""
    fields = _number("annual_cost", 0, _AMOUNT_MAX)(text)
    currency = text.split()[-1].upper() if len(text.split()) > 1 else ""
    return fields | ({"currency": currency} if currency else {})


VENDOR: Words = {
    "for": _text("service"),
    "on": _several("systems"),
    "tier": _number("tier", 1, 3, whole=True),
    "ends": _day("term_end"),
    "notice": _period("notice"),
    "renews": _renewal,
    "costs": _cost,
    "owner": _person("owner"),
    "backup": _person("backup"),
    "group": _text("parent"),
    "begins": _day("term_start"),
    "on the way": lambda text: {"received": bool(text), **_number("delivery_days", 0, 60, whole=True)(text)},
    "form": _text("form"),
    "to": _text("address"),
    "clause": _text("clause"),
    "rises": _number("uplift", 0, 1000),
    "price clause": _text("price_clause"),
    "contacts": _several("contacts"),
    "escalation": _several("escalation"),
    "documents": _several("documents"),
    "alternatives": _several("alternatives", "|"),
    "leaving costs": _number("exit_cost", 0, _AMOUNT_MAX),
    "leaving rehearsed": _day("exit_tested_at"),
}

REVIEW: Words = {"outcome": _one_of("outcome", OUTCOMES)}
PROMISE: Words = {"percent": _number("percent", 0, 100), "credit": _several("bands")}

DOCUMENT: Words = {
    "at": _text("path"),
    "on": _several("systems"),
    "kind": _text("sort"),
    "every": _number("cadence_days", 0, 3650, whole=True),
    "owner": _person("owner"),
    "critical": _flag("critical"),
    "verified": _day("verified_at"),
    "in": _text("repository"),
    "watches": _several("watches"),
    "leans on": _several("linked", "|"),
}

VERIFIED: Words = {"result": _one_of("result", RESULTS), "by": _one_of("method", METHODS)}

#: A meeting that runs: how long and how often it is are tried out.
RITUAL: Words = {
    "purpose": _text("purpose"),
    "to": _one_of("sort", SORTS),
    "with": _people("people"),
    "wants": _several("outputs", "|"),
    "owner": _person("owner"),
    "from": _day("anchor"),
    "until": _day("ends_on"),
    "agenda": _one_of("agenda", ("", *AGENDAS)),
    "telling": _number("inform_minutes", 0, 1440, whole=True),
}
NEW_RITUAL: Words = {
    "minutes": _number("minutes", 1, 1440, whole=True),
    "every": _one_of("every", EVERY),
    **RITUAL,
}

OCCURRENCE: Words = {
    "decided": _several("decisions", "|"),
    "carried": _several("carried", "|"),
    "people": _number("people", 0, 10_000, whole=True),
    "silent": _number("silent", 0, 10_000, whole=True),
    "minutes": _number("minutes", 0, 1440, whole=True),
    "agenda hours": _number("agenda_hours", 0, 10_000, whole=True),
    "on": _day("on"),
    "moved": _flag("moved"),
    "owner away": _flag("owner_there", when_said=False),
    "left out": _flag("held", when_said=False),
}

DEPENDENCY: Words = {
    "by": _day("needed_by"),
    "promised": _day("promised"),
    "sure": _share("confidence"),
    "kind": _one_of("sort", KINDS_OF),
    "strength": _one_of("strength", STRENGTHS),
    "owner": _person("owner"),
    "else": _text("fallback"),
    "risk": _text("risk"),
    "week costs": _number("late_cost", 0, _AMOUNT_MAX),
    "ask again": _day("next_check"),
    "after": _several("needs"),
}
NEW_DEPENDENCY: Words = {"of": _text("giver"), "for": _text("taker"), **DEPENDENCY}

QUESTION: Words = {
    "owner": _people("decider"),
    "by": _day("due_on"),
    "prepared by": _person("recommends"),
    "can stop": _people("agrees"),
    "asked": _people("asked"),
    "told": _people("told"),
    "one way": _flag("one_way"),
}

SYSTEM: Words = {
    "team": _text("team"),
    "critical": _number("criticality", 0, 3, whole=True),
    "needs": _several("depends_on"),
    "owner": _person("owner"),
    "for": _text("text"),
    "retired": _flag("retired"),
}

NEWCOMER: Words = {
    "from": _day("first_day"),
    "buddy": _person("buddy"),
    "team": _text("team"),
}

TRIED: Words = {"minutes": NEW_RITUAL["minutes"], "every": NEW_RITUAL["every"], "to": NEW_RITUAL["to"]}
DECIDED: Words = {"because": _text("why")}
PROMISED: Words = {"sure": _share("confidence")}

INVOLVED: Words = {
    "caused": lambda text: {"part": "caused", "what": text},
    "involved": lambda text: {"part": "involved", "what": text},
}
