import time
from collections.abc import Iterator

import pytest

from tests.payments.unguarded import put_checks_on_again


@pytest.fixture
def checks_are_on_again(db: None) -> Iterator[None]:
    """For tests that take CHECKs off."""
    yield
    put_checks_on_again()


@pytest.fixture
def machine_in_new_york(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For tests of moments: the machine's own zone is not Vietnam's."""
    with monkeypatch.context() as patched:
        patched.setenv("TZ", "America/New_York")
        time.tzset()
        yield
    time.tzset()
