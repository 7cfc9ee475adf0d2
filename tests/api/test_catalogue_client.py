"""A client reads 2,000 products page by page while shops write: none twice, none missed, and the count is right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest

from catalog.models import Product, ProductVariant
from catalog.services import publish_product, update_product, update_variant, withdraw_product
from tests.api.asking import ask
from tests.api.many_goods import SETS, many_goods
from tests.catalog.factories import NENH, NOW, Shop, a_shop, on_sale

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

PRODUCTS = 2000
PAGE = 100
NOTHING: set[str] = set()
FIELDS = "{ totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { node { slug } } }"
ARGUMENTS = "first: $first, after: $after, last: $last, before: $before, sortBy: $sortBy, filter: $filter"
VARIABLES = "$first: Int, $after: String, $last: Int, $before: String, $sortBy: ProductOrder,\
 $filter: ProductFilterInput"
WAYS = {
    "products": f"query({VARIABLES}) {{ list: products({ARGUMENTS}) {FIELDS} }}",
    "category": f'query({VARIABLES}) {{ of: category(slug: "thuc-pham")'
    f" {{ list: products({ARGUMENTS}) {FIELDS} }} }}",
    "collection": f'query({VARIABLES}) {{ of: collection(slug: "dac-san-bac-ninh")'
    f" {{ list: products({ARGUMENTS}) {FIELDS} }} }}",
}
PAGES_A_WRITE = 6
_numbers, _pages = count(1), count(1)


@dataclass
class Market:
    """A shop with 2,000 products, as many as it may have, and its neighbour; their owners do not rest."""

    shop: Shop
    neighbour: Shop
    waiting: Iterator[Product]
    """Goods that were not touched yet."""
    withdrawn: set[str] = field(default_factory=set)
    repriced: set[str] = field(default_factory=set)
    renamed: set[str] = field(default_factory=set)
    added: set[str] = field(default_factory=set)

    def write(self) -> None:
        """Withdraw one of the goods, reprice one, rename one, and put a new one on sale."""
        gone, dearer, other = next(self.waiting), next(self.waiting), next(self.waiting)
        withdraw_product(actor=self.shop.owner, product=gone, now=NOW)
        self.withdrawn.add(gone.slug)
        variant = ProductVariant.objects.get(product=dearer)
        update_variant(actor=self.shop.owner, variant=variant, price_vnd=variant.price_vnd + 40_500, now=NOW)
        self.repriced.add(dearer.slug)
        renamed = update_product(actor=self.shop.owner, product=other, name=f"Ấu {other.slug}", now=NOW)
        publish_product(actor=self.shop.staff, product=renamed, now=NOW)
        self.renamed.add(other.slug)
        self.added.add(on_sale(self.neighbour, f"Hàng {next(_numbers) * 37:05} mới", ocop_set=4).slug)


@pytest.fixture
def market(db: None) -> Market:
    shop = a_shop("Gian hàng Nếnh", commune=NENH)
    goods = list(many_goods(shop, PRODUCTS, furnished=False).order_by("slug"))
    # From both ends and the middle at once: before and behind what was read.
    mixed = [one for group in zip(goods[: PRODUCTS // 2], goods[::-1], strict=False) for one in group]
    return Market(shop, a_shop("Nhà bên", commune=NENH), iter(mixed[::5]))


def page_of(way: str, **variables: Any) -> dict[str, Any]:
    found = ask(WAYS[way], **variables)
    page: dict[str, Any] = found["list"] if way == "products" else found["of"]["list"]
    return page


def slugs(page: dict[str, Any]) -> list[str]:
    return [edge["node"]["slug"] for edge in page["edges"]]


def read(way: str, *, between: Callable[[], None], backwards: bool = False, **asked: Any) -> list[str]:
    """Every page one after the other, from the front or from the end; something happens after each sixth."""
    seen: list[str] = []
    size, cursor = ("last", "before") if backwards else ("first", "after")
    page = page_of(way, **{size: PAGE}, **asked)
    while True:
        rows = slugs(page)
        seen = [*rows, *seen] if backwards else [*seen, *rows]
        info = page["pageInfo"]
        if not info["hasPreviousPage" if backwards else "hasNextPage"]:
            return seen
        if next(_pages) % PAGES_A_WRITE == 0:
            between()
        beyond = info["startCursor" if backwards else "endCursor"]
        page = page_of(way, **{size: PAGE, cursor: beyond}, **asked)


def on_the_market() -> set[str]:
    return set(Product.objects.filter(listing=Product.Listing.PUBLISHED).values_list("slug", flat=True))


def assert_read_rightly(seen: list[str], *, before: set[str], moved: set[str] = NOTHING) -> None:
    """What was there from the first page to the last, and was not moved itself, came exactly once."""
    after = on_the_market()
    still = (before & after) - moved
    times = Counter(seen)
    assert {slug: times[slug] for slug in still} == dict.fromkeys(still, 1)
    assert set(seen) <= before | after


def test_no_product_comes_twice_or_is_missed_while_others_write(market: Market) -> None:
    """By slug, which never changes: also what was renamed or repriced meanwhile comes exactly once."""
    for way, backwards in (("products", False), ("products", True), ("category", False), ("collection", True)):
        before = on_the_market()
        seen = read(way, between=market.write, backwards=backwards)
        assert_read_rightly(seen, before=before)
    assert len(market.added) == len(market.withdrawn) == len(market.renamed) == len(market.repriced) >= 12


def test_by_price_and_by_name_only_what_was_moved_itself_may_be_met_elsewhere(market: Market) -> None:
    for order, direction, moved in (("PRICE", "ASC", market.repriced), ("NAME", "DESC", market.renamed)):
        before = on_the_market()
        seen = read("products", between=market.write, sortBy={"field": order, "direction": direction})
        assert_read_rightly(seen, before=before, moved=moved)


def test_counts_are_exact_at_every_moment_and_a_filter_narrows_them(market: Market) -> None:
    def counts() -> list[int]:
        return [page_of(way, first=1)["totalCount"] for way in WAYS]

    assert counts() == [PRODUCTS] * 3
    market.write()
    assert counts() == [PRODUCTS] * 3  # one came, one went
    withdraw_product(actor=market.shop.owner, product=next(market.waiting), now=NOW)
    assert counts() == [PRODUCTS - 1] * 3
    by_set = ask("{ categories(first: 50, level: 1) { edges { node { slug products(first: 1) { totalCount } } } } }")
    kept = {edge["node"]["slug"]: edge["node"]["products"]["totalCount"] for edge in by_set["categories"]["edges"]}
    assert sum(kept.values()) == PRODUCTS - 1
    assert {int(slug.partition("-")[0]) for slug, goods in kept.items() if goods} == set(SETS)

    wanted = {"filter": {"price": {"lte": 30_000}, "stockAvailability": "IN_STOCK"}}
    cheap = set(
        Product.objects.filter(price_from_vnd__lte=30_000, listing="published").values_list("slug", flat=True)
    )
    seen = read("category", between=lambda: None, **wanted)
    assert (set(seen), len(seen)) == (cheap, len(cheap))
    assert page_of("category", first=1, **wanted)["totalCount"] == len(cheap) > 400


def test_reading_a_search_goes_on_where_the_last_row_was_taken_away(db: None) -> None:
    shop = a_shop()
    for number in range(4):
        on_sale(shop, f"Mật ong {number}", ocop_set=4)
    query = """query($after: String) { products(first: 2, after: $after, search: "mat ong") {
        totalCount pageInfo { endCursor hasNextPage } edges { node { slug } } } }"""

    first = ask(query)["products"]
    withdraw_product(actor=shop.owner, product=Product.objects.get(slug=slugs(first)[-1]), now=NOW)
    second = ask(query, after=first["pageInfo"]["endCursor"])["products"]

    assert sorted(slugs(first) + slugs(second)) == ["mat-ong-0", "mat-ong-1", "mat-ong-2", "mat-ong-3"]
    assert (second["totalCount"], second["pageInfo"]["hasNextPage"]) == (3, False)


def test_control_a_client_that_counts_rows_misses_what_moves_up(db: None) -> None:
    """The same reading by numbers of rows, as pages with OFFSET are."""
    shop = a_shop()
    many_goods(shop, 30, furnished=False)
    before = on_the_market()
    seen: list[str] = []

    for start in range(0, 30, 10):
        rows = Product.objects.filter(listing=Product.Listing.PUBLISHED).order_by("slug")
        seen += rows.values_list("slug", flat=True)[start : start + 10]
        withdraw_product(actor=shop.owner, product=Product.objects.get(slug=seen[start // 10]), now=NOW)

    with pytest.raises(AssertionError):
        assert_read_rightly(seen, before=before)
