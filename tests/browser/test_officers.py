"""The officers' journeys, on a phone of 360 pixels, in Vietnamese and in English."""

from __future__ import annotations

import re
from io import BytesIO

import openpyxl
import pytest
from playwright.sync_api import expect

from payments.vietqr.writer import write_vietqr
from tests.browser.scenes import PASSWORD, WITH_JAVASCRIPT
from tests.browser.visiting import Scene, Visitor, runs_of, vnd
from tests.browser.working import begin_goods, describe_goods, hand_in, let_on_the_market

pytestmark = pytest.mark.browser
A4_POINTS = (595, 842)


def open_the_shop(officer: Visitor, scene: Scene) -> None:
    """One visit: the shop, its papers, the account by the owner's own bank code, the stand on paper."""
    officer.menu("Các gian hàng", "Shops")
    officer.follow("Mở gian hàng giúp bà con", "Open a shop for somebody")
    officer.fill("Họ tên chủ gian hàng", "Full name of the owner", scene["owner_name"])
    officer.fill("Số điện thoại của chủ", "The owner's phone number", scene["phone"])
    officer.fill("Tên gian hàng", "Shop name", scene["shop"])
    officer.press("Mở gian hàng", "Open a shop")
    officer.sees("Giờ bạn xem giấy tờ của chủ gian hàng.", "Now look at the owner's papers.")
    officer.press("Xác minh gian hàng", "Verify the shop")
    officer.sees("Đã xem giấy, gian hàng được bán.", "Papers seen, the shop may sell.")
    code = write_vietqr(bin=scene["bin"], account=scene["account"])
    officer.fill("Nội dung mã QR ngân hàng", "Text of the bank's QR code", code)
    officer.fill("Tên chủ tài khoản", "Account holder's name", scene["owner_name"])
    officer.press("Lưu tài khoản này", "Save this account")
    officer.sees("Tài khoản khớp với mã ngân hàng của chủ gian hàng.", "The account matches the owner's bank code.")
    officer.press("Làm mã QR", "Make the QR code")
    officer.sees("Đã có mã QR.", "The QR code is ready.")
    with officer.page.expect_download() as printing:
        officer.follow("In tờ A4 cắt thành 4 tấm", "Print an A4 sheet to cut in four")
    assert printing.value.path().read_bytes().startswith(b"%PDF-")


def help_to_a_password(officer: Visitor, owner: Visitor, login: str, *, password: str = PASSWORD) -> None:
    """The officer takes a code; the person in front of them sets the password with it, on their own phone."""
    officer.open("/account/")
    officer.follow("Giúp người bán đặt lại mật khẩu", "Help a seller to a new password")
    officer.fill("Số điện thoại hoặc thư điện tử", "Phone number or email address", login)
    officer.field("Biết rõ người này", "I know this person well").check()
    officer.press("Lấy mã", "Get a code")
    code = officer.main.get_by_text(re.compile(r"^\d{4} \d{4}$")).inner_text()
    owner.open("/sign-in/")
    owner.follow("Quên mật khẩu?", "Forgot the password?")
    owner.follow("Tôi có mã của cán bộ", "I have a code from staff")
    owner.fill("Số điện thoại hoặc thư điện tử", "Phone number or email address", login)
    owner.fill("Mã cán bộ đưa", "Code that staff gave you", code)
    owner.fill("Mật khẩu mới", "New password", password)
    owner.press("Đặt mật khẩu", "Set the password")
    owner.sees("Đã đặt mật khẩu mới.", "The new password is set")


def buy_one(shopper: Visitor, name: str) -> None:
    """To be fetched at the shop and paid there."""
    shopper.open("/")
    search = shopper.page.get_by_role("searchbox", name=shopper.word("Tìm sản phẩm", "Search products"))
    search.fill(name)
    search.press("Enter")
    shopper.follow(name)
    shopper.press("Thêm vào giỏ", "Add to basket")
    shopper.follow("Đặt hàng", "Place order")
    shopper.fill("Số điện thoại", "Phone number", "0987 654 321")
    shopper.main.get_by_role("radio").check()
    shopper.press("Đặt hàng", "Place order")
    shopper.sees(vnd(20_000))


@runs_of("opening", *WITH_JAVASCRIPT)
def test_an_officer_opens_a_shop_in_one_visit_and_its_owner_then_sells(scene: Scene) -> None:
    officer, owner, shopper = scene.a_visitor(scene["officer"]), scene.a_visitor(), scene.a_visitor()
    open_the_shop(officer, scene)
    help_to_a_password(officer, owner, scene["phone"])
    owner.sign_in(scene["phone"])
    begin_goods(owner)
    describe_goods(owner, scene["goods"], price="20k")
    hand_in(owner)
    let_on_the_market(officer, scene["goods"])

    buy_one(shopper, scene["goods"])
    assert (scanned := shopper.scan()).account == scene["account"], "the buyer pays the account of the visit"
    assert scanned.amount == 20_000

    owner.menu("Đơn hàng", "Orders")
    owner.main.get_by_role("link").filter(has_text=vnd(20_000)).click()
    paying = owner.unfold("Khách đã trả mà ngân hàng chưa báo", "has paid but the bank has not reported it")
    paying.get_by_label(owner.word("Tiền mặt", "Cash")).check()
    owner.press("Ghi đã nhận tiền", "Record money received", within=paying)
    owner.sees("Đã ghi tiền nhận.", "The money received is recorded.")
    owner.menu("Hôm nay", "Today")
    expect(owner.page.locator(".takings")).to_have_text(vnd(20_000))


def number(text: str) -> int:
    """The whole number that a page writes in groups."""
    return int(text.replace(".", ""))


def sums_of_the_day(officer: Visitor) -> tuple[int, list[int]]:
    """What the month's table says of its newest day, and the sales that stand under that day."""
    row = officer.main.get_by_role("row").filter(has=officer.page.get_by_role("link")).last
    told = number(row.get_by_role("cell").first.inner_text())
    row.get_by_role("link").click()
    sales = officer.main.get_by_role("row").filter(has=officer.page.get_by_role("cell"))
    return told, [number(sale.get_by_role("cell").nth(1).inner_text()) for sale in sales.all()]


def months_sheet(officer: Visitor) -> list[tuple[object, ...]]:
    """The rows of every sheet of the month's file."""
    with officer.page.expect_download() as saving:
        officer.follow("Tải về Excel", "Download for Excel")
    book = openpyxl.load_workbook(BytesIO(saving.value.path().read_bytes()), read_only=True)
    return [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]


@runs_of("reading", *WITH_JAVASCRIPT)
def test_an_officer_reads_that_the_month_grows_goes_down_to_the_sales_and_prints_it(scene: Scene) -> None:
    officer = scene.a_visitor(scene["officer"])
    officer.open("/commune/")
    heading = officer.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(officer.word("Kinh tế số đang đi lên", "The digital economy is growing"))
    officer.sees(f"bán được {vnd(300_000)} từ 2 đơn", f"sold {vnd(300_000)} (orders: 2)")
    officer.sees("tháng trước 50%", "50% more than in")

    officer.follow("Tiền bán trong tháng", "Takings this month")
    assert sums_of_the_day(officer) == (300_000, [200_000, 100_000])
    officer.page.go_back()
    officer.follow("Báo cáo tháng, theo nhóm", "Report of the month, by groups")
    officer.page.evaluate("window.print = () => { window.printed = true }")
    officer.press("In ra giấy A4", "Print on A4")
    assert officer.page.evaluate("window.printed") is True
    paper = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", officer.page.pdf(prefer_css_page_size=True))
    assert paper is not None
    assert (round(float(paper[1])), round(float(paper[2]))) == A4_POINTS
    assert any(300_000 in row for row in months_sheet(officer)), "the file says what the page says"


@runs_of("forgetting", *WITH_JAVASCRIPT)
def test_who_forgets_the_password_is_helped_in_person_and_signs_out_everywhere(scene: Scene) -> None:
    officer, lost, phone = scene.a_visitor(scene["officer"]), scene.a_visitor(scene["owner"]), scene.a_visitor()
    new_password = "mua-thu-vung-cao"
    help_to_a_password(officer, phone, scene["owner"], password=new_password)
    lost.page.goto("/sell/")
    assert "/sign-in/" in lost.address(), "a new password signs every device out"

    for device in (phone, lost):
        device.sign_in(scene["owner"], new_password)
    phone.open("/account/")
    phone.press("Đăng xuất mọi máy khác", "Sign out every other device")
    phone.sees("Mọi máy khác đã đăng xuất.", "Every other device was signed out.")

    lost.page.goto("/sell/")
    assert "/sign-in/" in lost.address()
    phone.open("/sell/")
    phone.sees(scene["shop"])


@runs_of("helping", *WITH_JAVASCRIPT)
def test_a_helper_opens_a_shop_with_consent_lists_its_goods_and_never_reaches_its_money(scene: Scene) -> None:
    helper = scene.a_visitor(scene["agent"])
    helper.open("/sell/help/")
    helper.follow(f"Mở gian hàng giúp {scene['person']}", f"Open a shop for them {scene['person']}")
    helper.fill("Tên gian hàng", "Shop name", scene["shop"])
    more = helper.unfold("Thêm chi tiết", "More details")
    more.get_by_label(helper.word("Số điện thoại của gian hàng", "The shop's phone number")).fill("0912 345 678")
    helper.press("Mở gian hàng", "Open a shop")
    helper.sees("Đã mở gian hàng.", "The shop is open.")
    begin_goods(helper)
    helper.sees("Thêm sản phẩm", "Add product")
    describe_goods(helper, scene["goods"], price="60k")
    hand_in(helper)

    helper.open("/sell/")
    helper.sees("Tiền và tài khoản do chủ gian hàng tự làm.", "Its owner handles money and accounts.")
    for address in ("account", "feeds", "statements", "cards", "delivery", "hours"):
        answer = helper.page.goto(f"/sell/{address}/")
        assert answer is not None
        assert answer.status in {403, 404}, address
    helper.open("/sell/shop/")
    for owners in ("/sell/account/", "/sell/feeds/", "/sell/statements/"):
        assert helper.main.locator(f"a[href='{owners}']").count() == 0
