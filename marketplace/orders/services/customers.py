"""Whose a checkout is: a signed-in buyer takes it, or lets go of it."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotAllowed
from marketplace.core.statements import update
from marketplace.orders.locks import lock_checkout
from marketplace.orders.models import Checkout
from marketplace.people.models import User


class CheckoutTaken(NotAllowed):
    """The checkout is another person's."""


def attach_customer(*, checkout_id: uuid.UUID, user: User, now: datetime) -> Checkout:
    """Make a nobody's checkout `user`'s, with the e-mail and phone of theirs where they have them.

    Theirs already: nothing changes, so that a request sent again is answered the same. Raises `NotFound`,
    `CheckoutTaken`.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        if checkout.user_id == user.pk:
            return checkout
        if checkout.user_id is not None:
            raise CheckoutTaken(_("Giỏ hàng này là của người khác."))
        checkout.user = user
        checkout.email = user.email or checkout.email
        checkout.phone = checkout.phone or user.phone or ""
        checkout.updated_at = now
        update(checkout, ("user", "email", "phone", "updated_at"))
    return checkout


def detach_customer(*, checkout_id: uuid.UUID, user: User, now: datetime) -> Checkout:
    """Let go of a checkout: it is nobody's again. Raises `NotFound`, and `CheckoutTaken` for another person's."""
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        if checkout.user_id is None:
            return checkout
        if checkout.user_id != user.pk:
            raise CheckoutTaken(_("Giỏ hàng này là của người khác."))
        checkout.user = None
        checkout.updated_at = now
        update(checkout, ("user", "updated_at"))
    return checkout
