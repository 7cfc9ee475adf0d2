"""The words of a document: what no later rule should have to look at."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from graphql import DocumentNode, GraphQLError, Token, TokenKind

from marketplace.api.graphql.limits.bounds import (
    DIRECTIVES_MAX,
    NAME_CHARACTERS_MAX,
    NESTED_BRACKETS_MAX,
    NUMBER_CHARACTERS_MAX,
    SPREADS_MAX,
)
from marketplace.api.graphql.limits.refusal import refuse_above

TEXTS = frozenset({TokenKind.STRING, TokenKind.BLOCK_STRING})
NUMBERS = frozenset({TokenKind.INT, TokenKind.FLOAT})
NESTING = {TokenKind.BRACE_L: 1, TokenKind.BRACKET_L: 1, TokenKind.BRACE_R: -1, TokenKind.BRACKET_R: -1}


def check_words(document: DocumentNode) -> int:
    """Refuse a NUL in a text however it was written, endless names and numbers, and floods of directives.

    Answers how many words there are. Raises `GraphQLError`.
    """
    words = directives = spreads = level = deepest = 0
    for token in _tokens(document):
        words += 1
        kind, value = token.kind, token.value or ""
        if kind is TokenKind.NAME:
            refuse_above(NAME_CHARACTERS_MAX, len(value), "A name is too long: {} characters, at most {}.")
        elif kind in TEXTS and "\x00" in value:
            raise GraphQLError("The query holds a NUL character.")
        elif kind in NUMBERS:
            _check_number(value)
        elif kind in NESTING:
            level += NESTING[kind]
            deepest = max(deepest, level)
        directives += kind is TokenKind.AT
        spreads += kind is TokenKind.SPREAD
    refuse_above(NESTED_BRACKETS_MAX, deepest, "The query is nested too deeply: {} brackets, at most {}.")
    refuse_above(SPREADS_MAX, spreads, "The query spreads too many fragments: {}, at most {}.")
    refuse_above(DIRECTIVES_MAX, directives, "The query uses too many directives: {}, at most {}.")
    return words


def _check_number(text: str) -> None:
    refuse_above(NUMBER_CHARACTERS_MAX, len(text), "A number is too long: {} characters, at most {}.")
    if not isfinite(float(text)):
        raise GraphQLError("A number is too large.")


def _tokens(document: DocumentNode) -> Iterator[Token]:
    token = document.loc.start_token if document.loc else None
    while token is not None:
        yield token
        token = token.next
