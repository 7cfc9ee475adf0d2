"""What is confirmed by a link in a mail: a new account, a new password, the end of an account."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.mutations.accounts import begin_program, told_tokens
from marketplace.api.graphql.mutations.refusals import AccountError, told_as
from marketplace.api.graphql.mutations.who import count_stranger, signed_in
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import AccountErrorCode, LanguageCodeEnum
from marketplace.api.graphql.types.languages import language_kept
from marketplace.api.graphql.types.metadata import MetadataInput, metadata_put
from marketplace.api.graphql.types.users import User
from marketplace.core.errors import InvalidInput
from marketplace.core.names import whole_name
from marketplace.orders.services.leaving import delete_account, request_deletion
from marketplace.people.mailing import check_redirect, mail_is_sent
from marketplace.people.models import User as UserRow
from marketplace.people.registering import INVALID_TOKEN, Wanted, WrongLink, confirm_registration, register_by_email
from marketplace.people.resetting import LinkOver, ask_for_link, use_link
from marketplace.people.second_step import has_second_step

NOT_YET_KNOWN = 0
"""No row has this key: who registers is shown as they wrote themselves, whether they are known here or not."""


class AccountRegisterInput(graphene.InputObjectType):
    """Who somebody wants to be known as. The channel changes nothing: all mails are this market's."""

    first_name = graphene.String()
    last_name = graphene.String()
    language_code = LanguageCodeEnum()
    email = graphene.String(required=True)
    password = graphene.String(required=True)
    redirect_url = graphene.String()
    metadata = graphene.List(graphene.NonNull(MetadataInput))
    channel = graphene.String()


class AccountRegister(graphene.Mutation):
    """Register by an e-mail address; where this market sends mail, a link in one makes the account.

    The answer is the same for an address that is known here already.
    """

    class Arguments:
        input = AccountRegisterInput(required=True)

    user = graphene.Field(
        User,
        deprecation_reason="What was sent, without an id: whether somebody is known here is told to nobody.",
    )
    requires_confirmation = graphene.Boolean()
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, input: dict[str, Any]) -> dict[str, Any]:
        now = context(info).now
        count_stranger(info, "register")
        wanted = _wanted(input)
        must_confirm = register_by_email(wanted=wanted, now=now)
        shown = UserRow(
            pk=NOT_YET_KNOWN,
            email=wanted.email.lower(),
            name=wanted.name,
            language_code=wanted.language_code,
            metadata=wanted.metadata,
            made_at=now,
        )
        return {"user": shown, "requires_confirmation": must_confirm}


def _wanted(given: dict[str, Any]) -> Wanted:
    redirect_url = given.get("redirect_url") or ""
    if mail_is_sent() and not redirect_url:
        raise InvalidInput("This field is required.", field="redirect_url", code="REQUIRED")
    return Wanted(
        email=given["email"],
        password=given["password"],
        name=whole_name(first=given.get("first_name") or "", last=given.get("last_name") or ""),
        language_code=language_kept(given.get("language_code")) or "vi",
        metadata=metadata_put(given.get("metadata")),
        redirect_url=check_redirect(redirect_url) if redirect_url else "",
    )


class ConfirmAccount(graphene.Mutation):
    """Make the account whose registration a link confirms. `password` changes nothing: each has its own."""

    class Arguments:
        email = graphene.String(required=True)
        password = graphene.String()
        token = graphene.String(required=True)

    user = graphene.Field(User)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, email: str, token: str, password: str | None = None
    ) -> dict[str, Any]:
        return {"user": confirm_registration(email=email, secret=token, now=context(info).now)}


class RequestPasswordReset(graphene.Mutation):
    """Have a link sent that sets a new password. The answer is the same whoever it is, known here or not."""

    class Arguments:
        channel = graphene.String()
        email = graphene.String(required=True)
        redirect_url = graphene.String(required=True)

    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, email: str, redirect_url: str, channel: str | None = None
    ) -> dict[str, Any]:
        check_redirect(redirect_url)
        count_stranger(info, "forgot")
        ask_for_link(login=email, redirect_url=redirect_url, now=context(info).now)
        return {}


class SetPassword(graphene.Mutation):
    """Set a new password by a link, and sign in with it. An account with a second step signs in by `tokenCreate`."""

    class Arguments:
        email = graphene.String(required=True)
        password = graphene.String(required=True)
        token = graphene.String(required=True)

    token = graphene.String()
    refresh_token = graphene.String()
    csrf_token = graphene.String()
    user = graphene.Field(User)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, email: str, password: str, token: str) -> dict[str, Any]:
        try:
            user = use_link(secret=token, email=email, password=password, now=context(info).now)
        except LinkOver as error:
            raise WrongLink(INVALID_TOKEN, field="token") from error
        if has_second_step(user):
            return {"user": user}
        return {**told_tokens(begin_program(info, user, by_two_steps=False)), "user": user}


class AccountRequestDeletion(graphene.Mutation):
    """Have a link sent that deletes the account of the person who asks."""

    class Arguments:
        channel = graphene.String()
        redirect_url = graphene.String(required=True)

    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, redirect_url: str, channel: str | None = None
    ) -> dict[str, Any]:
        user = signed_in(info)
        request_deletion(user=user, redirect_url=check_redirect(redirect_url), now=context(info).now)
        return {}


class AccountDelete(graphene.Mutation):
    """Delete the account of the person who asks, by the link. Their orders stay, as the law asks."""

    class Arguments:
        token = graphene.String(required=True)

    user = graphene.Field(User)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, token: str) -> dict[str, Any]:
        return {"user": delete_account(user=signed_in(info), secret=token, now=context(info).now)}


class AccountLinkMutations(graphene.ObjectType):
    """What a link in a mail confirms."""

    account_register = AccountRegister.Field()
    confirm_account = ConfirmAccount.Field()
    request_password_reset = RequestPasswordReset.Field()
    set_password = SetPassword.Field()
    account_request_deletion = AccountRequestDeletion.Field()
    account_delete = AccountDelete.Field()
