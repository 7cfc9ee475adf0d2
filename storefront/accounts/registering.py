"""Registering: telling strangers as little as can be about who is known here already.

Whether a phone number is free shows in whether registering succeeds, and no market can hide that without sending
a message to the phone. So how often one network address may ask is bounded, and the refusal does not say why.
"""

from __future__ import annotations

from datetime import datetime

from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, InvalidInput, TooMany
from marketplace.core.tries import count_try, key_of_address
from marketplace.people.models import User
from marketplace.people.services import LoginTaken, register_person
from marketplace.people.sign_in import WrongPassword, sign_in

REGISTRATIONS_OF_AN_ADDRESS_MAX = 60
"""A whole village may share one address, and register in one afternoon's class."""
REGISTRATIONS_KEPT_S = 15 * 60


class CannotRegister(Conflict):
    """No new person can be made with this phone or e-mail."""


class TooManyRegistrations(TooMany):
    """Too many people registered, or tried to, from one network address; wait."""


def register_or_sign_in(*, name: str, login: str, password: str, address: str, now: datetime) -> User:
    """A new person; or the one whose phone (or e-mail) and password these are, as when a form is sent twice.

    Raises `CannotRegister`, `TooManyRegistrations`, what `sign_in` raises after too many wrong passwords, and
    `InvalidInput` subclasses, all of them at a field of the form.
    """
    _refuse_too_many(address)
    by_email = "@" in login
    try:
        return register_person(
            name=name,
            phone=None if by_email else login,
            email=login if by_email else None,
            password=password,
            now=now,
        )
    except LoginTaken:
        return _signed_in(login=login, password=password, address=address, now=now)
    except InvalidInput as error:
        error.field = "login" if error.field in {"phone", "email"} else error.field
        raise


def _signed_in(*, login: str, password: str, address: str, now: datetime) -> User:
    try:
        return sign_in(login=login, password=password, address=address, now=now)
    except WrongPassword as error:
        sentence = _("Không đăng ký mới bằng số hoặc địa chỉ này được. Nếu là của bạn, hãy đăng nhập.")
        raise CannotRegister(sentence, field="login") from error


def _refuse_too_many(address: str) -> None:
    key = key_of_address("register", address)
    if cache.get(key, 0) >= REGISTRATIONS_OF_AN_ADDRESS_MAX:
        raise TooManyRegistrations(
            _("Nhiều người đăng ký từ mạng này quá. Đợi 15 phút rồi thử lại, hoặc gọi số hỗ trợ."),
            retry_after_s=REGISTRATIONS_KEPT_S,
        )
    count_try(key, kept_s=REGISTRATIONS_KEPT_S)
