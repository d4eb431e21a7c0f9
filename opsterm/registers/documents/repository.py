"""What a git repository on this machine says of documents: commits to the paths that they tell of, links to nothing,
and texts. Its history is asked for with a time-out; never on the way to a key press."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from opsterm.records.instant import Instant
from opsterm.registers.documents.git_history import Repository, count, knows

TEXT_BYTES_MAX = 1024 * 1024
PATHS_MAX = 200

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


def commits_since(found: Repository, paths: Sequence[str], since: Instant, commit: str = "") -> int:
    """How many commits touched the paths after a commit, where the repository knows it, else after a moment.
    Raises Rejected where its history can't be read."""
    inside = [path for path in paths if _inside(found, path) is not None][:PATHS_MAX]
    if not inside:
        return 0
    if knows(found, commit):
        return count(found, inside, after=commit)
    return count(found, inside, since=since) if since else 0


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
    """The path within the repository; nothing where it leads out of it, or to what git keeps for itself."""
    if not path or _SCHEME.match(path) or "\0" in path:
        return None
    try:
        root = found.root.resolve()
        place = (root / path).resolve()
        within = place == root or root in place.parents
        return place if within and ".git" not in map(str.casefold, place.relative_to(root).parts) else None
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
