"""`figures`: what the administration reads of its commune or province. Refused to everybody else."""

from __future__ import annotations

from datetime import date

import graphene
from graphql import GraphQLResolveInfo

from marketplace.api.graphql.context import Context, context
from marketplace.api.graphql.permissions import needs_one_of
from marketplace.api.graphql.queries.arguments import exactly_one
from marketplace.api.graphql.queries.channels import is_staff
from marketplace.api.graphql.types.figures import Figures, FiguresRow
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.places.selectors import get_commune, get_province
from marketplace.reporting.selectors import commune_summary, province_summary


class FigureQueries(graphene.ObjectType):
    """What the administration may ask."""

    figures = graphene.Field(
        Figures,
        commune=graphene.String(description="The five-digit code of a commune; this or `province`."),
        province=graphene.String(description="The two-digit code of a province; this or `commune`."),
        month=graphene.Date(description="Any day of the month in Vietnam; this month where left out."),
        description=(
            "The figures of a commune in a month, for its staff, its province's staff and the operator, or those of "
            "a province, for its staff and the operator. PermissionDenied for everybody else, INVALID outside 2020 "
            "to 2099; null where there is no such place."
        ),
    )

    @staticmethod
    def resolve_figures(
        _root: None,
        info: GraphQLResolveInfo,
        *,
        commune: str | None = None,
        province: str | None = None,
        month: date | None = None,
    ) -> FiguresRow | None:
        exactly_one(commune=commune, province=province)
        asker = context(info)
        if not is_staff(asker.actor):
            raise refused()
        try:
            if commune is not None:
                return _of_commune(commune, asker, month or asker.today)
            return _of_province(province or "", asker, month or asker.today)
        except NotFound:
            return None


def refused() -> NotAllowed:
    """Figures are the administration's, and each office's own."""
    return needs_one_of("AUTHENTICATED_STAFF_USER")


def _of_commune(code: str, asker: Context, month: date) -> FiguresRow:
    commune = get_commune(code)
    if not asker.actor.may_read_commune(commune.pk, commune.province_id):
        raise refused()
    summary = commune_summary(actor=asker.actor, commune=commune, month=month, now=asker.now)
    return FiguresRow(commune, month, summary)


def _of_province(code: str, asker: Context, month: date) -> FiguresRow:
    province = get_province(code)
    if not asker.actor.may_read_province(province.pk):
        raise refused()
    summary = province_summary(actor=asker.actor, province=province, month=month, now=asker.now)
    return FiguresRow(province, month, summary)
