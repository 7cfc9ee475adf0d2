"""Bringing a file of goods: read and planned first, taken in steps afterwards, each step wholly or not at all.

A dry run is the plan itself: it is made without writing anything, since a trial that is rolled back would hold the
one writer of SQLite for as long as the file is long.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.imports.layouts import layout_of
from catalog.imports.plans import Action, Step, plan_of
from catalog.imports.reading import Defaults, KindRead, read_goods
from catalog.models import GoodsImport, Product, ProductVariant, Stock
from catalog.services.listing import create_product
from catalog.services.variants import add_variant, set_stock, update_variant
from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.errors import Conflict, MarketError, NotFound
from marketplace.core.requests_once import once
from marketplace.core.tables import UnreadableTable, read_table
from vendors.access import require_seller
from vendors.models import Vendor

IMPORT_ROWS_MAX: Final = 2_000
"""As many products as one shop may list, each in one row; titles and empty rows count."""
STEPS_A_BATCH_MAX: Final = 20
"""Taken in one transaction: well below the time that other writers wait."""
DRAFTS_A_VENDOR_MAX: Final = 5
DRAFT_KEPT_FOR: Final = timedelta(days=1)
KEPT_FOR: Final = timedelta(days=30)
_STATE = GoodsImport.State


class HasErrors(Conflict):
    """Rows of the file cannot be taken, and nobody said that the others shall be."""


def bring_goods(
    *,
    actor: Actor,
    vendor: Vendor,
    content: bytes,
    now: datetime,
    defaults: Defaults = Defaults(),
    client_id: uuid.UUID | None = None,
) -> GoodsImport:
    """Read a file of goods and plan what it would do; nothing of the shop's goods is changed.

    CSV or XLSX of ours, KiotViet's, Haravan's, Sapo's or Shopify's, at most 10 MiB and `IMPORT_ROWS_MAX` rows. The
    same `client_id` again answers the same import. Raises `NotFound` for strangers, `UnreadableTable`.
    """
    require_seller(actor, vendor)
    table = read_table(content, rows_max=IMPORT_ROWS_MAX + 1)
    layout = layout_of(table)
    steps = plan_of(vendor, read_goods(table, layout, defaults))
    if not steps:
        raise UnreadableTable(gettext_lazy("Tệp không có dòng hàng nào dưới tiêu đề."), field="content")

    def work() -> str:
        _drop_drafts_beyond(vendor)
        kept = GoodsImport.objects.create(
            vendor=vendor,
            actor_id=actor.user_id,
            layout=layout.kind,
            plan=[asdict(step) for step in steps],
            steps_count=len(steps),
            errors_count=sum(step.action == Action.ERROR for step in steps),
            made_at=now,
        )
        return str(kept.pk)

    owner, asked = f"user:{actor.user_id}", {"vendor": vendor.pk, "file": hashlib.sha256(content).hexdigest()}
    answer = once(work, action="catalog.bring_goods", owner=owner, client_id=client_id, asked=asked, now=now)
    return import_of(actor=actor, vendor=vendor, import_id=uuid.UUID(answer))


def import_of(*, actor: Actor, vendor: Vendor, import_id: uuid.UUID) -> GoodsImport:
    """An import of the shop. Raises `NotFound` for strangers and for one that is not there (any more)."""
    require_seller(actor, vendor)
    found = GoodsImport.objects.filter(pk=import_id, vendor=vendor).first()
    if found is None:
        raise NotFound(_("Không tìm thấy tệp này."))
    return found


def imports_of(*, actor: Actor, vendor: Vendor) -> QuerySet[GoodsImport]:
    """The shop's imports, the latest first, without their plans. Raises `NotFound` for strangers."""
    require_seller(actor, vendor)
    return GoodsImport.objects.filter(vendor=vendor).defer("plan").order_by("-made_at", "pk")


def steps_of(goods_import: GoodsImport) -> list[Step]:
    """What the file would do, did, or could not do, in its order."""
    return [Step(**step) for step in goods_import.plan]


def confirm_import(
    *, actor: Actor, goods_import: GoodsImport, now: datetime, without_errors: bool = False
) -> GoodsImport:
    """Begin to take a file; a first batch is taken at once, the rest by the worker. A second time changes nothing.

    `without_errors`: take what is right and leave the rows with mistakes. Raises `NotFound` for strangers,
    `HasErrors`.
    """
    require_seller(actor, goods_import.vendor)
    with transaction.atomic():
        locked = GoodsImport.objects.select_for_update(of=("self",)).filter(pk=goods_import.pk).first()
        if locked is None:
            raise NotFound(_("Không tìm thấy tệp này."))
        if locked.state == _STATE.DRAFT:
            if locked.errors_count and not without_errors:
                raise HasErrors(_("Tệp còn dòng lỗi. Bạn sửa rồi gửi lại, hoặc chỉ nhập những dòng đúng."))
            locked.state = _STATE.RUNNING
            locked.save(update_fields=["state"])
    take_batch(import_id=goods_import.pk, actor=actor, now=now)
    return import_of(actor=actor, vendor=goods_import.vendor, import_id=goods_import.pk)


def discard_import(*, actor: Actor, goods_import: GoodsImport) -> None:
    """Throw a draft away. Raises `NotFound` for strangers; one that was begun stays."""
    require_seller(actor, goods_import.vendor)
    GoodsImport.objects.filter(pk=goods_import.pk, state=_STATE.DRAFT).delete()


def continue_imports(*, now: datetime) -> int:
    """Take one more batch of every import that is under way, as its person. Returns how many there were."""
    running = GoodsImport.objects.filter(state=_STATE.RUNNING).order_by("made_at").values_list("pk", "actor_id")
    waiting = list(running[:10])
    for import_id, actor_id in waiting:
        take_batch(import_id=import_id, actor=Actor(user_id=actor_id, is_system=True), now=now)
    return len(waiting)


def forget_imports(*, now: datetime) -> int:
    """Delete abandoned drafts, and imports that ended long ago. Returns how many."""
    drafts = GoodsImport.objects.filter(state=_STATE.DRAFT, made_at__lt=now - DRAFT_KEPT_FOR)
    ended = GoodsImport.objects.filter(state=_STATE.DONE, made_at__lt=now - KEPT_FOR)
    return drafts.delete()[0] + ended.delete()[0]


def import_products(
    *,
    vendor: Vendor,
    content: bytes,
    now: datetime,
    defaults: Defaults = Defaults(),
    dry_run: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> GoodsImport:
    """The whole way at once, for the terminal: all rows or none. `progress` is told how many steps of how many.

    Raises `UnreadableTable`. An import with mistakes, or a dry run, comes back as a draft that is not kept.
    """
    brought = bring_goods(actor=SYSTEM, vendor=vendor, content=content, now=now, defaults=defaults)
    if dry_run or brought.errors_count:
        GoodsImport.objects.filter(pk=brought.pk).delete()
        return brought
    GoodsImport.objects.filter(pk=brought.pk).update(state=_STATE.RUNNING)
    while take_batch(import_id=brought.pk, actor=SYSTEM, now=now):
        brought.refresh_from_db()
        progress(brought.next_step, brought.steps_count)
    brought.refresh_from_db()
    return brought


def take_batch(*, import_id: uuid.UUID, actor: Actor, now: datetime) -> bool:
    """Take the next steps of an import in one transaction with its position. Whether there was anything to take."""
    with transaction.atomic():
        found = GoodsImport.objects.select_for_update(of=("self",)).select_related("vendor__commune")
        goods_import = found.filter(pk=import_id, state=_STATE.RUNNING).first()
        if goods_import is None:
            return False
        first, last = goods_import.next_step, goods_import.next_step + STEPS_A_BATCH_MAX
        for place in range(first, min(last, goods_import.steps_count)):
            _take(goods_import, place, actor=actor, now=now)
        goods_import.next_step = min(last, goods_import.steps_count)
        if goods_import.next_step == goods_import.steps_count:
            goods_import.state, goods_import.finished_at = _STATE.DONE, now
        goods_import.save()
    return True


def _take(goods_import: GoodsImport, place: int, *, actor: Actor, now: datetime) -> None:
    """One step, in a savepoint: a refusal (the shop changed since) is written into the plan and stops no other."""
    step = Step(**goods_import.plan[place])
    if step.action not in {Action.ADD, Action.CHANGE}:
        return
    try:
        with transaction.atomic():
            if step.action == Action.ADD:
                step.product_id = _add(step, goods_import.vendor, actor=actor, now=now).pk
                goods_import.added_count += 1
            else:
                _change(step, actor=actor, now=now)
                goods_import.changed_count += 1
    except MarketError as error:
        step.action, step.words = Action.ERROR, [_("Dòng {row}: {problem}").format(row=step.row, problem=error)]
        goods_import.errors_count += 1
    goods_import.plan[place] = asdict(step)


def _add(step: Step, vendor: Vendor, *, actor: Actor, now: datetime) -> Product:
    first, *others = step.kinds
    product = create_product(
        actor=actor,
        vendor=vendor,
        name=step.goods["name"],
        ocop_set=step.goods["ocop_set"],
        price_vnd=first.price_vnd,
        unit=first.unit,
        quantity=first.quantity or 0,
        now=now,
        description=step.goods["description"],
        storage_note=step.goods["storage_note"],
        shelf_life_note=step.goods["shelf_life_note"],
        variant_name=first.name,
    )
    if first.sku is not None:
        variant = ProductVariant.objects.get(product=product)
        update_variant(actor=actor, variant=variant, sku=first.sku, now=now)
    for kind in others:
        _add_kind(product, kind, actor=actor, now=now)
    return product


def _add_kind(product: Product, kind: KindRead, *, actor: Actor, now: datetime) -> None:
    add_variant(
        actor=actor,
        product=product,
        name=kind.name,
        unit=kind.unit,
        price_vnd=kind.price_vnd,
        sku=kind.sku or "",
        quantity=kind.quantity or 0,
        now=now,
    )


def _change(step: Step, *, actor: Actor, now: datetime) -> None:
    """New prices, units and counts of kinds that the shop has, and kinds that it has not yet."""
    product = Product.objects.select_related("vendor").get(pk=step.product_id or 0)
    own = {one.pk: one for one in ProductVariant.objects.filter(product=product)}
    for kind in step.kinds:
        if kind.variant_id is None:
            _add_kind(product, kind, actor=actor, now=now)
            continue
        variant = own[kind.variant_id]
        if (variant.price_vnd, variant.unit) != (kind.price_vnd, kind.unit):
            update_variant(actor=actor, variant=variant, price_vnd=kind.price_vnd, unit=kind.unit, now=now)
        if kind.quantity is not None:
            _count(variant, kind.quantity, actor=actor, now=now)


def _count(variant: ProductVariant, quantity: int, *, actor: Actor, now: datetime) -> None:
    """A file counts the whole shop: where goods lie at several places, it cannot say how many lie where."""
    stocks = list(Stock.objects.filter(variant=variant).select_related("warehouse")[:2])
    if len(stocks) == 1 and stocks[0].quantity != quantity:
        set_stock(actor=actor, variant=variant, warehouse=stocks[0].warehouse, quantity=quantity, now=now)


def _drop_drafts_beyond(vendor: Vendor) -> None:
    """A draft holds what was read of a file: a shop keeps the newest few."""
    drafts = GoodsImport.objects.filter(vendor=vendor, state=_STATE.DRAFT).order_by("-made_at")
    beyond = list(drafts.values_list("pk", flat=True)[DRAFTS_A_VENDOR_MAX - 1 :])
    GoodsImport.objects.filter(pk__in=beyond).delete()
