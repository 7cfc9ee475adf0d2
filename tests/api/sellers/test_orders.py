"""A shop's orders over GraphQL: read by its people only, handed over, called off, paid by hand, promised back."""

from __future__ import annotations

from typing import Any

import pytest

from catalog.models import Stock
from marketplace.orders.models import Order
from payments.models import GrantedRefund, TransactionItem
from payments.services.granting import cancel_granted_refund, grant_refund, settle_granted_refund
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.api.offices import a_person, office, signed_in
from tests.api.sellers.working import PERMISSION, a_seller, an_agent_for, done, of, refusal
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop, an_order, code_of, fresh, moved, pay, rows
from tests.plugins.database import count_statements
from vendors.models import Membership, Warehouse

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

FULFIL = """mutation($order: ID, $input: OrderFulfillInput!) { orderFulfill(order: $order, input: $input) {
  fulfillments { trackingNumber status lines { quantity } } order { status } errors { field message code } } }"""
CANCEL = "mutation($id: ID!) { orderCancel(id: $id) { order { status } errors { field message code } } }"
PAID = """mutation($id: ID!) { orderMarkAsPaid(id: $id) { order { status chargeStatus totalCharged { amount }
  transactions { events { type amount { amount } } } } errors { field message code } } }"""
PAID_BY = """mutation($id: ID!, $reference: String) { orderMarkAsPaid(id: $id, transactionReference: $reference) {
  order { transactions { events { pspReference } } } errors { field code } } }"""
GRANT = """mutation($id: ID!, $input: OrderGrantRefundCreateInput!) { orderGrantRefundCreate(id: $id, input: $input) {
  grantedRefund { amount { amount } reason status shippingCostsIncluded } order { grantedRefunds { id } }
  errors { field message code } } }"""
LIST = """query($first: Int, $after: String, $filter: OrderFilterInput, $sort: OrderSortingInput, $channel: String) {
  orders(first: $first, after: $after, filter: $filter, sortBy: $sort, channel: $channel) { totalCount
  edges { cursor node { number status grantedRefunds { id } transactions { id } lines { quantity } } } } }"""
NOT_FOUND = {"field": "id", "message": "Không tìm thấy đơn hàng này.", "code": "NOT_FOUND"}


def members(shop: Shop) -> None:
    for actor in (shop.owner, shop.seller):
        role = actor.vendor_roles[shop.vendor.pk]
        Membership.objects.get_or_create(vendor=shop.vendor, user_id=actor.user_id, defaults={"role": role})


@pytest.fixture
def shop(db: None) -> Shop:
    found = a_shop()
    members(found)
    return found


@pytest.fixture
def stranger(db: None) -> dict[str, str]:
    return of(a_shop("Khác", commune=NENH).owner)


def id_of(order: Order) -> str:
    return gid("Order", order.token)


def paid(shop: Shop, *, quantity: int = 1) -> Order:
    order = an_order(shop, quantity=quantity)
    pay(shop, code_of(order), order.total_vnd)
    return fresh(order)


def handed_over(order: Order, shop: Shop, quantity: int, **more: Any) -> dict[str, Any]:
    place = gid("Warehouse", Warehouse.objects.get(vendor=shop.vendor).pk)
    stocks = [{"quantity": quantity, "warehouse": place}]
    return {"lines": [{"orderLineId": gid("OrderLine", order.lines.get().pk), "stocks": stocks}], **more}


def test_people_of_a_shop_read_its_orders_and_no_others(shop: Shop) -> None:
    first, second = an_order(shop), paid(shop)
    other = a_shop("Khác", commune=NENH)
    an_order(other)

    found = ask(LIST, headers=of(shop.seller), first=5)["orders"]

    assert found["totalCount"] == 2
    assert [edge["node"]["number"] for edge in found["edges"]] == [second.number, first.number]
    assert [edge["node"]["status"] for edge in found["edges"]] == ["UNFULFILLED", "UNCONFIRMED"]
    assert len(ask(LIST, headers=of(other.owner), first=5)["orders"]["edges"]) == 1
    for headers in (None, signed_in(a_person()), office("commune", DAM_THUY), office("operator")):
        assert refusal(LIST, headers, first=5) == PERMISSION + "MANAGE_ORDERS"


def test_orders_are_narrowed_and_sorted(shop: Shop) -> None:
    unpaid, paid_one = an_order(shop), paid(shop)

    def numbers(**asked: Any) -> list[str]:
        found = ask(LIST, headers=of(shop.owner), first=5, **asked)["orders"]
        return [edge["node"]["number"] for edge in found["edges"]]

    assert numbers(filter={"status": ["READY_TO_FULFILL"]}) == [paid_one.number]
    assert numbers(filter={"status": ["UNCONFIRMED", "CANCELED"]}) == [unpaid.number]
    assert numbers(filter={"status": ["READY_TO_CAPTURE"]}) == numbers(filter={"status": []}) == []
    assert numbers(filter={"chargeStatus": ["FULL"]}) == [paid_one.number]
    assert numbers(filter={"numbers": [unpaid.number, "x", "9" * 30]}) == [unpaid.number]
    assert numbers(filter={"created": {"gte": "2026-11-22", "lte": "2026-11-22"}}, channel="online") != []
    assert (
        numbers(filter={"created": {"lte": "2026-11-21"}}) == numbers(channel="stall") == numbers(channel="x") == []
    )
    for first, last in (("0001-01-01", "9999-12-31"), ("2020-01-01", "2099-12-31")):
        assert len(numbers(filter={"created": {"gte": first, "lte": last}})) == 2
    for day in ("0001-01-01", "2019-12-31"):
        assert numbers(filter={"created": {"lte": day}}) == []
    for day in ("2100-01-01", "9999-12-31"):
        assert numbers(filter={"created": {"gte": day}}) == []
    by_number = {"field": "NUMBER", "direction": "ASC"}
    assert numbers(sort=by_number) == [unpaid.number, paid_one.number]
    for field in ("CREATED_AT", "LAST_MODIFIED_AT", "CREATION_DATE"):
        assert len(numbers(sort={"field": field, "direction": "DESC"})) == 2


def test_orders_are_sorted_by_the_words_of_their_status_and_of_what_came(shop: Shop) -> None:
    unpaid, paid_one, left = an_order(shop), paid(shop), paid(shop)
    done(FULFIL, of(shop.seller), order=id_of(left), input=handed_over(left, shop, 1))

    def numbers(field: str, direction: str) -> list[str]:
        """Those of the list, read one by one."""
        sort, after, found = {"field": field, "direction": direction}, None, []
        while edges := ask(LIST, headers=of(shop.owner), first=1, after=after, sort=sort)["orders"]["edges"]:
            after = edges[0]["cursor"]
            found.append(edges[0]["node"]["number"])
        return found

    for field in ("STATUS", "FULFILLMENT_STATUS"):
        assert numbers(field, "ASC") == [left.number, unpaid.number, paid_one.number]
        assert numbers(field, "DESC") == [paid_one.number, unpaid.number, left.number]
    assert numbers("PAYMENT", "ASC") == [paid_one.number, left.number, unpaid.number]
    assert numbers("PAYMENT", "DESC") == [unpaid.number, left.number, paid_one.number]


def test_a_list_of_orders_takes_as_many_statements_whatever_its_length(shop: Shop) -> None:
    headers = of(shop.owner)
    an_order(shop)
    few = count_statements(lambda: ask(LIST, headers=headers, first=20))
    for _number in range(4):
        an_order(shop)

    assert count_statements(lambda: ask(LIST, headers=headers, first=20)) == few
    assert few <= 12


def test_goods_of_a_paid_order_are_handed_over_in_parts(shop: Shop) -> None:
    order = paid(shop, quantity=3)

    said = {"trackingNumber": "VN1", "notifyCustomer": True, "allowStockToBeExceeded": True}
    part = done(FULFIL, of(shop.seller), order=id_of(order), input=handed_over(order, shop, 1, **said))
    rest = done(FULFIL, of(shop.owner), order=id_of(order), input=handed_over(order, shop, 2))

    assert part == {
        "fulfillments": [{"trackingNumber": "VN1", "status": "FULFILLED", "lines": [{"quantity": 1}]}],
        "order": {"status": "PARTIALLY_FULFILLED"},
        "errors": [],
    }
    assert rest["order"] == {"status": "FULFILLED"}
    assert Stock.objects.get(pk=shop.stock.pk).quantity == 7


def test_places_that_nothing_leaves_are_named_beside_others(shop: Shop) -> None:
    order = paid(shop, quantity=2)
    given = handed_over(order, shop, 2)
    given["lines"][0]["stocks"].insert(0, {**given["lines"][0]["stocks"][0], "quantity": 0})

    answer = done(FULFIL, of(shop.owner), order=id_of(order), input=given)

    assert (answer["errors"], answer["order"], answer["fulfillments"][0]["lines"]) == (
        [],
        {"status": "FULFILLED"},
        [{"quantity": 2}],
    )


def test_what_cannot_be_handed_over_is_refused(shop: Shop) -> None:
    unpaid, order = an_order(shop), paid(shop)
    foreign = {"quantity": 1, "warehouse": gid("Warehouse", 999_999)}
    line = {"orderLineId": gid("OrderLine", order.lines.get().pk)}

    def codes(row: Order, given: dict[str, Any]) -> list[Any]:
        answer = done(FULFIL, of(shop.owner), order=id_of(row), input=given)
        return [(one["field"], one["code"]) for one in answer["errors"]]

    assert codes(unpaid, handed_over(unpaid, shop, 1)) == [("order", "CANNOT_FULFILL_UNPAID_ORDER")]
    assert codes(order, handed_over(order, shop, 2)) == [("lines", "FULFILL_ORDER_LINE")]
    assert codes(order, handed_over(unpaid, shop, 1)) == [("lines", "FULFILL_ORDER_LINE")]
    assert codes(order, handed_over(order, shop, 0))[0][1] == "ZERO_QUANTITY"
    assert codes(order, handed_over(order, shop, -1))[0][1] == "ZERO_QUANTITY"
    assert codes(order, {"lines": [{**line, "stocks": [foreign]}]}) == [("warehouse", "NOT_FOUND")]
    assert codes(order, {"lines": [{"stocks": []}]}) == [("orderLineId", "GRAPHQL_ERROR")]
    assert codes(order, {"lines": []}) == [("lines", "REQUIRED")]
    assert fresh(order).status == "unfulfilled"


def test_an_order_is_called_off_until_something_of_it_is_gone(shop: Shop) -> None:
    order, gone = an_order(shop), paid(shop)
    done(FULFIL, of(shop.owner), order=id_of(gone), input=handed_over(gone, shop, 1))

    assert done(CANCEL, of(shop.seller), id=id_of(order)) == {"order": {"status": "CANCELED"}, "errors": []}
    refused = done(CANCEL, of(shop.seller), id=id_of(gone))
    assert (refused["order"], refused["errors"][0]["code"]) == (None, "CANNOT_CANCEL_ORDER")


def test_money_that_a_shop_saw_is_its_own_word(shop: Shop) -> None:
    order = an_order(shop)
    pay(shop, code_of(order), 20_000)
    again = of(shop.owner) | {"Idempotency-Key": "6f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04"}

    answer = done(PAID, again, id=id_of(order))

    assert (answer["errors"], answer["order"]["status"], answer["order"]["chargeStatus"]) == (
        [],
        "UNFULFILLED",
        "FULL",
    )
    assert done(PAID, again, id=id_of(order)) == answer
    assert moved(order) == [("charge_success", 20_000, "bank"), ("charge_success", 40_000, "vendor")]
    assert done(PAID, of(shop.owner), id=id_of(order))["errors"][0]["code"] == "INVALID"


def test_the_reference_of_what_a_shop_saw_keeps_the_banks_telling_of_it_apart(shop: Shop) -> None:
    order = an_order(shop)

    answer = done(PAID_BY, of(shop.owner), id=id_of(order), reference=" FT26330000001 ")

    assert answer == {"order": {"transactions": [{"events": [{"pspReference": "FT26330000001"}]}]}, "errors": []}
    long = done(PAID_BY, of(shop.owner), id=id_of(an_order(shop)), reference="F" * 513)
    assert [(one["field"], one["code"]) for one in long["errors"]] == [("transactionReference", "INVALID")]


def transaction_of(order: Order) -> str:
    return gid("TransactionItem", TransactionItem.objects.filter(order=order)[0].pk)


def test_a_refund_is_promised_up_to_what_came(shop: Shop) -> None:
    order = paid(shop)

    def granted(**given: Any) -> dict[str, Any]:
        wanted = {"amount": 10_000, "reason": "dập", "transactionId": transaction_of(order)} | given
        return done(GRANT, of(shop.owner), id=id_of(order), input=wanted)

    made = granted()

    refund = {"amount": {"amount": 10_000.0}, "reason": "dập", "status": "NONE", "shippingCostsIncluded": False}
    ids = [{"id": gid("OrderGrantedRefund", GrantedRefund.objects.get().pk)}]
    assert made == {"grantedRefund": refund, "order": {"grantedRefunds": ids}, "errors": []}
    assert [granted(amount=one)["errors"][0]["code"] for one in (50_001, 0.5, -1, None)] == [
        "INVALID", "INVALID", "INVALID", "REQUIRED",
    ]  # fmt: skip
    assert granted(transactionId=gid("TransactionItem", order.token))["errors"][0] == {
        "field": "transactionId", "message": "Không tìm thấy lần thanh toán này.", "code": "NOT_FOUND",
    }  # fmt: skip
    assert GrantedRefund.objects.count() == 1


def test_the_balance_of_an_order_counts_what_is_promised_back(shop: Shop) -> None:
    order = paid(shop)
    price_vnd = order.total_vnd
    balances = []

    def seen() -> None:
        query = "query($id: ID) { order(id: $id) { totalBalance { amount } } }"
        balances.append(ask(query, id=id_of(order))["order"]["totalBalance"]["amount"])

    def promised() -> GrantedRefund:
        return grant_refund(actor=shop.owner, order=fresh(order), amount_vnd=price_vnd, reason="", now=NOW)

    seen()
    withdrawn = promised()
    seen()
    cancel_granted_refund(actor=shop.owner, granted=withdrawn, now=NOW)
    seen()
    settle_granted_refund(actor=shop.owner, granted=promised(), confirmation="cash", now=NOW)
    seen()

    assert balances == [0, price_vnd, 0, 0]


def test_the_balances_of_many_orders_take_one_statement_more(shop: Shop) -> None:
    query = "query { orders(first: 9) { edges { node { number %s } } } }"
    for _order in range(3):
        paid(shop)
    headers, balance = of(shop.owner), query % "totalBalance { amount }"

    without = count_statements(lambda: ask(query % "", headers=headers))

    assert count_statements(lambda: ask(balance, headers=headers)) == without + 1
    rows_of = ask(balance, headers=headers)["orders"]["edges"]
    assert [row["node"]["totalBalance"] for row in rows_of] == [{"amount": 0}] * 3


def test_an_agent_hands_over_and_says_nothing_of_money(shop: Shop) -> None:
    agent = an_agent_for(shop.owner, DAM_THUY)
    order, unpaid = paid(shop), an_order(shop)

    assert done(FULFIL, agent, order=id_of(order), input=handed_over(order, shop, 1))["errors"] == []
    assert refusal(PAID, agent, id=id_of(unpaid)) == "Người hỗ trợ không ghi nhận tiền thay gian hàng được."
    assert moved(unpaid) == []


def test_another_shops_order_is_answered_as_one_that_is_not_there(shop: Shop, stranger: dict[str, str]) -> None:
    order = paid(shop)
    grant = {"input": {"amount": 1, "transactionId": transaction_of(order)}}
    given = {"input": handed_over(order, shop, 1)}
    customer = signed_in(a_person())
    before = rows()

    for key in (order.token, "0f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04"):
        id = gid("Order", key)
        answers = [
            done(FULFIL, stranger, order=id, **given),
            done(CANCEL, stranger, id=id),
            done(PAID, stranger, id=id),
            done(GRANT, stranger, id=id, **grant),
        ]
        assert [answer["errors"] for answer in answers] == [[NOT_FOUND | {"field": "order"}], *[[NOT_FOUND]] * 3]
    for mutation, more in ((CANCEL, {}), (PAID, {}), (GRANT, grant)):
        assert refusal(mutation, customer, id=id_of(order), **more) == PERMISSION + "MANAGE_ORDERS"
    assert rows() == before


def test_what_was_promised_back_is_not_for_the_buyers_eyes(shop: Shop, stranger: dict[str, str]) -> None:
    query = "query($id: ID) { order(id: $id) { number grantedRefunds { id } } }"
    id = id_of(an_order(shop))

    assert ask(query, headers=of(shop.owner), id=id)["order"]["grantedRefunds"] == []
    for headers in (None, stranger):
        content = post(query, headers=headers, id=id).json()
        assert content["errors"][0]["message"] == PERMISSION + "MANAGE_ORDERS"
        assert content["data"] == {"order": None}


def test_a_seller_of_the_shop_is_enough(shop: Shop) -> None:
    order = an_order(shop)

    assert done(CANCEL, a_seller(shop.vendor), id=id_of(order))["order"] == {"status": "CANCELED"}
