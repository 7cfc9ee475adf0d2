"""Where a product comes from, as Circular 02/2024/TT-BKHCN has buyers told: said by its shop."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from catalog.models import Product
from catalog.services.changes import back_to_review, journal_product, keep_changed, lock_product
from catalog.values import clean_trace
from marketplace.core.actors import Actor
from vendors.access import require_seller


def describe_trace(*, actor: Actor, product: Product, facts: Mapping[str, str], now: datetime) -> Product:
    """Keep what the shop says of brand, producer, making, lot, materials and trace code; others stay as they are.

    `facts` are texts by the names of `catalog.values.TRACE_CHARACTERS_MAX`; an empty one takes the fact away. A
    published product goes back to review. When nothing differs, nothing is written. Raises `NotFound` for strangers,
    `BadText`, and `KeyError` for a name that is none of these.
    """
    wanted = {name: clean_trace(name, text) for name, text in facts.items()}
    with transaction.atomic():
        locked = lock_product(product.pk)
        require_seller(actor, locked.vendor)
        changed = tuple(name for name, text in wanted.items() if getattr(locked, name) != text)
        for name in changed:
            setattr(locked, name, wanted[name])
        if changed:
            keep_changed(locked, now=now, fields=changed)
            journal_product(locked, "product.traced", actor=actor, now=now, changed=",".join(changed))
            back_to_review(locked, actor=actor, now=now)
    return locked
