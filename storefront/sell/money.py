"""Orders and their money: the forms, and what their pages show."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.orders.models import MESSAGE_CHARACTERS_MAX, Order, OrderLine
from marketplace.orders.selectors import is_paid_elsewhere, must_be_cashless
from marketplace.orders.services.ending import CANCELLABLE, END_REASON_CHARACTERS_MAX
from marketplace.orders.services.fulfilling import OPEN, TRACKING_NUMBER_CHARACTERS_MAX, LineFulfilled
from payments.card_selectors import refunds_that_may_have_gone
from payments.models import MONEY_MOVES, CardRefund, Confirmation, GrantedRefund, ReviewItem, TransactionEvent
from payments.models.refunds import REASON_CHARACTERS_MAX
from payments.selectors import PaymentState, going_back_by_card_vnd, granted_refunds, payment_state
from payments.services.cards.refunds import card_left
from storefront.fields import CHOOSE, REQUIRED
from storefront.sell.fields import NUMBER, VndField, set_choices
from storefront.settling import AskingForm

MOVES_SHOWN_MAX = 50
LINE = "line_"
BY_HAND = [
    (Confirmation.CASH.value, _("Tiền mặt")),
    (Confirmation.VENDOR.value, _("Tôi thấy tiền đã vào tài khoản")),
]
GIVEN_BACK = [
    (Confirmation.VENDOR.value, _("Chuyển khoản")),
    (Confirmation.CASH.value, _("Tiền mặt")),
]


class FulfilForm(AskingForm):
    """Handing over all that is left."""

    tracking_number = forms.CharField(
        label=_("Mã vận đơn"), required=False, max_length=TRACKING_NUMBER_CHARACTERS_MAX
    )


class PartForm(FulfilForm):
    """Handing over a part: how many of each thing. Nothing typed is none.

    Every line has its field, also one of which nothing is left: a form that comes twice is the same form.
    """

    def __init__(self, *args: Any, order: Order, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line in order.lines.all():
            wrong = format_lazy(_("Số lượng là số nguyên từ 0 đến {most}."), most=line.quantity_left)
            named = f"{line.product_name}, {line.variant_name}" if line.variant_name else line.product_name
            self.fields[f"{LINE}{line.pk}"] = forms.IntegerField(
                label=named,
                help_text=format_lazy(_("còn {left} {unit}"), left=line.quantity_left, unit=line.unit),
                required=False,
                min_value=0,
                max_value=line.quantity,
                error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), wrong),
                widget=forms.TextInput(attrs=NUMBER | {"maxlength": "6"}),
            )
        self.shown = [f"{LINE}{line.pk}" for line in lines_left(order)]

    @property
    def quantities(self) -> list[forms.BoundField]:
        """The fields of what is left."""
        return [self[name] for name in self.shown]

    def clean(self) -> dict[str, Any]:
        """The tracking number, and the lines as the service takes them."""
        given = self.cleaned_data
        lines = [
            LineFulfilled(uuid.UUID(name.removeprefix(LINE)), quantity)
            for name, quantity in given.items()
            if name.startswith(LINE) and quantity
        ]
        return {"tracking_number": given.get("tracking_number", ""), "lines": lines}


class CancelForm(AskingForm):
    """Why an order is called off; the buyer reads it."""

    reason = forms.CharField(
        label=_("Lý do, khách sẽ đọc"), max_length=END_REASON_CHARACTERS_MAX, error_messages=REQUIRED
    )


class MoneyForm(AskingForm):
    """An amount that moved by hand, and how."""

    amount = VndField(label=_("Số tiền"))
    confirmation = forms.ChoiceField(label=_("Bằng cách nào?"), error_messages=CHOOSE, widget=forms.RadioSelect)

    def __init__(self, *args: Any, ways: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self.fields["confirmation"], ways)


class CardRefundForm(AskingForm):
    """How much goes back to the buyer's card."""

    amount = VndField(label=_("Số tiền"))


class GrantForm(AskingForm):
    """Money that the shop promises to give back, and why; the buyer is told by the shop itself."""

    amount = VndField(label=_("Số tiền"))
    reason = forms.CharField(label=_("Lý do"), required=False, max_length=REASON_CHARACTERS_MAX)


class TellForm(AskingForm):
    """What the shop tells the buyer."""

    text = forms.CharField(
        label=_("Lời nhắn, khách đọc ở trang đơn"),
        max_length=MESSAGE_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": str(MESSAGE_CHARACTERS_MAX)}),
    )


class KeepForm(AskingForm):
    """How a promise was kept: the button that was pressed says it."""

    confirmation = forms.ChoiceField(choices=GIVEN_BACK, error_messages=CHOOSE)


@dataclass(frozen=True)
class OrderDesk:
    """Everything that the seller's page of one order shows and offers."""

    order: Order
    payment: PaymentState
    moves: list[TransactionEvent]
    waiting: list[ReviewItem]
    ways: list[tuple[str, Any]]
    """How money may come by hand."""
    may_be_cancelled: bool
    may_be_fulfilled: bool
    may_be_paid: bool
    is_paid_elsewhere: bool
    """Its money is written down at the Saleor that it was bought at, and not here."""
    card_left_vnd: int
    """What can go back to the buyer's card, in đồng."""
    going_back_vnd: int
    """What is on its way back to a card."""
    unheard_refunds: list[CardRefund]
    """What was asked to go back to a card and was never answered, while something could still go back."""
    promises: list[GrantedRefund]
    """What the shop promised to give back and has not given back yet."""

    @property
    def may_be_parted(self) -> bool:
        """Whether there is more than one piece left to hand over."""
        return self.may_be_fulfilled and sum(row.quantity_left for row in self.order.lines.all()) > 1

    @property
    def free_vnd(self) -> int:
        """What came, and is neither promised back nor on its way to a card: that much could be given or promised."""
        if self.is_paid_elsewhere:
            return 0
        promised_vnd = sum(promise.amount_vnd for promise in self.promises)
        return max(0, self.order.charged_vnd - promised_vnd - self.going_back_vnd)

    @property
    def is_confirmed(self) -> bool:
        """Whether a bank or the card network says so of all that came."""
        return not self.payment.by_hand_vnd


def lines_left(order: Order) -> list[OrderLine]:
    """The lines of which something is left to hand over."""
    return [line for line in order.lines.all() if line.quantity_left]


def ways_to_pay(order: Order) -> list[tuple[str, Any]]:
    """How money for an order may come by hand: alcohol sold at a distance is never paid in cash."""
    return BY_HAND[1:] if must_be_cashless(order) else BY_HAND


def order_desk(order: Order) -> OrderDesk:
    """What the seller's page of an order shows; seven statements, one more where a card paid or a Saleor sold it."""
    moves = TransactionEvent.objects.filter(order=order, type__in=MONEY_MOVES).order_by("-pk")[:MOVES_SHOWN_MAX]
    waiting = ReviewItem.objects.filter(order=order, closed_at__isnull=True).order_by("pk")[:MOVES_SHOWN_MAX]
    payment, card_left_vnd = payment_state(order), card_left(order)
    elsewhere = is_paid_elsewhere(order)
    return OrderDesk(
        order=order,
        payment=payment,
        moves=list(moves),
        waiting=list(waiting),
        ways=ways_to_pay(order),
        may_be_cancelled=order.status in CANCELLABLE,
        may_be_fulfilled=order.status in OPEN and not order.outstanding_vnd,
        may_be_paid=order.status != Order.Status.CANCELED and order.fully_charged_at is None and not elsewhere,
        is_paid_elsewhere=elsewhere,
        card_left_vnd=card_left_vnd,
        going_back_vnd=going_back_by_card_vnd(order),
        unheard_refunds=refunds_that_may_have_gone(order) if card_left_vnd else [],
        promises=[granted for granted in granted_refunds(order) if granted.is_open],
    )
