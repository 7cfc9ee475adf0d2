"""Which goods at a Saleor are ours: those that carry our market's number, and that this database knows."""

from __future__ import annotations

import uuid

import pytest

from marketplace.orders.models import Order
from marketplace.saleor.catalogue import making
from marketplace.saleor.catalogue.due import mark_all_stock
from marketplace.saleor.models import Installation, SaleorObject, SaleorSale
from marketplace.saleor.tasks import catch_up_orders, fetch_wanted
from tests.catalog.factories import NOW, a_shop, on_sale
from tests.saleor.catalogue.shelf import Killed, pushed, synced, there
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.world import Thing


def calls_it_by(market: uuid.UUID, thing: Thing, word: str, number: int) -> None:
    """The external reference of a thing there becomes that of this market's product or variant of this number."""
    thing["externalReference"] = f"market40:{market.hex}:{word}:{number}"


def test_what_another_market_left_there_under_the_same_numbers_is_not_ours(
    installation: Installation, saleor: PlayedSaleor
) -> None:
    product = on_sale(a_shop())
    synced(installation)
    theirs, variant, other = there(saleor, product), product.variants.get(), uuid.uuid4()
    their_variant = there(saleor, variant)
    their_variant["sku"] = "X1"
    calls_it_by(other, their_variant, "variant", variant.pk)
    calls_it_by(other, theirs, "product", product.pk)
    theirs |= {"slug": "cua-cho-khac", "name": "Của chợ khác"}
    SaleorObject.objects.filter(kind__in=("product", "variant")).delete()

    done = synced(installation)

    assert (done.made, done.refused) == (1, 0)
    assert theirs["name"] == "Của chợ khác"
    assert there(saleor, product)["name"] == product.name


@pytest.mark.parametrize("number", ["", "x", "-1", "1 ", "\u0661", "9" * 30])
def test_a_reference_that_staff_there_wrote_otherwise_stops_nothing(
    installation: Installation, saleor: PlayedSaleor, number: str
) -> None:
    product = on_sale(a_shop())
    synced(installation)
    odd = there(saleor, product)
    odd["externalReference"] = f"market40:{installation.market.hex}:product:{number}"
    another = on_sale(a_shop("Hộ Nếnh", commune="07795"), "Bánh đa")

    done = synced(installation)

    assert (done.made, done.refused) == (1, 0)
    assert there(saleor, another)["name"] == "Bánh đa"


def test_what_a_database_that_was_put_back_does_not_know_is_left_alone(
    installation: Installation, saleor: PlayedSaleor
) -> None:
    product = on_sale(a_shop())
    synced(installation)
    later, later_variant = there(saleor, product), there(saleor, product.variants.get())
    calls_it_by(installation.market, later, "product", product.pk + 1)
    calls_it_by(installation.market, later_variant, "variant", product.variants.get().pk + 1)
    later |= {"slug": "lam-sau-ban-sao", "name": "Làm sau bản sao"}
    later_variant["sku"] = "sau"
    SaleorObject.objects.filter(kind__in=("product", "variant")).delete()

    done = synced(installation)
    mark_all_stock(installation, now=NOW)
    pushed(installation)

    assert (done.made, done.refused, later["name"]) == (1, 0, "Làm sau bản sao")
    assert set(SaleorObject.objects.filter(kind="product").values_list("our_id", flat=True)) == {str(product.pk)}
    assert not SaleorObject.objects.filter(due_at__isnull=False).exists()


def test_what_was_sold_there_before_a_sync_that_died_knew_its_goods_is_the_shops_order(
    installation: Installation, saleor: PlayedSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given that Saleor made the goods, and the process that asked for them died before it wrote that down
    shop = a_shop()
    variant = on_sale(shop).variants.get()

    def dies(_installation: Installation, told: list[Thing]) -> None:
        if told:
            raise Killed

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(making, "keep_found", dies)
        with pytest.raises(Killed):
            synced(installation)
    assert not SaleorObject.objects.filter(kind="variant").exists()

    # when they are sold there meanwhile
    saleor.make_order((there(saleor, variant), 1), is_paid_otherwise=True)
    saleor.deliver()
    fetch_wanted(saleor.world.now)

    # then they are the shop's order, which the sync that goes on changes nothing about
    order = Order.objects.get()
    assert (order.vendor, order.charge_status, SaleorSale.objects.get().problem) == (shop.vendor, "full", "")
    synced(installation)
    catch_up_orders(saleor.world.now)
    fetch_wanted(saleor.world.now)
    assert Order.objects.get() == order
