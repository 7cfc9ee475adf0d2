"""SePay's list of transactions.

Source: developer.sepay.vn, "Transaction API" (v1) and "Transaction Reconciliation", and docs.sepay.vn
"API Giao dịch". `GET /userapi/transactions/list` with `Authorization: Bearer <token>` and the filters `since_id`
(from this id on, that one too), `transaction_date_min`, `transaction_date_max` (both inclusive, Vietnam's time) and
`limit` (at most 5,000) answers `{"status": 200, "error": null, "messages": {…}, "transactions": [{"id": "49682",
"bank_brand_name", "account_number", "transaction_date", "amount_out": "0.00", "amount_in": "18067000.00",
"accumulated", "transaction_content", "reference_number", "code", "sub_account", "bank_account_id"}]}`. A wrong
token is answered with 200 and an empty body, other faults with 200 and another `status` ("Upgrade from API v1").
At most 3 questions a second from one address.

The second API (`userapi.sepay.vn/v2`) names transactions by a UUID, which SePay's notices do not carry; only the
first one's `id` is the `id` of the notice, so only by it is a transfer the same one on both ways.

Not verified against SePay itself: in which order the rows come when there are more than `limit`. Nothing here
relies on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings

from marketplace.core.clock import VIETNAM
from payments.apis.calling import Answer, Caller, Limits, Refused
from payments.apis.listing import Page, listed, number_in, state_in, text_in, written
from payments.models import Feed
from payments.providers import PROVIDERS, reading
from payments.providers.base import NotItsShape

PATH: Final = "/userapi/transactions/list"
ID_DIGITS_MAX: Final = 18
ROWS_A_PAGE: Final = 2000
OVERLAP_S: Final = 1800
"""Ids are given before their transfers can be seen, so one may appear below others that were read: everything of
the last half hour at least, and the last hour at most, is read again each time."""
MOMENT: Final = "%Y-%m-%d %H:%M:%S"
MOMENT_CHARACTERS: Final = len("2026-11-22 10:00:00")
SECOND: Final = timedelta(seconds=1)
"""What SePay's times are exact to."""


class SePayList:
    """The transactions of a SePay account from `since` on, the moment the feed was made.

    What the cursor keeps: `floor` is the id below which nothing is read any more, `mark` the greatest one that was
    seen at `marked` (unix seconds), `high` the greatest one seen at all. `after` and `until` bound a part of a list
    that is too long for one page.
    """

    def __init__(self, caller: Caller, *, since: datetime) -> None:
        self._caller = caller
        self._since = _written(since.astimezone(VIETNAM))

    def page(self, cursor: str, *, now: datetime) -> Page:
        """The next page. Raises `CallFailed` and `NotItsShape`."""
        state = state_in(cursor)
        rows = _rows(self._caller.get(PATH, params=self._asked(state)))
        found, unreadable = listed(rows, notice_of=_notice, provider=PROVIDERS[Feed.Provider.SEPAY], now=now)
        state["high"] = max([number_in(state, "high"), *map(_id, rows)])
        is_last = len(rows) < ROWS_A_PAGE and not text_in(state, "until")
        following = _rotated(state, now=now) if is_last else _narrowed(state, rows, now=now)
        return Page(rows=found, cursor=written(following), is_last=is_last, unreadable=unreadable)

    def _asked(self, state: Mapping[str, object]) -> dict[str, str | int]:
        floor, until = number_in(state, "floor"), text_in(state, "until")
        asked: dict[str, str | int] = {"limit": ROWS_A_PAGE}
        if floor:
            asked["since_id"] = floor
        if after := text_in(state, "after") or ("" if floor else self._since):
            asked["transaction_date_min"] = after
        if until:
            asked["transaction_date_max"] = until
        return asked


def caller_of(*, token: str, limits: Limits) -> Caller:
    """Who asks SePay under this token."""
    headers = {"Authorization": f"Bearer {token}"}
    return Caller(settings.MARKET_SEPAY_API_URL, headers=headers, limits=limits)


def _rows(answer: Answer) -> Sequence[object]:
    if not answer.body.strip():
        raise Refused("an empty answer")
    fields = reading.json_object(answer.body)
    rows = fields.get("transactions")
    if fields.get("status") in (401, 403):
        raise Refused(str(fields["status"]))
    if not isinstance(rows, list):
        raise NotItsShape("no transactions")
    return rows


def _rotated(state: Mapping[str, object], *, now: datetime) -> dict[str, object]:
    """After all was read: every `OVERLAP_S` the floor rises to what had been seen that long ago."""
    floor, mark, marked = (number_in(state, name) for name in ("floor", "mark", "marked"))
    moment = int(now.timestamp())
    if moment - marked >= OVERLAP_S:
        floor, mark, marked = mark, number_in(state, "high"), moment
    return {"floor": floor, "mark": mark, "marked": marked, "high": number_in(state, "high")}


def _narrowed(state: Mapping[str, object], rows: Sequence[object], *, now: datetime) -> dict[str, object]:
    """The part of the list to read next, after a page that was full, or that ended at `until`.

    A full page says nothing about what it left out, in whichever order it came. So the time that was asked for is
    cut at the middle of what it holds, again and again, until a part fits. Then a part as long follows it, or one
    twice as long where there was room, up to the present. Raises `NotItsShape` where time cannot be cut any further.
    """
    after, until = text_in(state, "after"), text_in(state, "until")
    moments = sorted(moment for moment in map(_moment, rows) if moment >= after)
    if len(rows) < ROWS_A_PAGE:
        end = _read_moment(until)
        begin = _read_moment(after or (moments[0] if moments else until))
        times = 1 if 2 * len(rows) > ROWS_A_PAGE else 2
        further = _written(end + times * (end - begin) + SECOND)
        is_past = further < _written(now.astimezone(VIETNAM))
        return {**state, "after": _written(end + SECOND), "until": further if is_past else ""}
    earlier = [moment for moment in moments if not until or moment < until]
    if not earlier:
        raise NotItsShape("more transactions in one second than a page holds")
    return {**state, "until": earlier[len(earlier) // 2]}


def _written(moment: datetime) -> str:
    return moment.strftime(MOMENT)


def _read_moment(text: str) -> datetime:
    try:
        return datetime.strptime(text, MOMENT)  # noqa: DTZ007 - Vietnam's, as SePay writes it and is asked
    except ValueError as error:
        raise NotItsShape("a time of its own") from error


def _moment(row: object) -> str:
    """A row's time as text; such texts stand in the order of their times."""
    value = row.get("transaction_date") if isinstance(row, dict) else ""
    return reading.text(value, characters_max=MOMENT_CHARACTERS)


def _id(row: object) -> int:
    """A row's id as a number, 0 where it has none."""
    given = reading.tx_id(row.get("id")) if isinstance(row, dict) else ""
    return int(given[:ID_DIGITS_MAX]) if given.isascii() and given.isdigit() else 0


def _notice(row: Mapping[str, object]) -> Mapping[str, object]:
    """The notice that SePay sends of this row. The list gives two amounts, the notice one and a direction."""
    came, _ = reading.dong(row.get("amount_in"))
    is_outgoing = came == 0 and reading.dong(row.get("amount_out") or 0)[0] != 0
    return {
        "id": row.get("id"),
        "gateway": row.get("bank_brand_name"),
        "transactionDate": row.get("transaction_date"),
        "accountNumber": row.get("account_number"),
        "code": row.get("code"),
        "content": row.get("transaction_content"),
        "transferType": "out" if is_outgoing else "in",
        "transferAmount": row.get("amount_out") if is_outgoing else row.get("amount_in"),
        "accumulated": row.get("accumulated"),
        "subAccount": row.get("sub_account"),
        "referenceCode": row.get("reference_number"),
        "description": "",
    }
