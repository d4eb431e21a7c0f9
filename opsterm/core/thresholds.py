"""The numbers of the field, and the file in which a team changes them.

Each threshold says its unit, what it does, and its source. `(opsterm)` marks a number that is this console's own
proposal where no source sets one. The settings file is TOML: `[thresholds]` holds any of these by name, `[severity]`
any table of the severity rules.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from opsterm.settings import settings_document, settings_path


def _number(default: int, doc: str) -> int:
    field: int = dataclasses.field(default=default, metadata={"doc": doc})
    return field


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Whole numbers; the name or the text says the unit."""

    unsolved_minutes: int = _number(60, "A sev3 unsolved for so long is proposed as sev2. [Google SRE book ch. 14]")
    unknown_minutes: int = _number(10, "Breadth or depth unknown for so long counts as its worse guess. (opsterm)")
    refusal_minutes: int = _number(30, "A refused severity is not proposed again for so long. (opsterm)")
    quiet_minutes: int = _number(30, "A dismissed warning stays away for so long. (opsterm)")
    reports_warn: int = _number(6, "Warn at so many direct reports. [FEMA ICS: 3 to 7, 5 best]")
    reports_split: int = _number(8, "Propose a sub-team at so many direct reports. [PagerDuty: 7 or 8 overwhelm]")
    command_suggest_hours: int = _number(4, "Suggest handing over after so long in command. (opsterm)")
    command_urge_hours: int = _number(6, "Urge it after so long in command. (opsterm)")
    command_alarm_hours: int = _number(8, "Alarm after so long in command. (opsterm; Dawson & Reid 1997)")
    role_hours: int = _number(12, "Suggest relief after so long in any other role. [Google SRE: shifts of 12 h]")
    no_commander_minutes: int = _number(5, "Alarm at sev1 and sev2 with nobody in command for so long. (opsterm)")
    silent_minutes: int = _number(15, "Ask the deputy when the commander wrote nothing for so long. (opsterm)")
    offer_minutes: int = _number(10, "An offer of command expires after so long. (opsterm)")
    repeat_minutes: int = _number(2, "Repeat an order that is not acknowledged for so long. (opsterm)")
    reassign_minutes: int = _number(5, "Give it to another after so long. (opsterm)")
    plan_b_extensions: int = _number(2, "Ask for plan B at that extension of an order. (opsterm)")
    orders_each: int = _number(2, "Open orders a person, at the most. (opsterm)")
    one_theory_minutes: int = _number(15, "Warn when only one hypothesis is alive for so long. (opsterm; Graber 2005)")
    untested_minutes: int = _number(15, "Warn when the favourite had no falsifying test for so long. (opsterm)")
    no_evidence_minutes: int = _number(20, "Warn when no evidence came for so long. (opsterm)")
    one_sided_evidence: int = _number(5, "Warn when so many findings in a row all favour the leader. (opsterm)")
    contradiction_minutes: int = _number(
        10, "Warn when a strong contradiction stands unanswered for so long. (opsterm)"
    )
    one_person_percent: int = _number(70, "Warn when more of the open orders stand with one person. (opsterm)")
    one_person_orders: int = _number(4, "The same only with so many open orders. (opsterm)")
    what_changed_minutes: int = _number(15, "Ask what changed while an incident is younger. [Google: 68 % are changes]")
    exit_written_minutes: int = _number(30, "Exit criteria are written by then at sev1 and sev2. (opsterm)")
    soak_sev1_minutes: int = _number(60, "How long the exit criteria hold before a sev1 is resolved. (opsterm)")
    soak_sev2_minutes: int = _number(30, "The same for a sev2. (opsterm)")
    soak_sev3_minutes: int = _number(15, "The same for a sev3. (opsterm)")
    fold_minutes: int = _number(
        15, "Two declared within so long on a shared service, or under like titles, may be one. (opsterm)"
    )
    alone_minutes: int = _number(15, "One is alone when nobody else wrote for so long. (opsterm)")
    away_minutes: int = _number(
        30, "Who did not look or write for so long is told first what holds, then the news. (opsterm)"
    )
    news_lines: int = _number(10, "Lines that tell what happened since one last looked, at the most. (opsterm)")
    ignored_percent: int = _number(20, "Propose to switch a warning off when fewer of them were acted on. (opsterm)")
    ignored_shown: int = _number(10, "Judge a warning once it was shown so often. (opsterm)")
    shift_hours: int = _number(12, "The shift over which alert load is counted. [Google SRE book ch. 11]")
    shift_incidents: int = _number(2, "Incidents a shift, at the most. [Google SRE book ch. 11]")
    recurrence_days: int = _number(30, "Look back so far for the same service at declaring. (opsterm; RCACopilot 2024)")

    def soak(self, severity: str) -> int:
        """Minutes for which the exit criteria must hold; none below sev3."""
        return {"sev1": self.soak_sev1_minutes, "sev2": self.soak_sev2_minutes, "sev3": self.soak_sev3_minutes}.get(
            severity, 0
        )


DEFAULTS = Thresholds()


@dataclass(frozen=True, slots=True)
class TeamSettings:
    """What a team's file says, and what in it was not understood, a line each."""

    thresholds: Thresholds = DEFAULTS
    #: Tables of the severity rules that replace opsterm's own.
    severity: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def load_settings(path: Path | None = None) -> TeamSettings:
    """Reads the settings file. Never raises: nobody should lose command to a slip in a file at three in the morning;
    what is not understood is left at its default and named in a warning."""
    file = path or settings_path()
    try:
        document = settings_document(file)
    except FileNotFoundError:
        return TeamSettings()
    except (OSError, ValueError) as error:
        return TeamSettings(warnings=(f"{file} is not read, defaults hold: {' '.join(str(error).split())}",))
    return read_settings(document, str(file))


def read_settings(document: Mapping[str, Any], where: str = "settings") -> TeamSettings:
    """The same from a parsed file. Sections that other parts of opsterm own are left alone."""
    warnings: list[str] = []
    known = {field.name: field.default for field in fields(Thresholds)}
    given: dict[str, int] = {}
    section = document.get("thresholds", {})
    if not isinstance(section, dict):
        warnings.append(f"{where}: [thresholds] should be a table; defaults hold.")
        section = {}
    for name, value in section.items():
        if name not in known:
            warnings.append(f"{where}: no threshold is called {name}; it is ignored.")
        elif isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= 100_000:
            warnings.append(f"{where}: {name} should be a whole number above 0; {known[name]} holds.")
        else:
            given[name] = value
    severity = document.get("severity", {})
    if not isinstance(severity, dict):
        warnings.append(f"{where}: [severity] should be a table; opsterm's own rules hold.")
        severity = {}
    return TeamSettings(Thresholds(**given), severity, tuple(warnings))
