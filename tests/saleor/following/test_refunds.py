"""What a Saleor's staff ask back of a sale that was paid by code, on both sides."""

from __future__ import annotations

from payments.models import GrantedRefund
from tests.saleor.following.conftest import Market
from tests.saleor.played.world import Thing


def ask_back(market: Market, order: Thing, line: Thing) -> None:
    """Staff grant 45.000 for a line, and ask our gateway for it."""
    [transaction] = order["transactions"]
    granted = market.saleor.grant_refund(order, transaction, 45_000)
    of_line = market.saleor.world.add("OrderGrantedRefundLine", quantity=1, orderLine=line, reason=None)
    granted["lines"].append(of_line)
    market.saleor.request(transaction, "REFUND", amount_vnd=45_000, granted=granted)


def test_what_was_asked_back_while_the_market_was_down_is_not_what_is_asked_back_next(market: Market) -> None:
    order = market.paid_by_code(1, 1)
    [transaction] = order["transactions"]
    mine, others = order["lines"]

    # given that the market is down until Saleor writes off what is asked back of the first shop
    market.saleor.post.market_is_away = True
    ask_back(market, order, mine)
    for _try in range(6):
        market.saleor.deliver()
        market.saleor.pass_time(600)
    assert (transaction["events"][-1]["type"], transaction["events"][-1]["pspReference"]) == ("REFUND_FAILURE", "")
    market.saleor.post.market_is_away = False

    # when as much is asked back of the second shop
    ask_back(market, order, others)
    market.settle()

    # then it is the second shop's to give
    assert [one.order.vendor for one in GrantedRefund.objects.all()] == [market.shops[1].vendor]
    assert (transaction["refundPendingAmount"], transaction["chargedAmount"]) == (45_000, 60_000)
