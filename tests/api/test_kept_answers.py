"""Answers that anybody may read are given again without asking the database for them, and never when stale."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings as SettingsWrapper

from catalog.models import Product
from catalog.services import update_variant
from marketplace.api.graphql.answers import BYTES_BESIDE, Answers, KeptAnswer, answers, marks_of, tables_read
from marketplace.api.graphql.rates import rates
from marketplace.core import clock
from marketplace.core.triggers import drop_guard
from tests.api.asking import URL, ask, post
from tests.api.ids import gid
from tests.catalog.factories import NOW, Shop, a_shop, on_sale, with_stars
from tests.payments import factories as paid_shops
from tests.plugins.database import count_statements

pytestmark = pytest.mark.usefixtures("committed_db", "still_clock")

PRICES = "{ products(first: 5) { edges { node { name pricing { priceRange { start { gross { amount } } } } } } } }"
LEFT = "query($slug: String) { product(slug: $slug) { defaultVariant { quantityAvailable } } }"
STARS = "query($slug: String) { product(slug: $slug) { ocopCertificate { stars } } }"
NAMES = "{ products(first: 5) { edges { node { name } } } }"


@pytest.fixture
def shop(committed_db: None) -> Shop:
    return a_shop(alcohol_licence_number="GP 12/2026")


def prices() -> list[float]:
    edges = ask(PRICES)["products"]["edges"]
    return [edge["node"]["pricing"]["priceRange"]["start"]["gross"]["amount"] for edge in edges]


def left(product: Product) -> int:
    found: int = ask(LEFT, slug=product.slug)["product"]["defaultVariant"]["quantityAvailable"]
    return found


def reprice(shop: Shop, product: Product, price_vnd: int) -> None:
    update_variant(actor=shop.owner, variant=product.variants.get(), price_vnd=price_vnd, now=NOW)


def test_an_answer_that_is_given_again_counts_one_of_the_clients_minute(
    shop: Shop, settings: SettingsWrapper
) -> None:
    on_sale(shop)
    settings.MARKET_GRAPHQL_COST_A_MINUTE = 20
    rates.forget()
    body = json.dumps({"query": "{ products(first: 1) { totalCount } }"})

    def asked() -> Any:
        return Client().post(URL, data=body, content_type="application/json", REMOTE_ADDR="203.0.113.7")

    cost = asked().json()["extensions"]["cost"]["requestedQueryCost"]
    assert [asked().status_code for _again in range(20 - cost)] == [200] * (20 - cost)
    refused = asked()
    assert (refused.status_code, refused["Retry-After"]) == (429, "60")


def test_an_age_behind_many_blanks_is_the_age_that_it_says(shop: Shop) -> None:
    product = on_sale(shop)
    Product.objects.filter(pk=product.pk).update(is_alcohol=True)

    def found(age: str) -> int:
        return len(ask(NAMES, headers={"X-Age-Declared": age})["products"]["edges"])

    assert [found(" " * 9 + "18"), found(" " * 9), found("18")] == [1, 0, 1]


def test_the_same_question_again_asks_only_whether_anything_changed(shop: Shop) -> None:
    on_sale(shop, price_vnd=60_000)
    first = post(PRICES)

    assert count_statements(lambda: post(PRICES)) == 1
    again = post(PRICES)
    assert (again.status_code, again.content) == (200, first.content)
    assert dict(again.headers) == dict(first.headers)
    assert again.headers["Content-Type"] == "application/json"


def test_each_asker_is_told_of_their_own_origin(shop: Shop) -> None:
    origins = [None, "https://mot.example.vn", "https://hai.example.vn", None]
    told = [
        post(PRICES, headers={"Origin": origin} if origin else {}).headers.get("Access-Control-Allow-Origin")
        for origin in origins
    ]

    assert told == origins
    assert answers().bytes_kept > 0


def test_a_price_that_was_changed_is_never_read_in_its_old_state(shop: Shop) -> None:
    product = on_sale(shop, price_vnd=60_000)
    before = prices()

    reprice(shop, product, 75_000)

    assert (before, prices()) == ([60_000.0], [75_000.0])


def test_control_without_the_triggers_a_kept_answer_would_lie(shop: Shop) -> None:
    product = on_sale(shop, price_vnd=60_000)
    before = prices()
    for model in ("catalog.Product", "catalog.ProductVariant"):
        drop_guard(f"generation {model}")

    reprice(shop, product, 75_000)

    assert (before, prices()) == ([60_000.0], [60_000.0])


def test_what_was_sold_is_gone_from_the_next_answer() -> None:
    paid = paid_shops.a_shop(quantity=10)
    before = left(paid.variant.product)

    paid_shops.an_order(paid, quantity=3)

    assert (before, left(paid.variant.product)) == (10, 7)


def test_a_sale_leaves_answers_that_say_nothing_of_stock() -> None:
    paid = paid_shops.a_shop(quantity=10)
    ask(NAMES)

    paid_shops.an_order(paid, quantity=3)

    assert count_statements(lambda: ask(NAMES)) == 1


def test_stars_go_at_midnight_though_nobody_writes(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    product = on_sale(shop)
    certificate = with_stars(shop, product, stars=5)
    assert ask(STARS, slug=product.slug)["product"]["ocopCertificate"] == {"stars": 5}
    days = (certificate.expires_on - NOW.date()).days

    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=days + 1))

    assert ask(STARS, slug=product.slug)["product"]["ocopCertificate"] is None


def test_who_declared_an_age_and_who_did_not_never_get_each_others_answer(shop: Shop) -> None:
    on_sale(shop, "Rượu ngô", ocop_set=14)
    grown_up = {"X-Age-Declared": "18"}

    for _time in range(2):
        assert len(ask(NAMES, headers=grown_up)["products"]["edges"]) == 1
        assert ask(NAMES)["products"]["edges"] == []
        assert ask(NAMES, headers={"X-Age-Declared": "17"})["products"]["edges"] == []


def test_who_sends_a_token_is_answered_anew(shop: Shop) -> None:
    on_sale(shop)
    ask(NAMES)

    body = {"query": NAMES}
    with CaptureQueriesContext(connection) as queries:
        Client().post("/graphql/", body, content_type="application/json", headers={"Authorization": "Bearer x"})

    assert "catalog_product" in " ".join(query["sql"] for query in queries)


@pytest.mark.parametrize("header", ["Authorization-Bearer", "Idempotency-Key"])
def test_other_signs_of_somebody_keep_nothing_either(shop: Shop, header: str) -> None:
    headers = {header: "0b4c2f1e-7d57-4d8e-9d5b-0a4f5ac1a001"}

    ask(NAMES, headers=headers)

    assert answers().bytes_kept == 0


def test_what_belongs_to_a_buyer_is_not_kept() -> None:
    paid = paid_shops.a_shop()
    checkout, order = paid_shops.a_checkout(paid), paid_shops.an_order(paid)

    ask("query($id: ID) { checkout(id: $id) { email } }", id=gid("Checkout", checkout))
    ask("query($id: ID) { order(id: $id) { number } }", id=gid("Order", order.token))

    assert answers().bytes_kept == 0


@pytest.mark.parametrize(
    "query",
    [
        "{ products { totalCount } }",
        '{ product(id: "bad") { name } }',
        "{ nothing }",
        'mutation { tokenCreate(email: "a@b.vn", password: "x") { token } }',
    ],
)
def test_errors_and_changes_are_not_kept(query: str) -> None:
    post(query)

    assert answers().bytes_kept == 0


def test_that_there_is_no_such_product_is_kept_until_there_is(shop: Shop) -> None:
    absent = ask(LEFT, slug="mien-dong-cao-bang")

    on_sale(shop)

    assert absent == {"product": None}
    assert ask(LEFT, slug="mien-dong-cao-bang") != absent


def test_that_a_search_finds_nothing_is_kept_until_there_is_something(shop: Shop) -> None:
    on_sale(shop, "Mật ong rừng")
    search = "query($s: String) { products(first: 5, search: $s) { edges { node { name } } } }"
    facets = "query($s: String) { productFacets(search: $s) { vendors { count } } }"
    assert ask(search, s="hạt dẻ")["products"]["edges"] == []
    assert ask(facets, s="hạt dẻ")["productFacets"]["vendors"] == []
    with CaptureQueriesContext(connection) as queries:
        assert ask(search, s="hạt dẻ")["products"]["edges"] == []
    assert len(queries) == 1

    on_sale(shop, "Hạt dẻ Trùng Khánh")

    assert ask(search, s="hạt dẻ")["products"]["edges"] == [{"node": {"name": "Hạt dẻ Trùng Khánh"}}]
    assert ask(facets, s="hạt dẻ")["productFacets"]["vendors"] == [{"count": 1}]


def test_an_answer_of_one_language_is_not_given_in_the_other(shop: Shop) -> None:
    body = {"query": NAMES}
    english = Client(headers={"Cookie": "django_language=en"})

    first = Client().post("/graphql/", body, content_type="application/json")
    statements = count_statements(lambda: english.post("/graphql/", body, content_type="application/json"))

    assert first.status_code == 200
    assert statements > 1


def test_an_answer_over_a_plain_line_is_not_given_over_a_secure_one(shop: Shop) -> None:
    body = {"query": NAMES}
    Client().post("/graphql/", body, content_type="application/json")

    statements = count_statements(
        lambda: Client().post("/graphql/", body, content_type="application/json", secure=True)
    )

    assert statements > 1


def test_with_no_room_nothing_is_kept(shop: Shop, settings: SettingsWrapper) -> None:
    settings.MARKET_ANSWER_CACHE_BYTES = 0
    on_sale(shop)

    first = count_statements(lambda: ask(PRICES))

    assert count_statements(lambda: ask(PRICES)) == first > 1


def test_the_least_recently_asked_is_forgotten_first_and_never_more_kept_than_allowed() -> None:
    kept = Answers(bytes_max=3 * (600 + BYTES_BESIDE))
    for name in ("a", "b", "c"):
        kept.keep(name, KeptAnswer(b"x" * 500, ()), key_bytes=100)
    kept.find("a", {})

    kept.keep("d", KeptAnswer(b"y" * 500, ()), key_bytes=100)
    kept.keep("e", KeptAnswer(b"z" * 9000, ()), key_bytes=100)

    assert [name for name in "abcde" if kept.find(name, {})] == ["a", "c", "d"]
    assert kept.bytes_kept == 3 * (600 + BYTES_BESIDE)


def test_a_stale_answer_is_forgotten_when_it_is_found(shop: Shop) -> None:
    kept = Answers(bytes_max=10_000)
    kept.keep("a", KeptAnswer(b"x", (("stock", 3),)), key_bytes=1)

    assert kept.find("a", {"stock": 3}) == KeptAnswer(b"x", (("stock", 3),))
    assert kept.find("a", {"stock": 4}) is None
    assert kept.bytes_kept == 0


def test_every_table_that_a_statement_names_is_seen(shop: Shop) -> None:
    with tables_read() as tables:
        list(Product.objects.select_related("vendor__commune"))

    assert tables == {"catalog_product", "vendors_vendor", "places_commune"}
    assert marks_of(tables, {"catalogue": 5, "stock": 9}) == (("catalogue", 5),)
    assert marks_of(tables | {"orders_order"}, {"catalogue": 5, "stock": 9}) is None
