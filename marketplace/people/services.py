"""Making people known, giving them roles, and recording their consent to be helped."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed
from marketplace.core.phone import parse_phone
from marketplace.core.text import clean_line
from marketplace.people.models import HelpConsent, Role, User
from marketplace.people.recording import record_person
from marketplace.people.sign_in import PASSWORD_CHARACTERS_MAX
from marketplace.places.models import Commune, Province

NAME_CHARACTERS_MAX = 120
EMAIL_CHARACTERS_MAX = 254
ROLE_SCOPES = {
    Role.Kind.OPERATOR.value: (False, False),
    Role.Kind.PROVINCE.value: (True, False),
    Role.Kind.COMMUNE.value: (False, True),
    Role.Kind.AGENT.value: (False, True),
}
"""Whether a role is for a province, and whether for a commune."""


class LoginTaken(Conflict):
    """Somebody else signs in with this phone or e-mail."""

    code = "UNIQUE"


class WeakPassword(InvalidInput):
    """The password is too short or too common."""

    code = "PASSWORD_TOO_SHORT"


class TooLongPassword(WeakPassword):
    """The password is longer than any that a sign-in takes."""

    code = "INVALID"


class InvalidEmail(InvalidInput):
    """Not an e-mail address."""


class LastOperator(Conflict):
    """The market would have nobody left to run it."""


class ScopeMissing(InvalidInput):
    """A role lacks the province or commune it is for, or names one it must not."""


def clean_email(text: str, *, field: str = "email") -> str:
    """An e-mail address in lower case. Raises `InvalidEmail`."""
    address = clean_line(text, characters_max=EMAIL_CHARACTERS_MAX, field=field).lower()
    clean_line(address, characters_max=EMAIL_CHARACTERS_MAX, field=field)  # some capital letters are two small ones
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidEmail(_("Địa chỉ thư điện tử chưa đúng."), field=field) from error
    return address


def register_person(
    *,
    name: str,
    now: datetime,
    phone: str | None = None,
    email: str | None = None,
    password: str | None = None,
    is_demo: bool = False,
    taken_field: str = "phone",
) -> User:
    """A new person who signs in by phone or e-mail; without a password until they set one.

    Raises `InvalidInput` subclasses for bad values and `LoginTaken`, at `taken_field`, when the phone or e-mail is
    known.
    """
    clean_name = clean_line(name, characters_max=NAME_CHARACTERS_MAX, field="name")
    e164 = parse_phone(phone) if phone else None
    address = clean_email(email) if email else None
    if e164 is None and address is None:
        raise InvalidInput(_("Cần số điện thoại hoặc thư điện tử."), field="phone")
    if password is not None:
        refuse_weak(password)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                name=clean_name, phone=e164, email=address, password=password, is_demo=is_demo
            )
            record_person("person.registered", user.pk, actor=Actor(user_id=user.pk), now=now)
    except IntegrityError as error:
        raise LoginTaken(_("Số điện thoại hoặc thư điện tử này đã có người dùng."), field=taken_field) from error
    return user


def refuse_weak(password: str, *, field: str = "password") -> None:
    """Raises `WeakPassword` for a password that is too short or too common; its code is the first reason's.

    `TooLongPassword` is one: what `sign_in` does not take must not be chosen.
    """
    if len(password) > PASSWORD_CHARACTERS_MAX:
        sentence = _("Mật khẩu dài quá, chỉ được tối đa {count} ký tự.")
        raise TooLongPassword(format_lazy(sentence, count=PASSWORD_CHARACTERS_MAX), field=field)
    try:
        validate_password(password)
    except ValidationError as error:
        first = error.error_list[0]
        code = (first.code or WeakPassword.code).upper()
        if code == WeakPassword.code:  # Django has no Vietnamese for its own sentence about the length
            sentence = _("Mật khẩu cần ít nhất {count} ký tự.")
            count = (first.params or {})["min_length"]
            raise WeakPassword(format_lazy(sentence, count=count), field=field, code=code) from error
        raise WeakPassword(" ".join(error.messages), field=field, code=code) from error


def give_role(
    *,
    actor: Actor,
    user: User,
    kind: str,
    now: datetime,
    province: Province | None = None,
    commune: Commune | None = None,
) -> Role:
    """Give a person a role of the administration. Only the operator may; giving it again changes nothing.

    Raises `NotAllowed`, `ScopeMissing`.
    """
    if not (actor.is_operator or actor.is_system):
        raise NotAllowed(_("Chỉ người vận hành được giao vai trò."))
    if ROLE_SCOPES.get(kind) != (province is not None, commune is not None):
        raise ScopeMissing(_("Vai trò này cần đúng phạm vi: tỉnh, xã, hoặc không có."), field="kind")
    scope = province or commune
    with transaction.atomic():
        role, made = Role.objects.get_or_create(user=user, kind=kind, province=province, commune=commune)
        if made:
            record_person("role.given", user.pk, actor=actor, now=now, kind=kind, scope=scope.pk if scope else None)
    return role


def take_role(*, actor: Actor, role: Role, now: datetime) -> None:
    """Take a role of the administration from a person. Only the operator may; taken already, nothing changes.

    Whoever is no operator any more is let into /admin/ no more. Raises `NotAllowed`, `LastOperator`.
    """
    if not (actor.is_operator or actor.is_system):
        raise NotAllowed(_("Chỉ người vận hành được thu vai trò."))
    scope = role.province_id or role.commune_id
    with transaction.atomic():
        is_operator = role.kind == Role.Kind.OPERATOR
        if is_operator:
            _require_another_operator(role)
        taken = Role.objects.filter(pk=role.pk).delete()[0]
        if taken and is_operator:
            User.objects.filter(pk=role.user_id).update(is_staff=False, is_superuser=False)
        if taken:
            record_person("role.taken", role.user_id, actor=actor, now=now, kind=role.kind, scope=scope)


def _require_another_operator(role: Role) -> None:
    """Raises `LastOperator` when nobody but this one could run the market; the roles of operators are locked."""
    held = Role.objects.filter(kind=Role.Kind.OPERATOR).select_for_update()
    if not any(one.pk != role.pk and one.user.is_active for one in held.select_related("user")):
        raise LastOperator(_("Đây là người vận hành cuối cùng. Bạn giao vai trò này cho người khác trước."))


def make_operator(*, actor: Actor, user: User, now: datetime) -> User:
    """Let a person run the market: the operator's role, and Django's own marks that open /admin/.

    Only another operator or the market itself may. Again changes nothing. Raises `NotAllowed`.
    """
    with transaction.atomic():
        give_role(actor=actor, user=user, kind=Role.Kind.OPERATOR, now=now)
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not (locked.is_staff and locked.is_superuser):
            locked.is_staff = locked.is_superuser = True
            locked.save(update_fields=["is_staff", "is_superuser"])
            record_person("person.admitted_to_admin", user.pk, actor=actor, now=now)
    return locked


def record_consent(*, actor: Actor, person: User, agent: User, means: str, now: datetime) -> HelpConsent:
    """Record that `person` lets `agent` act for them. By the person or the operator; never by the agent.

    Raises `NotAllowed`, `InvalidInput` for an unknown means.
    """
    if means not in HelpConsent.Means.values:
        raise InvalidInput(_("Hãy chọn cách người dân đồng ý."), field="means")
    by_operator = actor.is_operator or actor.is_system
    if actor.user_id == agent.pk or not (actor.user_id == person.pk or by_operator):
        raise NotAllowed(_("Sự đồng ý phải do chính người dân hoặc người vận hành ghi nhận."))
    with transaction.atomic():
        consent, made = HelpConsent.objects.get_or_create(
            person=person, agent=agent, withdrawn_at=None, defaults={"means": means, "given_at": now}
        )
        if made:
            _journal_consent(consent, "consent.given", actor=actor, now=now)
    return consent


def withdraw_consent(*, actor: Actor, consent: HelpConsent, now: datetime) -> None:
    """End a consent at once. By the person, the operator, or the agent. Raises `NotAllowed`."""
    by_operator = actor.is_operator or actor.is_system
    if actor.user_id not in {consent.person_id, consent.agent_id} and not by_operator:
        raise NotAllowed(_("Bạn không thể rút lại sự đồng ý này."))
    with transaction.atomic():
        if HelpConsent.objects.filter(pk=consent.pk, withdrawn_at=None).update(withdrawn_at=now):
            _journal_consent(consent, "consent.withdrawn", actor=actor, now=now)


def _journal_consent(consent: HelpConsent, kind: str, *, actor: Actor, now: datetime) -> None:
    journal.record(
        kind=kind,
        aggregate_type="user",
        aggregate_id=consent.person_id,
        actor=actor,
        now=now,
        data={"person": consent.person_id, "agent": consent.agent_id},
    )
