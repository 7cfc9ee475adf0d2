"""Texts that programs keep with a checkout, an order, goods or a person: who may put them there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductVariant
from marketplace.core.actors import Actor
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.core.metadata import Change, change_texts
from marketplace.core.models import WithMetadata
from marketplace.orders.models import Checkout, CheckoutLine, Fulfillment, Order, OrderLine
from marketplace.people.models import User
from vendors.access import hand_in, shops_in_reach


class MetadataNotYours(NotAllowed):
    """Only a shop's people may, and the asker works in none; the same for a row that is not there."""


@dataclass(frozen=True)
class _Kind:
    """A kind of row: its model, the column that ids name, whose it is, and whether its id alone opens it."""

    model: type[Any]
    key: str
    vendor_of: Callable[[Any], int | None]
    is_secret: bool = False
    """Whether whoever knows the id may change the public texts: ids that are nobody else's business are UUIDs."""


_KINDS: Final[Mapping[str, _Kind]] = {
    "Checkout": _Kind(Checkout, "pk", lambda row: row.vendor_id, is_secret=True),
    "CheckoutLine": _Kind(CheckoutLine, "pk", lambda row: row.checkout.vendor_id, is_secret=True),
    "Order": _Kind(Order, "token", lambda row: row.vendor_id, is_secret=True),
    "OrderLine": _Kind(OrderLine, "pk", lambda row: row.order.vendor_id, is_secret=True),
    "Fulfillment": _Kind(Fulfillment, "pk", lambda row: row.order.vendor_id),
    "Product": _Kind(Product, "pk", lambda row: row.vendor_id),
    "ProductVariant": _Kind(ProductVariant, "pk", lambda row: row.vendor_id),
    "User": _Kind(User, "pk", lambda _row: None),
}


def change_metadata(*, actor: Actor, kind: str, key: object, change: Change, private: bool = False) -> WithMetadata:
    """Change the public or private texts of the row of this kind (a name of Saleor's types) and key.

    The public ones of a checkout or an order belong to whoever knows its id, as in Saleor; a person's own to that
    person; all others, and all private ones, to whoever works in the shop, and an agent who helps there. Raises
    `MetadataNotYours` for who works nowhere, `NotFound` for what is absent or another shop's, `MetadataInvalid`;
    nothing is changed then.
    """
    of = _KINDS[kind]
    with transaction.atomic():
        row = of.model.objects.filter(**{of.key: key}).first()
        _require_hand(actor, of, row, private=private)
        if row is None:  # a secret id of nothing
            raise NotFound(_("Không tìm thấy."), field="id")
        changed: WithMetadata = change_texts(row, change, private=private)
        return changed


def _require_hand(actor: Actor, of: _Kind, row: Model | None, *, private: bool) -> None:
    if of.is_secret and not private:
        return
    if of.model is User:
        if private or row is None or actor.user_id != row.pk:
            raise MetadataNotYours(_("Bạn không được sửa mục này."))
        return
    if not shops_in_reach(actor):
        raise MetadataNotYours(_("Bạn không được sửa mục này."))
    vendor_id = None if row is None else of.vendor_of(row)
    if vendor_id is None or hand_in(actor, vendor_id) is None:
        raise NotFound(_("Không tìm thấy."), field="id")
