"""Give the tests an environment of their own, before Django reads its settings.

pytest-django loads the settings earlier than any conftest.py, so this plugin is named on the command line
(`-p`, in pyproject.toml). From outside a run takes only DATABASE_URL, REDIS_URL, FAULT_SCALE and CI.

Compiled modules are kept even where the environment forbids it: without them every worker rewrites the asserts of the
whole suite anew, which takes longer than all else before the first test, and every process of a test compiles anew.
"""

import atexit
import os
import re
import shutil
import sys
import tempfile

OURS = re.compile(r"MARKET_\w+|PORT|HOST|EMAIL_URL|ELASTICSEARCH_URL|SALEOR_API_URLS")
REDIS_DATABASES_MAX = 16


def own_redis_database(url: str, *, worker: str) -> str:
    """`url` with a database number of its own for the xdist worker named `worker` ("" without xdist)."""
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    if number >= REDIS_DATABASES_MAX:
        raise RuntimeError(f"Redis keeps {REDIS_DATABASES_MAX} databases: run fewer workers")
    server = re.sub(r"(?<=\w)/\d*$", "", url)
    return f"{server}/{number}"


def prepare() -> None:
    """Forget the developer's settings and point the market at an empty temporary home."""
    for name in [name for name in os.environ if OURS.fullmatch(name)]:
        del os.environ[name]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    home = tempfile.mkdtemp(prefix="market-tests-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    os.environ["MARKET_HOME"] = home
    if redis_url := os.environ.get("REDIS_URL"):
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        os.environ["REDIS_URL"] = own_redis_database(redis_url, worker=worker)


prepare()
