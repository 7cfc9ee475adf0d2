"""The database itself keeps money true: SQL that goes round every service is refused, and gets in without guards."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection

from marketplace.core.actors import ANONYMOUS
from marketplace.orders.models import PaymentCode
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.placing import complete_checkout
from payments.guards import MONEY_GUARDS, WHOLE_DONG
from payments.invariants import violations
from payments.models import CardEvent, GrantedRefund, ReviewItem, TransactionEvent, TransactionItem
from payments.services.by_hand import mark_paid_by_hand
from payments.services.importing import import_statement
from payments.services.reviewing import book_from_review, set_aside
from tests.payments.factories import NOW, PRICE_VND, a_checkout, a_shop, an_order, code_of, pay
from tests.payments.statements.booklets import Entry, vietcombank
from tests.payments.tampering import ATTEMPTS, EVENT, GRANTED, ORDER, REVIEW, Money, change, copy, run
from tests.payments.unguarded import take_off

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("checks_are_on_again")]


@pytest.fixture
def money(db: None) -> Money:
    shop, other = a_shop(), a_shop()
    order, unpaid, by_hand, of_others = an_order(shop), an_order(shop), an_order(shop), an_order(other)
    booked, held = pay(shop, code_of(order)), pay(shop, "no code")
    mark = mark_paid_by_hand(actor=shop.owner, order=by_hand, amount_vnd=PRICE_VND, confirmation="cash", now=NOW)
    aside = ReviewItem.objects.get(notice=pay(shop, "not for goods"))
    set_aside(actor=shop.owner, item=aside, resolution="tien rieng", now=NOW)
    taken = ReviewItem.objects.get(notice=pay(shop, "by a person"))
    book_from_review(actor=shop.owner, item=taken, order=an_order(shop), now=NOW)
    statement = import_statement(
        actor=shop.owner, vendor=shop.vendor, content=vietcombank(shop, [Entry("khach le", 70_000)]), now=NOW
    )
    loose = reserve_checkout(checkout_id=a_checkout(shop), now=NOW)
    granted = GrantedRefund.objects.create(order=order, amount_vnd=10_000, granted_at=NOW, updated_at=NOW)
    connection.check_constraints()
    assert violations() == []
    return Money(
        order=order.pk,
        unpaid=unpaid.pk,
        of_others=of_others.pk,
        booked=booked.pk,
        held=held.pk,
        event=TransactionEvent.objects.get(notice=booked).pk,
        by_hand=mark.pk,
        hand_order=by_hand.pk,
        review=ReviewItem.objects.get(notice=held).pk,
        granted=granted.pk,
        delivery=booked.delivery_id,
        card_event=CardEvent.objects.create(
            stripe_event_id="evt_1", kind="x", livemode=False, happened_at=NOW, received_at=NOW, state="done"
        ).pk,
        item=TransactionItem.objects.get(order=order).pk.hex,
        empty_item=TransactionItem.objects.create(order=unpaid, made_at=NOW).pk.hex,
        code=PaymentCode.objects.get(order=order).pk,
        unpaid_code=PaymentCode.objects.get(order=unpaid).pk,
        loose_code=loose.pk,
        feed=shop.feed.pk.hex,
        closed=aside.pk,
        taken=taken.pk,
        statement=statement.pk.hex,
    )


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_it_is_refused(money: Money, attempt: str) -> None:
    _guards, writes = ATTEMPTS[attempt]

    with pytest.raises(IntegrityError):
        run(writes, money)

    assert violations() == []


@pytest.mark.parametrize("attempt", [name for name, (guards, _) in ATTEMPTS.items() if guards[1:]])
def test_one_guard_alone_refuses_it_where_several_look(money: Money, attempt: str) -> None:
    (_first, *others), writes = ATTEMPTS[attempt]
    take_off(others)

    with pytest.raises(IntegrityError):
        run(writes, money)


@pytest.mark.parametrize("attempt", ATTEMPTS)
def test_control_without_its_guards_it_gets_in(money: Money, attempt: str) -> None:
    guards, writes = ATTEMPTS[attempt]
    take_off(guards)

    run(writes, money)


def test_every_guard_of_money_is_tried() -> None:
    assert {guard.key() for guard in MONEY_GUARDS} <= {guards[0] for guards, _writes in ATTEMPTS.values()}


def test_half_a_dong_and_words_get_into_no_sum_of_money(money: Money) -> None:
    event, order, review = ("payments_transactionevent", "orders_order", "payments_reviewitem")
    if connection.vendor == "postgresql":
        assert [guard.triggers(connection.vendor) for guard in WHOLE_DONG] == [()] * len(WHOLE_DONG)
        return
    writes = [
        copy(EVENT, "by_hand", amount_vnd="0.5", type="'info'", confirmation="''"),
        change(ORDER, "unpaid", charged_vnd="'abc'"),
        change(REVIEW, "review", amount_vnd="20000.5"),
    ]
    for write, table in zip(writes, (event, order, review), strict=True):
        with pytest.raises(IntegrityError, match=f"đồng in {table} are whole numbers"):
            run([write], money)


def test_control_without_the_guard_half_a_dong_gets_in(money: Money) -> None:
    if connection.vendor == "postgresql":
        return
    take_off(["whole_numbers payments.GrantedRefund", "granted_no_more_than_charged_later"])

    run([change(GRANTED, "granted", amount_vnd="10000.5")], money)

    with connection.cursor() as cursor:
        cursor.execute("SELECT typeof(amount_vnd) FROM payments_grantedrefund")
        assert cursor.fetchone() == ("real",)


def test_a_code_goes_to_the_order_made_of_its_checkout(money: Money) -> None:
    code = PaymentCode.objects.get(pk=money.loose_code)
    assert code.checkout_id is not None
    order = complete_checkout(checkout_id=code.checkout_id, actor=ANONYMOUS, now=NOW)
    code.refresh_from_db()
    assert code.order_id == order.pk
