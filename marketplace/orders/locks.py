"""Row locks of a sale: all here, always in this order, each once a transaction.

    payment code -> checkout -> order -> voucher -> stocks by id -> the buyer -> (in payments) transaction item

Whoever takes a later one first can block somebody who goes the right way round for ever. `NO KEY` keeps the
checks of foreign keys, which other transactions make, from waiting. On SQLite a transaction is the only writer
from its first statement, so there is nothing to lock.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import TypeVar

from django.db import connection
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Stock
from marketplace.core.errors import NotFound
from marketplace.core.payment_codes import is_valid_code
from marketplace.core.statements import Among, Given, Kept
from marketplace.orders.checks import is_row_id, known_uuid
from marketplace.orders.errors import no_such_checkout, no_such_complaint
from marketplace.orders.models import Checkout, Complaint, Order, PaymentCode, Voucher

Row = TypeVar("Row", bound=Model)


def require_transaction() -> None:
    """Raises `RuntimeError` outside a transaction: a lock taken there ends before it is of use."""
    if not connection.in_atomic_block:
        raise RuntimeError("a lock outside a transaction ends before it is of use")


def lock_code(code: str) -> PaymentCode | None:
    """The payment code of this text, locked; None where there is none. What it leads to is final while locked."""
    if not is_valid_code(code):
        return None
    require_transaction()
    return _CODE.one(code=code)


def lock_checkout(checkout_id: uuid.UUID) -> Checkout:
    """The checkout, locked for a change that leaves its code alone. Raises `NotFound`."""
    checkout = _the_checkout(checkout_id)
    if checkout is None:
        raise no_such_checkout()
    return checkout


def lock_checkout_and_code(checkout_id: uuid.UUID) -> Checkout | None:
    """The checkout, locked after its live code: for making the order, which takes the code with it.

    None where it is gone, most likely into an order. A code that is issued between the two locks was shown to
    nobody yet, so no notice can be waiting on it.
    """
    require_transaction()
    _CODE_OF_CHECKOUT.all(checkout=known_uuid(checkout_id))
    return _the_checkout(checkout_id)


def _the_checkout(checkout_id: uuid.UUID) -> Checkout | None:
    require_transaction()
    return _CHECKOUT.one(pk=known_uuid(checkout_id))


def lock_order(order_id: int) -> Order:
    """The order, locked, with its vendor and commune. Raises `NotFound`."""
    require_transaction()
    return _found(_ORDER.one(pk=order_id) if is_row_id(order_id) else None)


def lock_order_by_token(token: uuid.UUID) -> Order:
    """The order that the buyer's link names, locked. Raises `NotFound`."""
    return _found(_locked(_with_commune()).filter(token=known_uuid(token)).first())


def lock_complaint(complaint_id: int) -> Complaint:
    """The complaint, locked, with its order, shop and commune; after its order, if both. Raises `NotFound`."""
    rows = _locked(Complaint.objects.select_related("order__vendor__commune", "commune"))
    found = rows.filter(pk=complaint_id).first() if is_row_id(complaint_id) else None
    if found is None:
        raise no_such_complaint()
    return found


def lock_voucher(voucher_id: int) -> Voucher:
    """The voucher, locked: how often it was used is final while it is. Raises `NotFound`."""
    found = _locked(Voucher.objects.filter(pk=voucher_id)).first() if is_row_id(voucher_id) else None
    if found is None:
        raise NotFound(_("Không tìm thấy phiếu giảm giá này."))
    return found


def lock_stocks(*, variant_ids: Iterable[int] = (), stock_ids: Iterable[int] = ()) -> dict[int, Stock]:
    """Every stock of these variants and every stock named, locked in the order of their ids, by id."""
    require_transaction()
    found = _STOCKS.all(variants=sorted(set(variant_ids)), stocks=sorted(set(stock_ids)))
    return {stock.pk: stock for stock in found}


def lock_if_free(rows: QuerySet[Row]) -> Row | None:
    """The first of `rows` that nobody else has locked, locked; None where there is none."""
    return _locked(rows, skip_locked=connection.features.has_select_for_update_skip_locked).first()


def _found(order: Order | None) -> Order:
    if order is None:
        raise NotFound(_("Không tìm thấy đơn hàng này."))
    return order


def _with_commune() -> QuerySet[Order]:
    return Order.objects.select_related("vendor__commune")


def _locked(rows: QuerySet[Row], *, skip_locked: bool = False) -> QuerySet[Row]:
    require_transaction()
    return _for_update(rows, skip_locked=skip_locked)


def _for_update(rows: QuerySet[Row], *, skip_locked: bool = False) -> QuerySet[Row]:
    return rows.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)


# What every step of a checkout locks, with what it is priced and sent by and what its answer shows of it.
_CHECKOUT: Kept[Checkout] = Kept(
    lambda: _for_update(
        Checkout.objects.select_related(
            "vendor__commune",
            "delivery",
            "shipping_address__commune__province",
            "billing_address__commune__province",
        )
        .filter(pk=Given("pk"))
        .defer(*(f"vendor__{name}" for name in ("metadata", "private_metadata", "translations", "story")))
    )
)
_STOCKS: Kept[Stock] = Kept(
    lambda: _for_update(
        Stock.objects.select_related("warehouse")
        .filter(Q(Among("variant_id", Given("variants"))) | Q(Among("pk", Given("stocks"))))
        .defer(*(f"warehouse__{name}" for name in ("metadata", "private_metadata")))
        .order_by("pk")
    )
)
_CODE_OF_CHECKOUT: Kept[PaymentCode] = Kept(
    lambda: _for_update(PaymentCode.objects.filter(checkout_id=Given("checkout"), is_live=True))
)
# What every notice of a bank locks. Long texts that no payment reads come when they are asked for.
_CODE: Kept[PaymentCode] = Kept(lambda: _for_update(PaymentCode.objects.filter(code=Given("code"))))
_ORDER: Kept[Order] = Kept(
    lambda: _for_update(
        _with_commune()
        .filter(pk=Given("pk"))
        .defer(
            *("metadata", "private_metadata", "note"),
            *(f"vendor__{name}" for name in ("metadata", "private_metadata", "translations", "story")),
        )
    )
)
