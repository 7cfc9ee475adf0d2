"""What can be done to one product: price, stock, photos, review, certificate. Each is one form, one service."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from catalog.selectors import media_of, product_for_member, stocks_of, variants_of
from catalog.services import (
    add_photo,
    copy_product,
    move_photo,
    remove_photo,
    set_stock,
    submit_for_review,
    update_variant,
    withdraw_product,
)
from marketplace.core import clock
from marketplace.core.errors import NotFound
from storefront.papers import sent_papers
from storefront.sell.desk import Desk, seller_page
from storefront.sell.fields import photos_of
from storefront.sell.goods import CertificateForm, PhotoForm, PriceForm, StockForm, declare_once
from storefront.sell.views.products import QUIET, product_page
from storefront.settling import AskingForm, answered_once, settled
from storefront.web import client_id_of, form_page


def _own(desk: Desk, product_id: int) -> Product:
    return product_for_member(actor=desk.actor, product_id=product_id)


def _row(rows: Any, row_id: int) -> Any:
    found = next((row for row in rows if row.pk == row_id), None)
    if found is None:
        raise NotFound(_("Không tìm thấy."))
    return found


def _done(
    request: HttpRequest,
    desk: Desk,
    product: Product,
    *,
    form: AskingForm,
    work: Callable[[dict[str, Any]], object],
    said: str | Promise,
) -> HttpResponseBase:
    """Back to the product's page, with what was done or with the form that was refused."""
    if not settled(form, lambda given: answered_once(request, given, work)):
        return product_page(request, desk, product, failing=form)
    messages.success(request, str(said))
    return redirect("sell_product", product.pk)


@seller_page("POST")
def price(request: HttpRequest, desk: Desk, product_id: int, variant_id: int) -> HttpResponseBase:
    """A new price or unit of one kind."""
    product = _own(desk, product_id)
    variant = _row(variants_of(product, on_sale_only=False), variant_id)

    def work(given: dict[str, Any]) -> None:
        update_variant(actor=desk.actor, variant=variant, now=clock.now(), **given)

    form = PriceForm(request.POST, auto_id=f"price{variant.pk}_%s")
    return _done(request, desk, product, form=form, work=work, said=_("Đã lưu giá."))


@seller_page("POST")
def stock(request: HttpRequest, desk: Desk, product_id: int, stock_id: int) -> HttpResponseBase:
    """How many there are at one place."""
    product = _own(desk, product_id)
    row = _row(stocks_of(product), stock_id)

    def work(given: dict[str, Any]) -> None:
        set_stock(actor=desk.actor, variant=row.variant, warehouse=row.warehouse, now=clock.now(), **given)

    form = StockForm(request.POST, auto_id=f"stock{row.pk}_%s")
    return _done(request, desk, product, form=form, work=work, said=_("Đã lưu số lượng."))


@seller_page("POST")
def photo(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponseBase:
    """Further photos: one from the camera, or several out of the phone. Those before a refused one are kept."""
    product = _own(desk, product_id)

    def add(content: bytes, _given: dict[str, Any]) -> None:
        add_photo(actor=desk.actor, product=product, content=content, alt=product.name, now=clock.now())

    def work(given: dict[str, Any]) -> None:
        for part, content in enumerate(photos_of(given, request.FILES.getlist("stored_photo"))):
            answered_once(request, {"sha256": sha256(content).hexdigest()}, partial(add, content), part=part)

    form = PhotoForm(request.POST, request.FILES)
    if not settled(form, work):
        return product_page(request, desk, product, failing=form)
    messages.success(request, _("Đã thêm ảnh."))
    return redirect("sell_product", product.pk)


@seller_page("POST")
def without_photo(request: HttpRequest, desk: Desk, product_id: int, media_id: int) -> HttpResponseBase:
    """One photo less."""
    product = _own(desk, product_id)

    def work(_given: dict[str, Any]) -> None:
        # Looked for here, since a form that comes again is about a photo that is gone.
        remove_photo(actor=desk.actor, media=_row(media_of(product), media_id), now=clock.now())

    return _done(request, desk, product, form=AskingForm(request.POST), work=work, said=_("Đã bỏ ảnh."))


@seller_page("POST")
def moved_photo(request: HttpRequest, desk: Desk, product_id: int, media_id: int) -> HttpResponseBase:
    """A photo shown earlier, or first of all."""
    product = _own(desk, product_id)
    media = _row(media_of(product), media_id)

    def work(_given: dict[str, Any]) -> None:
        move_photo(actor=desk.actor, media=media, to_front=request.POST.get("to") == "front", now=clock.now())

    said = _("Đã đổi thứ tự ảnh.")
    return _done(request, desk, product, form=AskingForm(request.POST), work=work, said=said)


@seller_page("POST")
def copy(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponseBase:
    """Another product like this one, as a draft."""
    made = copy_product(
        actor=desk.actor, product=_own(desk, product_id), now=clock.now(), client_id=client_id_of(request)
    )
    messages.success(request, str(_("Đã chép thành bản nháp. Bạn sửa tên, giá và số lượng.")))
    return redirect("sell_product", made.pk)


@seller_page("POST")
def submit(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponseBase:
    """Ask the commune to look at the product."""
    product = _own(desk, product_id)

    def work(_given: dict[str, Any]) -> None:
        submit_for_review(actor=desk.actor, product=product, now=clock.now())

    said = _("Đã gửi xã duyệt. Duyệt xong là sản phẩm hiện lên chợ.")
    return _done(request, desk, product, form=AskingForm(request.POST), work=work, said=said)


@seller_page("POST")
def withdraw(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponseBase:
    """Take the product off sale."""
    product = _own(desk, product_id)

    def work(_given: dict[str, Any]) -> None:
        withdraw_product(actor=desk.actor, product=product, now=clock.now())

    said = _("Đã ngừng bán sản phẩm này.")
    return _done(request, desk, product, form=AskingForm(request.POST), work=work, said=said)


@seller_page("GET", "POST")
def certificate(request: HttpRequest, desk: Desk, product_id: int) -> HttpResponseBase:
    """Say which decision gave the product its stars; they show once the commune has seen it."""
    product = _own(desk, product_id)
    form = CertificateForm(request.POST, request.FILES) if request.method == "POST" else CertificateForm()
    client_id = client_id_of(request) if request.method == "POST" else None

    def work(given: dict[str, Any]) -> None:
        papers, now = sent_papers(request), clock.now()
        declare_once(actor=desk.actor, product=product, given=given, papers=papers, client_id=client_id, now=now)

    if not settled(form, work):
        context = {"desk": desk, "product": product, "form": form, **QUIET}
        return form_page(request, "storefront/sell/certificate.html", context, error=form.refusal)
    messages.success(request, _("Đã khai giấy chứng nhận. Sao hiện lên khi xã xem giấy xong."))
    return redirect("sell_product", product.pk)
