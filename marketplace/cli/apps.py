"""`market app`: tokens for programs that speak to the GraphQL API by themselves."""

from __future__ import annotations

import click

from marketplace.core import clock
from marketplace.core.actors import SYSTEM
from marketplace.people.programs import OPENING, end_app, live_apps, make_app


@click.group("app")
def app() -> None:
    """Programs with a token of their own for the GraphQL API."""


@app.command("add")
@click.argument("name")
@click.option(
    "--permission",
    "permissions",
    multiple=True,
    type=click.Choice(OPENING),
    help="What it may do besides: of Saleor's permissions only those that this market asks a program for.",
)
def add(name: str, permissions: tuple[str, ...]) -> None:
    """Give NAME a token with these permissions only, and print it: nobody can show it again.

    Without a permission it may do what any app may, such as reading the list of channels.
    """
    made, token = make_app(actor=SYSTEM, name=name, permissions=permissions, now=clock.now())
    click.echo(f"Chương trình {made.pk} ({made.name}). Mã này chỉ hiện một lần:", err=True)
    click.echo(token)


@app.command("list")
def list_apps() -> None:
    """Show the programs whose tokens count: number, name, permissions."""
    for one in live_apps():
        click.echo(f"{one.pk}\t{one.name}\t{' '.join(one.permissions)}")


@app.command("end")
@click.argument("number", type=int)
def end(number: int) -> None:
    """Make the token of program NUMBER worthless."""
    end_app(actor=SYSTEM, app_id=number, now=clock.now())
    click.echo(f"Mã của chương trình {number} không dùng được nữa.")
