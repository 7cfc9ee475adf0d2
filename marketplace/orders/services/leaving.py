"""Deleting an account with all that hangs on it, in one transaction; orders keep what they were placed with."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.orders.models import Checkout, SavedAddress
from marketplace.people.leaving import HoldsOffice, ask_to_leave, erase_person
from marketplace.people.models import User
from vendors.models import Membership


def request_deletion(*, user: User, redirect_url: str, now: datetime) -> None:
    """Have the link sent that deletes an account. Raises `HoldsOffice`, also for members of shops, `NoMailbox`."""
    _refuse_member(user)
    ask_to_leave(user=user, redirect_url=redirect_url, now=now)


def delete_account(*, user: User, secret: str, now: datetime) -> User:
    """Erase the person who holds the link: name, phone, e-mail, kept addresses, sign-ins. Returns the blank row.

    Open checkouts are nobody's then and are forgotten with all others. Raises `WrongLink`, `HoldsOffice`.
    """
    with transaction.atomic():
        _refuse_member(user)
        # In the house's order of locks: placing an order holds its checkout and then the buyer.
        checkouts = Checkout.objects.filter(user=user)
        list(checkouts.select_for_update(no_key=True).order_by("pk").values_list("pk"))
        erased = erase_person(user=user, secret=secret, now=now)
        SavedAddress.objects.filter(user=user).delete()
        checkouts.update(user=None)
    return erased


def _refuse_member(user: User) -> None:
    if Membership.objects.filter(user=user).exists():
        raise HoldsOffice(_("Bạn đang ở trong một gian hàng. Rời gian hàng trước, rồi mới xóa tài khoản được."))
