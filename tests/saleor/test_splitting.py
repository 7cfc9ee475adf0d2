"""A sale of a Saleor falls on its vendors to the đồng."""

from __future__ import annotations

import random

import pytest

from marketplace.saleor.mapping import our_variants
from marketplace.saleor.models import Installation
from marketplace.saleor.sources import language_of, sale_of
from marketplace.saleor.splitting import NothingToSell, NotOurGoods, split_by_vendor
from tests.saleor.gateway.telling import a_checkout, a_line, a_shop_at, an_installation, an_order, gid

pytestmark = pytest.mark.django_db


@pytest.fixture
def installed() -> Installation:
    return an_installation()


def test_whatever_saleor_takes_off_or_puts_on_the_shares_add_up(installed: Installation) -> None:
    # given three vendors, lines at prices of their own, and totals from a gift to a quarter of tax on top
    shops = [
        a_shop_at(installed, f"Gian hàng {price_vnd}", price_vnd=price_vnd) for price_vnd in (7_001, 60_000, 333)
    ]
    chance = random.Random(7)
    for _round in range(200):
        lines = [a_line(shop, chance.randint(1, 9)) for shop in shops for _line in range(chance.randint(1, 2))]
        goods_vnd = sum(int(line["totalPrice"]["gross"]["amount"]) for line in lines)
        shipping_vnd = chance.choice([0, 1, 20_000])
        total_vnd = chance.randint(1, (goods_vnd + shipping_vnd) * 5 // 4)
        sale = sale_of(a_checkout(*lines, total_vnd=total_vnd, shipping_vnd=shipping_vnd))

        parts = split_by_vendor(sale, our_variants(installed, {line.variant_id for line in sale.lines}))

        assert sum(part.total_vnd for part in parts) == total_vnd
        for part in parts:
            assert part.shipping_vnd >= 0
            assert all(line.total_vnd >= 0 and line.discount_vnd >= 0 for line in part.lines)


def test_a_vendor_whose_goods_are_a_gift_is_paid_nothing(installed: Installation) -> None:
    shop, giver = a_shop_at(installed), a_shop_at(installed, "Quà tặng")
    sale = sale_of(a_checkout(a_line(shop), a_line(giver, total_vnd=0)))

    parts = split_by_vendor(sale, our_variants(installed, {line.variant_id for line in sale.lines}))

    assert [(part.vendor.name, part.total_vnd) for part in parts] == [(shop.vendor.name, 60_000)]


def test_the_delivery_alone_is_the_first_vendors(installed: Installation) -> None:
    shop, other = a_shop_at(installed), a_shop_at(installed, "Gian hàng khác")
    sale = sale_of(a_checkout(a_line(shop, total_vnd=0), a_line(other, total_vnd=0), shipping_vnd=15_000))

    [part] = split_by_vendor(sale, our_variants(installed, {line.variant_id for line in sale.lines}))

    assert (part.vendor, part.total_vnd, part.shipping_vnd) == (shop.vendor, 15_000, 15_000)


def test_amounts_that_do_not_fit_together_are_refused(installed: Installation) -> None:
    shop = a_shop_at(installed)
    sale = sale_of(a_checkout(a_line(shop, total_vnd=0), total_vnd=10_000))

    with pytest.raises(NothingToSell, match="không khớp"):
        split_by_vendor(sale, our_variants(installed, {line.variant_id for line in sale.lines}))


def test_a_sale_of_nothing_is_refused(installed: Installation) -> None:
    with pytest.raises(NothingToSell):
        split_by_vendor(sale_of(a_checkout()), {})


def test_a_line_whose_variant_is_gone_is_nobodys(installed: Installation) -> None:
    order = an_order(a_line(a_shop_at(installed)))
    order["orderLines"][0]["variant"] = None

    with pytest.raises(NotOurGoods) as refused:
        split_by_vendor(sale_of(order), {})

    assert refused.value.subjects == (order["orderLines"][0]["id"],)


def test_a_variant_that_saleor_calls_by_its_id_has_no_name(installed: Installation) -> None:
    line = a_line(a_shop_at(installed))
    line["variant"]["name"] = line["variant"]["id"]

    assert sale_of(a_checkout(line)).lines[0].variant_name == ""


def test_an_order_knows_the_checkout_that_it_was(installed: Installation) -> None:
    order = an_order(checkout_id=gid("Checkout", "c"), order_id=gid("Order", "o"))

    assert sale_of(order).ids == (gid("Order", "o"), gid("Checkout", "c"))


@pytest.mark.parametrize(("code", "ours"), [("VI", "vi"), ("EN_US", "en"), ("en", "en"), ("FR", "vi"), (None, "vi")])
def test_buyers_are_spoken_to_in_a_language_of_ours(code: str | None, ours: str) -> None:
    assert language_of(code) == ours
