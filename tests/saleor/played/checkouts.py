"""Checkouts of a played Saleor: made by the test, with prices as Saleor computes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.saleor.played.registry import Asking, guarded, query, worked_out
from tests.saleor.played.shop import make_address
from tests.saleor.played.world import Thing, World, key_of

Lines = Sequence[tuple[Thing, int]]
PAYMENT_READERS = ("MANAGE_CHECKOUTS", "HANDLE_PAYMENTS")
MONEY_ENDS = ("authorizedAmount", "authorizePendingAmount")


def make_checkout(
    world: World,
    lines: Lines,
    *,
    shipping_vnd: int = 0,
    discount_vnd: int = 0,
    channel: Thing | None = None,
    **fields: Any,
) -> Thing:
    """A checkout of variants and quantities.

    A discount on all goods lies in the totals of their lines, in proportion, the last of them taking what rounding
    left: so the lines and the shipping add up to the total exactly.
    """
    channel = channel or world.kinds["Channel"][0]
    undiscounted = [price_in(variant, channel) * quantity for variant, quantity in lines]
    totals = _discounted(undiscounted, discount_vnd)
    made = world.add(
        "Checkout",
        channel=channel,
        created=world.moment(),
        updatedAt=world.moment(),
        lastChange=world.moment(),
        **_plain(),
        billingAddress=make_address(world),
        shippingAddress=make_address(world),
        voucherCode="GIAM" if discount_vnd else None,
        discount=discount_vnd,
        quantity=sum(quantity for _variant, quantity in lines),
        lines=[
            _line(world, variant, quantity, channel, total)
            for (variant, quantity), total in zip(lines, totals, strict=True)
        ],
        shippingPrice=shipping_vnd,
        subtotalPrice=sum(totals),
        totalPrice=sum(totals) + shipping_vnd,
    )
    made["token"] = key_of(made["id"])
    if shipping_vnd:
        made["shippingMethod"] = made["deliveryMethod"] = make_shipping_method(world, shipping_vnd)
    made.update(fields)
    world.tell("CHECKOUT_CREATED", checkout=made)
    return made


def _plain() -> Thing:
    """What every new checkout has."""
    return {
        "email": "thu@example.vn",
        "languageCode": "VI",
        "customerNote": "",
        "discountName": None,
        "giftCards": [],
        "isShippingRequired": True,
        "shippingMethod": None,
        "deliveryMethod": None,
        "taxExemption": False,
        "displayGrossPrices": True,
        "transactions": [],
        "authorizeStatus": "NONE",
        "chargeStatus": "NONE",
    }


def make_shipping_method(world: World, price_vnd: int, name: str = "Xe ôm") -> Thing:
    """A way to send goods at a price."""
    return world.add(
        "ShippingMethod", name=name, price=price_vnd, active=True, type="PRICE", description=None, message=""
    )


def price_in(variant: Thing, channel: Thing) -> int:
    """What one costs in a channel, in đồng."""
    for listing in variant["channelListings"]:
        if listing["channel"] is channel and listing["price"] is not None:
            price: int = listing["price"]
            return price
    raise AssertionError(f"{variant['name']} has no price in {channel['slug']}")


def change_checkout(world: World, checkout: Thing, lines: Lines, *, shipping_vnd: int = 0) -> None:
    """The buyer changes what is in the checkout: other lines, another total."""
    channel = checkout["channel"]
    checkout["lines"] = [
        _line(world, variant, quantity, channel, price_in(variant, channel) * quantity) for variant, quantity in lines
    ]
    checkout["subtotalPrice"] = sum(one["totalPrice"] for one in checkout["lines"])
    checkout["shippingPrice"] = shipping_vnd
    checkout["totalPrice"] = checkout["subtotalPrice"] + shipping_vnd
    checkout["quantity"] = sum(quantity for _variant, quantity in lines)
    checkout["updatedAt"] = checkout["lastChange"] = world.moment()
    count_checkout(world, checkout)
    world.tell("CHECKOUT_UPDATED", checkout=checkout)


def count_checkout(world: World, checkout: Thing) -> None:
    """Say anew how far it is paid; pending money counts, as in Saleor."""
    before = checkout["chargeStatus"]
    charged = sum(one["chargedAmount"] + one["chargePendingAmount"] for one in checkout["transactions"])
    authorized = sum(one[name] for one in checkout["transactions"] for name in MONEY_ENDS)
    checkout["chargeStatus"] = charge_status(max(charged, 0), checkout["totalPrice"], is_order=False)
    checkout["authorizeStatus"] = authorize_status(authorized + charged, checkout["totalPrice"])
    if checkout["chargeStatus"] != before and checkout["chargeStatus"] in ("FULL", "OVERCHARGED"):
        world.tell("CHECKOUT_FULLY_PAID", checkout=checkout)


def charge_status(charged: int, total: int, *, is_order: bool) -> str:
    """NONE, PARTIAL, FULL or OVERCHARGED. An order over nothing is FULL."""
    if charged == total and (charged > 0 or is_order or total == 0):
        return "FULL"
    if charged <= 0:
        return "NONE"
    return "PARTIAL" if charged < total else "OVERCHARGED"


def authorize_status(covered: int, total: int) -> str:
    """NONE, PARTIAL or FULL."""
    if covered == 0:
        return "FULL" if total == 0 else "NONE"
    return "FULL" if covered >= total else "PARTIAL"


def _discounted(undiscounted: list[int], discount: int) -> list[int]:
    whole = sum(undiscounted)
    assert discount <= whole
    shares = [discount * one // whole if whole else 0 for one in undiscounted]
    if shares:
        shares[-1] += discount - sum(shares)
    return [one - share for one, share in zip(undiscounted, shares, strict=True)]


def _line(world: World, variant: Thing, quantity: int, channel: Thing, total: int) -> Thing:
    price = price_in(variant, channel)
    return world.add(
        "CheckoutLine",
        variant=variant,
        quantity=quantity,
        unitPrice=total // quantity,
        undiscountedUnitPrice=price,
        totalPrice=total,
        undiscountedTotalPrice=price * quantity,
        requiresShipping=True,
        isGift=False,
    )


@query("checkout")
def _checkout(asking: Asking, id: str | None = None, token: str | None = None) -> Thing | None:
    if token is not None:
        return asking.world.first("Checkout", token=token)
    return asking.world.find(id, "Checkout")


@query("checkouts", "MANAGE_CHECKOUTS", "HANDLE_PAYMENTS")
def _checkouts(asking: Asking, **_paging: Any) -> list[Thing]:
    return list(asking.world.kinds["Checkout"])


@worked_out("Checkout", "totalBalance")
def _balance(_asking: Asking, checkout: Thing) -> int:
    charged: int = sum(one["chargedAmount"] for one in checkout["transactions"])
    return charged - int(checkout["totalPrice"])


guarded("Checkout", "transactions", needs=PAYMENT_READERS)
