"""The team's settings file."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from opsterm.core.thresholds import DEFAULTS, Thresholds, load_settings


def test_every_threshold_says_its_source() -> None:
    for field in fields(Thresholds):
        doc = field.metadata["doc"]
        assert "(opsterm" in doc or "[" in doc, field.name


def test_no_file_means_defaults(tmp_path: Path) -> None:
    assert load_settings(tmp_path / "none.toml").thresholds == DEFAULTS


def test_a_team_changes_numbers_and_unknown_names_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('[keys]\nhelp = "h"\n[thresholds]\nrepeat_minutes = 4\nmoon = 3\noffer_minutes = "x"\n')
    monkeypatch.setenv("OPSTERM_SETTINGS", str(file))
    found = load_settings()
    assert (found.thresholds.repeat_minutes, found.thresholds.offer_minutes) == (4, 10)
    assert len(found.warnings) == 2
    assert "moon" in found.warnings[0]
    assert all("\n" not in warning for warning in found.warnings)


@pytest.mark.parametrize("text", ["= broken", "[thresholds]\nrepeat_minutes = -1", "thresholds = 3", "severity = 3"])
def test_a_broken_file_costs_one_warning_never_command(tmp_path: Path, text: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    found = load_settings(file)
    assert found.thresholds == DEFAULTS
    assert len(found.warnings) == 1


def test_bytes_that_are_no_text_are_no_crash(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_bytes(b"\xff\xfe\x00")
    assert len(load_settings(file).warnings) == 1


def test_soak_times_are_the_fields() -> None:
    assert [DEFAULTS.soak(s) for s in ("sev1", "sev2", "sev3", "sev4", "")] == [60, 30, 15, 0, 0]
