"""Notices that were kept while settling them failed are finished, provably, and hold nobody up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError

from marketplace.core.tasks import periodic_tasks
from marketplace.orders.models import Checkout
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import release_due_reservations
from payments.matching import Book
from payments.models import BankNotice, ReviewItem
from payments.services import booking
from payments.services.notices import SWEEP_PATIENCE_S, sweep_received
from tests.payments.factories import NOW, PRICE_VND, Shop, a_checkout, a_shop, an_order, code_of, moved, pay, waiting

pytestmark = pytest.mark.django_db
PATIENCE = timedelta(seconds=SWEEP_PATIENCE_S)


@pytest.fixture
def shop(money_adds_up: None) -> Shop:
    return a_shop()


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Booking fails until `undo` is called."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    with monkeypatch.context() as patch:
        patch.setattr(booking, "charge", fail)
        yield patch


def states() -> list[str]:
    return list(BankNotice.objects.order_by("pk").values_list("state", flat=True))


def test_the_sweep_books_what_could_not_be_booked_when_it_came(shop: Shop, broken: pytest.MonkeyPatch) -> None:
    order = an_order(shop)
    assert pay(shop, code_of(order)).state == "received"
    broken.undo()

    assert sweep_received(now=NOW) == 1

    assert (states(), moved(order)) == (["booked"], [("charge_success", PRICE_VND, "bank")])
    assert sweep_received(now=NOW) == 0
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]


def test_the_sweep_decides_as_the_first_time_would_have(shop: Shop, broken: pytest.MonkeyPatch) -> None:
    broken.setattr(booking, "decide", booking.charge)
    order = an_order(shop)
    for content, changes in (
        (code_of(order), {"accountNumber": "1", "subAccount": shop.account}),
        ("no code", {}),
        ("x", {"transferType": "out"}),
        ("x", {"accountNumber": "19001234567"}),
        (code_of(order), {"transferAmount": 0.5 + PRICE_VND}),
        ("", {"code": code_of(order), "content": "", "description": ""}),
    ):
        pay(shop, content, **changes)
    assert states() == ["received"] * 6
    broken.undo()

    assert sweep_received(now=NOW) == 6

    notices = list(BankNotice.objects.order_by("pk").values_list("state", "why"))
    assert notices == [
        ("booked", ""),
        ("review", "no_code"),
        ("ignored", "outgoing"),
        ("ignored", "foreign_account"),
        ("review", "amount_not_whole"),
        ("review", "order_already_paid"),
    ]


def test_one_that_cannot_be_booked_holds_up_nobody_and_goes_to_a_person(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, sound = an_order(shop), an_order(shop)
    charge = booking.charge

    def fail_for_poison(order: Any, *args: Any, **more: Any) -> Any:
        if order.pk == poison.pk:
            raise RuntimeError("broken")
        return charge(order, *args, **more)

    monkeypatch.setattr(booking, "charge", lambda *_, **__: 1 / 0)
    pay(shop, code_of(poison))
    pay(shop, code_of(sound))
    monkeypatch.setattr(booking, "charge", fail_for_poison)

    assert sweep_received(now=NOW + PATIENCE - timedelta(seconds=1)) == 1
    assert states() == ["received", "booked"]
    assert sweep_received(now=NOW + PATIENCE) == 1
    assert states() == ["review", "booked"]
    assert waiting(shop) == [("unmatched", PRICE_VND)]
    assert BankNotice.objects.order_by("pk")[0].why == "booking_failed"
    assert ReviewItem.objects.get().order is None


def test_what_is_no_sale_never_bothers_a_person(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(booking, "find", lambda _: 1 / 0)
    pay(shop, "x", transferType="out")

    assert sweep_received(now=NOW + PATIENCE) == 1
    assert (states(), waiting(shop)) == (["ignored"], [])


def test_a_busy_database_is_waited_for_without_end(shop: Shop, broken: pytest.MonkeyPatch) -> None:
    order = an_order(shop)
    pay(shop, code_of(order))

    def busy(*_: object, **__: object) -> None:
        raise OperationalError("locked")

    broken.setattr(booking, "charge", busy)
    assert sweep_received(now=NOW + 10 * PATIENCE) == 0
    assert states() == ["received"]
    broken.undo()
    assert sweep_received(now=NOW + 10 * PATIENCE) == 1
    assert states() == ["booked"]


def test_a_sweep_takes_at_most_what_it_is_given_the_oldest_first(shop: Shop, broken: pytest.MonkeyPatch) -> None:
    orders = [an_order(shop) for _ in range(3)]
    for minute, order in zip((6, 4, 5), orders, strict=True):
        pay(shop, code_of(order), now=NOW + timedelta(minutes=minute))
    broken.undo()

    assert sweep_received(now=NOW, at_most=2) == 2

    assert [len(moved(order)) for order in orders] == [0, 1, 1]


def test_a_notice_that_somebody_else_finished_meanwhile_is_left_alone(
    shop: Shop, broken: pytest.MonkeyPatch, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    pay(shop, code_of(order))
    broken.undo()
    monkeypatch.setattr("payments.services.notices.lock_if_free", lambda _: None)

    assert sweep_received(now=NOW + PATIENCE) == 0
    assert states() == ["received"]


def test_the_worker_sweeps_and_erases_by_itself(shop: Shop, broken: pytest.MonkeyPatch) -> None:
    tasks = {task.name: task for task in periodic_tasks()}
    pay(shop, code_of(an_order(shop)))
    broken.undo()

    assert tasks["payments.sweep_received"].every_s <= 60
    assert tasks["payments.sweep_received"].run(NOW) == 1
    assert tasks["payments.erase_old_bodies"].run(NOW + timedelta(days=91)) == 1


def test_a_decision_that_contradicts_what_is_locked_changes_nothing(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = reserve_checkout(checkout_id=a_checkout(shop), now=NOW)
    release_due_reservations(now=NOW + timedelta(hours=2), at_most=10)
    Checkout.objects.filter(pk=code.checkout_id).delete()
    book = Book(code=code.code, sale="x", amount=PRICE_VND, outstanding=0, refund_due=0, revives=False)
    monkeypatch.setattr(booking, "decide", lambda *_, **__: book)

    assert pay(shop, code.code).state == "received"
    monkeypatch.undo()
    assert sweep_received(now=NOW) == 1
    assert BankNotice.objects.get().why == "order_cancelled"
