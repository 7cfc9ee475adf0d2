"""Pictures that tests write go to a folder of their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings


@pytest.fixture
def media_folder(tmp_path: Path) -> Iterator[Path]:
    """Where pictures are written; empty."""
    folder = tmp_path / "media"
    folder.mkdir()
    with override_settings(MEDIA_ROOT=folder):
        yield folder
