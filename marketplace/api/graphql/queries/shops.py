"""`vendors` and `vendor`, and the places they lie in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.connections import ID_KEY, Connection, Slice, SortKey, page_of_rows
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.queries.arguments import exactly_one
from marketplace.api.graphql.types.common import non_null_list, paging
from marketplace.api.graphql.types.places import Commune, Province
from marketplace.api.graphql.types.vendors import Vendor, VendorConnection
from marketplace.core.errors import NotFound
from marketplace.places import models as places
from marketplace.places.selectors import communes_of, list_provinces
from vendors.models import Vendor as VendorRow
from vendors.selectors import public_vendors, vendor_by_slug

BY_NAME = (SortKey("sort_key"), ID_KEY)


class ShopQueries(graphene.ObjectType):
    """What may be asked about shops and places."""

    vendors = graphene.Field(VendorConnection, province=graphene.String(), commune=graphene.String(), **paging())
    vendor = graphene.Field(Vendor, id=graphene.ID(), slug=graphene.String())
    provinces = non_null_list(Province)
    communes = non_null_list(Commune, province=graphene.String(required=True))

    @staticmethod
    def resolve_vendors(
        _root: None,
        _info: GraphQLResolveInfo,
        *,
        province: str | None = None,
        commune: str | None = None,
        **asked: Any,
    ) -> Connection[VendorRow]:
        shops = public_vendors()
        if province is not None:
            shops = shops.filter(commune__province=province)
        if commune is not None:
            shops = shops.filter(commune=commune)
        return page_of_rows(shops, keys=BY_NAME, asked=Slice(**asked), name="vendors")

    @staticmethod
    def resolve_vendor(
        _root: None, _info: GraphQLResolveInfo, *, id: str | None = None, slug: str | None = None
    ) -> VendorRow | None:
        exactly_one(id=id, slug=slug)
        if id is not None:
            return public_vendors().filter(pk=integer_of(id, "Vendor")).first()
        try:
            return vendor_by_slug(slug or "")
        except NotFound:
            return None

    @staticmethod
    def resolve_provinces(_root: None, _info: GraphQLResolveInfo) -> Sequence[places.Province]:
        return list_provinces()

    @staticmethod
    def resolve_communes(_root: None, _info: GraphQLResolveInfo, *, province: str) -> Sequence[places.Commune]:
        return communes_of(province)
