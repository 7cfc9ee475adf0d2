"""Rows of the providers' lists, and feeds that may be asked for them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from marketplace.core.actors import SYSTEM
from marketplace.core.clock import VIETNAM
from payments.apis.calling import Limits
from payments.models import Feed, FeedApi
from payments.pretend_bank import notice_of
from payments.providers import PROVIDERS
from payments.providers.base import Reported
from payments.services.feeds import set_feed_api
from payments.services.polling import poll_due
from tests.payments.factories import NOW, PRICE_VND, SECRET
from tests.payments.provider_server import CASSO_KEY, PAYOS_CLIENT, PAYOS_KEY, SEPAY_TOKEN

ACCOUNT = "0123499999"
QUICK = Limits(connect_s=5, answer_s=20, tries=2, backoff_s=0)
HASTY = Limits(connect_s=5, answer_s=0.2, tries=1, backoff_s=0)
KEYS = {
    Feed.Provider.SEPAY: ("", SEPAY_TOKEN),
    Feed.Provider.CASSO: ("", CASSO_KEY),
    Feed.Provider.PAYOS: (PAYOS_CLIENT, PAYOS_KEY),
}


def an_api(feed: Feed, *, api_key: str | None = None, now: datetime = NOW) -> FeedApi:
    """The feed's key for its provider's list, due at once."""
    client_id, key = KEYS[Feed.Provider(feed.provider)]
    return set_feed_api(actor=SYSTEM, feed=feed, client_id=client_id, api_key=api_key or key, now=now)


def poll(now: datetime = NOW, *, limits: Limits = QUICK) -> int:
    """One run of the task; answers how many feeds were polled without a problem."""
    return poll_due(now=now, limits=limits)


def poll_again(feed: Feed, *, now: datetime = NOW) -> FeedApi:
    """Poll this feed whether it is due or not, and answer how it stands then."""
    FeedApi.objects.filter(feed=feed).update(next_poll_at=now)
    poll(now)
    return FeedApi.objects.get(feed=feed)


def written(at: datetime) -> str:
    """A moment as banks write it."""
    return at.astimezone(VIETNAM).strftime("%Y-%m-%d %H:%M:%S")


def sepay_row(
    number: int, account: str, content: str, amount_vnd: int = PRICE_VND, *, at: datetime = NOW, **changes: Any
) -> dict[str, Any]:
    """A row of SePay's list: the transfer that SePay's notice with this id tells of."""
    return {
        "id": str(number),
        "bank_brand_name": "Vietcombank",
        "account_number": account,
        "transaction_date": written(at),
        "amount_out": "0.00",
        "amount_in": f"{amount_vnd}.00",
        "accumulated": "0.00",
        "transaction_content": content,
        "reference_number": f"THU{number}",
        "code": None,
        "sub_account": None,
        "bank_account_id": "19",
        **changes,
    }


def casso_row(
    number: int, account: str, content: str, amount_vnd: int = PRICE_VND, *, at: datetime = NOW, **changes: Any
) -> dict[str, Any]:
    """A row of Casso's list: the transfer that Casso's notice with this id tells of."""
    return {
        "id": number,
        "tid": f"THU{number}",
        "description": content,
        "amount": amount_vnd,
        "cusum_balance": 0,
        "when": written(at).replace(" ", "T"),
        "bankSubAccId": account,
        "paymentChannel": "",
        "virtualAccount": "",
        "virtualAccountName": "",
        "corresponsiveName": "",
        "corresponsiveAccount": "",
        "corresponsiveBankId": "",
        "corresponsiveBankName": "",
        "accountId": 733,
        "bankCodeName": "acb_digi",
        **changes,
    }


def later(minutes: float) -> datetime:
    """So many minutes after the tests' moment."""
    return NOW + timedelta(minutes=minutes)


def told_by_notice(
    provider: str, number: int, content: str, amount_vnd: int, *, auth: str = "hmac", **more: Any
) -> Reported:
    """What the provider's notice of this transfer into `ACCOUNT` tells."""
    body = notice_of(
        provider,
        secret=SECRET,
        auth=auth,
        account_number=ACCOUNT,
        amount_vnd=amount_vnd,
        content=content,
        notice_id=number,
        now=NOW,
        **more,
    ).body
    return PROVIDERS[provider].read(body, now=NOW)[0]
