"""Reading what filters hold into what the catalogue understands: bounded, checked, in đồng and numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Q
from graphql import GraphQLError

from catalog.attribute_conditions import AttributeWish
from catalog.models import PRICE_VND_MAX
from catalog.search.wanted import check_text
from catalog.search.words import folded_words
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.limits import ROWS_A_PAGE_MAX

REFERENCES = ("page_slugs", "collection_slugs")
"""What attributes of goods refer to."""
OTHER_REFERENCES = ("referenced_ids", "product_slugs", "product_variant_skus", "category_slugs")

FIRST_MOMENT = datetime.min.replace(tzinfo=UTC)
LAST_MOMENT = datetime.max.replace(tzinfo=UTC)

Given = Mapping[str, Any]


def bounded(values: Iterable[Any]) -> list[Any]:
    """The values of a filter, of which there may be as many as rows on a page. Raises `GraphQLError`."""
    found = list(values)
    if len(found) > ROWS_A_PAGE_MAX:
        raise GraphQLError(f"At most {ROWS_A_PAGE_MAX} values may be named in a filter.")
    return found


def words_typed(text: str) -> tuple[str, ...]:
    """The folded words of a search among things at hand, bounded as the search for goods is. Raises `BadText`."""
    return folded_words(check_text(text))


def integers(ids: Iterable[str], type_name: str) -> list[int]:
    """The keys inside global ids of a type. Raises `InvalidId`, `GraphQLError`."""
    return [integer_of(one, type_name) for one in bounded(ids)]


def one_of(given: Given) -> list[Any] | None:
    """What `{eq, oneOf}` names; None where it asks for nothing. Raises `GraphQLError`."""
    found = bounded(given.get("one_of") or ())
    if given.get("eq") is not None:
        return [given["eq"]] if given.get("one_of") is None or given["eq"] in found else []
    return None if given.get("one_of") is None else found


def dong(amount: Any, *, rounded: Callable[[Any], int]) -> int | None:
    """An amount in whole đồng, within what a database holds. Raises `GraphQLError` for no number."""
    if amount is None:
        return None
    if not math.isfinite(amount):
        raise GraphQLError("A price must be a number.")  # a literal such as 1e400 is read as infinity
    return min(max(rounded(amount), 0), PRICE_VND_MAX + 1)


def amounts(given: Given) -> tuple[int | None, int | None]:
    """The ends of a range of prices."""
    return dong(given.get("gte"), rounded=math.ceil), dong(given.get("lte"), rounded=math.floor)


def whole_amounts(given: Iterable[Any]) -> list[int]:
    """Prices that are named one by one; a part of a đồng is no price."""
    return [int(one) for one in given if one == int(one) and 0 <= one <= PRICE_VND_MAX]


def moment(given: datetime) -> datetime:
    """A moment in UTC, which one without a zone is taken for. What UTC cannot write is the calendar's own end."""
    if given.tzinfo is None:
        return given.replace(tzinfo=UTC)
    try:
        return given.astimezone(UTC)
    except OverflowError:
        return FIRST_MOMENT if given.year == FIRST_MOMENT.year else LAST_MOMENT


def moments_between(column: str, given: Given) -> Q:
    """The condition that a column of moments lies in a range `{gte, lte}`."""
    ends = {f"{column}__{end}": moment(given[end]) for end in ("gte", "lte") if given.get(end) is not None}
    return Q(**ends)


def lies_between(value: datetime, given: Given) -> bool:
    """Whether a moment lies in a range `{gte, lte}`."""
    return (given.get("gte") is None or value >= moment(given["gte"])) and (
        given.get("lte") is None or value <= moment(given["lte"])
    )


def attribute_wish(given: Given) -> AttributeWish | None:
    """What an `AttributeInput` wants; None for one that names no attribute, which asks for nothing."""
    if given.get("slug") is None:
        return None
    value = given.get("value") or {}
    numeric, named = value.get("numeric") or {}, value.get("name") or {}
    span = given.get("values_range") or numeric.get("range") or {}
    boolean = given.get("boolean") if given.get("boolean") is not None else value.get("boolean")
    numbers = one_of(numeric)
    return AttributeWish(
        slug=given["slug"],
        slugs=_slugs(given, value),
        names=one_of(named),
        numbers=None if numbers is None else [float(one) for one in numbers],
        least=None if span.get("gte") is None else float(span["gte"]),
        most=None if span.get("lte") is None else float(span["lte"]),
        boolean=boolean,
        is_of_time=any(place.get(kind) is not None for place in (given, value) for kind in ("date", "date_time")),
    )


def _slugs(given: Given, value: Given) -> Sequence[str] | None:
    """Every way to name values by their slugs; what several ways name must be named by all."""
    asked = [one_of(value.get("slug") or {})]
    if given.get("values") is not None:
        asked.append(bounded(given["values"]))
    reference = value.get("reference") or {}
    asked += [_contained(reference[name]) for name in REFERENCES if reference.get(name) is not None]
    if any(reference.get(name) is not None for name in OTHER_REFERENCES):
        return []
    lists = [one for one in asked if one is not None]
    return None if not lists else [one for one in lists[0] if all(one in other for other in lists)]


def _contained(given: Given) -> list[str]:
    """An attribute here refers to one thing: all of several are never there."""
    found = bounded(given.get("contains_any") or ())
    needed = set(bounded(given.get("contains_all") or ()))
    if not needed:
        return found
    return list(needed) if len(needed) == 1 and (not found or needed <= set(found)) else []
