"""`channels` and `channel`, and the argument `channel`: left out it means `online`; `stall` is not public."""

from __future__ import annotations

from collections.abc import Sequence

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.queries.arguments import exactly_one
from marketplace.api.graphql.types.channels import CHANNEL_NUMBERS
from marketplace.api.graphql.types.channels import Channel as ChannelType
from marketplace.core.actors import Actor
from marketplace.orders.models import Channel


class ChannelQueries(graphene.ObjectType):
    """What may be asked about channels."""

    channels = graphene.List(
        graphene.NonNull(ChannelType),
        description="All channels. Only for staff and apps, as in Saleor.",
    )
    channel = graphene.Field(
        ChannelType,
        id=graphene.ID(),
        slug=graphene.String(),
        description="One channel. To shoppers only `online` is shown, and all of it: they need nothing of `stall`.",
    )

    @staticmethod
    def resolve_channels(_root: None, info: GraphQLResolveInfo) -> Sequence[str]:
        asked = context(info)
        if asked.app is None and not is_staff(asked.actor):
            raise needs_one_of("AUTHENTICATED_APP", "AUTHENTICATED_STAFF_USER")
        return list(CHANNEL_NUMBERS)

    @staticmethod
    def resolve_channel(
        _root: None, info: GraphQLResolveInfo, *, id: str | None = None, slug: str | None = None
    ) -> str | None:
        exactly_one(id=id, slug=slug)
        if id is not None:
            number = integer_of(id, "Channel")
            slug = next((name for name, its_number in CHANNEL_NUMBERS.items() if its_number == number), None)
        if slug is None or slug not in CHANNEL_NUMBERS:
            return None
        asked = context(info)
        return slug if is_online(slug) or asked.app is not None or is_staff(asked.actor) else None


def is_online(channel: str | None) -> bool:
    """Whether what is asked for is the public channel. Any other one has nothing to show, as in Saleor."""
    return channel is None or channel == Channel.ONLINE


def is_staff(actor: Actor) -> bool:
    """Whether this holds an office of the administration: operator, province, commune."""
    return bool(actor.is_operator or actor.province_codes or actor.commune_codes)
