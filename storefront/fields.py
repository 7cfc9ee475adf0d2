"""What the forms' fields share."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

REQUIRED = {"required": _("Bạn chưa điền mục này.")}
CHOOSE = {"required": _("Bạn chưa chọn mục này."), "invalid_choice": _("Bạn chọn lại mục này giúp.")}
