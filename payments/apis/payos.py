"""payOS's payment links: made, looked up with the transfers that paid them, cancelled.

Source: payos.vn/docs/api and payOS's own package (github payOSHQ/payos-lib-python 1.1.0: `types/v2/payment_requests`,
`_client.py`, `_crypto/provider.py`). `POST /v2/payment-requests` with the headers `x-client-id` and `x-api-key` and
`{orderCode, amount, description, cancelUrl, returnUrl, expiredAt, signature}`, signed over the first five of these
sorted by name, answers `{"code": "00", "desc", "data": {bin, accountNumber, accountName, amount, description,
orderCode, currency, paymentLinkId, status, expiredAt, checkoutUrl, qrCode}, "signature"}`, signed over `data`.
`GET /v2/payment-requests/{orderCode}` answers `data: {id, orderCode, amount, amountPaid, amountRemaining, status,
createdAt, transactions: [{reference, amount, accountNumber, description, transactionDateTime, virtualAccount…,
counterAccount…}], cancellationReason, canceledAt}` and never the account or the QR again;
`POST …/{orderCode}/cancel` with a reason answers the same. `code` 231 says that the orderCode was used before
("Đơn thanh toán đã tồn tại", seen in several public programs).

Not verified against payOS itself: the code for a link that is not there, and what cancelling twice is answered with:
any code but 00 is taken for a no.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from django.conf import settings

from payments.apis.calling import Caller, CallFailed, Limits
from payments.apis.listing import Listed, listed
from payments.models import Feed
from payments.models.links import (
    LINK_ACCOUNT_NAME_CHARACTERS_MAX,
    LINK_ID_CHARACTERS_MAX,
    LINK_MEMO_CHARACTERS_MAX,
    QR_PAYLOAD_CHARACTERS_MAX,
)
from payments.providers import PROVIDERS, reading
from payments.providers.base import NotItsShape
from payments.providers.payos import SUCCESS, signature
from payments.providers.signing import any_equal
from payments.vietqr.reader import read_vietqr
from payments.vietqr.values import UnreadableVietQR
from vendors.banks import UnknownBank, bank_by_bin

PATH: Final = "/v2/payment-requests"
DESCRIPTION_CHARACTERS_MAX: Final = 9
"""What payOS carries for an account that was not opened through it (vietqr.md 1.4)."""
EXISTS: Final = "231"
BIN_DIGITS: Final = 6
SIGNED_FIELDS: Final = ("amount", "cancelUrl", "description", "orderCode", "returnUrl")


class Rejected(CallFailed):
    """payOS understood the question and said no; `code` is its own word for why."""

    problem = "rejected"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NumberTaken(Rejected):
    """A link with this orderCode was made before."""


class LinkStatus(StrEnum):
    """What payOS says of a link."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    UNDERPAID = "UNDERPAID"
    PAID = "PAID"
    CANCELLED = "CANCELLED"
    EXPIRED = "EXPIRED"
    FAILED = "FAILED"


ENDED: Final = frozenset({LinkStatus.PAID, LinkStatus.CANCELLED, LinkStatus.EXPIRED, LinkStatus.FAILED})


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeLink:
    """A link as payOS made it: where its money goes, and the text of its VietQR code."""

    provider_link_id: str
    bin: str
    account_number: str
    account_name: str
    memo: str
    qr_payload: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenLink:
    """A link as it stands now, with the transfers that paid it."""

    status: LinkStatus
    rows: tuple[Listed, ...]
    unreadable: int

    @property
    def is_open(self) -> bool:
        """Whether money may still come by it."""
        return self.status not in ENDED


class PayOS:
    """payOS under one merchant's keys; the checksum key is the secret of the feed."""

    def __init__(self, caller: Caller, *, checksum_key: str) -> None:
        self._caller = caller
        self._key = checksum_key

    def create(
        self, *, order_code: int, amount_vnd: int, description: str, expires_at: datetime | None, back_to: str
    ) -> MadeLink:
        """Make a link; its VietQR code is read and must pay this amount into the account that is named.

        Raises `NumberTaken`, other `CallFailed`, and `NotItsShape`.
        """
        fields: dict[str, object] = {
            "orderCode": order_code,
            "amount": amount_vnd,
            "description": description[:DESCRIPTION_CHARACTERS_MAX],
            "cancelUrl": back_to,
            "returnUrl": back_to,
        }
        fields["signature"] = signature(self._key, {name: fields[name] for name in SIGNED_FIELDS})
        if expires_at is not None:
            fields["expiredAt"] = int(expires_at.timestamp())
        answer = reading.json_object(self._caller.post(PATH, fields=fields).body)
        data = _data(answer)
        given = answer.get("signature")
        if not any_equal(given if isinstance(given, str) else "", [signature(self._key, data)]):
            raise NotItsShape("not signed by payOS")
        if (data.get("orderCode"), data.get("amount")) != (order_code, amount_vnd):
            raise NotItsShape("another link than was asked for")
        return _made(data, amount_vnd=amount_vnd)

    def look_up(self, order_code: int, *, now: datetime) -> SeenLink:
        """The link as it stands. Raises `Rejected`, other `CallFailed`, and `NotItsShape`."""
        return _seen(self._caller.get(f"{PATH}/{order_code}").body, now=now)

    def cancel(self, order_code: int, *, reason: str) -> None:
        """Take the link back: it can be paid no more. Raises `Rejected`, other `CallFailed`, and `NotItsShape`."""
        fields: dict[str, object] = {"cancellationReason": reason}
        signed = {**fields, "signature": signature(self._key, fields)}
        _data(reading.json_object(self._caller.post(f"{PATH}/{order_code}/cancel", fields=signed).body))


def caller_of(*, client_id: str, api_key: str, limits: Limits) -> Caller:
    """Who asks payOS under these keys."""
    headers = {"x-client-id": client_id, "x-api-key": api_key}
    return Caller(settings.MARKET_PAYOS_API_URL, headers=headers, limits=limits)


def _data(answer: Mapping[str, object]) -> Mapping[str, object]:
    code = reading.text(answer.get("code"), characters_max=20)
    if not code:
        raise NotItsShape("no code")
    if code != SUCCESS:
        raise (NumberTaken if code == EXISTS else Rejected)(code)
    data = answer.get("data")
    if not isinstance(data, dict):
        raise NotItsShape("no data")
    return data


def _made(data: Mapping[str, object], *, amount_vnd: int) -> MadeLink:
    made = MadeLink(
        provider_link_id=reading.text(data.get("paymentLinkId"), characters_max=LINK_ID_CHARACTERS_MAX),
        bin=reading.text(data.get("bin"), characters_max=BIN_DIGITS),
        account_number=reading.account(data.get("accountNumber")),
        account_name=reading.text(data.get("accountName"), characters_max=LINK_ACCOUNT_NAME_CHARACTERS_MAX),
        memo=reading.text(data.get("description"), characters_max=LINK_MEMO_CHARACTERS_MAX),
        qr_payload=reading.text(data.get("qrCode"), characters_max=QR_PAYLOAD_CHARACTERS_MAX),
    )
    try:
        bank_by_bin(made.bin)
        qr = read_vietqr(made.qr_payload)
    except (UnknownBank, UnreadableVietQR) as error:
        raise NotItsShape("a link that nobody can pay") from error
    if (qr.bin, reading.account(qr.account), qr.amount) != (made.bin, made.account_number, amount_vnd):
        raise NotItsShape("a code that pays something else than the link says")
    return made


def _seen(body: bytes, *, now: datetime) -> SeenLink:
    data = _data(reading.json_object(body))
    transactions = data.get("transactions")
    try:
        status = LinkStatus(str(data.get("status")))
    except ValueError as error:
        raise NotItsShape("a status of its own") from error
    if not isinstance(transactions, list):
        raise NotItsShape("no transactions")

    def notice_of(row: Mapping[str, object]) -> Mapping[str, object]:
        """The notice that payOS sends of this transfer: what the link says stands in each."""
        told = {"orderCode": data.get("orderCode"), "paymentLinkId": data.get("id"), "code": SUCCESS}
        return {"code": SUCCESS, "desc": "", "success": True, "data": {**row, **told}, "signature": ""}

    rows, unreadable = listed(transactions, notice_of=notice_of, provider=PROVIDERS[Feed.Provider.PAYOS], now=now)
    return SeenLink(status=status, rows=rows, unreadable=unreadable)
