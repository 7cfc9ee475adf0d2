"""What lists show of a product, in a bounded number of statements."""

from datetime import date
from typing import Any

import pytest

from catalog import services
from catalog.models import Product, ProductVariant
from catalog.selectors import cards_in_order, media_of, visible_products, with_card_facts
from tests.catalog.factories import NENH, NOW, Shop, a_picture, a_product, a_shop, on_sale, with_stars

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_folder")]
TODAY = date(2026, 11, 22)


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def furnished(shop: Shop, name: str) -> Product:
    product = a_product(shop, name)
    for color in ("red", "blue"):
        services.add_photo(actor=shop.owner, product=product, content=a_picture((800, 600), color=color), now=NOW)
    services.add_variant(actor=shop.owner, product=product, name="Hũ 1 kg", unit="hũ", price_vnd=45_000, now=NOW)
    product = services.submit_for_review(actor=shop.owner, product=product, now=NOW)
    product = services.publish_product(actor=shop.staff, product=product, now=NOW)
    with_stars(shop, product, stars=5)
    return product


def test_a_card_shows_name_shop_place_price_stars_and_picture(shop: Shop) -> None:
    product = furnished(shop, "Mật ong rừng")

    (card,) = with_card_facts(visible_products(age_declared=False), today=TODAY)

    assert card.product == product
    assert (card.name, card.slug) == ("Mật ong rừng", "mat-ong-rung")
    assert (card.vendor_name, card.vendor_slug) == ("Hợp tác xã Bản Giốc", shop.vendor.slug)
    assert card.place == "Xã Đàm Thủy, Cao Bằng"
    assert (card.price_vnd, card.unit, card.has_several_prices) == (45_000, "hũ", True)
    assert card.stars == 5
    first = media_of(product)[0]
    assert card.picture_url == f"/media/{str(first.image.name).removesuffix('.jpg')}-480.jpg"
    assert (card.width, card.height) == (480, 360)
    assert card.in_stock


def test_a_card_without_picture_stars_or_stock_says_so(shop: Shop) -> None:
    on_sale(shop, quantity=0)

    (card,) = with_card_facts(visible_products(age_declared=False), today=TODAY)

    assert (card.picture_url, card.width, card.height) == (None, 0, 0)
    assert card.stars is None
    assert not card.in_stock
    assert (card.price_vnd, card.unit, card.has_several_prices) == (60_000, "gói 500 g", False)


def test_a_size_that_is_not_on_sale_gives_a_card_neither_price_nor_stock(shop: Shop) -> None:
    on_sale(shop)
    ProductVariant.objects.update(is_active=False)

    (card,) = with_card_facts(visible_products(age_declared=False), today=TODAY)

    assert (card.price_vnd, card.unit, card.in_stock) == (None, "", False)


def test_stars_leave_the_card_with_the_certificates_last_day(shop: Shop) -> None:
    product = on_sale(shop)
    with_stars(shop, product, issued_on=date(2024, 5, 1))

    def stars(today: date) -> list[int | None]:
        return [card.stars for card in with_card_facts(visible_products(age_declared=False), today=today)]

    assert stars(date(2027, 5, 1)) == [4]
    assert stars(date(2027, 5, 2)) == [None]


def test_cards_keep_the_order_of_their_products(shop: Shop) -> None:
    ids = [on_sale(shop, name).pk for name in ("Một", "Hai", "Ba")]

    assert [card.name for card in cards_in_order([ids[2], ids[0], 999_999, ids[1]], today=TODAY)] == [
        "Ba",
        "Một",
        "Hai",
    ]
    assert [card.name for card in with_card_facts(Product.objects.order_by("-pk"), today=TODAY)] == [
        "Ba",
        "Hai",
        "Một",
    ]


def test_cards_take_five_statements_however_many_there_are(shop: Shop, django_assert_num_queries: Any) -> None:
    other = a_shop("Tạp hóa Hoa", commune=NENH)
    furnished(shop, "Mật ong rừng")
    with django_assert_num_queries(5):
        assert len(with_card_facts(visible_products(age_declared=False), today=TODAY)) == 1

    for number in range(4):
        furnished(other, f"Bánh đa {number}")
    with django_assert_num_queries(5):
        assert len(with_card_facts(visible_products(age_declared=False), today=TODAY)) == 5


def test_at_most_100_cards_are_made(monkeypatch: pytest.MonkeyPatch, shop: Shop) -> None:
    monkeypatch.setattr("catalog.selectors.cards.CARDS_MAX", 2)
    for name in ("Một", "Hai", "Ba"):
        on_sale(shop, name)

    assert len(with_card_facts(visible_products(age_declared=False), today=TODAY)) == 2
