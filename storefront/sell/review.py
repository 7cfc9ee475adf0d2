"""Money that waits for a person: the forms, and the cards of the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import NotFound
from payments.matching import ReviewReason
from payments.models import Confirmation, Feed, ReviewItem
from payments.reasons import Resolution, why_in_words
from payments.services.repeats import first_told
from payments.services.reviewing import RESOLUTION_CHARACTERS_MAX
from payments.suggestions import Suggestion, likely_orders_of
from storefront.fields import CHOOSE, REQUIRED
from storefront.sell.desk import ID_MAX
from storefront.settling import AskingForm
from storefront.web import parse_number
from vendors.banks import bank_in_words
from vendors.models import BankAccount, Vendor

ORDER_NUMBER_CHARACTERS_MAX: Final = 20
PICK_CHARACTERS_MAX: Final = 2 * ORDER_NUMBER_CHARACTERS_MAX
GIVEN_BACK_BY: Final = [
    (Confirmation.VENDOR.value, _("Tôi đã chuyển khoản trả khách")),
    (Confirmation.CASH.value, _("Tôi đã trả tiền mặt")),
]
READY_REASONS: Final = (Resolution.NOT_FOR_GOODS, Resolution.SOLD_ELSEWHERE)
"""Why money is set aside, most of the time: one tap each."""
PROVIDERS: Final[Mapping[str, Any]] = {
    Feed.Provider.SEPAY: "SePay",
    Feed.Provider.CASSO: "Casso",
    Feed.Provider.PAYOS: "payOS",
    Feed.Provider.VIETQRVN: "VietQR.vn",
    Feed.Provider.STATEMENT: _("Sao kê ngân hàng"),
}


class PickForm(AskingForm):
    """An item and the order that a person tapped for it: "12-345"."""

    book = forms.CharField(label=_("Đơn"), max_length=PICK_CHARACTERS_MAX, error_messages=REQUIRED)

    def clean_book(self) -> tuple[int, int]:
        """The item's key and the order's number. Raises `NotFound` as any number that is nobody's does."""
        parts = self.cleaned_data["book"].split("-")
        numbers = [parse_number(part, least=1, most=ID_MAX) for part in parts]
        if len(numbers) != len(("item", "order")) or numbers[0] is None or numbers[1] is None:
            raise forms.ValidationError(_("Bạn chọn lại đơn giúp."))
        return numbers[0], numbers[1]


class BookForm(AskingForm):
    """The order that waiting money belongs to."""

    order = forms.CharField(
        label=_("Số đơn"),
        max_length=ORDER_NUMBER_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"class": "short", "inputmode": "numeric", "autocomplete": "off"}),
    )


class RefundForm(AskingForm):
    """How held money went back: a button for each way."""

    method = forms.ChoiceField(label=_("Trả lại bằng cách nào?"), choices=GIVEN_BACK_BY, error_messages=CHOOSE)


class AsideForm(AskingForm):
    """Why a waiting thing is settled without an order: a ready reason, or a person's own words."""

    resolution = forms.CharField(
        label=_("Ghi lý do"),
        help_text=_("Ví dụ: người nhà gửi; khách đặt cọc bàn ghế."),
        max_length=RESOLUTION_CHARACTERS_MAX,
        error_messages=REQUIRED,
    )


@dataclass(frozen=True)
class Card:
    """One thing that waits: what came, by whom it was told, why it is here, and the orders it may be for."""

    item: ReviewItem
    source: str
    """The bank and the provider that told of it; "" for what is about an order."""
    suggestions: list[Suggestion] = field(default_factory=list)

    @property
    def why(self) -> str:
        """Why it is here, in one sentence."""
        return why_in_words(self.item.notice.why) if self.item.notice is not None else ""

    @property
    def may_be_repeat(self) -> bool:
        """Whether the first question is if this money was told of before."""
        return self.item.notice is not None and self.item.notice.why == ReviewReason.MAY_BE_REPEAT


def cards_of(items: Sequence[ReviewItem], *, vendor: Vendor) -> list[Card]:
    """The queue's cards for a page of a vendor's items; four statements at most, however many items."""
    banks = _banks_of(vendor)
    likely = likely_orders_of([item for item in items if item.closed_at is None])
    return [Card(item, _source(item, banks), likely.get(item.pk, [])) for item in items]


def first_of(item: ReviewItem) -> Any:
    """The notice that may have told of an item's money before; None when there is none, or no doubt about it."""
    if item.notice is None or item.closed_at is not None:
        return None
    told = first_told(item.notice)
    return told[0] if told is not None else None


def review_item_of(*, actor: Actor, item_id: int) -> ReviewItem:
    """What waits for a person of a shop that the actor works in, closed ones too. Raises `NotFound`."""
    items = ReviewItem.objects.select_related("notice", "order", "vendor__commune")
    item = items.filter(pk=item_id).first() if 0 < item_id <= ID_MAX else None
    if item is None or not actor.may_sell_for(item.vendor_id):
        raise NotFound(_("Không tìm thấy khoản này."))
    return item


def provider_of(item: ReviewItem) -> str:
    """The key of the provider that told of an item's money; "" where nobody did."""
    told_by = getattr(item, "told_by", None)
    if told_by is None and item.notice is not None:
        told_by = Feed.objects.filter(pk=item.notice.feed_id).values_list("provider", flat=True).first()
    return told_by or ""


def _source(item: ReviewItem, banks: Mapping[str, str]) -> str:
    if item.notice is None:
        return ""
    bank = banks.get(item.notice.account_number) or banks.get(item.notice.virtual_account)
    return " · ".join(str(part) for part in (bank, PROVIDERS.get(provider_of(item))) if part)


def _banks_of(vendor: Vendor) -> dict[str, str]:
    """The banks by the vendor's account numbers, former ones too: by short name, or by BIN where that is unknown."""
    accounts = BankAccount.objects.filter(vendor=vendor).values_list("account_number", "bin")
    return {number: bank_in_words(bin_) for number, bin_ in accounts}
