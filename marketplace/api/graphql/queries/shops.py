"""Ours: shops, the places they lie in, certificates of goods, and payment codes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog.models import OcopCertificate as CertificateRow
from catalog.selectors.public_certificates import certificate_named, public_certificates
from marketplace.api.graphql.connections import ID_KEY, Connection, Slice, SortKey, page_of_rows
from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.queries.arguments import exactly_one
from marketplace.api.graphql.queries.product_filters import is_descending
from marketplace.api.graphql.queries.reading_inputs import Given
from marketplace.api.graphql.types.common import non_null_list, paging
from marketplace.api.graphql.types.enums import OrderDirection, VendorSortField
from marketplace.api.graphql.types.payment_codes import PaymentCode
from marketplace.api.graphql.types.places import Commune, MarketSiteConnection, Province
from marketplace.api.graphql.types.products import OcopCertificate
from marketplace.api.graphql.types.vendors import Vendor, VendorConnection
from marketplace.core.errors import NotFound
from marketplace.orders.selectors.payment_codes import CodeSight, payment_code_sight
from marketplace.places import models as places
from marketplace.places.selectors import communes_of, list_provinces, market_sites
from vendors.models import Vendor as VendorRow
from vendors.selectors import called_so, public_vendors, vendor_by_slug

OF_PROVINCE = "The two-digit code of a province."
OF_COMMUNE = "The five-digit code of a commune."


class VendorSortingInput(graphene.InputObjectType):
    """In which order shops come."""

    direction = OrderDirection(required=True, description="First to last, or last to first.")
    field = VendorSortField(required=True, description="By what: the name, as Vietnamese is sorted.")


class ShopQueries(graphene.ObjectType):
    """What may be asked about shops, places, certificates and payment codes."""

    vendors = graphene.Field(
        VendorConnection,
        province=graphene.String(description=OF_PROVINCE),
        commune=graphene.String(description=OF_COMMUNE),
        market_site=graphene.String(description="The slug of a market: the shops that stand in it."),
        search=graphene.String(description="Words that begin words of the name, with or without marks."),
        sort_by=VendorSortingInput(description="By name where left out."),
        description="The shops that may sell; all that is given must hold. Open to everybody.",
        **paging(),
    )
    vendor = graphene.Field(
        Vendor,
        id=graphene.ID(description="This, or `slug`."),
        slug=graphene.String(description="This, or `id`."),
        description="A shop that may sell; null where there is none. Open to everybody.",
    )
    ocop_certificate = graphene.Field(
        OcopCertificate,
        id=graphene.ID(description="This, or one of the numbers on the paper."),
        decision_number=graphene.String(description="The number of the decision, such as “1234/QĐ-UBND”."),
        product_code=graphene.String(description="The OCOP code of the product, such as “83-829-28780-3-2022”."),
        description=(
            "A certificate that staff verified and that is valid today, of goods that the asker may see; null for "
            "any other. INVALID where a decision's number names several. Open to everybody."
        ),
    )
    market_sites = graphene.Field(
        MarketSiteConnection,
        province=graphene.String(description=OF_PROVINCE),
        commune=graphene.String(description=OF_COMMUNE),
        description="Markets and points of sale, by name; all that is given must hold. Open to everybody.",
        **paging(),
    )
    provinces = non_null_list(Province, description="The 34 provinces and cities, by name. Open to everybody.")
    communes = non_null_list(
        Commune,
        province=graphene.String(required=True, description=OF_PROVINCE),
        description="The communes of a province, by name; none for an unknown code. Open to everybody.",
    )
    payment_code = graphene.Field(
        PaymentCode,
        code=graphene.String(required=True, description="As it was typed or scanned: case and blanks do not matter."),
        description=(
            "What a payer may know of the code in a transfer; null where no such code was ever given out. Open to "
            "everybody, and so it tells nothing of the order."
        ),
    )

    @staticmethod
    def resolve_vendors(
        _root: None,
        _info: GraphQLResolveInfo,
        *,
        province: str | None = None,
        commune: str | None = None,
        market_site: str | None = None,
        search: str | None = None,
        sort_by: Given | None = None,
        **asked: Any,
    ) -> Connection[VendorRow]:
        named = {"commune__province": province, "commune": commune, "market_site__slug": market_site}
        shops = public_vendors().filter(called_so(search or ""), **_given(named))
        descending = sort_by is not None and is_descending(sort_by)
        keys = [SortKey(key.column, key.kind, descending) for key in (SortKey("sort_key"), ID_KEY)]
        rows = shops.select_related("commune__province", "market_site__commune__province")
        return page_of_rows(rows, keys=keys, asked=Slice(**asked), name="vendors")

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
    def resolve_ocop_certificate(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        id: str | None = None,
        decision_number: str | None = None,
        product_code: str | None = None,
    ) -> CertificateRow | None:
        exactly_one(id=id, decisionNumber=decision_number, productCode=product_code)
        asker = context(info)
        shown = public_certificates(today=asker.today, age_declared=asker.age_declared)
        if id is not None:
            return shown.filter(pk=integer_of(id, "OcopCertificate")).first()
        return certificate_named(shown, decision_number=decision_number, product_code=product_code)

    @staticmethod
    def resolve_market_sites(
        _root: None,
        _info: GraphQLResolveInfo,
        *,
        province: str | None = None,
        commune: str | None = None,
        **asked: Any,
    ) -> Connection[places.MarketSite]:
        sites = market_sites().filter(**_given({"commune__province": province, "commune": commune}))
        return page_of_rows(sites, keys=(SortKey("sort_key"), ID_KEY), asked=Slice(**asked), name="marketSites")

    @staticmethod
    def resolve_provinces(_root: None, _info: GraphQLResolveInfo) -> Sequence[places.Province]:
        return list_provinces()

    @staticmethod
    def resolve_communes(_root: None, _info: GraphQLResolveInfo, *, province: str) -> Sequence[places.Commune]:
        return communes_of(province)

    @staticmethod
    def resolve_payment_code(_root: None, info: GraphQLResolveInfo, *, code: str) -> CodeSight | None:
        return payment_code_sight(code, now=context(info).now)


def _given(named: dict[str, str | None]) -> dict[str, str]:
    return {column: value for column, value in named.items() if value is not None}
