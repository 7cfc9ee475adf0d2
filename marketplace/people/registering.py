"""Registering by e-mail over an interface for programs: the person is made once the link in the mail was used.

Asking never tells whether somebody is known here: whoever is gets a mail that says so, and nothing else happens.
Until the link is used there is no person, so nobody is kept from an address by a stranger who typed it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.core.metadata import Change
from marketplace.core.text import clean_line
from marketplace.people.mailing import (
    LINKS_AN_HOUR_MAX,
    SENT_A_TIME_MAX,
    Letter,
    hashed,
    in_language,
    is_secret,
    mail_is_sent,
    redirect_to,
    send_due,
)
from marketplace.people.models import Registration, User
from marketplace.people.recording import record_person
from marketplace.people.services import NAME_CHARACTERS_MAX, clean_email, refuse_weak, register_person
from marketplace.people.sign_in import normal_login

REGISTRATION_HOURS = 24
INVALID_TOKEN = "Invalid or expired token."  # noqa: S105  # Saleor's sentence, no password


class WrongLink(InvalidInput):
    """The link was used, is too old, was sent to somebody else, or never was one: never told apart."""


@dataclass(frozen=True)
class Wanted:
    """Who somebody wants to be known as."""

    email: str
    password: str
    name: str = ""
    language_code: str = "vi"
    metadata: dict[str, str] = field(default_factory=dict)
    redirect_url: str = ""
    """Checked by `mailing.check_redirect`; needed where mail is sent."""


def register_by_email(*, wanted: Wanted, now: datetime) -> bool:
    """Register somebody. Returns whether they must use the link in a mail first.

    Where this market sends no mail the person is made at once. Raises `InvalidInput` subclasses for bad values;
    only without mail `LoginTaken`.
    """
    email = clean_email(wanted.email)
    name = clean_line(wanted.name, characters_max=NAME_CHARACTERS_MAX, field="first_name")
    refuse_weak(wanted.password)
    Change(put=wanted.metadata).of({})
    if not mail_is_sent():
        _register_at_once(wanted, email=email, name=name, now=now)
        return False
    with transaction.atomic():
        asked = Registration.objects.filter(email=email, asked_at__gt=now - timedelta(hours=1)).count()
        Registration.objects.create(
            email=email,
            name=name,
            password=make_password(wanted.password),
            language_code=wanted.language_code,
            metadata=wanted.metadata,
            redirect_url=wanted.redirect_url,
            asked_at=now,
            expires_at=now + timedelta(hours=REGISTRATION_HOURS),
            send_after=now if asked < LINKS_AN_HOUR_MAX else None,
        )
    return True


def _register_at_once(wanted: Wanted, *, email: str, name: str, now: datetime) -> None:
    with transaction.atomic():
        user = register_person(name=name, email=email, password=wanted.password, now=now, taken_field="email")
        User.objects.filter(pk=user.pk).update(language_code=wanted.language_code, metadata=wanted.metadata)


def confirm_registration(*, email: str, secret: str, now: datetime) -> User:
    """Make the person whose registration a link confirms, which is used up then. Raises `WrongLink`."""
    try:
        with transaction.atomic():
            return _made_of(_registration(email, secret, now=now), now=now)
    except IntegrityError as error:  # known by another way since
        raise WrongLink(INVALID_TOKEN, field="token") from error


def _registration(email: str, secret: str, *, now: datetime) -> Registration:
    live = Registration.objects.select_for_update().filter(used_at=None, expires_at__gt=now)
    found = live.filter(secret_hash=hashed(secret), email=normal_login(email)).first() if is_secret(secret) else None
    if found is None or User.objects.filter(email=found.email).exists():
        raise WrongLink(INVALID_TOKEN, field="token")
    return found


def _made_of(registration: Registration, *, now: datetime) -> User:
    user = User.objects.create(
        email=registration.email,
        name=registration.name,
        password=registration.password,
        language_code=registration.language_code,
        metadata=registration.metadata,
    )
    Registration.objects.filter(email=user.email).delete()
    record_person("person.registered", user.pk, actor=Actor(user_id=user.pk), now=now)
    return user


def send_registrations(*, now: datetime) -> int:
    """Send the mails that are due, at most `SENT_A_TIME_MAX`. Returns how many were tried."""
    due = Registration.objects.filter(send_after__lte=now, expires_at__gt=now, used_at=None)
    return send_due(due.order_by("send_after")[:SENT_A_TIME_MAX], _letter, now=now)


def forget_registrations(now: datetime) -> int:
    """Delete registrations that nobody confirmed in time, with the personal data in them. Returns how many."""
    with transaction.atomic():
        return Registration.objects.filter(expires_at__lt=now).delete()[0]


def _letter(registration: Registration, secret: str) -> Letter:
    is_known = User.objects.filter(email=registration.email).exists()
    address = redirect_to(registration.redirect_url, email=registration.email, token=secret)

    def write() -> Letter:
        said = {"address": address, "hotline": settings.MARKET_HOTLINE}
        if is_known:
            subject, words = _("Bạn đã có tài khoản ở Chợ 4.0"), _words_for_the_known()
        else:
            subject, words = _("Xác nhận tài khoản Chợ 4.0"), _words_for_the_new()
        return Letter(to=registration.email, subject=subject, words=words % said)

    return in_language(registration.language_code, write)


def _words_for_the_new() -> str:
    return _(
        "Bạn vừa đăng ký tài khoản ở Chợ 4.0. Mở liên kết này trong 24 giờ để xác nhận:\n\n%(address)s\n\n"
        "Nếu không phải bạn, cứ bỏ qua thư này: sẽ không có tài khoản nào. Cần giúp thì gọi %(hotline)s."
    )


def _words_for_the_known() -> str:
    return _(
        "Có người vừa đăng ký ở Chợ 4.0 bằng thư điện tử này, nhưng bạn đã có tài khoản rồi. Bạn cứ đăng nhập như "
        "mọi khi; quên mật khẩu thì xin đặt lại ở trang đăng nhập. Nếu không phải bạn, cứ bỏ qua thư này. Cần giúp "
        "thì gọi %(hotline)s."
    )
