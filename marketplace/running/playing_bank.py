"""The pretend-bank: sends a properly signed notice to the running server, as a provider would."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.orders.models import PaymentCode
from marketplace.orders.services.codes import code_by_text
from marketplace.running.server import running_server
from payments.manglings import mangle
from payments.models import Feed
from payments.pretend_bank import SignedNotice, sepay_notice
from payments.services.requesting import outstanding_of_code

ANSWER_S_MAX = 30
ANSWER_BYTES_MAX = 65536
NOTICE_ID_MAX = 2**53


class NoServer(NotFound):
    """No market is running out of this MARKET_HOME."""


class NotForReal(NotAllowed):
    """The market is no demo and neither is the shop: nobody plays its bank."""


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

    Raises `NotFound` for an unknown code, feed or server, and `InvalidInput` for an amount that is no transfer.
    """
    payment_code = code_by_text(code)
    if payment_code is None:
        raise NotFound(_("Không có mã thanh toán này."), field="code")
    feed = _feed(payment_code, provider)
    amount = outstanding_of_code(payment_code) if amount_vnd is None else amount_vnd
    if amount <= 0:
        raise InvalidInput(_("Đơn này không còn tiền phải trả; hãy nói số tiền bằng --amount."), field="amount")
    content = mangle(mangling, payment_code.memo, seed=secrets.randbelow(1000))
    notice = sepay_notice(
        secret=feed.secret,
        auth=feed.auth,
        account_number=payment_code.account_number,
        amount_vnd=amount,
        content=content,
        notice_id=secrets.randbelow(NOTICE_ID_MAX),
        now=now,
    )
    url = f"{_base_url(payment_code)}/payments/notices/{feed.provider}/{feed.pk}/"
    return [_send(url, notice, feed=feed, amount=amount, content=content) for _time in range(repeat)]


def _feed(code: PaymentCode, provider: str | None) -> Feed:
    feeds = Feed.objects.filter(vendor_id=code.vendor_id, is_active=True)
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


def _send(url: str, notice: SignedNotice, *, feed: Feed, amount: int, content: str) -> BankAnswer:
    request = urllib.request.Request(url, data=notice.body, headers=dict(notice.headers), method="POST")  # noqa: S310 - our own server's http address
    try:
        with urllib.request.urlopen(request, timeout=ANSWER_S_MAX) as response:  # noqa: S310 - as above
            status, body = response.status, response.read(ANSWER_BYTES_MAX)
    except urllib.error.HTTPError as refusal:
        status, body = refusal.code, refusal.read(ANSWER_BYTES_MAX)
    except OSError as error:
        raise NoServer(_("Không kết nối được với chợ đang chạy: mở lại bằng `make run`.")) from error
    return BankAnswer(status=status, answer=_json(body), provider=feed.provider, amount=amount, content=content)


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")
