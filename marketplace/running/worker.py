"""The worker: hands on the journal and does the periodic tasks, in a thread of the server or on its own.

Several web processes may run; a lease in the database lets one of them work at a time, and another takes
over when it stops renewing. What it does is safe to do twice all the same.
"""

from __future__ import annotations

import logging
import threading
import uuid
from datetime import datetime, timedelta

from django.db import close_old_connections, connection
from django.db.utils import DatabaseError, InterfaceError

from marketplace.core import clock, journal, leases
from marketplace.core.tasks import PeriodicTask, periodic_tasks

LEASE_NAME = "worker"
LEASE_S = 15
RENEW_S = 5
PAUSE_S = 0.3
PAUSE_AFTER_TROUBLE_S = 2.0
SLOW_ENDS_S_MAX = 2.0
"""How long a worker that is stopped waits for its slow tasks; ending them by force loses nothing."""

log = logging.getLogger("market.worker")


class Worker:
    """Works until told to stop. One `turn` is what it does between two pauses."""

    def __init__(self) -> None:
        self._holder = uuid.uuid4()
        self._stop = threading.Event()
        self._held_until: datetime | None = None
        self._has_more = False
        self._due: dict[str, datetime] = {}
        self._beside: dict[str, threading.Thread] = {}

    def run(self) -> None:
        """Take turns until `stop` is called; database trouble is logged and waited out."""
        while not self._stop.is_set():
            try:
                self.turn(clock.now())
                # A batch that was not full: wait a little, so that what comes meanwhile is handed on together.
                pause = 0.0 if self._has_more else PAUSE_S
            except (DatabaseError, InterfaceError) as error:
                log.warning("the worker waits for the database: %s", type(error).__name__)
                self._held_until = None
                close_old_connections()
                pause = PAUSE_AFTER_TROUBLE_S
            self._stop.wait(pause)
        self._give_up_lease()
        self.join_slow(SLOW_ENDS_S_MAX)
        connection.close()

    def stop(self) -> None:
        """Ask the worker to end after its present turn."""
        self._stop.set()

    def turn(self, now: datetime) -> bool:
        """Deliver a batch and do the tasks that are due, if the lease is ours. Answers whether more may wait."""
        self._has_more = False
        if not self._holds_lease(now):
            return False
        delivered = journal.deliver_waiting(now=now)
        self._has_more = delivered >= journal.DELIVERIES_A_BATCH_MAX
        for task in periodic_tasks():
            if self._due.get(task.name, now) <= now:
                self._do(task, now=now)
        return delivered > 0

    def _holds_lease(self, now: datetime) -> bool:
        if self._held_until is not None and now < self._held_until - timedelta(seconds=LEASE_S - RENEW_S):
            return True
        held = leases.hold(LEASE_NAME, holder=self._holder, now=now, seconds=LEASE_S)
        self._held_until = now + timedelta(seconds=LEASE_S) if held else None
        return held

    def _do(self, task: PeriodicTask, *, now: datetime) -> None:
        self._due[task.name] = now + timedelta(seconds=task.every_s)
        if task.is_slow:
            self._do_beside(task, now=now)
            return
        try:
            task.run(now)
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            log.exception("task %s failed; it is tried again in %s s", task.name, task.every_s)

    def _do_beside(self, task: PeriodicTask, *, now: datetime) -> None:
        """Do a slow task in a thread of its own, never twice at once, so that the journal does not wait for it."""
        before = self._beside.get(task.name)
        if before is None or not before.is_alive():
            thread = threading.Thread(target=_do_alone, args=(task, now), name=f"market-{task.name}", daemon=True)
            self._beside[task.name] = thread
            thread.start()

    def join_slow(self, seconds: float) -> None:
        """Wait until the slow tasks that are under way have ended, each at most so long."""
        for thread in self._beside.values():
            thread.join(seconds)

    def _give_up_lease(self) -> None:
        try:
            leases.give_up(LEASE_NAME, holder=self._holder)
        except (DatabaseError, InterfaceError):
            log.warning("the lease could not be given up; it ends by itself in %s s", LEASE_S)


def _do_alone(task: PeriodicTask, now: datetime) -> None:
    try:
        task.run(now)
    except Exception:
        log.exception("task %s failed; it is tried again in %s s", task.name, task.every_s)
    finally:
        connection.close()


def start_in_thread() -> tuple[Worker, threading.Thread]:
    """Start a worker beside the web threads of this process."""
    worker = Worker()
    thread = threading.Thread(target=worker.run, name="market-worker", daemon=True)
    thread.start()
    return worker, thread
