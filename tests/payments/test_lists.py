"""The providers' lists: asked as their pages say, read as their notices are, and whole whatever their order."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from payments.apis import casso, sepay
from payments.apis.calling import Refused
from payments.apis.listing import Listing, Page, as_bytes, state_in
from payments.matching import Direction
from payments.providers.base import NotItsShape, Reported
from tests.payments.factories import NOW
from tests.payments.listing import ACCOUNT, QUICK, casso_row, later, sepay_row, told_by_notice, written
from tests.payments.provider_server import (
    CASSO_KEY,
    SEPAY_TOKEN,
    ProviderServer,
    html,
    json_body,
    status,
)

SINCE = NOW - timedelta(days=3)


@pytest.fixture
def sepay_list(provider: ProviderServer) -> Iterator[sepay.SePayList]:
    with sepay.caller_of(token=SEPAY_TOKEN, limits=QUICK) as caller:
        yield sepay.SePayList(caller, since=SINCE)


@pytest.fixture
def casso_list(provider: ProviderServer) -> Iterator[casso.CassoList]:
    with casso.caller_of(key=CASSO_KEY, limits=QUICK) as caller:
        yield casso.CassoList(caller, since=SINCE)


def told(page: Page) -> list[Reported]:
    return [one for row in page.rows for one in row.reported]


def ids(pages: list[Page]) -> set[str]:
    return {one.provider_tx_id for page in pages for one in told(page)}


def read_on(listing: Listing, cursor: str = "", *, now: Any = NOW, pages_max: int = 300) -> list[Page]:
    """Pages from the cursor to the last."""
    pages: list[Page] = []
    while not pages or not pages[-1].is_last:
        assert len(pages) < pages_max, "this list has no end"
        pages.append(listing.page(cursor, now=now))
        cursor = pages[-1].cursor
    return pages


# --- SePay ----------------------------------------------------------------------------------------


def test_sepays_documented_answer_is_read(provider: ProviderServer, sepay_list: sepay.SePayList) -> None:
    """The sample of developer.sepay.vn, "Transaction API" v1."""
    row = {
        "id": "49682",
        "bank_brand_name": "Vietcombank",
        "account_number": "0071000888888",
        "transaction_date": "2023-05-05 19:59:48",
        "amount_out": "0.00",
        "amount_in": "18067000.00",
        "accumulated": "1200541768.00",
        "transaction_content": "DUONG THUY ANH chuyen tien...",
        "reference_number": "677760.050523.080001",
        "code": None,
        "sub_account": "VCB0011ABC004",
        "bank_account_id": "19",
    }
    answer = {"status": 200, "error": None, "messages": {"success": True}, "transactions": [row]}
    provider.faults.append(json_body(answer))

    page = sepay_list.page("", now=NOW)

    (one,) = told(page)
    assert (one.provider_tx_id, one.bank_reference, one.doubt) == ("49682", "677760.050523.080001", "")
    assert (one.transfer.direction, one.transfer.amount) == (Direction.IN, 18_067_000)
    assert one.transfer.accounts == ("0071000888888", "VCB0011ABC004")
    assert written(one.happened_at) == "2023-05-05 19:59:48"
    assert json.loads(page.rows[0].raw) == row
    assert (page.is_last, page.unreadable) == (True, 0)
    assert provider.asked[0].path == "/userapi/transactions/list"
    assert provider.asked[0].headers["authorization"] == f"Bearer {SEPAY_TOKEN}"
    assert provider.asked[0].query == {"limit": "2000", "transaction_date_min": written(SINCE)}


@pytest.mark.parametrize(("amount", "is_incoming"), [(60_000, True), (193_000, False)])
def test_a_row_of_sepays_list_is_the_transfer_of_its_notice(
    provider: ProviderServer, sepay_list: sepay.SePayList, amount: int, is_incoming: bool
) -> None:
    outgoing = {"amount_in": "0.00", "amount_out": f"{amount}.00"}
    provider.sepay_rows = [sepay_row(7, ACCOUNT, "OCZ", amount, **({} if is_incoming else outgoing))]

    assert told(sepay_list.page("", now=NOW)) == [told_by_notice("sepay", 7, "OCZ", amount, is_incoming=is_incoming)]


@pytest.mark.parametrize("body", [b"", b"  \n", b'{"status": 401, "error": "Unauthorized"}', b'{"status": 403}'])
def test_sepay_says_with_200_that_a_token_is_wrong(
    provider: ProviderServer, sepay_list: sepay.SePayList, body: bytes
) -> None:
    provider.faults.append(status(200, body=body))

    with pytest.raises(Refused):
        sepay_list.page("", now=NOW)


@pytest.mark.parametrize("answer", [b"[]", b"null", b'{"status": 200}', b'{"transactions": {}}', b"{", b"\xff"])
def test_what_is_not_sepays_list_is_not_read(
    provider: ProviderServer, sepay_list: sepay.SePayList, answer: bytes
) -> None:
    provider.faults.append(status(200, body=answer))

    with pytest.raises(NotItsShape):
        sepay_list.page("", now=NOW)


def test_a_page_for_people_is_no_list(
    provider: ProviderServer, sepay_list: sepay.SePayList, casso_list: casso.CassoList
) -> None:
    provider.faults.extend([html, html])

    with pytest.raises(NotItsShape):
        sepay_list.page("", now=NOW)
    with pytest.raises(NotItsShape):
        casso_list.page("", now=NOW)


def test_a_row_that_does_not_say_what_moved_is_counted_and_holds_nothing_up(
    provider: ProviderServer, sepay_list: sepay.SePayList
) -> None:
    broken: list[object] = [
        sepay_row(1, "", "no account"),
        sepay_row(2, ACCOUNT, "no amount", amount_in=None),
        sepay_row(3, ACCOUNT, "no number", amount_in="many"),
        "no row",
        None,
    ]
    provider.faults.append(json_body({"status": 200, "transactions": [*broken, sepay_row(4, ACCOUNT, "well")]}))

    page = sepay_list.page("", now=NOW)

    assert ([one.provider_tx_id for one in told(page)], page.unreadable) == (["4"], 5)
    assert state_in(page.cursor)["high"] == 4


def test_ten_thousand_rows_are_read_whole(provider: ProviderServer, sepay_list: sepay.SePayList) -> None:
    provider.sepay_rows = [
        sepay_row(number, ACCOUNT, "x", at=SINCE + timedelta(seconds=20 * number)) for number in range(1, 10_001)
    ]

    pages = read_on(sepay_list)

    assert ids(pages) == {str(number) for number in range(1, 10_001)}
    assert len(pages) < 30


@pytest.mark.parametrize("seed", range(5))
def test_rows_whose_times_are_not_in_the_order_of_their_ids_are_read_whole(
    provider: ProviderServer, sepay_list: sepay.SePayList, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    dice = random.Random(seed)
    monkeypatch.setattr(sepay, "ROWS_A_PAGE", 20)
    provider.sepay_newest_first = bool(seed % 2)
    provider.sepay_rows = [
        sepay_row(number, ACCOUNT, "x", at=SINCE + timedelta(seconds=dice.randrange(1 + 10**seed * 60)))
        for number in range(1, 101 if seed else 20)
    ]

    assert ids(read_on(sepay_list)) == {row["id"] for row in provider.sepay_rows}


def test_control_one_page_of_ten_thousand_rows_is_not_the_whole(
    provider: ProviderServer, sepay_list: sepay.SePayList
) -> None:
    provider.sepay_rows = [sepay_row(number, ACCOUNT, "x") for number in range(1, 10_001)]

    page = sepay_list.page("", now=NOW)

    assert (len(page.rows), page.is_last) == (2000, False)


def test_more_rows_in_one_second_than_a_page_holds_are_a_fault_and_not_an_endless_round(
    provider: ProviderServer, sepay_list: sepay.SePayList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sepay, "ROWS_A_PAGE", 3)
    provider.sepay_rows = [sepay_row(number, ACCOUNT, "x") for number in range(1, 8)]

    with pytest.raises(NotItsShape):
        read_on(sepay_list)


def test_a_time_that_sepay_never_writes_is_no_way_to_go_on(
    provider: ProviderServer, sepay_list: sepay.SePayList
) -> None:
    with pytest.raises(NotItsShape):
        sepay_list.page('{"until": "some day"}', now=NOW)


def test_sepays_list_is_read_again_for_half_an_hour_and_no_further_back_than_an_hour(
    provider: ProviderServer, sepay_list: sepay.SePayList
) -> None:
    cursor, floors = "", []
    for minute in range(0, 121, 10):
        provider.sepay_rows.append(sepay_row(1000 + minute, ACCOUNT, "x", at=later(minute)))
        cursor = sepay_list.page(cursor, now=later(minute)).cursor
        floors.append(provider.asked[-1].query.get("since_id"))

    assert floors == [None] * 4 + ["1000"] * 3 + ["1030"] * 3 + ["1060"] * 3


def test_a_row_that_appears_late_with_a_lower_id_is_read(
    provider: ProviderServer, sepay_list: sepay.SePayList
) -> None:
    provider.sepay_rows = [sepay_row(500, ACCOUNT, "first")]
    cursor = sepay_list.page("", now=NOW).cursor
    for minute in (40, 80):
        provider.sepay_rows.append(sepay_row(600 + minute, ACCOUNT, "x", at=later(minute)))
        cursor = sepay_list.page(cursor, now=later(minute)).cursor
    provider.sepay_rows.append(sepay_row(679, ACCOUNT, "late", at=later(79)))

    assert "679" in ids([sepay_list.page(cursor, now=later(85))])


@pytest.mark.parametrize("cursor", ["", "nonsense", "[1]", '{"floor": "7", "until": 5}', '{"floor": true}'])
def test_a_cursor_of_another_time_begins_anew(
    provider: ProviderServer, sepay_list: sepay.SePayList, casso_list: casso.CassoList, cursor: str
) -> None:
    provider.sepay_rows = [sepay_row(1, ACCOUNT, "x")]
    provider.casso_rows = [casso_row(2, ACCOUNT, "x")]

    assert ids([sepay_list.page(cursor, now=NOW)]) == {"1"}
    assert ids([casso_list.page(cursor, now=NOW)]) == {"2"}


# --- Casso ----------------------------------------------------------------------------------------


def test_cassos_documented_answer_is_read(provider: ProviderServer, casso_list: casso.CassoList) -> None:
    """The sample of developer.casso.vn, "API lấy giao dịch" v2."""
    record = {
        "id": 5789,
        "tid": "TF2104152395814062",
        "description": "Khanhnm chuyen tien",
        "amount": -193000,
        "cusum_balance": 1070904,
        "when": "2021-04-15T00:00:00",
        "bankSubAccId": "8007041027107",
        "paymentChannel": "",
        "virtualAccount": "",
        "virtualAccountName": "",
        "corresponsiveName": "",
        "corresponsiveAccount": "",
        "corresponsiveBankId": "",
        "corresponsiveBankName": "",
        "accountId": 733,
        "bankCodeName": "acb_digi",
    }
    said = {"page": 4, "pageSize": 10, "nextPage": 5, "prevPage": 3, "totalPages": 35, "totalRecords": 341}
    provider.faults.append(json_body({"error": 0, "message": "success", "data": {**said, "records": [record]}}))

    page = casso_list.page("", now=NOW)

    (one,) = told(page)
    assert (one.provider_tx_id, one.bank_reference) == ("5789", "TF2104152395814062")
    assert (one.transfer.direction, one.transfer.amount) == (Direction.OUT, 193_000)
    assert one.transfer.accounts == ("8007041027107",)
    assert page.is_last is False
    assert provider.asked[0].path == "/v2/transactions"
    assert provider.asked[0].headers["authorization"] == f"Apikey {CASSO_KEY}"
    assert provider.asked[0].query == {"fromDate": "2026-11-19", "page": "1", "pageSize": "100", "sort": "ASC"}


@pytest.mark.parametrize("auth", ["hmac", "api_key"])
def test_a_row_of_cassos_list_is_the_transfer_of_its_notice(
    provider: ProviderServer, casso_list: casso.CassoList, auth: str
) -> None:
    provider.casso_rows = [casso_row(7, ACCOUNT, "OCZ", 60_000)]

    assert told(casso_list.page("", now=NOW)) == [told_by_notice("casso", 7, "OCZ", 60_000, auth=auth)]


@pytest.mark.parametrize("speaks", [True, False])
def test_cassos_pages_are_read_to_the_last_and_then_the_last_one_only(
    provider: ProviderServer, casso_list: casso.CassoList, speaks: bool
) -> None:
    provider.casso_speaks_of_pages = speaks
    provider.casso_rows = [casso_row(number, ACCOUNT, "x", at=later(number / 60)) for number in range(1, 251)]

    first = read_on(casso_list)
    asked = len(provider.asked)
    provider.casso_rows.append(casso_row(251, ACCOUNT, "new", at=later(10)))
    second = read_on(casso_list, first[-1].cursor, now=later(5))

    assert ids(first) == {str(number) for number in range(1, 251)}
    assert "251" in ids(second)
    assert {one.query["page"] for one in provider.asked[asked:]} <= {"3", "4"}


def test_after_an_hour_cassos_days_before_are_read_again_so_that_a_late_row_is_found(
    provider: ProviderServer, casso_list: casso.CassoList
) -> None:
    provider.casso_rows = [casso_row(number, ACCOUNT, "x", at=later(number)) for number in range(1, 150)]
    cursor = read_on(casso_list)[-1].cursor
    provider.casso_rows.append(casso_row(999, ACCOUNT, "yesterday's", at=NOW - timedelta(days=1)))

    soon = read_on(casso_list, cursor, now=later(59))
    after = read_on(casso_list, cursor, now=later(61))

    assert "999" not in ids(soon)
    assert "999" in ids(after)
    assert provider.asked[-1].query["fromDate"] == "2026-11-20"


def test_a_round_that_takes_longer_than_an_hour_is_read_to_its_end(
    provider: ProviderServer, casso_list: casso.CassoList
) -> None:
    provider.casso_rows = [casso_row(number, ACCOUNT, "x", at=later(number / 60)) for number in range(1, 251)]
    cursor = casso_list.page("", now=NOW).cursor

    casso_list.page(cursor, now=later(90))

    assert provider.asked[-1].query["page"] == "2"


def test_an_empty_list_of_cassos_is_asked_again_from_its_first_page(
    provider: ProviderServer, casso_list: casso.CassoList
) -> None:
    page = casso_list.page("", now=NOW)
    casso_list.page(page.cursor, now=later(5))

    assert (page.rows, page.is_last) == ((), True)
    assert [one.query["page"] for one in provider.asked] == ["1", "1"]


def test_casso_says_by_its_error_that_a_key_is_wrong(provider: ProviderServer, casso_list: casso.CassoList) -> None:
    provider.faults.append(json_body({"error": 401, "message": "wrong"}))

    with pytest.raises(Refused):
        casso_list.page("", now=NOW)


@pytest.mark.parametrize("answer", [{"error": 0}, {"error": 0, "data": []}, {"error": 0, "data": {"records": 1}}])
def test_what_is_not_cassos_list_is_not_read(
    provider: ProviderServer, casso_list: casso.CassoList, answer: object
) -> None:
    provider.faults.append(json_body(answer))

    with pytest.raises(NotItsShape):
        casso_list.page("", now=NOW)


# --- All ------------------------------------------------------------------------------------------


def test_a_cursor_fits_its_column(
    provider: ProviderServer, sepay_list: sepay.SePayList, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sepay, "ROWS_A_PAGE", 2)
    provider.sepay_rows = [sepay_row(10**17 + n, ACCOUNT, "x", at=later(n)) for n in range(9)]
    cursor = json.dumps({"floor": 10**17, "mark": 10**17, "marked": int(NOW.timestamp()), "high": 10**17})

    assert max(len(page.cursor) for page in read_on(sepay_list, cursor)) <= 200


def test_a_row_is_kept_with_its_digits() -> None:
    assert as_bytes({"a": "Đ", "b": 1, "c": Decimal("1.50")}) == b'{"a":"\\u0110","b":1,"c":"1.50"}'
