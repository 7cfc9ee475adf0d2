"""SePay, Casso and payOS played by a server of the tests' own on 127.0.0.1: their contracts, and how they fail.

The contracts are as they were found on the providers' pages and in payOS's own package (`payments/apis/`); what could
not be verified there is played in the way that is hardest on us.
"""

from __future__ import annotations

import json
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from payments.providers import payos
from payments.vietqr.writer import write_vietqr

SEPAY_TOKEN = "a-sepay-token-of-the-tests"
CASSO_KEY = "a-casso-key-of-the-tests"
PAYOS_CLIENT = "a-payos-client"
PAYOS_KEY = "a-payos-key-of-the-tests"
HELD_S_MAX = 30
SEPAY_ROWS_MAX = 5000
PAYOS_BIN = "970422"


@dataclass(frozen=True)
class Asked:
    """One question as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    fields: Mapping[str, Any]


Play = Callable[["_Handler"], None]


@dataclass
class ProviderServer:
    """What the three providers know, what they were asked, and how the next questions are to fail."""

    url: str = ""
    checksum_key: str = ""
    sepay_rows: list[dict[str, Any]] = field(default_factory=list)
    sepay_newest_first: bool = True
    casso_rows: list[dict[str, Any]] = field(default_factory=list)
    casso_speaks_of_pages: bool = True
    links: dict[int, dict[str, Any]] = field(default_factory=dict)
    link_changes: dict[str, Any] = field(default_factory=dict)
    """Replaces fields of the links that are made."""
    asked: list[Asked] = field(default_factory=list)
    faults: deque[Play | None] = field(default_factory=deque)
    """Played instead of the next answers, one each; None is no fault."""
    broken: dict[str, Play] = field(default_factory=dict)
    """Played for every question at a path."""
    before_answer: Callable[[Asked], None] | None = None
    released: threading.Event = field(default_factory=threading.Event)
    """Set at the end, so that whoever is held may go."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def paths(self) -> list[str]:
        """What was asked, in order: method and path."""
        return [f"{one.method} {one.path}" for one in self.asked]

    def open_links(self) -> list[int]:
        """The numbers of the links that can be paid."""
        return [number for number, link in self.links.items() if link["status"] in ("PENDING", "UNDERPAID")]

    def pay_link(
        self, number: int, amount_vnd: int, *, reference: str, at: str = "2026-11-22T10:00:00+07:00"
    ) -> None:
        """Money comes by a link."""
        link = self.links[number]
        link["transactions"].append(
            {
                "reference": reference,
                "amount": amount_vnd,
                "accountNumber": "0011001234567",
                "description": link["description"],
                "transactionDateTime": at,
                "virtualAccountName": None,
                "virtualAccountNumber": link["accountNumber"],
                "counterAccountBankId": None,
                "counterAccountBankName": None,
                "counterAccountName": "NGUYEN VAN THU",
                "counterAccountNumber": None,
            }
        )
        paid = sum(one["amount"] for one in link["transactions"])
        if link["status"] in ("PENDING", "UNDERPAID"):
            link["status"] = "PAID" if paid >= link["amount"] else "UNDERPAID"


def status(code: int, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Play:
    """An answer with this status."""
    return lambda handler: handler.answer(code, body, headers=headers)


def json_body(fields: object) -> Play:
    """200 with this JSON."""
    return status(200, body=json.dumps(fields).encode())


def html(handler: _Handler) -> None:
    """200 with a page for people, as a proxy that lost its way gives."""
    handler.answer(200, "<!doctype html><p>Bảo trì".encode(), content_type="text/html")


def half_a_body(handler: _Handler) -> None:
    """An answer that breaks off."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"status": 200, "transactions": [')


def nothing_at_all(handler: _Handler) -> None:
    """The connection is closed without a word."""
    handler.close_connection = True


def held(handler: _Handler) -> None:
    """No answer for longer than anybody waits."""
    handler.play.released.wait(HELD_S_MAX)
    handler.close_connection = True


def lost(handler: _Handler) -> None:
    """The question is taken and done, and the answer is lost on its way."""
    handler.answer = lambda *_args, **_named: None  # type: ignore[method-assign] # this one answer goes nowhere
    handler.do_as_asked()


@contextmanager
def playing(settings: Any, *, checksum_key: str) -> Iterator[ProviderServer]:
    """The server, with the market's settings pointing at it."""
    play = ProviderServer(checksum_key=checksum_key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"play": play}))
    server.daemon_threads = False
    play.url = f"http://127.0.0.1:{server.server_address[1]}"
    settings.MARKET_SEPAY_API_URL = settings.MARKET_CASSO_API_URL = settings.MARKET_PAYOS_API_URL = play.url
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield play
    finally:
        play.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    play: ProviderServer

    def do_GET(self) -> None:
        self._take({})

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._take(json.loads(self.rfile.read(length)))

    def _take(self, fields: Mapping[str, Any]) -> None:
        parts = urlsplit(self.path)
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.asked = Asked(self.command, parts.path, dict(parse_qsl(parts.query)), headers, fields)
        with self.play.lock:
            self.play.asked.append(self.asked)
            fault = self.play.faults.popleft() if self.play.faults else self.play.broken.get(parts.path)
        if self.play.before_answer is not None:
            self.play.before_answer(self.asked)
        if fault is None:
            self.do_as_asked()
        else:
            fault(self)

    def do_as_asked(self) -> None:
        """Answer as the provider does that is asked at this path."""
        if self.asked.path == "/userapi/transactions/list":
            self._sepay()
        elif self.asked.path == "/v2/transactions":
            self._casso()
        else:
            self._payos()

    def answer(
        self,
        code: int,
        body: bytes,
        *,
        headers: Mapping[str, str] | None = None,
        content_type: str = "application/json",
    ) -> None:
        """One whole answer."""
        self.send_response(code)
        for name, value in {
            "Content-Type": content_type,
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _json(self, fields: object, *, code: int = 200) -> None:
        self.answer(code, json.dumps(fields).encode())

    def _sepay(self) -> None:
        if self.asked.headers.get("authorization") != f"Bearer {SEPAY_TOKEN}":
            self.answer(200, b"")
            return
        query = self.asked.query
        since, limit = int(query.get("since_id", 0)), min(int(query.get("limit", SEPAY_ROWS_MAX)), SEPAY_ROWS_MAX)
        first, last = query.get("transaction_date_min", ""), query.get("transaction_date_max", "9")
        rows = [
            row
            for row in sorted(
                self.play.sepay_rows, key=lambda row: int(row["id"]), reverse=self.play.sepay_newest_first
            )
            if int(row["id"]) >= since and first <= row["transaction_date"] <= last
        ]
        self._json({"status": 200, "error": None, "messages": {"success": True}, "transactions": rows[:limit]})

    def _casso(self) -> None:
        if self.asked.headers.get("authorization") != f"Apikey {CASSO_KEY}":
            self._json({"error": 401, "message": "Unauthorized"}, code=401)
            return
        query = self.asked.query
        number, size = int(query.get("page", 1)), int(query.get("pageSize", 10))
        assert query["sort"] == "ASC"
        rows = sorted(
            (row for row in self.play.casso_rows if row["when"][:10] >= query["fromDate"]),
            key=lambda row: (row["when"], int(row["id"])),
        )
        pages = max(1, -(-len(rows) // size))
        said = {
            "page": number,
            "pageSize": size,
            "nextPage": number + 1 if number < pages else None,
            "prevPage": number - 1 or None,
            "totalPages": pages,
            "totalRecords": len(rows),
        }
        records = rows[(number - 1) * size : number * size]
        data = {"records": records, **(said if self.play.casso_speaks_of_pages else {})}
        self._json({"error": 0, "message": "success", "data": data})

    def _payos(self) -> None:
        headers = self.asked.headers
        if (headers.get("x-client-id"), headers.get("x-api-key")) != (PAYOS_CLIENT, PAYOS_KEY):
            self._json({"code": "401", "desc": "Unauthorized"}, code=401)
            return
        *_, last = parts = self.asked.path.strip("/").split("/")
        with self.play.lock:
            if self.asked.method == "POST" and last == "payment-requests":
                self._create(self.asked.fields)
            elif self.asked.method == "POST" and last == "cancel":
                self._cancel(int(parts[-2]))
            else:
                self._look_up(int(last))

    def _create(self, asked: Mapping[str, Any]) -> None:
        signed = {name: asked[name] for name in ("amount", "cancelUrl", "description", "orderCode", "returnUrl")}
        if asked["signature"] != payos.signature(self.play.checksum_key, signed):
            self._json({"code": "201", "desc": "Mã kiểm tra(signature) không hợp lệ", "data": None})
            return
        number = asked["orderCode"]
        if number in self.play.links:
            self._json({"code": "231", "desc": "Đơn thanh toán đã tồn tại", "data": None, "signature": None})
            return
        account = f"V3CAS{len(self.play.links):08d}"
        memo = f"CS{len(self.play.links):07d} {asked['description']}"
        link = {
            "bin": PAYOS_BIN,
            "accountNumber": account,
            "accountName": "HTX BAN GIOC",
            "amount": asked["amount"],
            "description": memo,
            "orderCode": number,
            "currency": "VND",
            "paymentLinkId": f"{number:032x}",
            "status": "PENDING",
            "expiredAt": asked.get("expiredAt"),
            "checkoutUrl": f"https://pay.payos.vn/web/{number:032x}",
            "qrCode": write_vietqr(
                bin=PAYOS_BIN, account=account, amount=asked["amount"], memo=memo.replace(" ", "")
            ),
        }
        self.play.links[number] = {**link, "transactions": []}
        self._signed({**link, **self.play.link_changes})

    def _look_up(self, number: int) -> None:
        link = self.play.links.get(number)
        if link is None:
            self._json({"code": "101", "desc": "Không tìm thấy link thanh toán", "data": None, "signature": None})
            return
        paid = sum(one["amount"] for one in link["transactions"])
        self._signed(
            {
                "id": link["paymentLinkId"],
                "orderCode": number,
                "amount": link["amount"],
                "amountPaid": paid,
                "amountRemaining": max(0, link["amount"] - paid),
                "status": link["status"],
                "createdAt": "2026-11-22T10:00:00+07:00",
                "transactions": link["transactions"],
                "cancellationReason": None,
                "canceledAt": None,
            }
        )

    def _cancel(self, number: int) -> None:
        link = self.play.links.get(number)
        if link is None or link["status"] not in ("PENDING", "UNDERPAID"):
            self._json({"code": "101", "desc": "Không hủy được", "data": None, "signature": None})
            return
        link["status"] = "CANCELLED"
        self._look_up(number)

    def _signed(self, data: Mapping[str, Any]) -> None:
        signature = payos.signature(self.play.checksum_key, data)
        self._json({"code": "00", "desc": "success", "data": data, "signature": signature})
