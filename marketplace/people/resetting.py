"""A forgotten password: a link by e-mail, or a code that staff hand out in person; each sets one new password.

Asking never tells whether somebody is known here: it keeps the name that was typed, whoever's it is. A task looks it
up, writes the mail and sends it, so that the answer takes equally long for everybody and no transaction waits for a
mail server.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotFound
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
from marketplace.people.models import PasswordReset, ResetWish, SignInAttempt, User
from marketplace.people.recording import record_person
from marketplace.people.services import refuse_weak
from marketplace.people.sessions import end_sessions
from marketplace.people.sign_in import count_failure, may_act, normal_login, refuse_too_many, user_of_login

LINK_MINUTES = 60
WISHES_A_TIME_MAX = 500
CODE_MINUTES = 30
CODE_DIGITS = 8
CODE_FAILURES_MAX = 5


class LinkOver(NotFound):
    """The link was used, is too old, or never was one."""


class WrongCode(InvalidInput):
    """No such person, or not their code, or it is over: never told apart."""

    code = "INVALID_CREDENTIALS"


def ask_for_link(*, login: str, now: datetime, redirect_url: str = "") -> None:
    """Have a link sent to the person who signs in by `login`, if there is one with an e-mail address.

    It leads to `redirect_url` (checked by `mailing.check_redirect`), or to the market's own page. Whether there is,
    shows neither in the answer nor in how long it takes: nobody is looked up, one row is written.
    """
    if not mail_is_sent():
        return
    with transaction.atomic():
        ResetWish.objects.create(login=normal_login(login), asked_at=now, redirect_url=redirect_url)


def send_waiting(*, now: datetime) -> int:
    """Look up who asked, and send the mails that are due, at most `SENT_A_TIME_MAX`. Returns how many were tried."""
    for wish in ResetWish.objects.order_by("pk")[:WISHES_A_TIME_MAX]:
        _grant(wish, now=now)
    due = PasswordReset.objects.filter(send_after__lte=now, expires_at__gt=now, used_at=None)
    return send_due(due.select_related("user").order_by("send_after")[:SENT_A_TIME_MAX], _letter, now=now)


def _grant(wish: ResetWish, *, now: datetime) -> None:
    """Make a reset of a wish and forget the wish. Nothing comes of one for nobody, of one whose link would be over,
    and of more than `LINKS_AN_HOUR_MAX` in an hour for one person."""
    expires_at = wish.asked_at + timedelta(minutes=LINK_MINUTES)
    with transaction.atomic():
        is_mine = ResetWish.objects.filter(pk=wish.pk).delete()[0]  # of two processes, one finds it
        user = user_of_login(wish.login) if is_mine and now < expires_at else None
        if user is None or not user.email or not may_act(user):
            return
        links = PasswordReset.objects.filter(user=user, means=PasswordReset.Means.EMAIL)
        if links.filter(asked_at__gt=wish.asked_at - timedelta(hours=1)).count() >= LINKS_AN_HOUR_MAX:
            return
        reset = links.create(
            user=user,
            means=PasswordReset.Means.EMAIL,
            asked_at=wish.asked_at,
            send_after=now,
            expires_at=expires_at,
            redirect_url=wish.redirect_url,
        )
        _record("person.asked_for_reset", reset, actor=Actor(), now=wish.asked_at)


def _letter(reset: PasswordReset, secret: str) -> Letter:
    address = f"{settings.MARKET_PUBLIC_URL}/password/new/{secret}/"
    email = reset.user.email or ""
    if reset.redirect_url:
        address = redirect_to(reset.redirect_url, email=email, token=secret)

    def write() -> Letter:
        words = _(
            "Bạn vừa xin đặt lại mật khẩu ở Chợ 4.0. Mở liên kết này trong 60 phút để đặt mật khẩu mới:\n\n"
            "%(address)s\n\nNếu không phải bạn, cứ bỏ qua thư này: mật khẩu vẫn như cũ. Cần giúp thì gọi %(hotline)s."
        ) % {"address": address, "hotline": settings.MARKET_HOTLINE}
        return Letter(to=email, subject=_("Đặt lại mật khẩu Chợ 4.0"), words=words)

    return in_language(reset.user.language_code, write)


def give_code(*, actor: Actor, person: User, checked: str, now: datetime) -> str:
    """A code of `CODE_DIGITS` digits for a person who stands before staff; earlier codes of theirs end.

    Who may do this for whom is decided by the caller (`vendors.helping`). Raises `InvalidInput`.
    """
    if checked not in PasswordReset.Checked.values:
        raise InvalidInput(gettext_lazy("Bạn chọn cách đã kiểm tra giúp."), field="checked")
    code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"
    with transaction.atomic():
        live = PasswordReset.objects.filter(user=person, means=PasswordReset.Means.STAFF, expires_at__gt=now)
        live.update(expires_at=now)
        reset = PasswordReset.objects.create(
            user=person,
            means=PasswordReset.Means.STAFF,
            secret_hash=hashed(code),
            asked_at=now,
            expires_at=now + timedelta(minutes=CODE_MINUTES),
            given_by_id=actor.user_id,
        )
        _record("person.reset_code_given", reset, actor=actor, now=now, checked=checked)
    return code


def person_of_link(secret: str, *, now: datetime) -> User:
    """Whose new password a link sets. Raises `LinkOver`."""
    return _reset_of_link(secret, now=now).user


def use_link(*, secret: str, password: str, now: datetime, email: str | None = None) -> User:
    """Set a new password by a link, which is used up then. Raises `LinkOver`, `WeakPassword`.

    With `email` it must be that person's link.
    """
    with transaction.atomic():
        reset = _reset_of_link(secret, now=now, lock=True)
        if email is not None and normal_login(email) != reset.user.email:
            raise LinkOver(gettext_lazy("Liên kết này đã dùng hoặc đã hết hạn. Bạn xin liên kết mới giúp."))
        return _set_password(reset, password, now=now)


def use_code(*, login: str, code: str, password: str, now: datetime) -> User:
    """Set a new password by the code that staff gave, which is used up then.

    Raises `WrongCode`, `TooManyFailures`, `WeakPassword`; a weak password leaves the code as it was.
    """
    name = normal_login(login)
    refuse_too_many(name, now=now)
    refuse_weak(password)
    digits = "".join(character for character in code if character.isascii() and character.isdigit())
    person = user_of_login(name)
    with transaction.atomic():
        reset = _live_code(person, now=now) if person is not None and may_act(person) else None
        if reset is not None and secrets.compare_digest(reset.secret_hash, hashed(digits)):
            return _set_password(reset, password, now=now)
        if reset is not None:
            PasswordReset.objects.filter(pk=reset.pk).update(failures=F("failures") + 1)
    count_failure(name, now=now)
    raise WrongCode(
        gettext_lazy("Số điện thoại (hoặc thư điện tử) và mã không khớp, hoặc mã đã hết hạn."), field="code"
    )


def forget_resets(now: datetime) -> int:
    """Delete resets whose time was over a day ago: the hourly limit and the journal need them no longer."""
    with transaction.atomic():
        return PasswordReset.objects.filter(expires_at__lt=now - timedelta(days=1)).delete()[0]


def _live_code(person: User, *, now: datetime) -> PasswordReset | None:
    return (
        PasswordReset.objects.select_for_update(of=("self",))
        .filter(
            user=person,
            means=PasswordReset.Means.STAFF,
            used_at=None,
            expires_at__gt=now,
            failures__lt=CODE_FAILURES_MAX,
        )
        .order_by("-pk")
        .first()
    )


def _reset_of_link(secret: str, *, now: datetime, lock: bool = False) -> PasswordReset:
    rows = PasswordReset.objects.select_for_update(of=("self",)) if lock else PasswordReset.objects.all()
    found = None
    if is_secret(secret):
        live = rows.filter(means=PasswordReset.Means.EMAIL, used_at=None, expires_at__gt=now)
        found = live.filter(secret_hash=hashed(secret)).select_related("user").first()
    if found is None or not may_act(found.user):
        raise LinkOver(gettext_lazy("Liên kết này đã dùng hoặc đã hết hạn. Bạn xin liên kết mới giúp."))
    return found


def _set_password(reset: PasswordReset, password: str, *, now: datetime) -> User:
    """The new password, every session and token ended, every other reset of the person, too."""
    refuse_weak(password)
    user = end_sessions(reset.user_id, now=now, new_password=password)
    PasswordReset.objects.filter(user=user, used_at=None).update(used_at=now, send_after=None)
    SignInAttempt.objects.filter(login__in=[name for name in (user.phone, user.email) if name]).delete()
    _record("person.password_reset", reset, actor=Actor(user_id=user.pk), now=now)
    return user


def _record(kind: str, reset: PasswordReset, *, actor: Actor, now: datetime, **more: str) -> None:
    record_person(kind, reset.user_id, actor=actor, now=now, means=reset.means, reset=reset.pk, **more)
