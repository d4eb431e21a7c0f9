"""What a line names and that there is not: said before it is kept, and refused in scripts.

Each answer is what "there is …" goes before: `no h9 here (h1 h2)`. What is only near a row of the capture language gets
no answer here, and is plain text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import takewhile

from opsterm.incidents import incident
from opsterm.records.incident import MILESTONES, SEVERITIES, STATUSES
from opsterm.records.update import AUDIENCES

#: Triage questions that `#word answer` answers.
WEIGHS = ("breadth", "depth", "trend", "redundancy", "exposure", "blind", "stakes")
#: Every `#word` that does something.
OURS = tuple(dict.fromkeys((*STATUSES, *SEVERITIES, *MILESTONES, "services", *WEIGHS, *incident.STATUS_PANE)))
#: The roles, each by one word that names it.
ROLES = ("commander", "deputy", "operations", "scribe", "customers", "internal", "expert")
#: More marks than these are not listed.
_LISTED_MAX = 8
_SEVERITY = re.compile(r"sev[-_]?\d*\w?")
_CLOSING = ".,;:!?。，；：！？"


def no_mark(mark: str, marks: Sequence[str]) -> str:
    """A mark that names nothing, and those that do."""
    kind = "hypothesis" if mark[0] in "hH" else "order"
    listed = marks if len(marks) <= _LISTED_MAX else (*marks[: _LISTED_MAX - 1], "…", marks[-1])
    return f"no {mark.lower()} here ({' '.join(listed) or f'no {kind} yet'})"


def no_role(word: str) -> str:
    """A word that is no role, and those that are."""
    return f"no role {word} ({' '.join(ROLES)})"


def no_audience(word: str) -> str:
    """A word that is nobody whom updates are for."""
    return f"no audience {word} ({' '.join(AUDIENCES)})"


def no_time(typed: str) -> str:
    """A clock or a day that there is not."""
    return f"no time {typed} ({'a day and a clock' if '-' in typed else '00:00 to 23:59'})"


def no_answer(question: str, given: str, known: Iterable[str]) -> str:
    """No answer to a triage question."""
    return f"no {question} {given} ({', '.join(known)})"


def no_word(typed: str) -> str:
    """A `#word` that is a slip of one of ours, or that would look obeyed; nothing where it is neither."""
    word = typed.lower().rstrip(_CLOSING)
    if _SEVERITY.fullmatch(word) and word not in SEVERITIES:
        return f"no severity {word} (sev1 is the worst, sev5 the least)"
    if instead := looks_obeyed().get(word, ""):
        return f"no #{word} here ({instead})"
    meant = next((ours for ours in OURS if one_slip(word, ours)), "")
    return f"no #{typed} here (did you mean #{meant}?)" if meant else ""


def one_slip(typed: str, meant: str) -> bool:
    """Whether two words are the same but for one letter: another, one more, one less, or two that changed places."""
    if abs(len(typed) - len(meant)) > 1:
        return False
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(typed, meant, strict=False)))
    one, other = typed[same:], meant[same:]
    swapped = one[:2] == other[1::-1] and one[2:] == other[2:]
    return swapped or one[1:] == other[1:] or one == other[1:] or one[1:] == other


@cache
def looks_obeyed() -> Mapping[str, str]:
    """Words that people know from elsewhere → what there is in their place."""
    document = tomllib.loads((files("opsterm") / "data" / "looks_obeyed.toml").read_text(encoding="utf-8"))
    return {word: said["instead"] for said in document["said"] for word in said["words"]}
