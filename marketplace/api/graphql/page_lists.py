"""Pages of the list of pages: a few texts of the market's, which are at hand, woven into a great many shops.

Shops are read by cursor like any list, at most a page of them. How many texts stand before a shop the database says
itself: it alone knows how it orders slugs.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, QuerySet, Value, When

from marketplace.api.graphql.connections import (
    CURSOR_CHARACTERS_MAX,
    ID_KEY,
    BadCursor,
    Connection,
    Edge,
    PageInfo,
    Slice,
    encoded,
    page_of_rows,
)
from marketplace.api.graphql.page_orders import PageOrder
from marketplace.api.graphql.page_rows import PageRow, page_of_vendor
from vendors.models import Vendor

NAME = "pages"
TEXT, SHOP = "text", "shop"
Found = tuple[int, Edge[PageRow]]
"""Where an edge stands among the texts, and the edge."""


@dataclass(frozen=True)
class _Place:
    """Where a page of the list begins: at a text, or at a shop between texts."""

    texts_before: int
    text: PageRow | None = None
    shop: str = ""
    """The cursor of the shop among shops."""


def page_of_pages(
    texts: Sequence[PageRow], shops: QuerySet[Vendor], *, order: PageOrder, asked: Slice
) -> Connection[PageRow]:
    """A page of the texts and shops in one order: one statement, and one more where the count is asked.

    Raises `GraphQLError` for an unbounded or impossible page, `BadCursor`.
    """
    asked.check(NAME)
    texts = order.sorted_texts(texts)
    place = None if asked.cursor is None else _place(asked.cursor, texts)
    found = _texts_beside(texts, place, backwards=asked.is_backwards)
    some, more_shops = _shops_beside(texts, shops, place, order=order, asked=asked)
    merged = [edge for _where, edge in sorted([*found, *some], key=lambda one: one[0])]
    edges = merged[-asked.rows :] if asked.is_backwards else merged[: asked.rows]
    is_more = len(merged) > asked.rows or more_shops
    info = PageInfo(
        has_next_page=place is not None if asked.is_backwards else is_more,
        has_previous_page=is_more if asked.is_backwards else place is not None,
        start_cursor=edges[0].cursor if edges else None,
        end_cursor=edges[-1].cursor if edges else None,
    )
    return Connection(edges, info, lambda: len(texts) + shops.count())


def _texts_beside(texts: Sequence[PageRow], place: _Place | None, *, backwards: bool) -> list[Found]:
    start, end = 0, len(texts)
    if place is not None and backwards:
        end = place.texts_before
    elif place is not None:
        start = place.texts_before + (place.text is not None)
    edges = [Edge(page, encoded([TEXT, page.pk])) for page in texts]
    return [(2 * number + 1, edges[number]) for number in range(start, end)]


def _shops_beside(
    texts: Sequence[PageRow], shops: QuerySet[Vendor], place: _Place | None, *, order: PageOrder, asked: Slice
) -> tuple[list[Found], bool]:
    """At most as many shops as a page has rows, each behind the texts before it, and whether there are more."""
    backwards = asked.is_backwards
    cursor = None
    rows = shops.annotate(texts_before=_texts_before(texts, order))
    if place is not None and place.text is not None:
        rows = rows.filter(order.beyond(place.text, backwards=backwards, or_equal=not backwards))
    elif place is not None:
        cursor = place.shop
    part = Slice(last=asked.rows, before=cursor) if backwards else Slice(first=asked.rows, after=cursor)
    page = page_of_rows(rows, keys=(*order.keys, ID_KEY), asked=part, name=NAME)
    found = []
    for edge in page.edges:
        before: int = edge.node.texts_before  # type: ignore[attr-defined]  # annotated above
        found.append((2 * before, Edge(page_of_vendor(edge.node), encoded([SHOP, before, edge.cursor]))))
    return found, page.page_info.has_previous_page if backwards else page.page_info.has_next_page


def _texts_before(texts: Sequence[PageRow], order: PageOrder) -> F | Value | Case:
    """How many of the texts stand before a shop, for the database to count."""
    counted: list[When] = [
        When(order.beyond(text, backwards=False, or_equal=True), then=Value(number))
        for number, text in reversed(list(enumerate(texts, start=1)))
    ]
    # Texts are in the order of the list, so that the last one before a shop says how many there are.
    return Case(*counted, default=Value(0), output_field=IntegerField()) if counted else Value(0)


def _place(cursor: str, texts: Sequence[PageRow]) -> _Place:
    """Where a cursor points. Raises `BadCursor`."""
    match _decoded(cursor):
        case [str(kind), int(pk)] if kind == TEXT:
            for number, text in enumerate(texts):
                if text.pk == pk:
                    return _Place(number, text=text)
        case [str(kind), int(before), str(shop)] if kind == SHOP and before >= 0 and shop:
            return _Place(min(before, len(texts)), shop=shop)
    raise BadCursor


def _decoded(cursor: str) -> object:
    try:
        return json.loads(base64.b64decode(cursor[:CURSOR_CHARACTERS_MAX], validate=True).decode("utf-8"))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise BadCursor from error
