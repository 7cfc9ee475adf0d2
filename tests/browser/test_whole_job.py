"""The whole job by clicking, on a phone: a household lists honey, an officer lets it on the market, a shopper finds
it without typing diacritics, pays by the code on the screen, and everybody sees the money."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from payments.vietqr.reader import read_vietqr
from tests.faults.market import KillableMarket
from tests.source import ROOT

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}
WAIT_MS_MAX = 60_000
NAME = "Mật ong bạc hà Mây"
PRICE_VND = 125_000
QUANTITY = 2
TOTAL_VND = PRICE_VND * QUANTITY
TOTAL_TEXT = "250.000\u00a0₫"


@pytest.fixture
def market(server_environment: dict[str, str]) -> Iterator[KillableMarket]:
    market = KillableMarket(server_environment)
    yield market
    market.stop()


@pytest.fixture
def worker(server_environment: dict[str, str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Where Redis is, Celery does the work that the server's own worker does otherwise."""
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        process.terminate()
        process.wait(60)


def a_visitor(browser: Browser, market: KillableMarket) -> Page:
    page = browser.new_context(viewport=PHONE, base_url=market.base_url, locale="vi-VN").new_page()
    page.set_default_timeout(WAIT_MS_MAX)
    return page


def sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Số điện thoại").fill(login)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def list_honey(page: Page, photo: Path) -> None:
    page.goto("/sell/")
    page.get_by_role("link", name="Sản phẩm").first.click()
    page.get_by_role("link", name="Thêm sản phẩm").first.click()
    page.locator("input[name=photo]").set_input_files(photo)
    page.get_by_label("Tên").first.fill(NAME)
    page.locator("select[name=ocop_set]").select_option("4")
    page.locator("input[name=price_vnd]").fill("125k")
    page.locator("input[name=unit]").fill("hũ 500 g")
    page.locator("input[name=quantity]").fill("10")
    page.get_by_role("button", name="Lưu sản phẩm").click()
    page.get_by_role("button", name="Gửi xã duyệt").click()
    expect(page.get_by_text("Xã đang xem")).to_be_visible()


def let_on_the_market(page: Page, vendor: str) -> None:
    page.goto("/commune/")
    page.get_by_role("link", name=vendor).first.click()
    page.get_by_role("button", name=re.compile("Xác minh")).first.click()
    page.goto("/commune/")
    page.get_by_role("link", name=NAME).first.click()
    page.get_by_role("button", name="Cho lên chợ").first.click()
    page.wait_for_load_state()


def buy(page: Page) -> str:
    """Find the honey as spoken, order two; answers the order's payment code."""
    page.goto("/")
    page.locator("input[name=q]").first.fill("mat ong bac ha")
    page.locator("input[name=q]").first.press("Enter")
    page.get_by_role("link", name=NAME).first.click()
    page.locator("input[name=quantity]").first.fill(str(QUANTITY))
    page.get_by_role("button", name=re.compile("giỏ|Mua", re.IGNORECASE)).first.click()
    page.goto("/basket/")
    page.get_by_role("link", name="Đặt hàng").first.click()
    page.get_by_label("Số điện thoại").first.fill("0987 654 321")
    page.get_by_label(re.compile("Đến lấy tại")).first.check()
    page.get_by_role("button", name=re.compile("Đặt hàng")).click()
    page.wait_for_url(re.compile("/orders/"))
    return page.locator("dd", has_text=re.compile("^OCZ")).inner_text().strip()


def scan(page: Page) -> Any:
    """What a bank's app reads off the screen."""
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(page.locator(".qr img").screenshot())))
    assert len(found) == 1
    return read_vietqr(found[0].text)


def market_pay(market: KillableMarket, code: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "marketplace", "pay", code],
        cwd=ROOT,
        env=market.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers


def test_from_a_household_s_photo_to_the_commune_s_figure(
    market: KillableMarket, worker: list[subprocess.Popen[bytes]], browser: Browser, photo: Path
) -> None:
    who = market.run("tests.browser.seed")
    market.start()
    if market.environment.get("REDIS_URL"):
        command = [sys.executable, "-m", "marketplace", "worker"]
        worker.append(subprocess.Popen(command, cwd=ROOT, env=market.environment))
    seller, officer, shopper = (a_visitor(browser, market) for _ in range(3))
    sign_in(seller, who["owner"], who["password"])
    sign_in(officer, who["staff"], who["password"])

    list_honey(seller, photo)
    shopper.goto("/search/?q=mat+ong")
    assert NAME not in shopper.content(), "shown before anybody verified the shop or the listing"
    let_on_the_market(officer, who["vendor"])
    seller.goto("/sell/")
    expect(seller.locator(".takings")).to_have_text("0\u00a0₫")
    code = buy(shopper)

    scanned = scan(shopper)
    assert (scanned.poi, scanned.guid, scanned.service) == ("12", "A000000727", "QRIBFTTA")
    assert (scanned.bin, scanned.account) == (who["bin"], who["account"])
    assert (scanned.amount, scanned.currency, scanned.country) == (TOTAL_VND, "704", "VN")
    assert scanned.purpose == code
    assert "Đã thanh toán" not in shopper.content()

    answers = market_pay(market, code)

    assert [(answer["status"], answer["answer"]) for answer in answers] == [(200, {"success": True})]
    expect(shopper.locator(".tick")).to_contain_text(f"Đã thanh toán {TOTAL_TEXT}", timeout=WAIT_MS_MAX)
    expect(seller.locator(".takings")).to_have_text(TOTAL_TEXT, timeout=WAIT_MS_MAX)
    expect(seller.locator(".receipts li").first).to_contain_text(TOTAL_TEXT)
    officer.goto("/commune/figures/")
    for _ in range(60):
        if TOTAL_TEXT in officer.locator("main").inner_text():
            break
        officer.wait_for_timeout(500)
        officer.reload()
    expect(officer.locator("main")).to_contain_text(TOTAL_TEXT)
