"""What may be asked about shops."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from marketplace.core.statements import Given, Kept
from marketplace.core.text import fold
from vendors.access import hand_in
from vendors.models import BankAccount, Vendor, Warehouse

MAY_SELL = (Vendor.Verification.VERIFIED_BY_STAFF, Vendor.Verification.VNEID)
ID_MAX = 2**63 - 1
LIST_ROWS_MAX = 100
SEARCH_CHARACTERS_MAX = 100
SEARCH_WORDS_MAX = 8


def public_vendors() -> QuerySet[Vendor]:
    """Shops that shoppers may see, by name, with their places loaded."""
    return (
        Vendor.objects.filter(verification__in=MAY_SELL)
        .select_related("commune__province", "market_site")
        .order_by("sort_key", "pk")
    )


def words_looked_for(text: str) -> list[str]:
    """The folded words of what is looked for, as many as may be asked at once."""
    return fold(text[:SEARCH_CHARACTERS_MAX]).split()[:SEARCH_WORDS_MAX]


def called_so(text: str) -> Q:
    """The condition that a shop's name has, for each word of `text`, a word that begins so, marks or none."""
    asked = Q()
    for word in words_looked_for(text):
        asked &= Q(folded__startswith=word) | Q(folded__contains=f" {word}")
    return asked


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


def vendor_in_hand(actor: Actor, vendor_id: int) -> tuple[Actor, Vendor]:
    """A shop that the actor works in or helps in, in any state, with who they are there. Raises `NotFound`."""
    known = Vendor.objects.select_related("commune__province", "market_site")
    vendor = known.filter(pk=vendor_id).first() if vendor_id <= ID_MAX else None
    hand = None if vendor is None else hand_in(actor, vendor.pk)
    if vendor is None or hand is None:
        raise NotFound(_("Không tìm thấy gian hàng này."), field="vendor")
    return hand, vendor


def vendor_by_key(vendor_id: int) -> Vendor:
    """A shop in any state, with its places; for who just made it. Raises `Vendor.DoesNotExist`."""
    return Vendor.objects.select_related("commune__province", "market_site").get(pk=vendor_id)


def vendor_for_staff(actor: Actor, vendor_id: int) -> Vendor:
    """A shop of a commune that the actor is staff of, in any state. Raises `NotFound`, also for one of elsewhere."""
    known = Vendor.objects.select_related("commune__province", "market_site")
    vendor = known.filter(pk=vendor_id).first() if vendor_id <= ID_MAX else None
    if vendor is None or not actor.may_administer_commune(vendor.commune_id):
        raise NotFound(_("Không tìm thấy gian hàng này."), field="id")
    return vendor


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


_ACTIVE_ACCOUNT: Kept[BankAccount] = Kept(
    lambda: BankAccount.objects.filter(vendor=Given("vendor"), is_active=True).order_by("pk")
)


def active_account(vendor: Vendor) -> BankAccount | None:
    """Where the shop is paid at present, or None."""
    return _ACTIVE_ACCOUNT.one(vendor=vendor.pk)


def warehouses_of(vendor: Vendor) -> list[Warehouse]:
    """The shop's active places, the first one made first."""
    return list(Warehouse.objects.filter(vendor=vendor, is_active=True).order_by("pk")[:LIST_ROWS_MAX])


def warehouses_of_shops(shops: Collection[int]) -> QuerySet[Warehouse]:
    """The active places of several shops, in no order: for lists that page by themselves."""
    return Warehouse.objects.filter(vendor__in=shops, is_active=True).select_related("vendor")


def require_places_of(vendor: Vendor, warehouse_ids: Collection[int]) -> None:
    """Raises `NotFound` unless all of these are places of the shop."""
    wanted = set(warehouse_ids)
    if Warehouse.objects.filter(vendor=vendor, pk__in=wanted).count() != len(wanted):
        raise NotFound(_("Không tìm thấy nơi để hàng này."), field="warehouse")
