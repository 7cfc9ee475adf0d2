"""What sellers and officers do in more than one journey."""

from __future__ import annotations

from pathlib import Path

from tests.browser.visiting import Visitor


def describe_goods(seller: Visitor, name: str, *, price: str) -> None:
    """Fill in what a product's form asks for; the price as sellers write it."""
    seller.fill("Tên sản phẩm", "Product name", name)
    seller.field("Nhóm hàng", "Product group").select_option("4")
    seller.fill("Giá bán", "Price", price)
    seller.fill("Bán theo", "Sold by", "túi")
    seller.fill("Số lượng còn", "How many are left", "10")


def begin_goods(seller: Visitor, photo: Path | None = None) -> None:
    """From the shop's first page to the form of something new, camera first."""
    seller.open("/sell/")
    seller.follow("Thêm sản phẩm", "Add product")
    if photo is not None:
        seller.field("Chụp ảnh sản phẩm", "Take a photo of the product").set_input_files(photo)


def hand_in(seller: Visitor) -> None:
    """Keep the form as a draft, and send it to the commune."""
    seller.press("Lưu sản phẩm", "Save product")
    seller.sees("Đã lưu bản nháp.", "Draft saved.")
    seller.press("Gửi xã duyệt", "Send to the commune for approval")
    seller.sees("Xã đang xem.", "The commune is looking at it.")


def let_on_the_market(officer: Visitor, name: str) -> None:
    """From the list of what waits for the officer."""
    officer.open("/commune/")
    officer.follow(f"Xem {name}", f"View {name}")
    officer.press("Cho lên chợ", "Put on the market")
    officer.sees("Đã duyệt.", "Approved.")
