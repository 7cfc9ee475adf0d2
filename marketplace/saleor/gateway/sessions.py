"""Paying at a Saleor by VietQR: asked whether it can be done, begun, and asked what became of it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from marketplace.core.errors import Conflict, InvalidInput, MarketError
from marketplace.core.money import format_vnd
from marketplace.saleor.gateway.answers import Answer, action_required, codes_of, refusal, state_of, told_vendor
from marketplace.saleor.gateway.selling import Part, begin_sale, parts_of_sale, source_ids_of, transaction_of
from marketplace.saleor.later import Later
from marketplace.saleor.mapping import our_variants
from marketplace.saleor.models import Installation, SaleorReport
from marketplace.saleor.money import CURRENCY, NotWholeDong, vnd_of
from marketplace.saleor.sources import NotASale, SourceSale, currency_of, language_of, sale_of
from marketplace.saleor.splitting import VendorShare, split_by_vendor
from payments.services.moving import VIETQR_GATEWAY
from vendors.selectors import active_account

CHARGE_FAILURE = "CHARGE_FAILURE"
AUTHORIZATION_FAILURE = "AUTHORIZATION_FAILURE"

log = logging.getLogger("market.saleor")


class OtherCurrency(InvalidInput):
    """VietQR moves đồng and nothing else."""


class AmountNotPossible(InvalidInput):
    """More than the sale costs, nothing, or a part of a sale of several vendors."""


class PaidAlready(Conflict):
    """Nobody owes anything for the sale any more."""

    code = "ALREADY_PAID"


class Ended(Conflict):
    """The time to pay ran out, or the order was called off."""

    code = "EXPIRED"


def payment_gateway_initialize_session(installation: Installation, event: Mapping[str, Any], now: datetime) -> Answer:
    """Whether the sale can be paid by VietQR, and whom it pays. Nothing is written."""
    told = event["sourceObject"]
    with translation.override(_language(told)):
        known: Answer = {"type": "vietqr", "gateway": VIETQR_GATEWAY, "currency": CURRENCY}
        try:
            sale, wanted = _read(installation, told)
            for share in wanted:
                _require_receiver(share)
        except MarketError as error:
            problem = {"exception": error.code, "message": str(error)}
            return {"data": {**known, "payable": False, "vendors": [], "problem": problem}}
        vendors = [{**told_vendor(share.vendor), "amount": share.total_vnd} for share in wanted]
        return {"data": {**known, "payable": True, "amount": sale.total_vnd, "vendors": vendors, "problem": None}}


def transaction_initialize_session(
    installation: Installation, event: Mapping[str, Any], now: datetime
) -> Answer | Later:
    """The sale's codes, one for each vendor, with an order of ours behind each; asked again, the same.

    The orders are made at once; how to pay them is said later, since payOS may have to be asked for its links.
    """
    told, action = event["sourceObject"], event["action"]
    with translation.override(_language(told)):
        if action["actionType"] == "AUTHORIZATION":
            return refusal(AUTHORIZATION_FAILURE, _authorizations_impossible(), code="AUTHORIZATION_NOT_POSSIBLE")
        try:
            sale, wanted = _read(installation, told)
            amount_vnd = _amount(action, sale)
            parts = begin_sale(
                installation=installation,
                transaction_id=event["transaction"]["id"],
                sale=sale,
                wanted=wanted,
                amount_vnd=amount_vnd,
                now=now,
            )
        except MarketError as error:
            return refusal(CHARGE_FAILURE, error)
    return _later(lambda: _codes(parts, amount_vnd, now=now), language=sale.language)


def transaction_process_session(
    installation: Installation, event: Mapping[str, Any], now: datetime
) -> Answer | Later:
    """What became of the sale: the codes while money is missing, else that it came.

    Money is Saleor's by our reports alone, each under its bank's reference. Only a report that waits is answered as
    CHARGE_SUCCESS, with the very reference, type and amount that it will carry, so that Saleor counts it once
    (decision 0039).
    """
    with translation.override(_language(event["sourceObject"])):
        row = transaction_of(installation, event["transaction"]["id"])
        parts = [] if row is None else parts_of_sale(installation, source_ids_of(row))
        if row is None:
            return refusal(CHARGE_FAILURE, _("Không tìm thấy lần thanh toán này."), code="NOT_FOUND")
        state = state_of(parts) if parts else "canceled"
        if state == "paid" and (waiting := _waiting_report(row.pk)) is not None:
            return _as_reported(waiting)
        if state == "expired":
            return refusal(CHARGE_FAILURE, Ended(_("Đã hết giờ chuyển khoản. Bạn bấm thanh toán lại giúp nhé.")))
        if state == "canceled":
            return refusal(CHARGE_FAILURE, _("Đơn này đã hủy, bạn đừng chuyển tiền nhé."), code="CANCELED")
    told = lambda: action_required(parts, codes_of(parts, now=now), now=now)  # noqa: E731 - short
    return _later(told, language=_language(event["sourceObject"]))


def _later(answer: Callable[[], Answer], *, language: str) -> Later:
    """Say it after what was written is in the database, in the buyer's language; what cannot be said is refused."""

    def finish() -> Answer:
        with translation.override(language):
            try:
                return answer()
            except MarketError as error:
                return refusal(CHARGE_FAILURE, error)

    return Later(finish)


def _language(told: Mapping[str, Any]) -> str:
    return language_of(told.get("languageCode") or told.get("languageCodeEnum"))


def _read(installation: Installation, told: Mapping[str, Any]) -> tuple[SourceSale, list[VendorShare]]:
    """The sale, split by vendor. Raises `MarketError` with a sentence for whatever cannot be paid in đồng to ours."""
    if currency_of(told) != CURRENCY:
        raise OtherCurrency(_("VietQR chỉ nhận tiền đồng (VND)."), code="CURRENCY_NOT_SUPPORTED")
    try:
        sale = sale_of(told)
    except (NotASale, NotWholeDong) as error:
        log.warning("a sale of installation %s cannot be read: %s", installation.pk, error)
        raise InvalidInput(_("Không đọc được đơn hàng này. Bạn thử lại giúp nhé.")) from error
    variants = our_variants(installation, {line.variant_id for line in sale.lines})
    return sale, split_by_vendor(sale, variants)


def _require_receiver(share: VendorShare) -> None:
    vendor = share.vendor
    if not vendor.may_sell or active_account(vendor) is None:
        raise Conflict(
            _("Gian hàng {name} chưa nhận chuyển khoản được.").format(name=vendor.name), code="NOT_PAYABLE"
        )


def _amount(action: Mapping[str, Any], sale: SourceSale) -> int:
    try:
        amount_vnd = vnd_of(action["amount"])
    except NotWholeDong as error:
        raise AmountNotPossible(_("Số tiền phải là số nguyên (đồng).")) from error
    if action["currency"] != CURRENCY:
        raise OtherCurrency(_("VietQR chỉ nhận tiền đồng (VND)."), code="CURRENCY_NOT_SUPPORTED")
    if not 1 <= amount_vnd <= sale.total_vnd:
        sentence = _("Số tiền phải là số nguyên (đồng), từ 1 đến {most}.")
        raise AmountNotPossible(sentence.format(most=format_vnd(sale.total_vnd)))
    return amount_vnd


def _codes(parts: Sequence[Part], amount_vnd: int, *, now: datetime) -> Answer:
    """The codes for `amount_vnd`, or for the rest where less is owed: a report may be on its way to the Saleor."""
    unpaid = [part for part in parts if not part.is_paid]
    if not unpaid:
        raise PaidAlready(_("Đơn này đã được trả đủ."))
    rest_vnd = sum(part.order.outstanding_vnd for part in unpaid)
    if amount_vnd >= rest_vnd:
        return action_required(parts, codes_of(parts, now=now), now=now)
    if len(unpaid) > 1:
        raise AmountNotPossible(_("Đơn có nhiều gian hàng thì trả đủ một lần, mỗi gian hàng một mã."))
    return action_required(parts, codes_of(parts, now=now, amount_vnd=amount_vnd), now=now)


def _waiting_report(transaction_row_id: int) -> SaleorReport | None:
    """The first charge of a transaction that its Saleor may not know of yet."""
    open_states = (SaleorReport.State.WAITING, SaleorReport.State.SENT)
    reports = SaleorReport.objects.filter(
        transaction=transaction_row_id, type="CHARGE_SUCCESS", state__in=open_states
    )
    return reports.order_by("pk").first()


def _as_reported(report: SaleorReport) -> Answer:
    return {
        "result": report.type,
        "pspReference": report.psp_reference,
        "amount": report.amount_vnd,
        "time": report.happened_at.isoformat(timespec="seconds"),
        "message": report.message,
        "actions": ["REFUND"],
        "data": {"type": "vietqr", "state": "paid"},
    }


def _authorizations_impossible() -> str:
    return _(
        "Chuyển khoản không giữ tiền trước được. Quản trị Saleor đặt kênh này ở chế độ thu tiền: "
        "paymentSettings.defaultTransactionFlowStrategy: CHARGE."
    )
