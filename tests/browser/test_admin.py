"""The operator's admin is usable by everybody: axe finds nothing on any of its pages, whoever made them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from playwright.sync_api import Browser, Page

from tests.browser.looking import COLOURS, DESK, PHONE, Faults, Market, broken_promises, overheard, violations
from tests.browser.views import View

pytestmark = [pytest.mark.browser, pytest.mark.looks]
MENDED = "html[data-mended]"


@pytest.fixture(scope="module")
def page(staged: Market, browser: Browser) -> Iterator[Page]:
    """The browser of who may do everything there."""
    context = staged.context(browser, staged.admin[0])
    yield context.new_page()
    context.close()


def faults_of(page: Page, market: Market, view: View) -> list[str]:
    """What is wrong with this page on a phone, on a desk and by night."""
    with overheard(page, market.base_url) as heard:
        page.set_viewport_size(PHONE)
        answer = page.goto(view.address)
        page.wait_for_selector(MENDED, state="attached")
        found = violations(page, without=COLOURS) + broken_promises(page, "sideways").get("sideways", [])
        page.set_viewport_size(DESK)
        # The form of a row has the same parts on a desk, beside the menu that every other page shows, too.
        found += violations(page, only=COLOURS if view.name.endswith(".change") else None)
        page.emulate_media(color_scheme="dark")
        found += [f"dark: {line}" for line in violations(page, only=COLOURS)]
        page.emulate_media(color_scheme="light")
    assert answer is not None
    return ([] if answer.ok else [str(answer.status)]) + found + [line for lines in heard.values() for line in lines]


def test_no_page_of_the_admin_has_a_fault_that_axe_finds(staged: Market, page: Page) -> None:
    seen: Faults = {view.name: faults_of(page, staged, view) for view in staged.admin}

    assert {name: faults for name, faults in seen.items() if faults} == {}


def test_every_table_of_the_admin_was_looked_at(staged: Market) -> None:
    lists = {view.name for view in staged.admin if view.name.endswith(".list")}

    assert lists == {f"{model._meta.label_lower}.list" for model in admin.site._registry}


def test_control_without_our_script_the_pages_have_no_landmark(staged: Market, page: Page) -> None:
    page.route("**/operations/admin*.js", lambda route: route.abort())
    page.goto("/admin/")
    found = violations(page)
    page.unroute("**/operations/admin*.js")

    assert any(line.startswith("landmark-one-main") for line in found)


def test_what_only_a_mouse_could_open_opens_by_the_keyboard(staged: Market, page: Page) -> None:
    page.set_viewport_size(PHONE)
    page.goto("/admin/")
    page.wait_for_selector(MENDED, state="attached")
    assert not page.locator("#nav-sidebar").is_visible()

    page.locator("#main [role=button][x-on\\:click*=sidebarMobileOpen]").focus()
    page.keyboard.press("Enter")

    assert page.locator("#nav-sidebar").is_visible()
