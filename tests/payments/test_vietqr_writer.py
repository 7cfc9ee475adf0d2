"""Writing VietQR codes: the golden bytes, and nothing that some bank's app would misread."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vietnam_qr_pay import QRPay, VietQRService

from marketplace.core.errors import MarketError
from marketplace.core.payment_codes import code_from_number, memo
from payments.vietqr.crc import crc_of
from payments.vietqr.fields import join_field
from payments.vietqr.reader import read_vietqr
from payments.vietqr.writer import (
    TO_CARD,
    AmountOverTransferLimit,
    InvalidAmount,
    InvalidCardNumber,
    InvalidMemo,
    InvalidService,
    write_vietqr,
)
from tests.payments.vietqr_codes import GOLDEN, STRICT_ONLY
from vendors.banks import InvalidAccountNumber, UnknownBank, all_banks

GOLDEN_WITHOUT_AMOUNT = "00020101021138540010A00000072701240006970436011010175888880208QRIBFTTA53037045802VN630444E7"

PAID = {"bin": "970436", "account": "1017588888", "amount": 150_000, "memo": "SUBK7M2QX"}


def written(**changes: Any) -> str:
    return write_vietqr(**(PAID | changes))


def test_the_golden_code_is_written_byte_for_byte() -> None:
    assert written() == GOLDEN


def test_without_an_amount_the_code_serves_many_payments() -> None:
    assert written(amount=None, memo=None) == GOLDEN_WITHOUT_AMOUNT


def test_a_transfer_to_a_card_names_its_service() -> None:
    code = write_vietqr(bin="970403", account="9704031101234567", service=TO_CARD)
    assert code == "00020101021138600010A00000072701300006970403011697040311012345670208QRIBFTTC53037045802VN63044F52"


@pytest.mark.parametrize("length", [16, 17, 18, 19])
def test_a_card_of_the_bank_is_written(length: int) -> None:
    code = read_vietqr(write_vietqr(bin="970436", account="970436" + "8" * (length - 6), service=TO_CARD))
    assert (code.service, code.bin, len(code.account or "")) == ("QRIBFTTC", "970436", length)


@pytest.mark.parametrize(
    "number",
    ["970436123456789", "97043612345678901234", "9704031101234567", "9704361234A67890", "", "4111111111111111"],
)
def test_a_number_that_is_no_card_of_the_bank_is_refused(number: str) -> None:
    with pytest.raises(InvalidAccountNumber) as refusal:
        write_vietqr(bin="970436", account=number, service=TO_CARD)
    assert refusal.value.field == "account"
    assert number in {"", "97043612345678901234"} or isinstance(refusal.value, InvalidCardNumber)


def test_control_the_same_number_is_an_account_all_the_same() -> None:
    assert read_vietqr(write_vietqr(bin="970436", account="9704361234A67890")).account == "9704361234A67890"


def test_the_check_sum_is_crc_16_ccitt_false_in_four_upper_case_digits() -> None:
    assert crc_of("123456789") == "29B1"
    codes = [written(amount=amount) for amount in range(1, 400)]
    assert any(code[-4] == "0" for code in codes)
    assert all(code[-4:] == code[-4:].upper() and len(read_vietqr(code).crc) == 4 for code in codes)


def test_an_order_code_behind_a_memo_prefix_fits() -> None:
    code = code_from_number(12345)
    assert read_vietqr(written(memo=memo(code, "SEVQR"))).purpose == f"SEVQR{code}"


@pytest.mark.parametrize("amount", [0, -1, 1.5, 150000.0, "150000", True, float("nan"), 10**30 * -1])
def test_an_amount_that_is_no_positive_whole_number_is_refused(amount: Any) -> None:
    with pytest.raises(InvalidAmount) as refusal:
        written(amount=amount)
    assert not isinstance(refusal.value, AmountOverTransferLimit)


@pytest.mark.parametrize("amount", [500_000_000, 500_000_001, 10**13, 10**100])
def test_an_amount_that_fast_transfer_does_not_carry_is_refused(amount: int) -> None:
    with pytest.raises(AmountOverTransferLimit, match=r"NAPAS247 phải dưới 500\.000\.000"):
        written(amount=amount)


@pytest.mark.parametrize("amount", [1, 499_999_999])
def test_the_least_and_the_greatest_amount_are_written(amount: int) -> None:
    assert read_vietqr(written(amount=amount)).amount == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A" * 20,
        "subk7m2qx",
        "SUBK 7M2",
        "SUBK-7",
        "ĐH1",
        "AB\nCD",
        "SUBK7M2QX\n",
        "AB\x00",
        "１２",
        "***",
    ],
)
def test_a_memo_that_banks_would_change_is_refused(text: str) -> None:
    with pytest.raises(InvalidMemo):
        written(memo=text)


@pytest.mark.parametrize(
    "account", ["", "1" * 20, "1017 588888", "v3cas", "1017588888\n", "１０１７", "99MM-1", "Đ1", "1\x00"]
)
def test_an_account_that_is_not_normalised_is_refused(account: str) -> None:
    with pytest.raises(InvalidAccountNumber):
        written(account=account)


@pytest.mark.parametrize("bin_", ["", "970488", "97043", "9704360", "97O436", "９７０４３６"])
def test_a_bank_that_is_not_in_the_table_is_refused(bin_: str) -> None:
    with pytest.raises(UnknownBank):
        written(bin=bin_)


@pytest.mark.parametrize("service", ["", "QRPUSH", "QRCASH", "qribftta", "QRIBFTTA "])
def test_a_service_that_moves_no_money_to_an_account_is_refused(service: str) -> None:
    with pytest.raises(InvalidService):
        written(service=service)


@pytest.mark.parametrize("vector", STRICT_ONLY, ids=lambda vector: vector["id"])
def test_what_only_lenient_readers_take_cannot_be_written(vector: dict[str, Any]) -> None:
    read = read_vietqr(vector["payload"])
    amount = int(read.amount_text) if read.amount_text else None
    assert read.bin is not None
    assert read.account is not None
    try:
        code = write_vietqr(bin=read.bin, account=read.account, amount=amount, memo=read.purpose)
    except MarketError:
        return
    assert code != vector["payload"]
    assert read_vietqr(code).warnings == ()


def test_a_field_can_be_neither_empty_nor_longer_than_its_length_can_say() -> None:
    assert join_field("62", "A" * 99) == "6299" + "A" * 99
    for value in ("", "A" * 100):
        with pytest.raises(ValueError, match="field 62"):
            join_field("62", value)


bins = st.sampled_from([bank.bin for bank in all_banks()])
accounts = st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=19)
amounts = st.none() | st.integers(min_value=1, max_value=499_999_999)
memos = st.none() | st.text("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=1, max_size=19)
cards = st.tuples(bins, st.text("0123456789", min_size=10, max_size=13)).map("".join)
receivers = st.tuples(bins, accounts, st.just(VietQRService.BY_ACCOUNT_NUMBER)) | cards.map(
    lambda number: (number[:6], number, VietQRService.BY_CARD_NUMBER)
)


@settings(deadline=None, derandomize=True, max_examples=300)
@given(receivers, amounts, memos)
def test_good_input_gives_the_bytes_that_another_writer_gives_and_reads_back_whole(
    receiver: tuple[str, str, VietQRService], amount: int | None, text: str | None
) -> None:
    bin_, account, service = receiver
    code = write_vietqr(bin=bin_, account=account, amount=amount, memo=text, service=service.value)

    theirs = QRPay.init_viet_qr(
        bank_bin=bin_,
        bank_number=account,
        amount=None if amount is None else str(amount),
        purpose=text,
        service=service,
    )
    assert code == theirs.build()
    read = read_vietqr(code)
    assert (read.bin, read.account, read.amount, read.purpose, read.service, read.warnings) == (
        bin_,
        account,
        amount,
        text,
        service.value,
        (),
    )
    assert (read.poi, code) == ("11" if amount is None else "12", code.upper())


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(max_size=8), st.text(max_size=22), st.integers(), st.text(max_size=22))
def test_whatever_is_typed_is_written_cleanly_or_refused(bin_: str, account: str, amount: int, text: str) -> None:
    try:
        code = write_vietqr(bin=bin_, account=account, amount=amount, memo=text)
    except MarketError:
        return
    assert read_vietqr(code).warnings == ()


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(max_size=22), st.integers(), st.text(max_size=22))
def test_whatever_is_typed_for_a_real_bank_is_written_cleanly_or_refused(
    account: str, amount: int, text: str
) -> None:
    try:
        code = written(account=account, amount=amount, memo=text)
    except MarketError:
        return
    assert read_vietqr(code).warnings == ()


ACCOUNT_SENTENCE = "Số tài khoản chỉ gồm chữ số và chữ cái không dấu, nhiều nhất 19 ký tự."
MEMO_SENTENCE = "Nội dung chuyển khoản chỉ gồm 1 đến 19 chữ in hoa không dấu và chữ số, không có dấu cách."


@pytest.mark.parametrize(
    ("changes", "kind", "field", "sentence"),
    [
        ({"bin": "970488"}, UnknownBank, "bin", "Chưa có ngân hàng nào mang mã này."),
        (
            {"service": "QRPUSH"},
            InvalidService,
            "service",
            "Mã VietQR chỉ dùng để chuyển tới tài khoản hoặc thẻ.",
        ),
        ({"account": "1017 588888"}, InvalidAccountNumber, "account", ACCOUNT_SENTENCE),
        ({"account": "1" * 20}, InvalidAccountNumber, "account", ACCOUNT_SENTENCE),
        (
            {"account": "970436123456789", "service": TO_CARD},
            InvalidCardNumber,
            "account",
            "Số thẻ gồm 16 đến 19 chữ số.",
        ),
        (
            {"account": "9704031101234567", "service": TO_CARD},
            InvalidCardNumber,
            "account",
            "Số thẻ này không phải của ngân hàng đã chọn.",
        ),
        ({"amount": 0}, InvalidAmount, "amount", "Số tiền phải là số nguyên (đồng), lớn hơn 0."),
        ({"amount": 1.5}, InvalidAmount, "amount", "Số tiền phải là số nguyên (đồng), lớn hơn 0."),
        (
            {"amount": 500_000_000},
            AmountOverTransferLimit,
            "amount",
            "Mỗi lần chuyển nhanh NAPAS247 phải dưới 500.000.000 đồng.",
        ),
        ({"memo": "SUBK 7M2"}, InvalidMemo, "memo", MEMO_SENTENCE),
        ({"memo": "A" * 20}, InvalidMemo, "memo", MEMO_SENTENCE),
    ],
)
def test_a_refusal_says_in_vietnamese_what_is_wrong_and_names_the_field(
    changes: dict[str, Any], kind: type[MarketError], field: str, sentence: str
) -> None:
    with pytest.raises(kind) as refusal:
        written(**changes)
    assert type(refusal.value) is kind
    assert (str(refusal.value), refusal.value.field) == (sentence, field)


@pytest.mark.parametrize("length", [1, 99])
def test_a_field_holds_1_to_99_characters(length: int) -> None:
    assert join_field("08", "A" * length) == f"08{length:02d}{'A' * length}"


@pytest.mark.parametrize("length", [0, 100])
def test_an_empty_field_or_one_of_100_characters_is_a_mistake_of_ours(length: int) -> None:
    with pytest.raises(ValueError, match=rf"^field 08 cannot hold {length} characters$"):
        join_field("08", "A" * length)
