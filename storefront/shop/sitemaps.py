"""The map of the site for search engines (https://www.sitemaps.org/protocol.html): what a stranger may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog.selectors import visible_products
from marketplace.core.errors import NotFound
from marketplace.places.selectors import list_market_sites
from vendors.selectors import public_vendors

ADDRESSES_A_PART_MAX = 5_000
"""The protocol allows 50,000; a part stays below a megabyte."""
PARTS_MAX = 10_000
PAGES = ("home", "search", "ranking", "about")


@dataclass(frozen=True)
class Address:
    """A page in full, and when it last changed if that is known."""

    url: str
    changed_at: datetime | None = None


SitemapPart = list[Address]


def index_of_parts() -> list[str]:
    """The addresses of the parts; two statements."""
    counts = {
        "pages": 1,
        "shops": _parts(public_vendors().count()),
        "products": _parts(visible_products(age_declared=False).count()),
    }
    return [
        _absolute(reverse("sitemap_part", args=[kind, number]))
        for kind, count in counts.items()
        for number in range(1, count + 1)
    ]


def part_of(kind: str, number: int) -> SitemapPart:
    """One part, numbered from 1; one statement. Raises `NotFound`."""
    addresses: SitemapPart = []
    if 1 <= number <= PARTS_MAX:
        start = (number - 1) * ADDRESSES_A_PART_MAX
        addresses = _PARTS.get(kind, _no_part)(slice(start, start + ADDRESSES_A_PART_MAX))
    if not addresses:
        raise NotFound(_("Không có trang này."))
    return addresses


def _pages(rows: slice) -> SitemapPart:
    markets = [reverse("market_site", args=[site.slug]) for site in list_market_sites()]
    return [Address(_absolute(path)) for path in [*map(reverse, PAGES), *markets][rows]]


def _shops(rows: slice) -> SitemapPart:
    slugs = public_vendors().order_by("pk").values_list("slug", flat=True)[rows]
    return [Address(_absolute(reverse("shop", args=[slug]))) for slug in slugs]


def _products(rows: slice) -> SitemapPart:
    products = visible_products(age_declared=False).order_by("pk").values_list("slug", "updated_at")[rows]
    return [Address(_absolute(reverse("product", args=[slug])), at) for slug, at in products]


def _no_part(_rows: slice) -> SitemapPart:
    return []


_PARTS: Mapping[str, Callable[[slice], SitemapPart]] = {"pages": _pages, "shops": _shops, "products": _products}


def _parts(rows: int) -> int:
    return -(-rows // ADDRESSES_A_PART_MAX)


def _absolute(path: str) -> str:
    return f"{settings.MARKET_PUBLIC_URL}{path}"
