"""Orders of a played Saleor: made of checkouts, counted as money comes, cancelled, and told of."""

from __future__ import annotations

from typing import Any

from tests.saleor.played.checkouts import authorize_status, charge_status
from tests.saleor.played.items import add_event, new_transaction
from tests.saleor.played.registry import Asking, Refusal, guarded, mutation, worked_out
from tests.saleor.played.sums import AMOUNTS, sums_of
from tests.saleor.played.world import Thing, World, key_of

PAYMENT_READERS = ("MANAGE_ORDERS", "HANDLE_PAYMENTS")
PAID = ("FULL", "OVERCHARGED")


class CheckoutNotFullyPaid(Exception):
    """The checkout cannot be completed yet."""


def complete(world: World, checkout: Thing) -> Thing:
    """Make an order of a checkout that is paid, or the one that was made of it.

    Raises `CheckoutNotFullyPaid` unless its channel allows unpaid orders.
    """
    made_before = world.first("Order", checkoutId=checkout["id"])
    if made_before is not None:
        return made_before
    is_allowed = checkout["channel"]["orderSettings"]["allowUnpaidOrders"]
    if checkout["authorizeStatus"] != "FULL" and not is_allowed:
        raise CheckoutNotFullyPaid("The authorized amount doesn't cover the checkout's total amount.")
    order = _made(world, checkout)
    for transaction in checkout["transactions"]:
        transaction["order"], transaction["checkout"] = order, None
    order["transactions"] = checkout["transactions"]
    world.remove(checkout)
    count_order(order)
    order["channel"]["hasOrders"] = True
    world.tell("ORDER_CREATED", order=order)
    if order["chargeStatus"] in PAID:
        for event in ("ORDER_PAID", "ORDER_FULLY_PAID", "ORDER_UPDATED"):
            world.tell(event, order=order)
    if order["status"] == "UNFULFILLED":
        world.tell("ORDER_CONFIRMED", order=order)
    return order


def count_order(order: Thing) -> None:
    """Say anew what it was paid and how far that covers it, less what was granted back."""
    granted = sum(one["amount"] for one in order["grantedRefunds"])
    total = max(order["total"] - granted, 0)
    order["totalCharged"] = sum(one["chargedAmount"] for one in order["transactions"])
    order["totalAuthorized"] = sum(one["authorizedAmount"] for one in order["transactions"])
    order["chargeStatus"] = charge_status(order["totalCharged"], total, is_order=True)
    order["authorizeStatus"] = authorize_status(order["totalAuthorized"] + order["totalCharged"], total)
    order["isPaid"] = order["chargeStatus"] in PAID


def money_moved(world: World, order: Thing, transaction: Thing, before: dict[str, int]) -> None:
    """The sums of a transaction changed: count the order anew and tell of it, as Saleor does."""
    count_order(order)
    touch(world, order)
    is_updated = transaction["authorizedAmount"] != before["authorizedAmount"]
    if transaction["chargedAmount"] > before["chargedAmount"]:
        world.tell("ORDER_PAID", order=order)
        if order["chargeStatus"] in PAID:
            world.tell("ORDER_FULLY_PAID", order=order)
        is_updated = True
    elif transaction["chargedAmount"] != before["chargedAmount"]:
        is_updated = True
    if transaction["refundedAmount"] > before["refundedAmount"]:
        world.tell("ORDER_REFUNDED", order=order)
        if sum(one["refundedAmount"] for one in order["transactions"]) >= order["total"]:
            world.tell("ORDER_FULLY_REFUNDED", order=order)
        is_updated = True
    if is_updated:
        world.tell("ORDER_UPDATED", order=order)


def touch(world: World, order: Thing) -> None:
    """It changed just now."""
    order["updatedAt"] = world.moment()


def cancel(world: World, order: Thing) -> None:
    """Staff cancels it. Raises `Refusal` where something of it was handed over, or it is cancelled already."""
    if order["status"] == "CANCELED" or any(one["status"] == "FULFILLED" for one in order["fulfillments"]):
        raise Refusal("order", "CANNOT_CANCEL_ORDER", "This order can't be canceled.")
    order["status"] = "CANCELED"
    for line in order["lines"]:
        take_out(line, line["quantity"], is_sent=False)
    touch(world, order)
    world.tell("ORDER_CANCELLED", order=order)
    world.tell("ORDER_UPDATED", order=order)


def expire(world: World, order: Thing) -> None:
    """Its channel's time for unpaid orders is over."""
    order["status"] = "EXPIRED"
    touch(world, order)
    world.tell("ORDER_EXPIRED", order=order)
    world.tell("ORDER_UPDATED", order=order)


def mark_as_paid(world: World, order: Thing, reference: str = "") -> Thing:
    """Staff says that it was paid otherwise: a transaction of nobody's App, charged at once."""
    transaction = new_transaction(world, order, owner=None, name="Manual payment", pspReference=reference)
    before = {name: transaction[name] for name in AMOUNTS}
    message = "Manual adjustment of the transaction."
    add_event(world, transaction, "CHARGE_SUCCESS", order["total"], message=message)
    transaction.update(sums_of(transaction["events"]))
    money_moved(world, order, transaction, before)
    return transaction


def _made(world: World, checkout: Thing) -> Thing:
    is_confirmed = checkout["channel"]["orderSettings"]["automaticallyConfirmAllNewOrders"]
    order = world.add(
        "Order",
        number=str(len(world.kinds["Order"]) + 1),
        checkoutId=checkout["id"],
        created=world.moment(),
        updatedAt=world.moment(),
        status="UNFULFILLED" if is_confirmed else "UNCONFIRMED",
        origin="CHECKOUT",
        channel=checkout["channel"],
        userEmail=checkout["email"],
        user=None,
        languageCode="vi",
        languageCodeEnum=checkout["languageCode"],
        billingAddress=checkout["billingAddress"],
        shippingAddress=checkout["shippingAddress"],
        shippingMethod=checkout["shippingMethod"],
        deliveryMethod=checkout["deliveryMethod"],
        shippingMethodName=(checkout["shippingMethod"] or {}).get("name"),
        collectionPointName=None,
        shippingPrice=checkout["shippingPrice"],
        undiscountedShippingPrice=checkout["shippingPrice"],
        subtotal=checkout["subtotalPrice"],
        total=checkout["totalPrice"],
        undiscountedTotal=checkout["totalPrice"] + checkout["discount"],
        discount=checkout["discount"],
        discounts=[],
        voucherCode=checkout["voucherCode"],
        customerNote=checkout["customerNote"],
        giftCards=[],
        trackingClientId="",
        externalReference=None,
        events=[],
        fulfillments=[],
        grantedRefunds=[],
        transactions=[],
        payments=[],
        invoices=[],
        lines=[_line(world, one) for one in checkout["lines"]],
        metadata=dict(checkout["metadata"]),
        taxExemption=False,
        displayGrossPrices=True,
        isShippingRequired=checkout["isShippingRequired"],
        redirectUrl=None,
    )
    order["token"] = key_of(order["id"])
    return order


def _allocated(world: World, variant: Thing, quantity: int) -> list[Thing]:
    """Goods set aside for an order line, all from the variant's first warehouse."""
    if not variant["stocks"]:
        return []
    stock = variant["stocks"][0]
    stock["quantityAllocated"] += quantity
    return [world.add("Allocation", quantity=quantity, warehouse=stock["warehouse"], stock=stock)]


def take_out(line: Thing, quantity: int, *, is_sent: bool) -> None:
    """Goods set aside for a line are sent, or free again."""
    for allocation in line["allocations"]:
        taken = min(quantity, allocation["quantity"])
        allocation["quantity"] -= taken
        allocation["stock"]["quantityAllocated"] -= taken
        allocation["stock"]["quantity"] -= taken if is_sent else 0


def _line(world: World, line: Thing) -> Thing:
    variant, quantity = line["variant"], line["quantity"]
    product = variant["product"]
    return world.add(
        "OrderLine",
        variant=variant,
        productVariantId=variant["id"],
        productName=product["name"],
        variantName=variant["name"],
        translatedProductName="",
        translatedVariantName="",
        productSku=variant["sku"],
        quantity=quantity,
        quantityFulfilled=0,
        quantityToFulfill=quantity,
        unitPrice=line["unitPrice"],
        undiscountedUnitPrice=line["undiscountedUnitPrice"],
        unitDiscount=line["undiscountedUnitPrice"] - line["unitPrice"],
        unitDiscountValue=0,
        totalPrice=line["totalPrice"],
        undiscountedTotalPrice=line["undiscountedTotalPrice"],
        isShippingRequired=True,
        isGift=False,
        taxRate=0.0,
        allocations=_allocated(world, variant, quantity),
        metadata=dict(line["metadata"]),
    )


@mutation("orderCancel", "MANAGE_ORDERS")
def _order_cancel(asking: Asking, id: str) -> dict[str, Any]:
    order = asking.world.find(id, "Order")
    if order is None:
        raise Refusal("id", "NOT_FOUND", f"Couldn't resolve to a node: {id}")
    cancel(asking.world, order)
    return {"order": order}


def _sum_of(amount: str) -> Any:
    return lambda _asking, order: sum(one[amount] for one in order["transactions"])


for _name, _amount in {
    "totalRefunded": "refundedAmount",
    "totalRefundPending": "refundPendingAmount",
    "totalChargePending": "chargePendingAmount",
    "totalAuthorizePending": "authorizePendingAmount",
    "totalCancelPending": "cancelPendingAmount",
    "totalCanceled": "canceledAmount",
}.items():
    worked_out("Order", _name)(_sum_of(_amount))


@worked_out("Order", "totalCaptured")
def _total_captured(_asking: Asking, order: Thing) -> int:
    return int(order["totalCharged"])


@worked_out("Order", "totalGrantedRefund")
def _total_granted(_asking: Asking, order: Thing) -> int:
    return sum(one["amount"] for one in order["grantedRefunds"])


@worked_out("Order", "totalBalance")
def _total_balance(_asking: Asking, order: Thing) -> int:
    pending = sum(one["chargePendingAmount"] for one in order["transactions"])
    granted = sum(one["amount"] for one in order["grantedRefunds"])
    return int(order["totalCharged"]) + pending - (int(order["total"]) - granted)


@worked_out("Order", "paymentStatus")
def _payment_status(_asking: Asking, order: Thing) -> str:
    return "FULLY_CHARGED" if order["isPaid"] else "NOT_CHARGED"


@worked_out("Order", "statusDisplay", "paymentStatusDisplay")
def _display(_asking: Asking, order: Thing) -> str:
    return str(order["status"]).capitalize()


guarded("Order", "transactions", needs=PAYMENT_READERS)
