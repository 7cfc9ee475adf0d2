"""Copies, the order of photos, and changing many products at once."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Model, QuerySet

from catalog import services
from catalog.models import Product, ProductMedia, ProductVariant, Stock, StockMovement
from catalog.selectors import media_of, variants_of
from catalog.services.many import CHANGES_AT_ONCE_MAX, StockMovedMeanwhile, TooManyAtOnce
from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import NotFound
from tests.catalog.factories import NENH, NOW, Shop, a_picture, a_product, a_shop, on_sale, with_stars

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def photo(shop: Shop, product: Product, name: str) -> ProductMedia:
    return services.add_photo(actor=shop.owner, product=product, content=a_picture((64, 48)), alt=name, now=NOW)


def shown(product: Product) -> list[str]:
    return [media.alt for media in media_of(product)]


@pytest.mark.usefixtures("media_folder")
def test_a_photo_moves_one_place_earlier_or_to_the_front_without_a_new_review(shop: Shop) -> None:
    product = a_product(shop)
    first, _second, third = (photo(shop, product, name) for name in ("a", "b", "c"))
    Product.objects.update(listing=Product.Listing.PUBLISHED, published_at=NOW)

    services.move_photo(actor=shop.owner, media=third, to_front=False, now=NOW)
    assert shown(product) == ["a", "c", "b"]
    services.move_photo(actor=shop.owner, media=third, to_front=True, now=NOW)
    assert shown(product) == ["c", "a", "b"]
    services.move_photo(actor=shop.owner, media=third, to_front=True, now=NOW)
    with pytest.raises(NotFound):
        services.move_photo(actor=ANONYMOUS, media=first, to_front=True, now=NOW)

    assert shown(product) == ["c", "a", "b"]
    assert Product.objects.get().listing == Product.Listing.PUBLISHED


def test_a_copy_is_a_draft_with_words_kinds_and_photos_but_no_stock_code_or_star(
    shop: Shop, media_folder: Path
) -> None:
    product = on_sale(shop, description="Phơi nắng.", quantity=10)
    with_stars(shop, product)
    services.add_variant(
        actor=shop.owner, product=product, name="Gói 1 kg", unit="gói", price_vnd=110_000, sku="MD-1", now=NOW
    )
    photo(shop, product, "Miến phơi")
    form = uuid.uuid4()

    made, again = (
        services.copy_product(actor=shop.owner, product=product, now=NOW, client_id=form) for _ in range(2)
    )

    assert made.pk == again.pk != product.pk
    assert (made.name, made.description) == ("Miến dong Cao Bằng (bản sao)", "Phơi nắng.")
    assert made.listing == Product.Listing.DRAFT
    assert [(one.name, one.price_vnd, one.sku) for one in variants_of(made)] == [
        ("", 60_000, None),
        ("Gói 1 kg", 110_000, None),
    ]
    assert set(Stock.objects.filter(variant__product=made).values_list("quantity", flat=True)) == {0}
    assert shown(made) == ["Miến phơi"]
    assert media_of(made)[0].image.name != media_of(product)[0].image.name
    assert not made.certificates.exists()
    with pytest.raises(NotFound):
        services.copy_product(actor=a_shop("Khác", commune=NENH).owner, product=product, now=NOW)


def changes(shop: Shop, *wanted: tuple[int, int, int | None]) -> int:
    """Prices and counts for the shop's variants in their order; the third is the count that was seen."""
    stocks = Stock.objects.select_related("variant").order_by("variant_id")
    rows = [
        services.VariantChange(stock.variant_id, price, stock.pk, quantity, was)
        for stock, (price, quantity, was) in zip(stocks, wanted, strict=False)
    ]
    return services.change_many(actor=shop.owner, vendor=shop.vendor, changes=rows, now=NOW)


def now_there() -> list[tuple[int, int]]:
    return list(Stock.objects.order_by("variant_id").values_list("variant__price_vnd", "quantity"))


def test_prices_and_counts_of_many_change_together(shop: Shop) -> None:
    for name in ("Miến", "Mật ong"):
        on_sale(shop, name, quantity=10)

    assert changes(shop, (65_000, 8, 10), (60_000, 10, 10)) == 2

    assert now_there() == [(65_000, 8), (60_000, 10)]
    assert StockMovement.objects.filter(kind="counted").count() == 1
    assert set(Product.objects.values_list("listing", flat=True)) == {"published"}


def test_one_refused_change_keeps_all_of_them_out_and_is_named(shop: Shop) -> None:
    for name in ("Miến", "Mật ong"):
        a_product(shop, name, quantity=10)

    with pytest.raises(services.RefusedChange, match="Mật ong: Giá phải là số tiền"):
        changes(shop, (65_000, 8, 10), (0, 10, 10))

    assert now_there() == [(60_000, 10)] * 2


def test_a_count_that_is_out_of_date_does_not_write_over_what_was_sold_meanwhile(shop: Shop) -> None:
    a_product(shop, "Miến", quantity=10)
    Stock.objects.update(quantity=7)

    with pytest.raises(services.RefusedChange, match="vừa đổi thành 7") as refusal:
        changes(shop, (60_000, 12, 10))

    assert isinstance(refusal.value.__cause__, StockMovedMeanwhile)
    assert now_there() == [(60_000, 7)]


def test_control_without_what_was_seen_the_old_count_would_win(shop: Shop) -> None:
    a_product(shop, "Miến", quantity=10)
    Stock.objects.update(quantity=7)

    changes(shop, (60_000, 12, None))

    assert now_there() == [(60_000, 12)]


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The models whose rows are locked, in the order in which that is asked for."""
    asked: list[str] = []
    lock = QuerySet.select_for_update

    def noted(self: QuerySet[Model], *args: Any, **kwargs: Any) -> QuerySet[Model]:
        asked.append(self.model.__name__)
        return lock(self, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    return asked


def test_every_product_is_locked_before_any_stock_as_whoever_moves_stock_does(shop: Shop, locked: list[str]) -> None:
    for name in ("Miến", "Mật ong"):
        a_product(shop, name, quantity=10)
    locked.clear()

    changes(shop, (60_000, 8, 10), (60_000, 9, 10))

    assert locked[:2] == ["Product", "Stock"]  # once each, for all of them; what follows holds the locks already


def test_control_without_that_a_stock_would_be_locked_first(
    shop: Shop, locked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_product(shop, "Miến", quantity=10)
    monkeypatch.setattr("catalog.services.many.lock_products", lambda _ids: None)
    locked.clear()

    changes(shop, (60_000, 8, 10))

    assert locked[:2] == ["Stock", "Product"]


def test_nothing_of_another_shop_is_changed(shop: Shop) -> None:
    foreign = a_shop("Tạp hóa Hoa", commune=NENH)
    product = a_product(foreign, "Chè", quantity=3)
    stock = Stock.objects.get()
    mine = ProductVariant.objects.get(product=a_product(shop, "Miến"))

    for rows in (
        [services.VariantChange(stock.variant_id, 1)],
        [services.VariantChange(mine.pk, None, stock.pk, 0)],
    ):
        with pytest.raises((NotFound, services.RefusedChange)):
            services.change_many(actor=shop.owner, vendor=shop.vendor, changes=rows, now=NOW)
    for act in (services.submit_many, services.withdraw_many):
        with pytest.raises(NotFound):
            act(actor=shop.owner, vendor=shop.vendor, product_ids=[product.pk], now=NOW)
        with pytest.raises(NotFound):
            act(actor=shop.owner, vendor=foreign.vendor, product_ids=[product.pk], now=NOW)

    stock.refresh_from_db()
    assert (stock.quantity, Product.objects.get(pk=product.pk).listing) == (3, "draft")


def test_several_products_are_handed_in_and_taken_off_sale(shop: Shop) -> None:
    draft, on = a_product(shop, "Miến"), on_sale(shop, "Mật ong")
    ids = [draft.pk, on.pk]

    assert services.submit_many(actor=shop.owner, vendor=shop.vendor, product_ids=ids, now=NOW) == 1
    assert set(Product.objects.values_list("listing", flat=True)) == {"in_review", "published"}
    assert services.withdraw_many(actor=shop.owner, vendor=shop.vendor, product_ids=ids, now=NOW) == 2
    assert services.withdraw_many(actor=shop.owner, vendor=shop.vendor, product_ids=ids, now=NOW) == 0


def test_alcohol_without_a_licence_keeps_the_others_back_too(shop: Shop) -> None:
    ids = [a_product(shop, "Miến").pk, a_product(shop, "Rượu ngô", ocop_set=14).pk]

    with pytest.raises(services.RefusedChange, match="Rượu ngô: "):
        services.submit_many(actor=shop.owner, vendor=shop.vendor, product_ids=ids, now=NOW)

    assert set(Product.objects.values_list("listing", flat=True)) == {"draft"}


def test_a_hundred_at_once_and_no_more(shop: Shop) -> None:
    assert CHANGES_AT_ONCE_MAX == 100
    rows = [services.VariantChange(number) for number in range(101)]

    with pytest.raises(TooManyAtOnce):
        services.change_many(actor=shop.owner, vendor=shop.vendor, changes=rows, now=NOW)
