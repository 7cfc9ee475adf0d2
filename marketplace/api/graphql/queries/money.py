"""`bankNotices` and `reviewItems`: what banks told of the asker's own shops, and what waits for them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.connections import ID_KEY, Connection, Slice, SortKey, page_of_rows
from marketplace.api.graphql.context import context
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.queries.reading_inputs import bounded
from marketplace.api.graphql.types.bank_notices import BankNoticeConnection, ReviewItemConnection
from marketplace.api.graphql.types.common import paging
from marketplace.api.graphql.types.enums import BankNoticeState
from marketplace.api.graphql.types.inputs import non_null_items
from marketplace.api.graphql.types.orders import came_together
from payments.models import BankNotice, ReviewItem
from payments.waiting import bank_notices_of_shops, review_items_of_shops
from vendors.access import shops_in_reach

NEWEST_FIRST: Final = (SortKey(ID_KEY.column, ID_KEY.kind, descending=True),)


class MoneyQueries(graphene.ObjectType):
    """What people of a shop may ask about its money."""

    bank_notices = graphene.Field(
        BankNoticeConnection,
        state=non_null_items(BankNoticeState),
        description="What banks told of the accounts of the shops that the asker works in, the newest first. Needs "
        "HANDLE_PAYMENTS.",
        **paging(),
    )
    review_items = graphene.Field(
        ReviewItemConnection,
        is_open=graphene.Boolean(description="Only what waits, or only what is settled."),
        description="What about money waits for a person of the shops that the asker works in, the newest first. "
        "Needs HANDLE_PAYMENTS.",
        **paging(),
    )

    @staticmethod
    def resolve_bank_notices(
        _root: None, info: GraphQLResolveInfo, *, state: Sequence[Any] | None = None, **asked: Any
    ) -> Connection[BankNotice]:
        rows = bank_notices_of_shops(_own_shops(info))
        if state is not None:
            rows = rows.filter(state__in=[one.value.lower() for one in bounded(state)])
        found = page_of_rows(rows, keys=NEWEST_FIRST, asked=Slice(**asked), name="bankNotices")
        came_together((row.order for row in found.nodes if row.order is not None), info)
        return found

    @staticmethod
    def resolve_review_items(
        _root: None, info: GraphQLResolveInfo, *, is_open: bool | None = None, **asked: Any
    ) -> Connection[ReviewItem]:
        rows = review_items_of_shops(_own_shops(info), is_open=is_open)
        found = page_of_rows(rows, keys=NEWEST_FIRST, asked=Slice(**asked), name="reviewItems")
        came_together((row.order for row in found.nodes if row.order is not None), info)
        return found


def _own_shops(info: GraphQLResolveInfo) -> frozenset[int]:
    shops = shops_in_reach(context(info).actor)
    if not shops:
        raise needs_one_of("HANDLE_PAYMENTS")
    return shops
