"""People sign in by phone or e-mail; guessing is slow."""

from datetime import datetime, timedelta

import pytest
from pytest_django import Settings

from marketplace.people.models import SignInAttempt, User
from marketplace.people.services import LoginTaken, WeakPassword, register_person
from marketplace.people.sign_in import (
    FAILURES_MAX,
    FAILURES_WINDOW_S,
    PhoneOrEmailBackend,
    TooManyFailures,
    WrongPassword,
    sign_in,
)
from marketplace.people.tokens import issue_tokens, user_of_access_token

pytestmark = pytest.mark.django_db
PASSWORD = "mua-xuan-vung-cao"


@pytest.fixture
def person(now: datetime) -> User:
    return register_person(
        name="Lò Thị Mây", phone="0912 345 678", email="May@Cho.Example", password=PASSWORD, now=now
    )


@pytest.mark.parametrize(
    "login", ["0912345678", "+84 912 345 678", "0084912345678", "may@cho.example", " MAY@cho.example "]
)
def test_every_way_of_writing_the_same_phone_or_mail_signs_in(person: User, login: str, now: datetime) -> None:
    assert sign_in(login=login, password=PASSWORD, now=now) == person


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("0912345678", "sai"),
        ("0912345679", PASSWORD),
        ("", PASSWORD),
        ("\x00", PASSWORD),
        ("0912345678", "x" * 100_000),
        ("' OR 1=1 --", PASSWORD),
        ("a" * 10_000, PASSWORD),
    ],
)
def test_anything_else_is_one_and_the_same_refusal(person: User, login: str, password: str, now: datetime) -> None:
    with pytest.raises(WrongPassword, match="không khớp"):
        sign_in(login=login, password=password, now=now)


def test_somebody_who_was_shut_out_cannot_sign_in(person: User, now: datetime) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)
    with pytest.raises(WrongPassword):
        sign_in(login="0912345678", password=PASSWORD, now=now)


def test_right_passwords_of_one_name_are_bounded_too_and_nobody_elses(
    person: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.people.sign_in.SIGN_INS_MAX", 2)
    other = register_person(name="Lý A Tủa", phone="0912 345 679", password=PASSWORD, now=now)
    for _ in range(2):
        assert sign_in(login="0912345678", password=PASSWORD, now=now) == person

    with pytest.raises(TooManyFailures, match="nhiều lần quá") as refusal:
        sign_in(login="+84912345678", password=PASSWORD, now=now)

    assert refusal.value.retry_after_s == FAILURES_WINDOW_S
    assert sign_in(login="0912345679", password=PASSWORD, now=now) == other


def test_after_ten_wrong_passwords_even_the_right_one_waits_a_quarter_of_an_hour(person: User, now: datetime) -> None:
    for _ in range(FAILURES_MAX):
        with pytest.raises(WrongPassword):
            sign_in(login="0912345678", password="sai", now=now)

    with pytest.raises(TooManyFailures) as refusal:
        sign_in(login="+84912345678", password=PASSWORD, now=now + timedelta(minutes=14))

    assert refusal.value.retry_after_s == 61
    assert sign_in(login="0912345678", password=PASSWORD, now=now + timedelta(minutes=15)) == person
    assert not SignInAttempt.objects.exists()


def test_failures_long_ago_are_forgotten(person: User, now: datetime) -> None:
    for minutes in range(0, 16 * FAILURES_MAX, 16):
        with pytest.raises(WrongPassword):
            sign_in(login="0912345678", password="sai", now=now + timedelta(minutes=minutes))
    assert sign_in(login="0912345678", password=PASSWORD, now=now + timedelta(minutes=200)) == person


def test_a_phone_or_mail_that_is_known_cannot_be_registered_again(person: User, now: datetime) -> None:
    for fields in ({"phone": "+84912345678"}, {"email": "MAY@cho.example"}):
        with pytest.raises(LoginTaken):
            register_person(name="Ai đó", now=now, **fields)
    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["ngan", "12345678", "password"])
def test_a_weak_password_is_refused_and_nobody_is_registered(password: str, now: datetime) -> None:
    with pytest.raises(WeakPassword):
        register_person(name="Ai đó", phone="0912345678", password=password, now=now)
    assert not User.objects.exists()


def test_the_demos_people_with_their_public_password_are_nobody_once_the_demo_is_off(
    now: datetime, settings: Settings
) -> None:
    person = register_person(name="Chủ (thử)", email="chu@cho40.example", password=PASSWORD, now=now, is_demo=True)
    settings.MARKET_DEMO = True
    assert sign_in(login="chu@cho40.example", password=PASSWORD, now=now) == person
    token = issue_tokens(user=person, now=now, issuer="x").access
    assert user_of_access_token(token, now=now) == person

    settings.MARKET_DEMO = False

    with pytest.raises(WrongPassword):
        sign_in(login="chu@cho40.example", password=PASSWORD, now=now)
    assert user_of_access_token(token, now=now) is None
    assert PhoneOrEmailBackend().get_user(person.pk) is None
