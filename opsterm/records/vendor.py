"""What a team buys: contracts, what was promised in them, reviews, and the incidents that a vendor had a part in."""

from __future__ import annotations

from typing import Literal, get_args

from opsterm.records.instant import Instant
from opsterm.records.person_name import PersonName
from opsterm.records.record import Other, Record, Unsaid, record, since, stated, whose, why
from opsterm.records.timeline_entry import amount, days, line_kind, text_entry

#: express ends unless somebody renews it; tacit goes on unless somebody gives notice; none just ends.
Renewal = Literal["tacit", "express", "none"]
RENEWALS: tuple[Renewal, ...] = get_args(Renewal)
Decision = Literal["renew", "renegotiate", "leave"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
#: 1: a critical system stops within 4 hours without it.
TIERS = (1, 2, 3)
Part = Literal["caused", "involved"]
PARTS: tuple[Part, ...] = get_args(Part)
Outcome = Literal["met", "missed", "unknown"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)

INVOLVED = line_kind("vendor")


@record("vendor")
class Vendor(Record):
    """One contract with one vendor. Dates are days, YYYY-MM-DD, in the contract's own calendar."""

    name: str = stated("", "Who sells it; one vendor may have several contracts.", called="called")
    parent: str = stated("", "The group that it belongs to; empty for itself.", called="group:")
    service: str = stated("", "What is bought.", called="service:")
    tier: int = stated(3, "One of TIERS.")
    owner: PersonName = stated("", "Who answers for it.", called="given to")
    backup: PersonName = stated("", "Who does when the owner is away.")
    systems: tuple[str, ...] = stated((), "Systems that it serves.", called="systems:")
    term_start: str = stated("", "The first day; empty where nobody said.", called="term from")
    term_end: str = stated(
        "", "The last day of service of the term as signed; empty for no fixed end.", called="term until"
    )
    notice: str = stated("", "How long before the end notice is due: 90 days, 3 months; empty for none.")
    renewal: Renewal | Other = stated("none", "One of RENEWALS.", called="renewal:")
    renewal_term: str = stated("", "For how long it renews: 12 months.", called="renews for")
    received: bool = stated(
        False,
        "Whether notice counts from when they have it, not from when it is sent.",
        called="notice counts once received:",
    )
    delivery_days: int = stated(
        0, "Days that a letter takes to them, where it has to be received.", called="a letter takes", words=days
    )
    form: str = stated("", "In which form notice is valid: mail, portal, registered letter.", called="notice by")
    address: str = stated("", "Where notice goes.", called="notice to")
    clause: str = stated("", "The clause on term and notice, as it is written.", called="clause:")
    annual_cost: float = stated(0.0, "What it costs a year, in its currency.", called="a year costs", words=amount)
    currency: str = stated("", "ISO 4217 code.")
    uplift: float = stated(0.0, "By how many percent the price rises at renewal.", called="price rises by percent")
    price_clause: str = stated("", "The clause on price, as it is written.", called="price clause:")
    contacts: tuple[str, ...] = stated((), "Whom one can reach there.", called="contacts:")
    escalation: tuple[str, ...] = stated((), "Whom next, in order.", called="then:")
    documents: tuple[str, ...] = stated((), "Where the contract and what belongs to it are kept.", called="kept at")
    alternatives: tuple[str, ...] = stated((), "Who else could do it, with cost and weeks.", called="instead:")
    exit_cost: float = stated(
        0.0,
        "What leaving costs, in its currency: migration, parallel run, extraction, fees.",
        called="leaving costs",
        words=amount,
    )
    exit_tested_at: str = stated(
        "", "The day on which leaving was last rehearsed; empty for never.", called="leaving rehearsed on"
    )
    reviewed_at: str = stated("", "The day of the last review; empty for never.", called="reviewed on")
    decision: Decision | Unsaid | Other = stated(
        "",
        "One of DECISIONS for the term that ends on decided_for; empty while open.",
        called="decided:",
    )
    decision_since: Instant = since("decision")
    decision_by: str = whose("decision")
    decision_why: str = why("decision")
    decided_for: str = stated("", "The end of the term that was decided on.", called="decided for the term until")
    notice_sent: str = stated("", "What proves that notice was given, and when.", called="notice shown by")
    notice_sent_since: Instant = since("notice_sent")
    ended: bool = stated(False, "Whether it is over and kept for its history alone.", called="over:")
    source: str = stated(
        "", "Name of the file that it was last taken from; empty for what people said here.", called="from the file"
    )


@record("commitment")
class Commitment(Record):
    """One figure that a vendor promised."""

    vendor: str = stated("", "Id of the vendor.", called="")
    text: str = stated("", "What was promised, in words.", called="promised:")
    percent: float = stated(
        0.0, "Time up, in percent of a month; 0 where it is another figure.", called="percent of a month up:"
    )
    bands: tuple[str, ...] = stated(
        (), "Credits as below=percent of the month's fee: 99.99=10, 99=30.", called="credits:"
    )
    claim_by: str = stated("2 months", "How long after the month a credit can be claimed.", called="can be claimed for")


@record("vendor_review")
class VendorReview(Record):
    """What was seen of one commitment in one month, or what a review of a vendor came to."""

    vendor: str = stated("", "Id of the vendor.", called="")
    commitment: str = stated("", "Id of the commitment; empty for a review of the whole.", called="")
    month: str = stated("", "YYYY-MM that a figure is of; empty for a review of the whole.")
    figure: float = stated(0.0, "What was reached, in the commitment's unit.", called="reached")
    outcome: Outcome | Other = stated("unknown", "One of OUTCOMES.", called="promise:")
    text: str = stated("", "What was seen and decided.", called="seen:")
    claimed: str = stated("", "What came of the credit: claimed on, refused, paid.", called="credit:")


@record("vendor_cost")
class VendorCost(Record):
    """What one contract cost in one year."""

    vendor: str = stated("", "Id of the vendor.", called="")
    year: int = stated(0, "The year.")
    amount: float = stated(0.0, "In the contract's currency.", called="costs", words=amount)


@record("involvement", entry=text_entry(INVOLVED))
class Involvement(Record):
    """The part of a vendor in an incident."""

    vendor: str = stated("", "Id of the vendor.", called="")
    part: Part | Other = stated("involved", "One of PARTS.", called="its part:")
    text: str = stated("", "What it did, in words for the timeline.", called="reads")
