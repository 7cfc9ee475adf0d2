"""Refusals of services as Saleor's payloads tell them: `errors {field message code}` beside an empty result."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar

import graphene

from marketplace.api.graphql.ids import InvalidId, to_global_id
from marketplace.api.graphql.types import enums
from marketplace.core.errors import Conflict, MarketError, NotAllowed
from marketplace.core.requests_once import SameIdOtherContent

FIELD_NAMES = {"login": "email", "checkout_id": "id", "delivery_method_id": "deliveryMethodId"}
"""What an argument of a service is called over GraphQL, where the names are not simply the same."""
Mutate = Callable[..., dict[str, Any]]
Key = TypeVar("Key")
_UNDERSCORE = re.compile("_([a-z0-9])")


class CheckoutError(graphene.ObjectType):
    """Why nothing was changed."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.CheckoutErrorCode, required=True)
    variants = graphene.List(graphene.NonNull(graphene.ID))


class DeliveryOptionsCalculateError(graphene.ObjectType):
    """Why there are no deliveries."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.DeliveryOptionsCalculateErrorCode, required=True)


class TransactionInitializeError(graphene.ObjectType):
    """Why nothing was asked for."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.TransactionInitializeErrorCode, required=True)


class TransactionProcessError(graphene.ObjectType):
    """Why there is nothing to say of the transaction."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.TransactionProcessErrorCode, required=True)


class AccountError(graphene.ObjectType):
    """Why nobody signed in."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.AccountErrorCode, required=True)


def told_as(
    codes: Any, *, blank: Mapping[str, Any] | None = None
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make refusals inside a mutation into its payload's `errors`, with a code out of the enum `codes`.

    `blank` is the rest of the payload then. That somebody may not do a thing is no matter of its input, so
    `NotAllowed` stays an error beside the data.
    """
    known = frozenset(codes._meta.enum.__members__)

    def decorate(mutate: Mutate) -> Mutate:
        @wraps(mutate)
        def told(*arguments: Any, **named: Any) -> Any:
            try:
                return {"errors": [], **mutate(*arguments, **named)}
            except NotAllowed:
                raise
            except MarketError as refusal:
                return {"errors": [_told(refusal, known)], **(blank or {})}

        return told

    return decorate


def in_field(field: str, read: Callable[[str, str], Key], text: str, *, type_name: str) -> Key:
    """The key inside an id of this type; one that cannot be read is the fault of `field`. Raises `UnreadableId`."""
    try:
        return read(text, type_name)
    except InvalidId as error:
        raise UnreadableId(error.message, field=field) from error


class UnreadableId(MarketError):
    """An id of another type, or none at all."""

    code = "GRAPHQL_ERROR"


def _told(refusal: MarketError, known: Iterable[str]) -> dict[str, Any]:
    return {
        "field": None if refusal.field is None else _field_name(refusal.field),
        "message": str(refusal),
        "code": _code(refusal, known),
        "variants": _variants(refusal),
    }


def _code(refusal: MarketError, known: Iterable[str]) -> str:
    if isinstance(refusal, SameIdOtherContent) and "UNIQUE" in known:
        return "UNIQUE"
    if refusal.status == 429 and "LOGIN_ATTEMPT_DELAYED" in known:
        return "LOGIN_ATTEMPT_DELAYED"
    return refusal.code if refusal.code in known else "INVALID"


def _variants(refusal: MarketError) -> list[str] | None:
    """The variants that the refusal is about, if it is about some."""
    about_variants = isinstance(refusal, Conflict) or refusal.field == "variant_id"
    keys = [key for key in refusal.subjects if isinstance(key, int)] if about_variants else []
    return [to_global_id("ProductVariant", key) for key in keys] or None


def _field_name(field: str) -> str:
    return FIELD_NAMES.get(field) or _UNDERSCORE.sub(lambda found: found[1].upper(), field)
