"""Paths for programs: GraphQL, bank notices, health, keys, and the pictures that people uploaded."""

from __future__ import annotations

from django.urls import path

from marketplace.api import health, media

urlpatterns = [
    path("health/live", health.live),
    path("health/ready", health.ready),
    path("metrics", health.metrics),
    path(".well-known/jwks.json", health.keys),
    path("media/<path:name>", media.picture, name="media"),
]
