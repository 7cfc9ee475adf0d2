"""Whether a product is shown to shoppers: one wish, whose meaning depends on who has it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from catalog.services.changes import lock_product
from catalog.services.reviewing import publish_product, reject_product, submit_for_review, withdraw_product
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from vendors.access import require_commune_staff, require_seller

ASKED_FOR = frozenset({Product.Listing.IN_REVIEW, Product.Listing.PUBLISHED})


class NothingSeen(InvalidInput):
    """Staff publish what they looked at, and do not say what that was."""

    code = "REQUIRED"


def set_shown(
    *,
    actor: Actor,
    product: Product,
    is_shown: bool,
    now: datetime,
    reason: str = "",
    seen_generation: int | None = None,
) -> Product:
    """A shop's wish to show its product asks for review, its wish not to withdraws it; staff publish or send back.

    A wish that is fulfilled, or that waits for staff already, changes nothing and answers the product as it stands.
    Who works in the shop speaks for the shop, also who holds an office besides: nobody passes their own goods so.
    Staff publish the product as they saw it, by its generation. Raises `NotFound` for strangers, `NothingSeen`, and
    what the four services raise.
    """
    if actor.may_sell_for(product.vendor_id):
        act = _ask_for_review if is_shown else withdraw_product
        return act(actor=actor, product=product, now=now)
    if is_shown:
        require_commune_staff(actor, product.vendor.commune_id)
        if product.listing == Product.Listing.PUBLISHED:
            return product
        if seen_generation is None:
            sentence = _("Bạn ghi seenGeneration: generation của sản phẩm mà bạn đã xem.")
            raise NothingSeen(sentence, field="seen_generation")
        return publish_product(actor=actor, product=product, seen_generation=seen_generation, now=now)
    return reject_product(actor=actor, product=product, reason=reason, now=now)


def _ask_for_review(*, actor: Actor, product: Product, now: datetime) -> Product:
    """Unless it is in review or on sale already."""
    with transaction.atomic():
        locked = lock_product(product.pk)
        require_seller(actor, locked.vendor)
        if locked.listing in ASKED_FOR:
            return locked
        return submit_for_review(actor=actor, product=locked, now=now)
