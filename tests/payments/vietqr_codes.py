"""VietQR codes for tests: real ones, broken ones, and ones sealed on the spot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from payments.vietqr.crc import crc_of
from payments.vietqr.fields import join_field
from payments.vietqr.reader import read_vietqr
from payments.vietqr.values import UnreadableVietQR

VECTORS = json.loads((Path(__file__).parent / "data" / "vietqr_vectors.json").read_text(encoding="utf-8"))
VALID = VECTORS["valid"]
OTHER_SCHEMES = VECTORS["valid_other_scheme"]
BROKEN = [vector for vector in VECTORS["malformed"] if not vector.get("strict_only")]
STRICT_ONLY = [vector for vector in VECTORS["malformed"] if vector.get("strict_only")]
GOLDEN = (
    "00020101021238540010A00000072701240006970436011010175888880208QRIBFTTA"
    "530370454061500005802VN62130809SUBK7M2QX6304EE40"
)
HEAD = "000201010212"
NAPAS = "38540010A00000072701240006970436011010175888880208QRIBFTTA"
REST = "53037045802VN"
"""What a payment to the golden account begins with, whom it pays, and the currency and country behind that."""


def sealed(body: str) -> str:
    """`body` with a right check sum, as a broken writer would still give it."""
    return f"{body}6304{crc_of(f'{body}6304')}"


def reason_of(payload: str) -> str:
    """Why this code is refused; it must be."""
    with pytest.raises(UnreadableVietQR) as refusal:
        read_vietqr(payload)
    assert refusal.value.status == 400
    return refusal.value.reason


def napas_template(beneficiary: str, *, service: str = "") -> str:
    """NAPAS's template with these fields for the bank and the account."""
    return join_field("38", "0010A000000727" + join_field("01", beneficiary) + service)
