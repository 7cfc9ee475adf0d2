"""Run as a program: a bank that pays seeded orders over connections it keeps open; says how long each answer took.

    python -m tools.bench.bank FILE BASE_URL FIRST LAST CONNECTIONS RATE

Posts the notices FIRST to LAST of FILE. RATE 0: each connection posts its next notice as soon as the last was
answered. Otherwise RATE notices come in a second, at random moments, and an answer's time counts from the moment the
notice was due, so that a server that falls behind cannot hide it. Notices are signed before the clock starts; the
bank speaks just enough HTTP to be light, since it shares the processors with what it measures. No Django here but
what signs a notice.
"""

import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from payments.pretend_bank import sepay_notice  # noqa: E402 - needs Django set up

RUN_S_MAX = 240
"""Less than the five minutes that a signature counts."""
SEED = 20261122
_LENGTH = b"content-length: "


class Run:
    """The notices to post, when each is due, and what came of it."""

    def __init__(self, requests: list[bytes], *, rate: float) -> None:
        self._requests = requests
        self._next = 0
        self._due_s = _arrivals(len(requests), rate=rate)
        self.begun = 0.0
        self.ended = 0.0
        self.seconds: list[float] = []
        self.statuses: Counter[str] = Counter()

    def take(self) -> tuple[bytes, float] | None:
        """The next notice and the second, from the start, at which it is due (0: at once)."""
        if self._next == len(self._requests):
            return None
        number = self._next
        self._next += 1
        return self._requests[number], self._due_s[number]

    def answered(self, status: str, *, seconds: float) -> None:
        """Count an answer."""
        self.statuses[status] += 1
        self.seconds.append(seconds)
        self.ended = time.perf_counter()

    @property
    def is_open(self) -> bool:
        """Whether answers are still to come."""
        return len(self.seconds) < len(self._requests)


class Connection(asyncio.Protocol):
    """One connection that is kept open: a notice, its answer, the next notice."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._begun = 0.0
        self._answer = b""
        self.closed = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport: Any = transport
        self._post_next()

    def data_received(self, data: bytes) -> None:
        """Once the answer is whole, count it and go on."""
        self._answer += data
        head, found, body = self._answer.partition(b"\r\n\r\n")
        if not found:
            return
        place = head.lower().find(_LENGTH)
        length = int(head[place + len(_LENGTH) :].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self._answer = b""
        self._run.answered(head[9:12].decode(), seconds=time.perf_counter() - self._begun)
        self._post_next()

    def connection_lost(self, error: Exception | None) -> None:
        """A server that hangs up in the middle ends the connection; what it owed shows as not answered."""
        if not self.closed.done():
            self.closed.set_result(None)

    def _post_next(self) -> None:
        taken = self._run.take()
        if taken is None:
            self._transport.close()
            return
        request, due_s = taken
        now = time.perf_counter()
        due = self._run.begun + due_s if due_s else now
        if due <= now:
            self._post(request, due)
        else:
            asyncio.get_running_loop().call_later(due - now, self._post, request, due)

    def _post(self, request: bytes, due: float) -> None:
        self._begun = due
        self._transport.write(request)


def _arrivals(count: int, *, rate: float) -> list[float]:
    if not rate:
        return [0.0] * count
    gaps = random.Random(SEED)  # noqa: S311 - moments of arrival, no secret
    moment, moments = 0.0, []
    for _ in range(count):
        moment += gaps.expovariate(rate)
        moments.append(moment)
    return moments


def _requests(seeded: dict[str, Any], numbers: range, *, host: str) -> list[bytes]:
    requests = []
    for number in numbers:
        payment = seeded["payments"][number]
        signed = sepay_notice(
            secret=seeded["secret"],
            auth="hmac",
            account_number=payment["account"],
            amount_vnd=payment["amount"],
            content=f"MBVCB.{number}.{payment['code']}.CT tu 0123456789 NGUYEN VAN A toi {payment['account']}",
            notice_id=number + 1,
            now=datetime.now(UTC),
        )
        lines = [
            f"POST /payments/notices/sepay/{payment['feed']}/ HTTP/1.1",
            f"Host: {host}",
            f"Content-Length: {len(signed.body)}",
            "User-Agent: bench",
            *(f"{name}: {value}" for name, value in signed.headers.items()),
        ]
        requests.append("\r\n".join(lines).encode() + b"\r\n\r\n" + signed.body)
    return requests


async def _post_all(run: Run, *, host: str, port: int, connections: int) -> None:
    loop = asyncio.get_running_loop()
    run.begun = time.perf_counter()
    opened = [await loop.create_connection(lambda: Connection(run), host, port) for _ in range(connections)]
    await asyncio.wait_for(asyncio.gather(*(protocol.closed for _, protocol in opened)), RUN_S_MAX)


def main(file: Path, base_url: str, numbers: range, *, connections: int, rate: float) -> dict[str, Any]:
    """Post them all; what came of it."""
    address = urlsplit(base_url)
    host, port = str(address.hostname), int(address.port or 80)
    seeded = json.loads(file.read_text(encoding="utf-8"))
    run = Run(_requests(seeded, numbers, host=f"{host}:{port}"), rate=rate)
    cpu = time.process_time()
    asyncio.run(_post_all(run, host=host, port=port, connections=connections))
    return {
        "posted": len(numbers),
        "statuses": dict(run.statuses),
        "seconds": run.ended - run.begun,
        "latencies_s": sorted(run.seconds),
        "cpu_s": time.process_time() - cpu,
    }


if __name__ == "__main__":
    found = main(
        Path(sys.argv[1]),
        sys.argv[2],
        range(int(sys.argv[3]), int(sys.argv[4])),
        connections=int(sys.argv[5]),
        rate=float(sys.argv[6]),
    )
    print(json.dumps(found))
