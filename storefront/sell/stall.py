"""The stall sale: the form of an amount and of goods, and what its two pages show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django import forms
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.selectors import StallGood, goods_at_stall, goods_chosen_at_stall
from marketplace.core.errors import InvalidInput
from marketplace.core.money import amount_in_words, format_vnd
from marketplace.orders.checks import AMOUNT_VND_MAX
from marketplace.orders.goods import CHECKOUT_LINES_MAX, LineWanted
from marketplace.orders.models import LINE_QUANTITY_MAX, Order
from marketplace.orders.services.fulfilling import OPEN
from storefront.sell.desk import ID_MAX, Desk
from storefront.sell.fields import VndField
from storefront.settling import AskingForm
from storefront.shop.order_pages import OrderSight, Phase, sight_of_order
from storefront.web import PAGE_NUMBER_MAX, parse_number
from vendors.selectors import active_account

QUANTITY: Final = "quantity_"
QUANTITY_CHARACTERS_MAX: Final = 7


class StallForm(AskingForm):
    """An amount for what is in no catalogue. How many of which goods, `quantities_of` reads beside it."""

    amount = VndField(
        label=gettext_lazy("Số tiền"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "0"}),
    )
    age_declared = forms.BooleanField(label=gettext_lazy("Khách mua rượu bia đã đủ 18 tuổi"), required=False)


@dataclass(frozen=True)
class Tile:
    """A good on the counter, and how many of it were typed."""

    good: StallGood
    typed: str

    @property
    def field(self) -> str:
        """The name of its field."""
        return f"{QUANTITY}{self.good.variant_id}"


@dataclass(frozen=True)
class Counter:
    """What the seller picks from: what was chosen already, then a page of the rest."""

    tiles: list[Tile]
    page: int
    more: bool
    has_account: bool

    @property
    def sells_alcohol(self) -> bool:
        """Whether somebody has to look at the buyer's age."""
        return any(tile.good.is_alcohol for tile in self.tiles)


def typed_quantities(sent: Mapping[str, Any]) -> dict[int, str]:
    """What was typed beside goods, by the id of the kind; nothing and nought are nothing."""
    typed = {}
    for name in list(sent):
        variant_id = parse_number(name.removeprefix(QUANTITY), least=1, most=ID_MAX)
        text = str(sent[name]).strip()
        if name.startswith(QUANTITY) and variant_id is not None and text.strip("0"):
            typed[variant_id] = text
    return typed


def lines_of(typed: Mapping[int, str]) -> list[LineWanted]:
    """The goods that were asked for. Raises `InvalidInput` for what is no number of things."""
    lines = []
    for variant_id, text in typed.items():
        quantity = parse_number(text, least=1, most=LINE_QUANTITY_MAX)
        if quantity is None:
            raise InvalidInput(
                format_lazy(gettext_lazy("Số lượng là số nguyên từ 1 đến {most}."), most=LINE_QUANTITY_MAX)
            )
        lines.append(LineWanted(variant_id, quantity))
    return lines


def page_asked_for(request: HttpRequest) -> int:
    """Which page of goods: the address's, or that of the button that turned the page."""
    return parse_number(request.POST.get("page") or request.GET.get("page"), least=1, most=PAGE_NUMBER_MAX) or 1


def counter_of(desk: Desk, typed: Mapping[int, str], *, page: int) -> Counter:
    """What can be sold at this moment; at most seven statements. What was chosen stays in sight on every page."""
    ids = list(typed)[:CHECKOUT_LINES_MAX]
    chosen = goods_chosen_at_stall(desk.vendor, ids) if ids else []
    rest, more = goods_at_stall(desk.vendor, page=page, without=ids)
    if not rest and page > 1:  # sold meanwhile, or a page that never was
        page = 1
        rest, more = goods_at_stall(desk.vendor, page=page, without=ids)
    shown = [Tile(good, typed[good.variant_id][:QUANTITY_CHARACTERS_MAX]) for good in chosen]
    shown += [Tile(good, "") for good in rest]
    return Counter(shown, page, more, has_account=active_account(desk.vendor) is not None)


@dataclass(frozen=True)
class SaleSight:
    """A sale over the counter as its seller sees it at this moment."""

    order: Order
    buyer: OrderSight
    """What the buyer's page shows of the same order: code, state, time left."""

    @property
    def amount_vnd(self) -> int:
        """What the large number is: what came, or what is still to come, in đồng."""
        return self.order.charged_vnd if self.buyer.phase is Phase.PAID else self.order.outstanding_vnd

    @property
    def amount_in_words(self) -> str:
        """The large number as it is said, so that a misread nought is noticed."""
        return amount_in_words(self.amount_vnd, capitalised=True)

    @property
    def confirmed_in_words(self) -> str:
        """What a bank or the card network told of so far, as the voice says it; what hands took makes no sound."""
        return amount_in_words(self.buyer.payment.confirmed_vnd)

    @property
    def is_confirmed(self) -> bool:
        """Whether a bank or the card network says so of what came, or of a part of it."""
        return self.buyer.payment.confirmed_vnd > 0

    @property
    def waits_for_hands(self) -> bool:
        """Whether it is paid and its goods lie here still: its money came after its time."""
        return self.order.status in OPEN

    @property
    def announcement(self) -> str:
        """What a screen reader says when the page has changed by itself."""
        if self.buyer.phase in {Phase.PAID, Phase.PAY_THE_REST}:
            return _("Đã nhận %(amount)s") % {"amount": format_vnd(self.order.charged_vnd)}
        if self.buyer.phase is Phase.GIVEN_BACK:
            return _("Đã trả lại khách %(amount)s") % {"amount": format_vnd(self.buyer.payment.refunded_vnd)}
        return self.buyer.announcement


def sale_sight(order: Order, *, now: datetime) -> SaleSight:
    """The sale as it is now; at most six statements."""
    return SaleSight(order, sight_of_order(order, now=now))


def cash_amount(sent: Mapping[str, Any]) -> int:
    """What the button said that it takes in cash, in đồng. Raises `InvalidInput` for anything else."""
    amount = parse_number(sent.get("amount"), least=1, most=AMOUNT_VND_MAX)
    if amount is None:
        raise InvalidInput(_("Số tiền chưa đúng. Bạn tải lại trang rồi bấm lại giúp."))
    return amount
