"""A Saleor's orders in memory: every document of ours is run against Saleor's own schema before it is answered."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from graphql import graphql_sync

from marketplace.saleor.client import Saleor, SaleorAway, document
from marketplace.saleor.client import _data_of as data_of
from tests.api.contract.saleor_sdl import saleor_schema
from tests.payments.factories import NOW


def gid(kind: str) -> str:
    """A new id of Saleor's."""
    return base64.b64encode(f"{kind}:{uuid.uuid4()}".encode()).decode()


def money(amount_vnd: float) -> dict[str, Any]:
    """Money as Saleor says it: a JSON number with a decimal point."""
    return {"amount": float(amount_vnd), "currency": "VND"}


def taxed(amount_vnd: float) -> dict[str, Any]:
    """A price with its tax in it."""
    return {"gross": money(amount_vnd), "net": money(amount_vnd), "currency": "VND"}


def line(variant_id: str | None, *, quantity: int = 1, unit_vnd: int, total_vnd: int | None = None) -> dict[str, Any]:
    """A line of an order; by default at its full price."""
    return {
        "id": gid("OrderLine"),
        "quantity": quantity,
        "quantityFulfilled": 0,
        "productName": "Miến dong Cao Bằng",
        "variantName": "gói 500 g",
        "variant": variant_id and {"id": variant_id},
        "undiscountedUnitPrice": taxed(unit_vnd),
        "totalPrice": taxed(unit_vnd * quantity if total_vnd is None else total_vnd),
        "allocations": [{"id": gid("Allocation"), "quantity": quantity, "warehouse": {"id": WAREHOUSE}}],
    }


WAREHOUSE = gid("Warehouse")
ADDRESS = {
    "firstName": "Lan",
    "lastName": "Nông",
    "companyName": "",
    "streetAddress1": "Xóm Bản Giốc",
    "streetAddress2": "",
    "city": "XÃ ĐÀM THỦY",
    "countryArea": "Cao Bằng",
    "postalCode": "",
    "phone": "+84987654321",
    "country": {"code": "VN"},
}


@dataclass
class StandIn(Saleor):
    """Answers our documents from what is in `orders`; `is_away` plays an outage, `asked` is what was asked."""

    orders: dict[str, dict[str, Any]] = field(default_factory=dict)
    transactions: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    is_away: bool = False
    moment: datetime = NOW
    answers: dict[str, Any] = field(default_factory=dict)
    """By operation: the whole JSON answered instead."""

    def __exit__(self, *_: object) -> None:
        """Nothing is open."""

    def ask(self, name: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """As the real one, without the wire."""
        self.asked.append(name)
        if self.is_away:
            raise SaleorAway("Unreachable")
        if name in self.answers:
            return data_of(json.dumps(self.answers[name]).encode())
        root = {**self._queries(), **self._mutations()}
        result = graphql_sync(saleor_schema(), document(name), root, variable_values=dict(variables))
        assert not result.errors, result.errors
        return data_of(json.dumps({"data": result.data}).encode())

    def order(self, *lines: dict[str, Any], shipping_vnd: int = 0, total_vnd: int | None = None) -> dict[str, Any]:
        """A new order over these lines, unpaid."""
        goods = sum(int(one["totalPrice"]["gross"]["amount"]) for one in lines)
        made: dict[str, Any] = {
            "__typename": "Order",
            "id": gid("Order"),
            "number": str(1000 + len(self.orders)),
            "status": "UNFULFILLED",
            "created": NOW.isoformat(),
            "updatedAt": self.tick(),
            "checkoutId": gid("Checkout"),
            "userEmail": "lan@example.com",
            "languageCodeEnum": "VI",
            "customerNote": "Gói kỹ giúp",
            "channel": {"slug": "vnd", "currencyCode": "VND"},
            "shippingAddress": ADDRESS,
            "billingAddress": ADDRESS,
            "shippingMethodName": "Giao tận nhà",
            "collectionPointName": None,
            "shippingPrice": taxed(shipping_vnd),
            "total": taxed(goods + shipping_vnd if total_vnd is None else total_vnd),
            "totalCharged": money(0),
            "totalRefunded": money(0),
            "lines": list(lines),
            "transactions": [],
            "payments": [],
            "fulfillments": [],
            "events": [],
        }
        self.orders[made["id"]] = made
        return made

    def tick(self) -> str:
        """The next moment at this Saleor."""
        self.moment += timedelta(seconds=1)
        return self.moment.isoformat()

    def event(
        self,
        order: dict[str, Any],
        kind: str,
        amount_vnd: int,
        *,
        reference: str = "",
        by: dict[str, Any] | None = None,
    ) -> dict[str, Any]:
        """Money of the order moves at Saleor, in a new transaction or `by` one; answers the transaction."""
        transaction = by or {"id": gid("TransactionItem"), "order": {"id": order["id"]}, "events": []}
        if by is None:
            transaction |= {"chargedAmount": money(0), "refundedAmount": money(0), "refundPendingAmount": money(0)}
            order["transactions"].append(transaction)
            self.transactions[transaction["id"]] = transaction
        moment = order["updatedAt"] = self.tick()
        transaction["events"].append(
            {
                "id": gid("TransactionEvent"),
                "type": kind,
                "pspReference": reference or gid("Psp"),
                "createdAt": moment,
                "amount": money(amount_vnd),
            }
        )
        sign = {"CHARGE_SUCCESS": 1, "REFUND_SUCCESS": -1, "CHARGE_BACK": -1}.get(kind, 0)
        for told in (order["totalCharged"], transaction["chargedAmount"]):
            told["amount"] += sign * amount_vnd
        return transaction

    def _queries(self) -> dict[str, Any]:
        return {
            "order": lambda _info, id: deepcopy(self.orders.get(id)),
            "transaction": lambda _info, id, **_more: deepcopy(self.transactions.get(id)),
            "orders": self._orders,
        }

    def _orders(self, _info: Any, first: int = 100, after: str | None = None, **more: Any) -> dict[str, Any]:
        where = more.get("where") or {}
        since = (where.get("updatedAt") or {}).get("gte")
        found = sorted(self.orders.values(), key=lambda one: one["updatedAt"])
        rows = [one for one in found if since is None or one["updatedAt"] >= since]
        start = int(after or 0)
        page = rows[start : start + first]
        return {
            "edges": [{"node": deepcopy(one), "cursor": str(start + place + 1)} for place, one in enumerate(page)],
            "pageInfo": {"hasNextPage": start + first < len(rows), "endCursor": str(start + len(page))},
        }

    def _mutations(self) -> dict[str, Any]:
        return {"orderFulfill": self._fulfil, "orderCancel": self._cancel, "orderNoteAdd": self._note}

    def _fulfil(self, _info: Any, input: dict[str, Any], order: str) -> dict[str, Any]:
        there = self.orders[order]
        for wanted in input["lines"]:
            mine = next(one for one in there["lines"] if one["id"] == wanted["orderLineId"])
            quantity = sum(stock["quantity"] for stock in wanted["stocks"])
            assert mine["quantityFulfilled"] + quantity <= mine["quantity"]
            mine["quantityFulfilled"] += quantity
        there["fulfillments"].append({"id": gid("Fulfillment"), "trackingNumber": input.get("trackingNumber") or ""})
        is_done = all(one["quantityFulfilled"] == one["quantity"] for one in there["lines"])
        there["status"] = "FULFILLED" if is_done else "PARTIALLY_FULFILLED"
        there["updatedAt"] = self.tick()
        return {"order": deepcopy(there), "errors": []}

    def _cancel(self, _info: Any, id: str) -> dict[str, Any]:
        there = self.orders[id]
        there["status"], there["updatedAt"] = "CANCELED", self.tick()
        return {"order": deepcopy(there), "errors": []}

    def _note(self, _info: Any, order: str, input: dict[str, Any]) -> dict[str, Any]:
        there = self.orders[order]
        there["events"].append({"id": gid("OrderEvent"), "type": "NOTE_ADDED", "message": input["message"]})
        there["updatedAt"] = self.tick()
        return {"order": deepcopy(there), "errors": []}
