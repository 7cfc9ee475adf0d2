"""Who works in a shop: taken in by the owner, let go by the owner or of their own will."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketplace.people.sign_in import may_act, normal_login, user_of_login
from vendors.access import require_owner, require_seller
from vendors.models import Membership, Vendor
from vendors.recording import record_vendor
from vendors.services import add_member, require_other_owner

ROW_ID_MAX = 2**63 - 1
MEMBERS_MAX = 20
"""How many people may work in one shop."""


class NobodySignsInSo(InvalidInput):
    """No person of the market signs in with this phone or e-mail."""

    code = "NOT_FOUND"


class TooManyMembers(Conflict):
    """A shop has as many members as it may."""


def members_of(*, actor: Actor, vendor: Vendor) -> list[Membership]:
    """Who works in the shop, owners first, then by name; one statement. Raises `NotFound` for a stranger."""
    require_seller(actor, vendor)
    members = Membership.objects.filter(vendor=vendor).select_related("user")
    return list(members.order_by("role", "user__name", "pk")[:MEMBERS_MAX])


def take_in(*, actor: Actor, vendor: Vendor, login: str, role: str, now: datetime) -> Membership:
    """Let who signs in with this phone or e-mail work in the shop, or change what they are there. Owner only.

    Raises `NobodySignsInSo`, `TooManyMembers` and what `vendors.services.add_member` raises.
    """
    require_owner(actor, vendor)
    person = user_of_login(normal_login(login))
    if person is None or not may_act(person):
        sentence = _("Chưa có ai dùng số hoặc địa chỉ này trên chợ. Bạn bảo người đó tạo tài khoản trước.")
        raise NobodySignsInSo(sentence, field="login")
    with transaction.atomic():
        _locked(vendor)
        others = Membership.objects.filter(vendor=vendor).exclude(user=person)
        if others.count() >= MEMBERS_MAX:
            raise TooManyMembers(_("Gian hàng đã đủ người."), field="login")
        return add_member(actor=actor, vendor=vendor, user=person, role=role, now=now)


def member_to_let_go(*, actor: Actor, vendor: Vendor, member_id: int) -> Membership:
    """Whose work in the shop this person may end: the owner anybody's, a seller their own.

    Who helps in somebody's place ends nobody's. Raises `NotFound` for a stranger and for who is gone, `NotAllowed`.
    """
    require_seller(actor, vendor)
    members = Membership.objects.select_related("user").filter(vendor=vendor)
    member = members.filter(pk=member_id).first() if member_id <= ROW_ID_MAX else None
    if member is None:
        raise NotFound(_("Không tìm thấy người này trong gian hàng."))
    is_own = member.user_id == actor.user_id and actor.helped_user_id is None
    if not (is_own or actor.may_own(vendor.pk)):
        raise NotAllowed(_("Chỉ chủ gian hàng làm được việc này."))
    return member


def let_go(*, actor: Actor, vendor: Vendor, member_id: int, now: datetime) -> None:
    """End a person's work in the shop, from their next page on. Raises as `member_to_let_go`, and `LastOwner`."""
    require_seller(actor, vendor)
    with transaction.atomic():
        _locked(vendor)
        member = member_to_let_go(actor=actor, vendor=vendor, member_id=member_id)
        if member.role == Membership.RoleInShop.OWNER:
            require_other_owner(vendor, than=member.user_id)
        member.delete()
        record_vendor("vendor.member_removed", vendor, actor=actor, now=now, user=member.user_id)


def _locked(vendor: Vendor) -> None:
    Vendor.objects.select_for_update().get(pk=vendor.pk)
