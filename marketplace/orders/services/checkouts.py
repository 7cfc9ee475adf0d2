"""What a shopper does with a checkout before it becomes an order. The checkout's id is the shopper's secret."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.requests_once import once
from marketplace.core.text import clean_text
from marketplace.orders.checks import is_row_id, known_uuid, line_quantity, phone_number
from marketplace.orders.errors import no_such_checkout
from marketplace.orders.goods import LineWanted, goods, summed
from marketplace.orders.locks import lock_checkout
from marketplace.orders.models import Address, Channel, Checkout
from marketplace.orders.services.addresses import AddressInput, read_address
from marketplace.orders.services.deliveries import choose_delivery, offer_deliveries, renew_offers
from marketplace.orders.services.filling import add_to, open_checkout, put_quantity
from marketplace.orders.services.holding import release_hold
from marketplace.people.models import User
from marketplace.people.services import clean_email
from vendors.access import require_seller
from vendors.models import Vendor

NOTE_CHARACTERS_MAX = 500

__all__ = [
    "AddressInput",
    "LineWanted",
    "add_lines",
    "choose_delivery",
    "create_checkout",
    "declare_age",
    "offer_deliveries",
    "set_billing_address",
    "set_email",
    "set_line_quantity",
    "set_note",
    "set_phone",
    "set_shipping_address",
]


def create_checkout(
    *,
    actor: Actor,
    lines: Sequence[LineWanted],
    now: datetime,
    vendor: Vendor | None = None,
    channel: str = Channel.ONLINE,
    user: User | None = None,
    email: str = "",
    phone: str = "",
    basket: uuid.UUID | None = None,
    client_id: uuid.UUID | None = None,
    age_declared: bool = False,
) -> Checkout:
    """A checkout at `vendor` (or the shop whose goods come first in `lines`) with these lines.

    Contact that is not given is `user`'s. In a basket that has a checkout at this shop the lines go into that one.
    The same `client_id` again answers the same checkout. The channel `stall` is for the shop's members.

    Raises `NotFound`, `InvalidInput` for contact or channel, `NotForSale`, `AgeNotDeclared`, `OtherVendorsGoods`,
    `QuantityWrong`, `QuantityTooLarge`, `TooManyLines`, `InsufficientStock`.
    """
    quantities = summed(lines)
    shop = vendor or _shop_of(quantities)
    _require_channel(channel, actor=actor, vendor=shop)
    contact = _contact(user, email=email, phone=phone)

    def make() -> str:
        checkout = open_checkout(vendor=shop, channel=channel, user=user, basket=basket, contact=contact, now=now)
        add_to(checkout, quantities, age_declared=age_declared, now=now)
        return str(checkout.pk)

    asked = {"vendor": shop.pk, "channel": channel, "lines": quantities, "basket": basket, **contact}
    made = once(
        make, action="checkout.create", owner=_owner(actor, basket), client_id=client_id, asked=asked, now=now
    )
    return _checkout(uuid.UUID(made))


def add_lines(
    *,
    checkout_id: uuid.UUID,
    lines: Sequence[LineWanted],
    now: datetime,
    client_id: uuid.UUID | None = None,
    age_declared: bool = False,
) -> Checkout:
    """Add to what is in the checkout; the same `client_id` again adds nothing. Ends a hold.

    `age_declared` says that the buyer now declares to be 18 or over. Raises as `create_checkout`.
    """
    quantities = summed(lines)

    def add() -> str:
        add_to(lock_checkout(checkout_id), quantities, age_declared=age_declared, now=now)
        return str(checkout_id)

    once(
        add,
        action="checkout.add_lines",
        owner=f"checkout:{known_uuid(checkout_id)}",
        client_id=client_id,
        asked={"lines": quantities},
        now=now,
    )
    return _checkout(checkout_id)


def set_line_quantity(*, checkout_id: uuid.UUID, variant_id: int, quantity: int, now: datetime) -> Checkout:
    """Say how many of a variant that is in the checkout; 0 takes it out. Ends a hold.

    Raises `NotFound`, `QuantityWrong`, `QuantityTooLarge`, `NotForSale`, `InsufficientStock`.
    """
    wanted = line_quantity(quantity, least=0)
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        line = checkout.lines.filter(variant_id=variant_id).first() if is_row_id(variant_id) else None
        if line is None:
            raise NotFound(_("Món này không có trong giỏ."), field="variant_id", subjects=[variant_id])
        put_quantity(checkout, line, wanted, now=now)
    return checkout


def set_email(*, checkout_id: uuid.UUID, email: str, now: datetime) -> Checkout:
    """Keep the buyer's e-mail. Raises `InvalidEmail`, `BadText`, `NotFound`."""
    return _keep(checkout_id, {"email": clean_email(email)}, now=now)


def set_phone(*, checkout_id: uuid.UUID, phone: str, now: datetime) -> Checkout:
    """Keep the buyer's phone. Raises `InvalidPhone`, `NotFound`."""
    return _keep(checkout_id, {"phone": phone_number(phone, field="phone")}, now=now)


def set_note(*, checkout_id: uuid.UUID, note: str, now: datetime) -> Checkout:
    """Keep what the buyer wants to say to the shop. Raises `BadText`, `NotFound`."""
    text = clean_text(note, characters_max=NOTE_CHARACTERS_MAX, field="note")
    return _keep(checkout_id, {"note": text}, now=now)


def declare_age(*, checkout_id: uuid.UUID, now: datetime) -> Checkout:
    """Keep that the buyer declared to be 18 or over. Raises `NotFound`."""
    return _keep(checkout_id, {"age_declared": True}, now=now)


def set_shipping_address(*, checkout_id: uuid.UUID, address: AddressInput, now: datetime) -> Checkout:
    """Say where the goods go. Ends a hold; a chosen delivery that is not offered there is chosen no more.

    Raises what `read_address` raises, and `NotFound`.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        release_hold(checkout)
        checkout.shipping_address = _saved(address, onto=checkout.shipping_address)
        checkout.updated_at = now
        checkout.save(update_fields=["shipping_address", "updated_at"])
        renew_offers(checkout)
    return checkout


def set_billing_address(*, checkout_id: uuid.UUID, address: AddressInput, now: datetime) -> Checkout:
    """Say whom the bill is made out to. Raises what `read_address` raises, and `NotFound`."""
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        checkout.billing_address = _saved(address, onto=checkout.billing_address)
        checkout.updated_at = now
        checkout.save(update_fields=["billing_address", "updated_at"])
    return checkout


def _saved(given: AddressInput, *, onto: Address | None) -> Address:
    address = read_address(given, onto=onto)
    address.save()
    return address


def _keep(checkout_id: uuid.UUID, values: Mapping[str, str | bool], *, now: datetime) -> Checkout:
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        for field, value in values.items():
            setattr(checkout, field, value)
        checkout.updated_at = now
        checkout.save(update_fields=[*values, "updated_at"])
    return checkout


def _shop_of(quantities: Mapping[int, int]) -> Vendor:
    if not quantities:
        raise InvalidInput(_("Giỏ hàng cần ít nhất một món."), field="lines", code="REQUIRED")
    first = next(iter(quantities))
    return goods([first])[first].product.vendor


def _require_channel(channel: str, *, actor: Actor, vendor: Vendor) -> None:
    if channel not in Channel.values:
        raise NotFound(_("Không có kênh bán này."), field="channel")
    if channel == Channel.STALL:
        require_seller(actor, vendor)


def _contact(user: User | None, *, email: str, phone: str) -> dict[str, str]:
    known_email = (user.email or "") if user is not None else ""
    known_phone = (user.phone or "") if user is not None else ""
    return {
        "email": clean_email(email) if email else known_email,
        "phone": phone_number(phone, field="phone") if phone else known_phone,
    }


def _owner(actor: Actor, basket: uuid.UUID | None) -> str:
    if actor.user_id is not None:
        return f"user:{actor.user_id}"
    return f"basket:{basket}" if basket is not None else "anonymous"


def _checkout(checkout_id: uuid.UUID) -> Checkout:
    checkout = Checkout.objects.select_related("vendor__commune").filter(pk=checkout_id).first()
    if checkout is None:
        raise no_such_checkout()
    return checkout
