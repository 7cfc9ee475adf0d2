"""The stall's counter: a keypad and tiles become a sale with its code; refusals, and who may not."""

from __future__ import annotations

import re

import pytest

from catalog.models import Product, Stock
from catalog.selectors.stall import GOODS_A_PAGE
from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Order
from marketplace.people.services import record_consent
from payments.services.requesting import payment_for_order
from payments.vietqr.reader import read_vietqr
from tests.payments.factories import NENH, NOW, Shop, a_shop, an_order, code_of, goods, moved
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.stalls import page_of, quantity, sold
from tests.storefront.working import an_agent, browser_of, form, owner_at, seller_at
from vendors.models import BankAccount, Membership, Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.mark.parametrize("typed", ["60000", "60.000", "60k"])
def test_an_amount_becomes_a_sale_whose_page_shows_the_code(shop: Shop, typed: str) -> None:
    seller = seller_at(shop)

    answer = seller.post("/sell/stall/", form(amount=typed))

    order = Order.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_of(order))
    page = seller.get(page_of(order))
    words = text_of(page)
    assert "60.000 ₫ Sáu mươi nghìn đồng" in words
    assert "Đang chờ ngân hàng báo." in words
    assert f"Đơn {order.number}" in words
    assert code_of(order) in words
    assert f'src="/orders/{order.token}/qr.svg' in page.content.decode()
    assert read_vietqr(payment_for_order(order=order, now=NOW).payload).amount == 60_000


def test_goods_are_tiles_and_come_with_an_amount_on_one_order(shop: Shop) -> None:
    seller = seller_at(shop)
    page = seller.get("/sell/stall/").content.decode()
    assert f'name="{quantity(shop)}"' in page
    assert 'data-price="60000" data-left="10"' in page
    assert re.search(r'<img src="[^"]*no-picture[^"]*svg" alt=""', page)

    seller.post("/sell/stall/", form(amount="5k", **{quantity(shop): "2"}))

    order = Order.objects.get()
    assert (order.total_vnd, order.channel) == (125_000, "stall")
    assert Stock.objects.get().allocated == 2


@pytest.mark.parametrize(
    ("sent", "status", "sentence"),
    [
        ({}, 400, "Bạn gõ số tiền hoặc chọn hàng trước nhé."),
        ({"amount": "0"}, 400, "Bạn gõ số tiền hoặc chọn hàng trước nhé."),
        ({"amount": "nhiều"}, 400, "Số tiền chưa đúng."),
        ({"amount": "-5"}, 400, "Số tiền chưa đúng."),
        ({"amount": "1.250k"}, 400, "có thể hiểu hai cách"),
        ({"amount": "9" * 13}, 400, "Số tiền lớn quá"),
        ({"good": "11"}, 409, "chỉ còn 10"),
        ({"good": "1001"}, 400, "Số lượng là số nguyên từ 1 đến 1000."),
        ({"good": "-1"}, 400, "Số lượng là số nguyên từ 1 đến 1000."),
        ({"good": "hai"}, 400, "Số lượng là số nguyên từ 1 đến 1000."),
        ({"quantity_99999": "1"}, 404, "Không tìm thấy sản phẩm này."),
    ],
)
def test_what_cannot_be_sold_is_said_and_what_was_typed_stays(
    shop: Shop, sent: dict[str, str], status: int, sentence: str
) -> None:
    named = {quantity(shop) if name == "good" else name: value for name, value in sent.items()}

    answer = seller_at(shop).post("/sell/stall/", form(**named))

    assert answer.status_code == status
    assert sentence in text_of(answer) or sentence.capitalize() in text_of(answer)
    if good := sent.get("good"):
        assert f'class="num" value="{good}"' in answer.content.decode()
    assert not Order.objects.exists()


def test_a_form_without_its_id_sells_nothing(shop: Shop) -> None:
    assert seller_at(shop).post("/sell/stall/", {"amount": "60000"}).status_code == 400
    assert not Order.objects.exists()


def test_a_form_sent_twice_is_one_sale(shop: Shop) -> None:
    seller, sent = seller_at(shop), form(amount="60000")

    places = {seller.post("/sell/stall/", sent)["Location"] for _ in range(2)}

    assert places == {page_of(Order.objects.get())}


def test_alcohol_is_sold_once_the_seller_ticks_the_buyers_age(shop: Shop) -> None:
    seller = seller_at(shop)
    assert "đủ 18 tuổi" not in text_of(seller.get("/sell/stall/"))
    Product.objects.update(is_alcohol=True, ocop_set=14)
    assert "Khách mua rượu bia đã đủ 18 tuổi" in text_of(seller.get("/sell/stall/"))

    refused = seller.post("/sell/stall/", form(**{quantity(shop): "1"}))
    assert (refused.status_code, Order.objects.count()) == (400, 0)
    seller.post("/sell/stall/", form(**{quantity(shop): "1", "age_declared": "on"}))

    assert Order.objects.get().total_vnd == 60_000


def test_turning_the_page_keeps_what_was_typed_and_sells_nothing(shop: Shop) -> None:
    for _ in range(GOODS_A_PAGE + 1):
        goods(shop.vendor)
    seller = seller_at(shop)
    first = seller.get("/sell/stall/").content.decode()
    assert first.count("data-good ") == GOODS_A_PAGE
    assert 'name="page" value="2"' in first

    second = seller.post("/sell/stall/", form(amount="5k", page="2", **{quantity(shop): "3"}))

    content = second.content.decode()
    assert f'name="{quantity(shop)}" class="num" value="3"' in content
    assert 'value="5k"' in content
    assert 'name="page" value="1"' in content
    assert not Order.objects.exists()


def test_a_page_past_the_end_shows_the_first(shop: Shop) -> None:
    content = seller_at(shop).get("/sell/stall/", {"page": "9"}).content.decode()

    assert content.count("data-good ") == 1


def test_enter_shows_the_code_and_turns_no_page(shop: Shop) -> None:
    for _ in range(GOODS_A_PAGE):
        goods(shop.vendor)

    for page in ("1", "2"):
        content = seller_at(shop).get("/sell/stall/", {"page": page}).content.decode()
        counter = content.partition("data-stall>")[2].partition("</form>")[0]
        first, *others = (tag for tag in re.findall("<button[^>]*>", counter) if 'type="button"' not in tag)

        assert first == '<button class="sr" tabindex="-1" aria-hidden="true">'
        assert ['name="page"' in tag for tag in others] == [True, False]


def test_the_sum_is_said_to_who_does_not_see_it_and_the_sound_has_one_name(shop: Shop) -> None:
    seller = seller_at(shop)

    counter = seller.get("/sell/stall/").content.decode()
    switch = re.search("<button[^>]*data-sound-switch.*?</button>", seller.get(page_of(sold(shop))).content.decode())

    assert re.search('<p [^>]*aria-live="polite"[^>]* data-words>', counter)
    assert switch is not None
    assert 'aria-pressed="true" data-on="Tiếng báo tiền" data-off="Tiếng báo tiền"' in switch[0]
    assert "<span>Tiếng báo tiền</span>" in switch[0]
    assert re.findall('<b class="(on|off)" aria-hidden="true">', switch[0]) == ["on", "off"]


def test_what_is_sold_out_withdrawn_or_of_another_shop_is_no_tile(shop: Shop) -> None:
    other = a_shop("Gian hàng khác", commune=NENH)
    draft, _ = goods(shop.vendor)
    Product.objects.filter(pk=draft.product_id).update(listing=Product.Listing.DRAFT)
    none_left, _ = goods(shop.vendor, quantity=0)

    page = seller_at(shop).get("/sell/stall/").content.decode()

    assert page.count("data-good ") == 1
    for absent in (other.variant, draft, none_left):
        assert f'"quantity_{absent.pk}"' not in page


def test_a_sale_of_another_shop_or_of_the_web_is_not_there(shop: Shop) -> None:
    other = a_shop("Gian hàng khác", commune=NENH)
    stranger = owner_at(other)
    order, online = sold(shop), an_order(shop)

    for browser, found in ((stranger, order), (owner_at(shop), online)):
        assert browser.get(page_of(found)).status_code == 404
        assert browser.get(f"{page_of(found)}state/").status_code == 404
        for work in ("cash", "cancel"):
            assert browser.post(f"{page_of(found)}{work}/", form(amount="60000")).status_code == 404
    refused = stranger.post("/sell/stall/", form(**{quantity(shop): "1"}))

    assert (refused.status_code, Order.objects.count()) == (400, 2)


def test_a_shop_that_may_not_sell_is_told_so_and_sells_nothing(shop: Shop) -> None:
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification=Vendor.Verification.DECLARED)
    owner = owner_at(shop)

    page = owner.get("/sell/stall/")
    answer = owner.post("/sell/stall/", form(amount="60000"))

    assert "Gian hàng được xã xác minh rồi mới bán được." in text_of(page)
    assert 'name="amount"' not in page.content.decode()
    assert (answer.status_code, Order.objects.count()) == (400, 0)
    assert "Gian hàng được xã xác minh rồi mới bán được." in text_of(answer)


def test_without_an_account_the_owner_is_led_to_it_and_the_seller_told(shop: Shop) -> None:
    BankAccount.objects.update(is_active=False)

    assert "Khai tài khoản nhận tiền" in text_of(owner_at(shop).get("/sell/stall/"))
    seller = seller_at(shop)
    assert "Chủ gian hàng khai tài khoản nhận tiền rồi mới bán tại sạp được." in text_of(seller.get("/sell/stall/"))
    assert seller.post("/sell/stall/", form(amount="60000")).status_code == 409
    assert not Order.objects.exists()


def test_who_helps_shows_the_code_and_touches_no_cash(shop: Shop) -> None:
    agent, person = an_agent(), Membership.objects.get(vendor=shop.vendor, role="owner").user
    record_consent(actor=SYSTEM, person=person, agent=agent, means="spoken", now=NOW)
    browser = browser_of(agent.pk)
    browser.post("/sell/help/", {"person": person.pk})

    browser.post("/sell/stall/", form(amount="60000"))

    order = Order.objects.get()
    page = browser.get(page_of(order))
    assert "Sáu mươi nghìn đồng" in text_of(page)
    assert "Khách trả tiền mặt" not in text_of(page)
    assert browser.post(f"{page_of(order)}cash/", form(amount="60000")).status_code == 403
    assert moved(order) == []


def test_today_and_the_menu_lead_to_the_stall(shop: Shop) -> None:
    page = seller_at(shop).get("/sell/").content.decode()

    assert page.count('href="/sell/stall/"') == 2


def test_every_page_is_light_and_bounded_in_statements(shop: Shop, statements: Count) -> None:
    for _ in range(GOODS_A_PAGE):
        goods(shop.vendor)
    seller, order = seller_at(shop), sold(shop)
    seller.get(page_of(order))  # the first look writes down that the buyer was asked

    for address, most in (("/sell/stall/", 8), (page_of(order), 11), (f"{page_of(order)}state/", 11)):
        assert len(seller.get(address).content) <= PAGE_BYTES_MAX
        assert statements(lambda address=address: seller.get(address)) <= most, address  # type: ignore[misc]  # one address a turn


def test_a_page_that_hears_nothing_new_costs_five_statements(shop: Shop, statements: Count) -> None:
    seller, order = seller_at(shop), sold(shop)
    etag = seller.get(f"{page_of(order)}state/")["ETag"]

    asked = statements(lambda: seller.get(f"{page_of(order)}state/", headers={"if-none-match": etag}))

    assert asked <= 5
