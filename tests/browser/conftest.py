"""What the whole folder shares: a browser, a market with a scene for each journey, and one with everything in it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.looking import PHONE, Market, Round, visit_all
from tests.browser.staging import FLAGS, staged_market
from tests.browser.visiting import WAIT_MS_MAX, Hall, Scene
from tests.faults.market import KillableMarket
from tests.plugins.servers import an_own_environment
from tests.plugins.strictness import chromium
from tests.source import ROOT

# A machine with much to do may take longer than Playwright's own five seconds to ask again and to draw.
expect.set_options(timeout=WAIT_MS_MAX)


# Of the folder and not of the session: while the browser is driven, Django takes the thread for one of an event loop
# and would refuse the database to the tests that come after.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """This machine's Chromium, started once."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    """A market that serves, with a scene for each run of each journey. Where Redis is, Celery does its work."""
    with an_own_environment(tmp_path_factory.mktemp("hall")) as environment:
        market = KillableMarket(environment)
        scenes = market.run("tests.browser.hall")
        market.start()
        workers = []
        if environment.get("REDIS_URL"):
            command = [sys.executable, "-m", "marketplace", "worker"]
            workers.append(subprocess.Popen(command, cwd=ROOT, env=market.environment))
        yield Hall(market.base_url, scenes)
        for worker in workers:
            worker.terminate()
            worker.wait(60)
        market.stop()


@pytest.fixture
def scene(request: pytest.FixtureRequest, hall: Hall, browser: Browser) -> Iterator[Scene]:
    """What this run of the journey begins with, named by the test's parameter such as `buying-vi-plain`."""
    scene = Scene(hall, browser, name=request.param)
    yield scene
    scene.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo as phones make them, with the place where it was taken inside."""
    image = Image.new("RGB", (1600, 1200), (214, 160, 40))
    exif = Image.Exif()
    exif[0x010F] = "Phone"
    exif.get_ifd(0x8825)[1] = "N"
    path = tmp_path / "IMG_0001.jpg"
    image.save(path, exif=exif)
    return path


@pytest.fixture(scope="package")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """A market with one thing of each kind in each state, open."""
    with staged_market(tmp_path_factory.mktemp("stage")) as market:
        yield market


@pytest.fixture(scope="package")
def round_trip(staged: Market, browser: Browser) -> Round:
    """What one round through all views found."""
    return visit_all(staged, browser)


@pytest.fixture
def empty_page(browser: Browser) -> Iterator[Page]:
    """A phone's page on which a test plants its faults."""
    page = browser.new_page(viewport=PHONE)
    yield page
    page.close()
