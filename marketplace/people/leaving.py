"""Deleting an account: asked for by the person, confirmed by a link, and then nothing personal is left in the row.

The row itself stays, without name, phone and e-mail, since orders, consents and the journal name it; the law keeps
those longer than a person stays (Law 91/2025/QH15 leaves what other laws ask to be kept).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput
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
from marketplace.people.models import (
    Deletion,
    HelpConsent,
    PasswordReset,
    RecoveryCode,
    RefreshToken,
    Registration,
    Role,
    SecondFactor,
    SignIn,
    SignInAttempt,
    User,
)
from marketplace.people.recording import record_person
from marketplace.people.registering import INVALID_TOKEN, WrongLink

DELETION_HOURS = 24


class HoldsOffice(Conflict):
    """Somebody who holds an office or works in a shop is needed until that is taken from them."""

    code = "DELETE_STAFF_ACCOUNT"


class NoMailbox(InvalidInput):
    """The link cannot be sent: the person has no e-mail address, or this market sends no mail."""


def refuse_office(user: User) -> None:
    """Raises `HoldsOffice`."""
    if user.is_staff or user.is_superuser or Role.objects.filter(user=user).exists():
        raise HoldsOffice(
            gettext_lazy("Bạn đang giữ một vai trò. Người vận hành thu vai trò trước, rồi mới xóa được.")
        )


def ask_to_leave(*, user: User, redirect_url: str, now: datetime) -> None:
    """Have the link sent that deletes the account of `user`; it leads to `redirect_url` (checked already).

    More than `LINKS_AN_HOUR_MAX` in an hour are silently not sent. Raises `HoldsOffice`, `NoMailbox`.
    """
    refuse_office(user)
    if not user.email or not mail_is_sent():
        raise NoMailbox(
            gettext_lazy("Không gửi được thư xác nhận cho tài khoản này. Bạn gọi số hỗ trợ để xóa tài khoản giúp.")
        )
    with transaction.atomic():
        if Deletion.objects.filter(user=user, asked_at__gt=now - timedelta(hours=1)).count() >= LINKS_AN_HOUR_MAX:
            return
        Deletion.objects.create(
            user=user,
            asked_at=now,
            send_after=now,
            expires_at=now + timedelta(hours=DELETION_HOURS),
            redirect_url=redirect_url,
        )
        record_person("person.asked_for_deletion", user.pk, actor=Actor(user_id=user.pk), now=now)


def erase_person(*, user: User, secret: str, now: datetime) -> User:
    """Take everything personal out of the row of `user`, who holds the link, and end all their sign-ins.

    Runs inside the caller's transaction, which erases what lies above people. Raises `WrongLink`, `HoldsOffice`.
    """
    refuse_office(user)
    live = Deletion.objects.select_for_update().filter(user=user, used_at=None, expires_at__gt=now)
    if not is_secret(secret) or not live.filter(secret_hash=hashed(secret)).exists():
        raise WrongLink(INVALID_TOKEN, field="token")
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    for model in (Deletion, PasswordReset, RecoveryCode, RefreshToken, SecondFactor, SignIn):
        model._default_manager.filter(user=locked).delete()
    Registration.objects.filter(email=locked.email).delete()
    SignInAttempt.objects.filter(login__in=[name for name in (locked.phone, locked.email) if name]).delete()
    HelpConsent.objects.filter(person=locked, withdrawn_at=None).update(withdrawn_at=now)
    _blank(locked, now=now)
    record_person("person.erased", locked.pk, actor=Actor(user_id=locked.pk), now=now)
    return locked


def _blank(user: User, *, now: datetime) -> None:
    user.name = ""
    user.phone = user.email = user.billing_address_number = None
    user.metadata, user.private_metadata = {}, {}
    user.is_active = False
    user.token_generation += 1
    user.erased_at = now
    user.set_unusable_password()
    user.save()


def send_deletions(*, now: datetime) -> int:
    """Send the mails that are due, at most `SENT_A_TIME_MAX`. Returns how many were tried."""
    due = Deletion.objects.filter(send_after__lte=now, expires_at__gt=now, used_at=None)
    return send_due(due.select_related("user").order_by("send_after")[:SENT_A_TIME_MAX], _letter, now=now)


def forget_deletions(now: datetime) -> int:
    """Delete the wishes whose time is over. Returns how many."""
    with transaction.atomic():
        return Deletion.objects.filter(expires_at__lt=now).delete()[0]


def _letter(deletion: Deletion, secret: str) -> Letter:
    def write() -> Letter:
        words = _(
            "Bạn vừa xin xóa tài khoản ở Chợ 4.0. Mở liên kết này trong 24 giờ để xóa; sau đó không lấy lại được, "
            "còn đơn hàng đã đặt thì vẫn giữ theo luật:\n\n%(address)s\n\nNếu không phải bạn, hãy đổi mật khẩu ngay. "
            "Cần giúp thì gọi %(hotline)s."
        ) % {"address": redirect_to(deletion.redirect_url, token=secret), "hotline": settings.MARKET_HOTLINE}
        return Letter(to=deletion.user.email or "", subject=_("Xóa tài khoản Chợ 4.0"), words=words)

    return in_language(deletion.user.language_code, write)
