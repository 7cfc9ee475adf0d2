"""Bank statements: bringing a file, completing it, seeing what it would do, importing it. The owner's alone."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.core import clock
from payments.brought import statements_of_vendor
from payments.models import Statement
from payments.services.statements import (
    bring_statement,
    choose_account,
    choose_columns,
    statement_of,
)
from payments.statements.tabular import STATEMENT_BYTES_MAX
from storefront.paging import pager
from storefront.sell.desk import Desk, seller_page
from storefront.sell.fields import file_bytes
from storefront.sell.statements import (
    HEADER_ROW_MAX,
    AccountForm,
    ColumnsForm,
    StatementRow,
    UploadForm,
    discarded,
    forecast_of,
    forecast_rows,
    forecast_tiles,
    outcome_rows,
    outcome_tiles,
    pages_of,
    preview_of,
    taken,
)
from storefront.settling import AskingForm, settled
from storefront.web import client_id_of, form_page, page_number, parse_number

QUIET = {"hide_search": True, "hide_basket": True}
SHOWN_MAX = 20


@seller_page("GET", "POST")
def statements(request: HttpRequest, desk: Desk) -> HttpResponseBase:
    """The shop's statements; a POST brings a file, whose page comes next."""
    rows = [
        StatementRow(one)
        for one in statements_of_vendor(actor=desk.actor, vendor=desk.vendor, at_most=SHOWN_MAX)
    ]  # fmt: skip
    form = UploadForm(vendor=desk.vendor)
    brought: list[Statement] = []
    if request.method == "POST":
        form, client_id = UploadForm(request.POST, request.FILES, vendor=desk.vendor), client_id_of(request)

        def work(given: dict[str, Any]) -> None:
            brought.append(
                bring_statement(
                    actor=desk.actor,
                    vendor=desk.vendor,
                    content=file_bytes(given, bytes_max=STATEMENT_BYTES_MAX),
                    account_number=given["account_number"],
                    now=clock.now(),
                    client_id=client_id,
                )
            )

        if settled(form, work):
            return redirect("sell_statement", brought[0].pk)
    context = {"desk": desk, "rows": rows, "form": form, **QUIET}
    return form_page(request, "storefront/sell/statements.html", context, error=form.refusal)


@seller_page("GET")
def statement(request: HttpRequest, desk: Desk, statement_id: uuid.UUID) -> HttpResponseBase:
    """One statement: what is still to be said, what it would do, how far it is, or what became of it."""
    return _page(request, desk, _own(desk, statement_id))


@seller_page("POST")
def account(request: HttpRequest, desk: Desk, statement_id: uuid.UUID) -> HttpResponseBase:
    """Say whose account a draft is about. Sent twice it says the same."""
    found = _own(desk, statement_id)
    form = AccountForm(request.POST, vendor=desk.vendor)

    def work(given: dict[str, Any]) -> None:
        choose_account(actor=desk.actor, statement=found, account_number=given["account_number"])

    return redirect("sell_statement", found.pk) if settled(form, work) else _page(request, desk, found, failing=form)


@seller_page("POST")
def columns(request: HttpRequest, desk: Desk, statement_id: uuid.UUID) -> HttpResponseBase:
    """Say what the columns of a draft's file mean. Sent twice it says the same."""
    found = _own(desk, statement_id)
    row = parse_number(request.POST.get("header_row"), least=1, most=HEADER_ROW_MAX)
    header, _below = preview_of(found, header_row=row)
    form = ColumnsForm(request.POST, header=header)

    def work(given: dict[str, Any]) -> None:
        choose_columns(
            actor=desk.actor,
            statement=found,
            header_row=given["header_row"],
            columns=form.columns,
            now=clock.now(),
        )

    if not settled(form, work):
        return _page(request, desk, found, failing=form)
    messages.success(request, _("Đã nhớ các cột. Lần sau gửi tệp cùng mẫu, bạn không phải chọn lại."))
    return redirect("sell_statement", found.pk)


@seller_page("POST")
def take(request: HttpRequest, desk: Desk, statement_id: uuid.UUID) -> HttpResponseBase:
    """Import a draft: the worker goes on from here. Sent twice it is imported once."""
    found = taken(desk, statement_id=statement_id, client_id=client_id_of(request), now=clock.now())
    if found.pk != statement_id:
        messages.info(request, _("Tệp này bạn đã nhập trước đó rồi, không có gì thay đổi."))
    return redirect("sell_statement", found.pk)


@seller_page("POST")
def discard(request: HttpRequest, desk: Desk, statement_id: uuid.UUID) -> HttpResponseBase:
    """Throw a draft away. Sent twice it says the same."""
    discarded(desk, statement_id=statement_id, client_id=client_id_of(request), now=clock.now())
    messages.success(request, _("Đã bỏ tệp này, chưa ghi gì vào sổ."))
    return redirect("sell_statements")


def _own(desk: Desk, statement_id: uuid.UUID) -> Statement:
    return statement_of(actor=desk.actor, vendor=desk.vendor, statement_id=statement_id)


def _page(request: HttpRequest, desk: Desk, found: Statement, *, failing: AskingForm | None = None) -> HttpResponse:
    context: dict[str, Any] = {"desk": desk, "statement": found, "row": StatementRow(found), "form": failing, **QUIET}
    error = failing.refusal if failing is not None else None
    if found.state == Statement.State.DRAFT and not found.source_key:
        context |= _columns_context(request, found, failing)
        return form_page(request, "storefront/sell/statement_columns.html", context, error=error)
    if found.state == Statement.State.DRAFT and not found.account_number:
        context["account_form"] = failing if isinstance(failing, AccountForm) else AccountForm(vendor=desk.vendor)
        return form_page(request, "storefront/sell/statement.html", context, error=error)
    context |= _lines_context(request, desk, found)
    return render(request, "storefront/sell/statement.html", context)


def _columns_context(request: HttpRequest, found: Statement, failing: AskingForm | None) -> dict[str, Any]:
    asked = request.GET.get("row") or request.POST.get("header_row")
    header, below = preview_of(found, header_row=parse_number(asked, least=1, most=HEADER_ROW_MAX))
    fresh = ColumnsForm(header=header, initial={"header_row": header.number if header is not None else 1})
    return {
        "header": header,
        "below": below,
        "columns_form": failing if isinstance(failing, ColumnsForm) else fresh,
        "header_row_max": HEADER_ROW_MAX,
    }


def _lines_context(request: HttpRequest, desk: Desk, found: Statement) -> dict[str, Any]:
    """The lines of a statement that is complete: as foreseen while it is a draft, as they became afterwards."""
    number = min(page_number(request), pages_of(found))
    if found.state == Statement.State.DRAFT:
        forecast = forecast_of(desk.actor, found, now=clock.now())
        shown: dict[str, Any] = {"tiles": forecast_tiles(forecast), "lines": forecast_rows(forecast, page=number)}
    elif found.state == Statement.State.RUNNING:
        return {}
    else:
        shown = {"tiles": outcome_tiles(found), "lines": outcome_rows(desk.actor, found, page=number)}

    def url(page: int) -> str:
        return f"{reverse('sell_statement', args=[found.pk])}?page={page}"

    return shown | pager(number, pages=pages_of(found), url=url)
