"""What a person changes about their own account: names, password, kept addresses."""

from __future__ import annotations

from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import context
from marketplace.api.graphql.ids import key_of, to_global_id
from marketplace.api.graphql.mutations.refusals import AccountError, in_field, told_as
from marketplace.api.graphql.mutations.who import signed_in
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.addresses import Address, AddressInput, KeptAddress, address_wanted, kept_number
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import AccountErrorCode, AddressTypeEnum, LanguageCodeEnum
from marketplace.api.graphql.types.languages import language_kept
from marketplace.api.graphql.types.metadata import MetadataInput, metadata_put
from marketplace.api.graphql.types.users import User
from marketplace.core.actors import Actor
from marketplace.orders.selectors import saved_address
from marketplace.orders.services.addresses import AddressInput as AddressWanted
from marketplace.orders.services.addresses import about_address
from marketplace.orders.services.own_addresses import (
    AccountChanges,
    change_own_address,
    keep_own_address,
    prefer_address,
    update_account,
)
from marketplace.orders.services.saved_addresses import forget_address
from marketplace.people.models import User as UserRow
from marketplace.people.services import WeakPassword
from marketplace.people.sessions import change_password

BILLING = "BILLING"


class AccountInput(graphene.InputObjectType):
    """What is changed of an account."""

    first_name = graphene.String()
    last_name = graphene.String()
    language_code = LanguageCodeEnum()
    default_billing_address = AddressInput()
    default_shipping_address = AddressInput()
    metadata = graphene.List(graphene.NonNull(MetadataInput))


class AccountUpdate(graphene.Mutation):
    """Change one's own account. Names are kept as one, the family's first; a part that is not given stays."""

    class Arguments:
        customer_id = graphene.ID()
        input = AccountInput(required=True)

    user = graphene.Field(User)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, input: dict[str, Any], customer_id: str | None = None
    ) -> dict[str, Any]:
        user = _oneself(info, customer_id)
        changes = AccountChanges(
            first_name=input.get("first_name"),
            last_name=input.get("last_name"),
            language_code=language_kept(input.get("language_code")),
            metadata=metadata_put(input.get("metadata")),
            default_shipping_address=_wanted(input.get("default_shipping_address"), "shipping"),
            default_billing_address=_wanted(input.get("default_billing_address"), "billing"),
        )
        return {"user": update_account(user=user, changes=changes, now=context(info).now)}


class PasswordChange(graphene.Mutation):
    """Set a new password. Every other sign-in of the person ends; the asking one goes on."""

    class Arguments:
        new_password = graphene.String(required=True)
        old_password = graphene.String()

    user = graphene.Field(User)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, new_password: str, old_password: str | None = None
    ) -> dict[str, Any]:
        user = signed_in(info)
        try:
            changed = change_password(user=user, old=old_password or "", new=new_password, now=context(info).now)
        except WeakPassword as error:
            error.field = "new_password"
            raise
        return {"user": changed}


class AccountAddressCreate(graphene.Mutation):
    """Keep an address of one's own; one that is kept already moves to the front."""

    class Arguments:
        customer_id = graphene.ID()
        input = AddressInput(required=True)
        type = AddressTypeEnum()

    user = graphene.Field(User)
    address = graphene.Field(Address)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(
        _root: None,
        info: GraphQLResolveInfo,
        input: dict[str, Any],
        type: Any = None,
        customer_id: str | None = None,
    ) -> dict[str, Any]:
        user = _oneself(info, customer_id)
        kept = keep_own_address(
            user=user, given=address_wanted(input), for_bills=_is_for_bills(type), now=context(info).now
        )
        user.refresh_from_db(fields=["billing_address_number"])
        return {"user": user, "address": KeptAddress(kept)}


class AccountAddressUpdate(graphene.Mutation):
    """Correct an address of one's own. Orders that went there keep what they were placed with.

    A part of the name that is not given stays, so does the postal code while the commune does; the rest is replaced.
    """

    class Arguments:
        id = graphene.ID(required=True)
        input = AddressInput(required=True)

    user = graphene.Field(User)
    address = graphene.Field(Address)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, input: dict[str, Any]) -> dict[str, Any]:
        user = signed_in(info)
        changed = change_own_address(
            user=user,
            address_id=_number(id),
            given=address_wanted(input),
            said={field for field, value in input.items() if value is not None},
            now=context(info).now,
        )
        return {"user": user, "address": KeptAddress(changed)}


class AccountAddressDelete(graphene.Mutation):
    """Keep an address of one's own no longer. Answers what it was."""

    class Arguments:
        id = graphene.ID(required=True)

    user = graphene.Field(User)
    address = graphene.Field(Address)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str) -> dict[str, Any]:
        user = signed_in(info)
        actor, number = Actor(user_id=user.pk), _number(id)
        known = saved_address(actor=actor, address_id=number)
        forget_address(actor=actor, address_id=number, now=context(info).now)
        return {"user": user, "address": KeptAddress(known)}


class AccountSetDefaultAddress(graphene.Mutation):
    """Say which kept address is filled in first for goods, or which bills are made out to."""

    class Arguments:
        id = graphene.ID(required=True)
        type = AddressTypeEnum(required=True)

    user = graphene.Field(User)
    errors = non_null_list(AccountError)

    @staticmethod
    @told_as(AccountErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, type: Any) -> dict[str, Any]:
        user = signed_in(info)
        changed = prefer_address(
            user=user, address_id=_number(id), for_bills=_is_for_bills(type), now=context(info).now
        )
        return {"user": changed}


def _oneself(info: GraphQLResolveInfo, customer_id: str | None) -> UserRow:
    """The person who asks. Raises Saleor's refusal where somebody else is named."""
    user = signed_in(info)
    if customer_id is not None and customer_id != to_global_id("User", user.pk):
        raise needs_one_of("IMPERSONATE_USER")
    return user


def _number(address_id: str) -> int:
    """The row of a kept address; 0, which is none, for another address."""
    return kept_number(in_field("id", key_of, address_id, type_name="Address"))


def _wanted(given: dict[str, Any] | None, address_type: str) -> AddressWanted | None:
    with about_address(address_type):
        return None if given is None else address_wanted(given)


def _is_for_bills(type: Any) -> bool:
    return type is not None and str(getattr(type, "value", type)) == BILLING


class AccountChangeMutations(graphene.ObjectType):
    """What a person changes about themselves."""

    account_update = AccountUpdate.Field()
    account_address_create = AccountAddressCreate.Field()
    account_address_update = AccountAddressUpdate.Field()
    account_address_delete = AccountAddressDelete.Field()
    account_set_default_address = AccountSetDefaultAddress.Field()
    password_change = PasswordChange.Field()
