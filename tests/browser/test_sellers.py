"""The sellers' journeys, on a phone of 360 pixels, in Vietnamese and in English."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from marketplace.core.text import fold
from tests.browser.scenes import WITH_JAVASCRIPT
from tests.browser.visiting import WAIT_MS_MAX, Scene, Visitor, runs_of, vnd
from tests.browser.working import begin_goods, describe_goods, hand_in, let_on_the_market

pytestmark = pytest.mark.browser


NOTES_WHAT_IS_SAID = """
window.said = [];
window.speechSynthesis.speak = (speech) => window.said.push(speech.text);
"""


@runs_of("hearing", *WITH_JAVASCRIPT)
def test_a_seller_hears_and_sees_the_money_come_without_touching_the_phone(scene: Scene) -> None:
    seller, number = scene.a_visitor(scene["owner"]), scene["number"]
    seller.page.add_init_script(NOTES_WHAT_IS_SAID)
    seller.open("/sell/")
    expect(seller.page.locator(".takings")).to_have_text(vnd(0))
    seller.press("Bật tiếng", "Turn sound on")

    scene.bank_says(scene["feed"], content=scene["code"], amount_vnd=70_000)

    expect(seller.page.locator(".takings")).to_have_text(vnd(70_000), timeout=WAIT_MS_MAX)
    receipt = seller.page.get_by_role("listitem").filter(has_text=number)
    expect(receipt).to_contain_text(seller.word(f"Đã nhận {vnd(70_000)}", f"Received {vnd(70_000)}"))
    said = seller.page.evaluate("window.said")
    assert said == ["Đã bật tiếng", "Đã nhận bảy mươi nghìn đồng"], "the voice is Vietnamese"
    told = seller.page.get_by_role("status").filter(has_text=vnd(70_000))
    expect(told).to_have_count(1)


@runs_of("selling", *WITH_JAVASCRIPT)
def test_a_seller_sells_at_the_stall_in_three_taps_and_hears_that_the_money_is_there(scene: Scene) -> None:
    seller = scene.a_visitor(scene["owner"])
    seller.page.add_init_script(NOTES_WHAT_IS_SAID)
    seller.open("/sell/stall/")
    seller.press("Chọn hàng", "Pick goods")
    seller.main.get_by_text(scene["goods"]).click()
    expect(seller.main.get_by_role("textbox", name=scene["goods"])).to_have_value("1")
    expect(seller.page.locator("[data-words]")).to_have_text("Hai mươi nghìn đồng")
    seller.press("Hiện mã QR", "Show the QR code")

    code = seller.scan()
    assert (code.amount, code.account) == (20_000, scene["feed"]["account"])
    seller.sees("Hai mươi nghìn đồng", "Hai mươi nghìn đồng")
    scene.bank_says(scene["feed"], content=code.purpose, amount_vnd=20_000)

    tick = seller.page.locator(".tick")
    expect(tick).to_contain_text(
        seller.word(f"Đã nhận {vnd(20_000)}", f"Received {vnd(20_000)}"), timeout=WAIT_MS_MAX
    )
    assert seller.page.evaluate("window.said") == ["Đã nhận hai mươi nghìn đồng"]
    seller.follow("Bán tiếp", "Next sale")
    seller.press("Gõ số tiền", "Type an amount")
    for key in ("4", "5", "000"):
        seller.main.get_by_role("button", name=key, exact=True).click()
    expect(seller.main.get_by_role("textbox", name=seller.word("Số tiền", "Amount"))).to_have_value("45.000")
    seller.press("Hiện mã QR", "Show the QR code")
    assert seller.scan().amount == 45_000
    seller.press("Khách trả tiền mặt", "The customer pays in cash")
    expect(tick).to_contain_text(vnd(45_000))
    seller.open("/sell/")
    expect(seller.page.locator(".takings")).to_have_text(vnd(65_000))


@runs_of("listing", *WITH_JAVASCRIPT)
def test_a_seller_lists_a_photo_as_a_draft_an_officer_publishes_it_and_a_shopper_finds_it(
    scene: Scene, photo: Path
) -> None:
    seller, officer, shopper = scene.a_visitor(scene["owner"]), scene.a_visitor(scene["officer"]), scene.a_visitor()
    begin_goods(seller, photo)
    seller.fill("Tên sản phẩm", "Product name", scene["name"])
    seller.press("Giữ lại, khai tiếp sau", "Keep it and go on later")
    seller.follow(scene["name"])
    seller.sees("Đã giữ ảnh này.", "This photo is kept.")
    describe_goods(seller, scene["name"], price="45k")
    hand_in(seller)
    search = f"/search/?q={fold(scene['name']).replace(' ', '+')}"
    shopper.open(search)
    expect(shopper.main.get_by_role("link", name=scene["name"])).to_have_count(0)

    let_on_the_market(officer, scene["name"])

    shopper.open(search)
    shopper.follow(scene["name"])
    shopper.sees(vnd(45_000))
    picture = shopper.main.get_by_role("img", name=scene["name"]).first
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def pack_and_print(seller: Visitor, number: str) -> None:
    """Packed, and the slip printed with all three on it."""
    seller.press("Đã gói xong", "Packed")
    seller.sees(f"Đơn {number} đã gói xong.", f"Order {number} is packed.")
    seller.follow("In phiếu gói hàng", "Print packing slips")
    slip = seller.main.get_by_role("article", name=seller.word(f"Phiếu đơn {number}", f"Slip of order {number}"))
    for words in ("3 hũ", "0987 654 321", seller.word("Đã trả đủ tiền, không thu thêm", "Paid in full")):
        expect(slip).to_contain_text(words)
    seller.page.evaluate("window.print = () => { window.printed = true }")
    seller.page.get_by_role("button", name=seller.word("In", "Print"), exact=True).click()
    assert seller.page.evaluate("window.printed") is True


@runs_of("sending", *WITH_JAVASCRIPT)
def test_a_seller_packs_prints_the_slip_sends_a_part_and_then_the_rest(scene: Scene) -> None:
    seller, number = scene.a_visitor(scene["owner"]), scene["number"]
    seller.open("/sell/")
    task = seller.page.get_by_role("listitem").filter(has_text=seller.word("1 đơn chờ gói", "1 order to pack"))
    seller.follow("Gói hàng", "Pack", within=task)
    seller.follow(f"Đơn {number}", f"Order {number}")
    pack_and_print(seller, number)

    seller.page.go_back()
    part = seller.unfold("Chỉ giao một phần", "Hand over only a part")
    part.get_by_label(scene["goods"]).fill("2")
    part.get_by_label(seller.word("Mã vận đơn", "Tracking number")).fill("VN111")
    seller.press("Ghi giao một phần", "Record the part", within=part)
    seller.sees("Đã ghi: giao một phần.", "a part was handed over")
    seller.sees("đã giao 2", "2 delivered")
    seller.follow("In phiếu gói hàng", "Print packing slips")
    seller.sees("1 hũ")
    seller.page.go_back()
    rest = seller.page.get_by_role("region", name=seller.word("chờ gói", "to be packed"))
    rest.get_by_label(seller.word("Mã vận đơn", "Tracking number")).fill("VN222")
    seller.press("Đã giao hàng", "Delivered", within=rest)
    seller.sees("Đã ghi: giao hàng xong.", "Recorded: delivered.")

    for tracking in ("VN111", "VN222"):
        seller.sees(tracking)
    seller.follow("Trang mã trả tiền của khách", "The customer's payment page")
    seller.sees("VN111")
    seller.sees("VN222")
    seller.open("/sell/")
    expect(seller.main).not_to_contain_text(seller.word("chờ gói", "to pack"))


@runs_of("reviewing", *WITH_JAVASCRIPT)
def test_money_without_a_code_waits_in_the_list_and_is_booked_with_one_tap(scene: Scene) -> None:
    seller, number = scene.a_visitor(scene["owner"]), scene["number"]
    seller.open("/sell/")
    expect(seller.page.locator(".takings")).to_have_text(vnd(0))

    scene.bank_says(scene["feed"], content="tra tien cam", amount_vnd=73_000)

    task = seller.page.get_by_role("listitem").filter(
        has_text=seller.word("1 khoản tiền cần xem", "1 payment to look at")
    )
    expect(task).to_be_visible(timeout=WAIT_MS_MAX)
    expect(seller.page.locator(".takings")).to_have_text(vnd(0))
    seller.follow("Xem", "View", within=task)
    seller.press(f"Ghi vào đơn {number}", f"Book on order {number}")
    seller.sees(f"Đã ghi {vnd(73_000)} vào đơn {number}.", f"{vnd(73_000)} booked on order {number}.")
    seller.sees("Không có khoản nào phải xem", "No payments to look at")
    seller.open("/sell/")
    expect(seller.page.locator(".takings")).to_have_text(vnd(73_000))
    expect(seller.main.get_by_role("listitem").filter(has_text=number)).to_contain_text(vnd(73_000))
