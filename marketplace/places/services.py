"""What may be done with places: market sites are opened and changed. Provinces and communes come from files."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketplace.core.text import clean_line, fold, is_slug, name_sort_key
from marketplace.places.models import (
    SITE_LINE_CHARACTERS_MAX,
    SITE_NAME_CHARACTERS_MAX,
    Commune,
    MarketSite,
)

LATITUDE_DEGREES_MAX, LONGITUDE_DEGREES_MAX = 90, 180
DEGREE_STEP = Decimal("0.00001")
"""About a metre; what the tables keep."""


class SlugTaken(Conflict):
    """Another market site has this slug."""

    code = "UNIQUE"


def create_market_site(
    *,
    actor: Actor,
    slug: str,
    kind: str,
    name: str,
    commune: Commune,
    now: datetime,
    address_line: str = "",
    opening_note: str = "",
    lat: Decimal | None = None,
    lon: Decimal | None = None,
    is_demo: bool = False,
) -> MarketSite:
    """Open a market ("market") or a point where OCOP goods are shown ("ocop_point") in a commune.

    Only the operator and the commune's staff may. `lat` and `lon` are degrees, both or neither. Raises
    `NotAllowed`, `SlugTaken`, `InvalidInput` subclasses for bad values.
    """
    _refuse_strangers(actor, commune)
    if not is_slug(slug):
        raise InvalidInput(_("Tên trên đường dẫn chỉ gồm chữ không dấu, số và gạch nối."), field="slug")
    site = MarketSite(slug=slug, commune=commune, is_demo=is_demo)
    _describe(site, kind=kind, name=name, address_line=address_line, opening_note=opening_note)
    _locate(site, lat=lat, lon=lon)
    try:
        with transaction.atomic():
            site.save(force_insert=True)
            _record("market_site.created", site, actor=actor, now=now)
    except IntegrityError as error:
        raise SlugTaken(_("Đường dẫn này đã có nơi khác dùng."), field="slug") from error
    return site


@transaction.atomic
def change_market_site(
    *,
    actor: Actor,
    site_id: int,
    kind: str,
    name: str,
    commune: Commune,
    now: datetime,
    address_line: str = "",
    opening_note: str = "",
    lat: Decimal | None = None,
    lon: Decimal | None = None,
) -> MarketSite:
    """Say anew what a market site is and where; its slug stays, since it is printed on signs.

    Who may: as for `create_market_site`, in the commune it leaves and in the one it comes to. Raises `NotFound`,
    `NotAllowed`, `InvalidInput` subclasses for bad values.
    """
    site = MarketSite.objects.select_for_update().filter(pk=site_id).first()
    if site is None:
        raise NotFound(_("Không có chợ hay điểm giới thiệu này."))
    _refuse_strangers(actor, site.commune)
    _refuse_strangers(actor, commune)
    site.commune = commune
    _describe(site, kind=kind, name=name, address_line=address_line, opening_note=opening_note)
    _locate(site, lat=lat, lon=lon)
    site.save()
    _record("market_site.changed", site, actor=actor, now=now)
    return site


def _refuse_strangers(actor: Actor, commune: Commune) -> None:
    if not actor.may_administer_commune(commune.code):
        raise NotAllowed(_("Chỉ cán bộ của xã, phường này mới làm được việc này."))


def _describe(site: MarketSite, *, kind: str, name: str, address_line: str, opening_note: str) -> None:
    if kind not in MarketSite.Kind.values:
        raise InvalidInput(_("Bạn chọn chợ hoặc điểm giới thiệu OCOP."), field="kind")
    site.kind = kind
    site.name = clean_line(name, characters_max=SITE_NAME_CHARACTERS_MAX, field="name", required=True)
    site.folded = fold(site.name)
    site.sort_key = name_sort_key(site.name)
    site.address_line = clean_line(address_line, characters_max=SITE_LINE_CHARACTERS_MAX, field="address_line")
    site.opening_note = clean_line(opening_note, characters_max=SITE_LINE_CHARACTERS_MAX, field="opening_note")


def _locate(site: MarketSite, *, lat: Decimal | None, lon: Decimal | None) -> None:
    if (lat is None) != (lon is None):
        raise InvalidInput(_("Bạn điền cả vĩ độ và kinh độ, hoặc để trống cả hai."), field="lat")
    site.lat = _degrees(lat, LATITUDE_DEGREES_MAX, field="lat")
    site.lon = _degrees(lon, LONGITUDE_DEGREES_MAX, field="lon")


def _degrees(degrees: Decimal | None, most: int, *, field: str) -> Decimal | None:
    if degrees is None:
        return None
    if not degrees.is_finite() or abs(degrees) > most:
        raise InvalidInput(_("Vị trí trên bản đồ chưa đúng."), field=field)
    return degrees.quantize(DEGREE_STEP)


def _record(kind: str, site: MarketSite, *, actor: Actor, now: datetime) -> None:
    journal.record(
        kind=kind,
        aggregate_type="market_site",
        aggregate_id=site.pk,
        actor=actor,
        now=now,
        data={"commune": site.commune_id, "kind": site.kind},
    )
