"""Being signed in: where it happened lately, ending it everywhere, and changing one's own password.

Sessions live in signed cookies (decision 0005), so none can be listed nor ended by itself; the person's
`token_generation` is part of what each must carry, and raising it ends them all at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.people.models import RefreshToken, SignIn, User
from marketplace.people.recording import record_person
from marketplace.people.services import refuse_weak
from marketplace.people.sign_in import WrongPassword, sign_in

SIGN_INS_SHOWN_MAX = 10
SIGN_INS_KEPT_DAYS = 90
_BROWSERS = (
    ("Zalo", "Zalo"),
    ("FBAN", "Facebook"),
    ("FBAV", "Facebook"),
    ("SamsungBrowser", "Samsung Internet"),
    ("coc_coc", "Cốc Cốc"),
    ("OPR/", "Opera"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_MACHINES = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


class WrongOldPassword(InvalidInput):
    """The present password is another."""


def browser_name(user_agent: str) -> str:
    """What people call the browser that calls itself `user_agent`: "Chrome · Android"; empty if unknown. Pure."""
    names = (next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _MACHINES))
    return " · ".join(name for name in names if name)


def note_sign_in(*, user: User, user_agent: str, now: datetime) -> None:
    """Keep that `user` signed in just now, and with what kind of browser."""
    with transaction.atomic():
        SignIn.objects.create(user=user, happened_at=now, browser=browser_name(user_agent))


def recent_sign_ins(user: User) -> list[SignIn]:
    """The last `SIGN_INS_SHOWN_MAX` sign-ins of a person, newest first; one statement."""
    return list(SignIn.objects.filter(user=user).order_by("-happened_at", "-pk")[:SIGN_INS_SHOWN_MAX])


def sign_out_everywhere(*, user: User, now: datetime) -> User:
    """End every session and token of a person, that of the asking browser included. Returns the row as it is now."""
    with transaction.atomic():
        locked = end_sessions(user.pk)
        record_person("person.signed_out_everywhere", user.pk, actor=Actor(user_id=user.pk), now=now)
    return locked


def change_password(*, user: User, old: str, new: str, now: datetime) -> User:
    """Set a new password for a person who knows the present one, and end all their sessions.

    Raises `WrongOldPassword`, `TooManyFailures` as signing in does, and `WeakPassword`. Returns the row.
    """
    refuse_weak(new)
    try:
        sign_in(login=user.phone or user.email or "", password=old, now=now)
    except WrongPassword as error:
        raise WrongOldPassword(_("Mật khẩu hiện nay chưa đúng."), field="old") from error
    with transaction.atomic():
        locked = end_sessions(user.pk, new_password=new)
        record_person("person.password_changed", user.pk, actor=Actor(user_id=user.pk), now=now)
    return locked


def end_sessions(person_id: int, *, new_password: str | None = None) -> User:
    """Make every session and token of a person worthless, and set a new password if one is given.

    Runs inside the caller's transaction, which says in the journal why. Returns the row, locked.
    """
    user = User.objects.select_for_update().get(pk=person_id)
    user.token_generation += 1
    if new_password is not None:
        user.set_password(new_password)
    user.save(update_fields=["password", "token_generation"])
    RefreshToken.objects.filter(user=user).delete()
    return user


def forget_sign_ins_of_long_ago(now: datetime) -> int:
    """Delete sign-ins older than `SIGN_INS_KEPT_DAYS`. Returns how many."""
    with transaction.atomic():
        return SignIn.objects.filter(happened_at__lt=now - timedelta(days=SIGN_INS_KEPT_DAYS)).delete()[0]
