"""Reading VietQR codes: every real one with its fields, no broken one, and never any other error."""

from __future__ import annotations

import inspect
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from vietnam_qr_pay import QRPay

from payments.vietqr.crc import crc_of
from payments.vietqr.fields import join_field, split_fields
from payments.vietqr.reader import read_vietqr
from payments.vietqr.values import UnreadableVietQR, VietQR

VECTORS = json.loads((Path(__file__).parent / "data" / "vietqr_vectors.json").read_text(encoding="utf-8"))
VALID = VECTORS["valid"]
OTHER_SCHEMES = VECTORS["valid_other_scheme"]
BROKEN = [vector for vector in VECTORS["malformed"] if not vector.get("strict_only")]
STRICT_ONLY = [vector for vector in VECTORS["malformed"] if vector.get("strict_only")]
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
GOLDEN = (
    "00020101021238540010A00000072701240006970436011010175888880208QRIBFTTA"
    "530370454061500005802VN62130809SUBK7M2QX6304EE40"
)
NAPAS = "38540010A00000072701240006970436011010175888880208QRIBFTTA"


def sealed(body: str) -> str:
    """`body` with a right check sum, as a broken writer would still give it."""
    return f"{body}6304{crc_of(f'{body}6304')}"


def reason_of(payload: str) -> str:
    with pytest.raises(UnreadableVietQR) as refusal:
        read_vietqr(payload)
    assert refusal.value.status == 400
    return refusal.value.reason


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


@pytest.mark.parametrize("vector", BROKEN, ids=lambda vector: vector["id"])
def test_every_broken_code_is_refused(vector: dict[str, Any]) -> None:
    reason = reason_of(vector["payload"])
    if vector["reason"] in UNAMBIGUOUS:
        assert reason == vector["reason"]


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


@pytest.mark.parametrize(
    "amount", ["0", "0.", ".", "1.0", "150000.00", "+1", "-1", "1e5", "12345678901234", "٣", " 1", "1 "]
)
def test_an_amount_that_is_no_positive_number_of_dong_is_refused(amount: str) -> None:
    reason = reason_of(sealed(f"000201010212{NAPAS}5303704{join_field('54', amount)}5802VN"))
    assert reason == ("bad_amount" if amount.isascii() else "non_ascii_digits")


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


REST = "53037045802VN"


def napas_template(beneficiary: str, *, service: str = "") -> str:
    return join_field("38", "0010A000000727" + join_field("01", beneficiary) + service)


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


def test_templates_within_templates_are_not_followed() -> None:
    nested = "0102AB"
    while len(nested) < 90:
        nested = join_field("01", nested)
    assert read_vietqr(sealed(f"000201010211{join_field('62', nested)}53037045802VN")).bill_number is not None


def test_lengths_count_characters() -> None:
    assert split_fields("0802ơđ", where="62") == {"08": "ơđ"}


def test_nothing_is_no_code() -> None:
    assert reason_of("") == reason_of("  \n") == "not_emv"


values = st.text(st.characters(codec="utf-8"), min_size=1, max_size=30)
tlv = st.lists(st.tuples(st.integers(min_value=0, max_value=99), values), max_size=12)


def as_text(pairs: list[tuple[int, str]]) -> str:
    return "".join(join_field(f"{number:02d}", value) for number, value in pairs)


def reads_or_refuses(payload: str) -> None:
    try:
        read = read_vietqr(payload)
    except UnreadableVietQR:
        return
    assert json.dumps(read.as_fields())


@settings(deadline=None, derandomize=True, max_examples=500)
@given(st.text(st.characters(codec=None), max_size=600))
@example("\ud800")
@example("0002" + "٠١" * 10)
def test_any_text_is_read_or_refused(payload: str) -> None:
    reads_or_refuses(payload)


pieces = st.text(st.characters(codec=None), max_size=40) | st.sampled_from([GOLDEN, "0002", "3899", "6304", "2600"])


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.lists(pieces, min_size=1, max_size=5), st.integers(min_value=1, max_value=100_000))
@example(["000201", "2699" * 20], 100_000)
@example([" "], 100_000)
@example([" " * 50, GOLDEN], 100)
def test_any_text_of_up_to_a_hundred_thousand_characters_is_read_or_refused(parts: list[str], length: int) -> None:
    text = "".join(parts) or "0"
    payload = (text * (length // len(text) + 1))[:length]
    reads_or_refuses(payload)
    if len(payload.strip()) > 512:
        assert reason_of(payload) == "oversized"


@pytest.mark.parametrize("id_", ["26", "38", "51", "62", "64", "80"])
def test_templates_nested_as_deep_as_they_go_take_no_stack(id_: str) -> None:
    nested = "X"
    while len(nested) + 4 <= 99:
        nested = join_field(id_, nested)
    payload = sealed(f"000201010211{nested}{NAPAS if id_ != '38' else ''}53037045802VN")
    deep, frames = len(inspect.stack()), 25

    before = sys.getrecursionlimit()
    sys.setrecursionlimit(deep + frames)
    try:
        reads_or_refuses(payload)
    finally:
        sys.setrecursionlimit(before)


def test_control_a_reader_without_a_bound_is_brought_down_by_twelve_thousand_characters() -> None:
    payload = sealed("000201010211" + "5001A" * 2_500)

    with pytest.raises(RecursionError):
        QRPay(payload)
    assert reason_of(payload) == "oversized"


@settings(deadline=None, derandomize=True, max_examples=500)
@given(tlv, tlv, tlv)
def test_any_well_sealed_fields_are_read_or_refused(
    root: list[tuple[int, str]], template: list[tuple[int, str]], additional: list[tuple[int, str]]
) -> None:
    inner = "".join(
        f"{name}{len(text):02d}{text}" for name, text in (("62", as_text(additional)), ("38", as_text(template)))
    )
    body = f"00020101021253037045802VN{inner}{as_text(root)}"
    reads_or_refuses(sealed(body))


@settings(deadline=None, derandomize=True, max_examples=500)
@given(st.sampled_from([vector["payload"] for vector in VALID]), st.data())
def test_a_real_code_with_its_inside_changed_is_read_or_refused(payload: str, data: st.DataObject) -> None:
    body = payload[:-8]
    start = data.draw(st.integers(min_value=4, max_value=len(body)))
    stop = data.draw(st.integers(min_value=start, max_value=len(body)))
    middle = data.draw(st.text("0123456789AVN.ơ", max_size=12))
    reads_or_refuses(sealed(body[:start] + middle + body[stop:]))


HEAD = "000201010212"
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
