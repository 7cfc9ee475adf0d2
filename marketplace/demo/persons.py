"""The people who can sign in to the demo market, with their roles."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import SYSTEM
from marketplace.core.errors import NotFound
from marketplace.core.text import slugify_vietnamese
from marketplace.demo.cast import CAST, DEMO_PASSWORD, SHOP_OF_DEMO_OWNER, STAFF_PROVINCE_CODE, DemoPerson
from marketplace.demo.shops import demo_user
from marketplace.people.models import HelpConsent, Role, User
from marketplace.people.services import give_role, record_consent
from marketplace.places.selectors import get_province
from vendors.models import Membership, Vendor
from vendors.services import add_member


def owners_shop() -> Vendor:
    """The shop that the demo's owner and seller work in."""
    slug = slugify_vietnamese(SHOP_OF_DEMO_OWNER)
    shop = Vendor.objects.select_related("commune__province").filter(slug=slug, is_demo=True).first()
    if shop is None:
        raise NotFound(_("Chưa có chợ thử ở đây: chạy `market demo` hoặc `make run` trước."))
    return shop


def make_cast(*, now: datetime) -> None:
    """Make the demo's people and give them their roles."""
    shop = owners_shop()
    users = {person.role: _user(person, now=now) for person in CAST}
    for role, scope in (
        (Role.Kind.OPERATOR, {}),
        (Role.Kind.PROVINCE, {"province": get_province(STAFF_PROVINCE_CODE)}),
        (Role.Kind.COMMUNE, {"commune": shop.commune}),
        (Role.Kind.AGENT, {"commune": shop.commune}),
    ):
        give_role(actor=SYSTEM, user=users[role.value], kind=role.value, now=now, **scope)
    operator = users[Role.Kind.OPERATOR.value]
    User.objects.filter(pk=operator.pk).update(is_staff=True, is_superuser=True)
    for role_in_shop in (Membership.RoleInShop.OWNER, Membership.RoleInShop.SELLER):
        add_member(actor=SYSTEM, vendor=shop, user=users[role_in_shop.value], role=role_in_shop.value, now=now)
    record_consent(
        actor=SYSTEM,
        person=users["owner"],
        agent=users["agent"],
        means=HelpConsent.Means.SIGNED_PAPER,
        now=now,
    )


def _user(person: DemoPerson, *, now: datetime) -> User:
    return demo_user(login=person.login, name=person.name, phone=person.phone, password=DEMO_PASSWORD, now=now)
