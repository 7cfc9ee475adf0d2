"""What no honest client sends: it gets an answer below 500 that is meant for it, and no row changes."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from marketplace.api.graphql.context import issuer
from marketplace.core import clock
from marketplace.people.models import User
from marketplace.people.services import register_person
from marketplace.people.tokens import ACCESS_S, issue_tokens
from tests.api.asking import post
from tests.api.ids import gid
from tests.api.sale_steps import (
    ADDRESS,
    CHOOSE,
    COMPLETE,
    CREATE,
    EMAIL,
    OFFER,
    PAY,
    SHIP,
    a_ready_checkout,
)
from tests.payments.factories import NOW, Shop, a_shop
from tests.plugins.database import row_counts

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

ADD = """mutation($id: ID, $lines: [CheckoutLineInput!]!)
  { checkoutLinesAdd(id: $id, lines: $lines) { checkout { id } errors { field message code } } }"""
PROCESS = """mutation($id: ID, $token: UUID, $data: JSON) { transactionProcess(id: $id, token: $token, data: $data)
  { data errors { field message code } } }"""
SIGN_IN = """mutation($email: String!, $password: String!) { tokenCreate(email: $email, password: $password)
  { token errors { field message code } } }"""
PRODUCTS = """query($first: Int, $after: String, $filter: ProductFilterInput, $search: String, $sortBy: ProductOrder,
  $channel: String) { products(first: $first, after: $after, filter: $filter, search: $search, sortBy: $sortBy,
  channel: $channel) { totalCount edges { node { name } } } }"""
ONE = "query($id: ID, $slug: String) { product(id: $id, slug: $slug) { name } vendor(id: $id, slug: $slug) { name } }"
ORDER = (
    "query($id: ID) { order(id: $id) { id userEmail } checkout(id: $id) { id email } productVariant(id: $id) { id } }"
)

STRANGE_TEXTS = [
    "",
    " ",
    "bad",
    "a\u0001b",
    "a\u202eb",
    "\ufffe",
    "é" * 1500,
    "%' OR 1=1 --",
    '" NEAR/2 *',
    "<script>",
    "../../etc/passwd",
    "🍯" * 50,
]
STRANGE_KEYS = ["", "-1", "0", "007", "1e5", "9" * 19, "9" * 150, "٣", "null", "None", "1 OR 1=1", "1\n"]
STRANGE_NUMBERS = [-(2**31), -1, 0, 2**31 - 1]


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def lan(db: None) -> User:
    return register_person(name="Lan", email="lan@example.vn", password="mat-ong-2026", now=NOW)


def rows() -> dict[str, str]:
    """A fingerprint of every table that holds rows but the shipped places."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted(row_counts()):
            if not table.startswith(("places_", "django_", "auth_permission")):
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                content = sorted(map(repr, cursor.fetchall()))
                found[table] = hashlib.sha256("".join(content).encode()).hexdigest()
    return found


def answered(query: str, *, headers: dict[str, str] | None = None, **variables: Any) -> Any:
    """The answer, which is one of ours: no fault of the server, masked or not."""
    answer = post(query, headers=headers, **variables)
    content = answer.json()
    assert answer.status_code in {200, 400}
    for error in content.get("errors", []):
        assert error["extensions"]["exception"]["code"] != "InternalServerError"
    return content


def is_refused(content: Any) -> bool:
    """Whether the answer says of every root field that nothing was done."""
    if "data" not in content:
        return True
    return all(payload is None or payload.get("errors") for payload in content["data"].values())


def refusals(query: str, field: str, values: list[Any], **rest: Any) -> Iterator[tuple[Any, Any]]:
    """Ask with each of `values` in turn; the values whose answer was no refusal."""
    for value in values:
        content = answered(query, **{**rest, field: value})
        if not is_refused(content):
            yield value, content


def test_ids_of_any_kind_find_nothing_and_break_nothing(shop: Shop) -> None:
    a_ready_checkout(shop)
    before = rows()
    kinds = ["Product", "ProductVariant", "Checkout", "Order", "Vendor", "User", "TransactionItem"]
    ids: list[Any] = [gid(kind, key) for kind in kinds for key in STRANGE_KEYS]
    ids += [*STRANGE_TEXTS, 5, -5, 2**70, str(uuid.uuid4()), gid("Product", uuid.uuid4()), "UHJvZHVjdDox=="]

    for one in ids:
        for query in (ONE, ORDER):
            content = answered(query, id=one)
            assert not any((content.get("data") or {}).values())
    assert rows() == before


def test_ids_in_mutations_that_lead_nowhere_change_nothing(shop: Shop) -> None:
    checkout_id = a_ready_checkout(shop)
    before = rows()
    ids: list[Any] = [gid("Checkout", key) for key in STRANGE_KEYS] + STRANGE_TEXTS
    ids += [gid("Order", uuid.uuid4()), gid("Checkout", uuid.uuid4()), gid("Product", shop.variant.product_id), None]
    lines = [{"variantId": gid("ProductVariant", shop.variant.pk), "quantity": 1}]

    for one in ids:
        assert list(refusals(EMAIL, "id", [one], email="a@example.vn")) == []
        assert list(refusals(SHIP, "id", [one], address=ADDRESS)) == []
        assert list(refusals(ADD, "id", [one], lines=lines)) == []
        assert list(refusals(COMPLETE, "id", [one])) == []
        assert list(refusals(PROCESS, "id", [one])) == []
        if one is not None:
            assert list(refusals(PAY, "id", [one])) == []
            assert list(refusals(OFFER, "id", [one])) == []
            assert list(refusals(CHOOSE, "delivery", [one], id=checkout_id)) == []
    assert rows() == before


def test_lines_that_cannot_be_are_refused(shop: Shop) -> None:
    checkout_id = a_ready_checkout(shop)
    before = rows()
    variant = gid("ProductVariant", shop.variant.pk)
    bad: list[Any] = [
        {"variantId": variant, "quantity": number} for number in [*STRANGE_NUMBERS, 1.5, "2", True, None]
    ]
    bad += [{"variantId": gid("ProductVariant", key), "quantity": 1} for key in STRANGE_KEYS]
    bad += [{"variantId": text, "quantity": 1} for text in STRANGE_TEXTS]
    bad += [{"variantId": gid("Product", shop.variant.product_id), "quantity": 1}, {"quantity": 1}, None, "line", []]
    bad += [{"variantId": variant, "quantity": 1, "price": 1}, {"variantId": variant, "quantity": 2**63}]

    for line in bad:
        assert list(refusals(ADD, "lines", [[line]], id=checkout_id)) == []
        assert list(refusals(CREATE, "input", [{"lines": [line]}])) == []
    many = [{"variantId": variant, "quantity": 1}] * 101
    assert list(refusals(ADD, "lines", [many], id=checkout_id)) == []
    assert list(refusals(CREATE, "input", [{"channel": "stall"}, {"channel": "stall", "lines": []}])) == []
    assert rows() == before


def test_a_seller_alone_may_open_a_checkout_at_the_stall(shop: Shop) -> None:
    before = rows()
    lines = [{"variantId": gid("ProductVariant", shop.variant.pk), "quantity": 1}]

    for channel in ("stall", "default-channel", "", "a\u0001"):
        assert list(refusals(CREATE, "input", [{"lines": lines, "channel": channel or "none"}])) == []
    assert rows() == before


@pytest.mark.parametrize("field", ["firstName", "streetAddress1", "city", "countryArea", "postalCode", "phone"])
def test_addresses_hold_no_strange_text(shop: Shop, field: str) -> None:
    checkout_id = a_ready_checkout(shop)
    before = rows()
    bad = ["a\u0001b", "a\u202eb", "\ufffe", "é" * 1500]

    for text in [*bad, 5, [], {}]:
        assert list(refusals(SHIP, "address", [{**ADDRESS, field: text}], id=checkout_id)) == []
    assert list(refusals(SHIP, "address", [{**ADDRESS, "country": "XX"}, {}, None, "x", []], id=checkout_id)) == []
    assert rows() == before


def test_emails_that_are_none_are_refused(shop: Shop) -> None:
    checkout_id = a_ready_checkout(shop)
    before = rows()

    assert (
        list(refusals(EMAIL, "email", [*STRANGE_TEXTS, "a@", "a@b", "a b@c.vn", 5, None, []], id=checkout_id)) == []
    )
    assert rows() == before


def test_amounts_and_keys_that_cannot_be_are_refused(shop: Shop) -> None:
    checkout_id = a_ready_checkout(shop)
    before = rows()
    amounts: list[Any] = [-1, 0, 0.1, 1e300, "NaN", "Infinity", "1e999999999", "9" * 39, "x", True, [], {}, 2**70]

    assert list(refusals(PAY, "amount", amounts, id=checkout_id)) == []
    assert list(refusals(PAY, "key", ["", " ", "a\u0001", "k" * 2000, 5, []], id=checkout_id)) == []
    assert rows() == before


def test_transactions_that_are_nobodys_are_not_found(shop: Shop) -> None:
    before = rows()

    assert list(refusals(PROCESS, "token", [*STRANGE_TEXTS, 5, 1.5, True, [], {}, str(uuid.uuid4())])) == []
    for data in ({"a": [1, {"b": None}]}, "text", 1e300, [[[[]]]]):
        assert list(refusals(PROCESS, "data", [data], id=gid("TransactionItem", uuid.uuid4()))) == []
    assert rows() == before


def test_lists_are_asked_for_in_no_way_that_breaks_them(shop: Shop) -> None:
    before = rows()
    cursors = [
        "WzFd",
        "W10=",
        "bnVsbA==",
        "WyIxIl0",
        "eyJhIjoxfQ==",
        "WyJcdTAwMDAiXQ==",
        "WyJcdWQ4MDAiXQ==",
        "W1sxXV0=",
    ]
    cursors += ["WyI5OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTkiXQ==", *STRANGE_TEXTS]
    sorts = [{"field": field, "direction": "ASC"} for field in ("NAME", "PRICE", "CREATED_AT", "RANK")]

    for cursor in cursors:
        for sort in [None, *sorts]:
            answered(PRODUCTS, first=1, after=cursor, sortBy=sort, search="mien")
    for number in [*STRANGE_NUMBERS, 2**31, 1.5, "1", True]:
        answered(PRODUCTS, first=number)
    for text in STRANGE_TEXTS:
        answered(PRODUCTS, first=1, search=text)
        for name in ("search", "province", "commune", "vendor"):
            answered(PRODUCTS, first=1, filter={name: text})
        answered(PRODUCTS, first=1, channel=text)
        answered(PRODUCTS, first=1, filter={"slugs": [text], "ids": [text], "categories": [text]})
    for price in (-1, 1e300, "1", True, 0.5):
        answered(PRODUCTS, first=1, filter={"price": {"gte": price, "lte": price}})
    for stars in [*STRANGE_NUMBERS, 4]:
        answered(PRODUCTS, first=1, filter={"stars": stars})
    assert rows() == before


def test_slugs_and_codes_may_be_any_text(shop: Shop) -> None:
    before = rows()

    for text in STRANGE_TEXTS:
        answered(ONE, slug=text)
        answered(
            "query($p: String!) { communes(province: $p) { code } vendors(first: 1, province: $p, commune: $p)"
            " { totalCount } }",
            p=text,
        )
    assert rows() == before


def test_signing_in_takes_any_text_and_lets_nobody_in(lan: User) -> None:
    for text in [*STRANGE_TEXTS, "lan@example.vn"]:
        content = answered(SIGN_IN, email=text, password=text)
        assert is_refused(content)
        assert content["data"]["tokenCreate"]["token"] is None


def test_an_expired_token_does_nothing(shop: Shop, lan: User) -> None:
    checkout_id = a_ready_checkout(shop)
    old = issue_tokens(user=lan, now=clock.now() - timedelta(seconds=ACCESS_S + 1), issuer=issuer())
    headers = {"Authorization": f"Bearer {old.access}"}
    lines = [{"variantId": gid("ProductVariant", shop.variant.pk), "quantity": 1}]
    before = rows()

    for query, variables in (
        (CREATE, {"input": {"lines": lines}}),
        (ADD, {"id": checkout_id, "lines": lines}),
        (EMAIL, {"id": checkout_id, "email": "x@example.vn"}),
        (SHIP, {"id": checkout_id, "address": ADDRESS}),
        (OFFER, {"id": checkout_id}),
        (PAY, {"id": checkout_id}),
        (COMPLETE, {"id": checkout_id}),
    ):
        content = answered(query, headers=headers, **variables)
        assert [error["extensions"]["exception"]["code"] for error in content["errors"]] == ["ExpiredSignatureError"]
        assert list(content["data"].values()) == [None]
    assert rows() == before


def test_a_refresh_token_is_no_access_token(lan: User) -> None:
    refresh = issue_tokens(user=lan, now=clock.now(), issuer=issuer()).refresh

    assert answered("{ me { id } }", headers={"Authorization": f"Bearer {refresh}"})["data"] == {"me": None}


def test_another_shops_goods_and_deliveries_are_not_ones_own(shop: Shop) -> None:
    mine, other = a_ready_checkout(shop), a_shop("Gian hàng khác")
    theirs = answered(OFFER, id=a_ready_checkout(other))["data"]["deliveryOptionsCalculate"]["deliveries"][0]["id"]
    before = rows()

    assert list(refusals(CHOOSE, "delivery", [theirs], id=mine)) == []
    lines = [{"variantId": gid("ProductVariant", other.variant.pk), "quantity": 1}]
    assert list(refusals(ADD, "lines", [lines], id=mine)) == []
    assert rows() == before
