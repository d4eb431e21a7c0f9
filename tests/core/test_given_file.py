"""Files that somebody names: read to a bound, refused by name."""

from __future__ import annotations

import io
import sys
import tomllib
from pathlib import Path

import pytest

from opsterm.cli.main import main
from opsterm.core.given_file import bytes_given
from opsterm.core.session import Rejected
from opsterm.core.thresholds import load_settings

ENDLESS = Path("/dev/zero")
needs_device = pytest.mark.skipif(not ENDLESS.exists(), reason="no device that never ends")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OPSTERM_BOARD", str(tmp_path / "b.sqlite"))
    monkeypatch.setenv("OPSTERM_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("OPSTERM_USER", "mia")
    return tmp_path


@needs_device
def test_a_device_that_never_ends_is_read_to_the_bound_and_one_more() -> None:
    assert bytes_given(ENDLESS, 10) == bytes(11)


def test_what_cant_be_read_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to(tmp_path / "other")
    (tmp_path / "other").symlink_to(tmp_path / "one")
    for name, why in (("one", "can't be read"), ("gone", "No such file"), ("", "is a folder"), ("a\0b", "null byte")):
        with pytest.raises(Rejected, match=why) as refused:
            bytes_given(tmp_path / name, 10)
        assert str(tmp_path / name) in str(refused.value)


#: Every call that reads a file, but for the file.
READERS = (
    ("import",),
    ("review",),
    ("wording",),
    ("triage",),
    ("checklist", "import"),
    ("vendor", "import"),
    ("document", "import"),
)


@needs_device
@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_every_call_that_reads_a_file_refuses_what_has_no_end_or_is_not_there(
    words: tuple[str, ...], own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (own / "circle").symlink_to(own / "circle")
    for name in (str(ENDLESS), str(own / "gone"), str(own / "circle"), str(own)):
        assert main([*words, name]) == 2
        said = capsys.readouterr().err
        assert said.count("\n") == 1
        assert "Traceback" not in said
        assert name in said or name == str(ENDLESS)


class _Endless(io.TextIOBase):
    def read(self, size: int | None = -1, /) -> str:
        assert size is not None
        assert size > 0, "all of it is asked for, and it has no end"
        return "\0" * size


def test_lines_without_an_end_are_refused(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["declare", "checkout is slow"])
    monkeypatch.setattr(sys, "stdin", _Endless())
    assert main(["log", "-"]) == 2
    assert "longer than" in capsys.readouterr().err


@needs_device
def test_settings_without_an_end_cost_one_line_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPSTERM_SETTINGS", str(ENDLESS))
    (warning,) = load_settings().warnings
    assert "larger than" in warning


def test_each_library_that_the_wheel_asks_for_has_an_upper_bound() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert [needed for needed in project["dependencies"] if "<" not in needed] == []
