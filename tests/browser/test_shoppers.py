"""The shoppers' journeys, on a phone of 360 pixels, with and without JavaScript, in Vietnamese and in English."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from marketplace.core.text import fold
from tests.browser.scenes import BUYER_PHONE, PLACES
from tests.browser.visiting import WAIT_MS_MAX, Scene, Visitor, runs_of, vnd

pytestmark = pytest.mark.browser
HONEY_VND, TEA_VND = 125_000, 90_000


def put_in_basket(shopper: Visitor, name: str) -> None:
    """Search as one types in a hurry: small letters, no diacritics."""
    shopper.open("/")
    search = shopper.page.get_by_role("searchbox", name=shopper.word("Tìm sản phẩm", "Search products"))
    search.fill(fold(name))
    search.press("Enter")
    shopper.follow(name)
    shopper.press("Thêm vào giỏ", "Add to basket")
    shopper.sees(f"Đã thêm vào giỏ: {name}", f"Added to the basket: {name}")


def order_from(shopper: Visitor, shop: str, *, total_vnd: int) -> str:
    """Order what the basket holds of this shop, to be fetched there; answers the payment code on the screen."""
    shopper.follow(f"Đặt hàng {shop}", f"Place order {shop}")
    shopper.fill("Số điện thoại", "Phone number", "0987 654 321")
    shopper.field(f"Đến lấy tại {shop}", f"Pick up at {shop}").check()
    shopper.press(f"Đặt hàng · {vnd(total_vnd)}", f"Place order · {vnd(total_vnd)}")
    shopper.page.wait_for_url(re.compile("/orders/[0-9a-f-]{36}/$"))
    scanned = shopper.scan()
    assert (scanned.amount, scanned.currency, scanned.country) == (total_vnd, "704", "VN")
    assert re.fullmatch("OCZ[0-9A-Z]{10}", scanned.purpose)
    return str(scanned.purpose)


def see_it_paid(scene: Scene, shopper: Visitor, *, amount_vnd: int) -> None:
    """The page turns by itself; without JavaScript when it is loaded again."""
    if not scene.has_javascript:
        shopper.page.reload()
    heading = shopper.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(
        shopper.word(f"Đã thanh toán {vnd(amount_vnd)}", f"Paid {vnd(amount_vnd)}"), timeout=WAIT_MS_MAX
    )


def keep_the_receipt(shopper: Visitor, *, amount_vnd: int) -> None:
    """On the screen, and as a file."""
    shopper.follow("Biên nhận để in, lưu", "Receipt to print or save")
    received = shopper.page.get_by_role("region", name=shopper.word("Tiền đã trả", "Money paid"))
    row = received.get_by_role("listitem").filter(has_text=shopper.word("Đã nhận", "Received"))
    expect(row).to_contain_text(vnd(amount_vnd))
    with shopper.page.expect_download() as saving:
        shopper.follow("Lưu về máy (PDF)", "Save as PDF")
    assert saving.value.path().read_bytes().startswith(b"%PDF-")


@runs_of("buying", *PLACES)
def test_a_guest_buys_from_two_shops_pays_both_by_code_and_keeps_a_receipt(scene: Scene) -> None:
    shopper = scene.a_visitor()
    put_in_basket(shopper, scene["honey"])
    put_in_basket(shopper, scene["tea"])
    total = shopper.page.get_by_role("paragraph").filter(has_text=shopper.word("Cộng tất cả", "Total for all shops"))
    expect(total).to_contain_text(vnd(HONEY_VND + TEA_VND))

    first = order_from(shopper, scene["shop"], total_vnd=HONEY_VND)
    scene.bank_says(scene["feed"], content=first, amount_vnd=HONEY_VND)
    see_it_paid(scene, shopper, amount_vnd=HONEY_VND)

    shopper.follow("Xem giỏ", "View basket")
    second = order_from(shopper, scene["other"]["shop"], total_vnd=TEA_VND)
    scene.bank_says(scene["other"]["feed"], content=second, amount_vnd=TEA_VND)
    see_it_paid(scene, shopper, amount_vnd=TEA_VND)

    assert first != second
    keep_the_receipt(shopper, amount_vnd=TEA_VND)


def find_the_order(guest: Visitor, number: str) -> None:
    """By number and phone, from the front page."""
    guest.open("/")
    guest.menu("Tra đơn hàng", "Find an order")
    guest.fill("Số đơn", "Order number", number)
    guest.fill("Số điện thoại lúc đặt hàng", "The phone number you ordered with", BUYER_PHONE)
    guest.press("Xem đơn", "View order")


@runs_of("complaining", *PLACES)
def test_a_guest_looks_an_order_up_reports_a_problem_with_a_photo_and_settles_it(scene: Scene, photo: Path) -> None:
    guest, seller = scene.a_visitor(), scene.a_visitor(scene["owner"])
    find_the_order(guest, scene["number"])
    guest.sees(f"Đã thanh toán {vnd(120_000)}", f"Paid {vnd(120_000)}")
    guest.follow("Báo vấn đề", "Report a problem")
    guest.field("Hàng hỏng, vỡ, quá hạn", "Goods broken, spoiled or out of date").check()
    guest.fill("Bạn kể lại", "Tell what happened", "Một gói bị rách.")
    guest.field("Ảnh chụp", "Photo").set_input_files(photo)
    guest.press("Gửi", "Send")
    guest.sees("Đã gửi. Gian hàng và cán bộ xã đều thấy", "Sent. The shop and the commune's staff both see it")

    seller.open("/sell/")
    task = seller.page.get_by_role("listitem").filter(
        has_text=seller.word("1 khách báo vấn đề, chờ bạn trả lời", "1 buyer with a problem waits for your answer")
    )
    seller.follow("Trả lời", "Answer", within=task)
    seller.follow("Hàng hỏng", "Goods broken")
    seller.sees("Một gói bị rách.")
    shown = seller.main.get_by_role("img", name=seller.word("Ảnh", "Photo sent by")).first
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    seller.fill("Lời nhắn của bạn", "Your message", "Tôi gửi bù một gói.")
    seller.press("Gửi trả lời", "Send the answer")
    seller.sees("Đã gửi. Người mua đọc được ngay.", "Sent. The buyer can read it at once.")

    find_the_order(guest, scene["number"])
    guest.follow("Xem khiếu nại", "See the complaint")
    guest.sees("Tôi gửi bù một gói.")
    guest.press("Đã ổn, đóng khiếu nại", "All is well, close the complaint")
    guest.sees("Đã đóng khiếu nại.", "The complaint is closed.")
    seller.page.reload()
    seller.sees("Người mua báo đã ổn", "The buyer says that all is well")
    assert seller.main.get_by_role("button").count() == 0, "a closed complaint takes no more words"
