"""One shop with one of everything that an address can name, and one person of every kind who may come to look."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final

from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from catalog.exporting import export_csv
from catalog.models import Product
from catalog.paper_files import read_paper
from catalog.services import add_photo
from catalog.services.importing import bring_goods
from catalog.services.listing_drafts import keep_listing_draft
from catalog.services.papers import add_certificate_files
from marketplace.core import clock
from marketplace.core.actors import SYSTEM, Actor
from marketplace.orders.services.complaints import open_complaint
from marketplace.orders.services.saved_addresses import AddressToKeep, keep_address
from marketplace.orders.services.stall import sell_at_stall
from marketplace.people.models import Role, User
from marketplace.people.services import give_role
from marketplace.people.sessions import note_sign_in
from marketplace.places.models import Village
from marketplace.places.villages import add_villages
from payments.models import ReviewItem
from payments.services.granting import grant_refund
from payments.services.requesting import payment_for_order
from payments.services.stands import stand_of
from payments.services.statements import bring_statement
from tests.orders.vouching import a_voucher
from tests.payments.factories import NENH, NOW, Shop, a_checkout, a_shop, goods, pay
from tests.payments.statements.booklets import entries, vietcombank
from tests.storefront.working import (
    a_person,
    a_photo,
    a_province_officer,
    an_agent,
    an_officer,
    browser_of,
    documented,
    owner_at,
    paid_by_bank,
    photographed,
    seller_at,
    waiting_certificate,
)
from vendors.models import Membership, Vendor
from vendors.villages import set_village

ANOTHER_PROVINCE = "24"  # Tỉnh Bắc Ninh
ROLES = (
    "guest", "buyer", "stranger", "seller", "owner", "agent",
    "officer", "officer_elsewhere", "province", "province_elsewhere", "operator",
)  # fmt: skip
"""Of the shop: its seller and owner. A stranger owns another shop elsewhere; officers are of the shop's commune and
province, and of others."""


def visitors(shop: Shop, *, buyer: User) -> dict[str, Client]:
    """A browser of each of `ROLES`; the buyer is this one."""
    operator = a_person("Người vận hành")
    give_role(actor=SYSTEM, user=operator, kind=Role.Kind.OPERATOR, now=NOW)
    return {
        "guest": browser_of(None),
        "buyer": browser_of(buyer.pk),
        "stranger": owner_at(a_shop("Gian hàng nơi khác", commune=NENH)),
        "seller": seller_at(shop),
        "owner": owner_at(shop),
        "agent": browser_of(an_agent().pk),
        "officer": browser_of(an_officer().pk),
        "officer_elsewhere": browser_of(an_officer(NENH).pk),
        "province": browser_of(a_province_officer().pk),
        "province_elsewhere": browser_of(a_province_officer(ANOTHER_PROVINCE).pk),
        "operator": browser_of(operator.pk),
    }


WORDS: Final = {
    "secret": "khong-co",
    "part_name": "villages",
    "day_text": "2026-11-22",
    "paper": "a5",
    "number": 1,
    "kind of legal_text": "rules",
    "kind of legal_version": "rules",
    "kind of sitemap_part": "products",
    "kind of sell_products_export": "csv",
}
"""Places in addresses that no row fills."""


def one_of_everything(shop: Shop, *, buyer: User) -> dict[str, object]:
    """By the name that addresses have for it: one thing of this shop, or a word that is nobody's."""
    product, vendor, owner = shop.variant.product, shop.vendor, shop.owner
    published = goods(vendor)[0].product
    order = paid_by_bank(shop)
    pay(shop, "", 45_000)
    papers = papers_of(shop, shown_with=published)
    Product.objects.update(listing=Product.Listing.PUBLISHED)
    at_stall = sell_at_stall(actor=owner, vendor=vendor, amount_vnd=60_000, now=NOW)
    payment_for_order(order=at_stall, now=NOW)  # the first look at its code writes down that the buyer was asked
    complaint = open_complaint(token=order.token, kind="damaged", text="Dập", photo=a_photo().read(), now=NOW)
    return {
        "token": order.token,
        "order_id": order.pk,
        **{f"order_id of sell_stall_{page}": at_stall.pk for page in ("sale", "state", "cash", "cancel")},
        "granted_id": grant_refund(actor=owner, order=order, amount_vnd=10_000, reason="dập", now=NOW).pk,
        "item_id": ReviewItem.objects.get(vendor=vendor).pk,
        "feed_id": shop.feed.pk,
        "statement_id": bring_statement(
            actor=owner, vendor=vendor, content=vietcombank(shop, entries(2)), now=NOW
        ).pk,
        "stand_id": stand_of(actor=owner, vendor=vendor, now=NOW).pk,
        "checkout_id": a_checkout(shop),
        "complaint_id": complaint.pk,
        "message_id": complaint.messages.get().pk,
        "voucher_id": a_voucher(vendor).pk,
        "member_id": Membership.objects.get(vendor=vendor, role="seller").pk,
        "draft_id": keep_listing_draft(
            actor=owner, vendor=vendor, draft_id=uuid.uuid4(), said={"name": "Chè"}, photo=a_photo().read(), now=NOW
        ).pk,
        "import_id": bring_goods(
            actor=owner, vendor=vendor, content=export_csv(actor=owner, vendor=vendor), now=NOW
        ).pk,
        "media_id": add_photo(actor=owner, product=product, content=a_photo().read(), now=NOW).pk,
        "address_id": keep_address(
            actor=Actor(user_id=buyer.pk),
            given=AddressToKeep("Bà Lan", "0987654321", "Tổ 2", vendor.commune_id),
            now=NOW,
        ).pk,
        "sign_in_id": note_sign_in(user=buyer, user_agent="", now=clock.now()).pk,
        "person_id": a_person("Người được giúp").pk,
        "product_id": product.pk,
        "variant_id": shop.variant.pk,
        "stock_id": shop.stock.pk,
        "vendor_id": vendor.pk,
        "village_id": village_of(vendor).pk,
        "part_name": "villages",
        "slug of product": published.slug,
        "slug of product_document": published.slug,
        "slug of share_card": published.slug,
        "slug of shop": vendor.slug,
        "slug of market_site": vendor.market_site.slug if vendor.market_site else "",
        "province_code": vendor.commune.province_id,
        "commune_code": vendor.commune_id,
        **papers,
        **WORDS,
    }


def papers_of(shop: Shop, *, shown_with: Product) -> dict[str, object]:
    """The shop's papers with their files, those that go with its goods, and a certificate that waits."""
    certificate, document = waiting_certificate(shop), photographed(shop)
    add_certificate_files(actor=shop.owner, certificate=certificate, papers=[read_paper(a_photo().read())], now=NOW)
    own, shown = documented(shop), documented(shop, product=shown_with)
    of_certificate = certificate.files.get().pk
    return {
        "certificate_id": certificate.pk,
        "document_id": document.pk,
        "file_id": document.files.get().pk,
        "file_id of sell_certificate_file": of_certificate,
        "file_id of sell_certificate_file_remove": of_certificate,
        "file_id of commune_certificate_file": of_certificate,
        "document_id of product_document": shown.pk,
        "document_id of sell_product_document": own.pk,
        "document_id of sell_product_document_remove": own.pk,
        "document_id of commune_product_document": own.pk,
    }


def village_of(vendor: Vendor) -> Village:
    """The village of the shop, made with it."""
    add_villages(actor=SYSTEM, commune=vendor.commune, names="Thôn Bản Giốc", kind="thon", now=NOW)
    village = Village.objects.get(commune=vendor.commune)
    set_village(actor=SYSTEM, vendor=vendor, village=str(village.pk), now=NOW)
    return village


def named_patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the pages that has a name, but the operator's admin, which is Django's."""
    for entry in (resolver or get_resolver("storefront.urls")).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_patterns(entry)
        else:
            yield entry


def address_of(pattern: URLPattern, things: dict[str, object]) -> str:
    """The address about this shop's things. Raises `KeyError` for a place that nothing of `things` fills."""
    name = pattern.name or ""
    own = {place: f"{place} of {name}" for place in pattern.pattern.converters}
    return reverse(name, kwargs={place: things[key if key in things else place] for place, key in own.items()})
