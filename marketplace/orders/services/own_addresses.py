"""The addresses that a person keeps, as programs give them, and what a person changes about their account at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.names import parts_of_name
from marketplace.orders.models import SavedAddress
from marketplace.orders.services.addresses import VIETNAM, AddressInput, read_address
from marketplace.orders.services.saved_addresses import AddressToKeep, change_address, keep_address, locked_address
from marketplace.people.changing import change_person, set_billing_address
from marketplace.people.models import User


@dataclass(frozen=True)
class AccountChanges:
    """What is changed of an account; what is None stays."""

    first_name: str | None = None
    last_name: str | None = None
    language_code: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    default_shipping_address: AddressInput | None = None
    default_billing_address: AddressInput | None = None


def update_account(*, user: User, changes: AccountChanges, now: datetime) -> User:
    """Change what is given of an account, all of it or nothing. Returns the row.

    Raises `BadText`, `MetadataInvalid`, and what `keep_own_address` raises.
    """
    with transaction.atomic():
        changed = change_person(
            user=user,
            first_name=changes.first_name,
            last_name=changes.last_name,
            language_code=changes.language_code,
            metadata=changes.metadata,
            now=now,
        )
        if changes.default_billing_address is not None:
            keep_own_address(user=user, given=changes.default_billing_address, for_bills=True, now=now)
            changed.refresh_from_db(fields=["billing_address_number"])
        if changes.default_shipping_address is not None:
            keep_own_address(user=user, given=changes.default_shipping_address, for_bills=False, now=now)
    return changed


def keep_own_address(*, user: User, given: AddressInput, for_bills: bool, now: datetime) -> SavedAddress:
    """Keep an address of a person's; the one kept last is where their goods go next.

    With `for_bills` it is the one that bills are made out to instead. Raises `InvalidInput` for a country, a place or
    a phone, `BadText`, `TooManyAddresses`.
    """
    wanted = _to_keep(user, given)
    with transaction.atomic():
        kept = keep_address(actor=Actor(user_id=user.pk), given=wanted, for_bills=for_bills, now=now)
        if for_bills:
            set_billing_address(user=user, number=kept.pk)
    return kept


def change_own_address(
    *, user: User, address_id: int, given: AddressInput, said: Collection[str], now: datetime
) -> SavedAddress:
    """Correct an address of a person's; of its name a part that is not among the `said` fields stays.

    So does the postal code while the commune does. Raises `NotFound`, and as `keep_own_address`.
    """
    actor = Actor(user_id=user.pk)
    with transaction.atomic():
        known = parts_of_name(locked_address(actor=actor, address_id=address_id).name)
        whole = replace(
            given,
            first_name=given.first_name if "first_name" in said else known.first,
            last_name=given.last_name if "last_name" in said else known.last,
        )
        wanted = _to_keep(user, whole, is_postal_said="postal_code" in said)
        return change_address(actor=actor, address_id=address_id, given=wanted, now=now)


def prefer_address(*, user: User, address_id: int, for_bills: bool, now: datetime) -> User:
    """Say which kept address is filled in first, or which bills are made out to. The row. Raises `NotFound`."""
    with transaction.atomic():
        found = locked_address(actor=Actor(user_id=user.pk), address_id=address_id)
        if for_bills:
            return set_billing_address(user=user, number=found.pk)
        found.used_at = now
        found.save(update_fields=["used_at"])
    return user


def _to_keep(user: User, given: AddressInput, *, is_postal_said: bool = True) -> AddressToKeep:
    """The address as it is kept: one name, the family's first, and one line for the street."""
    read = read_address(given)
    if read.country != VIETNAM or read.commune is None:
        raise InvalidInput(_("Chỉ lưu được địa chỉ ở Việt Nam."), field="country")
    phone = read.phone or user.phone
    if not phone:
        raise InvalidInput(_("Cần số điện thoại để người giao hàng gọi."), field="phone", code="REQUIRED")
    return AddressToKeep(
        name=read.name,
        phone=phone,
        street=", ".join(part for part in (read.street_address_1, read.street_address_2) if part),
        commune_code=read.commune.code,
        postal_code=read.postal_code if is_postal_said else None,
    )
