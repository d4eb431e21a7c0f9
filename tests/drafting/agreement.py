"""How far each rule has to agree with readers."""

#: Precision and recall by rule, for rules with ten or more labelled cases; readers agree less on jargon.
WANTED = {
    "promise": (0.90, 0.85),
    "unverified-cause": (0.90, 0.85),
    "jargon": (0.80, 0.70),
    "no-impact": (0.90, 0.85),
    "no-next-update": (0.90, 0.85),
    "vague": (0.90, 0.85),
}
