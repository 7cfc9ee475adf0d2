"""Casso's notices of both kinds: whose they are, and what they say."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from payments.matching import Direction
from payments.pretend_bank import notice_of, sign
from payments.providers.base import Credentials, NotItsShape, Reported
from payments.providers.casso import Casso, signature

VECTOR = json.loads((Path(__file__).parent / "data" / "webhooks.json").read_text("utf-8"))["casso_v2"]
SIGNED_AT = datetime.fromtimestamp(1_727_948_258.788, UTC)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECRET = "a-secret-of-the-tests"
SECOND_KIND: dict[str, Any] = VECTOR["body"]["data"] | {"id": 92704}
FIRST_KIND: dict[str, Any] = {
    "id": 6789,
    "tid": "BANK_REF_ID",
    "description": "giao dich thu nghiem",
    "amount": 79000,
    "cusum_balance": 20079000,
    "when": "2020-10-14 00:34:57",
    "bank_sub_acc_id": "123456789",
    "subAccId": "123456789",
    "bankName": "VPBank",
    "bankAbbreviation": "VPB",
    "virtualAccount": "",
    "virtualAccountName": "",
    "corresponsiveName": "",
    "corresponsiveAccount": "",
    "corresponsiveBankId": "",
    "corresponsiveBankName": "",
}


def authentic(
    body: bytes,
    headers: dict[str, str],
    *,
    auth: str = "hmac",
    secrets: tuple[str, ...] = (SECRET,),
    now: datetime = NOW,
) -> bool:
    return Casso().is_authentic(body, headers, credentials=Credentials(auth=auth, secrets=secrets), now=now)


def signed(body: bytes, *, secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    notice = sign("casso", body, secret=secret, auth="hmac", now=at)
    return {name.lower(): value for name, value in notice.headers.items()}


def body_of(*rows: dict[str, Any]) -> bytes:
    return json.dumps({"error": 0, "data": list(rows)}).encode()


def read(row: dict[str, Any], /, **changes: Any) -> Reported:
    """What is read of one transfer with some fields changed; a field set to `...` is left out."""
    fields = {name: value for name, value in (row | changes).items() if value is not ...}
    (reported,) = Casso().read(json.dumps({"error": 0, "data": fields}).encode(), now=NOW)
    return reported


BODY = json.dumps({"error": 0, "data": SECOND_KIND}).encode()


# --- Whose it is ----------------------------------------------------------------------------------


def test_the_published_sample_verifies_whatever_its_blanks_and_order() -> None:
    headers = {"x-casso-signature": VECTOR["header"]}
    data = dict(reversed(VECTOR["body"]["data"].items()))

    for body in (
        json.dumps(VECTOR["body"]),
        json.dumps({"data": data, "error": 0}, indent=2),
        json.dumps(VECTOR["body"]).replace("599000", "599000.0"),
    ):
        assert authentic(body.encode(), headers, secrets=(VECTOR["key"],), now=SIGNED_AT)
    moment, _, expected = VECTOR["header"].removeprefix("t=").partition(",v1=")
    assert signature(VECTOR["key"], moment, json.dumps(VECTOR["body"]).encode()) == expected


def test_a_name_with_diacritics_is_signed_as_letters() -> None:
    body = json.dumps({"error": 0, "data": SECOND_KIND | {"counterAccountName": "NGUYỄN VĂN ĐỨC"}}, ensure_ascii=True)
    plain = json.dumps(json.loads(body), ensure_ascii=False)

    assert authentic(body.encode(), signed(plain.encode()))


@pytest.mark.parametrize("milliseconds", [0, 299_999, 300_000, -300_000])
def test_a_signature_of_the_last_five_minutes_counts(milliseconds: int) -> None:
    assert authentic(BODY, signed(BODY, at=NOW - timedelta(milliseconds=milliseconds)))


@pytest.mark.parametrize("milliseconds", [300_001, 3_600_000, -300_001, -86_400_000])
def test_a_signature_older_or_newer_than_five_minutes_does_not_count(milliseconds: int) -> None:
    assert not authentic(BODY, signed(BODY, at=NOW - timedelta(milliseconds=milliseconds)))


def test_one_changed_value_or_field_breaks_the_signature() -> None:
    headers = signed(BODY)

    assert not authentic(BODY.replace(b"599000", b"599001"), headers)
    assert not authentic(BODY.replace(b'"error": 0', b'"error": 0, "x": 1'), headers)
    assert not authentic(BODY.replace(b'"error": 0, ', b""), headers)


def test_the_moment_is_signed_too() -> None:
    headers = signed(BODY)
    moment = str(round(NOW.timestamp() * 1000))

    headers["x-casso-signature"] = headers["x-casso-signature"].replace(moment, str(int(moment) + 1))

    assert not authentic(BODY, headers)


GOOD = signed(BODY)["x-casso-signature"]


@pytest.mark.parametrize("value", [GOOD.replace(",", ", "), GOOD.upper().replace("T=", "t=").replace("V1=", "v1=")])
def test_blanks_and_capitals_in_the_header_make_no_difference(value: str) -> None:
    assert authentic(BODY, {"x-casso-signature": value})


@pytest.mark.parametrize(
    "value",
    [
        "",
        "t=,v1=",
        GOOD.partition(",")[0],
        GOOD.partition(",")[2],
        GOOD[:-1],
        GOOD.replace("v1=", "v2="),
        GOOD.replace("t=1", "t=x"),
        GOOD.replace("t=", "t=-"),
        "t=" + "9" * 400 + "," + GOOD.partition(",")[2],
        GOOD.replace("t=1", "t=١"),
        GOOD.partition("v1=")[0] + "v1=ộ",
        GOOD.partition("v1=")[0] + "v1=\udcff",
        signed(BODY, secret="another-secret")["x-casso-signature"],
    ],
)
def test_a_missing_wrong_or_broken_signature_does_not_count(value: str) -> None:
    assert not authentic(BODY, {"x-casso-signature": value})
    assert not authentic(BODY, {})


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"\xff", BODY[:-1], b'{"a":' * 9000, b'{"a":1e999}'])
def test_what_is_not_json_cannot_have_been_signed(body: bytes) -> None:
    assert not authentic(body, {"x-casso-signature": GOOD})


def test_a_key_proves_the_first_kind_and_nothing_else_does() -> None:
    for value, proves in ((SECRET, True), (SECRET + "x", False), ("", False), ("ộ", False)):
        assert authentic(b"{}", {"secure-token": value}, auth="api_key") is proves
    assert not authentic(BODY, signed(BODY), auth="api_key")
    assert not authentic(BODY, {"secure-token": SECRET})
    assert not authentic(b"{}", {"secure-token": ""}, auth="api_key", secrets=())


def test_while_a_secret_is_replaced_both_count() -> None:
    both = ("the-new-secret", SECRET)

    assert authentic(BODY, signed(BODY), secrets=both)
    assert authentic(BODY, signed(BODY, secret="the-new-secret"), secrets=both)
    assert not authentic(BODY, signed(BODY, secret="a-third-secret"), secrets=both)


# --- What it says ---------------------------------------------------------------------------------


def test_the_published_sample_is_read_field_by_field_and_is_a_test() -> None:
    (reported,) = Casso().read(json.dumps(VECTOR["body"]).encode(), now=NOW)

    assert (reported.provider_tx_id, reported.transfer.is_test) == ("0", True)
    assert (reported.transfer.direction, reported.transfer.amount) == (Direction.IN, 599_000)
    assert reported.transfer.accounts == ("88888888",)
    assert reported.transfer.content == "giao dich thu nghiem"
    assert reported.bank_reference == "MA_GIAO_DICH_THU_NGHIEM"
    assert reported.happened_at == datetime(2024, 10, 3, 8, 6, 37, tzinfo=UTC)  # 15:06:37 in Vietnam
    assert (reported.link_number, reported.doubt) == (None, "")


@pytest.mark.parametrize("value", [0, "0", 0.0])
def test_the_id_nought_is_a_test_however_it_is_written(value: object) -> None:
    assert read(SECOND_KIND, id=value).transfer.is_test


def test_the_first_kind_holds_any_number_of_transfers_each_with_its_own_id() -> None:
    rows = [FIRST_KIND | {"id": number, "amount": number * 1000} for number in (1, 2, 3)]

    reported = Casso().read(body_of(*rows), now=NOW)

    assert [one.provider_tx_id for one in reported] == ["1", "2", "3"]
    assert [one.transfer.amount for one in reported] == [1000, 2000, 3000]
    assert {one.bank_reference for one in reported} == {"BANK_REF_ID"}
    assert {one.transfer.accounts for one in reported} == {("123456789",)}
    assert reported[0].happened_at == datetime(2020, 10, 13, 17, 34, 57, tzinfo=UTC)


def test_a_minus_says_that_money_went_out() -> None:
    for value in (-79_000, "-79000", -79_000.0):
        transfer = read(FIRST_KIND, amount=value).transfer
        assert (transfer.direction, transfer.amount) == (Direction.OUT, 79_000)


@pytest.mark.parametrize("row", [FIRST_KIND, SECOND_KIND])
def test_a_part_of_a_dong_is_cut_off_and_doubted(row: dict[str, Any]) -> None:
    reported = read(row, amount=79000.5)

    assert (reported.transfer.amount, reported.doubt) == (79_000, "amount_not_whole")


def test_a_virtual_account_is_read_beside_the_account() -> None:
    assert read(FIRST_KIND, virtualAccount="VA 01").transfer.accounts == ("123456789", "VA01")
    assert read(SECOND_KIND, virtualAccountNumber="VA02").transfer.accounts == ("88888888", "VA02")
    assert read(FIRST_KIND, bank_sub_acc_id=..., subAccId="77").transfer.accounts == ("77",)


def test_without_an_id_its_likeness_stands_for_it() -> None:
    first = read(FIRST_KIND, id=None).provider_tx_id

    assert first.startswith("sha256:")
    assert read(FIRST_KIND, id=None, description="other words").provider_tx_id == first
    for other in ({"amount": 1}, {"tid": "X"}, {"bank_sub_acc_id": "1"}, {"when": "2020-10-14 00:34:58"}):
        assert read(FIRST_KIND, id=None, **other).provider_tx_id != first


def test_without_id_and_reference_the_body_and_the_place_in_it_stand_for_it() -> None:
    row = FIRST_KIND | {"id": None, "tid": ""}

    one, other = Casso().read(body_of(row, row), now=NOW)

    assert one.provider_tx_id != other.provider_tx_id
    assert Casso().read(body_of(row, row), now=NOW)[0].provider_tx_id == one.provider_tx_id


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"error":0,"data":null}',
        b'{"error":0,"data":[]}',
        b'{"error":0,"data":"x"}',
        b'{"error":0,"data":[1]}',
        b'{"error":0,"data":[[]]}',
        body_of(FIRST_KIND | {"amount": None}, FIRST_KIND | {"amount": None}),
        body_of(FIRST_KIND | {"amount": True}),
        body_of(FIRST_KIND | {"amount": 10**13}),
        body_of(FIRST_KIND | {"bank_sub_acc_id": "", "subAccId": None}),
    ],
)
def test_a_body_that_does_not_say_what_moved_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(NotItsShape) as refusal:
        Casso().read(body, now=NOW)
    assert refusal.value.readable == ()


def test_of_several_rows_those_that_can_be_read_are_told_beside_the_refusal() -> None:
    good, other = FIRST_KIND | {"id": 7, "tid": "A"}, FIRST_KIND | {"id": 8, "tid": "B"}
    with pytest.raises(NotItsShape) as refusal:
        Casso().read(body_of(good, FIRST_KIND | {"amount": None}, other), now=NOW)

    assert str(refusal.value) == "1 rows that cannot be read"
    assert refusal.value.readable == (read(good), read(other))


@pytest.mark.parametrize("auth", ["hmac", "api_key"])
def test_the_pretend_bank_writes_what_the_adapter_reads(auth: str) -> None:
    notice = notice_of(
        "casso",
        secret=SECRET,
        auth=auth,
        account_number="CHO40DEMO0001",
        amount_vnd=60_000,
        content="OCZ2222222222",
        notice_id=7,
        now=NOW,
        is_incoming=False,
    )
    (reported,) = Casso().read(notice.body, now=NOW)

    assert authentic(notice.body, {name.lower(): value for name, value in notice.headers.items()}, auth=auth)
    assert (reported.provider_tx_id, reported.happened_at, reported.bank_reference) == ("7", NOW, "THU7")
    assert (reported.transfer.direction, reported.transfer.amount) == (Direction.OUT, 60_000)


def test_the_id_of_a_transfer_without_one_is_the_hash_of_what_tells_transfers_apart() -> None:
    """Kept for ever, so it may never change: a notice sent again after an upgrade must be known again."""
    first = hashlib.sha256(b"BANK_REF_ID\n79000\n123456789\n2020-10-14 00:34:57").hexdigest()
    assert read(FIRST_KIND, id=None).provider_tx_id == f"sha256:{first}"
    second = hashlib.sha256(b"MA_GIAO_DICH_THU_NGHIEM\n599000\n88888888\n2024-10-03 15:06:37").hexdigest()
    assert read(SECOND_KIND, id=None).provider_tx_id == f"sha256:{second}"
    body = body_of(FIRST_KIND | {"id": None, "tid": ""})
    (nameless,) = Casso().read(body, now=NOW)
    assert nameless.provider_tx_id == f"sha256:{hashlib.sha256(b'0' + bytes([10]) + body).hexdigest()}"


def test_nothing_moved_is_no_money_that_went_out() -> None:
    transfer = read(FIRST_KIND, amount=0).transfer
    assert (transfer.direction, transfer.amount) == (Direction.IN, 0)


def test_the_words_and_the_reference_are_read_and_cut_to_their_columns() -> None:
    reported = read(FIRST_KIND, description="x" * 5000, tid="y" * 5000)
    assert (reported.transfer.content, reported.bank_reference) == ("x" * 4096, "y" * 100)
    assert read(FIRST_KIND).transfer.content == "giao dich thu nghiem"


def test_every_field_that_names_an_account_is_read() -> None:
    names = ("bank_sub_acc_id", "subAccId", "accountNumber", "virtualAccount", "virtualAccountNumber")
    told = {name: str(place) for place, name in enumerate(names, start=1)}
    assert read(FIRST_KIND, **told).transfer.accounts == ("1", "2", "3", "4", "5")


@pytest.mark.parametrize("data", [[], None, "x", [1]])
def test_a_refusal_says_that_there_is_no_transfer(data: object) -> None:
    with pytest.raises(NotItsShape) as refusal:
        Casso().read(json.dumps({"error": 0, "data": data}).encode(), now=NOW)
    assert str(refusal.value) == "no transfer"
