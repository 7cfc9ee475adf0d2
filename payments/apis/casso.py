"""Casso's list of transactions.

Source: developer.casso.vn, "API lấy giao dịch" (v2). `GET /v2/transactions` with `Authorization: Apikey <key>` and
`fromDate` (YYYY-MM-DD; without it the last seven days), `page` (from 1), `pageSize` (10 by default) and `sort`
(ASC by the transfers' time) answers `{"error": 0, "message": "success", "data": {"page", "pageSize", "nextPage",
"prevPage", "totalPages", "totalRecords", "records": [{"id": 5789, "tid": "TF2104152395814062", "description",
"amount": -193000, "cusum_balance", "when": "2021-04-15T00:00:00", "bankSubAccId", "paymentChannel",
"virtualAccount", "virtualAccountName", "corresponsiveName", "corresponsiveAccount", "corresponsiveBankId",
"corresponsiveBankName", "accountId", "bankCodeName"}]}}`. `id` is the `id` of the notice.

Not verified against Casso itself: the greatest `pageSize`, so a page is taken for the last one only where the
answer says so; and what a wrong key is answered with (401 is assumed, any `error` but 0 is taken for a refusal).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings

from marketplace.core.clock import vietnam_date
from payments.apis.calling import Caller, Limits, Refused
from payments.apis.listing import Page, listed, number_in, state_in, text_in, written
from payments.models import Feed
from payments.providers import PROVIDERS, reading
from payments.providers.base import NotItsShape

PATH: Final = "/v2/transactions"
ROWS_A_PAGE: Final = 100
DAYS_READ_AGAIN: Final = 2
"""Casso hears of some transfers a day late and puts them among those of their own day."""
READ_AGAIN_EVERY_S: Final = 3600


class CassoList:
    """The transactions of a Casso account from `since` on, the moment the feed was made.

    What the cursor keeps: the day a round began with (`from`), the next `page`, when the round `began` (unix
    seconds) and whether its end was reached (`done`). A transfer that appears late pushes others to later pages
    only, so going on at the last page misses none of them; to find the late one itself, the days before are read
    again every hour.
    """

    def __init__(self, caller: Caller, *, since: datetime) -> None:
        self._caller = caller
        self._since = vietnam_date(since)

    def page(self, cursor: str, *, now: datetime) -> Page:
        """The next page. Raises `CallFailed` and `NotItsShape`."""
        state = self._round(state_in(cursor), now=now)
        number = max(1, number_in(state, "page"))
        asked: dict[str, str | int] = {"fromDate": text_in(state, "from"), "page": number}
        asked |= {"pageSize": ROWS_A_PAGE, "sort": "ASC"}
        data = _data(self._caller.get(PATH, params=asked).body)
        records = data.get("records")
        if not isinstance(records, list):
            raise NotItsShape("no records")
        found, unreadable = listed(records, notice_of=_notice, provider=PROVIDERS[Feed.Provider.CASSO], now=now)
        is_last = not records or not _has_next(data, number)
        following = _page_to_go_on_with(number, has_records=bool(records), is_last=is_last)
        cursor = written({**state, "page": following, "done": is_last})
        return Page(rows=found, cursor=cursor, is_last=is_last, unreadable=unreadable)

    def _round(self, state: Mapping[str, object], *, now: datetime) -> Mapping[str, object]:
        """The round that is under way, or a new one that begins some days before the last one did."""
        began = number_in(state, "began")
        is_over = state.get("done") is not False and now.timestamp() - began >= READ_AGAIN_EVERY_S
        if began and not is_over:
            return state
        before = vietnam_date(datetime.fromtimestamp(began, tz=UTC)) - timedelta(days=DAYS_READ_AGAIN)
        first = max(self._since, before)
        return {"from": first.isoformat(), "page": 1, "began": int(now.timestamp())}


def caller_of(*, key: str, limits: Limits) -> Caller:
    """Who asks Casso under this key."""
    return Caller(settings.MARKET_CASSO_API_URL, headers={"Authorization": f"Apikey {key}"}, limits=limits)


def _data(body: bytes) -> Mapping[str, object]:
    fields = reading.json_object(body)
    if fields.get("error") != 0:
        raise Refused(reading.text(fields.get("error"), characters_max=20))
    data = fields.get("data")
    if not isinstance(data, dict):
        raise NotItsShape("no data")
    return data


def _has_next(data: Mapping[str, object], number: int) -> bool:
    """Whether the answer says that more pages follow; where it does not speak of pages, only an empty one ends it."""
    if "nextPage" not in data and "totalPages" not in data:
        return True
    return bool(data.get("nextPage")) or number_in(data, "totalPages") > number


def _page_to_go_on_with(number: int, *, has_records: bool, is_last: bool) -> int:
    """The last page that holds something, since more will be added to it; otherwise the one after this."""
    if not is_last:
        return number + 1
    return number if has_records else max(1, number - 1)


def _notice(record: Mapping[str, object]) -> Mapping[str, object]:
    """The notice of Casso's first kind that tells of this record; the list spells some names another way."""
    transfer = {
        **record,
        "bank_sub_acc_id": record.get("bankSubAccId") or record.get("bank_sub_acc_id"),
        "virtualAccount": record.get("virtualAccount") or "",
    }
    return {"error": 0, "data": [transfer]}
