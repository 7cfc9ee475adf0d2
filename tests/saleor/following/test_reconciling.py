"""`market saleor reconcile`: clean only when every đồng, every order and every report agrees; else it names them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import transaction

from marketplace.cli.saleor_reconcile import reconcile
from marketplace.core.actors import SYSTEM
from marketplace.core.money import format_vnd
from marketplace.orders.locks import lock_order
from marketplace.saleor.client import Saleor
from marketplace.saleor.models import (
    Installation,
    SaleorReport,
    SaleorSale,
    SaleorTransaction,
    ToFetch,
)
from payments.models import Confirmation
from payments.services.moving import Movement, charge, item_by_hand, refund
from tests.payments.factories import pay
from tests.saleor.following.conftest import Market


def run(*arguments: str) -> tuple[int, list[str]]:
    result = CliRunner().invoke(reconcile, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output.splitlines()


def findings() -> list[dict[str, Any]]:
    _code, lines = run("--json")
    return [json.loads(one) for one in lines][:-1]


def kinds() -> list[str]:
    return [one["kind"] for one in findings()]


@pytest.fixture
def sold(market: Market) -> Market:
    """A sale by code over two vendors and one that was paid otherwise, both settled."""
    market.paid_by_code(1, 1)
    market.paid_otherwise(0, 2)
    return market


def test_two_sides_that_agree_are_clean(sold: Market, installation: Installation) -> None:
    assert run() == (0, [f"{installation.api_url}: clean: khớp từng đồng."])
    code, lines = run("--json", installation.api_url)
    assert (code, json.loads(lines[-1])) == (
        0,
        {"saleor": installation.api_url, "clean": True, "findings": 0, "problem": ""},
    )


def test_a_charge_by_code_that_saleor_lost_is_named_with_both_sums(sold: Market) -> None:
    transaction = sold.saleor.world.kinds["TransactionItem"][0]
    transaction["chargedAmount"] -= 45_000
    transaction["order"]["totalCharged"] -= 45_000

    code, lines = run()
    assert code == 1
    assert f"Saleor {format_vnd(60_000)}, chợ {format_vnd(105_000)}." in lines[0]
    assert kinds() == ["by_code"]


@pytest.mark.parametrize("is_part", [True, False])
def test_a_part_of_one_order_whose_transaction_is_anothers_is_named_with_the_order(
    is_part: bool, sold: Market
) -> None:
    """Whichever of the two is wrong, and whether the Saleor knows the other order or not."""
    transaction = SaleorTransaction.objects.get()
    if is_part:
        transaction.parts.filter(order__total_vnd=60_000).update(saleor_order_id="T3JkZXI6MQ==")
    else:
        SaleorTransaction.objects.update(saleor_order_id="T3JkZXI6MQ==")

    number = sold.saleor.world.kinds["Order"][0]["number"]
    named = [(one["kind"], one["thing"], one["sentence"]) for one in findings()]
    assert named[-1] == ("differs", number, "Giao dịch trả tiền cho đơn này thuộc về một đơn khác.")
    assert [kind for kind, *_rest in named] == (["by_code", "differs"] if is_part else ["differs"])


def test_money_paid_otherwise_that_was_not_taken_over_is_named(sold: Market) -> None:
    order = sold.saleor.make_order((sold.variants[0], 1))
    sold.settle()
    sold.saleor.mark_as_paid(order)

    assert [(one["kind"], one["theirs_vnd"], one["ours_vnd"]) for one in findings()] == [("otherwise", 60_000, 0)]


@pytest.mark.parametrize("is_refund", [False, True])
def test_money_of_a_part_that_nobody_told_the_saleor_of_is_named(is_refund: bool, sold: Market) -> None:
    """No page of ours lets that happen (`payments.services.amounts.PaidElsewhere`); a fault might."""
    there = sold.paid_otherwise(1)
    part = sold.part(there, sold.shops[0])
    with transaction.atomic():
        part = lock_order(part.pk)
        item = item_by_hand(part, confirmation=Confirmation.VENDOR, now=sold.saleor.world.now)
        movement = Movement.by_hand(60_000, Confirmation.VENDOR, now=sold.saleor.world.now)
        book = refund if is_refund else charge
        book(part, item, movement=movement, actor=SYSTEM, now=sold.saleor.world.now)
    ours_vnd = 0 if is_refund else 120_000

    assert [(one["kind"], one["theirs_vnd"], one["ours_vnd"]) for one in findings()] == [
        ("otherwise", 60_000, ours_vnd)
    ]
    sold.saleor.world.tell("ORDER_UPDATED", order=there)
    sold.settle()
    sentence = f"Saleor ghi đã nhận {format_vnd(60_000)}, các phần ở chợ đã nhận {format_vnd(ours_vnd)}."
    assert SaleorSale.objects.get(saleor_id=there["id"]).problem == sentence


def test_an_order_that_never_arrived_is_named(sold: Market) -> None:
    sold.saleor.make_order((sold.variants[0], 1), is_paid_otherwise=True)
    other = sold.saleor.make_product("Hàng của Saleor", 10_000)
    sold.saleor.make_order((other["variants"][0], 1), is_paid_otherwise=True)

    assert kinds() == ["not_taken"]


def test_a_difference_that_was_gone_before_the_second_look_is_none(sold: Market) -> None:
    transaction = sold.saleor.world.kinds["TransactionItem"][0]
    transaction["chargedAmount"] -= 45_000

    def it_is_counted_meanwhile(asked: Any) -> None:
        if asked.operation == "OrderPaid":
            transaction["chargedAmount"] = 105_000

    sold.saleor.front.before_answer = it_is_counted_meanwhile
    assert run()[0] == 0


def test_a_paid_checkout_without_an_order_is_compared_by_its_transaction(market: Market) -> None:
    checkout = market.saleor.make_checkout((market.variants[0], 1))
    transaction, _event, data = market.saleor.initialize(checkout)
    pay(market.shops[0], data["reference"], 60_000, now=market.saleor.world.now)
    market.settle()
    assert kinds() == []

    transaction["chargedAmount"] = 0
    assert [(one["kind"], one["theirs_vnd"], one["ours_vnd"]) for one in findings()] == [("by_code", 0, 60_000)]

    transaction["chargedAmount"] = 60_000
    market.saleor.complete(checkout)
    assert "not_taken" in kinds()


def test_a_refund_that_is_only_asked_for_is_no_difference(sold: Market) -> None:
    """Saleor takes what is asked back out of what was charged at once; the vendor has not given it back yet."""
    transaction = sold.saleor.world.kinds["TransactionItem"][0]
    sold.saleor.request(transaction, "REFUND", amount_vnd=20_000)
    sold.settle()

    assert (transaction["chargedAmount"], transaction["refundPendingAmount"]) == (85_000, 20_000)
    assert SaleorSale.objects.exclude(problem="").count() == 0
    assert run()[0] == 0


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        ("OrdersPaid", {"orders": None}),
        ("OrdersPaid", {"orders": {"edges": [{"node": {"id": "a"}}], "pageInfo": {"hasNextPage": False}}}),
        ("OrdersPaid", {"orders": {"edges": [], "pageInfo": {"hasNextPage": True, "endCursor": None}}}),
    ],
)
def test_an_answer_that_is_not_saleors_is_not_clean(
    operation: str, answer: dict[str, Any], sold: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Saleor, "ask", lambda _self, name, _variables: answer if name == operation else {})

    code, lines = run()
    assert code == 1
    assert "NotUnderstood" in lines[-1]


def test_what_got_stuck_is_named(sold: Market, installation: Installation) -> None:
    report = SaleorReport.objects.order_by("pk")[0]
    SaleorReport.objects.filter(pk=report.pk).update(state="refused", problem="INCORRECT_DETAILS")
    SaleorReport.objects.exclude(pk=report.pk).update(state="waiting")
    SaleorSale.objects.filter(pk=SaleorSale.objects.order_by("pk")[0].pk).update(problem="Món đã đổi.")
    ToFetch.objects.create(
        installation=installation,
        kind="order",
        saleor_id="T3JkZXI6MQ==",
        not_before=installation.installed_at,
        asked_at=installation.installed_at,
        is_given_up=True,
        problem="Gian hàng chưa có tài khoản.",
    )

    assert sorted(kinds()) == ["differs", "given_up", "report_refused", "report_waits"]
    assert {"Món đã đổi.", "Gian hàng chưa có tài khoản.", "INCORRECT_DETAILS"} <= {
        one["sentence"] for one in findings()
    }


def test_a_saleor_that_cannot_be_asked_is_not_clean(sold: Market, installation: Installation) -> None:
    sold.saleor.away()
    code, lines = run()
    sold.saleor.back()

    assert code == 1
    assert "không hỏi được Saleor" in lines[-1]


def test_an_unknown_saleor_is_a_wrong_argument(sold: Market) -> None:
    assert run("https://nobody.example/graphql/")[0] == 2
    Installation.objects.update(state="left", token="", left_at=sold.saleor.world.now)
    assert run()[0] == 2
