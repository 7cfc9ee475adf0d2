"""The pretend-bank: sends a properly signed notice to the running server, as a provider would."""

from __future__ import annotations

import json
import secrets
import string
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.orders.models import PaymentCode
from marketplace.orders.services.codes import code_by_text
from marketplace.running.server import running_server
from payments.manglings import mangle
from payments.models import ORDER_CODE_MAX, Feed, PaymentLink
from payments.pretend_bank import SignedNotice, notice_of, token_request
from payments.providers import PROVIDERS
from payments.services.feeds import notice_path
from payments.services.requesting import outstanding_of_code
from payments.vietqr.values import AMOUNT_DONG_MAX
from payments.vietqr.writer import write_vietqr

ANSWER_S_MAX = 30
ANSWER_BYTES_MAX = 65536
NOTICE_ID_MAX = 2**53
PAYOS_MEMO_CHARACTERS = 9
"""payOS puts words of its own into a transfer; ours have no room there."""


class NoServer(NotFound):
    """No market is running out of this MARKET_HOME."""


class NotForReal(NotAllowed):
    """The market is no demo and neither is the shop: nobody plays its bank."""


class NoToken(NotAllowed):
    """The server hands VietQR.vn no token, so no notice can follow."""


@dataclass(frozen=True)
class BankAnswer:
    """What the server answered to one sending of the notice."""

    status: int
    answer: Any
    provider: str
    amount: int
    content: str


def play_bank(
    *, code: str, amount_vnd: int | None, provider: str | None, mangling: str, repeat: int, now: datetime
) -> list[BankAnswer]:
    """Transfer `amount_vnd` đồng (None: what is outstanding) for `code` and tell the server `repeat` times.

    Raises `NotFound` for an unknown code, feed or server, `InvalidInput` for an amount that is no transfer, and
    `NoToken` where VietQR.vn gets none.
    """
    payment_code = code_by_text(code)
    if payment_code is None:
        raise NotFound(_("Không có mã thanh toán này."), field="code")
    feed = _feed(payment_code, provider)
    amount = outstanding_of_code(payment_code) if amount_vnd is None else amount_vnd
    if amount <= 0:
        raise InvalidInput(_("Đơn này không còn tiền phải trả; hãy nói số tiền bằng --amount."), field="amount")
    url = f"{_base_url(payment_code)}{notice_path(feed)}"
    link = _link(feed, payment_code, amount_vnd=amount, now=now) if feed.provider == Feed.Provider.PAYOS else None
    content = mangle(mangling, link.memo if link else payment_code.memo, seed=secrets.randbelow(1000))
    notice = notice_of(
        feed.provider,
        secret=feed.secret,
        auth=feed.auth,
        account_number=payment_code.account_number,
        amount_vnd=amount,
        content=content,
        notice_id=secrets.randbelow(NOTICE_ID_MAX),
        now=now,
        link_number=link.order_code if link else None,
        token=_token(url, feed) if feed.auth == Feed.Auth.BASIC else "",
        changes={"paymentLinkId": link.provider_link_id} if link else None,
    )
    sent = (_send(url, notice) for _time in range(repeat))
    return [BankAnswer(status, answer, feed.provider, amount, content) for status, answer in sent]


def _feed(code: PaymentCode, provider: str | None) -> Feed:
    feeds = Feed.objects.filter(vendor_id=code.vendor_id, is_active=True, provider__in=PROVIDERS)
    wanted = feeds.filter(provider=provider) if provider else feeds
    feed = wanted.order_by("made_at", "pk").first()
    if feed is None:
        raise NotFound(_("Gian hàng này không có nguồn báo tiền nào như vậy."), field="provider")
    return feed


def _base_url(code: PaymentCode) -> str:
    here = running_server()
    if here is None:
        raise NoServer(_("Chợ chưa mở: chạy `make run` (hoặc `market serve`) trước."))
    if not (here.get("demo") or code.vendor.is_demo):
        raise NotForReal(_("Đây là chợ thật: chỉ ngân hàng thật mới báo được tiền về."))
    return str(here["base_url"])


def _link(feed: Feed, code: PaymentCode, *, amount_vnd: int, now: datetime) -> PaymentLink:
    """The payment link that payOS would have made for the code: the newest, or one of the play's own."""
    answered = PaymentLink.objects.filter(feed=feed, payment_code=code).exclude(qr_payload="")
    known = answered.order_by("-made_at", "pk").first()
    if known is not None:
        return known
    memo = "".join(secrets.choice(string.ascii_uppercase) for _place in range(PAYOS_MEMO_CHARACTERS))
    asked_vnd = min(amount_vnd, AMOUNT_DONG_MAX)
    return PaymentLink.objects.create(
        feed=feed,
        payment_code=code,
        order_code=1 + secrets.randbelow(ORDER_CODE_MAX),
        provider_link_id=secrets.token_hex(16),
        amount_vnd=asked_vnd,
        bin=code.bin,
        account_number=code.account_number,
        account_name=code.account_name,
        memo=memo,
        qr_payload=write_vietqr(bin=code.bin, account=code.account_number, amount=asked_vnd, memo=memo),
        made_at=now,
    )


def _token(url: str, feed: Feed) -> str:
    """VietQR.vn's first step. Raises `NoToken`."""
    status, answer = _send(url, token_request(username=feed.username, secret=feed.secret))
    token = answer.get("access_token") if isinstance(answer, Mapping) else None
    if token is None:
        raise NoToken(_("Chợ không cấp thẻ cho VietQR.vn: xem `market doctor`. Mã trả lời là %d.") % status)
    return str(token)


def _send(url: str, notice: SignedNotice) -> tuple[int, Any]:
    """The server's status and answer."""
    address = url + notice.path
    request = urllib.request.Request(address, data=notice.body, headers=dict(notice.headers), method="POST")  # noqa: S310 - our own server's http address
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_S_MAX) as response:  # noqa: S310 - as above
            status, body = response.status, response.read(ANSWER_BYTES_MAX)
    except urllib.error.HTTPError as refusal:
        status, body = refusal.code, refusal.read(ANSWER_BYTES_MAX)
    except OSError as error:
        raise NoServer(_("Không kết nối được với chợ đang chạy: mở lại bằng `make run`.")) from error
    return status, _json(body)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
