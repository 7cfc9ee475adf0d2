"""Signing in."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import gettext_lazy as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context, issuer
from marketplace.api.graphql.mutations.refusals import AccountError, told_as
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import AccountErrorCode
from marketplace.api.graphql.types.users import User
from marketplace.people.second_step import CodeMissing, check_code, has_second_step
from marketplace.people.sessions import note_program
from marketplace.people.sign_in import sign_in
from marketplace.people.tokens import issue_tokens


class CreateToken(graphene.Mutation):
    """A token for an e-mail address or a phone number and its password, and a code where the account asks for one."""

    class Arguments:
        email = graphene.String(required=True)
        password = graphene.String(required=True)
        code = graphene.String(description="Not Saleor's: the second step of accounts that have one.")

    token = graphene.String()
    refresh_token = graphene.String()
    csrf_token = graphene.String()
    user = graphene.Field(User)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, email: str, password: str, code: str = "") -> dict[str, Any]:
        asked = context(info)
        user = sign_in(login=email, password=password, now=asked.now)
        by_two_steps = has_second_step(user)
        if by_two_steps:
            if not code:
                raise CodeMissing(_("Tài khoản này cần thêm mã của ứng dụng xác thực: gửi kèm `code`."), field="code")
            check_code(user=user, code=code, now=asked.now)
        session = note_program(
            user=user,
            user_agent=asked.user_agent,
            address=asked.address,
            by_two_steps=by_two_steps,
            now=asked.now,
        )
        tokens = issue_tokens(user=user, now=asked.now, issuer=issuer(), sign_in=session)
        return {
            "token": tokens.access,
            "refresh_token": tokens.refresh,
            "csrf_token": tokens.csrf,
            "user": user,
        }


class AccountMutations(graphene.ObjectType):
    """What may be done about signing in."""

    token_create = CreateToken.Field()
