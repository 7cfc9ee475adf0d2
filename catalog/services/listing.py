"""Listing a product and changing what its page says."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductVariant, Stock, StockMovement
from catalog.ocop_sets import ocop_set as known_set
from catalog.search import index_products
from catalog.services.changes import back_to_review, journal_product, keep_changed, lock_product
from catalog.services.movements import Moved, write_movements
from catalog.services.slugs import insert_under_slug
from catalog.values import (
    check_price,
    check_quantity,
    clean_name,
    clean_product_text,
    clean_unit,
    clean_variant_name,
)
from catalog.warnings import HEALTH_FOOD_SETS
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict
from marketplace.core.requests_once import once
from marketplace.places.models import Commune
from vendors.access import require_seller
from vendors.models import Vendor, Warehouse

PRODUCTS_A_VENDOR_MAX = 2000


class TooManyProducts(Conflict):
    """The shop lists as many products as one shop may."""


class NoWarehouse(Conflict):
    """The shop has no place in use where goods could lie."""


def create_product(
    *,
    actor: Actor,
    vendor: Vendor,
    name: str,
    ocop_set: int,
    price_vnd: int,
    unit: str,
    quantity: int,
    now: datetime,
    description: str = "",
    storage_note: str = "",
    shelf_life_note: str = "",
    commune_of_origin: Commune | None = None,
    variant_name: str = "",
    is_alcohol: bool = False,
    is_health_food: bool = False,
    slug: str | None = None,
    is_demo: bool = False,
    client_id: uuid.UUID | None = None,
) -> Product:
    """A draft with one variant (price in đồng for `unit`) whose `quantity` lies at the shop's first place.

    Sets 14 and 15 are alcohol and set 18 is health food whatever is said. The same `client_id` again answers the
    same product. Raises `NotFound` for strangers to the shop, `BadText`, `BadPrice`, `BadQuantity`, `BadSlug`,
    `UnknownOcopSet`, `NoWarehouse`, `TooManyProducts`, `SameIdOtherContent`.
    """
    require_seller(actor, vendor)
    product = _draft(
        vendor,
        name=name,
        ocop_set=ocop_set,
        notes={"description": description, "storage_note": storage_note, "shelf_life_note": shelf_life_note},
        now=now,
        commune_of_origin=commune_of_origin or vendor.commune,
        is_alcohol=is_alcohol,
        is_health_food=is_health_food,
        price_from_vnd=check_price(price_vnd),
        is_demo=is_demo,
    )
    variant = ProductVariant(
        vendor=vendor,
        name=clean_variant_name(variant_name, required=False),
        unit=clean_unit(unit),
        price_vnd=price_vnd,
    )
    stock = Stock(quantity=check_quantity(quantity))
    asked = _content(product) | _content(variant) | {"quantity": quantity, "slug": slug}
    return _kept_once(
        lambda: _insert(product, variant=variant, stock=stock, slug=slug, actor=actor, now=now),
        action="catalog.create_product",
        actor=actor,
        client_id=client_id,
        asked=asked,
        now=now,
    )


def begin_product(
    *,
    actor: Actor,
    vendor: Vendor,
    name: str,
    ocop_set: int,
    now: datetime,
    description: str = "",
    storage_note: str = "",
    shelf_life_note: str = "",
    is_alcohol: bool = False,
    is_health_food: bool = False,
    slug: str | None = None,
    client_id: uuid.UUID | None = None,
) -> Product:
    """A draft without any variant yet: programs add its kinds one by one (`catalog.services.variants.add_variant`).

    It cannot be sent to review before it has one. The same `client_id` again answers the same product. Raises as
    `create_product`, but for what is wrong with a variant.
    """
    require_seller(actor, vendor)
    product = _draft(
        vendor,
        name=name,
        ocop_set=ocop_set,
        notes={"description": description, "storage_note": storage_note, "shelf_life_note": shelf_life_note},
        now=now,
        commune_of_origin=vendor.commune,
        is_alcohol=is_alcohol,
        is_health_food=is_health_food,
    )
    return _kept_once(
        lambda: _insert_product(product, slug=slug, actor=actor, now=now, variant=None),
        action="catalog.begin_product",
        actor=actor,
        client_id=client_id,
        asked=_content(product) | {"slug": slug},
        now=now,
    )


def _draft(
    vendor: Vendor, *, name: str, ocop_set: int, notes: Mapping[str, str], now: datetime, **more: Any
) -> Product:
    """The draft as it will be kept, with what follows from its set. Raises `BadText`, `UnknownOcopSet`."""
    texts = {field: clean_product_text(field, text) for field, text in notes.items()}
    set_no = known_set(ocop_set).no
    product = Product(
        vendor=vendor, name=clean_name(name), ocop_set=set_no, made_at=now, updated_at=now, **texts, **more
    )
    _derive_gates(product)
    return product


def _content(row: Product | ProductVariant) -> dict[str, object]:
    """What the person said, without what the clock and the database add: the same request has the same content."""
    own = {"id", "made_at", "updated_at", "kind_slug", "unit_slug"}
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if f.attname not in own}


def _kept_once(
    insert: Callable[[], Product],
    *,
    action: str,
    actor: Actor,
    client_id: uuid.UUID | None,
    asked: dict[str, object],
    now: datetime,
) -> Product:
    answer = once(
        lambda: str(insert().pk),
        action=action,
        owner=f"user:{actor.user_id}",
        client_id=client_id,
        asked=asked,
        now=now,
    )
    return Product.objects.select_related("vendor", "commune_of_origin__province").get(pk=int(answer))


def _insert(
    product: Product, *, variant: ProductVariant, stock: Stock, slug: str | None, actor: Actor, now: datetime
) -> Product:
    stock.warehouse = first_warehouse(product.vendor)
    _insert_product(product, slug=slug, actor=actor, now=now, variant=variant)
    stock.variant = variant
    stock.save(force_insert=True)
    opening = Moved(stock, StockMovement.Kind.OPENING, stock.quantity)
    write_movements([opening], vendor_id=product.vendor_id, actor=actor, now=now)
    return product


def _insert_product(
    product: Product, *, slug: str | None, actor: Actor, now: datetime, variant: ProductVariant | None
) -> Product:
    if Product.objects.filter(vendor=product.vendor).count() >= PRODUCTS_A_VENDOR_MAX:
        raise TooManyProducts(_("Gian hàng đã có 2.000 sản phẩm, không thêm được nữa."))
    insert_under_slug(product, wanted=slug)
    if variant is not None:
        variant.product = product
        variant.save(force_insert=True)
    index_products([product])
    first = None if variant is None else variant.pk
    journal_product(product, "product.created", actor=actor, now=now, variant=first)
    return product


def first_warehouse(vendor: Vendor) -> Warehouse:
    """The place in use that the shop made first. Raises `NoWarehouse`."""
    first = Warehouse.objects.filter(vendor=vendor, is_active=True).order_by("pk").first()
    if first is None:
        raise NoWarehouse(_("Gian hàng chưa có nơi để hàng. Hãy thêm một nơi trước."))
    return first


def update_product(
    *,
    actor: Actor,
    product: Product,
    now: datetime,
    name: str | None = None,
    description: str | None = None,
    storage_note: str | None = None,
    shelf_life_note: str | None = None,
    ocop_set: int | None = None,
    commune_of_origin: Commune | None = None,
    is_alcohol: bool | None = None,
    is_health_food: bool | None = None,
) -> Product:
    """Change what the page says; None leaves a thing as it is. A published product goes back to review.

    The law lets nothing be shown that was not reviewed (Law 122/2025/QH15, article 17). Its address stays. Returns
    the product as kept; when nothing differs, nothing is written. Raises `NotFound`, `BadText`, `UnknownOcopSet`.
    """
    wanted: dict[str, object] = {
        "name": None if name is None else clean_name(name),
        "ocop_set": None if ocop_set is None else known_set(ocop_set).no,
        "commune_of_origin": commune_of_origin,
        "is_alcohol": is_alcohol,
        "is_health_food": is_health_food,
    }
    notes = {"description": description, "storage_note": storage_note, "shelf_life_note": shelf_life_note}
    wanted |= {key: None if text is None else clean_product_text(key, text) for key, text in notes.items()}
    with transaction.atomic():
        locked = lock_product(product.pk)
        require_seller(actor, locked.vendor)
        changed = _apply(locked, wanted)
        if changed:
            index_products([locked])
            keep_changed(locked, now=now, fields=changed)
            journal_product(locked, "product.updated", actor=actor, now=now, changed=",".join(changed))
            back_to_review(locked, actor=actor, now=now)
    return locked


def _apply(product: Product, wanted: dict[str, object]) -> tuple[str, ...]:
    """Set what is wanted and what follows from it; the names of the fields that differ now."""
    before = {field: getattr(product, field) for field in wanted}
    _forget_gates_of_set(product)
    for field, value in wanted.items():
        if value is not None:
            setattr(product, field, value)
    _derive_gates(product)
    return tuple(field for field, value in before.items() if getattr(product, field) != value)


def _forget_gates_of_set(product: Product) -> None:
    """Take off what only followed from the set, so that a set chosen by mistake leaves nothing behind."""
    product.is_alcohol = product.is_alcohol and not known_set(product.ocop_set).alcohol
    product.is_health_food = product.is_health_food and product.ocop_set not in HEALTH_FOOD_SETS


def _derive_gates(product: Product) -> None:
    """Alcohol and health food follow from the set; a shop may say so of others, and never take it back for these."""
    product.is_alcohol = product.is_alcohol or known_set(product.ocop_set).alcohol
    product.is_health_food = product.is_health_food or product.ocop_set in HEALTH_FOOD_SETS
