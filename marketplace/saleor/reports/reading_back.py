"""Reading back what a Saleor made of a report, and mending what it lost (decision 0041)."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.money import format_vnd
from marketplace.saleor.client import Saleor
from marketplace.saleor.models import SaleorReport, SaleorTransaction
from marketplace.saleor.reports.sums import Difference, EventThere, ToldThere, difference, told_of

REPAIR: Final = "cho40-repair-"
LOOK_AGAIN_S: Final = 600
LOOK_AGAIN_S_MAX: Final = 6 * 3600
"""When a Saleor's sums are looked at again that could not be mended: each time an INFO more, so ever more seldom."""
SEND_AGAIN_S: Final = 30
"""A Saleor that reads from a copy of its database may not show yet what it took."""
FOREIGN_NAMED_MAX: Final = 3

log = logging.getLogger("market.saleor")
_State = SaleorReport.State


class CannotReadBack(Exception):
    """The Saleor answers, and of this one transaction nothing that could be used: it is gone there, or odd."""


def read_back(saleor: Saleor, report: SaleorReport, *, now: datetime) -> None:
    """Look at what Saleor made of a report that it took, mend it if it can be, and keep what came out.

    The report is done once Saleor's own sums contain it. Raises `CannotReadBack`, `SaleorAway`, `SaleorRefuses`.
    """
    found = look_at(saleor, report.transaction, now=now)
    report.refresh_from_db(fields=["state"])
    if found.is_effect_lost:
        pause_s = min(LOOK_AGAIN_S * 2 ** min(report.attempts, 16), LOOK_AGAIN_S_MAX)
        report.attempts += 1
        report.not_before = now + timedelta(seconds=pause_s)
        report.problem = report.transaction.problem
        report.save(update_fields=["attempts", "not_before", "problem"])
    elif report.state == _State.SENT:
        report.state = _State.DONE
        report.problem = ""
        report.save(update_fields=["state", "problem"])


def look_at(saleor: Saleor, row: SaleorTransaction, *, now: datetime) -> Difference:
    """How a Saleor's sums differ from what was reported of this transaction, after mending; kept with it.

    Reports that the Saleor has no more wait to be sent again. A lost effect is worked out anew when any new event
    comes, and an INFO moves no money. Raises `CannotReadBack`, `SaleorAway`, `SaleorRefuses`.
    """
    told = _ask(saleor, row)
    found = _difference(told, row)
    if found.is_effect_lost:
        log.warning("transaction %s lost the effect of an event at its Saleor", row.pk)
        _keep(row, told, found, now=now)  # named also where the Saleor dies over its repair
        _let_it_work_out_anew(saleor, row, now=now)
        told = _ask(saleor, row)
        found = _difference(told, row)
    for report in found.missing:
        log.warning("report %s is gone from its Saleor", report.pk)
        SaleorReport.objects.filter(pk=report.pk).update(
            state=_State.WAITING, not_before=now + timedelta(seconds=SEND_AGAIN_S)
        )
    _keep(row, told, found, now=now)
    return found


def _ask(saleor: Saleor, row: SaleorTransaction) -> ToldThere:
    answer = saleor.ask("TransactionSums", {"id": row.saleor_id})["transaction"]
    if answer is None:
        raise CannotReadBack("the transaction is not there")
    try:
        return told_of(answer)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise CannotReadBack(f"sums that cannot be read: {error}") from error


def _difference(told: ToldThere, row: SaleorTransaction) -> Difference:
    return difference(told, SaleorReport.objects.filter(transaction=row).order_by("pk"))


def _let_it_work_out_anew(saleor: Saleor, row: SaleorTransaction, *, now: datetime) -> None:
    saleor.change(
        "TransactionEventReport",
        {
            "id": row.saleor_id,
            "type": "INFO",
            "pspReference": f"{REPAIR}{uuid.uuid4()}",
            "amount": 0,
            "time": now.isoformat(),
            "message": str(_("Chợ nhờ Saleor cộng lại các khoản tiền.")),
        },
    )


def _keep(row: SaleorTransaction, told: ToldThere, found: Difference, *, now: datetime) -> None:
    row.charged_there_vnd = told.sums.charged_vnd
    row.problem = _in_words(told, found)[:300]
    row.saleor_order_id = told.order_id or row.saleor_order_id
    row.saleor_order_number = told.order_number or row.saleor_order_number
    if not (found.is_effect_lost or found.missing):
        row.read_back_at = now
    row.save(update_fields=["charged_there_vnd", "problem", "saleor_order_id", "saleor_order_number", "read_back_at"])


def _in_words(told: ToldThere, found: Difference) -> str:
    sentences: list[str] = []
    if found.is_effect_lost:
        charged = format_vnd(told.sums.charged_vnd)
        sentences.append(str(_("Saleor cộng sai các khoản tiền, nay ghi {charged}.")).format(charged=charged))
    if found.missing:
        sentences.append(str(_("Saleor đã mất báo cáo, chợ đang gửi lại.")))
    if found.foreign:
        sentences.append(str(_("Có khoản tiền do nơi khác báo: {events}.")).format(events=_named(found.foreign)))
    return " ".join(sentences)


def _named(events: Sequence[EventThere]) -> str:
    shown = [f"{one.type} {one.reference} {format_vnd(one.amount_vnd)}" for one in events[:FOREIGN_NAMED_MAX]]
    return ", ".join(shown)
