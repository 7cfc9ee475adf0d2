"""Six-digit codes of authenticator apps (RFC 6238) and one-time recovery codes: the arithmetic, without what is kept.

SHA-1, six digits and steps of 30 seconds are what every app of that kind understands.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime
from typing import Final

import pyotp

DIGITS: Final = 6
STEP_S: Final = 30
STEPS_ASIDE: Final = 1
"""A phone's clock may be this many steps early or late (RFC 6238, 5.2)."""
RECOVERY_CODES: Final = 10
RECOVERY_DIGITS: Final = 12
"""40 bits, in digits alone: the phone's keypad that the app's codes are typed on has no letters."""
CODE_CHARACTERS_MAX: Final = 20
NAME_CHARACTERS_MAX: Final = 60
ISSUER: Final = "Cho 4.0"


def fresh_secret() -> str:
    """160 random bits in base32, as the apps take them."""
    return pyotp.random_base32()


def step_at(now: datetime) -> int:
    """The number of the time step that `now` lies in."""
    return int(now.timestamp()) // STEP_S


def step_of_code(secret: str, code: str, *, now: datetime, after: int) -> int | None:
    """The time step that `code` belongs to, if it is near `now` and later than `after`; else None.

    All steps are compared, whichever fits, so that time tells nothing.
    """
    given = digits_of(code)
    found = None
    here = step_at(now)
    for step in range(here - STEPS_ASIDE, here + STEPS_ASIDE + 1):
        right = hmac.compare_digest(pyotp.HOTP(secret, digits=DIGITS).at(step), given)
        found = step if right and step > after else found
    return found


def digits_of(text: str) -> str:
    """The digits of what was typed: apps show `123 456`."""
    return "".join(character for character in text if character.isascii() and character.isdigit())


def address_of_secret(secret: str, *, name: str) -> str:
    """The `otpauth://` address that a QR code brings into the app; `name` tells accounts apart there."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S).provisioning_uri(
        name=name[:NAME_CHARACTERS_MAX], issuer_name=ISSUER
    )


def in_groups(text: str) -> str:
    """A secret or a code in groups of four, for typing it off."""
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def fresh_recovery_codes() -> list[str]:
    """`RECOVERY_CODES` new codes, each another, of `RECOVERY_DIGITS` digits."""
    found: set[str] = set()
    while len(found) < RECOVERY_CODES:
        found.add(f"{secrets.randbelow(10**RECOVERY_DIGITS):0{RECOVERY_DIGITS}d}")
    return sorted(found)
