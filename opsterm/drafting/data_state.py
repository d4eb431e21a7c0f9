"""What a text on people's data says of it, as far as it says one of the four things that updates tell."""

import re
from typing import Literal, get_args

DataState = Literal["unknown", "none", "delayed", "lost", "exposed"]
"""`none` was lost, some is `delayed`, `lost` (gone) or `exposed` (seen by others); `unknown` is all else."""
DATA_STATES: tuple[DataState, ...] = get_args(DataState)

_NONE = re.compile(r"(?:none|no|nothing)(?: (?:was )?lost)?[.!]?", re.IGNORECASE)
#: What takes the word back stands behind it: `lost or exposed`, `exposed: none`.
_SOME = re.compile(
    r"(delayed|lost|exposed)(?:$|(?<=delayed),? none lost\.?$|[\s,:;.–—-]++(?!(?:or|none|no|nothing)\b)(.*))",
    re.IGNORECASE | re.DOTALL,
)


def data_said(text: str) -> tuple[DataState, str]:
    """(the state, which data and of whom). It has to begin with its word, and `none` to stand alone: that none was
    lost "as far as we know" must not be told as none."""
    kept = text.strip()
    if _NONE.fullmatch(kept):
        return "none", ""
    found = _SOME.match(kept)
    if not found:
        return "unknown", ""
    state = next(state for state in DATA_STATES if state == found[1].lower())
    return state, (found[2] or "").strip()
