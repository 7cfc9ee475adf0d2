"""What a shop sees of its own products, and staff of what waits for them."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import ListingElsewhere, OcopCertificate, Product, ProductMedia, ProductVariant
from catalog.selectors.visible import ID_MAX
from marketplace.core.actors import Actor
from marketplace.core.errors import NotAllowed, NotFound
from vendors.access import require_seller
from vendors.models import Vendor

LIST_ROWS_MAX = 100


def products_of_vendor_for_member(actor: Actor, vendor: Vendor) -> QuerySet[Product]:
    """All products of a shop in any state, by name, for its members. Raises `NotFound` for others."""
    require_seller(actor, vendor)
    return Product.objects.filter(vendor=vendor).order_by("sort_key", "pk")


def product_for_member(*, actor: Actor, product_id: int) -> Product:
    """A product of one of the actor's shops, in any state. Raises `NotFound`."""
    product = _with_places().filter(pk=product_id).first() if 0 < product_id <= ID_MAX else None
    if product is None or not actor.may_sell_for(product.vendor_id):
        raise NotFound(_("Không tìm thấy sản phẩm này."))
    return product


def product_for_staff(*, actor: Actor, product_id: int) -> Product:
    """A product of a shop in the officer's commune, in any state. Raises `NotFound`."""
    product = _with_places().filter(pk=product_id).first() if 0 < product_id <= ID_MAX else None
    if product is None or not actor.may_administer_commune(product.vendor.commune_id):
        raise NotFound(_("Không tìm thấy sản phẩm này."))
    return product


def products_to_review(*, actor: Actor, at_most: int = LIST_ROWS_MAX) -> list[Product]:
    """Products that wait for this officer, the longest waiting first. Raises `NotAllowed` for others than staff."""
    waiting = _with_places().filter(_in_charge(actor, "vendor"), listing=Product.Listing.IN_REVIEW)
    return list(waiting.order_by("submitted_at", "pk")[: min(at_most, LIST_ROWS_MAX)])


def certificates_to_review(*, actor: Actor, at_most: int = LIST_ROWS_MAX) -> list[OcopCertificate]:
    """Certificates that wait for this officer, the longest waiting first. Raises `NotAllowed`."""
    waiting = OcopCertificate.objects.filter(
        _in_charge(actor, "product__vendor"), state=OcopCertificate.State.DECLARED
    ).select_related("product__vendor__commune__province")
    return list(waiting.order_by("declared_at", "pk")[: min(at_most, LIST_ROWS_MAX)])


def certificate_for_staff(*, actor: Actor, certificate_id: int) -> OcopCertificate:
    """A certificate of a shop in the officer's commune. Raises `NotFound`."""
    certificate = None
    if 0 < certificate_id <= ID_MAX:
        certificate = (
            OcopCertificate.objects.filter(pk=certificate_id).select_related("product__vendor__commune").first()
        )
    if certificate is None or not actor.may_administer_commune(certificate.product.vendor.commune_id):
        raise NotFound(_("Không tìm thấy giấy chứng nhận này."))
    return certificate


def variants_of(product: Product, *, on_sale_only: bool = True) -> list[ProductVariant]:
    """The variants of a product in the order its shop gave them."""
    variants = ProductVariant.objects.filter(product=product).order_by("position", "pk")
    return list(variants.filter(is_active=True) if on_sale_only else variants)


def media_of(product: Product) -> list[ProductMedia]:
    """The photos of a product; the first is the one that lists show."""
    return list(ProductMedia.objects.filter(product=product).order_by("position", "pk"))


def certificates_of(product: Product) -> list[OcopCertificate]:
    """Every certificate of a product, in any state, the latest first, for its shop and for staff."""
    return list(OcopCertificate.objects.filter(product=product).order_by("-issued_on", "-pk"))


def _with_places() -> QuerySet[Product]:
    return Product.objects.select_related("vendor__commune__province", "commune_of_origin__province")


def _in_charge(actor: Actor, vendor: str) -> Q:
    """The condition that the shop reached by the path `vendor` lies where the actor is staff."""
    if actor.is_system or actor.is_operator:
        return Q()
    if not actor.commune_codes:
        raise NotAllowed(_("Chỉ cán bộ xã, phường làm được việc này."))
    return Q(**{f"{vendor}__commune_id__in": actor.commune_codes})


def variants_of_vendor(actor: Actor, vendor: Vendor) -> QuerySet[ProductVariant]:
    """All kinds on sale of a shop's products in any state, by name, with their products. Raises `NotFound`."""
    require_seller(actor, vendor)
    own = ProductVariant.objects.filter(product__vendor=vendor, is_active=True).select_related("product")
    return own.order_by("product__sort_key", "product_id", "position", "pk")


def listings_elsewhere_of(product: Product) -> list[ListingElsewhere]:
    """How a product fares in other shop systems, by their names."""
    return list(ListingElsewhere.objects.filter(product=product).order_by("place"))
