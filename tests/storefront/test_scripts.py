"""The pages' small scripts in a real browser whose clock the test turns: no server, every address answered here."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, BrowserContext, FilePayload, Page, Route, expect, sync_playwright

from tests.source import ROOT, text

pytestmark = pytest.mark.browser

STATIC = ROOT / "storefront" / "static" / "storefront"
SITE = "https://market.test"
CLOCK_SECONDS_MAX = 120
NOON = datetime(2026, 11, 22, 5, 0, tzinfo=UTC)
WAITING = """<p class="sr" role="status" data-announcer></p>
<section data-live data-state-url="/state/" data-etag='"1"'>
<p id="words">Đang chờ</p><p data-seconds-left="890" data-word="Còn">Trả trước 10:47</p>
<button id="copy" type="button" hidden data-copy="OCZ7K2M9QXT4H" data-done="Đã chép">
<svg></svg><span>Chép</span></button></section>"""
PAID = (
    '<section data-live data-final data-announce="Đã thanh toán 125.000 ₫"><p id="words">Đã thanh toán</p></section>'
)
TODAY = """<button type="button" hidden
data-sound-switch data-on="Tắt tiếng" data-hello="Đã bật tiếng"><svg></svg><span>Bật tiếng</span></button>
<section data-live data-state-url="/state/" data-etag='"1"'><ul>{}</ul></section>"""
RECEIPT = '<li data-receipt="{}" data-say="Đã nhận {} đồng"></li>'

# What a test cannot hear or hide is written down instead.
HEARD = """window.said = []; window.rung = 0;
speechSynthesis.speak = words => said.push(words.lang + ' ' + words.text);
AudioContext.prototype.resume = () => Promise.resolve();
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (when) { rung += 1; return start.call(this, when); };"""
HIDEABLE = "window.away = false; Object.defineProperty(document, 'hidden', { get: () => window.away });"
NOTHING_NEW = """window.asked = [];
window.fetch = () => { asked.push(Date.now()); return Promise.resolve({ status: 304 }); };"""


@dataclass
class Site:
    """Answers the browser: one page, the scripts, and the state that the page asks for."""

    body: str = ""
    scripts: tuple[str, ...] = ()
    state: str = ""
    etag: str = '"1"'
    asked_with: list[str | None] = field(default_factory=list)

    def answer(self, route: Route) -> None:
        """Fulfil one request."""
        path = route.request.url.removeprefix(SITE)
        if path.startswith("/static/"):
            route.fulfill(body=text(STATIC / path.rsplit("/", 1)[1]), content_type="text/javascript")
        elif path == "/state/":
            self._answer_state(route)
        else:
            tags = "".join(f'<script defer src="/static/{name}.js"></script>' for name in self.scripts)
            html = f"<!doctype html><html><head><meta charset=utf-8>{tags}</head><body>{self.body}</body></html>"
            route.fulfill(body=html, content_type="text/html; charset=utf-8")

    def _answer_state(self, route: Route) -> None:
        sent = route.request.headers.get("if-none-match")
        self.asked_with.append(sent)
        if sent == self.etag:
            route.fulfill(status=304, headers={"ETag": self.etag})
        else:
            route.fulfill(body=self.state, content_type="text/html; charset=utf-8", headers={"ETag": self.etag})


Opened = Callable[..., tuple[Page, Site]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context
    context.close()


@pytest.fixture
def opened(context: BrowserContext) -> Opened:
    """Open a page with some body and scripts, its clock stopped."""

    def open_page(body: str, *scripts: str, before: str = "") -> tuple[Page, Site]:
        site, page = Site(body=body, scripts=scripts), context.new_page()
        page.route("**/*", site.answer)
        page.clock.install(time=NOON)
        page.clock.pause_at(NOON + timedelta(hours=1))
        if before:
            page.add_init_script(before)
        page.goto(SITE)
        return page, site

    return open_page


def wait_until_asked(page: Page, site: Site, times: int) -> None:
    """Turn the page's clock a second at a time until it has asked for its state so often."""
    for _ in range(CLOCK_SECONDS_MAX):
        if len(site.asked_with) >= times:
            return
        page.clock.run_for(1_000)
    pytest.fail(f"the page asked {len(site.asked_with)} times, not {times}, in {CLOCK_SECONDS_MAX} s of its clock")


def test_the_page_turns_paid_by_itself_tells_it_aloud_and_stops_asking(opened: Opened) -> None:
    page, site = opened(WAITING, "live", "order-live")
    wait_until_asked(page, site, 1)
    expect(page.locator("#words")).to_have_text("Đang chờ")

    site.state, site.etag = PAID, '"2"'
    wait_until_asked(page, site, 2)

    expect(page.locator("#words")).to_have_text("Đã thanh toán")
    expect(page.locator("[data-announcer]")).to_have_text("Đã thanh toán 125.000 ₫")
    page.clock.run_for(60_000)
    assert site.asked_with == ['"1"', '"1"']


def test_while_nothing_changes_the_pause_grows_from_three_seconds_to_ten(opened: Opened) -> None:
    page, _ = opened(WAITING, "live", before=NOTHING_NEW)

    for _ in range(90):
        page.clock.run_for(1_000)

    asked: list[int] = page.evaluate("asked")
    pauses = [(after - before) / 1000 for before, after in pairwise(asked)]
    assert pauses[0] < 5
    assert pauses == sorted(pauses)
    assert pauses[-1] == pytest.approx(10, abs=1)


def test_a_shops_page_keeps_its_pause_so_that_money_is_seen_within_two_seconds(opened: Opened) -> None:
    page, _ = opened(WAITING.replace("data-live", 'data-live data-pause-ms="1200"', 1), "live", before=NOTHING_NEW)

    for _turn in range(300):
        page.clock.run_for(100)

    asked: list[int] = page.evaluate("asked")
    assert {after - before for before, after in pairwise(asked)} <= {1_200, 1_300}
    assert len(asked) >= 23


def test_a_line_that_comes_back_is_asked_at_once(opened: Opened) -> None:
    broken = (
        "window.asked = []; window.fetch = () => { asked.push(Date.now()); return Promise.reject(new Error()); };"
    )
    page, _ = opened(WAITING.replace("data-live", 'data-live data-pause-ms="1200"', 1), "live", before=broken)
    for _turn in range(60):
        page.clock.run_for(1_000)
    asked: list[int] = page.evaluate("asked")
    pauses = [after - before for before, after in pairwise(asked)]
    assert pauses == sorted(pauses)
    assert 9_000 <= pauses[-1] <= 11_000

    page.evaluate("dispatchEvent(new Event('online'))")

    assert page.evaluate("asked.length") == len(asked) + 1


def test_a_page_out_of_sight_does_not_ask_and_asks_at_once_when_seen_again(opened: Opened) -> None:
    page, _ = opened(WAITING, "live", before=NOTHING_NEW + HIDEABLE)

    page.evaluate("away = true; document.dispatchEvent(new Event('visibilitychange'))")
    page.clock.run_for(60_000)
    asked_while_away = page.evaluate("asked.length")
    page.evaluate("away = false; document.dispatchEvent(new Event('visibilitychange'))")

    assert asked_while_away == 0
    assert page.evaluate("asked.length") == 1


def test_the_time_left_counts_down_and_ends_at_nothing(opened: Opened) -> None:
    page, _ = opened(WAITING, "order-live")
    place = page.locator("[data-seconds-left]")

    expect(place).to_have_text("Còn 14:50")
    page.clock.run_for(65_000)
    expect(place).to_have_text("Còn 13:45")
    page.clock.run_for(1_000_000)
    expect(place).to_have_text("Còn 0:00")


def test_without_scripts_no_button_promises_what_it_cannot_do(opened: Opened) -> None:
    page, _ = opened(WAITING)

    expect(page.locator("#copy")).to_be_hidden()


def test_a_copy_button_copies_and_says_so(opened: Opened) -> None:
    page, _ = opened(WAITING, "copy")

    page.locator("#copy").click()

    expect(page.locator("#copy")).to_have_text("Đã chép")
    assert page.evaluate("navigator.clipboard.readText()") == "OCZ7K2M9QXT4H"
    page.clock.run_for(2_000)
    expect(page.locator("#copy")).to_have_text("Chép")
    expect(page.locator("#copy svg")).to_have_count(1)


def test_new_money_is_said_aloud_once_the_sound_was_turned_on(opened: Opened) -> None:
    page, site = opened(TODAY.format(RECEIPT.format(1, "20.000")), "live", "today-live", before=HEARD)

    page.get_by_role("button", name="Bật tiếng").click()
    site.state = TODAY.format(RECEIPT.format(2, "60.000") + RECEIPT.format(1, "20.000"))
    site.etag = '"2"'
    wait_until_asked(page, site, 1)
    expect(page.locator("[data-receipt]")).to_have_count(2)

    assert page.evaluate("said") == ["vi-VN Đã bật tiếng", "vi-VN Đã nhận 60.000 đồng"]
    assert page.evaluate("rung") == 4
    expect(page.locator("[data-sound-switch]")).to_have_text("Tắt tiếng")


def test_until_the_sound_is_turned_on_nothing_is_said(opened: Opened) -> None:
    page, site = opened(TODAY.format(""), "live", "today-live", before=HEARD)

    site.state, site.etag = TODAY.format(RECEIPT.format(2, "60.000")), '"2"'
    wait_until_asked(page, site, 1)
    expect(page.locator("[data-receipt]")).to_have_count(1)

    assert page.evaluate("said") == []
    assert page.evaluate("rung") == 0


FORM = '<form method="post" action="/orders/"><button>Đặt hàng</button></form>'
# Written down and held back: while a page is being left, Playwright passes over it and its clock would stand.
SENDINGS = """window.sent = [];
addEventListener('submit', event => { sent.push(!event.defaultPrevented); event.preventDefault(); });"""
TAP = "button => button.click()"


def test_a_second_tap_does_not_send_a_form_twice(opened: Opened) -> None:
    page, _ = opened(FORM, "forms", before=SENDINGS)
    button = page.get_by_role("button")

    button.evaluate(TAP)
    button.evaluate(TAP)

    assert page.evaluate("sent") == [True, False]
    expect(button).to_have_attribute("aria-disabled", "true")


def test_a_form_that_got_no_answer_can_be_sent_again_after_a_while(opened: Opened) -> None:
    page, _ = opened(FORM, "forms", before=SENDINGS)
    button = page.get_by_role("button")

    button.evaluate(TAP)
    page.clock.run_for(9_000)  # the page's clock begins inside a millisecond: 8 s may be one short
    button.evaluate(TAP)

    assert page.evaluate("sent") == [True, True]


def test_control_without_the_script_both_taps_send_the_form(opened: Opened) -> None:
    page, _ = opened(FORM, before=SENDINGS)

    page.get_by_role("button").evaluate(TAP)
    page.get_by_role("button").evaluate(TAP)

    assert page.evaluate("sent") == [True, True]


SCAN = """<div hidden data-scan="payload" data-found="Đã đọc được" data-missed="Không thấy mã">
<input id="photo" type="file"><p role="status">Ảnh không gửi đi đâu</p></div><textarea id="payload"></textarea>"""
READER = """window.createImageBitmap = file => Promise.resolve(file);
window.BarcodeDetector = class { detect(photo) { return Promise.resolve(%s); } };"""
PHOTO = FilePayload(name="anh.jpg", mimeType="image/jpeg", buffer=b"photo")


def test_a_photo_of_a_code_fills_the_field_where_the_browser_reads_codes(opened: Opened) -> None:
    page, _ = opened(SCAN, "scan", before=READER % "[{ rawValue: '000201…' }]")

    page.locator("#photo").set_input_files(PHOTO)

    expect(page.get_by_role("status")).to_have_text("Đã đọc được")
    expect(page.locator("#payload")).to_have_value("000201…")


def test_a_photo_without_a_code_says_so_and_changes_nothing(opened: Opened) -> None:
    page, _ = opened(SCAN, "scan", before=READER % "[]")
    page.locator("#payload").fill("kept")

    page.locator("#photo").set_input_files(PHOTO)

    expect(page.get_by_role("status")).to_have_text("Không thấy mã")
    expect(page.locator("#payload")).to_have_value("kept")


def test_a_browser_that_reads_no_codes_offers_no_photo(opened: Opened) -> None:
    page, _ = opened(SCAN, "scan", before="delete window.BarcodeDetector;")

    expect(page.locator("#photo")).to_be_hidden()


SALE = """<button type="button" hidden aria-pressed="true" data-sound-switch data-sound-on data-on="Tắt tiếng"
data-off="Bật tiếng" data-hello="Đã bật tiếng"><svg></svg><span>Tắt tiếng</span></button>
<section data-live data-state-url="/state/" data-etag='"1"'>Đang chờ</section>"""


def test_a_stall_sale_is_said_without_turning_the_sound_on_and_may_be_silenced(opened: Opened) -> None:
    page, site = opened(SALE, "live", "today-live", before=HEARD)
    site.state = '<section data-live><p data-receipt="60000" data-say="Đã nhận sáu mươi nghìn đồng"></p></section>'
    site.etag = '"2"'
    wait_until_asked(page, site, 1)
    expect(page.locator("[data-receipt]")).to_have_count(1)
    assert page.evaluate("said") == ["vi-VN Đã nhận sáu mươi nghìn đồng"]
    assert page.evaluate("rung") == 2

    page.get_by_role("button", name="Tắt tiếng").click()

    expect(page.get_by_role("button", name="Bật tiếng")).to_have_attribute("aria-pressed", "false")
