"""The banks' side of a storm: every notice is posted until it was acknowledged, some twice, some cut off."""

import http.client
import json
import random
import socket
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import Any, NamedTuple

from payments.pretend_bank import SignedNotice, notice_of, token_request

POSTERS = 8
BUSY = 503
NOT_AUTHENTIC = 401
BASIC = "basic"
REPEATED_PERCENT = 20
ANSWER_S_MAX = 30
PAUSE_S = 0.02
SEED = 20261122


class Posting(NamedTuple):
    """One time that a notice is posted."""

    number: int
    payment: dict[str, Any]
    is_cut: bool
    """Whether the bank's connection breaks off in the middle first."""


class Banks:
    """Posts the notices of `seeded` payments, shuffled, a fifth of them a second time, over `POSTERS` connections."""

    def __init__(self, *, host: str, port: int, seeded: dict[str, Any], cuts: int = 0) -> None:
        self._address = (host, port)
        self._tokens: dict[str, str] = {}
        self._chance = random.Random(SEED)
        self._work: SimpleQueue[Posting] = SimpleQueue()
        self._guard = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.unanswered = 0
        self.cut = 0
        self.acknowledged = 0
        self.without_retry_after = 0
        self.last_acknowledged_at = 0.0
        self.postings = self._deal(seeded["payments"], cuts=cuts)
        self._threads = [threading.Thread(target=self._post_all, daemon=True) for _ in range(POSTERS)]

    def _deal(self, payments: list[dict[str, Any]], *, cuts: int) -> int:
        numbered = list(enumerate(payments, start=1))
        again = self._chance.sample(numbered, len(numbered) * REPEATED_PERCENT // 100)
        dealt = [*numbered, *again]
        self._chance.shuffle(dealt)
        broken = set(self._chance.sample(range(len(dealt)), min(cuts, len(dealt))))
        for place, (number, payment) in enumerate(dealt):
            self._work.put(Posting(number, payment, place in broken))
        return len(dealt)

    def start(self) -> None:
        """Begin to post."""
        for thread in self._threads:
            thread.start()

    def join(self, seconds: float) -> bool:
        """Wait until everything is acknowledged, at most so long; answers whether it is."""
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, end - time.monotonic()))
        return self.acknowledged == self.postings

    def wait_for(self, acknowledged: int, *, seconds: float) -> None:
        """Wait until so many postings are acknowledged, at most so long."""
        end = time.monotonic() + seconds
        while self.acknowledged < acknowledged and time.monotonic() < end:
            time.sleep(0.002)

    def _post_all(self) -> None:
        line = Line(self._address)
        while True:
            try:
                posting = self._work.get_nowait()
            except Empty:
                line.close()
                return
            if posting.is_cut:
                self._cut_off(posting)
            while not self._post(line, posting):
                time.sleep(PAUSE_S)

    def _post(self, line: "Line", posting: Posting) -> bool:
        payment = posting.payment
        if payment["auth"] == BASIC and payment["feed"] not in self._tokens:
            self._fetch_token(line, payment)
        path, notice = self._signed(posting)
        answer = line.send(path, notice)
        with self._guard:
            if answer is None:
                self.unanswered += 1
                return False
            if answer.status == NOT_AUTHENTIC and payment["auth"] == BASIC:
                self._tokens.pop(payment["feed"], None)  # none yet, or it has run out
                return False
            self.statuses[answer.status] += 1
            if answer.status == BUSY:
                self.without_retry_after += not answer.retry_after
                return False
            if answer.status == 200:
                self.acknowledged += 1
                self.last_acknowledged_at = time.monotonic()
            return True

    def _cut_off(self, posting: Posting) -> None:
        """Send a part of a request, or the whole of it, and go away without hearing the answer."""
        path, notice = self._signed(posting)
        head = "".join(f"{name}: {value}\r\n" for name, value in notice.headers.items())
        request = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(notice.body)}\r\n{head}\r\n"
        raw = request.encode() + notice.body
        sent = len(raw) if posting.number % 2 else len(raw) - len(notice.body) // 2
        try:
            with socket.create_connection(self._address, timeout=ANSWER_S_MAX) as connection:
                connection.sendall(raw[:sent])
        except OSError:
            return
        with self._guard:
            self.cut += 1

    def _signed(self, posting: Posting) -> tuple[str, SignedNotice]:
        """Signed anew each time, as banks do: a signature of ten minutes ago is refused."""
        payment = posting.payment
        link = payment.get("link")
        notice = notice_of(
            payment["provider"],
            secret=payment["secret"],
            auth=payment["auth"],
            account_number=payment["account"],
            amount_vnd=payment["amount"],
            content="CSTEST" if link else payment["code"],
            notice_id=posting.number,
            now=datetime.now(UTC),
            link_number=link,
            token=self._tokens.get(payment["feed"], ""),
        )
        return f"{_address(payment)}{notice.path}", notice

    def _fetch_token(self, line: "Line", payment: dict[str, Any]) -> None:
        """VietQR.vn's notices need a token, which lasts a few minutes; without an answer there is none yet."""
        asked = token_request(username=payment["username"], secret=payment["secret"])
        answer = line.send(f"{_address(payment)}{asked.path}", asked)
        if answer is not None and answer.status == 200:
            self._tokens[payment["feed"]] = json.loads(answer.body)["access_token"]


def _address(payment: dict[str, Any]) -> str:
    return f"/payments/notices/{payment['provider']}/{payment['feed']}/"


class Answer(NamedTuple):
    """What the market answered."""

    status: int
    retry_after: str | None
    body: bytes


class Line:
    """One connection that is kept open, and opened again when it broke."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._connection = http.client.HTTPConnection(*address, timeout=ANSWER_S_MAX)

    def send(self, path: str, notice: SignedNotice) -> Answer | None:
        """What was answered; None when no answer came: died, away, or broken off."""
        try:
            self._connection.request("POST", path, body=notice.body, headers=dict(notice.headers))
            answer = self._connection.getresponse()
            return Answer(answer.status, answer.getheader("Retry-After"), answer.read())
        except (OSError, http.client.HTTPException):
            self._connection.close()
            return None

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
