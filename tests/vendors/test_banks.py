"""The bank table: the right BIN for the right bank, and account numbers that can exist."""

from __future__ import annotations

import re

import pytest

from vendors.banks import InvalidAccountNumber, UnknownBank, all_banks, bank_by_bin, check_account_number

BINS = {
    "970400": "SaigonBank",
    "970403": "Sacombank",
    "970405": "Agribank",
    "970406": "Vikki Bank",
    "970407": "Techcombank",
    "970414": "MBV",
    "970415": "VietinBank",
    "970416": "ACB",
    "970418": "BIDV",
    "970422": "MBBank",
    "970423": "TPBank",
    "970426": "MSB",
    "970432": "VPBank",
    "970436": "Vietcombank",
    "970437": "HDBank",
    "970441": "VIB",
    "970443": "SHB",
    "970446": "COOPBANK",
    "970448": "OCB",
    "970449": "LPBank",
    "970454": "BVBank",
    "970456": "IBKHCM",
    "970462": "KookminHN",
    "546034": "CAKE",
    "546035": "Ubank",
    "963369": "Liobank",
    "963388": "Timo",
    "971005": "ViettelMoney",
    "971011": "VNPTMoney",
    "971025": "MoMo",
    "999888": "VBSP",
}


@pytest.mark.parametrize(("bin_", "short_name"), BINS.items())
def test_a_bin_names_its_bank(bin_: str, short_name: str) -> None:
    assert bank_by_bin(bin_).short_name == short_name


def test_the_table_has_71_banks_each_bin_once_and_42_can_pay_by_scanning() -> None:
    banks = all_banks()
    assert len(banks) == len({bank.bin for bank in banks}) == 71
    assert sum(bank.transfer_supported is True for bank in banks) == 42
    assert [bank.bin for bank in banks] == sorted(bank.bin for bank in banks)


def test_every_row_is_whole_and_says_where_it_is_from() -> None:
    for bank in all_banks():
        assert re.fullmatch("[0-9]{6}", bank.bin)
        assert bank.code
        assert bank.short_name
        assert bank.name
        assert bank.sources
        assert bank.kind in {"bank", "digital_bank", "finance_company", "mobile_money", "e_wallet"}


def test_every_swift_code_is_a_vietnamese_one() -> None:
    codes = [bank.swift for bank in all_banks() if bank.swift is not None]
    assert codes
    assert [code for code in codes if not re.fullmatch("[A-Z]{4}VN[0-9A-Z]{2}", code)] == []
    assert bank_by_bin("970414").swift is None


def test_where_the_sources_disagree_the_row_says_so() -> None:
    disputed = {bank.bin for bank in all_banks() if bank.transfer_supported_disputed}
    assert disputed == {"422589", "970406", "970457"}


def test_a_renamed_bank_is_still_known_by_its_old_name() -> None:
    assert bank_by_bin("970449").former_name == "LienVietPostBank"
    assert bank_by_bin("970436").former_name is None


@pytest.mark.parametrize("bin_", ["", "970488", "970461", "97043", "9704366", " 970436", "VCB", "９７０４３６"])
def test_a_bin_that_no_bank_has_is_refused(bin_: str) -> None:
    with pytest.raises(UnknownBank) as refusal:
        bank_by_bin(bin_)
    assert refusal.value.status == 400


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1017588888", "1017588888"),
        (" 1017 588 888 ", "1017588888"),
        ("1017\u00a0588\u202f888", "1017588888"),
        ("v3casLHRE4GFPY5", "V3CASLHRE4GFPY5"),
        ("cho40demo0001", "CHO40DEMO0001"),
        ("9704368625581601018", "9704368625581601018"),
        ("0", "0"),
    ],
)
def test_an_account_number_is_kept_as_the_bank_writes_it(typed: str, kept: str) -> None:
    assert check_account_number("970436", typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "97043686255816010180",
        "1017-588-888",
        "1017588888\n",
        "1017\x00588",
        "１０１７５８８８８８",
        "١٠١٧",
        "straße",
        "đ123",
        "ı23",
    ],
)
def test_an_account_number_that_no_bank_writes_is_refused(typed: str) -> None:
    with pytest.raises(InvalidAccountNumber):
        check_account_number("970436", typed)


def test_control_upper_case_alone_would_make_another_account_of_foreign_letters() -> None:
    assert re.fullmatch("[0-9A-Z]{1,19}", "straße".upper())


def test_an_account_at_no_bank_is_refused() -> None:
    with pytest.raises(UnknownBank):
        check_account_number("970488", "1017588888")


@pytest.mark.parametrize(
    ("bin_", "account"),
    [
        ("971005", "0912345678"),
        ("971011", "0912 345 678"),
        ("971025", "PSP0123456789"),
        ("970454", "99MM24011M34875080"),
        ("970454", "1234567"),
    ],
)
def test_a_wallets_account_has_the_wallets_shape(bin_: str, account: str) -> None:
    assert check_account_number(bin_, account) == account.replace(" ", "")


@pytest.mark.parametrize(
    ("bin_", "account"), [("971005", "1912345678"), ("971011", "09123"), ("971025", "0912345678")]
)
def test_an_account_that_a_wallet_cannot_have_is_refused(bin_: str, account: str) -> None:
    with pytest.raises(InvalidAccountNumber):
        check_account_number(bin_, account)
