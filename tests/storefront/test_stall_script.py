"""The stall's counter in a real browser: a keypad, tiles that add one, the sum in words as the market reads it."""

from collections.abc import Iterator
from random import Random

import pytest
from playwright.sync_api import Page, Route, expect, sync_playwright

from marketplace.core.money import amount_in_words
from tests.source import ROOT, text

pytestmark = pytest.mark.browser
SCRIPT = ROOT / "storefront" / "static" / "storefront" / "stall.js"
SITE = "https://market.test"
KEPT = {"1234567890123": "123.456.789.0123"}
"""What is in the field where a digit is one too many: the server says so."""
HTML = """<!doctype html><html lang="vi"><head><meta charset="utf-8">{}</head><body>{}</body></html>"""
TAG = '<script defer src="/stall.js"></script>'
COUNTER = """<form data-stall><div hidden data-modes><button type="button" data-mode="typed">Gõ số tiền</button>
<button type="button" data-mode="goods">Chọn hàng</button></div>
<input name="amount" value=""><div hidden data-keys>{}</div>
<div data-good data-price="60000" data-left="3"><label for="g">Miến</label>
<button type="button" hidden data-step="-1">−</button>
<input id="g" value=""><button type="button" hidden data-step="1">+</button></div>
<p hidden data-words></p><button>Hiện mã QR <span hidden data-total></span></button></form>""".format(
    "".join(f'<button type="button" data-key="{key}">{key}</button>' for key in [*"1234567890", "000", "back"])
)
READ_ALOUD = """amounts => amounts.map(amount => {
  const field = document.querySelector('[name=amount]');
  field.value = String(amount);
  field.dispatchEvent(new Event('input', { bubbles: true }));
  return document.querySelector('[data-words]').textContent;
})"""


@pytest.fixture
def page() -> Iterator[Page]:
    """The counter's page with its script; without it at `/without/`."""

    def answer(route: Route) -> None:
        if route.request.url.endswith("/stall.js"):
            route.fulfill(body=text(SCRIPT), content_type="text/javascript")
            return
        tag = "" if route.request.url.endswith("/without/") else TAG
        route.fulfill(body=HTML.format(tag, COUNTER), content_type="text/html; charset=utf-8")

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = chromium.new_page()
        page.route("**/*", answer)
        page.goto(SITE)
        yield page
        chromium.close()


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.locator(f"[data-key='{key}']").click()


def test_the_keypad_writes_the_amount_in_groups_says_it_and_takes_it_back(page: Page) -> None:
    amount, words, total = (page.locator(place) for place in ("[name=amount]", "[data-words]", "[data-total]"))
    press(page, "0", "000")
    expect(amount).to_have_value("")

    press(page, "1", "2", "5", "000")

    expect(amount).to_have_value("125.000")
    expect(words).to_have_text("Một trăm hai mươi lăm nghìn đồng")
    expect(total).to_have_text("125.000\u00a0₫")
    press(page, "back", "back", "back", "back")
    expect(amount).to_have_value("12")
    press(page, *["000"] * 6)
    expect(amount).to_have_value("12.000.000.000")


def test_a_tap_on_a_tile_adds_one_up_to_what_is_left_and_the_sum_is_said(page: Page) -> None:
    press(page, "5", "000")

    for _tap in range(5):
        page.get_by_text("Miến").click()
    expect(page.locator("#g")).to_have_value("3")
    expect(page.locator("[data-total]")).to_have_text("185.000\u00a0₫")
    for _tap in range(4):
        page.get_by_role("button", name="−").click()

    expect(page.locator("#g")).to_have_value("")
    expect(page.locator("[data-words]")).to_have_text("Năm nghìn đồng")


def test_what_the_server_must_read_is_left_to_it(page: Page) -> None:

    page.locator("[name=amount]").fill("125k")

    expect(page.locator("[name=amount]")).to_have_value("125k")
    expect(page.locator("[data-words]")).to_have_text("")
    expect(page.locator("[data-total]")).to_be_hidden()


@pytest.mark.parametrize("typed", ["1.5tr", "12.50", "0.5tr", "1.25tr", "1.250.000.00", "1234567890123"])
def test_points_that_the_seller_types_stay_where_they_are(page: Page, typed: str) -> None:
    amount = page.locator("[name=amount]")

    amount.press_sequentially(typed)

    expect(amount).to_have_value(KEPT.get(typed, typed))
    expect(page.locator("[data-words]")).to_have_text("")
    expect(page.locator("[data-total]")).to_be_hidden()


def test_digits_typed_one_by_one_and_taken_back_stay_in_groups(page: Page) -> None:
    amount, words = page.locator("[name=amount]"), page.locator("[data-words]")

    amount.press_sequentially("1250000")

    expect(amount).to_have_value("1.250.000")
    expect(words).to_have_text("Một triệu hai trăm năm mươi nghìn đồng")
    amount.press("Backspace")
    expect(amount).to_have_value("125.000")
    amount.fill("1.5")
    expect(amount).to_have_value("1.5")
    amount.fill("12.500")
    expect(words).to_have_text("Mười hai nghìn năm trăm đồng")


def test_a_group_that_the_seller_takes_apart_again_is_no_other_amount(page: Page) -> None:
    amount = page.locator("[name=amount]")

    amount.press_sequentially("1.250")
    amount.press("Backspace")
    amount.press_sequentially("tr")

    expect(amount).to_have_value("1.25tr")


def test_the_way_of_selling_that_was_chosen_last_is_there_the_next_time(page: Page) -> None:
    chosen = page.locator("[data-mode=goods][aria-pressed=true]")
    expect(chosen).to_have_count(0)

    page.get_by_role("button", name="Chọn hàng").click()
    page.reload()

    expect(chosen).to_have_count(1)


def test_without_its_script_the_counter_has_no_keypad_that_does_nothing(page: Page) -> None:
    page.goto(f"{SITE}/without/")

    for place in ("[data-keys]", "[data-modes]", "[data-step='1']", "[data-total]"):
        expect(page.locator(place)).to_be_hidden()


def test_the_counter_reads_every_amount_as_the_market_does(page: Page) -> None:
    random = Random(4)
    amounts = [*range(1, 1_200), *(10**power + more for power in range(3, 12) for more in (0, 1, 4, 5, 10, 15, 21))]
    amounts += [random.randrange(10 ** random.randrange(1, 13)) + 1 for _ in range(1_000)]
    amounts = [amount for amount in amounts if amount < 10**12]

    said: list[str] = page.evaluate(READ_ALOUD, amounts)

    assert said == [amount_in_words(amount, capitalised=True) for amount in amounts]
