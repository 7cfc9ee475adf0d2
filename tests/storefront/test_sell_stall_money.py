"""The stall sale's money: the tick when the bank tells of it, cash, parts, calling off, late money, too much."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import HttpResponse

from catalog.models import Stock
from marketplace.orders.models import Order
from marketplace.orders.services.ending import expire_due_orders
from payments.services.by_hand import mark_paid_by_hand, record_refund
from tests.payments.factories import NOW, Shop, a_shop, code_of, moved, pay, waiting
from tests.storefront.conftest import At
from tests.storefront.shopping import text_of
from tests.storefront.stalls import page_of, quantity, sold
from tests.storefront.working import form, seller_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def is_final(answer: HttpResponse) -> bool:
    """Whether the live part asks for no more news."""
    return "data-final" in answer.content.decode()


def test_the_bank_turns_the_page_into_the_tick_and_the_goods_are_gone(shop: Shop) -> None:
    seller = seller_at(shop)
    seller.post("/sell/stall/", form(**{quantity(shop): "1"}))
    order = Order.objects.get()
    first = seller.get(f"{page_of(order)}state/")
    assert seller.get(f"{page_of(order)}state/", headers={"if-none-match": first["ETag"]}).status_code == 304

    pay(shop, code_of(order), 60_000)

    state = seller.get(f"{page_of(order)}state/", headers={"if-none-match": first["ETag"]})
    assert state.status_code == 200
    content = state.content.decode()
    assert "Đã nhận 60.000 ₫" in text_of(state)
    assert 'data-say="Đã nhận sáu mươi nghìn đồng"' in content
    assert 'data-announce="Đã nhận 60.000\u00a0₫"' in content
    assert 'class="tick stack near"' in content
    assert is_final(state)
    assert "Bán tiếp" in text_of(state)
    assert (Order.objects.get().status, Stock.objects.get().quantity) == ("fulfilled", 9)
    assert text_of(seller.get(page_of(order))).count("Đã nhận 60.000 ₫") == 1


def test_a_part_is_said_and_a_new_code_asks_for_the_rest(shop: Shop) -> None:
    seller, order = seller_at(shop), sold(shop)

    pay(shop, code_of(order), 20_000)

    page = seller.get(page_of(order))
    words = text_of(page)
    assert "Đã nhận 20.000 ₫, còn thiếu 40.000 ₫." in words
    assert "40.000 ₫ Bốn mươi nghìn đồng" in words
    assert 'data-say="Đã nhận hai mươi nghìn đồng"' in page.content.decode()
    assert not is_final(page)


def test_cash_is_written_down_as_cash_and_never_called_confirmed(shop: Shop) -> None:
    seller, order = seller_at(shop), sold(shop)
    sent = form(amount="60000")

    answers = [seller.post(f"{page_of(order)}cash/", sent) for _ in range(2)]

    assert [answer["Location"] for answer in answers] == [page_of(order)] * 2
    assert moved(order) == [("charge_success", 60_000, "cash")]
    page = seller.get(page_of(order))
    assert "Bạn ghi đã nhận, ngân hàng chưa xác nhận" in text_of(page)
    assert "tick by-hand" in page.content.decode()
    assert "data-say" not in page.content.decode()
    assert Order.objects.get().status == "fulfilled"


def test_a_part_by_hand_and_a_part_by_the_bank_is_said_of_each_and_only_the_banks_sounds(shop: Shop) -> None:
    seller, order = seller_at(shop), sold(shop, 100_000)
    mark_paid_by_hand(actor=shop.owner, order=order, amount_vnd=50_000, confirmation="cash", now=NOW)
    assert "data-say" not in seller.get(page_of(order)).content.decode()

    pay(shop, code_of(order), 50_000)

    page = seller.get(page_of(order))
    content = page.content.decode()
    assert "Đã nhận 100.000 ₫" in text_of(page)
    assert "Ngân hàng đã báo một phần, phần còn lại người bán xác nhận" in text_of(page)
    assert "ngân hàng chưa xác nhận" not in text_of(page)
    assert 'class="tick stack near" data-receipt="50000" data-say="Đã nhận năm mươi nghìn đồng"' in content


def test_cash_after_a_part_by_the_bank_is_no_new_sound(shop: Shop) -> None:
    seller, order = seller_at(shop), sold(shop)
    pay(shop, code_of(order), 20_000)
    assert 'data-receipt="20000"' in seller.get(page_of(order)).content.decode()

    seller.post(f"{page_of(order)}cash/", form(amount="40000"))

    page = seller.get(page_of(order))
    assert "Đã nhận 60.000 ₫" in text_of(page)
    assert 'data-receipt="20000"' in page.content.decode()


def test_a_sale_that_was_given_back_asks_for_nothing_again(shop: Shop) -> None:
    seller, order = seller_at(shop), sold(shop)
    pay(shop, code_of(order), 60_000)
    record_refund(actor=shop.owner, order=order, amount_vnd=60_000, confirmation="cash", now=NOW)

    page = seller.get(page_of(order))

    content, words = page.content.decode(), text_of(page)
    assert "Đã trả lại khách 60.000 ₫" in words
    assert 'data-announce="Đã trả lại khách 60.000\u00a0₫"' in content
    assert "Bán tiếp" in words
    assert is_final(page)
    for absent in ("qr.svg", f"{page_of(order)}cash/", f"{page_of(order)}cancel/", "data-say"):
        assert absent not in content
    for absent in ("Khách quét mã", "Chưa tạo được mã", "lại bạn"):
        assert absent not in words


def test_cash_for_what_the_bank_told_of_meanwhile_is_refused(shop: Shop) -> None:
    seller, order = seller_at(shop), sold(shop)
    pay(shop, code_of(order), 60_000)

    answer = seller.post(f"{page_of(order)}cash/", form(amount="60000"))

    assert answer.status_code == 409
    assert "Đã nhận 60.000 ₫" in text_of(answer)
    assert moved(order) == [("charge_success", 60_000, "bank")]


@pytest.mark.parametrize("amount", ["", "0", "-1", "x", "9" * 40, "60001"])
def test_a_cash_amount_that_is_none_or_too_much_is_refused(shop: Shop, amount: str) -> None:
    order = sold(shop)

    answer = seller_at(shop).post(f"{page_of(order)}cash/", form(amount=amount))

    assert answer.status_code == 400
    assert moved(order) == []
    assert 'role="alert"' in answer.content.decode()


def test_a_sale_is_called_off_and_money_that_comes_later_waits_for_a_person(shop: Shop) -> None:
    seller, order = seller_at(shop), sold(shop)
    code = code_of(order)

    answer = seller.post(f"{page_of(order)}cancel/", form(), follow=True)

    assert answer.redirect_chain == [("/sell/stall/", 302)]
    assert f"Đã hủy đơn {order.number}." in text_of(answer)
    assert f"Đơn {order.number} đã hủy" in text_of(seller.get(page_of(order)))
    pay(shop, code, 60_000)
    assert waiting(shop) == [("unmatched", 60_000)]


def test_a_sale_with_a_part_paid_is_called_off_and_says_what_goes_back(shop: Shop) -> None:
    seller, order = seller_at(shop), sold(shop)
    pay(shop, code_of(order), 20_000)

    answer = seller.post(f"{page_of(order)}cancel/", form(), follow=True)

    assert answer.redirect_chain == [(page_of(order), 302)]
    assert "Bạn cần trả lại khách 20.000 ₫." in text_of(answer)
    assert 'data-announce="Đơn đã hủy"' in answer.content.decode()


def test_a_sale_whose_money_came_in_that_moment_is_not_called_off(shop: Shop) -> None:
    seller, order = seller_at(shop), sold(shop)
    pay(shop, code_of(order), 60_000)

    answer = seller.post(f"{page_of(order)}cancel/", form())

    assert answer.status_code == 409
    words = text_of(answer)
    assert "nên không hủy được" in words
    assert "Đã nhận 60.000 ₫" in words
    assert Order.objects.get().status == "fulfilled"


def test_money_after_the_time_is_told_with_what_is_left_to_do(shop: Shop, at: At) -> None:
    seller, order = seller_at(shop), sold(shop)
    code, late = code_of(order), NOW + timedelta(minutes=16)
    expire_due_orders(now=late, at_most=10)
    at(late)
    page = seller.get(page_of(order))
    assert f"Đơn {order.number} đã hết hạn" in text_of(page)
    assert not is_final(page)

    pay(shop, code, 60_000, now=late)

    assert "Bạn đưa hàng cho khách rồi ghi giao hàng ở trang đơn." in text_of(seller.get(page_of(order)))


def test_too_much_is_said_to_be_given_back(shop: Shop) -> None:
    order = sold(shop)

    pay(shop, code_of(order), 70_000)

    assert "Khách trả thừa 10.000 ₫" in text_of(seller_at(shop).get(page_of(order)))
