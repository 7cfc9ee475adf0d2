"""VietQR.vn's tokens and notices: whose they are, and what they say."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from payments.matching import Direction
from payments.models import CODE_HINT_CHARACTERS_MAX
from payments.pretend_bank import notice_of, token_request
from payments.providers.base import Credentials, NotItsShape, Reported
from payments.providers.vietqrvn import TOKEN_S, VietQRVN, new_token, password_shown

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
SECRET = "a-secret-of-the-tests"
FEED = "7d0f6d1e-6f0b-4c39-9a43-0d9a8a2f5a11"
OTHER_FEED = "00000000-0000-0000-0000-000000000001"
FIELDS: dict[str, Any] = {
    "bankaccount": "0123499999",
    "amount": 60_000,
    "transType": "C",
    "content": "OCZ2222222222 chuyen tien",
    "transactionid": "tx-1",
    "transactiontime": 1_795_316_400_000,
    "referencenumber": "FT26326000001",
    "orderId": "",
    "terminalCode": "",
    "subTerminalCode": "",
    "serviceCode": "",
    "urlLink": "",
    "sign": "b64",
}


def credentials(*secrets: str, feed: str = FEED) -> Credentials:
    return Credentials(auth="basic", secrets=secrets or (SECRET,), username="cho40-1", feed_id=feed)


def authentic(authorization: str, *, now: datetime = NOW, **more: Any) -> bool:
    headers = {"authorization": authorization}
    return VietQRVN().is_authentic(b"{}", headers, credentials=more.get("known", credentials()), now=now)


def read(**changes: Any) -> Reported:
    """What is read of the sample with some fields changed; a field set to `...` is left out."""
    fields = {name: value for name, value in (FIELDS | changes).items() if value is not ...}
    (reported,) = VietQRVN().read(json.dumps(fields).encode(), now=NOW)
    return reported


def basic(text: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


TOKEN = new_token(SECRET, FEED, now=NOW)


# --- Who gets a token -----------------------------------------------------------------------------


def test_name_and_password_together_are_shown_and_the_password_that_fits_is_named() -> None:
    both = credentials("the-new-secret", SECRET)

    assert password_shown(basic(f"cho40-1:{SECRET}"), credentials=both) == SECRET
    assert password_shown(basic("cho40-1:the-new-secret"), credentials=both) == "the-new-secret"
    asked = token_request(username="cho40-1", secret=SECRET)
    headers = {name.lower(): value for name, value in asked.headers.items()}
    assert password_shown(headers, credentials=both) == SECRET


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Basic"},
        {"authorization": "Basic !!!"},
        {"authorization": "Basic ộ"},
        {"authorization": "Basic " + base64.b64encode(b"\xff\xfe:x").decode()},
        {"authorization": f"Bearer {TOKEN}"},
        {"authorization": "Bearer " + base64.b64encode(f"cho40-1:{SECRET}".encode()).decode()},
        basic(""),
        basic("cho40-1"),
        basic("cho40-1:"),
        basic(f"cho40-2:{SECRET}"),
        basic(f":{SECRET}"),
        basic(f"cho40-1:{SECRET}x"),
        basic(f"cho40-1:{SECRET[:-1]}"),
        basic(f"cho40-1: {SECRET}"),
    ],
)
def test_a_wrong_name_or_password_shows_nothing(headers: dict[str, str]) -> None:
    assert password_shown(headers, credentials=credentials()) is None


# --- Whose notice it is ---------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0, 1, TOKEN_S])
def test_a_token_counts_for_300_seconds(seconds: int) -> None:
    assert authentic(f"Bearer {TOKEN}", now=NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-1, TOKEN_S + 1, 86_400])
def test_a_token_counts_neither_longer_nor_before_it_was_made(seconds: int) -> None:
    assert not authentic(f"Bearer {TOKEN}", now=NOW + timedelta(seconds=seconds))


def test_a_token_is_its_feeds_own() -> None:
    assert not authentic(f"Bearer {new_token(SECRET, OTHER_FEED, now=NOW)}")
    assert not authentic(f"Bearer {TOKEN}", known=credentials(feed=OTHER_FEED))


def test_a_token_of_a_password_that_no_longer_counts_is_worth_nothing() -> None:
    assert authentic(f"Bearer {TOKEN}", known=credentials("the-new-secret", SECRET))
    assert not authentic(f"Bearer {TOKEN}", known=credentials("the-new-secret"))


def longer(token: str) -> str:
    expires, _, mac = token.partition(".")
    return f"{int(expires) + 1}.{mac}"


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Bearer",
        "Bearer ",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}0",
        f"Bearer {TOKEN[:-1]}{'0' if TOKEN[-1] != '0' else '1'}",
        f"Bearer {longer(TOKEN)}",
        f"Bearer {TOKEN.replace('.', '')}",
        "Bearer " + "9" * 400 + "." + "0" * 64,
        f"Bearer {SECRET}",
        "Bearer ộ",
    ],
)
def test_what_is_no_token_of_ours_does_not_count(value: str) -> None:
    assert not authentic(value)
    assert not VietQRVN().is_authentic(b"{}", {}, credentials=credentials(), now=NOW)


# --- What it says ---------------------------------------------------------------------------------


def test_the_fields_are_read() -> None:
    reported = read()

    assert (reported.provider_tx_id, reported.bank_reference) == ("tx-1", "FT26326000001")
    assert (reported.transfer.direction, reported.transfer.amount) == (Direction.IN, 60_000)
    assert reported.transfer.accounts == ("0123499999",)
    assert reported.transfer.content == "OCZ2222222222 chuyen tien"
    assert (reported.transfer.provider_codes, reported.transfer.is_test, reported.doubt) == ((), False, "")
    assert reported.happened_at == NOW


def test_both_spellings_say_the_same() -> None:
    spelled = {
        "bankAccount": "0123499999",
        "amount": "60000",
        "transType": "c",
        "content": FIELDS["content"],
        "transactionId": "tx-1",
        "transactionTime": 1_795_316_400_000,
        "referenceNumber": "FT26326000001",
    }

    (reported,) = VietQRVN().read(json.dumps(spelled).encode(), now=NOW)

    assert reported == read()


def test_two_spellings_that_contradict_each_other_are_refused() -> None:
    assert read(bankAccount="0123499999") == read()
    with pytest.raises(NotItsShape):
        read(bankAccount="1")


def test_the_order_number_that_it_brings_back_is_a_code_it_read() -> None:
    assert read(orderId="OCZ2222222222").transfer.provider_codes == ("OCZ2222222222",)


@pytest.mark.parametrize(("value", "direction"), [("C", Direction.IN), (" d ", Direction.OUT), ("D", Direction.OUT)])
def test_credit_came_in_and_debit_went_out(value: str, direction: Direction) -> None:
    assert read(transType=value).transfer.direction is direction


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1_795_316_400, NOW),
        ("1795316400", NOW),
        ("1795316400000", NOW),
        (1_795_316_400_500, NOW + timedelta(milliseconds=500)),
        (1_795_312_800, NOW - timedelta(hours=1)),
        ("1795312800000", NOW - timedelta(hours=1)),
        ("2026-11-22 09:30:00", datetime(2026, 11, 22, 2, 30, tzinfo=UTC)),
        (99_999_999_999_999, NOW),
        (1, NOW),
        (0, NOW),
        (-1_795_316_400, NOW),
        ("9" * 30, NOW),
        (None, NOW),
        (True, NOW),
        ([], NOW),
        (100_000_000, NOW),
    ],
)
def test_a_moment_may_be_seconds_milliseconds_or_a_date(value: object, moment: datetime) -> None:
    assert read(transactiontime=value).happened_at == moment


@pytest.mark.parametrize("value", [..., None, "", {}])
def test_without_an_id_its_likeness_stands_for_it(value: object) -> None:
    first = read(transactionid=value).provider_tx_id

    assert first.startswith("sha256:")
    assert read(transactionid=value, content="other words").provider_tx_id == first
    for other in ({"amount": 1}, {"referencenumber": "X"}, {"bankaccount": "1"}, {"transType": "D"}):
        assert read(transactionid=value, **other).provider_tx_id != first
    bare = read(transactionid=value, referencenumber="").provider_tx_id
    assert read(transactionid=value, referencenumber="", content="other words").provider_tx_id != bare


def test_a_part_of_a_dong_is_doubted() -> None:
    assert read(amount="60000.4").doubt == "amount_not_whole"


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": ...},
        {"amount": "abc"},
        {"transType": ...},
        {"transType": "X"},
        {"transType": ["C"]},
        {"bankaccount": ...},
        {"bankaccount": "-"},
    ],
)
def test_a_body_that_does_not_say_what_moved_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(NotItsShape):
        read(**changes)


def test_it_is_answered_in_its_own_envelope() -> None:
    assert VietQRVN().answer([read()]) == {
        "error": False,
        "errorReason": "000",
        "toastMessage": "",
        "object": {"reftransactionid": "tx-1"},
    }
    assert VietQRVN().refusal("not_authentic", message="Không đúng.") == {
        "error": True,
        "errorReason": "not_authentic",
        "toastMessage": "Không đúng.",
        "object": None,
    }


def test_the_pretend_bank_writes_what_the_adapter_reads() -> None:
    notice = notice_of(
        "vietqrvn",
        secret=SECRET,
        auth="basic",
        account_number="CHO40DEMO0001",
        amount_vnd=60_000,
        content="OCZ2222222222",
        notice_id=7,
        now=NOW,
        is_incoming=False,
        token=TOKEN,
    )
    (reported,) = VietQRVN().read(notice.body, now=NOW)

    assert notice.path == "bank/api/transaction-sync"
    assert authentic(notice.headers["Authorization"])
    assert (reported.provider_tx_id, reported.happened_at, reported.bank_reference) == ("7", NOW, "THU7")
    assert (reported.transfer.direction, reported.transfer.amount) == (Direction.OUT, 60_000)


def test_the_id_of_a_notice_without_one_is_the_hash_of_what_tells_transfers_apart() -> None:
    """Kept for ever, so it may never change: a notice sent again after an upgrade must be known again."""
    likeness = hashlib.sha256(b"FT26326000001\nc\n60000\n0123499999").hexdigest()
    assert read(transactionid=None).provider_tx_id == f"sha256:{likeness}"
    body = json.dumps(FIELDS | {"transactionid": "", "referencenumber": ""}).encode()
    (nameless,) = VietQRVN().read(body, now=NOW)
    assert nameless.provider_tx_id == f"sha256:{hashlib.sha256(body).hexdigest()}"


def test_what_is_too_long_is_cut_to_its_column() -> None:
    reported = read(content="x" * 5000, referencenumber="y" * 5000, orderId="z" * 5000)
    assert (reported.transfer.content, reported.bank_reference) == ("x" * 4096, "y" * 100)
    assert reported.transfer.provider_codes == ("z" * CODE_HINT_CHARACTERS_MAX,)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"transType": "X"}, "neither credit nor debit"),
        ({"bankAccount": "1"}, "a key comes twice"),
        ({"amount": "abc"}, "no amount"),
        ({"bankaccount": ...}, "no account"),
    ],
)
def test_a_refusal_says_what_the_notice_lacks(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(NotItsShape) as refusal:
        read(**changes)
    assert str(refusal.value) == words


def test_a_password_may_hold_a_colon_and_nothing_strange_in_its_header() -> None:
    known = credentials("a:b")
    header = basic("cho40-1:a:b")["authorization"]
    assert password_shown({"authorization": header}, credentials=known) == "a:b"
    assert password_shown({"authorization": f"{header[:10]}!{header[10:]}"}, credentials=known) is None


@pytest.mark.usefixtures("machine_in_new_york")
@pytest.mark.parametrize("value", [1_795_312_800, "1795312800000", "2026-11-22 09:00:00"])
def test_a_moment_is_the_same_wherever_the_machine_stands(value: object) -> None:
    assert read(transactiontime=value).happened_at == NOW - timedelta(hours=1)


def test_a_token_is_its_end_and_a_seal_over_feed_and_end_under_the_feeds_secret() -> None:
    seal = hmac.new(SECRET.encode(), f"market40 token of a feed\n{FEED}\n1795316700".encode(), "sha256").hexdigest()
    token = new_token(SECRET, FEED, now=NOW)
    assert token == f"1795316700.{seal}"
    assert authentic(f"Bearer {token}", now=NOW + timedelta(seconds=300))
