"""Everything that Saleor's storefront does about an account: exact values, its error codes, and mails with links."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from marketplace.api.graphql.mutations import who
from marketplace.core import clock
from marketplace.core.models import JournalEvent
from marketplace.orders.models import Checkout, Order, SavedAddress
from marketplace.people.mailing import LINKS_AN_HOUR_MAX
from marketplace.people.models import Deletion, PasswordReset, Registration, User
from marketplace.people.services import register_person
from marketplace.people.tasks import forget_sign_ins, send_reset_links
from tests.api.asking import ask, post
from tests.api.contract.documents import document
from tests.api.contract.doing import EMAIL, HOME, NEW, NOBODY, OLD, PAGE, WRONG_LINK, bearer, codes, done, refused
from tests.api.contract.expected import Answer
from tests.api.ids import gid
from tests.catalog.factories import NOW
from tests.orders import factories as orders
from tests.people.stepping import with_second_step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock", "storefront")]


@pytest.fixture
def storefront(settings: Settings) -> None:
    settings.MARKET_CLIENT_HOSTS = ["shop.example.vn"]


@pytest.fixture
def lan(db: None) -> User:
    return register_person(name="Nông Thị Lan", email=EMAIL, password=OLD, now=NOW)


def link_in_mail() -> str:
    """The secret of the newest mail's link, after what is waiting was sent."""
    send_reset_links(clock.now())
    found = re.search(r"token=([\w-]+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


def registered(**more: Any) -> Answer:
    given = {"email": "may@example.vn", "password": NEW, "redirectUrl": PAGE, "channel": "online", **more}
    return done("AccountRegister", input=given)


def test_an_account_is_made_once_the_link_in_the_mail_is_used() -> None:
    assert registered(firstName="Mây", lastName="Lò Thị", languageCode="VI") == {"user": {"id": ""}, "errors": []}
    assert not User.objects.exists()

    secret = link_in_mail()

    assert mail.outbox[0].to == ["may@example.vn"]
    assert f"{PAGE}?email=may%40example.vn&token={secret}" in mail.outbox[0].body
    assert done("tokenCreate", email="may@example.vn", password=NEW)["token"] is None
    confirmed = done("ConfirmAccount", email="may@example.vn", token=secret)
    person = User.objects.get()
    assert confirmed == {"user": {"id": gid("User", person.pk), "email": "may@example.vn"}, "errors": []}
    assert (person.name, person.language_code, person.phone) == ("Lò Thị Mây", "vi", None)
    assert done("tokenCreate", email="may@example.vn", password=NEW)["errors"] == []
    assert done("ConfirmAccount", email="may@example.vn", token=secret)["errors"] == [WRONG_LINK]
    assert not Registration.objects.exists()


def test_a_confirming_link_keeps_the_query_by_which_the_page_knows_it() -> None:
    registered(redirectUrl="https://shop.example.vn/login?confirm=1")

    secret = link_in_mail()

    link = f"https://shop.example.vn/login?confirm=1&email=may%40example.vn&token={secret}\n"
    assert link in mail.outbox[0].body
    assert done("ConfirmAccount", email="may@example.vn", token=secret)["errors"] == []


@pytest.mark.parametrize(("email", "token"), [("", ""), ("may@example.vn", "x" * 5000)])
def test_what_is_no_link_confirms_nothing(email: str, token: str) -> None:
    assert done("ConfirmAccount", email=email, token=token) == {"user": None, "errors": [WRONG_LINK]}


def test_an_email_with_a_nul_is_refused_before_anything_is_asked() -> None:
    answer = post(document("ConfirmAccount"), email="may\x00@example.vn", token="x")

    assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, "The request holds a NUL character.")


def test_registering_tells_nobody_who_is_known_here(lan: User) -> None:
    assert registered(email=EMAIL.upper()) == registered(email="nobody@example.vn")

    send_reset_links(NOW)

    known = next(letter for letter in mail.outbox if letter.to == [EMAIL])
    assert "bạn đã có tài khoản rồi" in known.body
    assert "token=" not in known.body
    assert User.objects.get() == lan


def test_a_link_confirms_the_password_of_its_own_registration() -> None:
    registered(password="ke-la-dang-ky-truoc")
    strangers = link_in_mail()
    registered()

    done("ConfirmAccount", email="may@example.vn", token=link_in_mail())

    assert done("tokenCreate", email="may@example.vn", password=NEW)["errors"] == []
    assert done("ConfirmAccount", email="may@example.vn", token=strangers)["errors"] == [WRONG_LINK]


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"email": "no address"}, "email", "INVALID"),
        ({"password": "ngan"}, "password", "PASSWORD_TOO_SHORT"),
        ({"password": "password"}, "password", "PASSWORD_TOO_COMMON"),
        ({"redirectUrl": None}, "redirectUrl", "REQUIRED"),
        ({"redirectUrl": "https://elsewhere.example/"}, "redirectUrl", "INVALID"),
        ({"firstName": "M" * 1000}, "firstName", "INVALID"),
        ({"password": "mật ong " * 32 + "!"}, "password", "INVALID"),
        ({"metadata": [{"key": str(number), "value": "M"} for number in range(51)]}, "input", "INVALID"),
        ({"metadata": [{"key": str(number), "value": "M" * 2_000} for number in range(4)]}, "input", "INVALID"),
        ({"email": "a@" + ("İ" * 31 + ".") * 4 + "vn"}, "email", "INVALID"),
    ],
)
def test_what_cannot_be_registered_is_told_at_its_field(given: Answer, field: str, code: str) -> None:
    assert codes(registered(**given)) == [(field, code)]
    assert not Registration.objects.exists()


def test_the_longest_password_that_may_be_chosen_signs_in() -> None:
    longest = "mật ong " * 32
    assert len(longest) == 256
    registered(password=longest)
    done("ConfirmAccount", email="may@example.vn", token=link_in_mail())

    assert done("tokenCreate", email="may@example.vn", password=longest)["errors"] == []


def test_a_market_that_sends_no_mail_makes_the_account_at_once(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    register = """mutation($input: AccountRegisterInput!) { accountRegister(input: $input)
      { requiresConfirmation errors { field code } } }"""
    given = {"email": "may@example.vn", "password": NEW}

    made = ask(register, input=given)["accountRegister"]
    again = ask(register, input=given)["accountRegister"]

    assert made == {"requiresConfirmation": False, "errors": []}
    assert again == {"requiresConfirmation": None, "errors": [{"field": "email", "code": "UNIQUE"}]}
    assert done("tokenCreate", email="may@example.vn", password=NEW)["errors"] == []


def test_an_old_registration_is_forgotten() -> None:
    registered()
    secret = link_in_mail()

    forget_sign_ins(NOW + timedelta(hours=24, seconds=1))

    assert not Registration.objects.exists()
    assert done("ConfirmAccount", email="may@example.vn", token=secret)["errors"] == [WRONG_LINK]


def test_one_mailbox_is_not_flooded() -> None:
    for _again in range(LINKS_AN_HOUR_MAX + 2):
        registered()
    send_reset_links(NOW)
    assert len(mail.outbox) == LINKS_AN_HOUR_MAX


def test_strangers_of_one_network_ask_so_often_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who, "STRANGERS_OF_AN_ADDRESS_MAX", 2)
    asked: Answer = {"email": EMAIL, "channel": "online", "redirectUrl": PAGE}

    for name, variables in (("AccountRegister", None), ("RequestPasswordReset", asked)):
        answers = [registered() if variables is None else done(name, **variables) for _again in range(3)]
        assert [codes(answer) for answer in answers] == [[], [], [(None, "LOGIN_ATTEMPT_DELAYED")]]


def test_a_forgotten_password_is_set_anew_and_signs_in(lan: User) -> None:
    before = bearer(lan)
    asked: Answer = {"channel": "online", "redirectUrl": "https://shop.example.vn/reset?x=1#y"}
    known = done("RequestPasswordReset", email=EMAIL, **asked)

    assert known == done("RequestPasswordReset", email="nobody@example.vn", **asked) == {"errors": []}
    secret = link_in_mail()
    assert [letter.to for letter in mail.outbox] == [[EMAIL]]
    assert f"https://shop.example.vn/reset?x=1&email=lan%40example.vn&token={secret}\n" in mail.outbox[0].body
    wrong = done("passwordReset", email="nobody@example.vn", password=NEW, token=secret)
    assert wrong == {**NOBODY, "errors": [WRONG_LINK]}
    weak = done("passwordReset", email=EMAIL, password="ngan", token=secret)
    assert codes(weak) == [("password", "PASSWORD_TOO_SHORT")]
    given = done("passwordReset", email=EMAIL, password=NEW, token=secret)
    assert given["errors"] == []
    assert done("refreshToken", refreshToken=given["refreshToken"])["errors"] == []
    me = ask("{ me { email } }", headers={"Authorization": f"Bearer {given['token']}"})
    assert me == {"me": {"email": EMAIL}}
    assert ask("{ me { email } }", headers=before) == {"me": None}
    assert done("passwordReset", email=EMAIL, password=NEW, token=secret)["errors"] == [WRONG_LINK]


def statements_of(name: str, **variables: Any) -> list[str]:
    """What the database is asked for a mutation, without the values."""
    with CaptureQueriesContext(connection) as asked:
        assert done(name, **variables) == {"errors": []}
    return [re.sub(r"'[^']*'|_x\d+|\b\d+\b", "?", one["sql"]) for one in asked.captured_queries]


def test_asking_for_a_new_password_takes_the_same_work_whoever_it_is(lan: User) -> None:
    asked: Answer = {"channel": "online", "redirectUrl": PAGE}
    strangers = statements_of("RequestPasswordReset", email="nobody@example.vn", **asked)

    known = [statements_of("RequestPasswordReset", email=EMAIL, **asked) for _time in range(LINKS_AN_HOUR_MAX + 1)]

    assert [one for one in strangers if one.startswith("INSERT")] != []
    assert known == [strangers] * (LINKS_AN_HOUR_MAX + 1)
    send_reset_links(NOW)
    assert [letter.to for letter in mail.outbox] == [[EMAIL]] * LINKS_AN_HOUR_MAX


def test_a_new_password_does_not_stand_for_the_second_step(lan: User) -> None:
    with_second_step(lan, now=NOW)
    done("RequestPasswordReset", email=EMAIL, channel="online", redirectUrl=PAGE)

    given = done("passwordReset", email=EMAIL, password=NEW, token=link_in_mail())

    assert given == {**NOBODY, "errors": []}
    assert codes(done("tokenCreate", email=EMAIL, password=NEW)) == [("code", "REQUIRED")]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example.vn/reset",
        "//shop.example.vn/",
        "javascript:alert(1)//shop.example.vn",
        "https://elsewhere.example/",
        "https://elsewhere.example\\@shop.example.vn/",
        "https://shop.example.vn@elsewhere.example/",
        "https://user:word@shop.example.vn/",
        "https://shop.example.vn.elsewhere.example/",
        "https://shop.example.vn/\r\nBcc: all@example.vn",
        "https://[shop.example.vn/",
        "https://shop.example.vn:port/",
        "https://elsewhere.example?confirm=1&at=shop.example.vn",
        "https://shop.example.vn/login?confirm=1&next=//user@elsewhere.example",
        "https://shop.example.vn/đặt-lại",
        "https://shop.example.vn/" + "x" * 500,
    ],
)
def test_a_link_leads_to_no_page_of_strangers(lan: User, url: str) -> None:
    answer = done("RequestPasswordReset", email=EMAIL, channel="online", redirectUrl=url)

    assert codes(answer) == [("redirectUrl", "INVALID")]
    assert codes(done("AccountRequestDeletion", by=bearer(lan), redirectUrl=url)) == [("redirectUrl", "INVALID")]
    assert not PasswordReset.objects.exists()
    assert not Deletion.objects.exists()


def test_a_host_that_is_not_allowed_is_named_in_saleors_sentence() -> None:
    answer = done("RequestPasswordReset", email=EMAIL, channel="online", redirectUrl="https://elsewhere.example/")

    assert answer["errors"][0]["message"] == (
        "elsewhere.example is not allowed. Please check `MARKET_CLIENT_HOSTS` configuration."
    )


@pytest.mark.parametrize(
    ("name", "variables"),
    [
        ("AccountUpdate", {"input": {"firstName": "Lan"}}),
        ("AccountAddressCreate", {"input": HOME}),
        ("AccountAddressUpdate", {"id": "x", "input": HOME}),
        ("AccountAddressDelete", {"id": "x"}),
        ("AccountSetDefaultAddress", {"id": "x", "type": "BILLING"}),
        ("AccountRequestDeletion", {"redirectUrl": PAGE}),
        ("PasswordChange", {"oldPassword": OLD, "newPassword": NEW}),
    ],
)
def test_nobody_changes_nobodys_account(name: str, variables: Answer) -> None:
    sentence = "To access this path, you need one of the following permissions: AUTHENTICATED_USER"

    assert refused(name, **variables) == (sentence, "PermissionDenied")


def test_a_person_changes_nobody_elses_account(lan: User) -> None:
    other = register_person(name="Mây", email="may@example.vn", now=NOW)
    query = """mutation($id: ID!) { accountUpdate(customerId: $id, input: {firstName: "X"}) { errors { code } } }"""

    answer = post(query, headers=bearer(lan), id=gid("User", other.pk)).json()

    assert answer["errors"][0]["message"] == (
        "To access this path, you need one of the following permissions: IMPERSONATE_USER"
    )
    assert ask(query, headers=bearer(lan), id=gid("User", lan.pk)) == {"accountUpdate": {"errors": []}}
    assert [user.name for user in User.objects.order_by("pk")] == ["Nông Thị X", "Mây"]


DELETE = """mutation($token: String!) { accountDelete(token: $token)
  { user { id email firstName isActive } errors { field code } } }"""


def test_an_account_is_deleted_by_a_link_and_its_orders_stay(lan: User) -> None:
    by = bearer(lan)
    done("AccountAddressCreate", by=by, input=HOME)
    order = orders.an_order((orders.a_variant(orders.a_shop()), 1))
    Order.objects.filter(pk=order.pk).update(user=lan)
    before = Order.objects.values().get(pk=order.pk)

    page = f"{PAGE}?leave=1&token=none"
    assert done("AccountRequestDeletion", by=by, redirectUrl=page, channel="online") == {"errors": []}
    secret = link_in_mail()
    assert f"{PAGE}?leave=1&token={secret}\n" in mail.outbox[-1].body
    other = register_person(name="Mây", email="may@example.vn", now=NOW)
    assert ask(DELETE, headers=bearer(other), token=secret)["accountDelete"]["errors"] == [
        {"field": "token", "code": "INVALID"}
    ]
    gone = ask(DELETE, headers=by, token=secret)["accountDelete"]

    assert gone["errors"] == []
    assert gone["user"] == {"id": gid("User", lan.pk), "email": "", "firstName": "", "isActive": False}
    lan.refresh_from_db()
    assert (lan.name, lan.phone, lan.email, lan.is_active, lan.erased_at) == ("", None, None, False, NOW)
    assert not lan.has_usable_password()
    assert not SavedAddress.objects.filter(user=lan).exists()
    assert not lan.sign_ins.exists()
    assert not Checkout.objects.filter(user=lan).exists()
    assert Order.objects.values().get(pk=order.pk) == before
    assert ask("{ me { id } }", headers=by) == {"me": None}
    assert codes(done("tokenCreate", email=EMAIL, password=OLD)) == [("email", "INVALID_CREDENTIALS")]
    assert EMAIL not in str([*JournalEvent.objects.values()])
    assert register_person(name="Lan", email=EMAIL, now=NOW).pk != lan.pk


def test_who_is_needed_cannot_delete_their_account(lan: User) -> None:
    owner = User.objects.get(pk=orders.a_member(orders.a_shop()).user_id or 0)
    User.objects.filter(pk=owner.pk).update(email="chu@example.vn")
    User.objects.filter(pk=lan.pk).update(is_staff=True)

    for user in (owner, lan):
        answer = done("AccountRequestDeletion", by=bearer(user), redirectUrl=PAGE)
        assert codes(answer) == [(None, "DELETE_STAFF_ACCOUNT")]
    assert not Deletion.objects.exists()


def test_without_a_mailbox_deletion_is_asked_for_by_phone() -> None:
    person = register_person(name="Páo", phone="0912345678", now=NOW)

    assert codes(done("AccountRequestDeletion", by=bearer(person), redirectUrl=PAGE)) == [(None, "INVALID")]


def test_there_is_no_way_to_sign_in_outside() -> None:
    given: Answer = {
        "pluginId": "mirumee.authentication.openidconnect",
        "input": '{"redirectUri": "https://x.example/"}',
    }

    url = done("externalAuthenticationUrl", **given)
    tokens = done("AuthObtainAccessToken", **given)

    assert url["authenticationData"] is None
    assert (tokens["token"], tokens["refreshToken"], tokens["user"]) == (None, None, None)
    assert codes(url) == codes(tokens) == [("pluginId", "NOT_FOUND")]
