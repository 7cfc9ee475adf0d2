"""A shop opened in one visit: its owner stands before an officer, with papers and a phone in hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.phone import parse_phone
from marketplace.core.text import clean_line, fold
from marketplace.people.models import User
from marketplace.people.selectors import has_consent
from marketplace.people.services import NAME_CHARACTERS_MAX, register_person
from marketplace.places.models import Commune
from vendors.access import require_commune_staff
from vendors.models import BankAccount, Vendor
from vendors.recording import record_vendor
from vendors.services import register_vendor


class OtherPerson(Conflict):
    """The phone number is known under another name: a slip of the finger, or somebody else's phone."""


def open_at_visit(
    *, actor: Actor, owner_name: str, owner_phone: str, commune: Commune, now: datetime, phone: str = "", **shop: Any
) -> Vendor:
    """Open a shop for a person who came to the commune; who is new here becomes known, without a password yet.

    `shop` and `phone` (the owner's own if empty) are what `register_vendor` takes. Whoever is known under the phone
    must bear the same name, so that nobody learns whose number it is, or gives a stranger a shop. Raises `NotFound`
    for who is not staff there, `OtherPerson`, and what `register_vendor` raises.
    """
    require_commune_staff(actor, commune.pk)
    name = clean_line(owner_name, characters_max=NAME_CHARACTERS_MAX, field="owner_name", required=True)
    number = parse_phone(owner_phone, field="owner_phone")
    with transaction.atomic():
        owner = User.objects.filter(phone=number).first()
        if owner is None:
            owner = register_person(name=name, phone=number, now=now)
        elif fold(owner.name) != fold(name):
            raise OtherPerson(
                _("Số này đã có người dùng với tên khác. Bạn xem lại số, hoặc hỏi đúng tên người đó."),
                field="owner_phone",
            )
        return register_vendor(actor=actor, owner=owner, commune=commune, phone=phone or number, now=now, **shop)


def open_with_consent(*, actor: Actor, owner: User, commune: Commune, now: datetime, **shop: Any) -> Vendor:
    """An agent opens a shop for a person who lets them help, in a commune of the agent's; staff see the papers later.

    `shop` is what `register_vendor` takes; the journal names both. Raises `NotFound` where the agent may not help,
    and what `register_vendor` raises.
    """
    helps = actor.user_id is not None and has_consent(person_id=owner.pk, agent_id=actor.user_id)
    if not helps or commune.pk not in actor.agent_commune_codes:
        raise NotFound(_("Không tìm thấy người này, hoặc chưa có sự đồng ý của họ."))
    helper = replace(actor, helped_user_id=owner.pk)
    return register_vendor(actor=helper, owner=owner, commune=commune, now=now, **shop)


def confirm_account(*, actor: Actor, account: BankAccount, now: datetime) -> BankAccount:
    """An officer saw by the owner's own bank that this account is theirs; again changes nothing.

    Raises `NotFound` for staff of elsewhere.
    """
    require_commune_staff(actor, account.vendor.commune_id)
    with transaction.atomic():
        locked = BankAccount.objects.select_for_update().get(pk=account.pk)
        if locked.confirmed_at is None:
            locked.confirmed_at = now
            locked.save(update_fields=["confirmed_at"])
            record_vendor("vendor.account_confirmed", account.vendor, actor=actor, now=now, account=account.pk)
    return locked
