"""A payment code as anybody may see it. Resolved from a `CodeSight`."""

from __future__ import annotations

import graphene

from marketplace.api.graphql.types.common import Money
from marketplace.api.graphql.types.enums import PaymentCodeState
from vendors.banks import bank_in_words


class PaymentBank(graphene.ObjectType):
    """The bank or wallet that a transfer goes to. Resolved from its BIN."""

    bin = graphene.String(
        required=True, description="Six digits, as VietQR names it.", resolver=lambda root, _info: root
    )
    short_name = graphene.String(
        required=True,
        description="What people call it; the BIN where we do not know it.",
        resolver=lambda root, _info: bank_in_words(root),
    )


class PaymentCode(graphene.ObjectType):
    """What a payer may know of the code in a transfer, to see that it is the right one.

    A code is no secret, so that it opens nothing of the order: neither goods nor buyer, shop or number. Who holds the
    order's id asks for `order`.
    """

    code = graphene.String(required=True, description="As it stands in the transfer.")
    state = graphene.Field(
        PaymentCodeState,
        required=True,
        description="What it is good for at present.",
        resolver=lambda root, _info: root.state.value.upper(),
    )
    outstanding = graphene.Field(
        Money,
        description="What is still to be paid; null where no money is waited for.",
        resolver=lambda root, _info: root.outstanding_vnd,
    )
    bank = graphene.Field(
        PaymentBank, required=True, description="Where the money goes.", resolver=lambda root, _info: root.bin
    )
    account_ending = graphene.String(required=True, description="The last three digits of the account.")
    account_name = graphene.String(
        required=True, description="Whose account it is, masked: the first word, of the others their first letters."
    )
