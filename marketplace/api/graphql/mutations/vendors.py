"""Opening a shop, and staff that look at it. Ours: Saleor knows one seller."""

from __future__ import annotations

from typing import Any

import graphene
from django.utils.translation import gettext as _
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import client_id_of, context
from marketplace.api.graphql.ids import integer_of
from marketplace.api.graphql.mutations.product_inputs import Given
from marketplace.api.graphql.mutations.refusals import in_field, missing_in, told_as
from marketplace.api.graphql.mutations.seller_errors import VendorError
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.types.common import non_null_list
from marketplace.api.graphql.types.enums import VendorErrorCode, VendorKind
from marketplace.api.graphql.types.vendors import Vendor
from marketplace.core.errors import InvalidInput
from marketplace.core.requests_once import once
from marketplace.places.selectors import get_commune, get_market_site
from vendors.selectors import vendor_by_key, vendor_for_staff
from vendors.services import refuse_vendor, register_vendor, verify_vendor

MANAGE_VENDORS = "MANAGE_VENDORS"
"""Ours: of staff of a commune, for its shops, and of the operator."""
TEXTS = ("address_line", "alcohol_licence_number", "registration_number", "stall_label", "story")


class VendorRegisterInput(graphene.InputObjectType):
    """What a new shop says of itself."""

    name = graphene.String(required=True, description="What it calls itself.")
    kind = VendorKind(required=True, description="What it is before the law.")
    commune = graphene.String(required=True, description="The five-digit code of its commune.")
    phone = graphene.String(required=True, description="By which buyers reach it.")
    address_line = graphene.String(description="Its street or hamlet.")
    market_site = graphene.String(description="The slug of the market it stands in.")
    stall_label = graphene.String(description="Its stall there.")
    registration_number = graphene.String(description="Its tax code or business registration.")
    alcohol_licence_number = graphene.String(description="Of a shop that sells alcohol.")
    story = graphene.String(description="What it says of itself.")


class VendorRegister(graphene.Mutation):
    """Open a shop of one's own. It may list goods at once, and sells once staff of its commune verified it."""

    class Arguments:
        input = VendorRegisterInput(required=True, description="The shop.")

    vendor = graphene.Field(Vendor, description="The shop, declared.")
    errors = non_null_list(VendorError, description="Why none was opened.")

    @staticmethod
    @told_as(VendorErrorCode)
    def mutate(_root: None, info: GraphQLResolveInfo, input: Given) -> dict[str, Any]:
        asked = context(info)
        person = asked.user
        if person is None:
            raise needs_one_of("AUTHENTICATED_USER")
        with missing_in("marketSite"):
            site = get_market_site(input["market_site"]) if input.get("market_site") else None
        said = {field: input[field] for field in TEXTS if input.get(field) is not None}
        wanted = {"name": input["name"], "kind": input["kind"].value.lower(), "phone": input["phone"], **said}
        with missing_in("commune"):
            commune = get_commune(input["commune"])

        def open_shop() -> str:
            shop = register_vendor(
                actor=asked.actor, owner=person, commune=commune, market_site=site, now=asked.now, **wanted
            )
            return str(shop.pk)

        key = once(
            open_shop,
            action="api.vendor_register",
            owner=f"user:{person.pk}",
            client_id=client_id_of(info),
            asked={**wanted, "commune": commune.pk, "site": site and site.pk},
            now=asked.now,
        )
        return {"vendor": vendor_by_key(int(key))}


class VendorVerify(graphene.Mutation):
    """Staff saw the owner and the papers: the shop may sell. Or they send it back, with what is missing."""

    class Arguments:
        id = graphene.ID(required=True, description="Of a shop in the asker's commune.")
        is_verified = graphene.Boolean(description="True verifies it, false sends it back; must be given.")
        reason = graphene.String(description="Why it is sent back, for its owner.")

    vendor = graphene.Field(Vendor, description="The shop as it stands now.")
    errors = non_null_list(VendorError, description="Why it stands as before.")

    @staticmethod
    @told_as(VendorErrorCode)
    def mutate(
        _root: None, info: GraphQLResolveInfo, id: str, is_verified: bool | None = None, reason: str | None = None
    ) -> dict[str, Any]:
        asked = context(info)
        if not asked.actor.administers_a_commune:
            raise needs_one_of(MANAGE_VENDORS)
        shop = vendor_for_staff(asked.actor, in_field("id", integer_of, id, type_name="Vendor"))
        if is_verified is None:
            raise InvalidInput(
                _("Bạn ghi isVerified: true để xác minh, false để trả lại."), field="is_verified", code="REQUIRED"
            )
        if not is_verified:
            done = refuse_vendor(actor=asked.actor, vendor=shop, reason=reason or "", now=asked.now)
        elif reason:
            raise InvalidInput(_("Lý do chỉ ghi khi trả lại gian hàng."), field="reason")
        else:
            done = verify_vendor(actor=asked.actor, vendor=shop, now=asked.now)
        return {"vendor": done}


class VendorMutations(graphene.ObjectType):
    """What may be done about shops."""

    vendor_register = VendorRegister.Field(description="Open a shop of one's own. Needs a person who signed in.")
    vendor_verify = VendorVerify.Field(description="Verify a shop, or send it back. Needs staff of its commune.")
