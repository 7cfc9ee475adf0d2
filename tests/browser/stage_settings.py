"""The market's settings with what the stage adds: addresses that fail on purpose, and a client within the process."""

from marketplace import settings as markets_own

globals().update({name: value for name, value in vars(markets_own).items() if name.isupper()})

ROOT_URLCONF = "tests.browser.stage_urls"
ALLOWED_HOSTS = [*markets_own.ALLOWED_HOSTS, "testserver"]
