"""What stands against ordering a checkout as it is, as Saleor tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.types.products import ProductVariant
from marketplace.orders.models import CheckoutDelivery
from marketplace.orders.selectors import BasketLine, BasketShop, ChosenDelivery, chosen_delivery

_LINE = "marketplace.api.graphql.types.checkouts.CheckoutLine"
_DELIVERY = "marketplace.api.graphql.types.checkouts.Delivery"


@dataclass(frozen=True)
class TooFewLeft:
    """A line that wants more than can be had."""

    line: BasketLine


@dataclass(frozen=True)
class NotForSale:
    """A line whose goods are not sold at present, or not to this buyer."""

    line: BasketLine


@dataclass(frozen=True)
class DeliveryChanged:
    """A chosen way of delivery whose price or name is another by now."""

    delivery: CheckoutDelivery


@dataclass(frozen=True)
class DeliveryGone:
    """A chosen way of delivery that is offered no more."""

    delivery: CheckoutDelivery


LineProblem = TooFewLeft | NotForSale
Problem = LineProblem | DeliveryChanged | DeliveryGone


def line_problems(line: BasketLine) -> Sequence[LineProblem]:
    """What stands against buying one line: one thing at most."""
    if line.problem is None:
        return []
    return [TooFewLeft(line) if line.is_for_sale else NotForSale(line)]


def problems_of(shop: BasketShop, *, now: datetime) -> Sequence[Problem]:
    """What stands against the lines in their order, then against the delivery.

    Three statements where a delivery is chosen. A voucher that takes nothing off is no problem in Saleor's words.
    """
    found: list[Problem] = [problem for line in shop.lines for problem in line_problems(line)]
    delivery = shop.checkout.delivery
    state = chosen_delivery(shop.checkout, now=now)
    if delivery is not None and state is ChosenDelivery.CHANGED:
        found.append(DeliveryChanged(delivery))
    if delivery is not None and state is ChosenDelivery.GONE:
        found.append(DeliveryGone(delivery))
    return found


class CheckoutLineProblemInsufficientStock(graphene.ObjectType):
    """More is wanted than can be had."""

    available_quantity = graphene.Int(resolver=lambda root, _info: max(0, root.line.left))
    line = graphene.Field(_LINE, required=True)
    variant = graphene.Field(ProductVariant, required=True, resolver=lambda root, _info: root.line.variant)


class CheckoutLineProblemVariantNotAvailable(graphene.ObjectType):
    """The goods are not sold at present, or the buyer did not say that they are of age."""

    line = graphene.Field(_LINE, required=True)


class CheckoutProblemDeliveryMethodStale(graphene.ObjectType):
    """The chosen way of delivery has another price or name by now: ask what is offered again."""

    delivery = graphene.Field(_DELIVERY, required=True)


class CheckoutProblemDeliveryMethodInvalid(graphene.ObjectType):
    """The chosen way of delivery is offered no more."""

    delivery = graphene.Field(_DELIVERY, required=True)


_TYPES = {
    TooFewLeft: CheckoutLineProblemInsufficientStock,
    NotForSale: CheckoutLineProblemVariantNotAvailable,
    DeliveryChanged: CheckoutProblemDeliveryMethodStale,
    DeliveryGone: CheckoutProblemDeliveryMethodInvalid,
}


class CheckoutLineProblem(graphene.Union):
    """What stands against buying a line."""

    class Meta:
        types = (CheckoutLineProblemInsufficientStock, CheckoutLineProblemVariantNotAvailable)

    @classmethod
    def resolve_type(cls, instance: LineProblem, _info: GraphQLResolveInfo) -> Any:
        """By what was found."""
        return _TYPES[type(instance)]


class CheckoutProblem(graphene.Union):
    """What stands against ordering a checkout as it is."""

    class Meta:
        types = (
            CheckoutProblemDeliveryMethodStale,
            CheckoutProblemDeliveryMethodInvalid,
            CheckoutLineProblemInsufficientStock,
            CheckoutLineProblemVariantNotAvailable,
        )

    @classmethod
    def resolve_type(cls, instance: Problem, _info: GraphQLResolveInfo) -> Any:
        """By what was found."""
        return _TYPES[type(instance)]
