"""Where one is signed in: machines in plain words, each ended by itself, at the price of no statement more."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from marketplace.people import presence
from marketplace.people.models import SignIn, User
from marketplace.people.services import register_person
from marketplace.people.sessions import note_program, note_sign_in
from tests.source import python_files, text
from tests.storefront.conftest import At, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import browser_of, form

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
SIGN_IN = {"login": "0912345678", "password": "mua-xuan-vung-cao"}
PHONE = "Mozilla/5.0 (iPhone) Safari/604.1"
LAPTOP = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"


@pytest.fixture
def person(now: datetime) -> User:
    return register_person(name="Lò Thị Mây", phone="0912345678", password=SIGN_IN["password"], now=now)


def signed_in(user_agent: str) -> Client:
    browser = Client(headers={"user-agent": user_agent})
    browser.post("/sign-in/", SIGN_IN)
    return browser


def test_the_machine_in_hand_is_named_and_another_is_ended_by_itself(person: User) -> None:
    laptop, phone = signed_in(LAPTOP), signed_in(PHONE)
    words = text_of(phone.get("/account/machines/"))
    assert "Safari · iPhone Đây là máy bạn đang dùng Dùng lần cuối khoảng" in words
    assert "Firefox · Windows Dùng lần cuối khoảng" in words
    assert "mạng 127.0.*.*" in words
    lost = SignIn.objects.get(browser__startswith="Firefox")

    answer = phone.post(f"/account/machines/{lost.pk}/end/", form(), follow=True)

    assert "Máy ấy đã đăng xuất." in text_of(answer)
    assert "Firefox" not in text_of(phone.get("/account/machines/"))
    assert laptop.get("/account/").status_code == 302
    assert laptop.cookies["sessionid"].value == ""
    assert phone.get("/account/").status_code == 200


def test_a_program_that_signed_in_three_times_is_one_machine_with_one_button(person: User, now: datetime) -> None:
    here = signed_in(PHONE)
    for _again in range(3):
        note_program(user=person, user_agent="node", address="113.161.44.7", by_two_steps=False, now=now)
    page = here.get("/account/machines/")
    assert text_of(page).count("Phần mềm nối với chợ") == 1
    assert "mạng 113.161.*.* · 3 lần đăng nhập" in text_of(page)
    newest = SignIn.objects.order_by("pk").last()
    assert newest is not None

    here.post(f"/account/machines/{newest.pk}/end/", form())

    assert "Phần mềm nối với chợ" not in text_of(here.get("/account/machines/"))
    assert SignIn.objects.filter(ended_at=None).count() == 1


def test_control_without_the_look_at_the_sign_in_the_ended_machine_stays_in(
    person: User, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    laptop = signed_in(LAPTOP)
    SignIn.objects.update(ended_at=now)
    monkeypatch.setattr(presence, "live_sign_in", lambda number: SignIn.objects.select_related("user").get(pk=number))

    assert laptop.get("/account/").status_code == 200


def test_ending_the_machine_in_hand_and_signing_out_leave_no_cookie_that_counts(person: User) -> None:
    here = signed_in(PHONE)
    copied = here.cookies["sessionid"].value
    row = SignIn.objects.get()
    assert here.post(f"/account/machines/{row.pk}/end/", form())["Location"] == "/"
    assert here.get("/account/").status_code == 302
    there = signed_in(LAPTOP)
    kept = there.cookies["sessionid"].value
    there.post("/sign-out/")

    for cookie in (copied, kept):
        thief = Client()
        thief.cookies["sessionid"] = cookie
        assert thief.get("/account/").status_code == 302
    assert not SignIn.objects.filter(ended_at=None).exists()


def test_a_form_without_its_id_ends_nothing(person: User) -> None:
    here = signed_in(PHONE)
    assert here.post(f"/account/machines/{SignIn.objects.get().pk}/end/").status_code == 400
    assert SignIn.objects.get().ended_at is None


def test_the_last_use_is_kept_to_the_hour_not_at_every_request(
    person: User, now: datetime, at: At, statements: Count
) -> None:
    here = signed_in(PHONE)
    at(now + timedelta(minutes=59))
    usual = statements(lambda: here.get("/account/"))
    assert SignIn.objects.get().last_used_at == now
    at(now + timedelta(minutes=60))

    here.get("/account/", REMOTE_ADDR="113.161.44.7")

    assert SignIn.objects.get().last_used_at == now + timedelta(minutes=60)
    assert SignIn.objects.get().network == "113.161.*.*"
    assert statements(lambda: here.get("/account/")) == usual


def test_who_asks_costs_one_statement_as_without_a_number_and_the_list_few(
    person: User, now: datetime, statements: Count
) -> None:
    here, plain = signed_in(PHONE), browser_of(person.pk)
    assert statements(lambda: here.get("/account/")) == statements(lambda: plain.get("/account/"))
    few = statements(lambda: here.get("/account/machines/"))
    for _ in range(40):
        note_sign_in(user=person, user_agent=LAPTOP, now=now)

    assert statements(lambda: here.get("/account/machines/")) == few
    assert "Trang 2" in text_of(here.get("/account/machines/?page=2"))
    assert "Không còn máy nào khác." in text_of(here.get("/account/machines/?page=9"))


def test_there_is_one_way_in_so_that_every_session_can_be_ended() -> None:
    begun = [path.name for path in python_files() if "tests" not in path.parts and "auth.login(" in text(path)]

    assert begun == ["presence.py"]
