"""SePay's notices: whose they are, and what they say, however oddly."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from payments.matching import Direction
from payments.pretend_bank import sepay_notice, sign_sepay
from payments.providers.base import Credentials, NotItsShape, Reported
from payments.providers.sepay import SePay

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECRET = "test-secret"
SAMPLE = {
    "id": 92704,
    "gateway": "Vietcombank",
    "transactionDate": "2023-03-25 14:02:37",
    "accountNumber": "0123499999",
    "code": None,
    "content": "chuyen tien mua iphone",
    "transferType": "in",
    "transferAmount": 2277000,
    "accumulated": 19077000,
    "subAccount": None,
    "referenceCode": "MBVCB.3278907687",
    "description": "",
}
SAMPLE_BODY = json.dumps(SAMPLE, separators=(",", ":")).encode()
SAMPLE_SIGNATURE = "sha256=53f274d9ee63c663d42a03122c9d96c9a38babba851a1f5d2737580b365c5be4"


def authentic(body: bytes, headers: dict[str, str], *, auth: str = "hmac", now: datetime = NOW, **more: Any) -> bool:
    credentials = Credentials(auth=auth, secrets=more.get("secrets", (SECRET,)))
    return SePay().is_authentic(body, headers, credentials=credentials, now=now)


def signed(body: bytes = SAMPLE_BODY, *, secret: str = SECRET, at: datetime = NOW) -> dict[str, str]:
    notice = sign_sepay(body, secret=secret, auth="hmac", now=at)
    return {name.lower(): value for name, value in notice.headers.items()}


def read(**changes: Any) -> Reported:
    """What is read of the sample with some fields changed; a field set to `...` is left out."""
    fields = {name: value for name, value in (SAMPLE | changes).items() if value is not ...}
    return read_body(json.dumps(fields).encode())


def read_body(body: bytes) -> Reported:
    (reported,) = SePay().read(body, now=NOW)
    return reported


# --- Whose it is ----------------------------------------------------------------------------------


def test_the_published_sample_verifies() -> None:
    headers = {"x-sepay-signature": SAMPLE_SIGNATURE, "x-sepay-timestamp": "1700000000"}

    assert authentic(SAMPLE_BODY, headers, now=datetime.fromtimestamp(1_700_000_000, UTC))


@pytest.mark.parametrize("seconds", [0, 299, 300, -300])
def test_a_signature_of_the_last_five_minutes_counts(seconds: int) -> None:
    assert authentic(SAMPLE_BODY, signed(at=NOW - timedelta(seconds=seconds)))


@pytest.mark.parametrize("seconds", [301, 3600, -301, -86_400])
def test_a_signature_older_or_newer_than_five_minutes_does_not_count(seconds: int) -> None:
    assert not authentic(SAMPLE_BODY, signed(at=NOW - timedelta(seconds=seconds)))


def test_one_changed_byte_breaks_the_signature() -> None:
    headers = signed()

    assert not authentic(SAMPLE_BODY + b" ", headers)
    assert not authentic(SAMPLE_BODY.replace(b"2277000", b"9277000"), headers)


def test_the_timestamp_is_signed_too() -> None:
    headers = signed()
    headers["x-sepay-timestamp"] = str(int(headers["x-sepay-timestamp"]) + 1)

    assert not authentic(SAMPLE_BODY, headers)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-sepay-signature": SAMPLE_SIGNATURE},
        {"x-sepay-timestamp": "1795316400"},
        signed() | {"x-sepay-signature": ""},
        signed() | {"x-sepay-signature": "sha256="},
        signed() | {"x-sepay-signature": signed()["x-sepay-signature"].removeprefix("sha256=")},
        signed() | {"x-sepay-signature": "sha256=" + "ộ" * 64},
        signed() | {"x-sepay-signature": "sha256=\udcff"},
        signed() | {"x-sepay-timestamp": "now"},
        signed() | {"x-sepay-timestamp": "1_795_316_400"},
        signed() | {"x-sepay-timestamp": "٣"},
        signed() | {"x-sepay-timestamp": "9" * 400},
        signed() | {"x-sepay-timestamp": "-1"},
        signed() | {"x-sepay-timestamp": ""},
        signed(secret="another-secret"),
        {"authorization": f"Apikey {SECRET}"},
    ],
)
def test_a_missing_wrong_or_broken_signature_does_not_count(headers: dict[str, str]) -> None:
    assert not authentic(SAMPLE_BODY, headers)


def test_an_empty_list_of_secrets_lets_nobody_in() -> None:
    assert not authentic(SAMPLE_BODY, signed(secret=""), secrets=())


def test_while_a_secret_is_replaced_both_count() -> None:
    both = ("the-new-secret", SECRET)

    assert authentic(SAMPLE_BODY, signed(), secrets=both)
    assert authentic(SAMPLE_BODY, signed(secret="the-new-secret"), secrets=both)
    assert not authentic(SAMPLE_BODY, signed(secret="a-third-secret"), secrets=both)


@pytest.mark.parametrize("value", [f"Apikey {SECRET}", f"apikey {SECRET}", f"APIKEY  {SECRET} "])
def test_a_key_proves_a_feed_that_uses_keys(value: str) -> None:
    assert authentic(SAMPLE_BODY, {"authorization": value}, auth="api_key")


@pytest.mark.parametrize(
    "value", ["", "Apikey", "Apikey ", SECRET, f"Bearer {SECRET}", f"Apikey {SECRET}x", "Apikey ộ"]
)
def test_another_key_or_scheme_proves_nothing(value: str) -> None:
    assert not authentic(SAMPLE_BODY, {"authorization": value}, auth="api_key")
    assert not authentic(SAMPLE_BODY, signed(), auth="api_key")


# --- What it says ---------------------------------------------------------------------------------


def test_the_published_sample_is_read_field_by_field() -> None:
    reported = read_body(SAMPLE_BODY)

    assert reported.provider_tx_id == "92704"
    assert reported.transfer.direction is Direction.IN
    assert reported.transfer.amount == 2_277_000
    assert reported.transfer.accounts == ("0123499999",)
    assert reported.transfer.content == "chuyen tien mua iphone"
    assert reported.transfer.provider_codes == ()
    assert reported.bank_reference == "MBVCB.3278907687"
    assert reported.happened_at == datetime(2023, 3, 25, 7, 2, 37, tzinfo=UTC)  # 14:02:37 in Vietnam
    assert reported.doubt == ""


def test_the_pretend_bank_writes_what_the_adapter_reads() -> None:
    notice = sepay_notice(
        secret=SECRET,
        auth="api_key",
        account_number="CHO40DEMO0001",
        amount_vnd=60_000,
        content="OCZ2222222222",
        notice_id=7,
        now=NOW,
    )
    reported = read_body(notice.body)

    assert authentic(notice.body, {"authorization": notice.headers["Authorization"]}, auth="api_key")
    assert (reported.provider_tx_id, reported.transfer.amount, reported.happened_at) == ("7", 60_000, NOW)
    assert reported.transfer.accounts == ("CHO40DEMO0001",)


def test_a_virtual_account_and_the_providers_own_code_are_read() -> None:
    reported = read(subAccount="VQRQ 0001-abcd", code="OCZ2222222222")

    assert reported.transfer.accounts == ("0123499999", "VQRQ0001ABCD")
    assert reported.transfer.provider_codes == ("OCZ2222222222",)


def test_an_empty_content_is_made_up_for_by_the_description() -> None:
    assert read(content="", description="OCZ2222222222").transfer.content == "OCZ2222222222"
    assert read(content="first", description="second").transfer.content == "first"


@pytest.mark.parametrize(
    ("value", "dong"),
    [
        (1, 1),
        (2277000.0, 2_277_000),
        ("2277000", 2_277_000),
        (" 2277000.00 ", 2_277_000),
        (0, 0),
        (-5000, -5000),
        (9_999_999_999_999, 9_999_999_999_999),
    ],
)
def test_an_amount_is_whole_dong_however_it_is_written(value: object, dong: int) -> None:
    reported = read(transferAmount=value)

    assert (reported.transfer.amount, reported.doubt) == (dong, "")


@pytest.mark.parametrize(("value", "dong"), [(2277000.5, 2_277_000), ("0.9", 0), (1e-9, 0)])
def test_a_part_of_a_dong_is_cut_off_and_doubted(value: object, dong: int) -> None:
    reported = read(transferAmount=value)

    assert (reported.transfer.amount, reported.doubt) == (dong, "amount_not_whole")


@pytest.mark.parametrize(
    "value",
    [
        ...,
        None,
        True,
        False,
        "",
        "abc",
        "1e9",
        "2.277.000",
        "٣٤",
        [],
        [1],
        {},
        {"amount": 1},
        10**13,
        -(10**13),
        10**4000,
        1e300,
        "9" * 41,
    ],
)
def test_what_is_no_amount_is_refused(value: object) -> None:
    with pytest.raises(NotItsShape):
        read(transferAmount=value)


@pytest.mark.parametrize("value", [..., None, True, 1, "", "both", "inout", [], {}])
def test_what_is_neither_in_nor_out_is_refused(value: object) -> None:
    with pytest.raises(NotItsShape):
        read(transferType=value)


@pytest.mark.parametrize("value", ["OUT", " out ", "Out"])
def test_outgoing_is_read_in_any_case(value: str) -> None:
    assert read(transferType=value).transfer.direction is Direction.OUT


@pytest.mark.parametrize("value", [..., None, "", " - ", True, [], {}, 1.5, "ộ"])
def test_a_notice_that_names_no_account_is_refused(value: object) -> None:
    with pytest.raises(NotItsShape):
        read(accountNumber=value, subAccount=...)


def test_an_account_may_be_a_number_and_grouped_and_is_cut_to_what_can_be_compared() -> None:
    assert read(accountNumber=123499999).transfer.accounts == ("123499999",)
    assert read(accountNumber="0123 499-999").transfer.accounts == ("0123499999",)
    assert read(accountNumber="9" * 5000).transfer.accounts == ("9" * 40,)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (92704, "92704"),
        ("92704", "92704"),
        (" 92704\u0000", "92704"),
        (92704.0, "92704"),
        (0, "0"),
        (-1, "-1"),
        (1.5, "1.5"),
        ("a-b-c", "a-b-c"),
    ],
)
def test_an_id_of_any_kind_is_kept_as_text(value: object, kept: str) -> None:
    assert read(id=value).provider_tx_id == kept


def test_long_ids_stay_different_ids() -> None:
    one, other = read(id="x" * 5000 + "1").provider_tx_id, read(id="x" * 5000 + "2").provider_tx_id

    assert one != other
    assert len(one) == len(other) == 71
    assert read(id=10**200).provider_tx_id.startswith("sha256:")
    assert len(read_body(SAMPLE_BODY.replace(b"92704", b"1e999999")).provider_tx_id) <= 100


@pytest.mark.parametrize("value", [..., None, "", " ", True, [], {}, "\u0000"])
def test_without_an_id_reference_direction_amount_and_account_stand_for_it(value: object) -> None:
    first = read(id=value).provider_tx_id

    assert first.startswith("sha256:")
    assert read(id=value, content="other words").provider_tx_id == first
    assert read(id=value, transferAmount=2_277_001).provider_tx_id != first
    assert read(id=value, referenceCode="MBVCB.1").provider_tx_id != first
    assert read(id=value, accountNumber="1").provider_tx_id != first


def test_without_id_and_reference_the_body_itself_stands_for_it() -> None:
    first = read(id=None, referenceCode="").provider_tx_id

    assert read(id=None, referenceCode="").provider_tx_id == first
    assert read(id=None, referenceCode="", content="other words").provider_tx_id != first


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("a\u0000b\u0007c\u001fd", "a b c d"),
        ("  a \n\t b  ", "a b"),
        ("\ud800a\udfff", "a"),
        ("mie\u0302\u0301n", "miến"),
        (12345, "12345"),
        (None, ""),
        (True, ""),
        (["a"], ""),
        (1.5, ""),
        ("x" * 5000, "x" * 4096),
    ],
)
def test_words_are_kept_as_one_clean_line(value: object, kept: str) -> None:
    assert read(content=value).transfer.content == kept
    assert read(referenceCode=value).bank_reference == kept[:100]


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-22 09:30:00", datetime(2026, 11, 22, 2, 30, tzinfo=UTC)),
        ("2026-11-22T09:30:00", datetime(2026, 11, 22, 2, 30, tzinfo=UTC)),
        ("2026-11-22T02:30:00Z", datetime(2026, 11, 22, 2, 30, tzinfo=UTC)),
        (" 2026-11-22 09:30:00 ", datetime(2026, 11, 22, 2, 30, tzinfo=UTC)),
        ("2026-11-23 09:59:59", datetime(2026, 11, 23, 2, 59, 59, tzinfo=UTC)),
    ],
)
def test_a_time_without_zone_is_vietnams(value: str, moment: datetime) -> None:
    assert read(transactionDate=value).happened_at == moment


@pytest.mark.parametrize(
    "value",
    [
        ...,
        None,
        "",
        "yesterday",
        "2026-02-30 10:00:00",
        "0001-01-01 00:00:00",
        "9999-12-31 23:59:59",
        "9999-12-31T23:59:59-12:00",
        "2026-11-24 10:00:00",
        "1999-12-31 10:00:00",
        1700000000,
        True,
        [],
        "2026-11-22 25:00:00",
    ],
)
def test_money_of_an_impossible_date_counts_on_the_day_it_was_told_of(value: object) -> None:
    assert read(transactionDate=value).happened_at == NOW


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"null",
        b"[]",
        b"1",
        b'"text"',
        b"{}",
        b"\xff\xfe{}",
        b'{"id": 1}',
        SAMPLE_BODY + b"x",
        SAMPLE_BODY[:-1],
        b"transferAmount=1&transferType=in",
        SAMPLE_BODY.replace(b"2277000", b"NaN"),
        SAMPLE_BODY.replace(b"2277000", b"Infinity"),
        SAMPLE_BODY.replace(b"2277000", b"1e99999999999999999999999"),
        SAMPLE_BODY.replace(b"2277000", b"1e999999999"),
        SAMPLE_BODY.replace(b"2277000", b"-1e999999999"),
        SAMPLE_BODY.replace(b"2277000", b"9" * 5000),
        SAMPLE_BODY.replace(b'"code":null', b'"transferAmount":1'),
        SAMPLE_BODY.replace(b"null", b"[" * 30_000 + b"]" * 30_000, 1),
        b"[" * 65_536,
        b'{"a":' * 13_000,
    ],
)
def test_what_is_not_json_or_not_the_shape_is_refused(body: bytes) -> None:
    with pytest.raises(NotItsShape):
        SePay().read(body, now=NOW)
