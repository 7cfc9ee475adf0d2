"""Being signed in: on which machines, ending it on one or everywhere, and changing one's own password.

Sessions live in signed cookies (decision 0005) that carry the number of their sign-in, so that each can be ended
by itself (decision 0018); the person's `token_generation` is part of what each must carry, too, and raising it ends
them all at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, ip_address

from django.db import transaction
from django.db.models import BigIntegerField, Case, Count, F, Max, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.people.models import RefreshToken, SignIn, User
from marketplace.people.recording import record_person
from marketplace.people.services import refuse_weak
from marketplace.people.sign_in import WrongPassword, refuse_if_changed_since, sign_in

SIGN_INS_SHOWN_MAX = 10
SIGN_INS_KEPT_DAYS = 90
SESSION_DAYS = 14
"""How long Django's cookie lasts that was not written anew: what was used longer ago is no session any more."""
PROGRAM_DAYS = 30
"""How long a program's tokens last (`tokens.REFRESH_S`)."""
USE_NOTED_EVERY_S = 3600
MACHINES_A_PAGE = 20
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

    code = "INVALID_CREDENTIALS"


def browser_name(user_agent: str) -> str:
    """What people call the browser that calls itself `user_agent`: "Chrome · Android"; empty if unknown. Pure."""
    names = (next((name for mark, name in known if mark in user_agent), "") for known in (_BROWSERS, _MACHINES))
    return " · ".join(name for name in names if name)


class NoSuchSignIn(NotFound):
    """No sign-in of this person that is still on."""


def network_of(address: str) -> str:
    """The network that an address lies in, without what names one house: `113.161.*.*`; empty if unknown. Pure."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    if isinstance(known, IPv4Address):
        return ".".join([*str(known).split(".")[:2], "*", "*"])
    return ":".join([*known.exploded.split(":")[:2], "*"])


def note_sign_in(
    *, user: User, user_agent: str, now: datetime, address: str = "", by_two_steps: bool = False
) -> SignIn:
    """Keep that `user` signed in just now, and with what kind of browser. Returns the session that it began."""
    return _noted(user, user_agent, address, now=now, by_two_steps=by_two_steps)


def note_program(*, user: User, user_agent: str, address: str, by_two_steps: bool, now: datetime) -> SignIn:
    """The same for a program that was given a password for tokens: every time a sign-in of its own.

    A storefront's server asks for all its shoppers by one address and one name, a thief among them: were those that
    look alike one sign-in, a new password would spare the thief's tokens with the person's own.
    Raises `WrongPassword` where the password was changed since `user` was read.
    """
    with transaction.atomic():
        refuse_if_changed_since(user)
        return _noted(user, user_agent, address, now=now, by_two_steps=by_two_steps, is_program=True)


def _noted(
    user: User, user_agent: str, address: str, *, now: datetime, by_two_steps: bool, is_program: bool = False
) -> SignIn:
    return SignIn.objects.create(
        user=user,
        happened_at=now,
        last_used_at=now,
        browser=browser_name(user_agent),
        network=network_of(address),
        is_program=is_program,
        by_two_steps=by_two_steps,
    )


def live_sign_in(number: object) -> SignIn | None:
    """The sign-in of that number with its person, unless it was ended; one statement."""
    if not isinstance(number, int):
        return None
    sign_in = SignIn.objects.select_related("user").filter(pk=number, ended_at=None).first()
    if sign_in is not None:
        sign_in.user.present_sign_in = sign_in
    return sign_in


def live_sign_ins(user: User, *, now: datetime) -> QuerySet[SignIn]:
    """A person's sign-ins that may still be used, the last used first."""
    rows = SignIn.objects.filter(user=user, ended_at=None)
    browsers = rows.filter(is_program=False, last_used_at__gt=now - timedelta(days=SESSION_DAYS))
    programs = rows.filter(is_program=True, last_used_at__gt=now - timedelta(days=PROGRAM_DAYS))
    return (browsers | programs).order_by("-last_used_at", "-pk")


@dataclass(frozen=True, kw_only=True)
class Machine:
    """Where a person is signed in, as they know it: a browser's one sign-in, or all of a program that look alike."""

    number: int
    """The newest sign-in's, by which all of it are ended."""
    is_program: bool
    browser: str
    network: str
    last_used_at: datetime
    sign_ins: int


def machines(user: User, *, page: int, now: datetime) -> tuple[list[Machine], bool]:
    """The person's machines of a page that are signed in, the last used first, and whether there are more.

    One statement.
    """
    begin = (page - 1) * MACHINES_A_PAGE
    apart = Case(When(is_program=True, then=Value(0)), default=F("pk"), output_field=BigIntegerField())
    grouped = live_sign_ins(user, now=now).order_by().values("is_program", "browser", "network", apart=apart)
    counted = grouped.annotate(number=Max("pk"), last_used=Max("last_used_at"), sign_ins=Count("pk"))
    rows = list(counted.order_by("-last_used", "-number")[begin : begin + MACHINES_A_PAGE + 1])
    shown = [
        Machine(
            number=row["number"],
            is_program=row["is_program"],
            browser=row["browser"],
            network=row["network"],
            last_used_at=row["last_used"],
            sign_ins=row["sign_ins"],
        )
        for row in rows[:MACHINES_A_PAGE]
    ]
    return shown, len(rows) > MACHINES_A_PAGE


def use_is_to_be_noted(sign_in: SignIn, *, now: datetime) -> bool:
    """Whether the use that is kept lies an hour back."""
    kept = sign_in.last_used_at
    return kept is None or now - kept >= timedelta(seconds=USE_NOTED_EVERY_S)


def note_use(sign_in: SignIn, *, address: str, now: datetime) -> None:
    """Keep when and from which network a sign-in was used; of several requests at once, one does."""
    with transaction.atomic():
        SignIn.objects.filter(pk=sign_in.pk, last_used_at=sign_in.last_used_at).update(
            last_used_at=now, network=network_of(address)
        )


def end_sign_in(*, user: User, sign_in_id: int, now: datetime) -> None:
    """End one sign-in of a person, with the tokens that hang on it; ended already, nothing changes.

    Of a program all that look alike end (see `machines`): nobody could say which of them is which.
    Raises `NoSuchSignIn`.
    """
    with transaction.atomic():
        sign_in = SignIn.objects.select_for_update().filter(user=user, pk=sign_in_id).first()
        if sign_in is None:
            raise NoSuchSignIn(_("Không có máy này."))
        if sign_in.ended_at is None:
            over = [sign_in.pk, *(_alike(sign_in) if sign_in.is_program else ())]
            SignIn.objects.filter(pk__in=over).update(ended_at=now)
            RefreshToken.objects.filter(sign_in__in=over).delete()
            record_person("person.signed_out", user.pk, actor=Actor(user_id=user.pk), now=now, sign_in=sign_in.pk)


def _alike(sign_in: SignIn) -> list[int]:
    """The other sign-ins of a person's program that are shown as one with this one."""
    same = SignIn.objects.filter(
        user=sign_in.user_id, ended_at=None, is_program=True, browser=sign_in.browser, network=sign_in.network
    )
    return list(same.exclude(pk=sign_in.pk).values_list("pk", flat=True))


def recent_sign_ins(user: User) -> list[SignIn]:
    """The last `SIGN_INS_SHOWN_MAX` sign-ins of a person, newest first; one statement."""
    return list(SignIn.objects.filter(user=user).order_by("-happened_at", "-pk")[:SIGN_INS_SHOWN_MAX])


def sign_out_everywhere(*, user: User, now: datetime, here_too: bool = False) -> User:
    """End every session and token of a person but the sign-in by which they ask, or with `here_too` that as well.

    Returns the row as it is now. The asking browser's session needs its hash anew (`update_session_auth_hash`).
    """
    with transaction.atomic():
        locked = end_sessions(user.pk, now=now, but=None if here_too else user.present_sign_in)
        record_person("person.signed_out_everywhere", user.pk, actor=Actor(user_id=user.pk), now=now)
    return locked


def change_password(*, user: User, old: str, new: str, now: datetime) -> User:
    """Set a new password for a person who knows the present one, and end all their other sessions.

    Raises `WrongOldPassword`, `TooManyFailures` as signing in does, and `WeakPassword`. Returns the row.
    """
    refuse_weak(new)
    require_password(user, old, field="old", now=now)
    with transaction.atomic():
        locked = end_sessions(user.pk, now=now, new_password=new, but=user.present_sign_in)
        record_person("person.password_changed", user.pk, actor=Actor(user_id=user.pk), now=now)
    return locked


def require_password(user: User, password: str, *, field: str, now: datetime) -> None:
    """Raises `WrongOldPassword` at `field` for another than the present password, and `TooManyFailures`."""
    try:
        sign_in(login=user.phone or user.email or "", password=password, now=now)
    except WrongPassword as error:
        raise WrongOldPassword(_("Mật khẩu hiện nay chưa đúng."), field=field) from error


def end_sessions(
    person_id: int, *, now: datetime, new_password: str | None = None, but: SignIn | None = None
) -> User:
    """Make every session and token of a person worthless, but that sign-in; set a new password if one is given.

    Runs inside the caller's transaction, which says in the journal why. Returns the row, locked.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=person_id)
    user.token_generation += 1
    if new_password is not None:
        user.set_password(new_password)
    user.save(update_fields=["password", "token_generation"])
    tokens = RefreshToken.objects.filter(user=user)
    (tokens if but is None else tokens.exclude(sign_in=but)).delete()
    rows = SignIn.objects.filter(user=user, ended_at=None)
    (rows if but is None else rows.exclude(pk=but.pk)).update(ended_at=now)
    user.present_sign_in = but
    return user


def forget_sign_ins_of_long_ago(now: datetime) -> int:
    """Delete sign-ins that were not used for `SIGN_INS_KEPT_DAYS`. Returns how many."""
    over = now - timedelta(days=SIGN_INS_KEPT_DAYS)
    with transaction.atomic():
        used = SignIn.objects.filter(last_used_at__lt=over).delete()[0]
        return used + SignIn.objects.filter(last_used_at=None, happened_at__lt=over).delete()[0]
