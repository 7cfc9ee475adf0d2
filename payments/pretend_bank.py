"""The bank as a play: notices as each provider would send them, properly signed. For demos and tests. Pure.

`notice_of` plays all four. VietQR.vn's needs a token first: send what `token_request` gives to the feed's address
and hand the `access_token` of the answer to `notice_of`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.core.clock import VIETNAM
from payments.models import Feed
from payments.providers import casso, payos, reading, sepay, vietqrvn

JSON: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class SignedNotice:
    """An HTTP body, byte by byte, the headers that prove it, and where below the feed's address it goes."""

    body: bytes
    headers: Mapping[str, str]
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PretendTransfer:
    """Money that moved, as the bank knows it."""

    account_number: str
    amount_vnd: int
    content: str
    notice_id: int
    """The provider's id of the transfer; the bank's reference is made of it."""
    now: datetime
    is_incoming: bool
    link_number: int
    """payOS's orderCode."""

    @property
    def when(self) -> str:
        """The bank's time: Vietnam's, without a zone."""
        return self.now.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M:%S")

    @property
    def reference(self) -> str:
        """The bank's own reference of the transfer."""
        return f"THU{self.notice_id}"

    @property
    def signed_vnd(self) -> int:
        """The amount with the sign that Casso gives it."""
        return self.amount_vnd if self.is_incoming else -self.amount_vnd


def notice_of(
    provider: str,
    *,
    secret: str,
    auth: str,
    account_number: str,
    amount_vnd: int,
    content: str,
    notice_id: int,
    now: datetime,
    is_incoming: bool = True,
    link_number: int | None = None,
    token: str = "",
    changes: Mapping[str, object] | None = None,
) -> SignedNotice:
    """A provider's notice that `amount_vnd` đồng moved at `now`, proven with the feed's secret (or `token`).

    `link_number` is the payment link that payOS was paid by; its own `notice_id` when left out. `changes`
    replaces fields of the transfer as the provider writes it.
    """
    transfer = PretendTransfer(
        account_number=account_number,
        amount_vnd=amount_vnd,
        content=content,
        notice_id=notice_id,
        now=now,
        is_incoming=is_incoming,
        link_number=notice_id if link_number is None else link_number,
    )
    body = json.dumps(_BODIES[provider](transfer, auth, changes or {})).encode()
    return sign(provider, body, secret=secret, auth=auth, now=now, token=token)


def sign(provider: str, body: bytes, *, secret: str, auth: str, now: datetime, token: str = "") -> SignedNotice:
    """Any bytes, proven as the provider proves them at `now`. Casso's HMAC and payOS can sign JSON objects only."""
    if provider == Feed.Provider.PAYOS:
        return SignedNotice(_with_signature(body, secret=secret), JSON)
    if provider == Feed.Provider.VIETQRVN:
        return SignedNotice(body, JSON | {"Authorization": f"Bearer {token}"}, vietqrvn.NOTICE_PATH)
    if provider == Feed.Provider.CASSO:
        return SignedNotice(body, JSON | _casso_proof(body, secret=secret, auth=auth, now=now))
    return sign_sepay(body, secret=secret, auth=auth, now=now)


def token_request(*, username: str, secret: str) -> SignedNotice:
    """VietQR.vn's request for a token, which comes before its notices."""
    shown = base64.b64encode(f"{username}:{secret}".encode()).decode()
    return SignedNotice(b"", JSON | {"Authorization": f"Basic {shown}"}, vietqrvn.TOKEN_PATH)


def sepay_notice(
    *,
    secret: str,
    auth: str,
    account_number: str,
    amount_vnd: int,
    content: str,
    notice_id: int,
    now: datetime,
    changes: Mapping[str, object] | None = None,
) -> SignedNotice:
    """SePay's notice that `amount_vnd` đồng came into an account at `now`; `changes` replaces fields of it."""
    return notice_of(
        Feed.Provider.SEPAY,
        secret=secret,
        auth=auth,
        account_number=account_number,
        amount_vnd=amount_vnd,
        content=content,
        notice_id=notice_id,
        now=now,
        changes=changes,
    )


def sign_sepay(body: bytes, *, secret: str, auth: str, now: datetime) -> SignedNotice:
    """Any bytes, proven as SePay proves them: by HMAC at `now`, or by the key."""
    if auth == Feed.Auth.API_KEY:
        return SignedNotice(body, JSON | {"Authorization": f"{sepay.KEY_SCHEME} {secret}"})
    timestamp = str(int(now.timestamp()))
    proof = {
        sepay.TIMESTAMP_HEADER: timestamp,
        sepay.SIGNATURE_HEADER: sepay.signature(secret, timestamp, body),
    }
    return SignedNotice(body, JSON | proof)


def _casso_proof(body: bytes, *, secret: str, auth: str, now: datetime) -> dict[str, str]:
    if auth == Feed.Auth.API_KEY:
        return {casso.KEY_HEADER: secret}
    unix_ms = str(round(now.timestamp() * 1000))
    return {casso.SIGNATURE_HEADER: f"t={unix_ms},v1={casso.signature(secret, unix_ms, body)}"}


def _with_signature(body: bytes, *, secret: str) -> bytes:
    data = reading.json_object(body)["data"]
    if not isinstance(data, dict):
        raise TypeError("payOS signs an object")
    return json.dumps(json.loads(body) | {"signature": payos.signature(secret, data)}).encode()


def _sepay_body(transfer: PretendTransfer, _auth: str, changes: Mapping[str, object]) -> object:
    return {
        "id": transfer.notice_id,
        "gateway": "Vietcombank",
        "transactionDate": transfer.when,
        "accountNumber": transfer.account_number,
        "code": None,
        "content": transfer.content,
        "transferType": "in" if transfer.is_incoming else "out",
        "transferAmount": transfer.amount_vnd,
        "accumulated": 0,
        "subAccount": None,
        "referenceCode": transfer.reference,
        "description": "",
        **changes,
    }


def _casso_body(transfer: PretendTransfer, auth: str, changes: Mapping[str, object]) -> object:
    if auth == Feed.Auth.API_KEY:
        return {"error": 0, "data": [_casso_first_kind(transfer) | dict(changes)]}
    return {"error": 0, "data": _casso_second_kind(transfer) | dict(changes)}


def _casso_first_kind(transfer: PretendTransfer) -> dict[str, object]:
    return {
        "id": transfer.notice_id,
        "tid": transfer.reference,
        "description": transfer.content,
        "amount": transfer.signed_vnd,
        "cusum_balance": 0,
        "when": transfer.when,
        "bank_sub_acc_id": transfer.account_number,
        "subAccId": transfer.account_number,
        "bankName": "Vietcombank",
        "bankAbbreviation": "VCB",
        "virtualAccount": "",
        "virtualAccountName": "",
        "corresponsiveName": "NGUYỄN VĂN THỬ",
        "corresponsiveAccount": "",
        "corresponsiveBankId": "",
        "corresponsiveBankName": "",
    }


def _casso_second_kind(transfer: PretendTransfer) -> dict[str, object]:
    return {
        "id": transfer.notice_id,
        "reference": transfer.reference,
        "description": transfer.content,
        "amount": transfer.signed_vnd,
        "runningBalance": 0,
        "transactionDateTime": transfer.when,
        "accountNumber": transfer.account_number,
        "bankName": "Vietcombank",
        "bankAbbreviation": "VCB",
        "virtualAccountNumber": "",
        "virtualAccountName": "",
        "counterAccountName": "NGUYỄN VĂN THỬ",
        "counterAccountNumber": "",
        "counterAccountBankId": "",
        "counterAccountBankName": "",
    }


def _payos_body(transfer: PretendTransfer, _auth: str, changes: Mapping[str, object]) -> object:
    data = {
        "orderCode": transfer.link_number,
        "amount": transfer.amount_vnd,
        "description": transfer.content,
        "accountNumber": transfer.account_number,
        "reference": transfer.reference,
        "transactionDateTime": transfer.when,
        "currency": payos.CURRENCY,
        "paymentLinkId": f"{transfer.link_number:032x}",
        "code": payos.SUCCESS,
        "desc": "Thành công",
        "counterAccountBankId": None,
        "counterAccountBankName": None,
        "counterAccountName": "NGUYỄN VĂN THỬ",
        "counterAccountNumber": None,
        "virtualAccountName": None,
        "virtualAccountNumber": None,
        **changes,
    }
    return {"code": payos.SUCCESS, "desc": "success", "success": True, "data": data}


def _vietqrvn_body(transfer: PretendTransfer, _auth: str, changes: Mapping[str, object]) -> object:
    return {
        "bankaccount": transfer.account_number,
        "amount": transfer.amount_vnd,
        "transType": "C" if transfer.is_incoming else "D",
        "content": transfer.content,
        "transactionid": str(transfer.notice_id),
        "transactiontime": int(transfer.now.timestamp() * 1000),
        "referencenumber": transfer.reference,
        "orderId": "",
        "terminalCode": "",
        "subTerminalCode": "",
        "serviceCode": "",
        "urlLink": "",
        "sign": "",
        **changes,
    }


_BODIES: Final[Mapping[str, Callable[[PretendTransfer, str, Mapping[str, object]], object]]] = {
    Feed.Provider.SEPAY: _sepay_body,
    Feed.Provider.CASSO: _casso_body,
    Feed.Provider.PAYOS: _payos_body,
    Feed.Provider.VIETQRVN: _vietqrvn_body,
}
