"""Reading VietQR codes: every real one with its fields, and a warning where it is odd."""

from __future__ import annotations

from typing import Any

import pytest

from payments.vietqr.fields import join_field, split_fields
from payments.vietqr.reader import read_vietqr
from payments.vietqr.values import VietQR
from tests.payments.vietqr_codes import BROKEN, GOLDEN, HEAD, NAPAS, OTHER_SCHEMES, REST, STRICT_ONLY, VALID, sealed


def test_the_vectors_are_all_here() -> None:
    assert (len(VALID), len(OTHER_SCHEMES), len(BROKEN), len(STRICT_ONLY)) == (47, 5, 73, 8)


@pytest.mark.parametrize("vector", VALID, ids=lambda vector: vector["id"])
def test_every_valid_code_is_read_with_its_fields_and_warnings(vector: dict[str, Any]) -> None:
    read = read_vietqr(vector["payload"])
    assert read.as_fields() == vector["fields"]
    assert list(read.warnings) == vector["warnings"]


@pytest.mark.parametrize("vector", OTHER_SCHEMES, ids=lambda vector: vector["note"])
def test_codes_of_other_schemes_are_read_with_their_fields(vector: dict[str, Any]) -> None:
    read = read_vietqr(vector["payload"])
    assert read.as_fields() == vector["fields"]
    assert read.bin is None
    assert read.account is None


@pytest.mark.parametrize("vector", STRICT_ONLY, ids=lambda vector: vector["id"])
def test_what_is_odd_but_moves_the_same_money_is_read_with_a_warning(vector: dict[str, Any]) -> None:
    read = read_vietqr(vector["payload"])
    assert read.warnings == (vector["reason"],)
    assert (read.bin, read.account, read.amount) == ("970436", "1017588888", 150_000)


def test_the_golden_code_is_read_field_by_field() -> None:
    assert read_vietqr(GOLDEN) == VietQR(
        pfi="01",
        poi="12",
        account_template_ids=("38",),
        guid="A000000727",
        service="QRIBFTTA",
        bin="970436",
        account="1017588888",
        currency="704",
        amount=150_000,
        amount_text="150000",
        country="VN",
        purpose="SUBK7M2QX",
        crc="EE40",
    )


def test_a_lower_case_check_sum_is_read() -> None:
    assert read_vietqr(GOLDEN[:-4] + "ee40").crc == "ee40"


def test_fields_may_stand_in_any_order() -> None:
    read = read_vietqr(sealed(f"0002015802VN5406150000{NAPAS}0102125303704"))
    assert (read.amount, read.account) == (150_000, "1017588888")


def test_an_amount_may_end_in_a_point() -> None:
    read = read_vietqr(sealed(f"000201010212{NAPAS}5303704540650000.5802VN"))
    assert read.amount == 50_000
    assert read.as_fields()["amount"] == "50000."


def test_an_amount_over_the_fast_transfer_limit_is_warned_of() -> None:
    assert read_vietqr(sealed(f"000201010212{NAPAS}530370454095000000005802VN")).warnings == ("amount_over_limit",)


def test_fields_of_other_networks_are_kept_and_skipped() -> None:
    body = f"00020101021115041234{NAPAS}53037045802VN6213{join_field('08', 'A1')}{join_field('50', 'xyz')}"
    read = read_vietqr(sealed(f"{body}8707CLASSIC"))
    assert read.as_fields()["root-15"] == "1234"
    assert read.as_fields()["root-87"] == "CLASSIC"
    assert read.as_fields()["62-50"] == "xyz"
    assert (read.purpose, read.account_template_ids, read.warnings) == ("A1", ("38",), ())


def test_a_service_may_be_left_out() -> None:
    template = join_field("38", "0010A000000727" + join_field("01", "00069704360110" + "1017588888"))
    read = read_vietqr(sealed(f"000201010211{template}53037045802VN"))
    assert read.service is None
    assert read.as_fields()["service"] is None


def test_a_name_in_vietnamese_letters_belongs_in_the_language_template() -> None:
    language = join_field("64", join_field("00", "vi") + join_field("01", "Chợ quê"))
    read = read_vietqr(sealed(f"000201010211{NAPAS}53037045802VN{language}"))
    assert read.lang_template == {"00": "vi", "01": "Chợ quê"}
    assert read.warnings == ()


def test_templates_within_templates_are_not_followed() -> None:
    nested = "0102AB"
    while len(nested) < 90:
        nested = join_field("01", nested)
    assert read_vietqr(sealed(f"000201010211{join_field('62', nested)}53037045802VN")).bill_number is not None


def test_lengths_count_characters() -> None:
    assert split_fields("0802ơđ", where="62") == {"08": "ơđ"}


@pytest.mark.parametrize(
    ("text", "amount", "warnings"),
    [
        ("1", 1, ()),
        ("499999999", 499_999_999, ()),
        ("500000000", 500_000_000, ("amount_over_limit",)),
        ("0000000000001", 1, ("amount_leading_zero",)),
        ("9999999999999", 9_999_999_999_999, ("amount_over_limit",)),
    ],
)
def test_amounts_at_the_bounds_are_read(text: str, amount: int, warnings: tuple[str, ...]) -> None:
    read = read_vietqr(sealed(f"{HEAD}{NAPAS}5303704{join_field('54', text)}5802VN"))
    assert (read.amount, read.amount_text, read.warnings) == (amount, text, warnings)


@pytest.mark.parametrize(
    ("name", "limit", "fields"),
    [
        ("name", 25, "59{}"),
        ("city", 15, "60{}"),
        ("postal", 10, "61{}"),
        ("bill_number", 25, "62-01{}"),
        ("purpose", 25, "62-08{}"),
        ("consumer_data_request", 25, "62-09{}"),
    ],
)
def test_a_text_may_be_as_long_as_the_format_says_and_is_warned_of_beyond(name: str, limit: int, fields: str) -> None:
    for length, warnings in ((limit, ()), (limit + 1, (f"{name}_over_{limit}",))):
        *outer, last = fields.removesuffix("{}").split("-")
        text = join_field(last, "A" * length)
        text = join_field(outer[0], text) if outer else text
        read = read_vietqr(sealed(f"000201010211{NAPAS}{REST}{text}"))
        assert (getattr(read, name), read.warnings) == ("A" * length, warnings)


@pytest.mark.parametrize("id_", ["59", "60", "61", "62"])
def test_vietnamese_letters_in_a_text_for_people_are_a_warning(id_: str) -> None:
    text = join_field(id_, join_field("08", "ổi") if id_ == "62" else "ổi")
    assert read_vietqr(sealed(f"000201010211{NAPAS}{REST}{text}")).warnings == ("non_ascii",)


def test_napas_speaks_for_a_code_that_several_schemes_share() -> None:
    other = join_field("26", "0003ABC" + "01041234")
    read = read_vietqr(sealed(f"000201010211{other}{NAPAS}{REST}"))
    assert (read.guid, read.bin, read.merchant_id) == ("A000000727", "970436", None)
    assert (read.account_template_ids, read.warnings) == (("26", "38"), ("several_account_templates",))


def test_a_code_that_names_no_receiver_is_read_without_one() -> None:
    read = read_vietqr(sealed(f"000201010211{REST}"))
    assert (read.account_template_ids, read.guid, read.bin, read.account) == ((), None, None, None)


def test_blanks_around_a_code_are_a_warning() -> None:
    assert read_vietqr(f" \t{GOLDEN}\r\n").warnings == ("whitespace",)


@pytest.mark.parametrize("fee", ["55020256045000", "55020357012"])
def test_a_fee_that_says_how_much_it_is_is_read(fee: str) -> None:
    assert read_vietqr(sealed(f"{HEAD}{NAPAS}{REST}{fee}")).account == "1017588888"
