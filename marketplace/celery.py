"""Celery, when `REDIS_URL` is set: the same tasks that the embedded worker does otherwise."""

from __future__ import annotations

import os

from celery import Celery

from marketplace.core import clock, journal
from marketplace.core.tasks import periodic_tasks

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

JOURNAL_EVERY_S = 1.0

app = Celery("market")
app.config_from_object("django.conf:settings", namespace="CELERY")


@app.task(name="market.deliver_journal", ignore_result=True)
def deliver_journal() -> int:
    """Hand waiting events to their subscribers; answers how many were tried."""
    return journal.drain(now=clock.now())


@app.task(name="market.do_periodic_task", ignore_result=True)
def do_periodic_task(name: str) -> int:
    """Do one of the registered periodic tasks by name; answers how much it did."""
    task = next(task for task in periodic_tasks() if task.name == name)
    return task.run(clock.now())


def schedule() -> dict[str, dict[str, object]]:
    """What beat sends and how often, from the registered tasks."""
    entries: dict[str, dict[str, object]] = {
        "journal": {"task": "market.deliver_journal", "schedule": JOURNAL_EVERY_S, "options": {"expires": 10}}
    }
    for task in periodic_tasks():
        entries[task.name] = {
            "task": "market.do_periodic_task",
            "schedule": float(task.every_s),
            "args": (task.name,),
            "options": {"expires": task.every_s},
        }
    return entries


@app.on_after_finalize.connect
def _fill_schedule(sender: Celery, **_: object) -> None:
    sender.conf.beat_schedule = schedule()
