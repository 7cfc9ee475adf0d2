"""A product's photos."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductMedia
from catalog.photos import read_photo
from catalog.pictures import delete_picture, new_picture_name, write_picture
from catalog.services.changes import back_to_review, journal_product, keep_changed, lock_product
from catalog.values import ALT_CHARACTERS_MAX
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from vendors.access import require_seller

PHOTOS_A_PRODUCT_MAX = 8


class TooManyPhotos(Conflict):
    """The product has as many photos as one product may."""


def add_photo(
    *,
    actor: Actor,
    product: Product,
    content: bytes,
    now: datetime,
    alt: str = "",
    is_illustration: bool = False,
    client_id: uuid.UUID | None = None,
) -> ProductMedia:
    """Add a photo at the end. `content` is a JPEG, PNG or WebP file; what is kept is encoded anew without metadata.

    `is_illustration` says that it was drawn, not photographed. A published product goes back to review. The files
    are written before the row and removed if the row is not kept; what a dying process leaves, a task removes.
    The same `client_id` again answers the same photo. Raises `NotFound` for strangers and for a photo that was
    removed since, `TooManyPhotos`, `BadText`, `SameIdOtherContent`, and what `catalog.photos.read_photo` raises.
    """
    require_seller(actor, product.vendor)
    alt_text = clean_line(alt, characters_max=ALT_CHARACTERS_MAX, field="alt")
    photo = read_photo(content)
    name = new_picture_name()
    media = ProductMedia(
        image=name,
        width=photo.width,
        height=photo.height,
        alt=alt_text,
        is_illustration=is_illustration,
        is_complete=True,
    )
    # Both the decoding and the disk come before the transaction: writers of the database wait for each other.
    write_picture(name, photo.files)

    def work() -> str:
        locked = lock_product(product.pk)
        require_seller(actor, locked.vendor)
        media.product = locked
        media.position = _next_position(locked)
        media.save(force_insert=True)
        keep_changed(locked, now=now)
        journal_product(locked, "photo.added", actor=actor, now=now, media=media.pk)
        back_to_review(locked, actor=actor, now=now)
        return name

    asked = {
        "product": product.pk,
        "content": hashlib.sha256(content).hexdigest(),
        "alt": alt_text,
        "is_illustration": is_illustration,
    }
    with _files_removed_on_refusal(name):
        kept = once(
            work, action="catalog.add_photo", owner=f"user:{actor.user_id}", client_id=client_id, asked=asked, now=now
        )
    if kept == name:
        return media
    delete_picture(name)
    return _photo_again(kept)


def _photo_again(name: str) -> ProductMedia:
    """The photo that a request brought which is sent again. Raises `NotFound` where it was removed since."""
    found = ProductMedia.objects.select_related("product__vendor").filter(image=name).first()
    if found is None:
        raise NotFound(_("Không tìm thấy ảnh này."), field="image")
    return found


@contextmanager
def _files_removed_on_refusal(name: str) -> Iterator[None]:
    """Only for what happens before the commit: whether a broken commit was kept, the sweeping task finds out."""
    try:
        yield
    except BaseException:
        delete_picture(name)
        raise


def remove_photo(*, actor: Actor, media: ProductMedia, now: datetime) -> None:
    """Take a photo away; a published product goes back to review. Its files go once that is certain.

    Raises `NotFound` for strangers. A second time changes nothing.
    """
    with transaction.atomic():
        locked = lock_product(media.product_id)
        require_seller(actor, locked.vendor)
        if ProductMedia.objects.filter(pk=media.pk).delete()[0]:
            transaction.on_commit(partial(delete_picture, str(media.image.name)))
            keep_changed(locked, now=now)
            journal_product(locked, "photo.removed", actor=actor, now=now, media=media.pk)
            back_to_review(locked, actor=actor, now=now)


def _next_position(product: Product) -> int:
    others = ProductMedia.objects.filter(product=product)
    if others.count() >= PHOTOS_A_PRODUCT_MAX:
        raise TooManyPhotos(_("Mỗi sản phẩm có nhiều nhất 8 ảnh. Hãy bỏ bớt ảnh cũ trước."))
    return (others.aggregate(last=Max("position"))["last"] or 0) + 1


def move_photo(*, actor: Actor, media: ProductMedia, to_front: bool, now: datetime) -> None:
    """Show a photo first, or one place earlier; the first is the one that lists show.

    Staff saw every photo already, so an order needs no review. Raises `NotFound` for strangers; of a photo that is
    first already nothing changes.
    """
    with transaction.atomic():
        locked = lock_product(media.product_id)
        require_seller(actor, locked.vendor)
        photos = list(ProductMedia.objects.filter(product=locked).order_by("position", "pk"))
        place = next((number for number, one in enumerate(photos) if one.pk == media.pk), 0)
        if not place:
            return
        photos.insert(0 if to_front else place - 1, photos.pop(place))
        for position, one in enumerate(photos, start=1):
            one.position = position
        ProductMedia.objects.bulk_update(photos, ["position"])
        keep_changed(locked, now=now)
        journal_product(locked, "photo.moved", actor=actor, now=now, media=media.pk)
