"""Signing in and out, the menu of each kind of person, and the language of the pages."""

import pytest
from django.http import HttpResponse
from django.test import Client

from marketplace.people.models import Role, SignInAttempt
from marketplace.people.sign_in import FAILURES_MAX
from tests.orders.factories import THUC_PHAN, a_shop
from tests.storefront.shopping import PASSWORD, a_user, goods, put_into_basket, text_of
from vendors.models import Membership

pytestmark = pytest.mark.django_db
PHONE = "0911 111 111"


def sign_in(shopper: Client, *, login: str = PHONE, password: str = PASSWORD, **more: str) -> HttpResponse:
    return shopper.post("/sign-in/", {"login": login, "password": password, **more})


def test_who_signs_in_comes_to_their_own_pages(shopper: Client) -> None:
    user = a_user()

    assert sign_in(shopper)["Location"] == "/"
    assert "Đăng xuất" in text_of(shopper.get("/"))
    roles = {
        "/province/": Role(user=user, kind=Role.Kind.PROVINCE, province_id="04"),
        "/commune/": Role(user=user, kind=Role.Kind.COMMUNE, commune_id=THUC_PHAN),
        "/sell/": Role(user=user, kind=Role.Kind.AGENT, commune_id=THUC_PHAN),
    }
    for address, role in roles.items():
        role.save()
        assert shopper.get("/sign-in/")["Location"] == address


def test_a_seller_comes_to_selling_and_an_operator_to_operating(shopper: Client) -> None:
    user = a_user()
    Role.objects.create(user=user, kind=Role.Kind.OPERATOR)
    shopper.force_login(user)
    assert shopper.get("/sign-in/")["Location"] == "/admin/"
    Membership.objects.create(user=user, vendor=a_shop(), role="seller")

    assert shopper.get("/sign-in/")["Location"] == "/sell/"
    words = text_of(shopper.get("/"))
    assert "Đơn đã mua Bán hàng Vận hành Tài khoản Đăng xuất" in words


def test_signing_in_leads_back_to_where_it_was_asked_for(shopper: Client) -> None:
    a_user()
    assert 'name="next" value="/sell/orders/"' in shopper.get("/sign-in/?next=/sell/orders/").content.decode()

    assert sign_in(shopper, next="/sell/orders/")["Location"] == "/sell/orders/"


@pytest.mark.parametrize(
    "elsewhere", ["https://example.com/", "//example.com", "javascript:alert(1)", "\\\\example.com", "/" * 3000]
)
def test_signing_in_never_leads_to_another_site(shopper: Client, elsewhere: str) -> None:
    a_user()

    assert sign_in(shopper, next=elsewhere)["Location"] == "/"


@pytest.mark.parametrize(("login", "password"), [(PHONE, "sai"), ("0922222222", PASSWORD), ("\ufeff", "x" * 256)])
def test_a_wrong_phone_and_a_wrong_password_get_the_same_sentence(shopper: Client, login: str, password: str) -> None:
    a_user()

    answer = shopper.post("/sign-in/", {"login": login, "password": password})

    assert answer.status_code == 400
    assert "Số điện thoại (hoặc thư điện tử) và mật khẩu không khớp." in text_of(answer)
    assert PASSWORD not in answer.content.decode()
    assert "sessionid" not in shopper.cookies


@pytest.mark.parametrize("fields", [{}, {"login": PHONE}, {"login": "x" * 300, "password": "x"}, {"login": "\x00"}])
def test_an_incomplete_form_is_sent_back_and_counts_as_no_try(shopper: Client, fields: dict[str, str]) -> None:
    answer = shopper.post("/sign-in/", fields)

    assert answer.status_code == 400
    assert "Chưa gửi được." in text_of(answer)
    assert SignInAttempt.objects.count() == 0


def test_after_many_wrong_passwords_the_page_says_when_to_come_back(shopper: Client) -> None:
    a_user()
    for _ in range(FAILURES_MAX):
        sign_in(shopper, password="sai")

    answer = shopper.post("/sign-in/", {"login": PHONE, "password": PASSWORD})

    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 901
    assert "Bạn đã nhập sai nhiều lần." in text_of(answer)


def test_the_basket_stays_when_its_shopper_signs_in_and_goes_when_they_sign_out(shopper: Client) -> None:
    a_user()
    put_into_basket(shopper, goods(a_shop()), 2)

    sign_in(shopper)
    assert "Giỏ 2" in text_of(shopper.get("/"))
    asked = shopper.get("/sign-out/")
    assert "Đăng xuất khỏi máy này?" in text_of(asked)
    assert "Giỏ 2" in text_of(shopper.get("/"))
    shopper.post("/sign-out/")

    words = text_of(shopper.get("/"))
    assert "Bạn đã đăng xuất." in words
    assert "Giỏ 2" not in words
    assert "Đăng nhập" in words


def test_a_form_of_another_site_does_nothing(shopper: Client) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"accept-language": "vi"})
    strict.force_login(a_user())

    answer = strict.post("/sign-out/")

    assert answer.status_code == 403
    assert "Trang này để lâu quá rồi" in text_of(answer)
    assert "Đăng xuất" in text_of(strict.get("/"))


def test_the_language_is_kept_and_leads_back_to_the_same_page(shopper: Client) -> None:
    answer = shopper.post("/language/", {"language": "en", "next": "/about/"})

    assert answer["Location"] == "/about/"
    assert '<html lang="en">' in shopper.get("/about/").content.decode()
    shopper.post("/language/", {"language": "vi", "next": "/"})
    assert '<html lang="vi">' in shopper.get("/about/").content.decode()


@pytest.mark.parametrize(
    "fields", [{}, {"language": "xx"}, {"language": "\x00"}, {"language": "en", "next": "//e.com"}]
)
def test_an_impossible_language_or_way_back_changes_nothing_else(shopper: Client, fields: dict[str, str]) -> None:
    answer = shopper.post("/language/", fields)

    assert answer.status_code == 302
    assert answer["Location"] == "/"
