"""The row of links under the header: what this person comes here to do, at most four on a phone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import ANONYMOUS, Actor


@dataclass(frozen=True)
class MenuEntry:
    """One link; `current` when the page lies under it."""

    url: str
    label: str | Promise
    current: bool = False


def menu_for(actor: Actor, *, path: str) -> list[MenuEntry]:
    """The links for this person, the one that `path` lies under marked."""
    return [MenuEntry(url, label, current=path.startswith(url)) for url, label in _links(actor)]


def _links(actor: Actor) -> list[tuple[str, str | Promise]]:
    links: list[tuple[str, str | Promise]] = [("/orders/find/", _("Tra đơn hàng"))]
    if actor == ANONYMOUS:
        return [*links, ("/sell/", _("Bán hàng")), ("/sign-in/", _("Đăng nhập"))]
    if actor.vendor_roles or actor.agent_commune_codes:
        links.append(("/sell/", _("Bán hàng")))
    if actor.commune_codes or actor.province_codes:
        links.append(("/commune/", _("Quản lý")))
    if actor.is_operator:
        links.append(("/admin/", _("Vận hành")))
    return [*links, ("/sign-out/", _("Đăng xuất"))]
