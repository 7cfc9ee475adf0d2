"""Sizes, prices and stock of a product."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction

from catalog import services
from catalog.models import Product, ProductVariant, Stock
from catalog.selectors import available_quantity, stocks_of, variants_of
from catalog.services.variants import VARIANTS_A_PRODUCT_MAX
from catalog.values import BadPrice, BadQuantity
from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import MarketError, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from tests.catalog.factories import NENH, NOW, Shop, a_product, a_shop, on_sale
from vendors.models import Warehouse
from vendors.services import add_warehouse

KIND_SLUGS = import_module("catalog.migrations.0009_kind_slugs")

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def product(shop: Shop) -> Product:
    return on_sale(shop, price_vnd=60_000, quantity=10)


def first_variant(product: Product) -> ProductVariant:
    return ProductVariant.objects.filter(product=product).order_by("pk")[0]


def add(shop: Shop, product: Product, **more: Any) -> ProductVariant:
    wanted: dict[str, Any] = {"name": "Gói 1 kg", "unit": "gói", "price_vnd": 110_000} | more
    return services.add_variant(actor=shop.owner, product=product, now=NOW, **wanted)


def change(shop: Shop, variant: ProductVariant, **more: Any) -> ProductVariant:
    return services.update_variant(actor=shop.owner, variant=variant, now=NOW, **more)


def stock_of(variant: ProductVariant) -> Stock:
    return Stock.objects.get(variant=variant)


def set_stock(shop: Shop, variant: ProductVariant, quantity: int, warehouse: Warehouse | None = None) -> Stock:
    place = warehouse or stock_of(variant).warehouse
    return services.set_stock(actor=shop.owner, variant=variant, warehouse=place, quantity=quantity, now=NOW)


def test_a_further_size_comes_behind_the_first_and_its_words_are_reviewed(shop: Shop, product: Product) -> None:
    add(shop, product, price_vnd=50_000)

    assert [(one.name, one.price_vnd) for one in variants_of(product)] == [("", 60_000), ("Gói 1 kg", 50_000)]
    kept = Product.objects.get()
    assert (kept.listing, kept.price_from_vnd) == ("in_review", 50_000)
    assert kept.generation > product.generation


def test_a_new_price_needs_no_review_and_raises_the_generation(shop: Shop, product: Product) -> None:
    change(shop, first_variant(product), price_vnd=65_000)

    kept = Product.objects.get()
    assert (kept.listing, kept.price_from_vnd) == ("published", 65_000)
    assert kept.generation > product.generation
    event = JournalEvent.objects.get(kind="variant.updated")
    assert (event.data["price_before_vnd"], event.data["price_vnd"]) == (60_000, 65_000)


def test_the_price_in_lists_is_that_of_the_cheapest_on_sale(shop: Shop, product: Product) -> None:
    cheap = add(shop, product, price_vnd=20_000)
    change(shop, cheap, is_active=False)

    assert Product.objects.get().price_from_vnd == 60_000


@pytest.mark.parametrize(
    ("wrong", "error", "field"),
    [
        ({"name": ""}, BadText, "name"),
        ({"unit": " "}, BadText, "unit"),
        ({"sku": "a" * 61}, BadText, "sku"),
        ({"price_vnd": 0}, BadPrice, "price_vnd"),
        ({"price_vnd": 500_000_000}, BadPrice, "price_vnd"),
    ],
)
def test_a_size_that_cannot_be_is_refused(
    shop: Shop, product: Product, wrong: dict[str, Any], error: type[MarketError], field: str
) -> None:
    with pytest.raises(error) as refusal:
        add(shop, product, **wrong)

    assert refusal.value.field == field
    assert ProductVariant.objects.count() == 1
    assert Product.objects.get().generation == product.generation


def test_two_sizes_have_different_names(shop: Shop, product: Product) -> None:
    add(shop, product)

    with pytest.raises(services.SameVariantTwice):
        add(shop, product)
    with pytest.raises(services.SameVariantTwice):
        change(shop, first_variant(product), name="Gói 1 kg")

    assert ProductVariant.objects.count() == 2


def test_a_code_belongs_to_one_variant_and_many_have_none(shop: Shop, product: Product) -> None:
    add(shop, product, sku="MD-1")

    with pytest.raises(services.SkuTaken):
        add(shop, product, name="Gói 2 kg", sku="MD-1")
    with pytest.raises(services.SkuTaken):
        change(shop, first_variant(product), sku="MD-1")
    add(shop, product, name="Gói 2 kg", sku="")

    assert list(ProductVariant.objects.order_by("pk").values_list("sku", flat=True)) == [None, "MD-1", None]


def test_two_shops_may_use_one_code(shop: Shop, product: Product) -> None:
    other = a_shop("Tạp hóa Hoa", commune=NENH)
    add(other, a_product(other), sku="MD-1")

    assert add(shop, product, sku="MD-1").sku == "MD-1"


def test_the_database_itself_keeps_a_code_once_in_a_shop(shop: Shop, product: Product) -> None:
    """The control: past the service, the second row is refused all the same."""
    add(shop, product, sku="MD-1")
    wanted = ProductVariant(product=product, vendor=product.vendor, name="Gói 9 kg", unit="gói", price_vnd=1)
    wanted.sku = "MD-1"

    with pytest.raises(IntegrityError), transaction.atomic():
        wanted.save()
    wanted.sku = "MD-2"
    wanted.save()

    assert set(ProductVariant.objects.values_list("vendor", flat=True)) == {product.vendor_id}


def test_a_code_can_be_taken_off_again(shop: Shop, product: Product) -> None:
    variant = add(shop, product, sku="MD-1")

    assert change(shop, variant, sku="").sku is None
    assert change(shop, first_variant(product), sku="MD-1").sku == "MD-1"


def slugs() -> list[tuple[str, str]]:
    return list(ProductVariant.objects.order_by("pk").values_list("kind_slug", "unit_slug"))


def test_a_kind_is_called_by_the_slugs_of_its_words_as_they_are_now(shop: Shop) -> None:
    product = a_product(shop, unit="hộp 200 g")
    variant = add(shop, product, name="Gói to – 1 kg", unit="Gói")
    assert slugs() == [("hop-200-g", "hop-200-g"), ("goi-to-1-kg", "goi")]

    changed = change(shop, variant, name="Đặc biệt", unit="túi " + "x" * 30 + " nhỏ")
    change(shop, first_variant(product), price_vnd=70_000)

    assert slugs() == [("hop-200-g", "hop-200-g"), ("dac-biet", "tui-" + "x" * 30 + "-nho")]
    assert (changed.kind_slug, changed.unit_slug) == slugs()[1]


def test_the_migration_gives_the_same_slugs_to_kinds_that_were_there(
    shop: Shop, product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        add(shop, product, name=f"Gói {number}")
    kept = slugs()
    ProductVariant.objects.update(kind_slug="", unit_slug="")
    monkeypatch.setattr(KIND_SLUGS, "ROWS_AT_ONCE", 2)

    KIND_SLUGS.fill(apps, None)

    assert slugs() == kept
    assert [kind for kind, _unit in kept[1:]] == ["goi-0", "goi-1", "goi-2"]


def test_the_last_size_on_sale_stays(shop: Shop, product: Product) -> None:
    with pytest.raises(services.LastVariant):
        change(shop, first_variant(product), is_active=False)

    assert ProductVariant.objects.get().is_active


def test_a_product_has_at_most_20_sizes(shop: Shop, product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    assert VARIANTS_A_PRODUCT_MAX == 20
    monkeypatch.setattr("catalog.services.variants.VARIANTS_A_PRODUCT_MAX", 1)

    with pytest.raises(services.TooManyVariants):
        add(shop, product)


def test_strangers_change_neither_sizes_nor_stock(shop: Shop, product: Product) -> None:
    variant = first_variant(product)
    for actor in (ANONYMOUS, shop.staff, a_shop("Tạp hóa Hoa", commune=NENH).owner):
        stranger = Shop(shop.vendor, actor, shop.staff)
        with pytest.raises(NotFound):
            add(stranger, product)
        with pytest.raises(NotFound):
            change(stranger, variant, price_vnd=1)
        with pytest.raises(NotFound):
            set_stock(stranger, variant, 0)

    assert (ProductVariant.objects.get().price_vnd, stock_of(variant).quantity) == (60_000, 10)


def test_the_stock_is_what_was_counted_and_needs_no_review(shop: Shop, product: Product) -> None:
    variant = first_variant(product)

    set_stock(shop, variant, 25)

    assert stock_of(variant).quantity == 25
    kept = Product.objects.get()
    assert kept.listing == "published"
    assert kept.generation > product.generation
    event = JournalEvent.objects.get(kind="stock.set")
    assert (event.data["quantity_before"], event.data["quantity"]) == (10, 25)


@pytest.mark.parametrize(("quantity", "allowed"), [(6, False), (7, True)])
def test_what_is_sold_or_held_for_a_payment_stays_in_the_stock(
    shop: Shop, product: Product, quantity: int, allowed: bool
) -> None:
    variant = first_variant(product)
    Stock.objects.update(allocated=4, reserved=3)

    if allowed:
        assert set_stock(shop, variant, quantity).available == 0
    else:
        with pytest.raises(services.BelowWhatIsSold) as refusal:
            set_stock(shop, variant, quantity)
        assert "7" in str(refusal.value)
        assert stock_of(variant).quantity == 10


def test_control_the_database_refuses_stock_below_what_is_sold(product: Product) -> None:
    Stock.objects.update(allocated=4, reserved=3)

    with pytest.raises(IntegrityError, match="stock_never_oversold"), transaction.atomic():
        Stock.objects.update(quantity=6)


@pytest.mark.parametrize("wrong", [-1, 1_000_001, True, 2.5, 10**30])
def test_a_count_is_a_whole_number_within_reason(shop: Shop, product: Product, wrong: Any) -> None:
    with pytest.raises(BadQuantity):
        set_stock(shop, first_variant(product), wrong)

    assert stock_of(first_variant(product)).quantity == 10


def test_stock_is_never_laid_into_a_place_of_another_shop(shop: Shop, product: Product) -> None:
    foreign = Warehouse.objects.get(vendor=a_shop("Tạp hóa Hoa", commune=NENH).vendor)

    with pytest.raises(NotFound):
        set_stock(shop, first_variant(product), 5, foreign)

    assert Stock.objects.count() == 1


def test_what_can_be_sold_is_summed_over_the_places_in_use(shop: Shop, product: Product) -> None:
    variant = first_variant(product)
    stall = add_warehouse(actor=shop.owner, vendor=shop.vendor, kind="stall", name="Sạp 12", now=NOW)
    closed = add_warehouse(actor=shop.owner, vendor=shop.vendor, kind="stall", name="Sạp cũ", now=NOW)
    set_stock(shop, variant, 5, stall)
    set_stock(shop, variant, 100, closed)
    Warehouse.objects.filter(pk=closed.pk).update(is_active=False)
    Stock.objects.filter(warehouse=stall).update(allocated=1, reserved=2)
    empty = add(shop, product)

    assert available_quantity([variant.pk, empty.pk, 999_999_999]) == {variant.pk: 12, empty.pk: 0, 999_999_999: 0}
    assert [(one.warehouse.name, one.quantity) for one in stocks_of(product)][1:] == [("Sạp 12", 5), ("Sạp cũ", 100)]


def test_availability_takes_one_statement_however_many_variants(
    shop: Shop, product: Product, django_assert_num_queries: Any
) -> None:
    variants = [first_variant(product), *(add(shop, product, name=f"Gói {number}") for number in range(5))]

    for some in (variants[:1], variants):
        with django_assert_num_queries(1):
            available_quantity([variant.pk for variant in some])


def test_changes_are_dated(shop: Shop, product: Product) -> None:
    later = NOW + timedelta(hours=2)

    services.add_variant(actor=shop.owner, product=product, name="Gói 1 kg", unit="gói", price_vnd=110_000, now=later)

    assert Product.objects.get().updated_at == later
