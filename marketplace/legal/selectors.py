"""Which version of a text is in force, and which there were."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotFound
from marketplace.legal.models import Kind, LegalVersion

VERSIONS_SHOWN_MAX = 100
NUMBER_MAX = 2**31 - 1
"""The largest number that every database's column holds."""


def version_in_force(kind: str, *, today: date) -> LegalVersion:
    """The newest version of a text whose day has come. Raises `NotFound`. One statement, `today` in Vietnam."""
    found = LegalVersion.objects.filter(kind=_known(kind), effective_on__lte=today).order_by("-number").first()
    if found is None:
        raise NotFound(_("Chưa có nội dung này."))
    return found


def version_numbered(kind: str, number: int) -> LegalVersion:
    """One version of a text, in force or not. Raises `NotFound`."""
    found = LegalVersion.objects.filter(kind=_known(kind), number=min(number, NUMBER_MAX)).first()
    if found is None:
        raise NotFound(_("Không có bản này."))
    return found


def versions_of(kind: str) -> list[LegalVersion]:
    """The versions of a text without their bodies, newest first, at most `VERSIONS_SHOWN_MAX`. One statement."""
    rows = LegalVersion.objects.filter(kind=_known(kind)).defer("body_vi", "body_en")
    return list(rows.order_by("-number")[:VERSIONS_SHOWN_MAX])


def versions_in_force(*, today: date) -> list[LegalVersion]:
    """The version in force of every text, in the order of `Kind`; one statement, without the bodies."""
    rows = LegalVersion.objects.filter(effective_on__lte=today).defer("body_vi", "body_en").order_by("number")
    newest = {row.kind: row for row in rows}
    return [newest[kind] for kind in Kind.values if kind in newest]


def texts_in_force(*, today: date) -> list[LegalVersion]:
    """As `versions_in_force`, with the bodies: one statement that reads no version but these."""
    started = LegalVersion.objects.filter(effective_on__lte=today)
    newer = started.filter(kind=OuterRef("kind"), number__gt=OuterRef("number"))
    newest = {row.kind: row for row in started.filter(~Exists(newer))}
    return [newest[kind] for kind in Kind.values if kind in newest]


def newest_version(kind: str) -> LegalVersion | None:
    """The version that a new one would follow, in force or not; None for a text that there is not."""
    return LegalVersion.objects.filter(kind=kind).order_by("-number").first()


def _known(kind: str) -> str:
    if kind not in Kind.values:
        raise NotFound(_("Không có trang này."))
    return kind
