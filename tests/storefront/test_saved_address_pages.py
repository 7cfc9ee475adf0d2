"""Saved addresses: kept at the checkout or on a page of their own, filled in at the next order."""

from typing import Any

import pytest
from django.test import Client

from marketplace.core.actors import Actor
from marketplace.orders.models import Order, SavedAddress
from marketplace.orders.selectors import saved_addresses
from marketplace.orders.services.saved_addresses import AddressToKeep, keep_address
from marketplace.people.models import User
from tests.orders.factories import NOW
from tests.orders.factories import a_shop as a_vendor
from tests.storefront.shopping import a_user, checkout_url, form_id, goods, put_into_basket, sent_home, text_of
from tests.storefront.working import browser_of, form

pytestmark = pytest.mark.django_db
HOME: dict[str, Any] = {
    "name": "Nông Thị Mơ",
    "phone": "0912 345 678",
    "province": "24",
    "commune": "07795",
    "street": "Tổ 5",
}


@pytest.fixture
def buyer(db: None) -> User:
    return a_user()


@pytest.fixture
def browser(buyer: User) -> Client:
    return browser_of(buyer.pk)


def at_the_checkout(browser: Client) -> str:
    vendor = a_vendor(rates={"country": 30_000})
    put_into_basket(browser, goods(vendor))
    return checkout_url(browser)


def kept(buyer: User, street: str = "Tổ 5") -> SavedAddress:
    given = AddressToKeep(name="Nông Thị Mơ", phone="0912345678", street=street, commune_code="07795")
    return keep_address(actor=Actor(user_id=buyer.pk), given=given, now=NOW)


def streets(buyer: User) -> list[str]:
    return [row.street for row in saved_addresses(Actor(user_id=buyer.pk))]


def test_an_address_is_added_once_corrected_and_taken_away(browser: Client, buyer: User) -> None:
    assert "Chưa có địa chỉ nào" in text_of(browser.get("/addresses/"))
    assert 'value="Lò Thị Mây"' in browser.get("/addresses/new/").content.decode()
    sent = form(**HOME)

    for _time in range(2):
        assert browser.post("/addresses/new/", sent)["Location"] == "/addresses/"
    page = browser.get("/addresses/")
    assert "Tổ 5, Phường Nếnh" in text_of(page)
    row = SavedAddress.objects.get(user=buyer)

    assert 'value="Tổ 5"' in browser.get(f"/addresses/{row.pk}/").content.decode()
    assert browser.post(f"/addresses/{row.pk}/", form(**HOME | {"street": "Tổ 6"})).status_code == 302
    assert streets(buyer) == ["Tổ 6"]
    assert browser.post(f"/addresses/{row.pk}/remove/").status_code == 302
    assert streets(buyer) == []


def test_without_javascript_a_button_brings_the_communes(browser: Client, buyer: User) -> None:
    row = kept(buyer)

    for address in ("/addresses/new/", f"/addresses/{row.pk}/"):
        page = browser.post(address, form(**HOME | {"communes": "1", "commune": ""}))
        assert page.status_code == 200
        assert "Phường Nếnh" in text_of(page)
    assert streets(buyer) == ["Tổ 5"]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"street": ""}, "Bạn chưa điền mục này."),
        ({"phone": "12"}, "Số điện thoại chưa đúng."),
        ({"commune": "01501"}, "Bạn chọn lại mục này giúp."),
    ],
)
def test_what_is_no_address_is_said_beside_the_field(
    browser: Client, buyer: User, wrong: dict[str, str], words: str
) -> None:
    row = kept(buyer)

    for address in ("/addresses/new/", f"/addresses/{row.pk}/"):
        answer = browser.post(address, form(**HOME | wrong))
        assert answer.status_code == 400
        assert words in text_of(answer)
    assert streets(buyer) == ["Tổ 5"]


def test_guests_sign_in_first_and_others_find_nothing(shopper: Client, buyer: User) -> None:
    row = kept(buyer)
    other = browser_of(a_user("+84922222222").pk)

    for address in ("/addresses/", "/addresses/new/", f"/addresses/{row.pk}/"):
        assert shopper.get(address)["Location"].startswith("/sign-in/")
    assert shopper.post("/addresses/new/", form(**HOME))["Location"].startswith("/sign-in/")
    assert shopper.post(f"/addresses/{row.pk}/remove/").status_code == 404
    assert other.get(f"/addresses/{row.pk}/").status_code == 404
    assert other.post(f"/addresses/{row.pk}/", form(**HOME)).status_code == 404
    assert other.post(f"/addresses/{row.pk}/remove/").status_code == 404
    assert streets(buyer) == ["Tổ 5"]


def test_the_checkout_is_filled_with_the_address_used_last_or_the_one_that_is_chosen(
    browser: Client, buyer: User
) -> None:
    older, newer = kept(buyer, "Nhà bà"), kept(buyer)
    url = at_the_checkout(browser)

    page = browser.get(url).content.decode()
    assert 'value="Tổ 5"' in page
    assert f'href="{url}?address={older.pk}"' in page
    assert 'value="Nhà bà"' in browser.get(f"{url}?address={older.pk}").content.decode()
    assert 'value="Tổ 5"' in browser.get(f"{url}?address={newer.pk}").content.decode()


def test_anothers_address_is_never_filled_in(browser: Client) -> None:
    secret = kept(a_user("+84922222222"), "Nhà người khác")

    page = browser.get(f"{at_the_checkout(browser)}?address={secret.pk}").content.decode()

    assert "Nhà người khác" not in page


def test_the_buyer_keeps_the_address_of_the_order_only_if_they_tick_it(browser: Client, buyer: User) -> None:
    browser.post(at_the_checkout(browser), sent_home())
    assert streets(buyer) == []

    vendor = a_vendor("che-ta-xua", rates={"country": 30_000})
    put_into_basket(browser, goods(vendor))
    browser.post(checkout_url(browser), sent_home(keep_address="on"))

    assert streets(buyer) == ["Tổ 5"]
    assert Order.objects.filter(user=buyer).count() == 2


def test_an_eleventh_address_does_not_stop_the_order(browser: Client, buyer: User) -> None:
    for number in range(10):
        kept(buyer, f"Ngõ {number}")

    placed = browser.post(at_the_checkout(browser), sent_home(keep_address="on"))

    assert placed["Location"].startswith("/orders/")
    assert "Bạn lưu được 10 địa chỉ." in text_of(browser.get(placed["Location"]))
    assert len(streets(buyer)) == 10


def test_a_guest_is_not_asked_to_keep_anything_and_keeps_nothing(shopper: Client) -> None:
    url = at_the_checkout(shopper)

    assert "Lưu địa chỉ này" not in text_of(shopper.get(url))
    shopper.post(url, sent_home(keep_address="on"))
    assert SavedAddress.objects.count() == 0
    assert Order.objects.count() == 1


def test_the_buttons_of_the_basket_take_one_more_and_one_less(shopper: Client) -> None:
    variant = goods(a_vendor())
    put_into_basket(shopper, variant, 2, client_id=form_id())
    page = shopper.get("/basket/").content.decode()
    assert 'name="step" value="3"' in page
    assert 'name="step" value="1"' in page
    checkout = checkout_url(shopper).split("/")[2]

    shopper.post("/basket/", {"checkout": checkout, "variant": variant.pk, "quantity": "2", "step": "3"})

    assert 'name="quantity" value="3"' in shopper.get("/basket/").content.decode()
