"""The row of links under the header: what this person comes here to do, at most four on a phone."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import ANONYMOUS, Actor

LIES_UNDER = {
    "/commune/dormant/": "/commune/vendors/",
    "/commune/villages/": "/commune/vendors/",
    "/commune/report/": "/commune/figures/",
    "/commune/sales/": "/commune/figures/",
    "/sell/complaints/": "/sell/orders/",
}
"""Pages whose address does not say which link they are reached by."""


@dataclass(frozen=True)
class MenuEntry:
    """One link; `current` when the page lies under it."""

    url: str
    label: str | Promise
    current: bool = False


def menu_for(actor: Actor, *, path: str) -> list[MenuEntry]:
    """The links for this person, the one that `path` lies deepest under marked."""
    links = _links(actor) if (work := _links_at_work(actor, path=path)) is None else work
    place = next((under for start, under in LIES_UNDER.items() if path.startswith(start)), path)
    deepest = max((url for url, _label in links if place.startswith(url)), key=len, default="")
    return [MenuEntry(url, label, current=url == deepest) for url, label in links]


def _links_at_work(actor: Actor, *, path: str) -> list[tuple[str, str | Promise]] | None:
    """On the pages of sellers and of staff: the pages beside this one; None elsewhere."""
    if path.startswith("/sell/") and (actor.vendor_roles or actor.agent_commune_codes):
        helping = [("/sell/help/", _("Làm giúp"))] if actor.agent_commune_codes else []
        return [
            ("/sell/", _("Hôm nay")),
            ("/sell/stall/", _("Tại sạp")),
            ("/sell/orders/", _("Đơn hàng")),
            ("/sell/products/", _("Sản phẩm")),
            ("/sell/book/", _("Sổ ngày")),
            *helping,
            ("/sign-out/", _("Đăng xuất")),
        ]
    if path.startswith(("/commune/", "/province/")) and (actor.commune_codes or actor.province_codes):
        commune = [("/commune/", _("Việc hôm nay")), ("/commune/vendors/", _("Các gian hàng"))]
        figures = [("/commune/figures/", _("Số liệu"))]
        province = [("/province/", _("Cả tỉnh"))]
        own = [*commune, *figures] if actor.commune_codes else []
        return [*own, *(province if actor.province_codes else []), ("/sign-out/", _("Đăng xuất"))]
    return None


def _links(actor: Actor) -> list[tuple[str, str | Promise]]:
    if actor == ANONYMOUS:
        return [("/orders/find/", _("Tra đơn hàng")), ("/sell/", _("Bán hàng")), ("/sign-in/", _("Đăng nhập"))]
    links: list[tuple[str, str | Promise]] = [("/orders/", _("Đơn đã mua"))]
    if actor.vendor_roles or actor.agent_commune_codes:
        links.append(("/sell/", _("Bán hàng")))
    if actor.commune_codes or actor.province_codes:
        links.append(("/commune/" if actor.commune_codes else "/province/", _("Quản lý")))
    if actor.is_operator:
        links.append(("/admin/", _("Vận hành")))
    return [*links, ("/account/", _("Tài khoản")), ("/sign-out/", _("Đăng xuất"))]
