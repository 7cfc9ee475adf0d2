"""Opening a shop, checking it, and saying where its money goes."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed
from marketplace.core.phone import parse_phone
from marketplace.core.text import clean_line, clean_text, fold, name_sort_key, slugify_vietnamese
from marketplace.people.models import User
from marketplace.places.models import Commune, MarketSite
from vendors.access import require_commune_staff, require_owner
from vendors.banks import bank_by_bin, check_account_number
from vendors.models import MEMO_PREFIX_CHARACTERS_MAX, BankAccount, Membership, Vendor, Warehouse

NAME_CHARACTERS_MAX = 160
ADDRESS_CHARACTERS_MAX = 200
STORY_CHARACTERS_MAX = 4000
REASON_CHARACTERS_MAX = 300
SLUG_TRIES_MAX = 5


class NothingToVerify(Conflict):
    """The shop is already checked."""


class BadMemoPrefix(InvalidInput):
    """A memo prefix is capitals and digits, at most six."""


def register_vendor(
    *,
    actor: Actor,
    owner: User,
    name: str,
    kind: str,
    commune: Commune,
    phone: str,
    now: datetime,
    address_line: str = "",
    market_site: MarketSite | None = None,
    stall_label: str = "",
    registration_number: str = "",
    alcohol_licence_number: str = "",
    story: str = "",
    slug: str | None = None,
    is_demo: bool = False,
) -> Vendor:
    """Open a shop that declares itself: it may list goods and cannot sell until somebody checked it.

    A person opens their own; commune staff and the operator open one for its owner. Makes the owner's membership
    and a first warehouse. Raises `NotAllowed` and `InvalidInput` subclasses.
    """
    if actor.user_id != owner.pk and not actor.may_administer_commune(commune.pk):
        raise NotAllowed(_("Bạn không thể mở gian hàng cho người này."))
    if kind not in Vendor.Kind.values:
        raise InvalidInput(_("Hãy chọn: hộ kinh doanh, hợp tác xã hay doanh nghiệp."), field="kind")
    shop_name = clean_line(name, characters_max=NAME_CHARACTERS_MAX, field="name", required=True)
    address = clean_line(address_line, characters_max=ADDRESS_CHARACTERS_MAX, field="address_line")
    vendor = Vendor(
        name=shop_name,
        kind=kind,
        commune=commune,
        phone=parse_phone(phone),
        address_line=address,
        market_site=market_site,
        stall_label=clean_line(stall_label, characters_max=40, field="stall_label"),
        registration_number=clean_line(registration_number, characters_max=40, field="registration_number"),
        alcohol_licence_number=clean_line(alcohol_licence_number, characters_max=60, field="alcohol_licence_number"),
        story=clean_text(story, characters_max=STORY_CHARACTERS_MAX, field="story"),
        verification=Vendor.Verification.DECLARED,
        folded=fold(shop_name)[:200],
        sort_key=name_sort_key(shop_name)[:400],
        is_demo=is_demo,
        made_at=now,
    )
    with transaction.atomic():
        _save_under_free_slug(vendor, wanted=slug or slugify_vietnamese(shop_name))
        Membership.objects.create(vendor=vendor, user=owner, role=Membership.RoleInShop.OWNER)
        Warehouse.objects.create(vendor=vendor, kind=Warehouse.Kind.SHOP, name=shop_name[:120], address_line=address)
        _journal(vendor, "vendor.registered", actor=actor, now=now)
    return vendor


def _save_under_free_slug(vendor: Vendor, *, wanted: str) -> None:
    base = wanted[:70] or "gian-hang"
    for attempt in range(SLUG_TRIES_MAX):
        vendor.slug = base if attempt == 0 else f"{base}-{secrets.token_hex(3)}"
        try:
            with transaction.atomic():
                vendor.save(force_insert=True)
        except IntegrityError:
            if attempt == SLUG_TRIES_MAX - 1 or not Vendor.objects.filter(slug=vendor.slug).exists():
                raise
            vendor.pk = None
        else:
            return


def verify_vendor(*, actor: Actor, vendor: Vendor, now: datetime) -> Vendor:
    """Commune staff saw the owner and the papers: the shop may sell from now on.

    The law lets nobody sell on a platform before their identity is verified (Law 122/2025/QH15, article 17).
    Raises `NotFound` for staff of elsewhere and `NothingToVerify` when it is already so.
    """
    require_commune_staff(actor, vendor.commune_id)
    with transaction.atomic():
        locked = Vendor.objects.select_for_update().get(pk=vendor.pk)
        if locked.may_sell:
            raise NothingToVerify(_("Gian hàng này đã được xác minh."))
        locked.verification = Vendor.Verification.VERIFIED_BY_STAFF
        locked.verified_at = now
        locked.verified_by_id = actor.user_id
        locked.refusal_reason = ""
        locked.save(update_fields=["verification", "verified_at", "verified_by", "refusal_reason"])
        _journal(locked, "vendor.verified", actor=actor, now=now)
    return locked


def refuse_vendor(*, actor: Actor, vendor: Vendor, reason: str, now: datetime) -> Vendor:
    """Send a shop back with a reason its owner can act on. It may not sell, also if it could before.

    Raises `NotFound` for staff of elsewhere, `InvalidInput` without a reason.
    """
    require_commune_staff(actor, vendor.commune_id)
    why = clean_line(reason, characters_max=REASON_CHARACTERS_MAX, field="reason", required=True)
    with transaction.atomic():
        locked = Vendor.objects.select_for_update().get(pk=vendor.pk)
        locked.verification = Vendor.Verification.NONE
        locked.refusal_reason = why
        locked.verified_at = None
        locked.verified_by = None
        locked.save(update_fields=["verification", "verified_at", "verified_by", "refusal_reason"])
        _journal(locked, "vendor.refused", actor=actor, now=now)
    return locked


def set_bank_account(
    *,
    actor: Actor,
    vendor: Vendor,
    bin: str,
    account_number: str,
    account_name: str,
    now: datetime,
    memo_prefix: str = "",
) -> BankAccount:
    """Say where the shop is paid. The account before stays on record, since codes given out still name it.

    Owner only. Raises `UnknownBank`, `InvalidAccountNumber`, `BadMemoPrefix` and other `InvalidInput`s.
    """
    require_owner(actor, vendor)
    bank = bank_by_bin(bin)
    number = check_account_number(bank.bin, account_number)
    holder = fold(clean_line(account_name, characters_max=60, field="account_name", required=True)).upper()
    prefix = _memo_prefix(memo_prefix)
    with transaction.atomic():
        Vendor.objects.select_for_update().get(pk=vendor.pk)
        BankAccount.objects.filter(vendor=vendor, is_active=True).update(is_active=False)
        account, _made = BankAccount.objects.update_or_create(
            vendor=vendor,
            bin=bank.bin,
            account_number=number,
            defaults={"account_name": holder, "memo_prefix": prefix, "is_active": True},
            create_defaults={
                "account_name": holder,
                "memo_prefix": prefix,
                "is_active": True,
                "made_at": now,
            },
        )
        _journal(vendor, "vendor.account_set", actor=actor, now=now, account=account.pk)
    return account


def _memo_prefix(text: str) -> str:
    prefix = text.strip().upper()
    if len(prefix) > MEMO_PREFIX_CHARACTERS_MAX or not (prefix == "" or (prefix.isascii() and prefix.isalnum())):
        raise BadMemoPrefix(_("Tiền tố nội dung chỉ gồm chữ in hoa và số, nhiều nhất 6 ký tự."), field="memo_prefix")
    return prefix


def add_member(*, actor: Actor, vendor: Vendor, user: User, role: str, now: datetime) -> Membership:
    """Let a person work in the shop, or change what they are there. Owner only.

    Raises `InvalidInput` for an unknown role, and `Conflict` when it would leave the shop without an owner.
    """
    require_owner(actor, vendor)
    if role not in Membership.RoleInShop.values:
        raise InvalidInput(_("Hãy chọn: chủ gian hàng hoặc người bán."), field="role")
    with transaction.atomic():
        Vendor.objects.select_for_update().get(pk=vendor.pk)
        others = Membership.objects.filter(vendor=vendor, role=Membership.RoleInShop.OWNER).exclude(user=user)
        if role != Membership.RoleInShop.OWNER and not others.exists():
            raise Conflict(_("Gian hàng phải còn ít nhất một chủ."), field="role")
        member, _made = Membership.objects.update_or_create(vendor=vendor, user=user, defaults={"role": role})
        _journal(vendor, "vendor.member_added", actor=actor, now=now, user=user.pk)
    return member


def add_warehouse(
    *,
    actor: Actor,
    vendor: Vendor,
    kind: str,
    name: str,
    now: datetime,
    address_line: str = "",
    market_site: MarketSite | None = None,
    pick_up: bool = True,
) -> Warehouse:
    """A further place where the shop's goods lie. Owner only. Raises `InvalidInput`."""
    require_owner(actor, vendor)
    if kind not in Warehouse.Kind.values:
        raise InvalidInput(_("Loại nơi để hàng không đúng."), field="kind")
    with transaction.atomic():
        warehouse = Warehouse.objects.create(
            vendor=vendor,
            kind=kind,
            name=clean_line(name, characters_max=120, field="name", required=True),
            address_line=clean_line(address_line, characters_max=ADDRESS_CHARACTERS_MAX, field="address_line"),
            market_site=market_site,
            pick_up=pick_up,
        )
        _journal(vendor, "vendor.warehouse_added", actor=actor, now=now, warehouse=warehouse.pk)
    return warehouse


def _journal(vendor: Vendor, kind: str, *, actor: Actor, now: datetime, **more: int) -> None:
    journal.record(
        kind=kind,
        aggregate_type="vendor",
        aggregate_id=vendor.pk,
        actor=actor,
        now=now,
        data={"vendor": vendor.pk, "commune": vendor.commune_id, **more},
    )
