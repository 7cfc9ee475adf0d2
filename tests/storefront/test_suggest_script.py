"""Names under the search field while somebody types, in a real browser: links, by finger and by keyboard."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect, sync_playwright

from tests.source import ROOT, text

pytestmark = pytest.mark.browser
SCRIPT = ROOT / "storefront" / "static" / "storefront" / "suggest.js"
SITE = "https://market.test"
PAGE = """<!doctype html><html lang="vi"><head><meta charset="utf-8">
<script defer src="/suggest.js"></script></head><body>
<form action="/search/" role="search"><input id="header-search" type="search" name="q"><button>Tìm</button></form>
<a id="elsewhere" href="/">Khác</a></body></html>"""
NAMES = {"mat": ["Mật ong", "Mật mía"], "che": ["Chè Shan"]}


@pytest.fixture
def asked() -> list[str]:
    """What the page asked suggestions for."""
    return []


@pytest.fixture
def page(asked: list[str]) -> Iterator[Page]:
    def answer(route: Route) -> None:
        address = urlsplit(route.request.url)
        if address.path == "/suggest.js":
            route.fulfill(body=text(SCRIPT), content_type="text/javascript")
        elif address.path == "/search/suggestions/":
            (typed,) = parse_qs(address.query)["q"]
            asked.append(typed)
            links = "".join(f'<li><a href="/search/?q={name}">{name}</a></li>' for name in NAMES.get(typed, []))
            route.fulfill(body=f"<ul>{links}</ul>" if links else "", content_type="text/html; charset=utf-8")
        else:
            route.fulfill(body=PAGE, content_type="text/html; charset=utf-8")

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = chromium.new_page()
        page.route("**/*", answer)
        page.goto(SITE)
        yield page
        chromium.close()


def test_names_come_up_while_typing_and_arrows_walk_through_them(page: Page, asked: list[str]) -> None:
    field, links = page.locator("#header-search"), page.locator(".suggestions a")

    field.press_sequentially("mat")
    expect(links).to_have_text(["Mật ong", "Mật mía"])
    assert asked[-1] == "mat"
    assert "m" not in asked  # one letter says nothing

    page.keyboard.press("ArrowDown")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(links.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search/?q=M%E1%BA%ADt%20ong")


def test_names_go_with_escape_with_the_text_and_when_somebody_turns_elsewhere(page: Page) -> None:
    field, links = page.locator("#header-search"), page.locator(".suggestions a")
    field.fill("mat")
    expect(links).to_have_count(2)
    page.keyboard.press("Escape")
    expect(links).to_have_count(0)
    expect(field).to_be_focused()

    field.fill("che")
    expect(links).to_have_text(["Chè Shan"])
    field.fill("")
    expect(links).to_have_count(0)

    field.fill("mat")
    expect(links).to_have_count(2)
    page.locator("#elsewhere").focus()
    expect(links).to_have_count(0)


def test_when_no_suggestions_can_be_had_the_field_searches_all_the_same(page: Page) -> None:
    page.route("**/search/suggestions/**", lambda route: route.abort())
    field = page.locator("#header-search")

    field.fill("mat")
    field.press("Enter")

    page.wait_for_url("**/search/?q=mat")
