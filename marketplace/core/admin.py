"""The journal as the operator searches it, and what of it was not handed on."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.paginator import InfinitePaginator

from marketplace.core.looking import LookOnlyAdmin
from marketplace.core.models import JournalDelivery, JournalEvent

_THING = re.compile(r"([a-z_]{2,40})[ :]([\w-]{1,60})")
_KIND = re.compile(r"[a-z_]{2,40}\.[a-z_]{2,40}")
_NUMBER = re.compile(r"[0-9]{1,18}")


@admin.register(JournalEvent)
class JournalEventAdmin(LookOnlyAdmin):
    """What happened, newest first. It is never counted: the journal of ten million orders is long."""

    paginator = InfinitePaginator
    list_display = ("id", "happened_at", "kind", "thing", "actor_id", "on_behalf_of_id", "data")
    fields = ("happened_at", "kind", "aggregate_type", "aggregate_id", "actor_id", "on_behalf_of_id", "day", "data")
    ordering = ("-id",)
    search_fields = ("kind",)
    search_help_text = _("Một vật: order 1042 · một loại việc: order.placed · một số thứ tự: 98765")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Only what an index finds: a thing (`order 1042`), a kind (`order.placed`) or an event's number."""
        text = search_term.strip().lower()
        if not text:
            return queryset, False
        if _NUMBER.fullmatch(text):
            return queryset.filter(pk=int(text)), False
        if _KIND.fullmatch(text):
            return queryset.filter(kind=text), False
        thing = _THING.fullmatch(text)
        if thing is None:
            return queryset.none(), False
        return queryset.filter(aggregate_type=thing[1], aggregate_id=thing[2]), False

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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Without those that are done, which are nearly all."""
        return super().get_queryset(request).exclude(state=JournalDelivery.State.DONE)
