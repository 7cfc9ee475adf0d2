"""The categories of the catalogue: the programme's groups and under them its 26 product sets.

A set keeps its number as its id; groups are numbered from `GROUP_NO_FIRST`, far from any set. A group of one set
that is called like it (tourism) is no level of its own: that set stands beside the groups.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache

from django.db.models import Q

from catalog.ocop_sets import OcopSet, all_sets
from marketplace.core.languages import ENGLISH, SOURCE, Texts
from marketplace.core.text import slugify_vietnamese

GROUP_NO_FIRST = 101
DESCRIPTIONS = {
    SOURCE: "Hàng OCOP nhóm {name}, mua thẳng từ người làm ra.",
    ENGLISH: "OCOP goods, straight from those who make them: {name}.",
}


@dataclass(frozen=True, kw_only=True)
class Category:
    """A group of sets, or one set."""

    no: int
    parent_no: int | None
    set_numbers: tuple[int, ...]
    """The sets whose goods it shows."""
    texts: Mapping[str, Texts] = field(repr=False)
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Empty: the sets are the programme's and no program's to write on."""

    @property
    def name(self) -> str:
        """The decision's, in Vietnamese."""
        return self.texts[SOURCE].name

    @property
    def slug(self) -> str:
        """A set's begins with its number."""
        return self.texts[SOURCE].slug or ""

    @property
    def level(self) -> int:
        """How many categories lie above it."""
        return 0 if self.parent_no is None else 1

    @property
    def updated_at(self) -> datetime:
        """When the table of the sets was last compiled: they change by a decision of the Prime Minister."""
        return datetime(2026, 11, 1, tzinfo=UTC)


@cache
def all_categories() -> tuple[Category, ...]:
    """Every category, each group in front of its sets; sets by number."""
    found: list[Category] = []
    for number, sets in enumerate(_groups().values(), start=GROUP_NO_FIRST):
        is_divided = len(sets) > 1
        if is_divided:
            found.append(_group(number, sets))
        found += [_of_set(one, parent_no=number if is_divided else None) for one in sets]
    return tuple(found)


def category_by_no(no: int) -> Category | None:
    """The category of a number, if there is one."""
    return _by_no().get(no)


def category_by_slug(slug: str, *, language: str = SOURCE) -> Category | None:
    """The category that has this slug in a language, if there is one."""
    return _by_slug().get((language, slug))


def children_of(category: Category) -> tuple[Category, ...]:
    """The categories directly under one."""
    return tuple(one for one in all_categories() if one.parent_no == category.no)


@cache
def _by_no() -> Mapping[int, Category]:
    return {one.no: one for one in all_categories()}


@cache
def _by_slug() -> Mapping[tuple[str, str], Category]:
    return {(code, texts.slug or ""): one for one in all_categories() for code, texts in one.texts.items()}


def _groups() -> Mapping[str, list[OcopSet]]:
    groups: dict[str, list[OcopSet]] = {}
    for one in all_sets():
        groups.setdefault(one.group, []).append(one)
    return groups


def _group(no: int, sets: list[OcopSet]) -> Category:
    names = {SOURCE: sets[0].group, ENGLISH: sets[0].english_group}
    texts = {code: _texts(code, name, slug=slugify_vietnamese(name)) for code, name in names.items()}
    return Category(no=no, parent_no=None, set_numbers=tuple(one.no for one in sets), texts=texts)


def _of_set(one: OcopSet, *, parent_no: int | None) -> Category:
    names = {SOURCE: one.name, ENGLISH: one.english_name}
    texts = {code: _texts(code, name, slug=f"{one.no}-{slugify_vietnamese(name)}") for code, name in names.items()}
    return Category(no=one.no, parent_no=parent_no, set_numbers=(one.no,), texts=texts)


def _texts(language: str, name: str, *, slug: str) -> Texts:
    return Texts(language=language, name=name, slug=slug, description=DESCRIPTIONS[language].format(name=name))


def in_category(category: Category) -> Q:
    """The condition on `Product` to lie in a category, or in one under it."""
    return Q(ocop_set__in=category.set_numbers)
