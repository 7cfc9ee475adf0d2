"""The commune's own list of its villages: added, renamed, merged, closed; and in which one a shop is."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.core import clock
from marketplace.core.actors import Actor
from marketplace.places.models import Commune, Village
from marketplace.places.villages import add_villages, get_village, rename_village, villages_of
from storefront.commune.reads import shop_for_staff
from storefront.commune.staff import QUIET, commune_asked, staff_page
from storefront.commune.views.deciding import address_of, done, vendor_page
from storefront.commune.village_forms import MergeForm, RenameForm, ShopVillageForm, VillagesForm
from storefront.commune.villages import SORTS, village_list
from storefront.paging import pager
from storefront.settling import AskingForm, answered_once, settled
from storefront.web import form_page, page_number
from vendors.access import require_commune_staff
from vendors.models import Vendor
from vendors.villages import close_village, merge_village, set_village

SORT_COLUMNS = (
    ("name", gettext_lazy("Thôn, xóm")),
    ("shops", gettext_lazy("Số gian")),
    ("active", gettext_lazy("Có bán")),
)


@staff_page("GET", "POST")
def villages(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The commune's villages with their shops, and the form that takes one name or a pasted list."""
    commune = commune_asked(request, actor)
    require_commune_staff(actor, commune.pk)
    form = VillagesForm(request.POST if request.method == "POST" else None)

    def work(given: dict[str, Any]) -> None:
        result = add_villages(actor=actor, commune=commune, now=clock.now(), **given)
        messages.success(request, _added_in_words(result.added, result.known))

    if not settled(form, lambda given: answered_once(request, given, work)):
        return form_page(
            request, "storefront/commune/villages.html", _list(request, actor, commune, form), error=form.refusal
        )
    return redirect(_address_of_list(commune))


def _added_in_words(added: int, known: int) -> str:
    words = ngettext("Đã thêm %(count)s thôn, xóm.", "Đã thêm %(count)s thôn, xóm.", added) % {"count": added}
    if not known:
        return words
    there = ngettext("%(count)s tên đã có sẵn.", "%(count)s tên đã có sẵn.", known) % {"count": known}
    return f"{words} {there}"


def _address_of_list(commune: Commune) -> str:
    return f"{reverse('commune_villages')}?{urlencode({'commune': str(commune.pk)})}"


def _list(request: HttpRequest, actor: Actor, commune: Commune, form: VillagesForm) -> dict[str, Any]:
    number, sort = page_number(request), request.GET.get("sort", "")
    sort = sort if sort in SORTS else "name"
    month = clock.vietnam_date(clock.now()).replace(day=1)
    found = village_list(actor=actor, commune=commune, month=month, sort=sort, page=number)

    def url(page: int) -> str:
        return f"{_address_of_list(commune)}&{urlencode({'sort': sort, 'page': str(page)})}"

    context: dict[str, Any] = {"commune": commune, "form": form, "found": found, **QUIET}
    context |= {"sort": sort, "columns": SORT_COLUMNS}
    return context | pager(number, pages=found.pages, url=url)


@staff_page("GET")
def village(request: HttpRequest, actor: Actor, village_id: int) -> HttpResponseBase:
    """One village: renamed, merged into another one, or closed."""
    return _page(request, actor, get_village(actor=actor, village_id=village_id))


@staff_page("POST")
def rename(request: HttpRequest, actor: Actor, village_id: int) -> HttpResponseBase:
    """Call it otherwise."""
    found = get_village(actor=actor, village_id=village_id)

    def work(given: dict[str, Any]) -> None:
        rename_village(actor=actor, village_id=found.pk, now=clock.now(), **given)

    page = partial(_page, request, actor, found)
    return done(request, page, form=RenameForm(request.POST), work=work, said=_("Đã đổi tên."), to=_back(found))


@staff_page("POST")
def merge(request: HttpRequest, actor: Actor, village_id: int) -> HttpResponseBase:
    """Make it part of another one; its shops go along."""
    found = get_village(actor=actor, village_id=village_id)

    def work(given: dict[str, Any]) -> None:
        merge_village(actor=actor, village_id=found.pk, into_id=int(given["into"]), now=clock.now())

    form, page = MergeForm(request.POST, villages=_others(found)), partial(_page, request, actor, found)
    said = _("Đã gộp. Gian hàng đã theo sang.")
    return done(request, page, form=form, work=work, said=said, to=_back(found))


@staff_page("POST")
def close(request: HttpRequest, actor: Actor, village_id: int) -> HttpResponseBase:
    """Take it out of use, when no shop is in it."""
    found = get_village(actor=actor, village_id=village_id)

    def work(_given: dict[str, Any]) -> None:
        close_village(actor=actor, village_id=found.pk, now=clock.now())

    form, page = AskingForm(request.POST), partial(_page, request, actor, found)
    return done(request, page, form=form, work=work, said=_("Đã đóng thôn, xóm này."), to=_back(found))


@staff_page("POST")
def of_shop(request: HttpRequest, actor: Actor, vendor_id: int) -> HttpResponseBase:
    """Note in which village a shop is."""
    found = shop_for_staff(actor=actor, vendor_id=vendor_id)
    form = ShopVillageForm(request.POST, villages=villages_of([found.commune_id]))

    def work(given: dict[str, Any]) -> None:
        set_village(actor=actor, vendor=found, village=given.get("village", ""), now=clock.now())

    page = partial(vendor_page, request, found)
    return done(request, page, form=form, work=work, said=_("Đã ghi thôn, xóm."), to=address_of(found))


def _back(found: Village) -> str:
    return _address_of_list(found.commune)


def _others(found: Village) -> list[Village]:
    return [row for row in villages_of([found.commune_id]) if row.pk != found.pk]


def _page(request: HttpRequest, actor: Actor, found: Village, failing: AskingForm | None = None) -> HttpResponse:
    renaming = (
        failing if isinstance(failing, RenameForm) else RenameForm(initial={"kind": found.kind, "name": found.name})
    )
    merging = failing if isinstance(failing, MergeForm) else MergeForm(villages=_others(found))
    context: dict[str, Any] = {"village": found, "commune": found.commune, "form": failing, **QUIET}
    context |= {"renaming": renaming, "merging": merging, "is_merging": merging is failing}
    context["shops"] = Vendor.objects.filter(village=found).count()
    error = failing.refusal if failing else None
    return form_page(request, "storefront/commune/village.html", context, error=error)
