"""Writing down that money moved: the event, the order's balance, the journal and the review list, all in one.

Every function here runs inside the caller's transaction, with the order locked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.core.journal import JsonValue
from marketplace.core.statements import Given, Kept, insert
from marketplace.orders.models import Order, PaymentCode
from marketplace.orders.services.charging import apply_charge, apply_refund
from payments.models import MONEY_MOVES, BankNotice, Confirmation, TransactionEvent, TransactionItem
from payments.services.reviews import agree_with_balance

VIETQR_GATEWAY: Final = "market40.vietqr"
STRIPE_GATEWAY: Final = "market40.stripe"
BY_HAND_GATEWAYS: Final[Mapping[str, str]] = {
    Confirmation.CASH: "market40.cash",
    Confirmation.VENDOR: "market40.vendor",
}

_ITEM_OF_CODE: Kept[TransactionItem] = Kept(
    lambda: TransactionItem.objects.filter(payment_code=Given("code")).defer("metadata", "private_metadata")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money that moved: how much (đồng), who says so, and when."""

    amount_vnd: int
    confirmation: Confirmation
    happened_at: datetime
    bank_date: date
    """The day in Vietnam it is counted on."""
    reference: str = ""
    """The bank's own reference."""
    notice: BankNotice | None = None
    granted_refund_id: int | None = None
    """The promise that a refund keeps."""
    message: str = ""
    """What was said about it."""

    @classmethod
    def of_notice(cls, notice: BankNotice) -> Movement:
        """What a bank's notice says moved."""
        return cls(
            amount_vnd=notice.amount_vnd,
            confirmation=Confirmation.BANK,
            happened_at=notice.happened_at,
            bank_date=notice.bank_date,
            reference=notice.bank_reference or notice.provider_tx_id,
            notice=notice,
        )

    @classmethod
    def by_hand(
        cls,
        amount_vnd: int,
        confirmation: Confirmation,
        *,
        now: datetime,
        reference: str = "",
        granted_refund_id: int | None = None,
    ) -> Movement:
        """What a person of the vendor says moved just now."""
        return cls(
            amount_vnd=amount_vnd,
            confirmation=confirmation,
            happened_at=now,
            bank_date=vietnam_date(now),
            reference=reference,
            granted_refund_id=granted_refund_id,
        )


def charge(
    order: Order, item: TransactionItem, *, movement: Movement, actor: Actor, now: datetime
) -> TransactionEvent:
    """Book money that came for `order`. An expired order comes back to life if its goods are there.

    Raises `InsufficientStock`, `VoucherUsedUp` and `OrderCancelled` of orders; then the caller's savepoint takes all
    of it back.
    """
    kind = TransactionEvent.Type.CHARGE_SUCCESS
    event, extras = _write_event(kind, order, item=item, movement=movement, actor=actor)
    outcome = apply_charge(order=order, amount_vnd=movement.amount_vnd, actor=actor, now=now, data=extras)
    # An order that had no money at all has nothing open about it, and one that is paid exactly opens nothing.
    if (outcome.status_before, outcome.status_after) != (Order.ChargeStatus.NONE, Order.ChargeStatus.FULL):
        agree_with_balance(order, actor=actor, now=now)
    return event


def refund(
    order: Order, item: TransactionItem, *, movement: Movement, actor: Actor, now: datetime
) -> TransactionEvent:
    """Book money that went back to the buyer of `order`. Raises `RefundTooLarge` of orders."""
    return _take_out(TransactionEvent.Type.REFUND_SUCCESS, order, item, movement=movement, actor=actor, now=now)


def charge_back(
    order: Order, item: TransactionItem, *, movement: Movement, actor: Actor, now: datetime
) -> TransactionEvent:
    """Book money that the card network took back: out of the balance like a refund, and never called one.

    Raises `RefundTooLarge` of orders.
    """
    return _take_out(TransactionEvent.Type.CHARGE_BACK, order, item, movement=movement, actor=actor, now=now)


def _take_out(
    kind: TransactionEvent.Type,
    order: Order,
    item: TransactionItem,
    *,
    movement: Movement,
    actor: Actor,
    now: datetime,
) -> TransactionEvent:
    event, extras = _write_event(kind, order, item=item, movement=movement, actor=actor)
    apply_refund(order=order, amount_vnd=movement.amount_vnd, actor=actor, now=now, data=extras)
    agree_with_balance(order, actor=actor, now=now)
    return event


def note(
    kind: TransactionEvent.Type, order: Order, item: TransactionItem, *, movement: Movement, actor: Actor
) -> TransactionEvent:
    """Write down what moves no money: that it was asked for, or refused. Order locked."""
    if kind in MONEY_MOVES:
        raise ValueError(f"{kind} moves money: it is booked, not noted")
    event, _extras = _write_event(kind, order, item=item, movement=movement, actor=actor)
    return event


def item_of_code(code: PaymentCode, *, order: Order | None, now: datetime) -> TransactionItem:
    """The transaction of a payment code, made if there is none; follows the code into its order."""
    item = _ITEM_OF_CODE.one(code=code.pk)
    if item is None:
        item, _made = TransactionItem.objects.get_or_create(
            payment_code=code,
            defaults={
                "gateway": VIETQR_GATEWAY,
                # The checkout is gone once it became an order.
                "checkout_id": None if order is not None else code.checkout_id,
                "order": order,
                "psp_reference": code.code,
                "made_at": now,
            },
        )
    if order is not None and item.order_id != order.pk:
        item.order = order
        item.save(update_fields=["order"])
    return item


def item_of_new_code(code: PaymentCode, *, now: datetime) -> TransactionItem:
    """The transaction of a checkout's payment code that was issued in this transaction: nobody can have made one."""
    item = TransactionItem(
        payment_code=code,
        gateway=VIETQR_GATEWAY,
        checkout_id=code.checkout_id,
        psp_reference=code.code,
        made_at=now,
    )
    insert(item)
    return item


def item_by_hand(order: Order, *, confirmation: Confirmation, now: datetime) -> TransactionItem:
    """The order's transaction for what is marked by hand in one way, made if there is none. Order locked."""
    item, _made = TransactionItem.objects.get_or_create(
        order=order, gateway=BY_HAND_GATEWAYS[confirmation], payment_code=None, defaults={"made_at": now}
    )
    return item


def _write_event(
    kind: TransactionEvent.Type, order: Order, *, item: TransactionItem, movement: Movement, actor: Actor
) -> tuple[TransactionEvent, dict[str, JsonValue]]:
    """The event, counted where the vendor is now, and what the journal says of it besides the order."""
    commune = order.vendor.commune
    event = TransactionEvent(
        transaction=item,
        order=order,
        vendor_id=order.vendor_id,
        type=kind,
        amount_vnd=movement.amount_vnd,
        psp_reference=movement.reference,
        confirmation=movement.confirmation,
        notice=movement.notice,
        related_granted_refund_id=movement.granted_refund_id,
        message=movement.message,
        actor_id=actor.user_id,
        happened_at=movement.happened_at,
        bank_date=movement.bank_date,
        commune=commune,
        channel=order.channel,
    )
    insert(event)
    extras: dict[str, JsonValue] = {
        "confirmation": str(movement.confirmation),
        "bank_date": movement.bank_date.isoformat(),
        "transaction_event": event.pk,
        "commune": commune.pk,
        "province": commune.province_id,
    }
    return event, extras
