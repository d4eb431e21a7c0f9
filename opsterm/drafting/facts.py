"""What is recorded of one incident at one moment, as drafting and review need it. Plain values, nothing live.

Times are ISO 8601 in UTC, `YYYY-MM-DDTHH:MM:SSZ`. Free texts are as a person wrote them, in whatever language; "" is
"not recorded".
"""

from dataclasses import dataclass, field, replace

OPEN_HYPOTHESES = frozenset({"proposed", "testing", "supported", "inconclusive"})
OPEN_ACTIONS = frozenset({"ordered", "acknowledged"})
DATA_STATES = ("unknown", "none", "delayed", "lost", "exposed")
"""What became of people's data: not known, nothing, late but complete, gone, seen by others."""


@dataclass(frozen=True, slots=True)
class Impact:
    """The effect in parts, so that it can be said in either language; `text` is the free form."""

    text: str = ""
    who: str = ""
    """Who is hit: "customers in the EU"."""
    what: str = ""
    """What they can't do, as a verb ("pay by card") or a whole ("card payments fail")."""
    extent: str = ""
    """How much, with its basis: "about 3 in 10 card payments", "30 %"."""
    since: str = ""
    """When the effect began, if not when the incident began."""
    unaffected: str = ""
    """Who or what is not hit."""


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A suspected cause. `plain` is how customers may hear it; `approved`: whether they may before it is confirmed."""

    mark: str
    text: str
    state: str = "proposed"
    confidence: float | None = None
    plain: str = ""
    approved: bool = False
    why: str = ""
    """What confirmed it or ruled it out."""


@dataclass(frozen=True, slots=True)
class Action:
    """An order and how it stands. `plain` is how outsiders may hear it."""

    mark: str
    text: str
    state: str = "ordered"
    owner: str = ""
    plain: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided, and when."""

    at: str
    text: str


@dataclass(frozen=True, slots=True)
class Estimate:
    """A time of repair that someone committed to: a range with its condition, and when it will be checked."""

    text: str
    condition: str
    owner: str
    check_at: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """An update as it was sent. `then` is what was recorded at that moment: what has changed since is told from it."""

    at: str
    audience: str
    stage: str
    lang: str
    text: str
    next_update_at: str | None = None
    then: "Facts | None" = None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is recorded of one incident at one moment."""

    title: str = ""
    severity: str = ""
    """`sev1` (worst) to `sev5`."""
    severity_reason: str = ""
    status: str = "triage"
    """`triage investigating identified monitoring resolved closed cancelled`."""
    started_at: str | None = None
    detected_at: str | None = None
    mitigated_at: str | None = None
    resolved_at: str | None = None
    services: tuple[str, ...] = ()
    impact: Impact = field(default_factory=Impact)
    workaround: str = ""
    retry: str = ""
    """What people must still do once it works again: "sign in again"."""
    data: str = "unknown"
    data_detail: str = ""
    exit_criteria: str = ""
    """When it counts as over: "failures under 0.5 % for 30 minutes"."""
    hypotheses: tuple[Hypothesis, ...] = ()
    actions: tuple[Action, ...] = ()
    decisions: tuple[Decision, ...] = ()
    estimate: Estimate | None = None
    commander: str = ""
    channel: str = ""
    """Where the responders talk."""
    help_needed: str = ""
    business: str = ""
    """Money, contracts, law: what executives must know."""
    decision_wanted: str = ""
    """What is wanted of executives."""
    risk: str = ""
    """What happens if it goes on."""
    review_on: str = ""
    """When the report on the incident comes, in words: "12 March"."""
    people: tuple[str, ...] = ()
    internal_words: tuple[str, ...] = ()
    """Service and host names that only the team knows."""
    allowed_words: tuple[str, ...] = ()
    """Trade words that this team's customers know."""
    drill: bool = False
    updates: tuple[Sent, ...] = ()

    def told(self, audience: str) -> tuple[Sent, ...]:
        """The updates sent to one audience, oldest first."""
        return tuple(sorted((sent for sent in self.updates if sent.audience == audience), key=lambda sent: sent.at))

    def bare(self) -> "Facts":
        """The same without the sent updates: what a `Sent.then` keeps."""
        return replace(self, updates=())

    @property
    def effect_since(self) -> str | None:
        """When the effect began, as far as recorded."""
        return self.impact.since or self.started_at or self.detected_at

    @property
    def confirmed(self) -> tuple[Hypothesis, ...]:
        """The confirmed causes."""
        return tuple(hypothesis for hypothesis in self.hypotheses if hypothesis.state == "confirmed")
