"""The bank table: the right BIN for the right bank, and account numbers that can exist."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest
from vietnam_qr_pay.constants import BanksObject

from vendors.banks import (
    BankCannotReceive,
    InvalidAccountNumber,
    UnknownBank,
    all_banks,
    all_wallets,
    bank_by_bin,
    bank_that_receives,
    check_account_number,
    wallet_of,
)

BINS = {
    "422589": "CIMB",
    "458761": "HSBC",
    "533948": "Citibank",
    "546034": "CAKE",
    "546035": "Ubank",
    "668888": "KBank",
    "796500": "DBSBank",
    "801011": "Nonghyup",
    "963369": "Liobank",
    "963388": "Timo",
    "970400": "SaigonBank",
    "970403": "Sacombank",
    "970405": "Agribank",
    "970406": "Vikki Bank",
    "970407": "Techcombank",
    "970408": "GPBank",
    "970409": "BacABank",
    "970410": "StandardChartered",
    "970412": "PVcomBank",
    "970414": "MBV",
    "970415": "VietinBank",
    "970416": "ACB",
    "970418": "BIDV",
    "970419": "NCB",
    "970421": "VRB",
    "970422": "MBBank",
    "970423": "TPBank",
    "970424": "ShinhanBank",
    "970425": "ABBANK",
    "970426": "MSB",
    "970427": "VietABank",
    "970428": "NamABank",
    "970429": "SCB",
    "970430": "PGBank",
    "970431": "Eximbank",
    "970432": "VPBank",
    "970433": "VietBank",
    "970434": "IndovinaBank",
    "970436": "Vietcombank",
    "970437": "HDBank",
    "970438": "BaoVietBank",
    "970439": "PublicBank",
    "970440": "SeABank",
    "970441": "VIB",
    "970442": "HongLeong",
    "970443": "SHB",
    "970444": "CBBank",
    "970446": "COOPBANK",
    "970448": "OCB",
    "970449": "LPBank",
    "970452": "KienLongBank",
    "970454": "BVBank",
    "970455": "IBKHN",
    "970456": "IBKHCM",
    "970457": "Woori",
    "970458": "UnitedOverseas",
    "970459": "CIMBBank",
    "970460": "Vietcredit",
    "970462": "KookminHN",
    "970463": "KookminHCM",
    "970464": "TNEXFinance",
    "970465": "SINOPAC",
    "970466": "KEBHanaHCM",
    "970467": "KEBHANAHN",
    "970468": "MAFC",
    "970470": "MCredit",
    "971005": "ViettelMoney",
    "971011": "VNPTMoney",
    "971025": "MoMo",
    "977777": "MAFC",
    "999888": "VBSP",
}
"""Every row, once more and by hand: a slip in the table sends money to another bank."""
SBV_LIST = Path(__file__).parent / "data" / "sbv_bins.tsv"
WRONG_ELSEWHERE = {
    "970488": None,  # a package's BIDV
    "970461": None,  # another's VNPT Money
    "970402": None,  # its VBSP
    "970404": None,  # its VDB
    "970411": None,  # its ANZ
    "970456": "IBKHCM",  # its Viet Capital Bank
    "970462": "KookminHN",  # its TNEX
}
"""BINs that published lists give to banks which never had them, and whose they are."""


def sbv_list() -> dict[str, str]:
    """BIN and name, as the State Bank's letter has them."""
    rows = SBV_LIST.read_text(encoding="utf-8").splitlines()
    return dict(row.split("\t") for row in rows if not row.startswith("#"))


@pytest.mark.parametrize(("bin_", "short_name"), BINS.items())
def test_a_bin_names_its_bank(bin_: str, short_name: str) -> None:
    assert bank_by_bin(bin_).short_name == short_name


def test_no_row_is_missing_from_this_list() -> None:
    assert {bank.bin: bank.short_name for bank in all_banks()} == BINS


def test_the_9704_bins_are_those_of_the_state_banks_letter_each_with_its_bank() -> None:
    listed = sbv_list()
    rows = json.loads((files("vendors") / "data" / "banks.json").read_text(encoding="utf-8"))["banks"]

    assert len(listed) == 56
    assert {row["bin"] for row in rows if row["bin"].startswith("9704")} == set(listed)
    assert {row["bin"]: row["sbv_name"] for row in rows if row["sbv_registered_2023_12_31"]} == listed


def test_a_list_of_other_authors_names_the_same_banks() -> None:
    theirs = [bank for bank in BanksObject.values() if bank.bin]
    agreeing = [bank for bank in theirs if bank.swift_code and bank.swift_code == bank_by_bin(bank.bin).swift]
    differing = {
        bank.bin: bank.swift_code
        for bank in theirs
        if bank.swift_code and bank_by_bin(bank.bin).swift not in (None, bank.swift_code)
    }

    assert (len(theirs), len(agreeing), differing) == (60, 44, {})


@pytest.mark.parametrize(("bin_", "short_name"), WRONG_ELSEWHERE.items())
def test_a_bin_that_published_lists_have_wrong_is_right_here(bin_: str, short_name: str | None) -> None:
    assert {bank.bin: bank.short_name for bank in all_banks()}.get(bin_) == short_name
    assert (bin_ in sbv_list()) == (short_name is not None)


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
    assert bank_by_bin("970449").label == "LPBank (LienVietPostBank)"
    assert bank_by_bin("970436").former_name is None
    assert bank_by_bin("970436").label == "Vietcombank"
    assert {bank.bin for bank in all_banks() if bank.former_name} == {
        "970406", "970414", "970430", "970449", "970454",
    }  # fmt: skip


def receives(bin_: str) -> bool:
    try:
        return bank_that_receives(bin_) is bank_by_bin(bin_)
    except BankCannotReceive:
        return False


def test_a_bank_where_no_account_can_be_looked_up_receives_nothing() -> None:
    refused = {bank.short_name for bank in all_banks() if not receives(bank.bin)}

    assert refused == {
        "Citibank", "DBSBank", "IBKHCM", "IBKHN", "KEBHANAHN", "KEBHanaHCM", "KookminHCM", "KookminHN", "MAFC",
        "Nonghyup", "VBSP",
    }  # fmt: skip
    assert bank_that_receives("970468").short_name == "MAFC"  # the other row of that company says nothing
    with pytest.raises(UnknownBank):
        bank_that_receives("970488")
    with pytest.raises(BankCannotReceive) as refusal:
        bank_that_receives("999888")
    assert (refusal.value.field, refusal.value.status) == ("bin", 400)
    assert "chưa nhận chuyển nhanh" in str(refusal.value)


def test_a_wallet_that_only_receives_can_be_paid() -> None:
    assert [bank_that_receives(bin_).transfer_supported for bin_ in ("971005", "971011", "458761")] == [False] * 3


def test_where_a_shop_should_try_first_it_is_told() -> None:
    doubted = {bank.short_name: str(bank.doubt) for bank in all_banks() if bank.doubt and bank.lookup_supported}
    unknown = {bank.short_name for bank in all_banks() if bank.doubt and bank.lookup_supported is None}

    assert set(doubted) == {"CIMB", "Vikki Bank", "Woori"}
    assert "quét thử" in doubted["CIMB"]
    assert unknown == {"CIMBBank", "Vietcredit", "TNEXFinance", "SINOPAC", "MAFC", "MCredit"}
    assert "chuyển thử" in str(bank_that_receives("963388").doubt)  # Timo: its lists and its users disagree
    assert bank_by_bin("970436").doubt is None


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
    ("bin_", "account", "wallet"),
    [
        ("971005", "0912345678", "Viettel Money"),
        ("971011", "0912 345 678", "VNPT Money"),
        ("971025", "psp0123456789", "MoMo"),
        ("970454", "99MM24011M34875080", "MoMo"),
        ("970454", "99zp24011M34875080", "ZaloPay"),
        ("970454", "1234567", None),
        ("970454", "991234567", None),
        ("970436", "99MM24011M34875080", None),
        ("546034", "0912345678", None),
        ("546035", "0912345678", None),
        ("963388", "0912345678", None),
        ("963369", "0912345678", None),
    ],
)
def test_a_wallets_account_has_the_wallets_shape(bin_: str, account: str, wallet: str | None) -> None:
    kept = check_account_number(bin_, account)
    found = wallet_of(bin_, kept)

    assert kept == account.replace(" ", "").upper()
    assert (found.name if found else None) == wallet


@pytest.mark.parametrize(
    ("bin_", "account"),
    [
        ("971005", "1912345678"),
        ("971005", "09123456789"),
        ("971011", "09123"),
        ("971025", "0912345678"),
        ("971025", "PSP"),
        ("970454", "99MM123"),
        ("970454", "99MM0123456789ABCDEF"[:19] + "-"),
        ("970454", "99ZP1"),
    ],
)
def test_an_account_that_a_wallet_cannot_have_is_refused(bin_: str, account: str) -> None:
    with pytest.raises(InvalidAccountNumber):
        check_account_number(bin_, account)


def test_the_shapes_are_data_with_a_source_beside_each() -> None:
    rows = json.loads((files("vendors") / "data" / "banks.json").read_text(encoding="utf-8"))

    assert [wallet.name for wallet in all_wallets()] == ["MoMo", "MoMo", "ZaloPay", "Viettel Money", "VNPT Money"]
    assert all(row["source"] for row in rows["wallets_via_bank_account"])
