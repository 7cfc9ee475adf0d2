"""Turns of writers: a queue in order inside a process and a file lock between processes."""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections import deque
from functools import cache

FILE_LOCK_PAUSE_S = 0.002


class WaitedTooLong(Exception):
    """The turn did not come within the time allowed."""


class TurnsOfWriters:
    """One at a time, in the order of asking, over all threads and processes that use `path`."""

    def __init__(self, path: str) -> None:
        self._path = f"{path}.writers"
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._busy = False
        self._handle: int | None = None
        self._owner_pid = os.getpid()

    @property
    def waiting(self) -> int:
        """How many threads of this process wait at present."""
        with self._guard:
            return len(self._waiting)

    def take(self, *, wait_s_max: float) -> None:
        """Wait for the turn at most `wait_s_max` seconds. Raises `WaitedTooLong`."""
        deadline = time.monotonic() + wait_s_max
        self._forget_parent_process()
        self._queue_in_process(wait_s_max)
        try:
            self._lock_file(deadline)
        except BaseException:
            self._pass_on()
            raise

    def end(self) -> None:
        """End the turn and let the next waiter in."""
        if self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)
        self._pass_on()

    def _forget_parent_process(self) -> None:
        # After a fork the child holds a copy of the parent's queue and shares its file handle, and so its lock.
        if self._owner_pid != os.getpid():
            self.__init__(self._path.removesuffix(".writers"))  # type: ignore[misc]  # begins anew on purpose

    def _queue_in_process(self, wait_s_max: float) -> None:
        with self._guard:
            if not self._busy:
                self._busy = True
                return
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(wait_s_max):
            return
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                raise WaitedTooLong
        # The turn was handed over in the instant of giving up: it is ours after all.

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._busy = False

    def _lock_file(self, deadline: float) -> None:
        if self._handle is None:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        while True:
            try:
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise WaitedTooLong from None
                time.sleep(FILE_LOCK_PAUSE_S)
            else:
                return


@cache
def turns_for(path: str) -> TurnsOfWriters:
    """The turns of the database file at `path`, the same object for every connection of this process."""
    return TurnsOfWriters(path)
