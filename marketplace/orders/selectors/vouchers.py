"""What may be asked about a shop's vouchers, by those who work there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.orders.checks import is_row_id, is_whole_number
from marketplace.orders.discounts import VoucherState, state_of
from marketplace.orders.models import Checkout, Order, Voucher
from vendors.access import require_owner, require_seller
from vendors.models import Vendor

VOUCHERS_A_PAGE = 20
PAGES_MAX = 10_000


@dataclass(frozen=True)
class VoucherRow:
    """A voucher and where it stands."""

    voucher: Voucher
    state: VoucherState


@dataclass(frozen=True)
class VoucherPage:
    """Some of a shop's vouchers, newest first. `page` counts from 1."""

    rows: tuple[VoucherRow, ...]
    total: int
    page: int
    pages: int


def vouchers_of(*, actor: Actor, vendor: Vendor, now: datetime, page: int = 1) -> VoucherPage:
    """A page of the shop's vouchers; two statements. Raises `NotFound` for a stranger, `InvalidInput`."""
    require_seller(actor, vendor)
    if not (is_whole_number(page) and 1 <= page <= PAGES_MAX):
        raise InvalidInput(_("Không có trang này."), field="page")
    theirs = Voucher.objects.filter(vendor=vendor)
    total, first = theirs.count(), (page - 1) * VOUCHERS_A_PAGE
    found = theirs.order_by("-made_at", "-pk")[first : first + VOUCHERS_A_PAGE]
    rows = tuple(VoucherRow(voucher, state_of(voucher, now=now)) for voucher in found)
    return VoucherPage(rows, total, page, max(1, -(-total // VOUCHERS_A_PAGE)))


def voucher_for_owner(*, actor: Actor, vendor: Vendor, voucher_id: int) -> Voucher:
    """One of the shop's vouchers, to be changed. Raises `NotFound`, and `NotAllowed` for a seller."""
    require_owner(actor, vendor)
    found = Voucher.objects.filter(pk=voucher_id, vendor=vendor).first() if is_row_id(voucher_id) else None
    if found is None:
        raise NotFound(_("Không tìm thấy phiếu giảm giá này."))
    return found


def miscounted_vouchers() -> Iterable[str]:
    """What is wrong with the count of uses, by numbers of rows; nothing when all is well."""
    of_orders = Order.objects.filter(voucher=OuterRef("pk"), voucher_counts=True)
    of_checkouts = Checkout.objects.filter(voucher=OuterRef("pk"), held_discount_vnd__isnull=False)
    counts = [
        Coalesce(Subquery(rows.order_by().values("voucher").annotate(n=Count("pk")).values("n"), IntegerField()), 0)
        for rows in (of_orders, of_checkouts)
    ]
    wrong = Voucher.objects.annotate(counted=counts[0] + counts[1]).exclude(used=F("counted"))
    for voucher in wrong.order_by("pk"):
        yield f"voucher {voucher.pk} says {voucher.used} uses, orders and checkouts say {voucher.counted}"
