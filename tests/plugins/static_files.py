"""The static files are looked up once a run, not for every client that a test makes."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware


@pytest.fixture(autouse=True, scope="session")
def _static_files_are_found_once() -> Iterator[None]:
    search = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[tuple[object, ...], dict[str, Any]] = {}

    def add_files_from_finders(own: WhiteNoiseMiddleware) -> None:
        asked = (own.static_prefix, own.max_age, *settings.STATICFILES_DIRS, *settings.STATICFILES_FINDERS)
        from_the_root, own.files = own.files, {}
        if asked not in found:
            search(own)
            found[asked] = own.files
        own.files = {**from_the_root, **found[asked]}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_files_from_finders)
        yield
