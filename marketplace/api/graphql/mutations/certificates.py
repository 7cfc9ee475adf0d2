"""OCOP certificates: a shop declares which decision gave its product stars, staff who saw it let them show. Ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import graphene
from graphql import GraphQLResolveInfo

from catalog.models import OcopCertificate as CertificateRow
from catalog.selectors import certificate_for_staff
from catalog.selectors.hands import product_in_hand_or_charge
from catalog.services import declare_certificate, refuse_certificate, verify_certificate, withdraw_certificate
from marketplace.api.graphql.context import client_id_of, context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.mutations.hands import MANAGE_PRODUCTS
from marketplace.api.graphql.mutations.product_inputs import Given
from marketplace.api.graphql.mutations.refusals import in_field, missing_in, told_as
from marketplace.api.graphql.mutations.seller_errors import OcopCertificateError
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import OcopCertificateErrorCode
from marketplace.api.graphql.types.products import OcopCertificate
from vendors.access import shops_in_reach

MANAGE_OCOP_CERTIFICATES = "MANAGE_OCOP_CERTIFICATES"
"""Ours: of staff of a commune, for the goods of its shops, and of the operator."""
OPTIONAL = ("expires_on", "legal_basis", "product_code")


class OcopCertificateCreateInput(graphene.InputObjectType):
    """What the decision says."""

    product = graphene.ID(required=True, description="What has the stars.")
    stars = graphene.Int(required=True, description="3 to 5.")
    decision_number = graphene.String(required=True, description="Of the decision.")
    issued_on = graphene.Date(required=True, description="The day of the decision.")
    issuer = graphene.String(required=True, description="Who decided.")
    expires_on = graphene.Date(description="The last day; 36 months after the decision where left out.")
    product_code = graphene.String(description="The OCOP code of the product.")
    legal_basis = graphene.String(description="On what a later end rests.")


class OcopCertificateCreate(graphene.Mutation):
    """Declare a certificate. Nothing shows until staff of the commune verified it."""

    class Arguments:
        input = OcopCertificateCreateInput(required=True, description="The certificate.")

    ocop_certificate = graphene.Field(OcopCertificate, description="The certificate, declared.")
    errors = non_null_list(OcopCertificateError, description="Why nothing was declared.")

    @staticmethod
    @told_as(OcopCertificateErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, input: Given) -> dict[str, Any]:
        asked = context(info)
        if not (asked.actor.administers_a_commune or shops_in_reach(asked.actor)):
            raise needs_one_of(MANAGE_PRODUCTS, MANAGE_OCOP_CERTIFICATES)
        key = in_field("product", integer_of, input["product"], type_name="Product")
        with missing_in("product"):
            actor, product = product_in_hand_or_charge(asked.actor, key)
        made = declare_certificate(
            actor=actor,
            product=product,
            stars=input["stars"],
            decision_number=input["decision_number"],
            issued_on=input["issued_on"],
            issuer=input["issuer"],
            client_id=client_id_of(info),
            now=asked.now,
            **{field: input[field] for field in OPTIONAL if input.get(field) is not None},
        )
        return {"ocop_certificate": made}


def settled(id: str, info: GraphQLResolveInfo, act: Callable[..., CertificateRow], **more: str) -> dict[str, Any]:
    """What became of a certificate that staff looked at. Raises `NotAllowed`, `NotFound`, and what `act` raises."""
    asked = context(info)
    if not asked.actor.administers_a_commune:
        raise needs_one_of(MANAGE_OCOP_CERTIFICATES)
    key = in_field("id", integer_of, id, type_name="OcopCertificate")
    certificate = certificate_for_staff(actor=asked.actor, certificate_id=key)
    return {"ocop_certificate": act(actor=asked.actor, certificate=certificate, now=asked.now, **more)}


class OcopCertificateVerify(graphene.Mutation):
    """Staff saw the decision: the stars show until its last day; those of an earlier one end."""

    class Arguments:
        id = graphene.ID(required=True, description="Of a certificate that waits.")

    ocop_certificate = graphene.Field(OcopCertificate, description="The certificate, verified.")
    errors = non_null_list(OcopCertificateError, description="Why it stands as before.")

    @staticmethod
    @told_as(OcopCertificateErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str) -> dict[str, Any]:
        return settled(id, info, verify_certificate)


class OcopCertificateRefuse(graphene.Mutation):
    """Staff could not confirm it, and say why."""

    class Arguments:
        id = graphene.ID(required=True, description="Of a certificate that waits.")
        reason = graphene.String(required=True, description="Why, for the shop.")

    ocop_certificate = graphene.Field(OcopCertificate, description="The certificate, refused.")
    errors = non_null_list(OcopCertificateError, description="Why it stands as before.")

    @staticmethod
    @told_as(OcopCertificateErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, reason: str) -> dict[str, Any]:
        return settled(id, info, refuse_certificate, reason=reason)


class OcopCertificateRevoke(graphene.Mutation):
    """The authority took it back: its stars vanish at once."""

    class Arguments:
        id = graphene.ID(required=True, description="Of a verified certificate.")
        reason = graphene.String(required=True, description="Why, for the shop.")

    ocop_certificate = graphene.Field(OcopCertificate, description="The certificate, withdrawn.")
    errors = non_null_list(OcopCertificateError, description="Why it stands as before.")

    @staticmethod
    @told_as(OcopCertificateErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, id: str, reason: str) -> dict[str, Any]:
        return settled(id, info, withdraw_certificate, reason=reason)


class CertificateMutations(graphene.ObjectType):
    """What may be done about certificates."""

    ocop_certificate_create = OcopCertificateCreate.Field(
        description="Declare a certificate. Needs who works in the product's shop, or staff of its commune."
    )
    ocop_certificate_refuse = OcopCertificateRefuse.Field(
        description="Refuse a declared certificate. Needs staff of the shop's commune."
    )
    ocop_certificate_revoke = OcopCertificateRevoke.Field(
        description="Take a verified certificate back. Needs staff of the shop's commune."
    )
    ocop_certificate_verify = OcopCertificateVerify.Field(
        description="Verify a declared certificate. Needs staff of the shop's commune."
    )
