"""Whose hand a mutation of a shop's things is, and which row it may touch.

First who asks: who works in no shop is refused with the permission that Saleor would want, before any row is read.
Then the row: what is not there and what is another shop's are refused alike, since the selectors do so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from catalog.models import Product, ProductVariant
from catalog.selectors.hands import product_in_hand, variant_in_hand
from marketplace.api.graphql.context import client_id_of, context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.mutations.refusals import in_field, missing_in
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from vendors.access import shops_in_reach
from vendors.models import Vendor
from vendors.selectors import vendor_in_hand

MANAGE_PRODUCTS = "MANAGE_PRODUCTS"
MANAGE_ORDERS = "MANAGE_ORDERS"


@dataclass(frozen=True, slots=True)
class Hand:
    """Who does a thing, when, and by which id of the client's own: what every service asks."""

    actor: Actor
    now: datetime
    client_id: UUID | None


def require_shop_worker(info: GraphQLResolveInfo, permission: str) -> Actor:
    """Who asks, if they work in any shop or help in one. Raises `NotAllowed` in Saleor's words, knowing no row."""
    actor = context(info).actor
    if not shops_in_reach(actor):
        raise needs_one_of(permission)
    return actor


def hand_of(actor: Actor, info: GraphQLResolveInfo) -> Hand:
    """This actor's hand in this request."""
    return Hand(actor, context(info).now, client_id_of(info))


def shop_of_input(vendor: str | None, info: GraphQLResolveInfo) -> tuple[Hand, Vendor]:
    """The shop that an input names, or the only one that the person works in. Raises `NotFound`, `InvalidInput`."""
    actor = require_shop_worker(info, MANAGE_PRODUCTS)
    if vendor is not None:
        key = in_field("vendor", integer_of, vendor, type_name="Vendor")
    else:
        shops = shops_in_reach(actor)
        if len(shops) > 1:
            raise InvalidInput(
                _("Bạn làm ở nhiều gian hàng: hãy ghi rõ gian hàng nào."), field="vendor", code="REQUIRED"
            )
        key = next(iter(shops))
    hand, shop = vendor_in_hand(actor, key)
    return hand_of(hand, info), shop


def own_product(id: str, info: GraphQLResolveInfo, *, field: str = "id") -> tuple[Hand, Product]:
    """The product of this global id with the hand that may change it. Raises `NotFound`, `UnreadableId`."""
    actor = require_shop_worker(info, MANAGE_PRODUCTS)
    key = in_field(field, integer_of, id, type_name="Product")
    with missing_in(field):
        hand, product = product_in_hand(actor, key)
    return hand_of(hand, info), product


def own_variant(
    id: str | None, sku: str | None, info: GraphQLResolveInfo, *, field: str = "id"
) -> tuple[Hand, ProductVariant]:
    """The variant of this global id or code with the hand that may change it. Raises `NotFound`, `InvalidInput`."""
    actor = require_shop_worker(info, MANAGE_PRODUCTS)
    if (id is None) == (sku is None):
        raise InvalidInput(_("Bạn ghi đúng một trong hai: id hoặc sku."), field=field, code="GRAPHQL_ERROR")
    key = None if id is None else in_field(field, integer_of, id, type_name="ProductVariant")
    with missing_in("id" if sku is None else "sku"):
        hand, variant = variant_in_hand(actor, variant_id=key, sku=sku)
    return hand_of(hand, info), variant
