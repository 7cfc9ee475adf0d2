"""What may be asked about shops."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from vendors.models import BankAccount, Vendor, Warehouse

MAY_SELL = (Vendor.Verification.VERIFIED_BY_STAFF, Vendor.Verification.VNEID)
LIST_ROWS_MAX = 100


def public_vendors() -> QuerySet[Vendor]:
    """Shops that shoppers may see, by name, with their places loaded."""
    return (
        Vendor.objects.filter(verification__in=MAY_SELL)
        .select_related("commune__province", "market_site")
        .order_by("sort_key", "pk")
    )


def vendor_by_slug(slug: str) -> Vendor:
    """A shop that shoppers may see. Raises `NotFound`."""
    vendor = public_vendors().filter(slug=slug[:80]).first() if "\x00" not in slug else None
    if vendor is None:
        raise NotFound(_("Không tìm thấy gian hàng này."))
    return vendor


def vendors_of(actor: Actor) -> list[Vendor]:
    """The shops that the actor works in, by name."""
    return list(
        Vendor.objects.filter(pk__in=actor.vendor_roles)
        .select_related("commune__province", "market_site", "village")
        .order_by("sort_key", "pk")[:LIST_ROWS_MAX]
    )


def vendor_of_member(actor: Actor, slug: str | None = None) -> Vendor:
    """The actor's own shop: the one named, or the first. Raises `NotFound`."""
    for vendor in vendors_of(actor):
        if slug is None or vendor.slug == slug:
            return vendor
    raise NotFound(_("Bạn chưa có gian hàng nào."))


def vendors_to_verify(*, actor: Actor, at_most: int = LIST_ROWS_MAX) -> list[Vendor]:
    """Shops that declared themselves and wait for this officer, oldest first."""
    waiting = Vendor.objects.filter(verification=Vendor.Verification.DECLARED)
    if not (actor.is_operator or actor.is_system):
        waiting = waiting.filter(commune_id__in=actor.commune_codes)
    return list(
        waiting.select_related("commune__province", "market_site")
        .prefetch_related("memberships__user", "bank_accounts")
        .order_by("made_at", "pk")[: min(at_most, LIST_ROWS_MAX)]
    )


def is_account_of_others(account: BankAccount) -> bool:
    """Whether a shop outside this one's market site is paid into the very account too: one statement.

    A family may share one account; so may somebody who typed another's number. People look, nothing is refused.
    """
    others = BankAccount.objects.filter(bin=account.bin, account_number=account.account_number, is_active=True)
    others = others.exclude(vendor=account.vendor_id)
    site = account.vendor.market_site_id
    return (others if site is None else others.exclude(vendor__market_site=site)).exists()


def active_account(vendor: Vendor) -> BankAccount | None:
    """Where the shop is paid at present, or None."""
    return BankAccount.objects.filter(vendor=vendor, is_active=True).first()


def warehouses_of(vendor: Vendor) -> list[Warehouse]:
    """The shop's active places, the first one made first."""
    return list(Warehouse.objects.filter(vendor=vendor, is_active=True).order_by("pk")[:LIST_ROWS_MAX])
