"""`pages` and `page`: the market's own texts that are in force, and the public shops."""

from __future__ import annotations

from datetime import date
from typing import Any

import graphene
from django.db.models import Q
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.connections import Connection, Slice, nothing
from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.page_lists import NAME, page_of_pages
from marketplace.api.graphql.page_orders import is_called_so, order_asked, shops_called_so
from marketplace.api.graphql.page_rows import (
    LEGAL_PAGE_NUMBERS,
    SHOP_PAGES_BEGIN,
    PageRow,
    page_of_vendor,
    page_of_version,
    vendor_slug_of,
)
from marketplace.api.graphql.page_where import SHOPS_FILTER, SHOPS_WHERE, TEXTS_FILTER, TEXTS_WHERE
from marketplace.api.graphql.queries.arguments import exactly_one, not_both_filters
from marketplace.api.graphql.queries.categories import holds
from marketplace.api.graphql.queries.channels import is_online
from marketplace.api.graphql.queries.product_lists import viewer_of
from marketplace.api.graphql.queries.product_where import where as conditions
from marketplace.api.graphql.queries.reading_inputs import Given
from marketplace.api.graphql.types.common import paging
from marketplace.api.graphql.types.enums import LanguageCodeEnum, OrderDirection, PageSortField
from marketplace.api.graphql.types.inputs import (
    AssignedAttributeValueInput,
    GlobalIDFilterInput,
    MetadataFilter,
    StringFilterInput,
    non_null_items,
)
from marketplace.api.graphql.types.pages import Page, PageCountableConnection
from marketplace.core.errors import NotFound
from marketplace.legal.selectors import texts_in_force, version_in_force
from vendors.selectors import public_vendors, vendor_by_slug


class MetadataValueFilterInput(graphene.InputObjectType):
    """What is kept under a key: this text, or one of several."""

    eq = graphene.String()
    one_of = non_null_items(graphene.String)


class MetadataFilterInput(graphene.InputObjectType):
    """What is kept under a key; without a value, that anything is."""

    key = graphene.String(required=True)
    value = MetadataValueFilterInput()


class AssignedAttributeWhereInput(graphene.InputObjectType):
    """An attribute that must be there and, where a value is given, have it."""

    slug = graphene.String()
    value = AssignedAttributeValueInput()


class PageFilterInput(graphene.InputObjectType):
    """What pages must be, in Saleor's older form."""

    search = graphene.String()
    metadata = non_null_items(MetadataFilter)
    page_types = non_null_items(graphene.ID)
    ids = non_null_items(graphene.ID)
    slugs = non_null_items(graphene.String)


class PageWhereInput(graphene.InputObjectType):
    """What pages must be; all that is given must hold, and one of what stands under OR."""

    metadata = MetadataFilterInput()
    ids = non_null_items(graphene.ID)
    slug = StringFilterInput()
    page_type = GlobalIDFilterInput()
    attributes = non_null_items(AssignedAttributeWhereInput)
    AND = non_null_items(lambda: PageWhereInput)
    OR = non_null_items(lambda: PageWhereInput)


class PageSortingInput(graphene.InputObjectType):
    """In which order pages come."""

    direction = OrderDirection(required=True)
    field = PageSortField(required=True)


class PageQueries(graphene.ObjectType):
    """What may be asked about pages."""

    pages = graphene.Field(
        PageCountableConnection,
        sort_by=PageSortingInput(),
        filter=PageFilterInput(),
        search=graphene.String(),
        where=PageWhereInput(),
        channel=graphene.String(),
        **paging(),
    )
    page = graphene.Field(
        Page,
        id=graphene.ID(),
        slug=graphene.String(),
        slug_language_code=LanguageCodeEnum(),
        channel=graphene.String(),
    )

    @staticmethod
    def resolve_pages(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        sort_by: Given | None = None,
        filter: Given | None = None,
        search: str | None = None,
        where: Given | None = None,
        channel: str | None = None,
        **asked: Any,
    ) -> Connection[PageRow]:
        not_both_filters(filter, where)
        page = Slice(**asked)
        if not is_online(channel):
            return nothing(asked=page, name=NAME)
        today = context(info).today
        words = search or (filter or {}).get("search") or ""
        wanted = filter or where or {}
        of_texts, of_shops = (TEXTS_FILTER, SHOPS_FILTER) if filter else (TEXTS_WHERE, SHOPS_WHERE)
        shops = public_vendors().filter(conditions(wanted, of_shops, viewer_of(info), null=Q()))
        texts = [page_of_version(version) for version in texts_in_force(today=today)]
        texts = [text for text in texts if holds(text, wanted, of_texts) and is_called_so(text, words)]
        order = order_asked(sort_by, text=words)
        return page_of_pages(texts, shops_called_so(shops, words), order=order, asked=page)

    @staticmethod
    def resolve_page(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        id: str | None = None,
        slug: str | None = None,
        channel: str | None = None,
        **_slug_language: Any,
    ) -> PageRow | None:
        """A page has one slug in every language, so that its language does not matter."""
        exactly_one(id=id, slug=slug)
        if not is_online(channel):
            return None
        today = context(info).today
        try:
            return (
                _by_slug(slug, today=today)
                if slug is not None
                else _by_number(integer_of(str(id), "Page"), today=today)
            )
        except NotFound:
            return None


def _by_number(number: int, *, today: date) -> PageRow | None:
    if number <= SHOP_PAGES_BEGIN:
        kind = next((kind for kind, of_kind in LEGAL_PAGE_NUMBERS.items() if of_kind == number), "")
        return page_of_version(version_in_force(kind, today=today))
    shop = public_vendors().filter(pk=number - SHOP_PAGES_BEGIN).first()
    return None if shop is None else page_of_vendor(shop)


def _by_slug(slug: str, *, today: date) -> PageRow:
    shop = vendor_slug_of(slug)
    if shop is None:
        return page_of_version(version_in_force(slug, today=today))
    return page_of_vendor(vendor_by_slug(shop))
