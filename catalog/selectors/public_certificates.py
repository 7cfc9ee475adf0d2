"""Certificates as anybody may look them up: verified and valid ones, of goods that the asker may see."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import OcopCertificate
from catalog.selectors.visible import visible_products
from marketplace.core.errors import InvalidInput

DECISION_CHARACTERS_MAX = 60
CODE_CHARACTERS_MAX = 40


class SeveralCertificates(InvalidInput):
    """One decision gave stars to several products, so that its number alone names none of them."""


def public_certificates(*, today: date, age_declared: bool) -> QuerySet[OcopCertificate]:
    """The certificates whose stars are shown at present, each with its product; `today` is the date in Vietnam."""
    return OcopCertificate.objects.filter(
        state=OcopCertificate.State.VERIFIED,
        expires_on__gte=today,
        product__in=visible_products(age_declared=age_declared).values("pk"),
    ).select_related(
        "product__vendor__commune__province", "product__vendor__market_site", "product__commune_of_origin__province"
    )


def certificate_named(
    shown: QuerySet[OcopCertificate], *, decision_number: str | None, product_code: str | None
) -> OcopCertificate | None:
    """The one of `shown` with this decision number, or this OCOP code of its product; one statement.

    Raises `SeveralCertificates`.
    """
    if product_code is not None:
        named = shown.filter(product_code=product_code[:CODE_CHARACTERS_MAX]) if product_code else shown.none()
    else:
        named = shown.filter(decision_number=(decision_number or "")[: DECISION_CHARACTERS_MAX + 1])
    found = list(named.order_by("pk")[:2])
    if len(found) > 1:
        raise SeveralCertificates(_("Số này có nhiều sản phẩm. Bạn hỏi bằng mã số OCOP của sản phẩm."))
    return found[0] if found else None
