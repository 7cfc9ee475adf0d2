"""Saleor's channels: where sales are made. A vendor is not a channel."""

from __future__ import annotations

import graphene

from marketplace.api.graphql.ids import to_global_id
from marketplace.api.graphql.types.addresses import CountryDisplay
from marketplace.api.graphql.types.common import CURRENCY, Node
from marketplace.api.graphql.types.texts import in_language
from marketplace.core.languages import SOURCE
from marketplace.orders.models import Channel as ChannelName
from marketplace.orders.services.addresses import VIETNAM

CHANNEL_NUMBERS = {ChannelName.ONLINE.value: 1, ChannelName.STALL.value: 2}


class Channel(graphene.ObjectType):
    """Where sales are made: `online`, or at a `stall`. Resolved from its slug.

    Saleor shows `currencyCode` and others of these only to staff. Here they are open: nothing of them is a secret,
    and every order and checkout answers them to its buyer.
    """

    class Meta:
        interfaces = (Node,)

    id = graphene.ID(required=True, resolver=lambda root, _info: to_global_id("Channel", CHANNEL_NUMBERS[root]))
    slug = graphene.String(required=True, resolver=lambda root, _info: root)
    name = graphene.String(required=True, resolver=lambda root, _info: in_language(ChannelName(root).label, SOURCE))
    is_active = graphene.Boolean(required=True, resolver=lambda _root, _info: True)
    currency_code = graphene.String(required=True, resolver=lambda _root, _info: CURRENCY)
    default_country = graphene.Field(CountryDisplay, required=True, resolver=lambda _root, _info: VIETNAM)
    countries = graphene.List(graphene.NonNull(CountryDisplay), resolver=lambda _root, _info: [VIETNAM])
