"""A forgotten password: a link by e-mail or a code in person sets one new password, once, and ends all sessions."""

import re
from datetime import datetime, timedelta
from smtplib import SMTPServerDisconnected
from typing import Any

import pytest
from django.core import mail
from django.utils.translation import override
from pytest_django import Settings

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.models import JournalEvent
from marketplace.people import resetting
from marketplace.people.mailing import LINKS_AN_HOUR_MAX
from marketplace.people.models import PasswordReset, RefreshToken, ResetWish, SignInAttempt, User
from marketplace.people.resetting import (
    CODE_FAILURES_MAX,
    LinkOver,
    WrongCode,
    ask_for_link,
    give_code,
    person_of_link,
    send_waiting,
    use_code,
    use_link,
)
from marketplace.people.services import WeakPassword, register_person
from marketplace.people.sign_in import WrongPassword, sign_in
from marketplace.people.tasks import forget_sign_ins
from marketplace.people.tokens import issue_tokens, user_of_access_token

pytestmark = pytest.mark.django_db
OLD, NEW = "mua-xuan-vung-cao", "ruong-bac-thang-9"
PHONE = "0912 345 678"


@pytest.fixture
def person(now: datetime) -> User:
    return register_person(name="Lò Thị Mây", phone=PHONE, email="may@cho.example", password=OLD, now=now)


def link(now: datetime, *, login: str = "may@cho.example") -> str:
    """The secret of the link that is sent to whoever asks."""
    ask_for_link(login=login, now=now)
    send_waiting(now=now)
    found = re.search(r"/password/new/([\w-]+)/", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


@pytest.mark.parametrize("login", ["MAY@cho.example", "+84 912 345 678"])
def test_the_link_in_the_mail_sets_a_new_password(login: str, person: User, now: datetime) -> None:
    secret = link(now, login=login)

    assert mail.outbox[0].to == ["may@cho.example"]
    assert "Mở liên kết này trong 60 phút" in mail.outbox[0].body
    assert person_of_link(secret, now=now) == person
    use_link(secret=secret, password=NEW, now=now)

    assert sign_in(login=PHONE, password=NEW, now=now) == person
    with pytest.raises(WrongPassword):
        sign_in(login=PHONE, password=OLD, now=now)


def test_the_secret_is_kept_nowhere(person: User, now: datetime) -> None:
    secret = link(now)
    code = give_code(actor=SYSTEM, person=person, checked="paper", now=now)

    kept = str([*PasswordReset.objects.values(), *JournalEvent.objects.values()])
    assert secret not in kept
    assert code not in kept
    assert "may@cho.example" not in kept


def test_a_mail_speaks_the_persons_language(person: User, now: datetime) -> None:
    User.objects.filter(pk=person.pk).update(language_code="en")
    with override("vi"):
        link(now)
    assert mail.outbox[0].to == ["may@cho.example"]


@pytest.mark.parametrize("login", ["khong@cho.example", "0987654321", "", "\x00", "a" * 1000])
def test_nothing_is_sent_for_somebody_unknown_and_nothing_is_said(login: str, person: User, now: datetime) -> None:
    ask_for_link(login=login, now=now)

    assert send_waiting(now=now) == 0
    assert not PasswordReset.objects.exists()
    assert not ResetWish.objects.exists()


def test_nothing_is_sent_to_who_was_shut_out_or_has_no_address_or_where_mail_is_only_printed(
    person: User, now: datetime, settings: Settings
) -> None:
    register_person(name="Không thư", phone="0987654321", now=now)
    ask_for_link(login="0987654321", now=now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    ask_for_link(login=PHONE, now=now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.update(is_active=False)
    ask_for_link(login=PHONE, now=now)

    assert send_waiting(now=now) == 0
    assert not PasswordReset.objects.exists()
    assert not ResetWish.objects.exists()


def test_three_links_an_hour_and_no_more(person: User, now: datetime) -> None:
    for minute in range(LINKS_AN_HOUR_MAX + 2):
        ask_for_link(login=(PHONE, "may@cho.example")[minute % 2], now=now + timedelta(minutes=minute))
    assert send_waiting(now=now + timedelta(minutes=5)) == LINKS_AN_HOUR_MAX

    ask_for_link(login=PHONE, now=now + timedelta(minutes=61))

    assert send_waiting(now=now + timedelta(minutes=61)) == 1
    assert PasswordReset.objects.count() == LINKS_AN_HOUR_MAX + 1


def test_what_was_asked_for_longer_ago_than_a_link_lasts_is_forgotten(person: User, now: datetime) -> None:
    ask_for_link(login=PHONE, now=now)

    assert send_waiting(now=now + timedelta(minutes=60)) == 0
    assert not PasswordReset.objects.exists()
    assert not ResetWish.objects.exists()


def test_a_wish_that_another_process_took_up_is_granted_once(person: User, now: datetime) -> None:
    ask_for_link(login=PHONE, now=now)
    as_both_read_it = ResetWish.objects.get()

    for _process in range(2):
        resetting._grant(as_both_read_it, now=now)

    assert PasswordReset.objects.count() == 1


def test_a_link_works_once_and_for_an_hour(person: User, now: datetime) -> None:
    first, second = link(now), link(now)
    with pytest.raises(LinkOver):
        use_link(secret=first, password=NEW, now=now + timedelta(minutes=60))

    use_link(secret=first, password=NEW, now=now + timedelta(minutes=59))

    for secret in (first, second, "", "x" * 65, "khác"):
        with pytest.raises(LinkOver):
            use_link(secret=secret, password=OLD, now=now)
    assert sign_in(login=PHONE, password=NEW, now=now) == person


def test_a_weak_password_is_refused_and_leaves_the_link_good(person: User, now: datetime) -> None:
    secret = link(now)

    with pytest.raises(WeakPassword):
        use_link(secret=secret, password="12345678", now=now)

    use_link(secret=secret, password=NEW, now=now)


def test_a_new_password_ends_every_session_and_token_and_the_waiting_for_wrong_ones(
    person: User, now: datetime
) -> None:
    access = issue_tokens(user=person, now=now, issuer="x").access
    session = person.get_session_auth_hash()
    SignInAttempt.objects.create(login="+84912345678", failures=10, window_began_at=now)

    changed = use_link(secret=link(now), password=NEW, now=now)

    assert user_of_access_token(access, now=now) is None
    assert not RefreshToken.objects.exists()
    assert changed.get_session_auth_hash() != session
    assert sign_in(login=PHONE, password=NEW, now=now) == person
    kinds = JournalEvent.objects.filter(aggregate_id=str(person.pk)).values_list("kind", flat=True)
    assert list(kinds) == ["person.registered", "person.asked_for_reset", "person.password_reset"]


def test_an_address_that_no_mail_can_be_written_to_keeps_nobody_else_waiting(person: User, now: datetime) -> None:
    address = f"a@{'ü' * 60}.vn"
    register_person(name="Kẻ phá", phone="0912 345 679", email=address, password=OLD, now=now)
    ask_for_link(login=address, now=now)
    ask_for_link(login=PHONE, now=now)

    assert send_waiting(now=now) == 2

    assert [sent.to for sent in mail.outbox] == [["may@cho.example"]]


def test_a_mail_server_that_is_away_is_tried_again_later(
    person: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise SMTPServerDisconnected("may@cho.example")

    ask_for_link(login=PHONE, now=now)
    with monkeypatch.context() as patch:
        patch.setattr("marketplace.people.mailing.send_mail", away)
        assert send_waiting(now=now) == 1
        assert send_waiting(now=now + timedelta(seconds=59)) == 0
    assert mail.outbox == []

    assert send_waiting(now=now + timedelta(seconds=60)) == 1
    assert send_waiting(now=now + timedelta(minutes=30)) == 0
    assert len(mail.outbox) == 1


def test_a_mail_that_never_goes_is_given_up(person: User, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: Any, **__: Any) -> None:
        raise OSError

    monkeypatch.setattr("marketplace.people.mailing.send_mail", away)
    ask_for_link(login=PHONE, now=now)

    assert [send_waiting(now=now + timedelta(minutes=minute)) for minute in range(59)].count(1) == 5


def test_a_code_given_in_person_sets_a_new_password_and_is_on_record(person: User, now: datetime) -> None:
    officer = register_person(name="Cán bộ", email="xa@cho.example", now=now)

    code = give_code(actor=Actor(user_id=officer.pk), person=person, checked="paper", now=now)
    use_code(login=PHONE, code=f" {code[:4]} {code[4:]} ", password=NEW, now=now + timedelta(minutes=29))

    assert len(code) == 8
    assert sign_in(login=PHONE, password=NEW, now=now) == person
    given = JournalEvent.objects.get(kind="person.reset_code_given")
    assert given.actor_id == officer.pk
    assert given.data["checked"] == "paper"
    with pytest.raises(WrongCode):
        use_code(login=PHONE, code=code, password=OLD, now=now)


def test_a_code_is_over_after_half_an_hour_after_a_newer_one_and_for_others(person: User, now: datetime) -> None:
    other = register_person(name="Người khác", phone="0987654321", password=OLD, now=now)
    old = give_code(actor=SYSTEM, person=person, checked="known", now=now)
    code = give_code(actor=SYSTEM, person=person, checked="known", now=now)

    for login, tried, moment in (
        (PHONE, old, now),
        ("0987654321", code, now),
        ("0999999999", code, now),
        (PHONE, "", now),
        (PHONE, code, now + timedelta(minutes=30)),
    ):
        with pytest.raises(WrongCode):
            use_code(login=login, code=tried, password=NEW, now=moment)
    assert sign_in(login="0987654321", password=OLD, now=now) == other


def test_a_code_cannot_be_guessed(person: User, now: datetime) -> None:
    code = give_code(actor=SYSTEM, person=person, checked="known", now=now)
    wrong = f"{(int(code) + 1) % 10**8:08d}"
    for _ in range(CODE_FAILURES_MAX):
        with pytest.raises(WrongCode):
            use_code(login=PHONE, code=wrong, password=NEW, now=now)

    with pytest.raises(WrongCode):
        use_code(login=PHONE, code=code, password=NEW, now=now)


def test_staff_say_how_they_made_sure(person: User, now: datetime) -> None:
    with pytest.raises(InvalidInput):
        give_code(actor=SYSTEM, person=person, checked="", now=now)
    assert not PasswordReset.objects.exists()


def test_resets_are_forgotten_a_day_after_their_end(person: User, now: datetime) -> None:
    give_code(actor=SYSTEM, person=person, checked="known", now=now)

    assert forget_sign_ins(now + timedelta(hours=24)) == 0
    assert forget_sign_ins(now + timedelta(hours=25)) == 1
