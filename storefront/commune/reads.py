"""What the officer's pages show beside the figures, gathered in a bounded number of statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Case, IntegerField, Value, When
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from marketplace.places.models import Commune, Village
from marketplace.reporting.selectors import CommuneSummary
from payments.waiting import WaitingCount, waiting_counts
from vendors.access import require_commune_staff
from vendors.models import Vendor

HELD_SHOWN_MAX = 10
SHOPS_A_PAGE = 20
COMMUNES_A_PAGE = 25
ID_MAX = 2**63 - 1


@dataclass(frozen=True)
class HeldMoney:
    """How much money waits for the shops of a commune, by count alone; `shops` are those that wait longest."""

    count: int
    shops: list[WaitingCount]
    more: bool


def held_money(*, actor: Actor, commune: Commune) -> HeldMoney:
    """Which shops have money that waits for them; one statement. Raises `NotFound` for staff of elsewhere."""
    counts = waiting_counts(actor=actor, commune=commune)
    shown = counts[:HELD_SHOWN_MAX]
    return HeldMoney(sum(row.count for row in counts), shown, len(counts) > len(shown))


def shops_in(
    *, actor: Actor, commune: Commune, page: int, village: Village | None = None, without_village: bool = False
) -> tuple[list[Vendor], bool]:
    """The shops of a commune, of one of its villages or of none, those that wait first, then by name; and whether
    more follow. One statement. Raises `NotFound` for staff of elsewhere.
    """
    require_commune_staff(actor, commune.pk)
    waits_first = Case(
        When(verification=Vendor.Verification.DECLARED, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    start = (page - 1) * SHOPS_A_PAGE
    rows = Vendor.objects.filter(commune=commune).select_related("village")
    if village is not None or without_village:
        rows = rows.filter(village=village)
    rows = rows.order_by(waits_first, "sort_key", "pk")
    shops = list(rows[start : start + SHOPS_A_PAGE + 1])
    return shops[:SHOPS_A_PAGE], len(shops) > SHOPS_A_PAGE


def shop_for_staff(*, actor: Actor, vendor_id: int) -> Vendor:
    """A shop of the officer's commune with its members and accounts. Raises `NotFound`."""
    shops = Vendor.objects.select_related("commune__province", "market_site", "village", "verified_by")
    shop = (
        shops.prefetch_related("memberships__user", "bank_accounts").filter(pk=vendor_id).first()
        if 0 < vendor_id <= ID_MAX
        else None
    )
    if shop is None or not actor.may_administer_commune(shop.commune_id):
        raise NotFound(_("Không tìm thấy gian hàng này."))
    return shop


SORTS: dict[str, Callable[[CommuneSummary], int]] = {
    "sold": lambda row: -row.takings.total_vnd,
    "before": lambda row: -row.takings_before.total_vnd,
    "bank": lambda row: -(row.takings.confirmed_by_bank.percent or 0),
    "active": lambda row: -row.shops_active,
    "ocop": lambda row: -row.ocop_products,
    "name": lambda _row: 0,
}
"""By what the communes of a province may be put in order, the most first; they come by name."""
SORT_DEFAULT = "sold"


def sorted_communes(communes: list[CommuneSummary], *, sort: str, page: int) -> tuple[list[CommuneSummary], int]:
    """A page of communes in the order of one column, those alike by shops and then by name; and how many pages."""
    rows = sorted(communes, key=lambda row: -row.shops_registered) if sort != "name" else communes
    rows = sorted(rows, key=SORTS[sort])
    start = (page - 1) * COMMUNES_A_PAGE
    return rows[start : start + COMMUNES_A_PAGE], max(1, -(-len(rows) // COMMUNES_A_PAGE))
