"""SePay's notices: in which words one is refused, and what is kept of it at the bounds."""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from payments.models import CODE_HINT_CHARACTERS_MAX
from payments.providers.base import NotItsShape
from payments.providers.sepay import SePay
from payments.providers.signing import credential
from tests.payments.test_sepay import NOW, SAMPLE, SAMPLE_BODY, read, read_body

# --- In which words it refuses, and what is kept at the bounds ------------------------------------


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"transferAmount": None}, "no amount"),
        ({"transferAmount": 10**13}, "no amount"),
        ({"transferType": "both"}, "neither in nor out"),
        ({"accountNumber": None}, "no account"),
    ],
)
def test_a_refusal_says_what_the_notice_lacks(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(NotItsShape) as refusal:
        read(**changes)
    assert str(refusal.value) == words


@pytest.mark.parametrize(
    ("body", "words", "cause"),
    [
        (b"[]", "not an object", "None"),
        (SAMPLE_BODY.replace(b"19077000", b"NaN"), "not JSON", "NaN is not JSON"),
        (SAMPLE_BODY.replace(b"19077000", b"-Infinity"), "not JSON", "-Infinity is not JSON"),
        (SAMPLE_BODY.replace(b"19077000", b"1e99999999999999999999999"), "not JSON", "a number beyond reason"),
        (SAMPLE_BODY.replace(b'"code":null', b'"id":1'), "not JSON", "a key comes twice"),
    ],
)
def test_what_is_not_json_is_refused_wherever_it_stands_and_the_log_says_why(
    body: bytes, words: str, cause: str
) -> None:
    with pytest.raises(NotItsShape) as refusal:
        SePay().read(body, now=NOW)
    assert (str(refusal.value), str(refusal.value.__cause__)) == (words, cause)


def test_a_byte_order_mark_before_the_body_is_no_harm() -> None:
    assert read_body(b"\xef\xbb\xbf" + SAMPLE_BODY) == read_body(SAMPLE_BODY)


def sha256(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def test_the_id_of_a_notice_without_one_is_the_hash_of_what_tells_transfers_apart() -> None:
    """Kept for ever, so it may never change: a notice sent again after an upgrade must be known again."""
    assert read(id=None, transferType=" In ", subAccount="VA 01").provider_tx_id == sha256(
        "MBVCB.3278907687\nin\n2277000\n0123499999\nva 01"
    )
    assert read(id=None, accountNumber="0123\ud800").provider_tx_id == sha256(
        "MBVCB.3278907687\nin\n2277000\n0123?\nnone"
    )
    body = json.dumps(SAMPLE | {"id": None, "referenceCode": ""})
    assert read_body(body.encode()).provider_tx_id == sha256(body)


def test_an_id_is_kept_as_it_is_up_to_100_characters_and_as_its_hash_beyond() -> None:
    assert read(id="x" * 100).provider_tx_id == "x" * 100
    assert read(id="x" * 101).provider_tx_id == sha256("x" * 101)
    assert read(id="x" * 65_537).provider_tx_id == sha256("x" * 65_536)


def test_a_whole_number_of_up_to_18_digits_is_an_id_without_a_point() -> None:
    assert read_body(SAMPLE_BODY.replace(b"92704", b"9.5e17")).provider_tx_id == "950000000000000000"
    assert read_body(SAMPLE_BODY.replace(b"92704", b"1e18")).provider_tx_id == "1E+18"


def test_an_account_is_read_from_the_first_160_characters_written() -> None:
    assert read(accountNumber=f"1{'-' * 158}2").transfer.accounts == ("12",)
    assert read(accountNumber=f"1{'-' * 159}2").transfer.accounts == ("1",)


def test_words_that_are_too_long_are_cut_to_their_columns() -> None:
    assert read(content="", description="x" * 5000).transfer.content == "x" * 4096
    assert read(code="x" * 5000).transfer.provider_codes == ("x" * CODE_HINT_CHARACTERS_MAX,)


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2000-01-01 07:00:00", datetime(2000, 1, 1, tzinfo=UTC)),
        ("2000-01-01 06:59:59", NOW),
        ("2026-11-23 10:00:00", NOW + timedelta(days=1)),
        ("2026-11-23 10:00:01", NOW),
    ],
)
def test_a_date_counts_from_the_year_2000_until_a_day_ahead(value: str, moment: datetime) -> None:
    happened = read(transactionDate=value).happened_at
    assert (happened, happened.tzinfo) == (moment, UTC)


@pytest.mark.usefixtures("machine_in_new_york")
def test_a_time_without_zone_is_vietnams_wherever_the_machine_stands() -> None:
    assert read(transactionDate="2026-11-22 09:30:00").happened_at == datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def test_a_header_under_another_scheme_carries_nothing() -> None:
    assert credential({"authorization": "Apikey  a b "}, scheme="apikey") == "a b"
    assert credential({"authorization": "Bearer a"}, scheme="Apikey") == ""
    assert credential({}, scheme="Apikey") == ""


def test_sepay_is_told_that_a_notice_is_kept_or_why_not() -> None:
    assert SePay().answer([read()]) == {"success": True}
    assert SePay().refusal("not_authentic", message="Không đúng.") == {"success": False, "reason": "not_authentic"}
