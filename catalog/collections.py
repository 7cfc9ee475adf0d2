"""Collections, derived from what the market knows anyway: stars that are valid, places of origin, newness.

Nobody keeps them by hand, so none is ever out of date (docs/decisions/0025). Their numbers cannot meet: the newest
goods are 1, stars 13 to 15, provinces 101 to 199 by their two-digit codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q

from catalog.models import OcopCertificate, Product
from catalog.selectors.visible import visible_products
from marketplace.core.languages import ENGLISH, SOURCE, Texts
from marketplace.core.text import slugify_vietnamese
from marketplace.places.models import Province

NEWEST_NO = 1
STARS_NO_FIRST = 10
PROVINCES_NO_FIRST = 100
PROVINCE_CODE_MAX = 99
GRADES = (5, 4, 3)
FEATURED_SLUG = "featured-products"
"""By which Saleor's storefront asks for the goods of its first page."""
TEXTS_KEPT = 128
"""Of 34 provinces, the stars and the newest; making their slugs is most of the work of listing collections."""
NEWEST_PRODUCTS_MAX = 100
"""So many of the newest goods are called new: about what a visitor looks through."""


class Kind(Enum):
    """What the goods of a collection have in common."""

    NEWEST = "newest"
    STARS = "stars"
    PROVINCE = "province"


@dataclass(frozen=True, kw_only=True)
class Collection:
    """Goods that have something in common."""

    no: int
    kind: Kind
    value: str = ""
    """The number of stars, or the code of a province."""
    texts: Mapping[str, Texts] = field(repr=False)
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """In Vietnamese."""
        return self.texts[SOURCE].name

    @property
    def slug(self) -> str:
        """Of the Vietnamese name."""
        return self.texts[SOURCE].slug or ""


def newest_collection() -> Collection:
    """The goods that came to the market last."""
    texts = _texts(
        vi=("Hàng mới lên chợ", "Hàng được duyệt lên chợ gần đây nhất."),
        en=("New on the market", "The goods that came to the market last."),
    )
    return Collection(no=NEWEST_NO, kind=Kind.NEWEST, texts=texts)


def stars_collection(stars: int) -> Collection:
    """The goods whose OCOP stars, verified and valid, are so many."""
    texts = _texts(
        vi=(f"OCOP {stars} sao", f"Hàng có giấy chứng nhận OCOP {stars} sao đã được xác nhận và còn hạn."),
        en=(f"OCOP {stars} stars", f"Goods with a verified and valid OCOP certificate of {stars} stars."),
    )
    return Collection(no=STARS_NO_FIRST + stars, kind=Kind.STARS, value=str(stars), texts=texts)


def province_collection(province: Province) -> Collection:
    """The goods that come from a province."""
    name = province.short_name
    texts = _texts(
        vi=(f"Đặc sản {name}", f"Hàng làm ra ở {province.name}, mua thẳng từ người làm ra."),
        en=(f"Specialities of {name}", f"Goods from {name}, straight from those who make them."),
    )
    no = PROVINCES_NO_FIRST + int(province.code)
    return Collection(no=no, kind=Kind.PROVINCE, value=province.code, texts=texts)


def all_collections(*, age_declared: bool) -> list[Collection]:
    """The newest goods, the stars, and the provinces that have goods to show, by name; one statement."""
    theirs = visible_products(age_declared=age_declared).filter(commune_of_origin__province=OuterRef("pk"))
    provinces = Province.objects.filter(Exists(theirs)).order_by("sort_key", "code")
    graded = [stars_collection(stars) for stars in GRADES]
    return [newest_collection(), *graded, *(province_collection(one) for one in provinces)]


def collection_by_no(no: int, *, age_declared: bool) -> Collection | None:
    """The collection of a number; None for no such one, or for a province without goods."""
    return next((one for one in all_collections(age_declared=age_declared) if one.no == no), None)


def collection_by_slug(slug: str, *, age_declared: bool, language: str = SOURCE) -> Collection | None:
    """The collection that has this slug in a language; None as for `collection_by_no`.

    `FEATURED_SLUG` is the newest goods: what comes to the market last is what its first page shows, too.
    """
    if slug == FEATURED_SLUG:
        return newest_collection()
    return next(
        (
            one
            for one in all_collections(age_declared=age_declared)
            if language in one.texts and one.texts[language].slug == slug
        ),
        None,
    )


def in_collection(no: int, *, today: date, age_declared: bool) -> Q:
    """The condition on `Product` to belong to the collection of a number; nothing does to one that is none."""
    return in_one_of([no], today=today, age_declared=age_declared)


def in_one_of(numbers: Iterable[int], *, today: date, age_declared: bool) -> Q:
    """The condition to belong to one of these collections: three parts at most, however many numbers are named.

    Each number as a part of its own would let a client's list of ids grow past what a database reads.
    """
    wanted = set(numbers)
    found = Q(pk__in=())
    if NEWEST_NO in wanted:
        newest = visible_products(age_declared=age_declared).order_by("-published_at", "pk")
        found |= Q(pk__in=newest.values("pk")[:NEWEST_PRODUCTS_MAX])
    if stars := [grade for grade in GRADES if STARS_NO_FIRST + grade in wanted]:
        found |= Q(has_stars(stars, today=today))
    if codes := sorted(no - PROVINCES_NO_FIRST for no in wanted if 0 < no - PROVINCES_NO_FIRST <= PROVINCE_CODE_MAX):
        found |= Q(commune_of_origin__province__in=[f"{code:02d}" for code in codes])
    return found


def has_stars(stars: Sequence[int], *, today: date) -> Exists:
    """The condition on `Product` that one of these numbers of stars may be shown; `today` is the date in Vietnam."""
    return Exists(
        OcopCertificate.objects.filter(
            product=OuterRef("pk"), state=OcopCertificate.State.VERIFIED, stars__in=stars, expires_on__gte=today
        )
    )


def newest_ids(*, age_declared: bool) -> frozenset[int]:
    """The goods that the collection of the newest holds now; one statement."""
    newest = visible_products(age_declared=age_declared).order_by("-published_at", "pk")
    return frozenset(newest.values_list("pk", flat=True)[:NEWEST_PRODUCTS_MAX])


def collections_of(product: Product, *, stars: int | None, newest: frozenset[int]) -> list[Collection]:
    """The collections that a product belongs to: pure, from its stars that may be shown and the newest goods.

    Reads the product's place, which whoever loads many has loaded with them.
    """
    found = [newest_collection()] if product.pk in newest else []
    if stars is not None:
        found.append(stars_collection(stars))
    return [*found, province_collection(product.commune_of_origin.province)]


@lru_cache(maxsize=TEXTS_KEPT)
def _texts(*, vi: tuple[str, str], en: tuple[str, str]) -> Mapping[str, Texts]:
    return {
        code: Texts(language=code, name=name, slug=slugify_vietnamese(name), description=description)
        for code, (name, description) in ((SOURCE, vi), (ENGLISH, en))
    }
