"""Requests that only look like a bank's: every sort of forgery against every kind of feed, from one seed."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from payments.models import Feed
from payments.pretend_bank import SignedNotice, sign, token_request
from payments.providers import PROVIDERS
from payments.services.feeds import notice_path, rotate_secret
from payments.services.notices import NOTICE_BODY_BYTES_MAX
from tests.payments.banks import KINDS, SIGNED_WITH_A_MOMENT, a_feed, token_for, told
from tests.payments.factories import NOW, SECRET, a_shop, an_order, code_of

OTHER_SECRET = "the-secret-of-another-feed"
RETIRED_SECRET = "a-secret-that-was-retired"
BODY_IS_SIGNED = (("sepay", "hmac"), ("casso", "hmac"), ("payos", "hmac"))
MOMENT_COUNTS = (*SIGNED_WITH_A_MOMENT, ("vietqrvn", "basic"))


@dataclass(frozen=True)
class Forged:
    """A request that must do nothing, and the status that says so."""

    what: str
    path: str
    notice: SignedNotice
    status: int


class Street:
    """Two shops with a feed of every kind each, and an order that the forger wants to see paid."""

    def __init__(self) -> None:
        self.shop, self.other = a_shop(quantity=100_000), a_shop("Hộ ông Páo")
        self.order = an_order(self.shop)
        long_ago = NOW - timedelta(days=2)
        self.feeds: dict[tuple[str, str], Feed] = {}
        self.other_feeds: dict[tuple[str, str], Feed] = {}
        for kind in KINDS:
            old = a_feed(self.shop.vendor, kind, secret=RETIRED_SECRET)
            self.feeds[kind] = rotate_secret(actor=self.shop.owner, feed=old, secret=SECRET, now=long_ago).feed
            self.other_feeds[kind] = a_feed(self.other.vendor, kind, secret=OTHER_SECRET)

    def told(self, kind: tuple[str, str], **more: Any) -> SignedNotice:
        """What the bank would say of the order's money, were it true."""
        return told(self.feeds[kind], self.shop.account, code_of(self.order), **more)


class Forger:
    """Makes every sort of request that proves nothing, from one seed."""

    def __init__(self, street: Street, dice: random.Random) -> None:
        self._street = street
        self._dice = dice
        self.sorts: tuple[Callable[[tuple[str, str]], Forged | None], ...] = (
            self.unproven,
            self.wrong_secret,
            self.retired_secret,
            self.other_feeds_secret,
            self.altered_body,
            self.altered_proof,
            self.truncated,
            self.stale,
            self.future,
            self.wrong_address,
            self.wrong_password,
            self.too_large,
        )

    def forgeries(self, count: int) -> Iterator[Forged]:
        """`count` of them, every sort of every kind by turns."""
        made = 0
        while made < count:
            for kind in KINDS:
                for sort in self.sorts:
                    forged = sort(kind)
                    if forged is not None and made < count:
                        made += 1
                        yield forged

    def unproven(self, kind: tuple[str, str]) -> Forged:
        notice = self._street.told(kind)
        body = json.loads(notice.body)
        body.pop("signature", None)
        return self._forged("unproven", kind, SignedNotice(json.dumps(body).encode(), {}, notice.path))

    def wrong_secret(self, kind: tuple[str, str]) -> Forged:
        secret = "".join(self._dice.choices("abcdefgh0123456789", k=self._dice.randrange(1, 60)))
        return self._forged("wrong secret", kind, self._signed(kind, secret))

    def retired_secret(self, kind: tuple[str, str]) -> Forged:
        return self._forged("retired secret", kind, self._signed(kind, RETIRED_SECRET))

    def other_feeds_secret(self, kind: tuple[str, str]) -> Forged:
        theirs = self._street.other_feeds[kind]
        account, code = self._street.shop.account, code_of(self._street.order)
        return self._forged("wrong feed", kind, told(theirs, account, code, secret=OTHER_SECRET))

    def altered_body(self, kind: tuple[str, str]) -> Forged | None:
        if kind not in BODY_IS_SIGNED:
            return None
        notice = self._street.told(kind)
        # A letter or digit of a value; blanks between them mean nothing to those who sign the meaning.
        places = [place for place, byte in enumerate(notice.body) if chr(byte).isalnum()]
        place = self._dice.choice(places)
        other = self._dice.choice([byte for byte in b"3579kmnp" if byte != notice.body[place]])
        body = notice.body[:place] + bytes([other]) + notice.body[place + 1 :]
        return (
            None
            if _means_the_same(kind, body, notice.body)
            else self._forged("altered body", kind, SignedNotice(body, notice.headers, notice.path))
        )

    def altered_proof(self, kind: tuple[str, str]) -> Forged:
        notice = self._street.told(kind)
        if kind[0] == "payos":
            body = json.loads(notice.body)
            body["signature"] = self._other_digit(body["signature"])
            return self._forged("altered proof", kind, SignedNotice(json.dumps(body).encode(), {}))
        proofs = {name: self._other_digit(value) for name, value in notice.headers.items() if name != "Content-Type"}
        return self._forged("altered proof", kind, SignedNotice(notice.body, proofs, notice.path))

    def truncated(self, kind: tuple[str, str]) -> Forged:
        notice = self._street.told(kind)
        cut = SignedNotice(notice.body[: self._dice.randrange(len(notice.body))], notice.headers, notice.path)
        return self._forged("truncated", kind, cut, status=401 if kind in BODY_IS_SIGNED else 400)

    def stale(self, kind: tuple[str, str]) -> Forged | None:
        return self._at_another_time("stale", kind, -self._dice.randrange(301, 1_000_000))

    def future(self, kind: tuple[str, str]) -> Forged | None:
        return self._at_another_time("future", kind, self._dice.randrange(301, 1_000_000))

    def wrong_address(self, kind: tuple[str, str]) -> Forged:
        feed, notice = self._street.feeds[kind], self._street.told(kind)
        wrong = self._dice.choice([name for name in (*PROVIDERS, "nobody") if name != kind[0]])
        path = self._dice.choice([f"/payments/notices/{wrong}/{feed.pk}/", f"/payments/notices/{kind[0]}/1/"])
        return Forged("wrong address", path, SignedNotice(notice.body, notice.headers), 404)

    def wrong_password(self, kind: tuple[str, str]) -> Forged | None:
        if kind[0] != "vietqrvn":
            return None
        feed = self._street.feeds[kind]
        username, secret = self._dice.choice([(feed.username, RETIRED_SECRET), ("x", SECRET), (feed.username, "")])
        return self._forged("wrong password", kind, token_request(username=username, secret=secret))

    def too_large(self, kind: tuple[str, str]) -> Forged:
        notice = self._street.told(kind)
        body = notice.body + b" " * (NOTICE_BODY_BYTES_MAX + 1 - len(notice.body))
        return self._forged("too large", kind, SignedNotice(body, notice.headers, notice.path), status=413)

    def _at_another_time(self, what: str, kind: tuple[str, str], seconds: int) -> Forged | None:
        if kind not in MOMENT_COUNTS:
            return None
        then = NOW + timedelta(seconds=seconds)
        token = token_for(self._street.feeds[kind], now=then)
        # A token lives 300 seconds: one that was made 301 seconds ago is the first that counts no more.
        return self._forged(what, kind, self._street.told(kind, now=then, token=token))

    def _signed(self, kind: tuple[str, str], secret: str) -> SignedNotice:
        body = self._street.told(kind).body
        return sign(kind[0], body, secret=secret, auth=kind[1], now=NOW, token=f"{int(NOW.timestamp())}.{secret}")

    def _other_digit(self, text: str) -> str:
        place = self._dice.choice([place for place, letter in enumerate(text) if letter in "0123456789abcdef"])
        other = self._dice.choice([digit for digit in "0123456789abcdef" if digit != text[place]])
        return text[:place] + other + text[place + 1 :]

    def _forged(self, what: str, kind: tuple[str, str], notice: SignedNotice, *, status: int = 401) -> Forged:
        return Forged(what, notice_path(self._street.feeds[kind]) + notice.path, notice, status)


def _means_the_same(kind: tuple[str, str], body: bytes, original: bytes) -> bool:
    """Whether a change of bytes changed nothing that is signed: payOS signs only what stands in `data`."""
    if kind == ("sepay", "hmac"):
        return False
    try:
        changed, kept = json.loads(body), json.loads(original)
    except ValueError:
        return False
    if kind[0] == "payos":
        return bool(changed.get("data") == kept["data"] and changed.get("signature") == kept["signature"])
    return bool(changed == kept)
