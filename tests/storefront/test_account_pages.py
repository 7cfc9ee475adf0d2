"""Getting back in, seeing where one is signed in, and staff who help in person."""

import re
from datetime import datetime

import pytest
from django.core import mail
from django.test import Client
from pytest_django import Settings

from marketplace.core import clock
from marketplace.people import sign_in
from marketplace.people.models import PasswordReset, User
from marketplace.people.resetting import send_waiting
from marketplace.people.services import register_person
from storefront.accounts.passwords import ASKED_OF_AN_ADDRESS_MAX
from tests.payments.factories import Shop, a_shop
from tests.storefront.shopping import text_of
from tests.storefront.working import an_agent, an_officer, browser_of, form, owner_at

pytestmark = pytest.mark.django_db
OLD, NEW = "mua-xuan-vung-cao", "ruong-bac-thang-9"


@pytest.fixture
def person(now: datetime) -> User:
    return register_person(name="Lò Thị Mây", phone="0912345678", email="may@cho.example", password=OLD, now=now)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def signed_in(shopper: Client, *, password: str = OLD) -> bool:
    return shopper.post("/sign-in/", {"login": "0912345678", "password": password}).status_code == 302


def test_a_forgotten_password_is_set_anew_by_a_link(shopper: Client, person: User) -> None:
    assert "/password/forgot/" in shopper.get("/sign-in/").content.decode()
    assert "Gửi liên kết" in text_of(shopper.get("/password/forgot/"))
    asked = shopper.post("/password/forgot/", form(login="0912345678"), follow=True)
    assert "Nếu tài khoản này có thư điện tử" in text_of(asked)
    send_waiting(now=clock.now())
    found = re.search(r"(/password/new/[\w-]+/)", str(mail.outbox[0].body))
    assert found is not None

    page = shopper.get(found[1])
    assert page["Referrer-Policy"] == "same-origin"
    assert shopper.post(found[1], form(password="ngan")).status_code == 400
    done = shopper.post(found[1], form(password=NEW), follow=True)

    assert "Đã đặt mật khẩu mới." in text_of(done)
    assert signed_in(shopper, password=NEW)
    over = Client().get(found[1])
    assert over.status_code == 404
    assert "Liên kết này đã dùng hoặc đã hết hạn." in text_of(over)


def test_a_login_name_that_grows_in_small_letters_is_refused_like_any_other(shopper: Client) -> None:
    for address, field in (("/sign-in/", {"password": OLD}), ("/password/code/", {"code": "0", "password": NEW})):
        answer = shopper.post(address, form(login="İ" * 254, **field))
        assert answer.status_code == 400
        assert "không khớp" in text_of(answer)
    assert shopper.post("/password/forgot/", form(login="İ" * 254)).status_code == 302


def test_wrong_passwords_from_one_network_are_counted_whoever_they_are_for(
    shopper: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "FAILURES_OF_AN_ADDRESS_MAX", 3)
    for number in range(3):
        assert shopper.post("/sign-in/", {"login": f"091234567{number}", "password": "sai-roi"}).status_code == 400

    answer = shopper.post("/sign-in/", {"login": "0912345678", "password": OLD})

    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert "Từ mạng này nhập sai mật khẩu nhiều quá." in text_of(answer)
    elsewhere = shopper.post("/sign-in/", {"login": "0912345678", "password": OLD}, REMOTE_ADDR="113.161.44.7")
    assert elsewhere.status_code == 302


def test_who_asks_learns_nothing_about_who_is_known(shopper: Client, person: User) -> None:
    answers = [shopper.post("/password/forgot/", form(login=login)) for login in ("0912345678", "0987654321")]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/password/asked/")}


def test_one_network_asks_a_bounded_number_of_times(shopper: Client) -> None:
    for _ in range(ASKED_OF_AN_ADDRESS_MAX):
        shopper.post("/password/forgot/", form(login="0987654321"))

    answer = shopper.post("/password/forgot/", form(login="0987654321"))

    assert answer.status_code == 429
    assert answer["Retry-After"] == "900"


def test_a_market_without_mail_offers_the_way_in_person_only(shopper: Client, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

    words = text_of(shopper.get("/password/forgot/"))

    assert "Gửi liên kết" not in words
    assert "Mang giấy tờ đến ủy ban xã, phường." in words


def test_staff_hand_a_seller_of_their_commune_a_code_in_person(shopper: Client, shop: Shop) -> None:
    owner = User.objects.get(pk=shop.owner.user_id)
    login = owner.phone or owner.email or ""
    officer = browser_of(an_officer().pk)
    assert "Bạn đã kiểm tra thế nào?" in text_of(officer.get("/commune/help/password/"))

    answer = officer.post("/commune/help/password/", form(login=login, checked="paper"))

    found = re.search(r"(\d{4} \d{4})", text_of(answer))
    assert answer["Cache-Control"] == "no-store"
    assert found is not None
    wrong = shopper.post("/password/code/", form(login=login, code="0", password=NEW))
    assert wrong.status_code == 400
    assert "Mã do cán bộ xã, phường đưa tận tay" in text_of(shopper.get("/password/code/"))
    done = shopper.post("/password/code/", form(login=login, code=found[1], password=NEW), follow=True)
    assert "Đã đặt mật khẩu mới." in text_of(done)
    assert shopper.post("/sign-in/", {"login": login, "password": NEW}).status_code == 302


def test_staff_help_nobody_of_another_commune_and_nobody_who_holds_an_office(shop: Shop, person: User) -> None:
    owner = User.objects.get(pk=shop.owner.user_id)
    elsewhere = browser_of(an_officer("01273").pk)
    here = an_officer()
    colleague = an_officer()
    cases = [(elsewhere, owner), (browser_of(here.pk), person), (browser_of(here.pk), colleague)]
    for browser, whom in cases:
        answer = browser.post("/commune/help/password/", form(login=whom.phone or whom.email, checked="paper"))
        assert answer.status_code == 404
        assert "Không thấy người này" in text_of(answer)
    for browser in (owner_at(shop), browser_of(an_agent().pk)):
        answer = browser.post("/commune/help/password/", form(login=person.phone, checked="paper"))
        assert answer.status_code == 403
    assert Client().get("/commune/help/password/").status_code == 302
    assert not PasswordReset.objects.exists()


def test_the_operator_helps_everybody(person: User) -> None:
    operator = User.objects.create_superuser(email="van-hanh@example.com", password="mật khẩu dài")
    operator.roles.create(kind="operator")

    answer = browser_of(operator.pk).post("/commune/help/password/", form(login="may@cho.example", checked="known"))

    assert "Dành cho Lò Thị Mây." in text_of(answer)


def test_the_account_shows_who_one_is_and_where_one_signed_in(shopper: Client, person: User) -> None:
    assert shopper.get("/account/")["Location"] == "/sign-in/?next=/account/"
    shopper.post(
        "/sign-in/",
        {"login": "0912345678", "password": OLD},
        headers={"user-agent": "Mozilla/5.0 (iPhone) Safari/604.1"},
    )

    words = text_of(shopper.get("/account/"))

    assert "Lò Thị Mây Số điện thoại 0912 345 678 Thư điện tử may@cho.example" in words
    assert "Safari · iPhone" in words
    assert "Giúp người bán đặt lại mật khẩu" not in words
    assert "Tài khoản của tôi" in text_of(shopper.get("/sign-out/"))
    assert "Chưa có lần đăng nhập nào được ghi." in text_of(browser_of(an_officer().pk).get("/account/"))


def test_signing_out_everywhere_ends_the_other_browsers_and_keeps_this_one(shopper: Client, person: User) -> None:
    other = Client()
    assert signed_in(shopper)
    assert signed_in(other)

    answer = shopper.post("/account/sign-out-everywhere/", form(), follow=True)

    assert "Mọi máy khác đã đăng xuất." in text_of(answer)
    assert shopper.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 302
    assert shopper.get("/account/sign-out-everywhere/").status_code == 405


def test_changing_the_password_ends_the_other_browsers_and_keeps_this_one(shopper: Client, person: User) -> None:
    other = Client()
    signed_in(shopper)
    signed_in(other)
    assert shopper.post("/account/password/", form(old="sai", new=NEW)).status_code == 400
    assert other.get("/account/").status_code == 200

    answer = shopper.post("/account/password/", form(old=OLD, new=NEW), follow=True)

    assert "Đã đổi mật khẩu." in text_of(answer)
    assert other.get("/account/").status_code == 302
    assert "Đổi xong, mọi máy khác phải đăng nhập lại." in text_of(shopper.get("/account/password/"))
