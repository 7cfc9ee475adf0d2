"""Which stands may be printed, by whom, and the files themselves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.db.models import Case, Count, Exists, F, OuterRef, QuerySet, When
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.core.errors import Conflict, NotFound
from marketplace.places.models import Commune, MarketSite
from payments.models import StandCode
from payments.services.stands import stand_payload
from payments.stands.papers import Paper
from payments.stands.pdf import stands_pdf
from payments.stands.sheet import StandSheet
from vendors.access import require_commune_staff, require_seller
from vendors.banks import bank_by_bin
from vendors.models import BankAccount, Vendor
from vendors.selectors import MAY_SELL

STANDS_A_FILE_MAX: Final = 40
SITES_SHOWN_MAX: Final = 50
ID_MAX: Final = 2**63 - 1
_SITE: Final = Case(When(place=None, then=F("vendor__market_site")), default=F("place__market_site"))
"""The market site in which a stand stands, if any."""


class NothingToPrint(NotFound):
    """There is no stand here whose account is still the shop's."""


class StandOutdated(Conflict):
    """The stand shows an account that is not the shop's any more, or the shop may not sell."""


def stand_to_print(*, actor: Actor, vendor: Vendor, stand_id: int) -> StandCode:
    """A stand of the shop, if it may be handed to a printer today. Raises `NotFound`, `StandOutdated`."""
    require_seller(actor, vendor)
    own = StandCode.objects.filter(vendor=vendor, pk=stand_id) if 0 < stand_id <= ID_MAX else StandCode.objects.none()
    if not own.exists():
        raise NotFound(_("Không tìm thấy mã QR này."))
    stand = _printable(own).first()
    if stand is None:
        raise StandOutdated(_("Mã QR này không còn đúng tài khoản. Bạn làm mã mới rồi in."))
    return stand


def stands_of_shop(*, actor: Actor, vendor: Vendor) -> list[StandCode]:
    """The shop's stands that may be printed today, the shop's own first, then place by place; one statement.

    Raises `NotFound`.
    """
    require_seller(actor, vendor)
    return list(_printable(StandCode.objects.filter(vendor=vendor))[:STANDS_A_FILE_MAX])


def stands_of_commune(
    *, actor: Actor, commune: Commune, site: MarketSite | None = None, page: int = 1
) -> list[StandCode]:
    """The stands of the commune's shops that may be printed today, by shop; `page` counts files, from 1.

    With a `site` only those that stand there, wherever it lies: staff print for their own shops and see no other
    commune's. One statement. Raises `NotFound` for staff of elsewhere.
    """
    require_commune_staff(actor, commune.pk)
    stands = _printable(StandCode.objects.filter(vendor__commune=commune)).annotate(site=_SITE)
    start = (page - 1) * STANDS_A_FILE_MAX
    return list((stands if site is None else stands.filter(site=site.pk))[start : start + STANDS_A_FILE_MAX])


def stands_by_site(*, actor: Actor, commune: Commune) -> list[tuple[MarketSite | None, int]]:
    """How many stands of the commune's shops may be printed: all of them (None) first, then site by site.

    Empty where there are none; two statements. Raises `NotFound` for staff of elsewhere.
    """
    require_commune_staff(actor, commune.pk)
    stands = _printable(StandCode.objects.filter(vendor__commune=commune)).order_by().annotate(site=_SITE)
    counts = dict(stands.values("site").annotate(stands=Count("pk")).values_list("site", "stands"))
    sites = MarketSite.objects.filter(pk__in=[site for site in counts if site]).order_by("sort_key", "pk")
    total = sum(counts.values())
    return [(None, total), *((site, counts[site.pk]) for site in sites[:SITES_SHOWN_MAX])] if total else []


def sheet_of(stand: StandCode, *, now: datetime) -> StandSheet:
    """What is printed of the stand today. Its vendor, place and their sites are loaded."""
    return StandSheet(
        payload=stand_payload(stand),
        shop_name=stand.vendor.name,
        place=_where(stand),
        bank=bank_by_bin(stand.bin).label,
        account_number=stand.account_number,
        holder=stand.account_name,
        code=stand.code,
        printed_on=vietnam_date(now),
        is_demo=stand.vendor.is_demo,
    )


def stands_file(stands: Sequence[StandCode], paper: Paper, *, now: datetime) -> bytes:
    """The stands as PDF on this paper. A single one fills the page of a paper for several.

    Raises `NothingToPrint` without any.
    """
    if not stands:
        raise NothingToPrint(_("Chưa có mã QR nào để in."))
    sheets = [sheet_of(stand, now=now) for stand in stands]
    return stands_pdf(sheets * paper.stands_a_page if len(sheets) == 1 else sheets, paper)


def _printable(stands: QuerySet[StandCode]) -> QuerySet[StandCode]:
    """Those that show the account of today, of shops that may sell."""
    printed = ("vendor", "bin", "account_number", "account_name", "memo_prefix")
    accounts = BankAccount.objects.filter(is_active=True, **{name: OuterRef(name) for name in printed})
    return (
        stands.filter(Exists(accounts), replaced_at=None, vendor__verification__in=MAY_SELL)
        .select_related("vendor__commune__province", "vendor__market_site", "place__market_site")
        .order_by("vendor__sort_key", "vendor_id", F("place_id").asc(nulls_first=True))
    )


def _where(stand: StandCode) -> str:
    """Stall and market, or whatever says best where this stands."""
    vendor, place = stand.vendor, stand.place
    if place is not None:
        site = place.market_site
        return f"{place.name}, {site.name}" if site is not None else f"{place.name}, {vendor.commune.label}"
    if vendor.market_site is None:
        return vendor.commune.label
    return ", ".join(part for part in (vendor.stall_label, vendor.market_site.name) if part)
