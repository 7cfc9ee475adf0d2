"""Run as a program: buyers who go through whole checkouts over connections they keep open, one after another.

    python -m tools.bench.buyers FILE BASE_URL WAY CONNECTIONS SECONDS

Each buyer posts its next step as soon as the last was answered, and begins another purchase as soon as its order is
placed, for SECONDS. WAY is one of `purchases`. Shares the processors with what it measures. No Django.
"""

import asyncio
import json
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tools.bench.purchases import PURCHASES, Purchase, Step

END_S_MAX = 60
"""How long the last answers may take."""
_LENGTH = b"content-length: "


class Refused(SystemExit):
    """A step was not answered as a buyer needs it; the message is the answer."""


class Buyer:
    """One buyer on one connection."""

    def __init__(self, goods: list[dict[str, Any]], way: str, *, number: int, end: float) -> None:
        self._goods, self._way, self._at, self._end = goods, way, number, end
        self.orders = 0
        self.seconds: dict[str, list[float]] = defaultdict(list)

    async def buy(self, host: str, port: int) -> None:
        """Purchase after purchase until the time is over; one that has begun is finished."""
        reader, writer = await asyncio.open_connection(host, port)
        while time.perf_counter() < self._end:
            self._at += 1
            purchase = PURCHASES[self._way](self._goods[self._at % len(self._goods)])
            await self._go_through(purchase, reader, writer, host=f"{host}:{port}")
            self.orders += time.perf_counter() < self._end
        writer.close()

    async def _go_through(
        self, purchase: Purchase, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, host: str
    ) -> None:
        step = next(purchase)
        while True:
            begun = time.perf_counter()
            writer.write(_request(step, host))
            payload = _payload(step, *await _read(reader))
            self.seconds[step.name].append(time.perf_counter() - begun)
            try:
                step = purchase.send(payload)
            except StopIteration:
                return


def _request(step: Step, host: str) -> bytes:
    body = json.dumps({"query": step.document, "variables": step.variables}).encode()
    head = f"POST /graphql/ HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


async def _read(reader: asyncio.StreamReader) -> tuple[str, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    place = head.lower().find(_LENGTH)
    length = int(head[place + len(_LENGTH) :].split(b"\r\n", 1)[0])
    return head[9:12].decode(), await reader.readexactly(length)


def _payload(step: Step, status: str, body: bytes) -> dict[str, Any]:
    content = json.loads(body) if status == "200" else {}
    payload: dict[str, Any] = (content.get("data") or {}).get(step.name) or {}
    if status != "200" or "errors" in content or payload.get("errors"):
        raise Refused(f"{step.name}: {status} {body[:500].decode(errors='replace')}")
    return payload


async def _all(goods: list[dict[str, Any]], base_url: str, way: str, *, connections: int, seconds: float) -> Any:
    address, end = urlsplit(base_url), time.perf_counter() + seconds
    buyers = [Buyer(goods, way, number=7 * number, end=end) for number in range(connections)]
    buying = [buyer.buy(str(address.hostname), int(address.port or 80)) for buyer in buyers]
    await asyncio.wait_for(asyncio.gather(*buying), seconds + END_S_MAX)
    return buyers


def main(goods: list[dict[str, Any]], base_url: str, way: str, *, connections: int, seconds: float) -> dict[str, Any]:
    """Buy until the time is over: how many orders were placed within it, and how long each step's answers took."""
    cpu = time.process_time()
    buyers = asyncio.run(_all(goods, base_url, way, connections=connections, seconds=seconds))
    steps: dict[str, list[float]] = defaultdict(list)
    for buyer in buyers:
        for name, times in buyer.seconds.items():
            steps[name] += times
    return {
        "orders": sum(buyer.orders for buyer in buyers),
        "finished": len(steps["checkoutComplete"]),
        "seconds": seconds,
        "steps": {name: sorted(times) for name, times in steps.items()},
        "cpu_s": time.process_time() - cpu,
    }


if __name__ == "__main__":
    found = main(
        json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")),
        sys.argv[2],
        sys.argv[3],
        connections=int(sys.argv[4]),
        seconds=float(sys.argv[5]),
    )
    print(json.dumps(found))
