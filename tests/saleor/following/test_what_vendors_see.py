"""A vendor sees their own part of a Saleor sale and nothing of another's: on pages and over GraphQL."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.api.offices import seller_of
from tests.saleor.following.conftest import Market
from tests.storefront.working import form, owner_at


@pytest.mark.parametrize("mine", [0, 1])
def test_a_vendors_pages_show_their_lines_alone(mine: int, market: Market) -> None:
    there = market.paid_otherwise(2, 1)
    parts = [market.part(there, shop) for shop in market.shops]
    browser = owner_at(market.shops[mine])
    own, other = parts[mine], parts[1 - mine]

    page = browser.get(f"/sell/orders/{own.pk}/")
    listed = browser.get("/sell/orders/")

    assert page.status_code == 200
    text = page.content.decode()
    assert [line.get("quantityFulfilled") for line in there["lines"]] == [0, 0]
    shown, hidden = ("120.000", "45.000") if mine == 0 else ("45.000", "120.000")
    assert shown in text
    assert hidden not in text
    assert f"/sell/orders/{own.pk}/" in listed.content.decode()
    assert f"/sell/orders/{other.pk}/" not in listed.content.decode()
    assert browser.get(f"/sell/orders/{other.pk}/").status_code == 404


def test_a_vendor_hands_their_part_over_on_their_page_and_saleor_has_it(market: Market) -> None:
    there = market.paid_otherwise(2, 1)
    own = market.part(there, market.shops[0])
    browser = owner_at(market.shops[0])

    answer = browser.post(f"/sell/orders/{own.pk}/fulfil/", form(tracking_number="VNPOST-7"))
    market.settle()

    assert answer.status_code == 302
    assert [line["quantityFulfilled"] for line in there["lines"]] == [2, 0]
    assert there["fulfillments"][0]["trackingNumber"] == "VNPOST-7"


ORDER = """query($id: ID!) { order(id: $id) { lines { productName quantity totalPrice { gross { amount } } }
  total { gross { amount } } transactions { chargedAmount { amount } } } }"""


def test_over_graphql_a_vendor_reads_the_lines_and_the_money_of_their_part_alone(market: Market) -> None:
    there = market.paid_otherwise(2, 1)
    own, other = (market.part(there, shop) for shop in market.shops)
    mine = seller_of(market.shops[0].vendor)

    found = ask(ORDER, id=gid("Order", own.token), headers=mine)["order"]
    refused = post(ORDER, id=gid("Order", other.token), headers=mine).json()

    assert [(line["quantity"], line["totalPrice"]["gross"]["amount"]) for line in found["lines"]] == [(2, 120_000.0)]
    assert found["total"]["gross"]["amount"] == 120_000.0
    assert [one["chargedAmount"]["amount"] for one in found["transactions"]] == [120_000.0]
    assert refused["data"] == {"order": None}
    assert [error["extensions"]["exception"]["code"] for error in refused["errors"]] == ["PermissionDenied"]


@pytest.mark.parametrize("act", ["paid", "refund", "promises"])
def test_a_vendor_may_not_write_money_down_here_that_is_paid_at_the_saleor(act: str, market: Market) -> None:
    there = market.saleor.make_order((market.variants[0], 1), is_paid_otherwise=act != "paid")
    market.settle()
    own = market.part(there, market.shops[0])
    browser = owner_at(market.shops[0])

    page = browser.get(f"/sell/orders/{own.pk}/").content.decode()
    answer = browser.post(f"/sell/orders/{own.pk}/{act}/", form(amount="60000", confirmation="vendor"))
    market.settle()

    assert "tiền nhận và tiền trả lại ghi ở Saleor" in page
    assert f'action="/sell/orders/{own.pk}/{act}/"' not in page
    assert answer.status_code == 409
    assert "bạn ghi tiền nhận hay trả lại ở Saleor" in answer.content.decode()
    own.refresh_from_db()
    assert own.charged_vnd == there["totalCharged"] == (0 if act == "paid" else 60_000)


def test_money_marked_at_the_saleor_after_a_vendor_tried_here_is_counted_once(market: Market) -> None:
    there = market.saleor.make_order((market.variants[0], 1))
    market.settle()
    own = market.part(there, market.shops[0])
    owner_at(market.shops[0]).post(f"/sell/orders/{own.pk}/paid/", form(amount="60000", confirmation="cash"))
    market.saleor.mark_as_paid(there)
    market.settle()

    own.refresh_from_db()
    assert (own.charged_vnd, own.charge_status) == (60_000, "full")


def test_over_graphql_a_vendor_is_refused_the_same(market: Market) -> None:
    there = market.saleor.make_order((market.variants[0], 1))
    market.settle()
    own = market.part(there, market.shops[0])

    found = ask(MARK_AS_PAID, id=gid("Order", own.token), headers=seller_of(market.shops[0].vendor))[
        "orderMarkAsPaid"
    ]

    assert [error["message"] for error in found["errors"]] == [
        "Đơn này bán ở Saleor và không trả bằng mã của chợ: bạn ghi tiền nhận hay trả lại ở Saleor, chợ tự lấy về."
    ]


MARK_AS_PAID = "mutation($id: ID!) { orderMarkAsPaid(id: $id) { errors { message } } }"


def test_the_buyers_page_shows_no_code_of_ours_until_they_pay_by_it_at_the_saleor(market: Market) -> None:
    there = market.saleor.make_order((market.variants[0], 1))
    market.settle()
    own = market.part(there, market.shops[0])
    address = f"/orders/{own.token}/"
    before = Client().get(address).content.decode()
    assert "không trả ở đây" in before
    assert not own.payment_codes.exists()

    _transaction, _event, data = market.saleor.initialize(there)
    assert data["reference"] == own.payment_codes.get().code
    assert "không trả ở đây" not in Client().get(address).content.decode()
