"""The clock of the stage: it starts at the moment tests happen at, so that every run shows the same pages.

To be imported before the market's own code in every program of the stage.
"""

import os
import time
from datetime import UTC, datetime, timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.browser.stage_settings"

from marketplace.core import clock

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
_STARTED_S = time.monotonic()


def stage_now() -> datetime:
    """10:00 in Vietnam on 22 November 2026, and as many seconds as this program has run."""
    return NOW + timedelta(seconds=time.monotonic() - _STARTED_S)


clock.now = stage_now
