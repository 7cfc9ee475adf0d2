"""The shop's stands as its people see them: the places, the papers, and what a scanned code means, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django import forms
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotFound
from payments.models import StandCode
from payments.services.scanning import Scan, Verdict
from payments.services.stands import live_stand, shows_account
from payments.stands.papers import Paper
from storefront.fields import REQUIRED
from storefront.sell.desk import Desk
from storefront.settling import AskingForm
from storefront.web import parse_number
from vendors.models import BankAccount, Warehouse
from vendors.selectors import active_account, warehouses_of
from vendors.services import PLACE_NAME_CHARACTERS_MAX

ID_MAX: Final = 2**63 - 1
SCANNED_CHARACTERS_MAX: Final = 2_000
"""Of what is pasted; a code has at most 512, and the reader says so."""
PAPERS: Final[dict[Paper, str | Promise]] = {
    Paper.A6: _("Tấm A6, để quầy"),
    Paper.A5: _("Tấm A5, treo tường"),
    Paper.TENT_A5: _("Bảng đứng nhỏ, tờ A5 gấp đôi"),
    Paper.TENT_A4: _("Bảng đứng lớn, tờ A4 gấp đôi"),
    Paper.FOUR_A6: _("Tờ A4 cắt thành 4 tấm A6"),
    Paper.TWO_A5: _("Tờ A4 cắt thành 2 tấm A5"),
}
PICTURES: Final = (Paper.A6, Paper.A5)
"""A picture has one side, so what is folded or cut comes as PDF only."""
Said = tuple[str, str | Promise, str | Promise]
"""Tone, the verdict in a few words, and what to do."""
VERDICTS: Final[dict[Verdict, Said]] = {
    Verdict.RIGHT: (
        "leaf",
        _("Đúng tài khoản của bạn"),
        _("Khách quét mã này là tiền về tài khoản đang dùng của gian hàng."),
    ),
    Verdict.FORMER: (
        "amber",
        _("Tài khoản cũ của bạn"),
        _("Mã này trả vào tài khoản trước đây của gian hàng. Bạn in mã mới và gỡ mã này."),
    ),
    Verdict.OTHER: (
        "lacquer",
        _("KHÔNG phải tài khoản của bạn"),
        _("Mã của bạn có thể bị dán đè. Bạn gỡ mã này ngay, đừng để khách quét, rồi báo công an."),
    ),
    Verdict.CARD: (
        "lacquer",
        _("Mã này trả vào thẻ"),
        _("Gian hàng nhận tiền vào tài khoản, không nhận vào thẻ. Nếu không phải bạn dán thì gỡ ngay."),
    ),
    Verdict.OTHER_SCHEME: (
        "amber",
        _("Mã của mạng khác"),
        _("Mã này không nói tài khoản ngân hàng nào, nên chợ không biết tiền về đâu. Bạn hỏi nơi phát mã."),
    ),
    Verdict.ABROAD: (
        "amber",
        _("Mã của nước khác"),
        _("Mã này không nhận tiền Việt Nam. Bạn đừng để khách quét."),
    ),
    Verdict.UNREADABLE: (
        "amber",
        _("Không đọc được"),
        _("Đây không phải mã VietQR, hoặc mã bị hỏng, chép thiếu. Bạn quét lại, lấy đủ nội dung."),
    ),
}


class ScanForm(AskingForm):
    """The text of a code, as a scanner shows it."""

    payload = forms.CharField(
        label=_("Nội dung mã QR"),
        help_text=_("Dãy chữ số bắt đầu bằng 000201, do máy quét mã hiện ra."),
        max_length=SCANNED_CHARACTERS_MAX,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false"}),
    )


@dataclass(frozen=True)
class PlaceChoice:
    """A place that may have a stand of its own."""

    url: str
    label: str | Promise
    current: bool


@dataclass(frozen=True)
class PaperChoice:
    """One way to print a stand."""

    label: str | Promise
    url: str
    picture_url: str


@dataclass(frozen=True)
class StandSight:
    """The page of one place's stand."""

    account: BankAccount | None
    place: Warehouse | None
    choices: list[PlaceChoice]
    """Empty where there is nothing to choose."""
    stand: StandCode | None
    is_current: bool
    """Whether the stand shows the account of today, so that it may be printed."""
    papers: list[PaperChoice]


@dataclass(frozen=True)
class Answer:
    """What a scanned code means, in words."""

    scan: Scan
    tone: str
    title: str | Promise
    advice: str | Promise


def answer_to(scan: Scan) -> Answer:
    """The scan with its words."""
    return Answer(scan, *VERDICTS[scan.verdict])


def place_asked(desk: Desk, text: str | None) -> Warehouse | None:
    """The shop's place with this number; None for the shop itself. Raises `NotFound`."""
    if not text:
        return None
    number = parse_number(text, least=1, most=ID_MAX)
    for place in _places(desk):
        if place.pk == number:
            return place
    raise NotFound(_("Không tìm thấy nơi bán này."))


def paper_asked(text: str, *, among: tuple[Paper, ...] = tuple(PAPERS)) -> Paper:
    """The paper of this name. Raises `NotFound`."""
    for paper in among:
        if paper.value == text:
            return paper
    raise NotFound(_("Không có khổ giấy này."))


def stand_address(place: Warehouse | None) -> str:
    """The page of the stand in this place."""
    address = reverse("sell_stand")
    return f"{address}?place={place.pk}" if place is not None else address


def sight_of_stand(desk: Desk, place: Warehouse | None) -> StandSight:
    """All that the page shows; four statements."""
    account, stand = active_account(desk.vendor), live_stand(desk.vendor, place)
    others = _places(desk)
    choices = [
        PlaceChoice(stand_address(each), each.name if each else _("Cả gian hàng"), each == place)
        for each in (None, *others)
    ]
    is_current = stand is not None and desk.vendor.may_sell and shows_account(stand, account)
    papers = _papers(stand) if stand is not None and is_current else []
    return StandSight(account, place, choices if others else [], stand, is_current, papers)


def _places(desk: Desk) -> list[Warehouse]:
    """Where a stand of its own makes sense: not in the place that was made with the shop and bears its name."""
    vendor = desk.vendor
    return [
        place
        for place in warehouses_of(vendor)
        if place.kind != Warehouse.Kind.SHOP or place.name != vendor.name[:PLACE_NAME_CHARACTERS_MAX]
    ]


def _papers(stand: StandCode) -> list[PaperChoice]:
    return [
        PaperChoice(
            label,
            reverse("sell_stand_pdf", args=[stand.pk, paper.value]),
            reverse("sell_stand_png", args=[stand.pk, paper.value]) if paper in PICTURES else "",
        )
        for paper, label in PAPERS.items()
    ]
