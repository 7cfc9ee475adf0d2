"""How a document that asks too much is refused."""

from __future__ import annotations

from graphql import GraphQLError

NUMBER_TOLD_MAX = 10**9


class TooDemanding(GraphQLError):
    """A document asks for more than one request may."""


def refuse_above(most: int, found: int, sentence: str) -> None:
    """Raise `TooDemanding` if `found` is more than `most`; the sentence tells both."""
    if found > most:
        raise TooDemanding(sentence.format(found if found < NUMBER_TOLD_MAX else "a great many", most))
