"""What a shopper asks the search for, read from the address. What makes no sense there asks for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.ocop_sets import all_sets
from catalog.search import SearchFilters, Sort
from marketplace.places.models import Province
from storefront.web import page_number, parse_number

TEXT_CHARACTERS_MAX = 100
STARS = (5, 4, 3)
SORTS: dict[Sort, str | Promise] = {
    Sort.RELEVANCE: gettext_lazy("Hợp nhất trước"),
    Sort.NEWEST: gettext_lazy("Mới nhất trước"),
    Sort.PRICE_UP: gettext_lazy("Giá thấp trước"),
    Sort.PRICE_DOWN: gettext_lazy("Giá cao trước"),
    Sort.NAME: gettext_lazy("Theo tên"),
}


@dataclass(frozen=True)
class Wish:
    """Words, filters, order and page. Field names are those of the address."""

    q: str = ""
    province: str | None = None
    set: int | None = None
    stars: int | None = None
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    @property
    def filters(self) -> SearchFilters:
        """The filters as the search takes them."""
        return SearchFilters(province_code=self.province, ocop_set=self.set, stars=self.stars)

    def url(self, **changes: Any) -> str:
        """The address of this search with these changes; anything but a page change begins at page 1."""
        asked = asdict(replace(self, **{"page": 1, **changes}))
        usual = asdict(Wish())
        query = urlencode({name: value for name, value in asked.items() if value != usual[name]})
        return reverse("search") + (f"?{query}" if query else "")


@dataclass(frozen=True)
class Taken:
    """A filter that is set, and the address of the same search without it."""

    label: str
    url_without: str


def read_wish(request: HttpRequest, *, provinces: Sequence[Province]) -> Wish:
    """The search that the address asks for; unknown provinces, sets, stars, orders and pages ask for nothing."""
    given = request.GET
    province = given.get("province")
    sort = given.get("sort")
    stars = parse_number(given.get("stars"), least=min(STARS), most=max(STARS))
    return Wish(
        q=" ".join(given.get("q", "")[:TEXT_CHARACTERS_MAX].split()),
        province=province if province in {known.code for known in provinces} else None,
        set=parse_number(given.get("set"), least=1, most=len(all_sets())),
        stars=stars,
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        page=page_number(request),
    )


def taken_filters(wish: Wish, *, provinces: Sequence[Province]) -> list[Taken]:
    """The filters of a search, each with the way to drop it."""
    taken = []
    for province in provinces:
        if province.code == wish.province:
            taken.append(Taken(province.short_name, wish.url(province=None)))
    if wish.set is not None:
        taken.append(Taken(all_sets()[wish.set - 1].name, wish.url(set=None)))
    if wish.stars is not None:
        taken.append(Taken(_("OCOP %(stars)s sao") % {"stars": wish.stars}, wish.url(stars=None)))
    return taken
