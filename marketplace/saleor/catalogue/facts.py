"""What we say of a shop and of a product at a Saleor: the fields that are ours, in a form that can be compared."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import date

from django.conf import settings
from django.urls import reverse

from catalog.models import OcopCertificate, Product, ProductVariant
from catalog.product_types import SERVICE_SETS
from marketplace.saleor.catalogue import attributes as a
from marketplace.saleor.catalogue.references import page_slug, sku_there
from vendors.models import Vendor

GOODS_TYPE = "ocop-goods"
SERVICES_TYPE = "ocop-services"
NAME_OF_TYPE: Mapping[str, str] = {GOODS_TYPE: "Hàng hóa OCOP", SERVICES_TYPE: "Dịch vụ du lịch OCOP"}


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFacts:
    """A shop as its page there says it."""

    our_id: int
    slug: str
    title: str
    text: str
    is_shown: bool
    """Whether it may sell: the law lets nobody offer goods before their identity was checked."""
    values: Mapping[str, a.Value]
    """By the attribute's slug."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantFacts:
    """A kind of a product that is on sale."""

    our_id: int
    name: str
    sku: str | None
    price_vnd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductFacts:
    """A product as it is said there. `values` lack the shop's page, whose id only that Saleor knows."""

    our_id: int
    vendor_id: int
    slug: str
    type_slug: str
    name: str
    text: str
    set_no: int
    is_shown: bool
    values: Mapping[str, a.Value]
    variants: tuple[VariantFacts, ...]


def digest(facts: VendorFacts | ProductFacts) -> str:
    """SHA-256, in hex, of all that is said."""
    told = json.dumps(asdict(facts), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def is_offered(product: Product) -> bool:
    """Whether a product is offered at Saleors at all: on sale here, its shop may sell, and no alcohol.

    A Saleor's own storefront asks nobody their age, and minors may not come across alcohol (Law 44/2019/QH14).
    """
    return product.listing == Product.Listing.PUBLISHED and product.vendor.may_sell and not product.is_alcohol


def vendor_facts(vendor: Vendor) -> VendorFacts:
    """What is said of a shop; its commune and province loaded beforehand."""
    commune = vendor.commune
    link = settings.MARKET_PUBLIC_URL + reverse("shop", args=[vendor.slug])
    return VendorFacts(
        our_id=vendor.pk,
        slug=page_slug(vendor.slug),
        title=vendor.name,
        text=one_form(vendor.story),
        is_shown=vendor.may_sell,
        values={
            a.SHOP_PROVINCE.slug: a.Choice(commune.province.code, commune.province.name),
            a.SHOP_COMMUNE.slug: a.Choice(commune.code, commune.name),
            a.SHOP_KIND.slug: a.Choice(vendor.kind, a.KINDS[vendor.kind]),
            a.SHOP_VERIFIED.slug: vendor.may_sell,
            a.SHOP_LINK.slug: link,
        },
    )


def product_facts(product_ids: Collection[int], *, today: date) -> list[ProductFacts]:
    """What is said of these products, in order of their ids; three statements, however many they are.

    `today` is the date in Vietnam: stars show only while their certificate is good.
    """
    variants = defaultdict(list)
    on_sale = ProductVariant.objects.filter(product_id__in=product_ids, is_active=True)
    for variant in on_sale.order_by("position", "pk"):
        variants[variant.product_id].append(variant)
    good = OcopCertificate.objects.filter(
        product_id__in=product_ids, state=OcopCertificate.State.VERIFIED, expires_on__gte=today
    )
    certificates = {one.product_id: one for one in good}
    products = Product.objects.filter(pk__in=product_ids).select_related(
        "vendor", "commune_of_origin__province"
    )  # fmt: skip
    return [_facts(one, variants[one.pk], certificates.get(one.pk)) for one in products.order_by("pk")]


def _facts(product: Product, variants: list[ProductVariant], certificate: OcopCertificate | None) -> ProductFacts:
    return ProductFacts(
        our_id=product.pk,
        vendor_id=product.vendor_id,
        slug=product.slug,
        type_slug=SERVICES_TYPE if product.ocop_set in SERVICE_SETS else GOODS_TYPE,
        name=product.name,
        text=one_form(product.description),
        set_no=product.ocop_set,
        is_shown=is_offered(product) and bool(variants),
        values=_values(product, certificate),
        variants=tuple(
            VariantFacts(
                our_id=one.pk,
                name=one.name or one.unit,
                sku=sku_there(product.vendor_id, one.sku),
                price_vnd=one.price_vnd,
            )
            for one in variants
        ),
    )


def _values(product: Product, certificate: OcopCertificate | None) -> dict[str, a.Value]:
    commune = product.commune_of_origin
    set_name = dict(a.OCOP_SET.choices)[str(product.ocop_set)]
    return {
        a.OCOP_SET.slug: a.Choice(str(product.ocop_set), set_name),
        a.OCOP_STARS.slug: str(certificate.stars) if certificate else None,
        a.OCOP_CERTIFICATE.slug: certificate.decision_number if certificate else None,
        a.ORIGIN_PROVINCE.slug: a.Choice(commune.province.code, commune.province.name),
        a.ORIGIN_COMMUNE.slug: a.Choice(commune.code, commune.name),
        a.PRODUCER.slug: product.producer_name or product.vendor.name,
        a.STORAGE.slug: product.storage_note or None,
        a.SHELF_LIFE.slug: product.shelf_life_note or None,
        a.MATERIALS.slug: product.materials_note or None,
    }


def one_form(text: str) -> str:
    """A text with its paragraphs apart by exactly one blank line, as it comes back from there."""
    return "\n\n".join(part.strip() for part in text.split("\n\n") if part.strip())
