"""Addresses that a person who signs in keeps for the next order."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count, Max
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, NotAllowed
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from marketplace.orders.checks import phone_number
from marketplace.orders.models import Address, SavedAddress
from marketplace.orders.selectors.addresses import ADDRESSES_A_PERSON_MAX, saved_address
from marketplace.people.models import User
from marketplace.places.models import Commune
from marketplace.places.selectors import get_commune

NAME_CHARACTERS_MAX = 120
STREET_CHARACTERS_MAX = 200
POSTAL_CHARACTERS_MAX = 20


class TooManyAddresses(Conflict):
    """The person keeps as many addresses as one may."""


@dataclass(frozen=True)
class AddressToKeep:
    """An address as it was typed: who is called at the door, where it is."""

    name: str
    phone: str
    street: str
    commune_code: str
    postal_code: str | None = None
    """None where it is not spoken of: pages do not ask it."""


@dataclass(frozen=True)
class _Clean:
    name: str
    phone: str
    street: str
    commune: Commune
    postal_code: str | None


def keep_address(
    *,
    actor: Actor,
    given: AddressToKeep,
    now: datetime,
    for_bills: bool = False,
    client_id: uuid.UUID | None = None,
) -> SavedAddress:
    """Keep an address; one that is kept already is only moved to the front. The same `client_id` again: the same.

    One `for_bills` leaves in front what goods go to. Raises `NotAllowed` for nobody, `BadText`, `InvalidPhone`,
    `NotFound` for a commune, `TooManyAddresses`.
    """
    user_id = _owner(actor)
    clean = _clean(given)

    def work() -> str:
        _lock_person(user_id)
        return str(_keep(user_id, clean, actor=actor, for_bills=for_bills, now=now))

    asked = {"name": clean.name, "phone": clean.phone, "street": clean.street, "commune": clean.commune.pk}
    if clean.postal_code is not None:
        asked["postal_code"] = clean.postal_code
    made = once(work, action="address.keep", owner=f"user:{user_id}", client_id=client_id, asked=asked, now=now)
    return saved_address(actor=actor, address_id=int(made))


def keep_if_possible(*, user_id: int, address: Address, phone: str, for_bills: bool, now: datetime) -> None:
    """Keep where an order goes for its buyer's next one, inside the transaction that places it.

    One `for_bills` becomes the person's address for bills where they have none. No reason to refuse the order: an
    address that cannot be kept (without a phone, outside Vietnam, or one too many) is not.
    """
    if not phone or address.commune is None or not address.street_address_1:
        return
    name = address.name[:NAME_CHARACTERS_MAX].strip()
    clean = _Clean(
        name=name,
        phone=phone,
        street=address.street_address_1,
        commune=address.commune,
        postal_code=address.postal_code,
    )
    billed_to = _lock_person(user_id)
    try:
        kept = _keep(user_id, clean, actor=Actor(user_id=user_id), for_bills=for_bills, now=now)
    except TooManyAddresses:
        return
    if for_bills and not SavedAddress.objects.filter(user=user_id, pk=billed_to or 0).exists():
        User.objects.filter(pk=user_id).update(billing_address_number=kept)


def change_address(*, actor: Actor, address_id: int, given: AddressToKeep, now: datetime) -> SavedAddress:
    """Correct an address where it stands; orders that went there keep what they were placed with.

    Raises as `keep_address`.
    """
    clean = _clean(given)
    with transaction.atomic():
        found = locked_address(actor=actor, address_id=address_id)
        # A postal code is of a place: one that nobody spoke of stays while the place does.
        left = found.postal_code if found.commune_id == clean.commune.pk else ""
        found.postal_code = left if clean.postal_code is None else clean.postal_code
        found.name, found.phone, found.street, found.commune = clean.name, clean.phone, clean.street, clean.commune
        found.save(update_fields=["name", "phone", "street", "commune", "postal_code"])
        _record("address.changed", found.pk, actor=actor, now=now)
    return found


def forget_address(*, actor: Actor, address_id: int, now: datetime) -> None:
    """Take an address away. Raises `NotFound`, also for somebody else's and for one that is gone."""
    with transaction.atomic():
        locked_address(actor=actor, address_id=address_id).delete()
        _record("address.forgotten", address_id, actor=actor, now=now)


def locked_address(*, actor: Actor, address_id: int) -> SavedAddress:
    """One of the person's addresses, which nobody takes away meanwhile. Raises `NotFound`."""
    if actor.user_id is not None:
        _lock_person(actor.user_id)
    return saved_address(actor=actor, address_id=address_id)


def _owner(actor: Actor) -> int:
    if actor.user_id is None:
        raise NotAllowed(_("Bạn đăng nhập để lưu địa chỉ."))
    return actor.user_id


def _clean(given: AddressToKeep) -> _Clean:
    code = given.postal_code
    return _Clean(
        name=clean_line(given.name, characters_max=NAME_CHARACTERS_MAX, field="name"),
        phone=phone_number(given.phone, field="phone"),
        street=clean_line(given.street, characters_max=STREET_CHARACTERS_MAX, field="street", required=True),
        commune=get_commune(given.commune_code),
        postal_code=None
        if code is None
        else clean_line(code, characters_max=POSTAL_CHARACTERS_MAX, field="postal_code"),
    )


def _lock_person(user_id: int) -> int | None:
    """The person's addresses are changed by one at a time. Answers which of them bills are made out to."""
    locked = User.objects.select_for_update(no_key=True).filter(pk=user_id)
    return locked.values_list("billing_address_number", flat=True).first()


def _known(user_id: int, clean: _Clean) -> SavedAddress | None:
    return SavedAddress.objects.filter(
        user=user_id, name=clean.name, phone=clean.phone, street=clean.street, commune=clean.commune
    ).first()


def _keep(user_id: int, clean: _Clean, *, actor: Actor, for_bills: bool, now: datetime) -> int:
    """The row of the address, kept now or before. Raises `TooManyAddresses`."""
    known = _known(user_id, clean)
    if known is None:
        return _add(user_id, clean, actor=actor, for_bills=for_bills, now=now)
    # The same door has one postal code: what comes without it takes none away.
    known.postal_code = clean.postal_code or known.postal_code
    if not for_bills:
        known.used_at = now
    known.save(update_fields=["postal_code", "used_at"])
    return known.pk


def _add(user_id: int, clean: _Clean, *, actor: Actor, for_bills: bool, now: datetime) -> int:
    others = SavedAddress.objects.filter(user=user_id).aggregate(count=Count("pk"), newest=Max("used_at"))
    if others["count"] >= ADDRESSES_A_PERSON_MAX:
        sentence = _("Bạn lưu được {most} địa chỉ. Bỏ bớt một địa chỉ cũ rồi lưu lại.")
        raise TooManyAddresses(format_lazy(sentence, most=ADDRESSES_A_PERSON_MAX))
    # Goods go to the address in front: one for bills comes right behind it.
    behind = others["newest"] - timedelta(microseconds=1) if for_bills and others["newest"] else now
    made = SavedAddress.objects.create(
        user_id=user_id,
        name=clean.name,
        phone=clean.phone,
        street=clean.street,
        commune=clean.commune,
        postal_code=clean.postal_code or "",
        made_at=now,
        used_at=behind,
    )
    _record("address.kept", made.pk, actor=actor, now=now)
    return made.pk


def _record(kind: str, address_id: int, *, actor: Actor, now: datetime) -> None:
    journal.record(kind=kind, aggregate_type="saved_address", aggregate_id=address_id, actor=actor, now=now, data={})
