"""What tests that look at pages share: one market with everything in it, one browser, one round through all views."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.staging import FLAGS, staged_market
from tests.browser.visiting import PHONE, Market, Round, visit_all
from tests.plugins.strictness import chromium


@pytest.fixture(scope="package")
def looking_browser() -> Iterator[Browser]:
    """One browser for all that only looks."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """A market with one thing of each kind in each state, open."""
    with staged_market(tmp_path_factory.mktemp("stage")) as market:
        yield market


@pytest.fixture(scope="package")
def round_trip(staged: Market, looking_browser: Browser) -> Round:
    """What one round through all views found."""
    return visit_all(staged, looking_browser)


@pytest.fixture
def empty_page(looking_browser: Browser) -> Iterator[Page]:
    """A phone's page on which a test plants its faults."""
    page = looking_browser.new_page(viewport=PHONE)
    yield page
    page.close()
