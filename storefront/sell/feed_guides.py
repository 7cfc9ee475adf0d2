"""What a shop's owner is told about each provider of notices: what it does, and what to paste where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from payments.models import Feed


@dataclass(frozen=True, kw_only=True)
class FeedGuide:
    """One provider, in words for its customers."""

    provider: str
    name: str
    about: Promise
    steps: tuple[Promise, ...]
    """What to do, up to the button of the form."""
    proofs: Mapping[str, Promise]
    """How its notices prove themselves, by `Feed.Auth`."""
    given_secret: Promise | None = None
    """What the provider calls the secret that it makes; None where we make it."""
    given_secret_hint: Promise | None = None
    paste: Promise
    """Where the address goes, and the secret if it is ours."""
    api_steps: tuple[Promise, ...] = ()
    """How to let the market ask for transfers; nothing where the provider has no such list."""


GUIDES: Final[Mapping[str, FeedGuide]] = {
    guide.provider: guide
    for guide in (
        FeedGuide(
            provider=Feed.Provider.SEPAY.value,
            name="SePay",
            about=_("SePay xem tài khoản ngân hàng của bạn và báo cho chợ mỗi khi có tiền vào."),
            steps=(
                _("Mở tài khoản SePay và nối tài khoản ngân hàng của bạn ở đó."),
                _("Bấm nút dưới đây, rồi chép địa chỉ và khóa sang mục Webhook của SePay."),
            ),
            proofs={
                Feed.Auth.HMAC.value: _("Ký từng thông báo (HMAC-SHA256)"),
                Feed.Auth.API_KEY.value: _("Gửi kèm khóa (API Key)"),
            },
            paste=_("Trong SePay, mở mục Webhook, dán địa chỉ và khóa vào, rồi bấm Lưu."),
            api_steps=(
                _("Trong SePay, mở mục API Access rồi tạo một API Token."),
                _("Chép API Token đó vào ô dưới đây."),
            ),
        ),
        FeedGuide(
            provider=Feed.Provider.CASSO.value,
            name="Casso",
            about=_("Casso xem tài khoản ngân hàng của bạn và báo cho chợ mỗi khi có tiền vào."),
            steps=(
                _("Mở tài khoản Casso và nối tài khoản ngân hàng của bạn ở đó."),
                _("Trong Casso, thêm một Webhook V2 rồi chép khóa bảo mật của nó vào ô dưới đây."),
                _("Bấm nút dưới đây, rồi chép địa chỉ của chợ sang Webhook đó."),
            ),
            proofs={
                Feed.Auth.HMAC.value: _("Webhook V2: Casso ký từng thông báo"),
                Feed.Auth.API_KEY.value: _("Webhook cũ: gửi kèm khóa (secure-token)"),
            },
            given_secret=_("Khóa bảo mật của Webhook V2"),
            given_secret_hint=_("Cần khi chọn Webhook V2. Webhook cũ thì để trống: chợ tạo khóa cho bạn."),
            paste=_("Trong Casso, mở Webhook vừa thêm, dán địa chỉ này vào, rồi bấm Lưu."),
            api_steps=(
                _("Trong Casso, mở phần thông tin doanh nghiệp rồi tạo một API Key."),
                _("Chép API Key đó vào ô dưới đây."),
            ),
        ),
        FeedGuide(
            provider=Feed.Provider.PAYOS.value,
            name="payOS",
            about=_("payOS tạo cho mỗi đơn một mã trả tiền riêng và báo cho chợ khi khách trả xong."),
            steps=(
                _("Mở tài khoản payOS và tạo một kênh thanh toán cho tài khoản ngân hàng của bạn."),
                _("Chép Checksum Key của kênh đó vào ô dưới đây."),
                _("Bấm nút dưới đây, rồi chép địa chỉ của chợ sang ô Webhook URL của kênh."),
                _("Sau đó thêm Client ID và API Key để chợ tạo được mã trả tiền."),
            ),
            proofs={Feed.Auth.HMAC.value: _("payOS ký từng thông báo (Checksum Key)")},
            given_secret=_("Checksum Key"),
            paste=_("Trong payOS, mở kênh thanh toán, dán địa chỉ này vào ô Webhook URL, rồi bấm Lưu."),
            api_steps=(
                _("Trong payOS, mở kênh thanh toán của bạn."),
                _("Chép Client ID và API Key của kênh đó vào hai ô dưới đây."),
            ),
        ),
        FeedGuide(
            provider=Feed.Provider.VIETQRVN.value,
            name="VietQR.vn",
            about=_("VietQR.vn báo cho chợ mỗi khi tài khoản đã liên kết ở đó có tiền vào."),
            steps=(
                _("Mở tài khoản VietQR.vn và liên kết tài khoản ngân hàng của bạn ở đó."),
                _("Bấm nút dưới đây, rồi chép địa chỉ, tên đăng nhập và mật khẩu sang VietQR.vn."),
            ),
            proofs={Feed.Auth.BASIC.value: _("Tên đăng nhập và mật khẩu")},
            paste=_("Trong VietQR.vn, mở mục tích hợp API, dán địa chỉ, tên đăng nhập và mật khẩu vào."),
        ),
    )
}
"""By the value of `Feed.Provider`, in the order they are offered."""
