"""payOS asked as its pages say: links made, looked up, taken back, and nothing shown that pays something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from payments.apis import payos
from payments.apis.payos import LinkStatus, NumberTaken, PayOS, Rejected
from payments.providers.base import NotItsShape
from tests.payments.factories import NOW, SECRET
from tests.payments.listing import ACCOUNT, QUICK, told_by_notice
from tests.payments.provider_server import (
    PAYOS_CLIENT,
    PAYOS_KEY,
    ProviderServer,
    html,
    json_body,
)


@pytest.fixture
def merchant(provider: ProviderServer) -> Iterator[PayOS]:
    with payos.caller_of(client_id=PAYOS_CLIENT, api_key=PAYOS_KEY, limits=QUICK) as caller:
        yield PayOS(caller, checksum_key=SECRET)


def make(merchant: PayOS, number: int = 42, **changes: Any) -> payos.MadeLink:
    wanted: dict[str, Any] = {"amount_vnd": 60_000, "description": "K7M2QX234", "expires_at": None, **changes}
    return merchant.create(order_code=number, back_to="https://cho.example.vn/", **wanted)


def test_a_link_is_asked_for_as_payos_wants_it_signed(provider: ProviderServer, merchant: PayOS) -> None:
    made = make(merchant, description="K7M2QX234-too-long", expires_at=NOW)

    (asked,) = provider.asked
    assert (asked.method, asked.path) == ("POST", "/v2/payment-requests")
    assert (asked.headers["x-client-id"], asked.headers["x-api-key"]) == (PAYOS_CLIENT, PAYOS_KEY)
    assert {name: value for name, value in asked.fields.items() if name != "signature"} == {
        "orderCode": 42,
        "amount": 60_000,
        "description": "K7M2QX234",
        "cancelUrl": "https://cho.example.vn/",
        "returnUrl": "https://cho.example.vn/",
        "expiredAt": int(NOW.timestamp()),
    }
    link = provider.links[42]
    assert (made.provider_link_id, made.bin, made.account_number) == (
        link["paymentLinkId"],
        "970422",
        link["accountNumber"],
    )
    assert (made.qr_payload, made.memo, made.account_name) == (link["qrCode"], link["description"], "HTX BAN GIOC")


def test_the_same_number_again_is_told_from_other_refusals(provider: ProviderServer, merchant: PayOS) -> None:
    make(merchant)

    with pytest.raises(NumberTaken):
        make(merchant)
    with pytest.raises(Rejected) as rejection:
        PayOS(merchant._caller, checksum_key="another-key").create(
            order_code=43, amount_vnd=1, description="", expires_at=None, back_to=""
        )

    assert (rejection.value.code, rejection.value.problem) == ("201", "rejected")
    assert list(provider.links) == [42]


@pytest.mark.parametrize(
    "changes",
    [
        {"orderCode": 41},
        {"amount": 50_000},
        {"qrCode": "no code"},
        {"bin": "999999"},
        {"bin": "970436"},
        {"accountNumber": "0123456789"},
        {"qrCode": None},
    ],
)
def test_a_link_that_pays_something_else_than_was_asked_for_is_not_shown(
    provider: ProviderServer, merchant: PayOS, changes: dict[str, Any]
) -> None:
    provider.link_changes = changes

    with pytest.raises(NotItsShape):
        make(merchant)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"code": "00"},
        {"code": "00", "data": []},
        {"code": "00", "data": {"orderCode": 42}, "signature": "0" * 64},
        {"code": "00", "data": {"orderCode": 42}},
    ],
)
def test_an_answer_that_is_not_payos_own_makes_no_link(
    provider: ProviderServer, merchant: PayOS, answer: object
) -> None:
    provider.faults.append(json_body(answer))

    with pytest.raises(NotItsShape):
        make(merchant)


def test_what_paid_a_link_is_the_transfer_of_its_notice(provider: ProviderServer, merchant: PayOS) -> None:
    made = make(merchant)
    provider.pay_link(42, 60_000, reference="THU9")
    provider.links[42]["transactions"][0]["accountNumber"] = ACCOUNT

    seen = merchant.look_up(42, now=NOW)

    by_notice = told_by_notice(
        "payos", 9, made.memo, 60_000, link_number=42, changes={"virtualAccountNumber": made.account_number}
    )
    assert [row.reported for row in seen.rows] == [(by_notice,)]
    assert (seen.status, seen.is_open, seen.unreadable) == (LinkStatus.PAID, False, 0)
    assert provider.paths()[-1] == "GET /v2/payment-requests/42"


def test_a_link_taken_back_is_open_no_more(provider: ProviderServer, merchant: PayOS) -> None:
    make(merchant)

    merchant.cancel(42, reason="khong can nua")

    assert provider.paths()[-1] == "POST /v2/payment-requests/42/cancel"
    assert provider.asked[-1].fields["cancellationReason"] == "khong can nua"
    assert merchant.look_up(42, now=NOW).is_open is False
    with pytest.raises(Rejected):
        merchant.cancel(42, reason="again")


@pytest.mark.parametrize("data", [{"status": "DREAMING", "transactions": []}, {"status": "PAID"}])
def test_a_link_that_does_not_say_how_it_stands_is_not_read(
    provider: ProviderServer, merchant: PayOS, data: dict[str, Any]
) -> None:
    provider.faults.append(json_body({"code": "00", "data": data}))

    with pytest.raises(NotItsShape):
        merchant.look_up(42, now=NOW)


def test_a_page_for_people_is_no_link(provider: ProviderServer, merchant: PayOS) -> None:
    provider.faults.append(html)

    with pytest.raises(NotItsShape):
        merchant.look_up(1, now=NOW)
