"""What mutations of checkouts are given, read into what services take."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.ids import integer_of, uuid_of
from marketplace.api.graphql.mutations.refusals import in_field
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.addresses import AddressInput
from marketplace.api.graphql.types.checkouts import checkout_changed
from marketplace.api.graphql.types.enums import LanguageCodeEnum
from marketplace.api.graphql.types.inputs import non_null_items
from marketplace.api.graphql.types.metadata import MetadataInput, metadata_put
from marketplace.api.graphql.types.scalars import PositiveDecimal
from marketplace.core.errors import InvalidInput
from marketplace.orders.models import Checkout as CheckoutRow
from marketplace.orders.services.checkouts import LineWanted
from marketplace.orders.services.line_changes import LineChange


class CheckoutLineInput(graphene.InputObjectType):
    """A variant and how many of it. Prices are the shop's: `price` is refused."""

    quantity = graphene.Int(required=True)
    variant_id = graphene.ID(required=True)
    price = PositiveDecimal()
    price_override_reason = graphene.String()
    force_new_line = graphene.Boolean(
        description="A checkout has one line a variant: true is refused where that would make a second one."
    )
    metadata = non_null_items(MetadataInput)


class CheckoutLineUpdateInput(graphene.InputObjectType):
    """How many there shall be of a line, named by `lineId` or its variant. Prices are the shop's."""

    variant_id = graphene.ID()
    quantity = graphene.Int()
    price = PositiveDecimal()
    price_override_reason = graphene.String()
    line_id = graphene.ID()
    metadata = non_null_items(MetadataInput)


class CheckoutAddressValidationRules(graphene.InputObjectType):
    """How strictly an address is read."""

    check_required_fields = graphene.Boolean(
        description="False: street and place may come later, before the order is placed."
    )
    check_fields_format = graphene.Boolean(
        description="What is said must be right in any case: a place is kept by its code, a phone as it is dialled."
    )
    enable_fields_normalization = graphene.Boolean(
        description="Names of places come back as they are written in the table in any case."
    )


class CheckoutValidationRules(graphene.InputObjectType):
    """How strictly each of the two addresses is read."""

    shipping_address = CheckoutAddressValidationRules()
    billing_address = CheckoutAddressValidationRules()


class CheckoutCreateInput(graphene.InputObjectType):
    """A checkout with as much of it as is known."""

    channel = graphene.String()
    lines = non_null_items(CheckoutLineInput)
    email = graphene.String()
    save_shipping_address = graphene.Boolean()
    shipping_address = AddressInput()
    save_billing_address = graphene.Boolean()
    billing_address = AddressInput()
    language_code = LanguageCodeEnum()
    validation_rules = CheckoutValidationRules()
    metadata = non_null_items(MetadataInput)
    private_metadata = non_null_items(MetadataInput)
    basket = graphene.UUID(
        description="The token of a basket (`Checkout.basket`) that it joins; without, it begins a new one."
    )


class WhichCheckout:
    """The arguments by which Saleor's mutations name a checkout; `token` and `checkoutId` are its older ones."""

    id = graphene.ID()
    token = graphene.UUID()
    checkout_id = graphene.ID()


def which_checkout(
    *, id: str | None = None, token: uuid.UUID | None = None, checkout_id: str | None = None
) -> uuid.UUID:
    """The checkout that is named in one way. Raises `InvalidInput`, `UnreadableId`."""
    given = [value for value in (id, token, checkout_id) if value is not None]
    if len(given) != 1:
        raise InvalidInput(_("Bạn ghi đúng một mã giỏ hàng ở mục id."), field="id")
    return in_field("id", uuid_of, str(given[0]), type_name="Checkout")


def lines_wanted(lines: Sequence[dict[str, Any]]) -> list[LineWanted]:
    """The lines as orders read them. Raises `UnreadableId`, `NotAllowed` for prices, `InvalidInput`."""
    wanted = [
        LineWanted(
            in_field("variantId", integer_of, line["variant_id"], type_name="ProductVariant"),
            line["quantity"],
            metadata_put(line.get("metadata")),
        )
        for line in lines
    ]
    for line, one in zip(lines, wanted, strict=True):
        _refuse_price(line)
        if line.get("force_new_line") and sum(one.variant_id == other.variant_id for other in wanted) > 1:
            raise InvalidInput(_("Mỗi loại hàng chỉ có một dòng trong giỏ."), field="force_new_line")
    return wanted


def changes_wanted(lines: Sequence[dict[str, Any]]) -> list[LineChange]:
    """The changes of lines as orders read them. Raises as `lines_wanted`."""
    for line in lines:
        _refuse_price(line)
    return [
        LineChange(
            quantity=line.get("quantity"),
            line_id=_optional("lineId", line.get("line_id"), uuid_of, "CheckoutLine"),
            variant_id=_optional("variantId", line.get("variant_id"), integer_of, "ProductVariant"),
            metadata=metadata_put(line.get("metadata")),
        )
        for line in lines
    ]


def _optional(field: str, text: str | None, read: Any, type_name: str) -> Any:
    return None if text is None else in_field(field, read, text, type_name=type_name)


def _refuse_price(line: dict[str, Any]) -> None:
    if line.get("price") is not None:
        raise needs_one_of("HANDLE_CHECKOUTS")
    if line.get("price_override_reason"):
        sentence = _("Lý do chỉ đi cùng với giá riêng.")
        raise InvalidInput(sentence, field="price_override_reason", code="PRICE_OVERRIDE_REASON_WITHOUT_OVERRIDE")


def may_be_partial(rules: dict[str, Any] | None) -> bool:
    """Whether an address may be said in parts."""
    return bool(rules) and (rules or {}).get("check_required_fields") is False


def changed(checkout: CheckoutRow, info: GraphQLResolveInfo) -> dict[str, Any]:
    """The payload with the checkout as it is now, and as much of what is in it as is asked for."""
    return {"checkout": checkout_changed(checkout, info)}
