"""The commands of `market`, gathered."""

from __future__ import annotations

import click

from marketplace.cli import (
    apps,
    bank,
    figures,
    goods,
    keeping,
    people,
    reconciling,
    saleor,
    serving,
    site_feeds,
    statements,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def market() -> None:
    """Chợ 4.0: open the market, play the bank, keep its books."""


for command in (
    serving.serve,
    serving.worker,
    serving.demo,
    serving.demo_info,
    bank.pay,
    bank.vietqr,
    goods.import_products,
    statements.import_statement,
    figures.figures,
    reconciling.reconcile_command,
    keeping.doctor,
    keeping.backup,
    keeping.restore,
    keeping.new_field_key,
    people.add_operator,
    people.new_token_key,
    apps.app,
    saleor.saleor,
    site_feeds.site_feed,
):
    market.add_command(command)
