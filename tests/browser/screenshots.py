"""Run as a program (`make screenshots`): photographs every page and state, for people to look at.

At 360 and 1280 px, light and dark, into `results/screenshots/`, with `index.html` as the contact sheet.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from html import escape
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

import tests.plugins.environment  # noqa: F401 - a run takes nothing from the developer's settings
from tests.browser.looking import DESK, PHONE, Market, Novelty, is_page, open_view
from tests.browser.staging import FLAGS, staged_market
from tests.browser.views import View
from tests.plugins.strictness import chromium
from tests.source import ROOT

FOLDER = ROOT / "results" / "screenshots"
JPEG_QUALITY = 82
WIDTHS = {"360": PHONE, "1280": DESK}
SCHEMES = ("light", "dark")
NO_CHROMIUM = "make screenshots: needs Chromium, and there is none on the path (Debian: apt-get install chromium)."
PAGE = """<!doctype html><html lang="vi"><meta charset="utf-8"><title>Chợ 4.0: every page and state</title>
<style>body{{font:16px sans-serif;margin:24px}}section{{border-top:1px solid #999;padding:12px 0}}
div{{display:flex;gap:12px;align-items:flex-start}}img{{border:1px solid #999;max-height:480px;width:auto}}</style>
<h1>{count} pages and states</h1>{rows}</html>
"""
ROW = '<section id="{title}"><h2>{title}</h2><p><code>{address}</code></p><div>{pictures}</div></section>\n'
PICTURE = '<a href="{name}"><img loading="lazy" src="{name}" alt="{name}"></a>'


def main() -> None:
    """Photograph what the arguments ask for."""
    path = chromium()
    if path is None:
        raise SystemExit(NO_CHROMIUM)
    wanted = _arguments()
    shutil.rmtree(wanted.folder, ignore_errors=True)
    wanted.folder.mkdir(parents=True)
    with (
        tempfile.TemporaryDirectory(prefix="market-stage-") as home,
        staged_market(Path(home), demo=not wanted.small) as market,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        views = [view for view in different(market) if re.search(wanted.only, view.title)]
        for number, view in enumerate(views, start=1):
            photograph(market, browser, view, wanted.folder)
            print(f"\r{number}/{len(views)} {view.title:60.60}", end="", file=sys.stderr, flush=True)
        browser.close()
    (wanted.folder / "index.html").write_text(contact_sheet(views), encoding="utf-8")
    print(f"\n{len(views)} pages and states: {wanted.folder / 'index.html'}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--only", default="", metavar="REGEX", help="pages whose name-state-role matches")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--small", action="store_true", help="without the demo market around the stage: quicker")
    return parser.parse_args()


def different(market: Market) -> list[View]:
    """The views that show something of their own, once each."""
    novelty, found = Novelty(), []
    for view in market.views:
        if view.filled is None:
            answer = market.answer(view)
            if not is_page(answer) or answer.status_code != view.status or not novelty.of(view, answer.text):
                continue
        found.append(view)
    return found


def names_of(view: View) -> dict[tuple[str, str], str]:
    """The file of each picture of a view, by width and scheme."""
    return {(width, scheme): f"{view.title}-{width}-{scheme}.jpg" for width in WIDTHS for scheme in SCHEMES}


def photograph(market: Market, browser: Browser, view: View, folder: Path) -> None:
    """All pictures of one view, each of the whole page."""
    context = market.context(browser, view, reduced_motion="reduce")
    page: Page = context.new_page()
    open_view(page, view)
    for (width, scheme), name in names_of(view).items():
        page.set_viewport_size(WIDTHS[width])
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.screenshot(path=folder / name, full_page=True, type="jpeg", quality=JPEG_QUALITY)
    context.close()


def contact_sheet(views: list[View]) -> str:
    """The page that shows all pictures side by side."""
    rows = "".join(
        ROW.format(
            title=escape(view.title),
            address=escape(view.address),
            pictures="".join(PICTURE.format(name=escape(name)) for name in names_of(view).values()),
        )
        for view in views
    )
    return PAGE.format(count=len(views), rows=rows)


if __name__ == "__main__":
    main()
