"""What every change of a product has in common: its lock, its generation, its line in the journal."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound


def lock_product(product_id: int) -> Product:
    """The product as it is now, with its shop, locked until the transaction ends. Raises `NotFound`.

    Its row stands for its variants, photos, certificates and stock rows being made: whoever changes those locks it
    first. Orders lock stock rows only, after which nobody here asks for a product: no circle.
    """
    locked = (
        Product.objects.select_for_update(of=("self",), no_key=True)
        .select_related("vendor", "commune_of_origin__province")
        .filter(pk=product_id)
        .first()
    )
    if locked is None:
        raise NotFound(_("Không tìm thấy sản phẩm này."))
    return locked


def lock_products(product_ids: Collection[int]) -> None:
    """Lock several products before anything of theirs, in the order of their keys: nobody waits in a circle."""
    own = Product.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=product_ids)
    list(own.order_by("pk"))


def keep_changed(product: Product, *, now: datetime, fields: tuple[str, ...] = ()) -> None:
    """Save these fields of a locked product and raise its generation: cached answers that show it are stale.

    The one function that does so; every change of what a page may show goes through it.
    """
    product.generation += 1
    product.updated_at = now
    product.save(update_fields=[*fields, "generation", "updated_at"])


def journal_product(
    product: Product, kind: str, *, actor: Actor, now: datetime, **more: str | int | bool | None
) -> None:
    """Record one event of a product, with its shop and the shop's commune."""
    journal.record(
        kind=kind,
        aggregate_type="product",
        aggregate_id=product.pk,
        actor=actor,
        now=now,
        data={"product": product.pk, "vendor": product.vendor_id, "commune": product.vendor.commune_id, **more},
    )


def back_to_review(product: Product, *, actor: Actor, now: datetime) -> None:
    """Take a locked product that is on sale off it until staff have seen what changed. Others stay as they are."""
    if product.listing != Product.Listing.PUBLISHED:
        return
    product.listing = Product.Listing.IN_REVIEW
    product.submitted_at = now
    keep_changed(product, now=now, fields=("listing", "submitted_at"))
    journal_product(product, "product.submitted", actor=actor, now=now, again=True)
