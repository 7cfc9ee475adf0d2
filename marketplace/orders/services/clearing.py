"""A checkout that became an order goes, with what belongs to it alone."""

from __future__ import annotations

from functools import cache

from django.db.models import SET_NULL, ForeignKey, ManyToOneRel

from marketplace.core.many_rows import delete_by, name_no_longer
from marketplace.orders.models import Checkout, CheckoutDelivery, CheckoutLine


def forget_checkout(checkout: Checkout) -> None:
    """Delete a locked checkout that holds nothing any more, with its lines and the deliveries offered to it.

    The same as its `delete`, which reads every row before it deletes it: what a checkout has is known here. Rows that
    merely name it, whichever feature keeps them, name it no longer.
    """
    delete_by(CheckoutLine, "checkout", checkout.pk)
    for named_by in _names_of_checkouts():
        name_no_longer(named_by.model, named_by.name, checkout.pk)
    # The keys between a checkout and its deliveries, which go both ways, are looked at when the transaction ends.
    delete_by(Checkout, "id", checkout.pk)
    delete_by(CheckoutDelivery, "checkout", checkout.pk)


@cache
def _names_of_checkouts() -> tuple[ForeignKey[object, object], ...]:
    """The columns of other rows that name a checkout and outlive it."""
    relations = [one for one in Checkout._meta.related_objects if isinstance(one, ManyToOneRel)]
    return tuple(one.field for one in relations if one.on_delete is SET_NULL)
