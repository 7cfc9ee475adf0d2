"""The market inside a running Saleor, from the installation to the last refund, in this order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from tests.live.market_beside import MarketBeside
from tests.live.real_saleor import RealSaleor, until

pytestmark = pytest.mark.live

Record = list[str]


@dataclass(frozen=True)
class Asked:
    """A checkout there whose codes are shown: its total in đồng, its transaction, our data."""

    checkout: str
    total_vnd: int
    transaction: str
    data: dict[str, Any]


@pytest.fixture(scope="session")
def goods(saleor: RealSaleor, market: MarketBeside, record: Record) -> list[dict[str, Any]]:
    """Installed and synced: a thing there of a shop whose owner may sign in, and one of another shop."""
    told = market.run("saleor", "install", saleor.api_url, "--as-staff", given=saleor.token() + "\n")
    record.append(f"$ market saleor install {saleor.api_url} --as-staff\n{told}")
    told = market.run("saleor", "sync", saleor.api_url)
    record.append(f"$ market saleor sync\n{told}")
    shops = market.shops()
    sold = saleor.goods()
    own = next(one for one in sold if one["shop"] in shops)
    other = next(one for one in sold if one["shop"] != own["shop"])
    return [{**own, **shops[own["shop"]]}, other]


def asked(saleor: RealSaleor, *lines: tuple[dict[str, Any], int]) -> Asked:
    """A checkout with these goods, and its codes."""
    checkout = saleor.checkout([{"id": one["id"], "quantity": quantity} for one, quantity in lines])
    total_vnd = round(checkout["totalPrice"]["gross"]["amount"])
    answer = saleor.initialize(checkout["id"])
    assert answer["transactionEvent"]["type"] == "CHARGE_ACTION_REQUIRED", answer
    return Asked(checkout["id"], total_vnd, answer["transaction"]["id"], answer["data"])


def charged(saleor: RealSaleor, sale: Asked, amount_vnd: int) -> dict[str, Any]:
    """The transaction, once Saleor counts exactly this charge."""
    return until(
        lambda: saleor.transaction(sale.transaction),
        is_so=lambda seen: round(seen["chargedAmount"]["amount"]) == amount_vnd,
        what=f"charged {amount_vnd}",
    )


def events(transaction: dict[str, Any]) -> str:
    """What happened in a transaction, in one line."""
    return "; ".join(f"{one['type']} {round(one['amount']['amount'])}" for one in transaction["events"])


def test_a_checkout_is_paid_by_vietqr_and_the_communes_figure_grows_by_the_same_dong(
    saleor: RealSaleor, market: MarketBeside, goods: list[dict[str, Any]], record: Record
) -> None:
    [thing, _other] = goods
    before = market.confirmed_vnd(thing["commune"])
    sale = asked(saleor, (thing, 2))
    assert (sale.data["amount"], sale.data["type"]) == (sale.total_vnd, "vietqr")

    market.pay(sale.data["reference"])
    transaction = charged(saleor, sale, sale.total_vnd)
    order = saleor.complete(sale.checkout)

    assert (order["chargeStatus"], round(order["totalCharged"]["amount"])) == ("FULL", sale.total_vnd)
    after = until(
        lambda: market.confirmed_vnd(thing["commune"]),
        is_so=lambda seen: seen >= before + sale.total_vnd,
        what="the commune's figure",
    )
    assert after - before == sale.total_vnd
    record.append(
        f"full: order {order['number']} {order['chargeStatus']} {sale.total_vnd} đ; {events(transaction)}; "
        f"confirmed in commune {thing['commune']} {before} -> {after}"
    )


def test_two_transfers_make_a_partial_and_then_a_full_charge(
    saleor: RealSaleor, market: MarketBeside, goods: list[dict[str, Any]], record: Record
) -> None:
    sale = asked(saleor, (goods[0], 1))

    market.pay(sale.data["reference"], amount_vnd=1_000)
    charged(saleor, sale, 1_000)
    partly = saleor.charge_status(sale.checkout)
    market.pay(sale.data["reference"])
    transaction = charged(saleor, sale, sale.total_vnd)
    order = saleor.complete(sale.checkout)

    assert (partly, order["chargeStatus"]) == ("PARTIAL", "FULL")
    record.append(f"partial: {partly}, then order {order['number']} {order['chargeStatus']}; {events(transaction)}")


def test_too_much_is_an_overcharge(
    saleor: RealSaleor, market: MarketBeside, goods: list[dict[str, Any]], record: Record
) -> None:
    sale = asked(saleor, (goods[0], 1))

    market.pay(sale.data["reference"], amount_vnd=sale.total_vnd + 5_000)
    transaction = charged(saleor, sale, sale.total_vnd + 5_000)
    order = saleor.complete(sale.checkout)

    assert order["chargeStatus"] == "OVERCHARGED"
    record.append(f"over: order {order['number']} {order['chargeStatus']}; {events(transaction)}")


def test_a_refund_that_staff_asks_for_is_reported_once_the_shop_gave_it_back(
    saleor: RealSaleor, market: MarketBeside, goods: list[dict[str, Any]], record: Record
) -> None:
    sale = asked(saleor, (goods[0], 1))
    market.pay(sale.data["reference"])
    charged(saleor, sale, sale.total_vnd)
    order = saleor.complete(sale.checkout)

    saleor.request(sale.transaction, "REFUND", amount_vnd=2_000)
    owner = market.token_of(role="owner", vendor=goods[0]["slug"])
    promise = until(
        lambda: waiting_promises(market, owner), is_so=lambda seen: len(seen) == 1, what="the shop's promise"
    )
    market.ask(
        "mutation($id: ID!) { orderGrantedRefundSettle(id: $id, method: VENDOR) { errors { message } } }",
        {"id": promise[0]["id"]},
        token=owner,
    )
    transaction = until(
        lambda: saleor.transaction(sale.transaction),
        is_so=lambda seen: round(seen["refundedAmount"]["amount"]) == 2_000,
        what="refunded 2,000",
    )

    assert round(transaction["refundPendingAmount"]["amount"]) == 0
    assert round(transaction["chargedAmount"]["amount"]) == sale.total_vnd - 2_000
    record.append(f"refund: order {order['number']}; {events(transaction)}")


def waiting_promises(market: MarketBeside, owner: str) -> list[dict[str, Any]]:
    """Refunds that the shop promised and has not given back."""
    seen = market.ask(
        "{ orders(first: 10) { edges { node { grantedRefunds { id amount { amount } status } } } } }", token=owner
    )
    promises = [one for edge in seen["orders"]["edges"] for one in edge["node"]["grantedRefunds"]]
    return [one for one in promises if one["status"] in {"NONE", "PENDING"} and one["amount"]["amount"] == 2_000]


def test_a_cancelation_before_any_money_ends_the_codes(
    saleor: RealSaleor, market: MarketBeside, goods: list[dict[str, Any]], record: Record
) -> None:
    sale = asked(saleor, (goods[0], 1))

    saleor.request(sale.transaction, "CANCEL")
    transaction = until(
        lambda: saleor.transaction(sale.transaction),
        is_so=lambda seen: any(one["type"] == "CANCEL_SUCCESS" for one in seen["events"]),
        what="the cancelation",
    )

    assert round(transaction["chargedAmount"]["amount"]) == 0
    record.append(f"cancel: {events(transaction)}")


def test_a_checkout_over_two_shops_is_paid_by_two_codes(
    saleor: RealSaleor, market: MarketBeside, goods: list[dict[str, Any]], record: Record
) -> None:
    sale = asked(saleor, (goods[0], 1), (goods[1], 2))
    amounts = [code["amount"] for code in sale.data["codes"]]
    assert (len(amounts), sum(amounts)) == (2, sale.total_vnd)

    for code in sale.data["codes"]:
        market.pay(code["reference"])
    transaction = charged(saleor, sale, sale.total_vnd)
    order = saleor.complete(sale.checkout)

    assert order["chargeStatus"] == "FULL"
    psp = {one["pspReference"] for one in transaction["events"] if one["type"] == "CHARGE_SUCCESS"}
    assert len(psp) == 2
    record.append(f"two shops: {amounts} of {sale.total_vnd}, order {order['number']} {order['chargeStatus']}")


def test_what_a_shop_hands_over_here_is_fulfilled_there(
    saleor: RealSaleor, market: MarketBeside, goods: list[dict[str, Any]], record: Record
) -> None:
    sale = asked(saleor, (goods[0], 1))
    market.pay(sale.data["reference"])
    charged(saleor, sale, sale.total_vnd)
    order = saleor.complete(sale.checkout)
    owner = market.token_of(role="owner", vendor=goods[0]["slug"])
    own = until(
        lambda: market.ask(
            "{ orders(first: 1) { edges { node { id status lines { id quantity } } } } }", token=owner
        )["orders"]["edges"][0]["node"],
        is_so=lambda seen: seen["status"] == "UNFULFILLED",
        what="the shop's order",
    )

    # Given to the Saleor's order first: a hand-over is told there by its lines.
    until(lambda: market.run("saleor", "reconcile"), is_so=lambda seen: "clean" in seen, what="all is linked")
    places = market.ask("{ warehouses(first: 1) { edges { node { id } } } }", token=owner)["warehouses"]["edges"]
    place = places[0]["node"]["id"]
    lines = [
        {"orderLineId": line["id"], "stocks": [{"warehouse": place, "quantity": line["quantity"]}]}
        for line in own["lines"]
    ]
    market.ask(
        "mutation($order: ID!, $input: OrderFulfillInput!) "
        "{ orderFulfill(order: $order, input: $input) { errors { message code } } }",
        {"order": own["id"], "input": {"lines": lines, "trackingNumber": "VTP123"}},
        token=owner,
    )
    fulfilled = until(
        lambda: saleor.order(order["id"]), is_so=lambda seen: seen["status"] == "FULFILLED", what="fulfilled there"
    )

    record.append(f"handed over here: order {fulfilled['number']} {fulfilled['status']} there")


def test_at_the_end_all_paid_amounts_agree(market: MarketBeside, record: Record) -> None:
    told = market.run("saleor", "reconcile")
    status = market.run("saleor", "status")

    assert "clean" in told
    record.append(f"$ market saleor reconcile\n{told}")
    record.append(f"$ market saleor status\n{status}")
