"""Writing VietQR codes: one narrow profile, so that every bank's app reads the same thing.

`00 01 38 53 54 58 62-08 63`, all upper case (the QR symbol stays small), no name, nothing optional.
"""

from __future__ import annotations

import re
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput
from marketplace.core.payment_codes import MEMO_CHARACTERS_MAX
from payments.vietqr.crc import crc_of
from payments.vietqr.fields import join_field
from payments.vietqr.values import AMOUNT_DONG_MAX, NAPAS_GUID, NAPAS_TEMPLATE
from vendors.banks import ACCOUNT_CHARACTERS_MAX, Bank, InvalidAccountNumber, bank_by_bin

TO_ACCOUNT: Final = "QRIBFTTA"
TO_CARD: Final = "QRIBFTTC"

_ACCOUNT = re.compile(f"[0-9A-Z]{{1,{ACCOUNT_CHARACTERS_MAX}}}")
_CARD = re.compile("[0-9]{16,19}")
_MEMO = re.compile(f"[A-Z0-9]{{1,{MEMO_CHARACTERS_MAX}}}")


class InvalidAmount(InvalidInput):
    """The amount is not a positive whole number of đồng."""


class AmountOverTransferLimit(InvalidAmount):
    """The amount is 500,000,000 đồng or more, which NAPAS247 does not carry."""


class InvalidMemo(InvalidInput):
    """The memo is not 1 to 19 of A-Z and 0-9."""


class InvalidCardNumber(InvalidAccountNumber):
    """The text is no number of a card that this bank gave out."""


class InvalidService(InvalidInput):
    """The service is neither a transfer to an account nor one to a card."""


def write_vietqr(
    *, bin: str, account: str, amount: int | None = None, memo: str | None = None, service: str = TO_ACCOUNT
) -> str:
    """The text of a VietQR code that pays `account` at the bank with this `bin`.

    With an `amount` (whole đồng, 1 to 499,999,999) the code is for one payment; without, the payer fills it
    in and the code serves many. `account` is as `vendors.banks.check_account_number` gives it; for the service
    `TO_CARD` it is a card's number. Nothing is cut, folded or repaired on the way. Raises UnknownBank,
    InvalidAccountNumber (InvalidCardNumber for a card), InvalidAmount, AmountOverTransferLimit, InvalidMemo and
    InvalidService. Source: NAPAS' VietQR format v1.0.
    """
    parts = [
        join_field("00", "01"),
        join_field("01", "11" if amount is None else "12"),
        join_field(NAPAS_TEMPLATE, _receiver(bin, account, service=service)),
        join_field("53", "704"),
        "" if amount is None else join_field("54", _amount(amount)),
        join_field("58", "VN"),
        "" if memo is None else join_field("62", join_field("08", _memo(memo))),
        "6304",
    ]
    text = "".join(parts)
    return text + crc_of(text)


def _receiver(bin: str, account: str, *, service: str) -> str:
    bank = bank_by_bin(bin)
    if service not in (TO_ACCOUNT, TO_CARD):
        raise InvalidService(_("Mã VietQR chỉ dùng để chuyển tới tài khoản hoặc thẻ."), field="service")
    if _ACCOUNT.fullmatch(account) is None:
        raise InvalidAccountNumber(
            _("Số tài khoản chỉ gồm chữ số và chữ cái không dấu, nhiều nhất 19 ký tự."), field="account"
        )
    if service == TO_CARD:
        _check_card(bank, account)
    beneficiary = join_field("00", bank.bin) + join_field("01", account)
    return join_field("00", NAPAS_GUID) + join_field("01", beneficiary) + join_field("02", service)


def _check_card(bank: Bank, number: str) -> None:
    """A card's number begins with the BIN of the bank that gave it out (ISO/IEC 7812).

    Its check digit is not asked for: the card in NAPAS' own example has a wrong one.
    """
    if _CARD.fullmatch(number) is None:
        raise InvalidCardNumber(_("Số thẻ gồm 16 đến 19 chữ số."), field="account")
    if not number.startswith(bank.bin):
        raise InvalidCardNumber(_("Số thẻ này không phải của ngân hàng đã chọn."), field="account")


def _amount(amount: int) -> str:
    # `type() is`: True is an int to Python, and 1.5 must not be cut to 1.
    if type(amount) is not int or amount < 1:
        raise InvalidAmount(_("Số tiền phải là số nguyên (đồng), lớn hơn 0."), field="amount")
    if amount > AMOUNT_DONG_MAX:
        raise AmountOverTransferLimit(_("Mỗi lần chuyển nhanh NAPAS247 phải dưới 500.000.000 đồng."), field="amount")
    return str(amount)


def _memo(memo: str) -> str:
    if _MEMO.fullmatch(memo) is None:
        raise InvalidMemo(
            _("Nội dung chuyển khoản chỉ gồm 1 đến 19 chữ in hoa không dấu và chữ số, không có dấu cách."),
            field="memo",
        )
    return memo
