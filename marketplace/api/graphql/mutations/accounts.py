"""Signing in."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context, issuer
from marketplace.api.graphql.mutations.refusals import AccountError, told_as
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import AccountErrorCode
from marketplace.api.graphql.types.users import User
from marketplace.people.sign_in import sign_in
from marketplace.people.tokens import issue_tokens


class CreateToken(graphene.Mutation):
    """A token for an e-mail address or a phone number and its password."""

    class Arguments:
        email = graphene.String(required=True)
        password = graphene.String(required=True)

    token = graphene.String()
    refresh_token = graphene.String()
    csrf_token = graphene.String()
    user = graphene.Field(User)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, email: str, password: str) -> dict[str, Any]:
        now = context(info).now
        user = sign_in(login=email, password=password, now=now)
        tokens = issue_tokens(user=user, now=now, issuer=issuer())
        return {
            "token": tokens.access,
            "refresh_token": tokens.refresh,
            "csrf_token": tokens.csrf,
            "user": user,
        }


class AccountMutations(graphene.ObjectType):
    """What may be done about signing in."""

    token_create = CreateToken.Field()
