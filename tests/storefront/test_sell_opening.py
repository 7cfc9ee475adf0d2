"""Opening a shop and saying where its money goes."""

import pytest
from django.test import Client

from marketplace.people.models import User
from tests.payments.factories import Shop, a_shop
from tests.storefront.conftest import PAGE_BYTES_MAX
from tests.storefront.shopping import text_of
from tests.storefront.working import a_person, browser_of, form, owner_at, seller_at
from vendors.models import BankAccount, Membership, Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
NEW = {
    "name": "Hộ Nông Văn Páo",
    "kind": "household",
    "phone": "0912 345 678",
    "province": "04",
    "commune": "01501",
}


@pytest.fixture
def person(db: None) -> User:
    return a_person()


@pytest.fixture
def browser(person: User) -> Client:
    return browser_of(person.pk)


def test_a_person_opens_a_shop_of_their_own_which_waits_for_the_commune(browser: Client, person: User) -> None:
    opened = browser.post("/sell/open/", form(**NEW))

    vendor = Vendor.objects.get(name="Hộ Nông Văn Páo")
    assert opened["Location"] == "/sell/account/"
    assert (vendor.commune_id, vendor.phone, vendor.verification) == ("01501", "+84912345678", "declared")
    assert Membership.objects.get(vendor=vendor).user_id == person.pk
    assert "Gian hàng đang chờ xã xác minh" in text_of(browser.get("/sell/"))


def test_a_form_sent_twice_opens_one_shop(browser: Client) -> None:
    sent = form(**NEW)

    for _ in range(2):
        assert browser.post("/sell/open/", sent).status_code == 302

    assert Vendor.objects.count() == 1


def test_the_communes_of_a_province_come_without_a_script_and_what_was_typed_stays(browser: Client) -> None:
    first = browser.get("/sell/open/").content.decode()
    asked = browser.post("/sell/open/", form(name="Hộ Páo", province="04", communes="1")).content.decode()

    assert "Xã Đàm Thủy" not in first
    assert '<option value="01501">Xã Đàm Thủy</option>' in asked
    assert 'value="Hộ Páo"' in asked
    assert len(asked.encode()) <= PAGE_BYTES_MAX
    assert Vendor.objects.count() == 0


def test_the_province_with_the_most_communes_still_makes_a_small_page(browser: Client) -> None:
    asked = browser.post("/sell/open/", form(name="Hộ Páo", province="79", communes="1"))

    assert asked.content.decode().count("<option") > 190
    assert len(asked.content) <= PAGE_BYTES_MAX


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"kind": "company"},
        {"phone": "123"},
        {"province": "99"},
        {"commune": "07795"},
        {"commune": ""},
        {"name": "\u202e"},
    ],
)
def test_a_shop_that_cannot_be_is_refused(browser: Client, wrong: dict[str, str]) -> None:
    assert browser.post("/sell/open/", form(**NEW | wrong)).status_code == 400
    assert Vendor.objects.count() == 0


def test_nobody_opens_a_shop_without_signing_in(shopper: Client) -> None:
    assert shopper.post("/sell/open/", form(**NEW))["Location"] == "/sign-in/?next="
    assert Vendor.objects.count() == 0


def test_the_owner_says_where_the_money_goes(browser: Client) -> None:
    browser.post("/sell/open/", form(**NEW))
    assert "Khai tài khoản" in text_of(browser.get("/sell/"))

    saved = browser.post(
        "/sell/account/", {"bin": "970436", "account_number": "0123 4567", "account_name": "Nông Văn Páo"}
    )

    account = BankAccount.objects.get()
    assert saved["Location"] == "/sell/"
    assert (account.account_number, account.account_name, account.is_active) == ("01234567", "NONG VAN PAO", True)
    assert "Khai tài khoản" not in text_of(browser.get("/sell/"))
    assert "Vietcombank · 01234567" in text_of(browser.get("/sell/account/"))


@pytest.mark.parametrize(
    "wrong", [{"bin": "000000"}, {"account_number": "12é"}, {"account_name": ""}, {"memo_prefix": "SE VQR"}]
)
def test_an_account_that_cannot_be_is_refused_and_the_old_one_stays(wrong: dict[str, str]) -> None:
    shop = a_shop()
    given = {"bin": "970436", "account_number": "01234567", "account_name": "Nông Văn Páo"}

    answer = owner_at(shop).post("/sell/account/", given | wrong)

    assert answer.status_code == 400
    assert BankAccount.objects.get(vendor=shop.vendor).account_number == shop.account


def test_a_seller_neither_sees_nor_sets_the_account() -> None:
    shop: Shop = a_shop()
    seller = seller_at(shop)

    answers = [seller.get("/sell/account/"), seller.post("/sell/account/", {"bin": "970436"})]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert shop.account not in text_of(seller.get("/sell/shop/"))
    assert shop.account in text_of(owner_at(shop).get("/sell/shop/"))
