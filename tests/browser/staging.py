"""A market of its own with everything in it, opened for a browser to look at, and closed again."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.looking import Market
from tests.faults.market import KillableMarket
from tests.payments.fake_stripe import KEY, WEBHOOK_SECRET
from tests.plugins.furniture import put_furnished
from tests.plugins.servers import a_free_port
from tests.source import ROOT

PROGRAM = "tests.browser.stage_market"
OUTSIDE = ("DATABASE_URL", "REDIS_URL")
"""What the stage does without: pages look the same on every database, and one process does all the work."""
SERVICES = {
    "MARKET_STRIPE_SECRET_KEY": KEY,
    "MARKET_STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
    "MARKET_STRIPE_API_URL": "http://127.0.0.1:9",
    "EMAIL_URL": "smtp://127.0.0.1:9",
}
"""Cards and mail are on, so that their pages are there; nobody answers where Stripe and the mail server would be."""
FLAGS = ("--no-sandbox", "--disable-gpu")
"""Of Chromium, as containers need them."""


@contextmanager
def staged_market(home: Path, *, demo: bool = False) -> Iterator[Market]:
    """A furnished market that is open while this is; with `demo` the demo market's shops and sales stand around."""
    outside = {name: value for name, value in os.environ.items() if name not in OUTSIDE}
    here = {"MARKET_HOME": str(home), "HOST": "127.0.0.1", "PORT": str(a_free_port()), **SERVICES}
    served = KillableMarket(outside | here, program=PROGRAM, demo=demo)
    put_furnished(f"sqlite:///{home / 'market.sqlite3'}")
    if demo:
        subprocess.run([sys.executable, "-m", PROGRAM, "demo"], cwd=ROOT, env=served.environment, check=True)
    stage = served.run("tests.browser.stage")
    served.start()
    try:
        yield Market(served.base_url, stage)
    finally:
        served.stop()
