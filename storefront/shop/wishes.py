"""What a shopper asks the search for, read from the address. What makes no sense there asks for nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from catalog.models import PRICE_VND_MAX
from catalog.ocop_sets import all_sets
from catalog.search import Sort
from marketplace.core.errors import InvalidInput
from marketplace.core.money import AMOUNT_TEXT_CHARACTERS_MAX, parse_vnd
from storefront.web import page_number, parse_number

TEXT_CHARACTERS_MAX = 100
CODE_CHARACTERS_MAX = 80
PLACE_CHARACTERS_MAX = 100
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
    """Words, filters, order and page as the address has them; field names are the address's, prices in đồng."""

    q: str = ""
    province: str | None = None
    commune: str | None = None
    set: int | None = None
    stars: int | None = None
    shop: str | None = None
    price_min: int | None = None
    price_max: int | None = None
    in_stock: int | None = None
    to: str = ""
    """Where the goods are to be sent, as it was typed."""
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    def url(self, **changes: Any) -> str:
        """The address of this search with these changes; anything but a page change begins at page 1."""
        asked = asdict(replace(self, **{"page": 1, **changes}))
        usual = asdict(Wish())
        query = urlencode({name: value for name, value in asked.items() if value != usual[name]})
        return reverse("search") + (f"?{query}" if query else "")


def read_wish(request: HttpRequest) -> Wish:
    """The search that the address asks for."""
    given = request.GET
    sort = given.get("sort")
    price_min, price_max = _price(given.get("price_min")), _price(given.get("price_max"))
    if price_min is not None and price_max is not None and price_min > price_max:
        price_min, price_max = price_max, price_min
    return Wish(
        q=_line(given.get("q"), TEXT_CHARACTERS_MAX) or "",
        province=_line(given.get("province"), CODE_CHARACTERS_MAX),
        commune=_line(given.get("commune"), CODE_CHARACTERS_MAX),
        set=parse_number(given.get("set"), least=1, most=len(all_sets())),
        stars=parse_number(given.get("stars"), least=min(STARS), most=max(STARS)),
        shop=_line(given.get("shop"), CODE_CHARACTERS_MAX),
        price_min=price_min,
        price_max=price_max,
        in_stock=parse_number(given.get("in_stock"), least=1, most=1),
        to=_line(given.get("to"), PLACE_CHARACTERS_MAX) or "",
        sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
        page=page_number(request),
    )


def _line(text: str | None, characters_max: int) -> str | None:
    return " ".join((text or "")[:characters_max].split()) or None


def _price(text: str | None) -> int | None:
    """The đồng that somebody typed as they say them ("125k"); None for what is no price."""
    try:
        price = parse_vnd((text or "")[:AMOUNT_TEXT_CHARACTERS_MAX])
    except InvalidInput:
        return None
    return price if 0 < price <= PRICE_VND_MAX else None
