"""A Stripe of our own on 127.0.0.1, for the real `stripe` library to talk to: as far as the market asks of it.

It plays accounts, their onboarding links, Checkout Sessions, refunds and disputes with Stripe's shapes, checks
what it is sent the way Stripe does (the currency, the bounds, the connected account, repeated keys), fails on
command, and writes the events that Stripe would send, signed.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

from stripe import WebhookSignature

Thing = dict[str, Any]
KEY = "sk_test_of_the_market"
WEBHOOK_SECRET = "whsec_of_the_tests"
OLD_WEBHOOK_SECRET = "whsec_being_replaced"
VND_MIN = 13_000
SESSION_S = (30 * 60, 24 * 3600)
HANG_S_MAX = 30


class Refusal(Exception):
    """An error answer of Stripe's."""

    def __init__(self, status: int, code: str, kind: str = "invalid_request_error") -> None:
        super().__init__(code)
        self.status = status
        self.body = {"error": {"type": kind, "code": code, "message": f"the fake says {code}"}}


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    account: str
    idempotency_key: str
    params: dict[str, str]


@dataclass
class FakeStripe:
    """The state of the fake, and the levers that tests pull."""

    now: datetime
    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    accounts: dict[str, Thing] = field(default_factory=dict)
    sessions: dict[str, Thing] = field(default_factory=dict)
    charges: dict[str, Thing] = field(default_factory=dict)
    """By payment intent."""
    refunds: dict[str, Thing] = field(default_factory=dict)
    disputes: dict[str, Thing] = field(default_factory=dict)
    refund_status: str = "succeeded"
    failures: list[Refusal | str] = field(default_factory=list)
    """What the next requests get instead of an answer: a refusal, "drop" (done, and the answer lost) or "hang"."""
    release: threading.Event = field(default_factory=threading.Event)
    _repeats: dict[tuple[str, str], tuple[dict[str, str], int, Thing]] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))
    _lock: threading.Lock = field(default_factory=threading.Lock)

    # What Stripe's people and pages do.

    def onboard(self, account: str, *, charges_enabled: bool = True, details_submitted: bool = True) -> Thing:
        """The vendor tells Stripe all it wants to know; answers the event about it."""
        self.accounts[account] |= {"charges_enabled": charges_enabled, "details_submitted": details_submitted}
        return self.event("account.updated", self.accounts[account], account)

    def pay(self, session_id: str, *, amount: int | None = None) -> Thing:
        """A buyer pays on Stripe's page; answers the event about it."""
        session = self.sessions[session_id]
        if session["status"] != "open":
            raise AssertionError("nobody can pay on a page that is closed")
        intent = f"pi_{next(self._numbers)}"
        total = session["amount_total"] if amount is None else amount
        session |= {"status": "complete", "payment_status": "paid", "payment_intent": intent, "url": None}
        session["amount_total"] = total
        account = session["account_of_fake"]
        self.charges[intent] = {"amount": total, "refunded": 0, "account": account}
        return self.event("checkout.session.completed", session, account)

    def pay_slowly(self, session_id: str) -> Thing:
        """A buyer does their part, and the money is not certain yet."""
        session = self.sessions[session_id]
        session |= {"status": "complete", "payment_status": "unpaid", "payment_intent": f"pi_{next(self._numbers)}"}
        return self.event("checkout.session.completed", session, session["account_of_fake"])

    def end_slowly(self, session_id: str, *, paid: bool) -> Thing:
        """The slow payment ends."""
        session = self.sessions[session_id]
        account = session["account_of_fake"]
        if paid:
            session["payment_status"] = "paid"
            self.charges[session["payment_intent"]] = {
                "amount": session["amount_total"], "refunded": 0, "account": account,
            }  # fmt: skip
        outcome = "succeeded" if paid else "failed"
        return self.event(f"checkout.session.async_payment_{outcome}", session, account)

    def expire(self, session_id: str) -> Thing:
        """The page's time is over."""
        session = self.sessions[session_id]
        session |= {"status": "expired", "url": None}
        return self.event("checkout.session.expired", session, session["account_of_fake"])

    def refund(self, intent: str, amount: int, *, status: str = "succeeded", kind: str = "refund.created") -> Thing:
        """The vendor gives money back on Stripe's own pages."""
        made = self._refund({"payment_intent": intent, "amount": str(amount)}, self.charges[intent]["account"])
        made["status"] = status
        return self.event(kind, made, self.charges[intent]["account"])

    def refund_ends(self, refund_id: str, status: str) -> Thing:
        """A refund that was on its way ends, or one that had gone comes back."""
        refund = self.refunds[refund_id]
        refund["status"] = status
        kind = "refund.failed" if status == "failed" else "refund.updated"
        return self.event(kind, refund, self.charges[refund["payment_intent"]]["account"])

    def dispute(self, intent: str, amount: int, *, kind: str = "created", status: str = "needs_response") -> Thing:
        """What a card's holder disputes; again with another `kind` or `status`, it goes on."""
        account = self.charges[intent]["account"]
        dispute = self.disputes.setdefault(
            f"{intent}:{amount}",
            {
                "id": f"dp_{next(self._numbers)}", "object": "dispute", "amount": amount, "currency": "vnd",
                "charge": f"ch_{intent}", "payment_intent": intent, "reason": "fraudulent",
                "evidence_details": {"due_by": int((self.now + timedelta(days=7)).timestamp())},
            },
        )  # fmt: skip
        dispute["status"] = status
        return self.event(f"charge.dispute.{kind}", dispute, account)

    def event(self, kind: str, thing: Thing, account: str, **changes: Any) -> Thing:
        """An event as Stripe would send it now."""
        return {
            "id": f"evt_{next(self._numbers)}", "object": "event", "type": kind, "account": account,
            "livemode": False, "created": int(self.now.timestamp()), "api_version": "2026-08-26.dahlia",
            "data": {"object": json.loads(json.dumps(thing))}, **changes,
        }  # fmt: skip

    # What the market asks.

    def answer(self, asked: Asked) -> tuple[int, Thing]:
        """Stripe's answer, the same for the same key."""
        with self._lock:
            self.asked.append(asked)
            slot = (asked.account, asked.idempotency_key)
            if asked.idempotency_key and slot in self._repeats:
                params, status, body = self._repeats[slot]
                if params != asked.params:
                    return 400, Refusal(400, "keys_differ", "idempotency_error").body
                return status, body
            try:
                status, body = 200, self._do(asked)
            except Refusal as refusal:
                return refusal.status, refusal.body
            body = json.loads(json.dumps(body))
            if asked.idempotency_key:
                self._repeats[slot] = (asked.params, status, body)
            return status, body

    def _do(self, asked: Asked) -> Thing:
        match asked.method, asked.path.removeprefix("/v1/").split("/"):
            case "POST", ["accounts"]:
                return self._account(asked.params)
            case "GET", ["accounts", account]:
                return self._found(self.accounts, account)
            case "POST", ["account_links"]:
                self._found(self.accounts, asked.params["account"])
                return {"object": "account_link", "url": f"{self.url}/onboarding/{next(self._numbers)}"}
            case "POST", ["checkout", "sessions"]:
                return self._session(asked.params, asked.account)
            case "GET", ["checkout", "sessions", session]:
                return self._found(self.sessions, session)
            case "POST", ["checkout", "sessions", session, "expire"]:
                return self._expire(session)
            case "POST", ["refunds"]:
                return self._refund(asked.params, asked.account)
            case "GET", ["refunds", refund]:
                return self._found(self.refunds, refund)
        raise Refusal(404, "unknown_address")

    def _found(self, things: dict[str, Thing], name: str) -> Thing:
        if name not in things:
            raise Refusal(404, "resource_missing")
        return things[name]

    def _account(self, params: dict[str, str]) -> Thing:
        made = {
            "id": f"acct_{next(self._numbers)}", "object": "account", "type": params["type"],
            "charges_enabled": False, "details_submitted": False,
        }  # fmt: skip
        self.accounts[str(made["id"])] = made
        return made

    def _session(self, params: dict[str, str], account: str) -> Thing:
        if not self._found(self.accounts, account)["charges_enabled"]:
            raise Refusal(403, "account_invalid")
        price = "line_items[0][price_data]"
        amount = int(params[f"{price}[unit_amount]"]) * int(params["line_items[0][quantity]"])
        if params[f"{price}[currency]"] != "vnd" or params["mode"] != "payment":
            raise Refusal(400, "parameter_invalid")
        if amount < VND_MIN:
            raise Refusal(400, "amount_too_small")
        seconds = int(params["expires_at"]) - int(self.now.timestamp())
        if not SESSION_S[0] <= seconds <= SESSION_S[1]:
            raise Refusal(400, "expires_at_invalid")
        number = next(self._numbers)
        made = {
            "id": f"cs_test_{number}", "object": "checkout.session", "amount_total": amount, "currency": "vnd",
            "client_reference_id": params["client_reference_id"], "payment_status": "unpaid", "status": "open",
            "payment_intent": None, "livemode": False, "url": f"{self.url}/c/pay/cs_test_{number}",
            "customer_details": {"email": "buyer@abroad.example", "name": "Ann Abroad"},
            "account_of_fake": account,
        }  # fmt: skip
        self.sessions[str(made["id"])] = made
        return made

    def _expire(self, session_id: str) -> Thing:
        session = self._found(self.sessions, session_id)
        if session["status"] != "open":
            raise Refusal(400, "session_not_open")
        session |= {"status": "expired", "url": None}
        return session

    def _refund(self, params: dict[str, str], account: str) -> Thing:
        intent, amount = params["payment_intent"], int(params["amount"])
        charge = self._found(self.charges, intent)
        if charge["account"] != account:
            raise Refusal(404, "resource_missing")
        if charge["refunded"] + amount > charge["amount"]:
            raise Refusal(400, "charge_already_refunded")
        charge["refunded"] += amount
        made = {
            "id": f"re_{next(self._numbers)}", "object": "refund", "amount": amount, "currency": "vnd",
            "payment_intent": intent, "charge": f"ch_{intent}", "status": self.refund_status,
            "metadata": {"market": params.get("metadata[market]", "")},
        }  # fmt: skip
        self.refunds[str(made["id"])] = made
        return made

    def asked_for(self, path: str) -> list[Asked]:
        """The requests whose path begins like this."""
        return [one for one in self.asked if one.path.startswith(path)]

    def keys(self) -> Counter[str]:
        """How often each idempotency key came."""
        return Counter(one.idempotency_key for one in self.asked if one.idempotency_key)


def signed(
    event: Thing | bytes, *, at: datetime, secret: str = WEBHOOK_SECRET, scheme: str = "v1"
) -> tuple[bytes, str]:
    """An event's body and its signature, stamped at this moment."""
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    header = WebhookSignature.generate_signature_header(body.decode(), secret, int(at.timestamp()))
    return body, header.replace("v1=", f"{scheme}=")


class _Handler(BaseHTTPRequestHandler):
    fake: FakeStripe

    def do_GET(self) -> None:
        self._handle()

    def do_POST(self) -> None:
        self._handle()

    def _handle(self) -> None:
        fake = self.fake
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        asked = Asked(
            method=self.command,
            path=self.path.split("?")[0],
            account=self.headers.get("Stripe-Account", ""),
            idempotency_key=self.headers.get("Idempotency-Key", ""),
            params=dict(parse_qsl(body)),
        )
        failure = fake.failures.pop(0) if fake.failures else None
        if self.headers.get("Authorization") != f"Bearer {KEY}":
            failure = Refusal(401, "api_key_expired")
        if isinstance(failure, Refusal):
            fake.asked.append(asked)
            self._send(failure.status, failure.body)
            return
        if failure == "hang":
            fake.release.wait(HANG_S_MAX)
        status, answer = fake.answer(asked)
        if failure is None:
            self._send(status, answer)
        else:
            self.close_connection = True

    def _send(self, status: int, answer: Thing) -> None:
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Request-Id", "req_of_the_fake")
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def running(now: datetime) -> Iterator[FakeStripe]:
    """A fake that listens until the block ends."""
    fake = FakeStripe(now=now)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": fake}))
    fake.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.release.set()
        server.shutdown()
        server.server_close()
        thread.join()
