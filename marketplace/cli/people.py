"""`market add-operator`, `market new-token-key`."""

from __future__ import annotations

import sys

import click
from django.db import transaction

from marketplace.core import clock
from marketplace.core.actors import SYSTEM
from marketplace.people.services import make_operator, register_person
from marketplace.people.token_keys import replace_key


@click.command("add-operator")
@click.option("--email", required=True, help="What the operator signs in with.")
@click.option("--name", default="", help="The operator's name, as others see it.")
def add_operator(email: str, name: str) -> None:
    """Register a person who runs this market and may open /admin/.

    Asks for the password twice; reads one line from standard input when that is no terminal. An e-mail that is
    known already is refused: somebody else may have registered with it.
    """
    password, now = _password(), clock.now()
    with transaction.atomic():
        user = register_person(name=name, email=email, password=password, now=now)
        make_operator(actor=SYSTEM, user=user, now=now)
    click.echo(f"Đã thêm người vận hành {user.email}. Đăng nhập tại /sign-in/ rồi mở /admin/.")


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại mật khẩu"))


@click.command("new-token-key")
@click.option("--forget-old", is_flag=True, help="The old key was stolen: all its tokens are worthless at once.")
def new_token_key(forget_old: bool) -> None:
    """Sign the GraphQL API's tokens with a fresh key from now on; tokens of before stay good until they end."""
    name = replace_key(now=clock.now(), forget_old=forget_old)
    click.echo(f"Khoá ký mới: {name}.")
