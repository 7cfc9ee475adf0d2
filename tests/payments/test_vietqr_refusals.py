"""Refusing what is no VietQR code: every broken one, with the reason and the place."""

from __future__ import annotations

from typing import Any

import pytest

from payments.vietqr.crc import crc_of
from payments.vietqr.fields import join_field
from payments.vietqr.reader import read_vietqr
from payments.vietqr.values import UnreadableVietQR
from tests.payments.vietqr_codes import BROKEN, GOLDEN, HEAD, NAPAS, REST, napas_template, reason_of, sealed

UNAMBIGUOUS = {
    "account_missing",
    "bad_amount",
    "bad_bin",
    "control_character",
    "country",
    "country_missing",
    "crc_mismatch",
    "crc_not_hex",
    "currency_missing",
    "duplicate_id",
    "fee_fixed_missing",
    "guid_missing",
    "length_overrun",
    "non_ascii_digits",
    "not_emv",
    "oversized",
    "payload_format",
    "poi_missing",
    "service_code_nested_in_beneficiary",
    "too_short",
    "truncated",
    "truncated_header",
    "wrong_guid",
    "zero_length",
}


@pytest.mark.parametrize("vector", BROKEN, ids=lambda vector: vector["id"])
def test_every_broken_code_is_refused(vector: dict[str, Any]) -> None:
    reason = reason_of(vector["payload"])
    if vector["reason"] in UNAMBIGUOUS:
        assert reason == vector["reason"]


@pytest.mark.parametrize(
    "amount", ["0", "0.", ".", "1.0", "150000.00", "+1", "-1", "1e5", "12345678901234", "٣", " 1", "1 "]
)
def test_an_amount_that_is_no_positive_number_of_dong_is_refused(amount: str) -> None:
    reason = reason_of(sealed(f"000201010212{NAPAS}5303704{join_field('54', amount)}5802VN"))
    assert reason == ("bad_amount" if amount.isascii() else "non_ascii_digits")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (f"{NAPAS}53038405802VN", "currency"),
        (f"{NAPAS}53037045802US", "country"),
        (f"{NAPAS}53037045802VÑ", "non_ascii"),
        (f"{NAPAS}{REST}520212", "bad_mcc"),
        (f"{NAPAS}{REST}550203", "fee_percent_missing"),
        (f"{NAPAS}{REST}AB02XX", "bad_id"),
        (f"{NAPAS}{REST}5900", "zero_length"),
        (f"{NAPAS}{REST}6308", "crc_not_last"),
        (f"{NAPAS}{REST}8008", "crc_not_last"),
        (f"{NAPAS}{REST}6304AAAA", "duplicate_id"),
        (f"{join_field('26', '01041234')}{REST}", "guid_missing"),
        (f"{join_field('38', '0010A000000727')}{REST}", "bin_missing"),
        (f"{napas_template('01041234')}{REST}", "bin_missing"),
        (f"{napas_template('0006970436' + '010512 34')}{REST}", "bad_account"),
        (f"{napas_template('0006970436' + '0120' + '1' * 20)}{REST}", "bad_account"),
        (f"{napas_template('000697043601041234', service='0203A B')}{REST}", "bad_service"),
    ],
)
def test_a_code_with_a_right_check_sum_and_wrong_fields_is_refused(body: str, reason: str) -> None:
    assert reason_of(sealed(f"000201010212{body}")) == reason


@pytest.mark.parametrize("character", ["\x00", "\n", "\x7f", "\u200b", "\u202e", "\ud800", "\ufeff"])
def test_a_character_nobody_can_see_is_refused(character: str) -> None:
    assert reason_of(GOLDEN[:80] + character + GOLDEN[81:]) == "control_character"


def test_control_only_the_check_sum_stops_a_changed_amount_or_account() -> None:
    for old, new in (("5406150000", "5406950000"), ("1017588888", "1017588889")):
        changed = GOLDEN.replace(old, new)
        assert reason_of(changed) == "crc_mismatch"
        assert read_vietqr(sealed(changed[:-8])).as_fields() != read_vietqr(GOLDEN).as_fields()


def test_every_single_wrong_character_is_noticed() -> None:
    for place in range(len(GOLDEN)):
        for character in "0A":
            if GOLDEN[place] != character:
                reason_of(GOLDEN[:place] + character + GOLDEN[place + 1 :])


@pytest.mark.parametrize("length", range(len(GOLDEN)))
def test_every_cut_code_is_refused(length: int) -> None:
    assert reason_of(GOLDEN[:length]) in {"not_emv", "too_short", "truncated"}


def test_a_text_of_any_size_is_refused_before_it_is_read() -> None:
    assert reason_of("000201" + "3899" * 1_000_000) == "oversized"
    assert reason_of(sealed("000201010211" + "2600" * 124)) in {"oversized", "zero_length"}


def test_nothing_is_no_code() -> None:
    assert reason_of("") == reason_of("  \n") == "not_emv"


EMPTY_ACCOUNT = join_field("38", "0010A000000727")


@pytest.mark.parametrize(
    ("payload", "reason", "detail"),
    [
        ("0" * 513, "oversized", "513 > 512"),
        (f"{GOLDEN[:80]}\x00{GOLDEN[81:]}", "control_character", "@80: U+0000"),
        ("https://example.vn", "not_emv", "'https://'"),
        (GOLDEN[:19], "too_short", "19 < 20"),
        (GOLDEN[:-8], "truncated", "6304: -"),
        (f"{GOLDEN[:-4]}XYZ0", "crc_not_hex", "'XYZ0'"),
        (f"{GOLDEN[:-4]}0000", "crc_mismatch", "EE40 != 0000"),
        (sealed(f"{HEAD}{NAPAS}{REST}8008"), "crc_not_last", f"80: '6304{crc_of(f'{HEAD}{NAPAS}{REST}80086304')}'"),
        (sealed(f"{HEAD}{NAPAS}53037045802VÑ"), "non_ascii", "58: 'VÑ'"),
        (sealed(f"{HEAD}{NAPAS}5303704{join_field('54', '٣')}5802VN"), "non_ascii_digits", "54: '٣'"),
        (sealed(f"000202010212{NAPAS}{REST}"), "payload_format", "00: '02'"),
        (sealed(f"000201{NAPAS}{REST}"), "poi_missing", "01: -"),
        (sealed(f"000201010213{NAPAS}{REST}"), "bad_poi", "01: '13'"),
        (sealed(f"{HEAD}{NAPAS}5802VN"), "currency_missing", "53: -"),
        (sealed(f"{HEAD}{NAPAS}53038405802VN"), "currency", "53: '840'"),
        (sealed(f"{HEAD}{NAPAS}5303704"), "country_missing", "58: -"),
        (sealed(f"{HEAD}{NAPAS}53037045802US"), "country", "58: 'US'"),
        (sealed(f"{HEAD}{NAPAS}{REST}520212"), "bad_mcc", "52: '12'"),
        (sealed(f"{HEAD}{NAPAS}{REST}550202"), "fee_fixed_missing", "55: 02, 56: -"),
        (sealed(f"{HEAD}{NAPAS}{REST}550203"), "fee_percent_missing", "55: 03, 57: -"),
        (sealed(f"{HEAD}{NAPAS}{REST}54010"), "bad_amount", "54: '0'"),
        (sealed(f"{HEAD}{join_field('26', '01041234')}{REST}"), "guid_missing", "26-00: -"),
        (sealed(f"{HEAD}{join_field('38', '0003XYZ')}{REST}"), "wrong_guid", "38-00: 'XYZ'"),
        (
            sealed(f"{HEAD}{napas_template('00069704360104123402021X')}{REST}"),
            "service_code_nested_in_beneficiary",
            "38-01-02: '1X'",
        ),
        (sealed(f"{HEAD}{EMPTY_ACCOUNT}{REST}"), "bin_missing", "38-01"),
        (sealed(f"{HEAD}{napas_template('0006970436')}{REST}"), "account_missing", "38-01"),
        (sealed(f"{HEAD}{napas_template('000597043' + '01041234')}{REST}"), "bad_bin", "38-01-00: '97043'"),
        (sealed(f"{HEAD}{napas_template('0006970436' + '010512 34')}{REST}"), "bad_account", "38-01-01: '12 34'"),
        (
            sealed(f"{HEAD}{napas_template('000697043601041234', service='0203A B')}{REST}"),
            "bad_service",
            "38-02: 'A B'",
        ),
        (sealed(f"{HEAD}{NAPAS}{REST}AB02XX"), "bad_id", "root@83: 'AB'"),
        (sealed(f"{HEAD}{NAPAS}{REST}5900"), "zero_length", "root@83"),
        (sealed(f"{HEAD}{NAPAS}{REST}59X1A"), "length_not_numeric", "root@83: 'X1'"),
        (sealed(f"{HEAD}{NAPAS}{REST}59٠١A"), "non_ascii_digits", "root@83: '٠١'"),
        (sealed(f"{HEAD}{NAPAS}{REST}6207" + "0805ABC"), "length_overrun", "62@0: 08 says 05, has 3"),
        (sealed(f"{HEAD}{NAPAS}{REST}6203" + "080"), "truncated_header", "62@0"),
        (sealed(f"{HEAD}{NAPAS}{REST}6410" + "0001A0001B"), "duplicate_id", "64: 00"),
        (sealed(f"{HEAD}{napas_template('00069704360003ABC')}{REST}"), "duplicate_id", "38-01: 00"),
        (sealed(f"{HEAD}{join_field('38', '0010A00000072700011')}{REST}"), "duplicate_id", "38: 00"),
        (sealed(f"{HEAD}{NAPAS}{REST}5802VN"), "duplicate_id", "root: 58"),
    ],
)
def test_a_refusal_says_where_the_code_is_broken_and_what_stands_there(
    payload: str, reason: str, detail: str
) -> None:
    with pytest.raises(UnreadableVietQR) as refusal:
        read_vietqr(payload)
    assert (refusal.value.reason, refusal.value.detail) == (reason, detail)
    assert (str(refusal.value), refusal.value.field) == ("Mã QR này không đọc được.", "payload")


def test_a_code_of_512_characters_is_read_and_one_of_513_is_not() -> None:
    fields = "".join(join_field(str(number), "A" * 95) for number in range(80, 84))
    room = 512 - len(sealed(f"{HEAD}{NAPAS}{REST}{fields}")) - 4
    longest = sealed(f"{HEAD}{NAPAS}{REST}{fields}{join_field('84', 'A' * room)}")
    assert len(longest) == 512
    assert read_vietqr(longest).other["root-84"] == "A" * room
    assert reason_of(sealed(f"{HEAD}{NAPAS}{REST}{fields}{join_field('84', 'A' * (room + 1))}")) == "oversized"


def test_the_shortest_envelope_of_twenty_characters_is_looked_into() -> None:
    assert reason_of(sealed("000201010211")) == "currency_missing"


@pytest.mark.parametrize(
    ("stray", "before", "behind"),
    [
        ("\x0b", "control_character", "control_character"),
        ("\u00a0", "not_emv", "truncated"),
        ("X", "not_emv", "truncated"),
    ],
)
def test_only_blanks_and_line_ends_around_a_code_are_passed_over(stray: str, before: str, behind: str) -> None:
    payload = sealed(f"{HEAD}{NAPAS}{REST}")

    assert read_vietqr(f" {payload}\r\n").account == "1017588888"
    assert (reason_of(stray + payload), reason_of(payload + stray)) == (before, behind)
