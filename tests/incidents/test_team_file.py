"""The settings file, changed from a screen."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsterm.core.session import Rejected
from opsterm.core.thresholds import load_settings
from opsterm.incidents.severity import Answers, assess, read_rules
from opsterm.incidents.team_file import change_level, change_shift, change_threshold, set_value

OWN = """# ours
[keys]
help = "h"  # kept

[thresholds]
repeat_minutes = 4  # we are slow

[severity.shift]
growing = 2
"""


def test_one_number_changes_and_all_else_stays(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(OWN)
    change_threshold("repeat_minutes", 3, file)
    change_threshold("offer_minutes", 20, file)
    text = file.read_text()
    assert "repeat_minutes = 3  # we are slow\noffer_minutes = 20\n" in text
    assert 'help = "h"  # kept' in text
    assert text.startswith("# ours\n")
    found = load_settings(file)
    assert (found.thresholds.repeat_minutes, found.thresholds.offer_minutes, found.warnings) == (3, 20, ())


def test_a_new_file_is_made_with_its_folder(tmp_path: Path) -> None:
    file = tmp_path / "new" / "settings.toml"
    change_threshold("reports_warn", 5, file)
    assert load_settings(file).thresholds.reports_warn == 5
    assert [item.name for item in file.parent.iterdir()] == ["settings.toml"]


def test_a_cell_of_the_severity_table_changes(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(OWN)
    told = change_level("few", "gone", 2, file)
    assert told.sentence.startswith("core gone, under 5 %: sev2 now")
    rules, warnings = read_rules(load_settings(file).severity)
    assert warnings == ()
    assert assess(Answers(breadth="few", depth="gone"), rules).level == "sev2"
    assert rules.growing == 2
    change_level("half", "slow", 3, file)
    rules, _ = read_rules(load_settings(file).severity)
    assert (rules.base["few"][0], rules.base["half"][3]) == (2, 3)


def test_the_form_of_the_file_is_its_owners(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    rows = (
        "[severity.base]\r\nfew = [\r\n  5, 3,  # slow\r\n  2, 1  # gone\r\n]\r\n\r\n# ours\r\n[thresholds]\r\nroles=1"
    )
    file.write_bytes(rows.encode())
    text = set_value(rows, "severity.base", "few", [5, 4, 2, 1])
    assert text == rows.replace("5, 3,", "5, 4,") + "\n"
    change_threshold("orders_each", 3, file)
    assert file.read_bytes() == f"{rows}\norders_each = 3\n".encode()


def test_a_section_that_is_new_stands_at_the_end() -> None:
    assert set_value("[a]\nb = 1", "severity.shift", "growing", 2) == "[a]\nb = 1\n\n[severity.shift]\ngrowing = 2\n"
    text = "[severity.base]\nfew = [1]\n\n# of words\n[words]\n\n"
    assert set_value(text, "severity.shift", "growing", 2) == f"{text}[severity.shift]\ngrowing = 2\n"


def test_a_malformed_file_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("[a]\nb = \n")
    with pytest.raises(Rejected, match=r"no TOML .*line 2"):
        change_threshold("orders_each", 3, file)
    with pytest.raises(Rejected, match=r"no TOML .*line 2"):
        change_level("few", "gone", 2, file)
    assert file.read_text() == "[a]\nb = \n"


@pytest.mark.parametrize(
    "text", ["thresholds = 3\n", "thresholds = { repeat_minutes = 4 }\n", "= broken", "[a]\n[a]\n"]
)
def test_what_it_cannot_follow_it_leaves_alone(text: str) -> None:
    with pytest.raises(Rejected):
        set_value(text, "thresholds", "repeat_minutes", 3)


@pytest.mark.parametrize(("name", "value"), [("moon", 3), ("repeat_minutes", 0), ("repeat_minutes", -2)])
def test_wrong_names_and_numbers_are_refused(name: str, value: int, tmp_path: Path) -> None:
    with pytest.raises(Rejected):
        change_threshold(name, value, tmp_path / "settings.toml")
    with pytest.raises(Rejected):
        change_level("half", "gone", 7, tmp_path / "settings.toml")


def test_a_shift_changes_and_one_that_is_none_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    change_shift("growing", 2, file)
    assert read_rules(load_settings(file).severity)[0].growing == 2
    for name, value in (("moon", 1), ("unsolved_to", 9), ("growing", -1)):
        with pytest.raises(Rejected):
            change_shift(name, value, file)
    assert load_settings(file).severity == {"shift": {"growing": 2}}
