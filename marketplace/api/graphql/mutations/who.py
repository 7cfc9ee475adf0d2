"""Who asks for a change of what is their own, and how often strangers may."""

from __future__ import annotations

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.core.errors import TooMany
from marketplace.core.tries import count_try, key_of_address
from marketplace.people.models import User

STRANGERS_OF_AN_ADDRESS_MAX = 60
"""A whole village may share one address, and so do the shoppers of a storefront that asks for them."""
STRANGERS_KEPT_S = 15 * 60


def signed_in(info: GraphQLResolveInfo, *others: str) -> User:
    """The person who asks. Raises Saleor's refusal for nobody and for apps; it names `others` who may in Saleor."""
    user = context(info).user
    if user is None:
        raise needs_one_of(*others, "AUTHENTICATED_USER")
    return user


def count_stranger(info: GraphQLResolveInfo, kind: str) -> None:
    """Count that somebody asks for a mail or an account from where this request comes. Raises `TooMany`."""
    key = key_of_address(kind, context(info).address)
    if cache.get(key, 0) >= STRANGERS_OF_AN_ADDRESS_MAX:
        raise TooMany(
            _("Từ mạng này gửi yêu cầu nhiều quá. Đợi 15 phút rồi thử lại."), retry_after_s=STRANGERS_KEPT_S
        )
    count_try(key, kept_s=STRANGERS_KEPT_S)
