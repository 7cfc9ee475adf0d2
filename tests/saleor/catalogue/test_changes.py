"""After the first sync: what changes here is said there, what Saleor's staff decide is taken over, each once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from catalog import services
from catalog.models import ListingElsewhere
from catalog.services.photos import remove_photo
from marketplace.core import journal
from marketplace.saleor.catalogue.changing import REPAIRS_AN_HOUR_MAX
from marketplace.saleor.catalogue.due import follow_goods, look_over_goods
from marketplace.saleor.catalogue.fields import FIELDS, Owner
from marketplace.saleor.events import ASYNC_EVENTS
from marketplace.saleor.leaving import leave
from marketplace.saleor.models import Installation, SaleorObject
from tests.catalog.factories import NOW, Shop, a_picture, a_shop, on_sale, publish, with_stars
from tests.saleor.catalogue.shelf import counts, page_of, pushed, synced, there, values
from tests.saleor.played import catalogue as staff
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.server import status
from vendors.models import Vendor
from vendors.services import refuse_vendor, update_vendor

DOCS = Path(__file__).parents[3] / "docs" / "saleor-fields.md"


@pytest.fixture(autouse=True)
def _followed() -> Any:
    """As in a process that began with a Saleor listed."""
    follow_goods()
    yield
    journal._subscriptions.pop("saleor-catalogue")


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def told_of(saleor: PlayedSaleor, installation: Installation, event: str, **subject: Any) -> None:
    """A webhook of that event reaches its function, as after its signature was proven."""
    installation.refresh_from_db()
    ASYNC_EVENTS[event](installation, subject, NOW)


def test_a_new_name_and_price_are_said_with_two_mutations(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    synced(installation)
    services.update_product(actor=shop.owner, product=product, name="Miến dong ngon", now=NOW)
    services.update_variant(actor=shop.owner, variant=product.variants.get(), price_vnd=65_000, now=NOW)
    services.publish_product(actor=shop.staff, product=product, now=NOW)
    saleor.front.asked.clear()

    pushed(installation)

    assert there(saleor, product)["name"] == "Miến dong ngon"
    assert there(saleor, product)["variants"][0]["channelListings"][0]["price"] == 65_000
    assert saleor.asked() == ["CatalogueProduct", "CatalogueProductChange", "CatalogueVariantsChange"]
    saleor.front.asked.clear()
    pushed(installation)
    assert saleor.asked() == []


def test_a_product_on_sale_after_the_sync_is_made_there(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    synced(installation)

    product = on_sale(shop)
    pushed(installation)

    assert there(saleor, product)["channelListings"][0]["isPublished"] is True
    assert values(saleor, there(saleor, product))["vendor"] == page_of(saleor, shop.vendor.slug)["id"]
    assert ListingElsewhere.objects.get(product=product).state == "shown"


def test_a_withdrawn_product_is_hidden_there_and_comes_back(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    synced(installation)

    services.withdraw_product(actor=shop.owner, product=product, now=NOW)
    pushed(installation)
    [listing] = there(saleor, product)["channelListings"]
    assert (listing["isPublished"], listing["isAvailableForPurchase"]) == (False, False)
    assert ListingElsewhere.objects.get(product=product).state == "withdrawn"

    publish(shop, product)
    pushed(installation)
    assert listing["isPublished"] is True


def test_a_shop_that_may_not_sell_any_more_has_its_page_and_goods_hidden(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    synced(installation)

    update_vendor(actor=shop.owner, vendor=shop.vendor, name="Tên khác", now=NOW)
    pushed(installation)

    assert page_of(saleor, shop.vendor.slug)["isPublished"] is False
    assert page_of(saleor, shop.vendor.slug)["title"] == "Tên khác"
    assert there(saleor, product)["channelListings"][0]["isPublished"] is False

    shop.vendor.refresh_from_db()
    refuse_vendor(actor=shop.staff, vendor=shop.vendor, reason="Giấy đăng ký mang tên khác.", now=NOW)
    pushed(installation)
    assert Vendor.objects.get().may_sell is False
    assert there(saleor, product)["channelListings"][0]["isPublished"] is False


def test_a_second_kind_comes_and_one_that_is_sold_no_more_leaves_the_channel(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    synced(installation)
    first = product.variants.get()

    second = services.add_variant(
        actor=shop.owner, product=product, name="Gói lớn", unit="gói 1 kg", price_vnd=110_000, quantity=4, now=NOW
    )
    services.update_variant(actor=shop.owner, variant=first, is_active=False, now=NOW)
    services.publish_product(actor=shop.staff, product=product, now=NOW)
    pushed(installation)

    made = there(saleor, second)
    assert (made["name"], made["channelListings"][0]["price"], made["stocks"][0]["quantity"]) == (
        "Gói lớn",
        110_000,
        4,
    )
    assert there(saleor, first)["channelListings"] == []
    assert SaleorObject.objects.get(kind="variant", our_id=str(second.pk)).saleor_id == made["id"]


def test_stars_that_end_are_taken_away_without_an_event(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    with_stars(shop, product, stars=5)
    synced(installation)
    assert values(saleor, there(saleor, product))["ocop-stars"] == "5"
    later = NOW + timedelta(days=3 * 366)

    assert look_over_goods(installation, now=later) == 1
    pushed(installation, now=later)

    assert values(saleor, there(saleor, product))["ocop-stars"] is None
    assert values(saleor, there(saleor, product))["ocop-certificate"] is None
    assert look_over_goods(installation, now=later) == 0


def test_photos_come_and_go(installation: Installation, saleor: PlayedSaleor, shop: Shop, media_folder: Any) -> None:
    product = on_sale(shop)
    synced(installation)
    photo = services.add_photo(actor=shop.owner, product=product, content=a_picture(), now=NOW)
    pushed(installation)
    assert len(there(saleor, product)["media"]) == 1

    remove_photo(actor=shop.owner, media=photo, now=NOW)
    pushed(installation)

    assert there(saleor, product)["media"] == []


def test_what_staff_there_change_of_ours_is_put_right_four_times_an_hour(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    synced(installation)
    made = there(saleor, product)

    for turn in range(REPAIRS_AN_HOUR_MAX + 1):
        staff.change_product(saleor.world, made, name=f"Tên khác {turn}")
        told_of(saleor, installation, "product_updated", product={"id": made["id"]})
        pushed(installation)

    assert made["name"] == f"Tên khác {REPAIRS_AN_HOUR_MAX}"
    assert ListingElsewhere.objects.get(product=product).problem.startswith("Bên Saleor có người hay chương trình")

    told_of(saleor, installation, "product_updated", product={"id": made["id"]})
    pushed(installation, now=NOW + timedelta(hours=1, seconds=1))
    assert made["name"] == product.name
    assert ListingElsewhere.objects.get(product=product).problem == ""


def test_what_we_did_there_ourselves_is_not_asked_for_again(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    synced(installation)
    ours = {"__typename": "App", "id": installation.app_id}

    told_of(
        saleor, installation, "product_updated", product={"id": there(saleor, product)["id"]}, issuingPrincipal=ours
    )

    assert not SaleorObject.objects.filter(due_at__isnull=False).exists()


def test_a_product_that_staff_there_hide_stays_hidden_and_its_shop_reads_so(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    synced(installation)
    made = there(saleor, product)
    made["channelListings"][0]["isPublished"] = False
    told_of(saleor, installation, "product_updated", product={"id": made["id"]})
    pushed(installation)
    assert ListingElsewhere.objects.get(product=product).state == "hidden"

    services.update_variant(actor=shop.owner, variant=product.variants.get(), price_vnd=70_000, now=NOW)
    pushed(installation)
    assert made["channelListings"][0]["isPublished"] is False
    assert made["variants"][0]["channelListings"][0]["price"] == 70_000

    made["channelListings"][0]["isPublished"] = True
    told_of(saleor, installation, "product_updated", product={"id": made["id"]})
    pushed(installation)
    assert ListingElsewhere.objects.get(product=product).state == "shown"


def test_a_product_that_staff_there_delete_is_not_made_again(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    synced(installation)
    made = there(saleor, product)
    staff.remove_product(saleor.world, made)
    told_of(saleor, installation, "product_deleted", product={"id": made["id"]})

    pushed(installation)
    synced(installation)

    assert counts(saleor)["Product"] == 0
    assert ListingElsewhere.objects.get(product=product).state == "deleted"


def test_what_is_saleors_is_left_as_it_is(installation: Installation, saleor: PlayedSaleor, shop: Shop) -> None:
    product = on_sale(shop)
    synced(installation)
    made = there(saleor, product)
    made.update(slug="duong-dan-cua-ho", seoTitle="SEO", rating=4.5)
    made["channelListings"][0]["visibleInListings"] = False

    services.update_product(actor=shop.owner, product=product, name="Tên mới", now=NOW)
    services.publish_product(actor=shop.staff, product=product, now=NOW)
    pushed(installation)

    assert (made["name"], made["slug"], made["seoTitle"]) == ("Tên mới", "duong-dan-cua-ho", "SEO")
    assert made["channelListings"][0]["visibleInListings"] is False


def test_a_page_that_staff_there_change_is_said_again(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    on_sale(shop)
    synced(installation)
    page = page_of(saleor, shop.vendor.slug)
    page["title"] = "Khác"

    told_of(saleor, installation, "page_updated", page={"id": page["id"]})
    pushed(installation)

    assert page["title"] == shop.vendor.name


def test_a_page_that_staff_there_delete_is_made_again_and_the_goods_refer_to_it(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    synced(installation)
    before = page_of(saleor, shop.vendor.slug)
    saleor.world.remove(before)

    told_of(saleor, installation, "page_deleted", page={"id": before["id"]})
    pushed(installation)

    again = page_of(saleor, shop.vendor.slug)
    assert again["id"] != before["id"]
    assert values(saleor, there(saleor, product))["vendor"] == again["id"]


def test_a_saleor_that_was_begun_anew_gets_everything_again(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    synced(installation)
    for kind in (*counts(saleor), "AttributeValue"):
        for thing in list(saleor.world.kinds[kind]):
            saleor.world.remove(thing)

    done = synced(installation)

    assert (done.shops, done.made) == (1, 1)
    assert there(saleor, product)["variants"][0]["stocks"][0]["quantity"] == 10


def test_who_leaves_a_saleor_reads_nothing_of_it_any_more(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    on_sale(shop)
    synced(installation)
    assert ListingElsewhere.objects.count() == 1

    leave(api_url=installation.api_url, now=NOW)

    assert not ListingElsewhere.objects.exists()


def test_while_saleor_is_away_what_changed_waits(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    synced(installation)
    services.update_variant(actor=shop.owner, variant=product.variants.get(), price_vnd=70_000, now=NOW)
    saleor.front.broken = status(503)
    pushed(installation)
    assert SaleorObject.objects.get(kind="product").due_at

    saleor.front.broken = None
    pushed(installation)

    assert there(saleor, product)["variants"][0]["channelListings"][0]["price"] == 70_000
    assert not SaleorObject.objects.filter(due_at__isnull=False).exists()


def test_nothing_is_brought_before_a_first_sync(installation: Installation, saleor: PlayedSaleor, shop: Shop) -> None:
    on_sale(shop)
    saleor.front.asked.clear()

    assert pushed(installation) == 0
    assert saleor.asked() == []


def test_every_field_has_one_owner_and_the_docs_say_which() -> None:
    names = [one.name for one in FIELDS]
    assert len(names) == len(set(names))
    assert {one.owner for one in FIELDS} == set(Owner)
    rows = [line for line in DOCS.read_text(encoding="utf-8").splitlines() if line.startswith("| ")][2:]
    assert rows == [f"| {one.name} | {one.owner} | {one.why} |" for one in FIELDS]
