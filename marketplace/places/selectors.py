"""What may be asked about places. Each function takes at most two SQL statements, whatever it finds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.statements import AmongTexts, Given, Kept
from marketplace.core.text import clean_line, fold, is_slug
from marketplace.places.models import Commune, FormerUnit, MarketSite, Province
from marketplace.places.names import best_matches, folded_spellings, is_called

PLACE_TEXT_CHARACTERS_MAX = 100
PLACES_FOUND_MAX = 50
FORMER_UNITS_FOUND_MAX = 200
MARKET_SITES_SHOWN_MAX = 100
SEARCH_WORDS_MAX = 8
AMBIGUOUS_NAMES_SHOWN_MAX = 4

_PROVINCE_CODE = re.compile("[0-9]{2}")
_COMMUNE_CODE = re.compile("[0-9]{5}")


class UnknownPlace(InvalidInput):
    """Text that names no province or commune of today."""


class AmbiguousPlace(InvalidInput):
    """Text that names several places; the message says which, `subjects` holds their codes."""


@dataclass(frozen=True)
class PlaceFound:
    """A commune, and the former unit by whose name it was found, if it was not by its own."""

    commune: Commune
    former: FormerUnit | None = None


def list_provinces() -> list[Province]:
    """All 34 provinces and cities by their short names."""
    return list(Province.objects.order_by("sort_key", "code"))


def communes_of(province_code: str) -> list[Commune]:
    """The communes of a province by their short names, each with its province; empty for an unknown code."""
    if not _PROVINCE_CODE.fullmatch(province_code):
        return []
    return list(_communes().filter(province_id=province_code).order_by("sort_key", "code"))


def get_province(code: str) -> Province:
    """The province with this two-digit code. Raises `NotFound`."""
    province = Province.objects.filter(code=code).first() if _PROVINCE_CODE.fullmatch(code) else None
    if province is None:
        raise NotFound(_("Không có tỉnh, thành phố này."))
    return province


def get_commune(code: str) -> Commune:
    """The commune with this five-digit code, with its province. Raises `NotFound`."""
    commune = _communes().filter(code=code).first() if _COMMUNE_CODE.fullmatch(code) else None
    if commune is None:
        raise NotFound(_("Không có xã, phường này."))
    return commune


def find_province(text: str, *, field: str | None = None) -> Province:
    """The province that `text` names, by code or by the rules of `names.best_matches`.

    Raises `UnknownPlace`, `AmbiguousPlace` or `BadText`, naming `field`.
    """
    text = _cleaned(text, field)
    if _PROVINCE_CODE.fullmatch(text):
        found = list(Province.objects.filter(code=text))
    else:
        # Whatever rule of `best_matches` finds a unit, its folded name is one of these.
        found = best_matches(text, _PROVINCES_CALLED.all(spellings=list(folded_spellings(text))))
    return _the_only(found, text=text, field=field)


def find_commune(text: str, *, province: Province, field: str | None = None) -> Commune:
    """The commune of `province` that `text` names, by code or by the rules of `names.best_matches`.

    Raises `UnknownPlace`, `AmbiguousPlace` (naming the candidates) or `BadText`, naming `field`.
    """
    text = _cleaned(text, field)
    if _COMMUNE_CODE.fullmatch(text):
        found = list(_communes().filter(province=province, code=text))
    else:
        called = _COMMUNES_CALLED.all(province=province.pk, spellings=list(folded_spellings(text)))
        found = best_matches(text, called)
    return _the_only(found, text=text, field=field)


def resolve_address_place(country_area: str, city: str) -> Commune:
    """The commune of an address: `country_area` is its province, `city` the commune, as name or code.

    A commune's code alone suffices. Raises `UnknownPlace`, `AmbiguousPlace` or `BadText` with `country_area` or
    `city` as the field at fault, code REQUIRED where one is missing.
    """
    area = clean_line(country_area, characters_max=PLACE_TEXT_CHARACTERS_MAX, field="country_area")
    city_text = _cleaned(city, "city")
    if not area and _COMMUNE_CODE.fullmatch(city_text):
        return _the_only(list(_communes().filter(code=city_text)), text=city_text, field="city")
    return find_commune(city_text, province=find_province(area, field="country_area"), field="city")


def find_former(text: str, *, province: str | None = None, district: str | None = None) -> list[FormerUnit]:
    """The units before July 2025 that `text` names, each with the commune it went into and its province.

    `text` is an old name or five-digit code; `province` and `district` are old names that narrow the search. A
    divided unit (`is_divided`) gives one row a commune, the default first: the person chooses. At most
    `FORMER_UNITS_FOUND_MAX`; empty where nothing matches. Raises `BadText`.
    """
    text = _cleaned(text, None)
    is_code = _COMMUNE_CODE.fullmatch(text) is not None
    named = FormerUnit.objects.filter(Q(old_ward_code=text) if is_code else Q(folded__in=folded_spellings(text)))
    by_place = ("old_province", "old_district", "old_ward", "-is_default", "commune_id")
    units = [
        unit
        for unit in _with_commune(named).order_by(*by_place)[:FORMER_UNITS_FOUND_MAX]
        if _narrowed(province, unit.old_province) and _narrowed(district, unit.old_district)
    ]
    return units if is_code else best_matches(text, units)


def search_places(text: str, limit: int) -> list[PlaceFound]:
    """At most `limit` (and `PLACES_FOUND_MAX`) communes for what somebody is typing.

    Each word must begin a word of the commune's or its province's name, or be the code. Names equal to `text`
    come first, then those that begin with it. Where room remains, communes follow whose former units are named
    so. Raises `BadText`; empty for text without letters.
    """
    text = clean_line(text, characters_max=PLACE_TEXT_CHARACTERS_MAX)
    words = fold(text).split()[:SEARCH_WORDS_MAX]
    limit = min(limit, PLACES_FOUND_MAX)
    if not words or limit <= 0:
        return []
    found = {commune.code: PlaceFound(commune) for commune in _communes_with(words)[:limit]}
    if len(found) < limit:
        for unit in _former_units_with(words)[:FORMER_UNITS_FOUND_MAX]:
            found.setdefault(unit.commune_id, PlaceFound(unit.commune, unit))
    return list(found.values())[:limit]


def get_market_site(slug: str) -> MarketSite:
    """The market site with this slug, with its commune and province. Raises `NotFound`."""
    sites = _with_commune(MarketSite.objects.all())
    site = sites.filter(slug=slug).first() if is_slug(slug) else None
    if site is None:
        raise NotFound(_("Không có chợ hay điểm giới thiệu này."))
    return site


def market_sites() -> QuerySet[MarketSite]:
    """All market sites by name, each with its commune and province."""
    return _with_commune(MarketSite.objects.order_by("sort_key", "id"))


def list_market_sites(*, commune_code: str | None = None, province_code: str | None = None) -> list[MarketSite]:
    """The first `MARKET_SITES_SHOWN_MAX` market sites by name: of a commune, of a province, or of the country."""
    sites = market_sites()
    if commune_code is not None:
        sites = sites.filter(commune_id=commune_code)
    if province_code is not None:
        sites = sites.filter(commune__province_id=province_code)
    return list(sites[:MARKET_SITES_SHOWN_MAX])


def _communes() -> QuerySet[Commune]:
    return Commune.objects.select_related("province")


# Every address of a checkout is found by these.
_PROVINCES_CALLED: Kept[Province] = Kept(
    lambda: Province.objects.filter(AmongTexts("folded", Given("spellings"))).order_by("pk")
)
_COMMUNES_CALLED: Kept[Commune] = Kept(
    lambda: _communes().filter(AmongTexts("folded", Given("spellings")), province=Given("province")).order_by("pk")
)


_Placed = TypeVar("_Placed", FormerUnit, MarketSite)


def _with_commune(rows: QuerySet[_Placed]) -> QuerySet[_Placed]:
    return rows.select_related("commune__province")


def _narrowed(asked: str | None, name: str) -> bool:
    return not asked or is_called(_cleaned(asked, None), name)


def _has_words(words: Sequence[str], columns: Sequence[str]) -> Q:
    """Each word begins a word of one of the folded columns. Folds hold no sign that LIKE would read."""
    asked = Q()
    for word in words:
        begins = Q()
        for column in columns:
            begins |= Q(**{f"{column}__startswith": word}) | Q(**{f"{column}__contains": f" {word}"})
        asked &= begins
    return asked


def _communes_with(words: Sequence[str]) -> QuerySet[Commune]:
    named = _has_words(words, ("folded", "province__folded"))
    if _COMMUNE_CODE.fullmatch(words[0]):
        named |= Q(code=words[0])
    nearness = _nearness(words)
    return _communes().filter(named).annotate(nearness=nearness).order_by("nearness", "sort_key", "code")


def _former_units_with(words: Sequence[str]) -> QuerySet[FormerUnit]:
    named = _has_words(words, ("folded",))
    return (
        _with_commune(FormerUnit.objects.filter(named))
        .annotate(nearness=_nearness(words))
        .order_by("nearness", "folded", "-is_default", "commune_id", "id")
    )


def _nearness(words: Sequence[str]) -> Case:
    """0 where the whole name is what was typed, 1 where the name begins with it, else 2."""
    spellings = folded_spellings(" ".join(words))
    begins = Q()
    for spelling in spellings:
        begins |= Q(folded__startswith=spelling)
    return Case(
        When(folded__in=spellings, then=Value(0)),
        When(begins, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )


def _cleaned(text: str, field: str | None) -> str:
    return clean_line(text, characters_max=PLACE_TEXT_CHARACTERS_MAX, field=field, required=True)


_Unit = TypeVar("_Unit", Province, Commune)


def _the_only(found: Sequence[_Unit], *, text: str, field: str | None) -> _Unit:
    if len(found) == 1:
        return found[0]
    if not found:
        sentence = _("Không tìm thấy “{text}”. Bạn chọn tỉnh rồi chọn xã, phường trong danh sách.")
        raise UnknownPlace(format_lazy(sentence, text=text), field=field)
    names = ", ".join(unit.name for unit in found[:AMBIGUOUS_NAMES_SHOWN_MAX])
    raise AmbiguousPlace(
        format_lazy(_("“{text}” có thể là: {names}. Bạn chọn một nơi."), text=text, names=names),
        field=field,
        subjects=[unit.code for unit in found],
    )
