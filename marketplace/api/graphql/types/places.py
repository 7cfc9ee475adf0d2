"""Provinces and communes: the two levels there are since July 2025."""

from __future__ import annotations

import graphene


class Province(graphene.ObjectType):
    """A province or city, keyed by its two-digit code."""

    code = graphene.String(required=True)
    name = graphene.String(required=True)


class Commune(graphene.ObjectType):
    """A commune, ward or special zone, keyed by its five-digit code."""

    code = graphene.String(required=True)
    name = graphene.String(required=True)
    province = graphene.Field(Province, required=True)
