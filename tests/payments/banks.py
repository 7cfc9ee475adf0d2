"""Feeds of all four providers, and the notices that their banks would send to them."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from marketplace.core.actors import SYSTEM
from payments.models import BankNotice, Feed
from payments.pretend_bank import SignedNotice, notice_of, token_request
from payments.services.feeds import create_feed
from payments.services.tokens import give_token
from tests.payments.factories import NOW, PRICE_VND, SECRET, Shop, a_notice, send
from vendors.models import Vendor

KINDS = (
    ("sepay", "hmac"),
    ("sepay", "api_key"),
    ("casso", "hmac"),
    ("casso", "api_key"),
    ("payos", "hmac"),
    ("vietqrvn", "basic"),
)
"""Every provider with every way in which it proves its notices."""
SIGNED_WITH_A_MOMENT = (("sepay", "hmac"), ("casso", "hmac"))
ACCOUNT_FIELD = {
    ("sepay", "hmac"): "accountNumber",
    ("sepay", "api_key"): "accountNumber",
    ("casso", "hmac"): "accountNumber",
    ("casso", "api_key"): "bank_sub_acc_id",
    ("payos", "hmac"): "accountNumber",
    ("vietqrvn", "basic"): "bankaccount",
}
PART_VND = 20_000
_numbers = count(1_000_000)


def a_feed(vendor: Vendor, kind: tuple[str, str], *, secret: str = SECRET) -> Feed:
    """An open feed of this provider with this proof."""
    provider, auth = kind
    return create_feed(actor=SYSTEM, vendor=vendor, provider=provider, auth=auth, secret=secret, now=NOW).feed


def token_for(feed: Feed, *, secret: str = SECRET, now: datetime = NOW) -> str:
    """What VietQR.vn is handed for the feed's user name and password; "" for other providers."""
    if feed.provider != Feed.Provider.VIETQRVN:
        return ""
    asked = token_request(username=feed.username, secret=secret)
    answer = give_token(feed_id=str(feed.pk), body=asked.body, headers=asked.headers, now=now)
    return str(answer.content["access_token"])


def told(
    feed: Feed,
    account: str,
    content: str,
    amount_vnd: int = PRICE_VND,
    /,
    *,
    secret: str = SECRET,
    now: datetime = NOW,
    notice_id: int | None = None,
    **more: Any,
) -> SignedNotice:
    """The feed's provider tells of a transfer into `account`. `more` goes to `pretend_bank.notice_of`."""
    return notice_of(
        feed.provider,
        secret=secret,
        auth=feed.auth,
        account_number=account,
        amount_vnd=amount_vnd,
        content=content,
        notice_id=next(_numbers) if notice_id is None else notice_id,
        now=now,
        **{"token": more.pop("token", None) or token_for(feed, secret=secret, now=now), **more},
    )


def told_by(
    feed: Feed, shop: Shop, content: str, reference: str = "FT26326001", **changes: object
) -> tuple[str, str]:
    """What becomes of a transfer of 20,000 that `feed` tells of: state and why."""
    send(feed, a_notice(feed, shop.account, content, PART_VND, referenceCode=reference, **changes))
    notice = BankNotice.objects.order_by("-pk")[0]
    return notice.state, notice.why


def second_feed(shop: Shop) -> Feed:
    """A further feed about the shop's account, which tells of the same transfers."""
    return create_feed(actor=shop.owner, vendor=shop.vendor, secret=SECRET, now=NOW).feed
