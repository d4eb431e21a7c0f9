"""How the call that opens the console ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from opsterm.app import OpstermApp
from opsterm.cli import console
from tests.support.call import run


@pytest.mark.parametrize("words", [(), ("demo",), ("tutorial",)])
@pytest.mark.parametrize("code", [0, 1])
def test_a_console_that_failed_says_so_with_its_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], code: int
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(console, "_need_terminal", lambda: None)
    monkeypatch.setattr(OpstermApp, "run", lambda app: app.exit(return_code=code))
    assert run(tmp_path / "b.sqlite", *words).code == code
