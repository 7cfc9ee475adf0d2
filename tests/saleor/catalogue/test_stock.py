"""One shelf, two tills: a sale at a Saleor lowers ours, a sale here lowers theirs, and one sold twice is told."""

from __future__ import annotations

from typing import Any

import pytest

from catalog import services
from catalog.models import ListingElsewhere, Product, ProductVariant, StockMovement
from catalog.selectors import available_quantity
from marketplace.core import journal
from marketplace.saleor.catalogue.due import follow_goods, look_over_stock, mark_all_stock
from marketplace.saleor.events import ASYNC_EVENTS
from marketplace.saleor.models import Installation, SaleorObject, StockThere
from tests.catalog.factories import NOW, Shop, a_shop, on_sale
from tests.saleor.catalogue.shelf import Killed, dies_when_waiting, installed_into, pushed, sell, send, synced, there
from tests.saleor.played.saleor import PlayedSaleor, playing
from tests.saleor.played.server import lost_answer
from tests.saleor.played.world import Thing


@pytest.fixture(autouse=True)
def _followed() -> Any:
    """As in a process that began with a Saleor listed."""
    follow_goods()
    yield
    journal._subscriptions.pop("saleor-catalogue")


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


@pytest.fixture
def product(installation: Installation, shop: Shop) -> Product:
    """Ten pieces, here and there."""
    made = on_sale(shop, quantity=10)
    synced(installation)
    return made


@pytest.fixture
def variant(saleor: PlayedSaleor, product: Product) -> Thing:
    """What it is there."""
    return there(saleor, product.variants.get())


def free_here(product: Product) -> int:
    """What a new buyer can still get here."""
    own = product.variants.get()
    return available_quantity([own.pk])[own.pk]


def free_there(variant: Thing) -> int:
    """What a new buyer can still get at the Saleor."""
    [stock] = variant["stocks"]
    return int(stock["quantity"] - stock["quantityAllocated"])


def looked_after(installation: Installation) -> None:
    """Every variant is asked for, as every five minutes."""
    mark_all_stock(installation, now=NOW)
    pushed(installation)


def test_a_sale_there_lowers_ours_and_is_a_line_of_the_stock_book(
    installation: Installation, saleor: PlayedSaleor, product: Product, variant: Thing
) -> None:
    sell(variant, 3)
    looked_after(installation)

    assert (free_here(product), free_there(variant)) == (7, 7)
    line = StockMovement.objects.latest("pk")
    assert (line.kind, line.change, line.quantity_after, line.note) == ("elsewhere", -3, 7, saleor.world.domain)
    looked_after(installation)
    assert (free_here(product), free_there(variant)) == (7, 7)


def test_handing_over_there_changes_nothing_here(
    installation: Installation, product: Product, variant: Thing
) -> None:
    sell(variant, 3)
    looked_after(installation)
    send(variant, 2)
    looked_after(installation)

    assert (free_here(product), free_there(variant)) == (7, 7)
    assert variant["stocks"][0]["quantity"] == 8


def test_a_count_here_is_told_there_beside_what_saleor_promised(
    installation: Installation, shop: Shop, product: Product, variant: Thing
) -> None:
    sell(variant, 3)
    looked_after(installation)
    stock = product.variants.get().stocks.get()

    services.set_stock(
        actor=shop.owner, variant=product.variants.get(), warehouse=stock.warehouse, quantity=20, now=NOW
    )
    pushed(installation)

    assert (free_here(product), free_there(variant)) == (20, 20)
    assert variant["stocks"][0]["quantity"] == 23


def test_a_hold_for_a_checkout_is_found_without_an_event(
    installation: Installation, product: Product, variant: Thing
) -> None:
    product.variants.get().stocks.update(reserved=4)

    assert look_over_stock(installation, now=NOW) == 1
    pushed(installation)

    assert free_there(variant) == 6
    assert look_over_stock(installation, now=NOW) == 0


def test_a_cancelled_sale_comes_back(installation: Installation, product: Product, variant: Thing) -> None:
    sell(variant, 3)
    looked_after(installation)
    sell(variant, -3)
    looked_after(installation)

    assert (free_here(product), free_there(variant)) == (10, 10)
    assert StockMovement.objects.latest("pk").kind == "returned"


def test_staff_there_cannot_make_goods_by_counting_them(
    installation: Installation, product: Product, variant: Thing
) -> None:
    sell(variant, 3)
    looked_after(installation)
    variant["stocks"][0]["quantity"] += 50
    looked_after(installation)

    assert (free_here(product), free_there(variant)) == (7, 7)


def test_the_last_piece_sold_at_both_tills_is_told_to_its_shop_and_made_good_first(
    installation: Installation, shop: Shop, product: Product, variant: Thing
) -> None:
    own = product.variants.get()
    sell(variant, 10)
    services.set_stock(actor=shop.owner, variant=own, warehouse=own.stocks.get().warehouse, quantity=4, now=NOW)
    pushed(installation)

    assert (free_here(product), free_there(variant)) == (0, 0)
    assert StockThere.objects.get().short == 6
    assert ListingElsewhere.objects.get(product=product).problem == (
        "Hàng vừa bán bên Saleor nhưng ở đây đã hết: còn thiếu 6. Bạn gọi cho người mua và hoàn tiền phần thiếu nhé."
    )

    sell(variant, -7)
    looked_after(installation)
    assert (free_here(product), StockThere.objects.get().short) == (1, 0)
    assert ListingElsewhere.objects.get(product=product).problem == ""


def test_what_is_promised_here_is_never_taken_for_a_sale_there(
    installation: Installation, product: Product, variant: Thing
) -> None:
    product.variants.get().stocks.update(allocated=8)
    sell(variant, 5)
    looked_after(installation)

    stock = product.variants.get().stocks.get()
    assert (stock.quantity, stock.allocated) == (8, 8)
    assert StockThere.objects.get().short == 3


def test_a_lost_answer_to_our_own_word_is_no_sale(
    installation: Installation, saleor: PlayedSaleor, shop: Shop, product: Product, variant: Thing
) -> None:
    own = product.variants.get()
    services.set_stock(actor=shop.owner, variant=own, warehouse=own.stocks.get().warehouse, quantity=4, now=NOW)
    journal.drain(now=NOW)
    saleor.front.before_answer = lambda asked: (
        saleor.front.next_faults.append(lost_answer) if asked.operation == "CatalogueStocks" else None
    )
    with pytest.raises(Killed):
        synced(installation, wait=dies_when_waiting)
    saleor.front.before_answer = None
    assert StockThere.objects.get().asked_quantity == 4

    looked_after(installation)

    assert (free_here(product), free_there(variant)) == (4, 4)
    assert StockThere.objects.get().sold_there == 0


def test_control_without_the_written_word_a_lost_answer_would_be_taken_for_a_sale(
    installation: Installation,
    saleor: PlayedSaleor,
    shop: Shop,
    product: Product,
    variant: Thing,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("marketplace.saleor.catalogue.stock._write_intent", lambda *_: None)

    test_loses = pytest.raises(AssertionError)
    with test_loses:
        test_a_lost_answer_to_our_own_word_is_no_sale(installation, saleor, shop, product, variant)

    looked_after(installation)
    assert free_here(product) < 4


def test_a_sale_in_the_moment_of_telling_is_noticed_at_once(
    installation: Installation, saleor: PlayedSaleor, shop: Shop, product: Product, variant: Thing
) -> None:
    own = product.variants.get()
    services.set_stock(actor=shop.owner, variant=own, warehouse=own.stocks.get().warehouse, quantity=5, now=NOW)
    saleor.front.before_answer = lambda asked: (
        sell(variant, 2) if asked.operation == "CatalogueStocksChange" else None
    )
    journal.drain(now=NOW)
    saleor.front.asked.clear()

    pushed(installation)
    saleor.front.before_answer = None
    pushed(installation)

    assert (free_here(product), free_there(variant)) == (free_here(product), free_here(product))
    assert free_here(product) == 5 - variant["stocks"][0]["quantityAllocated"]


def test_goods_sent_there_in_the_moment_of_telling_are_not_offered_again(
    installation: Installation, saleor: PlayedSaleor, shop: Shop, product: Product, variant: Thing
) -> None:
    sell(variant, 4)
    looked_after(installation)
    own = product.variants.get()
    services.set_stock(actor=shop.owner, variant=own, warehouse=own.stocks.get().warehouse, quantity=5, now=NOW)
    sent: list[int] = []

    def send_once(asked: Any) -> None:
        if asked.operation == "CatalogueStocksChange" and not sent:
            sent.append(4)
            send(variant, 4)

    saleor.front.before_answer = send_once
    pushed(installation)

    assert (free_here(product), free_there(variant)) == (5, 5)


def test_two_saleors_share_one_shelf(
    installation: Installation, saleor: PlayedSaleor, shop: Shop, product: Product, variant: Thing, settings: Any
) -> None:
    with playing() as second:
        settings.SALEOR_API_URLS = [saleor.api_url, second.api_url]
        other = installed_into(second)
        synced(other)
        there_too = there(second, product.variants.get())
        assert free_there(there_too) == 10

        sell(variant, 4)
        looked_after(installation)
        pushed(other)

        assert (free_here(product), free_there(variant), free_there(there_too)) == (6, 6, 6)


@pytest.mark.parametrize(
    "event",
    ["product_variant_stock_updated", "product_variant_out_of_stock", "product_variant_back_in_stock"],
)
def test_each_event_of_stock_has_the_variant_asked_for(
    installation: Installation, saleor: PlayedSaleor, product: Product, variant: Thing, event: str
) -> None:
    ASYNC_EVENTS[event](installation, {"productVariant": {"id": variant["id"]}}, NOW)
    ASYNC_EVENTS[event](installation, {"productVariant": {"id": "không của ta"}}, NOW)

    own = SaleorObject.objects.get(due_at__isnull=False)
    assert (own.kind, own.our_id) == ("variant", str(ProductVariant.objects.get().pk))
