"""From draft to sale: submitted by the shop, published or sent back by commune staff, withdrawn by the shop."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductVariant
from catalog.search import index_products
from catalog.services.changes import journal_product, keep_changed, lock_product
from catalog.values import clean_reason
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict
from vendors.access import require_commune_staff, require_seller

_LISTING = Product.Listing
MAY_BE_SUBMITTED = frozenset({_LISTING.DRAFT, _LISTING.REJECTED, _LISTING.WITHDRAWN})
MAY_BE_REJECTED = frozenset({_LISTING.IN_REVIEW, _LISTING.PUBLISHED})
"""A published product may be taken off sale too: the platform must remove what should not be there."""


class WrongListingState(Conflict):
    """The product is no longer where this step begins."""


class ChangedMeanwhile(Conflict):
    """The shop changed the product after the officer had opened it."""


class AlcoholLicenceMissing(Conflict):
    """Alcohol is sold only by shops whose licence number is known (Law 44/2019/QH14, article 16)."""


class NothingForSale(Conflict):
    """A product on sale has at least one variant with a price."""


def submit_for_review(*, actor: Actor, product: Product, now: datetime) -> Product:
    """The shop asks for review. From draft, rejected or withdrawn.

    Raises `NotFound` for strangers, `WrongListingState`, `AlcoholLicenceMissing`, `NothingForSale`.
    """
    with transaction.atomic():
        locked = lock_product(product.pk)
        require_seller(actor, locked.vendor)
        if locked.listing not in MAY_BE_SUBMITTED:
            raise WrongListingState(_("Sản phẩm này đã được gửi duyệt hoặc đang bán."))
        _check_may_be_sold(locked)
        locked.listing = _LISTING.IN_REVIEW
        locked.listing_reason = ""
        locked.submitted_at = now
        keep_changed(locked, now=now, fields=("listing", "listing_reason", "submitted_at"))
        journal_product(locked, "product.submitted", actor=actor, now=now, again=False)
    return locked


def publish_product(*, actor: Actor, product: Product, now: datetime, seen_generation: int | None = None) -> Product:
    """Staff of the shop's commune (or the operator) looked at it and let it be shown.

    `seen_generation` is the one that the officer's page showed: what was changed since is not let through unseen.
    Raises `NotFound` for staff of elsewhere, `WrongListingState`, `ChangedMeanwhile`, `AlcoholLicenceMissing`,
    `NothingForSale`.
    """
    with transaction.atomic():
        locked = _locked_for_staff(product, actor=actor)
        if locked.listing != _LISTING.IN_REVIEW:
            raise WrongListingState(_("Sản phẩm này không còn chờ duyệt."))
        if seen_generation is not None and seen_generation != locked.generation:
            raise ChangedMeanwhile(_("Người bán vừa sửa sản phẩm này. Bạn xem lại rồi duyệt nhé."))
        _check_may_be_sold(locked)
        is_new = locked.published_at is None
        locked.published_at = locked.published_at or now
        _keep_reviewed(locked, listing=_LISTING.PUBLISHED, reason="", actor=actor, now=now)
        if is_new:
            index_products([locked])
        journal_product(locked, "product.published", actor=actor, now=now)
    return locked


def reject_product(*, actor: Actor, product: Product, reason: str, now: datetime) -> Product:
    """Staff send it back, or take it off sale, with a reason that says what to do.

    Raises `NotFound` for staff of elsewhere, `BadText` for a missing or too short reason, `WrongListingState`.
    """
    why = clean_reason(reason)
    with transaction.atomic():
        locked = _locked_for_staff(product, actor=actor)
        if locked.listing not in MAY_BE_REJECTED:
            raise WrongListingState(_("Sản phẩm này không còn chờ duyệt."))
        _keep_reviewed(locked, listing=_LISTING.REJECTED, reason=why, actor=actor, now=now)
        journal_product(locked, "product.rejected", actor=actor, now=now)
    return locked


def withdraw_product(*, actor: Actor, product: Product, now: datetime) -> Product:
    """The shop takes it off, at any time; a second time changes nothing. Raises `NotFound` for strangers."""
    with transaction.atomic():
        locked = lock_product(product.pk)
        require_seller(actor, locked.vendor)
        if locked.listing != _LISTING.WITHDRAWN:
            locked.listing = _LISTING.WITHDRAWN
            keep_changed(locked, now=now, fields=("listing",))
            journal_product(locked, "product.withdrawn", actor=actor, now=now)
    return locked


def _locked_for_staff(product: Product, *, actor: Actor) -> Product:
    locked = lock_product(product.pk)
    require_commune_staff(actor, locked.vendor.commune_id)
    return locked


def _keep_reviewed(product: Product, *, listing: str, reason: str, actor: Actor, now: datetime) -> None:
    product.listing = listing
    product.listing_reason = reason
    product.reviewed_by_id = actor.user_id
    product.reviewed_at = now
    reviewed = ("listing", "listing_reason", "reviewed_by", "reviewed_at", "published_at")
    keep_changed(product, now=now, fields=reviewed)


def _check_may_be_sold(product: Product) -> None:
    if product.is_alcohol and not product.vendor.alcohol_licence_number:
        raise AlcoholLicenceMissing(_("Muốn bán rượu, bia, gian hàng cần có số giấy phép. Hãy bổ sung rồi gửi lại."))
    if not ProductVariant.objects.filter(product=product, is_active=True).exists():
        raise NothingForSale(_("Sản phẩm cần ít nhất một loại hàng có giá."))
