"""One call of the command line, run inside the test: its exit code, what it printed, and what it said was wrong."""

from __future__ import annotations

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from opsterm.cli.main import main


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a call."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as the one JSON document that it has to be."""
        return json.loads(self.out)


def run(board: Path, *words: str, stdin: str = "", person: str = "mia") -> Done:
    """Runs one call on a board, as a script would."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), patch("sys.stdin", io.StringIO(stdin)):
        code = main(["--board", str(board), "--as", person, *words])
    return Done(code, out.getvalue(), err.getvalue())


def refused(done: Done, *said: str) -> None:
    """The call was wrong: exit 2, nothing printed, one plain line that says what."""
    assert done.code == 2, done
    assert done.out == ""
    assert done.err.startswith("opsterm: ")
    assert done.err.count("\n") == 1
    assert "Traceback" not in done.err
    for words in said:
        assert words in done.err
