"""OCOP certificates: declared by the shop, verified by staff, who saw the decision."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.certificate_rules import EXTENSION_DAYS_MAX, usual_expiry
from catalog.models import OcopCertificate, Product
from catalog.services.changes import journal_product, keep_changed, lock_product
from catalog.values import clean_reason
from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from vendors.access import require_commune_staff, require_seller

CERTIFICATES_A_PRODUCT_MAX = 20
DECISION_NUMBER_CHARACTERS_MAX = 60
ISSUER_CHARACTERS_MAX = 160
PRODUCT_CODE_CHARACTERS_MAX = 40
LEGAL_BASIS_CHARACTERS_MAX = 120
STARS = (3, 4, 5)
"""One and two stars get no certificate."""
PROGRAMME_BEGAN_ON = date(2018, 5, 7)
"""Decision 490/QĐ-TTg began the programme."""
SUPERSEDED = "Có quyết định mới hơn."
"""Kept with the certificate, as what people write is: in Vietnamese."""

_STATE = OcopCertificate.State


class BadStars(InvalidInput):
    """Certificates are given for three, four or five stars."""


class BadCertificateDate(InvalidInput):
    """A date before the programme, in the future, or beyond the time a certificate is valid."""


class WrongCertificateState(Conflict):
    """The certificate is no longer where this step begins."""


class CertificateExpired(Conflict):
    """Its last day is past: there is nothing left to show."""


class TooManyCertificates(Conflict):
    """The product has as many certificates on record as one product may."""


_SAID = ("stars", "decision_number", "issued_on", "expires_on", "issuer", "product_code", "legal_basis")


def declare_certificate(
    *,
    actor: Actor,
    product: Product,
    stars: int,
    decision_number: str,
    issued_on: date,
    issuer: str,
    now: datetime,
    expires_on: date | None = None,
    product_code: str = "",
    legal_basis: str = "",
    client_id: uuid.UUID | None = None,
) -> OcopCertificate:
    """The shop (or staff for it) says which decision gave the product its stars. Nothing shows until verified.

    Without `expires_on` it is valid 36 calendar months (Decision 148/QĐ-TTg); a later day counts as an extension,
    at most `EXTENSION_DAYS_MAX`. The same `client_id` again answers the same certificate. Raises `NotFound` for
    strangers, `BadStars`, `BadCertificateDate`, `BadText`, `TooManyCertificates`, `SameIdOtherContent`.
    """
    if stars not in STARS:
        raise BadStars(_("Giấy chứng nhận OCOP có 3, 4 hoặc 5 sao."), field="stars")
    certificate = OcopCertificate(
        stars=stars,
        decision_number=_line("decision_number", decision_number, most=DECISION_NUMBER_CHARACTERS_MAX, required=True),
        issued_on=_checked_issue(issued_on, today=vietnam_date(now)),
        expires_on=_checked_expiry(expires_on, issued_on=issued_on),
        issuer=_line("issuer", issuer, most=ISSUER_CHARACTERS_MAX, required=True),
        product_code=_line("product_code", product_code, most=PRODUCT_CODE_CHARACTERS_MAX),
        legal_basis=_line("legal_basis", legal_basis, most=LEGAL_BASIS_CHARACTERS_MAX),
        declared_at=now,
    )

    def work() -> str:
        locked = lock_product(product.pk)
        if not actor.may_administer_commune(locked.vendor.commune_id):
            require_seller(actor, locked.vendor)
        if OcopCertificate.objects.filter(product=locked).count() >= CERTIFICATES_A_PRODUCT_MAX:
            raise TooManyCertificates(_("Sản phẩm đã có 20 giấy chứng nhận, không thêm được nữa."))
        certificate.product = locked
        certificate.save(force_insert=True)
        _record(certificate, "certificate.declared", product=locked, actor=actor, now=now)
        return str(certificate.pk)

    asked = {"product": product.pk} | {name: getattr(certificate, name) for name in _SAID}
    answer = once(
        work,
        action="catalog.declare_certificate",
        owner=f"user:{actor.user_id}",
        client_id=client_id,
        asked=asked,
        now=now,
    )
    return OcopCertificate.objects.select_related("product__vendor").get(pk=int(answer))


def verify_certificate(*, actor: Actor, certificate: OcopCertificate, now: datetime) -> OcopCertificate:
    """Staff of the shop's commune saw the decision: the stars show until its last day.

    A product shows one certificate; the one verified before ends with this. Raises `NotFound` for staff of
    elsewhere, `WrongCertificateState`, `CertificateExpired`.
    """
    with transaction.atomic():
        product, locked = _locked_for_staff(certificate, actor=actor)
        if locked.state != _STATE.DECLARED:
            raise WrongCertificateState(_("Giấy chứng nhận này không còn chờ xác nhận."))
        if vietnam_date(now) > locked.expires_on:
            raise CertificateExpired(_("Giấy chứng nhận này đã hết hạn. Cần quyết định mới."))
        for earlier in OcopCertificate.objects.filter(product=product, state=_STATE.VERIFIED):
            _settle(earlier, _STATE.WITHDRAWN, reason=SUPERSEDED, actor=actor, now=now)
            _record(earlier, "certificate.withdrawn", product=product, actor=actor, now=now)
        _settle(locked, _STATE.VERIFIED, reason="", actor=actor, now=now)
        _record(locked, "certificate.verified", product=product, actor=actor, now=now)
        keep_changed(product, now=now)
    return locked


def refuse_certificate(*, actor: Actor, certificate: OcopCertificate, reason: str, now: datetime) -> OcopCertificate:
    """Staff could not confirm it, and say why. Raises `NotFound`, `BadText`, `WrongCertificateState`."""
    why = clean_reason(reason)
    with transaction.atomic():
        product, locked = _locked_for_staff(certificate, actor=actor)
        if locked.state != _STATE.DECLARED:
            raise WrongCertificateState(_("Giấy chứng nhận này không còn chờ xác nhận."))
        _settle(locked, _STATE.REFUSED, reason=why, actor=actor, now=now)
        _record(locked, "certificate.refused", product=product, actor=actor, now=now)
    return locked


def withdraw_certificate(
    *, actor: Actor, certificate: OcopCertificate, reason: str, now: datetime
) -> OcopCertificate:
    """The authority took the certificate back; staff record it and the stars vanish at once.

    Raises `NotFound`, `BadText`, `WrongCertificateState`.
    """
    why = clean_reason(reason)
    with transaction.atomic():
        product, locked = _locked_for_staff(certificate, actor=actor)
        if locked.state != _STATE.VERIFIED:
            raise WrongCertificateState(_("Chỉ thu hồi được giấy chứng nhận đã xác nhận."))
        _settle(locked, _STATE.WITHDRAWN, reason=why, actor=actor, now=now)
        _record(locked, "certificate.withdrawn", product=product, actor=actor, now=now)
        keep_changed(product, now=now)
    return locked


def _line(field: str, text: str, *, most: int, required: bool = False) -> str:
    return clean_line(text, characters_max=most, field=field, required=required)


def _checked_issue(issued_on: date, *, today: date) -> date:
    if not PROGRAMME_BEGAN_ON <= issued_on <= today:
        raise BadCertificateDate(
            _("Ngày cấp phải từ 07/05/2018 (khi có chương trình OCOP) đến hôm nay."), field="issued_on"
        )
    return issued_on


def _checked_expiry(expires_on: date | None, *, issued_on: date) -> date:
    usual = usual_expiry(issued_on)
    last = expires_on or usual
    if not issued_on < last <= usual + timedelta(days=EXTENSION_DAYS_MAX):
        raise BadCertificateDate(
            _("Ngày hết hạn phải sau ngày cấp và không quá 36 tháng, cộng gia hạn 180 ngày."), field="expires_on"
        )
    return last


def _locked_for_staff(certificate: OcopCertificate, *, actor: Actor) -> tuple[Product, OcopCertificate]:
    product = lock_product(certificate.product_id)
    require_commune_staff(actor, product.vendor.commune_id)
    locked = OcopCertificate.objects.filter(pk=certificate.pk).first()
    if locked is None:
        raise NotFound(_("Không tìm thấy giấy chứng nhận này."))
    return product, locked


def _settle(certificate: OcopCertificate, state: str, *, reason: str, actor: Actor, now: datetime) -> None:
    certificate.state = state
    certificate.reason = reason
    certificate.reviewed_by_id = actor.user_id
    certificate.reviewed_at = now
    certificate.save(update_fields=["state", "reason", "reviewed_by", "reviewed_at"])


def _record(certificate: OcopCertificate, kind: str, *, product: Product, actor: Actor, now: datetime) -> None:
    journal_product(product, kind, actor=actor, now=now, certificate=certificate.pk, stars=certificate.stars)
