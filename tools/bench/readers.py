"""Run as a program: clients that read the catalogue over connections they keep open; says how long each answer took.

    python -m tools.bench.readers FILE BASE_URL QUESTION CONNECTIONS SECONDS NAMES

Each client posts its next request as soon as the last was answered, for SECONDS. NAMES is `same`, and every request
has the same document, or `other`, and each names its operation otherwise, so that no server has seen its document.
The clients speak just enough HTTP to be light, since they share the processors with what they measure. No Django.
"""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_LENGTH = b"content-length: "
END_S_MAX = 60
"""How long the last answers may take."""


class Run:
    """The requests to post and what came of them."""

    def __init__(self, requests: Iterator[bytes], *, seconds: float) -> None:
        self._requests = requests
        self._end = time.perf_counter() + seconds
        self.seconds: list[float] = []
        self.statuses: Counter[str] = Counter()
        self.bytes = 0
        self.faults: list[str] = []

    def take(self) -> bytes | None:
        """The next request, or None where the time is over."""
        return next(self._requests) if time.perf_counter() < self._end else None

    def answered(self, status: str, body: bytes, *, seconds: float) -> None:
        """Count an answer; keep the first ones that are none."""
        self.statuses[status] += 1
        self.seconds.append(seconds)
        self.bytes += len(body)
        if (status != "200" or b'"errors"' in body) and len(self.faults) < 3:
            self.faults.append(body[:300].decode(errors="replace"))


class Connection(asyncio.Protocol):
    """One connection that is kept open: a request, its answer, the next request."""

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
        self._run.answered(head[9:12].decode(), body, seconds=time.perf_counter() - self._begun)
        self._post_next()

    def connection_lost(self, error: Exception | None) -> None:
        """A server that hangs up ends the connection."""
        if not self.closed.done():
            self.closed.set_result(None)

    def _post_next(self) -> None:
        request = self._run.take()
        if request is None:
            self._transport.close()
            return
        self._begun = time.perf_counter()
        self._transport.write(request)


def _requests(question: dict[str, Any], *, host: str, names: str) -> Iterator[bytes]:
    head = (
        f"POST /graphql/ HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\nContent-Type: application/json\r\n"
        "Content-Length: "
    ).encode()
    bodies = [
        json.dumps({"query": question["document"], "variables": variables}).encode()
        for variables in question["variables"]
    ]
    # Names are drawn from the clock, so that the next run does not repeat those of this one.
    for number in count(time.time_ns() // 1000):
        name = b"Goods" if names == "same" else b"Goods%d" % number
        body = bodies[number % len(bodies)].replace(b"NAME", name, 1)
        yield head + str(len(body)).encode() + b"\r\n\r\n" + body


async def _post_all(run: Run, *, host: str, port: int, connections: int, seconds: float) -> None:
    loop = asyncio.get_running_loop()
    opened = [await loop.create_connection(lambda: Connection(run), host, port) for _ in range(connections)]
    await asyncio.wait_for(asyncio.gather(*(protocol.closed for _, protocol in opened)), seconds + END_S_MAX)


def main(question: dict[str, Any], base_url: str, *, connections: int, seconds: float, names: str) -> dict[str, Any]:
    """Post until the time is over; what came of it."""
    address = urlsplit(base_url)
    host, port = str(address.hostname), int(address.port or 80)
    requests = _requests(question, host=f"{host}:{port}", names=names)
    run = Run(requests, seconds=seconds)
    cpu, begun = time.process_time(), time.perf_counter()
    asyncio.run(_post_all(run, host=host, port=port, connections=connections, seconds=seconds))
    return {
        "answers": len(run.seconds),
        "statuses": dict(run.statuses),
        "faults": run.faults,
        "seconds": time.perf_counter() - begun,
        "latencies_s": sorted(run.seconds),
        "bytes": run.bytes,
        "cpu_s": time.process_time() - cpu,
    }


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))[sys.argv[3]]
    found = main(asked, sys.argv[2], connections=int(sys.argv[4]), seconds=float(sys.argv[5]), names=sys.argv[6])
    print(json.dumps(found))
