"""Calibrated words: state and confidence of a suspected cause → one fixed phrase an audience, the same everywhere.

Readers take the same word to mean anything from 30 % to 90 %; few words, fixed, with their range beside them, halve the
spread. [Budescu et al. 2009, 2014; Wintle et al. 2019] The steps are those of the field notes §2: a team may edit the
words, not drop steps.

A state caps what confidence may claim: what is merely proposed stays a possibility however sure someone feels, and only
what evidence supports can be very likely.
"""

from opsterm.drafting.lexicon import LANGS
from opsterm.drafting.phrases import Overrides, load
from opsterm.records import Hypothesis

STEPS = ("unknown", "possible", "likely", "very_likely", "confirmed", "eliminated")
RANGES = {"unknown": (0.0, 0.2), "possible": (0.2, 0.55), "likely": (0.55, 0.8), "very_likely": (0.8, 0.95)}
"""Confidence from (including) to (excluding) by step; above `very_likely` only a confirmation leads further."""

_CAP = {"proposed": "possible", "testing": "likely", "supported": "very_likely"}
_UNSAID = {"supported": "likely"}


def step(hypothesis: Hypothesis) -> str:
    """The step at which a hypothesis may be spoken of."""
    if hypothesis.state in ("confirmed", "eliminated"):
        return hypothesis.state
    if hypothesis.state not in _CAP:
        return "unknown"
    if hypothesis.confidence is None:
        return _UNSAID.get(hypothesis.state, "possible")
    held = next((name for name, (low, high) in RANGES.items() if low <= hypothesis.confidence < high), "very_likely")
    return min(held, _CAP[hypothesis.state], key=STEPS.index)


def leading(hypotheses: tuple[Hypothesis, ...]) -> Hypothesis | None:
    """The hypothesis that a short text speaks of: the confirmed one, else the likeliest alive; None if none is held."""
    held = [hypothesis for hypothesis in hypotheses if step(hypothesis) not in ("unknown", "eliminated")]
    return max(held, key=lambda hypothesis: (STEPS.index(step(hypothesis)), hypothesis.confidence or 0.0), default=None)


def may_go_outside(hypothesis: Hypothesis) -> bool:
    """Whether customers may hear of a hypothesis that is held: a likely one only if that was approved."""
    found = step(hypothesis)
    return found != "possible" and (found != "likely" or hypothesis.tell)


def table(overrides: Overrides | None = None) -> list[dict[str, str]]:
    """The whole table for the documentation: one row a step, with its words for each audience and language."""
    rows: list[dict[str, str]] = []
    for name in STEPS:
        row = {"step": name}
        for lang in LANGS:
            phrases = load(lang, overrides)
            row[f"when ({lang})"] = phrases.say(f"table.{name}")
            for audience in ("engineers", "executives", "customers"):
                key = next(
                    key for key in (f"cause.{audience}.{name}", f"cause.{audience}.{name}_noun") if phrases.has(key)
                )
                row[f"{audience} ({lang})"] = phrases.say(key, mark="h2", cause="…", why="…")
        rows.append(row)
    return rows
