"""What somebody may ask the search for, checked before any database sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from catalog.ocop_sets import ocop_set
from marketplace.core.errors import InvalidInput
from marketplace.core.text import clean_line

TEXT_CHARACTERS_MAX = 160
PAGE_ROWS_MAX = 100
ID_MAX = 2**63 - 1

_CODES = {
    "province_code": re.compile("[0-9]{2}"),
    "commune_code": re.compile("[0-9]{5}"),
    "site_slug": re.compile("[a-z0-9]+(-[a-z0-9]+)*"),
}
_NUMBERS = {
    "stars": (3, 5),
    "vendor_id": (1, ID_MAX),
    "price_min_vnd": (0, ID_MAX),
    "price_max_vnd": (0, ID_MAX),
}


class BadFilter(InvalidInput):
    """A filter, a page or an order that cannot be; `field` says which."""


class Sort(StrEnum):
    """In which order products come. The criteria are published at /ranking/, from `catalog.search.criteria`.

    RELEVANCE: names that hold the typed words before other texts that do, then how many of the words stand in the
    name with the very marks typed, then the newest; without a text it is NEWEST. Ties go to what was listed first.
    """

    RELEVANCE = "relevance"
    NEWEST = "newest"
    PRICE_UP = "price_up"
    PRICE_DOWN = "price_down"
    NAME = "name"


@dataclass(frozen=True, kw_only=True)
class SearchFilters:
    """What the products found must all be; None (or False) asks for nothing. Prices in đồng, both ends included.

    Places are those of origin; the market site is where the shop has its stall. `stars` are shown stars: verified
    and valid. The price and the stock are those of any variant on sale.
    """

    province_code: str | None = None
    commune_code: str | None = None
    ocop_set: int | None = None
    stars: int | None = None
    vendor_id: int | None = None
    price_min_vnd: int | None = None
    price_max_vnd: int | None = None
    in_stock: bool = False
    site_slug: str | None = None


def check_text(text: str) -> str:
    """The typed text in NFC on one line, at most `TEXT_CHARACTERS_MAX` characters. Raises `BadText`."""
    return clean_line(text, characters_max=TEXT_CHARACTERS_MAX, field="text")


def check_filters(filters: SearchFilters) -> None:
    """Raises `BadFilter` (or `UnknownOcopSet`) naming the first filter that can be no such thing."""
    given = {field.name: getattr(filters, field.name) for field in fields(filters)}
    for name, pattern in _CODES.items():
        if given[name] is not None and not pattern.fullmatch(given[name]):
            raise BadFilter(_("Điều kiện lọc không đúng. Bạn chọn lại giúp nhé."), field=name)
    for name, (least, most) in _NUMBERS.items():
        if given[name] is not None and not least <= given[name] <= most:
            raise BadFilter(_("Điều kiện lọc không đúng. Bạn chọn lại giúp nhé."), field=name)
    if filters.ocop_set is not None:
        ocop_set(filters.ocop_set)


def check_page(*, page: int, page_size: int) -> None:
    """Pages count from 1 and hold 1 to `PAGE_ROWS_MAX` products. Raises `BadFilter`."""
    if page < 1:
        raise BadFilter(_("Không có trang này."), field="page")
    if not 1 <= page_size <= PAGE_ROWS_MAX:
        raise BadFilter(_("Mỗi trang có từ 1 đến 100 sản phẩm."), field="page_size")
