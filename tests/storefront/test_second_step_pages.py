"""Signing in in two steps, setting it up, ending it, and staff of whom the market requires it."""

import re
from base64 import b64decode
from datetime import datetime, timedelta

import pyotp
import pytest
from django.test import Client
from pytest_django import Settings

from marketplace.core.actors import SYSTEM
from marketplace.people.models import SecondFactor, SignIn, User
from marketplace.people.second_step import has_second_step
from marketplace.people.services import give_role, register_person
from marketplace.places.models import Commune
from tests.payments.factories import DAM_THUY, a_shop
from tests.people.stepping import code_at, with_second_step
from tests.storefront.conftest import At
from tests.storefront.shopping import text_of
from tests.storefront.working import an_officer, browser_of, form, owner_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
PASSWORD = "mua-xuan-vung-cao"
SIGN_IN = {"login": "0912345678", "password": PASSWORD}
LATER = timedelta(minutes=1)


@pytest.fixture
def person(now: datetime) -> User:
    return register_person(name="Lò Thị Mây", phone="0912345678", password=PASSWORD, now=now)


@pytest.fixture
def codes(person: User, now: datetime) -> list[str]:
    return with_second_step(person, now=now - timedelta(hours=1))


def test_it_is_set_up_by_a_qr_code_or_by_typing_and_shows_ten_codes_once(
    shopper: Client, person: User, now: datetime
) -> None:
    other = Client()
    for browser in (shopper, other):
        browser.post("/sign-in/", SIGN_IN)
    assert "Xác minh hai bước: đang tắt" in text_of(shopper.get("/account/"))
    assert "Bắt đầu" in text_of(shopper.get("/account/second-step/"))
    assert not SecondFactor.objects.exists()
    assert shopper.post("/account/second-step/begin/", form()).status_code == 302

    page = shopper.get("/account/second-step/").content.decode()
    secret = SecondFactor.objects.get().secret
    assert " ".join(re.findall("....", secret)) in page
    picture = re.search(r"data:image/svg\+xml;base64,([\w+/=]+)", page)
    assert picture is not None
    assert b64decode(picture[1]).startswith(b"<svg")
    assert shopper.post("/account/second-step/", form(password=PASSWORD, code="000000")).status_code == 400
    done = shopper.post("/account/second-step/", form(password=PASSWORD, code=pyotp.TOTP(secret).at(now)))

    assert len(re.findall(r"\d{4} \d{4} \d{4}", text_of(done))) == 10
    assert done["Cache-Control"] == "no-store"
    assert "Còn 10 mã dự phòng chưa dùng." in text_of(shopper.get("/account/second-step/"))
    assert secret not in shopper.get("/account/second-step/").content.decode()
    assert other.get("/account/").status_code == 302


def test_whoever_finds_a_machine_signed_in_cannot_lock_its_owner_out_with_a_second_step_of_their_own(
    shopper: Client, person: User, now: datetime
) -> None:
    shopper.post("/sign-in/", SIGN_IN)
    shopper.post("/account/second-step/begin/", form())

    for password in ("", "doan-bua-mot-cau"):
        refused = shopper.post("/account/second-step/", form(password=password, code=code_at(person, now)))
        assert refused.status_code == 400

    assert not SecondFactor.objects.filter(confirmed_at__isnull=False).exists()


def test_after_the_password_a_code_is_asked_for_and_then_one_is_led_onwards(
    shopper: Client, person: User, codes: list[str], now: datetime
) -> None:
    half = shopper.post("/sign-in/", SIGN_IN | {"next": "/account/machines/"})
    assert half["Location"] == "/sign-in/code/?next=/account/machines/"
    assert shopper.get("/account/").status_code == 302
    assert not SignIn.objects.exists()
    assert "Mật khẩu đúng rồi." in text_of(shopper.get(half["Location"]))
    assert shopper.post("/sign-in/code/", {"code": "000000"}).status_code == 400
    assert shopper.get("/account/").status_code == 302

    done = shopper.post("/sign-in/code/", {"code": code_at(person, now), "next": "/account/machines/"})

    assert done["Location"] == "/account/machines/"
    assert SignIn.objects.get().by_two_steps
    assert shopper.get("/account/").status_code == 200
    assert shopper.get("/sign-in/code/")["Location"] == "/sign-in/"


def test_a_recovery_code_lets_in_too_and_registering_again_is_no_way_around(
    shopper: Client, person: User, codes: list[str]
) -> None:
    around = shopper.post("/register/", SIGN_IN | {"name": "Lò Thị Mây"})
    assert around["Location"].startswith("/sign-in/code/")
    assert shopper.get("/account/").status_code == 302

    shopper.post("/sign-in/code/", {"code": codes[3]})

    assert shopper.get("/account/").status_code == 200


def test_the_password_counts_for_ten_minutes_and_until_it_is_changed(
    shopper: Client, person: User, codes: list[str], now: datetime, at: At
) -> None:
    shopper.post("/sign-in/", SIGN_IN)
    at(now + timedelta(minutes=11))
    assert shopper.post("/sign-in/code/", {"code": codes[0]})["Location"] == "/sign-in/"
    shopper.post("/sign-in/", SIGN_IN)
    User.objects.filter(pk=person.pk).update(token_generation=9)

    assert shopper.post("/sign-in/code/", {"code": codes[0]})["Location"] == "/sign-in/"
    assert not SignIn.objects.exists()


def test_the_sixth_code_waits(shopper: Client, person: User, codes: list[str], now: datetime) -> None:
    shopper.post("/sign-in/", SIGN_IN)
    for _ in range(5):
        shopper.post("/sign-in/code/", {"code": "000000"})

    answer = shopper.post("/sign-in/code/", {"code": code_at(person, now)})

    assert (answer.status_code, answer["Retry-After"]) == (429, "901")


def test_new_codes_and_the_end_ask_for_a_code(
    shopper: Client, person: User, codes: list[str], now: datetime, at: At
) -> None:
    shopper.post("/sign-in/", SIGN_IN)
    shopper.post("/sign-in/code/", {"code": codes[0]})
    assert "Các mã cũ hết dùng được." in text_of(shopper.get("/account/second-step/codes/"))
    assert shopper.post("/account/second-step/codes/", form(code="0")).status_code == 400
    assert "Mã dự phòng của bạn" in text_of(
        shopper.post("/account/second-step/codes/", form(code=code_at(person, now)))
    )
    at(now + LATER)
    assert "Tắt xác minh hai bước" in text_of(shopper.get("/account/second-step/off/"))
    fields = form(password="sai", code=code_at(person, now + LATER))
    assert shopper.post("/account/second-step/off/", fields).status_code == 400
    assert has_second_step(person)

    done = shopper.post("/account/second-step/off/", fields | {"password": PASSWORD}, follow=True)

    assert "Đã tắt xác minh hai bước." in text_of(done)
    assert not has_second_step(person)
    for page in ("codes", "off"):
        assert shopper.get(f"/account/second-step/{page}/")["Location"] == "/account/second-step/"


def test_staff_end_it_for_a_seller_of_their_commune_and_for_nobody_else(now: datetime) -> None:
    shop = a_shop()
    owner = User.objects.get(pk=shop.owner.user_id)
    with_second_step(owner, now=now)
    login = owner.phone or owner.email or ""
    page = "/commune/help/second-step/"
    officer, elsewhere = browser_of(an_officer().pk), browser_of(an_officer("01273").pk)
    assert page in officer.get("/commune/help/password/").content.decode()
    assert "Bạn đã kiểm tra thế nào?" in text_of(officer.get(page))
    assert elsewhere.post(page, form(login=login, checked="paper")).status_code == 404
    assert owner_at(shop).post(page, form(login=login, checked="paper")).status_code == 403
    assert has_second_step(owner)

    done = officer.post(page, form(login=login, checked="paper"), follow=True)

    assert "Đã tắt xác minh hai bước cho" in text_of(done)
    assert not has_second_step(owner)
    assert officer.post(page, form(login=login, checked="paper")).status_code == 409


def test_where_it_is_required_staff_set_it_up_before_any_page_of_theirs_opens(
    shopper: Client, person: User, now: datetime, settings: Settings, at: At
) -> None:
    give_role(actor=SYSTEM, user=person, kind="commune", commune=Commune.objects.get(pk=DAM_THUY), now=now)
    shopper.post("/sign-in/", SIGN_IN)
    assert shopper.get("/commune/").status_code == 200

    settings.MARKET_STAFF_SECOND_FACTOR = True

    assert shopper.get("/commune/")["Location"] == "/account/second-step/"
    assert "Quản lý" not in text_of(shopper.get("/"))
    assert "Cán bộ và người vận hành phải bật xác minh hai bước" in text_of(shopper.get("/account/second-step/"))
    assert Client().post("/sign-in/", SIGN_IN)["Location"] == "/account/second-step/"
    shopper.post("/account/second-step/begin/", form())
    shopper.post("/account/second-step/", form(password=PASSWORD, code=code_at(person, now)))
    assert shopper.get("/commune/").status_code == 200
    at(now + LATER)
    again = Client()
    again.post("/sign-in/", SIGN_IN)
    again.post("/sign-in/code/", {"code": code_at(person, now + LATER)})
    assert again.get("/commune/").status_code == 200
    before = browser_of(person.pk)
    assert before.get("/commune/")["Location"] == "/account/second-step/"
    assert "Bạn đăng xuất rồi đăng nhập lại giúp." in text_of(before.get("/account/second-step/"))
    refused = again.post("/account/second-step/off/", form(password=PASSWORD, code="000000"))
    assert refused.status_code == 403
