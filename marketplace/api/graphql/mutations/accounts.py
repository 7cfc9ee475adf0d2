"""Signing in and staying signed in: Saleor's tokens."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import gettext_lazy as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context, issuer
from marketplace.api.graphql.mutations.refusals import AccountError, told_as
from marketplace.api.graphql.mutations.who import signed_in
from marketplace.api.graphql.selections import is_asked
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import AccountErrorCode
from marketplace.api.graphql.types.scalars import GenericScalar
from marketplace.api.graphql.types.users import User
from marketplace.people.models import User as UserRow
from marketplace.people.second_step import CodeMissing, check_code, has_second_step
from marketplace.people.sessions import note_program, note_use, sign_out_everywhere, use_is_to_be_noted
from marketplace.people.sign_in import sign_in
from marketplace.people.tokens import Tokens, WrongToken, issue_tokens, refresh_tokens, verified


class CreateToken(graphene.Mutation):
    """A token for an e-mail address or a phone number and its password, and a code where the account asks for one."""

    class Arguments:
        audience = graphene.String()
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
    def mutate(
        _root: None,
        info: GraphQLResolveInfo,
        email: str,
        password: str,
        code: str | None = None,
        audience: str | None = None,
    ) -> dict[str, Any]:
        asked = context(info)
        user = sign_in(login=email, password=password, now=asked.now, address=asked.address)
        by_two_steps = has_second_step(user)
        if by_two_steps:
            if not code:
                raise CodeMissing(_("Tài khoản này cần thêm mã của ứng dụng xác thực: gửi kèm `code`."), field="code")
            check_code(user=user, code=code, now=asked.now)
        tokens = begin_program(info, user, by_two_steps=by_two_steps, audience=audience or "")
        return {**told_tokens(tokens), "user": user}


class RefreshToken(graphene.Mutation):
    """A fresh access token for a refresh token.

    A client that asks for `refreshToken` here gets another one in its place; Saleor's own keep the one they have.
    """

    class Arguments:
        csrf_token = graphene.String(description="Saleor's, for tokens in a cookie; no cookie is read here.")
        refresh_token = graphene.String()

    token = graphene.String()
    refresh_token = graphene.String(
        description="Not Saleor's: asking for it rotates the refresh token. The old one is good for a minute more."
    )
    user = graphene.Field(User)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, refresh_token: str | None = None, csrf_token: str | None = None
    ) -> dict[str, Any]:
        asked = context(info)
        if refresh_token is None:
            raise WrongToken("Missing refreshToken", field="refresh_token", code="JWT_MISSING_TOKEN")
        fresh = refresh_tokens(
            token=refresh_token, now=asked.now, issuer=issuer(), rotate=is_asked("refreshToken", info)
        )
        used = fresh.user.present_sign_in
        if used is not None and use_is_to_be_noted(used, now=asked.now):
            note_use(used, address=asked.address, now=asked.now)
        return {"token": fresh.access, "refresh_token": fresh.refresh, "user": fresh.user}


class VerifyToken(graphene.Mutation):
    """Whether a token of ours still counts, whose it is, and what it says."""

    class Arguments:
        token = graphene.String(required=True)

    user = graphene.Field(User)
    is_valid = graphene.Boolean(required=True)
    payload = GenericScalar()
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode, blank={"is_valid": False})
    def mutate(_root: None, info: GraphQLResolveInfo, token: str) -> dict[str, Any]:
        user, claims = verified(token, now=context(info).now)
        return {"user": user, "is_valid": True, "payload": claims}


class DeactivateAllUserTokens(graphene.Mutation):
    """Sign out everywhere, here too: every session and token of the person who asks ends."""

    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo) -> dict[str, Any]:
        sign_out_everywhere(user=signed_in(info), now=context(info).now, here_too=True)
        return {}


def begin_program(info: GraphQLResolveInfo, user: UserRow, *, by_two_steps: bool, audience: str = "") -> Tokens:
    """Sign a person in with the program that asks, and give it its tokens."""
    asked = context(info)
    session = note_program(
        user=user,
        user_agent=asked.user_agent,
        address=asked.address,
        by_two_steps=by_two_steps,
        now=asked.now,
    )
    return issue_tokens(user=user, now=asked.now, issuer=issuer(), sign_in=session, audience=audience)


def told_tokens(tokens: Tokens) -> dict[str, str]:
    """A pair of tokens as Saleor's payloads name them."""
    return {"token": tokens.access, "refresh_token": tokens.refresh, "csrf_token": tokens.csrf}


class AccountMutations(graphene.ObjectType):
    """What may be done about signing in."""

    token_create = CreateToken.Field()
    token_refresh = RefreshToken.Field()
    token_verify = VerifyToken.Field()
    tokens_deactivate_all = DeactivateAllUserTokens.Field()
