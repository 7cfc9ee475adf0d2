"""Several lines of a checkout changed or taken out at once, as programs do it: all of it or nothing."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput
from marketplace.orders.checks import is_row_id, line_quantity
from marketplace.orders.goods import CHECKOUT_LINES_MAX, too_many_lines, unknown_variants
from marketplace.orders.locks import lock_checkout
from marketplace.orders.models import Checkout, CheckoutLine
from marketplace.orders.services.filling import put_quantities, take_out


class NotInCheckout(InvalidInput):
    """Lines that are not the checkout's, or no longer; `subjects` holds their ids."""


@dataclass(frozen=True)
class LineChange:
    """How many there shall be of a line, or of a variant whether it is in the checkout or not; 0 takes it out."""

    quantity: int | None
    line_id: uuid.UUID | None = None
    variant_id: int | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)


def update_lines(
    *, checkout_id: uuid.UUID, changes: Sequence[LineChange], now: datetime, age_declared: bool = False
) -> Checkout:
    """Set these quantities; of a thing that is named twice the last counts. Ends a hold.

    Less than before is always taken, whatever is left. The same changes again change nothing more. Raises
    `NotInCheckout`, REQUIRED without a quantity, and as `create_checkout` for goods that become more; nothing is
    changed then.
    """
    if len(changes) > CHECKOUT_LINES_MAX:
        raise too_many_lines()
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        of_lines = dict(checkout.lines.values_list("pk", "variant_id"))
        wanted: dict[int, int] = {}
        texts: dict[int, Mapping[str, str]] = {}
        for change in changes:
            variant_id = _variant_of(change, of_lines)
            wanted[variant_id] = _quantity(change)
            texts[variant_id] = {**texts.get(variant_id, {}), **change.metadata}
        put_quantities(checkout, wanted, texts=texts, age_declared=age_declared, now=now)
    return checkout


def remove_lines(*, checkout_id: uuid.UUID, line_ids: Sequence[uuid.UUID], now: datetime) -> Checkout:
    """Take these lines out. Ends a hold. Raises `NotFound`, `NotInCheckout`; nothing is changed then."""
    if len(line_ids) > CHECKOUT_LINES_MAX:
        raise too_many_lines()
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        lines = {line.pk: line for line in CheckoutLine.objects.filter(checkout=checkout)}
        foreign = [line_id for line_id in line_ids if line_id not in lines]
        if foreign:
            raise NotInCheckout(_("Món này không có trong giỏ."), field="line_id", subjects=foreign)
        take_out(checkout, [lines[line_id] for line_id in line_ids], now=now)
    return checkout


def _variant_of(change: LineChange, of_lines: Mapping[uuid.UUID, int]) -> int:
    if (change.line_id is None) == (change.variant_id is None):
        raise InvalidInput(_("Bạn ghi lineId hoặc variantId, một trong hai."), field="line_id")
    if change.line_id is not None:
        if change.line_id not in of_lines:
            # The same code as for an id that can be no line's, as in Saleor.
            sentence = _("Món này không có trong giỏ.")
            raise NotInCheckout(sentence, field="line_id", code="GRAPHQL_ERROR", subjects=[change.line_id])
        return of_lines[change.line_id]
    if change.variant_id is None or not is_row_id(change.variant_id):
        raise unknown_variants([change.variant_id])
    return change.variant_id


def _quantity(change: LineChange) -> int:
    if change.quantity is None:
        raise InvalidInput(_("Bạn ghi số lượng cho từng món."), field="quantity", code="REQUIRED")
    return line_quantity(change.quantity, least=0)
