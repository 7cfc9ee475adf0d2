"""A new password, set by the storefront's document, throws out everybody but the program that asked for it."""

from __future__ import annotations

import pytest

from marketplace.api.graphql.mutations import accounts
from marketplace.people.models import SignIn, User
from marketplace.people.services import register_person
from marketplace.people.sessions import change_password, note_program
from tests.api.asking import ask
from tests.api.contract.documents import document
from tests.api.contract.doing import EMAIL, NEW, OLD, codes, done
from tests.catalog.factories import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


@pytest.fixture
def lan(db: None) -> User:
    return register_person(name="Nông Thị Lan", email=EMAIL, password=OLD, now=NOW)


def test_a_password_is_changed_and_the_asking_program_goes_on(lan: User) -> None:
    here = done("tokenCreate", email=EMAIL, password=OLD)
    by = {"Authorization": f"Bearer {here['token']}"}
    elsewhere = ask(document("tokenCreate"), headers={"User-Agent": "Firefox"}, email=EMAIL, password=OLD)[
        "tokenCreate"
    ]

    wrong = done("PasswordChange", by=by, oldPassword="another-one", newPassword=NEW)
    weak = done("PasswordChange", by=by, oldPassword=OLD, newPassword="ngan")
    changed = done("PasswordChange", by=by, oldPassword=OLD, newPassword=NEW)

    assert codes(wrong) == [("oldPassword", "INVALID_CREDENTIALS")]
    assert codes(weak) == [("newPassword", "PASSWORD_TOO_SHORT")]
    assert weak["errors"][0]["message"] == "Mật khẩu cần ít nhất 8 ký tự."
    assert changed == {"errors": []}
    assert ask("{ me { email } }", headers=by) == {"me": {"email": EMAIL}}
    assert done("refreshToken", refreshToken=here["refreshToken"])["errors"] == []
    assert codes(done("refreshToken", refreshToken=elsewhere["refreshToken"])) == [
        ("refreshToken", "JWT_INVALID_TOKEN")
    ]
    assert done("tokenCreate", email=EMAIL, password=NEW)["errors"] == []


def test_a_new_password_throws_out_a_thief_who_signed_in_through_the_same_storefront(lan: User) -> None:
    # a storefront's server asks for all its shoppers: one address, one user agent, the person's and the thief's
    here, thiefs = (done("tokenCreate", email=EMAIL, password=OLD) for _who in range(2))
    by, by_thief = ({"Authorization": f"Bearer {given['token']}"} for given in (here, thiefs))

    assert done("PasswordChange", by=by, oldPassword=OLD, newPassword=NEW) == {"errors": []}

    assert codes(done("refreshToken", refreshToken=thiefs["refreshToken"])) == [("refreshToken", "JWT_INVALID_TOKEN")]
    assert ask("{ me { email } }", headers=by_thief) == {"me": None}
    assert done("refreshToken", refreshToken=here["refreshToken"])["errors"] == []
    assert ask("{ me { email } }", headers=by) == {"me": {"email": EMAIL}}


def test_control_were_sign_ins_that_look_alike_one_the_thief_would_stay(
    lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = note_program(user=lan, user_agent="", address="", by_two_steps=False, now=NOW)
    monkeypatch.setattr(accounts, "note_program", lambda **_given: shared)
    here, thiefs = (done("tokenCreate", email=EMAIL, password=OLD) for _who in range(2))

    done("PasswordChange", by={"Authorization": f"Bearer {here['token']}"}, oldPassword=OLD, newPassword=NEW)

    assert done("refreshToken", refreshToken=thiefs["refreshToken"])["errors"] == []


def test_a_thief_whose_password_was_still_right_a_moment_ago_is_given_no_tokens(
    lan: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed_meanwhile(_thief: User) -> bool:
        change_password(user=User.objects.get(pk=lan.pk), old=OLD, new=NEW, now=NOW)
        return False

    monkeypatch.setattr(accounts, "has_second_step", changed_meanwhile)

    given = done("tokenCreate", email=EMAIL, password=OLD)

    assert (given["token"], codes(given)) == (None, [("email", "INVALID_CREDENTIALS")])
    assert not SignIn.objects.exists()
