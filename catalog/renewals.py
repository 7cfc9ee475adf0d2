"""Which papers have to be renewed: a shop's own, and OCOP certificates. What is said of them is said elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from catalog.certificate_rules import EXPIRING_DAYS
from catalog.models import OcopCertificate, Product
from marketplace.core.actors import Actor
from marketplace.core.errors import NotAllowed
from vendors.access import require_seller
from vendors.models import ShopDocument, Vendor
from vendors.selectors import MAY_SELL

SHOWN_MAX = 50
_STATE = OcopCertificate.State


def live_certificates() -> QuerySet[OcopCertificate]:
    """Certificates whose end matters to a shop: verified, of a product that it still lists, and without a newer one
    that waits for staff or was verified."""
    newer = OcopCertificate.objects.filter(
        product=OuterRef("product"), state=_STATE.DECLARED, expires_on__gt=OuterRef("expires_on")
    )
    own = OcopCertificate.objects.filter(~Exists(newer), state=_STATE.VERIFIED)
    return own.exclude(product__listing=Product.Listing.WITHDRAWN)


def certificates_to_renew(*, today: date) -> QuerySet[OcopCertificate]:
    """Those of `live_certificates` that ended, or end within `EXPIRING_DAYS`; the one that ends first on top."""
    ending = live_certificates().filter(expires_on__lte=today + timedelta(days=EXPIRING_DAYS))
    return ending.order_by("expires_on", "pk")


def certificates_of_vendor_to_renew(actor: Actor, vendor: Vendor, *, today: date) -> list[OcopCertificate]:
    """At most `SHOWN_MAX` of a shop's `certificates_to_renew`, for its members; one statement. Raises `NotFound`."""
    require_seller(actor, vendor)
    own = certificates_to_renew(today=today).filter(product__vendor=vendor).select_related("product")
    return list(own[:SHOWN_MAX])


def ended_certificates(*, today: date) -> QuerySet[OcopCertificate]:
    """Those of `live_certificates`, of shops that may sell, whose last day is past."""
    return live_certificates().filter(expires_on__lt=today, product__vendor__verification__in=MAY_SELL)


def ended_documents(*, today: date) -> QuerySet[ShopDocument]:
    """Papers on the lists of shops that may sell whose last day is past."""
    kept = ShopDocument.objects.filter(removed_at__isnull=True, expires_on__lt=today)
    return kept.filter(vendor__verification__in=MAY_SELL)


@dataclass(frozen=True)
class EndedPaper:
    """A paper whose last day is past, of a shop in one's commune."""

    kind: str
    """A kind of `ShopDocument`; empty for an OCOP certificate."""
    number: str
    product: str
    vendor_id: int
    shop: str
    phone: str
    ended_on: date


def count_ended(*, actor: Actor, today: date) -> int:
    """How many papers have ended in the communes that the actor is staff of; two statements."""
    codes = _communes(actor)
    documents = ended_documents(today=today).filter(_in_communes(codes, vendor="vendor"))
    return documents.count() + _ended_certificates_in(codes, today=today).count()


def ended_papers(*, actor: Actor, today: date, start: int, at_most: int) -> list[EndedPaper]:
    """The papers that ended in the communes that the actor is staff of, the latest end first, from the `start`-th.

    One statement. Raises `NotAllowed` for who is staff of none.
    """
    codes = _communes(actor)
    if codes is not None and not codes:
        raise NotAllowed(_("Chỉ cán bộ xã, phường làm được việc này."))
    nothing = Value("", output_field=CharField())
    documents = (
        ended_documents(today=today)
        .filter(_in_communes(codes, vendor="vendor"))
        .annotate(what=F("kind"), words=F("number"), thing=nothing, shop=F("vendor_id"))
        .values_list("what", "words", "thing", "shop", "vendor__name", "vendor__phone", "expires_on", "pk")
    )
    certificates = (
        _ended_certificates_in(codes, today=today)
        .annotate(what=nothing, words=F("decision_number"), thing=F("product__name"), shop=F("product__vendor_id"))
        .values_list(
            "what", "words", "thing", "shop", "product__vendor__name", "product__vendor__phone", "expires_on", "pk"
        )
    )
    rows = documents.union(certificates, all=True).order_by("-expires_on", "what", "pk")
    found = rows[start : start + at_most]
    return [EndedPaper(*row[:6], ended_on=row[6] or today) for row in found]


def _ended_certificates_in(codes: frozenset[str] | None, *, today: date) -> QuerySet[OcopCertificate]:
    return ended_certificates(today=today).filter(_in_communes(codes, vendor="product__vendor"))


def _communes(actor: Actor) -> frozenset[str] | None:
    return None if actor.is_operator or actor.is_system else actor.commune_codes


def _in_communes(codes: frozenset[str] | None, *, vendor: str) -> Q:
    return Q() if codes is None else Q(**{f"{vendor}__commune_id__in": codes})
