"""Paths for programs: GraphQL, bank notices, health."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
