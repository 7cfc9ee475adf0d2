"""Paths for programs: GraphQL, bank notices, health, keys, and the pictures that people uploaded."""

from __future__ import annotations

from django.urls import path, re_path

from marketplace.api import cards, health, media, notices, qr
from marketplace.api.graphql.view import graphql

urlpatterns = [
    re_path(r"^graphql/?$", graphql, name="graphql"),
    # Without the last slash too: a redirect would lose the body of a POST.
    re_path(r"^payments/notices/(?P<provider>[^/]+)/(?P<feed>[^/]+)/?$", notices.receive, name="bank-notices"),
    re_path(r"^payments/notices/vietqrvn/(?P<feed>[^/]+)//?api/token_generate/?$", notices.token, name="feed-token"),
    re_path(
        r"^payments/notices/(?P<provider>vietqrvn)/(?P<feed>[^/]+)//?bank/api/transaction-sync/?$", notices.receive
    ),
    re_path(r"^payments/cards/stripe/?$", cards.receive, name="card-events"),
    path("payments/qr/<str:code>/<int:amount>.svg", qr.svg, name="asked-qr-svg"),
    path("payments/qr/<str:code>/<int:amount>.png", qr.png, name="asked-qr-png"),
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", health.metrics),
    path(".well-known/jwks.json", health.keys),
    path("media/<path:name>", media.picture, name="media"),
]
