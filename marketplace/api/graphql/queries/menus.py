"""`menu`: the two menus of the market, as Saleor's storefront asks for them."""

from __future__ import annotations

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.menu_rows import MENU_NUMBERS, MenuRow
from marketplace.api.graphql.queries.arguments import exactly_one
from marketplace.api.graphql.queries.channels import is_online
from marketplace.api.graphql.types.menus import Menu, menu_row


class MenuQueries(graphene.ObjectType):
    """What may be asked about menus."""

    menu = graphene.Field(
        Menu, channel=graphene.String(), id=graphene.ID(), name=graphene.String(), slug=graphene.String()
    )

    @staticmethod
    def resolve_menu(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        channel: str | None = None,
        id: str | None = None,
        name: str | None = None,
        slug: str | None = None,
    ) -> MenuRow | None:
        exactly_one(id=id, name=name, slug=slug)
        if id is not None:
            number = integer_of(id, "Menu")
            wanted = next((slug for slug, its_number in MENU_NUMBERS.items() if its_number == number), "")
        else:
            wanted = slug or name or ""
        return menu_row(wanted, info) if wanted in MENU_NUMBERS and is_online(channel) else None
