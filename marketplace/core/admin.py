"""The journal as the operator searches it, and what of it was not handed on."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.paginator import InfinitePaginator

from marketplace.core import clock, journal
from marketplace.core.journal_search import search_journal
from marketplace.core.looking import LookOnlyAdmin
from marketplace.core.models import JournalDelivery, JournalEvent


@admin.register(JournalEvent)
class JournalEventAdmin(LookOnlyAdmin):
    """What happened, newest first. It is never counted nor sorted otherwise: that of ten million orders is long."""

    paginator = InfinitePaginator
    sortable_by = ()
    list_display = ("id", "happened_at", "kind", "thing", "actor_id", "on_behalf_of_id", "data")
    fields = ("happened_at", "kind", "aggregate_type", "aggregate_id", "actor_id", "on_behalf_of_id", "day", "data")
    ordering = ("-id",)
    search_fields = ("kind",)
    search_help_text = _(
        "Gõ một hay nhiều: vật (order 1042) · loại việc (order.placed) · người làm (by 17) · ngày (22/11/2026) · "
        "số thứ tự (98765). Người làm mà không kèm ngày hay vật thì chỉ tìm trong 100.000 việc mới nhất."
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Only what an index finds, or a bounded stretch of the journal."""
        return search_journal(queryset, search_term), False

    @admin.display(description=_("vật"))
    def thing(self, event: JournalEvent) -> str:
        """What it happened to, as the search takes it."""
        return f"{event.aggregate_type} {event.aggregate_id}"


@admin.register(JournalDelivery)
class JournalDeliveryAdmin(LookOnlyAdmin):
    """Events that were not handed on yet, or could not be."""

    list_display = ("id", "subscriber", "aggregate", "state", "attempts", "not_before", "problem")
    list_filter = ("state",)
    ordering = ("-event_id", "-id")
    fields = ("event_id", "subscriber", "aggregate", "state", "attempts", "not_before", "problem")
    readonly_fields = fields
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without those that are done, which are nearly all."""
        return super().get_queryset(request).exclude(state=JournalDelivery.State.DONE)

    @admin.action(description=_("Thử lại những việc báo hỏng đã chọn"), permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[JournalDelivery]) -> None:
        """Let the chosen ones that failed be tried again at once; the others stay as they are."""
        chosen = list(queryset.values_list("pk", flat=True))
        count = journal.retry_failed(now=clock.now(), only=chosen)
        said = ngettext("Thử lại %(count)d việc báo.", "Thử lại %(count)d việc báo.", count) % {"count": count}
        self.message_user(request, said, level=messages.SUCCESS)
