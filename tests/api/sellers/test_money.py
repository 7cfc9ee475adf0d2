"""Ours: what banks told of a shop's account, and what its people decide about money that waits."""

from __future__ import annotations

from typing import Any

import pytest

from payments.models import GrantedRefund, ReviewItem
from payments.services.granting import grant_refund
from tests.api.asking import ask
from tests.api.ids import gid
from tests.api.offices import a_person, office, signed_in
from tests.api.sellers.test_orders import id_of, members, paid
from tests.api.sellers.working import PERMISSION, an_agent_for, done, of, refusal
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop, an_order, code_of, fresh, moved, pay, rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

NOTICES = """query($state: [BankNoticeState!]) { bankNotices(first: 5, state: $state) { totalCount edges { node {
  amount { amount } content state why isIncoming bankDate order { number } } } } }"""
ITEMS = """query($open: Boolean) { reviewItems(first: 5, isOpen: $open) { edges { node { id kind amount { amount }
  outcome resolution notice { content } order { number } } } } }"""
ITEM = "{ reviewItem { outcome resolution } errors { field message code } }"
STEPS = {
    "book": f"mutation($id: ID!, $order: ID!) {{ reviewItemBook(id: $id, orderId: $order) {ITEM} }}",
    "aside": f'mutation($id: ID!) {{ reviewItemSetAside(id: $id, resolution: "Tiền  riêng") {ITEM} }}',
    "again": f"mutation($id: ID!) {{ reviewItemTakeUpAgain(id: $id) {ITEM} }}",
    "refund": f"mutation($id: ID!) {{ reviewItemRefund(id: $id, method: CASH) {ITEM} }}",
    "link": f"mutation($id: ID!) {{ reviewItemLinkToFirst(id: $id) {ITEM} }}",
}
PROMISE = "{ grantedRefund { status } errors { field message code } }"
KEEP = f"mutation($id: ID!) {{ orderGrantedRefundSettle(id: $id, method: VENDOR) {PROMISE} }}"
TAKE_BACK = f"mutation($id: ID!) {{ orderGrantedRefundCancel(id: $id) {PROMISE} }}"


@pytest.fixture
def shop(db: None) -> Shop:
    found = a_shop()
    members(found)
    return found


@pytest.fixture
def stranger(db: None) -> dict[str, str]:
    found = a_shop("Khác", commune=NENH)
    members(found)
    return of(found.owner)


def held(shop: Shop, amount_vnd: int = 60_000) -> str:
    """The id of money that came without a code."""
    pay(shop, "tien mien", amount_vnd)
    return gid("ReviewItem", ReviewItem.objects.get(vendor=shop.vendor, amount_vnd=amount_vnd, outcome="").pk)


def stepped(name: str, headers: dict[str, str], id: str, **more: str) -> Any:
    answer = done(STEPS[name], headers, id=id, **more)
    return answer["reviewItem"], [one["code"] for one in answer["errors"]]


def test_people_of_a_shop_read_what_banks_told_of_its_account(shop: Shop, stranger: dict[str, str]) -> None:
    order = paid(shop)
    held(shop, 45_000)

    found = ask(NOTICES, headers=of(shop.seller))["bankNotices"]

    waiting = {
        "amount": {"amount": 45_000.0},
        "content": "tien mien",
        "state": "REVIEW",
        "why": "Nội dung chuyển khoản không có mã đơn.",
        "isIncoming": True,
        "bankDate": "2026-11-22",
        "order": None,
    }
    booked = waiting | {
        "amount": {"amount": 60_000.0}, "content": found["edges"][1]["node"]["content"], "state": "BOOKED", "why": "",
        "order": {"number": order.number},
    }  # fmt: skip
    assert found == {"totalCount": 2, "edges": [{"node": waiting}, {"node": booked}]}
    assert code_of(an_order(shop)) != booked["content"]
    assert ask(NOTICES, headers=of(shop.owner), state=["BOOKED"])["bankNotices"]["totalCount"] == 1
    assert ask(NOTICES, headers=stranger)["bankNotices"]["totalCount"] == 0
    for headers in (None, signed_in(a_person()), office("commune", DAM_THUY), office("operator")):
        assert refusal(NOTICES, headers) == refusal(ITEMS, headers) == PERMISSION + "HANDLE_PAYMENTS"


def test_held_money_is_booked_on_an_order_of_the_same_shop(shop: Shop, stranger: dict[str, str]) -> None:
    order, item = an_order(shop), held(shop)
    foreign = an_order(a_shop("Ba", commune=NENH))

    assert stepped("book", of(shop.owner), item, order=id_of(foreign)) == (None, ["NOT_FOUND"])
    assert stepped("book", stranger, item, order=id_of(order)) == (None, ["NOT_FOUND"])
    assert stepped("book", of(shop.seller), item, order=id_of(order)) == (
        {"outcome": "BOOKED", "resolution": "booked"}, [],
    )  # fmt: skip
    assert (moved(order), fresh(order).charge_status) == ([("charge_success", 60_000, "bank")], "full")
    assert stepped("book", of(shop.seller), item, order=id_of(order)) == (None, ["INVALID"])


def test_held_money_is_set_aside_taken_up_again_and_given_back(shop: Shop) -> None:
    item, owner = held(shop), of(shop.owner)

    assert stepped("aside", owner, item) == ({"outcome": "SET_ASIDE", "resolution": "Tiền riêng"}, [])
    assert stepped("aside", owner, item) == (None, ["INVALID"])
    assert stepped("again", owner, item) == ({"outcome": None, "resolution": ""}, [])
    assert stepped("link", owner, item) == (None, ["INVALID"])  # nobody told of it before
    assert stepped("refund", owner, item) == ({"outcome": "REFUNDED", "resolution": "refunded"}, [])
    node = {
        "id": item, "kind": "UNMATCHED", "amount": {"amount": 60_000.0}, "outcome": "REFUNDED",
        "resolution": "refunded", "notice": {"content": "tien mien"}, "order": None,
    }  # fmt: skip
    assert ask(ITEMS, headers=owner, open=False)["reviewItems"] == {"edges": [{"node": node}]}
    assert ask(ITEMS, headers=owner, open=True)["reviewItems"] == {"edges": []}
    assert len(ask(ITEMS, headers=owner)["reviewItems"]["edges"]) == 1


def test_money_of_an_order_that_is_to_go_back_is_given_back_there_and_the_refusal_says_how(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), 70_000)
    item = ReviewItem.objects.get(kind="refund_due")

    answer = done(STEPS["refund"], of(shop.owner), id=gid("ReviewItem", item.pk))

    sentence = "Khoản này đã ghi vào đơn. Bạn trả lại ở đơn ấy: orderGrantRefundCreate, rồi orderGrantedRefundSettle."
    assert [(error["code"], error["message"]) for error in answer["errors"]] == [("INVALID", sentence)]
    item.refresh_from_db()
    assert (item.closed_at, fresh(order).charged_vnd) == (None, 70_000)


def test_a_promised_refund_is_kept_or_taken_back_once(shop: Shop) -> None:
    order, owner = paid(shop), of(shop.owner)
    kept, back = (
        gid("OrderGrantedRefund", grant_refund(actor=shop.owner, order=order, amount_vnd=n, reason="", now=NOW).pk)
        for n in (10_000, 5_000)
    )

    assert done(KEEP, owner, id=kept) == {"grantedRefund": {"status": "SUCCESS"}, "errors": []}
    assert done(TAKE_BACK, owner, id=back) == {"grantedRefund": {"status": "FAILURE"}, "errors": []}
    assert done(KEEP, owner, id=back)["errors"][0]["code"] == "INVALID"
    assert moved(order)[1:] == [("refund_success", 10_000, "vendor")]


def test_another_shops_money_is_as_if_it_were_not_there_and_agents_touch_none(
    shop: Shop, stranger: dict[str, str]
) -> None:
    order, item, agent = paid(shop), held(shop, 45_000), an_agent_for(shop.owner, DAM_THUY)
    promise = gid(
        "OrderGrantedRefund", grant_refund(actor=shop.owner, order=order, amount_vnd=1, reason="", now=NOW).pk
    )
    customer, before = signed_in(a_person()), rows()
    steps = {name: ({"order": id_of(order)} if name == "book" else {}) for name in STEPS}

    for name, more in steps.items():
        for id in (item, gid("ReviewItem", 999_999)):
            assert stepped(name, stranger, id, **more) == (None, ["NOT_FOUND"])
        assert "Người hỗ trợ" in refusal(STEPS[name], agent, id=item, **more)
        assert refusal(STEPS[name], customer, id=item, **more) == PERMISSION + "HANDLE_PAYMENTS"
    for mutation in (KEEP, TAKE_BACK):
        assert done(mutation, stranger, id=promise) == done(mutation, stranger, id=gid("OrderGrantedRefund", 999_999))
        assert "Người hỗ trợ" in refusal(mutation, agent, id=promise)
    assert rows() == before
    assert GrantedRefund.objects.get().status == "none"
