"""Pictures kept before there were three sizes and WebP are given what they lack, a few at a time."""

from __future__ import annotations

import logging

from catalog.models import ProductMedia
from catalog.photos import read_photo
from catalog.pictures import add_files, read_largest
from marketplace.core.errors import MarketError

PICTURES_A_ROUND_MAX = 20
"""Each takes a good part of a second of a small server's processor."""

log = logging.getLogger("market.pictures")


def complete_pictures() -> int:
    """Write the files that older pictures lack; returns how many pictures are complete now that were not.

    One whose file is gone or broken stays as it is shown today, and is looked at no more.
    """
    waiting = ProductMedia.objects.filter(is_complete=False, cannot_be_completed=False).order_by("pk")
    return sum(_completed(media) for media in list(waiting[:PICTURES_A_ROUND_MAX]))


def _completed(media: ProductMedia) -> bool:
    try:
        add_files(str(media.image.name), read_photo(read_largest(media)).files)
    except (OSError, MarketError) as error:
        log.warning("picture %s cannot be completed: %s", media.pk, type(error).__name__)
        ProductMedia.objects.filter(pk=media.pk).update(cannot_be_completed=True)
        return False
    # A picture that was removed meanwhile leaves files, which the sweeping task finds.
    return bool(ProductMedia.objects.filter(pk=media.pk).update(is_complete=True))
