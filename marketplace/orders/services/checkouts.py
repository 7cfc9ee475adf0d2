"""What a shopper does with a checkout before it becomes an order. The checkout's id is the shopper's secret."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.metadata import Change
from marketplace.core.requests_once import once
from marketplace.core.statements import insert, update
from marketplace.core.text import clean_text
from marketplace.orders.checks import is_row_id, known_uuid, line_quantity, phone_number
from marketplace.orders.goods import LineWanted, goods, summed, texts_of
from marketplace.orders.locks import lock_checkout
from marketplace.orders.models import Address, Channel, Checkout, Order
from marketplace.orders.services.addresses import AddressInput, FoundPlaces, about_address, read_address
from marketplace.orders.services.deliveries import choose_delivery, offer_deliveries, renew_offers, take_off_delivery
from marketplace.orders.services.filling import Filling, add_to, opened, put_quantity
from marketplace.orders.services.holding import release_hold
from marketplace.orders.services.metadata import MetadataNotYours
from marketplace.people.models import User
from marketplace.people.services import clean_email
from vendors.access import require_seller
from vendors.models import Vendor

NOTE_CHARACTERS_MAX = 500
_ADDRESS_FIELDS: Final = tuple(field.name for field in Address._meta.concrete_fields if not field.primary_key)

__all__ = [
    "AddressInput",
    "AddressToPut",
    "Extras",
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
    "take_off_delivery",
]


@dataclass(frozen=True)
class AddressToPut:
    """The `shipping` or the `billing` address of a checkout; `keep` and `partial` as `set_shipping_address`."""

    which: str
    address: AddressInput
    keep: bool = False
    partial: bool = False


@dataclass(frozen=True)
class Extras:
    """What programs say of a checkout besides: their texts, the buyer's language (as of `Checkout`), its addresses.

    A program's checkout that is put into no basket begins one, so that checkouts at other shops can join it; the
    token is the market's: one that no checkout or order has is none.
    """

    metadata: Mapping[str, str] = field(default_factory=dict)
    private_metadata: Mapping[str, str] = field(default_factory=dict)
    language_code: str = ""
    addresses: Sequence[AddressToPut] = ()


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
    extras: Extras | None = None,
) -> Checkout:
    """A checkout at `vendor` (or the shop whose goods come first in `lines`) with these lines.

    Without either it is nobody's yet: Saleor's storefront opens one before anything is put in.
    Contact that is not given is `user`'s. In a basket that has a checkout at this shop the lines go into that one.
    `extras` is what programs say besides.
    The same `client_id` again answers the same checkout. The channel `stall` is for the shop's members.

    Raises `NotFound`, `InvalidInput` for contact or channel, `NotForSale`, `AgeNotDeclared`, `OtherVendorsGoods`,
    `QuantityWrong`, `QuantityTooLarge`, `TooManyLines`, `InsufficientStock`, `AddressRefused`.
    """
    quantities = summed(lines)
    variants = goods(quantities)
    shop = vendor or (variants[next(iter(quantities))].product.vendor if quantities else None)
    _require_channel(channel, actor=actor, vendor=shop)
    contact = _contact(user, email=email, phone=phone)
    of_lines = texts_of(lines)
    changed: list[Checkout] = []

    def make() -> str:
        fresh = Checkout(vendor=shop, channel=channel, user=user, basket=basket, age_declared=age_declared, **contact)
        fresh.made_at = fresh.updated_at = now
        checkout = _opened(fresh, basket, extras=extras, actor=actor)
        filling = Filling(texts=of_lines, variants=variants, is_new=checkout is fresh)
        if quantities:
            add_to(checkout, quantities, age_declared=age_declared, now=now, filling=filling)
        if extras is not None and extras.addresses:
            _put_addresses(checkout, extras.addresses, now=now)
        changed.append(checkout)
        return str(checkout.pk)

    texts = {"lines": of_lines, "extras": extras and asdict(extras)}
    asked = {
        "vendor": shop and shop.pk,
        "channel": channel,
        "lines": quantities,
        "basket": basket,
        "texts": texts,
        **contact,
    }
    made = once(
        make, action="checkout.create", owner=_owner(actor, basket), client_id=client_id, asked=asked, now=now
    )
    return changed[0] if changed else _known(uuid.UUID(made))


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
    changed: list[Checkout] = []

    def add() -> str:
        checkout = lock_checkout(checkout_id)
        filling = Filling(texts=texts_of(lines), may_change_shop=True)
        add_to(checkout, quantities, age_declared=age_declared, now=now, filling=filling)
        changed.append(checkout)
        return str(checkout_id)

    once(
        add,
        action="checkout.add_lines",
        owner=f"checkout:{known_uuid(checkout_id)}",
        client_id=client_id,
        asked={"lines": quantities, "texts": texts_of(lines)},
        now=now,
    )
    return changed[0] if changed else _known(checkout_id)


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


def set_shipping_address(
    *, checkout_id: uuid.UUID, address: AddressInput, now: datetime, keep: bool = False, partial: bool = False
) -> Checkout:
    """Say where the goods go. Ends a hold; a chosen delivery that is not offered there is chosen no more.

    `keep`: the person whose checkout it is keeps the address when the order is placed. `partial` as `read_address`.
    Raises what `read_address` raises, and `NotFound`.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        read = read_address(address, onto=checkout.shipping_address, partial=partial)
        _write_addresses(checkout, {"shipping_address": _AddressPut(read, keep)}, now=now)
    return checkout


def set_billing_address(
    *, checkout_id: uuid.UUID, address: AddressInput, now: datetime, keep: bool = False, partial: bool = False
) -> Checkout:
    """Say whom the bill is made out to; `keep` and `partial` as `set_shipping_address`.

    Raises what `read_address` raises, and `NotFound`."""
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        read = read_address(address, onto=checkout.billing_address, partial=partial)
        _write_addresses(checkout, {"billing_address": _AddressPut(read, keep)}, now=now)
    return checkout


def _put_addresses(checkout: Checkout, addresses: Sequence[AddressToPut], *, now: datetime) -> None:
    """Read a locked checkout's addresses and put them. Raises `AddressRefused`."""
    read: dict[str, _AddressPut] = {}
    found: FoundPlaces = {}
    for one in addresses:
        name = f"{one.which}_address"
        with about_address(one.which):
            address = read_address(one.address, onto=getattr(checkout, name), partial=one.partial, found=found)
        read[name] = _AddressPut(address, one.keep)
    _write_addresses(checkout, read, now=now)


@dataclass(frozen=True)
class _AddressPut:
    """An address that was read for a checkout, and whether the person whose it is keeps it, too."""

    address: Address
    keep: bool


def _write_addresses(checkout: Checkout, read: Mapping[str, _AddressPut], *, now: datetime) -> None:
    """Put what was read for a locked checkout's `shipping_address`, its `billing_address` or both.

    They were read onto the rows that the checkout has, where it has them.
    """
    if "shipping_address" in read:
        release_hold(checkout)
    new = [one.address for one in read.values() if one.address.pk is None]
    if new:
        insert(*new)
    for name, one in read.items():
        if one.address not in new:
            update(one.address, _ADDRESS_FIELDS)
        setattr(checkout, name, one.address)
        setattr(checkout, f"save_{name}", one.keep)
    checkout.updated_at = now
    update(checkout, (*read, *(f"save_{name}" for name in read), "updated_at"))
    if "shipping_address" in read:
        renew_offers(checkout)


def _keep(checkout_id: uuid.UUID, values: Mapping[str, str | bool], *, now: datetime) -> Checkout:
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        for field, value in values.items():
            setattr(checkout, field, value)
        checkout.updated_at = now
        update(checkout, (*values, "updated_at"))
    return checkout


def _opened(fresh: Checkout, basket: uuid.UUID | None, *, extras: Extras | None, actor: Actor) -> Checkout:
    if extras is not None:
        if basket is not None:
            _require_begun(basket)
        _put_extras(fresh, extras, actor=actor)
    checkout = opened(fresh, basket)
    if checkout is not fresh and extras is not None:
        _put_extras(checkout, extras, actor=actor)
        update(checkout, ("metadata", "private_metadata", "language_code", "basket"))
    return checkout


def _put_extras(checkout: Checkout, extras: Extras, *, actor: Actor) -> None:
    """Raises `MetadataNotYours` for private texts that are not of the shop's own program."""
    if extras.private_metadata and not actor.may_sell_for(checkout.vendor_id):
        raise MetadataNotYours(_("Bạn không được sửa mục này."))
    checkout.metadata = Change(put=extras.metadata).of(checkout.metadata)
    checkout.private_metadata = Change(put=extras.private_metadata).of(checkout.private_metadata)
    checkout.language_code = extras.language_code or checkout.language_code
    checkout.basket = checkout.basket or uuid.uuid4()


def _require_begun(basket: uuid.UUID) -> None:
    """Raises `NotFound`: a basket's token is a secret, which nobody brings along."""
    if not any(rows.filter(basket=basket).exists() for rows in (Checkout.objects, Order.objects)):
        raise NotFound(_("Không tìm thấy giỏ hàng này. Bạn mở giỏ mới, chưa cần ghi basket."), field="basket")


def _require_channel(channel: str, *, actor: Actor, vendor: Vendor | None) -> None:
    if channel not in Channel.values:
        raise NotFound(_("Không có kênh bán này."), field="channel")
    if channel == Channel.STALL:
        if vendor is None:
            raise InvalidInput(_("Giỏ hàng cần ít nhất một món."), field="lines", code="REQUIRED")
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


def _known(checkout_id: uuid.UUID) -> Checkout:
    """The checkout of a request that was sent before."""
    with transaction.atomic():
        return lock_checkout(checkout_id)
