"""A second step at sign-in: set up by a first code, each code taken once, wrong ones counted, ended with care."""

from datetime import datetime, timedelta

import pyotp
import pytest
from django.db import connection
from pytest_django import Settings

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.models import JournalEvent
from marketplace.people import second_step
from marketplace.people.models import RecoveryCode, SecondFactor, SignIn, SignInAttempt, User
from marketplace.people.second_step import (
    CODE_FAILURES_MAX,
    NotSetUp,
    StepRequired,
    WrongStepCode,
    begin_set_up,
    check_code,
    confirm_set_up,
    has_second_step,
    new_recovery_codes,
    owes_second_step,
    recovery_codes_left,
    set_up_of,
    switch_off,
    switch_off_for,
)
from marketplace.people.services import give_role, register_person
from marketplace.people.sessions import WrongOldPassword, note_sign_in
from marketplace.people.sign_in import PhoneOrEmailBackend, TooManyFailures, sign_in
from marketplace.people.tokens import issue_tokens, user_of_access_token
from marketplace.places.models import Commune
from tests.people.stepping import code_at, with_second_step

pytestmark = pytest.mark.django_db
PASSWORD = "mua-xuan-vung-cao"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def person(now: datetime) -> User:
    return register_person(name="Lò Thị Mây", phone="0912345678", password=PASSWORD, now=now)


@pytest.fixture
def codes(person: User, now: datetime) -> list[str]:
    """The recovery codes of the person, whose second step has been on for an hour."""
    return with_second_step(person, now=now - timedelta(hours=1))


def test_a_first_code_turns_it_on_and_ends_every_other_session(person: User, now: datetime) -> None:
    here, there = (note_sign_in(user=person, user_agent="", now=now) for _ in range(2))
    token = issue_tokens(user=person, now=now, issuer="x", sign_in=there).access
    begin_set_up(user=person, now=now)
    waiting = set_up_of(person, now=now)
    assert waiting is not None
    assert not has_second_step(person)
    begin_set_up(user=person, now=now + MINUTE)
    assert set_up_of(person, now=now + MINUTE) == waiting

    person.present_sign_in = here
    code = pyotp.TOTP(waiting.secret).at(now)
    _row, codes = confirm_set_up(user=person, code=code, now=now)

    assert has_second_step(person)
    assert (len(codes), recovery_codes_left(person)) == (10, 10)
    assert set_up_of(person, now=now) is None
    here.refresh_from_db()
    there.refresh_from_db()
    assert (here.by_two_steps, here.ended_at, there.ended_at) == (True, None, now)
    assert user_of_access_token(token, now=now) is None
    assert JournalEvent.objects.get(kind="person.second_step_on").data == {"user": person.pk}
    with pytest.raises(NotSetUp):
        begin_set_up(user=person, now=now)


def test_a_wrong_first_code_or_one_after_an_hour_turns_nothing_on(person: User, now: datetime) -> None:
    with pytest.raises(NotSetUp):
        confirm_set_up(user=person, code="123456", now=now)
    begin_set_up(user=person, now=now)
    first = SecondFactor.objects.get()
    with pytest.raises(WrongStepCode):
        confirm_set_up(user=person, code="", now=now)
    late = now + timedelta(minutes=61)

    with pytest.raises(NotSetUp):
        confirm_set_up(user=person, code=pyotp.TOTP(first.secret).at(late), now=late)

    assert not has_second_step(person)
    begin_set_up(user=person, now=late)
    assert SecondFactor.objects.get().secret != first.secret


def test_the_secret_and_the_recovery_codes_cannot_be_read_in_the_database(
    person: User, codes: list[str], now: datetime
) -> None:
    secret = SecondFactor.objects.get().secret
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM people_secondfactor")
        kept = cursor.fetchone()[0]

    assert secret not in kept
    assert not {row.code_hash for row in RecoveryCode.objects.all()} & set(codes)


def test_a_code_is_taken_once_and_so_is_no_earlier_one(person: User, codes: list[str], now: datetime) -> None:
    early = code_at(person, now - timedelta(seconds=30))
    check_code(user=person, code=code_at(person, now), now=now)

    for code in (code_at(person, now), early):
        with pytest.raises(WrongStepCode):
            check_code(user=person, code=code, now=now)

    check_code(user=person, code=code_at(person, now + MINUTE), now=now + MINUTE)


def test_control_without_the_kept_step_the_same_code_is_taken_again(
    person: User, codes: list[str], now: datetime
) -> None:
    code = code_at(person, now)
    check_code(user=person, code=code, now=now)
    SecondFactor.objects.update(last_step=0)

    check_code(user=person, code=code, now=now)


def test_a_recovery_code_stands_in_once(person: User, codes: list[str], now: datetime) -> None:
    check_code(user=person, code=f" {codes[0][:4]} {codes[0][4:]}", now=now)

    with pytest.raises(WrongStepCode):
        check_code(user=person, code=codes[0], now=now)

    assert recovery_codes_left(person) == 9
    assert JournalEvent.objects.filter(kind="person.recovery_code_used").count() == 1


def test_new_recovery_codes_end_the_old_ones(person: User, codes: list[str], now: datetime) -> None:
    fresh = new_recovery_codes(user=person, code=code_at(person, now), now=now)

    with pytest.raises(WrongStepCode):
        check_code(user=person, code=codes[0], now=now)
    check_code(user=person, code=fresh[0], now=now)
    with pytest.raises(WrongStepCode):
        new_recovery_codes(user=person, code="000000", now=now)


def guess(person: User, now: datetime) -> None:
    """Wrong codes, one less than are too many."""
    for number in range(CODE_FAILURES_MAX - 1):
        with pytest.raises(WrongStepCode):
            check_code(user=person, code=f"00000000000{number}", now=now)


def test_after_five_wrong_codes_even_the_right_one_waits_and_the_password_does_not_begin_the_count_anew(
    person: User, codes: list[str], now: datetime
) -> None:
    guess(person, now)
    sign_in(login="0912345678", password=PASSWORD, now=now)
    with pytest.raises(WrongStepCode):
        check_code(user=person, code="000000", now=now)

    with pytest.raises(TooManyFailures) as refusal:
        check_code(user=person, code=code_at(person, now), now=now)
    with pytest.raises(TooManyFailures):
        check_code(user=person, code=codes[0], now=now)

    assert refusal.value.retry_after_s == 901
    later = now + timedelta(minutes=15)
    check_code(user=person, code=code_at(person, later), now=later)
    assert not SignInAttempt.objects.exists()


def test_control_counted_with_the_passwords_a_right_password_would_begin_the_count_anew(
    person: User, codes: list[str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_step, "_attempts_of", lambda user: user.phone)
    guess(person, now)
    sign_in(login="0912345678", password=PASSWORD, now=now)

    guess(person, now)


def test_strangers_cannot_use_up_somebodys_tries(person: User, codes: list[str], now: datetime) -> None:
    for _ in range(CODE_FAILURES_MAX):
        with pytest.raises(InvalidInput):
            sign_in(login=f"CODE:{person.pk}", password="sai", now=now)

    check_code(user=person, code=code_at(person, now), now=now)


def test_switching_it_off_asks_for_the_password_and_a_code(person: User, codes: list[str], now: datetime) -> None:
    with pytest.raises(WrongOldPassword):
        switch_off(user=person, password="sai", code=code_at(person, now), now=now)
    with pytest.raises(WrongStepCode):
        switch_off(user=person, password=PASSWORD, code="000000", now=now)
    assert has_second_step(person)

    switch_off(user=person, password=PASSWORD, code=code_at(person, now), now=now)

    assert not has_second_step(person)
    assert not RecoveryCode.objects.exists()
    assert JournalEvent.objects.filter(kind="person.second_step_off").count() == 1


def test_staff_end_it_for_who_lost_the_phone_on_record_and_every_session_with_it(
    person: User, codes: list[str], now: datetime
) -> None:
    session = note_sign_in(user=person, user_agent="", now=now)
    officer = Actor(user_id=register_person(name="Cán bộ", phone="0912345670", now=now).pk)
    with pytest.raises(InvalidInput):
        switch_off_for(actor=officer, person=person, checked="", now=now)

    switch_off_for(actor=officer, person=person, checked="paper", now=now)

    assert not has_second_step(person)
    assert SignIn.objects.get(pk=session.pk).ended_at == now
    event = JournalEvent.objects.get(kind="person.second_step_taken_off")
    assert (event.actor_id, event.data) == (officer.user_id, {"user": person.pk, "checked": "paper"})
    generation = User.objects.get(pk=person.pk).token_generation
    with pytest.raises(NotSetUp):
        switch_off_for(actor=officer, person=person, checked="paper", now=now)
    assert User.objects.get(pk=person.pk).token_generation == generation


def test_djangos_own_sign_in_lets_nobody_past_the_second_step(person: User, now: datetime) -> None:
    backend = PhoneOrEmailBackend()
    assert backend.authenticate(None, username="0912345678", password=PASSWORD) == person
    with_second_step(person, now=now)

    assert backend.authenticate(None, username="0912345678", password=PASSWORD) is None


def test_staff_owe_it_only_while_the_market_requires_it_and_cannot_end_it_then(
    person: User, codes: list[str], now: datetime, settings: Settings
) -> None:
    give_role(actor=SYSTEM, user=person, kind="commune", commune=Commune.objects.all()[0], now=now)
    assert not owes_second_step(person)

    settings.MARKET_STAFF_SECOND_FACTOR = True

    assert owes_second_step(person)
    person.present_sign_in = note_sign_in(user=person, user_agent="", by_two_steps=True, now=now)
    assert not owes_second_step(person)
    with pytest.raises(StepRequired):
        switch_off(user=person, password=PASSWORD, code=code_at(person, now), now=now)
    assert has_second_step(person)


def test_agents_and_sellers_never_owe_it(person: User, now: datetime, settings: Settings) -> None:
    settings.MARKET_STAFF_SECOND_FACTOR = True
    give_role(actor=SYSTEM, user=person, kind="agent", commune=Commune.objects.all()[0], now=now)

    assert not owes_second_step(person)
