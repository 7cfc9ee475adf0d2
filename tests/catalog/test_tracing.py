"""Where a product comes from: said by its shop, seen by staff before shoppers see it."""

import pytest

from catalog.models import Product
from catalog.services import describe_trace
from catalog.values import TRACE_CHARACTERS_MAX
from marketplace.core.errors import NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from tests.catalog.factories import NENH, NOW, Shop, a_product, a_shop, on_sale

pytestmark = pytest.mark.django_db
FACTS = {
    "brand": "Bản Giốc",
    "producer_name": "Hộ Nông Thị Lan",
    "producer_address": "Xóm Bản Giốc, xã Đàm Thủy",
    "made_note": "Vụ tháng 10/2026",
    "lot_number": "L-1026",
    "materials_note": "Củ dong riềng trồng ở Phia Đén",
    "trace_code": "8930001 0001",
}


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def kept() -> dict[str, str]:
    return dict(Product.objects.values(*TRACE_CHARACTERS_MAX).get())


def test_every_fact_that_the_circular_asks_for_is_kept(shop: Shop) -> None:
    product = a_product(shop)

    describe_trace(actor=shop.owner, product=product, facts=FACTS | {"brand": "  Bản   Giốc "}, now=NOW)

    assert kept() == FACTS
    event = JournalEvent.objects.get(kind="product.traced")
    assert event.data["changed"].split(",") == list(FACTS)
    assert Product.objects.get().generation > product.generation


def test_a_fact_is_taken_away_and_the_others_stay(shop: Shop) -> None:
    product = a_product(shop)
    describe_trace(actor=shop.owner, product=product, facts=FACTS, now=NOW)

    describe_trace(actor=shop.owner, product=product, facts={"lot_number": ""}, now=NOW)

    assert kept() == FACTS | {"lot_number": ""}


def test_what_shoppers_see_goes_back_to_review_but_not_for_nothing(shop: Shop) -> None:
    product = on_sale(shop)

    describe_trace(actor=shop.owner, product=product, facts={"brand": ""}, now=NOW)
    assert Product.objects.get().listing == "published"

    describe_trace(actor=shop.owner, product=product, facts=FACTS, now=NOW)
    assert Product.objects.get().listing == "in_review"


def test_strangers_and_impossible_texts_change_nothing(shop: Shop) -> None:
    product = a_product(shop)

    with pytest.raises(NotFound):
        describe_trace(actor=a_shop("Khác", commune=NENH).owner, product=product, facts=FACTS, now=NOW)
    with pytest.raises(BadText):
        describe_trace(actor=shop.owner, product=product, facts={"lot_number": "x" * 61}, now=NOW)
    with pytest.raises(KeyError):
        describe_trace(actor=shop.owner, product=product, facts={"name": "Khác"}, now=NOW)

    assert set(kept().values()) == {""}
    assert not JournalEvent.objects.filter(kind="product.traced").exists()


def test_the_limits_are_those_of_the_columns() -> None:
    assert {name: Product._meta.get_field(name).max_length for name in TRACE_CHARACTERS_MAX} == TRACE_CHARACTERS_MAX
