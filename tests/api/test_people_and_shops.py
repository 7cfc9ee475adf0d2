"""Who asks, which shops there are, and where they lie."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.api.graphql.context import issuer
from marketplace.core import clock
from marketplace.orders.models import Order
from marketplace.people.models import User
from marketplace.people.services import register_person
from marketplace.people.sessions import end_sign_in
from marketplace.people.tokens import ACCESS_S, issue_tokens
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.catalog.factories import DAM_THUY, NENH, NOW, a_shop
from tests.orders import factories as orders
from tests.people.stepping import code_at, with_second_step

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

PASSWORD = "mat-ong-hoa-nhan-2026"
SIGN_IN = """mutation($email: String!, $password: String!) { tokenCreate(email: $email, password: $password)
  { token refreshToken csrfToken user { id name email phone } errors { field message code } } }"""


@pytest.fixture
def lan(db: None) -> User:
    return register_person(
        name="Nông Thị Lan", phone="0912345678", email="lan@example.vn", password=PASSWORD, now=NOW
    )


def bearer(user: User, *, header: str = "Authorization", age_s: int = 0) -> dict[str, str]:
    made_at = clock.now() - timedelta(seconds=age_s)
    token = issue_tokens(user=user, now=made_at, issuer=issuer()).access
    return {header: f"Bearer {token}" if header == "Authorization" else token}


@pytest.mark.parametrize("login", ["lan@example.vn", "LAN@example.vn", "0912 345 678", "+84912345678"])
def test_a_token_is_given_for_an_email_or_a_phone_and_its_password(lan: User, login: str) -> None:
    signed_in = ask(SIGN_IN, email=login, password=PASSWORD)["tokenCreate"]

    assert signed_in["errors"] == []
    assert signed_in["user"] == {
        "id": gid("User", lan.pk),
        "name": "Nông Thị Lan",
        "email": "lan@example.vn",
        "phone": "+84912345678",
    }
    me = ask("{ me { name } }", headers={"Authorization": f"Bearer {signed_in['token']}"})
    assert me == {"me": {"name": "Nông Thị Lan"}}


@pytest.mark.parametrize(("login", "password"), [("lan@example.vn", "wrong"), ("nobody@example.vn", PASSWORD)])
def test_a_wrong_password_and_an_unknown_person_are_told_alike(lan: User, login: str, password: str) -> None:
    refused = ask(SIGN_IN, email=login, password=password)["tokenCreate"]

    assert (refused["token"], refused["user"]) == (None, None)
    assert [(error["field"], error["code"]) for error in refused["errors"]] == [("email", "INVALID_CREDENTIALS")]


def test_passwords_cannot_be_guessed_at_speed(lan: User) -> None:
    for _attempt in range(10):
        ask(SIGN_IN, email="lan@example.vn", password="guess")

    refused = ask(SIGN_IN, email="lan@example.vn", password=PASSWORD)["tokenCreate"]

    assert [error["code"] for error in refused["errors"]] == ["LOGIN_ATTEMPT_DELAYED"]


@pytest.mark.parametrize("header", ["Authorization", "Authorization-Bearer"])
def test_a_token_says_who_asks(lan: User, header: str) -> None:
    assert ask("{ me { email } }", headers=bearer(lan, header=header)) == {"me": {"email": "lan@example.vn"}}


@pytest.mark.parametrize(
    "token", ["", "garbage", "Bearer", "Bearer ", "Bearer a.b.c", "Basic bGFuOng=", "Bearer \x7f"]
)
def test_a_token_that_is_none_of_ours_is_nobodys(token: str) -> None:
    assert ask("{ me { id } }", headers={"Authorization": token}) == {"me": None}


def test_an_expired_token_is_told_at_each_root_field_and_nothing_is_done(lan: User) -> None:
    headers = bearer(lan, age_s=ACCESS_S + 1)

    answer = post("{ me { id } vendors(first: 1) { totalCount } }", headers=headers)

    content = answer.json()
    assert (answer.status_code, content["data"]) == (200, {"me": None, "vendors": None})
    assert content["errors"][0] == {
        "message": "Signature has expired",
        "locations": [{"line": 1, "column": 3}],
        "path": ["me"],
        "extensions": {"exception": {"code": "ExpiredSignatureError"}},
    }


def test_a_new_token_is_given_to_who_still_sends_the_expired_one(lan: User) -> None:
    headers = bearer(lan, age_s=ACCESS_S + 1)

    signed_in = ask(SIGN_IN, headers=headers, email="lan@example.vn", password=PASSWORD)["tokenCreate"]

    assert signed_in["errors"] == []


def test_a_person_sees_what_they_bought_newest_first(lan: User) -> None:
    shop = orders.a_shop()
    variant = orders.a_variant(shop, quantity=50)
    placed = [orders.an_order((variant, 1), now=NOW + timedelta(minutes=minute)) for minute in range(3)]
    for order in placed:
        order.user = lan
        order.save(update_fields=["user"])
    orders.an_order((variant, 1))  # somebody else's
    query = """query($after: String) { me { vendors { slug } orders(first: 2, after: $after) { totalCount
        pageInfo { hasNextPage endCursor }
        edges { node { number vendor { name marketSite { name } } fulfillments { id }
                       lines { thumbnail { url } variant { product { name } quantityAvailable } } } } } } }"""
    headers = bearer(lan)

    first = ask(query, headers=headers)["me"]["orders"]
    second = ask(query, headers=headers, after=first["pageInfo"]["endCursor"])["me"]["orders"]

    assert [edge["node"]["number"] for edge in first["edges"]] == [str(placed[2].pk), str(placed[1].pk)]
    assert [edge["node"]["number"] for edge in second["edges"]] == [str(placed[0].pk)]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (
        3,
        True,
        False,
    )


def test_a_list_of_orders_takes_the_same_statements_however_long_it_is(lan: User) -> None:
    variant = orders.a_variant(orders.a_shop(), quantity=50)
    query = """{ me { orders(first: 50) { totalCount edges { node { number paymentCode vendor { marketSite { name } }
        fulfillments { lines { orderLine { productName } } } shippingAddress { city }
        lines { thumbnail { url } variant { quantityAvailable product { name isAvailable } } } } } } } }"""
    taken = []

    for count in (1, 6):
        for _order in range(count):
            Order.objects.filter(pk=orders.an_order((variant, 1)).pk).update(user=lan)
        with CaptureQueriesContext(connection) as captured:
            ask(query, headers=bearer(lan))
        taken.append(len(captured))

    assert taken[0] == taken[1]


def test_shops_come_by_name_and_only_those_that_may_sell(db: None, django_assert_num_queries: Any) -> None:
    for name in ("Đông Khê", "Ánh Dương", "Bản Giốc"):
        a_shop(name)
    a_shop("Chưa được duyệt", verified=False)
    query = """query($after: String, $commune: String) { vendors(first: 2, after: $after, commune: $commune)
        { totalCount pageInfo { endCursor hasNextPage } edges { node { name commune { province { name } } } } } }"""

    with django_assert_num_queries(2):
        first = ask(query)["vendors"]
    second = ask(query, after=first["pageInfo"]["endCursor"])["vendors"]

    assert [edge["node"]["name"] for edge in first["edges"]] == ["Ánh Dương", "Bản Giốc"]
    assert [edge["node"]["name"] for edge in second["edges"]] == ["Đông Khê"]
    assert (first["totalCount"], second["pageInfo"]["hasNextPage"]) == (3, False)
    assert ask(query, commune=NENH)["vendors"]["totalCount"] == 0
    assert ask(query, commune=DAM_THUY)["vendors"]["totalCount"] == 3


def test_a_shop_is_found_by_slug_or_id_and_a_shop_that_may_not_sell_is_not(db: None) -> None:
    shop = a_shop("Bản Giốc").vendor
    hidden = a_shop("Chưa được duyệt", verified=False).vendor
    query = "query($id: ID, $slug: String) { vendor(id: $id, slug: $slug) { name } }"

    assert ask(query, slug=shop.slug) == ask(query, id=gid("Vendor", shop.pk)) == {"vendor": {"name": "Bản Giốc"}}
    assert ask(query, slug=hidden.slug) == ask(query, id=gid("Vendor", hidden.pk)) == {"vendor": None}


def test_provinces_and_their_communes_are_listed(db: None) -> None:
    found = ask('{ provinces { code name } communes(province: "04") { code name } }')

    assert len(found["provinces"]) == 34
    assert {"code": DAM_THUY, "name": "Xã Đàm Thủy"} in found["communes"]


IN_TWO_STEPS = """mutation($password: String!, $code: String) {
  tokenCreate(email: "lan@example.vn", password: $password, code: $code) { token errors { field code message } } }"""


def test_who_signs_in_in_two_steps_gets_no_token_without_a_code(lan: User) -> None:
    codes = with_second_step(lan, now=NOW - timedelta(hours=1))
    asked = {code: ask(IN_TWO_STEPS, password=PASSWORD, code=code)["tokenCreate"] for code in (None, "", "000000")}
    told = {
        code: (answer["token"], answer["errors"][0]["field"], answer["errors"][0]["code"])
        for code, answer in asked.items()
    }
    assert told == {
        None: (None, "code", "REQUIRED"),
        "": (None, "code", "REQUIRED"),
        "000000": (None, "code", "INVALID_CREDENTIALS"),
    }
    assert ask(SIGN_IN, email="lan@example.vn", password=PASSWORD)["tokenCreate"]["token"] is None
    assert ask(IN_TWO_STEPS, password="sai", code=codes[0])["tokenCreate"]["token"] is None

    by_app = ask(IN_TWO_STEPS, password=PASSWORD, code=code_at(lan, NOW))["tokenCreate"]
    by_paper = ask(IN_TWO_STEPS, password=PASSWORD, code=codes[0])["tokenCreate"]

    for signed_in in (by_app, by_paper):
        assert ask("{ me { name } }", headers={"Authorization": f"Bearer {signed_in['token']}"})["me"] is not None


def test_a_token_ends_with_the_sign_in_that_it_was_given_for(lan: User) -> None:
    token = ask(SIGN_IN, email="lan@example.vn", password=PASSWORD)["tokenCreate"]["token"]
    headers = {"Authorization": f"Bearer {token}"}
    assert ask("{ me { name } }", headers=headers)["me"] is not None
    sign_in = lan.sign_ins.get()
    assert sign_in.is_program

    end_sign_in(user=lan, sign_in_id=sign_in.pk, now=NOW)

    assert ask("{ me { name } }", headers=headers) == {"me": None}
