"""Comparing a Saleor with the market, order by order: what was paid there and here, and what got stuck on the way.

Two sums of each order must be the same on both sides: what our gateway charged less what went back (there, of our
transactions; here, of the parts that were to be paid by code), and what others charged (there, of all the rest; here,
of all that the parts got besides, whoever wrote it down, and of what was kept for the Saleor's own goods).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from django.db.models import BigIntegerField, Case, F, Q, Sum, When
from django.utils.translation import gettext_lazy as _

from marketplace.saleor.client import Saleor
from marketplace.saleor.mapping import our_variants
from marketplace.saleor.models import (
    Installation,
    SaleorMovement,
    SaleorMovementShare,
    SaleorPart,
    SaleorReport,
    SaleorSale,
    SaleorTransaction,
    ToFetch,
    ToTell,
)
from marketplace.saleor.money import CURRENCY, NotWholeDong, vnd_of
from marketplace.saleor.rounds import NotUnderstood
from marketplace.saleor.sales.catching_up import changed_orders
from marketplace.saleor.sales.movements import signed_vnd_of
from marketplace.saleor.sales.reading import DRAFT
from payments.models import MONEY_OUT

ORDERS_A_PAGE: Final = 50
ROWS_A_LIST_MAX: Final = 1000


class Kind(StrEnum):
    """What is not as it should be."""

    BY_CODE = "by_code"
    """What our gateway charged is another sum there than here."""
    OTHERWISE = "otherwise"
    """What was charged past our gateway is another sum there than here."""
    NOT_TAKEN = "not_taken"
    """An order with our vendors' goods of which the market knows nothing."""
    DIFFERS = "differs"
    """The order there and its parts here differ in goods, price or end."""
    GIVEN_UP = "given_up"
    """Something of the Saleor's that could not be taken over, or that the Saleor did not take."""
    REPORT_REFUSED = "report_refused"
    REPORT_WAITS = "report_waits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not as it should be; amounts in đồng where it is about money."""

    kind: Kind
    thing: str
    """The Saleor's order number, or the id of what it is about."""
    sentence: str
    theirs_vnd: int | None = None
    ours_vnd: int | None = None


@dataclass(frozen=True, slots=True)
class _Sums:
    by_code_vnd: int
    otherwise_vnd: int


def reconcile_installation(installation: Installation) -> Iterator[Finding]:
    """Everything that is not as it should be; nothing is changed. Asks the Saleor for all orders since the first
    install.

    An order that differs is asked for once more by itself, since it may have been paid in between. Raises as
    `Saleor.ask`, and `NotUnderstood`.
    """
    with Saleor.of(installation) as saleor:
        for page in changed_orders(saleor, "OrdersPaid", since=installation.orders_begin_at, page_size=ORDERS_A_PAGE):
            for finding in _compared(installation, page):
                told = next(node for node in page if _name(node) == finding.thing)
                again = saleor.ask("OrderPaid", {"id": told["id"]}).get("order")
                yield from (
                    ()
                    if again is None
                    else (one for one in _compared(installation, [again]) if one.kind == finding.kind)
                )
        yield from _without_an_order(installation, saleor)
    yield from stuck(installation)


def _compared(installation: Installation, page: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    try:
        told = [node for node in page if node["channel"]["currencyCode"] == CURRENCY and node["status"] != DRAFT]
        ids = [str(node["id"]) for node in told]
        own = _own_transactions(installation, [one["id"] for node in told for one in node["transactions"]])
        theirs = {node["id"]: _theirs(node, own) for node in told}
        variants = [line["variant"]["id"] for node in told for line in node["lines"] if line["variant"]]
    except (KeyError, TypeError, NotWholeDong) as error:
        raise NotUnderstood(type(error).__name__) from error
    ours = _ours(installation, ids)
    torn = _torn(installation, ids)
    known = set(
        SaleorSale.objects.filter(installation=installation, saleor_id__in=ids).values_list("saleor_id", flat=True)
    )
    sold_here = set(our_variants(installation, variants))
    for node in told:
        its_variants = {line["variant"]["id"] for line in node["lines"] if line["variant"]}
        if node["id"] not in known:
            if its_variants & sold_here or own & {one["id"] for one in node["transactions"]}:
                yield Finding(
                    kind=Kind.NOT_TAKEN, thing=_name(node), sentence=str(_("Chợ chưa nhận đơn này của Saleor."))
                )
        else:
            yield from _money(_name(node), theirs[node["id"]], ours[node["id"]])
        if node["id"] in torn:
            sentence = str(_("Giao dịch trả tiền cho đơn này thuộc về một đơn khác."))
            yield Finding(kind=Kind.DIFFERS, thing=_name(node), sentence=sentence)


def _money(number: str, theirs: _Sums, ours: _Sums) -> Iterator[Finding]:
    pairs = (
        (Kind.BY_CODE, theirs.by_code_vnd, ours.by_code_vnd, _("Tiền trả bằng mã VietQR không khớp.")),
        (Kind.OTHERWISE, theirs.otherwise_vnd, ours.otherwise_vnd, _("Tiền trả bằng cách khác ở Saleor không khớp.")),
    )
    for kind, theirs_vnd, ours_vnd, sentence in pairs:
        if theirs_vnd != ours_vnd:
            yield Finding(kind=kind, thing=number, sentence=str(sentence), theirs_vnd=theirs_vnd, ours_vnd=ours_vnd)


def _name(node: Mapping[str, Any]) -> str:
    return str(node["number"] or node["id"])


def _own_transactions(installation: Installation, saleor_ids: Collection[str]) -> set[str]:
    rows = SaleorTransaction.objects.filter(installation=installation, saleor_id__in=saleor_ids)
    return set(rows.values_list("saleor_id", flat=True))


def _theirs(node: Mapping[str, Any], own: Collection[str]) -> _Sums:
    """What was only asked back, Saleor takes out of its sums at once: it is put in again."""
    pending_vnd = sum(vnd_of(one["refundPendingAmount"]["amount"]) for one in node["transactions"])
    by_code_vnd = sum(_charged_vnd(one) for one in node["transactions"] if one["id"] in own)
    return _Sums(by_code_vnd, signed_vnd_of(node["totalCharged"]["amount"]) + pending_vnd - by_code_vnd)


def _charged_vnd(transaction: Mapping[str, Any]) -> int:
    return signed_vnd_of(transaction["chargedAmount"]["amount"]) + vnd_of(
        transaction["refundPendingAmount"]["amount"]
    )


def _ours(installation: Installation, saleor_ids: Sequence[str]) -> dict[str, _Sums]:
    """By the Saleor's order id: what the parts that have a code were paid by it, and all the rest that came."""
    parts = SaleorPart.objects.filter(
        Q(saleor_order_id__in=saleor_ids) | Q(transaction__saleor_order_id__in=saleor_ids), installation=installation
    ).values_list("order_id", "saleor_order_id", "transaction__saleor_order_id", "order__charged_vnd")
    by_code = dict.fromkeys(saleor_ids, 0)
    all_of = _kept_for_others(installation, saleor_ids)
    order_of: dict[int, str] = {}
    for order_id, own_id, id_of_transaction, charged_vnd in parts:
        saleor_id = own_id or id_of_transaction
        if saleor_id not in by_code:  # its transaction is another order's, which `_torn` names
            continue
        all_of[saleor_id] += charged_vnd
        if id_of_transaction is not None:
            order_of[order_id] = saleor_id
            by_code[saleor_id] += charged_vnd
    taken = SaleorMovementShare.objects.filter(event__order__in=order_of).values_list(
        "event__order", "event__type", "event__amount_vnd"
    )
    for order_id, kind, amount_vnd in taken:
        by_code[order_of[order_id]] -= -amount_vnd if kind in MONEY_OUT else amount_vnd
    return {one: _Sums(by_code[one], all_of[one] - by_code[one]) for one in saleor_ids}


def _torn(installation: Installation, saleor_ids: Sequence[str]) -> set[str]:
    """The Saleor's ids of orders of which a part is one order's and its transaction another's."""
    pairs = (
        SaleorPart.objects.filter(installation=installation, transaction__isnull=False)
        .exclude(
            Q(saleor_order_id="")
            | Q(transaction__saleor_order_id="")
            | Q(saleor_order_id=F("transaction__saleor_order_id"))
        )
        .filter(Q(saleor_order_id__in=saleor_ids) | Q(transaction__saleor_order_id__in=saleor_ids))
    )
    return {one for pair in pairs.values_list("saleor_order_id", "transaction__saleor_order_id") for one in pair}


def _kept_for_others(installation: Installation, saleor_ids: Sequence[str]) -> dict[str, int]:
    """By the Saleor's order id: what came for its own goods, less what went back."""
    back = Case(When(is_refund=True, then=-1), default=1, output_field=BigIntegerField())
    moved = SaleorMovement.objects.filter(sale__installation=installation, sale__saleor_id__in=saleor_ids)
    sums = moved.values_list("sale__saleor_id").annotate(sum=Sum(F("others_vnd") * back))
    return dict.fromkeys(saleor_ids, 0) | dict(sums)


def _without_an_order(installation: Installation, saleor: Saleor) -> Iterator[Finding]:
    """Checkouts that were paid and that nobody made an order of: their money must be known there all the same."""
    rows = SaleorTransaction.objects.filter(
        installation=installation, saleor_order_id="", parts__order__charged_vnd__gt=0
    )
    for row in rows.distinct().order_by("pk").iterator(chunk_size=100):
        ours_vnd = row.parts.aggregate(sum=Sum("order__charged_vnd"))["sum"] or 0
        told = saleor.ask("Transaction", {"id": row.saleor_id}).get("transaction") or {}
        if told.get("order"):
            sentence = str(_("Chợ chưa nhận đơn này của Saleor."))
            yield Finding(kind=Kind.NOT_TAKEN, thing=str(told["order"]["id"]), sentence=sentence)
            continue
        try:
            theirs_vnd = _charged_vnd(told)
        except (KeyError, TypeError, NotWholeDong):
            theirs_vnd = 0
        yield from _money(row.saleor_id, _Sums(theirs_vnd, 0), _Sums(ours_vnd, 0))


def stuck(installation: Installation) -> Iterator[Finding]:
    """What a person has to look at, or what waits for the Saleor; asks nothing of it. At most so many of a kind."""
    for sale in installation.sales.exclude(problem="").order_by("pk")[:ROWS_A_LIST_MAX]:
        yield Finding(kind=Kind.DIFFERS, thing=sale.number or sale.saleor_id, sentence=sale.problem)
    waiting: tuple[type[ToFetch] | type[ToTell], ...] = (ToFetch, ToTell)
    for model in waiting:
        for row in model._default_manager.filter(installation=installation, is_given_up=True).order_by("pk")[
            :ROWS_A_LIST_MAX
        ]:
            yield Finding(kind=Kind.GIVEN_UP, thing=str(row), sentence=row.problem)
    refused = SaleorReport.State.REFUSED
    reports = SaleorReport.objects.filter(transaction__installation=installation).exclude(
        state=SaleorReport.State.DONE
    )
    for report in reports.order_by("pk")[:ROWS_A_LIST_MAX]:
        yield Finding(
            kind=Kind.REPORT_REFUSED if report.state == refused else Kind.REPORT_WAITS,
            thing=report.psp_reference,
            sentence=report.problem or str(_("Chưa báo xong cho Saleor.")),
            ours_vnd=report.amount_vnd,
        )
