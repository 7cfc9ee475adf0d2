"""What search engines and chat apps read of the market's pages."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from catalog.models import Product, ProductMedia
from catalog.photos import read_photo
from catalog.pictures import new_picture_name, write_picture
from storefront.shop import share_cards, sitemaps
from storefront.shop.share_cards import CARDS_AT_ONCE_MAX
from tests.catalog.factories import a_picture
from tests.orders.factories import NENH, THUC_PHAN, a_shop
from tests.storefront.shopping import a_market, goods

pytestmark = pytest.mark.django_db
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MARKET = "http://127.0.0.1:8000"


@pytest.fixture(autouse=True)
def public_url(settings: Any) -> None:
    settings.MARKET_PUBLIC_URL = MARKET


def described(page: HttpResponse) -> dict[str, Any]:
    """The page's block of data for search engines."""
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', page.content.decode())
    assert found is not None
    return dict(json.loads(found[1]))


def meta(page: HttpResponse) -> dict[str, str]:
    return dict(re.findall(r'<meta property="(og:[a-z_:]+)" content="([^"]*)">', page.content.decode()))


def picture(page: HttpResponse) -> Image.Image:
    return Image.open(BytesIO(page.content), formats=["JPEG"])


def a_kept_photo(product: Product, *, color: str = "brown", **more: Any) -> ProductMedia:
    """A photo with its files on the disk."""
    name = new_picture_name()
    write_picture(name, read_photo(a_picture((1600, 1200), color=color)).files)
    return ProductMedia.objects.create(product=product, image=name, width=1280, height=960, is_complete=True, **more)


def locations(page: HttpResponse) -> list[str]:
    return [str(found.text) for found in ElementTree.fromstring(page.content).iter(f"{SITEMAP}loc")]  # noqa: S314


def test_a_product_is_described_with_its_offers_maker_and_grade(shopper: Client) -> None:
    variant = goods(a_shop(), "Mật ong </script> & nhãn", stars=5)
    variant.product.variants.create(
        vendor=variant.vendor, name="Hũ lớn", unit="hũ 1 kg", price_vnd=230_000, position=1
    )
    address = f"/products/{variant.product.slug}/"

    data = described(shopper.get(address))

    assert data["@type"] == "Product"
    assert data["name"] == "Mật ong </script> & nhãn"
    assert data["url"] == f"{MARKET}{address}"
    assert data["award"] == "OCOP 5 sao, 125/QĐ-UBND"
    assert data["brand"]["name"] == data["manufacturer"]["name"] == "Hợp tác xã mat-ong-cao-bang"
    assert [(offer["price"], offer["priceCurrency"], offer["availability"]) for offer in data["offers"]] == [
        (120_000, "VND", "https://schema.org/InStock"),
        (230_000, "VND", "https://schema.org/OutOfStock"),
    ]


def test_a_drawn_picture_is_not_passed_off_as_one_of_the_product(shopper: Client, media_folder: Path) -> None:
    product = goods(a_shop()).product
    photo = a_kept_photo(product)
    a_kept_photo(product, is_illustration=True)

    data = described(shopper.get(f"/products/{product.slug}/"))

    assert data["image"] == [f"{MARKET}/media/{photo.image.name}"]


def test_a_shop_and_the_market_are_described_too(shopper: Client) -> None:
    a_shop()

    shop, market = described(shopper.get("/shops/mat-ong-cao-bang/")), described(shopper.get("/"))

    assert (shop["@type"], shop["telephone"]) == ("Store", "+84206388888")
    assert shop["address"]["addressRegion"] == "Tỉnh Cao Bằng"
    assert market["potentialAction"]["target"] == f"{MARKET}/search/?q={{text}}"


def test_a_shared_product_shows_name_maker_place_and_picture(shopper: Client) -> None:
    product = goods(a_shop(), 'Mật ong "nhãn"').product

    page = shopper.get(f"/products/{product.slug}/")

    assert meta(page) | {"og:title": "Mật ong &quot;nhãn&quot;"} == meta(page)
    assert meta(page)["og:description"] == "Hợp tác xã mat-ong-cao-bang, Phường Thục Phán, Cao Bằng"
    assert meta(page)["og:image"] == f"{MARKET}/products/{product.slug}/share.jpg"
    assert f'<link rel="canonical" href="{MARKET}/products/{product.slug}/">' in page.content.decode()


def test_the_share_card_is_a_picture_of_the_size_that_chat_apps_ask_for(shopper: Client, media_folder: Path) -> None:
    product = goods(
        a_shop(), "Mật ong hoa nhãn rừng núi đá vôi Cao Bằng loại đặc biệt chai thủy tinh", stars=4
    ).product
    a_kept_photo(product, color="red")

    page = shopper.get(f"/products/{product.slug}/share.jpg")

    assert page["Content-Type"] == "image/jpeg"
    assert page["Cache-Control"] == "public, max-age=3600"
    card = picture(page)
    assert card.size == (1200, 630)
    red, green, blue = card.getpixel((300, 300))  # type: ignore[misc]  # an RGB picture has three
    assert red > 200
    assert max(green, blue) < 60
    assert len(page.content) < 200_000


def test_an_illustration_is_shown_whole_with_the_words_that_say_so(shopper: Client, media_folder: Path) -> None:
    product = goods(a_shop()).product
    a_kept_photo(product, color="red", is_illustration=True)

    card = picture(shopper.get(f"/products/{product.slug}/share.jpg"))

    for corner in ((10, 100), (590, 100), (10, 530), (590, 530)):
        red, green, blue = card.getpixel(corner)  # type: ignore[misc]  # an RGB picture has three
        assert red > 200, corner
        assert max(green, blue) < 60, corner


def test_a_card_is_drawn_anew_only_when_the_product_changed(shopper: Client) -> None:
    product = goods(a_shop()).product
    address = f"/products/{product.slug}/share.jpg"
    etag = shopper.get(address)["ETag"]

    assert shopper.get(address, headers={"if-none-match": etag}).status_code == 304
    Product.objects.update(generation=7)
    again = shopper.get(address, headers={"if-none-match": etag})

    assert again.status_code == 200
    assert again["ETag"] != etag


def test_a_card_without_photo_or_with_a_lost_one_is_drawn_all_the_same(shopper: Client, media_folder: Path) -> None:
    product = goods(a_shop()).product
    address = f"/products/{product.slug}/share.jpg"
    assert picture(shopper.get(address)).size == (1200, 630)

    ProductMedia.objects.create(product=product, image="products/3f/3f00.jpg", width=1280, height=960)

    assert picture(shopper.get(address)).size == (1200, 630)


def test_alcohol_has_no_card_for_who_did_not_say_to_be_18(shopper: Client) -> None:
    product = goods(a_shop(), "Rượu ngô", alcohol=True).product
    address = f"/products/{product.slug}/share.jpg"

    assert shopper.get(address).status_code == 404
    shopper.post("/age/", {"next": "/", "adult": "on"})

    assert shopper.get(address)["Cache-Control"] == "private, max-age=3600"


def test_more_cards_at_once_than_the_server_draws_are_asked_to_come_again(
    shopper: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = goods(a_shop()).product
    monkeypatch.setattr(share_cards, "CARD_WAIT_S_MAX", 0)
    for _ in range(CARDS_AT_ONCE_MAX):
        share_cards._places.acquire()
    try:
        refused = shopper.get(f"/products/{product.slug}/share.jpg")
    finally:
        for _ in range(CARDS_AT_ONCE_MAX):
            share_cards._places.release()

    assert refused.status_code == 429
    assert "Retry-After" in refused
    assert shopper.get(f"/products/{product.slug}/share.jpg").status_code == 200


def test_the_map_of_the_site_names_what_a_stranger_may_see(shopper: Client) -> None:
    shop = a_shop()
    honey, spirit = goods(shop).product, goods(shop, "Rượu ngô", alcohol=True).product
    hidden = a_shop("chua-xac-minh", commune=NENH, verification="declared")
    a_market(THUC_PHAN)

    parts = locations(shopper.get("/sitemap.xml"))
    found = [address for part in parts for address in locations(shopper.get(part.removeprefix(MARKET)))]

    assert parts == [f"{MARKET}/sitemap/{part}-1.xml" for part in ("pages", "shops", "products")]
    assert found == [
        *(f"{MARKET}{path}" for path in ("/", "/search/", "/ranking/", "/about/", "/markets/cho-nenh/")),
        f"{MARKET}/shops/{shop.slug}/",
        f"{MARKET}/products/{honey.slug}/",
    ]
    assert spirit.slug not in str(found)
    assert hidden.slug not in str(found)


def test_a_large_market_has_several_parts(shopper: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "ADDRESSES_A_PART_MAX", 2)
    shop = a_shop()
    slugs = [goods(shop, f"Mật ong {number}").product.slug for number in range(3)]

    parts = [part for part in locations(shopper.get("/sitemap.xml")) if "products" in part]
    found = [locations(shopper.get(part.removeprefix(MARKET))) for part in parts]

    assert [len(part) for part in found] == [2, 1]
    assert [address.split("/")[-2] for part in found for address in part] == slugs


@pytest.mark.parametrize("part", ["products-1", "products-0", "pages-2", "people-1", f"products-{'9' * 30}"])
def test_a_part_that_is_not_there_is_not_found(shopper: Client, part: str) -> None:
    assert shopper.get(f"/sitemap/{part}.xml").status_code == 404


def test_robots_are_told_where_the_map_is_and_kept_from_what_is_private(shopper: Client) -> None:
    page = shopper.get("/robots.txt")

    lines = page.content.decode().splitlines()
    assert page["Content-Type"] == "text/plain; charset=utf-8"
    assert f"Sitemap: {MARKET}/sitemap.xml" in lines
    for path in ("/basket/", "/checkout/", "/orders/", "/sell/", "/commune/", "/admin/"):
        assert f"Disallow: {path}" in lines
