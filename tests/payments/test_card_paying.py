"""A buyer abroad pays by card, on Stripe's page, straight into the vendor's own account."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from pytest_django import Settings as SettingsWrapper

from marketplace.core.errors import NotFound
from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order
from payments.cards.api import CardServiceAway
from payments.invariants import violations
from payments.models import CardSession, TransactionEvent, TransactionItem
from payments.services.amounts import AmountOutOfRange, NothingToPay
from payments.services.cards.paying import CardPaymentRunning, CardsNotTaken, CardWay, card_way, open_card_session
from tests.payments.card_shop import a_card_shop, account_of, begin, card_rows, later, pay_by_card, sessions, tell
from tests.payments.factories import NOW, PRICE_VND, a_shop, an_order, code_of, fresh, moved, pay, rows, waiting
from tests.payments.fake_stripe import FakeStripe

pytestmark = pytest.mark.django_db


def test_sixty_thousand_dong_stay_sixty_thousand_at_stripe(
    fake_stripe: FakeStripe, settings: SettingsWrapper
) -> None:
    shop = a_card_shop(fake_stripe)
    order = an_order(shop)

    session = begin(order)

    asked = fake_stripe.asked_for("/v1/checkout/sessions")[0]
    price = "line_items[0][price_data]"
    assert (asked.params[f"{price}[unit_amount]"], asked.params[f"{price}[currency]"]) == ("60000", "vnd")
    assert asked.account == session.account.stripe_id
    assert asked.idempotency_key == f"sale-{session.pk}"
    assert asked.params["client_reference_id"] == str(session.pk)
    assert asked.params["payment_method_types[0]"] == "card"
    assert "application_fee_amount" not in " ".join(asked.params)
    back = f"{settings.MARKET_PUBLIC_URL}/orders/{order.token}/"
    assert (asked.params["success_url"], asked.params["cancel_url"]) == (back, back)
    everywhere_else = {name: value for name, value in asked.params.items() if not name.endswith("_url")}
    assert str(order.token) not in str(everywhere_else)
    assert (session.state, session.amount_vnd, session.url) == (
        "open",
        PRICE_VND,
        f"{fake_stripe.url}/c/pay/{session.stripe_id}",
    )


def test_a_paid_page_makes_the_order_paid_by_the_card_networks_word(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    order = an_order(shop)

    session = pay_by_card(fake_stripe, order)

    assert moved(order) == [("charge_success", PRICE_VND, "card")]
    assert (fresh(order).charge_status, fresh(order).status) == ("full", "unfulfilled")
    event = TransactionEvent.objects.get(type="charge_success")
    assert (event.psp_reference, event.happened_at) == (session.payment_intent, NOW)
    assert event.transaction.gateway == "market40.stripe"
    assert (session.state, session.charge_event_id) == ("paid", event.pk)
    assert (waiting(shop), violations()) == ([], [])


def test_a_second_tap_gives_the_same_page_and_asks_stripe_nothing(fake_stripe: FakeStripe) -> None:
    order = an_order(a_card_shop(fake_stripe))

    first, second = begin(order), begin(order, now=later(minutes=20))

    assert (first.pk, first.url) == (second.pk, second.url)
    assert len(fake_stripe.asked_for("/v1/checkout/sessions")) == 1
    assert TransactionItem.objects.filter(gateway="market40.stripe").count() == 1


def test_a_page_about_to_close_is_replaced_and_closed_at_stripe(fake_stripe: FakeStripe) -> None:
    order = an_order(a_card_shop(fake_stripe))
    pay(a_shop(), "an unrelated transfer")
    first = begin(order)
    Order.objects.filter(pk=order.pk).update(expires_at=None)
    fake_stripe.now = later(minutes=44, seconds=30)

    second = begin(order, now=fake_stripe.now)

    assert sessions(order) == [("expired", PRICE_VND), ("open", PRICE_VND)]
    assert fake_stripe.sessions[first.stripe_id]["status"] == "expired"
    assert second.stripe_id != first.stripe_id


def test_after_a_part_by_transfer_the_card_pays_the_rest(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    order = an_order(shop)
    begin(order)
    pay(shop, code_of(order), 20_000)

    pay_by_card(fake_stripe, order)

    assert sorted(sessions(order)) == [("expired", PRICE_VND), ("paid", 40_000)]
    assert moved(order) == [("charge_success", 20_000, "bank"), ("charge_success", 40_000, "card")]
    assert (fresh(order).charge_status, waiting(shop)) == ("full", [])


def test_a_replaced_page_that_was_paid_in_that_moment_is_booked_and_nothing_more_is_asked(
    fake_stripe: FakeStripe,
) -> None:
    shop = a_card_shop(fake_stripe)
    order = an_order(shop)
    first = begin(order)
    fake_stripe.pay(first.stripe_id)  # its event is still on its way
    pay(shop, code_of(order), 20_000)

    with pytest.raises(NothingToPay):
        begin(order)

    assert moved(order) == [("charge_success", 20_000, "bank"), ("charge_success", PRICE_VND, "card")]
    assert waiting(shop) == [("refund_due", 20_000)]
    assert violations() == []


def test_money_that_comes_by_card_after_the_bank_paid_is_a_refund_due(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    order = an_order(shop)
    session = begin(order)
    pay(shop, code_of(order))

    tell(fake_stripe.pay(session.stripe_id))

    assert fresh(order).charge_status == "overcharged"
    assert waiting(shop) == [("refund_due", PRICE_VND)]
    assert violations() == []


def test_money_for_a_cancelled_order_is_held_before_its_vendor(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    order = an_order(shop)
    session = begin(order)
    cancel_order(actor=shop.owner, order=order, reason="hết hàng", now=NOW)

    tell(fake_stripe.pay(session.stripe_id))

    held = CardSession.objects.get(pk=session.pk)
    assert (held.state, held.held_vnd, held.charge_event) == ("held", PRICE_VND, None)
    assert (moved(order), fresh(order).charged_vnd) == ([], 0)
    assert waiting(shop) == [("dispute", PRICE_VND)]
    tell(
        fake_stripe.event(
            "checkout.session.async_payment_succeeded",
            fake_stripe.sessions[session.stripe_id],
            held.account.stripe_id,
        )
    )
    assert CardSession.objects.get(pk=session.pk).held_vnd == PRICE_VND
    assert violations() == []


@pytest.mark.parametrize(
    ("price_vnd", "is_fine"), [(14_999, False), (15_000, True), (99_999_999, True), (100_000_000, False)]
)
def test_amounts_a_card_cannot_carry_are_refused_clearly(
    fake_stripe: FakeStripe, price_vnd: int, is_fine: bool
) -> None:
    order = an_order(a_card_shop(fake_stripe, price_vnd=price_vnd))

    assert card_way(order) == (CardWay.OFFERED if is_fine else CardWay.NONE)
    if is_fine:
        assert begin(order).amount_vnd == price_vnd
        return
    with pytest.raises(AmountOutOfRange, match=r"15\.000.*99\.999\.999"):
        begin(order)
    assert sessions(order) == []


def test_orders_with_nothing_to_pay_are_refused_and_nothing_is_asked(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    paid, cancelled, expired = an_order(shop), an_order(shop), an_order(shop)
    pay(shop, code_of(paid))
    cancel_order(actor=shop.owner, order=cancelled, reason="hết hàng", now=NOW)
    Order.objects.filter(pk=expired.pk).update(status="expired")
    before = (rows(), card_rows(), len(fake_stripe.asked))

    for order in (paid, cancelled, expired):
        with pytest.raises(NothingToPay):
            begin(order)
        assert card_way(fresh(order)) == CardWay.NONE

    assert (rows(), card_rows(), len(fake_stripe.asked)) == before


def test_shops_without_an_enabled_account_take_no_cards(fake_stripe: FakeStripe) -> None:
    without = an_order(a_shop())
    shop = a_card_shop(fake_stripe)
    no_more = an_order(shop)
    tell(fake_stripe.onboard(account_of(shop).stripe_id, charges_enabled=False), now=later(seconds=1))

    for order in (without, no_more):
        assert card_way(order) == CardWay.NONE
        with pytest.raises(CardsNotTaken):
            begin(order)


def test_nothing_of_cards_is_there_unless_configured(fake_stripe: FakeStripe, settings: SettingsWrapper) -> None:
    order = an_order(a_card_shop(fake_stripe))
    settings.MARKET_STRIPE_SECRET_KEY = ""

    assert card_way(order) == CardWay.NONE
    with pytest.raises(NotFound):
        begin(order)
    with pytest.raises(NotFound):
        open_card_session(token=order.token, now=NOW)


def test_a_strangers_token_finds_nothing(fake_stripe: FakeStripe) -> None:
    a_card_shop(fake_stripe)

    with pytest.raises(NotFound):
        begin(Order(token=uuid.uuid4()))


def test_the_open_page_is_found_until_it_closes_or_the_sum_changes(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    order = an_order(shop)
    with pytest.raises(NotFound):
        open_card_session(token=order.token, now=NOW)
    session = begin(order)

    assert open_card_session(token=order.token, now=NOW).pk == session.pk
    with pytest.raises(NotFound):
        open_card_session(token=order.token, now=NOW + timedelta(minutes=44, seconds=1))
    pay(shop, code_of(order), 20_000)
    with pytest.raises(NotFound):
        open_card_session(token=order.token, now=NOW)


def test_a_payment_that_runs_at_the_card_network_is_waited_for(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    order = an_order(shop)
    session = begin(order)

    tell(fake_stripe.pay_slowly(session.stripe_id))

    assert (sessions(order), card_way(order)) == ([("processing", PRICE_VND)], CardWay.RUNNING)
    assert moved(order) == []
    with pytest.raises(CardPaymentRunning):
        begin(order)
    tell(fake_stripe.end_slowly(session.stripe_id, paid=True))
    assert moved(order) == [("charge_success", PRICE_VND, "card")]


def test_a_slow_payment_that_fails_is_noted_once_and_the_buyer_may_try_again(fake_stripe: FakeStripe) -> None:
    order = an_order(a_card_shop(fake_stripe))
    session = begin(order)
    tell(fake_stripe.pay_slowly(session.stripe_id))

    tell(fake_stripe.end_slowly(session.stripe_id, paid=False))
    tell(fake_stripe.end_slowly(session.stripe_id, paid=False))

    assert moved(order) == [("charge_failure", PRICE_VND, "card")]
    assert sessions(order) == [("failed", PRICE_VND)]
    assert (fresh(order).charge_status, begin(order).state) == ("none", "open")


def test_a_page_that_expired_pays_nothing(fake_stripe: FakeStripe) -> None:
    order = an_order(a_card_shop(fake_stripe))
    session = begin(order)

    tell(fake_stripe.expire(session.stripe_id))

    assert (sessions(order), moved(order)) == ([("expired", PRICE_VND)], [])


def test_a_page_told_of_before_stripes_answer_is_kept_is_found_by_our_own_key(fake_stripe: FakeStripe) -> None:
    order = an_order(a_card_shop(fake_stripe))
    fake_stripe.failures += ["drop", "drop"]
    with pytest.raises(CardServiceAway):
        begin(order)
    (stripe_id,) = fake_stripe.sessions

    tell(fake_stripe.pay(stripe_id))

    session = CardSession.objects.get(order=order)
    assert (session.state, session.stripe_id) == ("paid", stripe_id)
    assert moved(order) == [("charge_success", PRICE_VND, "card")]


def test_a_page_is_found_by_our_own_key_without_reading_those_of_others(fake_stripe: FakeStripe) -> None:
    order, others = an_order(a_card_shop(fake_stripe)), [an_order(a_card_shop(fake_stripe)) for _ in range(3)]
    for one in (*others, order):
        fake_stripe.failures += ["drop", "drop"]
        with pytest.raises(CardServiceAway):
            begin(one)
    key = str(CardSession.objects.get(order=order).pk)
    paid = next(made["id"] for made in fake_stripe.sessions.values() if made["client_reference_id"] == key)
    read: list[str] = []
    init = CardSession.from_db.__func__  # type: ignore[attr-defined]  # a class method's function

    def from_db(cls: type[CardSession], db: str, names: list[str], values: list[object]) -> CardSession:
        made: CardSession = init(cls, db, names, values)
        read.append(str(made.order_id))
        return made

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(CardSession, "from_db", classmethod(from_db))
        tell(fake_stripe.pay(paid))

    assert set(read) == {str(order.pk)}
    assert moved(order) == [("charge_success", PRICE_VND, "card")]


@pytest.mark.parametrize("reference", ["", "x", "vendor:1", "upper"])
def test_what_is_not_our_key_as_we_gave_it_finds_no_page(fake_stripe: FakeStripe, reference: str) -> None:
    order = an_order(a_card_shop(fake_stripe))
    fake_stripe.failures += ["drop", "drop"]
    with pytest.raises(CardServiceAway):
        begin(order)
    (stripe_id,) = fake_stripe.sessions
    made = fake_stripe.sessions[stripe_id]
    given = str(made["client_reference_id"]).upper() if reference == "upper" else reference
    made["client_reference_id"] = given

    tell(fake_stripe.pay(stripe_id))

    assert (sessions(order)[0][0], moved(order)) == ("new", [])
