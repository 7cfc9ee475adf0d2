"""What a product's page must say beside it by law. Pure."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.models import Product

HEALTH_FOOD_SETS = (18,)
"""Functional foods and herbal goods: the buyer must read that they are no medicine."""

NOT_A_MEDICINE = _("Sản phẩm này không phải là thuốc và không có tác dụng thay thế thuốc chữa bệnh.")
ADULTS_ONLY = _("Không bán rượu, bia cho người dưới 18 tuổi.")
"""Law 44/2019/QH14 on preventing the harm of alcohol."""


def warnings_of(product: Product) -> tuple[Promise, ...]:
    """The sentences that stand on the product's page and in its basket line, most pressing first; often none."""
    sentences = []
    if product.is_alcohol:
        sentences.append(ADULTS_ONLY)
    if product.is_health_food or product.ocop_set in HEALTH_FOOD_SETS:
        sentences.append(NOT_A_MEDICINE)
    return tuple(sentences)
