"""A second step at sign-in: a code of the person's authenticator app, or one of their recovery codes, each once.

Setting up makes a secret, which counts once a first code shows that the app has it. The secret is kept encrypted,
recovery codes only as keyed hashes. Wrong codes are counted apart from wrong passwords: whoever knows the password
could otherwise begin the count anew by giving it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed
from marketplace.people.models import PasswordReset, RecoveryCode, Role, SecondFactor, SignIn, SignInAttempt, User
from marketplace.people.recording import record_person
from marketplace.people.sessions import end_sessions, require_password
from marketplace.people.sign_in import count_failure, refuse_too_many
from marketplace.people.totp import (
    CODE_CHARACTERS_MAX,
    DIGITS,
    RECOVERY_DIGITS,
    address_of_secret,
    digits_of,
    fresh_recovery_codes,
    fresh_secret,
    step_of_code,
)

CODE_FAILURES_MAX = 5
SETUP_MINUTES = 60
OFFICES = (Role.Kind.OPERATOR, Role.Kind.PROVINCE, Role.Kind.COMMUNE)
"""Roles of which the market may require it. Not agents: money, accounts and passwords are closed to them anyway."""
_SALT = "marketplace.people.second_step"


class WrongStepCode(InvalidInput):
    """Not the code of this moment, used before, or no recovery code of this person: never told apart."""

    code = "INVALID_CREDENTIALS"


class CodeMissing(WrongStepCode):
    """The account asks for a code, and none was given."""

    code = "REQUIRED"


class NotSetUp(Conflict):
    """There is no second step to confirm or to end, or there is one already."""


class StepRequired(NotAllowed):
    """Staff may not do without it while the market requires it."""


@dataclass(frozen=True)
class SetUp:
    """What the app needs to be told: the secret in base32, and the address that a QR code brings it."""

    secret: str
    address: str


def has_second_step(user: User) -> bool:
    """Whether a code is asked for besides the password."""
    return SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists()


def holds_office(user: User) -> bool:
    """Whether the person is staff of a commune or province, or runs the market."""
    return user.is_staff or user.is_superuser or Role.objects.filter(user=user, kind__in=OFFICES).exists()


def is_held_back(user: User) -> bool:
    """Whether the offices of a person rest because the market requires two steps and this sign-in took one."""
    by_two = user.present_sign_in is not None and user.present_sign_in.by_two_steps
    return bool(settings.MARKET_STAFF_SECOND_FACTOR) and not by_two


def owes_second_step(user: User | AnonymousUser) -> bool:
    """Whether a person holds an office that rests: such a one is led to set up the second step."""
    return isinstance(user, User) and is_held_back(user) and holds_office(user)


def begin_set_up(*, user: User, now: datetime) -> None:
    """Make a secret to be confirmed; one made within `SETUP_MINUTES` stays. Raises `NotSetUp` where it is on."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        factor = SecondFactor.objects.filter(user=user).first()
        if factor is not None and factor.confirmed_at is not None:
            raise NotSetUp(_("Xác minh hai bước đang bật rồi."))
        if factor is None or _is_over(factor, now=now):
            SecondFactor.objects.update_or_create(
                user=user, defaults={"secret": fresh_secret(), "begun_at": now, "last_step": 0}
            )


def set_up_of(user: User, *, now: datetime) -> SetUp | None:
    """What waits to be brought into the app; None where nothing was begun, or where the step is on."""
    factor = SecondFactor.objects.filter(user=user, confirmed_at=None).first()
    if factor is None or _is_over(factor, now=now):
        return None
    return SetUp(factor.secret, address_of_secret(factor.secret, name=user.get_username()))


def confirm_set_up(*, user: User, code: str, now: datetime) -> tuple[User, list[str]]:
    """Turn the second step on by a first code, and end every other session. The row, and the recovery codes.

    The sign-in by which `user` asks stays and counts as one by two steps. Raises `NotSetUp`, `WrongStepCode`,
    `TooManyFailures`.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at=None).first()
        if factor is None or _is_over(factor, now=now):
            raise NotSetUp(_("Hết giờ rồi. Bạn bấm bắt đầu lại giúp."))
        refuse_too_many(_attempts_of(user), now=now, failures_max=CODE_FAILURES_MAX)
        right = _take_app_code(factor, code, now=now)
        if right:
            SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=now)
            changed = end_sessions(user.pk, now=now, but=user.present_sign_in)
            if user.present_sign_in is not None:
                SignIn.objects.filter(pk=user.present_sign_in.pk).update(by_two_steps=True)
            record_person("person.second_step_on", user.pk, actor=Actor(user_id=user.pk), now=now)
            codes = _fresh_codes(user)
        _count(user, right=right, now=now)
    if not right:
        raise _wrong()
    return changed, codes


def switch_on(*, user: User, password: str, code: str, now: datetime) -> tuple[User, list[str]]:
    """The same for whoever gives the password, too: whoever finds a machine signed in must not lock its owner out.

    Raises `WrongOldPassword` besides.
    """
    require_password(user, password, field="password", now=now)
    return confirm_set_up(user=user, code=code, now=now)


def check_code(*, user: User, code: str, now: datetime) -> None:
    """Take a code of the app, or a recovery code, of a person whose password was right; no code is taken twice.

    Raises `WrongStepCode`, or `TooManyFailures` after `CODE_FAILURES_MAX` wrong ones.
    """
    with transaction.atomic():
        factor = SecondFactor.objects.select_for_update().filter(user=user, confirmed_at__isnull=False).first()
        refuse_too_many(_attempts_of(user), now=now, failures_max=CODE_FAILURES_MAX)
        right = factor is not None and (
            _take_app_code(factor, code, now=now) or _take_recovery_code(user, code, now=now)
        )
        _count(user, right=right, now=now)
    if not right:
        raise _wrong()


def new_recovery_codes(*, user: User, code: str, now: datetime) -> list[str]:
    """Ten new recovery codes, for whoever gives a code; the old ones end. Raises as `check_code`."""
    check_code(user=user, code=code, now=now)
    return replace_recovery_codes(user=user, now=now)


def replace_recovery_codes(*, user: User, now: datetime) -> list[str]:
    """Ten new recovery codes; the old ones end. The caller has made sure of the person."""
    with transaction.atomic():
        codes = _fresh_codes(user)
        record_person("person.recovery_codes_made", user.pk, actor=Actor(user_id=user.pk), now=now)
    return codes


def recovery_codes_left(user: User) -> int:
    """How many recovery codes were not used yet."""
    return RecoveryCode.objects.filter(user=user, used_at=None).count()


def switch_off(*, user: User, password: str, code: str, now: datetime) -> None:
    """End the second step, for whoever gives the password and a code.

    Raises `StepRequired` for staff of whom the market requires it, `WrongOldPassword`, and as `check_code`.
    """
    if settings.MARKET_STAFF_SECOND_FACTOR and holds_office(user):
        raise StepRequired(_("Cán bộ và người vận hành không tắt được xác minh hai bước."))
    require_password(user, password, field="password", now=now)
    check_code(user=user, code=code, now=now)
    with transaction.atomic():
        _forget(user)
        record_person("person.second_step_off", user.pk, actor=Actor(user_id=user.pk), now=now)


def switch_off_for(*, actor: Actor, person: User, checked: str, now: datetime) -> None:
    """End the second step and all sessions of a person who lost the phone and stands before staff.

    Who may do this for whom is decided by the caller (`vendors.helping`). Raises `InvalidInput`, `NotSetUp`.
    """
    if checked not in PasswordReset.Checked.values:
        raise InvalidInput(_("Bạn chọn cách đã kiểm tra giúp."), field="checked")
    with transaction.atomic():
        end_sessions(person.pk, now=now)
        if not has_second_step(person):
            raise NotSetUp(_("Người này không bật xác minh hai bước."), field="login")
        _forget(person)
        record_person("person.second_step_taken_off", person.pk, actor=actor, now=now, checked=checked)


def _is_over(factor: SecondFactor, *, now: datetime) -> bool:
    return now - factor.begun_at > timedelta(minutes=SETUP_MINUTES)


def _take_app_code(factor: SecondFactor, code: str, *, now: datetime) -> bool:
    if len(code) > CODE_CHARACTERS_MAX or len(digits_of(code)) != DIGITS:
        return False
    step = step_of_code(factor.secret, code, now=now, after=factor.last_step)
    if step is None:
        return False
    SecondFactor.objects.filter(pk=factor.pk).update(last_step=step)
    return True


def _take_recovery_code(user: User, code: str, *, now: datetime) -> bool:
    plain = digits_of(code)
    if len(code) > CODE_CHARACTERS_MAX or len(plain) != RECOVERY_DIGITS:
        return False
    rows = RecoveryCode.objects.filter(user=user, code_hash=_hashed(plain), used_at=None)
    if not rows.update(used_at=now):
        return False
    record_person("person.recovery_code_used", user.pk, actor=Actor(user_id=user.pk), now=now)
    return True


def _fresh_codes(user: User) -> list[str]:
    codes = fresh_recovery_codes()
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(RecoveryCode(user=user, code_hash=_hashed(code)) for code in codes)
    return codes


def _forget(user: User) -> None:
    SecondFactor.objects.filter(user=user).delete()
    RecoveryCode.objects.filter(user=user).delete()


def _count(user: User, *, right: bool, now: datetime) -> None:
    if right:
        SignInAttempt.objects.filter(login=_attempts_of(user)).delete()
    else:
        count_failure(_attempts_of(user), now=now)


def _attempts_of(user: User) -> str:
    """Where wrong codes are counted: in capitals, which no login name has, so that no stranger can count there."""
    return f"CODE:{user.pk}"


def _wrong() -> WrongStepCode:
    return WrongStepCode(_("Mã chưa đúng, hoặc đã dùng rồi. Đợi mã mới hiện ra rồi nhập lại."), field="code")


def _hashed(code: str) -> str:
    return salted_hmac(_SALT, code, algorithm="sha256").hexdigest()
