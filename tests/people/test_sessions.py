"""People see where they signed in, and can end all of it at once."""

from datetime import datetime, timedelta

import pytest

from marketplace.core.models import JournalEvent
from marketplace.people.models import RefreshToken, SignIn, User
from marketplace.people.services import WeakPassword, register_person
from marketplace.people.sessions import (
    WrongOldPassword,
    browser_name,
    change_password,
    note_sign_in,
    recent_sign_ins,
    sign_out_everywhere,
)
from marketplace.people.sign_in import sign_in
from marketplace.people.tasks import forget_sign_ins
from marketplace.people.tokens import issue_tokens, user_of_access_token

pytestmark = pytest.mark.django_db
OLD, NEW = "mua-xuan-vung-cao", "ruong-bac-thang-9"
CHROME = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36"
)


@pytest.fixture
def person(now: datetime) -> User:
    return register_person(name="Lò Thị Mây", phone="0912 345 678", password=OLD, now=now)


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (CHROME, "Chrome · Android"),
        (f"{CHROME} Zalo android/241101", "Zalo · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Version/18.1 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox · Windows"),
        ("curl/8", ""),
        ("", ""),
    ],
)
def test_a_browser_is_named_as_people_name_it(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name


def test_the_last_ten_sign_ins_are_shown_newest_first_and_forgotten_after_ninety_days(
    person: User, now: datetime
) -> None:
    for minute in range(12):
        note_sign_in(user=person, user_agent=CHROME, now=now + timedelta(minutes=minute))

    shown = recent_sign_ins(person)

    assert [row.happened_at for row in shown] == [now + timedelta(minutes=minute) for minute in range(11, 1, -1)]
    assert forget_sign_ins(now + timedelta(days=90, minutes=5)) == 5
    assert SignIn.objects.count() == 7


def test_signing_out_everywhere_ends_every_session_and_token(person: User, now: datetime) -> None:
    access = issue_tokens(user=person, now=now, issuer="x").access
    session = person.get_session_auth_hash()

    after = sign_out_everywhere(user=person, now=now)

    assert after.get_session_auth_hash() != session
    assert user_of_access_token(access, now=now) is None
    assert not RefreshToken.objects.exists()
    assert sign_in(login="0912345678", password=OLD, now=now) == person
    assert JournalEvent.objects.get(kind="person.signed_out_everywhere").data == {"user": person.pk}


def test_who_knows_the_present_password_sets_a_new_one(person: User, now: datetime) -> None:
    session = person.get_session_auth_hash()

    after = change_password(user=person, old=OLD, new=NEW, now=now)

    assert after.get_session_auth_hash() != session
    assert sign_in(login="0912345678", password=NEW, now=now) == person


@pytest.mark.parametrize(("old", "new", "error"), [("sai", NEW, WrongOldPassword), (OLD, "ngan", WeakPassword)])
def test_a_wrong_or_a_weak_password_changes_nothing(
    old: str, new: str, error: type[Exception], person: User, now: datetime
) -> None:
    with pytest.raises(error):
        change_password(user=person, old=old, new=new, now=now)

    assert sign_in(login="0912345678", password=OLD, now=now) == person
