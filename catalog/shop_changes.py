"""What a shop's change of its own particulars means for its goods."""

from __future__ import annotations

from catalog.models import Product
from catalog.search import reindex_vendor
from catalog.services import reject_product
from marketplace.core import journal
from marketplace.core.actors import SYSTEM
from marketplace.core.models import JournalEvent

SUBSCRIBER = "catalog"
CHANGED = "vendor.changed"
OTHER_LICENCE = "Số giấy phép bán rượu của gian hàng đã đổi. Bạn gửi xã duyệt lại giúp."
"""Kept with the product in Vietnamese, as every reason is that an officer gives."""


def subscribe_shop_changes() -> None:
    """Let a shop's change of name or licence reach its goods."""
    journal.subscribe(journal.Subscription(name=SUBSCRIBER, kinds=frozenset({CHANGED}), handle=follow_change))


def follow_change(event: JournalEvent) -> None:
    """Index the goods of a renamed shop anew; take alcohol off sale until staff saw the new licence number.

    An officer let the alcohol through on the strength of the number they saw (Law 44/2019/QH14, article 16).
    """
    vendor_id, fields = int(event.data["vendor"]), str(event.data["fields"]).split()
    if "name" in fields:
        reindex_vendor(vendor_id)
    if "alcohol_licence_number" in fields:
        on_sale = Product.objects.filter(vendor_id=vendor_id, is_alcohol=True, listing=Product.Listing.PUBLISHED)
        for product in on_sale.exclude(reviewed_at__gt=event.happened_at).order_by("pk"):
            reject_product(actor=SYSTEM, product=product, reason=OTHER_LICENCE, now=event.happened_at)
