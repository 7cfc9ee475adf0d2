"""The search is kept true by the services, in their own transactions, and can be made anew."""

from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog import services
from catalog.models import Product, ProductVariant, StockMovement
from catalog.search import index, rebuild_index, reindex_vendor, search_products
from tests.catalog.factories import NENH, NOW, Shop, a_product, a_shop, on_sale
from vendors.models import Vendor

SEARCH_BY_NEWNESS = import_module("catalog.migrations.0007_search_by_newness")
pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def found(text: str) -> list[str]:
    page = search_products(text=text, age_declared=True, today=date(2026, 11, 22))
    return [card.name for card in page.cards]


def indexed() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM catalog_product_search")
        return int(cursor.fetchone()[0])


def rows() -> list[tuple[Any, ...]]:
    columns = "name_words, all_words" if connection.vendor == "postgresql" else "name, text, facts"
    number = "newness" if connection.vendor == "postgresql" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {number}, product_id, {columns} FROM catalog_product_search ORDER BY 1")
        return list(cursor.fetchall())


def clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM catalog_product_search")


def test_a_changed_name_is_found_and_the_old_one_no_longer(shop: Shop) -> None:
    product = on_sale(shop, "Miến dong")
    services.update_product(actor=shop.owner, product=product, now=NOW, name="Bún khô")
    services.publish_product(actor=shop.staff, product=product, now=NOW)

    assert found("bun kho") == ["Bún khô"]
    assert found("mien") == []
    assert indexed() == 1


def test_the_name_of_a_size_is_found_once_it_is_there(shop: Shop) -> None:
    product = on_sale(shop, "Miến dong")
    variant = ProductVariant.objects.get(product=product)
    assert found("hop qua") == []

    services.update_variant(actor=shop.owner, variant=variant, now=NOW, name="Hộp quà")
    assert found("hop qua") == [], "nobody reviewed these words yet"
    services.publish_product(actor=shop.staff, product=product, now=NOW)
    assert found("hop qua") == ["Miến dong"]


def test_what_is_not_kept_is_not_found(shop: Shop) -> None:
    product = on_sale(shop, "Miến dong")

    with transaction.atomic():
        services.update_variant(
            actor=shop.owner, variant=ProductVariant.objects.get(product=product), now=NOW, name="Hộp quà"
        )
        a_product(shop, "Mật ong")
        transaction.set_rollback(True)

    assert found("hop qua") == []
    assert indexed() == 1


def test_the_index_can_be_made_anew_from_the_products(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "PRODUCTS_A_BATCH_MAX", 2)
    names = [f"Mật ong {number}" for number in range(5)]
    for name in names:
        on_sale(shop, name)
    clear()
    Product.objects.update(folded_name="", folded_text="", sort_key="")
    assert found("mat ong") == []

    assert rebuild_index() == 5

    assert sorted(found("mat ong")) == names
    assert indexed() == 5
    assert Product.objects.filter(folded_name="", sort_key="").count() == 0


def test_making_it_anew_forgets_products_that_are_gone(shop: Shop) -> None:
    product = on_sale(shop, "Mật ong")
    on_sale(shop, "Miến dong")
    StockMovement.objects.filter(stock__variant__product=product).delete()
    ProductVariant.objects.filter(product=product).first().stocks.all().delete()  # type: ignore[union-attr]  # it has one
    Product.objects.filter(pk=product.pk).delete()
    assert indexed() == 2

    assert rebuild_index() == 1

    assert indexed() == 1


def test_making_it_anew_raises_no_generation(shop: Shop) -> None:
    product = on_sale(shop)

    rebuild_index()

    kept = Product.objects.get()
    assert (kept.generation, kept.updated_at) == (product.generation, product.updated_at)


def test_a_renamed_shops_products_are_found_by_its_new_name(shop: Shop) -> None:
    other = a_shop("Tạp hóa Hoa", commune=NENH)
    on_sale(shop, "Miến dong")
    on_sale(other, "Bánh đa")
    Vendor.objects.filter(pk=shop.vendor.pk).update(name="Hợp tác xã Phia Đén")
    assert found("phia den") == []

    assert reindex_vendor(shop.vendor.pk) == 1

    assert found("phia den") == ["Miến dong"]
    assert found("ban gioc") == []


def test_a_very_long_description_is_found_by_its_beginning(shop: Shop) -> None:
    on_sale(shop, "Miến dong", description="sợi dai " + "x" * 2500 + " " + "y" * 2400)

    assert found("soi dai") == ["Miến dong"]
    assert found("x" * 160) == ["Miến dong"]


def test_going_over_what_is_true_already_takes_as_many_statements_for_six_products_as_for_one(shop: Shop) -> None:
    counts = []
    for size in (1, 5):
        for number in range(size):
            on_sale(shop, f"Mật ong {size} {number}")
        with CaptureQueriesContext(connection) as statements:
            reindex_vendor(shop.vendor.pk)
        counts.append(len(statements))

    assert counts[0] == counts[1] <= 20


def test_what_was_never_published_is_not_in_the_index(shop: Shop) -> None:
    a_product(shop, "Mật ong")

    assert rebuild_index() == 1

    assert indexed() == 0


def test_the_migration_fills_the_table_as_the_services_do(shop: Shop) -> None:
    """Number, words and facts are written twice: by catalog/search, and for a million rows at once in SQL."""
    on_sale(shop, "Mật ong  rừng", description="Đóng chai", now=NOW + timedelta(seconds=1))
    on_sale(a_shop("Tạp hóa Hoa", commune=NENH), "Chè", ocop_set=7)
    kept = rows()
    clear()

    with connection.cursor() as cursor:
        for statement in SEARCH_BY_NEWNESS.FILL[connection.vendor]:
            cursor.execute(statement)

    assert rows() == kept
    assert len(kept) == 2
