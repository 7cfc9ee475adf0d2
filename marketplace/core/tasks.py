"""Work that comes round by itself: one list, run by the embedded worker or by Celery.

A feature registers a plain function with its period in its `tasks.py`; `AppConfig.ready` imports that module.
Tasks are idempotent: two workers, or one that died in the middle, do no harm.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class PeriodicTask:
    """A name, a period in seconds, and what is done with the moment it is done at; answers how much was done."""

    name: str
    every_s: int
    run: Callable[[datetime], int]
    is_slow: bool = False
    """Whether it waits for other machines: the embedded worker does it beside its other work."""


_periodic: dict[str, PeriodicTask] = {}


def periodic(
    name: str, *, every_s: int, is_slow: bool = False
) -> Callable[[Callable[[datetime], int]], Callable[[datetime], int]]:
    """Register a function of the present moment to be run every `every_s` seconds; see `PeriodicTask`."""

    def register(run: Callable[[datetime], int]) -> Callable[[datetime], int]:
        _periodic[name] = PeriodicTask(name, every_s, run, is_slow)
        return run

    return register


def periodic_tasks() -> tuple[PeriodicTask, ...]:
    """All registered tasks, by name."""
    return tuple(_periodic[name] for name in sorted(_periodic))
