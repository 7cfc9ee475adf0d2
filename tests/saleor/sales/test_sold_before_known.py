"""Goods of ours that a Saleor sells before our mapping knows them: a sync died before it wrote down what it made."""

from __future__ import annotations

import uuid

import pytest

from marketplace.saleor.catalogue.references import reference
from marketplace.saleor.models import Installation, SaleorObject, SaleorSale
from tests.payments.factories import Shop
from tests.saleor.sales.conftest import charged, hear, orders
from tests.saleor.sales.standin import StandIn, gid, line


def test_goods_that_are_called_by_our_market_there_are_ours_before_the_mapping_says_so(
    installation: Installation, saleor: StandIn, shop: Shop, other_shop: Shop, sold: str
) -> None:
    there = saleor.order(line(sold, unit_vnd=60_000), line(gid("ProductVariant"), unit_vnd=45_000))
    there["lines"][1]["variant"]["externalReference"] = reference(
        installation.market, "variant", other_shop.variant.pk
    )
    saleor.event(there, "CHARGE_SUCCESS", 105_000)

    hear(installation, there)

    assert [order.vendor for order in orders()] == [shop.vendor, other_shop.vendor]
    assert charged() == [(60_000, "full", "unfulfilled"), (45_000, "full", "unfulfilled")]
    sale = SaleorSale.objects.get()
    assert (sale.has_others, sale.others_vnd, sale.problem) == (False, 0, "")
    # what a thing is there stays the catalogue's to write down
    assert not SaleorObject.objects.filter(our_id=str(other_shop.variant.pk)).exists()


@pytest.mark.parametrize("told", ["another market's", "a product's", "nobody's", "no goods of ours"])
def test_goods_that_are_called_otherwise_are_not_ours(
    told: str, installation: Installation, saleor: StandIn, shop: Shop
) -> None:
    there = saleor.order(line(gid("ProductVariant"), unit_vnd=60_000))
    there["lines"][0]["variant"]["externalReference"] = {
        "another market's": reference(uuid.uuid4(), "variant", shop.variant.pk),
        "a product's": reference(installation.market, "product", shop.variant.pk),
        "nobody's": str(shop.variant.pk),
        "no goods of ours": reference(installation.market, "variant", shop.variant.pk + 1_000),
    }[told]

    hear(installation, there)

    assert orders() == []
    assert not SaleorSale.objects.exists()
