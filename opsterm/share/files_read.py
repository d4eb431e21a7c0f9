"""What the files of the share held when they were last read, so that each version of a file is read once."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from opsterm.board.store import Board
from opsterm.share.chain_runs import ChainRun
from opsterm.share.journal import About

_KEY = "share.files"


@dataclass(frozen=True, slots=True)
class File:
    """One file of the share as it was read. What `runs` name was verified and is on the board."""

    version: str
    sha: str
    about: About = field(default_factory=About)
    runs: tuple[ChainRun, ...] = ()
    #: Why all or some of it was not taken, in one line; empty for a sound file.
    wrong: str = ""
    #: Since when it is wrong, by this machine's clock, milliseconds since 1970.
    wrong_since_ms: int = 0
    #: For a sealed file of this station's own: it holds what it should.
    whole: bool = False


def holds_all_of(file: File, digests: Collection[str], runs: Iterable[ChainRun]) -> bool:
    """Whether all that these runs name is in a file that holds changes of those digests. A run that is longer than
    before may be another branch of a fork, so its old end has to be there too."""
    return all(
        old.digest in digests
        and any(new.station == old.station and new.first <= old.first and new.last >= old.last for new in file.runs)
        for old in runs
    )


def read_files(board: Board, where: str) -> dict[str, File]:
    """What the board remembers of the files of that share."""
    told = json.loads(board.recall(_KEY) or "{}")
    if told.get("where") != where:
        return {}
    return {name: _file(kept) for name, kept in told["files"].items()}


def keep_files(board: Board, where: str, files: dict[str, File]) -> None:
    """Remembers it, once all that the files hold is on the board. Raises BoardError."""
    told = {
        name: [f.version, f.sha, [f.about.station, f.about.label, f.about.person, f.about.sealed], f.runs, f.whole]
        for name, f in files.items()
        if not f.wrong
    }
    board.remember(_KEY, json.dumps({"where": where, "files": told}))


def _file(kept: Any) -> File:
    version, sha, about, runs, whole = kept
    return File(version, sha, About(*about), tuple(ChainRun(*run) for run in runs), whole=whole)
