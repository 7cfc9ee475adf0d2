"""Refusals of services as Saleor's payloads tell them: `errors {field message code}` beside an empty result."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import graphene
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.api.graphql.ids import InvalidId, to_global_id
from marketplace.api.graphql.types import enums
from marketplace.core.errors import Conflict, MarketError, NotAllowed, NotFound
from marketplace.core.requests_once import SameIdOtherContent
from marketplace.orders.errors import AgeNotDeclared, OtherVendorsGoods
from marketplace.orders.services.addresses import AddressRefused
from marketplace.orders.services.line_changes import NotInCheckout
from payments.services.reviewing import BookedOnOrder

FIELD_NAMES = {
    "address_id": "id",
    "checkout_id": "id",
    "content": "image",
    "delivery": "shippingMethod",
    "delivery_method_id": "deliveryMethodId",
    "login": "email",
    "ocop_set": "category",
    "old": "oldPassword",
    "price_vnd": "price",
}
"""What an argument of a service is called over GraphQL, where the names are not simply the same."""
FOR_PROGRAMS: Mapping[type[MarketError], Promise] = {
    AgeNotDeclared: _(
        "Rượu bia chỉ bán cho người từ 18 tuổi. Người mua xác nhận tuổi rồi thì gửi kèm X-Age-Declared: 18."
    ),
    BookedOnOrder: _(
        "Khoản này đã ghi vào đơn. Bạn trả lại ở đơn ấy: orderGrantRefundCreate, rồi orderGrantedRefundSettle."
    ),
    SameIdOtherContent: _("Mã yêu cầu này đã dùng cho nội dung khác. Bạn gửi lại với mã mới."),
}
"""Refusals whose sentence tells what to do on a page, as a program can do it."""
Mutate = Callable[..., dict[str, Any]]
Key = TypeVar("Key")
_UNDERSCORE = re.compile("_([a-z0-9])")


class CheckoutError(graphene.ObjectType):
    """Why nothing was changed."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.CheckoutErrorCode, required=True)
    variants = graphene.List(graphene.NonNull(graphene.ID))
    lines = graphene.List(graphene.NonNull(graphene.ID))
    address_type = graphene.Field(enums.AddressTypeEnum)
    checkout_id = graphene.ID(
        description="Of goods of another shop: the checkout of the same basket that takes them, where there is one."
    )


class DeliveryOptionsCalculateError(graphene.ObjectType):
    """Why there are no deliveries."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.DeliveryOptionsCalculateErrorCode, required=True)


class MetadataError(graphene.ObjectType):
    """Why no text was put or dropped."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.MetadataErrorCode, required=True)


class PaymentGatewayInitializeError(graphene.ObjectType):
    """Why no gateway was asked."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.PaymentGatewayInitializeErrorCode, required=True)


class PaymentGatewayConfigError(graphene.ObjectType):
    """Why a gateway cannot be used."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.PaymentGatewayConfigErrorCode, required=True)


class TransactionEventReportError(graphene.ObjectType):
    """Why nothing was written down."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.TransactionEventReportErrorCode, required=True)


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
    """Why nobody signed in, or nothing of an account was changed."""

    field = graphene.String()
    message = graphene.String()
    code = graphene.Field(enums.AccountErrorCode, required=True)
    address_type = graphene.Field(enums.AddressTypeEnum)


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


@contextmanager
def missing_in(field: str) -> Iterator[None]:
    """What is not found inside is the fault of `field`, where nothing else is named."""
    try:
        yield
    except NotFound as refusal:
        refusal.field = refusal.field or field
        raise


class UnreadableId(MarketError):
    """An id of another type, or none at all."""

    code = "GRAPHQL_ERROR"


def _told(refusal: MarketError, known: Container[str]) -> dict[str, Any]:
    return {
        # Saleor names the row that a mutation is about by its `id`, unless the input calls it otherwise.
        "field": field_name(refusal) or ("id" if isinstance(refusal, NotFound) else None),
        "message": _sentence(refusal),
        "code": code_among(refusal, known),
        "variants": _variants(refusal),
        "lines": [to_global_id("CheckoutLine", one) for one in _lines(refusal)] or None,
        "address_type": refusal.which.upper() if isinstance(refusal, AddressRefused) else None,
        "checkout_id": _right_checkout(refusal),
        "index": getattr(refusal, "index", None),
        "attributes": list(refusal.subjects) if refusal.field == "attributes" and refusal.subjects else None,
    }


def _sentence(refusal: MarketError) -> str:
    """What the refusal says, with what a program can do where the services speak to who looks at a page."""
    return next((str(said) for kind, said in FOR_PROGRAMS.items() if isinstance(refusal, kind)), str(refusal))


def _lines(refusal: MarketError) -> Sequence[object]:
    return refusal.subjects if isinstance(refusal, NotInCheckout) else ()


def _right_checkout(refusal: MarketError) -> str | None:
    """The checkout that takes the goods that were refused."""
    if not (isinstance(refusal, OtherVendorsGoods) and refusal.subjects):
        return None
    return to_global_id("Checkout", refusal.subjects[0])


def code_among(refusal: MarketError, known: Container[str]) -> str:
    """The refusal's code as one of those that a payload knows."""
    if isinstance(refusal, SameIdOtherContent) and "UNIQUE" in known:
        return "UNIQUE"
    if refusal.status == 429 and "LOGIN_ATTEMPT_DELAYED" in known:
        return "LOGIN_ATTEMPT_DELAYED"
    return refusal.code if refusal.code in known else "INVALID"


def _variants(refusal: MarketError) -> list[str] | None:
    """The variants that the refusal is about, if it is about some."""
    if isinstance(refusal, OtherVendorsGoods):
        return [to_global_id("ProductVariant", key) for key in refusal.variant_ids]
    about_variants = isinstance(refusal, Conflict | AgeNotDeclared) or refusal.field == "variant_id"
    keys = [key for key in refusal.subjects if isinstance(key, int)] if about_variants else []
    return [to_global_id("ProductVariant", key) for key in keys] or None


def field_name(refusal: MarketError) -> str | None:
    """The field at fault, as GraphQL calls it."""
    if isinstance(refusal, OtherVendorsGoods):
        return "lines"
    field = refusal.field
    if field is None or isinstance(refusal, AgeNotDeclared):
        return None
    return FIELD_NAMES.get(field) or _UNDERSCORE.sub(lambda found: found[1].upper(), field)
