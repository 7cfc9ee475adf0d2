"""Before the doors open: tables, places, static files; each step is skipped when nothing changed."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from marketplace.core import clock
from marketplace.core.triggers import missing_triggers
from marketplace.legal.services import publish_first_versions
from marketplace.places.loading import load_places
from marketplace.places.models import Commune


def prepare() -> None:
    """Bring the database and the static files to what this version of the market needs."""
    migrated = migrate_if_needed()
    if migrated or not Commune.objects.exists():
        load_places()
    publish_first_versions(now=clock.now())
    collect_static_if_changed()


def migrate_if_needed() -> bool:
    """Apply what is missing of the migrations and triggers. Answers whether anything was."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not plan and not missing_triggers():
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True


def collect_static_if_changed() -> bool:
    """Gather the static files under hashed names unless they are as they were. Answers whether it was done."""
    stamp = Path(settings.STATIC_ROOT) / ".gathered"
    fingerprint = _static_fingerprint()
    if stamp.exists() and stamp.read_text(encoding="ascii") == fingerprint:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(fingerprint, encoding="ascii")
    return True


def _static_fingerprint() -> str:
    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            modified = storage.get_modified_time(path).timestamp()
            digest.update(f"{path} {modified} {storage.size(path)}\n".encode())
    return digest.hexdigest()
