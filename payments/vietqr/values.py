"""What a VietQR code says, and the words in which a code is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput

NAPAS_GUID: Final = "A000000727"
NAPAS_TEMPLATE: Final = "38"
PAYLOAD_CHARACTERS_MAX: Final = 512
"""EMVCo's limit for a merchant-presented code."""
AMOUNT_DONG_MAX: Final = 499_999_999
"""NAPAS247 carries transfers below 500,000,000 đồng."""

ROOT_NAMES: Final[Mapping[str, str]] = {
    "00": "pfi",
    "01": "poi",
    "52": "mcc",
    "53": "currency",
    "54": "amount",
    "55": "tip",
    "56": "tip_fixed",
    "57": "tip_percent",
    "58": "country",
    "59": "name",
    "60": "city",
    "61": "postal",
    "63": "crc",
}
ADDITIONAL_NAMES: Final[Mapping[str, str]] = {
    "01": "bill_number",
    "02": "mobile_number",
    "03": "store_label",
    "04": "loyalty_number",
    "05": "reference_label",
    "06": "customer_label",
    "07": "terminal_label",
    "08": "purpose",
    "09": "consumer_data_request",
}


class UnreadableVietQR(InvalidInput):
    """The text is no VietQR code, or a damaged one.

    `reason` is a fixed word for programs (`crc_mismatch`, `length_overrun`, …); `detail` says where and what.
    """

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(_("Mã QR này không đọc được."), field="payload")
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class VietQR:
    """The fields of a code. `bin` and `account` are there only when field 38 of NAPAS is."""

    pfi: str
    """Payload format indicator, always "01"."""
    poi: str
    """Point of initiation: "11" for many payments, "12" for one."""
    account_template_ids: tuple[str, ...] = ()
    guid: str | None = None
    service: str | None = None
    bin: str | None = None
    account: str | None = None
    merchant_id: str | None = None
    """The receiver's id in a scheme other than NAPAS' (VNPAY, AirPay, EVN)."""
    mcc: str | None = None
    currency: str
    amount: int | None = None
    """Whole đồng; None when the payer fills it in."""
    amount_text: str | None = None
    """The amount as the code writes it; "50000." is legal."""
    tip: str | None = None
    tip_fixed: str | None = None
    tip_percent: str | None = None
    country: str
    name: str | None = None
    city: str | None = None
    postal: str | None = None
    bill_number: str | None = None
    mobile_number: str | None = None
    store_label: str | None = None
    loyalty_number: str | None = None
    reference_label: str | None = None
    customer_label: str | None = None
    terminal_label: str | None = None
    purpose: str | None = None
    """The memo of the transfer."""
    consumer_data_request: str | None = None
    lang_template: Mapping[str, str] | None = None
    crc: str
    """As the code writes it; some banks write lower case."""
    other: Mapping[str, str] = field(default_factory=dict)
    """Fields the format leaves to others, by place: "root-80", "62-50"."""
    warnings: tuple[str, ...] = ()
    """What is odd but harmless; empty for every code this market writes."""

    def as_fields(self) -> dict[str, object]:
        """The fields present, by name, amounts as text: what `market vietqr read` prints.

        `service` is present, though perhaps None, whenever the code names a receiver.
        """
        left_out = {"amount_text", "other", "warnings"}
        values = {name: getattr(self, name) for name in (item.name for item in fields(self))}
        shown = {name: value for name, value in values.items() if value is not None and name not in left_out}
        shown["account_template_ids"] = list(self.account_template_ids)
        if self.amount_text is not None:
            shown["amount"] = self.amount_text
        if self.guid is not None:
            shown["service"] = self.service
        if self.lang_template is not None:
            shown["lang_template"] = dict(self.lang_template)
        return shown | dict(self.other)
