"""People with a second step at sign-in, and the codes that their app shows."""

from __future__ import annotations

from datetime import datetime

import pyotp

from marketplace.people.models import SecondFactor, User
from marketplace.people.second_step import begin_set_up, confirm_set_up


def with_second_step(person: User, *, now: datetime) -> list[str]:
    """Turn it on by the first code. The recovery codes; `person` is as the database has them then."""
    begin_set_up(user=person, now=now)
    codes = confirm_set_up(user=person, code=code_at(person, now), now=now)[1]
    person.refresh_from_db()
    return codes


def code_at(person: User, now: datetime) -> str:
    """What the person's app shows at that moment."""
    return pyotp.TOTP(SecondFactor.objects.get(user=person).secret).at(now)
