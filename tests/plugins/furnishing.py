"""Furnish the empty database at DATABASE_URL: tables, guards, places, the first legal texts."""

from datetime import UTC, datetime

import django

django.setup()

from django.core.management import call_command  # noqa: E402 - Django must stand first

from marketplace.legal.services import publish_first_versions  # noqa: E402
from marketplace.places.loading import load_places  # noqa: E402

FURNISHED_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Before anything that a test lets happen."""

if __name__ == "__main__":
    call_command("migrate", interactive=False, verbosity=0)
    load_places()
    publish_first_versions(now=FURNISHED_AT)
