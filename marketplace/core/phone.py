"""Telephone numbers and e-mail addresses: read, shown, and masked for those who need not see them. Pure."""

from __future__ import annotations

import re

import phonenumbers
from django.utils.translation import gettext_lazy as _
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

from marketplace.core.errors import InvalidInput

PHONE_TEXT_CHARACTERS_MAX = 32
VIETNAM_REGION = "VN"
VIETNAM_COUNTRY_CODE = 84

MASK = "***"
_SHOWN_AT_START, _SHOWN_AT_END = 4, 3
_MASKED_DIGITS_MIN = 10
"""A national number shorter than this shows only its end, so that at least three digits stay hidden."""

# phonenumbers would read letters as keypad digits and digits of other scripts too; people here type these.
_PHONE_CHARACTERS = re.compile(r"[0-9+().\s/-]+")


class InvalidPhone(InvalidInput):
    """Text that is no telephone number, in Vietnam or (with a +) elsewhere."""


def parse_phone(text: str, *, field: str | None = "phone") -> str:
    """The number in E.164 form, for example "+84912345678".

    Without a + the number is Vietnamese: 0912 345 678, 84912345678, 0084…, 912345678 and landlines are read.
    Raises `InvalidPhone`, naming `field`.
    """
    if len(text) > PHONE_TEXT_CHARACTERS_MAX or not _PHONE_CHARACTERS.fullmatch(text):
        raise _invalid(field)
    number = _parsed(text)
    if number is None or not phonenumbers.is_valid_number(number):
        raise _invalid(field)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def format_phone(e164: str) -> str:
    """A kept number as people here read it: "0912 345 678"; a foreign one as "+1 650-253-0000"."""
    number = _parsed(e164)
    if number is None:
        return e164
    is_ours = number.country_code == VIETNAM_COUNTRY_CODE
    return phonenumbers.format_number(
        number, PhoneNumberFormat.NATIONAL if is_ours else PhoneNumberFormat.INTERNATIONAL
    )


def mask_phone(e164: str) -> str:
    """A kept number with its middle hidden: "0912 *** 678"; a foreign one as "+1 *** 000"."""
    number = _parsed(e164)
    if number is None:
        return MASK
    digits = re.sub("[^0-9]", "", format_phone(e164))
    end = digits[-_SHOWN_AT_END:]
    if number.country_code != VIETNAM_COUNTRY_CODE:
        return f"+{number.country_code} {MASK} {end}"
    if len(digits) < _MASKED_DIGITS_MIN:
        return f"{MASK} {end}"
    return f"{digits[:_SHOWN_AT_START]} {MASK} {end}"


def mask_email(email: str) -> str:
    """An address with its name hidden but for the first letter: "n***@gmail.com"; "***" if it is none."""
    name, at, host = email.rpartition("@")
    return f"{name[0]}{MASK}@{host}" if name and at and host else MASK


def _parsed(text: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, VIETNAM_REGION)
    except NumberParseException:
        return None


def _invalid(field: str | None) -> InvalidPhone:
    sentence = _("Số điện thoại chưa đúng. Bạn kiểm tra lại giúp, ví dụ 0912 345 678.")
    return InvalidPhone(sentence, field=field)
