"""Goods out of a file and into one: bringing it, seeing what it would do, taking it; export and template."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.exporting import export_csv, export_xlsx, template_xlsx
from catalog.models import GoodsImport
from catalog.services.importing import bring_goods, confirm_import, discard_import, import_of, imports_of
from marketplace.core import clock
from marketplace.core.errors import NotFound
from marketplace.core.tables import TABLE_BYTES_MAX
from storefront.paging import pager
from storefront.prints import printed
from storefront.sell.desk import Desk, seller_page
from storefront.sell.fields import file_bytes
from storefront.sell.imports import ImportForm, ImportShown, steps_shown
from storefront.settling import settled
from storefront.web import client_id_of, form_page, page_number

QUIET = {"hide_search": True, "hide_basket": True}
SHOWN_MAX = 10


@seller_page("GET", "POST")
def imports(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The files that the shop brought; a POST brings one, whose page comes next."""
    form = ImportForm()
    brought: list[GoodsImport] = []
    if request.method == "POST":
        form, client_id = ImportForm(request.POST, request.FILES), client_id_of(request)

        def work(given: dict[str, Any]) -> None:
            brought.append(
                bring_goods(
                    actor=desk.actor,
                    vendor=desk.vendor,
                    content=file_bytes(given, bytes_max=TABLE_BYTES_MAX),
                    defaults=form.defaults,
                    now=clock.now(),
                    client_id=client_id,
                )
            )

        if settled(form, work):
            return redirect("sell_import", brought[0].pk)
    rows = [ImportShown(one) for one in imports_of(actor=desk.actor, vendor=desk.vendor)[:SHOWN_MAX]]
    context = {"desk": desk, "rows": rows, "form": form, **QUIET}
    return form_page(request, "storefront/sell/imports.html", context, error=form.refusal)


@seller_page("GET")
def one(request: HttpRequest, desk: Desk, import_id: uuid.UUID) -> HttpResponseBase:
    """One file: what each row would do, how far it is, or what became of it."""
    found = _own(desk, import_id)
    number = page_number(request)
    steps, tiles, pages = steps_shown(found, page=number)
    context = {"desk": desk, "file": found, "shown": ImportShown(found), "steps": steps, "tiles": tiles, **QUIET}
    context |= {"right_count": tiles[0].count + tiles[1].count}

    def url(page: int) -> str:
        return f"{reverse('sell_import', args=[found.pk])}?page={page}"

    context |= pager(min(number, pages), pages=pages, url=url)
    return render(request, "storefront/sell/import.html", context)


@seller_page("POST")
def take(request: HttpRequest, desk: Desk, import_id: uuid.UUID) -> HttpResponseBase:
    """Take a file's goods; the worker goes on with a long one. Sent twice it is taken once."""
    client_id_of(request)
    done = confirm_import(
        actor=desk.actor,
        goods_import=_own(desk, import_id),
        now=clock.now(),
        without_errors="without_errors" in request.POST,
    )
    if done.state == GoodsImport.State.DONE:
        sentence = _("Đã thêm %(added)s, sửa %(changed)s sản phẩm. Hàng mới là bản nháp, bạn xem rồi gửi xã duyệt.")
        messages.success(request, sentence % {"added": done.added_count, "changed": done.changed_count})
    return redirect("sell_import", done.pk)


@seller_page("POST")
def discard(request: HttpRequest, desk: Desk, import_id: uuid.UUID) -> HttpResponseBase:
    """Throw a file away that was not taken."""
    discard_import(actor=desk.actor, goods_import=_own(desk, import_id))
    messages.success(request, _("Đã bỏ tệp này, chưa thêm gì."))
    return redirect("sell_imports")


@seller_page("GET")
def export(request: HttpRequest, desk: Desk, kind: str) -> HttpResponseBase:
    """The shop's goods as a file, or the empty template."""
    today = clock.vietnam_date(clock.now())
    if kind == "template":
        return printed(template_xlsx(), name="mau-nhap-hang.xlsx")
    write = {"xlsx": export_xlsx, "csv": export_csv}.get(kind)
    if write is None:
        raise NotFound(_("Không tìm thấy."))
    content = write(actor=desk.actor, vendor=desk.vendor)
    return printed(content, name=f"hang-{desk.vendor.slug}-{today:%Y%m%d}.{kind}")


def _own(desk: Desk, import_id: uuid.UUID) -> GoodsImport:
    return import_of(actor=desk.actor, vendor=desk.vendor, import_id=import_id)
