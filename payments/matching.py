"""Deciding what a bank's notice of a transfer means: book it, put it before a person, or let it lie.

Nothing here touches the database or the clock. The caller asks `codes_in`, looks up the facts about those codes
and the earlier notices that may be of the same transfer, and gives all of it to `decide`. An amount alone never
books anything, and no money is dropped: what cannot be booked is held and waits in the vendor's review list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from marketplace.core.payment_codes import cut_code, find_codes
from payments.likeness import Telling, Word, is_counted_on, is_told_of, may_be_among_more, repeat_of

BOOKED_DONG_MAX: Final = 999_999_999_999
"""A transfer of a thousand billion đồng or more is no purchase; a person looks at it."""

REVIVED_DAYS_MAX: Final = 30
"""An order that expired longer ago is not brought back by itself: its buyer has long bought elsewhere or complained,
and its prices are of another season. A person may still book the money on it."""


class Kind(StrEnum):
    """What a decision comes to. `Review.reason` and `Ignore.reason` say it more closely."""

    BOOK = "book"
    """The money pays what the sale still costs."""
    PARTIAL = "partial"
    """Booked; a rest is left to pay, under the same code."""
    OVER = "over"
    """Booked; what came on top is due back to the buyer."""
    LATE_REVIVE = "late_revive"
    """Booked on an order that had expired and takes its goods again, however much of its price it is."""
    LATE_REVIEW = "late_review"
    """Held: the sale takes no money any more. It was cancelled, is paid, or expired and its goods are gone."""
    DUPLICATE_SUSPECT = "duplicate_suspect"
    """Held: another feed told of a transfer much like this one, and nobody can tell for certain."""
    TWO_CODES = "two_codes"
    """Held: the codes of more than one sale, or one that nobody issued beside a good one."""
    CUT_CODE = "cut_code"
    """Held: the code's end was cut off. It is never guessed."""
    NO_CODE = "no_code"
    """Held: no code of a sale of this vendor's; whatever the amount fits."""
    FOREIGN_ACCOUNT = "foreign_account"
    """Kept and nothing more: the account is none of this feed's vendors'."""
    OUTGOING = "outgoing"
    """Kept and nothing more: no money came in."""
    REPEAT = "repeat"
    """Linked to the earlier notice of the same transfer; counted there."""
    ODD_AMOUNT = "odd_amount"
    """Held: more than any purchase costs."""
    TEST = "test"
    """Kept and nothing more: the provider tries whether we listen."""


class Direction(StrEnum):
    """Whether money came into the account or left it."""

    IN = "in"
    OUT = "out"


class IgnoreReason(StrEnum):
    """Why a notice is about no sale of this vendor's; it is kept all the same."""

    TEST_EVENT = "test_event"
    OUTGOING = "outgoing"
    NOT_POSITIVE = "not_positive"
    FOREIGN_ACCOUNT = "foreign_account"
    SAME_TRANSFER = "same_transfer"
    """Another feed told of this transfer before."""


class ReviewReason(StrEnum):
    """Why a person must say what the money is for."""

    NO_CODE = "no_code"
    CUT_CODE = "cut_code"
    STAND_CODE = "stand_code"
    """Paid through the code printed on the vendor's stand, which names no sale."""
    MAY_BE_REPEAT = "may_be_repeat"
    TOLD_ELSEWHERE = "told_elsewhere"
    """Another vendor has the very same account, and was told of this transfer too: it pays one of them."""
    SEVERAL_CODES = "several_codes"
    UNKNOWN_CODE = "unknown_code"
    OTHER_VENDORS_CODE = "other_vendors_code"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_ALREADY_PAID = "order_already_paid"
    ORDER_EXPIRED_WITHOUT_STOCK = "order_expired_without_stock"
    ORDER_EXPIRED_LONG_AGO = "order_expired_long_ago"
    TOO_LARGE = "too_large"


_KIND_OF: Final[Mapping[str, Kind]] = {
    IgnoreReason.TEST_EVENT: Kind.TEST,
    IgnoreReason.OUTGOING: Kind.OUTGOING,
    IgnoreReason.NOT_POSITIVE: Kind.OUTGOING,
    IgnoreReason.FOREIGN_ACCOUNT: Kind.FOREIGN_ACCOUNT,
    IgnoreReason.SAME_TRANSFER: Kind.REPEAT,
    ReviewReason.NO_CODE: Kind.NO_CODE,
    ReviewReason.CUT_CODE: Kind.CUT_CODE,
    ReviewReason.STAND_CODE: Kind.NO_CODE,
    ReviewReason.MAY_BE_REPEAT: Kind.DUPLICATE_SUSPECT,
    ReviewReason.TOLD_ELSEWHERE: Kind.DUPLICATE_SUSPECT,
    ReviewReason.SEVERAL_CODES: Kind.TWO_CODES,
    ReviewReason.UNKNOWN_CODE: Kind.NO_CODE,
    ReviewReason.OTHER_VENDORS_CODE: Kind.NO_CODE,
    ReviewReason.ORDER_CANCELLED: Kind.LATE_REVIEW,
    ReviewReason.ORDER_ALREADY_PAID: Kind.LATE_REVIEW,
    ReviewReason.ORDER_EXPIRED_WITHOUT_STOCK: Kind.LATE_REVIEW,
    ReviewReason.ORDER_EXPIRED_LONG_AGO: Kind.LATE_REVIEW,
    ReviewReason.TOO_LARGE: Kind.ODD_AMOUNT,
}


class SaleState(StrEnum):
    """What a code's order, or its checkout while there is no order yet, still waits for."""

    LIVE = "live"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A transfer as a provider's notice tells it."""

    direction: Direction
    amount: int
    """Whole đồng."""
    accounts: tuple[str, ...]
    """The account the money came to, and its virtual account if the notice names one."""
    content: str
    provider_codes: tuple[str, ...] = ()
    """Codes the provider read by itself, or that its own order number leads to."""
    is_test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeFacts:
    """What is known about one payment code at the moment of deciding, under the order's lock."""

    code: str
    sale: str
    """Key of the order or checkout the code leads to now; codes with one key are one sale."""
    belongs_to_this_vendor: bool
    state: SaleState
    outstanding: int
    """Đồng still to pay; 0 or less counts as paid."""
    stock_available: bool = True
    """Whether the goods are allocated or reserved for this sale, or can still be had."""
    ended_at: datetime | None = None
    """When an expired sale expired."""
    words: tuple[Word, ...] = ()
    """What of the sale's money was counted on somebody's word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingFacts:
    """What the caller looked up for one transfer."""

    accounts: frozenset[str]
    """Every account, virtual ones and former ones too, in which the feed's vendor receives."""
    codes: tuple[CodeFacts, ...] = ()
    """One for each code of `codes_in` that was ever issued for a sale."""
    stand_codes: frozenset[str] = frozenset()
    """Those of `codes_in` that are printed on a stand of this vendor's and name no sale."""
    telling: Telling | None = None
    """The transfer as its feed tells it; None where there is nothing to compare it with."""
    earlier: tuple[Telling, ...] = ()
    """What other feeds told before of transfers to the same vendors, about that day and of that amount; one more than
    are compared stands for any number more."""
    elsewhere: tuple[Telling, ...] = ()
    """The same about vendors who are not this feed's, and have the very account."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Book the whole transfer on the sale that `code` leads to."""

    code: str
    sale: str
    amount: int
    """Đồng to book: all that came."""
    outstanding: int
    """Đồng left to pay afterwards; 0 when the sale is fully paid."""
    refund_due: int
    """Đồng that came on top of the price and go back to the buyer."""
    revives: bool
    """Whether the sale had expired and must take its stock again."""

    @property
    def is_full(self) -> bool:
        """Whether nothing is left to pay."""
        return self.outstanding == 0

    @property
    def kind(self) -> Kind:
        """What it comes to."""
        if self.revives:
            return Kind.LATE_REVIVE
        if self.refund_due:
            return Kind.OVER
        return Kind.BOOK if self.is_full else Kind.PARTIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Hold the money and let a person decide. `codes` are what was found, as a help."""

    reason: ReviewReason
    codes: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        """What it comes to."""
        return _KIND_OF[self.reason]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Keep the notice and do nothing. `first` is the notice that told of the same transfer before, if one did."""

    reason: IgnoreReason
    first: int | None = None

    @property
    def kind(self) -> Kind:
        """What it comes to."""
        return _KIND_OF[self.reason]


Decision = Book | Review | Ignore


def codes_in(transfer: Transfer) -> tuple[str, ...]:
    """Every different valid code of a transfer: those in its content first, then those the provider read."""
    texts = (transfer.content, *transfer.provider_codes)
    return tuple(dict.fromkeys(code for text in texts for code in find_codes(text)))


def decide(transfer: Transfer, facts: MatchingFacts, *, now: datetime) -> Decision:
    """What to do with `transfer`.

    A transfer that another feed told of before is linked to that, or held if that is not certain, or if too many
    were told to compare them all; so is one that another vendor of the same account was told of, or that may have
    been counted on somebody's word.
    One code and one live sale of this vendor's books all the money, however much it is: too little leaves a rest,
    too much a refund that is due. A sale that expired within `REVIVED_DAYS_MAX` comes back to life if its goods are
    there. All other money of the vendor's goes to review.
    """
    ignored = _reason_to_ignore(transfer, facts.accounts)
    if ignored is not None:
        return Ignore(reason=ignored)
    found = codes_in(transfer)
    repeat = repeat_of(facts.telling, facts.earlier) if facts.telling is not None else None
    if repeat is not None and repeat.is_certain:
        return Ignore(reason=IgnoreReason.SAME_TRANSFER, first=repeat.first)
    if repeat is not None or may_be_among_more(facts.earlier):
        return Review(reason=ReviewReason.MAY_BE_REPEAT, codes=found)
    if transfer.amount > BOOKED_DONG_MAX:
        return Review(reason=ReviewReason.TOO_LARGE, codes=found)
    named = tuple(code for code in found if code not in facts.stand_codes)
    if not named:
        return Review(reason=_reason_without_code(transfer, found), codes=found)
    candidates = _facts_of(named, facts.codes)
    reason = _doubt_about_codes(named, candidates) or _doubt_about_sale(candidates[0], now=now)
    if reason is None and facts.telling is not None and is_told_of(facts.telling, facts.elsewhere):
        reason = ReviewReason.TOLD_ELSEWHERE
    if reason is None and facts.telling is not None and is_counted_on(candidates[0].words, facts.telling):
        reason = ReviewReason.MAY_BE_REPEAT
    if reason is not None:
        return Review(reason=reason, codes=found)
    return _booking(transfer, candidates[0])


def _reason_without_code(transfer: Transfer, stands: Sequence[str]) -> ReviewReason:
    """Why no code names a sale; `stands` are codes on the vendor's stands."""
    if stands:
        return ReviewReason.STAND_CODE
    is_cut = any(map(cut_code, (transfer.content, *transfer.provider_codes)))
    return ReviewReason.CUT_CODE if is_cut else ReviewReason.NO_CODE


def _reason_to_ignore(transfer: Transfer, our_accounts: frozenset[str]) -> IgnoreReason | None:
    if transfer.is_test:
        return IgnoreReason.TEST_EVENT
    if transfer.direction is not Direction.IN:
        return IgnoreReason.OUTGOING
    if transfer.amount <= 0:
        return IgnoreReason.NOT_POSITIVE
    ours = {_account_key(account) for account in our_accounts}
    theirs = {_account_key(account) for account in transfer.accounts}
    return None if (ours & theirs) - {""} else IgnoreReason.FOREIGN_ACCOUNT


def _account_key(account: str) -> str:
    """Providers group digits with spaces or dashes; only letters and digits tell accounts apart."""
    return "".join(character for character in account if character.isascii() and character.isalnum()).upper()


def _facts_of(found: Sequence[str], known: Sequence[CodeFacts]) -> tuple[CodeFacts, ...]:
    by_code = {facts.code: facts for facts in known}
    return tuple(by_code[code] for code in found if code in by_code)


def _doubt_about_codes(found: Sequence[str], candidates: Sequence[CodeFacts]) -> ReviewReason | None:
    """Why the codes do not name exactly one sale of this vendor's; None when they do."""
    if not candidates:
        return ReviewReason.UNKNOWN_CODE
    owners = {facts.belongs_to_this_vendor for facts in candidates}
    if owners == {False}:
        return ReviewReason.OTHER_VENDORS_CODE
    sales = {facts.sale for facts in candidates}
    if len(candidates) < len(found) or len(owners) > 1 or len(sales) > 1:
        return ReviewReason.SEVERAL_CODES
    return None


def _doubt_about_sale(sale: CodeFacts, *, now: datetime) -> ReviewReason | None:
    """Why the sale cannot take the money; None when it can."""
    if sale.state is SaleState.CANCELLED:
        return ReviewReason.ORDER_CANCELLED
    if sale.state is SaleState.PAID or sale.outstanding <= 0:
        return ReviewReason.ORDER_ALREADY_PAID
    if sale.ended_at is not None and now - sale.ended_at > timedelta(days=REVIVED_DAYS_MAX):
        return ReviewReason.ORDER_EXPIRED_LONG_AGO
    if not sale.stock_available:
        return ReviewReason.ORDER_EXPIRED_WITHOUT_STOCK
    return None


def _booking(transfer: Transfer, sale: CodeFacts) -> Book:
    return Book(
        code=sale.code,
        sale=sale.sale,
        amount=transfer.amount,
        outstanding=max(sale.outstanding - transfer.amount, 0),
        refund_due=max(transfer.amount - sale.outstanding, 0),
        revives=sale.state is SaleState.EXPIRED,
    )
