"""What Saleor refuses, as sentences for the shop whose goods they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MESSAGE_CHARACTERS_MAX: Final = 160
_OF_FIELD: Final[Mapping[tuple[str, str], Promise]] = {
    ("UNIQUE", "slug"): _("Saleor đã có sản phẩm khác mang địa chỉ trang này. Bạn nhờ người vận hành chợ xem giúp."),
    ("UNIQUE", "sku"): _("Saleor đã có hàng khác mang mã hàng này. Bạn đổi mã hàng của loại này nhé."),
    ("INVALID", "price"): _("Saleor không nhận giá này. Bạn xem lại giá bán nhé."),
    ("REQUIRED", "name"): _("Saleor cần tên sản phẩm. Bạn điền tên nhé."),
}
_OF_CODE: Final[Mapping[str, Promise]] = {
    "ALREADY_EXISTS": _("Saleor đã có thứ này rồi. Chợ sẽ tìm lại và thử lần nữa."),
    "ATTRIBUTE_ALREADY_ASSIGNED": _("Saleor đã gắn thông tin này rồi. Bạn nhờ người vận hành chợ xem giúp."),
    "ATTRIBUTE_CANNOT_BE_ASSIGNED": _("Saleor thiếu một thuộc tính của Chợ. Bạn nhờ người vận hành chợ xem giúp."),
    "ATTRIBUTE_VARIANTS_DISABLED": _("Saleor không cho chia loại sản phẩm này. Bạn nhờ người vận hành chợ xem giúp."),
    "BLANK": _("Saleor không nhận một ô để trống. Bạn điền đủ tên và mô tả nhé."),
    "CANNOT_MANAGE_PRODUCT_WITHOUT_VARIANT": _("Saleor cần ít nhất một loại hàng có giá."),
    "DUPLICATED_INPUT_ITEM": _("Có hai loại hàng trùng mã. Bạn đổi mã hàng của một loại nhé."),
    "FILE_SIZE_LIMIT_EXCEEDED": _("Ảnh quá nặng với Saleor. Bạn thay ảnh nhỏ hơn nhé."),
    "INVALID_FILE_TYPE": _("Saleor không nhận loại ảnh này. Bạn thay ảnh khác nhé."),
    "INVALID_PRICE": _("Saleor không nhận giá này. Bạn xem lại giá bán nhé."),
    "MAX_LENGTH": _("Một ô dài hơn mức Saleor nhận. Bạn rút ngắn tên hoặc tên loại nhé."),
    "NOT_FOUND": _("Saleor không tìm thấy thứ mà sản phẩm cần. Bạn nhờ người vận hành chợ chạy lại đồng bộ."),
    "NOT_PRODUCTS_VARIANT": _("Loại hàng bên Saleor không khớp với sản phẩm. Bạn nhờ người vận hành chợ xem giúp."),
    "PRODUCT_NOT_ASSIGNED_TO_CHANNEL": _("Saleor chưa mở sản phẩm này ở kênh bán. Chợ sẽ thử lại."),
    "PRODUCT_WITHOUT_CATEGORY": _("Saleor cần biết nhóm hàng. Bạn chọn lại nhóm sản phẩm OCOP nhé."),
    "UNIQUE": _("Saleor đã có thứ khác trùng tên hoặc mã. Bạn đổi tên hoặc mã hàng nhé."),
    "UNSUPPORTED_MEDIA_PROVIDER": _("Saleor không lấy được ảnh. Bạn thay ảnh khác nhé."),
    "UNSUPPORTED_MIME_TYPE": _("Saleor không nhận loại ảnh này. Bạn thay ảnh khác nhé."),
}
OTHER: Final = _("Saleor chưa nhận sản phẩm này. Bạn nhờ người vận hành chợ xem giúp.")
PICTURE: Final = _("Sản phẩm đã lên Saleor nhưng thiếu ảnh: Saleor không lấy được ảnh từ Chợ.")
TYPE_CHANGED: Final = _(
    "Sản phẩm đã đổi giữa hàng hóa và dịch vụ, mà Saleor không cho đổi. "
    "Bạn ngừng bán rồi đăng lại thành sản phẩm mới nhé."
)
DELETED_THERE: Final = _("Người quản lý bên Saleor đã gỡ sản phẩm này khỏi Saleor.")
HIDDEN_THERE: Final = _("Người quản lý bên Saleor đang ẩn sản phẩm này.")
ALCOHOL: Final = _("Đồ uống có cồn chỉ bán trên Chợ, nơi có hỏi tuổi người mua, nên không đưa sang Saleor.")
SOLD_TWICE: Final = _(
    "Hàng vừa bán bên Saleor nhưng ở đây đã hết: còn thiếu {count}. "
    "Bạn gọi cho người mua và hoàn tiền phần thiếu nhé."
)
CHANGED_TOO_OFTEN: Final = _(
    "Bên Saleor có người hay chương trình khác cứ sửa lại sản phẩm này, nên Chợ tạm thôi sửa. "
    "Bạn nhờ người vận hành chợ xem giúp."
)


def sentence(code: str, *, field: str = "", message: str = "") -> str:
    """The sentence for one error of Saleor's; with its own words behind where nobody knows the code.

    `field` may be a path: its last part counts.
    """
    last = field.rsplit(".", 1)[-1]
    known = _OF_FIELD.get((code, last)) or _OF_CODE.get(code)
    if known:
        return str(known)
    told = " ".join(message.split())[:MESSAGE_CHARACTERS_MAX]
    return f"{OTHER} ({told})" if told else str(OTHER)


def sentence_of(errors: list[dict[str, str | None]]) -> str:
    """The sentences for several errors, each once."""
    told = [
        sentence(
            str(one.get("code") or ""),
            field=str(one.get("path") or one.get("field") or ""),
            message=str(one.get("message") or ""),
        )
        for one in errors
    ]
    return " ".join(dict.fromkeys(told))
