"""Signing in through somebody else's service: this market has none, and says so in Saleor's payloads."""

from __future__ import annotations

from typing import Any, NoReturn

import graphene
from django.utils.translation import gettext_lazy as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.mutations.refusals import AccountError, told_as
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import AccountErrorCode
from marketplace.api.graphql.types.scalars import JSONString
from marketplace.api.graphql.types.users import User
from marketplace.core.errors import NotFound


class ExternalAuthenticationUrl(graphene.Mutation):
    """Where to sign in outside: nowhere."""

    class Arguments:
        input = JSONString(required=True)
        plugin_id = graphene.String(required=True)

    authentication_data = JSONString()
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(_root: None, _info: GraphQLResolveInfo, plugin_id: str, **_given: Any) -> dict[str, Any]:
        _refuse()


class ExternalObtainAccessTokens(graphene.Mutation):
    """Tokens for a sign-in outside: none."""

    class Arguments:
        input = JSONString(required=True)
        plugin_id = graphene.String(required=True)

    token = graphene.String()
    refresh_token = graphene.String()
    csrf_token = graphene.String()
    user = graphene.Field(User)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(_root: None, _info: GraphQLResolveInfo, plugin_id: str, **_given: Any) -> dict[str, Any]:
        _refuse()


def _refuse() -> NoReturn:
    raise NotFound(_("Chợ không có cách đăng nhập này. Bạn dùng số điện thoại hoặc thư điện tử."), field="plugin_id")


class OutsideSignInMutations(graphene.ObjectType):
    """What Saleor's plugins for signing in do."""

    external_authentication_url = ExternalAuthenticationUrl.Field()
    external_obtain_access_tokens = ExternalObtainAccessTokens.Field()
