"""Provinces and communes: the two levels there are since July 2025. And the markets in them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import graphene

from marketplace.api.graphql.types.common import Node, connection_of, global_id
from marketplace.api.graphql.types.enums import MarketSiteKind


def degrees(column: str, description: str) -> Any:
    """A place on earth, where it is known."""

    def resolve(root: object, _info: object) -> float | None:
        value: Decimal | None = getattr(root, column)
        return None if value is None else float(value)

    return graphene.Float(description=description, resolver=resolve)


class Province(graphene.ObjectType):
    """A province or centrally run city: one of the 34 there are since July 2025."""

    code = graphene.String(required=True, description="Two digits, as the administration writes them.")
    name = graphene.String(required=True, description="In full, with its type: “Tỉnh Cao Bằng”.")
    short_name = graphene.String(required=True, description="Without its type: “Cao Bằng”.")


class Commune(graphene.ObjectType):
    """A commune, ward or special zone: what stands below the province, with nothing between."""

    code = graphene.String(required=True, description="Five digits, as the administration writes them.")
    name = graphene.String(required=True, description="In full, with its type: “Xã Đàm Thủy”.")
    short_name = graphene.String(required=True, description="Without its type: “Đàm Thủy”.")
    province = graphene.Field(Province, required=True, description="The province it lies in.")
    latitude = degrees("lat", "Of its middle, in degrees north.")
    longitude = degrees("lon", "Of its middle, in degrees east.")


class MarketSite(graphene.ObjectType):
    """A market (chợ), or a point where OCOP goods are shown and sold; shops stand in it."""

    class Meta:
        interfaces = (Node,)

    id = global_id("MarketSite")
    slug = graphene.String(required=True, description="Its name in its address.")
    kind = graphene.Field(
        MarketSiteKind,
        required=True,
        description="A market, or a point of sale of OCOP goods.",
        resolver=lambda root, _info: root.kind.upper(),
    )
    name = graphene.String(required=True, description="What people call it.")
    commune = graphene.Field(Commune, required=True, description="Where it lies.")
    address_line = graphene.String(required=True, description="Its street; empty where nobody wrote it down.")
    opening_note = graphene.String(required=True, description="When it is open, in words; empty where unknown.")
    latitude = degrees("lat", "In degrees north.")
    longitude = degrees("lon", "In degrees east.")
    is_demo = graphene.Boolean(required=True, description="Whether it was made up to show how the market works.")


MarketSiteConnection = connection_of(MarketSite)
