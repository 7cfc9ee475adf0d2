"""A product, a variant or a certificate with who the actor is to it: for whoever changes one by its key.

What is not there and what is another shop's are refused with one sentence and one code.
"""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import OcopCertificate, Product, ProductVariant
from catalog.selectors.visible import ID_MAX, SKU_CHARACTERS_MAX, SLUG, SLUG_CHARACTERS_MAX
from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from vendors.access import hand_in, shops_in_reach

_PLACES = ("vendor__commune__province", "commune_of_origin__province")


def product_in_hand(actor: Actor, product_id: int) -> tuple[Actor, Product]:
    """A product of a shop that the actor works in or helps in, in any state. Raises `NotFound`."""
    product = Product.objects.select_related(*_PLACES).filter(pk=_bounded(product_id)).first()
    hand = None if product is None else hand_in(actor, product.vendor_id)
    if product is None or hand is None:
        raise _no_product()
    return hand, product


def product_in_hand_or_charge(actor: Actor, product_id: int) -> tuple[Actor, Product]:
    """As `product_in_hand`; also a product that staff of its commune look at. Raises `NotFound`."""
    product = Product.objects.select_related(*_PLACES).filter(pk=_bounded(product_id)).first()
    if product is None:
        raise _no_product()
    hand = hand_in(actor, product.vendor_id)
    if hand is None and actor.may_administer_commune(product.vendor.commune_id):
        hand = actor
    if hand is None:
        raise _no_product()
    return hand, product


def may_look_after(actor: Actor, product: Product) -> bool:
    """Whether the actor works in the product's shop, helps in it, or is staff of its commune."""
    if not actor.is_authenticated:
        return False
    return hand_in(actor, product.vendor_id) is not None or actor.may_administer_commune(product.vendor.commune_id)


def own_product_called(actor: Actor, slug: str) -> Product | None:
    """The product at this address if it is of a shop that the actor works in or helps in, in any state."""
    shops = shops_in_reach(actor)
    if not shops or len(slug) > SLUG_CHARACTERS_MAX or not SLUG.fullmatch(slug):
        return None
    return Product.objects.select_related(*_PLACES).filter(slug=slug, vendor__in=shops).first()


def variant_in_hand(
    actor: Actor, *, variant_id: int | None = None, sku: str | None = None
) -> tuple[Actor, ProductVariant]:
    """A variant, on sale or not, by its key or by its shop's code. Raises `NotFound`."""
    variants = _variants()
    if variant_id is not None:
        found = variants.filter(pk=_bounded(variant_id)).first()
    elif sku and len(sku) <= SKU_CHARACTERS_MAX:
        found = variants.filter(sku=sku, vendor__in=shops_in_reach(actor)).order_by("pk").first()
    else:
        found = None
    hand = None if found is None else hand_in(actor, found.vendor_id)
    if found is None or hand is None:
        raise _no_product()
    return hand, found


def certificate_in_hand(actor: Actor, certificate_id: int) -> tuple[Actor, OcopCertificate]:
    """A certificate of a shop that the actor works in or is staff for, in any state. Raises `NotFound`."""
    places = [f"product__{place}" for place in _PLACES]
    found = OcopCertificate.objects.select_related(*places).filter(pk=_bounded(certificate_id)).first()
    hand = None
    if found is not None:
        in_charge = actor.may_administer_commune(found.product.vendor.commune_id)
        hand = actor if in_charge else hand_in(actor, found.product.vendor_id)
    if found is None or hand is None:
        raise NotFound(_("Không tìm thấy giấy chứng nhận này."))
    return hand, found


def _variants() -> QuerySet[ProductVariant]:
    return ProductVariant.objects.select_related(*(f"product__{place}" for place in _PLACES))


def _bounded(key: int) -> int:
    return key if key <= ID_MAX else 0


def _no_product() -> NotFound:
    return NotFound(_("Không tìm thấy sản phẩm này."))
