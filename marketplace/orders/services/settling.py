"""Whose a checkout is that nothing lies in: a program may open one empty, and keep one that was emptied."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import IntegrityError, transaction

from catalog.models import ProductVariant
from marketplace.core.statements import update
from marketplace.orders.models import Checkout, PaymentCode
from marketplace.orders.services.deliveries import renew_offers
from marketplace.orders.services.holding import release_hold

_OF_A_SHOP = ("vendor", "delivery", "voucher", "private_metadata")


def settle_shop(checkout: Checkout, variants: Sequence[ProductVariant]) -> None:
    """Make a locked checkout without lines one of the shop whose goods come first among those about to be put in.

    What was another shop's goes: its delivery, its voucher, the private texts of its programs. The checkout stays as
    it is, so that its goods are refused, where the basket has one at that shop already, and where a payment was asked
    for: the code names the account of the shop before.
    """
    if not variants or variants[0].product.vendor_id == checkout.vendor_id:
        return
    shop, before = variants[0].product.vendor, checkout.vendor
    if before is not None and PaymentCode.objects.filter(checkout=checkout).exists():
        return
    release_hold(checkout)
    checkout.vendor, checkout.delivery, checkout.voucher, checkout.private_metadata = shop, None, None, {}
    try:
        with transaction.atomic():
            update(checkout, _OF_A_SHOP)
    except IntegrityError:
        # The basket has a checkout at this shop.
        checkout.vendor = before
        return
    if before is not None or checkout.shipping_address_id is not None:
        renew_offers(checkout)
