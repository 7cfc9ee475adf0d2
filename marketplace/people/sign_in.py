"""Signing in with a phone number or an e-mail address and a password, at a bounded number of tries."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.errors import InvalidInput, TooMany
from marketplace.core.phone import InvalidPhone, parse_phone
from marketplace.core.tries import count_try, key_of_address
from marketplace.people.models import SecondFactor, SignInAttempt, User

FAILURES_MAX = 10
FAILURES_OF_AN_ADDRESS_MAX = 300
"""Wrong passwords for whomever from one network address in a window: a whole village may share one, and so do all
shoppers of a storefront that asks for them; who tries one password on many people gets no further."""
SIGN_INS_MAX = 300
"""Right passwords for one login name in a window, however many programs and phones share it: each keeps a processor
busy for a quarter of a second and is written down."""
FAILURES_WINDOW_S = 15 * 60
LOGIN_CHARACTERS_MAX = 254
PASSWORD_CHARACTERS_MAX = 256
NO_MATCH = _("Số điện thoại (hoặc thư điện tử) và mật khẩu không khớp.")


class WrongPassword(InvalidInput):
    """No such person, or another password: never told apart."""

    code = "INVALID_CREDENTIALS"


class TooManyFailures(TooMany):
    """Too many wrong passwords for one login name; wait."""


def sign_in(*, login: str, password: str, now: datetime, address: str = "") -> User:
    """The active user whose phone or e-mail is `login` and whose password is `password`.

    Raises `WrongPassword`, or `TooManyFailures` after `FAILURES_MAX` wrong ones in `FAILURES_WINDOW_S` seconds,
    after `FAILURES_OF_AN_ADDRESS_MAX` from the network `address` that asks, or after `SIGN_INS_MAX` right ones.
    """
    name = normal_login(login)
    refuse_too_many(name, now=now)
    right_ones = f"sign-ins:{hashlib.sha256(name.encode()).hexdigest()}"
    if cache.get(right_ones, 0) >= SIGN_INS_MAX:
        raise TooManyFailures(
            _("Tài khoản này vừa đăng nhập nhiều lần quá. Đợi 15 phút rồi thử lại."),
            retry_after_s=FAILURES_WINDOW_S,
        )
    network = key_of_address("sign-in", address) if address else ""
    if network and cache.get(network, 0) >= FAILURES_OF_AN_ADDRESS_MAX:
        raise TooManyFailures(
            _("Từ mạng này nhập sai mật khẩu nhiều quá. Đợi 15 phút rồi thử lại."), retry_after_s=FAILURES_WINDOW_S
        )
    user = user_of_login(name) if len(password) <= PASSWORD_CHARACTERS_MAX else None
    if user is None:
        make_password(password[:PASSWORD_CHARACTERS_MAX])  # takes as long as a real check, so time tells nothing
    elif user.check_password(password) and may_act(user):
        with transaction.atomic():
            SignInAttempt.objects.filter(login=name).delete()
        count_try(right_ones, kept_s=FAILURES_WINDOW_S)
        return user
    count_failure(name, now=now)
    if network:
        count_try(network, kept_s=FAILURES_WINDOW_S)
    raise WrongPassword(NO_MATCH, field="login")


def refuse_if_changed_since(user: User) -> None:
    """Raises `WrongPassword` if another password was set since `user` was read; inside the caller's transaction.

    A check takes long: whoever came with the old one a moment before would get what the new one has just ended.
    """
    present = (
        User.objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("password", flat=True).first()
    )
    if present != user.password:
        raise WrongPassword(NO_MATCH, field="login")


def may_act(user: User) -> bool:
    """Whether this person may be signed in: active, and of the demo only while the demo is on.

    The demo's password is public; a database that once held the demo must not open to it later.
    """
    return user.is_active and (settings.MARKET_DEMO or not user.is_demo)


def normal_login(login: str) -> str:
    """A login name in the form that users are kept under: E.164 or lower-case e-mail; else as typed, cut."""
    text = login.strip()[:LOGIN_CHARACTERS_MAX].replace("\x00", "")
    small = text.lower()[:LOGIN_CHARACTERS_MAX]  # cut again: some capital letters are two small ones
    if "@" in text:
        return small
    try:
        return parse_phone(text)
    except InvalidPhone:
        return small


def user_of_login(name: str) -> User | None:
    """Who signs in by this name, given in its normal form."""
    column = "email" if "@" in name else "phone"
    return User.objects.filter(**{column: name}).first()


def refuse_too_many(name: str, *, now: datetime, failures_max: int = FAILURES_MAX) -> None:
    """Raises `TooManyFailures` while too many failures were counted for a login name."""
    attempt = SignInAttempt.objects.filter(login=name).first()
    if attempt is None or attempt.failures < failures_max:
        return
    opens_at = attempt.window_began_at + timedelta(seconds=FAILURES_WINDOW_S)
    if now < opens_at:
        raise TooManyFailures(
            _("Bạn đã nhập sai nhiều lần. Đợi ít phút rồi thử lại."),
            retry_after_s=int((opens_at - now).total_seconds()) + 1,
        )


def count_failure(name: str, *, now: datetime) -> None:
    """Count a wrong password, or a wrong code in its place, for a login name."""
    with transaction.atomic():
        attempt, made = SignInAttempt.objects.select_for_update().get_or_create(
            login=name, defaults={"failures": 1, "window_began_at": now}
        )
        if made:
            return
        if now - attempt.window_began_at > timedelta(seconds=FAILURES_WINDOW_S):
            attempt.failures, attempt.window_began_at = 1, now
            attempt.save()
        else:
            SignInAttempt.objects.filter(login=name).update(failures=F("failures") + 1)


class PhoneOrEmailBackend(ModelBackend):
    """Django's own sign-in (the admin's form) by the same rules; its sessions find users as usual."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **fields: Any,
    ) -> User | None:
        """The user, or None. Counts failures as `sign_in` does, by the present time.

        Nobody who must give a code besides the password: this form has no place for one.
        """
        address = "" if request is None else request.META.get("REMOTE_ADDR", "")
        login = username or str(fields.get("email") or "")
        if not login or password is None:
            return None
        try:
            user = sign_in(login=login, password=password, now=clock.now(), address=address)
        except (WrongPassword, TooManyFailures):
            return None
        return None if SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists() else user

    def user_can_authenticate(self, user: Any) -> bool:
        """Whether a session of this person counts."""
        return isinstance(user, User) and may_act(user)
