"""A team's own rules for postmortems: read from its settings file, wrong ones named and left at opsterm's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsterm.core.session import Rejected, Session
from opsterm.incidents.incident import declare
from opsterm.learn.postmortem import due_dates, suggested_due, wanted
from opsterm.learn.revising import whose_and_when
from opsterm.learn.team_rules import postmortem_rules, read_rules
from opsterm.records import Incident

NOW = "2026-03-02T12:00:00Z"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "settings.toml"
    monkeypatch.setenv("OPSTERM_SETTINGS", str(path))
    return path


def test_without_a_file_opsterms_own_rules_hold(settings: Path) -> None:
    rules = postmortem_rules()
    assert (set(rules.required), set(rules.offered), rules.few) == ({"sev1", "sev2"}, {"sev3"}, 5)
    assert (rules.days("sev1"), rules.days("sev5"), rules.weeks("sev4")) == ((3, 5, 7), (15, 15, 15), 8)


def test_a_team_says_which_severities_need_one_and_by_when(settings: Path, session: Session) -> None:
    settings.write_text(
        '[postmortem]\nrequired = ["sev1"]\noffered = ["sev2", "sev3"]\n'
        "[postmortem.due]\nsev2 = [1, 2, 4]\n[postmortem.improvement_weeks]\nsev2 = 2\n"
    )
    record = declare(session, "Checkout fails", severity="sev2").record
    of = session.board.get(Incident, record)
    assert of
    assert (wanted(of).level, wanted(of).why) == ("offered", "sev2: a review is offered")
    assert due_dates("sev2", NOW).draft == "2026-03-03T12:00:00Z"
    assert suggested_due("sev2", NOW)[:10] == "2026-03-16"
    settings.write_text(
        "[postmortem]\nfew = 3\n# changed, and longer than before: nothing else is said here any more\n"
    )
    assert (postmortem_rules().few, wanted(of).level) == (3, "required")


@pytest.mark.parametrize(
    ("section", "told"),
    [
        ({"required": ["sev9"]}, "required should be a list"),
        ({"due": {"sev1": [5, 3, 7]}}, "due.sev1 should be three numbers"),
        ({"due": {"sev1": 3}}, "due.sev1 should be three numbers"),
        ({"due": {"urgent": [1, 2, 3]}}, "urgent is no severity"),
        ({"improvement_weeks": {"else": 0}}, "improvement_weeks.else"),
        ({"improvement_weeks": 4}, "should be a table"),
        ({"few": True}, "few should be"),
        ({"deadline": 3}, "has no deadline"),
        ("soon", "should be a table"),
    ],
)
def test_what_is_not_understood_is_named_and_opsterms_own_rule_holds(section: object, told: str) -> None:
    rules = read_rules({"postmortem": section})
    assert [line for line in rules.warnings if told in line]
    assert (rules.days("sev1"), rules.weeks("sev5"), rules.few) == ((3, 5, 7), 8, 5)
    assert set(rules.required) == {"sev1", "sev2"}


@pytest.mark.parametrize("line", ["noor 4w", "@noor 2026-03-30", "2026-03-30 noor"])
def test_an_owner_and_a_day_are_read_in_any_order(line: str) -> None:
    assert whose_and_when(line, NOW) == ("noor", "2026-03-30")


@pytest.mark.parametrize("line", ["noor", "4w", "noor 4w 2w", ""])
def test_without_one_owner_and_one_day_nothing_is_promised(line: str) -> None:
    with pytest.raises(Rejected, match="one owner and one day"):
        whose_and_when(line, NOW)
