"""The menus of the market, made of what it has: goods by category and collection, and its own texts.

Nobody keeps them by hand. The number of an item is that of what it leads to and an offset, so that ids are stable.
Few items stand at the top, the rest under them: Saleor's storefront writes the tops side by side, with long names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Final

from catalog.categories import Category, all_categories
from catalog.collections import Collection, Kind, all_collections
from catalog.selectors.counting import products_of_sets, products_of_stars
from marketplace.api.graphql.page_rows import PageRow, page_of_version
from marketplace.core.languages import ENGLISH, SOURCE
from marketplace.legal.selectors import texts_in_force

MENU_NUMBERS: Final[Mapping[str, int]] = {"navbar": 1, "footer": 2}
TEXTS_ITEM_NUMBER: Final = 996
GOODS_ITEM_NUMBER: Final = 997
STARS_ITEM_NUMBER: Final = 998
PLACES_ITEM_NUMBER: Final = 999
COLLECTION_ITEMS_BEGIN: Final = 1_000
PAGE_ITEMS_BEGIN: Final = 10_000
"""A category's item has the category's number."""


@dataclass(frozen=True, kw_only=True)
class MenuItemRow:
    """One item: what it leads to, and what stands under it."""

    pk: int
    menu: MenuRow = field(repr=False)
    names: Mapping[str, str] = field(repr=False)
    """By language; the source's is always there."""
    category: Category | None = None
    collection: Collection | None = None
    page: PageRow | None = None
    path: str | None = None
    """Of a page of the market's own, where it leads to nothing of the catalogue."""
    parent: MenuItemRow | None = field(default=None, repr=False)
    under: Sequence[MenuItemRow] = field(default=(), repr=False)

    @property
    def name(self) -> str:
        """In Vietnamese."""
        return self.names[SOURCE]

    @property
    def level(self) -> int:
        """How many items lie above it."""
        return 0 if self.parent is None else self.parent.level + 1

    @property
    def metadata(self) -> Mapping[str, str]:
        """Empty: nobody keeps menus."""
        return {}

    @property
    def children(self) -> list[MenuItemRow]:
        """The items under it, each knowing it."""
        return [replace(one, parent=self) for one in self.under]


@dataclass(frozen=True, kw_only=True)
class MenuRow:
    """A menu, called by its slug."""

    slug: str
    today: date
    age_declared: bool

    @property
    def pk(self) -> int:
        """Of its id."""
        return MENU_NUMBERS[self.slug]

    @property
    def metadata(self) -> Mapping[str, str]:
        """Empty: nobody keeps menus."""
        return {}

    @cached_property
    def items(self) -> list[MenuItemRow]:
        """What stands in it; at most four statements, however often it is asked for."""
        if self.slug == "footer":
            texts = [_page_item(self, page_of_version(version)) for version in texts_in_force(today=self.today)]
            return _over(
                self, texts, TEXTS_ITEM_NUMBER, {SOURCE: "Về chợ này", ENGLISH: "About this market"}, path="/"
            )
        return _navbar(self)

    @property
    def all_items(self) -> list[MenuItemRow]:
        """Those and all that stand under them."""
        return [one for item in self.items for one in _and_under(item)]


def _and_under(item: MenuItemRow) -> Iterator[MenuItemRow]:
    yield item
    for one in item.under:
        yield from _and_under(one)


def _navbar(menu: MenuRow) -> list[MenuItemRow]:
    """The newest goods; and under an item each the categories, the stars and the provinces that have goods.

    Where there are no goods at all there is nothing.
    """
    sets = products_of_sets(age_declared=menu.age_declared)
    if not sets:
        return []
    grades = products_of_stars(today=menu.today, age_declared=menu.age_declared)
    collections = all_collections(age_declared=menu.age_declared)
    newest = [_collection_item(menu, one) for one in collections if one.kind is Kind.NEWEST]
    stars = [
        _collection_item(menu, one) for one in collections if one.kind is Kind.STARS and int(one.value) in grades
    ]
    provinces = [_collection_item(menu, one) for one in collections if one.kind is Kind.PROVINCE]
    return [
        *newest,
        *_over(menu, _category_items(menu, sets), GOODS_ITEM_NUMBER, {SOURCE: "Loại hàng", ENGLISH: "Categories"}),
        *_over(menu, stars, STARS_ITEM_NUMBER, {SOURCE: "OCOP", ENGLISH: "OCOP"}),
        *_over(menu, provinces, PLACES_ITEM_NUMBER, {SOURCE: "Theo tỉnh, thành phố", ENGLISH: "By province"}),
    ]


def _category_items(menu: MenuRow, sets: Mapping[int, int]) -> list[MenuItemRow]:
    """The categories of the first level that have goods, over those of the second that do."""
    stocked = [one for one in all_categories() if any(number in sets for number in one.set_numbers)]
    tops = [one for one in stocked if one.parent_no is None]
    return [_category_item(menu, top, [one for one in stocked if one.parent_no == top.no]) for top in tops]


def _category_item(menu: MenuRow, category: Category, under: Sequence[Category] = ()) -> MenuItemRow:
    names = {language: texts.name for language, texts in category.texts.items()}
    below = [_category_item(menu, one) for one in under]
    return MenuItemRow(pk=category.no, menu=menu, names=names, category=category, under=below)


def _collection_item(menu: MenuRow, collection: Collection) -> MenuItemRow:
    names = {language: texts.name for language, texts in collection.texts.items()}
    pk = COLLECTION_ITEMS_BEGIN + collection.no
    return MenuItemRow(pk=pk, menu=menu, names=names, collection=collection)


def _over(
    menu: MenuRow, items: Sequence[MenuItemRow], pk: int, names: Mapping[str, str], *, path: str = "/search/"
) -> list[MenuItemRow]:
    """One item over these, leading to a page of the market's own; nothing over nothing."""
    return [MenuItemRow(pk=pk, menu=menu, names=names, path=path, under=items)] if items else []


def _page_item(menu: MenuRow, page: PageRow) -> MenuItemRow:
    words = {language: page.text_in(language) for language in (SOURCE, ENGLISH)}
    names = {language: text.title for language, text in words.items() if text is not None}
    return MenuItemRow(pk=PAGE_ITEMS_BEGIN + page.pk, menu=menu, names=names, page=page)
