"""A product like another one: the quick way to list what differs in little."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from catalog.models import Product, ProductMedia, ProductVariant
from catalog.services.listing import create_product
from catalog.services.photos import add_photo
from catalog.services.variants import add_variant
from catalog.values import NAME_CHARACTERS_MAX
from marketplace.core.actors import Actor
from marketplace.core.requests_once import once
from vendors.access import require_seller


def copy_product(*, actor: Actor, product: Product, now: datetime, client_id: uuid.UUID | None = None) -> Product:
    """A draft with the same words, kinds, prices and photos; with no stock, no codes and no certificate.

    Codes and certificates belong to one product, and what lies on a shelf lies there once. The same `client_id`
    again answers the same copy. Raises `NotFound` for strangers, `NoWarehouse`, `TooManyProducts`.
    """
    require_seller(actor, product.vendor)
    answer = once(
        lambda: str(_copied(actor, product, now=now).pk),
        action="catalog.copy_product",
        owner=f"user:{actor.user_id}",
        client_id=client_id,
        asked={"product": product.pk},
        now=now,
    )
    made = Product.objects.select_related("vendor", "commune_of_origin__province").get(pk=int(answer))
    # The pictures' files are written outside the transaction; a copy that was cut off here is given them again.
    if not ProductMedia.objects.filter(product=made).exists():
        _copy_photos(actor, product, made, now=now)
    return made


def _copied(actor: Actor, product: Product, *, now: datetime) -> Product:
    first, *others = ProductVariant.objects.filter(product=product).order_by("-is_active", "position", "pk")
    made = create_product(
        actor=actor,
        vendor=product.vendor,
        name=_copys_name(product.name),
        ocop_set=product.ocop_set,
        price_vnd=first.price_vnd,
        unit=first.unit,
        quantity=0,
        now=now,
        description=product.description,
        storage_note=product.storage_note,
        shelf_life_note=product.shelf_life_note,
        commune_of_origin=product.commune_of_origin,
        variant_name=first.name,
        is_alcohol=product.is_alcohol,
        is_health_food=product.is_health_food,
    )
    for one in others:
        if one.is_active:
            add_variant(
                actor=actor,
                product=made,
                name=one.name or one.unit,
                unit=one.unit,
                price_vnd=one.price_vnd,
                quantity=0,
                now=now,
            )
    return made


def _copys_name(name: str) -> str:
    mark = " " + _("(bản sao)")
    return name[: NAME_CHARACTERS_MAX - len(mark)].rstrip() + mark


def _copy_photos(actor: Actor, product: Product, made: Product, *, now: datetime) -> None:
    for media in ProductMedia.objects.filter(product=product).order_by("position", "pk"):
        name = str(media.image.name)
        if default_storage.exists(name):
            with default_storage.open(name) as file:
                content = file.read()
            add_photo(
                actor=actor,
                product=made,
                content=content,
                alt=media.alt,
                is_illustration=media.is_illustration,
                now=now,
            )
