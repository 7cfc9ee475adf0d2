"""Python looks for garbage in rings less often, and not among what lives as long as the run.

Each look walks over all objects there are, and with the whole suite collected, with Django and the schema of the API
these are millions: a fifth of all time went there.
"""

import gc

import pytest

NEW_OBJECTS_BETWEEN_LOOKS = 100_000
LOOKS_BETWEEN_DEEPER_ONES = 50
LOOKS_BETWEEN_DEEPEST_ONES = 100


def pytest_configure() -> None:
    gc.disable()  # collecting makes little that is thrown away


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    gc.collect()
    gc.freeze()
    gc.set_threshold(NEW_OBJECTS_BETWEEN_LOOKS, LOOKS_BETWEEN_DEEPER_ONES, LOOKS_BETWEEN_DEEPEST_ONES)
    gc.enable()
