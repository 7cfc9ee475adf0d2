"""The operator's admin site: the market's own sign-in, the health of feeds on its first page, settings in force."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import InvalidPage
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.template.response import SimpleTemplateResponse, TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from unfold.sites import UnfoldAdminSite

from marketplace.core import clock
from marketplace.operations.in_force import settings_in_force
from marketplace.people.second_step import owes_second_step
from marketplace.running.doctor import waiting_deliveries
from payments.health import feeds_health

log = logging.getLogger("market.operations")

if TYPE_CHECKING:
    Site = admin.AdminSite
else:  # Unfold's site is Django's with its own looks
    Site = UnfoldAdminSite


_BEYOND: Final = re.compile(r"[\d,]{19,}")
"""Numbers that no row has: a database's own largest has 19 digits."""


def _values(sent: QueryDict) -> Iterator[str]:
    """What was sent, but for what is searched for: that may be a number of any length."""
    return (value for name, values in sent.lists() if name != "q" for value in values)


class OperatorSite(Site):
    """Django's site; whoever owes a second step at sign-in is not let in before it is set up."""

    index_template = "operations/index.html"
    index_title = _lazy("Việc cần xem")

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, with the second step where the market requires it."""
        return super().has_permission(request) and not owes_second_step(request.user)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]  # as Django's decorated method answers
        """Lead to the market's own sign-in; there is no other form that takes a password."""
        if owes_second_step(request.user):
            return HttpResponseRedirect(reverse("second_step"))
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]  # as above
        """The market's own page, which ends the session's sign-in, too."""
        return HttpResponseRedirect(reverse("sign_out"))

    def password_change(  # type: ignore[override]  # as above
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The market's own page, which ends all other sessions, too."""
        return HttpResponseRedirect(reverse("change_password"))

    def admin_view(self, view: Callable[..., HttpResponseBase], cacheable: bool = False) -> Any:
        """Django's guard around every page; what somebody typed into an address or a form by hand is a 400."""
        guarded = super().admin_view(view, cacheable)

        def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if any(_BEYOND.fullmatch(value) for sent in (request.GET, request.POST) for value in _values(sent)):
                raise BadRequest
            try:
                answer = guarded(request, *args, **kwargs)
                # Lists of choices are read only where the page is written.
                return answer.render() if isinstance(answer, SimpleTemplateResponse) else answer
            except (ValueError, OverflowError, InvalidPage) as error:
                # Django's and unfold's lists, searches and choices take a number where none came for a fault of ours.
                log.warning("A page of the admin was asked for what is no value: %s", request.path, exc_info=error)
                raise BadRequest from error

        return update_wrapper(answered, guarded)

    def extra_urls(self) -> list[URLPattern]:
        """What unfold's site adds to Django's addresses."""
        return [path("settings/", self.admin_view(self.settings_page), name="settings_in_force")]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The first page: what needs the operator, then everything there is."""
        now = clock.now()
        health = {"feeds": feeds_health(now=now), "deliveries": waiting_deliveries(now=now)}
        return super().index(request, {**health, **(extra_context or {})})

    def settings_page(self, request: HttpRequest) -> TemplateResponse:
        """Every setting as it is in force. Nothing is changed here: settings come from the environment."""
        context = {**self.each_context(request), "title": _("Thiết lập đang dùng"), "settings": settings_in_force()}
        return TemplateResponse(request, "operations/settings.html", context)
