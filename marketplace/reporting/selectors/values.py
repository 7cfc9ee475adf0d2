"""What the selectors of figures answer: frozen values in đồng and whole numbers, no buyer in any of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from payments.models import Confirmation


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, kept as the two numbers it is made of, so that a reader can check it."""

    part: int
    whole: int

    @property
    def percent(self) -> int | None:
        """The part in whole hundredths, half rounded up; None where there is no whole to be part of."""
        return (200 * self.part + self.whole) // (2 * self.whole) if self.whole else None


def percent_more(taken_vnd: int, before_vnd: int) -> int | None:
    """By how many hundredths more or, negative, less, rounded to the nearest; None where nothing was before."""
    if before_vnd <= 0:
        return None
    difference = taken_vnd - before_vnd
    whole = (200 * abs(difference) + before_vnd) // (2 * before_vnd)
    return whole if difference >= 0 else -whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Takings:
    """Money of a place or shop in a period, in đồng: charges by who confirmed them, and refunds apart."""

    bank_vnd: int = 0
    card_vnd: int = 0
    vendor_vnd: int = 0
    cash_vnd: int = 0
    refunds_vnd: int = 0
    online_vnd: int = 0
    """Charges less refunds of orders made on the platform; with `stall_vnd` it makes `total_vnd`."""
    stall_vnd: int = 0
    count: int = 0
    """How many charges."""
    refunds: int = 0
    """How many refunds."""

    @property
    def charged_vnd(self) -> int:
        """All charges, before refunds."""
        return self.bank_vnd + self.card_vnd + self.vendor_vnd + self.cash_vnd

    @property
    def total_vnd(self) -> int:
        """All charges less refunds."""
        return self.charged_vnd - self.refunds_vnd

    @property
    def confirmed_vnd(self) -> int:
        """What a bank or the card network said; the rest is the vendors' own word."""
        return self.bank_vnd + self.card_vnd

    @property
    def confirmed_by_bank(self) -> Share:
        """How much of the charges a bank's notice confirmed by itself."""
        return Share(self.bank_vnd, self.charged_vnd)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingsRow:
    """One day of a commune."""

    day: date
    takings: Takings
    paid_orders: int
    """Orders that were paid in full for the first time that day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BookRow:
    """One day, or one month named by its first day, of a shop's own book."""

    period: date
    takings: Takings


@dataclass(frozen=True, slots=True, kw_only=True)
class SaleBehind:
    """One movement of money that a figure is made of, without the buyer."""

    event_id: int
    order_number: str
    vendor_name: str
    vendor_slug: str
    amount_vnd: int
    """Always positive; `is_refund` says which way."""
    is_refund: bool
    confirmation: str
    channel: str
    happened_at: datetime

    @property
    def is_confirmed(self) -> bool:
        """Whether a bank or the card network says so."""
        return self.confirmation in (Confirmation.BANK, Confirmation.CARD)


@dataclass(frozen=True, slots=True, kw_only=True)
class CommuneSummary:
    """A place in one month of Vietnam. What is not said to be of the month is as of `as_of`."""

    code: str
    name: str
    month: date
    """The first day of the month."""
    as_of: datetime
    takings: Takings
    takings_before: Takings
    """Of the whole month before."""
    paid_orders: int
    """Orders that were paid in full for the first time in the month."""
    shops_active: int
    """Shops with at least one charge in the month, each counted once (the statistics office counts a seller as
    active from one sale in the period, and a listing alone as nothing)."""
    shops_registered: int
    shops_verified: int
    ocop_products: int
    """Products on sale whose certificate of 3 stars or more is verified and valid."""

    @property
    def change_vnd(self) -> int:
        """How much more (or, negative, less) was taken than in the month before."""
        return self.takings.total_vnd - self.takings_before.total_vnd

    @property
    def change(self) -> Share:
        """The change against the month before."""
        return Share(self.change_vnd, max(0, self.takings_before.total_vnd))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceSummary(CommuneSummary):
    """A province in one month, and each of its communes, also those without a sale, by name."""

    communes: list[CommuneSummary] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSales:
    """Goods of one OCOP set (0: of none) sold in a province in a month, counted when an order is first paid in full.

    Orders over two sets are in both, so the numbers of orders may not be added up.
    """

    ocop_set: int
    orders: int
    lines: int
    quantity: int
    amount_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSales:
    """One product sold in a province in a month."""

    product_number: int
    """Its key, or 0 for amounts sold without naming a product."""
    product_name: str | None
    """None when it is no longer listed, or was never named."""
    vendor_name: str | None
    orders: int
    quantity: int
    amount_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingsPart:
    """A part of a commune's takings in a month, in đồng: of a kind of shop, or of a market site."""

    key: str
    name: str
    charged_vnd: int
    confirmed_vnd: int
    """Of the charges: what a bank or the card network said."""
    refunds_vnd: int
    count: int
    """How many charges."""
    shops: int
    """Shops with at least one charge."""

    @property
    def total_vnd(self) -> int:
        """Charges less refunds."""
        return self.charged_vnd - self.refunds_vnd

    @property
    def confirmed(self) -> Share:
        """How much of the charges was confirmed."""
        return Share(self.confirmed_vnd, self.charged_vnd)


@dataclass(frozen=True, slots=True, kw_only=True)
class VillagePart(TakingsPart):
    """A village's part of a commune's month, by where its shops are today; `key` is the village's, "" for none."""

    registered: int
    """Shops that are in it, whether they sell or not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A commune among those of its province in a month. What is None is not told: too few others sold."""

    communes: int
    selling: int
    """Communes whose takings are above 0, this one too."""
    own: Takings
    rank: int | None = None
    """1 for the commune that sold most; None also for one that sold nothing."""
    others_average_vnd: int | None = None
    """Over the other communes that sold something."""
    province_vnd: int | None = None
    others_bank_vnd: int | None = None
    others_charged_vnd: int | None = None

    @property
    def is_told(self) -> bool:
        """Whether enough others sold for a comparison that shows none of them."""
        return self.province_vnd is not None

    @property
    def share_of_province(self) -> Share:
        """The commune's part of what the province sold."""
        return Share(self.own.total_vnd, self.province_vnd or 0)

    @property
    def others_confirmed_by_bank(self) -> Share:
        """How much of the others' charges a bank's notice confirmed."""
        return Share(self.others_bank_vnd or 0, self.others_charged_vnd or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class DormantShop:
    """A shop that may sell and took no money for long."""

    vendor_id: int
    name: str
    phone: str
    could_sell_since: date
    sold_last: date | None
    """The bank's day of its last charge; None when it never sold."""
    has_products: bool
    has_account: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetReached:
    """One target of a commune for a year, and how far a month has come to it."""

    indicator: str
    year: int
    target: int
    reached: int
    document: str

    @property
    def share(self) -> Share:
        """What was reached of the target."""
        return Share(self.reached, self.target)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsRow:
    """A commune and its targets of a year, in the order of the indicators; None where none is set."""

    code: str
    name: str
    values: tuple[int | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthReport:
    """Everything that a commune reports of a month."""

    summary: CommuneSummary
    before: CommuneSummary
    """The whole month before."""
    year_ago: CommuneSummary
    """The same month of the year before."""
    days: list[TakingsRow]
    kinds: list[TakingsPart]
    sites: list[TakingsPart]
    villages: list[VillagePart]
    sets: list[SetSales]
    standing: Standing
    targets: list[TargetReached]
