"""The threads in which requests are answered."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

Job = tuple[Callable[..., Any], tuple[Any, ...], "asyncio.Future[Any]"]


class WebThreads:
    """A fixed number of threads that do what they are given, first come, first served.

    The standard library's pool costs as much for each call as a kept answer does: it makes a second future, and a
    lock and a condition with it.
    """

    def __init__(self, count: int, *, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._jobs: SimpleQueue[tuple[Callable[..., Any], tuple[Any, ...], asyncio.Future[Any]] | None] = (
            SimpleQueue()
        )
        self._count = count
        for number in range(count):
            threading.Thread(target=self._work, name=f"market-web-{number}", daemon=True).start()

    def run(self, function: Callable[..., Any], *arguments: Any) -> asyncio.Future[Any]:
        """What `function` answers, once a thread has done it."""
        future = self._loop.create_future()
        self._jobs.put((function, arguments, future))
        return future

    def waiting(self) -> int:
        """How many calls wait for a thread."""
        return self._jobs.qsize()

    def stop(self) -> None:
        """Let each thread end after what it is doing."""
        for _ in range(self._count):
            self._jobs.put(None)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            function, arguments, future = job
            try:
                outcome = function(*arguments)
            except BaseException as error:  # it belongs to whoever waits, and the thread lives on
                self._loop.call_soon_threadsafe(_fail, future, error)
            else:
                self._loop.call_soon_threadsafe(_succeed, future, outcome)


def _succeed(future: asyncio.Future[Any], outcome: Any) -> None:
    if not future.done():
        future.set_result(outcome)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
