"""Cards of buyers abroad, as the shop sees them: whether it takes them, and what waits for its owner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.money import format_vnd
from marketplace.orders.models import Order
from payments.card_selectors import held_card_payments, open_disputes
from payments.models import CardAccount, CardDispute, CardRefund, CardSession
from payments.services.cards.accounts import card_account_of
from storefront.sell.desk import Desk
from storefront.settling import AskingForm
from storefront.templatetags.market import vietnam_date

REASONS: Final[Mapping[str, str | Promise]] = {
    "credit_not_processed": gettext_lazy("chưa được hoàn tiền như đã hẹn"),
    "duplicate": gettext_lazy("bị trừ tiền hai lần"),
    "fraudulent": gettext_lazy("chủ thẻ nói không mua"),
    "product_not_received": gettext_lazy("chưa nhận được hàng"),
    "product_unacceptable": gettext_lazy("hàng không đúng như đã đặt"),
}
REFUND_WORDS: Final[Mapping[str, str | Promise]] = {
    CardRefund.State.ASKED: gettext_lazy(
        "Chưa nối được với đơn vị thẻ. Chợ tự gửi lại yêu cầu này, bạn đừng gửi lần nữa."
    ),
    CardRefund.State.PENDING: gettext_lazy("Đơn vị thẻ đang chuyển tiền lại cho khách."),
    CardRefund.State.SUCCEEDED: gettext_lazy("Đã trả lại tiền vào thẻ của khách."),
    CardRefund.State.FAILED: gettext_lazy(
        "Đơn vị thẻ không chuyển lại được. Tiền chưa đi, bạn thử lại hoặc trả khách cách khác."
    ),
}
UNHEARD: Final = gettext_lazy(
    "Đơn vị thẻ không trả lời, nên chưa rõ tiền đã về thẻ của khách hay chưa. "
    "Bạn xem trên trang của Stripe trước khi trả lại lần nữa."
)


class ConnectForm(AskingForm):
    """One button: nothing to fill in here, Stripe asks."""


def refund_in_words(refund: CardRefund) -> str:
    """How a refund to a card stands, as its seller reads it."""
    return str(UNHEARD if refund.may_have_gone else REFUND_WORDS[refund.state])


@dataclass(frozen=True)
class CardTask:
    """Something about card money, in a sentence, and its order."""

    order: Order
    sentence: str


@dataclass(frozen=True)
class CardDesk:
    """What the shop's page of cards shows."""

    account: CardAccount | None
    tasks: list[CardTask]

    @property
    def takes_cards(self) -> bool:
        """Whether buyers may pay by card now."""
        return self.account is not None and self.account.charges_enabled

    @property
    def is_restricted(self) -> bool:
        """Whether Stripe has everything and still lets nobody pay."""
        return self.account is not None and self.account.state == CardAccount.State.RESTRICTED

    @property
    def is_begun(self) -> bool:
        """Whether Stripe still wants to know something."""
        return self.account is not None and self.account.state == CardAccount.State.ONBOARDING


def card_desk(desk: Desk) -> CardDesk:
    """The shop's cards. Raises `NotFound` where cards are off, `NotAllowed` for all but its owner."""
    account = card_account_of(actor=desk.actor, vendor=desk.vendor)
    return CardDesk(account, card_tasks(desk.vendor.pk))


def card_tasks(vendor_id: int, *, order_id: int | None = None) -> list[CardTask]:
    """What waits for the vendor about card money, of one order or of all; the most urgent first."""
    disputes = [CardTask(one.session.order, _of_dispute(one)) for one in open_disputes(vendor_id, order_id=order_id)]
    held = [CardTask(one.order, _of_held(one)) for one in held_card_payments(vendor_id, order_id=order_id)]
    return disputes + held


def _of_dispute(dispute: CardDispute) -> str:
    amount, reason = format_vnd(dispute.amount_vnd), REASONS.get(dispute.reason, _("lý do khác"))
    sentence = _("Khách khiếu nại %(amount)s với ngân hàng phát hành thẻ: %(reason)s.") % {
        "amount": amount, "reason": reason,
    }  # fmt: skip
    if dispute.withdrawn_at is not None:
        sentence += " " + _("Đơn vị thẻ đã rút lại khoản này trong lúc xét.")
    if dispute.due_at is not None:
        sentence += " " + _("Bạn trả lời trên trang của Stripe trước ngày %(day)s.") % {
            "day": vietnam_date(dispute.due_at)
        }
    return sentence


def _of_held(session: CardSession) -> str:
    return _("Khách trả %(amount)s bằng thẻ cho đơn đã kết thúc. Bạn trả lại vào thẻ ở trang đơn.") % {
        "amount": format_vnd(session.held_vnd)
    }
