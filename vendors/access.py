"""Who may do what in a shop: a person's scopes gathered once, and the checks every service asks."""

from __future__ import annotations

from dataclasses import replace

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.people.models import HelpConsent, Role, User
from marketplace.people.second_step import OFFICES, is_held_back
from marketplace.people.selectors import has_consent, roles_of
from vendors.models import Membership, Vendor


def actor_of(user: User | AnonymousUser | None) -> Actor:
    """The person with all their scopes; two statements, none for somebody who is not signed in.

    Offices rest while the market requires a second step that this sign-in did not take.
    """
    if not isinstance(user, User) or not user.is_active:
        return ANONYMOUS
    held_back = is_held_back(user)
    roles = [role for role in roles_of(user) if not (held_back and role.kind in OFFICES)]
    return Actor(
        user_id=user.pk,
        is_operator=any(role.kind == Role.Kind.OPERATOR for role in roles),
        province_codes=frozenset(role.province_id for role in roles if role.province_id),
        commune_codes=_communes(roles, Role.Kind.COMMUNE),
        agent_commune_codes=_communes(roles, Role.Kind.AGENT),
        vendor_roles=dict(Membership.objects.filter(user=user).values_list("vendor_id", "role")),
    )


def _communes(roles: list[Role], kind: str) -> frozenset[str]:
    return frozenset(role.commune_id for role in roles if role.kind == kind and role.commune_id)


def acting_for(actor: Actor, person: User) -> Actor:
    """An agent in the place of a person who consented: that person's shops, as a seller and never as owner.

    Money, bank accounts and passwords ask for an owner, so they stay closed. Raises `NotFound` when the actor is
    no agent, there is no live consent, or none of the person's shops lies in the agent's communes.
    """
    consented = actor.user_id is not None and has_consent(person_id=person.pk, agent_id=actor.user_id)
    shops = Membership.objects.filter(user=person, vendor__commune_id__in=actor.agent_commune_codes).values_list(
        "vendor_id", flat=True
    )
    roles = dict.fromkeys(shops, Membership.RoleInShop.SELLER.value) if consented else {}
    if not roles:
        raise NotFound(_("Không tìm thấy người này, hoặc chưa có sự đồng ý của họ."))
    return replace(actor, vendor_roles=roles, helped_user_id=person.pk)


def shops_in_reach(actor: Actor) -> frozenset[int]:
    """The shops in which the actor may do a seller's work: their own, and those of people who let this agent help.

    One statement for an agent, none for others.
    """
    helped = () if not actor.agent_commune_codes else _helped(actor).values_list("vendor_id", flat=True)
    return frozenset({*actor.vendor_roles, *helped})


def hand_in(actor: Actor, vendor_id: int) -> Actor | None:
    """Who the actor is in this shop: themselves as a member, or an agent in the place of a member who consented.

    None for everybody else; a caller answers them as if there were no such thing. One statement for an agent who is
    no member, none for others.
    """
    if actor.may_sell_for(vendor_id):
        return actor
    if not actor.agent_commune_codes:
        return None
    member = _helped(actor).filter(vendor=vendor_id).order_by("role", "pk").select_related("user").first()
    return None if member is None else acting_for(actor, member.user)


def _helped(actor: Actor) -> QuerySet[Membership]:
    """The memberships of people who let this agent help, in shops of the agent's communes."""
    consented = HelpConsent.objects.filter(agent_id=actor.user_id, withdrawn_at=None).values("person_id")
    return Membership.objects.filter(user__in=consented, vendor__commune_id__in=actor.agent_commune_codes)


def require_seller(actor: Actor, vendor: Vendor) -> None:
    """Raises `NotFound` unless the actor is a member of the shop: a stranger does not learn that it exists."""
    if not actor.may_sell_for(vendor.pk):
        raise NotFound(_("Không tìm thấy."))


def require_owner(actor: Actor, vendor: Vendor) -> None:
    """Raises `NotFound` for a stranger and `NotAllowed` for a seller: money matters are the owner's."""
    require_seller(actor, vendor)
    if not actor.may_own(vendor.pk):
        raise NotAllowed(_("Chỉ chủ gian hàng làm được việc này."))


def require_commune_staff(actor: Actor, commune_code: str) -> None:
    """Raises `NotFound` unless the actor is staff of that commune or the operator."""
    if not actor.may_administer_commune(commune_code):
        raise NotFound(_("Không tìm thấy."))
