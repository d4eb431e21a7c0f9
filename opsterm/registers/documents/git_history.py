"""The history of a git repository on this machine, read with nothing of the repository's own but its objects.

`git` is given a folder of opsterm's own in the place of the repository's: the commit that is checked out, and where
the objects are. What the repository or the user set (programs, filters, hooks, aliases, remotes to fetch from) is in
none of the files that it reads, and its environment is bare. It runs with a time-out; never on the way to a key press.
"""

from __future__ import annotations

import os
import re
import stat
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from opsterm.core.session import Rejected
from opsterm.records.instant import Instant

TIMEOUT_S = 20.0
#: Commits are counted no further than this.
COMMITS_MAX = 10_000

#: All that git is told by its environment, besides where programs are.
_BARE = {
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_FORMATS = {
    40: "[core]\n\trepositoryformatversion = 0\n\tbare = true\n",
    64: "[core]\n\trepositoryformatversion = 1\n\tbare = true\n[extensions]\n\tobjectformat = sha256\n",
}
_COMMIT = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_REF = re.compile(r"refs(?:/[^/\s\x00-\x1f\x7f]+)+")
#: The files that say where things are hold one line; the list of packed branches and the edge of a shallow one more.
_LINE_BYTES_MAX = 8 * 1024
_LIST_BYTES_MAX = 64 * 1024 * 1024
#: A branch may stand for another one; git follows five.
_REFS_DEEP = 5


@dataclass(frozen=True, slots=True)
class Repository:
    """One checkout on this machine."""

    root: Path
    #: The folder of its objects; a worktree and a submodule have it elsewhere.
    objects: Path
    #: The commit that is checked out; empty where there is none yet.
    head: str
    #: The commits where a shallow clone ends, as its own file has them.
    shallow: bytes = b""

    @property
    def name(self) -> str:
        return self.root.name


def repository(folder: Path) -> Repository:
    """The repository that a folder is in. One whose top is above the folder is taken only where it is the user's own.
    Raises Rejected where there is none, or none that may be taken or can be read."""
    try:
        start = folder.resolve()
        for root in (start, *start.parents):
            own = _own_folder(root)
            if own is not None:
                if root != start and not _is_mine(root, root / ".git", own):
                    raise Rejected(f"{root} is another user's repository: name it with --repository if you mean it.")
                return _read(root, own)
    except (OSError, RuntimeError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else ""
        raise Rejected(f"{folder} can't be read ({why or error}): name a repository with --repository DIR.") from error
    raise Rejected(f"{folder} is in no git repository: name one with --repository DIR.")


def knows(found: Repository, commit: str) -> bool:
    """Whether it has that commit, given whole or by its first seven digits or more."""
    if not re.fullmatch(r"[0-9a-f]{7,64}", commit):
        return False
    return _git(found, "cat-file", "-e", f"{commit}^{{commit}}").returncode == 0


def count(found: Repository, paths: Sequence[str], *, after: str = "", since: Instant = "") -> int:
    """How many of its commits touched the paths, after a commit that it knows or after a moment; at most COMMITS_MAX.
    Raises Rejected where its history can't be read whole."""
    if not found.head:
        return 0
    limits = [f"--max-count={COMMITS_MAX}", *([f"--since={since}"] if since else [])]
    reach = f"{after}..HEAD" if after else "HEAD"
    done = _git(found, "rev-list", "--count", *limits, reach, "--", *paths)
    if done.returncode:
        raise Rejected(f"The history in {found.root} can't be read: it is damaged, or not all of it was fetched.")
    return int(done.stdout)


def _git(found: Repository, *args: str) -> subprocess.CompletedProcess[bytes]:
    try:
        with TemporaryDirectory(prefix="opsterm-") as given:
            _lay_out(Path(given), found)
            return _run(Path(given), found, args)
    except OSError as error:
        raise Rejected(f"git can't be run for {found.root}: {error.strerror or error}.") from error


def _lay_out(given: Path, found: Repository) -> None:
    """What git asks of a folder to take it for a repository's."""
    for name in ("objects", "refs"):
        (given / name).mkdir()
    (given / "config").write_text(_FORMATS[len(found.head) or 40], encoding="ascii")
    (given / "HEAD").write_text(f"{found.head or 'ref: refs/heads/none'}\n", encoding="ascii")
    if found.shallow:
        (given / "shallow").write_bytes(found.shallow)


def _run(given: Path, found: Repository, args: Sequence[str]) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(
            ["git", "--no-pager", "--literal-pathspecs", f"--git-dir={given}", *args],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
            cwd=given,
            env={"PATH": _programs(), "HOME": str(given), "GIT_OBJECT_DIRECTORY": str(found.objects), **_BARE},
            check=False,
        )
    except FileNotFoundError:
        raise Rejected("git is not installed here: staleness goes by what is recorded alone.") from None
    except subprocess.TimeoutExpired:
        why = f"git did not answer within {TIMEOUT_S:.0f} s in {found.root}: is its disk there?"
        raise Rejected(why) from None


def _programs() -> str:
    """Where programs are looked for: never in the folder that somebody happens to stand in."""
    return os.pathsep.join(place for place in os.get_exec_path() if Path(place).is_absolute())


def _own_folder(root: Path) -> Path | None:
    """The folder that git keeps for a checkout at `root`, which a worktree and a submodule only point to; nothing where
    no checkout is there. Raises OSError where it points to nothing."""
    there = root / ".git"
    if there.is_file():
        pointer = _line(there)
        if not pointer.startswith("gitdir:"):
            raise OSError(f"{there} points to no repository")
        there = (root / pointer.removeprefix("gitdir:").strip()).resolve()
        if not (there / "HEAD").is_file():
            raise OSError(f"{root / '.git'} points to no repository")
    return there if (there / "HEAD").is_file() else None


def _is_mine(*places: Path) -> bool:
    return os.name != "posix" or all(place.lstat().st_uid == os.geteuid() for place in places)


def _read(root: Path, own: Path) -> Repository:
    common = (own / _line(own / "commondir")).resolve() if (own / "commondir").exists() else own
    if (common / "reftable").exists():
        raise Rejected(f"{root} keeps its branches in a form that opsterm does not read (reftable).")
    shallow = common / "shallow"
    edge = _bytes(shallow, _LIST_BYTES_MAX) if shallow.exists() else b""
    return Repository(root, (common / "objects").resolve(strict=True), _commit(own, common), edge)


def _commit(own: Path, common: Path) -> str:
    """The commit that is checked out; empty where the branch has none yet."""
    said = _line(own / "HEAD")
    for _ in range(_REFS_DEEP):
        if _COMMIT.fullmatch(said):
            return said
        ref = said.removeprefix("ref:").strip()
        if not _REF.fullmatch(ref) or ".." in ref:
            raise OSError(f"{own / 'HEAD'} names no commit")
        said = next((_line(place / ref) for place in (own, common) if (place / ref).is_file()), _packed(common, ref))
        if not said:
            return ""
    raise OSError(f"{own / 'HEAD'} names no commit")


def _packed(common: Path, ref: str) -> str:
    for line in _lines(common / "packed-refs"):
        commit, _, name = line.partition(b" ")
        if name == os.fsencode(ref):
            return commit.decode("ascii", "replace")
    return ""


def _lines(place: Path) -> Iterator[bytes]:
    if place.exists():
        yield from _bytes(place, _LIST_BYTES_MAX).splitlines()


def _line(place: Path) -> str:
    return os.fsdecode(_bytes(place, _LINE_BYTES_MAX)).strip()


def _bytes(place: Path, limit: int) -> bytes:
    """The bytes of a file, and of nothing else: a pipe would keep one waiting. Raises OSError."""
    with os.fdopen(os.open(place, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(f"{place} is no file")
        data = file.read(limit + 1)
    if len(data) > limit:
        raise OSError(f"{place} is too large")
    return data
