from collections.abc import Iterator

import pytest

from tests.payments.unguarded import put_checks_on_again


@pytest.fixture
def checks_are_on_again(db: None) -> Iterator[None]:
    """For tests that take CHECKs off."""
    yield
    put_checks_on_again()
