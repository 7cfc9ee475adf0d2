"""Arguments that exclude each other, in Saleor's sentences."""

from __future__ import annotations

from graphql import GraphQLError


def exactly_one(**given: object) -> None:
    """Saleor's rule and sentences for them. Raises `GraphQLError`."""
    names = [name for name, value in given.items() if value is not None]
    if not names:
        raise GraphQLError(f"At least one of arguments is required: {', '.join(map(repr, given))}.")
    if len(names) > 1:
        raise GraphQLError(f"Argument '{names[0]}' cannot be combined with '{names[1]}'.")


def not_both_filters(filter: object, where: object) -> None:
    """A list is narrowed by `filter`, its older argument, or by `where`. Raises `GraphQLError`."""
    if filter and where:
        raise GraphQLError("Only one filtering argument (filter or where) can be specified.")
