"""What a Saleor tells the market of a payment, as our subscriptions ask for it; and the market at that Saleor."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from catalog.models import ProductVariant
from marketplace.core import journal
from marketplace.orders.models import Order
from marketplace.saleor.gateway import requests, sessions
from marketplace.saleor.later import Later
from marketplace.saleor.models import Installation, SaleorObject
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop

API_URL = "https://saleor.example.vn/graphql/"


def gid(kind: str, key: object = None) -> str:
    """A global id as Saleor makes them."""
    return base64.b64encode(f"{kind}:{key or uuid.uuid4()}".encode()).decode()


def an_installation() -> Installation:
    return Installation.objects.create(api_url=API_URL, app_id=gid("App", 7), token="t" * 30, installed_at=NOW)


def at_saleor(installation: Installation, variant: ProductVariant) -> str:
    """Put a variant of ours into the Saleor; answers its id there."""
    theirs = gid("ProductVariant", variant.pk + 1000)
    kind = SaleorObject.Kind.VARIANT
    SaleorObject.objects.get_or_create(
        installation=installation, kind=kind, our_id=str(variant.pk), defaults={"saleor_id": theirs}
    )
    return theirs


def a_shop_at(installation: Installation, name: str = "Hợp tác xã Bản Giốc", *, price_vnd: int = PRICE_VND) -> Shop:
    shop = a_shop(name, price_vnd=price_vnd)
    at_saleor(installation, shop.variant)
    return shop


def a_line(shop: Shop, quantity: int = 1, *, total_vnd: int | None = None, line_id: str = "") -> dict[str, Any]:
    """A line of a Checkout with the shop's goods."""
    unit_vnd = shop.variant.price_vnd
    return {
        "id": line_id or gid("CheckoutLine"),
        "quantity": quantity,
        "variant": {
            "id": gid("ProductVariant", shop.variant.pk + 1000),
            "name": "500 g",
            "product": {"name": "Miến dong Cao Bằng"},
        },
        "undiscountedUnitPrice": {"amount": float(unit_vnd)},
        "totalPrice": taxed(unit_vnd * quantity if total_vnd is None else total_vnd),
    }


def a_checkout(
    *lines: dict[str, Any],
    total_vnd: int | None = None,
    shipping_vnd: int = 0,
    language: str = "VI",
    currency: str = "VND",
    checkout_id: str = "",
) -> dict[str, Any]:
    """A Checkout of the Saleor with these lines."""
    goods_vnd = sum(int(line["totalPrice"]["gross"]["amount"]) for line in lines)
    return {
        "__typename": "Checkout",
        "id": checkout_id or gid("Checkout"),
        "email": "lan@example.vn",
        "languageCode": language,
        "customerNote": "",
        "channel": {"slug": "vnd", "currencyCode": currency},
        "totalPrice": taxed(goods_vnd + shipping_vnd if total_vnd is None else total_vnd),
        "shippingPrice": taxed(shipping_vnd),
        "lines": list(lines),
        "deliveryMethod": {"name": "Giao tận nhà"},
        "shippingAddress": an_address(),
        "billingAddress": None,
    }


def an_order(*lines: dict[str, Any], number: str = "41", checkout_id: str | None = None, order_id: str = "") -> Any:
    """An Order of the Saleor, with the lines that a Checkout would have."""
    as_checkout = a_checkout(*lines)
    as_lines = [
        {
            "id": line["id"],
            "quantity": line["quantity"],
            "productName": line["variant"]["product"]["name"],
            "variantName": line["variant"]["name"],
            "variant": {"id": line["variant"]["id"]},
            "undiscountedUnitPrice": {"gross": line["undiscountedUnitPrice"]},
            "totalPrice": line["totalPrice"],
        }
        for line in lines
    ]
    return {
        "__typename": "Order",
        "id": order_id or gid("Order"),
        "number": number,
        "checkoutId": checkout_id,
        "userEmail": "lan@example.vn",
        "languageCodeEnum": "VI",
        "customerNote": "",
        "shippingMethodName": "Giao tận nhà",
        "collectionPointName": None,
        "channel": as_checkout["channel"],
        "total": as_checkout["totalPrice"],
        "shippingPrice": as_checkout["shippingPrice"],
        "orderLines": as_lines,
        "shippingAddress": an_address(),
        "billingAddress": None,
    }


def an_address(**changes: Any) -> dict[str, Any]:
    return {
        "firstName": "Lan",
        "lastName": "Nông",
        "companyName": "",
        "streetAddress1": "Xóm Bản Giốc",
        "streetAddress2": "",
        "city": "XÃ ĐÀM THỦY",
        "countryArea": "Tỉnh Cao Bằng",
        "postalCode": "",
        "phone": "+84987654321",
        "country": {"code": "VN"},
        **changes,
    }


def taxed(amount_vnd: float) -> dict[str, Any]:
    return {"gross": {"amount": float(amount_vnd)}}


def initialize(
    installation: Installation,
    source: dict[str, Any],
    *,
    amount: Any = None,
    transaction_id: str = "",
    action: str = "CHARGE",
    currency: str = "VND",
    now: datetime = NOW,
) -> dict[str, Any]:
    """TRANSACTION_INITIALIZE_SESSION of this source; without an amount, of its total."""
    total = source["totalPrice" if source["__typename"] == "Checkout" else "total"]["gross"]["amount"]
    transaction_id = transaction_id or gid("TransactionItem")
    event = {
        "__typename": "TransactionInitializeSession",
        "merchantReference": transaction_id,
        "idempotencyKey": str(uuid.uuid4()),
        "data": None,
        "transaction": {"id": transaction_id},
        "action": {"amount": total if amount is None else amount, "currency": currency, "actionType": action},
        "sourceObject": source,
    }
    return finished(sessions.transaction_initialize_session(installation, event, now))


def finished(answer: dict[str, Any] | Later) -> dict[str, Any]:
    """The whole answer."""
    return answer.finish() if isinstance(answer, Later) else answer


def process(
    installation: Installation, transaction_id: str, *, language: str = "VI", now: datetime = NOW
) -> dict[str, Any]:
    """TRANSACTION_PROCESS_SESSION of a transaction."""
    event = {
        "__typename": "TransactionProcessSession",
        "transaction": {"id": transaction_id},
        "sourceObject": {"__typename": "Checkout", "id": gid("Checkout"), "languageCode": language},
    }
    return finished(sessions.transaction_process_session(installation, event, now))


def gateway(installation: Installation, source: dict[str, Any], *, now: datetime = NOW) -> dict[str, Any]:
    """PAYMENT_GATEWAY_INITIALIZE_SESSION for a source."""
    return sessions.payment_gateway_initialize_session(installation, {"sourceObject": source, "amount": None}, now)


def charge_requested(installation: Installation, transaction_id: str, amount: float) -> dict[str, Any]:
    event = {"transaction": {"id": transaction_id}, "action": {"actionType": "CHARGE", "amount": amount}}
    return requests.transaction_charge_requested(installation, event, NOW)


def cancelation_requested(installation: Installation, transaction_id: str) -> dict[str, Any]:
    event = {"transaction": {"id": transaction_id}, "action": {"actionType": "CANCEL", "amount": 0.0}}
    return requests.transaction_cancelation_requested(installation, event, NOW)


def refund_requested(
    installation: Installation,
    transaction_id: str,
    amount: Any,
    *,
    event_id: str | None = "",
    lines: Sequence[tuple[str, int]] = (),
    before: Sequence[tuple[str, str, str]] = (),
    lines_before: Mapping[str, Sequence[tuple[str, int]]] | None = None,
    seconds_apart: int = 1,
    is_newest_first: bool = True,
    now: datetime = NOW,
) -> dict[str, Any]:
    """TRANSACTION_REFUND_REQUESTED; `event_id` is Saleor's REFUND_REQUEST event, None for a body without it.

    `before` are older events of the same amount, the oldest first: id, type and reference; `lines_before` are the
    lines that those were for. Saleor 3.24 lists the newest first.
    """
    event_id = gid("TransactionEvent") if event_id == "" else event_id
    told = [*before, *([(event_id, "REFUND_REQUEST", "")] if event_id else [])]
    events = [
        {
            "id": one,
            "type": kind,
            "pspReference": reference,
            "createdAt": (now - timedelta(seconds=seconds_apart * (len(told) - place))).isoformat(),
            "amount": {"amount": amount},
        }
        for place, (one, kind, reference) in enumerate(told)
    ]
    lines_of = {**(lines_before or {}), **({event_id: lines} if event_id and lines else {})}
    granted = [
        {
            "transactionEvents": [{"id": one}],
            "lines": [{"quantity": quantity, "orderLine": {"id": line_id}} for line_id, quantity in its_lines],
        }
        for one, its_lines in lines_of.items()
    ]
    event = {
        "action": {"actionType": "REFUND", "amount": amount, "currency": "VND"},
        "transaction": {
            "id": transaction_id,
            "events": events[::-1] if is_newest_first else events,
            "order": {"grantedRefunds": granted} if granted else None,
        },
    }
    return requests.transaction_refund_requested(installation, event, now)


def hear(now: datetime = NOW) -> None:
    """Let the journal reach its subscribers."""
    journal.drain(now=now)


def orders() -> list[tuple[str, int, str]]:
    rows = Order.objects.order_by("pk").select_related("vendor")
    return [(order.vendor.name, order.total_vnd, order.status) for order in rows]
