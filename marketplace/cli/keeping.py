"""`market doctor`, `backup`, `restore`, `new-field-key`."""

from __future__ import annotations

from pathlib import Path

import click
from cryptography.fernet import Fernet

from marketplace.core import clock
from marketplace.running import backups
from marketplace.running.doctor import examine


@click.command()
def doctor() -> None:
    """Say what is configured, reachable, or wrong; exit status 1 when something is wrong."""
    findings = examine(now=clock.now())
    for finding in findings:
        click.echo(f"{'ok  ' if finding.well else 'SAI '} {finding.subject}: {finding.sentence}")
    if not all(finding.well for finding in findings):
        raise SystemExit(1)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write database and pictures to FILE, and the keys to FILE.keys: keep the two apart."""
    made = backups.backup(file, now=clock.now())
    click.echo(f"{made.file} ({made.file_bytes} byte), {made.keys_file}")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace what is there without asking.")
def restore(file: Path, yes: bool) -> None:
    """Put back what `backup` wrote to FILE (and FILE.keys beside it). The market must not be running."""
    if not yes:
        click.confirm("Dữ liệu hiện có sẽ được thay thế. Tiếp tục?", abort=True)
    backups.restore(file)
    click.echo("Đã khôi phục.")


@click.command("new-field-key")
def new_field_key() -> None:
    """Print a fresh key for MARKET_FIELD_KEYS: put it in front of the others."""
    click.echo(Fernet.generate_key().decode())
