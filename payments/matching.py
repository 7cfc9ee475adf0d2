"""Deciding what a bank's notice of a transfer means: book it, put it before a person, or let it lie.

Nothing here touches the database or the clock. The caller asks `codes_in`, looks up the facts about those
codes, and gives both to `decide`. An amount alone never books anything, and no money is dropped: what cannot
be booked is held and waits in the vendor's review list.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketplace.core.payment_codes import find_codes

BOOKED_DONG_MAX: Final = 999_999_999_999
"""A transfer of a thousand billion đồng or more is no purchase; a person looks at it."""


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


class ReviewReason(StrEnum):
    """Why a person must say what the money is for."""

    NO_CODE = "no_code"
    SEVERAL_CODES = "several_codes"
    UNKNOWN_CODE = "unknown_code"
    OTHER_VENDORS_CODE = "other_vendors_code"
    ORDER_CANCELLED = "order_cancelled"
    ORDER_ALREADY_PAID = "order_already_paid"
    ORDER_EXPIRED_WITHOUT_STOCK = "order_expired_without_stock"
    TOO_LARGE = "too_large"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchingFacts:
    """What the caller looked up for one transfer."""

    accounts: frozenset[str]
    """Every account, virtual ones and former ones too, in which the feed's vendor receives."""
    codes: tuple[CodeFacts, ...] = ()
    """One for each code of `codes_in` that was ever issued."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """Hold the money and let a person decide. `codes` are what was found, as a help."""

    reason: ReviewReason
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """Keep the notice and do nothing."""

    reason: IgnoreReason


Decision = Book | Review | Ignore


def codes_in(transfer: Transfer) -> tuple[str, ...]:
    """Every different valid code of a transfer: those in its content first, then those the provider read."""
    texts = (transfer.content, *transfer.provider_codes)
    return tuple(dict.fromkeys(code for text in texts for code in find_codes(text)))


def decide(transfer: Transfer, facts: MatchingFacts) -> Decision:
    """What to do with `transfer`.

    One code and one live sale of this vendor's books all the money, however much it is: too little leaves a
    rest, too much a refund that is due. An expired sale comes back to life if its goods are there. All other
    money of the vendor's goes to review.
    """
    ignored = _reason_to_ignore(transfer, facts.accounts)
    if ignored is not None:
        return Ignore(reason=ignored)
    found = codes_in(transfer)
    if transfer.amount > BOOKED_DONG_MAX:
        return Review(reason=ReviewReason.TOO_LARGE, codes=found)
    candidates = _facts_of(found, facts.codes)
    reason = _doubt_about_codes(found, candidates) or _doubt_about_sale(candidates[0])
    if reason is not None:
        return Review(reason=reason, codes=found)
    return _booking(transfer, candidates[0])


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
    if not found:
        return ReviewReason.NO_CODE
    if not candidates:
        return ReviewReason.UNKNOWN_CODE
    owners = {facts.belongs_to_this_vendor for facts in candidates}
    if owners == {False}:
        return ReviewReason.OTHER_VENDORS_CODE
    sales = {facts.sale for facts in candidates}
    if len(candidates) < len(found) or len(owners) > 1 or len(sales) > 1:
        return ReviewReason.SEVERAL_CODES
    return None


def _doubt_about_sale(sale: CodeFacts) -> ReviewReason | None:
    """Why the sale cannot take the money; None when it can."""
    if sale.state is SaleState.CANCELLED:
        return ReviewReason.ORDER_CANCELLED
    if sale.state is SaleState.PAID or sale.outstanding <= 0:
        return ReviewReason.ORDER_ALREADY_PAID
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
