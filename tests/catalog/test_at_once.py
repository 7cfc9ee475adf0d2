"""Several people at the same moment: real transactions in real threads."""

import re
import uuid
from functools import partial
from pathlib import Path

import pytest

from catalog import services
from catalog.models import Product, ProductMedia, Stock, StockMovement
from catalog.services import slugs
from marketplace.core.models import JournalEvent
from tests.catalog.factories import NOW, a_picture, a_product, a_shop, on_sale
from tests.plugins.database import at_once


@pytest.mark.usefixtures("committed_db")
def test_shops_that_list_the_same_name_at_once_all_succeed() -> None:
    shops = [a_shop(f"Nhà {number}") for number in range(6)]

    made = at_once([partial(a_product, shop, "Mật ong") for shop in shops])

    assert {type(one) for one in made} == {Product}
    assert len(set(Product.objects.values_list("slug", flat=True))) == 6


@pytest.fixture
def looked_too_early(monkeypatch: pytest.MonkeyPatch) -> None:
    """The address was free when it was looked at, and taken when the product went in."""
    monkeypatch.setattr(slugs, "_free_slug", lambda base: base)


@pytest.mark.django_db
@pytest.mark.usefixtures("looked_too_early")
def test_an_address_taken_between_look_and_insert_gets_a_random_ending() -> None:
    shop = a_shop()

    taken, other = a_product(shop, "Mật ong").slug, a_product(shop, "Mật ong").slug

    assert taken == "mat-ong"
    assert re.fullmatch("mat-ong-[0-9a-f]{6}", other)


@pytest.mark.django_db
@pytest.mark.usefixtures("looked_too_early")
def test_control_with_one_try_the_second_is_turned_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slugs, "TRIES_MAX", 1)
    shop = a_shop()
    a_product(shop, "Mật ong")

    with pytest.raises(RuntimeError, match="no free slug"):
        a_product(shop, "Mật ong")


@pytest.mark.usefixtures("committed_db")
def test_a_request_sent_six_times_at_once_lists_one_product() -> None:
    shop = a_shop()
    client_id = uuid.uuid4()

    made = at_once([partial(a_product, shop, client_id=client_id) for _ in range(6)])

    assert len({one.pk for one in made if isinstance(one, Product)}) == 1
    assert Product.objects.count() == JournalEvent.objects.filter(kind="product.created").count() == 1


@pytest.mark.usefixtures("committed_db")
def test_photos_sent_at_once_never_pass_the_limit(media_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.services.photos.PHOTOS_A_PRODUCT_MAX", 2)
    shop = a_shop()
    product = a_product(shop)
    add = partial(services.add_photo, actor=shop.owner, product=product, content=a_picture((40, 30)), now=NOW)

    answers = at_once([add for _ in range(5)])

    assert sorted(type(one).__name__ for one in answers) == ["ProductMedia"] * 2 + ["TooManyPhotos"] * 3
    assert sorted(ProductMedia.objects.values_list("position", flat=True)) == [1, 2]
    assert len(list(media_folder.rglob("*.jpg"))) == 6


@pytest.mark.usefixtures("committed_db")
def test_stock_counted_at_a_new_place_at_once_makes_one_row() -> None:
    shop = a_shop()
    product = on_sale(shop)
    variant = product.variants.get()
    warehouse = Stock.objects.get(variant=variant).warehouse
    StockMovement.objects.all().delete()
    Stock.objects.all().delete()
    count = partial(services.set_stock, actor=shop.owner, variant=variant, warehouse=warehouse, now=NOW)

    answers = at_once([partial(count, quantity=quantity) for quantity in range(1, 6)])

    assert {type(one) for one in answers} == {Stock}
    assert Stock.objects.get().quantity in range(1, 6)
    assert Product.objects.get().generation == product.generation + 5
