"""The first sync: exactly our shops and goods are there afterwards, once each, whatever dies on the way."""

from __future__ import annotations

from typing import Any

import pytest

from catalog import services
from catalog.models import ListingElsewhere, Product
from marketplace.saleor.catalogue.errors import NoChannel, NoWarehouse, ShapeTaken, SyncRuns
from marketplace.saleor.catalogue.syncing import Turn
from marketplace.saleor.client import SaleorAway, TokenRefused
from marketplace.saleor.models import Installation, SaleorObject
from tests.catalog.factories import NOW, a_picture, a_product, a_shop, on_sale, publish, with_stars
from tests.saleor.catalogue.shelf import (
    Killed,
    a_small_market,
    counts,
    dies_at_call,
    dies_when_waiting,
    loses_answer_of_call,
    page_of,
    paragraphs,
    synced,
    there,
    values,
)
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.server import lost_answer, status, too_many
from tests.saleor.played.shop import make_channel

SHAPE = {"Attribute": 15, "PageType": 1, "ProductType": 2}


def test_a_shop_and_its_goods_are_there_in_the_shape_of_saleors_guide(
    installation: Installation, saleor: PlayedSaleor, settings: Any
) -> None:
    settings.MARKET_PUBLIC_URL = "https://cho.example.vn"
    shop = a_shop(story="Làm từ năm 1990.")
    product = on_sale(shop, description="Dai và thơm.\n\nKhông <phẩm> màu & hàn the.", storage_note="Để nơi khô.")
    with_stars(shop, product, stars=4)
    services.update_variant(actor=shop.owner, variant=product.variants.get(), sku="MD-500", now=NOW)

    done = synced(installation)

    assert (done.shops, done.made, done.changed, done.refused) == (1, 1, 0, 0)
    page = page_of(saleor, shop.vendor.slug)
    assert (page["title"], page["isPublished"], page["pageType"]["slug"]) == (shop.vendor.name, True, "gian-hang")
    assert paragraphs(page["content"]) == ["Làm từ năm 1990."]
    assert values(saleor, page) == {
        "shop-province": "Tỉnh Cao Bằng",
        "shop-commune": "Xã Đàm Thủy",
        "shop-kind": "Hợp tác xã",
        "shop-verified": True,
        "shop-link": f"https://cho.example.vn/shops/{shop.vendor.slug}/",
    }
    made = there(saleor, product)
    assert (made["name"], made["slug"], made["productType"]["slug"]) == (product.name, product.slug, "ocop-goods")
    assert made["category"]["slug"] == "6-che-bien-tu-gao-ngu-coc"
    assert paragraphs(made["description"]) == ["Dai và thơm.", "Không &lt;phẩm&gt; màu &amp; hàn the."]
    assert values(saleor, made) == {
        "vendor": page["id"],
        "ocop-set": "Chế biến từ gạo, ngũ cốc",
        "ocop-stars": "4",
        "ocop-certificate": "125/QĐ-UBND",
        "origin-province": "Tỉnh Cao Bằng",
        "origin-commune": "Xã Đàm Thủy",
        "goods-producer": shop.vendor.name,
        "goods-storage": "Để nơi khô.",
        "goods-shelf-life": None,
        "goods-materials": None,
    }
    [listing] = made["channelListings"]
    assert (listing["isPublished"], listing["isAvailableForPurchase"]) == (True, True)
    [variant] = made["variants"]
    assert (variant["name"], variant["sku"]) == ("gói 500 g", f"S{shop.vendor.pk}-MD-500")
    assert variant["channelListings"][0]["price"] == 60_000
    assert [(one["quantity"], one["warehouse"]["slug"]) for one in variant["stocks"]] == [(10, "kho-chinh")]
    vendor = saleor.world.first("Attribute", slug="vendor")
    assert vendor is not None
    assert (vendor["inputType"], vendor["entityType"]) == ("SINGLE_REFERENCE", "PAGE")
    assert vendor["referenceTypes"] == [page["pageType"]]


def test_what_may_not_be_sold_is_not_brought(installation: Installation, saleor: PlayedSaleor) -> None:
    shop = a_shop(alcohol_licence_number="12/GP")
    a_product(shop, "Bản nháp")
    on_sale(shop, "Rượu ngô", ocop_set=14)
    a_product(a_shop("Chưa xác minh", verified=False), "Hàng của gian chưa xác minh")

    synced(installation)

    assert counts(saleor)["Product"] == 0


def test_a_second_run_asks_little_and_changes_nothing(installation: Installation, saleor: PlayedSaleor) -> None:
    on_sale(a_shop())
    synced(installation)
    before = counts(saleor)
    saleor.front.asked.clear()

    again = synced(installation)

    assert (again.shops, again.made, again.changed, again.stocks) == (0, 0, 0, 0)
    assert saleor.asked() == ["CatalogueShape", "CatalogueShops", "CatalogueProducts", "CatalogueStocks"]
    assert counts(saleor) == before


def test_photos_are_fetched_from_the_markets_public_address(
    installation: Installation, saleor: PlayedSaleor, settings: Any, media_folder: Any
) -> None:
    settings.MARKET_PUBLIC_URL = "https://cho.example.vn"
    shop = a_shop()
    product = a_product(shop)
    photo = services.add_photo(actor=shop.owner, product=product, content=a_picture(), now=NOW)
    services.submit_for_review(actor=shop.owner, product=product, now=NOW)
    services.publish_product(actor=shop.staff, product=product, now=NOW)

    done = synced(installation)

    [media] = there(saleor, product)["media"]
    assert media["address"] == f"https://cho.example.vn{photo.image.url}"
    assert done.without_photo == 0


@pytest.mark.parametrize("loss", ["the answer", "the mapping"])
def test_a_photo_is_there_once_whatever_is_lost(
    installation: Installation, saleor: PlayedSaleor, media_folder: Any, loss: str
) -> None:
    shop = a_shop()
    product = a_product(shop)
    for color in ("brown", "green"):
        services.add_photo(actor=shop.owner, product=product, content=a_picture(color=color), now=NOW)
    publish(shop, product)
    if loss == "the answer":
        saleor.front.before_answer = lambda asked: (
            saleor.front.next_faults.append(lost_answer) if asked.operation == "CatalogueStocks" else None
        )
        with pytest.raises(SaleorAway):
            synced(installation)
        saleor.front.before_answer = None
    else:
        synced(installation)
        SaleorObject.objects.all().delete()

    synced(installation)

    assert len(there(saleor, product)["media"]) == 2
    rows = SaleorObject.objects.filter(kind="media").order_by("pk")
    assert [one.saleor_id for one in rows] == [one["id"] for one in there(saleor, product)["media"]]


def test_a_saleor_that_cannot_fetch_photos_still_sells_the_goods(
    installation: Installation, saleor: PlayedSaleor, media_folder: Any, settings: Any
) -> None:
    shop = a_shop()
    for number in range(8):
        product = a_product(shop, f"Miến {number}")
        services.add_photo(actor=shop.owner, product=product, content=a_picture(), now=NOW)
        services.submit_for_review(actor=shop.owner, product=product, now=NOW)
        services.publish_product(actor=shop.staff, product=product, now=NOW)
    settings.MARKET_PUBLIC_URL = "ftp://cho.example.vn"

    done = synced(installation)

    assert (done.made, done.without_photo) == (8, 8)
    [told] = ListingElsewhere.objects.values_list("state", "problem").distinct()
    assert told == ("shown", "Sản phẩm đã lên Saleor nhưng thiếu ảnh: Saleor không lấy được ảnh từ Chợ.")
    assert saleor.asked().count("CataloguePictureMake") == 5


QUESTIONS = 56
"""How many a small market takes; the test below fails where that changes."""
TURNS = [2, 6, 7, 8, 17, 18, 19, 20, 50, 51, 52, 53, 54, 55, 56]
"""The first and last of each kind of question: attributes, page type, attributes, product types, categories, what is
there, pages, goods, stock. Every one of the 56 is tried in tests/faults/test_saleor_sync_deaths.py."""


def test_how_many_questions_a_small_market_takes(installation: Installation, saleor: PlayedSaleor) -> None:
    a_small_market()
    saleor.front.asked.clear()

    done = synced(installation)

    assert done.calls == len(saleor.asked()) == QUESTIONS


@pytest.mark.parametrize("call", TURNS)
def test_a_run_that_dies_before_any_question_goes_on_and_makes_nothing_twice(
    installation: Installation, saleor: PlayedSaleor, call: int
) -> None:
    products = a_small_market()

    with pytest.raises(Killed):
        synced(installation, wait=dies_at_call(call))
    synced(installation)

    assert counts(saleor) | SHAPE == counts(saleor)
    assert (counts(saleor)["Page"], counts(saleor)["Product"], counts(saleor)["ProductVariant"]) == (2, 3, 3)
    for product in products:
        own = SaleorObject.objects.get(kind="product", our_id=str(product.pk))
        assert (own.saleor_id, own.problem) == (there(saleor, product)["id"], "")


@pytest.mark.parametrize("call", TURNS)
def test_a_run_that_dies_over_any_lost_answer_goes_on_and_makes_nothing_twice(
    installation: Installation, saleor: PlayedSaleor, call: int
) -> None:
    products = a_small_market()
    saleor.front.next_faults.extend(loses_answer_of_call(call))

    with pytest.raises(Killed):
        synced(installation, wait=dies_when_waiting)
    synced(installation)

    assert counts(saleor) | SHAPE == counts(saleor)
    assert (counts(saleor)["Page"], counts(saleor)["Product"], counts(saleor)["ProductVariant"]) == (2, 3, 3)
    for product in products:
        assert product.variants.get().stocks.get().quantity == 10


def test_control_without_looking_first_a_lost_answer_is_refused_as_a_double(
    installation: Installation, saleor: PlayedSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = a_shop()
    product = on_sale(shop)
    synced(installation)
    SaleorObject.objects.all().delete()
    monkeypatch.setattr("marketplace.saleor.catalogue.syncing.find_shops", lambda *_: None)
    monkeypatch.setattr("marketplace.saleor.catalogue.syncing.find_products", lambda *_: None)

    done = synced(installation)

    assert (done.made, done.refused) == (0, 1)
    assert SaleorObject.objects.get(kind="vendor").problem.startswith("Saleor đã có")
    assert not SaleorObject.objects.filter(kind="product", our_id=str(product.pk)).exclude(saleor_id="").exists()


def test_a_lost_mapping_is_found_again_by_external_references(
    installation: Installation, saleor: PlayedSaleor
) -> None:
    [product, *_others] = a_small_market()
    synced(installation)
    before = counts(saleor)
    SaleorObject.objects.all().delete()

    done = synced(installation)

    assert (done.made, counts(saleor)) == (0, before)
    assert SaleorObject.objects.get(kind="product", our_id=str(product.pk)).saleor_id == there(saleor, product)["id"]


def test_429_and_503_are_waited_out_as_long_as_saleor_says(installation: Installation, saleor: PlayedSaleor) -> None:
    on_sale(a_shop())
    saleor.front.next_faults.extend([too_many(7), status(503)])
    waited: list[float] = []

    synced(installation, wait=waited.append)

    assert [one for one in waited if one >= 1] == [7, 2]
    assert counts(saleor)["Product"] == 1


def test_a_saleor_that_stays_away_ends_the_run_after_five_tries(
    installation: Installation, saleor: PlayedSaleor
) -> None:
    saleor.front.broken = status(503)

    with pytest.raises(SaleorAway):
        synced(installation)


def test_a_token_that_is_not_taken_ends_the_run_at_once(installation: Installation, saleor: PlayedSaleor) -> None:
    saleor.uninstall(saleor.app)

    with pytest.raises(TokenRefused):
        synced(installation)


def test_the_channel_is_the_only_one_in_dong_or_the_one_the_operator_names(
    installation: Installation, saleor: PlayedSaleor
) -> None:
    make_channel(saleor.world, slug="usd", name="USD", currency="USD")
    synced(installation)
    installation.refresh_from_db()
    assert installation.channel == "viet-nam"

    Installation.objects.update(channel="")
    make_channel(saleor.world, slug="sua", name="Sữa")
    with pytest.raises(NoChannel, match="sua, viet-nam"):
        synced(installation)
    with pytest.raises(NoChannel, match="usd"):
        synced(installation, channel="usd")
    synced(installation, channel="viet-nam")


def test_a_saleor_without_a_channel_in_dong_says_what_to_make(
    installation: Installation, saleor: PlayedSaleor
) -> None:
    saleor.channel["currencyCode"] = "USD"

    with pytest.raises(NoChannel, match="Hãy tạo một kênh"):
        synced(installation)
    assert counts(saleor)["Attribute"] == 0


def test_a_channel_whose_warehouses_do_not_deliver_in_vietnam_is_refused(
    installation: Installation, saleor: PlayedSaleor
) -> None:
    saleor.channel["warehouses"][0]["shippingZones"] = []

    with pytest.raises(NoWarehouse, match="viet-nam"):
        synced(installation)


def test_an_attribute_of_another_kind_under_our_slug_is_named(
    installation: Installation, saleor: PlayedSaleor
) -> None:
    saleor.world.add("Attribute", slug="vendor", name="Vendor", inputType="DROPDOWN", type="PRODUCT_TYPE")

    with pytest.raises(ShapeTaken, match="“vendor”"):
        synced(installation)


def test_two_runs_at_once_are_one(installation: Installation, saleor: PlayedSaleor) -> None:
    with Turn(installation, clock=lambda: NOW), pytest.raises(SyncRuns):
        synced(installation)


def test_what_saleor_refuses_is_told_to_the_shop_and_the_others_come(
    installation: Installation, saleor: PlayedSaleor
) -> None:
    shop = a_shop()
    good, bad = on_sale(shop), on_sale(shop, "Miến ngô")
    saleor.make_product("Của người khác", 1000, slug=bad.slug)

    done = synced(installation)

    assert (done.made, done.refused) == (1, 1)
    assert there(saleor, good)["name"] == good.name
    told = ListingElsewhere.objects.get(product=bad)
    assert told.state == "refused"
    assert told.problem == ("Saleor đã có sản phẩm khác mang địa chỉ trang này. Bạn nhờ người vận hành chợ xem giúp.")
    assert ListingElsewhere.objects.get(product=good).state == "shown"
    assert told.place == saleor.world.domain


def test_two_thousand_products_take_eighty_calls_to_make(installation: Installation, saleor: PlayedSaleor) -> None:
    shop = a_shop()
    first = on_sale(shop)
    variant = first.variants.get()
    _copies(first, variant, 1999)

    done = synced(installation)

    asked = saleor.asked()
    assert (done.made, counts(saleor)["Product"]) == (2000, 2000)
    assert asked.count("CatalogueProductsMake") == 80
    assert asked.count("CatalogueStocks") == 20
    saleor.front.asked.clear()
    assert synced(installation).calls == 1 + 1 + 20 + 20


def _copies(product: Product, variant: Any, count: int) -> None:
    """So many products like this one, written at once."""
    stock = variant.stocks.get()
    products = [_copy(product, slug=f"{product.slug}-{number}") for number in range(count)]
    Product.objects.bulk_create(products)
    variants = [_copy(variant, product=one) for one in products]
    type(variant).objects.bulk_create(variants)
    type(stock).objects.bulk_create([_copy(stock, variant=one) for one in variants])


def _copy(row: Any, **fields: Any) -> Any:
    plain = {one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if one.name != "id"}
    for name, value in fields.items():
        plain.pop(f"{name}_id", None)
        plain[name] = value
    return type(row)(**plain)
