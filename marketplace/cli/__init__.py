"""The `market` command: everything the person who runs a market does from a terminal.

Django is set up first, since the commands import its models; a setting that cannot be used ends here with a
sentence that says what to do.
"""

from __future__ import annotations

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db import DatabaseError  # noqa: E402

from marketplace.cli.group import market  # noqa: E402 - needs Django set up
from marketplace.core.errors import MarketError  # noqa: E402


def main() -> None:
    """Run one command. A refusal is told in its own sentence and ends with exit status 1."""
    try:
        market(prog_name="market")
    except MarketError as error:
        raise SystemExit(f"market: {error}") from error
    except DatabaseError as error:
        raise SystemExit(
            f"market: the database cannot do this ({type(error).__name__}: {error}). "
            "`market doctor` says what is wrong; `market serve` brings the tables up to date."
        ) from error


__all__ = ["main", "market"]
