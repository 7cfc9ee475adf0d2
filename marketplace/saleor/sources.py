"""A sale as a Saleor says it: a Checkout or an Order, read out of an answer of its own into what we count with.

The texts that ask for it are our own documents; whatever else comes is `NotASale`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from marketplace.saleor.models import SaleorTransaction
from marketplace.saleor.money import vnd_of

LANGUAGES: Final = ("vi", "en")
PRODUCT_NAME_CHARACTERS_MAX: Final = 160
VARIANT_NAME_CHARACTERS_MAX: Final = 80
Source = SaleorTransaction.Source


class NotASale(ValueError):
    """What came is not the Checkout or Order that our document asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One line as the Saleor sells it; `total_vnd` is what is paid for it."""

    id: str
    variant_id: str
    """Empty where the variant is gone from the Saleor."""
    product_name: str
    variant_name: str
    quantity: int
    unit_price_vnd: int
    """Before what was taken off."""
    total_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSale:
    """A Checkout or an Order, in the Saleor's words and ids."""

    kind: Source
    id: str
    ids: tuple[str, ...]
    """Its own, and for an Order also the Checkout's that it was."""
    order_number: str
    currency: str
    channel: str
    language: str
    """`vi` or `en`: what its buyer is spoken to in."""
    total_vnd: int
    """What the whole costs, as the Saleor computed it: goods, delivery, everything taken off."""
    shipping_vnd: int
    lines: Sequence[SourceLine]
    told: Mapping[str, Any]
    """The whole of what came, for who buys and where the goods go."""

    @property
    def order_id(self) -> str:
        """The Order's id; empty while it is a Checkout."""
        return self.id if self.kind == Source.ORDER else ""


def sale_of(told: Mapping[str, Any]) -> SourceSale:
    """The `sourceObject` of our subscriptions. Raises `NotASale`, and `NotWholeDong` for money that is not đồng."""
    try:
        return _order(told) if told["__typename"] == "Order" else _checkout(told)
    except (KeyError, TypeError, AttributeError) as error:
        raise NotASale(type(error).__name__) from error


def language_of(code: object) -> str:
    """`VI`, `EN_US` and the like -> one of ours; Vietnamese for all that we do not speak."""
    short = str(code or "").lower()[:2]
    return short if short in LANGUAGES else LANGUAGES[0]


def currency_of(told: Mapping[str, Any]) -> str:
    """The currency of a `sourceObject`'s channel, read before its amounts are; "" where it says none."""
    channel = told.get("channel") or {}
    return str(channel.get("currencyCode") or "")


def _checkout(told: Mapping[str, Any]) -> SourceSale:
    return SourceSale(
        kind=Source.CHECKOUT,
        id=told["id"],
        ids=(told["id"],),
        order_number="",
        currency=currency_of(told),
        channel=told["channel"]["slug"],
        language=language_of(told["languageCode"]),
        total_vnd=_gross(told["totalPrice"]),
        shipping_vnd=_gross(told["shippingPrice"]),
        lines=[
            _line(line, line["variant"], line["variant"]["product"]["name"], line["undiscountedUnitPrice"])
            for line in told["lines"]
        ],
        told=told,
    )


def _order(told: Mapping[str, Any]) -> SourceSale:
    return SourceSale(
        kind=Source.ORDER,
        id=told["id"],
        ids=tuple(filter(None, (told["id"], told["checkoutId"]))),
        order_number=told["number"],
        currency=currency_of(told),
        channel=told["channel"]["slug"],
        language=language_of(told["languageCodeEnum"]),
        total_vnd=_gross(told["total"]),
        shipping_vnd=_gross(told["shippingPrice"]),
        lines=[
            _line(
                line,
                {"id": (line["variant"] or {}).get("id", ""), "name": line["variantName"]},
                line["productName"],
                line["undiscountedUnitPrice"]["gross"],
            )
            # Beside a Checkout's lines, an Order's need a name of their own: GraphQL would take them for one field.
            for line in (told["orderLines"] if "orderLines" in told else told["lines"])
        ],
        told=told,
    )


def _line(
    line: Mapping[str, Any], variant: Mapping[str, Any], product_name: str, unit_price: Mapping[str, Any]
) -> SourceLine:
    # Saleor calls a variant by its id where it has no name.
    name = "" if variant["name"] == variant["id"] else variant["name"]
    return SourceLine(
        id=line["id"],
        variant_id=variant["id"],
        product_name=product_name[:PRODUCT_NAME_CHARACTERS_MAX],
        variant_name=name[:VARIANT_NAME_CHARACTERS_MAX],
        quantity=line["quantity"],
        unit_price_vnd=vnd_of(unit_price["amount"]),
        total_vnd=_gross(line["totalPrice"]),
    )


def _gross(taxed: Mapping[str, Any]) -> int:
    return vnd_of(taxed["gross"]["amount"])
