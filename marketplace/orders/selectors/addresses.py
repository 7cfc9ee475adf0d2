"""Whom and where a person who signs in has goods sent to. Everybody finds only their own."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from marketplace.orders.checks import is_row_id
from marketplace.orders.models import SavedAddress

ADDRESSES_A_PERSON_MAX = 10


def saved_addresses(actor: Actor) -> list[SavedAddress]:
    """The person's addresses, the one used last first; one statement, none for nobody."""
    if actor.user_id is None:
        return []
    rows = SavedAddress.objects.filter(user=actor.user_id).select_related("commune__province")
    return list(rows.order_by("-used_at", "-pk")[:ADDRESSES_A_PERSON_MAX])


def saved_address(*, actor: Actor, address_id: int) -> SavedAddress:
    """One of the person's addresses. Raises `NotFound`, also for somebody else's."""
    rows = SavedAddress.objects.select_related("commune__province").filter(user=actor.user_id)
    found = rows.filter(pk=address_id).first() if actor.user_id is not None and is_row_id(address_id) else None
    if found is None:
        raise NotFound(_("Không tìm thấy địa chỉ này."), field="address_id")
    return found
