"""What shows a group of goods: one photo for each of several groups, in two statements."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any, TypeVar

from django.db.models import Q, Subquery
from django.db.models.query import QuerySet

from catalog.models import Product, ProductMedia
from catalog.selectors.visible import visible_products

Group = TypeVar("Group", bound=Hashable)


def picture_of_each(conditions: Mapping[Group, Q], *, age_declared: bool) -> dict[Group, ProductMedia]:
    """The first photo of the newest product with one, for each group of products; groups without are left out.

    A group is a condition on `Product`. Two statements: which photos, and the photos. A subquery a group, since
    each finds its one by an index.
    """
    if not conditions:
        return {}
    visible = visible_products(age_declared=age_declared)
    chosen = {
        f"group_{place}": Subquery(_first_media(visible.filter(condition)))
        for place, condition in enumerate(conditions.values())
    }
    # Any row carries the answers: a statement without a table is none of Django's.
    found = Product.objects.order_by("pk").annotate(**chosen).values_list(*chosen).first()
    ids = dict(zip(conditions, found or [None] * len(conditions), strict=True))
    media = ProductMedia.objects.in_bulk([one for one in ids.values() if one is not None])
    return {group: media[pk] for group, pk in ids.items() if pk in media}


def _first_media(products: QuerySet[Product]) -> QuerySet[ProductMedia, Any]:
    photos = ProductMedia.objects.filter(product__in=products)
    return photos.order_by("-product__published_at", "product_id", "position", "pk").values("pk")[:1]
