"""The seller's orders."""

import pytest

from marketplace.core.journal import drain
from marketplace.orders.models import Order
from payments.models import GrantedRefund, ReviewItem
from tests.payments.factories import NOW, Shop, a_shop, an_order, code_of, moved, pay, rows, waiting
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import form, owner_at, paid_by_bank, row_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def page_of(order: Order, part: str = "") -> str:
    return f"/sell/orders/{order.pk}/{part}"


def test_an_order_shows_lines_buyer_and_who_confirmed_the_money(shop: Shop) -> None:
    order = paid_by_bank(shop, quantity=2)

    answer = owner_at(shop).get(page_of(order))

    words = text_of(answer)
    assert f"Đơn {order.number}" in words
    assert "Miến dong Cao Bằng × 2 gói 500 g" in words
    assert "0987 654 321" in words
    assert "Đã nhận Ngân hàng báo · 10:00 · 22/11/2026 120.000 ₫" in words
    assert answer.content.decode().count("<h1>") == 1
    assert len(answer.content) <= PAGE_BYTES_MAX


def test_goods_are_handed_over_once_however_often_the_form_is_sent(shop: Shop) -> None:
    order, browser, sent = paid_by_bank(shop), owner_at(shop), form(tracking_number="")

    answers = [browser.post(page_of(order, "fulfil/"), sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Order.objects.get(pk=order.pk).status == Order.Status.FULFILLED
    shop.stock.refresh_from_db()
    assert shop.stock.quantity == 9
    assert "Khách đã lấy hàng" not in text_of(browser.get(page_of(order)))


def test_an_unpaid_order_is_not_handed_over(shop: Shop) -> None:
    order, browser = an_order(shop), owner_at(shop)
    before = row_of(order)

    answer = browser.post(page_of(order, "fulfil/"), form())

    assert answer.status_code in {400, 409}
    assert "chưa nhận đủ tiền" in text_of(answer)
    assert row_of(order) == before
    assert "Khách đã lấy hàng" not in text_of(browser.get(page_of(order)))


def test_cash_and_a_transfer_that_was_seen_are_booked_by_hand_once(shop: Shop) -> None:
    order, browser = an_order(shop), owner_at(shop)
    half = form(amount="20k", confirmation="cash")

    for _ in range(2):
        browser.post(page_of(order, "paid/"), half)
    browser.post(page_of(order, "paid/"), form(amount="40.000", confirmation="vendor"))

    assert moved(order) == [("charge_success", 20_000, "cash"), ("charge_success", 40_000, "vendor")]
    assert Order.objects.get(pk=order.pk).status == Order.Status.UNFULFILLED


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": "60.001", "confirmation": "cash"},
        {"amount": "0", "confirmation": "cash"},
        {"amount": "nhiều", "confirmation": "cash"},
        {"amount": "60k", "confirmation": "bank"},
        {"amount": "60k"},
        {},
    ],
)
def test_money_that_cannot_be_is_refused_and_nothing_moves(shop: Shop, wrong: dict[str, str]) -> None:
    order = an_order(shop)
    before = rows()

    answer = owner_at(shop).post(page_of(order, "paid/"), form(**wrong))

    assert answer.status_code == 400
    assert '<details class="card" open>' in answer.content.decode()
    assert rows() == before


def test_alcohol_sold_online_is_not_paid_in_cash(shop: Shop) -> None:
    order = an_order(shop)
    shop.variant.product.is_alcohol = True
    shop.variant.product.save()

    answer = owner_at(shop).post(page_of(order, "paid/"), form(amount="60k", confirmation="cash"))

    assert answer.status_code == 400
    assert moved(order) == []


def test_a_cancelled_order_asks_for_its_money_to_be_given_back(shop: Shop) -> None:
    order, browser = paid_by_bank(shop), owner_at(shop)

    browser.post(page_of(order, "cancel/"), form(reason="Hết miến, xin lỗi bạn."))

    assert Order.objects.get(pk=order.pk).status == Order.Status.CANCELED
    drain(now=NOW)
    assert waiting(shop) == [("refund_due", 60_000)]
    words = text_of(browser.get(page_of(order)))
    assert "Lý do hủy: Hết miến, xin lỗi bạn." in words
    assert "Khách trả thừa, cần trả lại: 60.000 ₫" in words
    browser.post(page_of(order, "refund/"), form(amount="60k", confirmation="vendor"))
    assert waiting(shop) == []
    assert moved(order)[-1] == ("refund_success", 60_000, "vendor")
    assert browser.post(page_of(order, "refund/"), form(amount="1k", confirmation="cash")).status_code == 409


def test_an_order_whose_money_went_back_asks_the_seller_for_nothing(shop: Shop) -> None:
    order, browser = paid_by_bank(shop), owner_at(shop)
    assert "Khách đã trả mà ngân hàng chưa báo" in text_of(browser.get(page_of(an_order(shop))))

    browser.post(page_of(order, "refund/"), form(amount="60k", confirmation="vendor"))

    words = text_of(browser.get(page_of(order)))
    assert "Trả lại khách" in words
    assert "Còn phải trả" not in words
    assert "Khách đã trả mà ngân hàng chưa báo" not in words


def test_an_order_is_not_cancelled_without_a_reason(shop: Shop) -> None:
    order = an_order(shop)

    assert owner_at(shop).post(page_of(order, "cancel/"), form(reason=" ")).status_code == 400
    assert Order.objects.get(pk=order.pk).status == Order.Status.UNCONFIRMED


def test_another_shop_s_order_and_money_are_not_there(shop: Shop) -> None:
    order, stranger = paid_by_bank(shop), owner_at(a_shop("Hộ khác"))
    pay(shop, "khong co ma", 35_000)
    item = ReviewItem.objects.get()
    before = rows()

    asked = [
        stranger.get(page_of(order)),
        stranger.get("/sell/orders/99999999999999999999/"),
        *(stranger.post(page_of(order, part), form()) for part in ("fulfil/", "cancel/", "paid/", "refund/")),
        stranger.get(f"/sell/review/{item.pk}/"),
        stranger.get("/sell/review/99999999999999999999/"),
        stranger.post(f"/sell/review/{item.pk}/", form(resolution="Của tôi")),
        stranger.post(f"/sell/review/{item.pk}/book/", form(order=order.number)),
    ]

    assert [answer.status_code for answer in asked] == [404] * len(asked)
    assert rows() == before


def test_the_list_is_filtered_paged_and_bounded(shop: Shop, statements: Count) -> None:
    browser = owner_at(shop)
    paid_by_bank(shop)
    few = statements(lambda: browser.get("/sell/orders/"))
    for _ in range(5):
        an_order(shop)

    assert statements(lambda: browser.get("/sell/orders/")) == few
    assert "1 đơn" in text_of(browser.get("/sell/orders/?status=unfulfilled"))
    assert "Không có đơn nào ở đây" in text_of(browser.get("/sell/orders/?status=canceled"))
    assert [browser.get(f"/sell/orders/?{bad}").status_code for bad in ("status=x", "page=0")] == [400, 200]


# --- Promised back ---------------------------------------------------------------------------------


def test_money_is_promised_back_and_given_back_in_two_taps(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), 75_000)
    browser = owner_at(shop)
    page = browser.get(page_of(order))
    assert 'value="15.000"' in page.content.decode()  # what is too much is filled in already

    assert browser.post(page_of(order, "promises/"), form(amount="15k", reason="Trả thừa")).status_code == 302

    words = text_of(browser.get(page_of(order)))
    assert "Đã hứa trả lại khách 15.000 ₫" in words
    assert "Trả thừa" in words
    granted = GrantedRefund.objects.get()
    sent = form(confirmation="vendor")
    kept = [browser.post(page_of(order, f"promises/{granted.pk}/kept/"), sent) for _ in range(2)]
    assert [answer.status_code for answer in kept] == [302, 302]
    assert moved(order)[1:] == [("refund_success", 15_000, "vendor")]
    assert "Đã hứa trả lại khách" not in text_of(browser.get(page_of(order)))


def test_a_promise_is_taken_back_or_refused_and_says_why(shop: Shop) -> None:
    order, browser = paid_by_bank(shop), owner_at(shop)
    assert browser.post(page_of(order, "promises/"), form(amount="70k", reason="")).status_code == 400
    browser.post(page_of(order, "promises/"), form(amount="60k", reason=""))
    granted = GrantedRefund.objects.get()
    words = text_of(browser.get(page_of(order)))
    assert "Hứa trả lại tiền, trả sau" not in words  # nothing is left to promise
    assert "Đã trả lại tiền cho khách" not in words

    assert browser.post(page_of(order, f"promises/{granted.pk}/kept/"), form(confirmation="bank")).status_code == 400
    assert browser.post(page_of(order, f"promises/{granted.pk}/withdraw/"), form()).status_code == 302
    assert browser.post(page_of(order, f"promises/{granted.pk}/withdraw/"), form()).status_code == 409

    assert GrantedRefund.objects.get().status == "failure"
    assert len(moved(order)) == 1


def test_a_promise_of_another_order_or_shop_is_not_found(shop: Shop) -> None:
    order, other = paid_by_bank(shop), paid_by_bank(shop)
    browser = owner_at(shop)
    browser.post(page_of(order, "promises/"), form(amount="10k", reason=""))
    granted = GrantedRefund.objects.get()

    for browser_, path in (
        (browser, page_of(other, f"promises/{granted.pk}/kept/")),
        (browser, page_of(order, f"promises/{2**70}/withdraw/")),
        (owner_at(a_shop()), page_of(order, f"promises/{granted.pk}/kept/")),
        (owner_at(a_shop()), page_of(order, "promises/")),
    ):
        assert browser_.post(path, form(confirmation="cash", amount="1k", reason="")).status_code == 404
    assert GrantedRefund.objects.get().status == "none"


@pytest.mark.parametrize(("confirmation", "words"), [("cash", "Tiền mặt"), ("vendor", "Người bán ghi")])
def test_what_the_seller_marked_has_no_green_tick_and_says_who_says_so(
    shop: Shop, confirmation: str, words: str
) -> None:
    order, by_bank = an_order(shop), paid_by_bank(shop)
    browser = owner_at(shop)
    browser.post(page_of(order, "paid/"), form(amount="60k", confirmation=confirmation))

    answer = browser.get(page_of(order))

    assert f"Đã nhận {words}" in text_of(answer)
    assert 'class="leaf"' not in answer.content.decode()
    assert 'class="money leaf"' not in answer.content.decode()
    assert 'class="leaf"' in browser.get(page_of(by_bank)).content.decode()
