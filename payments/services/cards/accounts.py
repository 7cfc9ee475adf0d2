"""A vendor's own account at Stripe: opened there by its owner, and what it may do as Stripe says."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from marketplace.core import journal
from marketplace.core.actors import SYSTEM, Actor
from payments.cards.api import create_account, onboarding_url, read_account
from payments.cards.configuration import cards_are_on, require_cards
from payments.cards.values import AccountTold
from payments.models import CardAccount
from vendors.access import require_owner
from vendors.models import Vendor


def card_account_of(*, actor: Actor, vendor: Vendor) -> CardAccount | None:
    """The vendor's account at Stripe, None before there is one. Owner only, or the operator.

    Raises `NotFound` where cards are off and for strangers, `NotAllowed`.
    """
    require_cards()
    _require_account_owner(actor, vendor)
    return CardAccount.objects.filter(vendor=vendor).first()


def takes_cards(vendor_id: int) -> bool:
    """Whether buyers may pay this vendor by card now; no statement where cards are off."""
    return cards_are_on() and CardAccount.objects.filter(vendor_id=vendor_id, charges_enabled=True).exists()


def start_onboarding(*, actor: Actor, vendor: Vendor, return_url: str, refresh_url: str, now: datetime) -> str:
    """Open the vendor's account at Stripe if there is none, and answer where its owner tells Stripe the rest.

    Twice is once: the account is the vendor's only one. The address is good for a few minutes. Must not run
    inside a transaction. Raises `NotFound`, `NotAllowed`, `CardServiceAway`, `CardServiceRefused`.
    """
    require_cards()
    _require_account_owner(actor, vendor)
    account = _claim(vendor, now=now)
    if not account.stripe_id:
        # The moment of our row is part of the key: should the row ever be made anew, so is the account.
        key = f"account-{vendor.pk}-{int(account.made_at.timestamp())}"
        told = create_account(vendor_id=vendor.pk, repeat_key=key)
        account = _opened(vendor, told, actor=actor, now=now)
    return onboarding_url(account.stripe_id, return_url=return_url, refresh_url=refresh_url)


def refresh_account(*, actor: Actor, vendor: Vendor, now: datetime) -> CardAccount | None:
    """Ask Stripe what the vendor's account may do now; None where there is none. Not inside a transaction.

    Raises as `card_account_of`, and `CardServiceAway`, `CardServiceRefused`.
    """
    account = card_account_of(actor=actor, vendor=vendor)
    if account is None or not account.stripe_id:
        return account
    told = read_account(account.stripe_id)
    with transaction.atomic():
        follow_account(told, account=account.stripe_id, happened_at=now, now=now)
    return card_account_of(actor=actor, vendor=vendor)


def follow_account(told: AccountTold, *, account: str, happened_at: datetime, now: datetime) -> bool:
    """Keep what Stripe said of an account at `happened_at`, unless it said something later; whether it is ours.

    Inside the caller's transaction. `account` is who the event is from: nobody speaks of another's account.
    """
    known = CardAccount.objects.select_for_update(no_key=True).filter(stripe_id=account).first()
    if known is None or told.account_id != account:
        return False
    if known.told_at is None or known.told_at <= happened_at:
        _take_over(known, told, happened_at=happened_at, now=now)
    return True


def _take_over(account: CardAccount, told: AccountTold, *, happened_at: datetime, now: datetime) -> None:
    before = account.state
    if told.charges_enabled:
        account.state = CardAccount.State.ENABLED
    elif told.details_submitted:
        account.state = CardAccount.State.RESTRICTED
    else:
        account.state = CardAccount.State.ONBOARDING
    account.charges_enabled = told.charges_enabled
    account.told_at = happened_at
    account.save(update_fields=["state", "charges_enabled", "told_at"])
    if account.state != before:
        _journal("card_account.changed", account, actor=SYSTEM, now=now)


def _claim(vendor: Vendor, *, now: datetime) -> CardAccount:
    with transaction.atomic():
        account, _made = CardAccount.objects.get_or_create(vendor=vendor, defaults={"made_at": now})
    return account


def _opened(vendor: Vendor, told: AccountTold, *, actor: Actor, now: datetime) -> CardAccount:
    with transaction.atomic():
        account = CardAccount.objects.select_for_update(no_key=True).get(vendor=vendor)
        if not account.stripe_id:
            account.stripe_id = told.account_id
            account.state = CardAccount.State.ONBOARDING
            account.save(update_fields=["stripe_id", "state"])
            _journal("card_account.opened", account, actor=actor, now=now)
    return account


def _require_account_owner(actor: Actor, vendor: Vendor) -> None:
    if not actor.is_operator:
        require_owner(actor, vendor)


def _journal(kind: str, account: CardAccount, *, actor: Actor, now: datetime) -> None:
    journal.record(
        kind=kind,
        aggregate_type="card_account",
        aggregate_id=account.vendor_id,
        actor=actor,
        now=now,
        data={"vendor": account.vendor_id, "state": str(account.state)},
    )
