"""Figures for the administration. Resolved from what `marketplace.reporting.selectors` answer; no buyer in any."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import graphene
from graphql import GraphQLError, GraphQLResolveInfo

from catalog.categories import Category as CategoryFacts
from catalog.categories import category_by_no
from marketplace.api.graphql.context import context
from marketplace.api.graphql.types.categories import Category
from marketplace.api.graphql.types.common import Money, non_null_list
from marketplace.places.models import Commune as CommuneRow
from marketplace.places.models import Province as ProvinceRow
from marketplace.reporting.selectors import (
    CommuneSummary,
    ProvinceSummary,
    TakingsRow,
    commune_takings,
    goods_by_set,
    province_sales,
)
from marketplace.reporting.selectors import SetSales as SetSalesFacts
from marketplace.reporting.selectors.asking import month_after


def money(column: str, description: str) -> Any:
    """An amount in đồng that is always there."""
    return graphene.Field(
        Money, required=True, description=description, resolver=lambda root, _info: getattr(root, column)
    )


def number(description: str) -> Any:
    """A number that is always there."""
    return graphene.Int(required=True, description=description)


class Takings(graphene.ObjectType):
    """Money of a place in a period: charges by who confirmed them, and refunds apart."""

    total = money("total_vnd", "All charges less refunds.")
    charged = money("charged_vnd", "All charges, before refunds.")
    confirmed = money("confirmed_vnd", "Of the charges, what a bank or the card network said.")
    by_bank = money("bank_vnd", "Of the charges, what a bank's notice or statement said.")
    by_card = money("card_vnd", "Of the charges, what the card network said.")
    by_vendor = money("vendor_vnd", "Of the charges, what sellers marked by hand: their own word.")
    by_cash = money("cash_vnd", "Of the charges, what sellers took in cash: their own word.")
    refunded = money("refunds_vnd", "What was given back.")
    online = money("online_vnd", "Charges less refunds of orders made on the platform.")
    stall = money("stall_vnd", "Charges less refunds of sales at stalls; with `online` it makes `total`.")
    charges = graphene.Int(required=True, description="How many charges.", resolver=lambda root, _info: root.count)
    refunds = number("How many refunds.")
    bank_percent = graphene.Int(
        description="How much of the charges a bank confirmed, in whole hundredths; null without charges.",
        resolver=lambda root, _info: root.confirmed_by_bank.percent,
    )


class TakingsDay(graphene.ObjectType):
    """One day of a commune; days without money are left out."""

    day = graphene.Date(required=True, description="The bank's date, in Vietnam.")
    takings = graphene.Field(Takings, required=True, description="The money of that day.")
    paid_orders = number("Orders that were paid in full for the first time that day.")


class SetSales(graphene.ObjectType):
    """Goods of one OCOP product set that were sold, counted when their order was first paid in full.

    An order over two sets is counted in both, so that the numbers of orders may not be added up.
    """

    category = graphene.Field(Category, description="The set; null for amounts that named no goods.")
    orders = number("Orders with goods of the set.")
    lines = number("Lines of these orders.")
    quantity = number("How many were sold.")
    amount = money("amount_vnd", "What they were sold for.")

    @staticmethod
    def resolve_category(root: SetSalesFacts, _info: GraphQLResolveInfo) -> CategoryFacts | None:
        return category_by_no(root.ocop_set)


class PlaceFigures(graphene.ObjectType):
    """A commune or a province in one month of Vietnam. What is not said to be of the month is as of `asOf`."""

    code = graphene.String(required=True, description="Of the commune (five digits) or province (two).")
    name = graphene.String(required=True, description="Of the commune or province, in full.")
    month = graphene.Date(required=True, description="The first day of the month.")
    as_of = graphene.DateTime(required=True, description="When the figures were read.")
    takings = graphene.Field(Takings, required=True, description="The money of the month.")
    takings_before = graphene.Field(Takings, required=True, description="The money of the whole month before.")
    paid_orders = number("Orders that were paid in full for the first time in the month.")
    shops_active = number("Shops with at least one charge in the month, each counted once.")
    shops_registered = number("Shops that signed up, whether they may sell or not.")
    shops_verified = number("Shops that may sell.")
    ocop_products = number("Products on sale whose certificate of 3 stars or more is verified and valid.")


@dataclass(frozen=True)
class FiguresRow:
    """The place and month that figures were asked of, and what they come to as a whole."""

    place: CommuneRow | ProvinceRow
    month: date
    summary: CommuneSummary


class Figures(graphene.ObjectType):
    """The figures of a commune or a province in one month, with what they are made of."""

    summary = graphene.Field(PlaceFigures, required=True, description="The place as a whole.")
    days = non_null_list(TakingsDay, description="Of a commune: its days with money. Empty for a province.")
    sets = non_null_list(
        SetSales,
        channel=graphene.String(description="`online` or `stall`; both where left out. Only for a province."),
        description="What was sold, by OCOP product set.",
    )
    communes = non_null_list(
        PlaceFigures, description="Of a province: all its communes by name. Empty for a commune."
    )

    @staticmethod
    def resolve_days(root: FiguresRow, info: GraphQLResolveInfo) -> list[TakingsRow]:
        if isinstance(root.place, ProvinceRow):
            return []
        first = root.summary.month
        last = month_after(first) - timedelta(days=1)
        return commune_takings(actor=context(info).actor, commune=root.place, first_day=first, last_day=last)

    @staticmethod
    def resolve_sets(root: FiguresRow, info: GraphQLResolveInfo, channel: str | None = None) -> list[SetSalesFacts]:
        actor = context(info).actor
        if isinstance(root.place, ProvinceRow):
            return province_sales(actor=actor, province=root.place, month=root.month, channel=channel)
        if channel is not None:
            raise GraphQLError("The goods of a commune are not counted by channel: leave `channel` out.")
        return goods_by_set(actor=actor, commune=root.place, month=root.month)

    @staticmethod
    def resolve_communes(root: FiguresRow, _info: GraphQLResolveInfo) -> list[CommuneSummary]:
        return root.summary.communes if isinstance(root.summary, ProvinceSummary) else []
