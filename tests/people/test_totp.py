"""The six digits of authenticator apps are RFC 6238's, near the moment and never of a step that is over."""

from datetime import UTC, datetime, timedelta

import pytest

from marketplace.people.totp import (
    RECOVERY_CODES,
    address_of_secret,
    digits_of,
    fresh_recovery_codes,
    fresh_secret,
    in_groups,
    step_at,
    step_of_code,
)

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""`12345678901234567890`, the seed of RFC 6238's appendix B."""


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_111_111_111, "050471"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
        (20_000_000_000, "353130"),
    ],
)
def test_the_codes_of_the_rfc_are_taken_at_their_moments(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, tz=UTC)

    assert step_of_code(RFC_SECRET, code, now=now, after=0) == seconds // 30
    assert step_of_code(RFC_SECRET, f"{code[:3]} {code[3:]}", now=now, after=0) == seconds // 30


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_one_step_early_or_late(steps: int, taken: bool) -> None:
    at = datetime.fromtimestamp(1_111_111_109, tz=UTC) + timedelta(seconds=30 * steps)

    assert (step_of_code(RFC_SECRET, "081804", now=at, after=0) is not None) is taken


def test_a_step_that_was_used_or_an_earlier_one_is_not_taken() -> None:
    at = datetime.fromtimestamp(59, tz=UTC)

    assert step_of_code(RFC_SECRET, "287082", now=at, after=1) is None
    assert step_of_code(RFC_SECRET, "287082", now=at, after=2) is None
    assert step_of_code(RFC_SECRET, "287082", now=at, after=0) == step_at(at) == 1


@pytest.mark.parametrize("typed", ["", "28708", "2870821", "287083", "abc", "٢٨٧٠٨٢", "\x00"])
def test_anything_else_is_no_code(typed: str) -> None:
    assert step_of_code(RFC_SECRET, typed, now=datetime.fromtimestamp(59, tz=UTC), after=0) is None


def test_the_address_names_the_market_and_the_person_and_fits_a_qr_code() -> None:
    address = address_of_secret(RFC_SECRET, name="may@cho.example")

    assert address == f"otpauth://totp/Cho%204.0:may%40cho.example?secret={RFC_SECRET}&issuer=Cho%204.0"
    assert len(address_of_secret(fresh_secret(), name="ă" * 254)) < 512


def test_secrets_and_recovery_codes_are_long_and_each_another() -> None:
    codes = fresh_recovery_codes()

    assert len({fresh_secret(), fresh_secret()}) == 2
    assert len(fresh_secret()) == 32
    assert len(set(codes)) == RECOVERY_CODES == 10
    assert {len(digits_of(in_groups(code))) for code in codes} == {12}
    assert in_groups("ABCDEFGHIJ") == "ABCD EFGH IJ"
