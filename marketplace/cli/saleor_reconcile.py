"""`market saleor reconcile`: what each Saleor says was paid against what the market knows."""

from __future__ import annotations

import json

import click

from marketplace.core.money import format_vnd
from marketplace.core.secrets import UnreadableSecret
from marketplace.saleor.client import SaleorAway, SaleorRefuses
from marketplace.saleor.models import Installation
from marketplace.saleor.rounds import NotUnderstood
from marketplace.saleor.sales.reconciling import Finding, reconcile_installation


@click.command("reconcile")
@click.argument("api_url", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a finding, and one at the end of each Saleor.")
def reconcile(api_url: str | None, as_json: bool) -> None:
    """Compare paid amounts order by order with the Saleor at API_URL, or with every one the market is installed into.

    Names every difference and all that is stuck. Exit status 0: all agrees; 1: it does not, or a Saleor could not be
    asked; 2: wrong arguments.
    """
    rows = Installation.objects.defer("token", "webhook_key")
    installed = rows.filter(state=Installation.State.INSTALLED).order_by("pk")
    if api_url is not None:
        installed = installed.filter(api_url=api_url)
    if not installed.exists():
        raise click.UsageError(f"chợ chưa cài vào {api_url}" if api_url else "chợ chưa cài vào Saleor nào")
    are_clean = [_reconciled(installation, as_json=as_json) for installation in installed]
    if not all(are_clean):
        raise SystemExit(1)


def _reconciled(installation: Installation, *, as_json: bool) -> bool:
    found = 0
    problem = ""
    try:
        for finding in reconcile_installation(installation):
            found += 1
            click.echo(_as_json(installation, finding) if as_json else _as_line(finding))
    except (SaleorAway, SaleorRefuses, NotUnderstood, UnreadableSecret) as error:
        problem = f"{type(error).__name__}: {error}"
    is_clean = not found and not problem
    if as_json:
        end = {"saleor": installation.api_url, "clean": is_clean, "findings": found, "problem": problem}
        click.echo(json.dumps(end, ensure_ascii=False))
    elif problem:
        click.echo(f"{installation.api_url}: không hỏi được Saleor ({problem}).")
    else:
        click.echo(f"{installation.api_url}: " + ("clean: khớp từng đồng." if is_clean else f"có {found} chỗ lệch."))
    return is_clean


def _as_line(finding: Finding) -> str:
    sums = ""
    if finding.theirs_vnd is not None and finding.ours_vnd is not None:
        sums = f" Saleor {format_vnd(finding.theirs_vnd)}, chợ {format_vnd(finding.ours_vnd)}."
    return f"{finding.kind.value:<15} {finding.thing:<24} {finding.sentence}{sums}"


def _as_json(installation: Installation, finding: Finding) -> str:
    told = {
        "saleor": installation.api_url,
        "kind": finding.kind.value,
        "thing": finding.thing,
        "sentence": finding.sentence,
        "theirs_vnd": finding.theirs_vnd,
        "ours_vnd": finding.ours_vnd,
    }
    return json.dumps(told, ensure_ascii=False)
