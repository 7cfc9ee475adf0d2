"""Reading VietQR codes as they are found in the wild: tolerant of what is odd, not of what is broken.

Other schemes' codes (VNPAY, AirPay, EVN) are read too; they then have a `merchant_id` and no bank account.
Nothing here recurses, the text is at most 512 characters, and every fault is an UnreadableVietQR.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

from payments.vietqr.crc import crc_of
from payments.vietqr.fields import split_fields
from payments.vietqr.values import (
    ADDITIONAL_NAMES,
    AMOUNT_DONG_MAX,
    NAPAS_GUID,
    NAPAS_TEMPLATE,
    PAYLOAD_CHARACTERS_MAX,
    ROOT_NAMES,
    UnreadableVietQR,
    VietQR,
)

START: Final = "0002"
CRC_HEADER: Final = "6304"
SHORTEST_CHARACTERS: Final = len("000201") + len("010211") + len("6304FFFF")
AMOUNT_CHARACTERS_MAX: Final = 13
TEMPLATE_IDS: Final = frozenset(f"{number:02d}" for number in range(26, 52))
TEXT_IDS: Final = ("59", "60", "61", "62")
"""Texts for people. Vietnamese letters there are against the format but move no money: a warning."""
ANY_LETTERS_IDS: Final = frozenset({"64", *map(str, range(65, 100))})

_HEX = re.compile("[0-9A-Fa-f]{4}")
_AMOUNT = re.compile(r"([0-9]+)\.?")
_BIN = re.compile("[0-9]{6}")
_ACCOUNT = re.compile("[!-~]{1,19}")
_SERVICE = re.compile("[!-~]{1,10}")
_MCC = re.compile("[0-9]{4}")
_TEXT_CHARACTERS_MAX = {"name": 25, "city": 15, "postal": 10} | dict.fromkeys(ADDITIONAL_NAMES.values(), 25)


def read_vietqr(payload: str) -> VietQR:
    """What the code says. Raises UnreadableVietQR when it is damaged, ambiguous or not Vietnam's.

    Oddities that change nothing for the payer are listed in `warnings`: spaces around the text, a fixed code
    with an amount, a text longer than the format allows, Vietnamese letters where the format has ASCII.
    """
    text = payload.strip(" \t\r\n")
    _check_envelope(text)
    root = split_fields(text, where="root")
    _check_root(root)
    named: dict[str, Any] = {ROOT_NAMES[name]: value for name, value in root.items() if name in ROOT_NAMES}
    named["amount"] = _amount(root)
    named["amount_text"] = root.get("54")
    named |= _receiver(root) | _additional(root) | _language(root)
    named["other"] = dict(_others(root))
    warnings = _warnings(named, root)
    if text != payload:
        warnings = ("whitespace", *warnings)
    return VietQR(**named, warnings=warnings)


def _check_envelope(text: str) -> None:
    """Everything that can be told before the fields are cut: size, characters, start, end, check sum."""
    if len(text) > PAYLOAD_CHARACTERS_MAX:
        raise UnreadableVietQR("oversized", f"{len(text)} > {PAYLOAD_CHARACTERS_MAX}")
    for offset, character in enumerate(text):
        if unicodedata.category(character)[0] == "C":
            raise UnreadableVietQR("control_character", f"@{offset}: U+{ord(character):04X}")
    if not text.startswith(START):
        raise UnreadableVietQR("not_emv", repr(text[:8]))
    if len(text) < SHORTEST_CHARACTERS:
        raise UnreadableVietQR("too_short", f"{len(text)} < {SHORTEST_CHARACTERS}")
    _check_crc(text[:-4], text[-4:])


def _check_crc(head: str, stated: str) -> None:
    if not head.endswith(CRC_HEADER):
        raise UnreadableVietQR("truncated", f"{CRC_HEADER}: -")
    if _HEX.fullmatch(stated) is None:
        raise UnreadableVietQR("crc_not_hex", repr(stated))
    right = crc_of(head)
    if stated.upper() != right:
        raise UnreadableVietQR("crc_mismatch", f"{right} != {stated}")


def _check_root(root: Mapping[str, str]) -> None:
    """The fields every code must have, and the letters none may have."""
    last, value = list(root.items())[-1]
    if last != "63" or len(value) != len("FFFF"):
        raise UnreadableVietQR("crc_not_last", f"{last}: {value!r}")
    for name, value in root.items():
        if not value.isascii() and name not in ANY_LETTERS_IDS and name not in TEXT_IDS:
            raise UnreadableVietQR("non_ascii_digits" if name == "54" else "non_ascii", f"{name}: {value!r}")
    _demand(root, "00", allowed=("01",), missing="payload_format", wrong="payload_format")
    _demand(root, "01", allowed=("11", "12"), missing="poi_missing", wrong="bad_poi")
    _demand(root, "53", allowed=("704",), missing="currency_missing", wrong="currency")
    _demand(root, "58", allowed=("VN",), missing="country_missing", wrong="country")
    if "52" in root and _MCC.fullmatch(root["52"]) is None:
        raise UnreadableVietQR("bad_mcc", f"52: {root['52']!r}")
    if root.get("55") == "02" and "56" not in root:
        raise UnreadableVietQR("fee_fixed_missing", "55: 02, 56: -")
    if root.get("55") == "03" and "57" not in root:
        raise UnreadableVietQR("fee_percent_missing", "55: 03, 57: -")


def _demand(root: Mapping[str, str], name: str, *, allowed: tuple[str, ...], missing: str, wrong: str) -> None:
    if name not in root:
        raise UnreadableVietQR(missing, f"{name}: -")
    if root[name] not in allowed:
        raise UnreadableVietQR(wrong, f"{name}: {root[name]!r}")


def _amount(root: Mapping[str, str]) -> int | None:
    """Whole đồng. VND has no decimals, so nothing may follow the point."""
    text = root.get("54")
    if text is None:
        return None
    match = _AMOUNT.fullmatch(text)
    if match is None or len(text) > AMOUNT_CHARACTERS_MAX or int(match.group(1)) == 0:
        raise UnreadableVietQR("bad_amount", f"54: {text!r}")
    return int(match.group(1))


def _receiver(root: Mapping[str, str]) -> dict[str, Any]:
    """Who is paid. NAPAS' template speaks for the code when several schemes share it."""
    templates = {name: split_fields(value, where=name) for name, value in root.items() if name in TEMPLATE_IDS}
    ids: dict[str, Any] = {"account_template_ids": tuple(templates)}
    if not templates:
        return ids
    name = NAPAS_TEMPLATE if NAPAS_TEMPLATE in templates else next(iter(templates))
    template = templates[name]
    if "00" not in template:
        raise UnreadableVietQR("guid_missing", f"{name}-00: -")
    ids["guid"] = template["00"]
    if name != NAPAS_TEMPLATE:
        return ids | {"merchant_id": template.get("01")}
    return ids | _bank_account(template)


def _bank_account(template: Mapping[str, str]) -> dict[str, Any]:
    if template["00"] != NAPAS_GUID:
        raise UnreadableVietQR("wrong_guid", f"38-00: {template['00']!r}")
    beneficiary = split_fields(template.get("01", ""), where="38-01")
    if "02" in beneficiary:
        raise UnreadableVietQR("service_code_nested_in_beneficiary", f"38-01-02: {beneficiary['02']!r}")
    bin_, account, service = beneficiary.get("00"), beneficiary.get("01"), template.get("02")
    if bin_ is None or account is None:
        raise UnreadableVietQR("bin_missing" if bin_ is None else "account_missing", "38-01")
    if _BIN.fullmatch(bin_) is None:
        raise UnreadableVietQR("bad_bin", f"38-01-00: {bin_!r}")
    if _ACCOUNT.fullmatch(account) is None:
        raise UnreadableVietQR("bad_account", f"38-01-01: {account!r}")
    if service is not None and _SERVICE.fullmatch(service) is None:
        raise UnreadableVietQR("bad_service", f"38-02: {service!r}")
    return {"bin": bin_, "account": account, "service": service}


def _additional(root: Mapping[str, str]) -> dict[str, str]:
    inner = split_fields(root.get("62", ""), where="62")
    return {ADDITIONAL_NAMES[name]: value for name, value in inner.items() if name in ADDITIONAL_NAMES}


def _language(root: Mapping[str, str]) -> dict[str, Any]:
    return {"lang_template": split_fields(root["64"], where="64")} if "64" in root else {}


def _others(root: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Fields that are kept as they are: other networks' accounts, unreserved and future fields."""
    for name, value in root.items():
        if name not in ROOT_NAMES and name not in TEMPLATE_IDS and name not in ("62", "64"):
            yield f"root-{name}", value
    for name, value in split_fields(root.get("62", ""), where="62").items():
        if name not in ADDITIONAL_NAMES:
            yield f"62-{name}", value


def _warnings(named: Mapping[str, Any], root: Mapping[str, str]) -> tuple[str, ...]:
    amount, amount_text = named["amount"], named["amount_text"]
    odd = {
        "several_account_templates": len(named["account_template_ids"]) > 1,
        "static_with_amount": named["poi"] == "11" and amount is not None,
        "dynamic_without_amount": named["poi"] == "12" and amount is None,
        "amount_leading_zero": amount_text is not None and amount_text.startswith("0"),
        "amount_over_limit": amount is not None and amount > AMOUNT_DONG_MAX,
        "non_ascii": any(not root.get(name, "").isascii() for name in TEXT_IDS),
    }
    too_long = (
        f"{name}_over_{limit}" for name, limit in _TEXT_CHARACTERS_MAX.items() if len(named.get(name) or "") > limit
    )
    return (*(name for name, found in odd.items() if found), *too_long)
