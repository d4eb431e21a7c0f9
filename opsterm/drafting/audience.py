"""Who updates are for, and what each may hear. [field notes §3]"""

AUDIENCES = ("customers", "support", "executives", "engineers")

OUTSIDE = frozenset({"customers", "support"})
"""Those whose text must be fit to be read by anyone: what support is told reaches callers word for word."""
