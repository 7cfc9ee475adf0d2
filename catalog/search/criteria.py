"""What each order of lists goes by, in a sentence for people: published, as the law asks of whoever orders goods.

Decree 248/2026/NĐ-CP, article 11: the main criteria are to be published. They stand beside the code that orders
(`catalog.search.search`), so that whoever changes the one sees the other; a test asks for a sentence of each.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from catalog.search.wanted import Sort

_VERY_MANY = _("Khi rất nhiều hàng có các từ bạn gõ, chỉ xếp trong 6.000 hàng lên chợ gần đây nhất có các từ ấy.")
"""`catalog.search.matching.MATCHES_MAX`: nobody could wait for the rest."""

CRITERIA: Mapping[Sort, tuple[str | Promise, ...]] = {
    Sort.RELEVANCE: (
        _("Hàng có đủ các từ bạn gõ trong tên đứng trước."),
        _("Sau đó là hàng có các từ ấy trong lời giới thiệu, tên người làm, nơi làm ra hoặc nhóm hàng."),
        _("Trong mỗi phần, tên có nhiều từ gõ đúng dấu hơn thì đứng trước."),
        _("Còn bằng nhau thì hàng lên chợ sau đứng trước. Khi bạn không gõ từ nào, chỉ tính điều này."),
        _VERY_MANY,
    ),
    Sort.NEWEST: (
        _("Hàng được duyệt lên chợ lần đầu gần đây nhất đứng trước. Sửa hàng cũ không làm hàng thành mới."),
    ),
    Sort.PRICE_UP: (_("Giá thấp nhất trong các loại đang bán, từ thấp đến cao."), _VERY_MANY),
    Sort.PRICE_DOWN: (_("Giá thấp nhất trong các loại đang bán, từ cao đến thấp."), _VERY_MANY),
    Sort.NAME: (_("Tên hàng theo bảng chữ cái tiếng Việt."), _VERY_MANY),
}
