"""Taking over a Saleor order as it is now: its parts, its money, its end. As often as it is told, in any order."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.money import format_vnd
from marketplace.core.statements import insert_unless_known
from marketplace.orders.locks import lock_order, require_transaction
from marketplace.saleor.fetching import may_be_id, want
from marketplace.saleor.mapping import our_variants
from marketplace.saleor.models import Installation, SaleorPart, SaleorSale, SaleorTransaction, ToFetch
from marketplace.saleor.models.sales import SALE_PROBLEM_CHARACTERS_MAX
from marketplace.saleor.money import CURRENCY
from marketplace.saleor.sales.booking import book_movements, booked_vnd, others_kept_vnd
from marketplace.saleor.sales.ends import follow_end
from marketplace.saleor.sales.parts import agree_parts, link_parts, link_transactions, own_transactions, parts_of
from marketplace.saleor.sales.reading import DRAFT, Sold, read_order
from marketplace.saleor.sources import currency_of


def take_order(installation: Installation, saleor_id: str, told: Mapping[str, Any], now: datetime) -> None:
    """Take over what `operations/Order.graphql` answered. An order without goods of our vendors makes nothing.

    Raises `NotUnderstood` for another shape, and what the services of orders and payments refuse; nothing is
    changed then.
    """
    require_transaction()
    order = told.get("order")
    if order is None or currency_of(order) != CURRENCY or order.get("status") == DRAFT:
        return
    sold = read_order(order)
    # One at a time with the gateway, which makes parts of the same sale. NO KEY: rows that name it do not wait.
    Installation.objects.select_for_update(of=("self",), no_key=True).get(pk=installation.pk)
    its_variants = [line.variant_id for line in sold.sale.lines if line.variant_id]
    variants = our_variants(installation, its_variants, called=sold.called)
    transactions = own_transactions(installation, sold)
    parts = parts_of(installation, sold, transactions)
    if not parts and not variants:
        return
    sale = _kept(installation, sold, now=now)
    if _is_older(sold, sale):
        return
    link_transactions(transactions, sold)
    sale.has_others = any(line.variant_id not in variants for line in sold.sale.lines)
    _lock_orders(parts)
    parts = agree_parts(sale, parts, sold, variants, now=now)
    _lock_orders(parts)
    problems = link_parts(parts, sold, variants, now=now)
    problems += _difference(sale, parts, sold)
    own = [one.saleor_id for one in transactions]
    problems += book_movements(sale, parts, sold, own=own, now=now)
    problems += _unknown_money(sale, parts, sold, own=own)
    problems += follow_end(parts, sold, now=now)
    _keep(sale, sold, problems, now=now)


def take_transaction(installation: Installation, saleor_id: str, told: Mapping[str, Any], now: datetime) -> None:
    """A transaction that is an order's is taken over with its order; a checkout's has nothing of ours to say yet."""
    order = (told.get("transaction") or {}).get("order") or {}
    order_id = order.get("id")
    if may_be_id(order_id):
        SaleorTransaction.objects.filter(installation=installation, saleor_id=saleor_id).update(
            saleor_order_id=order_id
        )
        want(installation=installation, kind=ToFetch.Kind.ORDER, saleor_id=order_id, now=now)


def _lock_orders(parts: Sequence[SaleorPart]) -> None:
    """Each part's order as it is now, locked; the lowest number first."""
    for part in sorted(parts, key=lambda part: part.order_id):
        part.order = lock_order(part.order_id)


def _kept(installation: Installation, sold: Sold, *, now: datetime) -> SaleorSale:
    """The sale's row, made if there is none. The installation is locked."""
    row = SaleorSale(installation=installation, saleor_id=sold.sale.id, taken_at=now)
    insert_unless_known(row, by=("installation", "saleor_id"))
    return SaleorSale.objects.get(installation=installation, saleor_id=sold.sale.id)


def _is_older(sold: Sold, sale: SaleorSale) -> bool:
    """Whether a later state was taken over before.

    A moment that had not come yet when it was taken is no witness of that: the Saleor's clock was ahead, and may have
    been put right since. What comes too late all the same, the catch-up finds by its other moment.
    """
    kept = sale.changed_there_at
    return kept is not None and sold.changed_at < kept <= sale.taken_at


def _difference(sale: SaleorSale, parts: Sequence[SaleorPart], sold: Sold) -> list[str]:
    """In which sums Saleor and the market, or Saleor and itself, differ: named, and never written into money that
    people were asked for."""
    ours_vnd = sum(part.order.total_vnd for part in parts) + sale.others_vnd
    moved_vnd = sum(one.signed_vnd for one in sold.movements)
    pairs = (
        (sold.sale.total_vnd, ours_vnd, _("Đơn ở Saleor là {one}, các phần ở chợ cộng lại là {other}.")),
        (sold.charged_vnd, moved_vnd, _("Saleor ghi đã nhận {one}, các khoản ở đó cộng lại là {other}.")),
    )
    return [
        str(sentence).format(one=format_vnd(one), other=format_vnd(other))
        for one, other, sentence in pairs
        if one != other
    ]


def _unknown_money(sale: SaleorSale, parts: Sequence[SaleorPart], sold: Sold, *, own: Collection[str]) -> list[str]:
    """That the parts of a sale got another sum past our gateway than the Saleor: the charge of another gateway failed
    after all, say, which nothing here undoes by itself.

    What was paid by code is told there a little later than here, so that a sale with a code is compared by the rest
    alone; `market saleor reconcile` compares the codes' money.
    """
    if any(part.transaction_id for part in parts):
        there_vnd = sum(one.signed_vnd for one in sold.movements if one.source_id not in own)
        ours_vnd = booked_vnd(sale)
        sentence = _("Ngoài mã của chợ, Saleor ghi đã nhận {one}, các phần ở chợ đã nhận {other}.")
    else:
        there_vnd = sold.charged_vnd
        ours_vnd = sum(part.order.charged_vnd for part in parts) + others_kept_vnd(sale)
        sentence = _("Saleor ghi đã nhận {one}, các phần ở chợ đã nhận {other}.")
    if ours_vnd == there_vnd:
        return []
    return [str(sentence).format(one=format_vnd(there_vnd), other=format_vnd(ours_vnd))]


def _keep(sale: SaleorSale, sold: Sold, problems: Sequence[str], *, now: datetime) -> None:
    sale.number = sold.sale.order_number
    sale.status = sold.status
    sale.total_vnd = sold.sale.total_vnd
    sale.changed_there_at = sold.changed_at
    sale.taken_at = now
    sale.problem = " ".join(problems)[:SALE_PROBLEM_CHARACTERS_MAX]
    sale.save()
