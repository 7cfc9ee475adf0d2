"""The card in the pages: quiet on the order's page, plain on the way to Stripe, never said before Stripe says it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings as SettingsWrapper

from marketplace.orders.models import Order
from marketplace.orders.services.ending import cancel_order
from payments.cards.api import CardServiceAway
from payments.models import CardRefund, CardSession, ReviewItem
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.services.cards.sweeping import sweep_cards
from tests.payments.card_shop import a_card_shop, account_of, begin, card_rows, later, pay_by_card, sessions, tell
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop, an_order, code_of, moved, pay, rows
from tests.payments.fake_stripe import FakeStripe, Refusal
from tests.storefront.conftest import PAGE_BYTES_MAX
from tests.storefront.shopping import text_of
from tests.storefront.working import form, owner_at, seller_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
BUTTON = "Trả bằng thẻ (khách nước ngoài)"


@pytest.fixture
def shop(fake_stripe: FakeStripe) -> Shop:
    return a_card_shop(fake_stripe)


@pytest.fixture
def order(shop: Shop) -> Order:
    return an_order(shop)


def address(order: Order, part: str = "") -> str:
    return f"/orders/{order.token}/{part}"


# The buyer.


def test_the_orders_page_offers_the_card_below_the_vietqr(shopper: Client, order: Order) -> None:
    page = shopper.get(address(order)).content.decode()

    assert BUTTON in page
    assert page.index("qr.svg") < page.index(BUTTON)
    assert f'action="{address(order, "card/")}"' in page
    assert BUTTON in shopper.get(address(order, "state/")).content.decode()


def test_without_an_account_or_without_a_key_there_is_no_button(
    shopper: Client,
    shop: Shop,
    order: Order,
    settings: SettingsWrapper,
    statements: Callable[[Callable[[], object]], int],
) -> None:
    assert BUTTON not in text_of(shopper.get(address(an_order(a_shop()))))
    settings.MARKET_STRIPE_SECRET_KEY = ""
    assert BUTTON not in text_of(shopper.get(address(order)))
    without = statements(lambda: shopper.get(address(order)))
    settings.MARKET_STRIPE_SECRET_KEY = "sk_test_x"
    assert statements(lambda: shopper.get(address(order))) <= without + 4


def test_the_button_leads_over_a_page_of_ours_by_a_plain_link(
    fake_stripe: FakeStripe, shopper: Client, order: Order
) -> None:
    answer = shopper.post(address(order, "card/"), form())
    assert (answer.status_code, answer["Location"]) == (302, address(order, "card/"))

    page = shopper.get(answer["Location"])

    session = CardSession.objects.get()
    assert f'<a class="button wide large" href="{session.url}" rel="noreferrer">' in page.content.decode()
    words = text_of(page)
    assert "60.000 ₫" in words
    assert "Trả trước 10:45" in words
    assert "form-action 'self'" in page["Content-Security-Policy"]
    assert page["Referrer-Policy"] == "same-origin"
    assert page.content.decode().count("<h1>") == 1
    assert len(page.content) <= PAGE_BYTES_MAX


def test_tapping_twice_leads_to_the_same_page(fake_stripe: FakeStripe, shopper: Client, order: Order) -> None:
    for _ in range(2):
        shopper.post(address(order, "card/"), form())

    assert (sessions(order), len(fake_stripe.sessions)) == ([("open", PRICE_VND)], 1)


def test_paid_by_card_is_told_apart_from_the_banks_word(
    fake_stripe: FakeStripe, shopper: Client, shop: Shop, order: Order
) -> None:
    before = shopper.get(address(order))
    assert "Đã thanh toán" not in text_of(before)
    pay_by_card(fake_stripe, order)
    by_bank = an_order(shop)
    pay(shop, code_of(by_bank))

    words = text_of(shopper.get(address(order)))
    assert "Đã thanh toán 60.000 ₫" in words
    assert "Đã trả bằng thẻ, đơn vị thẻ đã báo" in words
    assert "Ngân hàng đã báo" not in words
    others = text_of(shopper.get(address(by_bank)))
    assert "Ngân hàng đã báo" in others
    assert "thẻ" not in others.replace("chia sẻ", "")


def test_who_says_that_money_came_when_it_came_in_several_ways(
    fake_stripe: FakeStripe, shopper: Client, shop: Shop
) -> None:
    bank_and_card, all_three = an_order(shop), an_order(shop, quantity=2)
    for order in (bank_and_card, all_three):
        pay(shop, code_of(order), 20_000)
    mark_paid_by_hand(actor=shop.owner, order=all_three, amount_vnd=20_000, confirmation="cash", now=NOW)
    for order in (bank_and_card, all_three):
        pay_by_card(fake_stripe, order)

    assert "Ngân hàng và đơn vị thẻ đã báo" in text_of(shopper.get(address(bank_and_card)))
    assert "Ngân hàng và đơn vị thẻ đã báo một phần, phần còn lại người bán xác nhận" in text_of(
        shopper.get(address(all_three))
    )


def test_a_payment_that_runs_is_said_and_changes_the_pages_version(
    fake_stripe: FakeStripe, shopper: Client, order: Order
) -> None:
    session = begin(order)
    before = shopper.get(address(order, "state/"))["ETag"]

    tell(fake_stripe.pay_slowly(session.stripe_id))

    page = shopper.get(address(order, "state/"), headers={"If-None-Match": before})
    assert page.status_code == 200
    assert "Đơn vị thẻ đang xử lý khoản bạn vừa trả" in text_of(page)
    assert BUTTON not in text_of(page)
    refusal = shopper.post(address(order, "card/"), form())
    assert (refusal.status_code, "đang xử lý khoản trước" in text_of(refusal)) == (409, True)


def test_while_stripe_is_away_the_buyer_is_told_and_may_try_again(
    fake_stripe: FakeStripe, shopper: Client, order: Order
) -> None:
    fake_stripe.failures += [Refusal(500, "boom", "api_error")] * 2

    answer = shopper.post(address(order, "card/"), form())

    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    words = text_of(answer)
    assert "Chưa nối được với đơn vị thẻ. Bạn thử lại sau ít phút. Thẻ của bạn chưa bị trừ tiền." in words
    assert f'action="{address(order, "card/")}"' in answer.content.decode()
    assert shopper.post(address(order, "card/"), form()).status_code == 302


def test_what_cannot_be_paid_by_card_is_answered_below_500_and_asks_stripe_nothing(
    fake_stripe: FakeStripe, shopper: Client, shop: Shop, order: Order, settings: SettingsWrapper
) -> None:
    paid = an_order(shop)
    pay(shop, code_of(paid))
    asked, before = len(fake_stripe.asked), (rows(), card_rows())

    answers = [
        shopper.post(address(order, "card/"), {}),
        shopper.post(address(order, "card/"), {"client_id": "x"}),
        shopper.post(address(paid, "card/"), form()),
        shopper.get(address(paid, "card/")),
        shopper.get(address(order, "card/")),
        shopper.post(f"/orders/{uuid.uuid4()}/card/", form()),
        shopper.put(address(order, "card/")),
    ]
    settings.MARKET_STRIPE_SECRET_KEY = ""
    answers += [shopper.get(address(order, "card/")), shopper.post(address(order, "card/"), form())]

    assert [one.status_code for one in answers] == [400, 400, 409, 404, 404, 404, 405, 404, 404]
    assert (len(fake_stripe.asked), rows(), card_rows()) == (asked, *before)


# The vendor.


def test_the_owner_is_led_to_stripe_and_comes_back_with_the_shop_taking_cards(
    fake_stripe: FakeStripe, settings: SettingsWrapper
) -> None:
    shop = a_shop()
    browser = owner_at(shop)
    assert "Nhận thẻ của khách nước ngoài" in text_of(browser.get("/sell/shop/"))
    first = browser.get("/sell/cards/")
    assert "Chợ không giữ tiền và không thu phí" in text_of(first)
    assert first.content.decode().count("<h1>") == 1

    answer = browser.post("/sell/cards/", form())

    assert answer.status_code == 200
    assert re.search(rf'href="{fake_stripe.url}/onboarding/\d+" rel="noreferrer"', answer.content.decode())
    link = fake_stripe.asked_for("/v1/account_links")[0].params
    assert (link["return_url"], link["refresh_url"]) == (
        f"{settings.MARKET_PUBLIC_URL}/sell/cards/back/", f"{settings.MARKET_PUBLIC_URL}/sell/cards/",
    )  # fmt: skip
    assert "Bạn chưa khai xong với Stripe" in text_of(browser.get("/sell/cards/"))
    fake_stripe.onboard(account_of(shop).stripe_id)
    back = browser.get("/sell/cards/back/", follow=True)
    assert "Gian hàng đang nhận thẻ" in text_of(back)
    assert BUTTON in text_of(Client().get(address(an_order(shop))))


def test_a_shop_that_takes_cards_is_not_led_anywhere_again(fake_stripe: FakeStripe, shop: Shop) -> None:
    before = len(fake_stripe.asked)

    answer = owner_at(shop).post("/sell/cards/", form())

    assert (answer.status_code, len(fake_stripe.asked)) == (200, before)


def test_a_restricted_account_says_what_to_do(fake_stripe: FakeStripe, shop: Shop) -> None:
    tell(fake_stripe.onboard(account_of(shop).stripe_id, charges_enabled=False), now=later(seconds=1))

    words = text_of(owner_at(shop).get("/sell/cards/"))

    assert "Stripe chưa cho gian hàng nhận thẻ" in words
    assert "Khai tiếp với Stripe" in words


def test_while_stripe_is_away_the_owner_is_told(fake_stripe: FakeStripe, shop: Shop) -> None:
    new = a_shop()
    fake_stripe.failures += [Refusal(500, "boom", "api_error")] * 2
    answer = owner_at(new).post("/sell/cards/", form())
    assert (answer.status_code, "Chưa nối được với đơn vị thẻ" in text_of(answer)) == (503, True)

    fake_stripe.failures += [Refusal(500, "boom", "api_error")] * 2
    back = owner_at(shop).get("/sell/cards/back/", follow=True)
    assert (back.status_code, "Chưa nối được với đơn vị thẻ" in text_of(back)) == (200, True)


def test_what_stripe_refuses_on_the_way_back_is_said(fake_stripe: FakeStripe, shop: Shop) -> None:
    fake_stripe.failures += [Refusal(403, "account_invalid")]

    answer = owner_at(shop).get("/sell/cards/back/")

    assert (answer.status_code, "Đơn vị thẻ không nhận yêu cầu này" in text_of(answer)) == (409, True)


def test_cards_are_the_owners_matter_and_there_only_where_the_market_takes_them(
    fake_stripe: FakeStripe, shop: Shop, settings: SettingsWrapper
) -> None:
    seller, owner = seller_at(shop), owner_at(shop)
    assert [seller.get(path).status_code for path in ("/sell/cards/", "/sell/cards/back/")] == [403, 403]
    assert seller.post("/sell/cards/", form()).status_code == 403
    assert owner.post("/sell/cards/", {}).status_code == 400

    settings.MARKET_STRIPE_SECRET_KEY = ""

    assert [owner.get(path).status_code for path in ("/sell/cards/", "/sell/cards/back/")] == [404, 404]
    assert "Nhận thẻ" not in text_of(owner.get("/sell/shop/"))


def test_the_seller_sends_money_back_to_the_card_once_however_often_the_form_comes(
    fake_stripe: FakeStripe, shop: Shop, order: Order
) -> None:
    pay_by_card(fake_stripe, order)
    browser, sent = owner_at(shop), form(amount="20k")
    page = text_of(browser.get(f"/sell/orders/{order.pk}/"))
    assert "Trả lại tiền vào thẻ của khách" in page
    assert "nhiều nhất 60.000 ₫" in page

    answers = [browser.post(f"/sell/orders/{order.pk}/refund-card/", sent, follow=True) for _ in range(2)]

    assert "Đã trả lại tiền vào thẻ của khách." in text_of(answers[0])
    assert "Trả lại khách Thẻ báo" in text_of(answers[1])
    assert (moved(order)[-1], CardRefund.objects.count()) == (("refund_success", 20_000, "card"), 1)


@pytest.mark.parametrize(
    ("failures", "sentence"),
    [
        ([Refusal(400, "charge_already_refunded")], "Đơn vị thẻ không chuyển lại được. Tiền chưa đi"),
        (["drop", "drop"], "Chợ tự gửi lại yêu cầu này"),
    ],
    ids=["refused", "away"],
)
def test_a_refund_that_did_not_go_is_never_called_done(
    fake_stripe: FakeStripe, shop: Shop, order: Order, failures: list[Refusal | str], sentence: str
) -> None:
    pay_by_card(fake_stripe, order)
    fake_stripe.failures += failures

    answer = owner_at(shop).post(f"/sell/orders/{order.pk}/refund-card/", form(amount="20k"), follow=True)

    assert sentence in text_of(answer)
    assert Order.objects.get(pk=order.pk).charged_vnd == PRICE_VND


def test_a_refund_that_stripe_never_answered_is_not_called_undone_and_the_seller_is_told_to_look(
    fake_stripe: FakeStripe, shop: Shop, order: Order
) -> None:
    pay_by_card(fake_stripe, order)
    browser, sent = owner_at(shop), form(amount="20k")
    fake_stripe.failures += ["drop", "drop"]
    browser.post(f"/sell/orders/{order.pk}/refund-card/", sent)
    sweep_cards(now=later(hours=20))

    again = text_of(browser.post(f"/sell/orders/{order.pk}/refund-card/", sent, follow=True))

    assert "Đơn vị thẻ không trả lời, nên chưa rõ tiền đã về thẻ của khách hay chưa." in again
    assert "Tiền chưa đi" not in again
    page = text_of(browser.get(f"/sell/orders/{order.pk}/"))
    assert "Trả lại 20.000 ₫ vào thẻ, gửi lúc 10:00 · 22/11/2026: đơn vị thẻ không trả lời" in page
    (made,) = fake_stripe.refunds.values()
    tell(fake_stripe.event("refund.updated", made, account_of(shop).stripe_id), now=later(hours=21))
    assert "đơn vị thẻ không trả lời" not in text_of(browser.get(f"/sell/orders/{order.pk}/"))


def test_control_what_stripe_refused_did_not_go(fake_stripe: FakeStripe, shop: Shop, order: Order) -> None:
    pay_by_card(fake_stripe, order)
    fake_stripe.failures += [Refusal(400, "charge_already_refunded")]
    browser = owner_at(shop)
    browser.post(f"/sell/orders/{order.pk}/refund-card/", form(amount="20k"))

    assert (CardRefund.objects.get().state, CardRefund.objects.get().may_have_gone) == ("failed", False)
    assert "đơn vị thẻ không trả lời" not in text_of(browser.get(f"/sell/orders/{order.pk}/"))


def test_more_than_can_go_back_is_refused_at_the_field(fake_stripe: FakeStripe, shop: Shop, order: Order) -> None:
    pay_by_card(fake_stripe, order)
    browser = owner_at(shop)

    answers = [
        browser.post(f"/sell/orders/{order.pk}/refund-card/", form(amount=amount)) for amount in ("60001", "x")
    ]

    assert [one.status_code for one in answers] == [400, 400]
    assert "từ 1 đến 60.000" in text_of(answers[0])
    assert CardRefund.objects.count() == 0
    assert browser.post(f"/sell/orders/{order.pk}/refund-card/", {"amount": "1"}).status_code == 400


def test_orders_paid_otherwise_show_no_card_refund(
    fake_stripe: FakeStripe, shop: Shop, order: Order, settings: SettingsWrapper
) -> None:
    pay(shop, code_of(order))
    browser = owner_at(shop)

    assert "vào thẻ" not in text_of(browser.get(f"/sell/orders/{order.pk}/"))
    settings.MARKET_STRIPE_SECRET_KEY = ""
    assert browser.post(f"/sell/orders/{order.pk}/refund-card/", form(amount="1")).status_code == 404


def test_a_dispute_says_how_much_why_and_until_when(fake_stripe: FakeStripe, shop: Shop, order: Order) -> None:
    intent = pay_by_card(fake_stripe, order).payment_intent
    tell(fake_stripe.dispute(intent, PRICE_VND))
    sentence = (
        "Khách khiếu nại 60.000 ₫ với ngân hàng phát hành thẻ: chủ thẻ nói không mua. "
        "Bạn trả lời trên trang của Stripe trước ngày 29/11/2026."
    )
    browser, item = owner_at(shop), ReviewItem.objects.get()

    assert sentence in text_of(browser.get("/sell/cards/"))
    assert "Tiền thẻ cần bạn xem" in text_of(browser.get("/sell/review/"))
    assert sentence in text_of(browser.get(f"/sell/review/{item.pk}/"))
    assert "Tiền thẻ cần bạn xem" in text_of(browser.get(f"/sell/orders/{order.pk}/"))

    tell(fake_stripe.dispute(intent, PRICE_VND, kind="funds_withdrawn"))
    words = text_of(browser.get(f"/sell/orders/{order.pk}/"))
    assert "Đơn vị thẻ rút lại Thẻ báo" in words
    assert "−60.000 ₫" in words
    assert "Đơn vị thẻ đã rút lại khoản này trong lúc xét." in text_of(browser.get("/sell/cards/"))


def test_a_dispute_of_an_unknown_reason_without_a_day_is_said_all_the_same(
    fake_stripe: FakeStripe, shop: Shop, order: Order
) -> None:
    intent = pay_by_card(fake_stripe, order).payment_intent
    event = fake_stripe.dispute(intent, PRICE_VND)
    event["data"]["object"] |= {"reason": "no_such_word", "evidence_details": None}
    tell(event)

    assert "thẻ: lý do khác." in text_of(owner_at(shop).get("/sell/cards/"))


def test_money_paid_for_a_cancelled_order_is_a_task_that_leads_to_its_refund(
    fake_stripe: FakeStripe, shop: Shop, order: Order
) -> None:
    session = begin(order)
    cancel_order(actor=shop.owner, order=order, reason="hết hàng", now=NOW)
    tell(fake_stripe.pay(session.stripe_id))
    browser = owner_at(shop)

    assert "Bạn đã trả 60.000 ₫ bằng thẻ khi đơn đã kết thúc" in text_of(Client().get(address(order)))
    sentence = "Khách trả 60.000 ₫ bằng thẻ cho đơn đã kết thúc. Bạn trả lại vào thẻ ở trang đơn."
    assert sentence in text_of(browser.get("/sell/cards/"))
    assert sentence in text_of(browser.get(f"/sell/review/{ReviewItem.objects.get().pk}/"))
    browser.post(f"/sell/orders/{order.pk}/refund-card/", form(amount="60k"))

    assert sentence not in text_of(browser.get("/sell/cards/"))
    closed = text_of(browser.get(f"/sell/review/{ReviewItem.objects.get().pk}/"))
    assert "Đơn vị thẻ đã xử lý xong" in closed


def test_more_taken_back_than_the_order_holds_is_said_on_its_task(
    fake_stripe: FakeStripe, shop: Shop, order: Order
) -> None:
    intent = pay_by_card(fake_stripe, order).payment_intent
    record_refund(actor=shop.owner, order=order, amount_vnd=50_000, confirmation="cash", now=NOW)
    tell(fake_stripe.refund(intent, PRICE_VND))

    words = text_of(owner_at(shop).get(f"/sell/review/{ReviewItem.objects.get(kind='dispute').pk}/"))

    assert "đã lấy lại nhiều hơn số tiền còn ghi trên đơn" in words


def test_the_days_takings_say_that_cards_are_among_them(fake_stripe: FakeStripe, shop: Shop, order: Order) -> None:
    browser = owner_at(shop)
    assert "Ngân hàng và thẻ báo" not in text_of(browser.get("/sell/"))

    pay_by_card(fake_stripe, order)

    assert "Ngân hàng và thẻ báo" in text_of(browser.get("/sell/"))


def test_away_is_a_503() -> None:
    assert (CardServiceAway().status, "thử lại" in str(CardServiceAway())) == (503, True)
