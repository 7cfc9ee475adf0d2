"""Commune staff help a person of one of their shops back in, in person and on record."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.people.models import Role, User
from marketplace.people.resetting import give_code
from marketplace.people.second_step import switch_off_for
from marketplace.people.sign_in import normal_login, user_of_login
from vendors.models import Membership


def give_reset_code(*, actor: Actor, login: str, checked: str, now: datetime) -> tuple[User, str]:
    """A code with which the person who signs in by `login` sets a new password; shown once, never kept.

    Staff of a commune may for members of its shops who hold no office; the operator may for everybody. Others are
    told that there is no such person. `checked` says how staff made sure of them (`PasswordReset.Checked`).
    Raises `NotAllowed`, `NotFound`, `InvalidInput`.
    """
    person = _person_to_help(actor, login)
    return person, give_code(actor=actor, person=person, checked=checked, now=now)


def end_second_step(*, actor: Actor, login: str, checked: str, now: datetime) -> User:
    """End the second step of a person who lost the phone, and every session of theirs; for the same people.

    Raises `NotAllowed`, `NotFound`, `InvalidInput`, and `NotSetUp` where there is none.
    """
    person = _person_to_help(actor, login)
    switch_off_for(actor=actor, person=person, checked=checked, now=now)
    return person


def _person_to_help(actor: Actor, login: str) -> User:
    if not actor.administers_a_commune:
        raise NotAllowed(_("Việc này dành cho cán bộ xã, phường."))
    person = user_of_login(normal_login(login))
    if person is None or not person.is_active or not _may_help(actor, person):
        raise NotFound(_("Không thấy người này trong các gian hàng của xã, phường bạn."), field="login")
    return person


def _may_help(actor: Actor, person: User) -> bool:
    if actor.is_operator or actor.is_system:
        return True
    holds_office = person.is_staff or person.is_superuser or Role.objects.filter(user=person).exists()
    in_shops_here = Membership.objects.filter(user=person, vendor__commune_id__in=actor.commune_codes).exists()
    return in_shops_here and not holds_office
