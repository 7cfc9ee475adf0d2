"""`market serve`, `worker`, `demo`, `demo-info`."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

import click
from django.conf import settings

from marketplace.celery import app as celery_app
from marketplace.core import clock
from marketplace.demo.building import build_demo_market
from marketplace.demo.info import demo_info as describe_demo
from marketplace.running.preparing import prepare
from marketplace.running.server import serve as serve_until_stopped
from marketplace.running.worker import Worker


@click.command()
def serve() -> None:
    """Open the market at HOST:PORT; prepares the database (and the demo market with MARKET_DEMO=1) first."""
    prepare()
    if settings.MARKET_DEMO:
        _build_demo()
    serve_until_stopped(host=settings.ENVIRONMENT.host, port=settings.ENVIRONMENT.port)


@click.command()
def worker() -> None:
    """Do the work that comes round by itself: with REDIS_URL as a Celery worker, else under the lease."""
    prepare()
    if settings.CELERY_BROKER_URL is not None:
        schedule = Path(settings.MARKET_HOME) / "celerybeat-schedule"
        celery_app.worker_main(
            ["worker", "--beat", f"--schedule={schedule}", "--loglevel=WARNING", "--concurrency=2", "--pool=threads"]
        )
        return
    alone = Worker()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: alone.stop())
    alone.run()


@click.command()
def demo() -> None:
    """Build the demo market; what is there already stays as it is."""
    prepare()
    _build_demo()


@click.command("demo-info")
def demo_info() -> None:
    """Print who and what is in the demo market, as JSON."""
    json.dump(describe_demo(), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


def _build_demo() -> None:
    def say(done: int, of: int, what: str) -> None:
        if sys.stderr.isatty() or done == of:
            click.echo(f"\r{what}: {done}/{of}", nl=done == of, err=True)

    build_demo_market(now=clock.now(), progress=say)
