"""People in the market hall: each with a phone of their own, who find things by what they read in their language."""

from __future__ import annotations

import io
import json
import re
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from payments.pretend_bank import sepay_notice
from payments.vietqr.reader import read_vietqr
from tests.browser.scenes import PASSWORD

PHONE = {"width": 360, "height": 740}
WAIT_MS_MAX = 30_000
FIRST_NOTICE = 1_000_000
_notices = count(FIRST_NOTICE)


def runs_of(journey: str, *runs: str) -> Callable[[Any], Any]:
    """The test is run once for each of `runs`, and finds the scene of that run in `scene`."""
    return pytest.mark.parametrize("scene", [f"{journey}-{run}" for run in runs], indirect=True)


@dataclass(frozen=True)
class Hall:
    """A market that serves at `base_url`, and what is in it by the name of each scene."""

    base_url: str
    scenes: dict[str, dict[str, Any]]


class Scene:
    """One run of a journey: its things by name, the people in it, and the bank."""

    def __init__(self, hall: Hall, browser: Browser, *, name: str) -> None:
        self._hall, self._browser = hall, browser
        self._things = hall.scenes[name]
        _journey, self.language, *plain = name.split("-")
        self.has_javascript = not plain
        self._contexts: list[BrowserContext] = []

    def __getitem__(self, name: str) -> Any:
        return self._things[name]

    def a_visitor(self, login: str | None = None) -> Visitor:
        """Somebody with a phone of 360 pixels; signed in where a login is given."""
        context = self._browser.new_context(
            viewport=PHONE,
            base_url=self._hall.base_url,
            locale="vi-VN",
            java_script_enabled=self.has_javascript,
            reduced_motion="reduce",
        )
        context.set_default_timeout(WAIT_MS_MAX)
        # What the button at the foot of every page sets; pages are Vietnamese until it was pressed.
        context.add_cookies([{"name": "django_language", "value": self.language, "url": self._hall.base_url}])
        self._contexts.append(context)
        visitor = Visitor(context.new_page(), language=self.language)
        if login is not None:
            visitor.sign_in(login)
        return visitor

    def bank_says(self, feed: dict[str, str], *, content: str, amount_vnd: int) -> None:
        """The bank tells the market, at the feed's own address, that money came."""
        notice = sepay_notice(
            secret=feed["secret"],
            auth="hmac",
            account_number=feed["account"],
            amount_vnd=amount_vnd,
            content=content,
            notice_id=next(_notices),
            now=datetime.now(UTC),
        )
        sent = urllib.request.Request(
            self._hall.base_url + feed["path"], data=notice.body, headers=dict(notice.headers), method="POST"
        )
        with urllib.request.urlopen(sent, timeout=30) as answer:
            assert (answer.status, json.load(answer)) == (200, {"success": True})

    def close(self) -> None:
        """Everybody goes home."""
        for context in self._contexts:
            context.close()


class Visitor:
    """One person at one phone. Words come in pairs: Vietnamese, English."""

    def __init__(self, page: Page, *, language: str) -> None:
        self.page, self.language = page, language

    def word(self, vietnamese: str, english: str) -> str:
        """The one of the pair that this person reads."""
        return vietnamese if self.language == "vi" else english

    def open(self, address: str) -> None:
        """Type an address, or come from a bookmark."""
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status == 200, (address, answer.status)

    def sign_in(self, login: str, password: str = PASSWORD) -> None:
        """Sign in, and be led to one's own pages."""
        self.open("/sign-in/")
        self.fill("Số điện thoại hoặc thư điện tử", "Phone number or email address", login)
        self.fill("Mật khẩu", "Password", password)
        self.press("Đăng nhập", "Sign in")
        self.page.wait_for_url(lambda url: "sign-in" not in url)

    def press(self, vietnamese: str, english: str, *, within: Locator | None = None) -> None:
        """Press the one button with these words in its name."""
        (within or self.main).get_by_role("button", name=self.word(vietnamese, english)).click()

    def follow(self, vietnamese: str, english: str | None = None, *, within: Locator | None = None) -> None:
        """Follow the one link with these words in its name."""
        words = self.word(vietnamese, vietnamese if english is None else english)
        (within or self.main).get_by_role("link", name=words).click()

    def menu(self, vietnamese: str, english: str) -> None:
        """Follow a link of the row under the header."""
        self.follow(vietnamese, english, within=self.page.get_by_role("banner").get_by_role("navigation"))

    def field(self, vietnamese: str, english: str) -> Locator:
        """The field with this label."""
        return self.main.get_by_label(self.word(vietnamese, english))

    def fill(self, vietnamese: str, english: str, text: str) -> None:
        """Write into the field with this label."""
        self.field(vietnamese, english).fill(text)

    def unfold(self, vietnamese: str, english: str) -> Locator:
        """Open what is folded under these words; answers what was under them."""
        words = self.word(vietnamese, english)
        folded = self.main.locator("details", has=self.page.locator("summary", has_text=words))
        folded.locator("summary").click()
        return folded

    def sees(self, vietnamese: str, english: str | None = None, *, within: Locator | None = None) -> None:
        """Read these words, as soon as they are there."""
        words = self.word(vietnamese, vietnamese if english is None else english)
        expect(within or self.main).to_contain_text(words, timeout=WAIT_MS_MAX)

    @property
    def main(self) -> Locator:
        """The page without its header and footer."""
        return self.page.get_by_role("main")

    def scan(self) -> Any:
        """What a bank's app reads off the screen."""
        picture = self.main.get_by_role("img", name=self.word("Mã VietQR để trả", "VietQR code to pay"))
        picture.evaluate("image => image.decode()")
        found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.screenshot())))
        assert len(found) == 1
        return read_vietqr(found[0].text)

    def address(self) -> str:
        """Where this person is, without the server's name."""
        return re.sub(r"^https?://[^/]+", "", self.page.url)


def vnd(amount: int) -> str:
    """The amount as pages show it."""
    return f"{amount:,}".replace(",", ".") + "\u00a0₫"
