"""The seller's queue of money that waits: what came, why it is here, and one tap to settle it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from marketplace.core.text import nfc
from payments.models import Feed, ReviewItem
from payments.services.feeds import create_feed
from payments.services.reviewing import set_aside
from tests.payments.factories import (
    NOW,
    SECRET,
    Shop,
    a_notice,
    a_shop,
    an_order,
    code_of,
    journal,
    moved,
    pay,
    rows,
    send,
    waiting,
)
from tests.storefront.conftest import PAGE_BYTES_MAX, At, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import an_officer, browser_of, form, owner_at, seller_at
from vendors.models import BankAccount, Membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
MINUTES = timedelta(minutes=1)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop(quantity=1000)


def held(shop: Shop, content: str = "chuyen tien mien", amount_vnd: int = 60_000, **changes: object) -> ReviewItem:
    pay(shop, content, amount_vnd, **changes)
    return ReviewItem.objects.order_by("-pk")[0]


def told_again(shop: Shop, content: str) -> ReviewItem:
    """Money that another feed tells of too, and nobody can tell for certain."""
    pay(shop, content, referenceCode="")
    other = create_feed(actor=shop.owner, vendor=shop.vendor, secret=SECRET, now=NOW).feed
    send(other, a_notice(other, shop.account, content, referenceCode=""))
    return ReviewItem.objects.order_by("-pk")[0]


def page_of(item: ReviewItem, part: str = "") -> str:
    return f"/sell/review/{item.pk}/{part}"


def test_a_card_says_what_came_when_from_where_why_and_which_orders_it_may_be(shop: Shop) -> None:
    order = an_order(shop, now=NOW - 5 * MINUTES)
    item = held(shop)

    words = text_of(owner_at(shop).get("/sell/review/"))

    assert "60.000 ₫ 10:00 · 22/11/2026 · Vietcombank · SePay" in words
    assert "Nội dung chuyển khoản không có mã đơn." in words
    assert f"Ghi vào đơn {order.number} đúng số tiền, đặt 5 phút trước đó Trả lại Cách khác" in words
    assert item.order is None


def test_one_tap_books_the_money_on_the_order(shop: Shop) -> None:
    order, browser = an_order(shop), seller_at(shop)
    item = held(shop)
    tapped = form(book=f"{item.pk}-{order.pk}")

    first, again = browser.post("/sell/review/", tapped), browser.post("/sell/review/", tapped)

    assert [first["Location"], again["Location"]] == ["/sell/review/"] * 2
    assert moved(order) == [("charge_success", 60_000, "bank")]
    words = text_of(browser.get("/sell/review/"))
    assert f"Đã ghi 60.000 ₫ vào đơn {order.number}." in words
    assert "Không có khoản nào phải xem" in words
    assert "Đã giải quyết: Đã ghi vào đơn." in text_of(browser.get(page_of(item)))


@pytest.mark.parametrize("tapped", ["", "x", "1", "1-2-3", "-1-2", "0-1", "99999999999999999999-1"])
def test_a_tap_that_names_nothing_is_refused_and_changes_nothing(shop: Shop, tapped: str) -> None:
    held(shop)
    before = rows()

    assert owner_at(shop).post("/sell/review/", form(book=tapped)).status_code == 400
    assert rows() == before


def test_a_tap_on_another_shop_s_order_or_money_or_an_order_that_ended_says_so(shop: Shop) -> None:
    other = a_shop("Hộ khác")
    foreign, mine, item = an_order(other), an_order(shop), held(shop)
    foreign_item = held(other)
    browser = owner_at(shop)
    before = rows()

    for tapped in (f"{item.pk}-{foreign.pk}", f"{foreign_item.pk}-{mine.pk}", f"{item.pk}-999999"):
        answer = browser.post("/sell/review/", form(book=tapped))
        assert answer.status_code == 404
    assert "Tiền cần bạn xem" in text_of(answer)
    assert rows() == before


def test_the_order_may_be_typed_too(shop: Shop) -> None:
    order, browser = an_order(shop, quantity=3, now=NOW - 60 * MINUTES), owner_at(shop)
    item = held(shop)
    page = text_of(browser.get(page_of(item)))
    assert "chuyen tien mien" in page
    assert "Không thấy đơn nào đang chờ khoản tiền như vậy." in page

    wrong = browser.post(page_of(item, "book/"), form(order="không biết"))
    booked = browser.post(page_of(item, "book/"), form(order=f" {order.number} "))

    assert (wrong.status_code, "Không tìm thấy đơn hàng này." in text_of(wrong)) == (404, True)
    assert booked["Location"] == "/sell/review/"
    assert moved(order) == [("charge_success", 60_000, "bank")]


def test_the_page_of_money_offers_its_likely_orders_with_the_buyer_s_phone(shop: Shop) -> None:
    order = an_order(shop)
    item = held(shop, code_of(order)[:9])

    words = text_of(owner_at(shop).get(page_of(item)))

    assert "Mã đơn trong nội dung bị cắt cụt." in words
    assert f"Ghi vào đơn {order.number} · 0987 654 321 mã gần giống, đúng số tiền, đặt cùng lúc" in words


@pytest.mark.parametrize("method", ["vendor", "cash"])
def test_money_that_was_given_back_is_on_record(shop: Shop, method: str) -> None:
    browser, item = owner_at(shop), held(shop)

    assert browser.post(page_of(item, "refund/"), form(method="")).status_code == 400
    assert browser.post(page_of(item, "refund/"), form(method="bank")).status_code == 400
    assert waiting(shop) == [("unmatched", 60_000)]
    browser.post(page_of(item, "refund/"), form(method=method))

    assert [said["refund_method"] for said in journal("review.refunded")] == [method]
    assert "60.000 ₫ 10:00 · 22/11/2026 Đã trả lại khách." in text_of(browser.get("/sell/review/set-aside/"))


def test_money_is_set_aside_with_a_ready_reason_or_in_a_person_s_own_words_and_taken_up_again(shop: Shop) -> None:
    browser = owner_at(shop)
    ready, own = held(shop), held(shop, "cho vay", 35_000)
    assert "Chưa có khoản nào để riêng" in text_of(browser.get("/sell/review/set-aside/"))

    browser.post(page_of(ready), form(resolution="not_for_goods"))
    assert browser.post(page_of(own), form(resolution="")).status_code == 400
    browser.post(page_of(own), form(resolution="Tiền người nhà gửi."))
    late = browser.post(page_of(own), form(resolution="Lần nữa."))

    assert late.status_code == 409
    listed = text_of(browser.get("/sell/review/set-aside/"))
    assert "Tiền riêng, không phải tiền hàng." in listed
    assert "Tiền người nhà gửi." in listed
    assert "Nhầm rồi, xem lại khoản này" in text_of(browser.get(page_of(own)))
    browser.post(page_of(own, "again/"), form())
    assert waiting(shop) == [("unmatched", 35_000)]
    assert browser.post(page_of(own, "again/"), form()).status_code == 409


def test_a_bank_that_is_in_no_list_any_more_is_shown_by_its_bare_number(shop: Shop) -> None:
    BankAccount.objects.filter(vendor=shop.vendor).update(bin="999999")
    item = held(shop)

    for page in ("/sell/review/", page_of(item)):
        answer = owner_at(shop).get(page)
        assert (answer.status_code, "999999 · SePay" in text_of(answer)) == (200, True)


def test_what_two_feeds_may_have_told_of_is_shown_beside_the_first_and_linked_by_one_tap(shop: Shop) -> None:
    order, browser = an_order(shop, quantity=2), owner_at(shop)
    item = told_again(shop, code_of(order))
    words = text_of(browser.get(page_of(item)))
    assert "Có thể trùng với một khoản đã báo từ nguồn khác." in words
    assert f"Giống khoản báo trước 10:00 · 22/11/2026 · đã ghi vào đơn {order.number} {code_of(order)}" in words

    browser.post(page_of(item, "repeat/"), form())

    assert moved(order) == [("charge_success", 60_000, "bank")]
    assert "Là khoản đã báo trước đó, chỉ tính một lần." in text_of(browser.get(page_of(item)))
    other = held(shop)
    assert browser.post(page_of(other, "repeat/"), form()).status_code == 409


def test_what_was_linked_by_mistake_is_in_the_list_of_what_ended_and_taken_up_again_by_one_tap(shop: Shop) -> None:
    order, browser = an_order(shop, quantity=2), owner_at(shop)
    item = told_again(shop, code_of(order))
    browser.post(page_of(item, "repeat/"), form())
    assert "Là khoản đã báo trước đó, chỉ tính một lần." in text_of(browser.get("/sell/review/set-aside/"))
    assert "Nhầm rồi, xem lại khoản này" in text_of(browser.get(page_of(item)))

    again = browser.post(page_of(item, "again/"), form())

    assert (again.status_code, again["Location"]) == (302, "/sell/review/")
    assert ("unmatched", 60_000) in waiting(shop)
    assert "Chưa có khoản nào để riêng" in text_of(browser.get("/sell/review/set-aside/"))
    assert "Có phải vẫn là khoản đó?" in text_of(browser.get(page_of(item)))


def test_a_first_telling_that_waits_too_names_no_order(shop: Shop) -> None:
    item = told_again(shop, "mua hang")

    words = text_of(owner_at(shop).get(page_of(item)))

    assert "Giống khoản báo trước 10:00 · 22/11/2026 mua hang" in words


def test_too_little_and_too_much_say_what_to_do(shop: Shop) -> None:
    browser = owner_at(shop)
    little, much = an_order(shop), an_order(shop)
    pay(shop, code_of(little), 20_000)
    pay(shop, code_of(much), 70_000)
    partial = ReviewItem.objects.get(kind=ReviewItem.Kind.PARTIAL)
    due = ReviewItem.objects.get(kind=ReviewItem.Kind.REFUND_DUE)

    listed = text_of(browser.get("/sell/review/"))
    assert f"40.000 ₫ Khách trả còn thiếu · đơn {little.number} Giải quyết" in listed
    assert "Gọi 0987 654 321" in text_of(browser.get(page_of(partial)))
    assert "Đến trang đơn để ghi" in text_of(browser.get(page_of(due)))
    assert "Trả chưa đủ" in text_of(browser.get(f"/sell/orders/{little.pk}/"))


def test_a_card_of_an_unknown_bank_names_the_feed_alone(shop: Shop) -> None:
    item = held(shop)
    Feed.objects.filter(pk=shop.feed.pk).update(provider="statement")
    shop.vendor.bank_accounts.update(account_number="CHO40FORMER")

    browser = owner_at(shop)

    assert "10:00 · 22/11/2026 · Sao kê ngân hàng Nội dung" in text_of(browser.get("/sell/review/"))
    assert "10:00 · 22/11/2026 · Sao kê ngân hàng" in text_of(browser.get(page_of(item)))


def test_an_agent_sees_what_waits_and_touches_none_of_it(shop: Shop) -> None:
    order, item = an_order(shop), held(shop)
    browser = browser_of(shop.seller.user_id)
    Membership.objects.create(vendor=shop.vendor, user_id=shop.seller.user_id, role="seller")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storefront.sell.desk.Desk.handles_money", property(lambda _: False))
        listed, one = text_of(browser.get("/sell/review/")), text_of(browser.get(page_of(item)))

    assert "Ghi vào đơn" not in listed + one
    assert "Khoản này chủ gian hàng tự giải quyết." in one
    assert moved(order) == []


def test_another_shop_s_money_is_not_there(shop: Shop) -> None:
    stranger, item = owner_at(a_shop("Hộ khác")), held(shop)
    order = an_order(shop)
    before = rows()

    asked = [
        stranger.get(page_of(item)),
        stranger.get("/sell/review/99999999999999999999/"),
        stranger.post(page_of(item), form(resolution="Của tôi")),
        stranger.post(page_of(item, "book/"), form(order=order.number)),
        stranger.post(page_of(item, "refund/"), form(method="cash")),
        stranger.post(page_of(item, "repeat/"), form()),
        stranger.post(page_of(item, "again/"), form()),
    ]

    assert [answer.status_code for answer in asked] == [404] * len(asked)
    assert rows() == before


def test_the_queue_takes_as_many_statements_is_paged_and_stays_short(shop: Shop, statements: Count) -> None:
    browser = owner_at(shop)
    an_order(shop)
    held(shop)
    few = statements(lambda: browser.get("/sell/review/"))
    for number in range(21):
        an_order(shop, now=NOW - number * MINUTES)
        held(shop)

    assert statements(lambda: browser.get("/sell/review/")) == few
    first, second = browser.get("/sell/review/"), browser.get("/sell/review/?page=2")
    assert len(re.findall(r'class="price', nfc(first.content.decode()))) == 20
    assert len(re.findall(r'class="price', nfc(second.content.decode()))) == 2
    assert len(first.content) <= PAGE_BYTES_MAX
    assert 'href="/sell/review/?page=2"' in first.content.decode()


def test_the_commune_sees_counts_and_age_and_nothing_else(shop: Shop, at: At) -> None:
    item = held(shop)
    held(shop, "tien rieng", 35_000)
    set_aside(actor=shop.owner, item=item, resolution="x", now=NOW)
    at(NOW + timedelta(days=2))
    officer: Client = browser_of(an_officer().pk)

    words = text_of(officer.get("/commune/"))

    assert "Tiền chờ gian hàng xem 1 khoản đang chờ gian hàng giải quyết." in words
    assert f"{shop.vendor.name} 1 khoản, lâu nhất 2 ngày" in words
    assert "35.000" not in words
    assert "tien rieng" not in words


def test_a_commune_where_nothing_waits_says_nothing_of_it_and_a_long_list_is_cut(shop: Shop) -> None:
    officer: Client = browser_of(an_officer().pk)
    assert "Tiền chờ gian hàng xem" not in text_of(officer.get("/commune/"))
    for number in range(11):
        held(a_shop(f"Hộ số {number}"))

    assert "Còn gian hàng khác nữa." in text_of(officer.get("/commune/"))
