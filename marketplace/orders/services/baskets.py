"""The basket of the pages: goods of several shops under one secret id, one checkout a shop."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.requests_once import once
from marketplace.core.text import clean_text
from marketplace.orders.checks import is_row_id, phone_number
from marketplace.orders.errors import CheckoutNotReady, DeliveryNotOffered
from marketplace.orders.goods import LineWanted, goods, summed
from marketplace.orders.models import Address, Channel, Checkout, CheckoutDelivery, Order
from marketplace.orders.services.addresses import AddressInput, read_address
from marketplace.orders.services.checkouts import NOTE_CHARACTERS_MAX
from marketplace.orders.services.deliveries import renew_offers, take_delivery
from marketplace.orders.services.filling import add_to, open_checkout
from marketplace.orders.services.holding import release_hold
from marketplace.orders.services.placing import complete_checkout, locked_or_placed
from marketplace.people.models import User
from marketplace.people.services import clean_email


def add_to_basket(
    *,
    basket: uuid.UUID | None,
    actor: Actor,
    variant_id: int,
    quantity: int,
    now: datetime,
    client_id: uuid.UUID | None = None,
    age_declared: bool = False,
) -> uuid.UUID:
    """Put goods into the basket, or into a new one; answers the basket's id, the shopper's secret.

    The same `client_id` again adds nothing and answers the same basket. Raises as `create_checkout`, and
    `TooManyLines` beyond `BASKET_SHOPS_MAX` shops.
    """
    quantities = summed([LineWanted(variant_id, quantity)])

    def add() -> str:
        into = basket or uuid.uuid4()
        vendor = goods(quantities)[variant_id].product.vendor
        checkout = open_checkout(
            vendor=vendor,
            channel=Channel.ONLINE,
            user=User.objects.filter(pk=actor.user_id).first() if actor.user_id is not None else None,
            basket=into,
            contact={},
            now=now,
        )
        add_to(checkout, quantities, age_declared=age_declared, now=now)
        return str(into)

    owner = f"basket:{basket}" if basket is not None else f"user:{actor.user_id}"
    asked = {"variant": variant_id, "quantity": quantity}
    answer = once(add, action="basket.add", owner=owner, client_id=client_id, asked=asked, now=now)
    return uuid.UUID(answer)


def place_basket_order(
    *,
    checkout_id: uuid.UUID,
    actor: Actor,
    phone: str,
    now: datetime,
    email: str = "",
    note: str = "",
    address: AddressInput | None = None,
    pick_up_at: int | None = None,
    client_id: uuid.UUID | None = None,
) -> Order:
    """Order one shop's part of the basket from the one-page form, in one transaction.

    With `pick_up_at` (a place of the shop's) the goods are fetched there; else they are sent to `address` at the
    shop's rate for it. Sent again, by browser or shopper: the same order. Raises what `set_shipping_address`,
    `choose_delivery` and `complete_checkout` raise; nothing is changed then.
    """
    with transaction.atomic():
        found = locked_or_placed(checkout_id)
        if isinstance(found, Order):
            return found
        checkout = found
        release_hold(checkout)
        checkout.phone = phone_number(phone, field="phone")
        checkout.email = clean_email(email) if email else checkout.email
        checkout.note = clean_text(note, characters_max=NOTE_CHARACTERS_MAX, field="note")
        if pick_up_at is None:
            checkout.shipping_address = _where_to(checkout, address)
        checkout.save(update_fields=["phone", "email", "note", "shipping_address"])
        take_delivery(checkout, _delivery(checkout, pick_up_at), now=now)
        return complete_checkout(checkout_id=checkout_id, actor=actor, now=now, client_id=client_id)


def _where_to(checkout: Checkout, given: AddressInput | None) -> Address:
    if given is None:
        raise CheckoutNotReady(
            _("Bạn điền địa chỉ nhận hàng nhé."), field="shipping_address", code="SHIPPING_ADDRESS_NOT_SET"
        )
    address = read_address(given, onto=checkout.shipping_address)
    address.phone = address.phone or checkout.phone
    address.save()
    return address


def _delivery(checkout: Checkout, pick_up_at: int | None) -> CheckoutDelivery:
    offered = renew_offers(checkout)
    if pick_up_at is None:
        chosen = next((row for row in offered if row.rate_id is not None), None)
    else:
        places = {row.pick_up_at_id: row for row in offered if row.pick_up_at_id is not None}
        chosen = places.get(pick_up_at) if is_row_id(pick_up_at) else None
    if chosen is None:
        sentence = (
            _("Gian hàng chưa giao tới nơi này. Bạn chọn cách nhận khác nhé.")
            if pick_up_at is None
            else _("Nơi nhận hàng này không còn. Bạn chọn lại giúp nhé.")
        )
        raise DeliveryNotOffered(sentence, field="delivery")
    return chosen
