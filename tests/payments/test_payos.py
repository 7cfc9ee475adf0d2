"""payOS's notices: whose they are, and what they say."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from payments.matching import Direction
from payments.pretend_bank import notice_of, sign
from payments.providers.base import Credentials, NotItsShape, Reported
from payments.providers.payos import PayOS, signature, signed_text, transaction_id

VECTOR = json.loads((Path(__file__).parent / "data" / "webhooks.json").read_text("utf-8"))["payos"]
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECRET = "a-secret-of-the-tests"
DATA: dict[str, Any] = VECTOR["data"] | {"reference": "FT1", "paymentLinkId": "link-1"}


def authentic(body: bytes, *, secrets: tuple[str, ...] = (SECRET,)) -> bool:
    return PayOS().is_authentic(body, {}, credentials=Credentials(auth="hmac", secrets=secrets), now=NOW)


def whole(data: object, **more: Any) -> bytes:
    return json.dumps({"code": "00", "desc": "success", "success": True, "data": data, **more}).encode()


def signed(data: dict[str, Any], *, secret: str = SECRET) -> bytes:
    return sign("payos", whole(data), secret=secret, auth="hmac", now=NOW).body


def read(**changes: Any) -> Reported:
    """What is read of a transfer with some fields changed; a field set to `...` is left out."""
    fields = {name: value for name, value in (DATA | changes).items() if value is not ...}
    (reported,) = PayOS().read(whole(fields), now=NOW)
    return reported


# --- Whose it is ----------------------------------------------------------------------------------


def test_the_published_sample_verifies() -> None:
    assert signature(VECTOR["key"], VECTOR["data"]) == VECTOR["signature"]
    assert authentic(whole(VECTOR["data"], signature=VECTOR["signature"]), secrets=(VECTOR["key"],))
    assert authentic(whole(VECTOR["data"], signature=VECTOR["signature"].upper()), secrets=(VECTOR["key"],))


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ({"b": 1, "a": "x"}, "a=x&b=1"),
        ({"a": None, "b": "null", "c": "undefined", "d": ""}, "a=&b=&c=&d="),
        ({"a": True, "b": False}, "a=true&b=false"),
        ({"a": [{"z": 1, "b": None}, {}]}, 'a=[{"b":null,"z":1},{}]'),
        ({"a": []}, "a=[]"),
        ({"a": {"z": "Đ", "b": [1]}}, 'a={"b":[1],"z":"Đ"}'),
        ({"a": "Thành công & hết"}, "a=Thành công & hết"),
    ],
)
def test_what_is_signed_is_spelled_as_payos_spells_it(data: dict[str, Any], text: str) -> None:
    assert signed_text(data) == text


def test_numbers_are_signed_as_javascript_writes_them() -> None:
    body = signed(DATA | {"amount": 3000})

    assert authentic(body.replace(b'"amount": 3000', b'"amount": 3000.0'))
    assert authentic(body.replace(b'"amount": 3000', b'"amount": 3e3'))
    assert not authentic(body.replace(b'"amount": 3000', b'"amount": 3001'))


def test_fields_that_are_new_to_us_are_signed_too() -> None:
    body = signed(DATA | {"extra": {"a": [1, None]}})

    assert authentic(body)
    assert not authentic(body.replace(b'"extra"', b'"other"'))
    assert not authentic(body.replace(b"[1, null]", b"[1, 2]"))


def test_what_stands_outside_the_data_is_not_signed_and_says_nothing() -> None:
    body = signed(DATA).replace(b'"success": true', b'"success": false')

    assert authentic(body)
    assert PayOS().read(body, now=NOW) == PayOS().read(signed(DATA), now=NOW)


@pytest.mark.parametrize("given", [None, "", 1, [], {}, "ộ", "\ud800", VECTOR["signature"], "0" * 64])
def test_a_missing_wrong_or_broken_signature_does_not_count(given: object) -> None:
    assert not authentic(whole(DATA, signature=given))
    assert not authentic(whole(DATA))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff",
        signed(DATA)[:-1],
        whole(None, signature="x"),
        whole([], signature="x"),
        whole("x", signature="x"),
        b'{"data":{"a":' + b"[" * 900 + b"]" * 900 + b'},"signature":"x"}',
        b'{"data":{"a":1e999},"signature":"x"}',
        b'{"data":{"a":"\\ud800"},"signature":"x"}',
        b'{"data":{"a":1,"a":2},"signature":"x"}',
        b'{"data":' * 8000,
    ],
)
def test_what_has_no_data_cannot_have_been_signed(body: bytes) -> None:
    assert not authentic(body)


def test_while_a_secret_is_replaced_both_count() -> None:
    both = ("the-new-secret", SECRET)

    assert authentic(signed(DATA), secrets=both)
    assert authentic(signed(DATA, secret="the-new-secret"), secrets=both)
    assert not authentic(signed(DATA, secret="a-third-secret"), secrets=both)
    assert not authentic(signed(DATA, secret=""), secrets=())


def test_only_an_object_can_be_signed_by_the_pretend_bank() -> None:
    with pytest.raises(TypeError):
        sign("payos", whole([]), secret=SECRET, auth="hmac", now=NOW)


# --- What it says ---------------------------------------------------------------------------------


def test_the_sample_that_payos_sends_when_the_address_is_saved_is_a_test() -> None:
    (reported,) = PayOS().read(whole(VECTOR["data"]), now=NOW)

    assert reported.provider_tx_id == "TF230204212323:124c33293c43417ab7879e14c8d9eb18"
    assert reported.transfer.is_test
    assert (reported.transfer.direction, reported.transfer.amount) == (Direction.IN, 3000)
    assert (reported.transfer.accounts, reported.transfer.content) == (("12345678",), "VQRIO123")
    assert (reported.bank_reference, reported.link_number) == ("TF230204212323", 123)
    assert reported.happened_at == datetime(2023, 2, 4, 11, 25, tzinfo=UTC)
    assert not read().transfer.is_test


def test_a_link_that_is_paid_twice_tells_of_two_transfers() -> None:
    first = read().provider_tx_id

    assert first == transaction_id("FT1", "link-1") == "FT1:link-1"
    assert len({first, read(reference="FT2").provider_tx_id, read(paymentLinkId="link-2").provider_tx_id}) == 3
    assert len(read(reference="x" * 100, paymentLinkId="y" * 100).provider_tx_id) == 71


@pytest.mark.parametrize("value", [..., None, "", []])
def test_without_a_reference_the_signed_words_stand_for_the_id(value: object) -> None:
    first = read(reference=value).provider_tx_id

    assert first.startswith("sha256:")
    assert read(reference=value, amount=3001).provider_tx_id != first
    assert read(reference=value, transactionDateTime="2023-02-04 18:25:01").provider_tx_id != first


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (123, 123),
        ("123", 123),
        (123.0, 123),
        (2**53 - 1, 2**53 - 1),
        (2**53, None),
        (0, None),
        (-1, None),
        (1.5, None),
        (True, None),
        (None, None),
        ("", None),
        ("x", None),
        ("٣", None),
        ("9" * 5000, None),
        ([1], None),
    ],
)
def test_the_order_code_leads_to_the_link(value: object, number: int | None) -> None:
    assert read(orderCode=value).link_number == number


@pytest.mark.parametrize("changes", [{"code": "01"}, {"code": 0}, {"currency": "USD"}, {"currency": 1}])
def test_what_payos_does_not_call_a_finished_transfer_in_dong_is_doubted(changes: dict[str, Any]) -> None:
    assert read(**changes).doubt == "provider_doubts"


@pytest.mark.parametrize("value", [..., None])
def test_a_code_or_currency_that_is_not_named_is_no_doubt(value: object) -> None:
    assert read(code=value, currency=value).doubt == ""


@pytest.mark.parametrize(
    ("value", "dong", "doubt"), [(3000, 3000, ""), ("3000", 3000, ""), (0.5, 0, "amount_not_whole")]
)
def test_an_amount_may_be_a_number_or_a_text(value: object, dong: int, doubt: str) -> None:
    reported = read(amount=value)

    assert (reported.transfer.amount, reported.doubt) == (dong, doubt)


def test_a_virtual_account_is_read_beside_the_account() -> None:
    assert read(virtualAccountNumber="V3CAS-01").transfer.accounts == ("12345678", "V3CAS01")


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", whole(None), whole([]), whole(DATA | {"amount": None}), whole(DATA | {"accountNumber": None})],
)
def test_a_body_that_does_not_say_what_moved_is_refused(body: bytes) -> None:
    with pytest.raises(NotItsShape):
        PayOS().read(body, now=NOW)


def test_the_pretend_bank_writes_what_the_adapter_reads() -> None:
    notice = notice_of(
        "payos",
        secret=SECRET,
        auth="hmac",
        account_number="CHO40DEMO0001",
        amount_vnd=60_000,
        content="CSX",
        notice_id=7,
        link_number=99,
        now=NOW,
    )
    (reported,) = PayOS().read(notice.body, now=NOW)

    assert authentic(notice.body)
    assert (reported.link_number, reported.bank_reference, reported.transfer.amount) == (99, "THU7", 60_000)


def test_without_a_reference_the_id_is_the_hash_of_the_signed_words() -> None:
    """Kept for ever, so it may never change: a notice sent again after an upgrade must be known again."""
    told = DATA | {"reference": "", "description": "\ud800"}
    words = signed_text(told).replace("\ud800", "?")
    assert read(**told).provider_tx_id == f"sha256:{hashlib.sha256(words.encode()).hexdigest()}"


def test_the_sample_is_known_by_its_reference_and_its_link_together() -> None:
    sample = VECTOR["data"]
    assert read(reference=sample["reference"], paymentLinkId=sample["paymentLinkId"]).transfer.is_test
    assert not read(reference=sample["reference"]).transfer.is_test
    assert not read(paymentLinkId=sample["paymentLinkId"]).transfer.is_test


def test_the_words_and_the_reference_are_cut_to_their_columns() -> None:
    reported = read(description="x" * 5000, reference="y" * 5000)
    assert (reported.transfer.content, reported.bank_reference) == ("x" * 4096, "y" * 100)


def test_the_order_code_may_be_a_text_as_long_as_the_largest() -> None:
    assert read(orderCode=str(2**53 - 1)).link_number == 2**53 - 1
    assert read(orderCode="1" * 17).link_number is None
    assert read(orderCode=1).link_number == 1


def test_a_refusal_says_that_there_is_no_data() -> None:
    with pytest.raises(NotItsShape) as refusal:
        PayOS().read(whole(None), now=NOW)
    assert str(refusal.value) == "no data"
