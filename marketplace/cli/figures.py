"""`market figures check|rebuild`."""

from __future__ import annotations

import sys

import click

from marketplace.core import clock
from marketplace.reporting import services


@click.group()
def figures() -> None:
    """Compare the figures that are kept with the journal, or make them anew from it."""


@figures.command()
def check() -> None:
    """Name every day whose figures differ from the journal; exit status 1 if there is one."""
    differences = services.check(now=clock.now(), progress=_say)
    for difference in differences:
        click.echo(str(difference))
    if differences:
        raise SystemExit(1)
    click.echo("Số liệu khớp với sổ gốc.")


@figures.command()
def rebuild() -> None:
    """Make all figures anew from the journal, and name what was wrong."""
    for difference in services.rebuild(now=clock.now(), progress=_say):
        click.echo(str(difference))
    click.echo("Đã lập lại số liệu từ sổ gốc.")


def _say(done: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{done}/{of}", nl=done == of, err=True)
