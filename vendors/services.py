"""Opening a shop, checking it, and saying where its money goes."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed
from marketplace.core.phone import parse_phone
from marketplace.core.text import clean_line, clean_text, fold, name_sort_key, slugify_vietnamese
from marketplace.people.models import User
from marketplace.places.models import Commune, MarketSite
from vendors.access import require_commune_staff, require_owner
from vendors.banks import bank_that_receives, check_account_number
from vendors.models import MEMO_PREFIX_CHARACTERS_MAX, BankAccount, Membership, Vendor, Warehouse
from vendors.recording import record_vendor
from vendors.selectors import MAY_SELL
from vendors.villages import chosen_village

UNCHECKED_SHOPS_OF_A_PERSON_MAX = 10
"""Shops of one owner that nobody has verified: each of them may keep goods, photos and papers."""
NAME_CHARACTERS_MAX = 160
ADDRESS_CHARACTERS_MAX = 200
STORY_CHARACTERS_MAX = 4000
REASON_CHARACTERS_MAX = 300
STALL_CHARACTERS_MAX = 40
REGISTRATION_CHARACTERS_MAX = 40
LICENCE_CHARACTERS_MAX = 60
PLACE_NAME_CHARACTERS_MAX = 120
SLUG_TRIES_MAX = 5
LINES_CHARACTERS_MAX = {
    "name": NAME_CHARACTERS_MAX,
    "address_line": ADDRESS_CHARACTERS_MAX,
    "registration_number": REGISTRATION_CHARACTERS_MAX,
    "alcohol_licence_number": LICENCE_CHARACTERS_MAX,
    "stall_label": STALL_CHARACTERS_MAX,
}
IDENTITY = frozenset({"name", "registration_number"})
"""What an officer compared with the papers, and shoppers read beside the sign that the shop was verified."""


class NothingToVerify(Conflict):
    """The shop is already checked."""


class TooManyShops(Conflict):
    """A person opens one shop after another that nobody has checked."""


class LastOwner(Conflict):
    """The shop would be left without an owner."""


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
    village: str = "",
    stall_label: str = "",
    registration_number: str = "",
    alcohol_licence_number: str = "",
    story: str = "",
    slug: str | None = None,
    is_demo: bool = False,
) -> Vendor:
    """Open a shop that declares itself: it may list goods and cannot sell until somebody checked it.

    A person opens their own; whom they let help them, commune staff and the operator open one for its owner.
    `village` is the key of one of the commune's villages, as a form has it. Makes the owner's membership and a first
    warehouse. Raises `NotAllowed`, `TooManyShops` and `InvalidInput` subclasses.
    """
    if not actor.may_administer_commune(commune.pk):
        if owner.pk not in (actor.user_id, actor.helped_user_id):
            raise NotAllowed(_("Bạn không thể mở gian hàng cho người này."))
        _refuse_many_unchecked(owner)
    if kind not in Vendor.Kind.values:
        raise InvalidInput(_("Hãy chọn: hộ kinh doanh, hợp tác xã hay doanh nghiệp."), field="kind")
    shop_name, address = _cleaned("name", name), _cleaned("address_line", address_line)
    vendor = Vendor(
        name=shop_name,
        kind=kind,
        commune=commune,
        phone=_cleaned("phone", phone),
        address_line=address,
        market_site=market_site,
        stall_label=_cleaned("stall_label", stall_label),
        registration_number=_cleaned("registration_number", registration_number),
        alcohol_licence_number=_cleaned("alcohol_licence_number", alcohol_licence_number),
        story=_cleaned("story", story),
        verification=Vendor.Verification.DECLARED,
        is_demo=is_demo,
        made_at=now,
        **_kept_of_name(shop_name),
    )
    with transaction.atomic():
        vendor.village = chosen_village(village, commune_code=commune.pk)
        _save_under_free_slug(vendor, wanted=slug or slugify_vietnamese(shop_name))
        Membership.objects.create(vendor=vendor, user=owner, role=Membership.RoleInShop.OWNER)
        Warehouse.objects.create(
            vendor=vendor, kind=Warehouse.Kind.SHOP, name=shop_name[:PLACE_NAME_CHARACTERS_MAX], address_line=address
        )
        record_vendor("vendor.registered", vendor, actor=actor, now=now)
    return vendor


def _cleaned(field: str, text: str) -> str:
    """A particular of a shop as it is kept. Raises `InvalidInput` subclasses that name the field."""
    if field == "phone":
        return parse_phone(text)
    if field == "story":
        return clean_text(text, characters_max=STORY_CHARACTERS_MAX, field=field)
    return clean_line(text, characters_max=LINES_CHARACTERS_MAX[field], field=field, required=field == "name")


def _kept_of_name(name: str) -> dict[str, str]:
    return {"folded": fold(name)[:200], "sort_key": name_sort_key(name)[:400]}


def update_vendor(
    *,
    actor: Actor,
    vendor: Vendor,
    now: datetime,
    name: str | None = None,
    phone: str | None = None,
    address_line: str | None = None,
    registration_number: str | None = None,
    alcohol_licence_number: str | None = None,
    story: str | None = None,
    stall_label: str | None = None,
    village: str | None = None,
) -> Vendor:
    """Change what the shop says of itself; None leaves a particular as it is. Its address on the market stays.

    A new name or registration number is another identity than the one that was checked, so a verified shop then
    waits for its commune again and sells nothing meanwhile (Law 122/2025/QH15, article 17). Phone, address,
    village, stall and story are no identity. Nor is the licence for alcohol: honey may be sold on; catalog hears of
    the change and has the alcohol looked at anew. A shop that was sent back is on its officer's list again, whatever
    was saved. `village` is a village's key, "" for none. Owner only. Raises `NotFound`, `NotAllowed`, `InvalidInput`
    subclasses.
    """
    require_owner(actor, vendor)
    given = {
        "name": name,
        "phone": phone,
        "address_line": address_line,
        "registration_number": registration_number,
        "alcohol_licence_number": alcohol_licence_number,
        "story": story,
        "stall_label": stall_label,
    }
    wanted: dict[str, str | int | None] = {
        field: _cleaned(field, text) for field, text in given.items() if text is not None
    }
    with transaction.atomic():
        # Villages are locked before shops, here and wherever a village is merged.
        chosen = chosen_village(village, commune_code=vendor.commune_id) if village is not None else None
        locked = Vendor.objects.select_for_update().get(pk=vendor.pk)
        if village is not None:
            wanted["village_id"] = chosen.pk if chosen else None
        changed = {field: value for field, value in wanted.items() if getattr(locked, field) != value}
        declares = _must_be_checked(locked, changed)
        if changed or declares:
            _change(locked, changed, declares=declares)
            record_vendor("vendor.changed", locked, actor=actor, now=now, fields=" ".join(sorted(changed)))
        if declares:
            record_vendor("vendor.declared", locked, actor=actor, now=now)
    return locked


def _must_be_checked(vendor: Vendor, changed: Collection[str]) -> bool:
    """Whether a change brings the shop back before an officer."""
    was_sent_back = vendor.verification == Vendor.Verification.NONE
    return was_sent_back or (vendor.may_sell and not IDENTITY.isdisjoint(changed))


def _change(vendor: Vendor, changed: dict[str, str | int | None], *, declares: bool) -> None:
    texts = {field: value for field, value in changed.items() if isinstance(value, str)}
    _change_first_place(vendor, texts)
    values = {**changed, **(_kept_of_name(texts["name"]) if "name" in texts else {})}
    if declares:
        values |= {"verification": Vendor.Verification.DECLARED, "refusal_reason": ""}
        values |= {"verified_at": None, "verified_by": None}
    for field, value in values.items():
        setattr(vendor, field, value)
    vendor.save(update_fields=list(values))


def _change_first_place(vendor: Vendor, changed: dict[str, str]) -> None:
    """The place that was made with the shop bears its name and address; it follows where it still does."""
    for field, most in (("name", PLACE_NAME_CHARACTERS_MAX), ("address_line", ADDRESS_CHARACTERS_MAX)):
        if field in changed:
            same = {field: getattr(vendor, field)[:most]}
            places = Warehouse.objects.filter(vendor=vendor, kind=Warehouse.Kind.SHOP, **same)
            places.update(**{field: changed[field][:most]})


def _refuse_many_unchecked(owner: User) -> None:
    theirs = Membership.objects.filter(user=owner, role=Membership.RoleInShop.OWNER)
    if theirs.exclude(vendor__verification__in=MAY_SELL).count() >= UNCHECKED_SHOPS_OF_A_PERSON_MAX:
        raise TooManyShops(_("Bạn có nhiều gian hàng đang chờ xã xác minh. Xã xác minh xong, bạn mở thêm được."))


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
    Raises `NotFound` for staff of elsewhere, and `NothingToVerify` when it is already so or was sent back and its
    owner has saved nothing since: what was wrong with it still is.
    """
    require_commune_staff(actor, vendor.commune_id)
    with transaction.atomic():
        locked = Vendor.objects.select_for_update().get(pk=vendor.pk)
        if locked.may_sell:
            raise NothingToVerify(_("Gian hàng này đã được xác minh."))
        if locked.verification != Vendor.Verification.DECLARED:
            raise NothingToVerify(
                _("Gian hàng này đã bị trả lại. Chủ gian hàng sửa và lưu lại rồi mới xác minh được.")
            )
        locked.verification = Vendor.Verification.VERIFIED_BY_STAFF
        locked.verified_at = now
        locked.verified_by_id = actor.user_id
        locked.refusal_reason = ""
        locked.save(update_fields=["verification", "verified_at", "verified_by", "refusal_reason"])
        record_vendor("vendor.verified", locked, actor=actor, now=now)
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
        record_vendor("vendor.refused", locked, actor=actor, now=now)
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

    Owner only. Raises `UnknownBank`, `BankCannotReceive`, `InvalidAccountNumber`, `BadMemoPrefix` and other
    `InvalidInput`s.
    """
    require_owner(actor, vendor)
    bank = bank_that_receives(bin)
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
        record_vendor("vendor.account_set", vendor, actor=actor, now=now, account=account.pk)
    return account


def _memo_prefix(text: str) -> str:
    prefix = text.strip().upper()
    if len(prefix) > MEMO_PREFIX_CHARACTERS_MAX or not (prefix == "" or (prefix.isascii() and prefix.isalnum())):
        raise BadMemoPrefix(_("Tiền tố nội dung chỉ gồm chữ in hoa và số, nhiều nhất 6 ký tự."), field="memo_prefix")
    return prefix


def add_member(*, actor: Actor, vendor: Vendor, user: User, role: str, now: datetime) -> Membership:
    """Let a person work in the shop, or change what they are there. Owner only.

    Raises `InvalidInput` for an unknown role, and `LastOwner`.
    """
    require_owner(actor, vendor)
    if role not in Membership.RoleInShop.values:
        raise InvalidInput(_("Hãy chọn: chủ gian hàng hoặc người bán."), field="role")
    with transaction.atomic():
        Vendor.objects.select_for_update().get(pk=vendor.pk)
        if role != Membership.RoleInShop.OWNER:
            require_other_owner(vendor, than=user.pk, field="role")
        member, _made = Membership.objects.update_or_create(vendor=vendor, user=user, defaults={"role": role})
        record_vendor("vendor.member_added", vendor, actor=actor, now=now, user=user.pk)
    return member


def require_other_owner(vendor: Vendor, *, than: int, field: str | None = None) -> None:
    """Raises `LastOwner` where nobody but the person with this id owns the shop; asked with the shop locked."""
    owners = Membership.objects.filter(vendor=vendor, role=Membership.RoleInShop.OWNER)
    if not owners.exclude(user=than).exists():
        raise LastOwner(_("Gian hàng phải còn ít nhất một chủ."), field=field)


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
            name=clean_line(name, characters_max=PLACE_NAME_CHARACTERS_MAX, field="name", required=True),
            address_line=clean_line(address_line, characters_max=ADDRESS_CHARACTERS_MAX, field="address_line"),
            market_site=market_site,
            pick_up=pick_up,
        )
        record_vendor("vendor.warehouse_added", vendor, actor=actor, now=now, warehouse=warehouse.pk)
    return warehouse
