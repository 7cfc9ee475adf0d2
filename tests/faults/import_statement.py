"""Run as a program: import a file for a shop and print how far it is after every batch. Arguments: slug, file."""

import os
import sys
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from marketplace.core import clock  # noqa: E402 - needs Django set up
from marketplace.core.actors import SYSTEM  # noqa: E402
from payments.services.importing import import_statement  # noqa: E402
from vendors.models import Vendor  # noqa: E402


def main(slug: str, file: str) -> None:
    statement = import_statement(
        actor=SYSTEM,
        vendor=Vendor.objects.get(slug=slug),
        content=Path(file).read_bytes(),
        now=clock.now(),
        progress=lambda done, of: print(done, of, flush=True),
    )
    print(statement.state, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
