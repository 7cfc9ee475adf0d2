"""What a person changes about themselves: name, language, the texts that programs keep with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from marketplace.core.actors import Actor
from marketplace.core.metadata import Change
from marketplace.core.names import renamed
from marketplace.core.text import clean_line
from marketplace.people.models import User
from marketplace.people.recording import record_person
from marketplace.people.services import NAME_CHARACTERS_MAX


def change_person(
    *,
    user: User,
    now: datetime,
    first_name: str | None = None,
    last_name: str | None = None,
    language_code: str | None = None,
    metadata: Mapping[str, str] | None = None,
) -> User:
    """Change what is given of a person; `metadata` is added to what is kept. Returns the row.

    Of the name, which is kept whole, a part that is not given stays.

    Raises `BadText`, `MetadataInvalid`.
    """
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        before = (locked.name, locked.language_code, dict(locked.metadata))
        if first_name is not None or last_name is not None:
            name = renamed(locked.name, first=first_name, last=last_name)
            locked.name = clean_line(name, characters_max=NAME_CHARACTERS_MAX, field="first_name")
        locked.language_code = language_code or locked.language_code
        locked.metadata = Change(put=metadata or {}).of(locked.metadata)
        if before != (locked.name, locked.language_code, locked.metadata):
            locked.save(update_fields=["name", "language_code", "metadata"])
            record_person("person.changed", user.pk, actor=Actor(user_id=user.pk), now=now)
    locked.present_sign_in = user.present_sign_in
    return locked


def set_billing_address(*, user: User, number: int | None) -> User:
    """Say which kept address bills are made out to; the caller has made sure that it is theirs. Returns the row."""
    with transaction.atomic():
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        locked.billing_address_number = number
        locked.save(update_fields=["billing_address_number"])
    locked.present_sign_in = user.present_sign_in
    return locked
