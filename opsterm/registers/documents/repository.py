"""What a git repository on this machine says of documents: commits to the paths that they tell of, links to nothing,
and texts. It runs `git`, with a time-out; never on the way to a key press."""

from __future__ import annotations

import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from opsterm.core.session import Rejected
from opsterm.records.instant import Instant

TIMEOUT_S = 20.0
TEXT_BYTES_MAX = 1024 * 1024
#: Commits are counted no further than this.
COMMITS_MAX = 10_000
PATHS_MAX = 200

#: Nothing of the repository's own settings runs a program.
_SAFE = ("--no-pager", "--literal-pathspecs", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_LINK = re.compile(
    r"\]\(\s*+<?([^)\s>]{1,600}+)>?(?:\s++[\"'(][^)]{0,300})?\)|^\s{0,3}\[[^\]\n]+\]:\s*<?([^\s>]+)>?", re.MULTILINE
)
_CODE = re.compile(r"`([^`\s]{2,200})`")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_FENCE_END = re.compile(r" {0,3}(```|~~~)[`~]*\s*")
#: A heading with # or underlined; a link in it shows its text alone; an anchor that HTML names.
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]++([^\n]+)$|^ {0,3}(\S[^\n]*)\n {0,3}(?:=+|-+)[ \t]*$", re.MULTILINE)
_SHOWN = re.compile(r"!?\[([^\]]{0,300})\]\([^)]{0,300}\)")
_NAMED = re.compile(r"<[a-z][^>]{0,200}\s(?:id|name)=[\"']([^\"']{1,200})[\"']", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Repository:
    """One checkout on this machine."""

    root: Path

    @property
    def name(self) -> str:
        return self.root.name


def repository(folder: Path) -> Repository:
    """The repository that a folder is in. Raises Rejected where it is in none."""
    root = _git(folder, "rev-parse", "--show-toplevel").strip()
    if not root:
        raise Rejected(f"{folder} is in no git repository: name one with --repository DIR.")
    return Repository(Path(root))


def _git(folder: Path, *args: str) -> str:
    quiet = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    env = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | quiet
    try:
        done = subprocess.run(
            ["git", *_SAFE, "-C", str(folder), *args],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=TIMEOUT_S,
            env=env,
            check=False,
        )
    except FileNotFoundError:
        raise Rejected("git is not installed here: staleness goes by what is recorded alone.") from None
    except subprocess.TimeoutExpired:
        raise Rejected(f"git did not answer within {TIMEOUT_S:.0f} s in {folder}: is its disk there?") from None
    except OSError as error:
        raise Rejected(f"git can't be run in {folder}: {error.strerror or error}.") from error
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


def head(found: Repository) -> str:
    """The commit that is checked out; empty where there is none."""
    return _git(found.root, "rev-parse", "HEAD").strip()


def commits_since(found: Repository, paths: Sequence[str], since: Instant, commit: str = "") -> int:
    """How many commits touched the paths after a commit, where the repository knows it, else after a moment."""
    inside = [path for path in paths if _inside(found, path) is not None][:PATHS_MAX]
    if not inside:
        return 0
    limit = f"--max-count={COMMITS_MAX}"
    if re.fullmatch(r"[0-9a-f]{7,64}", commit):
        known = _git(found.root, "rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").strip()
        if known:
            return len(_git(found.root, "log", limit, "--format=%H", f"{known}..HEAD", "--", *inside).split())
    if not since:
        return 0
    return len(_git(found.root, "log", limit, "--format=%H", f"--since={since}", "--", *inside).split())


def text_of(found: Repository, path: str) -> str | None:
    """The text of a file in the repository, up to TEXT_BYTES_MAX; nothing where it is not there."""
    place = _inside(found, path)
    try:
        if place is None or not place.is_file():
            return None
        with place.open("rb") as file:
            return file.read(TEXT_BYTES_MAX).decode("utf-8", "replace")
    except OSError:
        return None


def _inside(found: Repository, path: str) -> Path | None:
    """The path within the repository; nothing where it leads out of it."""
    if not path or _SCHEME.match(path) or "\0" in path:
        return None
    try:
        root = found.root.resolve()
        place = (root / path).resolve()
        return place if place == root or root in place.parents else None
    except (OSError, RuntimeError, ValueError):
        return None


def links(text: str) -> Iterator[str]:
    """Where a Markdown text links to within its repository, without anchors."""
    yield from (target for target, _ in _anchored(text) if target)


def _anchored(text: str) -> Iterator[tuple[str, str]]:
    """(file or nothing for the text itself, anchor or nothing) of its links within its repository."""
    for match in _LINK.finditer(_without_code(text)):
        target = match[1] or match[2]
        if target.startswith("#") or not _SCHEME.match(target):
            file, _, anchor = target.partition("#")
            yield file.partition("?")[0].replace("%20", " "), unquote(anchor)


def _without_code(text: str) -> str:
    """A Markdown text without its fenced code; a fence that nothing ends is text."""
    lines = text.split("\n")
    ends = {end[1]: number for number, line in enumerate(lines) if (end := _FENCE_END.fullmatch(line))}
    kept, fence = [], ""
    for number, line in enumerate(lines):
        if fence:
            end = _FENCE_END.fullmatch(line)
            fence = "" if end and end[1] == fence else fence
            continue
        opened = _FENCE.match(line)
        if opened and number < ends.get(opened[1], -1):
            fence = opened[1]
        else:
            kept.append(line)
    return "\n".join(kept)


def _heading(written: str) -> str:
    """A heading without the #s that close it."""
    title = written.rstrip(" \t")
    alone = title.rstrip("#")
    return alone if alone.endswith((" ", "\t")) else title


def anchors(text: str) -> frozenset[str]:
    """What one can link to in a Markdown text: its headings as GitHub names them, and what it names itself."""
    found: set[str] = set()
    times: Counter[str] = Counter()
    plain = _without_code(text)
    for match in _HEADING.finditer(plain):
        title = _SHOWN.sub(r"\1", _heading(match[1]) if match[1] else match[2]).strip().casefold()
        slug = re.sub(r"[^\w\- ]", "", title).replace(" ", "-")
        found.add(f"{slug}-{times[slug]}" if times[slug] else slug)
        times[slug] += 1
    return frozenset(found | {match[1] for match in _NAMED.finditer(plain)})


def dead_links(found: Repository, path: str, text: str) -> list[str]:
    """The links of a document to files that its repository does not have, and to headings that a Markdown file of it
    does not have; those that lead out of it are left alone."""
    dead = []
    known = {"": anchors(text)}
    for target, anchor in dict.fromkeys(_anchored(text)):
        place = _inside(found, _beside(path, target)) if target else None
        if target and (place is None or not place.exists()):
            dead += [target] if place is not None else []
        elif anchor and (not target or target.casefold().endswith(".md")):
            if target not in known:
                known[target] = anchors(text_of(found, _beside(path, target)) or "")
            dead += [f"{target}#{anchor}"] if known[target].isdisjoint((anchor, anchor.casefold())) else []
    return list(dict.fromkeys(dead))


def subjects_of(found: Repository, path: str, text: str) -> list[str]:
    """The paths in the repository that a document links to or names as code: what it tells of."""
    named = [_beside(path, target) for target in links(text)]
    named += [word.rstrip("/.,:") for word in _CODE.findall(_without_code(text)) if "/" in word or "." in word]
    out = []
    for name in dict.fromkeys(named):
        place = _inside(found, name)
        if place is not None and place.exists() and place != found.root.resolve():
            inside = place.relative_to(found.root.resolve()).as_posix()
            if inside != path:
                out.append(inside)
    return list(dict.fromkeys(out))[:PATHS_MAX]


def _beside(path: str, target: str) -> str:
    """A link of a document as a path of the repository."""
    return target.lstrip("/") if target.startswith("/") else str(PurePosixPath(path).parent / target)
