"""Payment links that a provider made for us, found again by the number in its notices."""

from __future__ import annotations

from payments.models import Feed, PaymentLink


def code_of_link(feed: Feed, link_number: int) -> str:
    """The payment code behind a link of the feed's, as text; "" where the feed made no such link."""
    links = PaymentLink.objects.filter(feed=feed, order_code=link_number)
    return links.values_list("payment_code__code", flat=True).first() or ""
