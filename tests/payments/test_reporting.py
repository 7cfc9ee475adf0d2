"""What programs report of payments: counted as their word, once, and never more than is owed or came."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import MarketError, NotFound
from marketplace.core.metadata import Change
from marketplace.core.text import BadText
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order
from marketplace.orders.services.placing import complete_checkout
from marketplace.people.models import App
from marketplace.people.programs import make_app
from payments.invariants import violations
from payments.models import ReviewItem, TransactionEvent, TransactionItem
from payments.services import reporting
from payments.services.amounts import AmountOutOfRange, NothingToPay
from payments.services.granting import grant_refund
from payments.services.moving import STRIPE_GATEWAY
from payments.services.permissions import MayNotReport
from payments.services.reporting import CannotReport, OtherDetails, OtherOrder, Report, Reported, report_event
from payments.services.requesting import payment_for_checkout, payment_for_order
from payments.services.reviewing import AlreadyTold, book_from_review
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    Shop,
    a_checkout,
    a_shop,
    an_order,
    code_of,
    fresh,
    journal,
    moved,
    pay,
    rows,
    waiting,
)
from tests.plugins.database import at_once

OPERATOR = Actor(user_id=None, is_operator=True)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def a_program(*permissions: str) -> App:
    return make_app(actor=SYSTEM, name="Cổng thanh toán", permissions=permissions, now=NOW)[0]


def asked_for(order: Order) -> TransactionItem:
    """The transaction by which the buyer was asked to pay all of it."""
    return payment_for_order(order=order, now=NOW).transaction


def asked_for_again(order: Order) -> TransactionItem:
    """A transaction of the order, whatever was paid."""
    return TransactionItem.objects.filter(order=order)[0]


def told(
    item: TransactionItem, type: str = "charge_success", amount: int | None = PRICE_VND, **more: Any
) -> Reported:
    """A report with the reference FT1, by the operator."""
    by = {"actor": OPERATOR, "app": None, "now": NOW} | {
        key: more.pop(key) for key in ("actor", "app") if key in more
    }
    report = Report(type=type, amount_vnd=amount, **({"reference": "FT1"} | more))
    return report_event(transaction_id=item.pk, report=report, **by)


@pytest.mark.django_db
@pytest.mark.usefixtures("money_adds_up")
class TestMoneyThatCame:
    def test_is_booked_as_the_programs_word_and_never_called_confirmed(self, shop: Shop) -> None:
        order, app = an_order(shop), a_program("HANDLE_PAYMENTS")

        reported = told(asked_for(order), actor=ANONYMOUS, app=app, message="Ví  điện tử")

        event = reported.event
        assert (fresh(order).status, fresh(order).charge_status) == ("unfulfilled", "full")
        assert moved(order) == [("charge_success", PRICE_VND, "vendor")]
        assert (reported.was_known, event.psp_reference, event.message) == (False, "FT1", "Ví điện tử")
        assert (event.transaction.gateway, event.happened_at, event.actor_id) == ("market40.vendor", NOW, None)
        assert journal("transaction.reported") == [{"transaction_event": event.pk, "app": app.pk}]

    def test_is_booked_whatever_the_program_has_to_say_about_it(self, shop: Shop) -> None:
        order = an_order(shop)
        reference = "pi_" + "3" * 509

        event = told(asked_for(order), reference=reference, message="Lời dài. " * 60).event

        event.refresh_from_db()
        assert (event.psp_reference, event.message) == (reference, ("Lời dài. " * 60)[:512].strip())
        assert moved(order) == [("charge_success", PRICE_VND, "vendor")]
        assert told(asked_for_again(order), reference=reference).was_known

    def test_told_again_is_the_same_event_and_with_another_amount_it_is_refused(self, shop: Shop) -> None:
        order = an_order(shop)
        item = asked_for(order)
        first = told(item)
        before = rows()

        again = told(first.event.transaction)

        assert (again.event, again.was_known) == (first.event, True)
        with pytest.raises(OtherDetails) as refused:
            told(item, amount=PRICE_VND - 1)
        assert (refused.value.code, refused.value.field) == ("INCORRECT_DETAILS", "psp_reference")
        assert rows() == before

    def test_that_the_bank_told_of_before_is_the_banks_event(self, shop: Shop) -> None:
        order = an_order(shop)
        pay(shop, code_of(order), referenceCode="FT1")

        reported = told(TransactionItem.objects.get(order=order))

        assert (reported.was_known, reported.event.confirmation) == (True, "bank")
        assert moved(order) == [("charge_success", PRICE_VND, "bank")]

    def test_that_the_bank_tells_of_afterwards_waits_for_the_shop_and_is_not_booked_twice(self, shop: Shop) -> None:
        order = an_order(shop)
        told(asked_for(order))

        pay(shop, code_of(order))

        assert moved(order) == [("charge_success", PRICE_VND, "vendor")]
        assert waiting(shop) == [("unmatched", PRICE_VND)]

    @pytest.mark.parametrize(
        ("reported", "amount", "told_by_bank"),
        [("FT1", 20_000, "ft-1"), ("Ví 7", 20_000, "FT1"), ("FT26330000001", 30_000, "26330000001")],
    )
    def test_in_part_and_may_be_what_the_bank_tells_of_afterwards_is_booked_once(
        self, shop: Shop, reported: str, amount: int, told_by_bank: str
    ) -> None:
        order = an_order(shop)
        told(asked_for(order), amount=amount, reference=reported)

        notice = pay(shop, code_of(order), 20_000, referenceCode=told_by_bank)

        assert (notice.state, notice.why) == ("review", "may_be_repeat")
        assert moved(order) == [("charge_success", amount, "vendor")]
        assert ("unmatched", 20_000) in waiting(shop)

    def test_in_part_leaves_the_rest_to_the_bank(self, shop: Shop) -> None:
        order = an_order(shop)
        told(asked_for(order), amount=20_000)

        pay(shop, code_of(order), 20_000, referenceCode="FT2")
        pay(shop, code_of(order), 20_000, referenceCode="FT3")

        said = [("charge_success", 20_000, "vendor"), ("charge_success", 20_000, "bank")]
        assert moved(order) == [*said, ("charge_success", 20_000, "bank")]

    def test_that_waited_for_the_shop_is_not_booked_beside_its_report(self, shop: Shop) -> None:
        order = an_order(shop)
        item = ReviewItem.objects.get(notice=pay(shop, "tra tien", 20_000, referenceCode="FT1"))
        told(asked_for(order), amount=20_000)

        with pytest.raises(AlreadyTold):
            book_from_review(actor=shop.owner, item=item, order=order, now=NOW)

        other = ReviewItem.objects.get(notice=pay(shop, "tra tien", 20_000, referenceCode="FT2"))
        book_from_review(actor=shop.owner, item=other, order=order, now=NOW)
        assert [amount for _type, amount, _said in moved(order)] == [20_000, 20_000]

    def test_is_counted_for_one_order_of_the_shop_and_not_for_another(self, shop: Shop) -> None:
        order, another, elsewhere = an_order(shop), an_order(shop), an_order(a_shop())
        told(asked_for(order), amount=20_000)
        pay(shop, code_of(order), 40_000, referenceCode="FT2")
        item = asked_for(another)
        before = rows()

        for reference in ("FT1", "FT2"):
            with pytest.raises(OtherOrder) as refused:
                told(item, amount=20_000, reference=reference)
            assert (refused.value.code, refused.value.field) == ("ALREADY_EXISTS", "psp_reference")

        assert rows() == before
        told(asked_for(elsewhere), amount=20_000)
        assert moved(elsewhere) == [("charge_success", 20_000, "vendor")]

    def test_in_parts_is_booked_each_by_its_reference_up_to_what_is_owed(self, shop: Shop) -> None:
        order = an_order(shop)
        item = asked_for(order)
        told(item, amount=20_000)

        for amount in (0, 40_001):
            with pytest.raises(AmountOutOfRange):
                told(item, amount=amount, reference="FT2")
        told(item, amount=40_000, reference="FT2")

        assert fresh(order).charge_status == "full"
        with pytest.raises(NothingToPay):
            told(item, amount=1, reference="FT3")

    def test_for_an_order_that_owes_nothing_is_refused_in_words_for_the_shop_and_not_for_a_buyer(
        self, shop: Shop
    ) -> None:
        cancelled, paid = an_order(shop), an_order(shop)
        items = [asked_for(order) for order in (cancelled, paid)]
        cancel_order(actor=shop.owner, order=cancelled, reason="", now=NOW)
        told(items[1], reference="FT1")

        for item in items:
            with pytest.raises(NothingToPay) as refusal:
                told(item, reference="FT3")
            assert (refusal.value.code, refusal.value.field) == ("INVALID", "id")
            assert str(refusal.value) == (
                "Đơn này đã hủy hoặc không còn nợ, nên chợ không ghi khoản này. "
                "Nếu tiền đã về, gian hàng trả lại khách."
            )

    def test_is_counted_on_the_day_it_came_in_vietnam(self, shop: Shop) -> None:
        item = asked_for(an_order(shop))

        event = told(item, happened_at=NOW + timedelta(minutes=4)).event

        assert (event.happened_at, event.bank_date.isoformat()) == (NOW, "2026-11-22")

    def test_for_a_checkout_waits_for_its_order(self, shop: Shop) -> None:
        checkout_id = a_checkout(shop)
        item = payment_for_checkout(checkout_id=checkout_id, now=NOW).transaction
        with pytest.raises(CannotReport) as refused:
            told(item)
        assert refused.value.field == "id"

        order = complete_checkout(checkout_id=checkout_id, actor=ANONYMOUS, now=NOW)

        assert told(item).event.order_id == order.pk
        assert told(item, "info", None, message="Đã đối soát").event.transaction_id == item.pk

    def test_keeps_texts_with_the_transaction_it_is_in(self, shop: Shop) -> None:
        texts = {"texts": Change(put={"kênh": "ví"}), "private_texts": Change(put={"phí": "0"})}

        item = told(asked_for(an_order(shop)), **texts).event.transaction

        assert (item.metadata, item.private_metadata) == ({"kênh": "ví"}, {"phí": "0"})
        assert TransactionItem.objects.get(pk=item.pk).metadata == {"kênh": "ví"}


@pytest.mark.django_db
@pytest.mark.usefixtures("money_adds_up")
class TestMoneyThatWentBack:
    def test_comes_out_of_the_transaction_that_it_came_into(self, shop: Shop) -> None:
        order = an_order(shop)
        held = told(asked_for(order)).event.transaction

        told(held, "refund_success", 10_000, reference="FT9")

        assert told(held, "refund_success", 10_000, reference="FT9").was_known
        assert moved(order)[1:] == [("refund_success", 10_000, "vendor")]
        assert fresh(order).charged_vnd == PRICE_VND - 10_000
        with pytest.raises(AmountOutOfRange):
            told(held, "refund_success", PRICE_VND, reference="FT10")

    def test_is_no_more_than_is_free_of_promises(self, shop: Shop) -> None:
        order = an_order(shop)
        held = told(asked_for(order)).event.transaction
        grant_refund(actor=shop.owner, order=fresh(order), amount_vnd=50_000, reason="Vỡ", now=NOW)

        with pytest.raises(AmountOutOfRange):
            told(held, "refund_success", 10_001, reference="FT9")

    def test_out_of_a_transaction_that_holds_nothing_is_refused(self, shop: Shop) -> None:
        order = an_order(shop)
        item = asked_for(order)
        told(item)

        with pytest.raises(NothingToPay):
            told(item, "refund_success", 1, reference="FT9")


@pytest.mark.django_db
@pytest.mark.usefixtures("money_adds_up")
@pytest.mark.parametrize("type", ["charge_failure", "refund_failure", "info"])
def test_what_moves_no_money_is_written_down_with_what_was_said(shop: Shop, type: str) -> None:
    order = an_order(shop)
    item = asked_for(order)

    event = told(item, type, None, message="Khách chưa chuyển").event

    assert (event.transaction_id, event.amount_vnd, event.message) == (item.pk, 0, "Khách chưa chuyển")
    assert (told(item, type, None).was_known, fresh(order).charged_vnd) == (True, 0)
    assert told(told(item).event.transaction, type, 5, reference="FT2").event.amount_vnd == 5


@pytest.mark.django_db
def test_only_the_operator_and_programs_that_were_let_may_report(shop: Shop) -> None:
    item = asked_for(an_order(shop))
    before = rows()

    for actor, app in [
        (ANONYMOUS, None),
        (shop.owner, None),
        (Actor(user_id=shop.owner.user_id, commune_codes=frozenset({"01501"})), None),
        (ANONYMOUS, a_program("MANAGE_ORDERS", "MANAGE_CHECKOUTS")),
    ]:
        with pytest.raises(MayNotReport):
            told(item, actor=actor, app=app)
        with pytest.raises(MayNotReport):
            told(TransactionItem(pk=uuid.uuid4()), actor=actor, app=app)

    assert {**rows(), "JournalEvent": 0} == {**before, "JournalEvent": 0}
    with pytest.raises(NotFound):
        told(TransactionItem(pk=uuid.uuid4()))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field", "kind"),
    [
        ({"type": "charge_back"}, "type", CannotReport),
        ({"type": "charge_request"}, "type", CannotReport),
        ({"type": "charge_action_required"}, "type", CannotReport),
        ({"type": "authorization_success"}, "type", CannotReport),
        ({"reference": " "}, "psp_reference", CannotReport),
        ({"reference": "F" * 513}, "psp_reference", BadText),
        ({"amount": None}, "amount", CannotReport),
        ({"happened_at": NOW - timedelta(minutes=6)}, "time", CannotReport),
        ({"happened_at": NOW + timedelta(minutes=6)}, "time", CannotReport),
        ({"happened_at": NOW.replace(tzinfo=None)}, "time", CannotReport),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    shop: Shop, wrong: dict[str, Any], field: str, kind: type[MarketError]
) -> None:
    item = asked_for(an_order(shop))
    before = rows()

    with pytest.raises(kind) as refused:
        told(item, **wrong)

    assert refused.value.field == field
    assert rows() == before


@pytest.mark.django_db
def test_what_a_card_did_only_its_network_says(shop: Shop) -> None:
    order = an_order(shop)
    card = TransactionItem.objects.create(order=order, gateway=STRIPE_GATEWAY, made_at=NOW)

    for type in ("charge_success", "refund_success"):
        with pytest.raises(CannotReport):
            told(card, type)
    assert told(card, "info", None).event.type == "info"
    assert moved(order) == [("info", 0, "vendor")]


def at_the_same_moment(count: int) -> list[bool | Exception]:
    """One report, told by as many at once: whether each found it there."""
    item = asked_for(an_order(a_shop()))
    calls: list[Callable[[], Reported]] = [partial(told, item)] * count
    return [one.was_known if isinstance(one, Reported) else one for one in at_once(calls)]


def test_one_report_from_many_at_once_is_booked_once(committed_db: None) -> None:
    answers = at_the_same_moment(6)

    assert sorted(answers, key=bool) == [False] + [True] * 5
    assert TransactionEvent.objects.filter(type="charge_success").count() == 1
    assert violations() == []


def test_one_transfer_reported_on_two_orders_at_once_is_counted_on_one(committed_db: None) -> None:
    shop = a_shop()
    items = [asked_for(an_order(shop)) for _order in range(4)]
    calls: list[Callable[[], Reported]] = [partial(told, item) for item in items]

    answers = at_once(calls)

    assert sorted(type(one).__name__ for one in answers) == ["OtherOrder"] * 3 + ["Reported"]
    assert TransactionEvent.objects.filter(type="charge_success").count() == 1


@pytest.mark.django_db
def test_control_without_the_look_for_it_a_report_told_twice_is_booked_twice(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reporting, "_known", lambda *_asked: None)
    order = an_order(shop)
    item = asked_for(order)

    told(item, amount=20_000)
    told(item, amount=20_000)

    assert fresh(order).charged_vnd == 40_000
