"""The seller's day: one number, who confirmed it, what needs a person, and news without reloading."""

import html
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.models import Product
from catalog.services import reject_product
from marketplace.core.actors import SYSTEM
from marketplace.people.models import HelpConsent, User
from marketplace.people.services import record_consent
from payments.services.requesting import payment_for_order
from storefront.sell.today import pulse_of
from tests.payments.factories import NENH, NOW, Shop, a_shop, an_order, code_of, pay
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import (
    a_person,
    an_agent,
    browser_of,
    owner_at,
    paid_by_bank,
    paid_in_cash,
    seller_at,
    waiting_product,
)
from vendors.models import BankAccount, Membership, Vendor
from vendors.services import refuse_vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def takings(page: str) -> str:
    found = re.search(r'class="big takings">([^<]*)<', page)
    assert found is not None
    return html.unescape(found[1])


def test_the_day_is_one_number_and_says_who_confirmed_each_part(shop: Shop) -> None:
    first = paid_by_bank(shop, quantity=2)
    second = paid_in_cash(shop)

    page = owner_at(shop).get("/sell/")

    words = text_of(page)
    assert takings(page.content.decode()) == "180.000\u00a0₫"
    assert "Ngân hàng báo 120.000 ₫" in words
    assert "Tiền mặt 60.000 ₫" in words
    assert f"Đã nhận 60.000 ₫ · đơn {second.number} Tiền mặt 10:00" in words
    assert f"Đã nhận 120.000 ₫ · đơn {first.number} 10:00" in words
    assert words.index(f"đơn {second.number}") < words.index(f"đơn {first.number}")
    assert page.content.decode().count("<h1>") == 1
    assert 'data-say="Đã nhận sáu mươi nghìn đồng"' in page.content.decode()


def test_what_needs_a_person_stands_above_the_number_each_with_one_action(shop: Shop) -> None:
    paid_by_bank(shop)
    pay(shop, "khong co ma", 35_000)
    product = waiting_product(shop)
    reject_product(actor=SYSTEM, product=product, reason="Ảnh mờ, chụp lại giúp.", now=NOW)
    BankAccount.objects.filter(vendor=shop.vendor).update(is_active=False)

    words = text_of(owner_at(shop).get("/sell/"))

    tasks = ["Khai tài khoản", "1 khoản tiền cần xem Xem", "1 đơn chờ gói Gói hàng", "1 sản phẩm cần sửa Sửa"]
    places = [words.index(task) for task in tasks]
    assert places == sorted(places)
    assert places[-1] < words.index("Tiền bán hôm nay")


def test_a_seller_is_not_asked_for_the_bank_account(shop: Shop) -> None:
    BankAccount.objects.filter(vendor=shop.vendor).update(is_active=False)

    assert "Khai tài khoản" not in text_of(seller_at(shop).get("/sell/"))


def test_an_unverified_shop_is_told_what_to_do_and_a_refused_one_why(shop: Shop) -> None:
    browser = owner_at(shop)
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification=Vendor.Verification.DECLARED)
    assert "Gian hàng đang chờ xã xác minh" in text_of(browser.get("/sell/"))

    refuse_vendor(actor=SYSTEM, vendor=shop.vendor, reason="Tên chưa khớp căn cước.", now=NOW)

    assert "Xã chưa nhận gian hàng: Tên chưa khớp căn cước." in text_of(browser.get("/sell/"))
    words = text_of(browser.get("/sell/shop/"))
    assert "Tên chưa khớp căn cước." in words
    assert "Mang căn cước đến Ủy ban nhân dân Xã Đàm Thủy" in words


def test_the_live_part_answers_304_until_money_comes(shop: Shop) -> None:
    browser = owner_at(shop)
    order = an_order(shop)
    first = browser.get("/sell/state/")
    assert html.unescape(re.search(r'data-etag="([^"]*)"', first.content.decode())[1]) == first["ETag"]  # type: ignore[index]  # found or the test fails

    unchanged = browser.get("/sell/state/", headers={"if-none-match": first["ETag"]})
    pay(shop, code_of(order))
    changed = browser.get("/sell/state/", headers={"if-none-match": first["ETag"]})

    assert (unchanged.status_code, unchanged.content) == (304, b"")
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]
    assert takings(changed.content.decode()) == "60.000\u00a0₫"
    assert 'data-announce="Đã nhận 60.000\u00a0₫"' in changed.content.decode()


def test_a_page_that_asks_and_hears_nothing_new_costs_five_statements(shop: Shop, statements: Count) -> None:
    """The person, their roles, memberships and shops, and one for all that the page hangs on."""
    browser = owner_at(shop)
    paid_by_bank(shop)
    known = browser.get("/sell/state/")["ETag"]

    assert statements(lambda: browser.get("/sell/state/", headers={"if-none-match": known})) == 5
    assert browser.get("/sell/state/", headers={"if-none-match": known}).status_code == 304


def test_the_open_page_asks_every_one_and_a_fifth_seconds_and_says_the_amount_in_words(shop: Shop) -> None:
    paid_by_bank(shop)

    page = owner_at(shop).get("/sell/")

    assert 'data-pause-ms="1200"' in page.content.decode()
    assert "Vừa nhận Khoản mới nhất: Sáu mươi nghìn đồng" in text_of(page)


CHANGES: dict[str, Callable[[Shop], object]] = {
    "a transfer that waits for a person": lambda shop: pay(shop, "khong co ma", 35_000),
    "an order to hand over": paid_in_cash,
    "a rejected product": lambda shop: reject_product(
        actor=SYSTEM, product=waiting_product(shop), reason="Ảnh mờ, chụp lại giúp.", now=NOW
    ),
    "no account any more": lambda shop: BankAccount.objects.filter(vendor=shop.vendor).update(is_active=False),
    "the officer's refusal": lambda shop: Vendor.objects.filter(pk=shop.vendor.pk).update(
        verification=Vendor.Verification.DECLARED, refusal_reason="Tên chưa khớp căn cước."
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_what_changes_the_shown_is_news_to_the_open_page(shop: Shop, change: Callable[[Shop], object]) -> None:
    browser = owner_at(shop)
    known = browser.get("/sell/state/")["ETag"]

    change(shop)

    answer = browser.get("/sell/state/", headers={"if-none-match": known})
    assert answer.status_code == 200
    assert answer["ETag"] != known


def test_a_buyer_who_only_looks_at_a_code_is_no_news(shop: Shop) -> None:
    browser = owner_at(shop)
    order = an_order(shop)
    known = browser.get("/sell/state/")["ETag"]

    payment_for_order(order=order, now=NOW)

    assert browser.get("/sell/state/", headers={"if-none-match": known}).status_code == 304


def test_a_stranger_signs_in_and_who_has_no_shop_is_led_to_open_one(shopper: Client) -> None:
    assert shopper.get("/sell/orders/?page=2")["Location"] == "/sign-in/?next=/sell/orders/%3Fpage%3D2"
    assert browser_of(a_person().pk).get("/sell/")["Location"] == "/sell/open/"


def test_who_works_in_two_shops_chooses_and_cannot_choose_a_third(shop: Shop) -> None:
    other, foreign = a_shop("Hộ Lò Thị Mây", commune=NENH), a_shop("Hộ của người khác")
    Membership.objects.create(vendor=other.vendor, user_id=shop.owner.user_id, role="seller")
    browser = owner_at(shop)

    browser.get(f"/sell/?shop={other.vendor.slug}")
    assert "<h1>Hộ Lò Thị Mây</h1>" in browser.get("/sell/").content.decode()
    browser.get(f"/sell/?shop={foreign.vendor.slug}")

    assert "<h1>Hộ của người khác</h1>" not in browser.get("/sell/").content.decode()


def test_an_agent_works_in_the_shop_of_who_consented_and_never_touches_its_money(shop: Shop) -> None:
    agent = an_agent()
    owner = User.objects.get(pk=shop.owner.user_id)
    browser = browser_of(agent.pk)
    assert browser.get("/sell/")["Location"] == "/sell/help/"
    assert "Chưa ai nhờ bạn giúp" in text_of(browser.get("/sell/help/"))
    record_consent(actor=SYSTEM, person=owner, agent=agent, means=HelpConsent.Means.SIGNED_PAPER, now=NOW)

    assert "Chủ" in text_of(browser.get("/sell/help/"))
    assert browser.post("/sell/help/", {"person": owner.pk})["Location"] == "/sell/"

    assert "Bạn đang làm giúp gian hàng này" in text_of(browser.get("/sell/"))
    assert browser.get("/sell/account/").status_code == 403
    order = an_order(shop)
    paid = browser.post(
        f"/sell/orders/{order.pk}/paid/",
        {"client_id": "6d9f3a52-1d1c-4c2e-8d27-0e6f7b1d8f10", "amount": "60k", "confirmation": "cash"},
    )
    assert paid.status_code == 403
    assert "Khách đã trả mà ngân hàng chưa báo" not in text_of(browser.get(f"/sell/orders/{order.pk}/"))


def test_an_agent_without_consent_gets_no_shop_whatever_the_form_says(shop: Shop) -> None:
    browser = browser_of(an_agent().pk)

    browser.post("/sell/help/", {"person": shop.owner.user_id})

    assert browser.get("/sell/")["Location"] == "/sell/help/"


def test_what_every_open_page_asks_each_second_is_read_by_index(shop: Shop) -> None:
    with CaptureQueriesContext(connection) as asked:
        pulse_of(shop.vendor, today=NOW.date())
    (statement,) = asked.captured_queries
    is_sqlite = connection.vendor == "sqlite"

    with connection.cursor() as cursor:
        if not is_sqlite:  # tables of a test are so small that reading them whole is cheaper, unless that is dear
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement['sql']}")
        steps = [str(row[-1]).strip() for row in cursor.fetchall()]

    assert len(steps) > 10
    assert [step for step in steps if "Seq Scan" in step or re.match(r"SCAN \w+_\w+", step)] == []


def test_the_page_takes_as_many_statements_and_few_bytes_however_much_was_sold(shop: Shop, statements: Count) -> None:
    browser = owner_at(shop)
    paid_by_bank(shop)
    pay(shop, "khong co ma", 35_000)
    few = statements(lambda: browser.get("/sell/"))
    for _ in range(6):
        paid_by_bank(shop)
        pay(shop, "khong co ma", 35_000)
    Product.objects.filter(vendor=shop.vendor).update(listing=Product.Listing.REJECTED)

    assert statements(lambda: browser.get("/sell/")) == few
    assert len(browser.get("/sell/").content) <= PAGE_BYTES_MAX


def test_a_helper_of_many_people_turns_the_pages_and_reaches_the_last(today: None) -> None:
    agent = an_agent()
    people = [a_person(f"Bà {number:02}") for number in range(14)]
    for person in people:
        record_consent(actor=SYSTEM, person=person, agent=agent, means="spoken", now=NOW)
    browser = browser_of(agent.pk)

    first, second = (text_of(browser.get(f"/sell/help/?page={page}")) for page in (1, 2))

    assert ("Bà 11" in first, "Bà 12" in first) == (True, False)
    assert ("Bà 11" in second, "Bà 12" in second, "Bà 13" in second) == (False, True, True)
    assert browser.get(f"/sell/help/{people[-1].pk}/open/").status_code == 200
    assert browser.get(f"/sell/help/{a_person('Người lạ').pk}/open/").status_code == 404
