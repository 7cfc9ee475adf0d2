"""The sizes and kinds of a product, and the book of what came and went: forms, and what their pages show."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Product, ProductVariant, StockMovement
from catalog.own_models import NOTE_CHARACTERS_MAX
from catalog.services import add_variant
from catalog.services.stock_book import COMING, GOING
from catalog.values import SKU_CHARACTERS_MAX, VARIANT_NAME_CHARACTERS_MAX
from marketplace.core.money import in_groups
from marketplace.core.requests_once import once
from storefront.fields import CHOOSE
from storefront.sell.desk import Desk
from storefront.sell.fields import stock_field
from storefront.sell.goods import PriceForm
from storefront.settling import AskingForm

LINES_A_PAGE: Final = 20
MINUS: Final = "\u2212"
"""As long as a plus, and read as one; a hyphen is not."""


class VariantForm(PriceForm):
    """A size or kind that is there."""

    name = forms.CharField(
        label=_("Tên loại"),
        help_text=_("Ví dụ: Gói 1 kg, Hũ nhỏ. Chỉ có một loại thì để trống được."),
        required=False,
        max_length=VARIANT_NAME_CHARACTERS_MAX,
    )
    sku = forms.CharField(
        label=_("Mã hàng của bạn"),
        required=False,
        max_length=SKU_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    is_active = forms.BooleanField(label=_("Đang bán loại này"), required=False)


class NewVariantForm(VariantForm):
    """A further one, with how many of it there are."""

    quantity = stock_field()


class MovementForm(AskingForm):
    """Goods that come in or go out."""

    kind = forms.ChoiceField(
        label=_("Hàng vào hay ra?"),
        choices=[(kind.value, kind.label) for kind in (*COMING, *GOING)],
        error_messages=CHOOSE,
        widget=forms.RadioSelect,
    )
    quantity = stock_field()
    note = forms.CharField(
        label=_("Ghi chú"),
        help_text=_("Ví dụ: mẻ ngày 20/11."),
        required=False,
        max_length=NOTE_CHARACTERS_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quantity"].label = _("Bao nhiêu?")


@dataclass(frozen=True)
class LineShown:
    """A line of the book: which way the goods went is said by a sign and a word, never by colour alone."""

    line: StockMovement

    @property
    def sign(self) -> str:
        """The icon: whether more or fewer lie there now."""
        return "up" if self.line.change > 0 else "down"

    @property
    def amount(self) -> str:
        """How many came or went, with the sign as it is printed."""
        sign = "+" if self.line.change > 0 else MINUS if self.line.change < 0 else ""
        return f"{sign}{in_groups(abs(self.line.change))}"

    @property
    def tone(self) -> str:
        """The tone of the number."""
        return "leaf" if self.line.change > 0 else ""


def variant_form(variant: ProductVariant) -> VariantForm:
    """The form of a kind, filled with what is kept."""
    fields = ("name", "unit", "price_vnd", "sku", "is_active")
    return VariantForm(initial={field: getattr(variant, field) for field in fields})


def add_variant_once(
    *, desk: Desk, product: Product, given: dict[str, Any], client_id: uuid.UUID | None, now: datetime
) -> None:
    """Add a kind, once for each form. Raises what `add_variant` raises."""
    wanted = {name: value for name, value in given.items() if name != "is_active"}
    once(
        lambda: str(add_variant(actor=desk.actor, product=product, now=now, **wanted).pk),
        action="sell.add_variant",
        owner=f"user:{desk.actor.user_id}",
        client_id=client_id,
        asked=wanted | {"product": product.pk},
        now=now,
    )


def lines_shown(lines: QuerySet[StockMovement], *, page: int) -> tuple[Sequence[LineShown], bool]:
    """A page of the book, and whether more follow."""
    start = (page - 1) * LINES_A_PAGE
    found = [LineShown(line) for line in lines[start : start + LINES_A_PAGE + 1]]
    return found[:LINES_A_PAGE], len(found) > LINES_A_PAGE
