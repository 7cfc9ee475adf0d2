"""What payment codes lead to, found and locked in the house's order of locks."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from marketplace.orders.locks import lock_checkout, lock_code, lock_order
from marketplace.orders.models import Order, PaymentCode
from payments.likeness import Word
from payments.matching import CodeFacts, SaleState
from payments.models import Confirmation, TransactionEvent

CODES_LOOKED_UP_MAX: Final = 8
"""A transfer that names more codes than this goes to a person unread."""

_PAID: Final = frozenset({Order.ChargeStatus.FULL, Order.ChargeStatus.OVERCHARGED})


_PARTLY: Final = Order.ChargeStatus.PARTIAL


@dataclass(frozen=True, slots=True)
class Sale:
    """A locked payment code and the locked order it leads to; before there is one, its checkout is locked."""

    code: PaymentCode
    order: Order | None

    @property
    def checkout_id(self) -> uuid.UUID | None:
        """The checkout to be made an order by the payment; None when there is an order, or nothing."""
        return None if self.order is not None else self.code.checkout_id

    @property
    def may_refuse(self) -> bool:
        """Whether booking money may fail for want of goods: there is no order yet, or one that gave them back."""
        return self.order is None or self.order.status == Order.Status.EXPIRED

    def facts(self, *, vendor_ids: Collection[int], amount_vnd: int) -> CodeFacts:
        """What matching asks about this code, for a transfer of `amount_vnd` to one of these vendors."""
        return CodeFacts(
            code=self.code.code,
            sale=self._key(),
            belongs_to_this_vendor=self.code.vendor_id in vendor_ids,
            state=self._state(),
            # What a checkout costs is read when it becomes an order; any đồng makes it one.
            outstanding=self.order.outstanding_vnd if self.order else amount_vnd,
            ended_at=self.order.ended_at if self.order else None,
            words=words_of(self.order) if self.order and self.order.charge_status == _PARTLY else (),
        )

    def _key(self) -> str:
        if self.order is not None:
            return f"order:{self.order.pk}"
        return f"checkout:{self.checkout_id}" if self.checkout_id else f"code:{self.code.pk}"

    def _state(self) -> SaleState:
        if self.order is None:
            # A code outlives its checkout: the shopper gave it up.
            return SaleState.LIVE if self.checkout_id else SaleState.CANCELLED
        if self.order.status == Order.Status.CANCELED:
            return SaleState.CANCELLED
        if self.order.charge_status in _PAID:
            return SaleState.PAID
        return SaleState.EXPIRED if self.order.status == Order.Status.EXPIRED else SaleState.LIVE


def lock_sales(codes: Sequence[str]) -> tuple[Sale, ...]:
    """What each of `codes` that was ever issued leads to, locked: codes first, then checkouts, then orders.

    At most the first `CODES_LOOKED_UP_MAX` are looked up.
    """
    wanted = sorted(codes[:CODES_LOOKED_UP_MAX])
    found = [code for code in map(lock_code, wanted) if code is not None]
    waiting = {code.checkout_id for code in found if code.order_id is None and code.checkout_id is not None}
    for checkout_id in sorted(waiting):
        lock_checkout(checkout_id)
    made = _orders_made_of(waiting) if waiting else {}
    order_ids = {code.pk: code.order_id or made.get(code.checkout_id) for code in found}
    orders = {pk: lock_order(pk) for pk in sorted(pk for pk in set(order_ids.values()) if pk is not None)}
    return tuple(Sale(code, orders.get(order_ids[code.pk] or 0)) for code in found)


def words_of(order: Order) -> tuple[Word, ...]:
    """The transfers of a locked order that were counted on the word of its shop or of a program, not of a bank."""
    kind = TransactionEvent.Type.CHARGE_SUCCESS
    said = TransactionEvent.objects.filter(order=order, type=kind, confirmation=Confirmation.VENDOR).order_by("pk")
    return tuple(
        Word(amount=amount_vnd, reference=reference)
        for amount_vnd, reference in said.values_list("amount_vnd", "psp_reference")
    )


def _orders_made_of(checkouts: Collection[uuid.UUID]) -> dict[uuid.UUID | None, int]:
    return dict(Order.objects.filter(checkout_id__in=checkouts).values_list("checkout_id", "pk"))
