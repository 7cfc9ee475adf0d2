"""The market's addresses and two that fail on purpose, so that the pages for trouble of ours can be looked at."""

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.urls import path

from marketplace.urls import handler400, handler403, handler404, handler500
from marketplace.urls import urlpatterns as markets_own
from storefront.web import page


def broken(request: HttpRequest) -> HttpResponse:
    """A fault of ours."""
    raise RuntimeError("broken on purpose")


@page("GET")
def busy(request: HttpRequest) -> HttpResponse:
    """A database that others hold for too long."""
    raise OperationalError("database is locked")


urlpatterns = [*markets_own, path("stage/broken/", broken), path("stage/busy/", busy)]

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
