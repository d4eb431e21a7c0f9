"""What people do about a contract, wherever it is before them."""

from __future__ import annotations

from functools import partial
from typing import Any

from opsterm.core.calendar_dates import team_holidays
from opsterm.core.session import Outcome, Rejected, Session
from opsterm.records import Commitment, Vendor, VendorReview
from opsterm.records.vendor import DECISIONS
from opsterm.registers.entry_line import PROMISE, REVIEW, VENDOR
from opsterm.registers.vendors import commitment, vendor
from opsterm.registers.vendors.vendor import Contract, commitments_of, reviews_of
from opsterm.registers.vendors.vendor_brief import renewal_brief
from screens.checklists.open_run import open_run
from screens.pages.choosing import Choosing, on_chosen
from screens.pages.register_page import RegisterPage
from screens.pages.text_page import TextPage
from screens.registers.vendors.contract_lines import unseen
from screens.widgets.prompt import Choice

#: So many commitments or missed months can be picked by a digit, the last ones.
_PICKED_MAX = 9


class VendorActs(Choosing[Contract], RegisterPage):
    """Keys of a contract. Subclasses say which one is before the person."""

    words = VENDOR

    @on_chosen
    def action_edit(self, found: Contract) -> None:
        self.ask_edit(found.vendor, found.vendor.name, "notice 3 months; ends 2027-05-31; @noor   ? lists the words")

    @on_chosen
    def action_decide(self, found: Contract) -> None:
        item = found.vendor
        choices = [
            Choice(key, word, partial(self._decide, item, word)) for key, word in zip("rgl", DECISIONS, strict=True)
        ]
        if unseen(found):
            choices.insert(0, Choice("a", "it may renew itself", partial(self._accept, item)))
        self.prompt.choose(f"{item.name}, at the end of its term:", choices)

    def _decide(self, item: Vendor, decision: str) -> None:
        self.ask(
            f"{decision}, why?",
            "a sentence: it is asked again in a year",
            lambda s, why: vendor.decide(s, item, decision, why, self.today),
        )

    def _accept(self, item: Vendor) -> None:
        self.ask("it may, why?", "why it may go on", lambda s, why: vendor.accept_renewal(s, item, why, self.today))

    @on_chosen
    def action_notice(self, found: Contract) -> None:
        item = found.vendor
        self.ask(
            "notice given, shown by",
            "a receipt, a number, where the photograph is",
            lambda s, proof: vendor.send_notice(s, item, proof, self.today),
        )

    @on_chosen
    def action_brief(self, found: Contract) -> None:
        text = renewal_brief(self.context.board, found.vendor, self.today, team_holidays())
        self.app.push_screen(TextPage(self.context, f"{found.vendor.name}: before it renews", text))

    @on_chosen
    def action_review(self, found: Contract) -> None:
        self.ask_words(
            "review", " ".join(vendor.REVIEW_ASKS), REVIEW, partial(_review, found.vendor), named=True
        )  # fmt: skip

    @on_chosen
    def action_promise(self, found: Contract) -> None:
        example = "99.9 % a month; percent 99.9; credit 99.9=10, 99=30"
        self.ask_words("promised", example, PROMISE, partial(_promise, found.vendor), named=True)

    @on_chosen
    def action_measure(self, found: Contract) -> None:
        item = found.vendor
        promised = [c for c in commitments_of(self.context.board, item) if c.percent][-_PICKED_MAX:]
        if not promised:
            self.prompt.flash("no figure was promised: p records one")
        elif len(promised) == 1:
            self._measure(item, promised[0])
        else:
            choices = [Choice(str(n), c.text, partial(self._measure, item, c)) for n, c in enumerate(promised, 1)]
            self.prompt.choose("figure of", choices)

    def _measure(self, item: Vendor, promised: Commitment) -> None:
        def keep(session: Session, line: str) -> Outcome:
            month, _, reached = line.partition(" ")
            try:
                figure = float(reached.strip().removesuffix("%"))
            except ValueError:
                raise Rejected("Say the month and the figure: 2026-10 99.2.") from None
            return commitment.measure(session, item, promised, month, figure)

        self.ask("month and figure", f"{promised.text}: 2026-10 99.2", keep)

    @on_chosen
    def action_claim(self, found: Contract) -> None:
        missed = [r for r in reviews_of(self.context.board, found.vendor) if r.outcome == "missed" and not r.claimed]
        if not missed:
            self.prompt.flash("no missed figure is unclaimed")
        elif len(missed) == 1:
            self._claim(missed[0])
        else:
            picked = missed[-_PICKED_MAX:]
            self.prompt.choose(
                "credit for", [Choice(str(n), r.month, partial(self._claim, r)) for n, r in enumerate(picked, 1)]
            )

    def _claim(self, review: VendorReview) -> None:
        self.ask(
            f"credit for {review.month}",
            "what came of it: claimed today, paid 300, refused",
            lambda s, came: commitment.claim(s, review, came),
        )

    @on_chosen
    def action_spent(self, found: Contract) -> None:
        item = found.vendor

        def keep(session: Session, line: str) -> Outcome:
            year, _, amount = line.replace(",", "").partition(" ")
            try:
                return vendor.spent(session, item, int(year), float(amount.split()[0]))
            except (ValueError, IndexError):
                raise Rejected("Say the year and the amount: 2026 11800.") from None

        self.ask("year and cost", f"2026 11800, in {item.currency or 'its currency'}", keep)

    @on_chosen
    def action_diligence(self, found: Contract) -> None:
        item = found.vendor
        told = self.do(lambda session: vendor.walk_diligence(session, item))
        if told is not None:
            open_run(self, self.context, told.record)

    @on_chosen
    def action_end(self, found: Contract) -> None:
        item = found.vendor
        self.ask("over, why?", "why it is over", lambda s, why: vendor.end_contract(s, item, why))


def _review(item: Vendor, session: Session, text: str, fields: dict[str, Any]) -> Outcome:
    return vendor.review_vendor(session, item, text, fields.get("outcome", "unknown"))


def _promise(item: Vendor, session: Session, text: str, fields: dict[str, Any]) -> Outcome:
    return commitment.promise(
        session, item, text, percent=fields.get("percent", 0.0), bands=fields.get("bands", ())
    )  # fmt: skip
