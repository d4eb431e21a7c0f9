"""What a text says out of courtesy: whom to turn to, should trouble go on. It tells nothing of the trouble itself."""

import re

from opsterm.drafting.reviewed_text import blanked

_TROUBLE = (
    r"(?:issues?|problems?|difficult\w+|trouble|disruptions?|unusual|questions?|concerns?|queries|symptoms|impact|help"
    r"|assistance|support|information|details)\b"
)
_TURN_TO = (
    r"\b(?:contact|reach out|reach us|get in touch|be in touch|let us know|tell us|report (?:it|them|this)"
    r"|(?:open|raise|submit|log|file|create) (?:an? |the |your )?(?:\w+ ){0,2}?(?:tickets?|cases?|requests?|calls?)"
    r"|call us|call our|call the|email us|write to us)\b"
)
_COURTESY = re.compile(
    rf"\b(?:if|should|in case) (?:you|your|any|anyone|anybody|there|users|customers|staff)\b[^.;\n]{{0,60}}?{_TROUBLE}"
    rf"[^.;\n]{{0,60}}?{_TURN_TO}[^.;\n]*"
    rf"|\b(?:please|kindly)\b[^.;\n]{{0,40}}?{_TURN_TO}[^.;\n]{{0,80}}?"
    rf"(?:\b(?:if|should|in case|for|with)\b[^.;\n]{{0,60}}?{_TROUBLE}[^.;\n]*|(?=[.;\n]|$))"
    rf"|\bfor (?:any |more |further |all )?(?:\w+ )?{_TROUBLE}[^.;\n]{{0,40}}?"
    rf"(?:{_TURN_TO}|\b(?:visit|see|follow|check)\b)[^.;\n]*",
    re.IGNORECASE,
)


def without_courtesy(text: str) -> str:
    """The English text with its courtesies blanked, of the same length."""
    return blanked(text, _COURTESY)
