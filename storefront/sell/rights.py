"""What an owner, a seller and who helps in somebody's place may do in a shop, in words.

It only tells; the services decide. tests/storefront/test_sell_members.py holds the two against each other.
"""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

RIGHTS: list[tuple[str | Promise, bool, bool, bool]] = [
    (_("Đăng và sửa hàng, nhập kho"), True, True, True),
    (_("Xem đơn, gói và giao hàng"), True, True, True),
    (_("Xem sổ và tiền bán hôm nay"), True, True, True),
    (_("Ghi tiền mặt, trả lại tiền khách"), True, True, False),
    (_("Tài khoản nhận tiền, nối ngân hàng"), True, False, False),
    (_("Thông tin, giờ mở cửa, phí giao hàng"), True, False, False),
    (_("Thêm, bớt người; ghi giấy tờ"), True, False, False),
    (_("Làm, sửa và kết thúc phiếu giảm giá"), True, False, False),
]
"""What it is, and whether owner, seller and helper may."""
