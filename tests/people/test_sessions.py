"""People see where they signed in, and can end all of it at once."""

from datetime import datetime, timedelta

import pytest

from marketplace.core.models import JournalEvent
from marketplace.people.models import RefreshToken, SignIn, User
from marketplace.people.services import WeakPassword, register_person
from marketplace.people.sessions import (
    NoSuchSignIn,
    WrongOldPassword,
    browser_name,
    change_password,
    end_sign_in,
    machines,
    network_of,
    note_program,
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


@pytest.mark.parametrize(
    ("address", "network"),
    [("113.161.44.7", "113.161.*.*"), ("2402:800:6105:1::7", "2402:0800:*"), ("", ""), ("khong", "")],
)
def test_of_an_address_only_the_network_is_kept(address: str, network: str) -> None:
    assert network_of(address) == network


def test_ending_one_sign_in_ends_its_tokens_and_leaves_the_others(person: User, now: datetime) -> None:
    one, other = (note_sign_in(user=person, user_agent=CHROME, now=now) for _ in range(2))
    tokens = [issue_tokens(user=person, now=now, issuer="x", sign_in=row).access for row in (one, other)]

    for _ in range(2):
        end_sign_in(user=person, sign_in_id=one.pk, now=now)

    assert user_of_access_token(tokens[0], now=now) is None
    assert user_of_access_token(tokens[1], now=now) == person
    assert [row.number for row in machines(person, page=1, now=now)[0]] == [other.pk]
    assert RefreshToken.objects.get().sign_in == other
    assert JournalEvent.objects.get(kind="person.signed_out").data == {"user": person.pk, "sign_in": one.pk}


def test_nobody_ends_the_sign_in_of_another(person: User, now: datetime) -> None:
    row = note_sign_in(user=person, user_agent=CHROME, now=now)
    other = register_person(name="Người khác", phone="0912345670", now=now)

    with pytest.raises(NoSuchSignIn):
        end_sign_in(user=other, sign_in_id=row.pk, now=now)

    assert SignIn.objects.get().ended_at is None


def test_machines_are_listed_while_their_cookie_lasts_a_page_at_a_time(person: User, now: datetime) -> None:
    for day in range(25):
        note_sign_in(user=person, user_agent=CHROME, now=now - timedelta(hours=day))
    note_sign_in(user=person, user_agent=CHROME, now=now - timedelta(days=14))

    first, more = machines(person, page=1, now=now)
    second, no_more = machines(person, page=2, now=now)

    assert (len(first), more, len(second), no_more) == (20, True, 5, False)
    assert first[0].last_used_at == now


def test_a_programs_sign_ins_are_each_their_own_and_shown_and_ended_as_one_machine(
    person: User, now: datetime
) -> None:
    def comes(address: str, *, minutes: int) -> SignIn:
        at = now + timedelta(minutes=minutes)
        return note_program(user=person, user_agent="curl/8", address=address, by_two_steps=False, now=at)

    one, other, far = comes("113.161.44.7", minutes=0), comes("113.161.9.9", minutes=5), comes("14.0.0.1", minutes=2)
    tokens = [issue_tokens(user=person, now=now, issuer="x", sign_in=row).access for row in (one, other, far)]
    shown, _more = machines(person, page=1, now=now)
    assert [(row.number, row.network, row.sign_ins) for row in shown] == [
        (other.pk, "113.161.*.*", 2),
        (far.pk, "14.0.*.*", 1),
    ]
    assert shown[0].last_used_at == now + timedelta(minutes=5)

    end_sign_in(user=person, sign_in_id=other.pk, now=now)

    assert [user_of_access_token(token, now=now) for token in tokens] == [None, None, person]
    assert RefreshToken.objects.get().sign_in == far
    assert [row.number for row in machines(person, page=1, now=now)[0]] == [far.pk]


def test_a_program_of_the_same_look_leaves_the_browser_signed_in(person: User, now: datetime) -> None:
    browser = note_sign_in(user=person, user_agent=CHROME, address="113.161.44.7", now=now)
    program = note_program(user=person, user_agent=CHROME, address="113.161.44.7", by_two_steps=False, now=now)

    end_sign_in(user=person, sign_in_id=program.pk, now=now)

    assert [row.number for row in machines(person, page=1, now=now)[0]] == [browser.pk]
