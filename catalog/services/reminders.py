"""Mails to owners about papers that end: 30 days before, 7 days before, and when they have ended.

Each owner is told once of a paper, its end and the step, and only while the shop may sell: one that the commune sent
back, or that has not begun, has nothing to renew for. A row says so before the mail goes: two workers, or a task
that runs twice, send it once. A mail server that refuses is asked again the next time. A process that dies between
row and mail leaves one mail unsent rather than one sent twice; the shop's page of today says the same in any case.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from catalog.models import OcopCertificate
from catalog.renewals import live_certificates
from marketplace.core.clock import vietnam_date
from marketplace.people.mailing import mail_is_sent
from marketplace.people.models import User
from vendors.models import Membership, PaperReminder, ShopDocument
from vendors.selectors import MAY_SELL

MONTH_DAYS, WEEK_DAYS = 30, 7
ENDED_DAYS_MAX = 30
"""A paper that ended longer ago is no news: the mail would come when it was noted down, or the market moved."""
PAGE = "/sell/documents/"
"""Where an owner renews a paper; the pages lie above this layer, a test holds the two together."""
SHOPS_A_TIME_MAX = 200

log = logging.getLogger("market.papers")
_Step = PaperReminder.Step


@dataclass(frozen=True)
class Ending:
    """A paper that ends, and at which step it is."""

    subject: str
    vendor_id: int
    shop: str
    number: str
    ends_on: date
    step: str
    document: ShopDocument | None = None
    """Which paper of the shop's it is; None for a certificate."""
    product: str = ""


def step_of(ends_on: date, *, today: date) -> str:
    """What is to be said on a day of a paper that ends within `MONTH_DAYS`: the step that it is at, none that is
    past."""
    left = (ends_on - today).days
    if left < 0:
        return _Step.ENDED.value
    return _Step.WEEK.value if left <= WEEK_DAYS else _Step.MONTH.value


def remind_owners(*, now: datetime) -> int:
    """Tell every owner with an address what they were not told of yet. Returns how many mails were sent."""
    if not mail_is_sent():
        return 0
    today = vietnam_date(now)
    shops = sorted(
        {
            *_documents(today).values_list("vendor", flat=True),
            *_certificates(today).values_list("product__vendor", flat=True),
        }
    )
    parts = [shops[start : start + SHOPS_A_TIME_MAX] for start in range(0, len(shops), SHOPS_A_TIME_MAX)]
    return sum(_remind_owners_of(part, today=today, now=now) for part in parts)


def _remind_owners_of(shops: list[int], *, today: date, now: datetime) -> int:
    owners: dict[int, list[User]] = {}
    members = Membership.objects.filter(vendor__in=shops, role=Membership.RoleInShop.OWNER, user__is_active=True)
    for member in members.exclude(user__email=None).exclude(user__email="").select_related("user").order_by("pk"):
        owners.setdefault(member.vendor_id, []).append(member.user)
    wanted: dict[User, list[Ending]] = {}
    told = _told(shops, today=today)
    for ending in _endings(shops, today=today):
        for owner in owners.get(ending.vendor_id, []):
            if (ending.subject, ending.ends_on, ending.step, owner.pk) not in told:
                wanted.setdefault(owner, []).append(ending)
    return sum(_remind(owner, about, now=now) for owner, about in wanted.items())


def _told(shops: list[int], *, today: date) -> set[tuple[str, date, str, int]]:
    """What the owners of these shops were told already: one statement, so that a day without news costs no more."""
    rows = PaperReminder.objects.filter(vendor__in=shops, ends_on__range=_window(today))
    return set(rows.values_list("subject", "ends_on", "step", "user_id"))


def _window(today: date) -> tuple[date, date]:
    return today - timedelta(days=ENDED_DAYS_MAX), today + timedelta(days=MONTH_DAYS)


def _documents(today: date) -> QuerySet[ShopDocument]:
    kept = ShopDocument.objects.filter(removed_at__isnull=True, expires_on__range=_window(today))
    return kept.filter(vendor__verification__in=MAY_SELL)


def _certificates(today: date) -> QuerySet[OcopCertificate]:
    ending = live_certificates().filter(expires_on__range=_window(today))
    return ending.filter(product__vendor__verification__in=MAY_SELL)


def _endings(shops: list[int], *, today: date) -> Iterator[Ending]:
    """The papers of these shops of which something is to be said, those that end first before the others."""
    documents = _documents(today).filter(vendor__in=shops).select_related("vendor")
    for document in documents.order_by("expires_on", "pk"):
        ends_on = document.expires_on or today
        yield Ending(
            subject=f"document:{document.pk}",
            vendor_id=document.vendor_id,
            shop=document.vendor.name,
            number=document.number,
            ends_on=ends_on,
            step=step_of(ends_on, today=today),
            document=document,
        )
    certificates = _certificates(today).filter(product__vendor__in=shops).select_related("product__vendor")
    for certificate in certificates.order_by("expires_on", "pk"):
        yield Ending(
            subject=f"certificate:{certificate.pk}",
            vendor_id=certificate.product.vendor_id,
            shop=certificate.product.vendor.name,
            number=certificate.decision_number,
            ends_on=certificate.expires_on,
            step=step_of(certificate.expires_on, today=today),
            product=certificate.product.name,
        )


def _remind(owner: User, about: list[Ending], *, now: datetime) -> int:
    claimed = _claim(owner, about, now=now)
    if not claimed:
        return 0
    if _send(owner, [ending for ending, _row in claimed]):
        return 1
    with transaction.atomic():
        PaperReminder.objects.filter(pk__in=[row.pk for _ending, row in claimed]).delete()
    return 0


def _claim(owner: User, about: list[Ending], *, now: datetime) -> list[tuple[Ending, PaperReminder]]:
    """Make this process the one that tells the owner: what is claimed already is left out."""
    claimed = []
    with transaction.atomic():
        for ending in about:
            row, is_new = PaperReminder.objects.get_or_create(
                subject=ending.subject,
                ends_on=ending.ends_on,
                step=ending.step,
                user=owner,
                defaults={"vendor_id": ending.vendor_id, "made_at": now},
            )
            if is_new:
                claimed.append((ending, row))
    return claimed


def _send(owner: User, about: list[Ending]) -> bool:
    """Whether the mail server took it."""
    with override(owner.language_code):
        subject = _("Chợ 4.0: giấy tờ sắp hoặc đã hết hạn")
        words = _(
            "Chào bạn, những giấy này của gian hàng cần gia hạn:\n\n%(papers)s\n\n"
            "Có giấy mới, bạn mở trang này để khai: %(address)s\n\nCần giúp thì gọi %(hotline)s."
        ) % {
            "papers": "\n".join(f"- {_sentence(ending)}" for ending in about),
            "address": f"{settings.MARKET_PUBLIC_URL}{PAGE}",
            "hotline": settings.MARKET_HOTLINE,
        }
    try:
        send_mail(subject, words, None, [owner.email or ""])
    except (SMTPException, OSError, ValueError) as error:  # ValueError: no mail can be written to such an address
        log.warning("mail about papers to person %s was not sent: %s", owner.pk, type(error).__name__)
        return False
    return True


def _sentence(ending: Ending) -> str:
    name = ending.document.get_kind_display() if ending.document is not None else _("Giấy chứng nhận OCOP")
    said = {
        "shop": ending.shop,
        "name": f"{name}, {ending.product}" if ending.product else name,
        "number": ending.number,
        "day": ending.ends_on.strftime("%d/%m/%Y"),
    }
    if ending.step == _Step.ENDED:
        return _("%(shop)s: %(name)s số %(number)s đã hết hạn ngày %(day)s") % said
    return _("%(shop)s: %(name)s số %(number)s hết hạn ngày %(day)s") % said
