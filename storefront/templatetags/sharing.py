"""What search engines and chat apps read of a page: `{% load sharing %}`."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}
"""As Django's `json_script` does: nothing in a text can end the element."""

register = template.Library()


@register.filter
def absolute(path: str) -> str:
    """An address of this market in full, as it is known outside."""
    return f"{settings.MARKET_PUBLIC_URL}{path}"


@register.simple_tag
def json_ld(data: dict[str, Any]) -> SafeString:
    """Schema.org's words about the page. A block of data, which no browser runs: the policy on scripts allows it."""
    written = json.dumps({"@context": "https://schema.org", **data}, ensure_ascii=False).translate(ESCAPES)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(written),  # noqa: S308  (every < > & is escaped above)
    )
