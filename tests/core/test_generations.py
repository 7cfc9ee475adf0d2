"""What is written raises its generation at the commit, by the database itself, once a transaction."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection, transaction

from catalog.models import Product, ProductMedia, ProductVariant, Stock
from marketplace.core import generations
from marketplace.core.generations import Generation, generations_of, read_generations, watched
from marketplace.core.triggers import drop_guard, ensure_triggers
from tests.catalog.factories import Shop, a_shop, on_sale
from tests.plugins.database import at_once

pytestmark = pytest.mark.usefixtures("committed_db")

NOTHING = {"catalogue": 0, "stock": 0}


@pytest.fixture
def shop(committed_db: None) -> Shop:
    return a_shop()


def raised(before: dict[str, int]) -> dict[str, int]:
    """By how much each generation was raised since."""
    after = read_generations()
    return {name: after[name] - before[name] for name in after}


def test_a_price_raises_the_catalogues_generation_and_not_the_stocks(shop: Shop) -> None:
    product = on_sale(shop)
    before = read_generations()

    ProductVariant.objects.filter(product=product).update(price_vnd=70_000)

    assert raised(before) == {"catalogue": 1, "stock": 0}


def test_a_sale_of_stock_raises_the_stocks_generation_alone(shop: Shop) -> None:
    product = on_sale(shop)
    before = read_generations()

    Stock.objects.filter(variant__product=product).update(allocated=1)

    assert raised(before) == {"catalogue": 0, "stock": 1}


def test_new_and_deleted_rows_raise_it_too(shop: Shop) -> None:
    product = on_sale(shop)
    before = read_generations()

    photo = ProductMedia.objects.create(product=product, image="products/a.jpg", width=1, height=1)
    made = raised(before)
    photo.delete()

    assert made == {"catalogue": 1, "stock": 0}
    assert raised(before) == {"catalogue": 2, "stock": 0}


def test_what_is_taken_back_raises_nothing(shop: Shop) -> None:
    product = on_sale(shop)
    before = read_generations()

    with transaction.atomic():
        ProductVariant.objects.filter(product=product).update(price_vnd=70_000)
        transaction.set_rollback(True)

    assert raised(before) == NOTHING


def test_writes_that_show_nothing_raise_nothing(shop: Shop, now: datetime) -> None:
    before = read_generations()

    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_user SET name = name")

    assert raised(before) == NOTHING


def test_before_the_commit_nobody_else_sees_it_raised(shop: Shop) -> None:
    product = on_sale(shop)
    before = read_generations()

    with transaction.atomic():
        ProductVariant.objects.filter(product=product).update(price_vnd=70_000)
        seen_by_another = at_once([read_generations])[0]

    assert seen_by_another == before
    assert raised(before)["catalogue"] == 1


def test_many_writers_at_once_do_not_lock_each_other_out(shop: Shop) -> None:
    products = [on_sale(shop, f"Miến số {number}") for number in range(8)]
    before = read_generations()

    def change(product: Product) -> str:
        with transaction.atomic():
            Stock.objects.filter(variant__product=product).update(allocated=2)
            ProductVariant.objects.filter(product=product).update(price_vnd=80_000)
        return "changed"

    assert at_once([lambda one=product: change(one) for product in products]) == ["changed"] * 8
    assert raised(before) == {"catalogue": 8, "stock": 8}


@contextmanager
def raised_by_function(text: str) -> Iterator[None]:
    """The triggers call this text meanwhile; the wiping after the test puts back what is true."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generations, "_RAISE", text)
        ensure_triggers()
        yield


@pytest.fixture
def one_shard(committed_db: None) -> Iterator[None]:
    """All transactions raise the same rows, as two of many connections do by chance."""
    with raised_by_function(generations._RAISE.replace(f"% {generations.SHARDS}", "% 1")):
        yield


@pytest.fixture
def without_turns(one_shard: None) -> Iterator[None]:
    with raised_by_function(re.sub(r"PERFORM [^;]*;", "", generations._RAISE)):
        yield


def writers_in_opposite_orders(shop: Shop) -> list[object]:
    """One writes a stock and then a price, one a price and then a stock, each half when the other has a half done.

    Only on PostgreSQL, whose writers run beside each other; each raises what it wrote at once, as at its commit.
    """
    products = [on_sale(shop, "Miến"), on_sale(shop, "Chè")]
    half_done = [threading.Event(), threading.Event()]

    def somebody_waits_for_a_turn() -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT 1 FROM pg_locks JOIN pg_database ON pg_database.oid = database "
                "WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted"
            )
            return cursor.fetchone() is not None

    def write(number: int) -> str:
        stock = Stock.objects.filter(variant__product=products[number])
        price = ProductVariant.objects.filter(product=products[number])
        halves = [lambda: stock.update(allocated=2), lambda: price.update(price_vnd=80_000)]
        first, second = halves if number == 0 else reversed(halves)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            first()
            half_done[number].set()
            while not half_done[1 - number].is_set() and not somebody_waits_for_a_turn():
                pass  # the other comes here too, or must wait for this one
            second()
        return "written"

    return at_once([lambda: write(0), lambda: write(1)])


def test_writers_of_one_shard_take_turns_whatever_they_write_first(shop: Shop, one_shard: None) -> None:
    if connection.vendor != "postgresql":
        return  # SQLite has one writer at a time
    assert writers_in_opposite_orders(shop) == ["written", "written"]


def test_control_without_turns_they_lock_each_other_out(shop: Shop, without_turns: None) -> None:
    if connection.vendor != "postgresql":
        return
    ends = writers_in_opposite_orders(shop)

    assert [isinstance(end, OperationalError) for end in ends].count(True) == 1


def test_after_a_migration_nothing_that_was_kept_before_holds(shop: Shop) -> None:
    """Its triggers were off meanwhile, and a server may have gone on serving."""
    before = read_generations()

    call_command("migrate", verbosity=0)

    assert raised(before) == {"catalogue": 1, "stock": 1}


def test_control_without_its_trigger_a_price_is_changed_unnoticed(shop: Shop) -> None:
    product = on_sale(shop)
    drop_guard("generation catalog.ProductVariant")
    before = read_generations()

    ProductVariant.objects.filter(product=product).update(price_vnd=70_000)

    assert raised(before) == NOTHING


def test_an_answer_holds_for_the_generations_of_its_tables_if_all_have_one() -> None:
    assert generations_of({"catalog_product", "places_commune"}) == {Generation.CATALOGUE}
    assert generations_of({"catalog_product", "catalog_stock"}) == {Generation.CATALOGUE, Generation.STOCK}
    assert generations_of(set()) == frozenset()
    assert generations_of({"catalog_product", "orders_order"}) is None
    assert watched({"stock": 7, "catalogue": 3}, {"stock", "catalogue"}) == (("catalogue", 3), ("stock", 7))
