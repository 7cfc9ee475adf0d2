"""Row locks are taken in the house's order, so that nobody waits in a ring: seen from a second connection."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db import connection, transaction

from catalog.models import Stock
from catalog.services import stock_levels
from catalog.services.stock_levels import set_stocks
from marketplace.core.actors import ANONYMOUS
from marketplace.orders.models import Checkout
from marketplace.orders.services import leaving
from marketplace.orders.services.checkouts import LineWanted, create_checkout
from marketplace.orders.services.leaving import delete_account
from marketplace.people import changing
from marketplace.people.models import User
from marketplace.people.sessions import end_sessions
from tests.orders.factories import a_person
from tests.payments.factories import NOW, a_shop
from tests.plugins.database import waits
from vendors.services import add_warehouse

pytestmark = [
    pytest.mark.usefixtures("committed_db"),
    # SQLite has one writer at a time.
    pytest.mark.postgresql,
]


def locked(rows: Any) -> bool:
    """Whether somebody else holds the first of `rows`."""
    return waits(lambda: list(rows.select_for_update(no_key=True)[:1]))


def test_stocks_that_a_shop_counts_are_locked_in_the_order_in_which_orders_lock_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = a_shop()
    second = add_warehouse(actor=shop.owner, vendor=shop.vendor, kind="shop", name="Kho hai", now=NOW)
    Stock.objects.create(variant=shop.variant, warehouse=second, quantity=1)
    set_stock = stock_levels.set_stock
    held = []

    def looking(**asked: Any) -> Any:
        held.append(locked(Stock.objects.filter(pk=shop.stock.pk)))
        return set_stock(**asked)

    monkeypatch.setattr(stock_levels, "set_stock", looking)

    set_stocks(actor=shop.owner, variant=shop.variant, stocks=[(second.pk, 5), (shop.stock.warehouse_id, 7)], now=NOW)

    assert held == [True, True]
    assert list(Stock.objects.order_by("pk").values_list("quantity", flat=True)) == [7, 5]


def test_a_person_who_leaves_lets_go_of_their_checkouts_before_their_own_row_is_locked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop, user = a_shop(), a_person()
    line = LineWanted(variant_id=shop.variant.pk, quantity=1)
    checkout = create_checkout(actor=ANONYMOUS, user=user, lines=[line], now=NOW)
    held = []

    def looking(*, user: User, secret: str, now: object) -> User:
        held.append(locked(Checkout.objects.filter(pk=checkout.pk)))
        held.append(locked(User.objects.filter(pk=user.pk)))
        return user

    monkeypatch.setattr(leaving, "erase_person", looking)

    delete_account(user=user, secret="x", now=NOW)

    assert held == [True, False]
    checkout.refresh_from_db()
    assert checkout.user_id is None


def refers_to(user: User) -> None:
    """What the check of a foreign key to a person locks."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {User._meta.db_table} WHERE id = %s FOR KEY SHARE", [user.pk])


def test_ending_sessions_and_changing_a_person_let_others_refer_to_them_meanwhile() -> None:
    user = a_person()
    changes = [
        partial(end_sessions, user.pk, now=NOW),
        partial(changing.change_person, user=user, language_code="en", now=NOW),
        partial(changing.set_billing_address, user=user, number=None),
    ]

    for change in changes:
        with transaction.atomic():
            change()
            assert not waits(partial(refers_to, user))
            assert locked(User.objects.filter(pk=user.pk))
