"""Going to every view with one browser and writing down what is wrong there."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from axe_playwright_python import __file__ as axe_module
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from playwright.sync_api import Error as PlaywrightError

from tests.browser.views import View

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
ZOOMED = {"width": 320, "height": 568}
"""640 px at 200 % are 320 of CSS's."""
HEADERS_BYTES = 300
"""What the browsers' own reckoning adds for the headers of an answer."""
WAIT_MS_MAX = 30_000

AXE = (Path(axe_module).parent / "axe.min.js").read_text(encoding="utf-8")
PROMISES = (Path(__file__).parent / "promises.js").read_text(encoding="utf-8")
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = "color-contrast"
"""The dearest rule, and the only one that night changes and width does not."""
RULES_OFF: dict[str, str] = {}
"""axe's rules that are not asked for, each with its reason."""
PLACES_SHOWN = 3
SHAPE = re.compile(r"</?\w+|\b(?:class|type|role)=\"[^\"]*\"")
MAIN = re.compile(r"<main.*</main>", re.DOTALL)

Faults = dict[str, list[str]]


@dataclass
class Seen:
    """A view as a browser had it, with what is wrong by kind."""

    view: View
    faults: Faults = field(default_factory=lambda: defaultdict(list))
    first_bytes: int = 0
    later_bytes: int = 0


class Market:
    """A market with its views and the cookies of who may look at them."""

    def __init__(self, base_url: str, stage: dict[str, Any]) -> None:
        self.base_url = base_url
        self.views = [View(**view) for view in stage["views"]]
        self.admin = [View(**view) for view in stage["admin"]]
        self._cookies: dict[str, dict[str, str]] = stage["cookies"]

    def cookies_of(self, view: View) -> dict[str, str]:
        """What the browser of this view's person sends."""
        return {**self._cookies[view.role], "django_language": view.language}

    def context(self, browser: Browser, view: View, **options: Any) -> BrowserContext:
        """A browser of this view's person."""
        context = browser.new_context(base_url=self.base_url, locale="vi-VN", **{"viewport": PHONE} | options)
        context.set_default_timeout(WAIT_MS_MAX)
        cookies = self.cookies_of(view).items()
        context.add_cookies([{"name": name, "value": value, "url": self.base_url} for name, value in cookies])
        return context

    def answer(self, view: View) -> requests.Response:
        """What the address of this view answers to its person."""
        return requests.get(
            self.base_url + view.address, cookies=self.cookies_of(view), timeout=60, allow_redirects=False
        )


def is_page(answer: requests.Response) -> bool:
    """Whether an answer is a page for people: no picture, table or fragment, and no way to elsewhere."""
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    return html and not answer.is_redirect and "<html" in answer.text


class Novelty:
    """Tells pages that were seen already, when others than those who saw them look at the same address.

    A page is new whose middle or frame has another shape: other elements, classes or kinds of fields. Names and
    numbers of whoever looks do not make it new. A view with a state of its own always is.
    """

    def __init__(self) -> None:
        self._known: set[tuple[str, ...]] = set()

    def of(self, view: View, html: str) -> bool:
        """Whether there is something to see that was not seen."""
        frame, middle = MAIN.sub("", html), "".join(MAIN.findall(html))
        parts = {tuple(SHAPE.findall(part)) for part in (frame, middle)}
        new = bool(view.state) or not parts <= self._known
        self._known |= parts
        return new


@contextmanager
def overheard(page: Page, base_url: str) -> Iterator[Faults]:
    """What the page complains of, and what it asks of other hosts, while this is open."""
    faults: Faults = defaultdict(list)

    def hear(message: ConsoleMessage) -> None:
        # Chromium reports a page that answers 4xx or 5xx as an error; the status is what the view says.
        if message.type == "error" and "the server responded with a status of" not in message.text:
            faults["console"].append(message.text)

    def see(request: Request) -> None:
        if request.url.startswith("http") and urlsplit(request.url).netloc != urlsplit(base_url).netloc:
            faults["elsewhere"].append(request.url)

    listeners: dict[str, Any] = {
        "console": hear,
        "request": see,
        "pageerror": lambda error: faults["console"].append(str(error)),
    }
    for event, listener in listeners.items():
        page.on(event, listener)
    yield faults
    for event, listener in listeners.items():
        page.remove_listener(event, listener)


def open_view(page: Page, view: View) -> int:
    """Go there, and where the view asks for it fill in the form and send it. Answers the status."""
    answer = page.goto(view.address)
    if view.filled is not None:
        form = page.locator(f"main form[action='{view.form}']" if view.form else "main form[method=post]").first
        for name, value in view.filled.items():
            form.locator(f"[name='{name}']").first.evaluate("(field, value) => { field.value = value; }", value)
        if view.without:
            form.locator(f"[name='{view.without}']").evaluate("field => field.remove()")
        with page.expect_navigation() as navigation:
            form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
        answer = navigation.value
    assert answer is not None
    return int(answer.status)


def violations(page: Page, *, only: str | None = None, without: str | None = None) -> list[str]:
    """What axe finds by all rules, or by `only` this one, or by all `without` it: rule, impact, the first places."""
    run: dict[str, Any] = {"type": "rule", "values": [only]} if only else {"type": "tag", "values": list(RULES)}
    options = {
        "runOnly": run,
        "resultTypes": ["violations"],
        "preload": False,  # fetches the style sheets again, for a rule that is not asked for
        "rules": {rule: {"enabled": False} for rule in {*RULES_OFF, without} - {None}},
    }
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(f"{AXE}; null")
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [_in_words(one, node) for one in found for node in one["nodes"][:PLACES_SHOWN]]


def _in_words(violation: dict[str, Any], node: dict[str, Any]) -> str:
    why = " ".join(check["message"] for check in node["any"])
    return f"{violation['id']} ({violation['impact']}): {node['html'][:160]} {why[:120]}"


def broken_promises(page: Page, *names: str) -> Faults:
    """What breaks these promises of `promises.js` on the page as it stands."""
    page.evaluate(PROMISES)
    found: dict[str, list[str]] = page.evaluate(
        "names => Object.fromEntries(names.map(name => [name, promises[name]()]))", list(names)
    )
    return {name: broken for name, broken in found.items() if broken}


def look(page: Page) -> Faults:
    """Everything that is wrong with the page that is open, on a phone, by night, enlarged and on a desk."""
    faults: Faults = defaultdict(list)
    faults["axe"] += violations(page)
    found = broken_promises(page, "targets", "smallText", "brokenMoney", "sideways", "sizelessPictures")
    page.emulate_media(color_scheme="dark")
    faults["axe"] += [f"dark: {line}" for line in violations(page, only=COLOURS)]
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(ZOOMED)
    for kind, lines in {**found, "sideways": found.get("sideways", [])}.items():
        faults[kind] += lines
    faults["sideways"] += broken_promises(page, "sideways").get("sideways", [])
    page.set_viewport_size(DESK)
    faults["axe"] += [f"1280: {line}" for line in violations(page, without=COLOURS)]
    for kind, lines in broken_promises(page, "smallText", "brokenMoney", "sideways").items():
        faults[kind] += [f"1280: {line}" for line in lines]
    page.keyboard.press("Tab")
    faults["hiddenFocus"] += broken_promises(page, "hiddenFocus").get("hiddenFocus", [])
    page.set_viewport_size(PHONE)
    return {kind: lines for kind, lines in faults.items() if lines}


def weigh(page: Page) -> tuple[int, int]:
    """Bytes of the page for who comes first, and for who was here before; pictures apart."""
    page.evaluate("document.fonts.ready.then(() => null)")  # the page counts as loaded before its font is
    page.evaluate(PROMISES)
    loads = page.evaluate("promises.loads()")
    counted = {
        (path, kind): size + HEADERS_BYTES
        for path, kind, size in loads
        if not (path.startswith("/media/") or kind in {"img", "fetch", "xmlhttprequest", "beacon"})
    }
    own = next(size for (_, kind), size in counted.items() if kind == "navigation")
    return sum(counted.values()), own


def visit(market: Market, page: Page, view: View) -> Seen:
    """Look at one view."""
    seen = Seen(view)
    with overheard(page, market.base_url) as heard:
        try:
            status = open_view(page, view)
            if status != view.status:
                seen.faults["status"].append(f"{status} instead of {view.status}")
            seen.first_bytes, seen.later_bytes = weigh(page)
            for kind, lines in look(page).items():
                seen.faults[kind] += lines
        except PlaywrightError as error:  # the others are still worth a look
            seen.faults["status"].append(str(error))
    for kind, lines in heard.items():
        seen.faults[kind] += lines
    return seen


@dataclass
class Round:
    """What one round through all views found: each view that shows something of its own, and where pages are."""

    seen: list[Seen] = field(default_factory=list)
    pages: set[str] = field(default_factory=set)
    """Names of the addresses that answered with a page."""


def visit_all(market: Market, browser: Browser) -> Round:
    """Look at each view whose page was not seen before."""
    novelty, tabs, done = Novelty(), dict[tuple[str, str], Page](), Round()
    for view in market.views:
        if view.filled is None:
            answer = market.answer(view)
            if not is_page(answer) or answer.status_code != view.status:
                continue
            done.pages.add(view.name)
            if not novelty.of(view, answer.text):
                continue
        who = (view.role, view.language)
        if who not in tabs:
            tabs[who] = market.context(browser, view).new_page()
        seen = visit(market, tabs[who], view)
        if view.filled is not None and "status" not in seen.faults:
            done.pages.add(view.name)
        done.seen.append(seen)
    return done
